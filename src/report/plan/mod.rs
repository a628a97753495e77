//! What a plan is given to read as: for a terminal, for spreadsheets (`plan.csv`), for programs (`plan.json`) and, beside the
//! other pages, as `plan.html`. All are pure functions of the plan.

pub mod csv;
pub mod json;
pub(super) mod outline;
#[cfg(test)]
pub(super) mod sample;
pub mod terminal;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::study::plan::Planning;

use super::{files, html, number};

/// Writes one file of a plan.
type Writer = fn(&Planning, &mut dyn Write) -> io::Result<()>;

/// Every file, first what is read first.
const FORMATS: [(&str, Writer); 3] =
    [("plan.html", html::plan::write), ("plan.csv", csv::write), ("plan.json", json::write)];

/// Writes every format into `directory`, which is made if it is not there. Stops at the first error.
///
/// # Errors
/// When the directory or a file in it cannot be written; the error names the file.
pub fn write_all(directory: &Path, planning: &Planning) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    FORMATS
        .iter()
        .try_for_each(|(name, write)| files::atomically(&directory.join(name), |out| write(planning, out)))
}

/// A share that was typed, with no more digits than it was.
pub(super) fn asked(share: f64) -> String {
    format!("{} %", number::number((share * 1e8).round() / 1e6))
}

/// What is wanted, in sentences.
pub(super) fn wanted(planning: &Planning) -> Vec<String> {
    let wanted = planning.wanted;
    vec![
        format!("Wanted: {} of visits meet somebody.", asked(wanted.meet)),
        format!(
            "{} of messages are reviewed within {}.",
            asked(wanted.of),
            number::bound(wanted.within.secs())
        ),
    ]
}
