//! Who serves, when, and how they go about it.

use super::TopicPlan;
use crate::base::dist::Law;
use crate::base::id::{DeskId, GroupId};
use crate::base::time::{Moment, Span};

/// How agents go about it.
#[derive(Clone, Debug, PartialEq)]
pub struct MannersPlan {
    /// From assignment to acceptance; `None`: at once.
    pub accept: Option<Law>,
    /// How long a slot stays taken after a chat in which the agent has said something; `None`: not at all.
    pub wrap_up: Option<Law>,
    /// An agent who holds a chat gets no other for this long after the last one was assigned.
    pub ramp_up: Span,
    /// What becomes of the chats in hand when a shift ends.
    pub at_shift_end: AtShiftEnd,
    /// The probability that an agent is not there for a shift that is paid for.
    pub shrinkage: f64,
}

impl MannersPlan {
    /// They take what they are given at once, and are done with it when it is over.
    #[must_use]
    pub const fn plain() -> Self {
        Self {
            accept: None,
            wrap_up: None,
            ramp_up: Span::ZERO,
            at_shift_end: AtShiftEnd::Finish,
            shrinkage: 0.0,
        }
    }
}

/// What becomes of the chats in hand when a shift ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtShiftEnd {
    /// The agent stays until they are over.
    Finish,
    /// They are transferred.
    HandOver,
}

/// Agents who are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupPlan {
    /// Its name; `None` for the one group of a desk that names none.
    pub name: Option<String>,
    /// How many agents, in all shifts. At least 1.
    pub count: u32,
    /// Who is there when: the agents are numbered through the shifts in their order. Their counts add up to `count`.
    pub shifts: Vec<ShiftPlan>,
    /// Conversations at once, at the most: slots. At least 1.
    pub concurrency: u32,
    /// `stretch[k - 1]`: how much longer a [`Content::Work`](super::Content::Work) takes while its agent holds k. As long as `concurrency`,
    /// first entry at least 1, never falling. All 1 where conversations are played message by message.
    pub stretch: Vec<f64>,
    /// What they can do, sorted. In a phone pool: the channels that they serve.
    pub skills: Vec<String>,
    /// How well each of them writes: 1 is the mean. `None`: all alike.
    pub writing: Option<Law>,
    /// What a paid second of each costs, in the scenario's money.
    pub wage_per_sec: f64,
    /// Where the group is one of dual agents in the phone pool: agents of a chat desk who take calls too.
    pub dual: Option<DualPlan>,
}

/// Agents of a chat desk who take calls too: a group of the phone pool whose agents are those of a group of the desk,
/// number by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DualPlan {
    /// Their desk.
    pub desk: DeskId,
    /// Their group there.
    pub group: GroupId,
    /// What a call does to their chats.
    pub call: CallPolicy,
    /// So many of those of the group who are on duty are kept off the phone.
    pub reserve: u32,
}

/// What a call does to the chats of an agent who takes both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallPolicy {
    /// A call is given to the agent only when there is no chat in hand.
    WaitsForChats,
    /// The chats in hand stand still during the call.
    PausesChats,
}

/// So many agents who come and go together.
#[derive(Clone, Debug, PartialEq)]
pub struct ShiftPlan {
    /// How many. At least 1.
    pub count: u32,
    /// When they come.
    pub from: Moment,
    /// When they go; [`Moment::NEVER`]: at the end.
    pub to: Moment,
    /// When they are away in between, in order, within the shift.
    pub breaks: Vec<BreakPlan>,
}

/// A break. Agent j of n of the shift takes it at `at` + `stagger` · j / n, or as soon as the chats in hand are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakPlan {
    /// When the first of them takes it.
    pub at: Moment,
    /// How long.
    pub length: Span,
    /// Over how long it is spread.
    pub stagger: Span,
}

/// Which agent gets a conversation when several could. Ties: who has held the present number of conversations longest,
/// then the lowest index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routing {
    /// Who holds fewest.
    LeastBusy,
    /// Who holds most and has a slot.
    MostBusy,
    /// Whose load changed longest ago.
    LongestIdle,
    /// The next in turn.
    RoundRobin,
}

impl ShiftPlan {
    /// So many who are there from the start to the end.
    #[must_use]
    pub const fn throughout(count: u32) -> Self {
        Self { count, from: Moment::ZERO, to: Moment::NEVER, breaks: Vec::new() }
    }
}

impl BreakPlan {
    /// When agent `number` of the `count` of the shift takes it, the chats in hand permitting.
    #[must_use]
    pub fn taken_at(&self, number: u32, count: u32) -> Moment {
        let late = u128::from(self.stagger.nanos()) * u128::from(number) / u128::from(count.max(1));
        self.at + Span::from_nanos(u64::try_from(late).unwrap_or(u64::MAX))
    }
}

impl GroupPlan {
    /// The shift of its agent number `member`, and the agent's number in it.
    #[must_use]
    pub fn shift_of(&self, member: u32) -> Option<(&ShiftPlan, u32)> {
        let mut number = member;
        for shift in &self.shifts {
            if number < shift.count {
                return Some((shift, number));
            }
            number -= shift.count;
        }
        None
    }

    /// Whether these agents have every skill that a topic takes.
    #[must_use]
    pub fn can_serve(&self, topic: &TopicPlan) -> bool {
        topic.skills.iter().all(|skill| self.skills.binary_search(skill).is_ok())
    }
}
