//! The figures of a room, or of all rooms of a portal together.

use std::borrow::Cow;

use super::sheet::{STATS, Sheet, Times};
use crate::base::figures::Unit;
use crate::base::time::NANOS;
use crate::base::words::rooms::GuestEnding;
use crate::metrics::histogram::Distribution;
use crate::metrics::tally::{Levels, VenueTally};
use crate::record::setting::VenueSetting;

type Venue = VenueTally<Distribution>;

/// One venue, of one tally a section.
pub(super) fn venue(sheet: &mut Sheet, venue: &VenueSetting, tallies: &[&Venue]) {
    let name = &venue.prefix();
    company(sheet, name, tallies);
    presence(sheet, name, tallies);
    questions(sheet, venue, tallies);
    messages(sheet, name, tallies);
    moderation(sheet, venue, tallies);
    alive(sheet, venue, tallies);
}

fn of<'a>(tallies: &[&'a Venue], times: fn(&Venue) -> &Distribution) -> Times<'a> {
    Times::of(tallies.iter().map(|t| Cow::Borrowed(times(t))).collect())
}

/// Visits, and whom they met.
fn company(sheet: &mut Sheet, name: &str, tallies: &[&Venue]) {
    sheet.per_replication(format!("{name}.visits"), tallies.iter().map(|t| t.visits));
    let mut share = |what: &str, count: &dyn Fn(&Venue) -> u64| {
        sheet.share(format!("{name}.{what}.share"), tallies.iter().map(|t| (count(t), t.visits)));
    };
    share("returning", &|t| t.returns);
    for ending in GuestEnding::ALL {
        share(ending.name(), &|t| t.ended(ending));
    }
    share("empty_on_arrival", &|t| t.found_nobody);
    share("never_met", &|t| t.never_met);
    share("frustrated", &|t| t.frustrated);
    let to_company = Times::with_censored(
        tallies.iter().map(|t| &t.time_to_company),
        tallies.iter().map(|t| &t.alone_until),
    );
    sheet.times(&format!("{name}.time_to_company"), STATS, &to_company);
    sheet.times(&format!("{name}.visit_time"), STATS, &of(tallies, |t| &t.visit_time));
}

/// How many are there at once.
fn presence(sheet: &mut Sheet, name: &str, tallies: &[&Venue]) {
    let visits = tallies.iter().map(|t| t.visits).sum();
    let mut ratio = |what: &str, unit, over: fn(&Levels) -> u128| {
        let pairs: Vec<(u128, u128)> =
            tallies.iter().map(|t| (over(&t.occupancy), t.occupancy.total())).collect();
        sheet.ratio(format!("{name}.{what}"), unit, visits, &pairs);
    };
    ratio("present.mean", Unit::Number, Levels::weighted);
    ratio("empty.share", Unit::Share, |levels| levels.at(0));
    ratio("alone.share", Unit::Share, |levels| levels.at(1));
    let mut all = Levels::default();
    tallies.iter().for_each(|t| all.merge(&t.occupancy));
    let mut level = |what: &str, of: &dyn Fn(&Levels) -> Option<u32>| {
        let days = tallies.iter().filter_map(|t| of(&t.occupancy)).map(f64::from).collect();
        sheet.level(format!("{name}.present.{what}"), visits, of(&all).map(f64::from), days);
    };
    for (what, q) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
        level(what, &|levels| levels.quantile(q));
    }
    level("max", &Levels::max);
}

/// What guests wanted to know, and what the desk has to do with it.
fn questions(sheet: &mut Sheet, venue: &VenueSetting, tallies: &[&Venue]) {
    let name = venue.prefix();
    sheet.per_replication(format!("{name}.questions"), tallies.iter().map(|t| t.asked));
    let answered = tallies.iter().map(|t| (t.time_to_reply.count, t.asked));
    sheet.share(format!("{name}.answered.share"), answered);
    sheet.times(&format!("{name}.time_to_reply"), STATS, &of(tallies, |t| &t.time_to_reply));
    if venue.turns_to.is_some() {
        sheet.per_replication(format!("{name}.deflected"), tallies.iter().map(|t| t.deflected));
        sheet.per_replication(format!("{name}.turned_to_desk"), tallies.iter().map(|t| t.turned));
    }
}

/// What was said, and what of it did harm.
fn messages(sheet: &mut Sheet, name: &str, tallies: &[&Venue]) {
    sheet.per_replication(format!("{name}.messages"), tallies.iter().map(|t| t.sent()));
    let mut share = |what: &str, count: fn(&Venue) -> u64| {
        sheet.share(format!("{name}.{what}.share"), tallies.iter().map(|t| (count(t), t.sent())));
    };
    share("published", Venue::published);
    share("kept_back", Venue::kept_back);
    share("wrongly_blocked", |t| t.wrongly_blocked);
    share("harmful", |t| t.harmful);
    let seen = || tallies.iter().map(|t| t.exposure_time.count);
    sheet.per_replication(format!("{name}.harmful_seen"), seen());
    let pairs: Vec<(u128, u128)> =
        seen().zip(tallies).map(|(seen, t)| (seen.into(), t.visits.into())).collect();
    sheet.ratio(format!("{name}.harmful_seen_per_visit"), Unit::Number, seen().sum(), &pairs);
    sheet.per_replication(format!("{name}.reports"), tallies.iter().map(|t| t.reports));
}

/// What moderating took, and cost.
fn moderation(sheet: &mut Sheet, venue: &VenueSetting, tallies: &[&Venue]) {
    let name = format!("{}.moderation", venue.prefix());
    sheet.times(&format!("{name}.hold_time"), STATS, &of(tallies, |t| &t.hold_time));
    sheet.times(&format!("{name}.review_time"), STATS, &of(tallies, |t| &t.review_time));
    sheet.times(&format!("{name}.exposure_time"), STATS, &of(tallies, |t| &t.exposure_time));
    let reviewed = tallies.iter().map(|t| t.hold_time.count + t.review_time.count).sum();
    let busy: Vec<(u128, u128)> = tallies.iter().map(|t| (t.reviewing_nanos, t.paid_nanos)).collect();
    sheet.ratio(format!("{name}.busy.share"), Unit::Share, reviewed, &busy);
    if !venue.costs() {
        return;
    }
    let cost = |t: &Venue| venue.wage_per_sec * t.paid_nanos as f64 / NANOS as f64;
    let costs = tallies.iter().map(|t| cost(t)).collect();
    sheet.amount(format!("{name}.cost"), Unit::Money, tallies.iter().map(|t| t.went_public).sum(), costs);
    let mut each = |what: &str, count: fn(&Venue) -> u64| {
        let pairs: Vec<(f64, u64)> = tallies.iter().map(|t| (cost(t), count(t))).collect();
        sheet.money_each(format!("{name}.{what}"), &pairs);
    };
    // Of a queue that grows, what is paid for now is what goes out now, and not what comes in.
    each("cost_per_message", |t| t.went_public);
    each("cost_per_visit", |t| t.visits);
}

/// How many of the rooms are alive. A day is judged as a whole: the batches of a run are put together.
fn alive(sheet: &mut Sheet, venue: &VenueSetting, tallies: &[&Venue]) {
    let wholes: Vec<Cow<Venue>> = if sheet.coverage.days {
        tallies.iter().map(|t| Cow::Borrowed(*t)).collect()
    } else {
        let together = tallies.iter().fold(Venue::default(), |mut all, t| {
            all.merge(t);
            all
        });
        vec![Cow::Owned(together)]
    };
    let alive = |t: &Venue| t.rooms.iter().filter(|room| room.is_alive(venue.alive)).count() as u64;
    let shares = wholes.iter().map(|t| (alive(t), t.rooms.len() as u64));
    sheet.share(format!("{}.alive.share", venue.prefix()), shares);
}
