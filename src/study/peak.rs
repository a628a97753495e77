//! How many connections a run has open at once, foreseen from its plan: those of everybody who serves throughout, and those of each
//! visitor and guest from the intended start to the end of the visit, as virtual time plays it.

use std::sync::atomic::AtomicBool;

use crate::base::draw::Draws;
use crate::base::id::PopulationId;
use crate::base::time::Moment;
use crate::base::words::Observation;
use crate::base::words::rooms::RoomObservation;
use crate::scenario::arrivals::Schedule;
use crate::scenario::plan::Plan;
use crate::scenario::plan::dialect::Role;
use crate::scenario::plan::target::QueuePlan;
use crate::sim::engine::{Witness, play};

/// The most connections at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peak {
    /// Of agents and moderators.
    pub staff: u64,
    /// Of visitors and guests.
    pub people: u64,
    /// When it is reached.
    pub at: Moment,
}

impl Peak {
    /// The peak of a run of `plan`, if it may be above `limit`: everybody at once would have to be, or nothing is played.
    /// What a server or a network adds to the visits is not in it.
    #[must_use]
    pub fn above(plan: &Plan, limit: u64) -> Option<Self> {
        let each = Each::of(plan);
        let staff = each.staff(plan);
        if staff + everybody(plan) * each.visitor.max(each.guest) <= limit {
            return None;
        }
        let horizon = Moment::ZERO + plan.length + plan.run.drain;
        let phone = plan.phone.map(Plan::visitors_of);
        let mut visits = Visits { each, phone, starts: Vec::new(), ends: Vec::new() };
        play(plan, 0, horizon, &AtomicBool::new(false), &mut visits);
        let (people, at) = visits.most();
        Some(Self { staff, people, at }).filter(|peak| peak.all() > limit)
    }

    /// All together.
    #[must_use]
    pub const fn all(&self) -> u64 {
        self.staff + self.people
    }
}

/// Visitors and guests who come, and once more the guests: they may still be in a room while they turn to a desk.
fn everybody(plan: &Plan) -> u64 {
    let come = plan.populations().map(|(name, arrivals)| {
        let draws = Draws::of_population(plan.seed, 0, name);
        Schedule::new(arrivals, draws, plan.length).count() as u64
    });
    let times = (0..).map(|place| if place < plan.desks.len() { 1 } else { 2 });
    come.zip(times).map(|(come, times)| come * times).sum()
}

/// How many connections one of them has at the most. Who phones has one.
#[derive(Clone, Copy, Debug)]
struct Each {
    agent: u64,
    visitor: u64,
    guest: u64,
}

impl Each {
    fn of(plan: &Plan) -> Self {
        let Some(chat) = plan.run.target.as_ref().and_then(|target| target.chat()) else {
            return Self { agent: 1, visitor: 1, guest: 1 };
        };
        let has_desk = match chat.queue {
            QueuePlan::Testbed { .. } => !plan.desks.is_empty(),
            QueuePlan::Server { .. } => plan.phone.is_some(),
        };
        let over = |role| chat.dialect.connections(role);
        let desk = u64::from(has_desk);
        Self {
            agent: over(Role::Agent) + desk,
            visitor: over(Role::Visitor) + desk,
            guest: over(Role::Guest),
        }
    }

    fn staff(self, plan: &Plan) -> u64 {
        let of_phone = plan.phone.map_or(0, |phone| u64::from(plan.desk(phone).own_agents()));
        let moderators = plan.moderator_ids().count() as u64;
        (plan.staff() - of_phone - moderators) * self.agent + of_phone + moderators
    }
}

/// When visits began and ended, and with how many connections.
#[derive(Debug)]
struct Visits {
    each: Each,
    /// Those who come to phone.
    phone: Option<PopulationId>,
    starts: Vec<(Moment, u64)>,
    ends: Vec<(Moment, u64)>,
}

impl Witness for Visits {
    fn note(&mut self, observation: &Observation) {
        let (start, end, connections) = match observation {
            // Who goes on to the phone keeps what there was for the chat.
            Observation::Visit(visit) => {
                let phones = self.phone == Some(visit.visit.population);
                (visit.start, visit.ended, if phones { 1 } else { self.each.visitor })
            }
            Observation::Room(RoomObservation::Visit(visit)) => (visit.start, visit.ended, self.each.guest),
            _ => return,
        };
        // Who is gone at once was hardly there.
        if start < end {
            self.starts.push((start, connections));
            self.ends.push((end, connections));
        }
    }
}

impl Visits {
    /// How many there were at once, at the most, and when.
    fn most(mut self) -> (u64, Moment) {
        self.starts.sort_unstable();
        self.ends.sort_unstable();
        let mut over = self.ends.iter().peekable();
        let (mut present, mut most) = (0_u64, (0, Moment::ZERO));
        for &(start, connections) in &self.starts {
            while let Some((_, closed)) = over.next_if(|(end, _)| *end <= start) {
                present -= closed;
            }
            present += connections;
            if present > most.0 {
                most = (present, start);
            }
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn plan(yaml: &str) -> Plan {
        crate::scenario::parse("t.yaml", yaml.to_owned(), Path::new(".")).unwrap().plan.as_run()
    }

    #[test]
    fn the_most_at_once_and_when() {
        let at = Moment::from_nanos;
        let each = Each { agent: 1, visitor: 1, guest: 1 };
        let with = |instants: [u64; 5]| instants.map(|nanos| (at(nanos), 2)).to_vec();
        // One who goes as another comes was never there with them.
        let visits = |starts, ends| Visits { each, phone: None, starts, ends };
        assert_eq!(visits(with([5, 0, 2, 3, 9]), with([3, 6, 9, 8, 11])).most(), (6, at(5)));
        assert_eq!(visits(Vec::new(), Vec::new()).most(), (0, Moment::ZERO));
    }

    #[test]
    fn over_a_dialect_everybody_has_as_many_connections_as_it_has_transports() {
        let desk = "name: t\nlength: 1h\nsupport:\n  arrivals: {bursts: [{at: 0s, count: 50, within: 0s}]}\n  patience: never\n  \
                    conversation: {handling_time: {constant: 60s}}\n  agents: {count: 7, concurrency: 1}\n";
        let needs = |target: &str| {
            let plan = plan(&format!("{desk}target: {target}\n"));
            Peak::above(&plan, 0).map(|peak| (peak.staff, peak.people))
        };
        assert_eq!(needs("{url: \"ws://desk\"}"), Some((7, 50)));
        assert_eq!(needs("{url: \"irc://desk\"}"), Some((14, 100)), "and one to the testbed's desk");
        let product = "{url: \"http://desk\", dialect: odoo-livechat, queue: server}";
        assert_eq!(needs(product), Some((14, 100)), "HTTP and a WebSocket");
    }

    #[test]
    fn a_crowd_at_once_is_foreseen_and_one_after_the_other_is_not_a_crowd() {
        let yaml = "name: t\nlength: 2h\nsupport:\n  arrivals: {bursts: [{at: 0s, count: 50, within: 0s}, \
                    {at: 1h, count: 40, within: 0s}]}\n  patience: {constant: 90s}\n  conversation: \
                    {handling_time: {constant: 60s}}\n  agents: {count: 7, concurrency: 1}\n";
        let plan = plan(yaml);
        let peak = Peak { staff: 7, people: 50, at: Moment::ZERO };
        assert_eq!(Peak::above(&plan, 56), Some(peak));
        assert_eq!(Peak::above(&plan, 57), None, "it is enough, though 97 come");
        assert_eq!(Peak::above(&plan, 97), None, "and nothing need be played");
    }
}
