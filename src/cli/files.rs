//! How many files this process may have open, connections being files, and whether a run gets by with them.

use rlimit::{Resource, getrlimit, increase_nofile_limit};

use crate::report::number;
use crate::scenario::plan::Plan;
use crate::study::peak::Peak;

use super::exit::{Exit, Failure};

/// Files that a run, or the server that it starts, has open besides its connections, at the most.
const OWN: u64 = 48;

/// Raises the limit as far as anybody but the administrator may; gives what it is then.
pub(super) fn raise() -> u64 {
    let left = || getrlimit(Resource::NOFILE).map_or(u64::MAX, |(soft, _)| soft);
    increase_nofile_limit(u64::MAX).unwrap_or_else(|_| left())
}

/// Whether a run of `plan` gets by with so many files. The embedded server has as many connections as its clients, and
/// being another process, a limit of its own, which is the same.
pub(super) fn suffice(plan: &Plan, limit: u64) -> Result<(), Failure> {
    let left = limit.saturating_sub(OWN);
    let Some(peak) = Peak::above(plan, left) else { return Ok(()) };
    let count = number::count;
    let what = format!(
        "this needs {} connections at once, and there can be {}: {} of agents and moderators, and {} of visitors and \
         guests {} into the scenario; a process may have {} files open here, of which some {OWN} are no connections",
        count(peak.all()),
        count(left),
        count(peak.staff),
        count(peak.people),
        number::time(peak.at.secs()),
        count(limit),
    );
    let hint = format!(
        "allow more files (`ulimit -n {}`, which may take the administrator), or play a part of it with --scale",
        // Some more than is foreseen: a slow server keeps its visitors for longer.
        (peak.all() + OWN) * 5 / 4
    );
    Err(Failure::new(Exit::Usage, what, Some(&hint)))
}
