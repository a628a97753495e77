//! Whether a server serves promptly whoever has no reason to wait, and who waits all the same.
//!
//! A witness asks it all the time (`witness`). Between two prompt answers that come close together fits no long stall: whoever waits
//! longer than that while they go on is held back.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::base::time::{RealMoment, RealSpan};

/// An answer is prompt that took no longer than this beyond the promptest.
const PROMPT: RealSpan = RealSpan::from_nanos(250_000_000);
/// Between prompt answers that come no farther apart the server did not stall: the witness asks once a second.
const APART: RealSpan = RealSpan::from_nanos(1_250_000_000);
/// Whoever waits so much longer for an answer than the promptest took, while others are served, is held back: longer than a stall that shows in no gap, and what
/// lies unread after it.
const SURE: RealSpan = RealSpan::from_whole_secs(2);
/// Where more of the answers lately were slow than this share, the server is.
const SLOW: f64 = 0.2;
/// Of so many, about.
const LATELY: f64 = 10.0;
/// Stretches that are remembered.
const STRETCHES: usize = 16;

/// When the server is known to have served those who had no reason to wait.
#[derive(Debug, Default)]
pub(super) struct Promptness(Mutex<Served>);

#[derive(Debug, Default)]
struct Served {
    /// The promptest answer so far.
    best: Option<RealSpan>,
    /// The share of slow answers lately.
    slow: f64,
    /// When the first was read.
    first: Option<RealMoment>,
    /// Prompt answers were read from the first instant to the second, and never far apart.
    stretches: VecDeque<(RealMoment, RealMoment)>,
    /// How long all stretches lasted.
    known: RealSpan,
}

impl Served {
    fn answered(&mut self, asked: RealMoment, read: RealMoment) {
        let took = read.since(asked);
        let best = self.best.map_or(took, |best| best.min(took));
        let is_prompt = took <= best + PROMPT;
        self.best = Some(best);
        self.first.get_or_insert(read);
        self.slow += (f64::from(u8::from(!is_prompt)) - self.slow) / LATELY;
        if !is_prompt || self.slow > SLOW {
            return;
        }
        match self.stretches.back_mut().filter(|(_, until)| read.since(*until) <= APART) {
            Some((_, until)) => {
                self.known += read.since(*until);
                *until = read.max(*until);
            }
            None => {
                if self.stretches.len() == STRETCHES {
                    self.stretches.pop_front();
                }
                self.stretches.push_back((read, read));
            }
        }
    }

    /// How far the last stretch may be taken to have gone by `now`, beyond its last answer.
    fn beyond(&self, now: RealMoment) -> RealSpan {
        let beyond = self.stretches.back().map_or(RealSpan::ZERO, |(_, until)| now.since(*until));
        if beyond <= APART { beyond } else { RealSpan::ZERO }
    }
}

impl Promptness {
    /// A question of `asked`, by somebody who had no reason to wait, was answered at `read`.
    pub(super) fn answered(&self, asked: RealMoment, read: RealMoment) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).answered(asked, read);
    }

    /// A question of `asked` had no answer until `now`: where the server held it back, since when it served others meanwhile.
    pub(super) fn held_back(&self, asked: RealMoment, now: RealMoment) -> Option<RealMoment> {
        let served = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = asked + served.best.unwrap_or_default();
        let beyond = served.beyond(now);
        let last = served.stretches.len().saturating_sub(1);
        let mut stretches = served.stretches.iter().enumerate();
        stretches.find_map(|(at, &(from, until))| {
            let until = if at == last { until + beyond } else { until };
            (until.min(now).since(from.max(due)) >= SURE).then_some(from)
        })
    }

    /// The share of the time from the first answer, or from `since` where there was none, to `now`, in which the server is not known
    /// to have served anybody promptly.
    pub(super) fn unknown(&self, since: RealMoment, now: RealMoment) -> f64 {
        let served = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all = now.since(served.first.unwrap_or(since)).secs();
        let known = (served.known + served.beyond(now)).secs();
        if all > 0.0 { (1.0 - known / all).max(0.0) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> RealMoment {
        RealMoment::from_nanos(millis * 1_000_000)
    }

    /// Answers to a witness who asks once a second from the one second to the other, each after a millisecond.
    fn witnessed(promptness: &Promptness, seconds: std::ops::Range<u64>) {
        seconds.for_each(|second| promptness.answered(ms(second * 1_000), ms(second * 1_000 + 1)));
    }

    #[test]
    fn only_one_who_waits_while_others_do_not_is_held_back() {
        let promptness = Promptness::default();
        assert_eq!(promptness.held_back(ms(0), ms(5_000)), None, "everybody waits, as far as is known");
        witnessed(&promptness, 0..9);
        assert_eq!(promptness.held_back(ms(4_000), ms(8_500)), Some(ms(1)));
        assert_eq!(promptness.held_back(ms(6_600), ms(8_500)), None, "not long");
        assert_eq!(
            promptness.held_back(ms(4_000), ms(20_000)),
            Some(ms(1)),
            "before it served nobody any more"
        );
        assert_eq!(promptness.held_back(ms(6_100), ms(20_000)), None, "not long before");
    }

    #[test]
    fn a_stall_holds_nobody_back_however_long_it_is_and_whoever_asks() {
        for (far, stall) in (100..9_000).step_by(50).flat_map(|stall| [1, 100, 400].map(|far| (far, stall))) {
            let over = 10_000 + stall;
            let promptness = Promptness::default();
            (0..10).for_each(|second| promptness.answered(ms(second * 1_000), ms(second * 1_000 + far)));
            // Read just before it, and after it all at once, or little by little.
            promptness.answered(ms(9_995), ms(9_999 + far));
            let last_to_ask = [over - 240, over - 1].map(|asked| asked.max(10_000));
            last_to_ask.into_iter().for_each(|asked| promptness.answered(ms(asked), ms(over + far)));
            for drained in [over, over + 700] {
                assert_eq!(promptness.held_back(ms(9_990), ms(drained + far)), None, "{stall} ms, {far} ms");
            }
        }
    }

    #[test]
    fn who_is_held_back_beyond_a_stall_is_so_from_its_end_on() {
        let promptness = Promptness::default();
        witnessed(&promptness, 0..10);
        witnessed(&promptness, 14..20);
        assert_eq!(promptness.held_back(ms(9_990), ms(15_900)), None, "the backlog, for all that is known");
        assert_eq!(promptness.held_back(ms(9_990), ms(19_100)), Some(ms(14_001)));
        assert!((promptness.unknown(ms(0), ms(20_001)) - 0.25).abs() < 1e-9);
    }

    #[test]
    fn a_server_that_is_far_is_prompt_too_and_one_that_is_slow_is_not() {
        let far = Promptness::default();
        (0..9).for_each(|second| far.answered(ms(second * 1_000), ms(second * 1_000 + 400)));
        assert!(far.held_back(ms(4_000), ms(8_500)).is_some());
        let slow = Promptness::default();
        witnessed(&slow, 0..1);
        // It serves all in turn, so that who asks at the end of a turn is answered at once.
        let waits = (0..900).map(|at| (at * 10, if at % 120 == 0 { 1 } else { 1_200 }));
        waits.for_each(|(asked, wait)| slow.answered(ms(asked), ms(asked + wait)));
        assert_eq!(slow.held_back(ms(5_000), ms(9_000)), None);
        assert!(slow.unknown(ms(0), ms(9_000)) > 0.9);
    }
}
