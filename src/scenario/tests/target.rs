//! Whom a target is trusted as.

use std::path::Path;

use crate::base::time::RealSpan;
use crate::scenario::defaults::Origin;
use crate::scenario::plan::Routing;
use crate::scenario::plan::target::{ChatPlan, Dialect, MetricsPlan, QueuePlan, TargetPlan, Trust};
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

/// The chat server that a target is.
fn chat(target: &str) -> ChatPlan {
    with_target(target).unwrap().plan.run.target.unwrap().chat().unwrap().clone()
}

#[test]
fn a_url_says_what_is_spoken_unless_a_dialect_is_named() {
    assert_eq!(with_target("{url: \"ws://desk\"}").unwrap().plan.run.target.unwrap().chat(), None);
    for url in ["irc://desk", "ircs://desk"] {
        assert_eq!(chat(&format!("{{url: \"{url}\"}}")).dialect, Dialect::Irc);
    }
    assert_eq!(chat("{url: \"xmpp://desk\"}").dialect, Dialect::Xmpp);
    assert_eq!(chat("{url: \"wss://desk/xmpp\", dialect: xmpp}").dialect, Dialect::Xmpp);
    assert_eq!(chat("{url: \"https://desk\", dialect: matrix}").dialect.name(), "matrix");
    assert_eq!(chat("{url: \"irc://desk\"}").queue, QueuePlan::Testbed { url: None });
    let asked = chat("{url: \"irc://desk\", desk: \"ws://127.0.0.1:8787\"}").queue;
    assert_eq!(asked, QueuePlan::Testbed { url: Some("ws://127.0.0.1:8787".into()) });
}

#[test]
fn what_makes_no_sense_together_is_told_with_what_does() {
    for (target, words) in [
        ("{url: \"http://desk\"}", vec!["dialect"]),
        ("{url: \"ftp://desk\"}", vec!["the address of a chat server"]),
        ("{url: \"ws://desk\", dialect: irc}", vec!["irc goes over irc://, ircs://"]),
        ("{url: \"http://desk\", dialect: matricks}", vec!["matrix", "a file of your own"]),
        ("{url: \"http://desk\", dialect: none.yaml}", vec!["no such file"]),
        ("{url: \"irc://desk\", queue: server}", vec!["testbed", "no queue"]),
        ("{url: \"irc://desk\", routing: round robin}", vec!["routing", "queue: server"]),
        ("{url: \"ws://desk\", queue: testbed}", vec!["queue", "causerie protocol"]),
        ("{url: \"irc://desk\", rooms: a.b}", vec!["rooms", "xmpp"]),
        ("{url: \"irc://desk\", settings: {a: b}}", vec!["settings"]),
        ("{url: \"http://desk\", dialect: matrix, settings: {a: b}}", vec!["server_name"]),
        ("{url: \"irc://desk\", accounts: {agents: {password: secret}}}", vec!["$CHAT_PASSWORD"]),
        ("{url: \"irc://desk\", accounts: {agents: {register: 1, file: a.csv}}}", vec!["registered"]),
        ("{url: \"irc://desk\", accounts: {agents: {file: none.csv}}}", vec!["no such file"]),
    ] {
        let problems = with_target(target).unwrap_err();
        let flowing = problems.split_whitespace().collect::<Vec<_>>().join(" ");
        for word in words {
            assert!(flowing.contains(word), "{target}: {problems}");
        }
        assert!(!problems.contains("secret"), "{problems}");
    }
}

#[test]
fn a_product_routes_as_it_is_said_to() {
    let yaml = |queue: &str, desks: &str| {
        let target = format!("{{url: \"http://desk\", dialect: chatwoot, settings: {{inbox: a}}, {queue}}}");
        in_directory(format!("name: t\nlength: 1h\n{desks}target: {target}\n"), Path::new("."))
    };
    let desk = "arrivals: {rate: 60/h}, patience: never, agents: {count: 1}";
    let one = format!("support: {{{desk}}}\n");
    let routing = |queue: &str| yaml(queue, &one).unwrap().plan.desks[0].routing;
    assert_eq!(routing("queue: server, routing: round robin"), Routing::RoundRobin);
    assert_eq!(routing("queue: server"), Routing::LeastBusy, "as the scenario says");
    assert_eq!(
        routing("routing: round robin"),
        Routing::RoundRobin,
        "it has a queue, and no word for meeting"
    );
    let problems = yaml("queue: testbed, routing: round robin", &one).unwrap_err();
    assert!(problems.contains("`routing`, which does nothing"), "{problems}");
    let several = format!("desks: {{a: {{{desk}}}, b: {{{desk}}}}}\n");
    let problems = yaml("queue: server", &several).unwrap_err();
    assert!(problems.contains("several desks"), "{problems}");
}

#[test]
fn what_a_server_has_no_word_for_is_left_out_and_said() {
    let yaml = "name: t\nlength: 1h\nmoney: EUR\nrooms:\n  fans:\n    arrivals: {rate: 6/h}\n    stay: 5m\n    \
                moderation: {mode: after, moderators: 1, wage: 18 EUR/h, review: 60s}\ntarget: {url: \"irc://desk\"}\n";
    let plan = in_directory(yaml.to_owned(), Path::new(".")).unwrap().plan;
    let chat = plan.run.target.as_ref().and_then(TargetPlan::chat).unwrap().clone();
    let (plan, left_out) = plan.against(&chat);
    assert_eq!(plan.moderator_ids().count(), 0);
    assert!(
        matches!(&left_out[..], [said] if said.contains("fans") && said.contains("moderate")),
        "{left_out:?}"
    );
    let (_, again) = plan.against(&chat);
    assert!(again.is_empty(), "nothing more");
}
