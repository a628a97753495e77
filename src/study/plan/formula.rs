//! Where queueing theory knows the share of visits that meet somebody, and where it does not.

use crate::base::time::Span;
use crate::scenario::plan::rooms::VenuePlan;
use crate::staffing::rooms::{critical_rate, never_met};

use super::stage::changes;

/// The formula of a room; see [`crate::staffing::rooms`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Formula<'a> {
    room: &'a VenuePlan,
}

impl<'a> Formula<'a> {
    /// That of a room, or why it has none: in clauses, at least one.
    pub(super) fn of(room: &'a VenuePlan, length: Span) -> Result<Self, Vec<&'static str>> {
        let mut why = changes(room, length);
        if never_met(1.0, &room.stay, room.alone_patience.as_ref()).is_none() {
            why.push("guests who are alone give up, and stays are not exponential");
        }
        if why.is_empty() { Ok(Self { room }) } else { Err(why) }
    }

    /// The share of visits that meet somebody at this rate.
    pub(super) fn met(self, per_sec: f64) -> f64 {
        let never = never_met(per_sec, &self.room.stay, self.room.alone_patience.as_ref());
        1.0 - never.unwrap_or(1.0)
    }

    /// The rate of visits at which a share meets somebody.
    pub(super) fn critical_per_sec(self, share: f64) -> Option<f64> {
        critical_rate(share, |per_sec| self.met(per_sec))
    }
}
