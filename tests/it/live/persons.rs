//! A visitor is the same person on both clocks, whatever the staffing.

use std::collections::BTreeMap;

use causerie::base::figures::Command;
use causerie::base::id::VisitId;
use causerie::base::time::Moment;
use causerie::base::words::{Ending, Outcome};
use causerie::record::Setting;
use causerie::scenario::plan::Plan;
use causerie::sim::replicate::simulate_one;

use super::{plan, run};

/// Ten minutes of a desk of this many agents with one slot each: who is served is served without a pause, who is not
/// leaves when the patience is over.
fn desk(agents: u32) -> Plan {
    let yaml = format!(
        "
name: persons
length: 10m
support:
  arrivals: {{rate: 900/h}}
  patience: {{lognormal: {{mean: 40s, cv: 0.5}}}}
  conversation: {{handling_time: {{lognormal: {{mean: 60s, cv: 0.5}}}}, resolution: 70%}}
  topics:
    short: {{share: 60%, escalation: {{rate: 10%}}}}
    long:  {{share: 40%, escalation: {{rate: 40%}}, handling_time: {{lognormal: {{mean: 120s, cv: 0.5}}}}}}
  agents: {{count: {agents}}}
run: {{speed: 120, drain: 60m}}
"
    );
    plan(&yaml)
}

fn by_visit(outcomes: &[Outcome]) -> BTreeMap<VisitId, Outcome> {
    outcomes.iter().map(|outcome| (outcome.visit, *outcome)).collect()
}

fn served_secs(outcome: &Outcome) -> Option<f64> {
    outcome.assigned.map(|assigned| outcome.ended.since(assigned).secs())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visitor_1234_is_who_she_is() {
    let in_run = by_visit(&run(desk(7), 120.0).await.body.outcomes);
    let plan = desk(30);
    let setting = Setting::of(&plan, Command::Run);
    let horizon = Moment::ZERO + plan.length + plan.run.drain;
    let simulated = simulate_one(&plan, &setting.layout(), setting.sectioning(0), horizon);
    let in_twin = by_visit(&simulated.outcomes);
    assert!(in_run.keys().eq(in_twin.keys()), "the same people come");
    let (mut served, mut left) = (0, 0);
    for (visit, here) in &in_run {
        let there = &in_twin[visit];
        assert_eq!((here.start, here.topic), (there.start, there.topic), "{visit}");
        if let (Some(here_secs), Some(there_secs)) = (served_secs(here), served_secs(there)) {
            served += 1;
            assert_eq!(here.ending, there.ending, "{visit}");
            // Fifty milliseconds of real time, for the frames on their way and a busy machine.
            assert!((here_secs - there_secs).abs() < 0.05 * 120.0, "{visit}: {here_secs} and {there_secs}");
        }
        if here.ending == Ending::AbandonedQueue {
            left += 1;
            let waited = |outcome: &Outcome| outcome.assigned.unwrap_or(outcome.ended).since(outcome.start);
            assert!(waited(there) <= waited(here), "{visit} waits no longer where there are more agents");
        }
    }
    assert!(served > 50 && left > 20, "{served} served in both, {left} left the smaller desk");
}
