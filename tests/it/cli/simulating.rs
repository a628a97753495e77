//! `simulate`: what it prints and writes, what it depends on, and what gates make of it.

use serde_json::Value;

use super::workplace::{Workplace, fits};
use super::{TINY, json, tiny_but, tiny_with_gates};

/// The files of DESIGN's results folder, sorted.
pub(super) const FILES: [&str; 8] = [
    "histograms.hlog",
    "intervals.csv",
    "junit.xml",
    "outcomes.csv",
    "record",
    "report.html",
    "summary.json",
    "summary.md",
];

/// The figures of a simulation.
fn figures(place: &Workplace, args: &[&str]) -> Value {
    let mut all = vec!["simulate", "tiny.yaml", "--quiet", "--json", "--out", "results"];
    all.extend(args);
    json(&place.well(&all).stdout)["figures"].take()
}

#[test]
fn a_simulation_writes_every_file_and_a_summary_that_fits_a_terminal() {
    let place = Workplace::with(TINY);
    let ran = place.well(&["simulate", "tiny.yaml", "--quiet", "--out", "results/deep/down"]);
    assert_eq!(ran.stderr, "");
    assert!(ran.stdout.contains("support.queue_time") || ran.stdout.contains("in queue"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("Files: results/deep/down\n"), "{}", ran.stdout);
    fits(&ran.stdout);
    let mut expected: Vec<String> = FILES.iter().map(|file| format!("results/deep/down/{file}")).collect();
    expected.extend(["results", "results/deep", "results/deep/down", "tiny.yaml"].map(String::from));
    expected.sort();
    assert_eq!(place.contents(), expected);
}

#[test]
fn without_a_folder_the_results_go_below_reports_and_never_over_each_other() {
    let place = Workplace::with(&tiny_but("name: tiny", "name: Tiny, at noon"));
    for _ in 0..2 {
        place.well(&["simulate", "tiny.yaml"]);
    }
    let records = place.contents().into_iter().filter(|name| name.ends_with("/record"));
    let folders: Vec<String> = records.collect();
    assert_eq!(folders.len(), 2, "{folders:?}");
    assert!(folders.iter().all(|folder| folder.starts_with("reports/tiny-at-noon/20")), "{folders:?}");
}

#[test]
fn json_is_the_summary_file_and_nothing_else() {
    let place = Workplace::with(TINY);
    let ran = place.well(&["simulate", "tiny.yaml", "--json", "--out", "results"]);
    assert_eq!(ran.stdout, place.read("results/summary.json"));
    let summary = json(&ran.stdout);
    assert_eq!(summary["command"], "simulate");
    assert_eq!(summary["complete"], true);
    let offered = &summary["figures"]["support.offered"];
    assert!(offered["value"].as_f64().is_some_and(|value| (15.0..25.0).contains(&value)), "{offered}");
}

#[test]
fn the_figures_do_not_depend_on_the_threads_and_do_on_the_seed() {
    let place = Workplace::with(TINY);
    let one = figures(&place, &["--threads", "1"]);
    let two = figures(&place, &["--threads", "2"]);
    // As text, so that not one bit of a value may differ.
    assert_eq!(one.to_string(), two.to_string());
    assert_ne!(one.to_string(), figures(&place, &["--seed", "2"]).to_string());
    let same_seed = figures(&place, &["--seed", "1"]);
    assert_eq!(one.to_string(), same_seed.to_string());
}

#[test]
fn scale_length_and_replications_do_what_they_say() {
    let place = Workplace::with(TINY);
    let offered = |args: &[&str]| {
        let figures = figures(&place, args);
        let offered = &figures["support.offered"];
        (offered["value"].as_f64().expect("a value"), offered["n"].as_u64().expect("a count"))
    };
    let (usual, visits) = offered(&[]);
    let (tripled, _) = offered(&["--scale", "3"]);
    let (halved, _) = offered(&["--length", "5m"]);
    let (longer, _) = offered(&["--length", "30m"]);
    let (_, fewer) = offered(&["--replications", "5"]);
    assert!((2.5..3.5).contains(&(tripled / usual)), "{tripled} {usual}");
    assert!((0.3..0.7).contains(&(halved / usual)), "{halved} {usual}");
    assert!((2.5..3.5).contains(&(longer / usual)), "{longer} {usual}");
    assert!(fewer * 3 < visits, "{fewer} {visits}");
}

#[test]
fn gates_decide_the_exit_code() {
    let holds = "support.abandoned.share < 50%";
    let fails = "support.queue_time.mean < 1ms";
    let only_in_run = "delivery.p99 < 1s";
    let too_few = "support.queue_time.p99 < 1h";
    for (gates, code, says) in [
        (&[holds][..], 0, "passed"),
        (&[fails], 1, "FAILED"),
        (&[holds, only_in_run], 0, "not judged"),
        (&[only_in_run], 3, "not judged"),
        (&[too_few], 3, "too few"),
        (&[holds, fails, only_in_run, too_few], 1, "FAILED"),
    ] {
        let place = Workplace::with(&tiny_with_gates(gates));
        let ran = place.run(&["simulate", "tiny.yaml", "--out", "results"]);
        assert_eq!(ran.code, Some(code), "{gates:?}: {ran:#?}");
        assert!(ran.stdout.contains(says), "no `{says}` in:\n{}", ran.stdout);
        fits(&ran.stdout);
        assert!(place.path("results/record").exists(), "a verdict is a result too");
    }
}

#[cfg(unix)]
#[test]
fn who_closes_stdout_or_stderr_early_is_no_reason_to_panic() {
    use std::process::Stdio;

    let place = Workplace::with(TINY);
    for (args, code) in [
        (&["simulate", "tiny.yaml", "--json", "--out", "results"][..], 0),
        (&["schema"], 0),
        (&["--help"], 0),
        (&["check", "missing.yaml"], 2),
        (&["simulate", "tiny.yaml", "--scale", "0"], 2),
    ] {
        let mut running = place.start_with(args, |command| {
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
        });
        drop((running.child.stdout.take(), running.child.stderr.take()));
        assert_eq!(running.end().code, Some(code), "{args:?}");
    }
}
