//! What is counted of a room, or of all rooms of a portal together.

use serde::{Deserialize, Serialize};

use super::{Levels, MOST_COUNTED, MOST_NANOS};
use crate::base::words::rooms::{Fate, GuestEnding, Verdict};
use crate::metrics::histogram::{Distribution, Timing};

/// One venue. A visit counts when its intended start lies in the window, a message when it was meant to be sent there, a
/// harmful message in somebody's sight when it was first read there; of time, exactly the part within the window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VenueTally<T> {
    /// Visits, those of guests who came back included.
    pub visits: u64,
    /// Visits of guests who had been here before.
    pub returns: u64,
    /// How they ended, in the order of [`GuestEnding::ALL`]. They add up to `visits`.
    pub endings: [u64; GuestEnding::ALL.len()],
    /// Found nobody on arrival.
    pub found_nobody: u64,
    /// Never met anybody; who was cut off by the end of the run had no time to, and is not among them.
    pub never_met: u64,
    /// Never met anybody, or left without an answer to their question.
    pub frustrated: u64,
    /// Questions put to a room.
    pub asked: u64,
    /// Of these, those which would have gone to the desk if there were no room, and were answered in it.
    pub deflected: u64,
    /// Of these, those which went to the desk because nobody answered.
    pub turned: u64,
    /// Messages sent, by what became of them at once, in the order of [`Fate::ALL`].
    pub fates: [u64; Fate::ALL.len()],
    /// Of all messages sent, those that do harm.
    pub harmful: u64,
    /// Of the blocked ones, those that do no harm.
    pub wrongly_blocked: u64,
    /// Of the held ones, what moderators made of them, in the order of [`Verdict::ALL`].
    pub held_verdicts: [u64; Verdict::ALL.len()],
    /// Of the published ones, what moderators made of those that they reviewed.
    pub public_verdicts: [u64; Verdict::ALL.len()],
    /// Reports of guests.
    pub reports: u64,
    /// Messages that went public within the window, whenever they were sent: what moderators were paid for in it.
    pub went_public: u64,
    /// Intended start → first company, of those who met somebody.
    pub time_to_company: T,
    /// Intended start → the end of a visit that met nobody.
    pub alone_until: T,
    /// In the room → gone.
    pub visit_time: T,
    /// Question sent → the first answer was read, of the answered.
    pub time_to_reply: T,
    /// Sent → decided, of messages that were held.
    pub hold_time: T,
    /// Sent → decided, of messages that were public meanwhile.
    pub review_time: T,
    /// How long a harmful message was in a guest's sight, for each of both.
    pub exposure_time: T,
    /// Moderators' paid time.
    pub paid_nanos: u128,
    /// Moderators' time reviewing.
    pub reviewing_nanos: u128,
    /// Rooms' time open, by the number of guests present.
    pub occupancy: Levels,
    /// Each room by itself, the most popular first.
    pub rooms: Vec<RoomTally>,
}

/// One room of a venue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u64)", into = "(u64, u64)")]
pub struct RoomTally {
    /// Visits to it.
    pub visits: u64,
    /// Of these, those that met somebody.
    pub met: u64,
}

impl From<(u64, u64)> for RoomTally {
    fn from((visits, met): (u64, u64)) -> Self {
        Self { visits, met }
    }
}

impl From<RoomTally> for (u64, u64) {
    fn from(room: RoomTally) -> Self {
        (room.visits, room.met)
    }
}

impl RoomTally {
    /// Whether at least this share of its visits met somebody; a room where nobody comes is dead.
    #[must_use]
    pub fn is_alive(&self, share: f64) -> bool {
        self.visits > 0 && self.met as f64 >= share * self.visits as f64
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.visits += other.visits;
        self.met += other.met;
    }

    pub(super) fn drain(&mut self) -> Self {
        std::mem::take(self)
    }

    pub(super) fn is_bounded(&self) -> bool {
        u128::from(self.visits.max(self.met)) <= MOST_COUNTED
    }
}

impl<T> VenueTally<T> {
    /// How many visits ended so.
    #[must_use]
    pub fn ended(&self, ending: GuestEnding) -> u64 {
        self.endings[ending as usize]
    }

    /// Messages sent, whatever became of them.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.fates.iter().sum()
    }

    /// Messages that everybody could read: published at once, or passed by a moderator.
    #[must_use]
    pub fn published(&self) -> u64 {
        self.fates[Fate::Published as usize] + self.held_verdicts[Verdict::Pass as usize]
    }

    /// Messages that nobody ever read: stopped by the filter, or by a moderator.
    #[must_use]
    pub fn kept_back(&self) -> u64 {
        self.fates[Fate::Blocked as usize] + self.held_verdicts[Verdict::Remove as usize]
    }
}

walks! { VenueTally {
    add: [
        visits, returns, found_nobody, never_met, frustrated, asked, deflected, turned, harmful, wrongly_blocked, reports,
        went_public
    ],
    nanos: [paid_nanos, reviewing_nanos],
    each: [endings, fates, held_verdicts, public_verdicts], max: [],
    times: [
        time_to_company, alone_until, visit_time, time_to_reply, hold_time, review_time, exposure_time
    ],
    nested: [occupancy], lists: [rooms]
} }

impl VenueTally<Distribution> {
    /// Whether it counted nothing.
    pub(super) fn is_empty(&self) -> bool {
        let rooms = vec![RoomTally::default(); self.rooms.len()];
        *self == Self { rooms, ..Self::default() }
    }
}
