//! Whom a target is trusted as.

use std::path::Path;

use crate::base::time::RealSpan;
use crate::scenario::defaults::Origin;
use crate::scenario::plan::target::{MetricsPlan, Trust};
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

#[test]
fn a_target_may_say_how_it_is() {
    let metrics = |text: &str| {
        let scenario = with_target(&format!("{{url: \"ws://desk\", metrics: {text}}}")).unwrap();
        scenario.plan.run.target.unwrap().metrics.unwrap()
    };
    let url = "http://desk:9100/metrics".to_owned();
    assert_eq!(
        metrics("{prometheus: \"http://desk:9100/metrics\"}"),
        MetricsPlan { url: url.clone(), every: RealSpan::from_whole_secs(5), queue: None }
    );
    assert_eq!(
        metrics("{prometheus: \"http://desk:9100/metrics\", every: 1s, queue: chats_waiting}"),
        MetricsPlan { url, every: RealSpan::from_whole_secs(1), queue: Some("chats_waiting".into()) }
    );
    assert_eq!(with_target("{url: \"ws://desk\"}").unwrap().plan.run.target.unwrap().metrics, None);
}

#[test]
fn metrics_that_cannot_be_had_are_refused() {
    for (text, says) in [
        ("{every: 1s}", "prometheus"),
        ("{prometheus: \"ws://desk\"}", "such as http://127.0.0.1:8787/metrics"),
        ("{prometheus: \"http:///metrics\"}", "such as http://127.0.0.1:8787/metrics"),
        ("{prometheus: \"http://desk\", every: 10ms}", "at least 500ms"),
        ("{prometheus: \"http://desk\", queue: \"waiting{desk=1}\"}", "the name of a metric"),
        ("{prometheus: \"http://desk\", queue: 3}", "the name of a metric"),
    ] {
        let problems = with_target(&format!("{{url: \"ws://desk\", metrics: {text}}}")).unwrap_err();
        // Wherever the line breaks.
        let flowing = problems.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flowing.contains(says), "{text}: {problems}");
    }
}
