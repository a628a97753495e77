//! `plan.json`: the plan for programs. Shares are fractions from 0 to 1, times are in seconds and rates by the hour, unrounded;
//! every name says so. The types here are the format: a field that changes its meaning or goes away makes a new [`FORMAT`], a
//! further field does not.

use std::io::{self, Write};

use serde::Serialize;

use crate::scenario::plan::rooms::VenueKind;
use crate::study::plan::{
    Count, Critical, Crossing, Hours, Level, Mass, Moderators, Needed, Outlook, Planning, Point, Share,
    Unmoderated,
};

/// The version of the format.
pub const FORMAT: u32 = 1;

const AN_HOUR: f64 = 3600.0;

#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    causerie: &'a str,
    command: &'static str,
    scenario: &'a str,
    scenario_hash: &'a str,
    plan_hash: &'a str,
    seed: u64,
    scale: f64,
    host: &'a str,
    machine: &'a str,
    started_unix_ms: u64,
    ended_unix_ms: u64,
    /// Whether some venues are missing.
    interrupted: bool,
    wanted: Wanted,
    /// The currency of every cost.
    money: Option<&'a str>,
    venues: Vec<Venue<'a>>,
}

#[derive(Serialize)]
struct Wanted {
    meet_share: f64,
    within_seconds: f64,
    of_share: f64,
}

#[derive(Serialize)]
struct Venue<'a> {
    name: &'a str,
    kind: &'static str,
    rooms: u32,
    traffic: Traffic<'a>,
    kept: Kept,
    /// None of a portal.
    hours: Option<Planned<Opening>>,
    moderators: Planned<Staff<'a>>,
}

/// A part, or why there is none.
#[derive(Serialize)]
#[serde(untagged)]
enum Planned<T> {
    Yes(T),
    No { not_planned: &'static str },
}

/// Of one room.
#[derive(Serialize)]
struct Traffic<'a> {
    today_per_hour: f64,
    met_today: Value,
    critical: Reached,
    alive: Reached,
    /// Why there is no formula; empty where there is one.
    no_formula: &'a [&'static str],
    curve: Vec<Met>,
}

#[derive(Serialize)]
struct Value {
    share: f64,
    low: Option<f64>,
    high: Option<f64>,
    n: u64,
}

/// Where a share is reached, in visits an hour.
#[derive(Serialize)]
struct Reached {
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
struct Met {
    per_hour: f64,
    met: Value,
    formula: Option<f64>,
}

#[derive(Serialize)]
struct Kept {
    evenly: Rooms,
    split: Vec<Ways>,
    portal: Option<Portal>,
}

#[derive(Serialize)]
struct Rooms {
    rooms: u64,
    low: Option<u64>,
    high: Option<u64>,
    or_more: bool,
}

#[derive(Serialize)]
struct Ways {
    rooms: u64,
    met: Value,
}

#[derive(Serialize)]
struct Portal {
    alive: Rooms,
    alive_simulated: u32,
    most: Rooms,
    least_popular_per_hour: f64,
    most_popular_per_hour: f64,
}

#[derive(Serialize)]
struct Opening {
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
struct OpenFor {
    hours: f64,
    met: Value,
}

#[derive(Serialize)]
struct Staff<'a> {
    reviewed_before_publishing: bool,
    today: u32,
    messages_per_hour: f64,
    review_seconds: f64,
    unevenness: Option<f64>,
    /// None where so many as were tried are too few.
    needed: Option<u32>,
    formula: Option<u32>,
    no_formula: &'a [String],
    levels: Vec<Moderated>,
}

#[derive(Serialize)]
struct Moderated {
    moderators: u32,
    in_time: Value,
    formula: Option<f64>,
    busy_share: f64,
    cost_per_message: Option<f64>,
}

/// Writes the plan, indented, ended by a line feed.
pub fn write(planning: &Planning, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(planning))?;
    out.write_all(b"\n")
}

fn document(planning: &Planning) -> Document<'_> {
    let (header, wanted) = (&planning.header, planning.wanted);
    Document {
        format: FORMAT,
        causerie: &header.causerie,
        command: "plan",
        scenario: &header.scenario,
        scenario_hash: &header.scenario_hash,
        plan_hash: &header.plan_hash,
        seed: header.seed,
        scale: header.scale,
        host: &header.host,
        machine: &header.machine,
        started_unix_ms: header.epoch_unix_ms,
        ended_unix_ms: planning.ended_unix_ms,
        interrupted: planning.interrupted,
        wanted: Wanted { meet_share: wanted.meet, within_seconds: wanted.within.secs(), of_share: wanted.of },
        money: header.setting.money.as_deref(),
        venues: planning.venues.iter().map(venue).collect(),
    }
}

fn venue(outlook: &Outlook) -> Venue<'_> {
    let (kind, rooms) = match outlook.kind {
        VenueKind::Room => ("room", 1),
        VenueKind::Portal { rooms, .. } => ("portal", rooms),
    };
    Venue {
        name: &outlook.name,
        kind,
        rooms,
        traffic: traffic(&outlook.mass),
        kept: kept(&outlook.mass),
        hours: outlook.hours.as_ref().map(|of| match of {
            Ok(of) => Planned::Yes(opening(of)),
            Err(not_planned) => Planned::No { not_planned },
        }),
        moderators: match &outlook.moderators {
            Ok(of) => Planned::Yes(staff(of)),
            Err(Unmoderated::NoReviews) => Planned::No { not_planned: "nothing is ever reviewed" },
            Err(Unmoderated::NoMessages) => {
                Planned::No { not_planned: "nobody said anything that is reviewed" }
            }
        },
    }
}

fn value(share: Share) -> Value {
    Value { share: share.value, low: share.low, high: share.high, n: share.n }
}

fn traffic(mass: &Mass) -> Traffic<'_> {
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

fn kept(mass: &Mass) -> Kept {
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

fn opening(hours: &Hours) -> Opening {
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

fn staff(plan: &Moderators) -> Staff<'_> {
    let level = |level: &Level| Moderated {
        moderators: level.moderators,
        in_time: value(level.in_time),
        formula: level.formula,
        busy_share: level.busy,
        cost_per_message: level.cost_per_message,
    };
    Staff {
        reviewed_before_publishing: plan.before,
        today: plan.today,
        messages_per_hour: plan.per_sec * AN_HOUR,
        review_seconds: plan.review_secs,
        unevenness: plan.unevenness,
        needed: match plan.needed {
            Needed::Moderators(n) => Some(n),
            Needed::Never | Needed::MoreThan(_) => None,
        },
        formula: plan.formula.as_ref().ok().copied().flatten(),
        no_formula: plan.formula.as_ref().err().map_or(&[], Vec::as_slice),
        levels: plan.levels.iter().map(level).collect(),
    }
}
