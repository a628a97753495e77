//! Whom a target is trusted as.

use std::path::Path;

use crate::scenario::defaults::Origin;
use crate::scenario::plan::target::Trust;
use crate::scenario::{Scenario, parse};

/// A desk and this target, in a directory that has `ca.pem`.
fn with_target(target: &str) -> Result<Scenario, String> {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("ca.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n").unwrap();
    let yaml = format!(
        "name: t\nlength: 1h\nsupport: {{arrivals: {{rate: 60/h}}, patience: never, agents: {{count: 1}}}}\n\
         target: {target}\n"
    );
    in_directory(yaml, directory.path())
}

fn in_directory(yaml: String, directory: &Path) -> Result<Scenario, String> {
    parse("t.yaml", yaml, directory).map_err(|problems| problems.to_string())
}

fn trust(target: &str) -> Trust {
    with_target(target).unwrap().plan.run.target.unwrap().trust
}

#[test]
fn the_machine_is_believed_unless_somebody_else_is_named() {
    assert_eq!(trust("{url: \"ws://desk\"}"), Trust::Machine);
    assert_eq!(trust("{url: \"wss://desk\"}"), Trust::Machine);
    assert_eq!(trust("{url: \"wss://desk\", insecure: false}"), Trust::Machine);
    assert_eq!(trust("{url: \"wss://desk\", insecure: true}"), Trust::Anybody);
    let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n".to_owned();
    assert_eq!(trust("{url: \"wss://desk\", ca_file: ca.pem}"), Trust::Only { pem });
}

#[test]
fn that_certificates_are_checked_is_explained() {
    let rows = with_target("{url: \"wss://desk\"}").unwrap().rows;
    let row = rows.iter().find(|row| row.path == "target.insecure").unwrap();
    assert_eq!((row.value.as_str(), row.origin), ("false", Origin::Assumed));
    let rows = with_target("{url: \"ws://desk\"}").unwrap().rows;
    assert!(!rows.iter().any(|row| row.path == "target.insecure"), "there is nothing to check");
}

#[test]
fn nobody_and_somebody_are_not_trusted_at_once() {
    let problems = with_target("{url: \"wss://desk\", ca_file: ca.pem, insecure: true}").unwrap_err();
    assert!(problems.contains("`ca_file`, which does nothing where insecure"), "{problems}");
}
