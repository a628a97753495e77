//! When a run is valid.

use crate::base::time::RealSpan;

/// How far a run may go wrong before its figures say nothing about the server.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidPlan {
    /// How late the generator may be for what it had scheduled, but for one thing in a hundred.
    pub lag_p99: RealSpan,
    /// The share of starts that it may drop.
    pub dropped_starts: f64,
    /// The share of the processors that it may use when it is busiest.
    pub cpu: f64,
    /// The share of connections that may not come about.
    pub unconnected: f64,
    /// The share of visits that may not have come to an end.
    pub unfinished: f64,
}

impl Default for ValidPlan {
    /// What holds when a scenario does not say.
    fn default() -> Self {
        Self {
            lag_p99: RealSpan::from_nanos(10_000_000),
            dropped_starts: 0.001,
            cpu: 0.9,
            unconnected: 0.1,
            unfinished: 0.1,
        }
    }
}
