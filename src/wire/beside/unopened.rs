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

/// See the module: whose, and since when.
#[derive(Debug, Default)]
pub(super) struct Unopened(VecDeque<(String, RealMoment)>);

impl Unopened {
    /// A conversation is given.
    pub(super) fn given(&mut self, now: RealMoment, peer: String) {
        self.opened(&peer);
        if self.0.len() == AT_ONCE {
            self.0.pop_front();
        }
        self.0.push_back((peer, now));
    }

    /// The first words came.
    pub(super) fn opened(&mut self, peer: &str) {
        self.0.retain(|(who, _)| who != peer);
    }

    /// A conversation is over: without a word, if none came.
    pub(super) fn ended(&mut self, now: RealMoment, peer: &str, out: &mut Vec<Output>) {
        let was_silent = |(who, since): &(String, RealMoment)| who == peer && now.since(*since) >= SHORTEST;
        if self.0.iter().any(was_silent) {
            out.push(complaint());
        }
        self.opened(peer);
    }

    /// Complains of those that are waited for too long.
    pub(super) fn settle(&mut self, now: RealMoment, out: &mut Vec<Output>) {
        while self.0.pop_front_if(|(_, since)| *since + WITHIN <= now).is_some() {
            out.push(complaint());
        }
    }

    pub(super) fn next_deadline(&self) -> Option<RealMoment> {
        self.0.front().map(|(_, since)| *since + WITHIN)
    }
}

fn complaint() -> Output {
    let why = "an agent was given a conversation and not told what its visitor opened it with: nobody can answer that".into();
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
        unopened.opened("told");
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
    fn what_a_server_makes_us_wait_for_is_bounded() {
        let mut unopened = Unopened::default();
        (0..1_000).for_each(|number| unopened.given(at(number), number.to_string()));
        assert_eq!(unopened.0.len(), AT_ONCE);
    }
}
