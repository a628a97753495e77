//! The timers of one person in a run.

use crate::base::time::Moment;
use crate::people::reason::Timer;

/// Who is to be told what when. A person has a handful of timers at a time, so a list does.
#[derive(Clone, Debug, Default)]
pub(super) struct Timers {
    /// The one that is due first comes last.
    armed: Vec<Armed>,
}

#[derive(Clone, Copy, Debug)]
struct Armed {
    due: Moment,
    timer: Timer,
}

impl Timers {
    /// Arms a timer, or replaces it.
    pub(super) fn arm(&mut self, timer: Timer, due: Moment) {
        self.cancel(timer);
        // Of those due at the same instant the one armed first fires first.
        let place = self.armed.partition_point(|armed| armed.due > due);
        self.armed.insert(place, Armed { due, timer });
    }

    /// Cancels a timer, if it is armed.
    pub(super) fn cancel(&mut self, timer: Timer) {
        if let Some(place) = self.armed.iter().position(|armed| armed.timer == timer) {
            self.armed.remove(place);
        }
    }

    /// When the first of them is due.
    pub(super) fn next_due(&self) -> Option<Moment> {
        self.armed.last().map(|armed| armed.due)
    }

    /// Takes the first of them out, if `is_due` says so of its instant.
    pub(super) fn pop_if(&mut self, is_due: impl FnOnce(Moment) -> bool) -> Option<(Moment, Timer)> {
        self.armed.pop_if(|first| is_due(first.due)).map(|first| (first.due, first.timer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::reason::Reason;

    #[test]
    fn they_fire_by_time_then_by_order_and_only_as_last_armed() {
        let mut timers = Timers::default();
        let at = Moment::from_nanos;
        let [patience, walk_out, message] =
            [Reason::Patience, Reason::WalkOut, Reason::Message].map(Timer::own);
        timers.arm(walk_out, at(5));
        timers.arm(patience, at(3));
        timers.arm(message, at(5));
        timers.arm(patience, at(5));
        timers.cancel(message);
        assert_eq!(timers.next_due(), Some(at(5)));
        assert_eq!(timers.pop_if(|due| due < at(5)), None);
        assert_eq!(timers.pop_if(|_| true), Some((at(5), walk_out)));
        assert_eq!(timers.pop_if(|_| true), Some((at(5), patience)));
        assert_eq!(timers.pop_if(|_| true), None);
    }
}
