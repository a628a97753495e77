//! Who is on duty and what they hold: the agents with a free slot, in the order in which a routing takes them.

use crate::base::id::{AgentId, GroupId};
use crate::base::time::Moment;
use crate::scenario::plan::Routing;

use super::list::{Link, Linked, List};

/// Why a seat gets nothing more, whatever slots it has to spare. Several may be true at once.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shut {
    /// Off duty.
    OffDuty = 1,
    /// Paced, and was just given a conversation.
    Barred = 2,
    /// Its agent is busy elsewhere, or kept for something else.
    Suspended = 4,
    /// Is passing a conversation on, and shall not get it back.
    PassingOn = 8,
}

/// An agent as the platform sees one.
#[derive(Clone, Copy, Debug)]
struct Seat {
    link: Link,
    group: GroupId,
    slots: u32,
    held: u32,
    /// Since when the agent has held just as many, on duty.
    since: Moment,
    /// The reasons ([`Shut`]) why the seat gets nothing; 0: none.
    shut: u8,
    paced: bool,
}

impl Default for Seat {
    fn default() -> Self {
        Self {
            link: Link::default(),
            group: GroupId::default(),
            slots: 0,
            held: 0,
            since: Moment::ZERO,
            shut: Shut::OffDuty as u8,
            paced: false,
        }
    }
}

impl Seat {
    /// Whether the seat gets the next conversation that comes its way.
    #[inline]
    fn is_open(&self) -> bool {
        self.shut == 0 && self.held < self.slots
    }
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
/// Those whose seat is open stand in one list for each (group, conversations held), who has held so many for longest in
/// front, ties by lowest index. Every routing is a choice among the fronts of these lists, so neither a choice nor a change
/// of load costs more with more agents (a round robin apart, which walks). Opening a seat that was shut walks past those
/// whose load changed meanwhile.
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

    /// `agent` comes on duty with this many slots, the seat open. What the agent still holds stays in hand.
    pub(super) fn enter(&mut self, now: Moment, agent: AgentId, group: GroupId, slots: u32, paced: bool) {
        let index = agent.index();
        if self.seats.len() <= index {
            self.seats.resize_with(index + 1, Seat::default);
        }
        self.shut(agent, Shut::OffDuty);
        let held = self.seats[index].held;
        self.seats[index] = Seat { group, slots, held, since: now, shut: 0, paced, link: Link::default() };
        let levels = &mut self.free[group.index()];
        if levels.len() < slots as usize {
            levels.resize_with(slots as usize, List::default);
        }
        self.stand(agent.0);
    }

    /// `agent` gets nothing more, for this reason.
    pub(super) fn shut(&mut self, agent: AgentId, why: Shut) {
        if agent.index() < self.seats.len() {
            self.step_out(agent.0);
            self.seats[agent.index()].shut |= why as u8;
            self.stand(agent.0);
        }
    }

    /// This reason is gone.
    pub(super) fn reopen(&mut self, agent: AgentId, why: Shut) {
        if agent.index() < self.seats.len() {
            self.step_out(agent.0);
            self.seats[agent.index()].shut &= !(why as u8);
            self.stand(agent.0);
        }
    }

    /// The group of `agent`, whose seat is open.
    pub(super) fn spare(&self, agent: AgentId) -> Option<GroupId> {
        let seat = self.seats.get(agent.index())?;
        seat.is_open().then_some(seat.group)
    }

    /// How many conversations `agent` holds.
    pub(super) fn held(&self, agent: AgentId) -> u32 {
        self.seats.get(agent.index()).map_or(0, |seat| seat.held)
    }

    /// One more conversation for `agent`.
    pub(super) fn give(&mut self, now: Moment, agent: AgentId) {
        self.step_out(agent.0);
        let seat = &mut self.seats[agent.index()];
        seat.held += 1;
        seat.since = now;
        if seat.paced {
            seat.shut |= Shut::Barred as u8;
        }
        self.last = Some(agent.0);
        self.stand(agent.0);
    }

    /// One conversation fewer for `agent`.
    pub(super) fn take(&mut self, now: Moment, agent: AgentId) {
        self.step_out(agent.0);
        let seat = &mut self.seats[agent.index()];
        seat.held -= 1;
        seat.since = now;
        if seat.held == 0 {
            seat.shut &= !(Shut::Barred as u8);
        }
        self.stand(agent.0);
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

    /// Lines `agent` up with those who hold as many, if the seat is open.
    fn stand(&mut self, agent: u32) {
        let seat = self.seats[agent as usize];
        if seat.is_open() {
            let list = &mut self.free[seat.group.index()][seat.held as usize];
            let key = (seat.since, agent);
            list.insert(&mut self.seats, agent, |other, seat| (seat.since, other) > key);
        }
    }

    fn step_out(&mut self, agent: u32) {
        let seat = self.seats[agent as usize];
        if seat.is_open() {
            self.free[seat.group.index()][seat.held as usize].remove(&mut self.seats, agent);
        }
    }
}
