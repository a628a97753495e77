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
        assert_eq!(computed, catalogue(&setting, command), "{command}");
    }
}

#[test]
fn a_record_of_nothing_has_every_figure_and_no_value() {
    let setting = sample::setting(3, 1);
    let none = figures(&setting, &Body::default());
    assert_eq!(none.len(), catalogue(&setting, Command::Simulate).len());
    for (name, figure) in none {
        let counts = name.ends_with(".offered");
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
