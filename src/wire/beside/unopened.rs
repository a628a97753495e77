//! Conversations that the server gave an agent, of which the agent has not heard the visitor's first words: without them nobody knows
//! whom to answer.

use std::collections::VecDeque;

use super::super::{Event, Output};
use crate::base::time::{RealMoment, RealSpan};

/// How long the first words may take.
const WITHIN: RealSpan = RealSpan::from_whole_secs(10);
/// A conversation that is over before that was one that nobody began.
const SHORTEST: RealSpan = RealSpan::from_whole_secs(1);
/// Conversations that are waited for at once. For one more the oldest is forgotten.
const AT_ONCE: usize = 64;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Unopened {
    waiting: VecDeque<Given>,
    /// Whose were over before that.
    over: VecDeque<String>,
}

/// A conversation that an agent has, and nothing of it.
#[derive(Debug)]
struct Given {
    peer: String,
    since: RealMoment,
    /// Whether that was complained of.
    is_late: bool,
}

impl Unopened {
    /// A conversation is given.
    pub(super) fn given(&mut self, now: RealMoment, peer: String) {
        self.opened(&peer);
        if self.waiting.len() == AT_ONCE {
            self.waiting.pop_front();
        }
        self.waiting.push_back(Given { peer, since: now, is_late: false });
    }

    /// The first words came. Whether the conversation is over by now.
    pub(super) fn opened(&mut self, peer: &str) -> bool {
        self.waiting.retain(|given| given.peer != peer);
        let at = self.over.iter().position(|who| who == peer);
        at.is_some_and(|at| self.over.remove(at).is_some())
    }

    /// A conversation is over: without a word, if none came. It may come after all.
    pub(super) fn ended(&mut self, now: RealMoment, peer: &str, out: &mut Vec<Output>) {
        let at = self.waiting.iter().position(|given| given.peer == peer);
        let Some(given) = at.and_then(|at| self.waiting.remove(at)) else { return };
        let is_news = !given.is_late && now.since(given.since) >= SHORTEST;
        out.extend(is_news.then(complaint));
        if self.over.len() == AT_ONCE {
            self.over.pop_front();
        }
        self.over.push_back(given.peer);
    }

    /// Complains of those that are waited for too long.
    pub(super) fn settle(&mut self, now: RealMoment, out: &mut Vec<Output>) {
        let late = self.waiting.iter_mut().filter(|given| !given.is_late && given.since + WITHIN <= now);
        out.extend(late.map(|given| {
            given.is_late = true;
            complaint()
        }));
    }

    pub(super) fn next_deadline(&self) -> Option<RealMoment> {
        self.waiting.iter().find(|given| !given.is_late).map(|given| given.since + WITHIN)
    }
}

fn complaint() -> Output {
    let why = format!(
        "an agent was given a conversation and not told within {} s, or before it was over, what its visitor opened it with",
        WITHIN.secs()
    );
    Output::Event(Event::Failed { why })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: u64) -> RealMoment {
        RealMoment::from_nanos(millis * 1_000_000)
    }

    #[test]
    fn who_is_never_told_the_first_words_says_so_once_a_conversation() {
        let mut unopened = Unopened::default();
        ["silent", "told", "brief", "left"].into_iter().for_each(|peer| unopened.given(at(0), peer.into()));
        let mut out = Vec::new();
        assert!(!unopened.opened("told"));
        unopened.ended(at(900), "brief", &mut out);
        assert_eq!(out, []);
        unopened.ended(at(1_000), "left", &mut out);
        unopened.ended(at(1_000), "told", &mut out);
        assert_eq!(out, [complaint()]);
        assert_eq!(unopened.next_deadline(), Some(at(10_000)));
        unopened.settle(at(9_999), &mut out);
        assert_eq!(out.len(), 1);
        unopened.settle(at(10_000), &mut out);
        assert_eq!((out.len(), unopened.next_deadline()), (2, None));
    }

    #[test]
    fn first_words_after_the_end_are_known_for_that_once() {
        let mut unopened = Unopened::default();
        let mut out = Vec::new();
        unopened.given(at(0), "anna".into());
        unopened.ended(at(500), "anna", &mut out);
        assert!(unopened.opened("anna") && !unopened.opened("anna"));
        unopened.ended(at(600), "anna", &mut out);
        assert!(!unopened.opened("anna"), "its first words were heard");
        unopened.given(at(700), "anna".into());
        unopened.ended(at(800), "anna", &mut out);
        unopened.given(at(900), "anna".into());
        assert!(!unopened.opened("anna"), "she is back");
        unopened.given(at(1_000), "bert".into());
        unopened.settle(at(11_000), &mut out);
        unopened.ended(at(12_000), "bert", &mut out);
        assert_eq!(out, [complaint()], "once is enough");
        assert!(unopened.opened("bert"));
    }

    #[test]
    fn what_a_server_makes_us_wait_for_is_bounded() {
        let mut unopened = Unopened::default();
        (0..1_000).for_each(|number| unopened.given(at(number), number.to_string()));
        (0..1_000).for_each(|number| unopened.ended(at(1_000), &number.to_string(), &mut Vec::new()));
        (0..1_000).for_each(|number| unopened.given(at(2_000 + number), format!("later {number}")));
        assert_eq!((unopened.waiting.len(), unopened.over.len()), (AT_ONCE, AT_ONCE));
    }
}
