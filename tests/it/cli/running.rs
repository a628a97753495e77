//! `run`: the whole of a tiny one against its own server, against a server that is there already, and against what is
//! no server.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::thread;

use super::serving::Server;
use super::simulating::FILES;
#[cfg(target_os = "linux")]
use super::workplace::is_over;
use super::workplace::{Ran, Running, Workplace, fits, until};
use super::{TINY, json, tiny_but};

/// [`TINY`] as slow as people are: nobody waits for its end.
pub(super) fn slow() -> String {
    tiny_but("speed: 300", "speed: 1")
}

/// The embedded server of a run, as the head of its record names it.
pub(super) struct Embedded {
    address: String,
    /// Its process, where that is known.
    pids: Vec<u32>,
}

/// The server of the run whose results go to `folder`, once the run has begun.
pub(super) fn server_of(place: &Workplace, folder: &str) -> Embedded {
    let record = place.path(&format!("{folder}/record"));
    let address = until("the head of the record", || {
        let text = std::fs::read_to_string(&record).ok()?;
        let (head, _) = text.split_once('\n')?;
        let target = json(head)["header"]["target"].as_str()?.to_owned();
        Some(target.rsplit_once("ws://")?.1.to_owned())
    });
    Embedded { address, pids: Vec::new() }
}

/// Waits until everybody of the run whose results go to `folder` is in their place: there is more to its record than
/// the head.
pub(super) fn begun(place: &Workplace, folder: &str) {
    let record = place.path(&format!("{folder}/record"));
    until("the first part of the record", || {
        let text = std::fs::read_to_string(&record).ok()?;
        (text.lines().count() > 1).then_some(())
    });
}

impl Embedded {
    /// The same, with its process: the one that this run has started.
    #[cfg(unix)]
    pub(super) fn of(self, running: &Running) -> Self {
        #[cfg(target_os = "linux")]
        let pids = running.children();
        #[cfg(target_os = "linux")]
        assert_eq!(pids.len(), 1, "{pids:?}");
        #[cfg(not(target_os = "linux"))]
        let pids = self.pids;
        Self { pids, ..self }
    }

    /// Nothing listens there any more, or will within a moment, and its process is over.
    #[track_caller]
    pub(super) fn is_gone(&self) {
        until("the end of the embedded server", || TcpStream::connect(&self.address).is_err().then_some(()));
        #[cfg(target_os = "linux")]
        until("the end of its process", || self.pids.iter().all(|pid| is_over(*pid)).then_some(()));
    }
}

/// Runs to the end. A machine too busy to keep up makes an honest run invalid; nothing else may.
pub(super) fn played(place: &Workplace, args: &[&str]) -> Ran {
    let ran = place.run(args);
    let late = ran.stdout.contains("the generator could not keep up");
    assert_eq!(ran.code, Some(if late { 3 } else { 0 }), "{args:?}: {ran:#?}");
    ran
}

#[test]
fn a_run_plays_its_twin_and_writes_every_file() {
    let place =
        Workplace::with(&super::tiny_with_gates(&["support.abandoned.share < 60%", "delivery.mean < 5s"]));
    let ran = played(&place, &["run", "tiny.yaml", "--quiet", "--out", "results"]);
    assert_eq!(ran.stderr, "");
    fits(&ran.stdout);
    for part in ["Twin: the very same people in virtual time", "Ended the same way", "Delivery", "passed"] {
        assert!(ran.stdout.contains(part), "no `{part}` in:\n{}", ran.stdout);
    }
    for file in FILES {
        assert!(!place.read(&format!("results/{file}")).is_empty(), "{file}");
    }
    let summary = json(&place.read("results/summary.json"));
    assert_eq!(summary["command"], "run");
    if cfg!(target_os = "linux") {
        assert!(summary["figures"]["target.memory.max"]["value"].as_f64().is_some_and(|bytes| bytes > 1e6));
        assert!(ran.stdout.contains("The server itself"), "{}", ran.stdout);
    }
    assert_eq!(summary["remarks"], serde_json::json!([]));
    assert_eq!(summary["gates"]["overall"], "passed");
    let sent = &summary["figures"]["messages.sent"];
    assert!(sent["value"].as_f64().is_some_and(|sent| sent > 20.0), "{sent}");
    assert_eq!(
        summary["figures"]["messages.sent"]["value"],
        summary["figures"]["messages.delivered"]["value"]
    );
    assert!(!summary["twin"].is_null());
    server_of(&place, "results").is_gone();
    assert!(place.well(&["report", "results"]).stdout.contains("Ended the same way"));
}

#[test]
fn an_invalid_run_judges_no_gate_in_any_format() {
    let gates = ["support.abandoned.share < 60%", "delivery.p50 < 5s", "generator.memory.max < 2 TB"];
    let strict = super::tiny_with_gates(&gates).replace("lag_p99: 1s", "lag_p99: 0.001ms");
    let place = Workplace::with(&strict);
    let ran = place.run(&["run", "tiny.yaml", "--quiet", "--out", "results"]);
    assert_eq!(ran.code, Some(3), "{ran:#?}");
    fits(&ran.stdout);
    let flowing = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["INVALID the generator could not keep up: it was ", "(limit 0.001 ms)", "BROKEN"] {
        assert!(flowing.contains(part), "no `{part}` in:\n{}", ran.stdout);
    }
    let gates = ran.stdout.split("\n\n").find(|part| part.starts_with("Gates")).unwrap();
    insta::assert_snapshot!(gates);

    let summary = json(&place.read("results/summary.json"));
    assert_eq!(summary["gates"]["overall"], "invalid");
    let verdicts = summary["gates"]["verdicts"].as_array().unwrap();
    assert!(verdicts.iter().all(|verdict| verdict["outcome"]["is"] == "not_judged"), "{verdicts:?}");
    let broken = |rule: &&serde_json::Value| rule["holds"] == false;
    let rules = summary["validity"].as_array().unwrap();
    assert_eq!(rules.iter().find(broken).unwrap()["rule"], "lag_p99");
    let junit = place.read("results/junit.xml");
    assert!(
        junit.contains("errors=\"1\" skipped=\"3\"") && junit.contains("<error type=\"invalid\""),
        "{junit}"
    );
    let markdown = place.read("results/summary.md");
    assert_eq!(markdown.matches("| not judged |").count(), 3, "{markdown}");
    let page = place.read("results/report.html");
    assert!(page.contains("Invalid: do not rely on these figures.") && page.contains("not judged"));
    assert!(place.read("results/generator.csv").lines().count() > 100);

    let again = place.well(&["report", "results"]);
    assert!(again.stdout.contains(gates));
}

#[test]
fn json_is_the_summary_file_and_nothing_else() {
    let place = Workplace::with(TINY);
    let args =
        ["run", "tiny.yaml", "--json", "--length", "2m", "--scale", "2", "--seed", "5", "--out", "results"];
    let ran = played(&place, &args);
    assert_eq!(ran.stdout, place.read("results/summary.json"));
    let summary = json(&ran.stdout);
    assert_eq!(summary["seed"], 5);
    assert_eq!(summary["scale"], 2.0);
    assert_eq!(summary["window"]["length_s"], 120.0);
}

#[test]
fn a_run_against_a_server_of_the_same_speed() {
    let place = Workplace::with(TINY);
    let server = Server::start(&place, &["tiny.yaml", "--speed", "300"]);
    let ran = played(&place, &["run", "tiny.yaml", "--out", "results", "--target", &server.ws()]);
    fits(&ran.stdout);
    fits(&ran.stderr);
    // Wherever the line breaks.
    let said = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("at the most for everybody to finish"), "{said}");
    assert!(ran.stdout.contains(&server.ws()) && !ran.stdout.contains("embedded"), "{}", ran.stdout);
    assert!(ran.stdout.contains("The target is taken to serve first come"), "{}", ran.stdout);
    // Somebody else's server stays.
    assert!(TcpStream::connect(server.address()).is_ok());
}

#[test]
fn a_server_of_another_speed_refuses() {
    let place = Workplace::with(TINY);
    let server = Server::start(&place, &["tiny.yaml", "--speed", "60"]);
    place
        .run(&["run", "tiny.yaml", "--target", &server.ws()])
        .refused(4, &["the target would not have us", "speed", "60", "300"]);
    assert_eq!(place.contents(), ["tiny.yaml"]);
}

#[test]
fn a_target_that_is_down_is_named() {
    let place = Workplace::with(TINY);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    drop(listener);
    place.run(&["run", "tiny.yaml", "--target", &format!("ws://{host}")]).refused(
        4,
        &[
            "the target could not be reached",
            &host,
            "connection refused",
            "hint: is it running, and listening there?",
        ],
    );
    place
        .run(&["run", "tiny.yaml", "--target", "ws://no-such-host.invalid:80"])
        .refused(4, &["the target could not be reached", "no-such-host.invalid"]);
    assert_eq!(place.contents(), ["tiny.yaml"]);
}

#[test]
fn a_target_that_speaks_no_websocket_is_named() {
    let place = Workplace::with(TINY);
    for (answer, says) in [
        (&b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"[..], "404"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "WebSocket"),
        (b"", "WebSocket"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        // Ends with the tests.
        thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let _ = stream.write_all(answer);
            }
        });
        place.run(&["run", "tiny.yaml", "--target", &format!("ws://{host}")]).refused(4, &[&host, says]);
    }
    assert_eq!(place.contents(), ["tiny.yaml"]);
}
