//! A visitor on a chat server: asks a desk, talks over the messenger.

use super::super::json::client::Client;
use super::super::messenger::{self, Messenger};
use super::super::{Act, ChatId, Event, Opening, Output};
use super::pair::{Heard, Pair, Side};
use super::{Queue, closing};
use crate::base::time::{RealMoment, RealSpan};
use crate::base::words::{Channel, Closing};

/// Messages kept while it is not known who serves.
const UNSAID: usize = 8;
/// How long an agent's last words may take over the server when the desk has said already that the conversation is over. A server that is
/// slow is slow with them too, and late is not lost.
const LAST_WORDS: RealSpan = RealSpan::from_whole_secs(30);
/// The same for one who was away, and may have missed some of them.
const AFTER_AWAY: RealSpan = RealSpan::from_whole_secs(2);
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
    /// Messages heard of whoever serves.
    heard: u32,
    /// Whether the connection broke since that began.
    was_away: bool,
    /// The desk has said that the conversation is over, and after how many messages: those may still be on their way, until then.
    over: Option<(Event, u32, RealMoment)>,
}

impl Visitor {
    /// A visitor of this messenger, with the desk that says who serves; where the server does, the desk is for the phone alone, and
    /// there need be none.
    #[must_use]
    pub fn new(talk: Box<Messenger>, desk: Option<Client>, queue: Queue) -> Self {
        Self {
            pair: Pair::new(talk, desk),
            queue,
            by_phone: false,
            serves: None,
            unsaid: Vec::new(),
            heard: 0,
            was_away: false,
            over: None,
        }
    }

    /// Whether the present request is the desk's.
    fn asks_desk(&self) -> bool {
        self.by_phone || self.queue == Queue::Testbed
    }

    fn open(&mut self, now: RealMoment, act: &Act, opening: &Opening, out: &mut Vec<Output>) {
        self.by_phone = opening.channel != Channel::Chat;
        (self.serves, self.over) = (None, None);
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
        self.over = None;
        let Some((_, peer)) = self.serves.take() else { return false };
        self.pair.talk(now, &messenger::Act::Part { peer }, out);
        true
    }

    /// Somebody serves, and is reached there.
    fn meet(&mut self, now: RealMoment, chat: ChatId, peer: String, out: &mut Vec<Output>) {
        (self.serves, self.heard, self.was_away) = (Some((chat, peer.clone())), 0, false);
        out.push(Output::Event(Event::Assigned { chat, address: None }));
        if self.queue == Queue::Testbed {
            self.pair.talk(now, &messenger::Act::Meet { peer }, out);
        }
        for text in std::mem::take(&mut self.unsaid) {
            self.say(now, text, out);
        }
    }

    /// The desk goes on where a connection broke; on the server every connection is a new one.
    fn meet_again(&mut self, now: RealMoment, out: &mut Vec<Output>) {
        if let Some((_, peer)) = self.serves.clone() {
            self.was_away = true;
            if let Some((.., until)) = &mut self.over {
                *until = now + AFTER_AWAY;
            }
            self.pair.talk(now, &messenger::Act::Meet { peer }, out);
        }
    }

    /// Nobody knows anything of what was before.
    fn forget(&mut self) {
        (self.serves, self.by_phone, self.over) = (None, false, None);
        self.unsaid.clear();
    }

    fn hear_desk(&mut self, now: RealMoment, event: Event, out: &mut Vec<Output>) {
        match event {
            Event::Welcome { resumed } => {
                out.push(Output::Event(event));
                if resumed { self.meet_again(now, out) } else { self.forget() }
            }
            Event::Assigned { chat, address } if !self.by_phone => match address {
                Some(peer) => self.meet(now, chat, peer, out),
                None => {
                    let why = "the desk beside the target does not say where the agent is reached".into();
                    out.push(Output::Event(Event::Broken { why }));
                }
            },
            Event::Closed { said: Some(said), .. } if !self.by_phone && self.heard < said => {
                let patience = if self.was_away { AFTER_AWAY } else { LAST_WORDS };
                self.over = Some((event, said, now + patience));
            }
            event => {
                if matches!(event, Event::Transferred { .. } | Event::Closed { .. }) {
                    self.part(now, out);
                }
                out.push(Output::Event(event));
            }
        }
    }

    /// What the desk said of the end holds now, if the last words have come or nobody waits for them any more.
    fn end_if_whole(&mut self, now: RealMoment, out: &mut Vec<Output>) {
        let heard = self.heard;
        if let Some((event, ..)) = self.over.take_if(|(_, said, until)| heard >= *said || *until <= now) {
            self.part(now, out);
            out.push(Output::Event(event));
        }
    }

    fn hear_talk(&mut self, now: RealMoment, event: messenger::Event, out: &mut Vec<Output>) {
        use messenger::Event as Talk;
        let chat = self.serves.as_ref().map_or(ONLY, |(chat, _)| *chat);
        let by_server = self.queue == Queue::Server && !self.by_phone;
        let event = match event {
            Talk::Told { text, .. } => match closing::read(&text).filter(|_| by_server) {
                Some(closing) => return self.end(now, chat, closing, out),
                None => {
                    self.heard += 1;
                    Event::Said { chat, text }
                }
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
            out.push(Output::Event(Event::Closed { chat, closing, said: None }));
        }
    }
}

impl Side for Visitor {
    fn pair(&mut self) -> &mut Pair {
        &mut self.pair
    }

    fn act(&mut self, now: RealMoment, act: &Act, out: &mut Vec<Output>) {
        match act {
            Act::Connect => {
                // Nothing is taken up again of what a server gave.
                if self.queue == Queue::Server {
                    self.forget();
                }
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

    fn hear(&mut self, now: RealMoment, heard: Heard, out: &mut Vec<Output>) {
        match heard {
            Heard::Desk(event) => self.hear_desk(now, event, out),
            Heard::Talk(event) => self.hear_talk(now, event, out),
        }
    }

    fn settle(&mut self, now: RealMoment, out: &mut Vec<Output>) {
        if self.pair.is_up() {
            self.end_if_whole(now, out);
        }
    }

    fn next_deadline(&self) -> Option<RealMoment> {
        let last_words = self.over.as_ref().filter(|_| self.pair.is_up()).map(|(.., until)| *until);
        self.pair.next_deadline().into_iter().chain(last_words).min()
    }
}
