//! Who is there besides the guest, and which of both clocks runs: the stay's, or the patience of being alone.

use super::{Guest, GuestCue, State, Stay};
use crate::base::draw::Purpose;
use crate::base::time::Span;
use crate::base::words::Observation;
use crate::base::words::rooms::{Asked, GuestAct, GuestEnding, RoomObservation};
use crate::people::reason::{Reason, Timer};
use crate::people::{Effects, remark};

impl Guest {
    /// Is in the room.
    pub(super) fn enter(&mut self, cue: GuestCue<'_, '_, impl Effects<GuestAct>>, others: u32) {
        let plan = self.plan(&cue.scene);
        self.visit.entered = Some(cue.now);
        self.visit.found_nobody = others == 0;
        let (venue, room, at) = (self.venue, self.room, cue.now);
        cue.fx.observe(Observation::Room(RoomObservation::Entered { venue, room, at }));
        let stay = plan.stay.span(&mut self.draws.stream(Purpose::Stay, self.id.attempt.into()));
        self.visit.stay = Stay::Left(stay);
        if others > 0 {
            self.meet(cue);
        } else {
            self.be_alone(cue);
        }
        if remark::asks(plan, self.draws, self.id.attempt) {
            let desk_bound = plan.deflects.is_some_and(|deflects| {
                self.draws.chance(deflects.share, Purpose::Deflected, self.id.attempt.into())
            });
            self.visit.asked = Some(Asked { at: cue.now, answered: None, desk_bound, turned: false });
            self.say(cue, None);
        }
    }

    /// Has company from now on.
    pub(super) fn meet(&mut self, cue: GuestCue<'_, '_, impl Effects<GuestAct>>) {
        self.state = State::InCompany;
        self.visit.met.get_or_insert(cue.now);
        cue.fx.cancel(Timer::own(Reason::Deserted));
        self.run_stay(cue);
        self.talk_later(cue);
    }

    /// Has no company from now on.
    pub(super) fn be_alone(&mut self, cue: GuestCue<'_, '_, impl Effects<GuestAct>>) {
        self.state = State::Alone;
        cue.fx.cancel(Timer::own(Reason::Talk));
        // Whoever asked has gone.
        self.errands.answer_nobody(cue.fx);
        let Some(patience) = &self.plan(&cue.scene).alone_patience else { return self.run_stay(cue) };
        if let Stay::Until(due) = self.visit.stay {
            let left = due.since(cue.now);
            // The last company left in the very instant in which this guest was to leave too.
            if left == Span::ZERO {
                return self.leave(cue, GuestEnding::Stayed);
            }
            self.visit.stay = Stay::Left(left);
            cue.fx.cancel(Timer::own(Reason::Stayed));
        }
        let k = u64::from(self.id.attempt) << 32 | u64::from(self.visit.alone);
        self.visit.alone += 1;
        let waits = patience.span(&mut self.draws.stream(Purpose::AlonePatience, k));
        cue.fx.arm(Timer::own(Reason::Deserted), cue.now + waits);
    }

    fn run_stay(&mut self, cue: GuestCue<'_, '_, impl Effects<GuestAct>>) {
        if let Stay::Left(left) = self.visit.stay {
            let due = cue.now + left;
            self.visit.stay = Stay::Until(due);
            cue.fx.arm(Timer::own(Reason::Stayed), due);
        }
    }
}
