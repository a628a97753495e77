//! What a server lets lie without a word, to slow somebody down: a throttle, and no latency.
//!
//! Codecs of chat servers ask now and then, behind a message, whether the server has taken in what was said. An answer that takes long is
//! the server's slowness, unless it served others promptly all the while (`promptness`): then it was the one who asked that was held back.
//! What they said meanwhile is counted as delivered and held back, and is in no time of delivery.

use std::collections::{BTreeMap, VecDeque};

use crate::base::id::VisitId;
use crate::base::time::{RealMoment, RealSpan};
use crate::metrics::tally::Direction;

/// What was said without a word of the server against it was held back where it took so long.
const LONG: RealSpan = RealSpan::from_whole_secs(1);
/// No message that is received sooner is one that was held back.
const NOTICED: RealSpan = RealSpan::from_nanos(100_000_000);
/// Receipts that wait for a word about their sender.
const WAITING: usize = 100_000;
/// Holds that are remembered of one sender.
const REMEMBERED: usize = 8;

/// What somebody meant to say between two instants was held back, where it took so long from a third one on to be received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hold {
    from: RealMoment,
    until: RealMoment,
    begun: RealMoment,
    least: RealSpan,
}

/// A receipt that took long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slow {
    /// In whose visit, and which way.
    pub(super) visit: VisitId,
    pub(super) direction: Direction,
    pub(super) intended: RealMoment,
    pub(super) took: RealSpan,
}

/// Receipts that took long, until it is known whether that was a hold.
#[derive(Debug, Default)]
pub(super) struct Holds {
    /// Numbered as they came.
    slow: BTreeMap<Side, VecDeque<(u64, Slow)>>,
    /// Whose they are, the oldest first; and of some that do not wait any more.
    order: VecDeque<(u64, Side)>,
    came: u64,
    known: BTreeMap<Side, VecDeque<Hold>>,
}

/// Who said something in a visit.
type Side = (VisitId, Direction);

/// What becomes of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It took as long as it took. (One that waited may come in its place.)
    Latency(Slow),
    /// It was held back.
    HeldBack(Slow),
    /// It waits.
    Open,
}

impl Holds {
    /// A message was received.
    pub(super) fn received(&mut self, receipt: Slow) -> Verdict {
        if receipt.took < NOTICED {
            return Verdict::Latency(receipt);
        }
        let side = (receipt.visit, receipt.direction);
        let known = self.known.get(&side);
        if known.is_some_and(|holds| holds.iter().any(|hold| hold.has(&receipt))) {
            return Verdict::HeldBack(receipt);
        }
        self.came += 1;
        self.slow.entry(side).or_default().push_back((self.came, receipt));
        self.order.push_back((self.came, side));
        match self.order.len() > WAITING {
            true => self.oldest().map_or(Verdict::Open, Verdict::Latency),
            false => Verdict::Open,
        }
    }

    /// The receipt that has waited longest, and waits no more; none where it was held back since.
    fn oldest(&mut self) -> Option<Slow> {
        let (number, side) = self.order.pop_front()?;
        let waiting = self.slow.get_mut(&side)?;
        let (_, oldest) = waiting.pop_front_if(|(waits, _)| *waits == number)?;
        if waiting.is_empty() {
            self.slow.remove(&side);
        }
        Some(oldest)
    }

    /// What was said in this visit, that way, was held back. Gives what of it was received.
    pub(super) fn hold(&mut self, visit: VisitId, direction: Direction, hold: Hold) -> Vec<Slow> {
        let known = self.known.entry((visit, direction)).or_default();
        let hold = match known.pop_back_if(|before| before.meets(hold)) {
            Some(before) => before.and(hold),
            None => hold,
        };
        if known.len() == REMEMBERED {
            known.pop_front();
        }
        known.push_back(hold);
        let waiting = self.slow.remove(&(visit, direction)).unwrap_or_default();
        let (held, others): (VecDeque<_>, _) = waiting.into_iter().partition(|(_, slow)| hold.has(slow));
        if !others.is_empty() {
            self.slow.insert((visit, direction), others);
        }
        held.into_iter().map(|(_, slow)| slow).collect()
    }

    /// Those of which nothing was said: it took as long as it took.
    pub(super) fn end(self) -> impl Iterator<Item = Slow> {
        self.slow.into_values().flatten().map(|(_, slow)| slow)
    }
}

impl Hold {
    /// The server let lie until `until` what was said after `from`, when it is known to have taken in the last; from `begun` on that was
    /// not because it served nobody.
    pub(super) fn silent(from: RealMoment, begun: RealMoment, until: RealMoment) -> Self {
        Self { from: meant(from), until, begun, least: LONG }
    }

    /// The server would not have what was to be said at the first instant before the second.
    pub(super) fn spoken(since: RealMoment, until: RealMoment) -> Self {
        Self { from: meant(since), until, begun: meant(since), least: NOTICED }
    }

    /// Whether another, that ends later, began before this one was over.
    fn meets(self, later: Self) -> bool {
        later.begun <= self.until && later.least == self.least
    }

    /// This one, and another that ends later: as one, where they meet.
    pub(super) fn and(self, later: Self) -> Self {
        if self.meets(later) { Self { until: later.until, ..self } } else { later }
    }

    /// Whether that befell what was meant at that instant, and took so long.
    pub(super) fn befell(self, intended: RealMoment, took: RealSpan) -> bool {
        let received = intended + took;
        self.from <= intended
            && intended <= self.until
            && received.since(intended.max(self.begun)) >= self.least
    }

    fn has(self, slow: &Slow) -> bool {
        self.befell(slow.intended, slow.took)
    }
}

/// What was said at that instant was meant no earlier: the generator may have been late.
fn meant(said: RealMoment) -> RealMoment {
    RealMoment::from_nanos(said.nanos().saturating_sub(NOTICED.nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::PopulationId;

    const fn ms(millis: u64) -> RealMoment {
        RealMoment::from_nanos(millis * 1_000_000)
    }

    fn slow(index: u64, at: u64) -> Slow {
        let visit = VisitId { population: PopulationId(0), index, attempt: 0 };
        Slow { visit, direction: Direction::ToAgent, intended: ms(at), took: RealSpan::from_whole_secs(2) }
    }

    #[test]
    fn what_is_held_back_is_no_latency_whichever_is_known_first() {
        let mut holds = Holds::default();
        let hold = Hold::silent(ms(1_000), ms(1_500), ms(5_000));
        assert_eq!(holds.received(slow(1, 2_000)), Verdict::Open);
        assert_eq!(holds.received(slow(2, 2_000)), Verdict::Open);
        let prompt = Slow { took: RealSpan::from_nanos(5), ..slow(1, 2_000) };
        assert_eq!(holds.received(prompt), Verdict::Latency(prompt));
        assert_eq!(holds.hold(slow(1, 0).visit, Direction::ToAgent, hold), [slow(1, 2_000)]);
        assert_eq!(holds.received(slow(1, 3_000)), Verdict::HeldBack(slow(1, 3_000)));
        assert_eq!(holds.received(slow(1, 6_000)), Verdict::Open, "after it");
        assert_eq!(holds.end().collect::<Vec<_>>(), [slow(1, 6_000), slow(2, 2_000)]);
    }

    #[test]
    fn what_was_received_before_that_was_sure_is_latency() {
        let hold = Hold::silent(ms(1_000), ms(4_000), ms(9_000));
        let befell = |intended, took| hold.befell(ms(intended), RealSpan::from_nanos(took * 1_000_000_u64));
        assert!(!befell(1_200, 3_700), "everybody waited, nearly all the time");
        assert!(befell(1_200, 3_800), "that was said before, and read then");
        assert!(!befell(899, 5_000), "the server had taken that in");
        assert!(befell(900, 5_000), "the generator was late");
        assert!(!befell(6_000, 900), "not long");
    }

    #[test]
    fn holds_that_follow_each_other_are_remembered_as_one() {
        let mut holds = Holds::default();
        for second in 1..=100 {
            let [from, begun, until] = [second - 1, second, second + 1].map(|second| ms(second * 1_000));
            holds.hold(slow(1, 0).visit, Direction::ToAgent, Hold::silent(from, begun, until));
        }
        assert_eq!(holds.received(slow(1, 1_000)), Verdict::HeldBack(slow(1, 1_000)));
    }

    #[test]
    fn where_the_server_says_so_what_was_put_off_for_less_than_a_second_was_held_back_too() {
        let mut holds = Holds::default();
        let took = |millis: u64, at| Slow { took: RealSpan::from_nanos(millis * 1_000_000), ..slow(1, at) };
        assert_eq!(holds.received(took(300, 1_990)), Verdict::Open);
        assert_eq!(holds.received(took(300, 1_000)), Verdict::Open);
        let held = holds.hold(slow(1, 0).visit, Direction::ToAgent, Hold::spoken(ms(2_000), ms(2_280)));
        assert_eq!(held, [took(300, 1_990)]);
        let silent = Hold::silent(ms(600), ms(600), ms(3_000));
        assert_eq!(holds.hold(slow(1, 0).visit, Direction::ToAgent, silent), []);
        assert_eq!(holds.end().collect::<Vec<_>>(), [took(300, 1_000)]);
    }

    #[test]
    fn no_more_wait_than_so_many() {
        let mut holds = Holds::default();
        assert_eq!(holds.received(slow(0, 1_000)), Verdict::Open);
        let hold = Hold::silent(ms(0), ms(0), ms(5_000));
        assert_eq!(holds.hold(slow(0, 0).visit, Direction::ToAgent, hold), [slow(0, 1_000)]);
        for index in 0..WAITING as u64 - 1 {
            assert_eq!(holds.received(slow(index, 9_000)), Verdict::Open);
        }
        assert_eq!(
            holds.received(slow(1, 9_500)),
            Verdict::Open,
            "one was held back since, and none goes for it"
        );
        assert_eq!(holds.received(slow(2, 9_500)), Verdict::Latency(slow(0, 9_000)));
    }
}
