//! For how long, and how often, a venue is played so that a share of its visits is known well enough.
//!
//! A *steady* venue, to which guests come at one rate, around the clock and for the first time, is the same at any time: it is
//! played in stretches of a length of our own, each with a lead-in and a lead-out that are not counted, so that neither
//! the empty room at the start nor the end of the arrivals is in the figures. Any other is played as it is written, from its
//! warm-up to its length, as many times as it takes.

use crate::base::dist::Law;
use crate::base::time::{Moment, Span};
use crate::scenario::plan::rooms::VenuePlan;
use crate::scenario::plan::{ArrivalPlan, MOST_REPLICATIONS, Plan, RatePiece};

use super::vary::{DAY, alone};

/// The stretches of a steady venue.
const STRETCHES: u32 = 20;
/// The fewest replications of any other: an interval of fewer is wide whatever they hold.
const FEWEST: u32 = 10;
/// Of a portal with all its rooms, each of which tells as much as a replication of another.
const FEWEST_OF_MANY: u32 = 4;
/// A lead-in lasts for so many stays, and for so many visits: at a few visits an hour it takes many until a room has come to life.
const LEAD_STAYS: f64 = 10.0;
const LEAD_VISITS: f64 = 100.0;

/// How much is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Instead of as many replications as are thought to be needed.
    pub replications: Option<u32>,
    /// Whether the length of the scenario was asked for: then a steady venue is played for that long too.
    pub as_written: bool,
}

/// Something to be played, and when it counts.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    pub(super) plan: Plan,
    /// Counted are those who come, and what is said, in [from, to).
    pub(super) window: (Moment, Moment),
    pub(super) replications: u32,
}

impl Effort {
    /// The venue alone, with some `visits` counted in all.
    pub(super) fn stage(self, plan: &Plan, venue: &VenuePlan, visits: f64) -> Stage {
        match steady_per_sec(venue, plan.length).filter(|_| !self.as_written) {
            Some(per_sec) => self.stretches(plan, venue, per_sec, visits),
            None => {
                let window = (Moment::ZERO + plan.warm_up, Moment::ZERO + plan.length);
                self.replicated(alone(plan, venue), window, visits)
            }
        }
    }

    fn stretches(self, plan: &Plan, venue: &VenuePlan, per_sec: f64, visits: f64) -> Stage {
        let patience_secs = venue.alone_patience.as_ref().map_or(0.0, Law::mean);
        let memory_secs = LEAD_STAYS * (venue.stay.mean() + patience_secs);
        let lead_in = Span::from_secs(memory_secs.max(LEAD_VISITS / per_sec));
        let from = Moment::ZERO + lead_in;
        let to = from + Span::from_secs(visits / f64::from(STRETCHES) / per_sec);
        let end = to + Span::from_secs(memory_secs);
        let for_ever =
            RatePiece { from: Moment::ZERO, to: Moment::NEVER, from_per_sec: per_sec, to_per_sec: per_sec };
        let arrivals = ArrivalPlan { pieces: vec![for_ever], ..ArrivalPlan::default() };
        let venue = VenuePlan { arrivals, ..venue.clone() };
        let plan = Plan { length: end.since(Moment::ZERO), warm_up: lead_in, ..alone(plan, &venue) };
        Stage { plan, window: (from, to), replications: self.replications.unwrap_or(STRETCHES) }
    }

    /// The venue alone for so many days, without the warm-up, with some `visits` counted in all.
    pub(super) fn days(self, plan: &Plan, venue: &VenuePlan, days: u64, visits: f64) -> Stage {
        let length = Span::from_nanos(days * DAY.nanos());
        // A warm-up is of whole days too, or days would be counted in part.
        let warm_up = Span::from_nanos(plan.warm_up.nanos().div_ceil(DAY.nanos()) * DAY.nanos());
        let warm_up = if warm_up < length { warm_up } else { Span::ZERO };
        let plan = Plan { length, warm_up, ..alone(plan, venue) };
        self.replicated(plan, (Moment::ZERO + warm_up, Moment::ZERO + length), visits)
    }

    fn replicated(self, plan: Plan, window: (Moment, Moment), visits: f64) -> Stage {
        let expected = plan.venues[0].arrivals.expected(window.0, window.1);
        let fewest = if plan.venues[0].rooms() > 1 { FEWEST_OF_MANY } else { FEWEST };
        let needed = (visits / expected).ceil().clamp(fewest.into(), MOST_REPLICATIONS.into()) as u32;
        Stage { plan, window, replications: self.replications.unwrap_or(needed) }
    }
}

/// The rate of visits, per second, of a venue that is the same at any time.
pub(super) fn steady_per_sec(venue: &VenuePlan, length: Span) -> Option<f64> {
    changes(venue, length)
        .is_empty()
        .then(|| venue.arrivals.pieces.first().map(|piece| piece.from_per_sec))?
}

/// What makes a venue another at one time than at another, in clauses.
pub(super) fn changes(venue: &VenuePlan, length: Span) -> Vec<&'static str> {
    let arrivals = &venue.arrivals;
    let rate = arrivals.pieces.first().map_or(0.0, |piece| piece.from_per_sec);
    let same = |piece: &RatePiece| piece.from_per_sec == rate && piece.to_per_sec == rate;
    let covered = arrivals.pieces.last().is_some_and(|piece| piece.to >= Moment::ZERO + length);
    let all = [
        (venue.open.is_some(), "it is not always open"),
        (!(arrivals.pieces.iter().all(same) && covered), "its traffic changes over time"),
        (!arrivals.bursts.is_empty(), "guests come in bursts"),
        (arrivals.busyness_cv > 0.0, "some days are busier than others"),
        (venue.returns.is_some(), "guests come back"),
    ];
    all.into_iter().filter(|(holds, _)| *holds).map(|(_, what)| what).collect()
}
