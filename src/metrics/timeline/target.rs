//! What the target said of itself, interval by interval.

use serde::{Deserialize, Serialize};

use super::{Adds, MOST_COUNTED, MOST_NANOS};

/// What the target said of itself in one interval of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u128, u128, u64, u128, u64, u64)", into = "(u128, u128, u64, u128, u64, u64)")]
pub struct TargetInterval {
    /// Processor time used, by all its processes.
    pub cpu_nanos: u128,
    /// The time on the wall over which that is known.
    pub measured_nanos: u128,
    /// Resident memory at the most, in KiB; 0 where it is not told.
    pub memory_max_kib: u64,
    /// The length of its queue, summed over the times that it was told.
    pub queue_sum: u128,
    /// The same at the most.
    pub queue_max: u64,
    /// How many times it was told.
    pub queue_readings: u64,
}

impl From<(u128, u128, u64, u128, u64, u64)> for TargetInterval {
    fn from(row: (u128, u128, u64, u128, u64, u64)) -> Self {
        let (cpu_nanos, measured_nanos, memory_max_kib, queue_sum, queue_max, queue_readings) = row;
        Self { cpu_nanos, measured_nanos, memory_max_kib, queue_sum, queue_max, queue_readings }
    }
}

impl From<TargetInterval> for (u128, u128, u64, u128, u64, u64) {
    fn from(i: TargetInterval) -> Self {
        (i.cpu_nanos, i.measured_nanos, i.memory_max_kib, i.queue_sum, i.queue_max, i.queue_readings)
    }
}

impl TargetInterval {
    pub(super) fn is_bounded(&self) -> bool {
        self.cpu_nanos.max(self.measured_nanos).max(self.queue_sum) <= MOST_NANOS
            && self.memory_max_kib.max(self.queue_max).max(self.queue_readings) <= MOST_COUNTED
    }

    /// Processors used, on average: 2 is two of them, all the time. `None` where nobody told.
    #[must_use]
    pub fn cpu(&self) -> Option<f64> {
        (self.measured_nanos > 0).then(|| self.cpu_nanos as f64 / self.measured_nanos as f64)
    }

    /// The mean length of its queue; `None` where nobody told.
    #[must_use]
    pub fn queue(&self) -> Option<f64> {
        (self.queue_readings > 0).then(|| self.queue_sum as f64 / self.queue_readings as f64)
    }

    /// Both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            cpu_nanos: self.cpu_nanos + other.cpu_nanos,
            measured_nanos: self.measured_nanos + other.measured_nanos,
            memory_max_kib: self.memory_max_kib.max(other.memory_max_kib),
            queue_sum: self.queue_sum + other.queue_sum,
            queue_max: self.queue_max.max(other.queue_max),
            queue_readings: self.queue_readings + other.queue_readings,
        }
    }
}

impl Adds for TargetInterval {
    fn plus(self, other: Self) -> Self {
        self.with(other)
    }
}
