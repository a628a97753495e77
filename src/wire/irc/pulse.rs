//! When the server has taken in what was said: by one's own messages that come back, or by asking.
//!
//! Servers slow a client down by leaving its lines unread, and say nothing about it. What shows is how long a line lies there.

use std::collections::VecDeque;

use crate::base::time::{RealMoment, RealSpan};

/// A question stands for all that was said before, so one a second is enough.
const INTERVAL: RealSpan = RealSpan::from_whole_secs(1);

/// Messages whose coming back is waited for, at the most. What a server swallows never comes back.
const ECHOES_MAX: usize = 32;

/// What was said and not yet known to be taken in.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    /// Something has been said since the last question.
    is_due: bool,
    /// The questions without an answer: their numbers, and when they went out. One, and one more at the end.
    asked: VecDeque<(u64, RealMoment)>,
    number: u64,
    /// The next question goes out no sooner.
    earliest: RealMoment,
    /// Messages that will come back, in the order in which they went out.
    echoes: VecDeque<Echo>,
}

/// A message that will come back, in one line or more.
#[derive(Debug)]
struct Echo {
    /// Of the first line, which is like no other.
    first: u64,
    /// Of the last one: with it the message is whole.
    last: u64,
    sent: RealMoment,
    /// The first has come.
    has_begun: bool,
}

impl Pulse {
    /// Something was said to a server that repeats nothing; gives the number of the question to ask after it, if it is time for one.
    pub(super) fn said(&mut self, now: RealMoment) -> Option<u64> {
        self.is_due = true;
        self.ask(now)
    }

    /// The number of the question to ask now, if there is one to ask.
    pub(super) fn ask(&mut self, now: RealMoment) -> Option<u64> {
        if !self.is_due || !self.asked.is_empty() || now < self.earliest {
            return None;
        }
        Some(self.question(now))
    }

    /// The number of a last question, where anything was said since the one before.
    pub(super) fn ask_last(&mut self, now: RealMoment) -> Option<u64> {
        (self.is_due || !self.echoes.is_empty()).then(|| self.question(now))
    }

    fn question(&mut self, now: RealMoment) -> u64 {
        self.is_due = false;
        self.number += 1;
        self.asked.push_back((self.number, now));
        self.earliest = now + INTERVAL;
        self.number
    }

    /// When the oldest question went out that has no answer. What does not come back may have been swallowed, and says nothing.
    pub(super) fn unanswered(&self) -> Option<RealMoment> {
        self.asked.front().map(|(_, sent)| *sent)
    }

    /// An answer came; gives when its question went out. Those before it are not answered any more.
    pub(super) fn answered(&mut self, answer: &[u8]) -> Option<RealMoment> {
        let place = self.asked.iter().position(|(number, _)| number.to_string().as_bytes() == answer)?;
        self.asked.drain(..=place).next_back().map(|(_, sent)| sent)
    }

    /// When there is a question to ask.
    pub(super) fn deadline(&self) -> Option<RealMoment> {
        (self.is_due && self.asked.is_empty()).then_some(self.earliest)
    }

    /// A message whose first and last lines have these hashes went out to a server that repeats what one says.
    pub(super) fn will_come_back(&mut self, now: RealMoment, first: u64, last: u64) {
        if self.echoes.len() == ECHOES_MAX {
            self.echoes.pop_front();
        }
        self.echoes.push_back(Echo { first, last, sent: now, has_begun: false });
    }

    /// A line of this hash came back; gives when its message went out, where it is whole with that. Those said before it will not come
    /// back any more.
    pub(super) fn came_back(&mut self, hash: u64) -> Option<RealMoment> {
        if let Some(echo) = self.echoes.iter_mut().find(|echo| !echo.has_begun && echo.first == hash) {
            echo.has_begun = true;
        }
        let place = self.echoes.iter().position(|echo| echo.has_begun && echo.last == hash)?;
        self.echoes.drain(..=place).next_back().map(|echo| echo.sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: f64) -> RealMoment {
        RealMoment::ZERO + RealSpan::from_secs(secs)
    }

    #[test]
    fn one_question_at_once_and_one_a_second() {
        let mut pulse = Pulse::default();
        assert_eq!(pulse.said(at(5.0)), Some(1));
        assert_eq!(pulse.said(at(5.1)), None, "one is out");
        assert_eq!(pulse.deadline(), None);
        assert_eq!((pulse.answered(b"2"), pulse.answered(b"")), (None, None));
        assert_eq!(pulse.answered(b"1"), Some(at(5.0)));
        assert_eq!(pulse.answered(b"1"), None, "it was answered");
        assert_eq!(pulse.deadline(), Some(at(6.0)));
        assert_eq!(pulse.ask(at(5.9)), None);
        assert_eq!(pulse.ask(at(6.0)), Some(2));
        assert_eq!(pulse.answered(b"2"), Some(at(6.0)));
        assert_eq!((pulse.deadline(), pulse.ask(at(9.0))), (None, None), "nothing was said since");
        assert_eq!(pulse.said(at(9.0)), Some(3));
    }

    #[test]
    fn a_last_question_is_asked_at_once_and_may_have_no_answer() {
        let mut pulse = Pulse::default();
        assert_eq!((pulse.ask_last(at(1.0)), pulse.unanswered()), (None, None), "nothing was said");
        pulse.said(at(2.0));
        assert_eq!((pulse.ask_last(at(2.0)), pulse.unanswered()), (None, Some(at(2.0))), "nothing since");
        pulse.said(at(2.1));
        assert_eq!((pulse.ask_last(at(2.2)), pulse.unanswered()), (Some(2), Some(at(2.0))));
        assert_eq!((pulse.answered(b"1"), pulse.unanswered()), (Some(at(2.0)), Some(at(2.2))));
        assert_eq!((pulse.answered(b"2"), pulse.unanswered()), (Some(at(2.2)), None));
    }

    #[test]
    fn what_comes_back_stands_for_what_was_said_before_it() {
        let mut pulse = Pulse::default();
        for (second, hash) in [(1.0, 10), (2.0, 11), (3.0, 11), (4.0, 12)] {
            pulse.will_come_back(at(second), hash, hash);
        }
        assert_eq!(pulse.came_back(99), None);
        assert_eq!(pulse.came_back(11), Some(at(2.0)), "the first was swallowed");
        assert_eq!(pulse.came_back(10), None);
        assert_eq!(pulse.came_back(11), Some(at(3.0)));
        pulse.will_come_back(at(4.5), 13, 14);
        pulse.will_come_back(at(4.6), 15, 14);
        assert_eq!(
            (pulse.came_back(14), pulse.came_back(15)),
            (None, None),
            "none of these has begun before"
        );
        assert_eq!(pulse.came_back(14), Some(at(4.6)), "the one with the same end was swallowed");
        pulse.will_come_back(at(4.7), 16, 16);
        assert_eq!(pulse.unanswered(), None, "that may be swallowed too");
        assert_eq!((pulse.ask_last(at(4.8)), pulse.unanswered()), (Some(1), Some(at(4.8))));
        for hash in 0..1_000 {
            pulse.will_come_back(at(5.0), hash, hash);
        }
        assert_eq!(pulse.echoes.len(), ECHOES_MAX);
    }
}
