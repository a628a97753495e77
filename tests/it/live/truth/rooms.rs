//! Faults in rooms: each of many has a fate of their own.

use causerie::base::dist::Law;
use causerie::base::time::RealSpan;
use causerie::live::Played;
use causerie::metrics::tally::Failure;
use causerie::scenario::plan::faults::{Crash, Faults, MessageFaults};
use causerie::scenario::plan::rooms::VenuePlan;
use causerie::server::account::Deed;

use super::super::rooms::at_speed;
use super::super::rooms::spread::full;
use super::super::traffic;
use super::accounted;
use super::books::Books;
use crate::plans::{per_hour, room, rooms};

const GUESTS: u64 = 30;

/// Everybody is there while it counts: 30 guests, half of whom say something every ten seconds of the scenario.
async fn gathering(faults: Faults) -> (Played, Books) {
    let mut plan = full(GUESTS, 0.5, 5.0, 30.0);
    plan.run.faults = Some(faults);
    let (played, books) = accounted(plan).await;
    assert_eq!(played.invalid, None);
    (played, books)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_befalls_messages_in_a_room_is_counted_for_each_guest() {
    let wait = RealSpan::from_nanos(200_000_000);
    let messages = MessageFaults { dropped: 0.02, duplicated: 0.03, reordered: 0.04, wait };
    let latency = Some(Law::exponential(0.03));
    let (played, books) = gathering(Faults { latency, messages, ..Faults::default() }).await;
    let traffic = traffic(&played.body);
    books.confirm(&traffic);
    assert_eq!(traffic.messages.lost, books.dropped, "{:?}", traffic.messages);
    assert_eq!(traffic.messages.sent, books.received.len() as u64);
    assert_eq!(traffic.messages.delivered, traffic.messages.sent * (GUESTS - 1) - books.dropped);
    for befallen in [books.dropped, books.duplicated, books.reordered] {
        assert!(befallen > 20, "{} {} {}", books.dropped, books.duplicated, books.reordered);
    }
}

/// A room in which guests come and go all the time, at speed 30 for ten seconds, and the server crashes in between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_crash_others_come_and_nothing_is_known_any_more() {
    let venue = VenuePlan {
        roles: [0.0, 1.0, 0.0],
        talk_per_sec: [0.0, 1.0 / 5.0, 0.0],
        ..room("square", per_hour(1_200.0), Law::constant(60.0))
    };
    let mut plan = at_speed(rooms(vec![venue], 0.0, 300.0, 1), 30.0, 120.0);
    let crash = Crash { after: RealSpan::from_whole_secs(4), down: RealSpan::from_whole_secs(1) };
    plan.run.faults = Some(Faults { crash: Some(crash), ..Faults::default() });
    let (played, books) = accounted(plan).await;
    let place = |is_so: fn(&Deed) -> bool| books.deeds.iter().position(is_so).unwrap();
    let crashed = place(|deed| matches!(deed, Deed::Crashed { .. }));
    let restarted = place(|deed| matches!(deed, Deed::Restarted));
    assert_eq!(restarted, crashed + 1, "nobody does anything in between");
    assert!(books.deeds[restarted..].iter().any(|deed| matches!(deed, Deed::Forwarded { .. })));
    let traffic = traffic(&played.body);
    books.confirm(&traffic);
    let (cut_off, never_reached) = (Failure::Disconnected as usize, Failure::Connect as usize);
    assert!(traffic.errors[cut_off] > 5 && traffic.errors[never_reached] > 2, "{:?}", traffic.errors);
    assert_eq!(traffic.messages.lost, 0, "{:?}", traffic.messages);
    assert_eq!(played.progress.arrived, played.progress.done);
}
