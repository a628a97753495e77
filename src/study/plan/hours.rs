//! Opening hours: the same daily traffic in fewer hours, until it meets.

use crate::base::time::{Moment, Span};
use crate::scenario::plan::Plan;
use crate::scenario::plan::rooms::VenuePlan;

use super::curve::{Crossing, Point, Reach, crossing, trace};
use super::play::{Halt, Theatre};
use super::stage::{Effort, steady_per_sec};
use super::vary::{DAY, open_daily, without_words};

/// Visits to play at each length of the opening hours.
const VISITS: f64 = 40_000.0;
/// From around the clock to 1/128 of it, which is 11 minutes.
const REACH: Reach = Reach { down: 0, up: 7 };
/// Days of a steady room that are played in a row, at the most.
const MOST_DAYS: f64 = 1_000.0;
/// Hours in a day.
const HOURS: f64 = 24.0;

/// What opening hours do to a room, the visits of a day being the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// Visits of a day, returns left out.
    pub visits_a_day: f64,
    /// For how many hours a day it is open now, on average.
    pub today: f64,
    /// The share of visits that meet somebody by the hours of a day in which all of them come; rising as hours fall.
    pub curve: Vec<Point>,
    /// The share that is wanted.
    pub share: f64,
    /// The most hours at which that many meet somebody.
    pub longest: Crossing,
}

/// What opening hours do to a room. The inner `Err` says why there is no answer.
pub(super) fn hours(
    theatre: &Theatre<'_>,
    plan: &Plan,
    room: &VenuePlan,
    wanted: f64,
    effort: Effort,
) -> Result<Result<Hours, &'static str>, Halt> {
    let room = without_words(room);
    let steady = steady_per_sec(&room, plan.length).filter(|_| !effort.as_written);
    let days = match steady {
        // As many visits in a row as elsewhere.
        Some(per_sec) => (2_000.0 / (per_sec * DAY.secs())).ceil().clamp(2.0, MOST_DAYS) as u64,
        None => plan.length.nanos() / DAY.nanos(),
    };
    if days == 0 {
        return Ok(Err("the scenario is shorter than a day"));
    }
    let room = if steady.is_some() { for_ever(&room) } else { room };
    let end = Moment::from_nanos(days * DAY.nanos());
    let visits_a_day = room.arrivals.expected(Moment::ZERO, end) / days as f64;
    let open: f64 = room.openings(plan.length).map(|opening| opening.to.since(opening.from).secs()).sum();
    // Traced along how much denser the traffic is than around the clock, along which the share rises.
    let curve = trace(1.0, &[wanted], REACH, |denser| {
        let open = Span::from_secs(DAY.secs() / denser);
        theatre.met(&effort.days(plan, &open_daily(&room, days, open), days, VISITS))
    })?;
    let longest = crossing(&curve, wanted).turned(|denser| HOURS / denser);
    Ok(Ok(Hours {
        visits_a_day,
        today: HOURS * open / plan.length.secs(),
        curve: curve.into_iter().map(|point| Point { at: HOURS / point.at, ..point }).collect(),
        share: wanted,
        longest,
    }))
}

/// A steady room beyond the end of the scenario.
fn for_ever(room: &VenuePlan) -> VenuePlan {
    let mut room = room.clone();
    if let Some(piece) = room.arrivals.pieces.last_mut() {
        piece.to = Moment::NEVER;
    }
    room
}
