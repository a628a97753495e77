//! What a sweep is given to read as: for a terminal, for spreadsheets (`sweep.csv`), for programs (`sweep.json`) and,
//! beside the other page, as `sweep.html`. All are pure functions of the sweep.

pub mod csv;
pub mod json;
#[cfg(test)]
pub(super) mod sample;
pub mod terminal;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::base::figures::Unit;
use crate::gates::check::Overall;
use crate::study::sweep::{Cell, Difference, Sweep, Value};

use super::{files, html, number};

/// Writes one file of a sweep.
type Writer = fn(&Sweep, &mut dyn Write) -> io::Result<()>;

/// Every file, first what is read first.
const FORMATS: [(&str, Writer); 3] =
    [("sweep.html", html::sweep::write), ("sweep.csv", csv::write), ("sweep.json", json::write)];

/// Writes every format into `directory`, which is made if it is not there. Stops at the first error.
///
/// # Errors
/// When the directory or a file in it cannot be written; the error names the file.
pub fn write_all(directory: &Path, sweep: &Sweep) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    FORMATS
        .iter()
        .try_for_each(|(name, write)| files::atomically(&directory.join(name), |out| write(sweep, out)))
}

/// What the scenario as it stands is called.
pub(super) const AS_IT_STANDS: &str = "as it stands";

/// The keys, short: as many of their last words as tell them apart, and two at the least.
pub(super) fn labels(sweep: &Sweep) -> Vec<String> {
    let axes = sweep.grid.axes();
    let label = |key: &str, words: usize| {
        let all: Vec<&str> = key.split('.').collect();
        all[all.len().saturating_sub(words)..].join(".")
    };
    let distinct = |words: &usize| {
        let all: Vec<String> = axes.iter().map(|axis| label(&axis.key, *words)).collect();
        (1..all.len()).all(|i| !all[..i].contains(&all[i]))
    };
    let most = axes.iter().map(|axis| axis.key.split('.').count()).max().unwrap_or(2);
    let words = (2..=most).find(distinct).unwrap_or(most);
    axes.iter().map(|axis| number::plain(&label(&axis.key, words))).collect()
}

/// The name of a figure, and the currency of money.
pub(super) fn heading(sweep: &Sweep, figure: usize) -> String {
    let chosen = &sweep.chosen[figure];
    match (&sweep.header.setting.money, chosen.unit) {
        (Some(currency), Unit::Money) => format!("{}, in {}", chosen.name, number::plain(currency)),
        _ => chosen.name.clone(),
    }
}

/// A combination by its values: `count=8, concurrency=2`.
pub(super) fn name(sweep: &Sweep, labels: &[String], cell: &Cell) -> String {
    let Some(number) = cell.cell else { return AS_IT_STANDS.to_owned() };
    let values = labels.iter().zip(sweep.grid.values(number));
    let all: Vec<String> =
        values.map(|(label, (_, value))| format!("{label}={}", number::plain(value))).collect();
    all.join(", ")
}

/// A figure of a combination, where both are there.
pub(super) fn value(cell: Option<&Cell>, figure: usize) -> Option<&Value> {
    cell?.values.get(figure)?.as_ref()
}

/// A value as a person reads it.
pub(super) fn shown(value: Option<&Value>) -> String {
    value.map_or(number::NONE.to_owned(), |value| number::value(value.figure.value, value.figure.unit))
}

/// The interval of a value; empty where it says nothing.
pub(super) fn interval(value: Option<&Value>) -> String {
    let of = |value: &Value| number::interval(value.figure.low, value.figure.high, value.figure.unit);
    value.and_then(of).unwrap_or_default()
}

/// By how much it differs from the base, with half the interval: `+2.10 pp ± 0.30 pp`; empty of the base.
pub(super) fn difference(value: Option<&Value>) -> String {
    let of = |value: &Value| Some((value.difference?, value.figure.unit));
    let Some((difference, unit)) = value.and_then(of) else { return String::new() };
    let by = number::difference(Some(difference.value), unit);
    half_width(&difference, unit).map_or(by.clone(), |half| format!("{by} +- {half}"))
}

/// Half the interval, where there is more of it than the digits show.
fn half_width(difference: &Difference, unit: Unit) -> Option<String> {
    let half = (difference.high? - difference.low?) / 2.0;
    // With a sign, unless it reads as nothing.
    number::difference(Some(half), unit).strip_prefix('+').map(str::to_owned)
}

/// What became of a combination's gates, in a word; `None` where it has none.
pub(super) fn verdict(cell: &Cell) -> Option<&'static str> {
    cell.overall().map(|overall| match overall {
        Overall::Passed => "passed",
        Overall::Failed => "FAILED",
        Overall::Invalid => "not judged",
    })
}

/// Whether any combination has gates.
pub(super) fn has_gates(sweep: &Sweep) -> bool {
    sweep.cells.iter().any(|cell| !cell.verdicts.is_empty())
}

/// How many combinations of the grid are done: `36 combinations`, `12 of 36 combinations`.
pub(super) fn extent(sweep: &Sweep) -> String {
    let done = sweep.cells.iter().filter(|cell| cell.cell.is_some()).count() as u64;
    let planned = number::of(sweep.grid.cells() as u64, "combination");
    if done < sweep.grid.cells() as u64 { format!("{} of {planned}", number::count(done)) } else { planned }
}

/// What everybody should know who reads a difference, in sentences.
pub(super) fn reading(sweep: &Sweep) -> Vec<String> {
    let replications = u64::from(sweep.header.setting.replications);
    let mut all = vec![format!(
        "Common random numbers: the same draws decide who comes and what they do in every combination, on each of {}.",
        number::of(replications, "day")
    )];
    if let Some(times) = sweep.narrower() {
        let few = if times >= 1.05 {
            format!("{} times narrower than", number::number(times))
        } else {
            "no narrower than".to_owned()
        };
        all.push(format!(
            "Differences are paired day by day; their 95 % intervals are {few} with a seed for each combination (median)."
        ));
    }
    all
}
