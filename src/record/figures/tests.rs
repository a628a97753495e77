use std::collections::BTreeMap;

use super::*;
use crate::base::figures::{Command, names};
use crate::record::sample;

fn catalogue(setting: &Setting, command: Command) -> BTreeMap<String, Unit> {
    names(&setting.known())
        .filter(|(_, entry)| entry.by(command))
        .map(|(name, entry)| (name, entry.unit))
        .collect()
}

/// Both ways: nothing is computed that is not in the catalogue, and nothing is promised there that is not computed.
#[test]
fn what_is_computed_is_what_the_catalogue_says() {
    for (command, replications, batches) in [(Command::Simulate, 3, 1), (Command::Run, 1, 5)] {
        let setting = sample::setting(replications, batches);
        let computed: BTreeMap<String, Unit> = figures(&setting, &sample::body(&setting, 40))
            .into_iter()
            .map(|(name, figure)| (name, figure.unit))
            .collect();
        let promised = catalogue(&setting, command);
        let differing = |a: &BTreeMap<String, Unit>, b: &BTreeMap<String, Unit>| {
            a.iter()
                .filter(|(name, unit)| b.get(*name) != Some(*unit))
                .map(|(name, _)| name.clone())
                .collect()
        };
        let (more, fewer): (Vec<_>, Vec<_>) =
            (differing(&computed, &promised), differing(&promised, &computed));
        assert!(
            more.is_empty() && fewer.is_empty(),
            "{command}: computed alone {more:?}, promised {fewer:?}"
        );
    }
}

#[test]
fn a_record_of_nothing_has_every_figure_and_no_value() {
    let setting = sample::setting(3, 1);
    let none = figures(&setting, &Body::default());
    assert_eq!(none.len(), catalogue(&setting, Command::Simulate).len());
    for (name, figure) in none {
        // Wages are paid whoever comes: but here not even a replication was over.
        let per_replication = [
            "offered",
            "visits",
            "questions",
            "deflected",
            "turned_to_desk",
            "messages",
            "harmful_seen",
            "reports",
            "cost",
        ];
        let last = name.rsplit('.').next().unwrap();
        let counts = per_replication.contains(&last) || name == "cost.total";
        assert_eq!(figure.value, counts.then_some(0.0), "{name}");
        assert_eq!((figure.low, figure.days), (None, None), "{name}");
    }
}

/// 100 visits a replication, of whom every fourth leaves after 12 s; the others wait 0, 10 or 20 s.
#[test]
fn values_are_those_of_the_sample() {
    let setting = sample::setting(1, 1);
    let figures = figures(&setting, &sample::body(&setting, 100));
    let value = |name: &str| figures[name].value.unwrap();
    assert_eq!(value("support.offered"), 100.0);
    assert_eq!(value("support.abandoned.share"), 0.25);
    assert_eq!(value("support.served.share"), 0.75);
    assert_eq!(value("support.service_level.answered.share"), 1.0);
    assert_eq!(value("support.service_level.offered.share"), 0.75);
    assert_eq!(value("support.service_level.waited.share"), 1.0);
    assert_eq!(value("support.service_level.short_excluded.share"), 0.75);
    assert_eq!(value("support.queue_time.max"), 20.0);
    assert_eq!(value("support.handling_time.mean"), 60.0);
    // 75 conversations of 60 s, less what the last few last beyond the window, in 1000 s.
    assert!((4.3..4.5).contains(&value("support.in_service.mean")));
    assert_eq!(value("support.agents.concurrency.mean"), 1.0);
    assert_eq!(value("callback.wait.mean"), 100.0);
    assert_eq!(value("callback.reached.share"), 1.0);
    assert_eq!(value("phone.abandoned.share"), 0.0);
    assert_eq!(value("phone.queue_time.mean"), 50.0);
    assert_eq!(figures["support.abandoned.share"].n, 100);
    assert_eq!(figures["support.abandoned.share"].low, None);
    // Only the served count as answered, and those who left were waiting still: the two must differ.
    assert!(value("support.offered_wait.p90") >= value("support.queue_time.p90"));
}

/// Of the 25 who left, every fourth (6, from visit 15 on) was a ghost that held a slot for 120 s.
#[test]
fn ghosts_are_apart_but_for_the_platform() {
    let setting = sample::setting(1, 1);
    let figures = figures(&setting, &sample::body(&setting, 100));
    let value = |name: &str| figures[name].value.unwrap();
    assert_eq!(value("support.abandoned.silent.share"), 0.06);
    assert_eq!(value("support.abandoned.queue.share"), 0.19);
    // The last one served was assigned when the window was over.
    assert_eq!(value("support.ghosts.share"), 6.0 / 80.0);
    assert_eq!(value("support.ghosts.slot_time.mean"), 120.0);
    assert_eq!(value("platform.support.served.share"), 0.81);
    // Assigned at 12 s, all of them.
    assert_eq!(value("platform.support.service_level.answered.share"), 1.0);
    assert_eq!(value("platform.support.service_level.offered.share"), 0.81);
    assert_eq!(value("platform.support.service_level.waited.share"), 1.0);
    let together = (74.0 * 60.0 + 6.0 * 120.0) / 80.0;
    assert!((value("platform.support.handling_time.mean") - together).abs() < 1e-9);
    // Two groups of three agents with two slots each, 1000 s; of the last ghost, from 1062 s on, there are 38.
    let held = value("support.agents.ghosts.share") * 12_000.0;
    assert!((held - (5.0 * 120.0 + 38.0)).abs() < 1e-6, "{held}");
    assert!(value("support.agents.ghosts.share") < value("support.agents.slots.share"));
}

#[test]
fn service_levels_are_of_what_the_scenario_says() {
    let mut setting = sample::setting(1, 1);
    let body = sample::body(&setting, 100);
    setting.desks[0].of_first_response = true;
    let figures_of = |setting: &Setting, body: &Body| figures(setting, body);
    let value = |name: &str| figures_of(&setting, &body)[name].value;
    // Answers come 9 s after the assignment at 0, 10 or 20 s: two thirds within 20 s, near enough.
    let answered = value("support.service_level.answered.share").unwrap();
    assert!((answered - 2.0 / 3.0).abs() < 0.02, "{answered}");
    assert_eq!(value("platform.support.service_level.answered.share"), Some(1.0));
    // Without messages nobody knows.
    let mut silent = body.clone();
    for topic in silent.sections.iter_mut().flat_map(|s| &mut s.desks).flat_map(|d| &mut d.topics) {
        (topic.first_response, topic.responded_within) = (Default::default(), 0);
    }
    assert_eq!(figures_of(&setting, &silent)["support.service_level.offered.share"].value, None);
}

/// 75 chats and 50 callbacks in 1000 s; six agents at the desk, two at the phone, 0.01 a second each.
#[test]
fn money_is_divided_among_the_channels_and_adds_up() {
    let setting = sample::setting(1, 1);
    let body = sample::body(&setting, 100);
    let figures = figures(&setting, &body);
    let value = |name: &str| figures[name].value.unwrap();
    // Callbacks hold the line for 50 s and talk for 150 s, at 0.1 a second.
    let (wages, tolls) = (8.0 * 0.01 * 1000.0, 50.0 * 200.0 * 0.1);
    assert!((value("cost.total") - (wages + tolls)).abs() < 1e-6);
    assert!((value("cost.per_contact") - (wages + tolls) / 125.0).abs() < 1e-9);
    assert!((value("cost.chat.per_contact") - 60.0 / 75.0).abs() < 1e-9);
    // Nobody's call was answered: no contact, no cost of one.
    assert_eq!(figures["cost.phone.per_contact"].value, None);
    // Of four visits in a row one has no intent, one is missed, one bought; the fourth, who would have bought more, left.
    assert_eq!(value("sales.chat.conversion.share"), 0.5);
    assert_eq!(value("sales.chat.upsell.share"), 0.0);
    assert!((value("margin.chat.per_contact") - (25.0 * 10.0 * 0.5 - 60.0) / 75.0).abs() < 1e-9);
    assert!(value("margin.per_contact") < 0.0 && figures["margin.per_contact"].unit == Unit::Money);
}

/// Agents who do both are paid by the channel that they were engaged on.
#[test]
fn wages_of_duals_go_to_the_phone_by_the_time_that_calls_took() {
    let setting = sample::setting(1, 1);
    let mut body = sample::body(&setting, 100);
    let desks = &mut body.sections[0].desks;
    (desks[0].groups[0].engaged_nanos, desks[0].groups[0].slot_nanos) = (300, 450);
    desks[1].groups[1].slot_nanos = 100;
    let figures = figures(&setting, &body);
    // Three quarters of their time they had chats in hand.
    assert_eq!(figures["support.group.junior.agents.concurrency.mean"].value, Some(1.5));
    // The juniors' 30: a quarter of it.
    let chat = figures["cost.chat.per_contact"].value.unwrap() * 75.0;
    assert!((chat - (30.0 + 22.5)).abs() < 1e-9, "{chat}");
    let whole = figures["cost.total"].value.unwrap();
    let callback = figures["cost.callback.per_contact"].value.unwrap() * 50.0;
    let phone = whole - chat - callback;
    // Callbacks are topic 1 in a phone pool, and these were handled as topic 0: calls bear the wages.
    assert!((phone - (20.0 + 7.5)).abs() < 1e-6, "{phone}");
}

/// 100 visits of 40 s in 1000 s, one every 10 s: four at a time.
#[test]
fn guests_are_those_of_the_sample() {
    let setting = sample::setting(1, 1);
    let figures = figures(&setting, &sample::body(&setting, 100));
    let value = |name: &str| figures[name].value.unwrap();
    assert_eq!(value("room.fans.visits"), 100.0);
    assert_eq!(value("room.fans.returning.share"), 0.2);
    assert_eq!(value("room.fans.empty_on_arrival.share"), 0.5);
    assert_eq!(value("room.fans.never_met.share"), 0.25);
    assert_eq!(value("room.fans.deserted.share"), 0.25);
    // Half ask, and half of those in vain: those who met nobody.
    assert_eq!(value("room.fans.frustrated.share"), 0.25);
    assert_eq!(value("room.fans.questions"), 50.0);
    assert_eq!(value("room.fans.answered.share"), 0.5);
    assert_eq!(value("room.fans.time_to_reply.mean"), 20.0);
    assert_eq!((value("room.fans.deflected"), value("room.fans.turned_to_desk")), (25.0, 25.0));
    assert_eq!(value("room.fans.visit_time.max"), 40.0);
    // A third found somebody at once, two thirds of those who met did.
    assert!((value("room.fans.time_to_company.mean") - 10.0 / 3.0).abs() < 1e-9);
    // A quarter was alone for 40 s at least.
    assert_eq!(figures["room.fans.time_to_company.p90"].value, None);
    // The room fills up in 30 s: 1, 2, 3 for ten seconds each, and four from then on.
    assert!((value("room.fans.present.mean") - 3.94).abs() < 1e-9);
    assert_eq!((value("room.fans.present.p50"), value("room.fans.present.max")), (4.0, 4.0));
    assert_eq!((value("room.fans.empty.share"), value("room.fans.alone.share")), (0.0, 0.01));
    // One of three rooms: where as many are as in the room, all together.
    assert!((value("portal.town.present.mean") - 3.94 / 3.0).abs() < 1e-9);
    assert_eq!(value("portal.town.alive.share"), 1.0);
}

/// Of 100 messages 34 are held, and of those 17 do harm.
#[test]
fn moderators_keep_back_what_does_harm_and_are_paid_by_the_hour() {
    let setting = sample::setting(1, 1);
    let figures = figures(&setting, &sample::body(&setting, 100));
    let value = |name: &str| figures[name].value.unwrap();
    assert_eq!(value("room.fans.messages"), 100.0);
    assert_eq!(value("room.fans.kept_back.share"), 0.17);
    assert_eq!(value("room.fans.published.share"), 0.83);
    assert_eq!(value("room.fans.harmful.share"), 0.17);
    assert_eq!(value("room.fans.moderation.hold_time.mean"), 15.0);
    assert_eq!(value("room.fans.harmful_seen"), 0.0);
    assert_eq!(value("portal.town.harmful_seen"), 17.0);
    assert_eq!(value("portal.town.harmful_seen_per_visit"), 0.17);
    assert_eq!(value("portal.town.moderation.exposure_time.max"), 30.0);
    assert_eq!(value("portal.town.reports"), 17.0);
    let cost = 2.0 * 0.01 * 1000.0;
    assert!((value("room.fans.moderation.cost") - cost).abs() < 1e-9);
    // The last of the 83 is passed after the end: that is not paid for by then.
    assert!((value("room.fans.moderation.cost_per_message") - cost / 82.0).abs() < 1e-9);
    assert!((value("room.fans.moderation.cost_per_visit") - cost / 100.0).abs() < 1e-9);
    // Of the last review, from 1100 s on, nothing counts.
    assert!((value("room.fans.moderation.busy.share") - 33.0 * 5.0 / 2000.0).abs() < 1e-9);
}

#[test]
fn a_room_of_a_run_is_alive_by_the_whole_of_it() {
    let setting = sample::setting(1, 5);
    let figures = figures(&setting, &sample::body(&setting, 40));
    let alive = figures["portal.town.alive.share"];
    assert_eq!((alive.value, alive.n, alive.low), (Some(1.0), 3, None));
}

#[test]
fn days_are_told_of_the_figures_asked_for() {
    let setting = sample::setting(3, 1);
    let body = sample::body(&setting, 10);
    let days = days(&setting, &body, &["support.offered", "support.abandoned.share"]);
    assert_eq!(days["support.offered"], [10.0, 10.0, 10.0]);
    assert_eq!(days["support.abandoned.share"].len(), 3);
    assert_eq!(days.len(), 2);
    let run = sample::setting(1, 4);
    assert!(super::days(&run, &sample::body(&run, 10), &["support.offered"])["support.offered"].is_empty());
}

#[test]
fn several_replications_have_intervals_and_days_and_batches_only_intervals() {
    let simulated = sample::setting(10, 1);
    let of_days = figures(&simulated, &sample::body(&simulated, 1000));
    let run = sample::setting(1, 10);
    let of_batches = figures(&run, &sample::body(&run, 1000));
    for name in
        ["support.queue_time.mean", "support.queue_time.p50", "support.abandoned.share", "support.offered"]
    {
        let (day, batch) = (of_days[name], of_batches[name]);
        assert!(day.low.unwrap() <= day.value.unwrap() && day.value.unwrap() <= day.high.unwrap(), "{name}");
        assert!(day.days.is_some(), "{name}");
        assert!(batch.low.is_some() && batch.days.is_none(), "{name}");
    }
    assert_eq!(of_days["support.offered"].value, Some(1000.0));
    assert_eq!(of_batches["support.offered"].value, Some(1000.0));
    assert_eq!(of_days["support.queue_time.max"].low, None);
    // Too few in a batch for a 99th percentile of each of five groups.
    assert_eq!(of_batches["support.queue_time.p99"].low, None);
}

#[test]
fn the_order_in_which_parts_come_makes_no_difference() {
    let setting = sample::setting(6, 1);
    let body = sample::body(&setting, 200);
    let mut backwards = Body::default();
    body.sections.iter().rev().for_each(|section| backwards.add_section(section));
    let bits = |body: &Body| {
        let to_bits = |x: Option<f64>| x.map(f64::to_bits);
        let rows = figures(&setting, body).into_values();
        rows.map(|f| (to_bits(f.value), to_bits(f.low), to_bits(f.high), f.n)).collect::<Vec<_>>()
    };
    assert_eq!(bits(&body), bits(&backwards));
}
