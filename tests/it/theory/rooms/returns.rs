//! Who comes back.

use causerie::base::dist::Law;
use causerie::scenario::plan::rooms::{ReturnPlan, VenuePlan};

use super::tally::Tally;
use crate::plans::{room, rooms};
use crate::theory::trial::{Effort, Trial, hold};

const REPLICATIONS: u32 = 50;
const STAY_SECS: f64 = 300.0;

/// Twelve days of a room of so many first visits in a mean stay, of which half a day of the beginning is left out.
fn trial(name: &str, load: f64, returns: ReturnPlan) -> Trial<Tally> {
    let room =
        VenuePlan { returns: Some(returns), ..room("fans", load / STAY_SECS, Law::exponential(STAY_SECS)) };
    Trial::new(name, rooms(vec![room], 50_000.0, 1_050_000.0, REPLICATIONS))
}

fn visits_a_guest(tally: &Tally) -> (f64, f64) {
    (tally.visits as f64, tally.first_visits as f64)
}

/// However a visit was, the guest comes back with the same probability p: 1/(1 − p) visits a guest.
fn indifferent(p: f64) -> Trial<Tally> {
    let returns = ReturnPlan { met: p, unanswered: p, alone: p, after: Law::exponential(2_000.0) };
    trial("returns all the same", 0.8, returns).expect_that("visits a guest", visits_a_guest, 1.0 / (1.0 - p))
}

/// Those who met nobody come back more rarely: as many as the two shares of all visits say.
fn disappointed() -> Trial<Tally> {
    let (met, alone) = (0.6, 0.2);
    let returns = ReturnPlan { met, unanswered: 0.0, alone, after: Law::exponential(2_000.0) };
    trial("returns by company", 0.4, returns).expect_that(
        "returns of those due",
        move |tally: &Tally| {
            let due = met * (tally.visits - tally.never_met) as f64 + alone * tally.never_met as f64;
            ((tally.visits - tally.first_visits) as f64, due)
        },
        1.0,
    )
}

fn trials() -> Vec<Trial<Tally>> {
    vec![indifferent(0.3), indifferent(0.75), disappointed()]
}

#[test]
fn returns_follow_their_geometric_law() {
    hold(trials(), Effort::Short);
}

#[test]
#[ignore = "takes minutes"]
fn returns_follow_their_geometric_law_long() {
    hold(trials(), Effort::Long);
}
