//! What is recorded stays: when the program is killed, when the disk is full, and when the server goes away and comes back.

use super::workplace::{Ran, Workplace, fits, until};
use super::{TINY, json, tiny_but};

/// The record in `results` breaks off, and every format says so, with how far it goes.
#[track_caller]
fn breaks_off(place: &Workplace, how_far: &str) {
    let flowing = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for format in ["terminal", "html", "markdown"] {
        let ran = place.well(&["report", "results", "--format", format]);
        // Numbers stay with their units.
        let text = flowing(&ran.stdout.replace("&nbsp;", " ").replace('\u{a0}', " "));
        assert!(text.to_lowercase().contains("incomplete"), "{format}: {text}");
        assert!(text.contains("The record breaks off") && text.contains(how_far), "{format}: {text}");
        if format == "terminal" {
            fits(&ran.stdout);
        }
    }
    let summary = json(&place.well(&["report", "results", "--format", "json"]).stdout);
    assert_eq!(summary["complete"], false);
    assert!(summary["reached_s"].is_f64(), "{summary}");
}

/// Runs the program where no file may be larger than that many blocks of 512 bytes.
fn with_files_up_to(place: &Workplace, blocks: u32, args: &str) -> Ran {
    let script = format!("ulimit -f {blocks} && exec \"$0\" {args} --quiet --out results");
    place.run_by("sh", &["-c", &script, env!("CARGO_BIN_EXE_causerie")])
}

/// How many replications the record of `results` has.
fn recorded(place: &Workplace) -> usize {
    place.read("results/record").lines().filter(|line| line.starts_with("{\"section\":")).count()
}

#[test]
fn a_killed_simulation_leaves_the_replications_that_were_over() {
    let place = Workplace::with(&tiny_but("replications: 20", "replications: 100000"));
    let running = place.start(&["simulate", "tiny.yaml", "--out", "results"]);
    until("the first replications", || {
        let text = std::fs::read_to_string(place.path("results/record")).ok()?;
        text.contains("{\"timeline\":").then_some(())
    });
    running.signal("KILL");
    assert_eq!(running.end().code, None);
    assert!(recorded(&place) > 0);
    breaks_off(&place, " of 100000 were over.");
}

#[test]
fn a_record_that_cannot_be_written_on_is_kept_and_said() {
    let place = Workplace::with(TINY);
    with_files_up_to(&place, 64, "simulate tiny.yaml").refused(
        2,
        &[
            "the results are not complete: cannot write results/record: File too large",
            "hint: allow greater files (`ulimit -f`), and",
            "`causerie report results --out results` renders what was recorded",
        ],
    );
    assert_eq!(place.contents(), ["results", "results/record", "tiny.yaml"]);
    assert!(recorded(&place) > 1);
    breaks_off(&place, " of 20 were over.");
}

#[test]
fn a_report_that_cannot_be_written_is_rendered_once_it_can() {
    let place = Workplace::with(TINY);
    with_files_up_to(&place, 200, "simulate tiny.yaml")
        .refused(2, &["cannot write results/report.html: File too large", "hint: allow greater files"]);
    assert_eq!(place.contents(), ["results", "results/record", "tiny.yaml"], "and nothing half written");
    place.well(&["report", "results", "--out", "results"]);
    assert_eq!(json(&place.read("results/summary.json"))["complete"], true);
}

#[cfg(target_os = "linux")]
#[test]
fn a_summary_that_cannot_be_printed_is_an_error() {
    let place = Workplace::with(TINY);
    place.well(&["simulate", "tiny.yaml", "--out", "results"]);
    let script = "\"$0\" report results > /dev/full";
    place
        .run_by("sh", &["-c", script, env!("CARGO_BIN_EXE_causerie")])
        .refused(2, &["stdout cannot be written: No space left on device"]);
}

#[cfg(feature = "live")]
mod of_a_run {
    use super::*;
    use crate::cli::running::{begun, server_of, slow};
    use crate::cli::serving::Server;

    #[test]
    fn killed_it_leaves_a_record_that_can_be_read_and_no_server() {
        let place = Workplace::with(&slow());
        let running = place.start(&["run", "tiny.yaml", "--out", "results"]);
        begun(&place, "results");
        let server = server_of(&place, "results").of(&running);
        running.signal("KILL");
        assert_eq!(running.end().code, None);
        server.is_gone();
        breaks_off(&place, " of 10 min.");
    }

    #[test]
    fn what_cannot_be_recorded_is_not_played_on() {
        // Ten minutes, if nothing ended it.
        let place = Workplace::with(&slow());
        with_files_up_to(&place, 8, "run tiny.yaml")
            .refused(2, &["cannot write results/record: File too large", "renders what was recorded"]);
        assert_eq!(place.contents(), ["results", "results/record", "tiny.yaml"]);
        breaks_off(&place, " of 10 min.");
    }

    /// How a run at that speed ends whose server is killed once it has begun, and started again on its port.
    fn outlives_its_server(place: &Workplace, speed: &str) -> Ran {
        let args = ["tiny.yaml", "--speed", speed];
        let server = Server::start(place, &args);
        let target = server.ws();
        let running = place.start(&["run", "tiny.yaml", "--out", "results", "--target", &target]);
        begun(place, "results");
        let port = server.address().rsplit_once(':').unwrap().1.to_owned();
        server.running.signal("KILL");
        server.running.end();
        let _back = Server::start_at(&port, place, &args);
        running.end()
    }

    #[test]
    fn agents_who_lose_their_server_end_the_run_and_make_it_invalid() {
        let place = Workplace::with(&slow());
        let ran = outlives_its_server(&place, "1");
        assert_eq!(ran.code, Some(3), "{ran:#?}");
        assert!(ran.stdout.contains("INVALID\n  the target cut off every agent by "), "{}", ran.stdout);
        assert_eq!(json(&place.read("results/summary.json"))["complete"], true);
    }

    #[test]
    fn guests_come_back_to_a_server_that_does() {
        let place = Workplace::with(LOUNGE);
        let ran = outlives_its_server(&place, "60");
        assert!(matches!(ran.code, Some(0 | 3)), "{ran:#?}");
        let summary = json(&place.read("results/summary.json"));
        let figure = |name: &str| summary["figures"][name]["value"].as_f64().unwrap();
        assert_eq!((&summary["complete"], &summary["interrupted"]), (&true.into(), &false.into()));
        assert!(figure("errors.disconnected.share") > 0.0, "{}", ran.stdout);
        let (sent, delivered) = (figure("messages.sent"), figure("messages.delivered"));
        assert!(sent > 0.0 && delivered > 0.0, "{sent} sent, {delivered} delivered");
        // Long after the server was away.
        let generator = place.read("results/generator.csv");
        let rows = generator.lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>());
        let late = rows.filter(|row| row[0].parse::<u64>().unwrap() >= 400);
        let delivered: u64 = late.map(|row| row[2].parse::<u64>().unwrap()).sum();
        assert!(delivered > 0, "they are heard again:\n{generator}");
    }

    /// Guests enough that somebody is always there, and who come one after the other.
    const LOUNGE: &str = "\
name: lounge
length: 8m
rooms:
  lounge:
    arrivals: {rate: 900/h}
    stay: {exponential: {mean: 4m}}
    alone_patience: {exponential: {mean: 10m}}
    guests: {regular: 100%}
    talk: {regular: 120/h}
run: {speed: 60, drain: 4m, valid: {lag_p99: 1s, unconnected: 100%, unfinished: 100%}}
";
}
