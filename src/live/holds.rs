//! What a server lets lie without a word, to slow somebody down: a throttle, and no latency.
//!
//! Codecs of chat servers ask now and then, behind a message, whether the server has taken in what was said. An answer that takes long is
//! the server's slowness, unless somebody else asked later and was answered promptly well before: then it was the one who asked that was
//! held back (a witness asks all the time, so that somebody does). What they said meanwhile is counted as delivered and held back, and is
//! in no time of delivery.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::base::id::VisitId;
use crate::base::time::{RealMoment, RealSpan};
use crate::metrics::tally::Direction;

/// No answer that comes sooner is one that was held back.
const LONG: RealSpan = RealSpan::from_whole_secs(1);
/// No message that is received sooner is one that was held back.
const NOTICED: RealSpan = RealSpan::from_nanos(100_000_000);
/// An answer that comes sooner is prompt.
const PROMPT: RealSpan = RealSpan::from_nanos(250_000_000);
/// Receipts that wait for a word about their sender.
const WAITING: usize = 10_000;
/// Holds that are remembered of one sender.
const REMEMBERED: usize = 8;

/// Of prompt answers, one in such a time is remembered, and so many of them: longer than [`PROMPT`] ago.
const APART: RealSpan = RealSpan::from_nanos(50_000_000);
const LATEST: usize = 32;

/// What somebody meant to say between two instants, and took that long to be received, which was after another, was held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hold {
    from: RealMoment,
    until: RealMoment,
    begun: RealMoment,
    least: RealSpan,
}

/// When questions were asked that had a prompt answer, whoever asked.
#[derive(Debug, Default)]
pub(super) struct Promptness {
    last: AtomicU64,
    /// The oldest first.
    asked: Mutex<VecDeque<RealMoment>>,
}

impl Promptness {
    /// A question of `asked` was answered at `read`.
    pub(super) fn answered(&self, asked: RealMoment, read: RealMoment) {
        let next = RealMoment::from_nanos(self.last.load(Ordering::Relaxed)) + APART;
        if read.since(asked) >= PROMPT || asked < next {
            return;
        }
        self.last.store(asked.nanos(), Ordering::Relaxed);
        let mut all = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() == LATEST {
            all.pop_front();
        }
        all.push_back(asked);
    }

    /// The same; where the answer was held back, by when others were answered who had asked later.
    pub(super) fn overtaken(&self, asked: RealMoment, read: RealMoment) -> Option<RealMoment> {
        self.answered(asked, read);
        if read.since(asked) < LONG {
            return None;
        }
        let all = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        // Where all are answered at once, because the server had stalled, those who asked last were answered promptly too.
        all.iter().copied().find(|other| *other > asked).filter(|other| read.since(*other) >= PROMPT + PROMPT)
    }
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
    slow: BTreeMap<Side, VecDeque<Slow>>,
    /// Whose receipts came, the oldest first: for each that waits, and for some that do no more.
    order: VecDeque<Side>,
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
        self.slow.entry(side).or_default().push_back(receipt);
        self.order.push_back(side);
        match self.order.len() > WAITING {
            true => self.oldest().map_or(Verdict::Open, Verdict::Latency),
            false => Verdict::Open,
        }
    }

    /// The receipt that has waited longest, and waits no more; none where it was held back since.
    fn oldest(&mut self) -> Option<Slow> {
        let side = self.order.pop_front()?;
        let waiting = self.slow.get_mut(&side)?;
        let oldest = waiting.pop_front();
        if waiting.is_empty() {
            self.slow.remove(&side);
        }
        oldest
    }

    /// What was said in this visit, that way, was held back. Gives what of it was received.
    pub(super) fn hold(&mut self, visit: VisitId, direction: Direction, hold: Hold) -> Vec<Slow> {
        let known = self.known.entry((visit, direction)).or_default();
        if known.len() == REMEMBERED {
            known.pop_front();
        }
        known.push_back(hold);
        let waiting = self.slow.remove(&(visit, direction)).unwrap_or_default();
        let (held, others): (VecDeque<Slow>, _) = waiting.into_iter().partition(|slow| hold.has(slow));
        if !others.is_empty() {
            self.slow.insert((visit, direction), others);
        }
        held.into()
    }

    /// Those of which nothing was said: it took as long as it took.
    pub(super) fn end(self) -> impl Iterator<Item = Slow> {
        self.slow.into_values().flatten()
    }
}

impl Hold {
    /// The server let lie what was said after `from`, when it is known to have taken in the last, until `until`: answers to others show
    /// that it did so at `begun`. What took long was held back, but what was received before that was not.
    pub(super) fn silent(from: RealMoment, begun: RealMoment, until: RealMoment) -> Self {
        Self { from: meant(from), until, begun, least: LONG }
    }

    /// The server would not have what was to be said at the first instant before the second.
    pub(super) fn spoken(since: RealMoment, until: RealMoment) -> Self {
        Self { from: meant(since), until, begun: since, least: NOTICED }
    }

    /// This one, and another that began later: as one, where they meet.
    pub(super) fn and(self, later: Self) -> Self {
        if later.from <= self.until { Self { from: self.from, begun: self.begun, ..later } } else { later }
    }

    /// Whether that befell what was meant at that instant, and took so long.
    pub(super) fn befell(self, intended: RealMoment, took: RealSpan) -> bool {
        self.least <= took && self.from <= intended && intended <= self.until && self.begun <= intended + took
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
    fn only_one_who_waits_while_others_do_not_is_held_back() {
        let promptness = Promptness::default();
        let overtaken = |asked, read| promptness.overtaken(ms(asked), ms(read));
        assert_eq!(overtaken(0, 5_000), None, "everybody waits, as far as is known");
        assert_eq!(overtaken(4_000, 4_100), None);
        assert_eq!(overtaken(1_000, 5_000), Some(ms(4_000)), "who asked later had an answer");
        assert_eq!(overtaken(4_500, 6_000), None, "nobody who asked since");
        assert_eq!(overtaken(3_500, 4_400), None, "not long");
    }

    #[test]
    fn when_a_stall_ends_who_asked_last_has_a_prompt_answer_and_nobody_was_held_back() {
        let promptness = Promptness::default();
        promptness.answered(ms(4_800), ms(5_001));
        assert_eq!(promptness.overtaken(ms(1_000), ms(5_002)), None);
        assert_eq!(promptness.overtaken(ms(1_000), ms(5_400)), Some(ms(4_800)));
    }

    #[test]
    fn the_first_who_overtook_is_told_as_far_as_it_is_remembered() {
        let promptness = Promptness::default();
        for asked in (1_000..20_000).step_by(10) {
            promptness.answered(ms(asked), ms(asked + 1));
        }
        let remembered = LATEST as u64 * APART.nanos() / 1_000_000;
        assert_eq!(promptness.overtaken(ms(19_000), ms(20_000)), Some(ms(19_050)));
        assert_eq!(promptness.overtaken(ms(0), ms(20_000)), Some(ms(20_000 - remembered)));
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
    fn what_came_before_others_were_answered_is_latency() {
        let hold = Hold::silent(ms(1_000), ms(4_000), ms(9_000));
        let befell = |intended, took| hold.befell(ms(intended), RealSpan::from_nanos(took * 1_000_000_u64));
        assert!(!befell(1_200, 2_700), "everybody waited");
        assert!(befell(1_200, 2_800), "that was said before, and read then");
        assert!(!befell(899, 5_000), "the server had taken that in");
        assert!(befell(900, 5_000), "the generator was late");
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
        for index in 0..WAITING as u64 {
            assert_eq!(holds.received(slow(index, 0)), Verdict::Open);
        }
        assert_eq!(holds.received(slow(1, 9)), Verdict::Latency(slow(0, 0)));
    }
}
