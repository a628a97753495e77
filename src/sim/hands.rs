//! What people do, carried out on the spot.

use crate::base::id::{ModeratorId, VenueId};
use crate::base::time::Moment;
use crate::base::words::rooms::{GuestAct, ModeratorAct};
use crate::base::words::{AgentAct, Observation, VisitorAct, VisitorNews};
use crate::people::Effects;
use crate::people::reason::Timer;

use super::engine::Witness;
use super::stage::{GuestId, PersonId, Stage, VisitorId};
use super::timers::Key;

/// A visitor's effects.
pub(super) struct VisitorHands<'s, 'a, W> {
    pub(super) stage: &'s mut Stage<'a, W>,
    pub(super) visitor: VisitorId,
}

impl<W: Witness> VisitorHands<'_, '_, W> {
    fn key(&self, timer: Timer) -> Key {
        Key { holder: self.visitor.0, reason: timer.reason }
    }
}

impl<W: Witness> Effects<VisitorAct> for VisitorHands<'_, '_, W> {
    fn act(&mut self, act: VisitorAct) {
        let visitor = self.visitor;
        match act {
            VisitorAct::Open { desk, topic, channel } => self.stage.open(visitor, desk, topic, channel),
            VisitorAct::TakeCallback { topic } => self.stage.call_back(visitor, topic),
            VisitorAct::Type => self.stage.begin_to_type(visitor),
            VisitorAct::Say { .. } => self.stage.say(visitor),
            VisitorAct::Leave => self.stage.leave(visitor),
        }
    }

    fn arm(&mut self, timer: Timer, due: Moment) {
        self.stage.timers.arm(self.key(timer), due);
    }

    fn arm_with(&mut self, timer: Timer, due: impl FnOnce() -> Moment) {
        if !self.stage.is_assigned(self.visitor) {
            self.arm(timer, due());
        }
    }

    fn cancel(&mut self, timer: Timer) {
        self.stage.timers.cancel(self.key(timer));
    }

    fn observe(&mut self, observation: Observation) {
        self.stage.witness.note(&observation);
    }
}

/// An agent's effects.
pub(super) struct AgentHands<'s, 'a, W> {
    pub(super) stage: &'s mut Stage<'a, W>,
    pub(super) person: PersonId,
}

impl<W: Witness> AgentHands<'_, '_, W> {
    fn key(&self, timer: Timer) -> Key {
        let holder = timer.conversation.map_or(self.person.0, |conversation| conversation.0);
        Key { holder, reason: timer.reason }
    }
}

impl<W: Witness> Effects<AgentAct> for AgentHands<'_, '_, W> {
    fn act(&mut self, act: AgentAct) {
        let stage = &mut *self.stage;
        match act {
            AgentAct::Ready => stage.ready(self.person),
            AgentAct::Rest => stage.rest(self.person),
            AgentAct::More => stage.more(self.person),
            // Visitors wait as patiently whether they see it or not.
            AgentAct::Type { .. } => {}
            AgentAct::Say { conversation, .. } => stage.tell_visitor(conversation, VisitorNews::Said),
            AgentAct::Transfer { conversation, topic, so_far } => stage.transfer(conversation, topic, so_far),
            AgentAct::Close { conversation, closing } => {
                stage.end(conversation, VisitorNews::Closed(closing));
            }
            AgentAct::Free { conversation } => stage.free(conversation),
        }
    }

    fn arm(&mut self, timer: Timer, due: Moment) {
        self.stage.timers.arm(self.key(timer), due);
    }

    fn cancel(&mut self, timer: Timer) {
        self.stage.timers.cancel(self.key(timer));
    }

    fn observe(&mut self, observation: Observation) {
        self.stage.witness.note(&observation);
    }
}

/// A guest's effects.
pub(super) struct GuestHands<'s, 'a, W> {
    pub(super) stage: &'s mut Stage<'a, W>,
    pub(super) guest: GuestId,
}

impl<W: Witness> Effects<GuestAct> for GuestHands<'_, '_, W> {
    fn act(&mut self, act: GuestAct) {
        self.stage.parlour.guest(self.stage.now, self.guest, act);
    }

    fn arm(&mut self, timer: Timer, due: Moment) {
        self.stage.timers.arm(Key { holder: self.guest.0, reason: timer.reason }, due);
    }

    fn cancel(&mut self, timer: Timer) {
        self.stage.timers.cancel(Key { holder: self.guest.0, reason: timer.reason });
    }

    fn observe(&mut self, observation: Observation) {
        self.stage.witness.note(&observation);
    }
}

/// A moderator's effects.
pub(super) struct ModeratorHands<'s, 'a, W> {
    pub(super) stage: &'s mut Stage<'a, W>,
    pub(super) venue: VenueId,
    pub(super) moderator: ModeratorId,
}

impl<W: Witness> ModeratorHands<'_, '_, W> {
    fn key(&self, timer: Timer) -> Key {
        let holder = self.stage.parlour.number_of(self.venue, self.moderator);
        Key { holder, reason: timer.reason }
    }
}

impl<W: Witness> Effects<ModeratorAct> for ModeratorHands<'_, '_, W> {
    fn act(&mut self, act: ModeratorAct) {
        self.stage.parlour.moderator(self.venue, self.moderator, act);
    }

    fn arm(&mut self, timer: Timer, due: Moment) {
        self.stage.timers.arm(self.key(timer), due);
    }

    fn cancel(&mut self, timer: Timer) {
        self.stage.timers.cancel(self.key(timer));
    }

    fn observe(&mut self, observation: Observation) {
        self.stage.witness.note(&observation);
    }
}
