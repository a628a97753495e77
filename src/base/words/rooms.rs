//! What guests and moderators do, what rooms tell them, and what is measured of it.

use crate::base::draw::Draws;
use crate::base::id::{RoomId, VenueId, VisitId};
use crate::base::time::Moment;

/// A message in a room: whose, and which of that visit, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostId {
    /// The author's visit.
    pub author: VisitId,
    /// The number of the message in it.
    pub number: u32,
}

impl PostId {
    /// The message in one number, for draws that are keyed to it: of its author, or of who reads it.
    #[must_use]
    pub const fn key(self) -> u64 {
        (self.author.index << 16) ^ ((self.author.attempt as u64) << 40) ^ self.number as u64
    }

    /// The message among all of its author's, for draws of the author's.
    #[must_use]
    pub const fn ordinal(self) -> u64 {
        ((self.author.attempt as u64) << 32) | self.number as u64
    }
}

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostKind {
    /// Its author wants to know something.
    Question,
    /// It answers a question.
    Answer(PostId),
    /// Neither.
    Talk,
}

/// A message in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Post {
    /// Which.
    pub id: PostId,
    /// The author's key.
    pub draws: Draws,
    /// What about.
    pub kind: PostKind,
    /// Length in words.
    pub words: u32,
    /// Whether it does harm to whoever reads it.
    pub harmful: bool,
    /// Whether an automatic filter would flag it.
    pub suspect: bool,
}

/// How much of a talker a guest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads, and says nothing but a question of their own.
    Lurker,
    /// Says something now and then, and may answer.
    Occasional,
    /// Keeps the room going.
    Regular,
}

impl Role {
    /// Every role, in the order in which their shares are given.
    pub const ALL: [Self; 3] = [Self::Lurker, Self::Occasional, Self::Regular];

    /// Whether such a guest answers others.
    #[must_use]
    pub const fn is_active(self) -> bool {
        !matches!(self, Self::Lurker)
    }
}

/// What a guest does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuestAct {
    /// Enters a room.
    Enter {
        /// Of this venue.
        venue: VenueId,
        /// Which.
        room: RoomId,
    },
    /// Says something to all who are there.
    Post(Post),
    /// Tells the platform that a message does harm.
    Report(PostId),
    /// Leaves the room.
    Leave,
    /// Goes to the venue's desk with the question that nobody answered: as this visitor (see [`VisitId::at_desk`]), from now on.
    TurnToDesk(VisitId),
}

/// What a room tells a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuestNews {
    /// The guest is in the room.
    Entered {
        /// How many others are.
        others: u32,
    },
    /// Who was alone no longer is.
    Company,
    /// The last other guest has left.
    Alone,
    /// Somebody else said something.
    Heard(Post),
    /// A message is not to be seen any more: removed, or scrolled away.
    OutOfSight(PostId),
    /// The platform will not have this guest.
    Refused,
}

/// What a moderator makes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everybody may see it.
    Pass,
    /// Nobody may.
    Remove,
}

impl Verdict {
    /// Every verdict, in the order in which they are counted.
    pub const ALL: [Self; 2] = [Self::Pass, Self::Remove];
}

/// What a moderator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeratorAct {
    /// Takes messages to review from now on.
    Ready,
    /// Has reviewed a message, and takes the next.
    Decide {
        /// Which.
        post: PostId,
        /// What becomes of it.
        verdict: Verdict,
    },
}

/// What the platform tells a moderator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeratorNews {
    /// A message to review.
    Given {
        /// Which.
        post: Post,
        /// When its author sent it.
        posted: Moment,
        /// Whether nobody sees it before it is reviewed.
        held: bool,
    },
}

/// How a guest's visit ended. Every visit ends exactly once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GuestEnding {
    /// Stayed as long as meant to.
    Stayed,
    /// Was alone for too long.
    Deserted,
    /// The room closed for the day.
    Closed,
    /// The platform would not have them, or put them out.
    Refused,
    /// The run ended first, or the connection was lost.
    Unfinished,
}

impl GuestEnding {
    /// Every ending, in the order in which they are reported.
    pub const ALL: [Self; 5] = [Self::Stayed, Self::Deserted, Self::Closed, Self::Refused, Self::Unfinished];

    /// The word used in figures and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stayed => "stayed",
            Self::Deserted => "deserted",
            Self::Closed => "closed",
            Self::Refused => "refused",
            Self::Unfinished => "unfinished",
        }
    }
}

/// A question that a guest came with, and put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// When it was meant to be sent.
    pub at: Moment,
    /// When the first answer was read, if one was.
    pub answered: Option<Moment>,
    /// Whether the desk is where it would go if there were no room.
    pub desk_bound: bool,
    /// Whether the guest went there with it.
    pub turned: bool,
}

/// A guest's visit, once it is over: everything that the guest's side knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuestOutcome {
    /// Where.
    pub venue: VenueId,
    /// In which of its rooms.
    pub room: RoomId,
    /// Who, and which visit.
    pub visit: VisitId,
    /// How much of a talker.
    pub role: Role,
    /// When the visit was meant to start.
    pub start: Moment,
    /// When the guest was in the room, if ever.
    pub entered: Option<Moment>,
    /// Whether nobody was there then.
    pub found_nobody: bool,
    /// When the guest first had company (on entering, where somebody was there).
    pub met: Option<Moment>,
    /// The question, of a guest who put one.
    pub asked: Option<Asked>,
    /// When it was over.
    pub ended: Moment,
    /// How.
    pub ending: GuestEnding,
}

impl GuestOutcome {
    /// Whether the guest put a question to the room in vain.
    #[must_use]
    pub fn unanswered(&self) -> bool {
        self.asked.is_some_and(|asked| asked.answered.is_none())
    }

    /// Whether the guest left disappointed: never met anybody, or was left without an answer. Who was cut off by the end
    /// of the run had no time to be.
    #[must_use]
    pub fn frustrated(&self) -> bool {
        self.ending != GuestEnding::Unfinished && (self.met.is_none() || self.unanswered())
    }
}

/// What became of a message when it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Published at once.
    Published,
    /// Held until a moderator has seen it.
    Held,
    /// Stopped by the automatic filter.
    Blocked,
}

impl Fate {
    /// Every fate, in the order in which they are counted.
    pub const ALL: [Self; 3] = [Self::Published, Self::Held, Self::Blocked];
}

/// What is measured in rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomObservation {
    /// A guest is in a room.
    Entered {
        /// Of this venue.
        venue: VenueId,
        /// Which.
        room: RoomId,
        /// Since then.
        at: Moment,
    },
    /// A guest's visit is over.
    Visit(GuestOutcome),
    /// A guest sent a message.
    Posted {
        /// To this venue.
        venue: VenueId,
        /// To which of its rooms.
        room: RoomId,
        /// When it was meant to be sent.
        at: Moment,
        /// What became of it at once.
        fate: Fate,
        /// Whether it does harm.
        harmful: bool,
    },
    /// A harmful message was in a guest's sight, from then to then.
    Exposed {
        /// In this venue.
        venue: VenueId,
        /// From its receipt.
        from: Moment,
        /// To its removal, its scrolling away, or the guest's leaving.
        to: Moment,
    },
    /// A guest reported a message.
    Reported {
        /// In this venue.
        venue: VenueId,
        /// Then.
        at: Moment,
    },
    /// A moderator reviewed a message.
    Reviewed {
        /// In this venue.
        venue: VenueId,
        /// When its author sent it.
        posted: Moment,
        /// When the moderator began.
        from: Moment,
        /// When it was decided.
        to: Moment,
        /// Whether it was held until then.
        held: bool,
        /// What became of it.
        verdict: Verdict,
    },
    /// A moderator was paid, from then to then.
    Watched {
        /// By this venue.
        venue: VenueId,
        /// From then.
        from: Moment,
        /// To then.
        to: Moment,
    },
}
