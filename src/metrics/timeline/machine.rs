//! What the generator took of its machine, interval by interval.

use serde::{Deserialize, Serialize};

use super::{Adds, MOST_COUNTED, MOST_NANOS};

/// What the generator took of its machine in one interval of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u128, u128, u64)", into = "(u128, u128, u64)")]
pub struct MachineInterval {
    /// Processor time used.
    pub cpu_nanos: u128,
    /// Processor time there was while it was measured: time on the wall × processors.
    pub cpu_available_nanos: u128,
    /// Resident memory at the most, in KiB.
    pub memory_max_kib: u64,
}

impl From<(u128, u128, u64)> for MachineInterval {
    fn from((cpu_nanos, cpu_available_nanos, memory_max_kib): (u128, u128, u64)) -> Self {
        Self { cpu_nanos, cpu_available_nanos, memory_max_kib }
    }
}

impl From<MachineInterval> for (u128, u128, u64) {
    fn from(i: MachineInterval) -> Self {
        (i.cpu_nanos, i.cpu_available_nanos, i.memory_max_kib)
    }
}

impl MachineInterval {
    pub(super) fn is_bounded(&self) -> bool {
        self.cpu_nanos.max(self.cpu_available_nanos) <= MOST_NANOS && self.memory_max_kib <= MOST_COUNTED
    }

    /// The share of the processors that was used; `None` where nobody told.
    #[must_use]
    pub fn cpu_share(&self) -> Option<f64> {
        (self.cpu_available_nanos > 0).then(|| self.cpu_nanos as f64 / self.cpu_available_nanos as f64)
    }
}

impl Adds for MachineInterval {
    fn plus(self, other: Self) -> Self {
        Self {
            cpu_nanos: self.cpu_nanos + other.cpu_nanos,
            cpu_available_nanos: self.cpu_available_nanos + other.cpu_available_nanos,
            memory_max_kib: self.memory_max_kib.max(other.memory_max_kib),
        }
    }
}
