//! Who is there: M/G/∞ where guests alone stay anyway, and the lonely room where they do not.

use causerie::base::dist::Law;
use causerie::scenario::plan::Plan;
use causerie::scenario::plan::rooms::VenuePlan;
use causerie::staffing::rooms::{LonelyRoom, never_met_without_patience, present};

use super::tally::Tally;
use crate::plans::{per_hour, room, rooms};
use crate::theory::trial::{Effort, Trial, hold};

const REPLICATIONS: u32 = 50;
const STAY_SECS: f64 = 600.0;

/// So many thousand visits of a room, after it has forgotten that nobody was there at first: stays that began before the
/// window are all there are, so ten mean stays do, and more where they have a long tail.
fn plan(room: VenuePlan, thousands: f64, warm_up: f64) -> Plan {
    let per_sec = room.arrivals.pieces[0].from_per_sec;
    let window = 1e3 * thousands / f64::from(REPLICATIONS) / per_sec;
    rooms(vec![room], warm_up, warm_up + window, REPLICATIONS)
}

/// The room at this load, whose law of the stay has the mean [`STAY_SECS`]: the shares of the time with so many present,
/// and where `never` says so, the share of visits that never meet anybody.
fn crowd(load: f64, stay: &Law, present_are: &[u32], never: bool, thousands: f64) -> Trial<Tally> {
    assert!((stay.mean() / STAY_SECS - 1.0).abs() < 1e-12, "{stay:?}");
    let per_sec = load / STAY_SECS;
    let plan = plan(room("fans", per_sec, stay.clone()), thousands, 20_000.0);
    let mut trial = Trial::new(format!("M/G/∞, load {load}, {stay:?}"), plan).expect_that(
        "mean present",
        |tally: &Tally| tally.over_time(tally.present_secs),
        load,
    );
    for n in present_are.iter().copied() {
        let share = move |tally: &Tally| tally.over_time(tally.secs_with[n as usize]);
        trial = trial.expect_that(format!("{n} present"), share, present(load, n));
    }
    if present_are.contains(&0) {
        let found_nobody = |tally: &Tally| tally.of_visits(tally.found_nobody);
        trial = trial.expect_that("found nobody", found_nobody, present(load, 0));
    }
    if never {
        let truth = never_met_without_patience(per_sec, stay);
        trial = trial.expect_that("never met", |tally: &Tally| tally.of_visits(tally.never_met), truth);
    }
    trial
}

fn crowds() -> Vec<Trial<Tally>> {
    let exponential = Law::exponential(STAY_SECS);
    let constant = Law::constant(STAY_SECS);
    let lognormal = Law::lognormal(STAY_SECS, 1.2);
    vec![
        crowd(0.3, &exponential, &[0, 1, 2], true, 300.0),
        crowd(1.0, &exponential, &[0, 1, 2, 3], true, 500.0),
        crowd(3.0, &exponential, &[0, 1, 2, 3, 4, 5], false, 1_400.0),
        crowd(9.0, &exponential, &[7, 9, 11], false, 1_600.0),
        crowd(0.3, &constant, &[0, 1, 2], true, 200.0),
        crowd(1.0, &constant, &[0, 1, 2, 3], true, 400.0),
        crowd(3.0, &constant, &[0, 1, 2, 3, 4, 5], false, 900.0),
        crowd(0.3, &lognormal, &[0, 1, 2], true, 400.0),
        crowd(1.0, &lognormal, &[0, 1, 2, 3], true, 600.0),
        crowd(3.0, &lognormal, &[0, 1, 2, 3, 4, 5], false, 2_000.0),
        crowd(0.7, &Law::gamma(STAY_SECS, 0.6), &[0, 1, 2], true, 600.0),
    ]
}

/// The lonely room: everything that the formula says.
fn lonely(an_hour: f64, stay_secs: f64, alone_patience: Law, thousands: f64) -> Trial<Tally> {
    let (per_sec, stay) = (per_hour(an_hour), Law::exponential(stay_secs));
    let truth = LonelyRoom::new(per_sec, &stay, &alone_patience).expect("stays are exponential");
    let name = format!("alone for {alone_patience:?}, {an_hour} an hour");
    let room = VenuePlan { alone_patience: Some(alone_patience), ..room("fans", per_sec, stay) };
    let company = |tally: &Tally| tally.over_time(tally.secs_with[2..].iter().sum());
    Trial::new(name, plan(room, thousands, 50_000.0))
        .expect_that("empty", |tally: &Tally| tally.over_time(tally.secs_with[0]), truth.empty())
        .expect_that("found nobody", |tally: &Tally| tally.of_visits(tally.found_nobody), truth.empty())
        .expect_that("never met", |tally: &Tally| tally.of_visits(tally.never_met), truth.never_met())
        // Who gives up leaves the room empty, and nobody else does; and who finds it empty ends that.
        .expect_that("deserted", |tally: &Tally| tally.of_visits(tally.deserted), truth.empty())
        .expect_that("one present", |tally: &Tally| tally.over_time(tally.secs_with[1]), truth.present(1))
        .expect_that("several present", company, 1.0 - truth.present(0) - truth.present(1))
        .expect_that(
            "mean present",
            |tally: &Tally| tally.over_time(tally.present_secs),
            truth.mean_present(),
        )
}

fn lonely_rooms() -> Vec<Trial<Tally>> {
    vec![
        lonely(6.0, 600.0, Law::exponential(120.0), 400.0)
            .expect_that("printed empty", |tally: &Tally| tally.over_time(tally.secs_with[0]), 0.744_238)
            .expect_that("printed never met", |tally: &Tally| tally.of_visits(tally.never_met), 0.620_198),
        lonely(3.0, 300.0, Law::exponential(600.0), 400.0),
        lonely(12.0, 600.0, Law::exponential(60.0), 400.0),
        lonely(30.0, 200.0, Law::exponential(30.0), 600.0),
        lonely(20.0, 500.0, Law::exponential(400.0), 900.0),
        lonely(10.0, 600.0, Law::constant(120.0), 400.0),
        lonely(10.0, 400.0, Law::lognormal(200.0, 1.5), 500.0),
    ]
}

#[test]
fn the_number_present_is_poisson_whatever_the_law_of_the_stay() {
    hold(crowds(), Effort::Short);
}

#[test]
#[ignore = "takes minutes"]
fn the_number_present_is_poisson_whatever_the_law_of_the_stay_long() {
    hold(crowds(), Effort::Long);
}

#[test]
fn the_lonely_room_is_as_empty_as_its_formula() {
    hold(lonely_rooms(), Effort::Short);
}

#[test]
#[ignore = "takes minutes"]
fn the_lonely_room_is_as_empty_as_its_formula_long() {
    hold(lonely_rooms(), Effort::Long);
}
