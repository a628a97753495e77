//! Who is meant: small numbers that index the plan's lists, and the key of a visit.

use std::fmt;

macro_rules! index_types {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub $inner);

        impl $name {
            /// The position in the list that this number indexes.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index_types! {
    /// A desk of the plan, in the order of its `desks` (the phone pool is a desk too).
    DeskId(u16);
    /// A venue of the plan, one room or a portal of many, in the order of its `venues`.
    VenueId(u16);
    /// A room of a venue, the most popular first.
    RoomId(u32);
    /// A moderator of a venue.
    ModeratorId(u32);
    /// Those who come of their own accord to a desk, or to a venue: the desks of the plan in their order, then its venues.
    PopulationId(u16);
    /// A topic of a desk, in the order of that desk's topics.
    TopicId(u16);
    /// A group of agents of a desk, in the order of that desk's groups.
    GroupId(u16);
    /// An agent of a desk, counted through its groups in order.
    AgentId(u32);
    /// A page of the site, in the order of the plan's.
    PageId(u16);
    /// A conversation, as the driver that owns the people numbers it. Small, dense, used again once it is over;
    /// means nothing outside that driver.
    ConversationId(u32);
}

/// One attempt of one visitor to be served, or one visit of a guest to a room.
///
/// A visitor is (`population`, `index`): the same person in `simulate` and in `run`. Who gives up and comes back is
/// the same person in a further `attempt`, and every attempt ends exactly once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VisitId {
    /// Whose arrivals this visitor belongs to.
    pub population: PopulationId,
    /// The visitor's place in that population's order of arrival, from 0.
    pub index: u64,
    /// 0 for the first visit, 1 for the first return, and so on.
    pub attempt: u8,
}

impl VisitId {
    /// Whether both are of the same person.
    #[must_use]
    pub fn same_person(self, other: Self) -> bool {
        (self.population, self.index) == (other.population, other.index)
    }

    /// The visitor whom a guest becomes who turns to a desk after this visit: after another visit it is another question, and
    /// so another visitor, with draws of their own. Told apart from each other up to the 67 millionth guest.
    #[must_use]
    pub const fn at_desk(self) -> Self {
        /// A token has 34 bits for an index, and an attempt takes 8 of them.
        const ATTEMPTS_FROM: u32 = 26;
        Self { index: self.index | (self.attempt as u64) << ATTEMPTS_FROM, attempt: 0, ..self }
    }
}

impl fmt::Display for VisitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.population.0, self.index)?;
        if self.attempt > 0 { write!(f, "+{}", self.attempt) } else { Ok(()) }
    }
}
