//! A visitor on a chat server: asks a desk, talks over the messenger.

use super::super::json::client::Client;
use super::super::messenger::{self, Messenger};
use super::super::{Act, ChatId, Codec, Event, Input, Opening, Output};
use super::pair::{Heard, Pair};
use super::{Queue, closing};
use crate::base::time::RealMoment;
use crate::base::words::{Channel, Closing};

/// Messages kept while it is not known who serves.
const UNSAID: usize = 8;
/// The one conversation of a visitor whom the server itself gives an agent.
const ONLY: ChatId = ChatId(0);

/// See the module.
#[derive(Debug)]
pub struct Visitor {
    pair: Pair,
    queue: Queue,
    /// Whether the present request is by phone, which is the desk's alone.
    by_phone: bool,
    /// The conversation, and where the agent is reached.
    serves: Option<(ChatId, String)>,
    /// What was said while nobody served.
    unsaid: Vec<String>,
}

impl Visitor {
    /// A visitor of this messenger, with the desk that says who serves; where the server does, the desk is for the phone alone, and
    /// there need be none.
    #[must_use]
    pub fn new(talk: Box<Messenger>, desk: Option<Client>, queue: Queue) -> Self {
        Self { pair: Pair::new(talk, desk), queue, by_phone: false, serves: None, unsaid: Vec::new() }
    }

    /// Whether the present request is the desk's.
    fn asks_desk(&self) -> bool {
        self.by_phone || self.queue == Queue::Testbed
    }

    fn act(&mut self, now: RealMoment, act: &Act, out: &mut Vec<Output>) {
        match act {
            Act::Connect => {
                (self.serves, self.by_phone) = (None, false);
                self.unsaid.clear();
                self.pair.connect(now, out);
            }
            Act::Disconnect => self.pair.disconnect(now, out),
            Act::Open(opening) => self.open(now, act, opening, out),
            Act::Leave => {
                let is_served = self.part(now, out);
                if self.asks_desk() {
                    self.pair.desk(now, act, out);
                } else if !is_served {
                    self.pair.talk(now, &messenger::Act::Leave, out);
                }
            }
            Act::Type | Act::Say { .. } | Act::TakeCallback(_) if self.by_phone => {
                self.pair.desk(now, act, out);
            }
            Act::Type => match self.serves.clone() {
                Some((_, peer)) if self.pair.types() || self.queue == Queue::Server => {
                    self.pair.talk(now, &messenger::Act::Compose { peer }, out);
                }
                Some(_) => self.pair.desk(now, act, out),
                None => {}
            },
            Act::Say { text } => self.say(now, text.clone(), out),
            _ => debug_assert!(false, "no visitor does that"),
        }
    }

    fn open(&mut self, now: RealMoment, act: &Act, opening: &Opening, out: &mut Vec<Output>) {
        self.by_phone = opening.channel != Channel::Chat;
        self.serves = None;
        self.unsaid.clear();
        if self.asks_desk() {
            return self.pair.desk(now, act, out);
        }
        let (topic, text) = (opening.subject.topic.clone(), opening.token.clone());
        self.pair.talk(now, &messenger::Act::Open { topic, text }, out);
    }

    fn say(&mut self, now: RealMoment, text: String, out: &mut Vec<Output>) {
        match self.serves.clone() {
            Some((_, peer)) => self.pair.talk(now, &messenger::Act::Tell { peer, text }, out),
            None if self.unsaid.len() < UNSAID => self.unsaid.push(text),
            None => {}
        }
    }

    /// Nobody serves any more; whether somebody did.
    fn part(&mut self, now: RealMoment, out: &mut Vec<Output>) -> bool {
        let Some((_, peer)) = self.serves.take() else { return false };
        self.pair.talk(now, &messenger::Act::Part { peer }, out);
        true
    }

    /// Somebody serves, and is reached there.
    fn meet(&mut self, now: RealMoment, chat: ChatId, peer: String, out: &mut Vec<Output>) {
        self.serves = Some((chat, peer.clone()));
        out.push(Output::Event(Event::Assigned { chat, address: None }));
        if self.queue == Queue::Testbed {
            self.pair.talk(now, &messenger::Act::Meet { peer }, out);
        }
        for text in std::mem::take(&mut self.unsaid) {
            self.say(now, text, out);
        }
    }

    fn hear_desk(&mut self, now: RealMoment, event: Event, out: &mut Vec<Output>) {
        match event {
            Event::Assigned { chat, address } if !self.by_phone => match address {
                Some(peer) => self.meet(now, chat, peer, out),
                None => {
                    let why = "the desk beside the target does not say where the agent is reached".into();
                    out.push(Output::Event(Event::Broken { why }));
                }
            },
            event => {
                if matches!(event, Event::Transferred { .. } | Event::Closed { .. }) {
                    self.part(now, out);
                }
                out.push(Output::Event(event));
            }
        }
    }

    fn hear_talk(&mut self, now: RealMoment, event: messenger::Event, out: &mut Vec<Output>) {
        use messenger::Event as Talk;
        let chat = self.serves.as_ref().map_or(ONLY, |(chat, _)| *chat);
        let by_server = self.queue == Queue::Server && !self.by_phone;
        let event = match event {
            Talk::Told { text, .. } => match closing::read(&text).filter(|_| by_server) {
                Some(closing) => return self.end(now, chat, closing, out),
                None => Event::Said { chat, text },
            },
            Talk::Typing { .. } => Event::Typing { chat },
            Talk::Queued { waiting } if by_server => Event::Queued { waiting: waiting.unwrap_or(1) },
            Talk::Assigned { peer } if by_server => return self.meet(now, ONLY, peer, out),
            Talk::Closed { .. } if by_server => return self.end(now, chat, Closing::Unresolved, out),
            _ => return,
        };
        out.push(Output::Event(event));
    }

    /// The server's conversation is over, if it was not already.
    fn end(&mut self, now: RealMoment, chat: ChatId, closing: Closing, out: &mut Vec<Output>) {
        if self.part(now, out) {
            out.push(Output::Event(Event::Closed { chat, closing }));
        }
    }
}

impl Codec for Visitor {
    type Act = Act;
    type Event = Event;

    fn handle(&mut self, now: RealMoment, input: Input<'_>, out: &mut Vec<Output>) {
        match input {
            Input::Act(act) => self.act(now, act, out),
            input => self.pair.take_in(now, input, out),
        }
        while let Some(heard) = self.pair.next() {
            match heard {
                Heard::Desk(event) => self.hear_desk(now, event, out),
                Heard::Talk(event) => self.hear_talk(now, event, out),
            }
        }
    }

    fn next_deadline(&self) -> Option<RealMoment> {
        self.pair.next_deadline()
    }
}
