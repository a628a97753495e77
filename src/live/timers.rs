//! The timers of one person in a run.

use crate::base::time::Moment;
use crate::people::reason::Timer;

/// Who is to be told what when. A person has a handful of timers at a time, so a list does.
#[derive(Clone, Debug, Default)]
pub(super) struct Timers {
    armed: Vec<Armed>,
    ever: u64,
}

#[derive(Clone, Copy, Debug)]
struct Armed {
    due: Moment,
    /// Of those due at the same instant the one armed first fires first.
    order: u64,
    timer: Timer,
}

impl Timers {
    /// Arms a timer, or replaces it.
    pub(super) fn arm(&mut self, timer: Timer, due: Moment) {
        self.cancel(timer);
        self.ever += 1;
        self.armed.push(Armed { due, order: self.ever, timer });
    }

    /// Cancels a timer, if it is armed.
    pub(super) fn cancel(&mut self, timer: Timer) {
        self.armed.retain(|armed| armed.timer != timer);
    }

    fn first(&self) -> Option<Armed> {
        self.armed.iter().min_by_key(|armed| (armed.due, armed.order)).copied()
    }

    /// When the first of them is due.
    pub(super) fn next_due(&self) -> Option<Moment> {
        self.first().map(|armed| armed.due)
    }

    /// Takes the first of them out, if `is_due` says so of its instant.
    pub(super) fn pop_if(&mut self, is_due: impl FnOnce(Moment) -> bool) -> Option<(Moment, Timer)> {
        let first = self.first().filter(|first| is_due(first.due))?;
        self.cancel(first.timer);
        Some((first.due, first.timer))
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
