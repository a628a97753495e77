//! The plan of rooms, on plans written in code: against the formulas where there are any, and by what must hold elsewhere.

use std::sync::atomic::{AtomicBool, Ordering};

use causerie::base::dist::Law;
use causerie::base::time::{Moment, Span};
use causerie::scenario::plan::rooms::{
    ModerationMode, Opening, QuestionPlan, ReturnPlan, VenueKind, VenuePlan,
};
use causerie::scenario::plan::{ArrivalPlan, Plan, RatePiece};
use causerie::study::plan::{
    Crossing, Effort, Mass, Needed, Outlook, Part, Unmoderated, Unplanned, Wanted, plan,
};

use crate::plans::{per_hour, room, rooms};

const WANTED: Wanted = Wanted { meet: 0.8, within: Span::from_whole_secs(120), of: 0.95 };
const ENOUGH: Effort = Effort { replications: None, as_written: false };

/// The deserted room of the model.
fn sparse() -> VenuePlan {
    VenuePlan {
        alone_patience: Some(Law::exponential(120.0)),
        ..room("fans", per_hour(6.0), Law::exponential(600.0))
    }
}

fn planned_with(of: &Plan, effort: Effort, threads: usize) -> Vec<Outlook> {
    plan(of, WANTED, effort, (threads, &AtomicBool::new(false)), &|_, _| ()).expect("a plan")
}

fn planned(venue: VenuePlan) -> Outlook {
    planned_with(&rooms(vec![venue], 0.0, 86_400.0, 1), ENOUGH, 2).remove(0)
}

/// The critical rate per hour, and half its interval.
#[track_caller]
fn critical_an_hour(mass: &Mass) -> (f64, f64) {
    let Crossing::At { value, low: Some(low), high: Some(high) } = mass.critical.simulated else {
        panic!("{:?}", mass.critical);
    };
    assert!(low <= value && value <= high, "{:?}", mass.critical);
    (value * 3600.0, (high - low) / 2.0 * 3600.0)
}

#[test]
fn critical_mass_is_that_of_the_formulas() {
    let without_patience = |stay| room("fans", per_hour(6.0), stay);
    for venue in [
        sparse(),
        without_patience(Law::exponential(600.0)),
        without_patience(Law::constant(600.0)),
        without_patience(Law::lognormal(600.0, 1.5)),
        VenuePlan { alone_patience: Some(Law::constant(300.0)), ..sparse() },
    ] {
        let mass = planned(venue.clone()).mass;
        let (simulated, half) = critical_an_hour(&mass);
        let formula = mass.critical.formula.expect("a formula") * 3600.0;
        // Half an interval is two standard errors.
        assert!((simulated - formula).abs() <= 2.0 * half, "{simulated} ± {half}, not {formula}: {venue:?}");
        assert!(half < 0.05 * simulated, "{simulated} ± {half}");
        let curve = mass.formula.expect("a formula");
        assert!(curve.windows(2).all(|pair| pair[0].1 <= pair[1].1));
        assert!(
            mass.curve.windows(2).all(|pair| pair[0].met.value < pair[1].met.value + 0.005),
            "{:?}",
            mass.curve
        );
    }
}
