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
