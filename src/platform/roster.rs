//! Who is on duty and what they hold: the agents with a free slot, in the order in which a routing takes them.

use crate::base::id::{AgentId, GroupId};
use crate::base::time::Moment;
use crate::scenario::plan::Routing;

use super::list::{Link, Linked, List};

/// An agent as the platform sees one.
#[derive(Clone, Copy, Debug, Default)]
struct Seat {
    link: Link,
    group: GroupId,
    slots: u32,
    held: u32,
    /// Since when the agent has held just as many.
    since: Moment,
    on_duty: bool,
}

impl Linked for Seat {
    fn link(&mut self) -> &mut Link {
        &mut self.link
    }
    fn peek(&self) -> Link {
        self.link
    }
}

/// The agents of a desk.
///
/// Those who have a free slot stand in one list for each (group, conversations held), who has held so many for longest
/// in front, ties by lowest index. Every routing is a choice among the fronts of these lists, so neither a choice nor a
/// change costs more with more agents (a round robin apart, which walks).
#[derive(Clone, Debug)]
pub(super) struct Roster {
    routing: Routing,
    seats: Vec<Seat>,
    /// `free[group][held]`.
    free: Vec<Vec<List>>,
    /// Whom a round robin served last.
    last: Option<u32>,
}

impl Roster {
    pub(super) fn new(routing: Routing) -> Self {
        Self { routing, seats: Vec::new(), free: Vec::new(), last: None }
    }

    /// A further group, without agents yet.
    pub(super) fn add_group(&mut self) {
        self.free.push(Vec::new());
    }

    /// `agent` comes on duty with this many slots, holding nothing.
    pub(super) fn enter(&mut self, now: Moment, agent: AgentId, group: GroupId, slots: u32) {
        let index = agent.index();
        if self.seats.len() <= index {
            self.seats.resize_with(index + 1, Seat::default);
        }
        self.exit(agent);
        self.seats[index] = Seat { group, slots, since: now, on_duty: true, ..Seat::default() };
        let levels = &mut self.free[group.index()];
        if levels.len() < slots as usize {
            levels.resize_with(slots as usize, List::default);
        }
        self.stand(now, agent.0);
    }

    /// `agent` goes off duty; what the agent held is somebody else's business.
    pub(super) fn exit(&mut self, agent: AgentId) {
        if self.seats.get(agent.index()).is_some_and(|seat| seat.on_duty) {
            self.step_out(agent.0);
            self.seats[agent.index()].on_duty = false;
        }
    }

    /// Whether `agent` is on duty with a slot to spare, and of which group.
    pub(super) fn spare(&self, agent: AgentId) -> Option<GroupId> {
        let seat = self.seats.get(agent.index())?;
        (seat.on_duty && seat.held < seat.slots).then_some(seat.group)
    }

    /// One more (`change` = 1) or one fewer (−1) conversation for `agent`.
    pub(super) fn load(&mut self, now: Moment, agent: AgentId, change: i32) {
        self.step_out(agent.0);
        let seat = &mut self.seats[agent.index()];
        seat.held = seat.held.saturating_add_signed(change);
        if change > 0 {
            self.last = Some(agent.0);
        }
        self.stand(now, agent.0);
    }

    /// The agent to whom the routing gives a conversation that the groups marked in `able` can serve.
    pub(super) fn choose(&self, able: &[bool]) -> Option<AgentId> {
        let levels = self.free.iter().map(Vec::len).max().unwrap_or(0);
        let first = match self.routing {
            Routing::LeastBusy => (0..levels).find_map(|level| self.longest(able, level)),
            Routing::MostBusy => (0..levels).rev().find_map(|level| self.longest(able, level)),
            Routing::LongestIdle => (0..levels).filter_map(|level| self.longest(able, level)).min(),
            Routing::RoundRobin => return self.next_in_turn(able),
        };
        first.map(|(_, agent)| AgentId(agent))
    }

    /// Of those in able groups who hold `level` conversations, who has done so longest, and since when.
    fn longest(&self, able: &[bool], level: usize) -> Option<(Moment, u32)> {
        let mut longest = None;
        for (levels, _) in self.free.iter().zip(able).filter(|(_, able)| **able) {
            if let Some(agent) = levels.get(level).and_then(List::first) {
                let front = (self.seats[agent as usize].since, agent);
                longest = Some(longest.map_or(front, |other| front.min(other)));
            }
        }
        longest
    }

    fn next_in_turn(&self, able: &[bool]) -> Option<AgentId> {
        let count = self.seats.len() as u32;
        let first = self.last.map_or(0, |last| last + 1);
        (0..count).map(|step| AgentId((first + step) % count)).find(|agent| {
            self.spare(*agent).is_some_and(|group| able.get(group.index()).copied().unwrap_or(false))
        })
    }

    /// Lines `agent` up with those who hold as many, if there is a slot to spare.
    fn stand(&mut self, now: Moment, agent: u32) {
        let seat = &mut self.seats[agent as usize];
        seat.since = now;
        if !seat.on_duty || seat.held >= seat.slots {
            return;
        }
        let list = &mut self.free[seat.group.index()][seat.held as usize];
        list.insert(&mut self.seats, agent, |other, seat| seat.since == now && other > agent);
    }

    fn step_out(&mut self, agent: u32) {
        let seat = self.seats[agent as usize];
        if seat.on_duty && seat.held < seat.slots {
            self.free[seat.group.index()][seat.held as usize].remove(&mut self.seats, agent);
        }
    }
}
