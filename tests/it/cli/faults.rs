//! Faults of the embedded server, and its account, as a user asks for them.

use super::running::played;
use super::serving::Server;
use super::workplace::Workplace;
use super::{TINY, json};

const DROPS: &str = "messages: {dropped: 20%}\n";

/// The lines of an account that say that this was done.
fn done(account: &str, what: &str) -> usize {
    account.lines().filter(|line| json(line)["did"] == what).count()
}

#[test]
fn a_run_has_the_faults_of_its_scenario_and_keeps_the_account() {
    let place = Workplace::with(&format!("{TINY}faults: {{{}}}\n", DROPS.trim_end()));
    let ran = played(&place, &["run", "tiny.yaml", "--quiet", "--out", "results"]);
    assert!(ran.stdout.contains("The server of the twin has no faults"), "{}", ran.stdout);
    let account = place.read("results/account");
    let head = json(account.lines().next().unwrap());
    assert!(head["account"] == 1 && head["epoch_unix_nanos"].is_u64(), "{head}");
    assert!(done(&account, "received") > 20 && done(&account, "dropped") > 0, "{account}");
    assert_eq!(done(&account, "received"), done(&account, "forwarded") + done(&account, "dropped"));
    let figures = json(&place.read("results/summary.json"))["figures"].take();
    assert_eq!(figures["messages.lost"]["value"].as_f64(), Some(done(&account, "dropped") as f64));
    let record = place.read("results/record");
    let trailer = record.lines().last().unwrap().to_owned();
    assert!(trailer.contains("\"run_epoch_unix_nanos\":"), "{trailer}");
}

#[test]
fn a_server_has_the_faults_of_a_file_instead_of_its_scenario() {
    let place = Workplace::with(&format!("{TINY}faults: {{connections: {{refused: 100%}}}}\n"));
    place.write("faults.yaml", DROPS);
    let server = Server::start(
        &place,
        &["tiny.yaml", "--speed", "300", "--faults", "faults.yaml", "--account", "account"],
    );
    let ran = played(&place, &["run", "tiny.yaml", "--out", "results", "--target", &server.ws()]);
    assert!(ran.stderr.contains("the target has its"), "{}", ran.stderr);
    let account = place.read("account");
    assert!(done(&account, "dropped") > 0 && done(&account, "refused") == 0, "{account}");
    assert!(!place.contents().contains(&"results/account".to_owned()), "{:?}", place.contents());
}

#[test]
fn faults_that_make_no_sense_are_refused_with_their_place() {
    let place = Workplace::new();
    place.write("faults.yaml", "latency: 40ms\nstalls: {for: 6, every: 30s}\n");
    place.run(&["serve", "--port", "0", "--faults", "faults.yaml"]).refused(
        2,
        &["faults.yaml:2:15", "stalls.for: found `6`", "expected a duration with its unit", "hint: write 6s"],
    );
    place.run(&["serve", "--port", "0", "--faults", "none.yaml"]).refused(2, &["none.yaml", "no such file"]);
    place
        .run(&["serve", "--port", "0", "--account", "nowhere/account"])
        .refused(2, &["no account can be written to nowhere/account", "hint: name a file"]);
    assert_eq!(place.contents(), ["faults.yaml"]);
}

#[cfg(target_os = "linux")]
#[test]
fn an_account_that_cannot_be_written_ends_the_server() {
    let ran = Workplace::new().run(&["serve", "--port", "0", "--account", "/dev/full"]);
    assert_eq!(ran.code, Some(2), "{ran:#?}");
    assert!(ran.stderr.contains("error: the server failed: No space left"), "{ran:#?}");
}
