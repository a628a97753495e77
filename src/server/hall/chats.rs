//! Conversations, from the request to the slot that is free again, and what visitors do to them.

use super::super::limits;
use super::super::station::Entrant;
use super::{Client, ClientId, Hall, Part, Refusal, StationKey, nonsense};
use crate::base::id::AgentId;
use crate::base::time::Moment;
use crate::platform::desk::{Departure, Placement, Ticket};
use crate::wire::ChatId;
use crate::wire::json::frame::{ClientFrame, How, Line, ServerFrame};

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Waiting,
    /// With the agent, who has not closed it.
    Held(ClientId),
    /// Closed; the agent's slot is not free yet.
    WrapUp(ClientId),
    /// Closed, or left while waiting; kept for what crosses.
    Over(Option<ClientId>),
}

/// A request to be served, and what came of it. Kept until its visitor asks anew or is gone, so that a message that
/// crosses with its end still finds the other side.
#[derive(Debug)]
pub(super) struct Chat {
    pub(super) station: StationKey,
    pub(super) ticket: Ticket,
    pub(super) stage: Stage,
    /// `None` once the connection is gone or serves another conversation.
    visitor: Option<ClientId>,
    pub(super) left: bool,
    /// What was said while nobody had the conversation.
    unheard: Vec<String>,
    pub(super) matter: Matter,
}

/// What an agent is told of a request.
#[derive(Clone, Debug)]
pub(super) struct Matter {
    pub(super) topic: String,
    pub(super) channel: Line,
    pub(super) tried: u8,
    pub(super) token: String,
}

impl Hall {
    pub(super) fn hear_visitor(
        &mut self,
        now: Moment,
        id: ClientId,
        run: u32,
        chat: Option<ChatId>,
        frame: ClientFrame,
    ) -> Result<(), Refusal> {
        use ClientFrame as F;
        match (frame, chat) {
            (F::Open { desk, topic, skills, channel, tried, token }, last) => {
                if last.is_some_and(|chat| self.is_pending(chat)) {
                    return Err("you are being served, or wait to be".into());
                }
                if let Some(last) = last {
                    self.forget_visitor(last);
                }
                limits::text("token", &token)?;
                let entrant = Entrant { name: topic.clone(), skills };
                self.open(now, id, (run, desk), &entrant, Matter { topic, channel, tried, token })
            }
            (F::Callback { topic, skills }, Some(chat)) => {
                self.call_back(now, chat, Entrant { name: topic, skills })
            }
            (F::Say { chat: None, text }, Some(chat)) => self.say(chat, text),
            (F::Typing { chat: None }, Some(chat)) => {
                self.tell_agent(chat, ServerFrame::Typing { chat });
                Ok(())
            }
            (F::Leave, Some(chat)) => {
                self.walk_away(chat);
                Ok(())
            }
            // One who is leaving need not have come to anything.
            (F::Leave, None) => Ok(()),
            (frame, None) => Err(nonsense(&frame, "a visitor who has not asked for anything")),
            (frame, Some(_)) => Err(nonsense(&frame, "a visitor")),
        }
    }

    fn is_pending(&self, chat: ChatId) -> bool {
        self.chats.get(&chat).is_some_and(|chat| match chat.stage {
            Stage::Waiting => true,
            Stage::Held(_) => !chat.left,
            Stage::WrapUp(_) | Stage::Over(_) => false,
        })
    }

    fn open(
        &mut self,
        now: Moment,
        id: ClientId,
        key: StationKey,
        topic: &Entrant,
        matter: Matter,
    ) -> Result<(), Refusal> {
        let station = self.stations.at(&key)?;
        let topic = station.topic(topic)?;
        let chat = ChatId(self.numbered + 1);
        let Some(ticket) = station.issue(chat) else {
            let why = format!("`{}` has no room for another visitor", key.1);
            self.send(id, ServerFrame::Refused { why });
            return Ok(());
        };
        let placement = station.desk.join(now, ticket, topic);
        let position = station.desk.waiting() as u32;
        self.numbered += 1;
        let (visitor, left, unheard) = (Some(id), false, Vec::new());
        let stage = Stage::Waiting;
        self.chats.insert(chat, Chat { station: key, ticket, stage, visitor, left, unheard, matter });
        if let Some(Client { part: Part::Visitor(present), .. }) = self.clients.get_mut(&id) {
            *present = Some(chat);
        }
        match placement {
            Placement::Assigned(agent) => self.assign(now, chat, agent),
            Placement::Queued => self.send(id, ServerFrame::Queued { position }),
        }
        Ok(())
    }

    /// The conversation is `agent`'s.
    pub(super) fn assign(&mut self, now: Moment, id: ChatId, agent: AgentId) {
        let Some(chat) = self.chats.get_mut(&id) else { return };
        let key = chat.station.clone();
        let Some(client) = self.stations.get(&key).and_then(|station| station.client_of(agent)) else {
            return;
        };
        chat.stage = Stage::Held(client);
        let Matter { topic, channel, tried, token } = chat.matter.clone();
        let (unheard, visitor) = (std::mem::take(&mut chat.unheard), chat.visitor);
        let address = visitor.and_then(|visitor| self.address_of(visitor));
        self.send(client, ServerFrame::Given { chat: id, token, channel, tried, topic, address });
        for text in unheard {
            self.send(client, ServerFrame::Said { chat: id, text });
        }
        let address = self.address_of(client);
        self.tell_visitor(id, ServerFrame::Assigned { chat: id, agent: agent.0, address });
        self.load_changed(now, &key, agent);
    }

    /// A caller becomes one who is called back. (One who is being served by now comes too late, and that is nobody's
    /// fault.)
    fn call_back(&mut self, now: Moment, id: ChatId, topic: Entrant) -> Result<(), Refusal> {
        let Some(chat) = self.chats.get_mut(&id).filter(|chat| chat.stage == Stage::Waiting) else {
            return Ok(());
        };
        let station = self.stations.at(&chat.station)?;
        let topic_id = station.topic(&topic)?;
        (chat.matter.channel, chat.matter.tried, chat.matter.topic) = (Line::Callback, 0, topic.name);
        if let Some(Placement::Assigned(agent)) = station.desk.requeue(now, chat.ticket, topic_id) {
            self.assign(now, id, agent);
        }
        Ok(())
    }

    /// A message of the visitor. While nobody has the conversation it is kept for whoever will.
    fn say(&mut self, id: ChatId, text: String) -> Result<(), Refusal> {
        let Some(chat) = self.chats.get_mut(&id) else { return Ok(()) };
        if chat.stage != Stage::Waiting {
            self.tell_agent(id, ServerFrame::Said { chat: id, text });
        } else if chat.unheard.len() < limits::UNHEARD {
            chat.unheard.push(text);
        } else {
            return Err("nobody serves you yet".into());
        }
        Ok(())
    }

    /// An agent ends a conversation for its visitor.
    pub(super) fn close(&mut self, id: ChatId, how: How, said: Option<u32>) {
        let Some(chat) = self.chats.get_mut(&id) else { return };
        let Stage::Held(client) = chat.stage else { return };
        chat.stage = Stage::WrapUp(client);
        if !chat.left {
            self.tell_visitor(id, ServerFrame::Closed { chat: id, how, said });
        }
    }

    /// The slot of a conversation that was closed is free.
    pub(super) fn free(&mut self, now: Moment, id: ChatId) {
        let Some(chat) = self.chats.get_mut(&id) else { return };
        let Stage::WrapUp(client) = chat.stage else { return };
        chat.stage = Stage::Over(Some(client));
        let (key, ticket) = (chat.station.clone(), chat.ticket);
        self.forget_if_done(id);
        let Some(station) = self.stations.get(&key) else { return };
        let agent = station.desk.free(now, ticket);
        station.take_back(ticket);
        if let Some(agent) = agent {
            self.freed(now, &key, agent);
        }
    }

    /// The agent passes the conversation on. One whose visitor has just left is over.
    pub(super) fn transfer(
        &mut self,
        now: Moment,
        id: ChatId,
        topic: Entrant,
        token: String,
    ) -> Result<(), Refusal> {
        limits::text("token", &token)?;
        let Some(chat) = self.chats.get_mut(&id) else { return Ok(()) };
        let key = chat.station.clone();
        let station = self.stations.at(&key)?;
        let topic_id = station.topic(&topic)?;
        if chat.left {
            self.close(id, How::Abandoned, None);
            self.free(now, id);
            return Ok(());
        }
        let from = station.desk.server_of(chat.ticket);
        let placement = station.desk.transfer(now, chat.ticket, topic_id);
        (chat.matter.topic, chat.matter.token) = (topic.name, token);
        match placement {
            Some(Placement::Assigned(agent)) => self.assign(now, id, agent),
            Some(Placement::Queued) => {
                chat.stage = Stage::Waiting;
                self.tell_visitor(id, ServerFrame::Transferred { chat: id });
            }
            None => {}
        }
        if let Some(from) = from {
            self.freed(now, &key, from);
        }
        Ok(())
    }

    /// The visitor of `id` leaves the queue or the conversation.
    pub(super) fn walk_away(&mut self, id: ChatId) {
        let Some(chat) = self.chats.get_mut(&id) else { return };
        if chat.left {
            return;
        }
        chat.left = true;
        match chat.stage {
            Stage::WrapUp(_) | Stage::Over(_) => {}
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

    /// The visitor's connection no longer concerns `id`.
    pub(super) fn forget_visitor(&mut self, id: ChatId) {
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

    pub(super) fn tell_visitor(&mut self, chat: ChatId, frame: ServerFrame) {
        if let Some(visitor) = self.chats.get(&chat).and_then(|chat| chat.visitor) {
            self.send(visitor, frame);
        }
    }

    fn tell_agent(&mut self, chat: ChatId, frame: ServerFrame) {
        if let Some(Stage::Held(agent) | Stage::WrapUp(agent) | Stage::Over(Some(agent))) =
            self.chats.get(&chat).map(|chat| chat.stage)
        {
            self.send(agent, frame);
        }
    }
}
