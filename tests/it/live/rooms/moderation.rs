//! Each way of moderation over real sockets, and moderators who vanish.

use std::sync::Arc;

use causerie::base::dist::Law;
use causerie::base::words::rooms::{Fate, Verdict};
use causerie::live::{Played, play};
use causerie::scenario::plan::Plan;
use causerie::scenario::plan::rooms::{
    FilterPlan, HarmPlan, ModerationMode, ModerationPlan, QuestionPlan, VenuePlan,
};

use super::super::rogue::rooms as rogue;
use super::super::{options, traffic};
use super::{at_speed, nobody_is_missing, played, venue};
use crate::plans::{per_hour, room, rooms};

/// A quarter of an hour of a room where harm is done, under this moderation.
pub(in super::super) fn under(mode: ModerationMode, filter: Option<FilterPlan>) -> Plan {
    let venue = VenuePlan {
        roles: [0.2, 0.0, 0.8],
        talk_per_sec: [0.0, 0.0, 1.0 / 60.0],
        questions: QuestionPlan { share: 0.3, answered_by: 0.5, after: Law::exponential(30.0) },
        harm: HarmPlan { share: 0.2, screen: 10, reported_by: 0.6, after: Law::exponential(10.0) },
        moderation: ModerationPlan {
            mode,
            filter,
            moderators: 2,
            wage_per_sec: 0.0,
            review: Law::exponential(10.0),
        },
        ..room("fans", per_hour(80.0), Law::exponential(300.0))
    };
    at_speed(rooms(vec![venue], 0.0, 900.0, 1), 150.0, 3_600.0)
}

async fn clean(plan: &Plan) -> Played {
    let played = played(plan).await;
    nobody_is_missing(&played);
    let messages = traffic(&played.body).messages;
    assert_eq!((messages.lost, messages.duplicated, messages.reordered), (0, 0, 0), "{messages:?}");
    let tally = venue(&played);
    assert_eq!(messages.sent, tally.sent(), "{messages:?}");
    assert!(tally.sent() > 50 && tally.harmful > 5, "{tally:?}");
    played
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_nothing_is_seen_unreviewed() {
    let played = clean(&under(ModerationMode::Before, None)).await;
    let tally = venue(&played);
    assert_eq!(tally.fates[Fate::Held as usize], tally.sent());
    assert_eq!(tally.held_verdicts.iter().sum::<u64>(), tally.sent(), "everything is reviewed, once");
    assert_eq!(tally.held_verdicts[Verdict::Remove as usize], tally.harmful);
    assert_eq!(tally.exposure_time.count, 0, "nobody sees harm");
    assert_eq!(tally.hold_time.count, tally.sent());
    assert!(tally.hold_time.mean_secs().unwrap() > 5.0);
    assert!(traffic(&played.body).to_guest.count > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_moderator_takes_is_no_latency() {
    let mut plan = under(ModerationMode::Before, None);
    // A second for each, so that in real time the holding would show.
    let review_secs = plan.run.speed;
    plan.venues[0].moderation.review = Law::constant(review_secs);
    plan.venues[0].moderation.moderators = 40;
    let played = clean(&plan).await;
    assert!(venue(&played).hold_time.quantile_secs(0.01).unwrap() > 0.99 * review_secs);
    let traffic = traffic(&played.body);
    for times in [traffic.to_guest, traffic.fanout] {
        let (half, max) = (times.quantile_secs(0.5).unwrap(), times.max_secs().unwrap());
        assert!(
            times.count > 20 && half < 0.05 && max < 0.5,
            "{} times: {half} s, at most {max} s",
            times.count
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_everything_is_reviewed_and_harm_removed() {
    let tally = venue(&clean(&under(ModerationMode::After { reported_only: false }, None)).await);
    assert_eq!(tally.fates[Fate::Published as usize], tally.sent());
    assert_eq!(tally.public_verdicts.iter().sum::<u64>(), tally.sent());
    assert_eq!(tally.public_verdicts[Verdict::Remove as usize], tally.harmful);
    assert!(tally.exposure_time.count > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_reports_what_was_reported_is_reviewed() {
    let tally = venue(&clean(&under(ModerationMode::After { reported_only: true }, None)).await);
    let [passed, removed] = tally.public_verdicts;
    assert!(removed > 0 && removed <= tally.harmful && passed == 0, "{tally:?}");
    assert!(tally.reports >= removed);
}

/// The mean time for which harm was in sight, in seconds.
async fn in_sight_secs(mode: ModerationMode) -> f64 {
    let tally = venue(&clean(&under(mode, None)).await);
    assert!(tally.exposure_time.count > 10, "{tally:?}");
    tally.exposure_time.mean_secs().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_hide_a_message_without_a_moderator() {
    let hidden = in_sight_secs(ModerationMode::None { hidden_after: Some(1) }).await;
    let stays = in_sight_secs(ModerationMode::None { hidden_after: None }).await;
    // What nobody reports stays in either.
    assert!(hidden < 0.5 * stays, "{hidden} s and {stays} s");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_stops_what_it_flags_or_has_it_reviewed() {
    let filter = FilterPlan { catches: 0.9, mistakes: 0.1, holds: false };
    let none = ModerationMode::None { hidden_after: None };
    let blocks = venue(&clean(&under(none, Some(filter))).await);
    assert!(blocks.fates[Fate::Blocked as usize] > 5 && blocks.wrongly_blocked > 0, "{blocks:?}");
    let holds = venue(&clean(&under(none, Some(FilterPlan { holds: true, ..filter }))).await);
    let held = holds.fates[Fate::Held as usize];
    assert!(held > 5 && holds.held_verdicts.iter().sum::<u64>() == held, "{holds:?}");
    assert_eq!(holds.public_verdicts, [0, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moderators_who_are_cut_off_are_missed() {
    let plan = under(ModerationMode::Before, None);
    let url = rogue::serve(rogue::Fault::LosesModerator).await;
    let options = options(url, plan.run.speed, &plan);
    let played = play(Arc::new(plan), options, std::future::pending()).await.unwrap();
    let why = played.invalid.expect("half of them are gone");
    assert!(why.contains("cut off every moderator"), "{why}");
    assert_eq!(played.progress.arrived, played.progress.done);
}
