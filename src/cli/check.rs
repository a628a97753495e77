//! `causerie check`.

use std::fmt::Write as _;

use crate::scenario::defaults::Origin;
use crate::scenario::explain::Row;

use super::args::CheckArgs;
use super::exit::{Exit, Failure};
use super::out::print;
use super::source;

/// Validates a scenario: what load to expect, or everything that is wrong with it.
pub(super) fn check(args: &CheckArgs) -> Result<Exit, Failure> {
    let scenario = source::scenario(&args.scenario)?;
    if args.explain {
        print(&explain(&scenario.rows))?;
    } else {
        print(&format!("{}\n", scenario.plan.summary()))?;
    }
    Ok(Exit::Well)
}
