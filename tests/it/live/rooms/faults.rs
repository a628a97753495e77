//! Room servers that do one thing wrong: a run must notice, and count it exactly.

use std::future::pending;
use std::sync::Arc;

use causerie::base::dist::Law;
use causerie::base::time::{Moment, Span};
use causerie::base::words::rooms::{Fate, GuestEnding, Role, Verdict};
use causerie::live::{Played, play};
use causerie::metrics::tally::{Failure, MessageTally};
use causerie::net::clock::Pace;
use causerie::scenario::plan::Plan;
use causerie::scenario::plan::rooms::{FilterPlan, ModerationMode};

use super::super::rogue::rooms::{Account, Fault, accountable};
use super::super::{options, traffic};
use super::spread::full;
use super::venue;

const GUESTS: u64 = 20;

/// Everybody is there while it counts, and the guest who came first says nothing.
fn gathering() -> Plan {
    full(GUESTS, 0.5, 10.0, 60.0)
}

async fn against(fault: Fault) -> (Played, Account) {
    playing(gathering(), fault).await
}

async fn playing(plan: Plan, fault: Fault) -> (Played, Account) {
    let (url, account) = accountable(fault).await;
    let options = options(url, plan.run.speed, &plan);
    let played = play(Arc::new(plan), options, pending()).await.unwrap();
    (played, account())
}

async fn messages(fault: Fault) -> MessageTally {
    let (played, _) = against(fault).await;
    assert_eq!(played.invalid, None);
    let first = played.body.guests.iter().find(|visit| visit.visit.index == 0).unwrap();
    assert_eq!(first.role, Role::Lurker, "the counts below take that for granted");
    let messages = traffic(&played.body).messages;
    assert!(messages.sent > 50, "{messages:?}");
    messages
}

fn errors(played: &Played, failure: Failure) -> u64 {
    // Connections count where the figures do, and these are opened before that.
    traffic(&played.body).errors[failure as usize]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_wrong_is_nothing_wrong() {
    let messages = messages(Fault::None).await;
    assert_eq!((messages.lost, messages.duplicated, messages.reordered), (0, 0, 0), "{messages:?}");
    assert_eq!(messages.delivered, messages.sent * (GUESTS - 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_twice_is_counted_twice() {
    let messages = messages(Fault::Repeats).await;
    assert_eq!(messages.delivered, messages.sent * (GUESTS - 1));
    assert_eq!(messages.duplicated, messages.delivered);
    assert_eq!((messages.lost, messages.reordered), (0, 0), "{messages:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_of_many_never_gets_is_lost_once() {
    let messages = messages(Fault::DropsForFirst).await;
    assert_eq!(messages.lost, messages.sent, "{messages:?}");
    assert_eq!(messages.delivered, messages.sent * (GUESTS - 2));
    assert_eq!((messages.duplicated, messages.reordered), (0, 0), "{messages:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_to_a_room_is_not_lost_to_who_was_put_out_of_it() {
    let (played, _) = against(Fault::PutsOut).await;
    let ending =
        |index| played.body.guests.iter().find(|visit| visit.visit.index == index).map(|visit| visit.ending);
    assert_eq!((ending(0), ending(1)), (Some(GuestEnding::Refused), Some(GuestEnding::Stayed)));
    let messages = traffic(&played.body).messages;
    assert!(messages.sent > 50 && messages.delivered >= messages.sent * (GUESTS - 2), "{messages:?}");
    assert_eq!((messages.lost, messages.duplicated, messages.reordered), (0, 0, 0), "{messages:?}");
    assert_eq!(played.progress.in_rooms, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_after_a_later_message_is_reordered() {
    let (played, account) = against(Fault::Swaps).await;
    let messages = traffic(&played.body).messages;
    let plan = gathering();
    let pace = Pace::new(played.origin, plan.run.speed);
    let (opens, closes) = (Moment::ZERO + plan.warm_up, Moment::ZERO + plan.length);
    let counts = |at: Moment| opens <= at && at < closes;
    let swapped = account.swapped.iter().filter(|token| counts(pace.scenario(token.intended))).count() as u64;
    assert!(swapped > 10, "{swapped}");
    assert_eq!(messages.reordered, swapped * (GUESTS - 1), "{messages:?}");
    assert_eq!(messages.delivered, messages.sent * (GUESTS - 1));
    assert_eq!((messages.lost, messages.duplicated), (0, 0), "{messages:?}");
}

/// The same from the start on: the connections are opened then.
async fn from_the_start(fault: Fault) -> Played {
    playing(counting_all(gathering()), fault).await.0
}

fn counting_all(plan: Plan) -> Plan {
    Plan { warm_up: Span::ZERO, ..plan }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ones_own_words_and_those_of_other_runs_are_no_receipts() {
    let played = from_the_start(Fault::Echoes).await;
    let talkers = played.body.guests.iter().filter(|visit| visit.role != Role::Lurker).count() as u64;
    assert_eq!(errors(&played, Failure::Protocol), talkers, "once a connection");
    let messages = traffic(&played.body).messages;
    assert_eq!((messages.lost, messages.duplicated), (0, 0), "{messages:?}");
    let played = from_the_start(Fault::Forges).await;
    assert_eq!(traffic(&played.body).messages.delivered, 0);
    assert_eq!(errors(&played, Failure::Protocol), GUESTS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nonsense_is_noticed_and_changes_nothing() {
    let played = from_the_start(Fault::Babbles).await;
    assert_eq!(errors(&played, Failure::Protocol), GUESTS);
    assert!(played.body.guests.iter().all(|visit| visit.ending == GuestEnding::Stayed));
    let played = from_the_start(Fault::MistakesGuests).await;
    assert_eq!(errors(&played, Failure::Protocol), GUESTS);
    assert!(played.body.guests.iter().all(|visit| visit.ending == GuestEnding::Unfinished));
    assert!(played.invalid.is_some_and(|why| why.contains("unfinished at the end")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_never_let_in_is_unfinished() {
    let mut plan = gathering();
    plan.run.drain = Span::from_secs(20.0);
    let (url, _) = accountable(Fault::IgnoresGuests).await;
    let options = options(url, plan.run.speed, &plan);
    let played = play(Arc::new(plan), options, pending()).await.unwrap();
    assert_eq!(played.body.guests.len() as u64, GUESTS);
    let never_in = |visit: &causerie::base::words::rooms::GuestOutcome| {
        visit.ending == GuestEnding::Unfinished && visit.entered.is_none()
    };
    assert!(played.body.guests.iter().all(never_in));
    assert_eq!(played.progress.arrived, played.progress.done);
}

/// A gathering where a fifth of what is said does harm, which the filter knows and a moderator sees at a glance.
fn moderated(mode: ModerationMode) -> Plan {
    let mut plan = gathering();
    let room = &mut plan.venues[0];
    room.harm.share = 0.2;
    room.moderation.mode = mode;
    if mode == ModerationMode::Before {
        (room.moderation.moderators, room.moderation.review) = (1, Law::constant(0.5));
    } else {
        room.moderation.filter = Some(FilterPlan { catches: 1.0, mistakes: 0.0, holds: false });
    }
    plan
}

const UNREVIEWED: ModerationMode = ModerationMode::None { hidden_after: None };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_passed_or_not_flagged_is_what_others_may_see() {
    let (played, _) = playing(moderated(ModerationMode::Before), Fault::None).await;
    let (messages, tally) = (traffic(&played.body).messages, venue(&played));
    let passed = tally.held_verdicts[Verdict::Pass as usize];
    assert!(passed > 50 && tally.held_verdicts[Verdict::Remove as usize] > 5, "{tally:?}");
    assert_eq!((messages.delivered, messages.lost), (passed * (GUESTS - 1), 0), "{messages:?}");
    for mode in [ModerationMode::Before, UNREVIEWED] {
        let (played, _) = playing(counting_all(moderated(mode)), Fault::None).await;
        assert_eq!(errors(&played, Failure::Protocol), 0, "{mode:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_has_passed_is_no_receipt() {
    let (played, _) = playing(counting_all(moderated(ModerationMode::Before)), Fault::PublishesHeld).await;
    assert_eq!(errors(&played, Failure::Protocol), GUESTS, "once a connection");
    let messages = traffic(&played.body).messages;
    assert!(messages.sent > 50, "{messages:?}");
    assert_eq!((messages.delivered, messages.lost, messages.duplicated), (0, 0, 0), "{messages:?}");
    assert_eq!(venue(&played).exposure_time.count, 0, "nor does anybody read it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_filter_stops_is_no_receipt() {
    let (played, _) = playing(moderated(UNREVIEWED), Fault::PublishesBlocked).await;
    let (messages, blocked) = (traffic(&played.body).messages, venue(&played).fates[Fate::Blocked as usize]);
    assert!(blocked > 5, "{blocked}");
    assert_eq!(messages.delivered, (messages.sent - blocked) * (GUESTS - 1), "{messages:?}");
    assert_eq!((messages.lost, messages.duplicated), (0, 0), "{messages:?}");
    let (played, _) = playing(counting_all(moderated(UNREVIEWED)), Fault::PublishesBlocked).await;
    assert_eq!(errors(&played, Failure::Protocol), GUESTS);
}
