//! Messages that wait for their review: M/G/1 of one moderator, M/M/c of several.

use causerie::base::dist::Law;
use causerie::scenario::plan::rooms::{ModerationMode, ModerationPlan, QuestionPlan, VenuePlan};
use causerie::staffing::erlang::erlang_c;
use causerie::staffing::review::reviewed_within;
use causerie::staffing::single::pollaczek_khinchine_secs;

use super::tally::{IN_TIME, Tally};
use crate::plans::{room, rooms};
use crate::theory::trial::{Effort, Trial, hold};

const REPLICATIONS: u32 = 100;
const REVIEW_SECS: f64 = 60.0;

/// So many million messages, each held until it is reviewed: every guest puts a question on entering and says nothing
/// else, so that messages come as guests do, one by one and independently of each other.
fn trial(name: &str, messages_per_sec: f64, review: Law, moderators: u32, millions: f64) -> Trial<Tally> {
    assert!((review.mean() / REVIEW_SECS - 1.0).abs() < 1e-12, "{review:?}");
    let moderation =
        ModerationPlan { mode: ModerationMode::Before, filter: None, moderators, wage_per_sec: 0.0, review };
    let questions = QuestionPlan { share: 1.0, answered_by: 0.0, after: Law::constant(1.0) };
    let room = VenuePlan { questions, moderation, ..room("fans", messages_per_sec, Law::constant(1.0)) };
    let window = 1e6 * millions / f64::from(REPLICATIONS) / messages_per_sec;
    let warm_up = 100_000.0;
    Trial::new(name, rooms(vec![room], warm_up, warm_up + window, REPLICATIONS))
}

/// One moderator at 70 % of the time.
fn one(name: &str, review: Law, cv: f64, millions: f64) -> Trial<Tally> {
    let messages_per_sec = 0.7 / REVIEW_SECS;
    let wait = pollaczek_khinchine_secs(messages_per_sec, REVIEW_SECS, cv).expect("the load is below 1");
    trial(name, messages_per_sec, review, 1, millions)
        .expect_that("at once", |tally: &Tally| tally.of_reviews(tally.at_once as f64), 0.3)
        .expect_that("wait", |tally: &Tally| tally.of_reviews(tally.wait_secs), wait)
        .expect_that("hold time", |tally: &Tally| tally.of_reviews(tally.hold_secs), wait + REVIEW_SECS)
}

/// Several moderators with exponential reviews.
fn several(messages_per_sec: f64, moderators: u32, millions: f64) -> Trial<Tally> {
    let queue = erlang_c(messages_per_sec, REVIEW_SECS, moderators).expect("the moderators keep up");
    let in_time = reviewed_within(messages_per_sec, REVIEW_SECS, moderators, IN_TIME.secs());
    let (wait, in_time) = (queue.wait_mean_secs(), in_time.expect("the moderators keep up"));
    let name = format!("M/M/{moderators}");
    trial(&name, messages_per_sec, Law::exponential(REVIEW_SECS), moderators, millions)
        .expect_that("at once", |tally: &Tally| tally.of_reviews(tally.at_once as f64), 1.0 - queue.delayed())
        .expect_that("wait", |tally: &Tally| tally.of_reviews(tally.wait_secs), wait)
        .expect_that("hold time", |tally: &Tally| tally.of_reviews(tally.hold_secs), wait + REVIEW_SECS)
        .expect_that("within 120 s", |tally: &Tally| tally.of_reviews(tally.reviewed_in_time as f64), in_time)
}

fn queues() -> Vec<Trial<Tally>> {
    vec![
        one("M/D/1", Law::constant(REVIEW_SECS), 0.0, 0.6),
        one("M/M/1", Law::exponential(REVIEW_SECS), 1.0, 1.0),
        one("M/G/1, lognormal", Law::lognormal(REVIEW_SECS, 1.3), 1.3, 2.6),
        several(0.03, 3, 1.2),
        several(0.06, 5, 2.4),
    ]
}

#[test]
fn held_messages_wait_as_erlang_pollaczek_and_khinchine_say() {
    hold(queues(), Effort::Short);
}

#[test]
#[ignore = "takes minutes"]
fn held_messages_wait_as_erlang_pollaczek_and_khinchine_say_long() {
    hold(queues(), Effort::Long);
}
