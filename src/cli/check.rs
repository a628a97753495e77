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
    let scenario = source::scenario(&args.scenario, &[])?;
    if args.explain {
        print(&explain(&scenario.rows))?;
    } else {
        print(&format!("{}\n", scenario.plan.summary()))?;
    }
    Ok(Exit::Well)
}

/// Every resolved value with where it comes from, aligned.
fn explain(rows: &[Row]) -> String {
    let width = |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0);
    let (path, value) = (width(|row| &row.path), width(|row| &row.value).min(40));
    let mut text = String::new();
    for row in rows {
        let origin = match row.origin {
            Origin::Given => "given".to_owned(),
            Origin::Assumed => "assumed".to_owned(),
            Origin::Sourced(citation) => format!("sourced ({citation})"),
        };
        let _ = writeln!(text, "{:<path$}  {:<value$}  {origin}", row.path, row.value);
    }
    text
}
