//! `plan.json`: the plan for programs. Shares are fractions from 0 to 1, times are in seconds and rates by the hour, unrounded;
//! every name says so. The types here are the format: a field that changes its meaning or goes away makes a new [`FORMAT`], a
//! further field does not.

mod company;
mod staff;

use std::io::{self, Write};

use serde::Serialize;

use crate::scenario::plan::rooms::VenueKind;
use crate::study::plan::{Outlook, Planning, Unmoderated};

use company::{Kept, Opening, Traffic, kept, opening, traffic};
use staff::{Staff, staff};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::plan::sample;
    use crate::study::plan::Crossing;

    #[test]
    fn what_was_planned_and_what_was_not_is_found_by_name() {
        let mut out = Vec::new();
        write(&sample::planning(), &mut out).unwrap();
        let document: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let (room, portal) = (&document["venues"][0], &document["venues"][1]);
        assert_eq!(document["format"], FORMAT);
        assert!((room["traffic"]["critical"]["per_hour"].as_f64().unwrap() - 17.5).abs() < 1e-9);
        assert_eq!(room["traffic"]["no_formula"], serde_json::json!([]));
        assert_eq!(room["hours"]["longest_hours"], 8.2);
        assert_eq!(room["moderators"]["needed"], 2);
        assert_eq!(portal["kept"]["portal"]["alive"]["rooms"], 120);
        assert!(portal["hours"].is_null());
        assert_eq!(portal["moderators"]["not_planned"], "nothing is ever reviewed");
        assert_eq!(portal["traffic"]["no_formula"][0], "guests come back");
    }

    #[test]
    fn a_share_that_is_not_reached_says_how_far_it_was_played() {
        let mut planning = sample::planning();
        planning.venues[0].mass.critical.simulated = Crossing::Beyond(0.1);
        let document = serde_json::to_value(document(&planning)).unwrap();
        let critical = &document["venues"][0]["traffic"]["critical"];
        assert!(critical["per_hour"].is_null() && critical["even_at_per_hour"].is_null());
        assert_eq!(critical["not_within_per_hour"], 360.0);
    }
}
