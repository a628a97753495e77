//! A desk: a waiting line for each topic, agents with slots, and the rule of who serves whom.
//!
//! Whoever waits is served in the order of arrival, as far as skills allow; a visitor who finds an able agent with a
//! free slot is served at once, by whom the routing says. A phone pool is the same with one slot an agent, and a caller
//! who takes a callback simply keeps the place in the line.
//!
//! # The caller's contract
//!
//! Tickets are the caller's numbers: small, dense, used again once [`Desk::leave`] from the queue or [`Desk::close`]
//! has ended them. What the desk is told may come from anybody: calls that make no sense change nothing and say so.

use crate::base::id::{AgentId, GroupId, TopicId};
use crate::base::time::Moment;
use crate::scenario::plan::{DeskPlan, Routing};

use super::list::{Link, Linked, List};
use super::roster::Roster;

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
    /// A conversation with this agent, whose slot stays taken until [`Desk::close`].
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

    /// An agent comes on duty with so many slots. Call [`Self::next_for`] until it gives nothing more: whoever waits
    /// may be served now.
    pub fn enter(&mut self, now: Moment, agent: AgentId, group: GroupId, slots: u32) {
        self.roster.enter(now, agent, group, slots);
    }

    /// An agent goes off duty and gets no more conversations; those in hand go on until closed.
    pub fn exit(&mut self, agent: AgentId) {
        self.roster.exit(agent);
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
        let row = &mut self.rows[index];
        row.topic = topic;
        row.place = self.arrived;
        if let Some(agent) = self.roster.choose(&self.able[topic.index()]) {
            row.stage = Stage::Held(agent);
            self.roster.load(now, agent, 1);
            return Placement::Assigned(agent);
        }
        row.stage = Stage::Waiting;
        self.lines[topic.index()].insert(&mut self.rows, ticket.0, |_, _| false);
        self.waiting += 1;
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

    /// An agent ends a conversation and has a slot again; gives whose it was. Call [`Self::next_for`] for what the
    /// agent does now. `None` when there was no such conversation.
    pub fn close(&mut self, now: Moment, ticket: Ticket) -> Option<AgentId> {
        let Stage::Held(agent) = self.stage(ticket) else { return None };
        self.rows[ticket.0 as usize].stage = Stage::Absent;
        self.roster.load(now, agent, -1);
        Some(agent)
    }

    /// The conversation that `agent` takes next: whoever has waited longest among those the agent can serve, if there
    /// is a slot to spare.
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
        self.roster.load(now, agent, 1);
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
mod tests {
    use super::*;

    const T0: Moment = Moment::ZERO;

    fn at(secs: u64) -> Moment {
        Moment::from_nanos(secs * 1_000_000_000)
    }

    /// A desk of `agents` agents with `slots` slots each and one topic.
    fn desk(routing: Routing, agents: u32, slots: u32) -> Desk {
        let mut desk = Desk::new(routing);
        desk.add_topic(Vec::new());
        let group = desk.add_group(Vec::new());
        for agent in 0..agents {
            desk.enter(T0, AgentId(agent), group, slots);
        }
        desk
    }

    fn join(desk: &mut Desk, now: u64, ticket: u32) -> Option<u32> {
        match desk.join(at(now), Ticket(ticket), TopicId(0)) {
            Placement::Assigned(agent) => Some(agent.0),
            Placement::Queued => None,
        }
    }

    #[test]
    fn at_time_zero_the_lowest_index_goes_first_then_who_has_been_idle_longest() {
        let mut desk = desk(Routing::LeastBusy, 3, 1);
        assert_eq!(join(&mut desk, 1, 0), Some(0));
        assert_eq!(join(&mut desk, 2, 1), Some(1));
        desk.close(at(3), Ticket(1));
        desk.close(at(4), Ticket(0));
        assert_eq!(join(&mut desk, 5, 2), Some(2));
        assert_eq!(join(&mut desk, 6, 3), Some(1));
        assert_eq!(join(&mut desk, 7, 4), Some(0));
    }

    #[test]
    fn those_freed_at_the_same_instant_are_taken_by_index() {
        let mut desk = desk(Routing::LeastBusy, 2, 1);
        join(&mut desk, 1, 0);
        join(&mut desk, 1, 1);
        desk.close(at(2), Ticket(1));
        desk.close(at(2), Ticket(0));
        assert_eq!(join(&mut desk, 3, 2), Some(0));
    }

    #[test]
    fn least_busy_spreads_and_most_busy_fills() {
        let mut spread = desk(Routing::LeastBusy, 2, 2);
        let got: Vec<_> = (0..5).map(|i| join(&mut spread, i, i as u32)).collect();
        assert_eq!(got, [Some(0), Some(1), Some(0), Some(1), None]);
        let mut fill = desk(Routing::MostBusy, 2, 2);
        let got: Vec<_> = (0..5).map(|i| join(&mut fill, i, i as u32)).collect();
        assert_eq!(got, [Some(0), Some(0), Some(1), Some(1), None]);
    }

    #[test]
    fn longest_idle_looks_at_time_alone_and_round_robin_at_the_turn() {
        let mut idle = desk(Routing::LongestIdle, 2, 3);
        assert_eq!(join(&mut idle, 1, 0), Some(0));
        assert_eq!(join(&mut idle, 2, 1), Some(1));
        assert_eq!(join(&mut idle, 3, 2), Some(0));
        idle.close(at(4), Ticket(1));
        assert_eq!(join(&mut idle, 5, 3), Some(0), "whose load changed at 3, not at 4");
        let mut turn = desk(Routing::RoundRobin, 3, 2);
        let got: Vec<_> = (0..4).map(|i| join(&mut turn, i, i as u32)).collect();
        assert_eq!(got, [Some(0), Some(1), Some(2), Some(0)]);
        turn.exit(AgentId(1));
        assert_eq!(join(&mut turn, 9, 9), Some(2));
    }

    #[test]
    fn the_queue_is_served_in_order_and_leaving_it_leaves_no_trace() {
        let mut desk = desk(Routing::LeastBusy, 1, 1);
        for ticket in 0..4 {
            join(&mut desk, u64::from(ticket), ticket);
        }
        assert_eq!(desk.waiting(), 3);
        assert_eq!(desk.leave(Ticket(1)), Departure::Queue);
        assert_eq!(desk.leave(Ticket(1)), Departure::Nothing);
        assert_eq!(desk.leave(Ticket(0)), Departure::Conversation(AgentId(0)));
        assert_eq!(desk.next_for(at(5), AgentId(0)), None, "the slot is taken until it is closed");
        assert_eq!(desk.close(at(5), Ticket(0)), Some(AgentId(0)));
        let next = desk.next_for(at(5), AgentId(0));
        assert_eq!(next, Some(Assignment { ticket: Ticket(2), agent: AgentId(0) }));
        assert_eq!(desk.close(at(6), Ticket(3)), None, "the third still waits");
        assert_eq!(desk.waiting(), 1);
    }

    #[test]
    fn nobody_is_served_by_an_agent_without_the_skill() {
        let mut desk = Desk::new(Routing::LeastBusy);
        let easy = desk.add_topic(vec![]);
        let hard = desk.add_topic(vec!["technical".into()]);
        let juniors = desk.add_group(vec![]);
        let experts = desk.add_group(vec!["technical".into()]);
        desk.enter(T0, AgentId(0), juniors, 1);
        assert_eq!(desk.join(at(1), Ticket(0), hard), Placement::Queued);
        assert_eq!(desk.join(at(2), Ticket(1), easy), Placement::Assigned(AgentId(0)));
        assert_eq!(desk.join(at(3), Ticket(2), easy), Placement::Queued);
        desk.enter(at(4), AgentId(1), experts, 2);
        let taken = [desk.next_for(at(4), AgentId(1)), desk.next_for(at(4), AgentId(1))];
        assert_eq!(taken.map(|a| a.map(|a| a.ticket)), [Some(Ticket(0)), Some(Ticket(2))]);
        assert_eq!(desk.next_for(at(4), AgentId(1)), None);
    }

    #[test]
    fn who_goes_off_duty_keeps_what_is_in_hand_and_gets_nothing_more() {
        let mut desk = desk(Routing::LeastBusy, 1, 2);
        assert_eq!(join(&mut desk, 1, 0), Some(0));
        desk.exit(AgentId(0));
        assert_eq!(join(&mut desk, 2, 1), None);
        assert_eq!(desk.close(at(3), Ticket(0)), Some(AgentId(0)));
        assert_eq!(desk.next_for(at(3), AgentId(0)), None);
    }
}
