//! The shipped scenarios, played in virtual time: each is what its comments say it is, and its gates hold.

use std::path::{Path, PathBuf};

use causerie::base::figures::Command;
use causerie::gates::check::{Overall, judge, overall};
use causerie::record::figures::{Figures, figures};
use causerie::record::{Body, Setting};
use causerie::scenario;
use causerie::scenario::plan::Plan;

use crate::plans::simulated;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// The names of all scenarios that are shipped: one that is added is tested.
fn every_shipped() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("the folder of scenarios");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".yaml")).collect();
    names.sort();
    assert!(names.len() >= 3, "{names:?}");
    names
}

fn shipped(name: &str) -> Plan {
    let path = folder().join(name);
    scenario::load(&path).unwrap_or_else(|problems| panic!("{problems}")).plan
}

fn played(plan: &Plan) -> (Setting, Body, Figures) {
    let setting = Setting::of(plan, Command::Simulate);
    let simulated = simulated(plan, 2);
    let mut body = Body::default();
    body.add_delta(&simulated.sections, &simulated.timeline);
    body.add_slices(&simulated.slices);
    let figures = figures(&setting, &body);
    (setting, body, figures)
}

fn value(figures: &Figures, name: &str) -> f64 {
    figures.get(name).and_then(|figure| figure.value).unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn the_gates_of_every_shipped_scenario_come_out_as_meant_in_virtual_time() {
    for name in every_shipped() {
        // Enough days for the gated percentiles; a day of the others is short.
        let replications = match name.as_str() {
            "plain-queue.yaml" | "exchange-portal.yaml" => 4,
            _ => 40,
        };
        let plan = Plan { replications, ..shipped(&name) };
        let (setting, body, figures) = played(&plan);
        let verdicts = judge(&setting, &body, &figures, Command::Simulate);
        assert!(!verdicts.is_empty());
        // The Saturday asks for more than its staff can do: that is its point.
        let expected = if name == "retail-saturday.yaml" { Overall::Failed } else { Overall::Passed };
        assert_eq!(overall(&verdicts), expected, "{name}: {verdicts:#?}");
    }
}

/// What `run` plays by itself: one replication, with the scenario's own seed.
#[test]
fn the_peak_is_a_peak_in_one_run() {
    let plan = Plan { replications: 1, ..shipped("peak-support.yaml").as_run() };
    let (_, _, figures) = played(&plan);
    let offered = value(&figures, "support.offered");
    let abandoned = value(&figures, "support.abandoned.share");
    let escalated = value(&figures, "support.escalated.share");
    assert!(offered >= 800.0, "{offered} visitors");
    assert!((0.10..=0.20).contains(&abandoned), "{abandoned} abandon");
    assert!((0.15..=0.20).contains(&escalated), "{escalated} escalate");
    let real_secs = (plan.length.secs() + plan.run.drain.secs()) / plan.run.speed;
    assert!(real_secs <= 100.0, "{real_secs} s");
}

/// What `run` plays of the rooms by itself, in two minutes at the most, is what their gates say too.
#[test]
fn the_gates_of_the_rooms_come_out_as_meant_in_one_run() {
    for name in ["sparse-community", "evening-hours", "moderated-community", "exchange-portal"] {
        let plan = Plan { replications: 1, ..shipped(&format!("{name}.yaml")).as_run() };
        let (setting, body, figures) = played(&plan);
        let verdicts = judge(&setting, &body, &figures, Command::Simulate);
        assert_eq!(overall(&verdicts), Overall::Passed, "{name}: {verdicts:#?}");
        let visits: f64 = setting
            .known()
            .venues
            .iter()
            .map(|venue| value(&figures, &format!("{}.{}.visits", venue.word.name(), venue.name)))
            .sum();
        assert!(visits >= 60.0, "{name}: {visits} visits");
        let real_secs = (plan.length.secs() + plan.run.drain.secs()) / plan.run.speed;
        assert!(real_secs <= 125.0, "{name}: {real_secs} s");
    }
}
