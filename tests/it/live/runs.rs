//! What a run gives.

use std::collections::BTreeMap;
use std::sync::Arc;

use causerie::base::figures::Command;
use causerie::base::words::Ending;
use causerie::live;
use causerie::metrics::tally::Failure;
use causerie::record::Setting;
use causerie::server::Config;
use causerie::study::twin::twin;

use super::{group, options, plan, run, serve, traffic};

const SMALL: &str = "
name: small
length: 20m
support:
  arrivals: {rate: 300/h}
  patience: {exponential: {mean: 120s}}
  conversation:
    handling_time: {exponential: {mean: 240s}}
    messages: {every: 20s}
  walk_out: {exponential: {mean: 20m}}
  escalation: {rate: 30%, to: {toll_free: 50%, callback: 30%, give_up: 20%}}
  agents: {count: 8, concurrency: 3, stretch: [1, 1.25, 1.6]}
phone:
  lines: 3
  handling_time: {exponential: {mean: 120s}}
  patience: {exponential: {mean: 120s}}
  callback: {offer_after: 1m, accepted: 50%, within: 20m, reached: 70%, tries: 2}
run: {speed: 300, drain: 60m}
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_ends_once_and_nothing_is_lost() {
    let plan = plan(SMALL);
    let speed = plan.run.speed;
    let played = run(plan.clone(), speed).await;
    let progress = played.progress;
    assert!(progress.expected > 60, "{progress:?}");
    assert_eq!((progress.arrived, progress.done), (progress.expected, progress.expected));
    assert_eq!((progress.waiting, progress.in_chat, progress.open), (0, 0, 0), "{progress:?}");

    let mut visits = BTreeMap::new();
    for outcome in &played.body.outcomes {
        *visits.entry((outcome.desk, outcome.visit)).or_insert(0) += 1;
    }
    assert!(visits.values().all(|count| *count == 1), "{visits:?}");
    let of_support = visits.keys().filter(|(desk, _)| desk.0 == 0).count() as u64;
    assert_eq!(of_support, progress.expected);
    let endings: Vec<Ending> = played.body.outcomes.iter().map(|outcome| outcome.ending).collect();
    for ending in [Ending::Resolved, Ending::Escalated, Ending::AbandonedQueue, Ending::AbandonedChat] {
        assert!(endings.contains(&ending), "{ending:?} among {endings:?}");
    }
    assert!(!endings.contains(&Ending::Unfinished));

    let traffic = traffic(&played.body);
    let messages = traffic.messages;
    assert!(messages.sent > 500, "{messages:?}");
    assert_eq!((messages.lost, messages.duplicated, messages.reordered), (0, 0, 0), "{messages:?}");
    assert_eq!(traffic.delivery().count, messages.delivered);
    // Those on their way to a visitor who walked out are nobody's loss.
    assert!(messages.sent - messages.delivered <= 5, "{messages:?}");
    assert!(traffic.delivery().mean_secs().unwrap() < 0.1);
    let [gave_up_connecting, others @ ..] = traffic.errors;
    // A patience of a second is three milliseconds here: on a busy machine the page is not open by then.
    assert!(gave_up_connecting <= 3, "{:?}", traffic.errors);
    assert_eq!(others, [0; Failure::ALL.len() - 1]);
    assert!(traffic.attempts >= progress.expected);
    assert_eq!(traffic.connect_login.count, traffic.attempts - gave_up_connecting);
    assert!(traffic.generator.peak_open >= 11, "the agents at least");
    assert!(played.body.outcomes.iter().any(|outcome| outcome.responded.is_some()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_people_end_the_same_way_as_in_virtual_time() {
    let plan = plan(SMALL);
    let played = run(plan.clone(), plan.run.speed).await;
    let setting = Setting::of(&plan, Command::Run);
    let comparison = twin(&plan, &setting, &played.body, None, Vec::new()).comparison;
    assert_eq!((comparison.only_in_run, comparison.only_in_twin), (0, 0), "{comparison:?}");
    let share = |same: u64, paired: u64| same as f64 / paired as f64;
    let same = share(comparison.same_ending, comparison.paired);
    // At speed 300 a millisecond is 0.3 s of waiting; agreement at the scenario's own speed is measured elsewhere.
    assert!(same > 0.85, "{same} of {comparison:?}");
    // Many would end the same way whoever they were; other people must not agree as well as these.
    let by_chance = share(comparison.unrelated_same, comparison.unrelated_paired);
    assert!(comparison.unrelated_paired > 30 && by_chance < same - 0.2, "{by_chance} of {comparison:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_is_stopped_leaves_everybody_unfinished_and_accounted_for() {
    let plan = plan(SMALL);
    let speed = plan.run.speed;
    let url = serve(Config::of_plan(&plan, speed)).await;
    let mut options = options(url, speed, &plan);
    let (progress, mut seen) = tokio::sync::watch::channel(live::Progress::default());
    options.progress = progress;
    let stop = async move {
        let _ = seen.wait_for(|progress| progress.in_chat >= 3).await;
    };
    let played = live::play(Arc::new(plan), options, stop).await.unwrap();
    assert!(played.interrupted);
    assert!(played.progress.arrived < played.progress.expected);
    assert_eq!(played.progress.arrived, played.progress.done);
    let unfinished = played.body.outcomes.iter().filter(|outcome| outcome.ending == Ending::Unfinished);
    assert!(unfinished.count() >= 3);
    assert_eq!(traffic(&played.body).messages.lost, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_end_cuts_short_is_not_handled() {
    let long = "
name: long
length: 5m
support:
  arrivals: {rate: 240/h}
  patience: never
  conversation: {handling_time: {constant: 2h}, messages: {every: 30s}}
  agents: {count: 40, concurrency: 1}
run: {speed: 600, drain: 1m}
";
    let played = run(plan(long), 600.0).await;
    assert!(played.body.outcomes.len() > 5);
    assert!(played.body.outcomes.iter().all(|outcome| outcome.ending == Ending::Unfinished));
    let group = group(&played.body);
    assert_eq!(group.closings.iter().sum::<u64>(), 0, "{:?}", group.closings);
    assert!(group.engaged_nanos > 0);
    assert!(played.invalid.is_some_and(|why| why.contains("unfinished at the end")));
}
