//! What a user reads: the figures of a record, with their intervals, against theory. The estimates of the other trials
//! are the tests' own; these are the product's, percentiles and the censored waits among them.

use causerie::base::figures::Command;
use causerie::record::figures::{Figure, Figures, figures};
use causerie::record::{Body, Setting};
use causerie::scenario::plan::Plan;
use causerie::staffing::backlog::Backlog;

use super::erlang::Queue;
use super::estimate::{
    Estimate, Ratio, abandoned, answered, delayed, offered, queue_time, short_excluded, waited,
};
use crate::plans::simulated;

/// The 97.5 % quantile of Student's t with 99 degrees of freedom: intervals of 100 replications are so many standard
/// errors to either side.
const STUDENT_99: f64 = 1.984_217;
/// HdrHistogram rounds up by a thousandth at the most.
const ROUNDING: f64 = 1e-3;

const IMPATIENT: Queue = Queue {
    arrivals_per_sec: 300.0 / 3600.0,
    handling_secs: 240.0,
    patience_secs: Some(180.0),
    agents: 20,
    within_secs: 20.0,
    short_secs: 10.0,
    millions: 0.6,
};
const PATIENT: Queue = Queue {
    arrivals_per_sec: 0.02,
    handling_secs: 70.0,
    patience_secs: None,
    agents: 2,
    millions: 1.5,
    ..IMPATIENT
};

/// The body of a record of the plan, and its figures.
fn played(plan: &Plan) -> (Body, Figures) {
    let setting = Setting::of(plan, Command::Simulate);
    let simulated = simulated(plan, 2);
    let mut body = Body::default();
    body.add_delta(&simulated.sections, &simulated.timeline);
    let figures = figures(&setting, &body);
    (body, figures)
}

fn value(figure: &Figure) -> f64 {
    figure.value.expect("there were observations")
}

fn half_width(figure: &Figure) -> f64 {
    let ends = figure.high.zip(figure.low).expect("100 replications give an interval");
    0.5 * (ends.0 - ends.1)
}

/// The value is within 4 standard errors of the truth, and a standard error is 2 % of it at the most.
#[track_caller]
fn holds(figures: &Figures, name: &str, truth: f64, rounding: f64) {
    let figure = &figures[name];
    let standard_error = half_width(figure) / STUDENT_99;
    let off = (value(figure) - truth).abs();
    assert!(off <= 4.0 * standard_error + rounding * truth, "{name}: {figure:?}, truth {truth}");
    assert!(standard_error <= 0.02 * truth, "{name}: {figure:?}, truth {truth}");
}

/// The wait that an arrival with endless patience would exceed with probability `share`: found by halving.
fn offered_wait_quantile(queue: &Backlog, patience_secs: f64, share: f64) -> f64 {
    // Still there at t are those who would wait longer and are patient enough.
    let exceeds = |t: f64| (1.0 - queue.service_levels(t, t).waited) * libm::exp(t / patience_secs);
    let (mut low, mut high) = (0.0, 20.0 * patience_secs);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        *(if exceeds(middle) > share { &mut low } else { &mut high }) = middle;
    }
    low
}

#[test]
fn figures_and_intervals_are_those_of_an_independent_estimate() {
    let (body, figures) = played(&IMPATIENT.plan());
    for (name, ratio) in [
        ("support.delayed.share", delayed as Ratio),
        ("support.abandoned.share", abandoned),
        ("support.queue_time.mean", queue_time),
        ("support.service_level.answered.share", answered),
        ("support.service_level.offered.share", offered),
        ("support.service_level.waited.share", waited),
        ("support.service_level.short_excluded.share", short_excluded),
    ] {
        let (figure, estimate) = (&figures[name], Estimate::of_desk(&body.sections, 0, ratio));
        assert!((value(figure) / estimate.value - 1.0).abs() < 1e-12, "{name}: {figure:?}, {estimate:?}");
        let half_width = half_width(figure);
        let expected = STUDENT_99 * estimate.standard_error;
        assert!((half_width / expected - 1.0).abs() < 1e-6, "{name}: {half_width}, not {expected}");
    }
}

#[test]
fn percentiles_of_the_wait_are_exponential_behind_patient_visitors() {
    let (_, figures) = played(&PATIENT.plan());
    let (delayed, spare_per_sec) = (PATIENT.truth().delayed(), 2.0 / 70.0 - 0.02);
    for (percentile, beyond) in [("p90", 0.1), ("p95", 0.05), ("p99", 0.01)] {
        let truth = libm::log(delayed / beyond) / spare_per_sec;
        for figure in ["queue_time", "speed_of_answer"] {
            holds(&figures, &format!("support.{figure}.{percentile}"), truth, ROUNDING);
        }
    }
}

#[test]
fn the_offered_wait_is_found_through_those_who_gave_up() {
    let (_, figures) = played(&IMPATIENT.plan());
    for (percentile, beyond) in [("p90", 0.1), ("p95", 0.05)] {
        let truth = offered_wait_quantile(&IMPATIENT.truth(), 180.0, beyond);
        holds(&figures, &format!("support.offered_wait.{percentile}"), truth, ROUNDING);
        let seen = value(&figures[&format!("support.queue_time.{percentile}")]);
        assert!(seen < 0.9 * truth, "waits cut short by giving up are no measure: {seen} s of {truth} s");
    }
}

#[test]
fn conversations_in_progress_obey_littles_law() {
    let (_, figures) = played(&IMPATIENT.plan());
    let in_service = IMPATIENT.arrivals_per_sec * 240.0 * (1.0 - IMPATIENT.truth().abandoned());
    holds(&figures, "support.in_service.mean", in_service, 0.0);
    holds(&figures, "support.agents.engaged.share", in_service / 20.0, 0.0);
    holds(&figures, "support.handling_time.mean", 240.0, 0.0);
}
