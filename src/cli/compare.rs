//! `causerie compare`.

use std::fmt::Write as _;

use crate::gates::baseline::{Change, Comparison, compare as compare_figures};
use crate::record::Setting;
use crate::report::Report;
use crate::report::number;
use crate::scenario::problem::wrapped;

use super::args::CompareArgs;
use super::exit::{Exit, Failure};
use super::out::print;
use super::source;

/// Puts two records side by side. Leaves with 1 when the second is for the worse.
pub(super) fn compare(args: &CompareArgs) -> Result<Exit, Failure> {
    let before = source::record(&args.before)?;
    let after = source::record(&args.after)?;
    let (old, new) = (Report::of(&before), Report::of(&after));
    let comparison = compare_figures(&old.figures, &new.figures);
    let mut text = String::new();
    for (what, path, report) in [("before", &args.before, &old), ("after", &args.after, &new)] {
        let _ = writeln!(text, "{what:<7} {}", number::plain(&path.display().to_string()));
        let header = &report.record.header;
        let (name, seed) = (number::plain(&header.scenario), header.seed);
        let _ = write!(text, "        {name}, {}, seed {seed}", header.command.name());
        if header.scale != 1.0 {
            let _ = write!(text, ", scale {}", header.scale);
        }
        text.push('\n');
    }
    if before.header.plan_hash != after.header.plan_hash {
        text.push_str(&different(&before.header.setting, &after.header.setting));
    }
    text.push('\n');
    text.push_str(&table(&comparison));
    text.push_str(&verdict(&comparison));
    print(&text)?;
    Ok(if comparison.verdict() == Change::Worse { Exit::GateFailed } else { Exit::Well })
}

/// That the scenarios differ, and what a record knows of how.
fn different(before: &Setting, after: &Setting) -> String {
    let mut text = String::from("The two scenarios differ.\n");
    for (old, new) in before.desks.iter().zip(&after.desks).filter(|(old, new)| old.name == new.name) {
        let name = number::plain(&new.name);
        for (what, old, new) in [("agents", old.agents(), new.agents()), ("slots", old.slots(), new.slots())]
        {
            if old != new {
                let _ = writeln!(text, "{name}: {old} {what} before, {new} after");
            }
        }
    }
    text
}

/// How wide the column of names is. A longer name has a line of its own.
const NAME: usize = 38;

/// The figures that changed; how many did not.
fn table(comparison: &Comparison) -> String {
    let changed = |change| matches!(change, Change::Better | Change::Worse | Change::Different);
    let mut rows = comparison.rows.iter().filter(|row| changed(row.change)).peekable();
    let mut table = String::new();
    if rows.peek().is_some() {
        let _ = writeln!(table, "{:<NAME$} {:>9} {:>9} {:>10}", "figure", "before", "after", "change");
    }
    for row in rows {
        let [before, after] = [row.before, row.after].map(|value| number::value(value, row.unit));
        let difference = number::difference(row.difference, row.unit);
        let (name, word) = (&row.figure, word(row.change));
        if name.len() > NAME {
            let _ = writeln!(table, "{name}");
        }
        let name = if name.len() > NAME { "" } else { name };
        let _ = writeln!(table, "{name:<NAME$} {before:>9} {after:>9} {difference:>10}  {word}");
    }
    let quiet = comparison.count(Change::Same);
    let unknown = comparison.count(Change::Unknown);
    let _ = write!(table, "{quiet} figures are the same within chance");
    if unknown > 0 {
        let _ = write!(table, "; {unknown} have no interval to judge by");
    }
    table.push_str(".\n");
    for (where_, names) in [("before", &comparison.only_before), ("after", &comparison.only_after)] {
        if !names.is_empty() {
            table.push_str(&wrapped(&format!("{} only in {where_}: ", names.len()), &names.join(", ")));
        }
    }
    table
}

fn verdict(comparison: &Comparison) -> String {
    let sentence = match comparison.verdict() {
        Change::Worse => "For the worse.",
        Change::Better => "For the better.",
        Change::Different => "Different, neither for the better nor for the worse.",
        Change::Same => "The same, as far as chance lets one see.",
        Change::Unknown => "Nobody can say: there are no intervals to judge by.",
    };
    format!("\n{sentence}\n")
}

const fn word(change: Change) -> &'static str {
    match change {
        Change::Better => "better",
        Change::Worse => "worse",
        Change::Different => "different",
        Change::Same => "same",
        Change::Unknown => "?",
    }
}
