//! Since when an agent could be given a conversation: what of routing the agent's side knows.

use std::collections::VecDeque;

use crate::base::time::RealMoment;

/// The free slots of one agent, and since when. Instants are those at which the platform was told.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    /// Since when each of them is free, the earliest first: that is the one which is taken next.
    free: VecDeque<RealMoment>,
    /// Whether the agent is given nothing more after each conversation until the platform is told otherwise.
    paced: bool,
    /// Since when the agent may be given another, whatever is free.
    may_since: RealMoment,
}

impl Slots {
    /// So many, free from the beginning.
    pub(super) fn new(count: u32, paced: bool) -> Self {
        let free = (0..count).map(|_| RealMoment::ZERO).collect();
        Self { free, paced, may_since: RealMoment::ZERO }
    }

    /// The platform was told that the agent takes conversations, or another one.
    pub(super) fn ready(&mut self, now: RealMoment) {
        self.may_since = now;
    }

    /// The platform was told that a slot is free. `was_last`: the agent has nothing in hand any more, which ends a pause.
    pub(super) fn freed(&mut self, now: RealMoment, was_last: bool) {
        self.free.push_back(now);
        if self.paced && was_last {
            self.may_since = now;
        }
    }

    /// A slot is taken. Since when that was possible; `None` when none was free.
    pub(super) fn take(&mut self) -> Option<RealMoment> {
        self.free.pop_front().map(|since| since.max(self.may_since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> RealMoment {
        RealMoment::from_nanos(secs * 1_000_000_000)
    }

    #[test]
    fn the_slot_that_is_free_longest_is_taken_first() {
        let mut slots = Slots::new(2, false);
        assert_eq!([slots.take(), slots.take(), slots.take()], [Some(at(0)), Some(at(0)), None]);
        slots.freed(at(3), false);
        slots.freed(at(5), true);
        assert_eq!([slots.take(), slots.take()], [Some(at(3)), Some(at(5))]);
    }

    #[test]
    fn one_who_was_away_or_pauses_could_be_given_nothing() {
        let mut slots = Slots::new(3, true);
        slots.ready(at(7));
        assert_eq!(slots.take(), Some(at(7)));
        slots.ready(at(9));
        assert_eq!(slots.take(), Some(at(9)), "there was a slot, and the agent did not want it");
        slots.freed(at(10), false);
        slots.freed(at(11), true);
        assert_eq!(slots.take(), Some(at(11)), "empty hands end the pause");
    }
}
