//! A desk: a waiting line for each topic, agents with slots, and the rule of who serves whom.
//!
//! Whoever waits is served in the order of arrival, as far as skills allow; a visitor who finds an able agent with a
//! free slot is served at once, by whom the routing says. A phone pool is the same with one slot an agent, and a caller
//! who takes a callback simply keeps the place in the line.
//!
//! # The caller's contract
//!
//! Tickets are the caller's numbers: small, dense, used again once [`Desk::leave`] from the queue or [`Desk::free`]
//! has ended them. What the desk is told may come from anybody: calls that make no sense change nothing and say so.
//!
//! Whatever may give an agent room ([`Desk::enter`], [`Desk::free`], [`Desk::transfer`], [`Desk::more`], [`Desk::resume`])
//! assigns nobody by itself: call [`Desk::next_for`] then, until it gives nothing more.

use crate::base::id::{AgentId, GroupId, TopicId};
use crate::base::time::Moment;
use crate::scenario::plan::{DeskPlan, Routing};

use super::list::{Link, Linked, List};
use super::roster::{Roster, Shut};

/// Whoever wants to be served, as the caller numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u32);

/// A conversation begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Who is served.
    pub ticket: Ticket,
    /// By whom.
    pub agent: AgentId,
}

/// What became of who came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Served at once, by this agent.
    Assigned(AgentId),
    /// In the queue.
    Queued,
}

/// What a ticket left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// The queue: the ticket is over.
    Queue,
    /// A conversation with this agent, whose slot stays taken until [`Desk::free`].
    Conversation(AgentId),
    /// Nothing: the ticket was not here.
    Nothing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Absent,
    Waiting,
    Held(AgentId),
}

#[derive(Clone, Copy, Debug, Default)]
struct Row {
    link: Link,
    topic: TopicId,
    /// Place in the order of arrival.
    place: u64,
    stage: Stage,
}

impl Linked for Row {
    fn link(&mut self) -> &mut Link {
        &mut self.link
    }
    fn peek(&self) -> Link {
        self.link
    }
}

/// The topics and groups of a desk are known to it by what they require and offer.
#[derive(Clone, Debug)]
pub struct Desk {
    roster: Roster,
    rows: Vec<Row>,
    /// The waiting line of each topic.
    lines: Vec<List>,
    topic_skills: Vec<Vec<String>>,
    group_skills: Vec<Vec<String>>,
    /// `able[topic][group]`.
    able: Vec<Vec<bool>>,
    arrived: u64,
    waiting: usize,
}

impl Desk {
    /// A desk without topics, groups or agents.
    #[must_use]
    pub fn new(routing: Routing) -> Self {
        Self {
            roster: Roster::new(routing),
            rows: Vec::new(),
            lines: Vec::new(),
            topic_skills: Vec::new(),
            group_skills: Vec::new(),
            able: Vec::new(),
            arrived: 0,
            waiting: 0,
        }
    }

    /// A desk with the topics and groups of a plan, in their order, and nobody on duty.
    #[must_use]
    pub fn of_plan(plan: &DeskPlan) -> Self {
        let mut desk = Self::new(plan.routing);
        for topic in &plan.topics {
            desk.add_topic(topic.skills.clone());
        }
        for group in &plan.groups {
            desk.add_group(group.skills.clone());
        }
        desk
    }

    /// A further topic, which takes these skills.
    pub fn add_topic(&mut self, skills: Vec<String>) -> TopicId {
        self.topic_skills.push(skills);
        self.lines.push(List::default());
        self.match_skills();
        TopicId((self.lines.len() - 1) as u16)
    }

    /// A further group, which has these skills.
    pub fn add_group(&mut self, skills: Vec<String>) -> GroupId {
        self.group_skills.push(skills);
        self.roster.add_group();
        self.match_skills();
        GroupId((self.group_skills.len() - 1) as u16)
    }

    fn match_skills(&mut self) {
        let able = |needed: &Vec<String>| -> Vec<bool> {
            let groups = self.group_skills.iter();
            groups.map(|has| needed.iter().all(|skill| has.contains(skill))).collect()
        };
        self.able = self.topic_skills.iter().map(able).collect();
    }

    /// Visitors in the queue.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// Those in the queue, in the order of arrival: whom a driver sends away ([`Self::leave`]) at closing time.
    #[must_use]
    pub fn queue(&self) -> Vec<Ticket> {
        let mut rows: Vec<u32> = self.lines.iter().flat_map(|line| line.iter(&self.rows)).collect();
        rows.sort_unstable_by_key(|row| self.rows[*row as usize].place);
        rows.into_iter().map(Ticket).collect()
    }

    /// How many conversations an agent holds.
    #[must_use]
    pub fn held(&self, agent: AgentId) -> u32 {
        self.roster.held(agent)
    }

    /// An agent comes on duty with so many slots, the seat open; what is still in hand of an earlier stint counts.
    ///
    /// A `paced` seat is barred whenever it is given a conversation, until [`Self::more`], or until it holds nothing.
    pub fn enter(&mut self, now: Moment, agent: AgentId, group: GroupId, slots: u32, paced: bool) {
        self.roster.enter(now, agent, group, slots, paced);
    }

    /// An agent goes off duty and gets no more conversations; those in hand go on until freed.
    pub fn exit(&mut self, agent: AgentId) {
        self.roster.shut(agent, Shut::OffDuty);
    }

    /// A paced seat may be given another conversation.
    pub fn more(&mut self, agent: AgentId) {
        self.roster.reopen(agent, Shut::Barred);
    }

    /// An agent's seat gets nothing more until [`Self::resume`], or until the agent comes on duty anew: the agent is busy
    /// at another desk, or kept for it (see [`super::blend`]).
    pub fn suspend(&mut self, agent: AgentId) {
        self.roster.shut(agent, Shut::Suspended);
    }

    /// An agent's seat takes part again.
    pub fn resume(&mut self, agent: AgentId) {
        self.roster.reopen(agent, Shut::Suspended);
    }

    /// Somebody comes. Whoever is here already stays as they are.
    pub fn join(&mut self, now: Moment, ticket: Ticket, topic: TopicId) -> Placement {
        let index = ticket.0 as usize;
        if self.rows.len() <= index {
            self.rows.resize_with(index + 1, Row::default);
        }
        match self.rows[index].stage {
            Stage::Held(agent) => return Placement::Assigned(agent),
            Stage::Waiting => return Placement::Queued,
            Stage::Absent => {}
        }
        self.arrived += 1;
        self.rows[index].place = self.arrived;
        if let Some(agent) = self.assign(now, ticket, topic) {
            return Placement::Assigned(agent);
        }
        self.lines[topic.index()].insert(&mut self.rows, ticket.0, |_, _| false);
        Placement::Queued
    }

    /// Somebody leaves.
    pub fn leave(&mut self, ticket: Ticket) -> Departure {
        match self.stage(ticket) {
            Stage::Waiting => {
                self.unqueue(ticket);
                self.rows[ticket.0 as usize].stage = Stage::Absent;
                Departure::Queue
            }
            Stage::Held(agent) => Departure::Conversation(agent),
            Stage::Absent => Departure::Nothing,
        }
    }

    /// The slot of a conversation is free again; gives whose it was. `None` when there was no such conversation.
    pub fn free(&mut self, now: Moment, ticket: Ticket) -> Option<AgentId> {
        let Stage::Held(agent) = self.stage(ticket) else { return None };
        self.rows[ticket.0 as usize].stage = Stage::Absent;
        self.roster.take(now, agent);
        Some(agent)
    }

    /// A conversation is passed on: its agent has the slot again, and the ticket goes to another agent who can serve
    /// `topic`, or into its line, at the place that the time of arrival gives it. `None` when there was no such
    /// conversation.
    ///
    /// Within this call the ticket does not come back to the same agent; from the line it may.
    pub fn transfer(&mut self, now: Moment, ticket: Ticket, topic: TopicId) -> Option<Placement> {
        let Stage::Held(agent) = self.stage(ticket) else { return None };
        self.roster.take(now, agent);
        self.roster.shut(agent, Shut::PassingOn);
        let placement = self.place(now, ticket, topic);
        self.roster.reopen(agent, Shut::PassingOn);
        Some(placement)
    }

    /// Somebody who waits is moved to the line of another topic, at the place that the time of arrival gives them there,
    /// or is served at once. `None` when nobody such waits.
    pub fn requeue(&mut self, now: Moment, ticket: Ticket, topic: TopicId) -> Option<Placement> {
        if self.stage(ticket) != Stage::Waiting {
            return None;
        }
        self.unqueue(ticket);
        Some(self.place(now, ticket, topic))
    }

    /// Assigns a ticket that has been here for a while, or puts it in line.
    fn place(&mut self, now: Moment, ticket: Ticket, topic: TopicId) -> Placement {
        if let Some(agent) = self.assign(now, ticket, topic) {
            return Placement::Assigned(agent);
        }
        let place = self.rows[ticket.0 as usize].place;
        self.lines[topic.index()].insert_early(&mut self.rows, ticket.0, |_, other| other.place < place);
        Placement::Queued
    }

    /// Assigns a ticket to whom the routing says. With nobody free it is `None`, and the ticket is to be put in line.
    fn assign(&mut self, now: Moment, ticket: Ticket, topic: TopicId) -> Option<AgentId> {
        let chosen = self.roster.choose(&self.able[topic.index()]);
        let row = &mut self.rows[ticket.0 as usize];
        row.topic = topic;
        row.stage = chosen.map_or(Stage::Waiting, Stage::Held);
        match chosen {
            Some(agent) => self.roster.give(now, agent),
            None => self.waiting += 1,
        }
        chosen
    }

    /// The conversation that `agent` takes next: whoever has waited longest among those the agent can serve, if the seat
    /// is open and has a slot to spare.
    pub fn next_for(&mut self, now: Moment, agent: AgentId) -> Option<Assignment> {
        if self.waiting == 0 {
            return None;
        }
        let group = self.roster.spare(agent)?;
        let mut first: Option<(u64, u32)> = None;
        for (line, _) in self.lines.iter().zip(&self.able).filter(|(_, able)| able[group.index()]) {
            if let Some(row) = line.first() {
                let front = (self.rows[row as usize].place, row);
                first = Some(first.map_or(front, |other| front.min(other)));
            }
        }
        let ticket = Ticket(first?.1);
        self.unqueue(ticket);
        self.rows[ticket.0 as usize].stage = Stage::Held(agent);
        self.roster.give(now, agent);
        Some(Assignment { ticket, agent })
    }

    /// Whom `ticket` is in conversation with.
    #[must_use]
    pub fn server_of(&self, ticket: Ticket) -> Option<AgentId> {
        match self.stage(ticket) {
            Stage::Held(agent) => Some(agent),
            Stage::Waiting | Stage::Absent => None,
        }
    }

    fn stage(&self, ticket: Ticket) -> Stage {
        self.rows.get(ticket.0 as usize).map_or(Stage::Absent, |row| row.stage)
    }

    fn unqueue(&mut self, ticket: Ticket) {
        let topic = self.rows[ticket.0 as usize].topic;
        self.lines[topic.index()].remove(&mut self.rows, ticket.0);
        self.waiting -= 1;
    }
}

#[cfg(test)]
mod tests;
