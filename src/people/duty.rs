//! When an agent is there: the shift, its breaks, and the two times when hands are still full.

use crate::base::time::{Moment, Span};
use crate::scenario::plan::ShiftPlan;

/// One agent's day.
#[derive(Clone, Debug)]
pub(super) struct Duty {
    from: Moment,
    to: Moment,
    /// Those still to come, the next one last.
    breaks: Vec<(Moment, Span)>,
    state: State,
}

/// Where an agent stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Not there: before the shift, or in a break.
    Away,
    /// There since then, and takes what comes.
    On(Moment),
    /// There since then, takes nothing more, and goes when the hands are free.
    Leaving(Moment, Leave),
    /// For good.
    Home,
}

/// Where to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leave {
    ForABreak(Span),
    Home,
}

/// What the hour brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The agent is there from now on. The next change comes then.
    Comes(Moment),
    /// The agent takes nothing more, and leaves as soon as nothing is in hand.
    Finishes {
        /// Whether the shift is over, not only a break due.
        for_good: bool,
    },
    /// The shift is over for one who takes nothing more already, and waits for the hands to be free for a break.
    IsOver,
    /// Nothing.
    Nothing,
}

impl Duty {
    /// Agent number `number` of a shift; `absent`: who never comes.
    pub(super) fn new(shift: &ShiftPlan, number: u32, absent: bool) -> Self {
        let part = f64::from(number) / f64::from(shift.count);
        let at = |at: Moment, stagger: Span| at + Span::from_secs(stagger.secs() * part);
        let mut breaks: Vec<(Moment, Span)> =
            shift.breaks.iter().map(|b| (at(b.at, b.stagger), b.length)).collect();
        breaks.sort_unstable();
        breaks.reverse();
        let state = if absent { State::Home } else { State::Away };
        Self { from: shift.from, to: shift.to, breaks, state }
    }

    /// When the agent comes; `None`: never.
    pub(super) fn begins(&self) -> Option<Moment> {
        (self.state == State::Away).then_some(self.from)
    }

    /// The agent comes, or a change is due. `stays`: whoever is there now stays on after the shift.
    pub(super) fn ring(&mut self, now: Moment, stays: bool) -> Change {
        match self.state {
            State::Away if now >= self.to => {
                self.state = State::Home;
                Change::Nothing
            }
            State::Away => {
                self.state = State::On(now);
                // A break that fell due in the last one is taken at once.
                Change::Comes(self.breaks.last().map_or(self.to, |(at, _)| (*at).min(self.to).max(now)))
            }
            State::On(since) if now < self.to => {
                let Some((_, length)) = self.breaks.pop() else { return Change::Nothing };
                self.state = State::Leaving(since, Leave::ForABreak(length));
                Change::Finishes { for_good: false }
            }
            State::On(_) if stays => Change::Nothing,
            State::On(since) => {
                self.state = State::Leaving(since, Leave::Home);
                Change::Finishes { for_good: true }
            }
            State::Leaving(since, Leave::ForABreak(_)) if now >= self.to && !stays => {
                self.state = State::Leaving(since, Leave::Home);
                Change::IsOver
            }
            State::Leaving(..) | State::Home => Change::Nothing,
        }
    }

    /// When the shift is over; [`Moment::NEVER`]: it is not.
    pub(super) fn ends(&self) -> Moment {
        self.to
    }

    /// Whether the agent is there and takes what comes.
    pub(super) fn is_on(&self) -> bool {
        matches!(self.state, State::On(_))
    }

    /// Whether the agent goes as soon as nothing is in hand.
    pub(super) fn is_leaving(&self) -> bool {
        matches!(self.state, State::Leaving(..))
    }

    /// Nothing is in hand any more, and the agent goes: since when they were there, and when they are back, if ever.
    pub(super) fn leave(&mut self, now: Moment) -> Option<(Moment, Option<Moment>)> {
        let State::Leaving(since, leave) = self.state else { return None };
        let back = match leave {
            Leave::ForABreak(length) => {
                self.state = State::Away;
                Some(now + length)
            }
            Leave::Home => {
                self.state = State::Home;
                None
            }
        };
        Some((since, back))
    }

    /// The run is over: since when the agent was there, if at all.
    pub(super) fn stop(&mut self) -> Option<Moment> {
        match std::mem::replace(&mut self.state, State::Home) {
            State::On(since) | State::Leaving(since, _) => Some(since),
            State::Away | State::Home => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::plan::BreakPlan;

    fn at(secs: u64) -> Moment {
        Moment::from_nanos(secs * 1_000_000_000)
    }

    fn shift() -> ShiftPlan {
        let length = Span::from_secs(10.0);
        let first = BreakPlan { at: at(100), length, stagger: Span::from_secs(20.0) };
        let second = BreakPlan { at: at(200), length, stagger: Span::ZERO };
        ShiftPlan { count: 4, from: at(50), to: at(300), breaks: vec![first, second] }
    }

    #[test]
    fn a_day_with_breaks_that_begin_when_the_hands_are_free() {
        let mut duty = Duty::new(&shift(), 2, false);
        assert_eq!(duty.begins(), Some(at(50)));
        assert_eq!(
            duty.ring(at(50), false),
            Change::Comes(at(110)),
            "the third of four, half of the stagger later"
        );
        assert_eq!(duty.ring(at(110), false), Change::Finishes { for_good: false });
        assert!(duty.is_leaving());
        assert_eq!(duty.leave(at(115)), Some((at(50), Some(at(125)))));
        assert_eq!(duty.ring(at(125), false), Change::Comes(at(200)));
        assert_eq!(duty.ring(at(200), false), Change::Finishes { for_good: false });
        assert_eq!(duty.leave(at(295)), Some((at(125), Some(at(305)))));
        assert_eq!(duty.ring(at(305), false), Change::Nothing, "the shift is over when the break is");
        assert_eq!(duty.stop(), None);
    }

    #[test]
    fn a_break_that_falls_due_in_another_is_taken_after_it() {
        let mut duty = Duty::new(&shift(), 0, false);
        duty.ring(at(50), false);
        duty.ring(at(100), false);
        assert_eq!(duty.leave(at(220)), Some((at(50), Some(at(230)))));
        assert_eq!(duty.ring(at(230), false), Change::Comes(at(230)));
        assert_eq!(duty.ring(at(230), false), Change::Finishes { for_good: false });
    }

    #[test]
    fn the_shift_ends_for_one_who_waits_for_a_break_too() {
        let mut duty = Duty::new(&shift(), 0, false);
        duty.ring(at(50), false);
        duty.ring(at(100), false);
        assert_eq!(duty.clone().ring(at(300), true), Change::Nothing);
        assert_eq!(duty.ring(at(300), false), Change::IsOver);
        assert_eq!(duty.leave(at(310)), Some((at(50), None)));
    }

    #[test]
    fn the_shift_ends_for_good_unless_one_stays() {
        let mut plan = shift();
        plan.breaks.clear();
        let mut duty = Duty::new(&plan, 0, false);
        assert_eq!(duty.ring(at(50), false), Change::Comes(at(300)));
        assert_eq!(duty.clone().ring(at(300), true), Change::Nothing);
        assert_eq!(duty.ring(at(300), false), Change::Finishes { for_good: true });
        assert_eq!(duty.leave(at(300)), Some((at(50), None)));
        assert_eq!(Duty::new(&plan, 0, true).begins(), None, "who is absent never comes");
    }
}
