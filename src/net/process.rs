//! What this process takes of its machine, where the system tells (Linux: `/proc/self`): processor time and resident memory.

use std::fs::read_to_string;

use crate::base::time::NANOS;

/// Ticks in a second of `/proc/self/stat`: USER_HZ, fixed at 100 by the kernel's interface on every common architecture.
const TICKS_PER_SEC: u64 = 100;

/// Processor time used since the process began, in nanoseconds; `None` where nobody tells.
#[must_use]
pub fn used_nanos() -> Option<u64> {
    read("stat").and_then(|stat| ticks(&stat)).map(|ticks| ticks * (NANOS / TICKS_PER_SEC))
}

/// Resident memory, in KiB; `None` where nobody tells.
#[must_use]
pub fn resident_kib() -> Option<u64> {
    read("status").and_then(|status| resident(&status))
}

fn read(name: &str) -> Option<String> {
    read_to_string(format!("/proc/self/{name}")).ok()
}

/// User and system time, fields 14 and 15 of proc(5); the second field is a name in parentheses and may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

/// `VmRSS` of proc(5), in KiB.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
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
        assert_eq!(resident("Name:\tVmRSS: 1 kB\nVmHWM:\t  9 kB\nVmRSS:\t   5124 kB\n"), Some(5_124));
        assert_eq!(resident("VmRSS: many kB"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_tells() {
        assert!(used_nanos().is_some() && resident_kib().is_some_and(|kib| kib > 1_000));
    }
}
