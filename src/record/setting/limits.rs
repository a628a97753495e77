//! How far a run may go wrong and still be valid.

use serde::{Deserialize, Serialize};

use crate::scenario::plan::ValidPlan;

/// The limits of the rules that make a run valid: see `gates::validity`. Shares are fractions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// The generator's lag but for one thing in a hundred, in real nanoseconds.
    pub lag_p99_nanos: u64,
    /// Starts dropped, of all.
    pub dropped_starts: f64,
    /// Of the processors, when it is busiest.
    pub cpu: f64,
    /// Connections that did not come about, of those tried.
    pub unconnected: f64,
    /// Visits unfinished at the end, of all.
    pub unfinished: f64,
}

impl Limits {
    pub(crate) fn of(plan: &ValidPlan) -> Self {
        Self {
            lag_p99_nanos: plan.lag_p99.nanos(),
            dropped_starts: plan.dropped_starts,
            cpu: plan.cpu,
            unconnected: plan.unconnected,
            unfinished: plan.unfinished,
        }
    }
}
