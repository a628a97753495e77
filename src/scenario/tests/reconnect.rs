use super::*;
use crate::base::time::RealSpan;
use crate::scenario::defaults::Origin;
use crate::scenario::plan::reconnect::ReconnectPlan;

const PLAIN: &str = "name: t\nlength: 1h\nsupport:\n  arrivals: {rate: 60/h}\n  patience: never\n  \
                     conversation: {handling_time: {constant: 30s}}\n  agents: {count: 1}\n";

fn with(run: &str) -> Result<Scenario, Problems> {
    parse("t.yaml", format!("{PLAIN}{run}"), Path::new("."))
}

#[test]
fn nobody_reconnects_unless_it_says_so() {
    assert_eq!(with("").unwrap().plan.run.reconnect, None);
    let scenario = with("run: {reconnect: {}}\n").unwrap();
    let secs = RealSpan::from_whole_secs;
    let assumed = ReconnectPlan { after: secs(1), up_to: secs(30), jitter: 0.5, tries: 5 };
    assert_eq!(scenario.plan.run.reconnect, Some(assumed));
    for (key, value) in [("after", "1s"), ("up_to", "30s"), ("jitter", "50%"), ("tries", "5")] {
        let path = format!("run.reconnect.{key}");
        let row = scenario.rows.iter().find(|row| row.path == path).unwrap();
        assert_eq!((row.value.as_str(), row.origin), (value, Origin::Assumed), "{path}");
    }
    let given = with("run: {reconnect: {after: 250ms, up_to: 2m, jitter: 0%, tries: 9}}\n").unwrap();
    let after = RealSpan::from_nanos(250_000_000);
    let plan = ReconnectPlan { after, up_to: secs(120), jitter: 0.0, tries: 9 };
    assert_eq!(given.plan.run.reconnect, Some(plan));
    assert_ne!(given.plan_hash(), scenario.plan_hash());
}

#[test]
fn what_makes_no_sense_is_told_with_its_place() {
    for (text, column, says) in [
        ("run: {reconnect: {after: 5s, up_to: 2s}}\n", 37, "at least the first wait, 5s"),
        ("run: {reconnect: {after: 0s}}\n", 26, "a duration longer than zero"),
        ("run: {reconnect: {after: 1}}\n", 26, "write 1s"),
        ("run: {reconnect: {jitter: 150%}}\n", 27, "150%"),
        ("run: {reconnect: {tries: 0}}\n", 26, "tries"),
        ("run: {reconnect: {jiter: 1%}}\n", 19, "did you mean `jitter`?"),
        ("run: {reconnect: true}\n", 18, "a reconnect, a map with after,"),
    ] {
        let problems = with(text).unwrap_err();
        let place = problems.all()[0].place;
        assert_eq!((place.line, place.column), (8, column), "{problems}");
        assert!(problems.to_string().contains(says), "{says} in {problems}");
    }
}
