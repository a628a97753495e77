//! What a person does, written down: the effects of a script of events.

use crate::base::time::Moment;
use crate::base::words::Observation;

use super::Effects;
use super::reason::Timer;

/// One effect.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Effect<Act> {
    Act(Act),
    Arm(Timer, Moment),
    Cancel(Timer),
    Observe(Observation),
}

/// Every effect in order.
#[derive(Debug)]
pub(super) struct Script<Act>(pub(super) Vec<Effect<Act>>);

impl<Act: Copy> Script<Act> {
    /// The acts since the last call.
    pub(super) fn acts(&mut self) -> Vec<Act> {
        let acts = self.0.iter().filter_map(|e| if let Effect::Act(act) = e { Some(*act) } else { None });
        acts.collect()
    }

    /// When `timer` is due, as last armed and not cancelled since.
    pub(super) fn due(&self, timer: Timer) -> Option<Moment> {
        self.0.iter().rev().find_map(|effect| match effect {
            Effect::Arm(t, due) if *t == timer => Some(Some(*due)),
            Effect::Cancel(t) if *t == timer => Some(None),
            _ => None,
        })?
    }

    /// What was observed.
    pub(super) fn observed(&self) -> Vec<Observation> {
        let seen = self.0.iter().filter_map(|e| if let Effect::Observe(o) = e { Some(*o) } else { None });
        seen.collect()
    }
}

impl<Act> Effects<Act> for Script<Act> {
    fn act(&mut self, act: Act) {
        self.0.push(Effect::Act(act));
    }
    fn arm(&mut self, timer: Timer, due: Moment) {
        self.0.push(Effect::Arm(timer, due));
    }
    fn cancel(&mut self, timer: Timer) {
        self.0.push(Effect::Cancel(timer));
    }
    fn observe(&mut self, observation: Observation) {
        self.0.push(Effect::Observe(observation));
    }
}
