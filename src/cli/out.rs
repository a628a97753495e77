//! Where results go: a folder that is made before anything runs, and stdout.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use crate::record::Record;
use crate::report::terminal::Look;
use crate::report::{Report, files, json, terminal};

use super::args::PlayArgs;
use super::exit::{Exit, Failure};
use super::stamp::Stamp;

/// Prints on stdout. A reader who has gone away is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    print_with(|out| out.write_all(text.as_bytes()))
}

/// Prints on stdout whatever `write` writes. A reader who has gone away is no failure.
pub(super) fn print_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Usage, format!("stdout cannot be written: {error}"), None))
        }
        _ => Ok(()),
    }
}

/// Says something on stderr. Nobody is told that it could not be said.
pub(super) fn say(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// The folder of a simulation's or a run's results.
#[derive(Clone)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
    /// What was not there before, the outermost folder first.
    made: Vec<PathBuf>,
}

impl Folder {
    /// Makes the folder, and sees whether it can be written to: that is found out before anything is played.
    pub(super) fn make(args: &PlayArgs, scenario: &str, started: Stamp) -> Result<Self, Failure> {
        let path = match &args.out {
            Some(path) => path.clone(),
            None => unused(&Path::new("reports").join(slug(scenario)), &started.folder()),
        };
        let mut made: Vec<PathBuf> =
            path.ancestors().take_while(|above| is_missing(above)).map(Path::to_owned).collect();
        made.reverse();
        let folder = Self { path, made };
        let trial = folder.path.join("record.trial");
        let tried = fs::create_dir_all(&folder.path).and_then(|()| File::create(&trial)).map(drop);
        tried.and_then(|()| fs::remove_file(&trial)).map_err(|error| {
            folder.discard();
            unwritable(&folder.path, &error)
        })?;
        Ok(folder)
    }

    /// Starts the record. Files of earlier results go: they would speak of something else.
    pub(super) fn record(&self) -> io::Result<BufWriter<File>> {
        for format in files::FORMATS {
            match fs::remove_file(self.path.join(format.name)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        File::create(self.path.join(files::RECORD)).map(BufWriter::new)
    }

    /// Where the account of a server with faults goes.
    pub(super) fn account(&self) -> PathBuf {
        self.path.join("account")
    }

    /// Takes back what [`Self::make`] made: nothing was played. A folder that was there before stays, and one that holds
    /// something by now.
    pub(super) fn discard(&self) {
        if !self.made.is_empty() {
            let _ = fs::remove_file(self.account());
        }
        for folder in self.made.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

fn is_missing(path: &Path) -> bool {
    // The empty path is where we are.
    !path.as_os_str().is_empty() && !path.exists()
}

/// A folder of this name that is not there yet: two may start within a second.
fn unused(parent: &Path, name: &str) -> PathBuf {
    let mut path = parent.join(name);
    let mut further = 2;
    while path.exists() {
        path = parent.join(format!("{name}-{further}"));
        further += 1;
    }
    path
}

/// A name that is a folder everywhere: letters, digits and hyphens.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug: String = slug.trim_end_matches('-').chars().take(60).collect();
    if slug.is_empty() { "scenario".to_owned() } else { slug }
}

/// The results cannot be written.
pub(super) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let hint = "name a folder that can be written with --out";
    Failure::new(Exit::Usage, format!("results cannot be written to {}: {error}", path.display()), Some(hint))
}

/// What was played cannot be written on: what there is of it can be rendered later.
pub(super) fn cut_short(folder: &Path, error: &io::Error) -> Failure {
    let room = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room there, and ",
        ErrorKind::FileTooLarge => "allow greater files (`ulimit -f`), and ",
        _ => "see to that, and ",
    };
    let path = folder.display();
    let hint = format!("{room}`causerie report {path} --out {path}` renders what was recorded");
    Failure::new(Exit::Usage, format!("the results are not complete: {error}"), Some(&hint))
}

/// Writes every file of the report into `folder`, and the summary on stdout: as JSON alone, or for a person.
pub(super) fn publish(record: &Record, folder: &Path, json_only: bool) -> Result<Exit, Failure> {
    let report = Report::of(record);
    files::write_all(folder, &report).map_err(|error| cut_short(folder, &error))?;
    if json_only {
        print_with(|out| json::write(&report, out))?;
    } else {
        print_with(|out| terminal::write(&report, Some(folder), look(), out))?;
    }
    let trailer = record.trailer.clone().unwrap_or_default();
    Ok(Exit::of(&trailer, report.overall()))
}

/// How stdout wants to be written to. See <https://no-color.org>.
pub(super) fn look() -> Look {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Look { colour: io::stdout().is_terminal() && !plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_name_becomes_a_folder_name() {
        assert_eq!(slug("Retail: Saturday / Café"), "retail-saturday-café");
        assert_eq!(slug("../../etc"), "etc");
        assert_eq!(slug("!!!"), "scenario");
    }
}
