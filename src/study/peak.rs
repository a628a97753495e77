//! How many connections a run has open at once, foreseen from its plan: everybody who serves throughout, and each
//! visitor and guest from the intended start to the end of the visit, as virtual time plays it.

use std::sync::atomic::AtomicBool;

use crate::base::draw::Draws;
use crate::base::time::Moment;
use crate::base::words::Observation;
use crate::base::words::rooms::RoomObservation;
use crate::scenario::arrivals::Schedule;
use crate::scenario::plan::Plan;
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
        let staff = plan.staff();
        if staff + everybody(plan) <= limit {
            return None;
        }
        let horizon = Moment::ZERO + plan.length + plan.run.drain;
        let mut visits = Visits::default();
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

/// When visits began and ended.
#[derive(Debug, Default)]
struct Visits {
    starts: Vec<Moment>,
    ends: Vec<Moment>,
}

impl Witness for Visits {
    fn note(&mut self, observation: &Observation) {
        let (start, end) = match observation {
            Observation::Visit(visit) => (visit.start, visit.ended),
            Observation::Room(RoomObservation::Visit(visit)) => (visit.start, visit.ended),
            _ => return,
        };
        self.starts.push(start);
        self.ends.push(end);
    }
}

impl Visits {
    /// How many there were at once, at the most, and when.
    fn most(mut self) -> (u64, Moment) {
        self.starts.sort_unstable();
        self.ends.sort_unstable();
        let mut over = self.ends.iter().peekable();
        let (mut present, mut most) = (0_u64, (0, Moment::ZERO));
        for &start in &self.starts {
            while over.next_if(|end| **end <= start).is_some() {
                present -= 1;
            }
            present += 1;
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
        let visits = Visits {
            starts: vec![at(5), at(0), at(2), at(3), at(9)],
            // One who goes as another comes was never there with them.
            ends: vec![at(3), at(6), at(9), at(8), at(11)],
        };
        assert_eq!(visits.most(), (3, at(5)));
        assert_eq!(Visits::default().most(), (0, Moment::ZERO));
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
