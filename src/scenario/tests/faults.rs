use super::*;
use crate::base::dist::Law;
use crate::base::time::RealSpan;
use crate::scenario::defaults::Origin;
use crate::scenario::plan::faults::{Crash, Faults, Stalls};

const PLAIN: &str = "name: t\nlength: 1h\nsupport:\n  arrivals: {rate: 60/h}\n  patience: never\n  \
                     conversation: {handling_time: {constant: 30s}}\n  agents: {count: 1}\n";

fn with(faults: &str) -> Result<Scenario, Problems> {
    parse("t.yaml", format!("{PLAIN}{faults}"), Path::new("."))
}

fn alone(text: &str) -> Result<Faults, Problems> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faults.yaml");
    std::fs::write(&path, text).unwrap();
    load_faults(&path)
}

const ALL: &str = "seed: 9
latency: {constant: 40ms}
stalls: {for: 6s, every: 30s}
messages: {dropped: 1%, duplicated: 2%, reordered: 3%, wait: 250ms}
connections:
  refused: 5%
  reset: {share: 10%, after: {exponential: {mean: 20s}}}
  slow_reading: {share: 20%, pause: 2s}
crash: {after: 1m, down: 3s}
";

#[test]
fn faults_are_the_same_in_a_scenario_and_alone() {
    let faults = alone(ALL).unwrap();
    assert_eq!(faults.seed, 9);
    assert_eq!(faults.latency, Some(Law::constant(0.040)));
    let secs = RealSpan::from_whole_secs;
    assert_eq!(faults.stalls, Some(Stalls { lasts: secs(6), every: secs(30) }));
    assert_eq!(faults.messages.wait.nanos(), 250_000_000);
    assert_eq!(faults.connections.refused, 0.05);
    assert_eq!(faults.connections.reset, Some((0.1, Law::exponential(20.0))));
    assert_eq!(faults.connections.slow_reading, Some((0.2, Law::constant(2.0))));
    assert_eq!(faults.crash, Some(Crash { after: secs(60), down: secs(3) }));
    let indented: String = ALL.lines().map(|line| format!("  {line}\n")).collect();
    let scenario = with(&format!("faults:\n{indented}")).unwrap();
    assert_eq!(scenario.plan.run.faults, Some(faults));
    assert!(scenario.rows.iter().any(|row| row.path == "faults.stalls.every" && row.value == "30s"));
    assert_ne!(scenario.plan_hash(), with("").unwrap().plan_hash());
}

#[test]
fn without_them_there_are_none() {
    assert_eq!(with("").unwrap().plan.run.faults, None);
    let rows = with("faults: {messages: {dropped: 1%}, connections: {}}\n").unwrap().rows;
    for path in ["seed", "messages.duplicated", "messages.reordered", "messages.wait", "connections.refused"]
    {
        let path = format!("faults.{path}");
        assert!(rows.iter().any(|row| row.path == path && row.origin == Origin::Assumed), "{path}");
    }
    assert_eq!(alone("{}").unwrap(), Faults { seed: 1, ..Faults::default() });
}

#[test]
fn a_target_has_faults_of_its_own() {
    let scenario = with("faults: {stalls: {for: 1s, every: 2s}}\ntarget: {url: 'ws://h:1'}\n").unwrap();
    assert!(scenario.warnings[0].contains("the target has its own"), "{:?}", scenario.warnings);
}

#[test]
fn what_makes_no_sense_is_told_with_its_place() {
    for (text, line, column, says) in [
        ("stalls: {for: 30s, every: 30s}\n", 1, 9, "stalls with something in between"),
        ("stalls: {for: 6s}\n", 1, 9, "no `every`"),
        ("seed: 1\nmessages: {dropped: 60%, duplicated: 60%}\n", 2, 11, "at most 100%"),
        ("messages: {droped: 1%}\n", 1, 12, "did you mean `dropped`?"),
        ("latency: 40\n", 1, 10, "write 40s"),
        ("connections: {reset: 5%}\n", 1, 22, "resets, a map with share, after"),
        ("crash: {after: 0s, down: 1s}\n", 1, 16, "a duration longer than zero"),
        ("faults: {seed: 1}\n", 1, 1, "an unknown key `faults`"),
    ] {
        let problems = alone(text).unwrap_err();
        let place = problems.all()[0].place;
        assert_eq!((place.line, place.column), (line, column), "{problems}");
        assert!(problems.to_string().contains(says), "{says} in {problems}");
    }
    assert!(
        alone("latency: {empirical: {file: none.txt}}\n").unwrap_err().to_string().contains("no such file")
    );
}
