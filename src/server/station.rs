//! A desk as the server keeps it: the sans-IO desk, and whose its tickets and seats are.

use std::collections::BTreeMap;

use super::hall::{ClientId, Refusal, StationKey};
use super::limits;
use super::numbered::Numbered;
use crate::base::id::{AgentId, GroupId, TopicId};
use crate::platform::blend::Blend;
use crate::platform::desk::{Desk, Ticket};
use crate::scenario::plan::Routing;
use crate::wire::ChatId;
use crate::wire::json::frame::Beside;

/// A topic or a group as clients describe it: the same name with other skills is another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entrant {
    pub(super) name: String,
    pub(super) skills: Vec<String>,
}

impl Entrant {
    fn check(&self) -> Result<(), Refusal> {
        limits::text("name", &self.name)?;
        if self.skills.len() > limits::SKILLS {
            return Err(format!("{} skills; at most {}", self.skills.len(), limits::SKILLS));
        }
        self.skills.iter().try_for_each(|skill| limits::text("skill", skill))
    }
}

/// A group of agents who serve another desk too; their members are known by their seats here.
#[derive(Debug)]
pub(super) struct Duals {
    pub(super) beside: Beside,
    pub(super) blend: Blend,
}

impl Duals {
    pub(super) fn new(beside: Beside) -> Self {
        Self { beside, blend: Blend::new(beside.call.into(), beside.reserve) }
    }
}

/// One desk of one run.
#[derive(Debug)]
pub(super) struct Station {
    pub(super) desk: Desk,
    pub(super) duals: BTreeMap<GroupId, Duals>,
    topics: BTreeMap<Entrant, TopicId>,
    groups: BTreeMap<Entrant, GroupId>,
    tickets: Numbered<ChatId>,
    seats: Numbered<ClientId>,
}

impl Station {
    fn new(routing: Routing) -> Self {
        let desk = Desk::new(routing);
        let (duals, topics, groups) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { desk, duals, topics, groups, tickets: Numbered::default(), seats: Numbered::default() }
    }

    /// The number of a topic, which may be new.
    pub(super) fn topic(&mut self, topic: &Entrant) -> Result<TopicId, Refusal> {
        if let Some(known) = self.topics.get(topic) {
            return Ok(*known);
        }
        topic.check()?;
        if self.topics.len() >= limits::KINDS {
            return Err("this desk has too many topics already".into());
        }
        let id = self.desk.add_topic(topic.skills.clone());
        self.topics.insert(topic.clone(), id);
        Ok(id)
    }

    /// The number of a group, which may be new.
    pub(super) fn group(&mut self, group: &Entrant) -> Result<GroupId, Refusal> {
        if let Some(known) = self.groups.get(group) {
            return Ok(*known);
        }
        group.check()?;
        if self.groups.len() >= limits::KINDS {
            return Err("this desk has too many groups already".into());
        }
        let id = self.desk.add_group(group.skills.clone());
        self.groups.insert(group.clone(), id);
        Ok(id)
    }

    /// A ticket for a conversation; `None` when the desk is full.
    pub(super) fn issue(&mut self, chat: ChatId) -> Option<Ticket> {
        self.tickets.insert(chat, limits::VISITORS).map(Ticket)
    }

    /// The ticket is over.
    pub(super) fn take_back(&mut self, ticket: Ticket) {
        self.tickets.remove(ticket.0);
    }

    /// Whose ticket it is.
    pub(super) fn chat_of(&self, ticket: Ticket) -> Option<ChatId> {
        self.tickets.get(ticket.0)
    }

    /// A number for an agent: the lowest free.
    pub(super) fn seat(&mut self, client: ClientId) -> Result<AgentId, Refusal> {
        let seat = self.seats.insert(client, limits::AGENTS).map(AgentId);
        seat.ok_or_else(|| "this desk has too many agents already".into())
    }

    /// The agent is gone, and holds nothing any more.
    pub(super) fn vacate(&mut self, agent: AgentId) {
        self.seats.remove(agent.0);
    }

    /// Who sits there.
    pub(super) fn client_of(&self, agent: AgentId) -> Option<ClientId> {
        self.seats.get(agent.0)
    }
}

/// All desks. They come to be when somebody names them, and go when nobody is there.
#[derive(Debug, Default)]
pub(super) struct Stations {
    routings: BTreeMap<String, Routing>,
    open: BTreeMap<StationKey, Station>,
    /// The desk that came to be last, which may have come to be for a request that was turned down.
    newest: Option<StationKey>,
}

impl Stations {
    /// None yet.
    pub(super) fn new(routings: BTreeMap<String, Routing>) -> Self {
        Self { routings, ..Self::default() }
    }

    /// The desk of this name, which may be new.
    pub(super) fn at(&mut self, key: &StationKey) -> Result<&mut Station, Refusal> {
        if !self.open.contains_key(key) {
            limits::text("desk's name", &key.1)?;
            if self.open.len() >= limits::STATIONS {
                return Err("there are too many desks already".into());
            }
            let routing = self.routings.get(&key.1).copied().unwrap_or(Routing::LeastBusy);
            self.open.insert(key.clone(), Station::new(routing));
            self.newest = Some(key.clone());
        }
        Ok(self.open.get_mut(key).expect("it was put there just now"))
    }

    /// The desk of this name, if there is one.
    pub(super) fn get(&mut self, key: &StationKey) -> Option<&mut Station> {
        self.open.get_mut(key)
    }

    /// Forgets the desk if nobody is there.
    pub(super) fn tidy(&mut self, key: &StationKey) {
        if self.open.get(key).is_some_and(|station| station.tickets.is_empty() && station.seats.is_empty()) {
            self.open.remove(key);
        }
    }

    /// Forgets the newest desk if nobody came of it.
    pub(super) fn tidy_new(&mut self) {
        if let Some(key) = self.newest.take() {
            self.tidy(&key);
        }
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }
}
