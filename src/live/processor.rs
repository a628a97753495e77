//! How much processor time this process has used, where the system tells (Linux: `/proc/self/stat`).

use crate::base::time::{NANOS, RealMoment};
use crate::net::clock::Clock;

/// Ticks in a second of `/proc/self/stat`: USER_HZ, fixed at 100 by the kernel's interface on every common architecture.
const TICKS_PER_SEC: u64 = 100;

/// The processor time at one instant.
#[derive(Clone, Debug)]
pub(super) struct ProcessorTime {
    clock: Clock,
    at: RealMoment,
    ticks: Option<u64>,
}

impl ProcessorTime {
    /// That of now.
    pub(super) fn now(clock: &Clock) -> Self {
        let ticks = std::fs::read_to_string("/proc/self/stat").ok().and_then(|stat| ticks(&stat));
        Self { clock: clock.clone(), at: clock.now(), ticks }
    }

    /// Nanoseconds of processor time used since then, and how many there were on all processors.
    pub(super) fn since(&self) -> Option<(u64, u64)> {
        let now = Self::now(&self.clock);
        let used = now.ticks?.saturating_sub(self.ticks?) * (NANOS / TICKS_PER_SEC);
        let processors = std::thread::available_parallelism().ok()?.get() as u64;
        Some((used, now.at.since(self.at).nanos() * processors))
    }
}

/// User and system time, fields 14 and 15 of proc(5); the second field is a name in parentheses and may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_process_may_hold_anything() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 100 0 0 0 7 3 0 0 20 0 1 0 12345 1 2";
        assert_eq!(ticks(stat), Some(10));
        assert_eq!(ticks("42 (a) S 1"), None);
        assert_eq!(ticks(""), None);
    }
}
