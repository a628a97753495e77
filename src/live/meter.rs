//! What the generator takes of its machine, where the system tells: processor time and resident memory.

use std::collections::VecDeque;

use crate::base::time::{RealMoment, RealSpan};
use crate::metrics::timeline::MachineInterval;
use crate::net::process;

/// How long it has to be busy for that to count: shorter, and any second of hard work would.
const BUSY: RealSpan = RealSpan::from_whole_secs(10);

/// What was read at one instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Reading {
    at: RealMoment,
    /// Processor time used since the process began; `None` where nobody tells.
    used_nanos: Option<u64>,
    /// Memory; 0 where nobody tells.
    resident_kib: u64,
}

impl Reading {
    fn at(at: RealMoment) -> Self {
        Self { at, used_nanos: process::used_nanos(), resident_kib: process::resident_kib().unwrap_or(0) }
    }

    /// Processor time used since `before`, and how much there was on so many processors: nothing where nobody tells.
    fn since(&self, before: &Self, processors: u64) -> (u64, u64) {
        match self.used_nanos.zip(before.used_nanos) {
            Some((now, then)) => (now.saturating_sub(then), self.at.since(before.at).nanos() * processors),
            None => (0, 0),
        }
    }
}

/// Reads how much is taken, from time to time.
#[derive(Clone, Debug)]
pub(super) struct Meter {
    processors: u64,
    /// The last [`BUSY`], the reading before it first; never empty.
    readings: VecDeque<Reading>,
    /// When it was begun.
    began: RealMoment,
    peak_ppm: u64,
}

/// What was taken since the last time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) from: RealMoment,
    pub(super) to: RealMoment,
    pub(super) usage: MachineInterval,
}

impl Meter {
    /// Begins now.
    pub(super) fn start(now: RealMoment) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, |processors| processors.get() as u64);
        Self::of(processors, Reading::at(now))
    }

    fn of(processors: u64, first: Reading) -> Self {
        Self { processors, readings: VecDeque::from([first]), began: first.at, peak_ppm: 0 }
    }

    /// What was taken since the last time.
    pub(super) fn read(&mut self, now: RealMoment) -> Taken {
        self.take(Reading::at(now))
    }

    fn take(&mut self, now: Reading) -> Taken {
        let before = self.readings.back().copied().unwrap_or(now);
        self.readings.push_back(now);
        // The first of them is the last that is as far back as it has to be.
        while self.readings.get(1).is_some_and(|second| now.at.since(second.at) >= BUSY) {
            self.readings.pop_front();
        }
        let first = self.readings.front().copied().unwrap_or(now);
        if now.at.since(first.at) >= BUSY {
            self.peak_ppm = self.peak_ppm.max(self.share_ppm(&first, &now));
        }
        let (used, available) = now.since(&before, self.processors);
        let usage = MachineInterval {
            cpu_nanos: used.into(),
            cpu_available_nanos: available.into(),
            memory_max_kib: now.resident_kib.max(before.resident_kib),
        };
        Taken { from: before.at, to: now.at, usage }
    }

    /// The share of the processors that was used in the busiest ten seconds, or in all of a shorter time, in parts per million.
    pub(super) fn peak_ppm(&self) -> u64 {
        match (self.readings.front(), self.readings.back()) {
            (Some(first), Some(last)) if first.at == self.began && last.at.since(first.at) < BUSY => {
                self.share_ppm(first, last)
            }
            _ => self.peak_ppm,
        }
    }

    fn share_ppm(&self, from: &Reading, to: &Reading) -> u64 {
        match to.since(from, self.processors) {
            (_, 0) => 0,
            // The kernel counts in ticks: of a short time there can seem to be more than there is.
            (used, available) => (u128::from(used) * 1_000_000 / u128::from(available)).min(1_000_000) as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::NANOS;

    fn at(secs: u64, used_secs: u64, resident_kib: u64) -> Reading {
        let at = RealMoment::ZERO + RealSpan::from_whole_secs(secs);
        Reading { at, used_nanos: Some(used_secs * NANOS), resident_kib }
    }

    #[test]
    fn the_peak_is_that_of_ten_seconds_or_of_a_shorter_run() {
        let mut meter = Meter::of(2, at(0, 0, 10));
        let taken = meter.take(at(2, 3, 30));
        assert_eq!(
            (taken.usage.cpu_nanos, taken.usage.cpu_available_nanos),
            (u128::from(3 * NANOS), u128::from(4 * NANOS))
        );
        assert_eq!(taken.usage.memory_max_kib, 30);
        assert_eq!(meter.peak_ppm(), 750_000, "all of two seconds");
        // Two seconds of hard work in ten are none.
        for secs in 3..=12 {
            meter.take(at(secs, 3, 20));
        }
        assert_eq!(meter.peak_ppm(), 150_000);
        for secs in 13..=30 {
            meter.take(at(secs, 3 + (secs - 12), 20));
        }
        assert_eq!(meter.peak_ppm(), 500_000);
        meter.take(at(60, 21, 20));
        assert_eq!(meter.peak_ppm(), 500_000, "and stays what it was");
    }

    #[test]
    fn where_nobody_tells_there_is_nothing() {
        let silent = |secs| Reading { used_nanos: None, resident_kib: 0, ..at(secs, 0, 0) };
        let mut meter = Meter::of(2, silent(0));
        assert_eq!(meter.take(silent(20)).usage, MachineInterval::default());
        assert_eq!(meter.peak_ppm(), 0);
    }
}
