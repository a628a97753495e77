//! `sweep`: a grid on common random numbers, what it prints and writes, and what it refuses before anything is played.

use serde_json::Value;

use super::workplace::{Workplace, fits};
use super::{TINY, json, tiny_but, tiny_with_gates};

const FILES: [&str; 3] = ["sweep.csv", "sweep.html", "sweep.json"];
const AGENTS: &str = "support.agents.count=2..4";
const RESOLUTION: &str = "support.conversation.resolution=50%,90%";

/// What `sweep` says to a machine.
fn swept(place: &Workplace, args: &[&str]) -> Value {
    let all = [&["sweep", "tiny.yaml", "--quiet", "--json", "--out", "results"], args].concat();
    json(&place.well(&all).stdout)
}

/// The figure of the combination with so many agents.
fn figure<'a>(sweep: &'a Value, agents: &str, name: &str) -> &'a Value {
    let cells = sweep["cells"].as_array().expect("combinations");
    let there = |cell: &&Value| cell["values"]["support.agents.count"] == agents;
    &cells.iter().find(there).expect("this combination")["figures"][name]
}

#[test]
fn a_sweep_prints_tables_that_fit_a_terminal_and_writes_its_files() {
    for vary in [&["--vary", AGENTS][..], &["--vary", AGENTS, "--vary", RESOLUTION]] {
        let place = Workplace::with(&tiny_with_gates(&["support.abandoned.share < 5%"]));
        let args = [&["sweep", "tiny.yaml", "--quiet", "--out", "results"], vary].concat();
        let ran = place.well(&args);
        assert_eq!(ran.stderr, "");
        fits(&ran.stdout);
        for says in ["sweep of tiny", "20 replications each", "support.abandoned.share", "gates", "narrower"]
        {
            assert!(ran.stdout.contains(says), "no `{says}` in:\n{}", ran.stdout);
        }
        assert!(ran.stdout.ends_with("Files: results\n"), "{}", ran.stdout);
        let mut expected: Vec<String> = FILES.iter().map(|file| format!("results/{file}")).collect();
        expected.extend(["results", "tiny.yaml"].map(String::from));
        expected.sort();
        assert_eq!(place.contents(), expected);
    }
}

#[test]
fn a_combination_has_the_figures_of_its_own_simulation() {
    let place = Workplace::with(TINY);
    let sweep = swept(&place, &["--vary", AGENTS, "--figure", "support.queue_time.mean"]);
    place.write("tiny.yaml", tiny_but("count: 3", "count: 4"));
    let simulated = place.well(&["simulate", "tiny.yaml", "--quiet", "--json", "--out", "simulated"]).stdout;
    let simulated = &json(&simulated)["figures"]["support.queue_time.mean"];
    let cell = figure(&sweep, "4", "support.queue_time.mean");
    for part in ["value", "low", "high", "n"] {
        assert_eq!(cell[part].to_string(), simulated[part].to_string(), "{part}");
    }
}

#[test]
fn differences_are_from_the_scenario_as_it_stands() {
    let place = Workplace::with(TINY);
    let sweep = swept(&place, &["--vary", AGENTS]);
    let difference = |agents| &figure(&sweep, agents, "support.abandoned.share")["difference"];
    assert!(difference("3").is_null());
    assert!(difference("2")["low"].as_f64().expect("an interval") > 0.0, "{}", difference("2"));
    assert_eq!(difference("2")["pairs"], 20);
    // It is no combination of the grid: it is played beside it.
    let apart = swept(&place, &["--vary", "support.agents.count=2,4"]);
    assert!(
        apart["cells"][0]["values"].is_null() && apart["cells"][0]["base"] == true,
        "{}",
        apart["cells"][0]
    );
    let same = figure(&apart, "2", "support.abandoned.share");
    assert_eq!(same, figure(&sweep, "2", "support.abandoned.share"));
}

#[test]
fn the_values_do_not_depend_on_the_threads_and_do_on_the_seed() {
    let place = Workplace::with(TINY);
    let cells = |args: &[&str]| swept(&place, &[&["--vary", AGENTS], args].concat())["cells"].to_string();
    assert_eq!(cells(&["--threads", "1"]), cells(&["--threads", "3"]));
    assert_ne!(cells(&[]), cells(&["--seed", "2"]));
}

#[test]
fn gates_are_judged_in_every_combination_and_leave_the_exit_code_alone() {
    let place = Workplace::with(&tiny_with_gates(&["support.agents.engaged.share < 1%"]));
    let sweep = swept(&place, &["--vary", AGENTS]);
    let cells = sweep["cells"].as_array().expect("combinations");
    assert!(cells.iter().all(|cell| cell["gates"]["overall"] == "failed"), "{cells:#?}");
}

#[test]
fn the_table_for_spreadsheets_has_a_row_a_combination_and_figure() {
    let place = Workplace::with(TINY);
    let args = ["--vary", AGENTS, "--vary", RESOLUTION, "--figure", "support.resolved.share"];
    swept(&place, &args);
    let csv = place.read("results/sweep.csv");
    let rows: Vec<&str> = csv.trim_end().split("\r\n").collect();
    assert!(
        rows[0].starts_with("support.agents.count,support.conversation.resolution,base,figure,"),
        "{}",
        rows[0]
    );
    assert_eq!(rows.len(), 1 + 3 * 2);
    assert!(rows[1].starts_with("2,50%,false,support.resolved.share,share,0."), "{}", rows[1]);
}

#[test]
fn what_cannot_be_swept_is_refused_before_anything_is_played() {
    let place = Workplace::with(TINY);
    let resolved = "support.agents.count=1..3";
    for (args, says) in [
        (
            &["--vary", "support.agents.cuont=1..3"][..],
            &["refuses 3 of 3", "cuont=1", "did you mean `count`?"][..],
        ),
        (
            &["--vary", resolved, "--vary", "support.patience.exponential.mean=60s,soon"],
            &["refuses 3 of 6 combinations", "found `soon`", "--> given beside tiny.yaml"],
        ),
        (&["--vary", "support.agents.count"], &["--vary support.agents.count: a key", "for example"]),
        (&["--vary", "support.agents.count=1..9:3"], &["do not arrive at 9", "the last before it is 7"]),
        (&["--vary", "support.agents.count=1..50", "--vary", "length=1m..50m:1m"], &["2500 combinations"]),
        (&["--vary", "seed=1..3"], &["seed cannot be varied", "--seed"]),
        (&["--vary", "run.speed=1..3"], &["run.speed cannot be varied"]),
        (&["--vary", "length=5m,10m", "--length", "3m"], &["length is varied", "leave --length out"]),
        (
            &["--vary", resolved, "--figure", "support.abandonned.share"],
            &["support.abandonned.share is no figure", "did you mean `support.abandoned.share`?"],
        ),
        (&["--vary", resolved, "--figure", "delivery.p95"], &["a figure of a run alone"]),
        (&[], &["--vary"]),
    ] {
        place.run(&[&["sweep", "tiny.yaml"], args].concat()).refused(2, says);
    }
    assert_eq!(place.contents(), ["tiny.yaml"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_sweep_writes_the_combinations_that_are_over() {
    use super::workplace::until;

    let endless = tiny_but("replications: 20", "replications: 2").replace("length: 10m", "length: 3000h");
    let place = Workplace::with(&endless);
    let args = ["sweep", "tiny.yaml", "--out", "results", "--json", "--vary", "support.agents.count=1..400"];
    let running = place.start(&args);
    until("the results folder", || place.path("results").exists().then_some(()));
    running.signal("INT");
    let ran = running.end();
    assert_eq!(ran.code, Some(130), "{ran:#?}");
    assert!(ran.stderr.contains("Interrupted: writing what there is."), "{}", ran.stderr);
    let sweep = json(&ran.stdout);
    assert_eq!(sweep["interrupted"], true);
    assert!(sweep["cells"].as_array().is_some_and(|cells| cells.len() < 400));
    assert!(FILES.iter().all(|file| place.path(&format!("results/{file}")).exists()));
}
