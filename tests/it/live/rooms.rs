//! Rooms over real sockets: who met whom, who heard what, who kept it clean.

mod faults;
pub(super) mod moderation;
pub(super) mod spread;

use std::collections::{BTreeMap, BTreeSet};

use causerie::base::dist::Law;
use causerie::base::figures::Command;
use causerie::base::id::{DeskId, VenueId};
use causerie::base::time::{Moment, Span};
use causerie::base::words::rooms::{GuestEnding, GuestOutcome};
use causerie::live::Played;
use causerie::metrics::histogram::Distribution;
use causerie::metrics::tally::{Failure, VenueTally};
use causerie::record::{Company, Setting};
use causerie::scenario::plan::Plan;
use causerie::scenario::plan::rooms::{DeflectPlan, Opening, QuestionPlan, ReturnPlan, VenueKind, VenuePlan};
use causerie::study::twin::twin;

use super::{run, traffic};
use crate::plans::{desk, group, per_hour, plan, room, rooms};

/// A plan as a run plays it: at `speed`, for so long, and then until everybody is gone.
pub(super) fn at_speed(mut plan: Plan, speed: f64, drain_secs: f64) -> Plan {
    plan.run.speed = speed;
    plan.run.drain = Span::from_secs(drain_secs);
    plan
}

async fn played(plan: &Plan) -> Played {
    run(plan.clone(), plan.run.speed).await
}

/// Everything counted in the first venue.
fn venue(played: &Played) -> VenueTally<Distribution> {
    played.body.venue(VenueId(0))
}

/// Everybody came and went, each visit ended once, and no connection failed.
fn nobody_is_missing(played: &Played) -> BTreeMap<(u64, u8), GuestOutcome> {
    assert_eq!(played.invalid, None);
    let progress = played.progress;
    assert_eq!((progress.arrived, progress.done), (progress.expected, progress.expected));
    assert_eq!((progress.in_rooms, progress.in_hand, progress.open), (0, 0, 0), "{progress:?}");
    assert_eq!(traffic(&played.body).errors, [0; Failure::ALL.len()]);
    let mut visits = BTreeMap::new();
    for visit in &played.body.guests {
        let ended_before = visits.insert((visit.visit.index, visit.visit.attempt), *visit);
        assert_eq!(ended_before, None, "a visit ends once");
    }
    let guests = visits.keys().filter(|(_, attempt)| *attempt == 0).count() as u64;
    assert_eq!(guests, progress.expected);
    visits
}

/// A brand's room, deserted most of the time: an offered load of 1 guest, who does not wait for long; with questions, talk, and
/// guests who come back.
fn sparse() -> VenuePlan {
    VenuePlan {
        alone_patience: Some(Law::exponential(120.0)),
        roles: [0.5, 0.3, 0.2],
        talk_per_sec: [0.0, 1.0 / 200.0, 1.0 / 60.0],
        questions: QuestionPlan { share: 0.4, answered_by: 0.5, after: Law::exponential(60.0) },
        returns: Some(ReturnPlan {
            met: 0.3,
            unanswered: 0.1,
            alone: 0.02,
            after: Law::exponential(7_200.0),
        }),
        ..room("fans", per_hour(6.0), Law::exponential(600.0))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guests_end_once_and_meet_the_same_people_in_both_times() {
    let plan = at_speed(rooms(vec![sparse()], 0.0, 8.0 * 3_600.0, 1), 1_200.0, 6.0 * 3_600.0);
    let played = played(&plan).await;
    let visits = nobody_is_missing(&played);
    let endings: Vec<GuestEnding> = visits.values().map(|visit| visit.ending).collect();
    assert!(visits.len() > 40, "{}", visits.len());
    assert!(visits.keys().any(|(_, attempt)| *attempt > 0), "nobody came back");
    for ending in [GuestEnding::Stayed, GuestEnding::Deserted] {
        assert!(endings.contains(&ending), "{ending:?}");
    }
    let traffic = traffic(&played.body);
    assert!(traffic.messages.sent > 20, "{:?}", traffic.messages);
    assert_eq!(traffic.messages.delivered, traffic.to_guest.count);
    let messages = traffic.messages;
    assert_eq!((messages.lost, messages.duplicated, messages.reordered), (0, 0, 0), "{messages:?}");
    let (same, chance) = met(&plan, &played);
    // At speed 1,200 a millisecond is 1.2 s; agreement where nothing else runs is measured below.
    assert!(same.same_company * 100 >= same.paired * 90, "{same:?}");
    assert!(same.met_in_either() > 20 && same.met_in_both * 100 >= same.met_in_either() * 80, "{same:?}");
    assert!(chance.met_in_both * 3 < chance.met_in_either(), "{chance:?}");
}

/// Who met whom in the run and in its twin, and in the run and among other people.
fn met(plan: &Plan, played: &Played) -> (Company, Company) {
    let setting = Setting::of(plan, Command::Run);
    let comparison = twin(plan, &setting, &played.body, None, Vec::new()).comparison;
    (comparison.rooms, comparison.unrelated_rooms)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a minute for each of three seeds"]
async fn the_deserted_room_agrees_in_both_times() {
    for seed in 1..=3 {
        let day = rooms(vec![sparse()], 0.0, 24.0 * 3_600.0, 1);
        let plan = Plan { seed, ..at_speed(day, 1_200.0, 6.0 * 3_600.0) };
        let played = played(&plan).await;
        nobody_is_missing(&played);
        let (same, chance) = met(&plan, &played);
        eprintln!("seed {seed}: {same:?}; by chance {} of {}", chance.met_in_both, chance.met_in_either());
        assert!(same.same_company * 100 >= same.paired * 97, "{same:?}");
        assert!(same.met_in_both * 100 >= same.met_in_either() * 95, "{same:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rooms_of_a_portal_are_apart() {
    let mut portal = VenuePlan {
        kind: VenueKind::Portal { rooms: 8, exponent: 1.0 },
        roles: [0.0, 0.0, 1.0],
        talk_per_sec: [0.0, 0.0, 1.0 / 30.0],
        ..room("portal", per_hour(600.0), Law::exponential(300.0))
    };
    portal.open = Some(vec![Opening { from: Moment::ZERO, to: Moment::ZERO + Span::from_secs(900.0) }]);
    let plan = at_speed(rooms(vec![portal], 0.0, 900.0, 1), 300.0, 60.0);
    let played = played(&plan).await;
    let visits = nobody_is_missing(&played);
    assert!(visits.values().any(|visit| visit.ending == GuestEnding::Closed), "closing time comes for all");
    assert!(visits.values().all(|visit| visit.ended <= Moment::ZERO + Span::from_secs(900.0)));
    let rooms: BTreeSet<_> = visits.values().map(|visit| visit.room).collect();
    assert!(rooms.len() >= 6, "{rooms:?}");
    let messages = traffic(&played.body).messages;
    assert!(messages.delivered > 2 * messages.sent, "{messages:?}");
    assert_eq!((messages.lost, messages.duplicated, messages.reordered), (0, 0, 0), "{messages:?}");
    let (same, _) = met(&plan, &played);
    assert!(same.met_in_both * 100 >= same.met_in_either() * 97, "{same:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_left_without_an_answer_turns_to_the_desk() {
    let room = VenuePlan {
        questions: QuestionPlan { share: 1.0, answered_by: 0.5, after: Law::exponential(60.0) },
        roles: [0.6, 0.4, 0.0],
        deflects: Some(DeflectPlan { share: 0.7, desk: DeskId(0) }),
        ..room("fans", per_hour(120.0), Law::exponential(150.0))
    };
    let support = desk("support", per_hour(60.0), Law::constant(60.0), group(20, &[1.0]));
    let mut plan = at_speed(plan(vec![support], 0.0, 1_800.0, 1), 300.0, 1_800.0);
    plan.venues = vec![room];
    let played = played(&plan).await;
    assert_eq!(played.invalid, None);
    let progress = played.progress;
    assert_eq!((progress.arrived, progress.done, progress.open), (progress.expected, progress.expected, 0));
    let guests = plan.guests_of(VenueId(0));
    let turned: BTreeMap<u64, Moment> = played
        .body
        .guests
        .iter()
        .filter(|visit| visit.asked.is_some_and(|asked| asked.turned))
        .map(|visit| (visit.visit.index, visit.ended))
        .collect();
    let at_desk = played.body.outcomes.iter().filter(|visit| visit.visit.population == guests);
    let came: BTreeMap<u64, Moment> = at_desk.map(|visit| (visit.visit.index, visit.start)).collect();
    assert!(turned.len() > 10, "{turned:?}");
    assert_eq!(turned, came, "they come at the instant at which they leave the room");
    let answered = played.body.guests.iter().filter_map(|visit| visit.asked?.answered).count();
    assert!(answered > 5, "{answered}");
    let messages = traffic(&played.body).messages;
    assert_eq!((messages.lost, messages.duplicated, messages.reordered), (0, 0, 0), "{messages:?}");
    assert!(traffic(&played.body).to_agent.count > 0 && traffic(&played.body).to_guest.count > 0);
}
