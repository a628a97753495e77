//! A plan for tests: its values by a few lines of arithmetic, so that no change of the people or the engines changes a
//! report's snapshots.

use crate::base::time::Span;
use crate::report::sample;
use crate::scenario::plan::rooms::VenueKind;
use crate::study::plan::{
    Count, Critical, Crossing, Hours, Kept, Level, Mass, Moderators, Needed, Outlook, Planning, Point,
    PortalKept, Reviewed, Share, Unmoderated, Wanted,
};

const TODAY: f64 = 6.0 / 3600.0;

/// Of a deserted room with moderators, and of a portal without a formula and without moderators.
pub(in crate::report) fn planning() -> Planning {
    let mut header = sample::simulation(20).header;
    header.scenario = "fans and others".to_owned();
    header.setting.money = Some("EUR".to_owned());
    let ended_unix_ms = header.epoch_unix_ms + 2_100;
    let wanted = Wanted { meet: 0.8, within: Span::from_whole_secs(120), of: 0.95 };
    Planning { header, ended_unix_ms, wanted, venues: vec![room(), portal()], interrupted: false }
}

fn share(value: f64) -> Share {
    Share { value, low: Some((value - 0.008).max(0.0)), high: Some((value + 0.008).min(1.0)), n: 40_000 }
}

/// What meets somebody at this rate: 80 % at 17.5 visits an hour.
fn met(per_sec: f64) -> f64 {
    let of = per_sec * 3600.0 / 17.5;
    4.0 * of * of / (1.0 + 4.0 * of * of)
}

/// The rate at which a share does.
fn needed(share: f64) -> f64 {
    (share / (4.0 * (1.0 - share))).sqrt() * 17.5 / 3600.0
}

fn critical(share: f64, formula: bool) -> Critical {
    let value = needed(share);
    Critical {
        share,
        simulated: Crossing::At { value, low: Some(value * 0.98), high: Some(value * 1.02) },
        formula: formula.then_some(value * 1.004),
    }
}

fn mass(formula: bool, kept: Kept) -> Mass {
    let mut at: Vec<f64> = (-3..=4).map(|power| TODAY * libm::exp2(f64::from(power))).collect();
    at.extend([0.97, 1.06].map(|times| times * needed(0.8)));
    at.sort_by(f64::total_cmp);
    let point =
        |at: &f64| Point { at: *at, met: share(met(*at)), formula: formula.then(|| met(*at / 1.004)) };
    let line = || (0..=56).map(|step| TODAY / 8.0 * libm::exp2(f64::from(step) / 8.0));
    Mass {
        today_per_sec: TODAY,
        met_today: share(met(TODAY)),
        curve: at.iter().map(point).collect(),
        formula: if formula {
            Ok(line().map(|at| (at, met(at / 1.004))).collect())
        } else {
            Err(vec!["guests come back", "it is not always open"])
        },
        critical: critical(0.8, formula),
        alive: critical(0.5, formula),
        kept,
    }
}

fn count(value: u64) -> Count {
    Count { value, low: Some(value - value / 10), high: Some(value + value / 10), or_more: false }
}

fn room() -> Outlook {
    let split = [1.0, 2.0].map(|ways| (ways as u64, share(met(TODAY / ways)))).to_vec();
    let hours = [24.0, 12.0, 8.5, 6.0, 3.0];
    let point = |at: f64| Point { at, met: share(met(TODAY * 24.0 / at)), formula: None };
    let level = |moderators: u32, in_time: f64, formula: f64| Level {
        moderators,
        in_time: share(in_time),
        formula: Some(formula),
        busy: 0.6 / f64::from(moderators),
        cost_per_message: Some(0.5 * f64::from(moderators)),
    };
    Outlook {
        name: "fans".to_owned(),
        kind: VenueKind::Room,
        mass: mass(true, Kept { evenly: count(0), split, portal: None }),
        hours: Some(Ok(Hours {
            visits_a_day: 144.0,
            today: 24.0,
            curve: hours.map(point).to_vec(),
            share: 0.8,
            longest: Crossing::At { value: 8.2, low: Some(8.05), high: Some(8.4) },
        })),
        moderators: Ok(Moderators {
            reviewed: Reviewed::First,
            today: 1,
            per_sec: 36.0 / 3600.0,
            review_secs: 60.0,
            unevenness: Some(1.1),
            levels: vec![level(1, 0.62, 0.6), level(2, 0.96, 0.965), level(3, 0.99, 0.991)],
            needed: Needed::Moderators(2),
            formula: Ok(Some(2)),
        }),
    }
}

fn portal() -> Outlook {
    let split = [1.0, 2.0, 300.0, 330.0].map(|ways| (ways as u64, share(met(TODAY * 500.0 / ways)))).to_vec();
    let portal = PortalKept {
        rooms: 500,
        alive: count(120),
        alive_simulated: 122,
        most: count(80),
        least_per_sec: TODAY / 4.0,
        most_per_sec: TODAY * 80.0,
    };
    Outlook {
        name: "exchange".to_owned(),
        kind: VenueKind::Portal { rooms: 500, exponent: 1.1 },
        mass: mass(false, Kept { evenly: count(300), split, portal: Some(portal) }),
        hours: None,
        moderators: Err(Unmoderated::NoReviews),
    }
}
