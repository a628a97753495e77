//! The files of a report: which there are, and how they come into a directory. The record itself is not among
//! them: who makes it writes it as it comes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{Report, csv, hlog, html, json, junit, markdown};

/// The name of the record in a report's directory.
pub const RECORD: &str = "record";

/// One file of a report.
pub struct Format {
    /// Its name in the directory.
    pub name: &'static str,
    /// Writes it.
    pub write: fn(&Report, &mut dyn Write) -> io::Result<()>,
    /// Of what.
    pub of: Of,
}

/// What a file is about, and so which reports have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Every one.
    All,
    /// Those with rooms.
    Rooms,
    /// Those of runs.
    Runs,
}

impl Of {
    fn has(self, report: &Report) -> bool {
        match self {
            Self::All => true,
            Self::Rooms => report.venues().next().is_some(),
            Self::Runs => report.is_run(),
        }
    }
}

const fn file(name: &'static str, of: Of, write: fn(&Report, &mut dyn Write) -> io::Result<()>) -> Format {
    Format { name, write, of }
}

/// Every file, in the order in which they are written: first what is read first.
pub const FORMATS: [Format; 12] = [
    file("report.html", Of::All, html::write),
    file("summary.json", Of::All, json::write),
    file("summary.md", Of::All, markdown::write),
    file("junit.xml", Of::All, junit::write),
    file("intervals.csv", Of::All, csv::write_intervals),
    file("histograms.hlog", Of::All, hlog::write),
    file("outcomes.csv", Of::All, csv::write_outcomes),
    file("generator.csv", Of::Runs, csv::write_generator),
    file("rooms.csv", Of::Rooms, csv::write_rooms),
    file("room_intervals.csv", Of::Rooms, csv::write_room_intervals),
    file("occupancy.csv", Of::Rooms, csv::write_occupancy),
    file("guests.csv", Of::Rooms, csv::write_guests),
];

/// Writes every format into `directory`, which is made if it is not there. Stops at the first error.
///
/// # Errors
/// When the directory or a file in it cannot be written; the error names the file.
pub fn write_all(directory: &Path, report: &Report) -> io::Result<()> {
    fs::create_dir_all(directory).map_err(|error| named(directory, &error))?;
    FORMATS
        .iter()
        .filter(|format| format.of.has(report))
        .try_for_each(|format| atomically(&directory.join(format.name), |out| (format.write)(report, out)))
}

/// Writes a file so that under its name there is all of it or what was there before.
///
/// # Errors
/// When it cannot be written; the error names the file, and nothing of it is left.
pub fn atomically(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let partial = partial(path);
    let written = (|| {
        let mut out = BufWriter::new(File::create(&partial)?);
        write(&mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&partial, path)
    })();
    written.map_err(|error| {
        // What is left of the attempt is of no use; that it cannot be removed either says nothing new.
        let _ = fs::remove_file(&partial);
        named(path, &error)
    })
}

/// Beside the file, so that renaming does not cross a file system.
fn partial(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    path.with_file_name(name)
}

/// What went wrong with writing it, with its name.
#[must_use]
pub fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_report_is_all_its_files_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let record = sample::run();
        let inside = directory.path().join("new/report");
        write_all(&inside, &Report::of(&record)).unwrap();
        let mut found: Vec<String> = fs::read_dir(inside)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        let mut expected: Vec<&str> =
            FORMATS.iter().filter(|format| format.of != Of::Rooms).map(|format| format.name).collect();
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_fails_half_way_leaves_what_was_there() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("summary.json");
        fs::write(&path, "before").unwrap();
        let failed = atomically(&path, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("the disk is full"))
        });
        assert!(failed.unwrap_err().to_string().contains("summary.json: the disk is full"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}
