//! `run` against a target behind TLS: whom it trusts, and what it says where it does not.

use super::serving::Server;
use super::workplace::{Ran, Workplace};
use super::{TINY, json};
use crate::terminator::Terminator;

/// A server for [`TINY`] behind TLS, and whom to trust in `ca.pem`.
fn behind_tls(place: &Workplace) -> (Server, Terminator) {
    let server = Server::start(place, &["tiny.yaml", "--speed", "300"]);
    let target = Terminator::before(server.address());
    place.write("ca.pem", &target.authority);
    (server, target)
}

/// It was a run, whether or not this machine could keep up.
#[track_caller]
fn is_run(ran: &Ran) {
    let late = ran.stdout.contains("the generator could not keep up");
    assert_eq!(ran.code, Some(if late { 3 } else { 0 }), "{ran:#?}");
}

#[test]
fn the_authority_comes_from_the_command_line_the_scenario_or_the_machine() {
    let place = Workplace::with(TINY);
    let (_server, target) = behind_tls(&place);
    let args = ["run", "tiny.yaml", "--out", "one", "--target", &target.url, "--ca-file", "ca.pem"];
    let ran = place.run(&args);
    is_run(&ran);
    assert!(ran.stdout.contains(&target.url) && !ran.stdout.contains("was not checked"), "{}", ran.stdout);
    let figures = json(&place.read("one/summary.json"));
    assert!(figures["figures"]["connect.tls.p50"]["value"].as_f64().is_some_and(|secs| secs > 0.0));

    // From where the scenario is, not from where we are.
    std::fs::create_dir(place.path("deep")).unwrap();
    place.write("deep/ca.pem", &target.authority);
    place.write("deep/own.yaml", format!("{TINY}target: {{url: \"{}\", ca_file: ca.pem}}\n", target.url));
    is_run(&place.run(&["run", "deep/own.yaml", "--out", "two"]));

    let trusting = |command: &mut std::process::Command| {
        command.env("SSL_CERT_FILE", place.path("ca.pem"));
    };
    let args = ["run", "tiny.yaml", "--out", "three", "--target", &target.url];
    is_run(&place.start_with(&args, trusting).end());
}

#[test]
fn who_is_not_trusted_is_refused_with_the_way_out() {
    let place = Workplace::with(TINY);
    let (_server, target) = behind_tls(&place);
    let other = Terminator::before("127.0.0.1:9");
    place.write("other.pem", &other.authority);
    place.run(&["run", "tiny.yaml", "--target", &target.url, "--ca-file", "other.pem"]).refused(
        4,
        &[
            "the target cannot be trusted: 127.0.0.1:",
            "its certificate is from an authority that is not trusted here",
            "hint: an authority of your own is named with --ca-file; --insecure asks for no proof at all",
        ],
    );
    assert_eq!(place.contents(), ["ca.pem", "other.pem", "tiny.yaml"]);
}

#[test]
fn what_is_not_checked_is_said_at_the_top() {
    let place = Workplace::with(TINY);
    let (_server, target) = behind_tls(&place);
    let ran = place.run(&["run", "tiny.yaml", "--out", "results", "--target", &target.url, "--insecure"]);
    is_run(&ran);
    let warning = "Its certificate was not checked";
    assert!(ran.stdout.contains(warning), "{}", ran.stdout);
    for file in ["report.html", "summary.md"] {
        assert!(place.read(&format!("results/{file}")).contains(warning), "{file}");
    }
    assert!(place.well(&["report", "results"]).stdout.contains(warning));
}

#[test]
fn trust_without_need_is_refused() {
    let place = Workplace::with(TINY);
    place.write("ca.pem", "no certificate\n");
    place.run(&["run", "tiny.yaml", "--target", "ws://127.0.0.1:9", "--insecure"]).refused(
        2,
        &[
            "`insecure`, which does nothing without TLS",
            "hint: write wss:// in the url (ircs://, https://), or remove it",
        ],
    );
    place.run(&["run", "tiny.yaml", "--insecure"]).refused(2, &["target", "no `url`"]);
    place
        .run(&["run", "tiny.yaml", "--target", "wss://127.0.0.1:9", "--ca-file", "ca.pem"])
        .refused(2, &["target.ca_file", "a PEM file of certificates"]);
    place
        .run(&["run", "tiny.yaml", "--target", "wss://127.0.0.1:9", "--ca-file", "none.pem"])
        .refused(2, &["target.ca_file", "no such file"]);
    assert_eq!(place.contents(), ["ca.pem", "tiny.yaml"]);
}

#[test]
fn another_target_is_not_trusted_because_the_scenarios_is() {
    let scenario = format!("{TINY}target: {{url: \"wss://127.0.0.1:9\", insecure: true}}\n");
    let place = Workplace::with(&scenario);
    let (_server, target) = behind_tls(&place);
    place.run(&["run", "tiny.yaml", "--target", &target.url]).refused(4, &["cannot be trusted"]);
}
