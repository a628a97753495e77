//! Connections that break and are taken up again.

use causerie::base::dist::Law;
use causerie::base::id::VenueId;
use causerie::base::time::{Moment, RealSpan};
use causerie::base::words::Ending;
use causerie::base::words::rooms::GuestEnding;
use causerie::live::Played;
use causerie::metrics::histogram::Distribution;
use causerie::metrics::tally::{Failure, TrafficTally};
use causerie::scenario::plan::Plan;
use causerie::scenario::plan::faults::{ConnectionFaults, Crash, Faults};
use causerie::scenario::plan::reconnect::ReconnectPlan;
use causerie::scenario::plan::rooms::ModerationMode;
use causerie::server::account::Deed;
use causerie::wire::json::frame::Role;

use super::super::rooms::moderation::under;
use super::super::rooms::spread::full;
use super::super::{plan, traffic};
use super::books::Books;
use super::{DESK, accounted};

/// The desk with so many agents, whose people reconnect, with these faults.
fn desk(agents: u32, faults: &str) -> Plan {
    let reconnect = "drain: 5m, reconnect: {after: 100ms, up_to: 1s, tries: 10}, valid: {unfinished: 50%}";
    let yaml = DESK.replace("drain: 5m", reconnect).replace("count: 60", &format!("count: {agents}"));
    plan(&format!("{}faults: {faults}\n", yaml.replace("length: 6m", "length: 4m")))
}

/// A room whose people reconnect, with these faults.
fn reconnecting(mut plan: Plan, faults: Faults) -> Plan {
    let millis = |millis: u64| RealSpan::from_nanos(millis * 1_000_000);
    let (after, up_to) = (millis(100), millis(1_000));
    plan.run.reconnect = Some(ReconnectPlan { after, up_to, jitter: 0.5, tries: 10 });
    plan.run.faults = Some(faults);
    plan
}

fn resets(share: f64, after_secs: f64) -> Faults {
    let reset = Some((share, Law::exponential(after_secs)));
    Faults { connections: ConnectionFaults { reset, ..ConnectionFaults::default() }, ..Faults::default() }
}

/// The traffic of a run that was good, and in which no message was lost: what did not arrive was missed, as the account has it.
fn all_accounted(played: &Played, books: &Books) -> TrafficTally<Distribution> {
    assert_eq!(played.invalid, None);
    let traffic = traffic(&played.body);
    let messages = traffic.messages;
    assert_eq!((messages.lost, messages.duplicated, messages.reordered), (0, 0, 0), "{messages:?}");
    books.confirm_counts(&traffic);
    traffic
}

fn ended(played: &Played, ending: Ending) -> usize {
    played.body.outcomes.iter().filter(|visit| visit.ending == ending).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conversations_go_on_where_their_connections_were_reset() {
    // Those of agents too; and not every try succeeds.
    let faults = "{connections: {refused: 10%, reset: {share: 30%, after: 1s}}}";
    let (played, books) = accounted(desk(60, faults)).await;
    let traffic = all_accounted(&played, &books);
    books.confirm(&traffic);
    let messages = traffic.messages;
    assert_eq!((messages.missed, messages.sent), (books.missed, books.received.len() as u64), "{messages:?}");
    assert_eq!(messages.sent, messages.delivered + messages.missed, "{messages:?}");
    assert!(messages.missed > 20, "{messages:?}");
    let (resolved, refused) = (ended(&played, Ending::Resolved), ended(&played, Ending::Refused));
    assert_eq!(resolved + refused, played.body.outcomes.len(), "nobody is thrown out of a conversation");
    let turned_away = books.count(|deed| matches!(deed, Deed::Refused { .. }));
    assert!(turned_away > refused as u64, "some who came back were, and tried again");
    let (reset, resumed) = (
        books.count(|deed| matches!(deed, Deed::Reset { .. })),
        books.count(|deed| matches!(deed, Deed::Resumed { .. })),
    );
    assert_eq!(reset, resumed, "everybody comes back");
    let reconnects = &traffic.reconnects;
    // Those of the drain do not count.
    assert!(reconnects.resumed > 10 && reconnects.resumed <= resumed, "{reconnects:?}");
    assert_eq!((reconnects.anew, reconnects.given_up), (0, 0));
    assert_eq!(reconnects.away.count, reconnects.resumed);
    let least_secs = reconnects.away.quantile_secs(0.01).unwrap();
    assert!((0.05..0.1).contains(&least_secs), "half of the first wait at the least: {least_secs} s");
    assert!(traffic.errors[Failure::Disconnected as usize] >= reconnects.resumed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_outlives_a_crash() {
    // Some wait when it happens.
    let (played, books) = accounted(desk(20, "{crash: {after: 2s, down: 500ms}}")).await;
    let traffic = all_accounted(&played, &books);
    let messages = traffic.messages;
    assert_eq!(messages.sent, messages.delivered + messages.missed, "{messages:?}");
    let agents = books.count(|deed| matches!(deed, Deed::Greeted { role: Role::Agent, .. }));
    assert_eq!(agents, 40, "every agent begins again");
    assert_eq!(books.count(|deed| matches!(deed, Deed::Resumed { .. })), 0, "nobody is known any more");
    let (anew, cut_off) = (traffic.reconnects.anew, ended(&played, Ending::Unfinished));
    assert!(anew >= 20 + cut_off as u64, "{anew} {cut_off}");
    assert_eq!(traffic.reconnects.given_up, 0);
    // Who was in a conversation when it happened is cut off; who waited asks again, and is served; who comes while nobody listens
    // is turned away.
    assert!((1..=20).contains(&cut_off), "{cut_off}");
    assert_eq!(ended(&played, Ending::AbandonedQueue) + ended(&played, Ending::AbandonedChat), 0);
    let lost = played.body.outcomes.iter().filter(|visit| visit.ending == Ending::Unfinished);
    let crashed = lost.map(|visit| visit.ended).min().unwrap();
    let waited = |visit: Moment, assigned: Option<Moment>| visit < crashed && assigned > Some(crashed);
    let served = played.body.outcomes.iter().filter(|visit| waited(visit.start, visit.assigned));
    let endings: Vec<Ending> = served.map(|visit| visit.ending).collect();
    assert!(endings.len() > 3 && endings.iter().all(|ending| *ending == Ending::Resolved), "{endings:?}");
    let after = |visit: Moment| visit > crashed;
    assert!(
        played.body.outcomes.iter().filter(|visit| after(visit.start)).any(|visit| visit.responded.is_some())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_never_reaches_the_server_again_gives_up() {
    let mut plan = desk(60, "{crash: {after: 2s, down: 1m}}");
    plan.run.reconnect = plan.run.reconnect.map(|reconnect| ReconnectPlan { tries: 2, ..reconnect });
    let (played, books) = accounted(plan).await;
    assert!(
        played.invalid.as_deref().is_some_and(|why| why.contains("cut off every agent")),
        "{:?}",
        played.invalid
    );
    let traffic = traffic(&played.body);
    let (messages, reconnects) = (traffic.messages, &traffic.reconnects);
    assert_eq!(messages.sent, messages.delivered + messages.missed, "{messages:?}");
    assert!(reconnects.given_up >= 60 && reconnects.resumed + reconnects.anew == 0, "{reconnects:?}");
    assert!(traffic.errors[Failure::Connect as usize] >= 2 * reconnects.given_up, "each tried twice");
    books.confirm_counts(&traffic);
}

const GUESTS: u64 = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_miss_what_is_said_while_they_are_away() {
    let (played, books) = accounted(reconnecting(full(GUESTS, 0.5, 10.0, 60.0), resets(0.7, 3.0))).await;
    let traffic = all_accounted(&played, &books);
    let messages = traffic.messages;
    assert_eq!((messages.missed, messages.sent), (books.missed, books.received.len() as u64), "{messages:?}");
    assert_eq!(messages.sent * (GUESTS - 1), messages.delivered + messages.missed, "{messages:?}");
    let resumed = books.count(|deed| matches!(deed, Deed::Resumed { .. }));
    assert!(messages.missed > 10 && resumed > 10, "{messages:?} {resumed}");
    let stayed = played.body.guests.iter().filter(|visit| visit.ending == GuestEnding::Stayed);
    assert_eq!(stayed.count() as u64, GUESTS, "and none is thrown out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_fills_again_after_a_crash() {
    let crash = Crash { after: RealSpan::from_whole_secs(5), down: RealSpan::from_nanos(500_000_000) };
    let faults = Faults { crash: Some(crash), ..Faults::default() };
    let (played, books) = accounted(reconnecting(full(GUESTS, 0.5, 10.0, 60.0), faults)).await;
    let traffic = all_accounted(&played, &books);
    assert_eq!((traffic.reconnects.anew, traffic.reconnects.resumed), (GUESTS, 0));
    let stayed = played.body.guests.iter().filter(|visit| visit.ending == GuestEnding::Stayed);
    assert_eq!(stayed.count() as u64, GUESTS);
    assert!(traffic.fanout.count > 0, "{:?}", traffic.messages);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moderators_take_up_what_they_had_in_hand() {
    let mut plan = reconnecting(under(ModerationMode::Before, None), resets(0.5, 1.0));
    plan.run.speed = 300.0;
    let (played, books) = accounted(plan).await;
    assert_eq!(played.invalid, None);
    let tally = played.body.venue(VenueId(0));
    let of_moderators = |deed: &Deed| matches!(deed, Deed::Greeted { role: Role::Moderator, .. });
    assert_eq!(books.count(of_moderators), 2, "their connections are taken up");
    assert!(books.count(|deed| matches!(deed, Deed::Resumed { .. })) > 5);
    assert_eq!(tally.held_verdicts.iter().sum::<u64>(), tally.sent(), "everything is reviewed, once");
    assert_eq!(traffic(&played.body).messages.lost, 0);
}
