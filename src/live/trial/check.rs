//! What the two are told, checked as it comes: each message to the letter and once, each event of the conversation that it is of.

use std::collections::VecDeque;

use super::Stuck;
use super::stage::{FIRST, SECOND, Stage};
use super::words::Amiss;
use crate::wire::messenger::{Act, Event};

/// Events kept at the most for whoever waits for one.
const MOST_KEPT: usize = 1_000;

impl Stage<'_> {
    /// From now on `who` talks in a conversation that `word` has called so.
    pub(super) fn meet(&mut self, who: usize, word: &'static str, peer: &str) -> Result<(), Stuck> {
        self.peers[who] = Some((word, peer.to_owned()));
        self.undo[who].retain(|act| *act != Act::Leave);
        self.undo[who].push(Act::Part { peer: peer.to_owned() });
        let early = std::mem::take(&mut self.early[who]);
        early.iter().try_for_each(|(word, peer)| self.is_of(who, word, peer))
    }

    /// What is said from now on is of other conversations.
    pub(super) fn over(&mut self) {
        self.former.extend(self.peers.iter_mut().filter_map(Option::take).map(|(_, peer)| peer));
        self.early.iter_mut().for_each(Vec::clear);
        self.heard.iter_mut().for_each(VecDeque::clear);
    }

    /// Whether the event `word` is of the conversation in which `who` is.
    fn is_of(&self, who: usize, word: &str, peer: &str) -> Result<(), Stuck> {
        match &self.peers[who] {
            Some((_, known)) if known == peer => Ok(()),
            Some((said_by, known)) => {
                let name = self.name(who);
                let why = format!("the {name}'s `{word}` is of `{peer}`, where {said_by} said `{known}`");
                let hint =
                    "`peer` is what acts are given: all events of a conversation have to call it the same";
                Err(self.stuck(who, &why, hint))
            }
            None => Ok(()),
        }
    }

    /// What is amiss for `who`, of whom nothing secret is told.
    fn stuck(&self, who: usize, why: &str, hint: &str) -> Stuck {
        Stuck::new(self.players[who].dialect.masked(why)).hint(hint)
    }

    /// Checks what somebody was told.
    fn check(&mut self, who: usize, event: &Event) -> Result<(), Stuck> {
        let (word, peer) = match event {
            Event::Told { peer, text } if self.is_ours(who, text)? => ("told", peer),
            Event::Told { .. } => return Ok(()),
            Event::Posted { text } => return self.is_ours(who, text).map(drop),
            Event::Typing { peer } => ("typing", peer),
            Event::Left { peer } => ("left", peer),
            Event::Closed { peer } => ("closed", peer),
            Event::Refused { .. } if self.may_refuse && who == FIRST => return Ok(()),
            event => return self.players[who].trouble(event).map_or(Ok(()), Err),
        };
        // What crosses with the end of a conversation is of that.
        if self.former.contains(peer) {
            return Ok(());
        }
        if self.peers[who].is_none() && self.early[who].len() < MOST_KEPT {
            self.early[who].push((word, peer.clone()));
        }
        self.is_of(who, word, peer)
    }

    /// Whether a message is one of those that are said here. It has to be as it was said.
    fn is_ours(&mut self, who: usize, text: &str) -> Result<bool, Stuck> {
        let amiss = match self.words.hear(who, text) {
            Ok(ours) => return Ok(ours),
            Err(amiss) => amiss,
        };
        let name = self.name(who);
        let (why, hint) = match amiss {
            Amiss::Echo => (
                format!("the {name} is told what the {name} said"),
                "one's own messages are not told: a rule leaves them out with `when: {…: {not: \"{{me}}\"}}`",
            ),
            Amiss::Twice => (
                format!("the {name} is told the same message twice"),
                "do two rules tell it? what comes again is left out with `once: \"{{$.id}}\"`",
            ),
            Amiss::Differs(came, sent) => (
                format!("the {name} hears a message that came as `{came}`, sent as `{sent}`"),
                "a text has to come as it was sent: what is HTML is taken back with the filter `plain` where it comes, \
                 or made with `html` where it is sent",
            ),
        };
        Err(self.stuck(who, &why, hint))
    }

    /// Takes in what both were told meanwhile.
    pub(super) fn settle(&mut self) {
        for who in [FIRST, SECOND] {
            while let Some(event) = self.players[who].heard.pop_front() {
                self.tried.was_told(self.players[who].role, &event);
                if let Err(stuck) = self.check(who, &event) {
                    self.amiss.get_or_insert(stuck);
                }
                if self.heard[who].len() == MOST_KEPT {
                    self.heard[who].pop_front();
                }
                self.heard[who].push_back(event);
            }
        }
    }
}
