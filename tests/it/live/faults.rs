//! Servers that do one thing wrong: a run must notice.

use std::future::pending;
use std::sync::Arc;

use causerie::base::words::Ending;
use causerie::live::{Played, play};
use causerie::metrics::tally::Failure;

use super::rogue::{self, Fault};
use super::{group, options, plan, traffic};

const BRISK: &str = "
name: brisk
length: 10m
support:
  arrivals: {rate: 240/h}
  patience: {constant: 60s}
  conversation: {handling_time: {constant: 120s}, messages: {every: 10s}, resolution: 100%}
  agents: {count: 40, concurrency: 1}
run: {speed: 600, drain: 5m}
";

async fn against(fault: Fault, yaml: &str) -> Played {
    let plan = plan(yaml);
    let agents = plan.desks.iter().map(|desk| desk.agents() as usize).sum();
    let options = options(rogue::serve(fault, agents).await, plan.run.speed, &plan);
    play(Arc::new(plan), options, pending()).await.unwrap()
}

fn errors(played: &Played, failure: Failure) -> u64 {
    traffic(&played.body).errors[failure as usize]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_who_hears_but_an_echo_was_not_answered() {
    let played = against(Fault::Echoes, BRISK).await;
    let traffic = traffic(&played.body);
    let of_agents = traffic.to_visitor.count;
    assert!(traffic.messages.lost > 50, "{:?}", traffic.messages);
    assert_eq!((traffic.to_agent.count, traffic.messages.delivered), (0, of_agents));
    assert!(errors(&played, Failure::Protocol) > 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_reaches_another_visitor_is_lost() {
    let played = against(Fault::Crosses, BRISK).await;
    let traffic = traffic(&played.body);
    // Only the first conversation has none before it.
    assert!(traffic.to_visitor.count < 10, "{:?}", traffic.messages);
    assert!(traffic.messages.lost > 50, "{:?}", traffic.messages);
    assert!(errors(&played, Failure::Protocol) > 10);
    let answered = played.body.outcomes.iter().filter(|outcome| outcome.responded.is_some());
    assert_eq!(answered.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patience_runs_while_a_stalled_server_is_waited_for() {
    let played = against(Fault::IgnoresVisitors, BRISK).await;
    assert!(played.body.outcomes.len() > 20);
    for outcome in &played.body.outcomes {
        assert_eq!(outcome.ending, Ending::AbandonedQueue);
        assert_eq!(outcome.ended.since(outcome.start).secs(), 60.0);
    }
    assert!(played.invalid.is_some_and(|why| why.contains("connections could not be opened")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_door_is_a_refusal() {
    let played = against(Fault::ShutsVisitorsOut, BRISK).await;
    assert!(played.body.outcomes.len() > 20);
    assert!(played.body.outcomes.iter().all(|outcome| outcome.ending == Ending::Refused));
    assert_eq!(errors(&played, Failure::Refused), played.body.outcomes.len() as u64);
    assert!(played.invalid.is_some_and(|why| why.contains("connections could not be opened")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn agents_who_are_cut_off_are_missed_and_counted_where_they_connected() {
    let played = against(Fault::LosesAgents, &BRISK.replace("length: 10m", "length: 10m\nwarm_up: 6m")).await;
    assert_eq!(played.invalid.as_deref(), Some("the target cut off 39 of the 40 agents of `support`"));
    let attempts = traffic(&played.body).attempts;
    assert!(errors(&played, Failure::Disconnected) >= 39 && attempts >= 40, "{attempts}");
    assert!(errors(&played, Failure::Disconnected) <= attempts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_agent_takes_more_than_was_agreed() {
    let played = against(Fault::Overloads, BRISK).await;
    assert!(errors(&played, Failure::Protocol) > 20);
    let handled: u64 = group(&played.body).closings.iter().sum();
    assert_eq!(handled, played.body.outcomes.len() as u64, "one for each");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_agent_is_given_beyond_the_slots_waits_until_one_is_free() {
    let few = BRISK.replace("count: 40", "count: 2").replace("length: 10m", "length: 30m");
    let played =
        against(Fault::Overfills, &few.replace("240/h", "40/h").replace("drain: 5m", "drain: 1h")).await;
    assert_eq!(errors(&played, Failure::Protocol), 0);
    let outcomes = &played.body.outcomes;
    assert!(outcomes.len() > 5 && outcomes.iter().all(|outcome| outcome.ending == Ending::Resolved));
    assert_eq!(traffic(&played.body).messages.lost, 0);
    let [remark] = &played.remarks[..] else { panic!("{:?}", played.remarks) };
    assert!(remark.contains("beyond their slots") && remark.contains("wrap_up"), "{remark}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_cannot_end_as_a_callback() {
    let played = against(Fault::NeverReaches, BRISK).await;
    assert!(played.body.outcomes.iter().all(|outcome| outcome.ending == Ending::Unresolved));
    assert!(errors(&played, Failure::Protocol) > 20);
}
