//! Everybody who is connected, the desks they stand at, and the conversations between them. Sans-IO: frames come in as
//! calls and go out through outboxes; sockets are somebody else's business, and the time is told.
//!
//! Whatever clients say may be hostile. What makes no sense is refused with a reason and ends the connection; what could
//! grow is bounded; who does not read is cut off when the outbox is full.

use std::collections::BTreeMap;

use tokio::sync::mpsc;

use super::limits;
use super::station::{Entrant, Stations};
use crate::base::id::AgentId;
use crate::base::time::Moment;
use crate::platform::desk::{Assignment, Departure, Placement, Ticket};
use crate::scenario::plan::Routing;
use crate::wire::ChatId;
use crate::wire::json::frame::{ClientFrame, How, Line, Role, ServerFrame};

/// A client of the server, as it numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ClientId(u64);

/// Why a client's frame ends its connection.
pub(super) type Refusal = String;

/// Frames on their way to a client. It ends when the client is cut off.
pub(super) type Outbox = mpsc::Receiver<ServerFrame>;

#[derive(Debug)]
struct Client {
    outbox: mpsc::Sender<ServerFrame>,
    run: u32,
    part: Part,
}

#[derive(Clone, Debug)]
enum Part {
    /// The present conversation, or the last one.
    Visitor(Option<ChatId>),
    /// The desk and the number there, once on duty.
    Agent(Option<(StationKey, AgentId)>),
}

/// A desk: the run it belongs to, and its name.
pub(super) type StationKey = (u32, String);

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    /// With the agent, who has not closed it.
    Held(ClientId),
    /// Closed, or left while waiting; kept for what crosses.
    Over(Option<ClientId>),
}

/// A request to be served, and what came of it. Kept until its visitor asks anew or is gone, so that a message that
/// crosses with its end still finds the other side.
#[derive(Debug)]
struct Chat {
    station: StationKey,
    ticket: Ticket,
    stage: Stage,
    /// `None` once the connection is gone or serves another conversation.
    visitor: Option<ClientId>,
    left: bool,
    topic: String,
    channel: Line,
    tried: u8,
    token: String,
}

/// The state of the server.
#[derive(Debug, Default)]
pub(super) struct Hall {
    clients: BTreeMap<ClientId, Client>,
    chats: BTreeMap<ChatId, Chat>,
    stations: Stations,
    numbered: u64,
    /// Those whose outbox was full.
    cut: Vec<ClientId>,
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
            Role::Agent => Part::Agent(None),
        };
        let id = ClientId(self.number());
        self.clients.insert(id, Client { outbox, run, part });
        (id, frames)
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
        let result = self.dispatch(now, id, frame);
        self.cut_off(now);
        self.stations.tidy_new();
        result
    }

    fn dispatch(&mut self, now: Moment, id: ClientId, frame: ClientFrame) -> Result<(), Refusal> {
        use ClientFrame as F;
        let Some(client) = self.clients.get(&id) else { return Ok(()) };
        let run = client.run;
        match (frame, client.part.clone()) {
            (F::Open { desk, topic, skills, channel, tried, token }, Part::Visitor(last)) => {
                if last.is_some_and(|chat| self.is_pending(chat)) {
                    return Err("you are being served, or wait to be".into());
                }
                if let Some(last) = last {
                    self.forget_visitor(last);
                }
                let entrant = Entrant { name: topic, skills };
                limits::text("token", &token)?;
                self.open(now, id, (run, desk), entrant, (channel, tried, token))
            }
            (F::Callback, Part::Visitor(chat)) => {
                let chat = chat.and_then(|chat| self.chats.get_mut(&chat));
                // One that crosses with the assignment comes too late, and that is nobody's fault.
                if let Some(chat) = chat.filter(|chat| chat.stage == Stage::Waiting) {
                    (chat.channel, chat.tried) = (Line::Callback, 0);
                }
                Ok(())
            }
            (F::Say { chat: None, text }, Part::Visitor(Some(chat))) => {
                self.tell_agent(chat, ServerFrame::Said { chat, text });
                Ok(())
            }
            (F::Leave, Part::Visitor(chat)) => {
                if let Some(chat) = chat {
                    self.walk_away(chat);
                }
                Ok(())
            }
            (F::Ready { desk, group, slots, skills }, Part::Agent(None)) => {
                self.ready(now, id, &(run, desk), &Entrant { name: group, skills }, slots)
            }
            (F::Say { chat: Some(chat), text }, Part::Agent(Some(_))) => {
                self.own(id, chat)?;
                self.tell_visitor(chat, ServerFrame::Said { chat, text });
                Ok(())
            }
            (F::Close { chat, how }, Part::Agent(Some(_))) => {
                self.own(id, chat)?;
                self.close(now, chat, how);
                Ok(())
            }
            (F::Hello { .. }, _) => Err("you have greeted already".into()),
            (frame, part) => Err(nonsense(&frame, &part)),
        }
    }

    fn number(&mut self) -> u64 {
        self.numbered += 1;
        self.numbered
    }

    fn is_pending(&self, chat: ChatId) -> bool {
        self.chats.get(&chat).is_some_and(|chat| match chat.stage {
            Stage::Waiting => true,
            Stage::Held(_) => !chat.left,
            Stage::Over(_) => false,
        })
    }

    fn open(
        &mut self,
        now: Moment,
        id: ClientId,
        key: StationKey,
        topic: Entrant,
        (channel, tried, token): (Line, u8, String),
    ) -> Result<(), Refusal> {
        let station = self.stations.at(&key)?;
        let topic_id = station.topic(&topic)?;
        let chat = ChatId(self.numbered + 1);
        let Some(ticket) = station.issue(chat) else {
            let why = format!("`{}` has no room for another visitor", key.1);
            self.send(id, ServerFrame::Refused { why });
            return Ok(());
        };
        let placement = station.desk.join(now, ticket, topic_id);
        let position = station.desk.waiting() as u32;
        let agent = match placement {
            Placement::Assigned(agent) => Some((agent, station.client_of(agent))),
            Placement::Queued => None,
        };
        self.numbered += 1;
        let stage = Stage::Waiting;
        let topic = topic.name;
        let visitor = Some(id);
        let left = false;
        self.chats
            .insert(chat, Chat { station: key, ticket, stage, visitor, left, topic, channel, tried, token });
        if let Some(Client { part: Part::Visitor(present), .. }) = self.clients.get_mut(&id) {
            *present = Some(chat);
        }
        match agent {
            Some((agent, Some(client))) => self.assign(chat, agent, client),
            Some((_, None)) => unreachable!("who is on duty is connected"),
            None => self.send(id, ServerFrame::Queued { position }),
        }
        Ok(())
    }

    fn assign(&mut self, id: ChatId, agent: AgentId, client: ClientId) {
        let Some(chat) = self.chats.get_mut(&id) else { return };
        chat.stage = Stage::Held(client);
        let given = ServerFrame::Given {
            chat: id,
            token: chat.token.clone(),
            channel: chat.channel,
            tried: chat.tried,
            topic: chat.topic.clone(),
        };
        self.send(client, given);
        self.tell_visitor(id, ServerFrame::Assigned { chat: id, agent: agent.0 });
    }

    fn ready(
        &mut self,
        now: Moment,
        id: ClientId,
        key: &StationKey,
        group: &Entrant,
        slots: u32,
    ) -> Result<(), Refusal> {
        if slots == 0 || slots > limits::SLOTS {
            return Err(format!("{slots} slots; between 1 and {} are possible", limits::SLOTS));
        }
        let station = self.stations.at(key)?;
        let group = station.group(group)?;
        let agent = station.seat(id)?;
        station.desk.enter(now, agent, group, slots, false);
        if let Some(client) = self.clients.get_mut(&id) {
            client.part = Part::Agent(Some((key.clone(), agent)));
        }
        self.send(id, ServerFrame::OnDuty { agent: agent.0 });
        self.serve_next(now, key, agent);
        Ok(())
    }

    /// Gives `agent` whoever waits and can be served now.
    fn serve_next(&mut self, now: Moment, key: &StationKey, agent: AgentId) {
        while let Some(station) = self.stations.get(key)
            && let Some(Assignment { ticket, agent }) = station.desk.next_for(now, agent)
            && let Some(chat) = station.chat_of(ticket)
            && let Some(client) = station.client_of(agent)
        {
            self.assign(chat, agent, client);
        }
    }

    /// Whether `chat` is in the hands of agent `id`.
    fn own(&self, id: ClientId, chat: ChatId) -> Result<(), Refusal> {
        match self.chats.get(&chat).map(|chat| chat.stage) {
            Some(Stage::Held(agent)) if agent == id => Ok(()),
            _ => Err(format!("conversation {} is not yours", chat.0)),
        }
    }

    fn close(&mut self, now: Moment, id: ChatId, how: How) {
        let Some(chat) = self.chats.get_mut(&id) else { return };
        let Stage::Held(client) = chat.stage else { return };
        chat.stage = Stage::Over(Some(client));
        let (key, ticket, left) = (chat.station.clone(), chat.ticket, chat.left);
        if !left {
            self.tell_visitor(id, ServerFrame::Closed { chat: id, how });
        }
        self.forget_if_done(id);
        let Some(station) = self.stations.get(&key) else { return };
        let agent = station.desk.free(now, ticket);
        station.take_back(ticket);
        if let Some(agent) = agent {
            self.serve_next(now, &key, agent);
        }
    }

    /// The visitor of `id` leaves the queue or the conversation.
    fn walk_away(&mut self, id: ChatId) {
        let Some(chat) = self.chats.get_mut(&id) else { return };
        if chat.left {
            return;
        }
        chat.left = true;
        match chat.stage {
            Stage::Over(_) => {}
            Stage::Held(_) => self.tell_agent(id, ServerFrame::Left { chat: id }),
            Stage::Waiting => {
                chat.stage = Stage::Over(None);
                let (key, ticket) = (chat.station.clone(), chat.ticket);
                if let Some(station) = self.stations.get(&key) {
                    let departure = station.desk.leave(ticket);
                    debug_assert_eq!(departure, Departure::Queue);
                    station.take_back(ticket);
                }
                self.stations.tidy(&key);
            }
        }
    }

    fn remove(&mut self, now: Moment, id: ClientId) {
        let Some(client) = self.clients.remove(&id) else { return };
        match client.part {
            Part::Visitor(Some(chat)) => {
                self.walk_away(chat);
                self.forget_visitor(chat);
            }
            Part::Agent(Some((key, agent))) => {
                if let Some(station) = self.stations.get(&key) {
                    station.desk.exit(agent);
                }
                let held = self.chats.iter().filter(|(_, chat)| chat.stage == Stage::Held(id));
                let held: Vec<ChatId> = held.map(|(chat, _)| *chat).collect();
                for chat in held {
                    self.close(now, chat, How::Unresolved);
                }
                if let Some(station) = self.stations.get(&key) {
                    station.vacate(agent);
                }
                self.stations.tidy(&key);
            }
            Part::Visitor(None) | Part::Agent(None) => {}
        }
    }

    /// The visitor's connection no longer concerns `id`.
    fn forget_visitor(&mut self, id: ChatId) {
        if let Some(chat) = self.chats.get_mut(&id) {
            chat.visitor = None;
        }
        self.forget_if_done(id);
    }

    fn forget_if_done(&mut self, id: ChatId) {
        let done = |chat: &Chat| chat.visitor.is_none() && matches!(chat.stage, Stage::Over(_));
        if self.chats.get(&id).is_some_and(done) {
            self.chats.remove(&id);
        }
    }

    fn tell_visitor(&mut self, chat: ChatId, frame: ServerFrame) {
        if let Some(visitor) = self.chats.get(&chat).and_then(|chat| chat.visitor) {
            self.send(visitor, frame);
        }
    }

    fn tell_agent(&mut self, chat: ChatId, frame: ServerFrame) {
        if let Some(Stage::Held(agent) | Stage::Over(Some(agent))) =
            self.chats.get(&chat).map(|chat| chat.stage)
        {
            self.send(agent, frame);
        }
    }

    fn send(&mut self, to: ClientId, frame: ServerFrame) {
        if let Some(client) = self.clients.get(&to)
            && client.outbox.try_send(frame).is_err()
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

fn nonsense(frame: &ClientFrame, part: &Part) -> Refusal {
    use ClientFrame as F;
    let what = match frame {
        F::Hello { .. } => "hello",
        F::Open { .. } => "open",
        F::Callback => "callback",
        F::Say { .. } => "say",
        F::Leave => "leave",
        F::Ready { .. } => "ready",
        F::Close { .. } => "close",
    };
    let who = match part {
        Part::Visitor(None) => "a visitor who has not asked for anything",
        Part::Visitor(Some(_)) => "a visitor",
        Part::Agent(None) => "an agent who is not on duty",
        Part::Agent(Some(_)) => "an agent on duty",
    };
    format!("`{what}` makes no sense from {who}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(desk: &str) -> ClientFrame {
        ClientFrame::Open {
            desk: desk.into(),
            topic: String::new(),
            skills: Vec::new(),
            channel: Line::Chat,
            tried: 0,
            token: String::new(),
        }
    }

    fn ready(slots: u32) -> ClientFrame {
        ClientFrame::Ready { desk: "support".into(), group: String::new(), slots, skills: Vec::new() }
    }

    #[test]
    fn nothing_is_kept_of_those_who_are_gone() {
        let mut hall = Hall::default();
        let now = Moment::ZERO;
        let (agent, _to_agent) = hall.join(Role::Agent, 1);
        let (first, _to_first) = hall.join(Role::Visitor, 1);
        let (second, mut to_second) = hall.join(Role::Visitor, 1);
        hall.hear(now, agent, ready(1)).unwrap();
        hall.hear(now, first, open("support")).unwrap();
        hall.hear(now, second, open("support")).unwrap();
        assert_eq!(to_second.try_recv(), Ok(ServerFrame::Queued { position: 1 }));
        hall.leave(now, first);
        assert_eq!(hall.chats.len(), 2, "the agent has yet to close the first");
        let chat = *hall.chats.keys().next().unwrap();
        hall.hear(now, agent, ClientFrame::Close { chat, how: How::Abandoned }).unwrap();
        assert!(matches!(to_second.try_recv(), Ok(ServerFrame::Assigned { agent: 0, .. })));
        hall.leave(now, agent);
        assert!(matches!(to_second.try_recv(), Ok(ServerFrame::Closed { how: How::Unresolved, .. })));
        hall.leave(now, second);
        assert!(hall.chats.is_empty() && hall.clients.is_empty());
        assert_eq!(hall.stations.len(), 0);
    }

    #[test]
    fn requests_that_are_turned_down_leave_no_desk_behind() {
        let mut hall = Hall::default();
        let (agent, _frames) = hall.join(Role::Agent, 1);
        for slots in [0, limits::SLOTS + 1] {
            assert!(hall.hear(Moment::ZERO, agent, ready(slots)).is_err());
        }
        let (visitor, _frames) = hall.join(Role::Visitor, 1);
        let skills = vec![String::new(); limits::SKILLS + 1];
        let mut frame = open("support");
        if let ClientFrame::Open { skills: asked, .. } = &mut frame {
            *asked = skills;
        }
        assert!(hall.hear(Moment::ZERO, visitor, frame).is_err());
        assert_eq!(hall.stations.len(), 0);
    }
}
