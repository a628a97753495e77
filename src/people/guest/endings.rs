//! How a visit ends, and what may follow: the desk, or another visit.

use super::{Guest, GuestCue, State, Visit};
use crate::base::draw::Purpose;
use crate::base::time::{Moment, Span};
use crate::base::words::Observation;
use crate::base::words::rooms::{GuestAct, GuestEnding, GuestOutcome, RoomObservation};
use crate::people::reason::{Reason, Timer};
use crate::people::{Effects, Scene};

impl Guest {
    pub(super) fn exposed(&self, cue: GuestCue<'_, '_, impl Effects<GuestAct>>, from: Moment) {
        let exposed = RoomObservation::Exposed { venue: self.venue, from, to: cue.now };
        cue.fx.observe(Observation::Room(exposed));
    }

    pub(super) fn leave(&mut self, cue: GuestCue<'_, '_, impl Effects<GuestAct>>, ending: GuestEnding) {
        cue.fx.act(GuestAct::Leave);
        self.finish(cue, ending);
    }

    /// The visit is over, and something else may follow.
    pub(super) fn finish(&mut self, cue: GuestCue<'_, '_, impl Effects<GuestAct>>, ending: GuestEnding) {
        let doors_are_open = cue.now < cue.scene.doors_close();
        let turns = match &mut self.visit.asked {
            Some(asked) if asked.desk_bound && asked.answered.is_none() && doors_are_open => {
                asked.turned = true;
                true
            }
            _ => false,
        };
        let outcome = self.report(cue, ending);
        if turns {
            cue.fx.act(GuestAct::TurnToDesk(outcome.visit.at_desk()));
        }
        self.state = match self.comes_back(cue.now, &cue.scene, &outcome) {
            Some(at) => {
                self.id.attempt += 1;
                cue.fx.arm(Timer::own(Reason::Revisit), at);
                State::Away
            }
            None => State::Gone,
        };
    }

    /// Tells how the visit was, and that it is over.
    pub(super) fn report(
        &mut self,
        cue: GuestCue<'_, '_, impl Effects<GuestAct>>,
        ending: GuestEnding,
    ) -> GuestOutcome {
        for reason in [Reason::Stayed, Reason::Deserted, Reason::Talk, Reason::ClosingTime] {
            cue.fx.cancel(Timer::own(reason));
        }
        for from in self.errands.drop_all(cue.fx) {
            self.exposed(cue, from);
        }
        let Visit { start, entered, found_nobody, met, asked, .. } = self.visit;
        let outcome = GuestOutcome {
            venue: self.venue,
            room: self.room,
            visit: self.id,
            role: self.role,
            start,
            entered,
            found_nobody,
            met,
            asked,
            ended: cue.now,
            ending,
        };
        cue.fx.observe(Observation::Room(RoomObservation::Visit(outcome)));
        outcome
    }

    /// When the guest comes back, if that is so. Who would while the room is closed comes at some time of its next opening.
    fn comes_back(&self, now: Moment, scene: &Scene<'_>, visit: &GuestOutcome) -> Option<Moment> {
        let plan = self.plan(scene);
        let returns = plan.returns.as_ref()?;
        let k = u64::from(self.id.attempt);
        let share = match visit.ending {
            GuestEnding::Refused | GuestEnding::Unfinished => return None,
            _ if visit.met.is_none() => returns.alone,
            _ if visit.unanswered() => returns.unanswered,
            _ => returns.met,
        };
        if self.id.attempt == u8::MAX || !self.draws.chance(share, Purpose::RoomReturn, k) {
            return None;
        }
        let at = now + returns.after.span(&mut self.draws.stream(Purpose::RoomReturnDelay, k));
        let at = match plan.opening_at(at) {
            Some(_) => at,
            None => {
                let next = plan.opening_after(at)?;
                let place = self.draws.uniform(Purpose::RoomReturnPlace, k);
                next.from + Span::from_secs(place * next.to.since(next.from).secs())
            }
        };
        (at < scene.doors_close()).then_some(at)
    }
}
