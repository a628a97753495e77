//! One agent and handling times of any law: M/G/1, by Pollaczek and Khinchine.

use causerie::base::dist::Law;
use causerie::staffing::single::pollaczek_khinchine_secs;

use super::estimate::{delayed, engaged, queue_time};
use super::trial::{Effort, Trial, hold};
use crate::plans::{desk, group, plan};

const REPLICATIONS: u32 = 100;
const HANDLING_SECS: f64 = 100.0;
const LOAD: f64 = 0.7;

/// The trial of a law of mean [`HANDLING_SECS`] and this coefficient of variation, with so many million visitors.
fn trial(name: &str, handling_time: Law, cv: f64, millions: f64) -> Trial {
    assert!((handling_time.mean() / HANDLING_SECS - 1.0).abs() < 1e-12, "{handling_time:?}");
    let arrivals_per_sec = LOAD / HANDLING_SECS;
    let wait = pollaczek_khinchine_secs(arrivals_per_sec, HANDLING_SECS, cv).expect("the load is below 1");
    // The relaxation time grows with the variance of the work; that of the exponential is 3,700 s.
    let warm_up = 40_000.0 * (1.0 + cv * cv);
    let window = 1e6 * millions / f64::from(REPLICATIONS) / arrivals_per_sec;
    let desk = desk("support", arrivals_per_sec, handling_time, group(1, &[1.0]));
    Trial::new(name, plan(vec![desk], warm_up, warm_up + window, REPLICATIONS))
        .expect("delayed", delayed, LOAD)
        .expect("engaged", engaged, LOAD)
        .expect("queue time", queue_time, wait)
}

/// A law each, with the coefficient of variation that its definition gives it.
fn laws() -> [Trial; 7] {
    // Weibull of shape 1/2: Γ(1 + 4)/Γ(1 + 2)² − 1 = 24/4 − 1.
    let weibull_cv = 5.0f64.sqrt();
    let observed = vec![20.0, 60.0, 70.0, 250.0];
    // Mean 100, mean square (400 + 3600 + 4900 + 62,500) / 4 = 17,850.
    let observed_cv = 0.785f64.sqrt();
    [
        trial("M/D/1", Law::constant(100.0), 0.0, 0.6),
        trial("M/M/1", Law::exponential(100.0), 1.0, 1.0),
        trial("M/G/1, lognormal", Law::lognormal(100.0, 1.3), 1.3, 2.6),
        trial("M/G/1, gamma", Law::gamma(100.0, 4.0), 0.5, 0.6),
        trial("M/G/1, uniform", Law::uniform(50.0, 150.0), 1.0 / 12.0f64.sqrt(), 0.6),
        trial("M/G/1, Weibull", Law::weibull(100.0, 0.5), weibull_cv, 4.0),
        trial("M/G/1, empirical", Law::empirical(observed), observed_cv, 0.8),
    ]
}

#[test]
fn pollaczek_and_khinchine_hold() {
    hold(laws(), Effort::Short);
}

#[test]
#[ignore = "takes minutes"]
fn pollaczek_and_khinchine_hold_long() {
    hold(laws(), Effort::Long);
}
