//! What a replication of one venue leaves: counted from what is observed, apart from the product's own figures.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use causerie::base::time::{Moment, Span};
use causerie::base::words::Observation;
use causerie::base::words::rooms::{Fate, GuestEnding, GuestOutcome, RoomObservation};
use causerie::scenario::plan::Plan;
use causerie::sim::engine::{Witness, play};

use crate::theory::trial::Counted;

/// As many present are told apart; more are counted with the last.
const MOST: usize = 24;

/// Visits that began in the window, messages that were sent in it, time of it. The venue is the plan's only one; who is
/// present is counted over all of its rooms.
#[derive(Default)]
pub(super) struct Tally {
    window: (Moment, Moment),
    pub(super) visits: u64,
    /// Visits of guests who had not been there before.
    pub(super) first_visits: u64,
    pub(super) found_nobody: u64,
    pub(super) never_met: u64,
    pub(super) deserted: u64,
    /// Visits by room.
    pub(super) to_room: Vec<u64>,
    /// Questions, and those answered, by how many were present when they were put.
    pub(super) asked: [(u64, u64); MOST],
    /// Seconds with so many present.
    pub(super) secs_with: [f64; MOST],
    /// The number present, integrated over time.
    pub(super) present_secs: f64,
    /// Messages, those that do harm, those of them that were blocked, and of the others.
    pub(super) posts: u64,
    pub(super) harmful: u64,
    pub(super) caught: u64,
    pub(super) mistaken: u64,
    /// Reviews, and those that began at once.
    pub(super) reviewed: u64,
    pub(super) at_once: u64,
    pub(super) reviewed_in_time: u64,
    pub(super) wait_secs: f64,
    pub(super) hold_secs: f64,
    /// Since when so many have been present, and how many there were when each of them came.
    since: Moment,
    present: usize,
    found: BTreeMap<Moment, usize>,
}

/// What [`Tally::reviewed_in_time`] means.
pub(super) const IN_TIME: Span = Span::from_whole_secs(120);

impl Tally {
    fn is_in_window(&self, at: Moment) -> bool {
        self.window.0 <= at && at < self.window.1
    }

    /// The number present has been the same until now.
    fn advance(&mut self, now: Moment) {
        let (from, to) = (self.since.max(self.window.0), now.min(self.window.1));
        self.since = now;
        if from < to {
            let secs = to.since(from).secs();
            self.secs_with[self.present.min(MOST - 1)] += secs;
            self.present_secs += secs * self.present as f64;
        }
    }

    fn visit(&mut self, visit: &GuestOutcome) {
        let found = visit.entered.and_then(|entered| self.found.remove(&entered)).unwrap_or_default();
        if !self.is_in_window(visit.start) {
            return;
        }
        self.visits += 1;
        self.first_visits += u64::from(visit.visit.attempt == 0);
        self.found_nobody += u64::from(visit.found_nobody);
        self.never_met += u64::from(visit.met.is_none());
        self.deserted += u64::from(visit.ending == GuestEnding::Deserted);
        if self.to_room.len() <= visit.room.index() {
            self.to_room.resize(visit.room.index() + 1, 0);
        }
        self.to_room[visit.room.index()] += 1;
        if let Some(asked) = visit.asked {
            let of = &mut self.asked[found.min(MOST - 1)];
            of.0 += 1;
            of.1 += u64::from(asked.answered.is_some());
        }
    }

    fn posted(&mut self, fate: Fate, harmful: bool) {
        self.posts += 1;
        self.harmful += u64::from(harmful);
        let blocked = u64::from(fate == Fate::Blocked);
        *(if harmful { &mut self.caught } else { &mut self.mistaken }) += blocked;
    }

    fn reviewed(&mut self, posted: Moment, from: Moment, to: Moment) {
        self.reviewed += 1;
        self.at_once += u64::from(posted == from);
        self.reviewed_in_time += u64::from(to.since(posted) <= IN_TIME);
        self.wait_secs += from.since(posted).secs();
        self.hold_secs += to.since(posted).secs();
    }

    /// Questions of those who found so many present.
    pub(super) fn answered_with(&self, found: usize) -> (f64, f64) {
        let (asked, answered) = self.asked[found];
        (answered as f64, asked as f64)
    }

    /// All questions.
    pub(super) fn answered(&self) -> (f64, f64) {
        let sum = |of: fn(&(u64, u64)) -> u64| self.asked.iter().map(of).sum::<u64>() as f64;
        (sum(|of| of.1), sum(|of| of.0))
    }

    /// The share of visits that are as counted.
    pub(super) fn of_visits(&self, count: u64) -> (f64, f64) {
        (count as f64, self.visits as f64)
    }

    /// The share of reviews that are as counted, or the mean of what is summed.
    pub(super) fn of_reviews(&self, sum: f64) -> (f64, f64) {
        (sum, self.reviewed as f64)
    }

    /// The average over time of what was integrated.
    pub(super) fn over_time(&self, sum: f64) -> (f64, f64) {
        (sum, self.window.1.since(self.window.0).secs())
    }
}

impl Witness for Tally {
    fn note(&mut self, observation: &Observation) {
        let Observation::Room(observation) = observation else { return };
        match *observation {
            RoomObservation::Entered { at, .. } => {
                self.advance(at);
                self.found.insert(at, self.present);
                self.present += 1;
            }
            RoomObservation::Visit(visit) => {
                if visit.entered.is_some() {
                    self.advance(visit.ended);
                    self.present -= 1;
                }
                self.visit(&visit);
            }
            RoomObservation::Posted { at, fate, harmful, .. } if self.is_in_window(at) => {
                self.posted(fate, harmful);
            }
            RoomObservation::Reviewed { posted, from, to, .. } if self.is_in_window(posted) => {
                self.reviewed(posted, from, to);
            }
            _ => {}
        }
    }
}

impl Counted for Tally {
    fn all(plan: &Plan) -> Vec<Self> {
        let window = (Moment::ZERO + plan.warm_up, Moment::ZERO + plan.length);
        let played = |replication| {
            let mut tally = Self { window, ..Self::default() };
            play(plan, replication, Moment::NEVER, &AtomicBool::new(false), &mut tally);
            tally.advance(window.1);
            tally
        };
        (0..plan.replications).map(played).collect()
    }
}
