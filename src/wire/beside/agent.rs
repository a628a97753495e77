//! An agent on a chat server: is given conversations by a desk, talks over the messenger.

use std::collections::VecDeque;

use super::super::json::client::Client;
use super::super::messenger::{self, Messenger};
use super::super::token::{Part, TOKEN_LEN, Token};
use super::super::{Act, ChatId, Event, Output};
use super::pair::{Heard, Pair, Side};
use super::unopened::Unopened;
use super::{Queue, closing};
use crate::base::time::RealMoment;
use crate::base::words::{Channel, Closing};

/// Conversations that are over and still known: what crosses with an end comes soon after it.
const OVER: usize = 64;
/// Messages kept of those whom the desk has not given yet.
const EARLY: usize = 64;
/// The first number of a conversation that the server gives; the desk's are below.
const FIRST: u64 = 1 << 62;

/// A conversation, and where its visitor is reached.
#[derive(Clone, Debug)]
struct Talk {
    chat: ChatId,
    peer: String,
    /// Of the server's own queue.
    by_server: bool,
    /// Ended by the agent, its slot still taken.
    is_closed: bool,
    /// Messages that the agent has sent in it; not known any more of one who was away: some may have come to nothing.
    said: Option<u32>,
    /// Whether the visitor was met on the present connection.
    is_met: bool,
}

/// See the module.
#[derive(Debug)]
pub struct Agent {
    pair: Pair,
    /// Who gives the conversations of which desk, where that is not the desk beside the server.
    server: Option<String>,
    talks: Vec<Talk>,
    /// The last that were, the newest last.
    over: VecDeque<Talk>,
    /// Who wrote what before the desk said that they are served here.
    early: VecDeque<(String, String)>,
    unopened: Unopened,
    given: u64,
}

impl Agent {
    /// An agent of this messenger, with the desk that gives conversations. Where the server gives those of the desk of name `served`, the one
    /// beside it is for the phone alone, and there need be none.
    #[must_use]
    pub fn new(talk: Box<Messenger>, desk: Option<Client>, served: Option<String>) -> Self {
        let (talks, over, early) = (Vec::new(), VecDeque::new(), VecDeque::new());
        let unopened = Unopened::default();
        Self { pair: Pair::new(talk, desk), server: served, talks, over, early, unopened, given: 0 }
    }

    fn queue(&self) -> Queue {
        if self.server.is_some() { Queue::Server } else { Queue::Testbed }
    }

    fn talk_of(&self, chat: ChatId) -> Option<Talk> {
        self.talks.iter().find(|talk| talk.chat == chat).cloned()
    }

    fn close(&mut self, now: RealMoment, chat: ChatId, closing: Closing, free: bool, out: &mut Vec<Output>) {
        let talk = self.talk_of(chat);
        if let Some(Talk { peer, by_server: true, .. }) = talk {
            let text = closing::written(closing);
            self.talks.iter_mut().filter(|talk| talk.chat == chat).for_each(|talk| talk.is_closed = true);
            self.pair.talk(now, &messenger::Act::Tell { peer, text }, out);
            if free {
                self.let_go(now, chat, out);
            }
            return;
        }
        self.let_go(now, chat, out);
        let said = talk.and_then(|talk| talk.said);
        self.pair.desk(now, &Act::Close { chat, closing, free, said }, out);
    }

    /// The agent talks no longer with the visitor of a conversation; whether it was the server's to give. Where it was not, whatever was
    /// said before is still heard for a while.
    fn let_go(&mut self, now: RealMoment, chat: ChatId, out: &mut Vec<Output>) -> bool {
        let Some(place) = self.talks.iter().position(|talk| talk.chat == chat) else { return false };
        let talk = self.talks.swap_remove(place);
        let by_server = talk.by_server;
        let mut parts_from = by_server.then(|| talk.peer.clone());
        if self.over.len() == OVER {
            let oldest = self.over.pop_front().filter(|talk| !talk.by_server && talk.is_met);
            parts_from = parts_from.or(oldest.map(|talk| talk.peer));
        }
        self.over.push_back(talk);
        if let Some(peer) = parts_from {
            self.pair.talk(now, &messenger::Act::Part { peer }, out);
        }
        by_server
    }

    /// The conversation with whoever is reached there.
    fn chat_with(&self, peer: &str) -> Option<ChatId> {
        let present = self.talks.iter().rev().chain(self.over.iter().rev());
        present.into_iter().find(|talk| talk.peer == peer).map(|talk| talk.chat)
    }

    /// The conversation with whoever is reached there, while neither has ended it.
    fn open_with(&self, peer: &str) -> Option<&Talk> {
        self.talks.iter().rev().find(|talk| talk.peer == peer && !talk.is_closed)
    }

    /// The desk goes on where a connection broke; on the server every connection is a new one.
    fn meet_again(&mut self, now: RealMoment, out: &mut Vec<Output>) {
        self.over.iter_mut().for_each(|talk| talk.is_met = false);
        for talk in &mut self.talks {
            talk.said = None;
            self.pair.talk(now, &messenger::Act::Meet { peer: talk.peer.clone() }, out);
        }
    }

    /// Nobody knows anything of what was before.
    fn forget(&mut self) {
        self.talks.clear();
        self.over.clear();
        self.early.clear();
        self.unopened = Unopened::default();
    }

    fn hear_desk(&mut self, now: RealMoment, event: Event, out: &mut Vec<Output>) {
        if let Event::Welcome { resumed } = event {
            out.push(Output::Event(event));
            return if resumed { self.meet_again(now, out) } else { self.forget() };
        }
        let Event::Given { chat, token, channel: Channel::Chat, address } = event else {
            return out.push(Output::Event(event));
        };
        let Some(peer) = address else {
            let why = "the desk beside the target does not say where the visitor is reached".into();
            return out.push(Output::Event(Event::Broken { why }));
        };
        self.talks.push(Talk {
            chat,
            peer: peer.clone(),
            by_server: false,
            is_closed: false,
            said: Some(0),
            is_met: true,
        });
        out.push(Output::Event(Event::Given { chat, token, channel: Channel::Chat, address: None }));
        self.pair.talk(now, &messenger::Act::Meet { peer: peer.clone() }, out);
        // The way over the messenger may be the shorter one.
        let (now_known, early) =
            std::mem::take(&mut self.early).into_iter().partition(|(who, _)| *who == peer);
        self.early = early;
        let now_known: VecDeque<(String, String)> = now_known;
        out.extend(now_known.into_iter().map(|(_, text)| Output::Event(Event::Said { chat, text })));
    }

    fn hear_talk(&mut self, now: RealMoment, event: messenger::Event, out: &mut Vec<Output>) {
        use messenger::Event as Talk;
        match event {
            Talk::Told { peer, text } => self.hear(peer, text, out),
            Talk::Typing { peer } => {
                let chat = self.open_with(&peer).map(|talk| talk.chat);
                out.extend(chat.map(|chat| Output::Event(Event::Typing { chat })));
            }
            // Who leaves after the end has only been told of it.
            Talk::Left { peer } | Talk::Closed { peer } => {
                self.unopened.ended(now, &peer, out);
                let chat = self.open_with(&peer).filter(|talk| talk.by_server).map(|talk| talk.chat);
                out.extend(chat.map(|chat| Output::Event(Event::Left { chat })));
            }
            Talk::OnDuty => out.push(Output::Event(Event::OnDuty)),
            // Whose a conversation of the server's is, is known with the first words of the visitor.
            Talk::Given { peer } if self.queue() == Queue::Server && self.open_with(&peer).is_none() => {
                self.unopened.given(now, peer);
            }
            _ => {}
        }
    }

    fn hear(&mut self, peer: String, text: String, out: &mut Vec<Output>) {
        if let Some(chat) = self.chat_with(&peer).filter(|_| opening(&text).is_none()) {
            return out.push(Output::Event(Event::Said { chat, text }));
        }
        match (self.queue(), opening(&text)) {
            (Queue::Server, Some(token)) => {
                let is_over = self.unopened.opened(&peer);
                let chat = ChatId(FIRST + self.given);
                self.given += 1;
                self.talks.retain(|talk| talk.peer != peer);
                self.talks.push(Talk {
                    chat,
                    peer,
                    by_server: true,
                    is_closed: false,
                    said: Some(0),
                    is_met: true,
                });
                out.push(Output::Event(Event::Given { chat, token, channel: Channel::Chat, address: None }));
                out.extend(is_over.then_some(Output::Event(Event::Left { chat })));
            }
            (Queue::Server, None) => {}
            (Queue::Testbed, _) => {
                if self.early.len() == EARLY {
                    self.early.pop_front();
                }
                self.early.push_back((peer, text));
            }
        }
    }
}

/// The token of a visitor's request, if that is what a text begins with.
fn opening(text: &str) -> Option<String> {
    let token = Token::leading(text)?;
    matches!(token.part, Part::Opening(_)).then(|| text.trim_start()[..TOKEN_LEN].to_owned())
}

impl Side for Agent {
    fn pair(&mut self) -> &mut Pair {
        &mut self.pair
    }

    fn act(&mut self, now: RealMoment, act: &Act, out: &mut Vec<Output>) {
        match act {
            Act::Connect => {
                // Nothing is taken up again of what a server gave.
                if self.queue() == Queue::Server {
                    self.forget();
                }
                self.pair.connect(now, out);
            }
            Act::Disconnect => self.pair.disconnect(now, out),
            Act::Ready(duty) if self.server.as_ref() == Some(&duty.desk) => {
                self.pair.talk(now, &messenger::Act::Ready { slots: duty.slots }, out);
            }
            Act::Rest => {
                if self.queue() == Queue::Server {
                    self.pair.talk(now, &messenger::Act::Rest, out);
                }
                self.pair.desk(now, act, out);
            }
            Act::Compose { chat } => match self.talk_of(*chat) {
                Some(Talk { peer, by_server, .. }) if by_server || self.pair.types() => {
                    self.pair.talk(now, &messenger::Act::Compose { peer }, out);
                }
                _ => self.pair.desk(now, act, out),
            },
            Act::Answer { chat, text } => match self.talks.iter_mut().find(|talk| talk.chat == *chat) {
                Some(talk) => {
                    talk.said = talk.said.map(|said| said + 1);
                    let (peer, text) = (talk.peer.clone(), text.clone());
                    self.pair.talk(now, &messenger::Act::Tell { peer, text }, out);
                }
                None => self.pair.desk(now, act, out),
            },
            Act::Close { chat, closing, free, .. } => self.close(now, *chat, *closing, *free, out),
            Act::Free { chat } | Act::Transfer { chat, .. } => {
                if !self.let_go(now, *chat, out) {
                    self.pair.desk(now, act, out);
                }
            }
            Act::Ready(_) | Act::More => self.pair.desk(now, act, out),
            _ => debug_assert!(false, "no agent does that"),
        }
    }

    fn hear(&mut self, now: RealMoment, heard: Heard, out: &mut Vec<Output>) {
        match heard {
            Heard::Desk(event) => self.hear_desk(now, event, out),
            Heard::Talk(event) => self.hear_talk(now, event, out),
        }
    }

    fn settle(&mut self, now: RealMoment, out: &mut Vec<Output>) {
        if self.pair.is_up() {
            self.unopened.settle(now, out);
        }
    }

    fn next_deadline(&self) -> Option<RealMoment> {
        let unopened = self.unopened.next_deadline().filter(|_| self.pair.is_up());
        self.pair.next_deadline().into_iter().chain(unopened).min()
    }
}
