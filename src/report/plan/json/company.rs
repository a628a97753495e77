//! Who meets whom, in `plan.json`.

use serde::Serialize;

use crate::study::plan::{Count, Critical, Crossing, Hours, Mass, Point, Share};

use super::AN_HOUR;

/// Of one room.
#[derive(Serialize)]
pub(super) struct Traffic<'a> {
    today_per_hour: f64,
    met_today: Value,
    critical: Reached,
    alive: Reached,
    /// Why there is no formula; empty where there is one.
    no_formula: &'a [&'static str],
    curve: Vec<Met>,
}

#[derive(Serialize)]
pub(super) struct Value {
    share: f64,
    low: Option<f64>,
    high: Option<f64>,
    n: u64,
}

/// Where a share is reached, in visits an hour.
#[derive(Serialize)]
pub(super) struct Reached {
    share: f64,
    per_hour: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    formula_per_hour: Option<f64>,
    /// The highest rate that was played, where it is not reached there.
    not_within_per_hour: Option<f64>,
    /// The lowest rate that was played, where it is reached there already.
    even_at_per_hour: Option<f64>,
}

#[derive(Serialize)]
pub(super) struct Met {
    per_hour: f64,
    met: Value,
    formula: Option<f64>,
}

#[derive(Serialize)]
pub(super) struct Kept {
    evenly: Rooms,
    split: Vec<Ways>,
    portal: Option<Portal>,
}

#[derive(Serialize)]
pub(super) struct Rooms {
    rooms: u64,
    low: Option<u64>,
    high: Option<u64>,
    or_more: bool,
}

#[derive(Serialize)]
pub(super) struct Ways {
    rooms: u64,
    met: Value,
}

#[derive(Serialize)]
pub(super) struct Portal {
    alive: Rooms,
    alive_simulated: u32,
    most: Rooms,
    least_popular_per_hour: f64,
    most_popular_per_hour: f64,
}

#[derive(Serialize)]
pub(super) struct Opening {
    visits_a_day: f64,
    today_hours: f64,
    share: f64,
    longest_hours: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    /// Whether that many meet somebody around the clock.
    around_the_clock: bool,
    curve: Vec<OpenFor>,
}

#[derive(Serialize)]
pub(super) struct OpenFor {
    hours: f64,
    met: Value,
}

pub(super) fn value(share: Share) -> Value {
    Value { share: share.value, low: share.low, high: share.high, n: share.n }
}

pub(super) fn traffic(mass: &Mass) -> Traffic<'_> {
    let met =
        |point: &Point| Met { per_hour: point.at * AN_HOUR, met: value(point.met), formula: point.formula };
    Traffic {
        today_per_hour: mass.today_per_sec * AN_HOUR,
        met_today: value(mass.met_today),
        critical: reached(&mass.critical),
        alive: reached(&mass.alive),
        no_formula: mass.formula.as_ref().err().map_or(&[], Vec::as_slice),
        curve: mass.curve.iter().map(met).collect(),
    }
}

/// The value and its interval; none outside of what was played.
fn within(crossing: Crossing) -> [Option<f64>; 3] {
    match crossing {
        Crossing::At { value, low, high } => [Some(value), low, high],
        Crossing::Before(_) | Crossing::Beyond(_) => [None; 3],
    }
}

fn reached(critical: &Critical) -> Reached {
    let hourly = |per_sec: Option<f64>| per_sec.map(|per_sec| per_sec * AN_HOUR);
    let [per_hour, low, high] = within(critical.simulated).map(hourly);
    let (even_at, not_within) = match critical.simulated {
        Crossing::At { .. } => (None, None),
        Crossing::Before(least) => (Some(least), None),
        Crossing::Beyond(most) => (None, Some(most)),
    };
    Reached {
        share: critical.share,
        per_hour,
        low,
        high,
        formula_per_hour: hourly(critical.formula),
        not_within_per_hour: hourly(not_within),
        even_at_per_hour: hourly(even_at),
    }
}

fn rooms(count: &Count) -> Rooms {
    Rooms { rooms: count.value, low: count.low, high: count.high, or_more: count.or_more }
}

pub(super) fn kept(mass: &Mass) -> Kept {
    let kept = &mass.kept;
    Kept {
        evenly: rooms(&kept.evenly),
        split: kept.split.iter().map(|(ways, met)| Ways { rooms: *ways, met: value(*met) }).collect(),
        portal: kept.portal.as_ref().map(|portal| Portal {
            alive: rooms(&portal.alive),
            alive_simulated: portal.alive_simulated,
            most: rooms(&portal.most),
            least_popular_per_hour: portal.least_per_sec * AN_HOUR,
            most_popular_per_hour: portal.most_per_sec * AN_HOUR,
        }),
    }
}

pub(super) fn opening(hours: &Hours) -> Opening {
    let [longest_hours, low, high] = within(hours.longest);
    Opening {
        visits_a_day: hours.visits_a_day,
        today_hours: hours.today,
        share: hours.share,
        longest_hours,
        low,
        high,
        around_the_clock: matches!(hours.longest, Crossing::Before(_)),
        curve: hours.curve.iter().map(|point| OpenFor { hours: point.at, met: value(point.met) }).collect(),
    }
}
