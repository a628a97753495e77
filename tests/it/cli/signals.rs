//! Ctrl-C and its kin, sent to the program at work.

use super::workplace::{Workplace, until};
use super::{json, tiny_but};

/// A simulation that nobody waits for.
fn endless() -> String {
    tiny_but("replications: 20", "replications: 100000").replace("length: 10m", "length: 20h")
}

#[test]
fn an_interrupted_simulation_reports_the_replications_that_are_over() {
    for signal in ["INT", "TERM"] {
        let place = Workplace::with(&endless());
        let running = place.start(&["simulate", "tiny.yaml", "--out", "results", "--json"]);
        until("the results folder", || place.path("results").exists().then_some(()));
        running.signal(signal);
        let ran = running.end();
        assert_eq!(ran.code, Some(130), "{signal}: {ran:#?}");
        assert!(ran.stderr.contains("Interrupted: writing what there is."), "{}", ran.stderr);
        let summary = json(&ran.stdout);
        assert_eq!(summary["interrupted"], true);
        assert!(place.well(&["report", "results"]).stdout.contains("INTERRUPTED"));
    }
}

#[cfg(feature = "live")]
mod of_a_run {
    use super::*;
    use crate::cli::TINY;
    use crate::cli::running::{begun, server_of, slow};
    use crate::cli::serving::Server;
    use crate::cli::simulating::FILES;

    #[test]
    fn the_first_ends_it_with_a_partial_report() {
        for signal in ["INT", "TERM"] {
            let place = Workplace::with(&slow());
            let running = place.start(&["run", "tiny.yaml", "--out", "results"]);
            begun(&place, "results");
            let server = server_of(&place, "results").of(&running);
            // As `timeout` does: one signal, sent twice.
            running.signal(signal);
            running.signal(signal);
            let ran = running.end();
            assert_eq!(ran.code, Some(130), "{signal}: {ran:#?}");
            assert!(ran.stderr.contains("Interrupted: writing what there is."), "{}", ran.stderr);
            assert!(ran.stdout.contains("INTERRUPTED"), "{}", ran.stdout);
            assert!(FILES.iter().all(|file| place.path(&format!("results/{file}")).exists()));
            assert_eq!(json(&place.read("results/summary.json"))["interrupted"], true);
            assert!(place.well(&["report", "results"]).stdout.contains("INTERRUPTED"));
            server.is_gone();
        }
    }

    /// The target is frozen, so that saying goodbye to it takes the run a second: time for a second Ctrl-C.
    #[test]
    fn the_second_leaves_at_once() {
        let place = Workplace::with(&slow());
        let server = Server::start(&place, &["tiny.yaml", "--speed", "1"]);
        let running = place.start(&["run", "tiny.yaml", "--out", "results", "--target", &server.ws()]);
        begun(&place, "results");
        server.running.signal("STOP");
        running.signal("INT");
        until("the answer to the first", || running.stderr().contains("Once more").then_some(()));
        // The first of these may be too soon to be another.
        let mut running = running;
        until("its end", || {
            if running.child.try_wait().unwrap().is_none() {
                running.signal("INT");
                return None;
            }
            Some(())
        });
        let ran = running.end();
        server.running.signal("CONT");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(130), ""), "{ran:#?}");
        assert!(!place.path("results/report.html").exists(), "it wrote a report first");
        let again = place.well(&["report", "results"]);
        assert!(again.stdout.contains("INCOMPLETE"), "{}", again.stdout);
    }

    #[test]
    fn before_it_began_nothing_is_left() {
        // It listens, and answers nobody.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let target = format!("ws://{}", silent.local_addr().unwrap());
        let place = Workplace::with(TINY);
        let running = place.start(&["run", "tiny.yaml", "--target", &target]);
        // Somebody knocks: the run is waiting for an answer.
        let _knocking = silent.accept().unwrap();
        running.signal("INT");
        let ran = running.end();
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(130), ""), "{ran:#?}");
        assert!(ran.stderr.contains("stopped before the run began"), "{}", ran.stderr);
        assert_eq!(place.contents(), ["tiny.yaml"]);
    }
}
