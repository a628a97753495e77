//! How long a message takes to everybody in a room of one to two thousand.

use causerie::base::dist::Law;
use causerie::base::time::{Moment, Span};
use causerie::scenario::plan::rooms::VenuePlan;
use causerie::scenario::plan::{ArrivalPlan, Burst, Plan};

use super::super::traffic;
use super::{at_speed, nobody_is_missing};
use crate::live::agreement::against_a_server;
use crate::plans::{room, rooms};

/// So many guests come within the first minute and stay for six more; one in so many says something every now and then.
/// What is said in the fifth and sixth minute counts: everybody is there.
pub(in super::super) fn full(guests: u64, talkers: f64, every_secs: f64, speed: f64) -> Plan {
    let burst = Burst { at: Moment::ZERO, count: guests, within: Span::from_secs(60.0) };
    let venue = VenuePlan {
        arrivals: ArrivalPlan { bursts: vec![burst], ..ArrivalPlan::default() },
        roles: [1.0 - talkers, talkers, 0.0],
        talk_per_sec: [0.0, 1.0 / every_secs, 0.0],
        ..room("square", 0.0, Law::constant(420.0))
    };
    at_speed(rooms(vec![venue], 240.0, 360.0, 1), speed, 600.0)
}

/// Nothing is lost, nothing comes twice, and all that is said in the window reaches everybody else.
async fn reaches_everybody(guests: u64, talkers: f64, every_secs: f64, speed: f64) {
    all_reaches_everybody(guests, full(guests, talkers, every_secs, speed)).await;
}

async fn all_reaches_everybody(guests: u64, plan: Plan) {
    let played = against_a_server(&plan).await;
    let visits = nobody_is_missing(&played);
    assert_eq!(visits.len() as u64, guests);
    let traffic = traffic(&played.body);
    let messages = traffic.messages;
    let millis = |secs: Option<f64>| secs.unwrap_or_default() * 1e3;
    eprintln!(
        "{guests} guests: {} messages, {} receipts; to each p50 {:.2} p99 {:.2} max {:.2} ms; \
         to the last p50 {:.2} p99 {:.2} max {:.2} ms; lag p99 {:.2} ms",
        messages.sent,
        messages.delivered,
        millis(traffic.to_guest.quantile_secs(0.5)),
        millis(traffic.to_guest.quantile_secs(0.99)),
        millis(traffic.to_guest.max_secs()),
        millis(traffic.fanout.quantile_secs(0.5)),
        millis(traffic.fanout.quantile_secs(0.99)),
        millis(traffic.fanout.max_secs()),
        millis(traffic.generator.lag.quantile_secs(0.99)),
    );
    assert!(messages.sent > 0, "{messages:?}");
    assert_eq!((messages.lost, messages.duplicated, messages.reordered), (0, 0, 0), "{messages:?}");
    assert_eq!(messages.delivered, messages.sent * (guests - 1), "{messages:?}");
    assert_eq!(traffic.to_guest.count, messages.delivered);
    assert_eq!(traffic.fanout.count, if guests > 1 { messages.sent } else { 0 });
    if guests > 1 {
        // Of all receipts the latest is the last of its message. A token keeps whole microseconds.
        let apart_nanos = traffic.to_guest.max_nanos - traffic.fanout.max_nanos;
        assert!(apart_nanos < 1_000, "{apart_nanos} ns");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_reaches_everybody_in_a_room_of_three_hundred() {
    reaches_everybody(300, 0.05, 60.0, 30.0).await;
}

/// Alone one says nothing but the question with which one came.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_alone_in_a_room_reaches_nobody() {
    let mut plan = Plan { warm_up: Span::ZERO, ..full(1, 1.0, 10.0, 60.0) };
    plan.venues[0].questions.share = 1.0;
    all_reaches_everybody(1, plan).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_in_a_room_reach_each_other() {
    reaches_everybody(2, 1.0, 10.0, 60.0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "holds 4,000 sockets open, and is a measurement"]
async fn a_message_reaches_two_thousand() {
    for guests in [11, 101, 501, 1_001, 2_001] {
        reaches_everybody(guests, (20.0 / guests as f64).min(1.0), 60.0, 10.0).await;
    }
}
