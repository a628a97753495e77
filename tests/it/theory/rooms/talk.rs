//! What is said: questions and answers, talk, harm and the filter; and which room of a portal it is.

use causerie::base::dist::Law;
use causerie::scenario::plan::Plan;
use causerie::scenario::plan::rooms::{
    FilterPlan, HarmPlan, ModerationPlan, QuestionPlan, VenueKind, VenuePlan,
};

use super::tally::Tally;
use crate::plans::{per_hour, room, rooms};
use crate::theory::trial::{Effort, Trial, hold};

const REPLICATIONS: u32 = 50;
const STAY_SECS: f64 = 600.0;

/// So many thousand visits of a venue.
fn plan(venue: VenuePlan, thousands: f64) -> Plan {
    let window = 1e3 * thousands / f64::from(REPLICATIONS) / venue.arrivals.pieces[0].from_per_sec;
    rooms(vec![venue], 20_000.0, 20_000.0 + window, REPLICATIONS)
}

/// A room whose guests all put a question, answered with probability `answered_by` by each who may, without delay.
fn asking(load: f64, roles: [f64; 3], answered_by: f64) -> VenuePlan {
    let questions = QuestionPlan { share: 1.0, answered_by, after: Law::constant(0.0) };
    VenuePlan { roles, questions, ..room("fans", load / STAY_SECS, Law::exponential(STAY_SECS)) }
}

/// Everybody who is there may answer: 1 − (1 − p)^k with k present.
fn all_may_answer() -> Trial<Tally> {
    let p = 0.35;
    let mut trial = Trial::new("everybody may answer", plan(asking(2.5, [0.0, 0.6, 0.4], p), 400.0));
    trial = trial.expect_that("asked nobody", |tally: &Tally| tally.answered_with(0), 0.0);
    for k in 1..=6 {
        let truth = 1.0 - libm::pow(1.0 - p, k as f64);
        let share = move |tally: &Tally| tally.answered_with(k);
        trial = trial.expect_that(format!("{k} may answer"), share, truth);
    }
    trial
}

/// Lurkers do not answer: the others who are there are Poisson, of which each answers independently.
fn some_may_answer() -> Trial<Tally> {
    let (load, lurkers, p) = (4.0, 0.7, 0.5);
    let truth = -libm::expm1(-load * (1.0 - lurkers) * p);
    Trial::new("three in ten may answer", plan(asking(load, [lurkers, 0.2, 0.1], p), 300.0)).expect_that(
        "answered",
        Tally::answered,
        truth,
    )
}

/// Messages by the second that those who talk have company, where a third of the guests are regulars.
fn talking() -> Trial<Tally> {
    let an_hour = 90.0;
    let venue = VenuePlan {
        roles: [2.0 / 3.0, 0.0, 1.0 / 3.0],
        talk_per_sec: [0.0, 0.0, per_hour(an_hour)],
        ..room("fans", 1.2 / STAY_SECS, Law::exponential(STAY_SECS))
    };
    let in_company = |tally: &Tally| tally.present_secs - tally.secs_with[1];
    Trial::new("a regular's talk", plan(venue, 200.0)).expect_that(
        "messages a second",
        move |tally: &Tally| (tally.posts as f64, in_company(tally)),
        per_hour(an_hour) / 3.0,
    )
}

/// A filter that catches some of what does harm and mistakes some of the rest for it.
fn filtered() -> Trial<Tally> {
    let share = 0.1;
    let filter = FilterPlan { catches: 0.8, mistakes: 0.05, holds: false };
    let plain = asking(1.0, [1.0, 0.0, 0.0], 0.0);
    let venue = VenuePlan {
        harm: HarmPlan { share, ..plain.harm.clone() },
        moderation: ModerationPlan { filter: Some(filter), ..plain.moderation.clone() },
        ..plain
    };
    Trial::new("an automatic filter", plan(venue, 300.0))
        .expect_that("harmful", |tally: &Tally| (tally.harmful as f64, tally.posts as f64), share)
        .expect_that("caught", |tally: &Tally| (tally.caught as f64, tally.harmful as f64), filter.catches)
        .expect_that(
            "mistaken",
            |tally: &Tally| (tally.mistaken as f64, (tally.posts - tally.harmful) as f64),
            filter.mistakes,
        )
}

/// The rooms of a portal by popularity: k^−exponent.
fn portal(rooms: u32, exponent: f64, thousands: f64) -> Trial<Tally> {
    let kind = VenueKind::Portal { rooms, exponent };
    let venue = VenuePlan { kind, ..room("hall", 0.05, Law::constant(60.0)) };
    let mut trial = Trial::new(format!("{rooms} rooms, exponent {exponent}"), plan(venue, thousands));
    let weight = |k: u32| libm::pow(f64::from(k), -exponent);
    let sum: f64 = (1..=rooms).map(weight).sum();
    for k in 1..=rooms {
        let visits = move |tally: &Tally| {
            tally.of_visits(tally.to_room.get(k as usize - 1).copied().unwrap_or_default())
        };
        trial = trial.expect_that(format!("room {k}"), visits, weight(k) / sum);
    }
    trial
}

fn trials() -> Vec<Trial<Tally>> {
    vec![
        all_may_answer(),
        some_may_answer(),
        talking(),
        filtered(),
        portal(12, 1.1, 800.0),
        portal(5, 0.0, 100.0),
    ]
}

#[test]
fn what_is_said_and_where_has_its_probability() {
    hold(trials(), Effort::Short);
}

#[test]
#[ignore = "takes minutes"]
fn what_is_said_and_where_has_its_probability_long() {
    hold(trials(), Effort::Long);
}
