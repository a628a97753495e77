//! Open files: the limit is raised as far as it goes, and what does not go is said before anything starts.

use super::TINY;
use super::workplace::{Ran, Workplace};

/// A hundred visitors at once, for a while.
fn crowded() -> String {
    TINY.replace(
        "arrivals: {rate: 120/h}",
        "arrivals: {rate: 120/h, bursts: [{at: 5m, count: 100, within: 1s}]}",
    )
    .replace("patience: {exponential: {mean: 4m}}", "patience: {constant: 4m}")
}

/// Runs the scenario with this said to the shell first.
fn run_after(place: &Workplace, said: &str) -> Ran {
    let script = format!("{said} && exec \"$0\" run tiny.yaml --quiet --out results");
    place.run_by("sh", &["-c", &script, env!("CARGO_BIN_EXE_causerie")])
}

#[test]
fn the_soft_limit_is_raised_for_the_run_and_for_its_server() {
    let place = Workplace::with(&crowded());
    let ran = run_after(&place, "ulimit -S -n 64");
    let late = ran.stdout.contains("the generator could not keep up");
    assert_eq!(ran.code, Some(if late { 3 } else { 0 }), "{ran:#?}");
    let summary = super::json(&place.read("results/summary.json"));
    let peak = summary["figures"]["generator.peak_open"]["value"].as_f64().unwrap();
    assert!(peak > 90.0, "{peak} at once");
}

#[test]
fn more_than_the_hard_limit_is_refused_before_it_starts() {
    let place = Workplace::with(&crowded());
    run_after(&place, "ulimit -n 100").refused(
        2,
        &[
            "connections at once, and there can be 52: 3 of agents and moderators, and 107 of visitors and guests 5m",
            "a process may have 100 files open here",
            "hint: allow more files (`ulimit -n",
            "--scale",
        ],
    );
    assert_eq!(place.contents(), ["tiny.yaml"]);
}

#[test]
fn many_who_come_one_after_the_other_need_few_files() {
    // Some 200 visitors, of whom a few are there at once.
    let place =
        Workplace::with(&TINY.replace("length: 10m", "length: 100m").replace("{mean: 4m}", "{mean: 1m}"));
    let ran = run_after(&place, "ulimit -n 100");
    assert!(matches!(ran.code, Some(0 | 3)), "{ran:#?}");
}
