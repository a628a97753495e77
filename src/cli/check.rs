//! `causerie check`.

use std::fmt::Write as _;

use crate::scenario::Beside;
use crate::scenario::defaults::Origin;
use crate::scenario::explain::Row;
use crate::scenario::problem::wrapped;

use super::args::CheckArgs;
use super::exit::{Exit, Failure};
use super::out::print;
use super::source;

/// Validates a scenario: what load to expect, or everything that is wrong with it.
pub(super) fn check(args: &CheckArgs) -> Result<Exit, Failure> {
    let scenario = source::scenario(&args.scenario, &Beside::default())?;
    if args.explain {
        print(&explain(&scenario.rows))?;
    } else {
        print(&wrapped("", &scenario.plan.summary()))?;
    }
    Ok(Exit::Well)
}

/// Columns at the most, where the words allow it.
const WIDTH: usize = 80;
/// What goes on in a line of its own is set in so far.
const INDENT: &str = "    ";

/// Every resolved value with where it comes from, aligned; what does not fit goes on below.
fn explain(rows: &[Row]) -> String {
    let width = |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0);
    let path = width(|row| &row.path);
    // As wide as leaves room for the short origins beside it.
    let value = width(|row| &row.value).min(WIDTH.saturating_sub(path + "    assumed".len()));
    let mut text = String::new();
    for row in rows {
        let origin = match row.origin {
            Origin::Given => "given".to_owned(),
            Origin::Assumed => "assumed".to_owned(),
            Origin::Sourced(citation) => format!("sourced ({citation})"),
        };
        let fits = |line: &String| line.chars().count() <= WIDTH;
        let short = format!("{:<path$}  {}", row.path, row.value);
        let whole = format!("{:<path$}  {:<value$}  {origin}", row.path, row.value);
        if fits(&whole) {
            let _ = writeln!(text, "{whole}");
        } else if fits(&short) {
            let _ = writeln!(text, "{short}");
            text.push_str(&wrapped(INDENT, &origin));
        } else {
            let _ = writeln!(text, "{}", row.path);
            text.push_str(&wrapped(INDENT, &row.value));
            text.push_str(&wrapped(INDENT, &origin));
        }
    }
    text
}
