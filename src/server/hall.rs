//! Everybody who is connected, the desks they stand at and the rooms they are in, and what is said there. Sans-IO: frames come in as
//! calls and go out through outboxes; sockets are somebody else's business, and the time is told.
//!
//! Whatever clients say may be hostile. What makes no sense is refused with a reason and ends the connection; what could
//! grow is bounded; who does not read is cut off when the outbox is full.

mod chats;
mod duty;
mod review;
mod rooms;

use std::collections::BTreeMap;

use axum::extract::ws::Utf8Bytes;
use tokio::sync::mpsc;

use super::attendant;
use super::forum::Forums;
use super::limits;
use super::metrics::Census;
use super::station::Stations;
use crate::base::time::Moment;
use crate::scenario::plan::Routing;
use crate::wire::ChatId;
use crate::wire::json::frame::{ClientFrame, Role, ServerFrame};
use crate::wire::token::Token;

use chats::{Chat, Stage};
use duty::Post;
use review::Chair;
use rooms::Stay;

/// A client of the server, as it numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ClientId(u64);

/// Why a client's frame ends its connection.
pub(super) type Refusal = String;

/// What is on its way to a client.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Parcel {
    /// To this one alone.
    One(ServerFrame),
    /// To many, and written once for all of them; and whether that is a message.
    Many(Utf8Bytes, Option<Message>),
}

/// What one person says to another; with its token, if it is a run's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Message(pub(super) Option<Token>);

impl Message {
    fn of(text: &str) -> Self {
        Self(Token::leading(text))
    }
}

impl Parcel {
    /// The message that this is, if it is one.
    pub(super) fn message(&self) -> Option<Message> {
        match self {
            Self::One(ServerFrame::Said { text, .. }) => Some(Message::of(text)),
            Self::One(_) => None,
            Self::Many(_, message) => *message,
        }
    }

    /// The token of the message of a run that this is.
    pub(super) fn token(&self) -> Option<Token> {
        self.message()?.0
    }

    /// Whether somebody says something.
    fn is_said(&self) -> bool {
        matches!(self, Self::One(ServerFrame::Said { .. }) | Self::Many(_, Some(_)))
    }

    /// Whether it is the answer to a greeting.
    pub(super) fn is_welcome(&self) -> bool {
        matches!(self, Self::One(ServerFrame::Welcome { .. }))
    }

    /// Whether somebody has begun to write.
    pub(super) fn is_typing(&self) -> bool {
        matches!(self, Self::One(ServerFrame::Typing { .. }))
    }
}

/// What is on its way to a client, in order. It ends when the client is cut off.
pub(super) type Outbox = mpsc::Receiver<Parcel>;

#[derive(Debug)]
struct Client {
    outbox: mpsc::Sender<Parcel>,
    run: u32,
    part: Part,
    /// Where others reach this person, if that is on another server.
    address: Option<String>,
}

impl Client {
    fn is_attendant(&self) -> bool {
        self.run == attendant::RUN && matches!(self.part, Part::Agent(_))
    }
}

#[derive(Debug)]
enum Part {
    /// The present conversation, or the last one.
    Visitor(Option<ChatId>),
    /// The seats: at most two, in the order in which the agent took them.
    Agent(Vec<Post>),
    /// The room in which the guest is.
    Guest(Option<Stay>),
    /// Where the moderator works.
    Moderator(Option<Chair>),
}

/// A desk: the run it belongs to, and its name.
pub(super) type StationKey = (u32, String);

/// The state of the server.
#[derive(Debug, Default)]
pub(super) struct Hall {
    clients: BTreeMap<ClientId, Client>,
    chats: BTreeMap<ChatId, Chat>,
    stations: Stations,
    forums: Forums,
    numbered: u64,
    /// Those whose outbox was full.
    cut: Vec<ClientId>,
    /// Messages that were handed on, to each recipient.
    messages: u64,
}

impl Hall {
    /// Nobody, nowhere; desks of these names route so, any other least busy first.
    pub(super) fn new(routings: BTreeMap<String, Routing>) -> Self {
        Self { stations: Stations::new(routings), ..Self::default() }
    }

    /// A client who has greeted.
    pub(super) fn join(&mut self, role: Role, run: u32) -> (ClientId, Outbox) {
        let (outbox, frames) = mpsc::channel(limits::BACKLOG);
        let part = match role {
            Role::Visitor => Part::Visitor(None),
            Role::Agent => Part::Agent(Vec::new()),
            Role::Guest => Part::Guest(None),
            Role::Moderator => Part::Moderator(None),
        };
        let id = ClientId(self.number());
        self.clients.insert(id, Client { outbox, run, part, address: None });
        (id, frames)
    }

    /// Where others reach this client, if that is on another server.
    pub(super) fn reached_at(&mut self, id: ClientId, address: Option<String>) {
        if let Some(client) = self.clients.get_mut(&id) {
            client.address = address;
        }
    }

    fn address_of(&self, id: ClientId) -> Option<String> {
        self.clients.get(&id)?.address.clone()
    }

    /// A client is gone, however that came about.
    pub(super) fn leave(&mut self, now: Moment, id: ClientId) {
        self.remove(now, id);
        self.cut_off(now);
    }

    /// A client says something.
    ///
    /// # Errors
    /// When it makes no sense; the caller ends the connection.
    pub(super) fn hear(&mut self, now: Moment, id: ClientId, frame: ClientFrame) -> Result<(), Refusal> {
        let result = match self.clients.get(&id) {
            None => Ok(()),
            Some(_) if matches!(frame, ClientFrame::Hello { .. }) => Err("you have greeted already".into()),
            Some(Client { part: Part::Visitor(chat), run, .. }) => {
                self.hear_visitor(now, id, *run, *chat, frame)
            }
            Some(Client { part: Part::Agent(_), run, .. }) => self.hear_agent(now, id, *run, frame),
            Some(Client { part: Part::Guest(_), run, .. }) => self.hear_guest(id, *run, frame),
            Some(Client { part: Part::Moderator(_), run, .. }) => self.hear_moderator(id, *run, frame),
        };
        self.cut_off(now);
        self.stations.tidy_new();
        result
    }

    /// Who is there.
    pub(super) fn census(&self) -> Census {
        let at =
            |is_so: fn(&Stage) -> bool| self.chats.values().filter(|chat| is_so(&chat.stage)).count() as u64;
        Census {
            // The agent of the page has no connection.
            connections: self.clients.values().filter(|client| !client.is_attendant()).count() as u64,
            waiting: at(|stage| matches!(stage, Stage::Waiting)),
            held: at(|stage| matches!(stage, Stage::Held(_))),
            messages: self.messages,
        }
    }

    /// Whether nobody is there.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }

    fn number(&mut self) -> u64 {
        self.numbered += 1;
        self.numbered
    }

    fn remove(&mut self, now: Moment, id: ClientId) {
        match self.clients.get(&id).map(|client| &client.part) {
            Some(Part::Visitor(Some(chat))) => {
                let chat = *chat;
                self.walk_away(chat);
                self.forget_visitor(chat);
            }
            Some(Part::Agent(_)) => self.vacate(now, id),
            Some(Part::Guest(_)) => self.leave_room(id),
            Some(Part::Moderator(_)) => self.leave_chair(id),
            Some(Part::Visitor(None)) | None => {}
        }
        self.clients.remove(&id);
    }

    fn send(&mut self, to: ClientId, frame: ServerFrame) {
        self.hand(to, Parcel::One(frame));
    }

    fn hand(&mut self, to: ClientId, parcel: Parcel) {
        self.messages += u64::from(parcel.is_said());
        if let Some(client) = self.clients.get(&to)
            && client.outbox.try_send(parcel).is_err()
        {
            self.cut.push(to);
        }
    }

    fn cut_off(&mut self, now: Moment) {
        while let Some(id) = self.cut.pop() {
            self.remove(now, id);
        }
    }
}

/// Why `frame` is not taken from `who`.
fn nonsense(frame: &ClientFrame, who: &str) -> Refusal {
    use ClientFrame as F;
    let what = match frame {
        F::Hello { .. } => "hello",
        F::Open { .. } => "open",
        F::Callback { .. } => "callback",
        F::Typing { .. } => "typing",
        F::Say { .. } => "say",
        F::Leave => "leave",
        F::Ready { .. } => "ready",
        F::Rest => "rest",
        F::More => "more",
        F::Transfer { .. } => "transfer",
        F::Close { .. } => "close",
        F::Free { .. } => "free",
        F::Enter { .. } => "enter",
        F::Post { .. } => "post",
        F::Report { .. } => "report",
        F::Moderate { .. } => "moderate",
        F::Decide { .. } => "decide",
    };
    format!("`{what}` makes no sense from {who}")
}

#[cfg(test)]
mod tests;
