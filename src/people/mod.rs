//! Floor 2: the people, as sans-IO state machines.
//!
//! A person is told what happens (`handle(now, event, scene, fx)`) and answers through [`Effects`]: acts, timers,
//! observations. A person never waits, reads a clock, touches a socket or keeps a generator; everything drawn is a
//! function of the visitor's key ([`crate::base::draw::Draws`]), whoever asks.
//!
//! # The driver's contract
//!
//! * Each person sees events in the order of `now`. A timer's `now` is the instant it was *due*, however late the
//!   driver is; news carries the instant at which it was read.
//! * A timer is known by (person, [`reason::Timer`]). Arming it again replaces it; one that was cancelled or replaced
//!   must not be delivered.
//! * Acts are carried out in the order in which they are given. Their consequences come back as events *after*
//!   `handle` has returned, never from within.
//! * A visitor who [`visitor::Visitor::is_gone`] gets no more events and may be dropped.
//! * A conversation has a number of its own from `Open` on: what becomes of it after its visitor has left, or goes on to
//!   another desk, is between the platform and the agent.
//! * `Horizon` is the last event of everybody: the run is over, whatever state they are in.

pub mod agent;
mod course;
mod duty;
pub mod guest;
pub mod moderator;
pub mod persona;
pub mod popularity;
pub mod reason;
pub mod remark;
pub mod visitor;

use crate::base::time::Moment;
use crate::base::words::Observation;
use crate::scenario::plan::Plan;

use reason::Timer;

/// What everybody on the scene knows and nobody changes.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The replication, from 0: whose agents these are.
    pub replication: u32,
    /// Whether that is sent too which changes nothing for anybody here: in `run`. It is the opening question (which the
    /// agent knows of), the agent's typing, and every message of a conversation with a handling time.
    pub messages: bool,
}

impl Scene<'_> {
    /// Nobody comes, for the first time or back, from this instant on.
    #[must_use]
    pub fn doors_close(&self) -> Moment {
        Moment::ZERO + self.plan.length
    }
}

/// What a person acts upon: the instant, the scene, and where the effects go.
struct Cue<'a, Fx> {
    now: Moment,
    scene: Scene<'a>,
    fx: &'a mut Fx,
}

/// Where a person's effects go. A static sink, not a list: an engine in virtual time carries them out on the spot.
pub trait Effects<Act> {
    /// Does something.
    fn act(&mut self, act: Act);
    /// Arms a timer, or replaces it.
    fn arm(&mut self, timer: Timer, due: Moment);
    /// Arms a timer whose instant takes work to find. A driver that knows already that the timer will be cancelled
    /// within this very instant (the visitor is served at once) need not find it.
    fn arm_with(&mut self, timer: Timer, due: impl FnOnce() -> Moment) {
        self.arm(timer, due());
    }
    /// Cancels a timer, if it is armed.
    fn cancel(&mut self, timer: Timer);
    /// Reports a measurement.
    fn observe(&mut self, observation: Observation);
}

#[cfg(test)]
mod script;
