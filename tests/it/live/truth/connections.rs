//! What befalls connections.

use causerie::base::words::Ending;
use causerie::metrics::tally::Failure;
use causerie::server::account::Deed;
use causerie::wire::json::frame::Role;

use super::super::{plan, traffic};
use super::{DESK, accounted, at_desk};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_the_server_never_read_is_lost() {
    // After its greeting and its request nothing of a visitor is read any more.
    let (traffic, books) = at_desk("{connections: {slow_reading: {share: 30%, pause: 10m}}}").await;
    let never_read = traffic.messages.sent - books.received.len() as u64;
    assert!(never_read > 100 && books.received.len() > 100, "{never_read}");
    assert_eq!(traffic.messages.lost, never_read, "{:?}", traffic.messages);
    books.confirm(&traffic);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_reading_makes_messages_late() {
    let (traffic, books) = at_desk("{connections: {slow_reading: {share: 100%, pause: 300ms}}}").await;
    books.confirm(&traffic);
    assert!(traffic.to_visitor.quantile_secs(0.75) < Some(0.1));
    assert!(traffic.to_agent.quantile_secs(0.75) > Some(0.1));
    assert_eq!(traffic.messages.lost, 0, "{:?}", traffic.messages);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_and_reset_connections_are_counted_one_by_one() {
    let faults = "{connections: {refused: 5%, reset: {share: 10%, after: 500ms}}}";
    let (played, books) = accounted(plan(&format!("{DESK}faults: {faults}\n"))).await;
    let traffic = traffic(&played.body);
    let refused = books.count(|deed| matches!(deed, Deed::Refused { .. }));
    let reset = books.count(|deed| matches!(deed, Deed::Reset { .. }));
    assert!(refused > 0 && reset > 0, "{refused} {reset}");
    assert_eq!(traffic.errors[Failure::Refused as usize], refused);
    assert_eq!(traffic.errors[Failure::Disconnected as usize], reset);
    let greeted = books.count(|deed| matches!(deed, Deed::Greeted { .. }));
    assert_eq!(traffic.attempts, greeted + refused);
    let ended = |ending| played.body.outcomes.iter().filter(|visit| visit.ending == ending).count() as u64;
    assert_eq!((ended(Ending::Refused), ended(Ending::Unfinished)), (refused, reset));
    assert_eq!(traffic.messages.lost, 0, "what is on its way to one who is cut off is nobody's loss");
    books.confirm(&traffic);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_cuts_everybody_off() {
    let crash = "faults: {crash: {after: 3s, down: 500ms}}\n";
    let (played, books) = accounted(plan(&format!("{DESK}{crash}"))).await;
    assert_eq!(books.count(|deed| matches!(deed, Deed::Crashed { .. })), 1);
    assert!(played.invalid.as_deref().is_some_and(|why| why.contains("cut off every agent")), "{played:?}");
    let agents = books.count(|deed| matches!(deed, Deed::Greeted { role: Role::Agent, .. }));
    assert_eq!(agents, 60);
    let traffic = traffic(&played.body);
    assert!(traffic.errors[Failure::Disconnected as usize] > agents, "{:?}", traffic.errors);
    assert_eq!(traffic.messages.lost, 0, "{:?}", traffic.messages);
    books.confirm(&traffic);
}
