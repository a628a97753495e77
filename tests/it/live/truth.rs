//! Servers with faults that keep an account: a run has to report what the account says.

mod books;
mod connections;
mod reconnects;
mod rooms;

use std::future::pending;
use std::sync::Arc;

use causerie::live::{Played, play};
use causerie::metrics::histogram::Distribution;
use causerie::metrics::tally::TrafficTally;
use causerie::scenario::plan::Plan;
use causerie::server::Config;
use causerie::server::account::Deed;
use tokio::sync::Mutex;

use super::agreement::serve;
use super::{options, plan, traffic};
use books::{Books, Paper};

/// Conversations of two seconds for six seconds: all are served at once, and nobody walks out of them.
const DESK: &str = "
name: desk
length: 6m
support:
  arrivals: {rate: 900/h}
  patience: never
  conversation: {handling_time: {constant: 120s}, messages: {every: 3s}, resolution: 100%}
  escalation: {rate: 0%}
  agents: {count: 60, concurrency: 1}
run: {speed: 60, drain: 5m}
";

/// One of these runs at a time: what takes a millisecond is no matter for two cores and several runs.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A run against a server with the faults of its plan, and the server's account of it.
async fn accounted(plan: Plan) -> (Played, Books) {
    let _alone = ALONE.lock().await;
    let paper = Paper::default();
    let mut config = Config::of_plan(&plan, plan.run.speed);
    config.account = Some(paper.sink());
    let options = options(serve(config), plan.run.speed, &plan);
    let played = play(Arc::new(plan.clone()), options, pending()).await.unwrap();
    let books = paper.books(&plan, &played);
    (played, books)
}

/// The same of the desk; its traffic instead of everything.
async fn at_desk(faults: &str) -> (TrafficTally<Distribution>, Books) {
    let (played, books) = accounted(plan(&format!("{DESK}faults: {faults}\n"))).await;
    assert_eq!(played.invalid, None);
    (traffic(&played.body), books)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_faults_agrees_with_its_account() {
    let (traffic, books) = at_desk("{}").await;
    books.confirm(&traffic);
    assert_eq!(traffic.messages.sent, books.received.len() as u64);
    assert_eq!((traffic.messages.lost, books.dropped, books.duplicated, books.reordered), (0, 0, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn added_latency_is_reported_as_it_was() {
    let (traffic, books) = at_desk("{latency: {lognormal: {mean: 200ms, cv: 1}}}").await;
    books.confirm(&traffic);
    // Each is at least as long as its own draw, of median 141 ms.
    assert!(traffic.delivery().quantile_secs(0.5).unwrap() > 0.141);
    assert_eq!(traffic.messages.lost, 0, "{:?}", traffic.messages);
}

/// Messages that fall into a stall of 1 s wait for its end: a third of all, for up to 1 s, evenly. One that is meant to be sent
/// meanwhile counts from then on, whether or not the server has read the one before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stall_shows_from_the_intended_time() {
    let (traffic, books) = at_desk("{stalls: {for: 1s, every: 2500ms}}").await;
    books.confirm(&traffic);
    assert_eq!(traffic.messages.lost, 0, "{:?}", traffic.messages);
    let stalls = books.count(|deed| matches!(deed, Deed::Stalled { .. }));
    assert!(stalls >= 2, "{stalls}");
    let delivery = traffic.delivery();
    let share_above = |secs: f64| {
        let above = delivery.buckets.iter().filter(|(micros, _)| *micros as f64 > secs * 1e6);
        above.map(|(_, count)| count).sum::<u64>() as f64 / delivery.count as f64
    };
    let (long, longer) = (share_above(0.5), share_above(0.9));
    assert!((0.08..0.3).contains(&long), "{long} took more than half a second");
    assert!((0.01..0.1).contains(&longer), "{longer} took nearly all of it");
    assert!((0.98..1.1).contains(&delivery.max_secs().unwrap()), "{:?}", delivery.max_secs());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropped_duplicated_and_reordered_are_counted_one_by_one() {
    let faults = "{messages: {dropped: 3%, duplicated: 4%, reordered: 5%, wait: 500ms}}";
    let (traffic, books) = at_desk(faults).await;
    books.confirm(&traffic);
    assert_eq!(traffic.messages.sent, books.received.len() as u64);
    assert_eq!(traffic.messages.lost, books.dropped, "{:?}", traffic.messages);
    for befallen in [books.dropped, books.duplicated, books.reordered] {
        assert!(befallen > 50, "{} {} {}", books.dropped, books.duplicated, books.reordered);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_at_once_is_still_the_truth() {
    let faults = "{seed: 3, latency: {exponential: {mean: 50ms}}, stalls: {for: 500ms, every: 2s}, \
                  messages: {dropped: 2%, duplicated: 2%, reordered: 2%}}";
    let (traffic, books) = at_desk(faults).await;
    books.confirm(&traffic);
    assert_eq!(traffic.messages.lost, books.dropped, "{:?}", traffic.messages);
}
