//! What a person who is logged in says and hears (RFC 6121): messages to addresses, and one room at a time.

use super::super::messenger::{Act, Event, LONGEST_NAME};
use super::acks::Acks;
use super::complaint::Complaint;
use super::element::{Element, Escaped, ns};
use super::login::Login;
use super::pen::Pen;
use super::room::{Outcome, Room};
use super::service::{Found, Search};
use crate::base::time::{RealMoment, RealSpan};

/// How long a server may take over letting somebody into a room, the search for its service included.
const ENTERING: RealSpan = RealSpan::from_whole_secs(10);

/// The service that has the rooms, as far as it is known.
#[derive(Clone, Debug)]
enum Service {
    Unknown,
    Sought(Search),
    Known(String),
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Session {
    acks: Acks,
    service: Service,
    room: Option<Room>,
    /// By then whoever has asked is in.
    until: RealMoment,
    /// Unlike everybody else's; the nicks in rooms begin with it.
    nick: String,
    /// Rooms entered so far.
    rooms: u32,
    /// Messages sent so far.
    messages: u32,
}

impl Session {
    /// Says that the person is here. Stanzas are acknowledged, or the server does not know how.
    pub(super) fn begin(management: bool, nick: String, login: &Login, pen: &mut Pen<'_>) -> Self {
        let acks = Acks::begin(management, pen);
        pen.stanza("presence", "id='here'", "");
        let service = login.conference.clone().map_or(Service::Unknown, Service::Known);
        Self { acks, service, room: None, until: RealMoment::ZERO, nick, rooms: 0, messages: 0 }
    }

    /// When it wants to be ticked, if at all.
    pub(super) fn deadline(&self) -> Option<RealMoment> {
        self.acks.deadline().into_iter().chain(self.is_entering().then_some(self.until)).min()
    }

    /// The deadline has come.
    pub(super) fn tick(&mut self, now: RealMoment, login: &Login, pen: &mut Pen<'_>) {
        if self.is_entering() && self.until <= now {
            pen.tell(Event::Refused { why: format!("not let in within {} s", ENTERING.secs()) });
            self.leave(pen);
        }
        self.acks.ask(now, &login.domain, pen);
    }

    /// The person hangs up.
    pub(super) fn hang_up(&mut self, now: RealMoment, login: &Login, pen: &mut Pen<'_>) {
        self.acks.ask_last(now, &login.domain, pen);
    }

    /// When the oldest question went out that the server has not answered.
    pub(super) fn unanswered(&self) -> Option<RealMoment> {
        self.acks.unanswered()
    }

    /// Whether a room was asked for, and nobody has said anything to that.
    fn is_entering(&self) -> bool {
        match (&self.room, &self.service) {
            (Some(room), _) => room.audience().is_none(),
            (None, Service::Sought(search)) => !search.room.is_empty(),
            (None, Service::Unknown | Service::Known(_)) => false,
        }
    }

    /// Does what the person does. There is no queue here, and no word for meeting somebody.
    pub(super) fn act(&mut self, act: &Act, now: RealMoment, login: &Login, pen: &mut Pen<'_>) {
        match act {
            Act::Tell { peer, text } => self.say("chat", peer, text, now, login, pen),
            Act::Compose { peer } => {
                let composing = format_args!("<composing xmlns='{}'/>", ns::CHAT_STATES);
                pen.stanza("message", format_args!("type='chat' to='{}'", Escaped(peer)), composing);
            }
            Act::Enter { room } => {
                self.until = now + ENTERING;
                self.enter(room, login, pen);
            }
            Act::Post { text } => {
                if let Some(room) = self.room.as_ref().and_then(Room::audience) {
                    let room = room.to_owned();
                    self.say("groupchat", &room, text, now, login, pen);
                }
            }
            Act::Leave => self.leave(pen),
            Act::Ask => self.acks.said(now, &login.domain, pen),
            Act::Connect
            | Act::Disconnect
            | Act::Meet { .. }
            | Act::Part { .. }
            | Act::Open { .. }
            | Act::Ready { .. }
            | Act::Rest => {}
        }
    }

    fn say(&mut self, kind: &str, to: &str, text: &str, now: RealMoment, login: &Login, pen: &mut Pen<'_>) {
        self.messages = self.messages.wrapping_add(1);
        let (number, to, text) = (self.messages, Escaped(to), Escaped(text));
        // Who types no longer says so with the message (XEP-0085, 5.1); to a room nobody says that they type.
        let state =
            if kind == "chat" { "<active xmlns='http://jabber.org/protocol/chatstates'/>" } else { "" };
        let attributes = format_args!("type='{kind}' to='{to}' id='m{number}'");
        pen.stanza("message", attributes, format_args!("<body>{text}</body>{state}"));
        self.acks.said(now, &login.domain, pen);
    }

    fn enter(&mut self, name: &str, login: &Login, pen: &mut Pen<'_>) {
        self.leave(pen);
        match &mut self.service {
            Service::Unknown => {
                self.service = Service::Sought(Search::begin(name.to_owned(), &login.domain, pen));
            }
            Service::Sought(search) => name.clone_into(&mut search.room),
            Service::Known(service) => {
                self.rooms = self.rooms.wrapping_add(1);
                // Each time another nick: what still comes from a room that was left is not taken for news of this one.
                let room = Room::new(name, service, format!("{}-{}", self.nick, self.rooms));
                room.enter(pen);
                self.room = Some(room);
            }
        }
    }

    fn leave(&mut self, pen: &mut Pen<'_>) {
        if let Some(room) = self.room.take() {
            room.leave(pen);
        }
        if let Service::Sought(search) = &mut self.service {
            search.room.clear();
        }
    }

    /// Takes in an element of the stream.
    ///
    /// # Errors
    /// Says what makes no sense in it, for a person to read.
    pub(super) fn take(
        &mut self,
        element: &Element,
        now: RealMoment,
        login: &Login,
        pen: &mut Pen<'_>,
    ) -> Result<(), String> {
        match (element.name(), element.namespace()) {
            ("message", ns::CLIENT) => {
                self.acks.hear();
                self.message(element, pen);
                Ok(())
            }
            ("presence", ns::CLIENT) => {
                self.acks.hear();
                self.presence(element, pen)
            }
            ("iq", ns::CLIENT) => {
                self.acks.hear();
                self.question_or_answer(element, now, login, pen);
                Ok(())
            }
            (_, ns::MANAGEMENT) => self.acks.manage(element, now, &login.domain, pen),
            (name, namespace) => Err(format!("`{name}` of `{namespace}` is no stanza")),
        }
    }

    fn message(&mut self, stanza: &Element, pen: &mut Pen<'_>) {
        let from = stanza.attribute("from").unwrap_or_default();
        let kind = stanza.attribute("type").unwrap_or("normal");
        if let Some(room) = &self.room
            && let Some(sender) = room.sender(from)
            && matches!(kind, "groupchat" | "error")
        {
            if room.message(sender, stanza, pen) == Outcome::Out {
                self.room = None;
            }
            return;
        }
        match kind {
            "chat" | "normal" if !from.is_empty() && from.len() <= LONGEST_NAME => {
                if let Some(body) = stanza.child("body", ns::CLIENT) {
                    pen.tell(Event::Told { peer: from.to_owned(), text: body.text.clone() });
                } else if stanza.child("composing", ns::CHAT_STATES).is_some() {
                    pen.tell(Event::Typing { peer: from.to_owned() });
                }
            }
            // That a message found nobody is no news: whoever it was meant for has left, and it counts as lost.
            "error" => {
                let complaint = Complaint::in_stanza(stanza);
                if !complaint.is_of_absence() {
                    pen.tell(complaint.of_message());
                }
            }
            _ => {}
        }
    }

    fn presence(&mut self, stanza: &Element, pen: &mut Pen<'_>) -> Result<(), String> {
        let from = stanza.attribute("from").unwrap_or_default();
        let Some(room) = &mut self.room else { return Ok(()) };
        let outcome = match room.sender(from) {
            Some("") if stanza.attribute("type") != Some("error") => Outcome::Here,
            Some(nick) => room.presence(nick, stanza, pen),
            None => Outcome::Here,
        };
        match outcome {
            Outcome::Here => {}
            Outcome::Out => self.room = None,
            Outcome::Broken(why) => return Err(why),
        }
        Ok(())
    }

    fn question_or_answer(&mut self, stanza: &Element, now: RealMoment, login: &Login, pen: &mut Pen<'_>) {
        let id = stanza.attribute("id").unwrap_or_default();
        match stanza.attribute("type") {
            Some("get" | "set") => answer(stanza, id, pen),
            Some("result" | "error") => {
                self.acks.answered(id, now, &login.domain, pen);
                self.search_on(stanza, id, login, pen);
            }
            _ => {}
        }
    }

    fn search_on(&mut self, stanza: &Element, id: &str, login: &Login, pen: &mut Pen<'_>) {
        let Service::Sought(search) = &mut self.service else { return };
        if search.id() != id {
            return;
        }
        if let Found::Service(service) = search.answered(stanza, &login.domain, pen) {
            let room = std::mem::take(&mut search.room);
            self.service = Service::Known(service);
            if !room.is_empty() {
                self.enter(&room, login, pen);
            }
        }
    }
}

/// Everybody who is asked answers (RFC 6120, 8.2.3): that they are here, or that they do not know.
fn answer(question: &Element, id: &str, pen: &mut Pen<'_>) {
    let to = match question.attribute("from") {
        Some(from) => format!(" to='{}'", Escaped(from)),
        None => String::new(),
    };
    let id = Escaped(id);
    if question.child("ping", ns::PING).is_some() {
        return pen.stanza("iq", format_args!("type='result' id='{id}'{to}"), "");
    }
    let unknown = "<error type='cancel'>\
                   <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
    pen.stanza("iq", format_args!("type='error' id='{id}'{to}"), unknown);
}
