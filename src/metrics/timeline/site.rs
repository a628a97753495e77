//! How the pages of the site came, interval by interval.

use serde::{Deserialize, Serialize};

use super::{Adds, MOST_COUNTED, MOST_NANOS};
use crate::base::time::{NANOS, RealSpan};

/// The requests of one interval of a run, by when they were made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u64, u128, u64)", into = "(u64, u64, u128, u64)")]
pub struct SiteInterval {
    /// All of them.
    pub requests: u64,
    /// Those that ended without a page.
    pub errors: u64,
    /// What the others took, summed.
    pub took_nanos: u128,
    /// The same at the most.
    pub took_max_nanos: u64,
}

impl From<(u64, u64, u128, u64)> for SiteInterval {
    fn from((requests, errors, took_nanos, took_max_nanos): (u64, u64, u128, u64)) -> Self {
        Self { requests, errors, took_nanos, took_max_nanos }
    }
}

impl From<SiteInterval> for (u64, u64, u128, u64) {
    fn from(i: SiteInterval) -> Self {
        (i.requests, i.errors, i.took_nanos, i.took_max_nanos)
    }
}

impl SiteInterval {
    /// Of one request.
    pub(super) fn of(took: RealSpan, good: bool) -> Self {
        if !good {
            return Self { requests: 1, errors: 1, ..Self::default() };
        }
        Self { requests: 1, errors: 0, took_nanos: took.nanos().into(), took_max_nanos: took.nanos() }
    }

    pub(super) fn is_bounded(&self) -> bool {
        self.requests.max(self.errors) <= MOST_COUNTED && self.took_nanos <= MOST_NANOS
    }

    /// What a page took on average, in seconds; `None` where none came.
    #[must_use]
    pub fn mean_secs(&self) -> Option<f64> {
        let came = self.requests.saturating_sub(self.errors);
        (came > 0).then(|| self.took_nanos as f64 / came as f64 / NANOS as f64)
    }
}

impl Adds for SiteInterval {
    fn plus(self, other: Self) -> Self {
        Self {
            requests: self.requests + other.requests,
            errors: self.errors + other.errors,
            took_nanos: self.took_nanos + other.took_nanos,
            took_max_nanos: self.took_max_nanos.max(other.took_max_nanos),
        }
    }
}
