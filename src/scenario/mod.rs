//! Floor 1: YAML → validated plan.
//!
//! Two stages: as typed (a tree whose nodes know their place), then resolved ([`plan::Plan`]). All problems are found
//! in one go, each with its place, what was found, what was expected and a hint. Nothing downstream of this module sees
//! the YAML, and nothing in it reads anything but the scenario and the files that the scenario names.

mod amend;
pub mod arrivals;
pub mod defaults;
pub mod dialects;
pub mod duty;
pub mod explain;
mod format;
pub mod gate;
mod input;
mod keys;
mod node;
pub mod plan;
pub mod problem;
mod quantity;
mod resolve;
pub mod schema;
pub mod solved;
pub mod summary;
mod target_file;

use std::path::{Path, PathBuf};

use crate::base::hash::fingerprint;
use crate::base::time::Span;

use explain::Row;
use node::Malformed;
use plan::Plan;
use plan::faults::Faults;
use problem::{Place, Problem, Problems};
use solved::Solved;

/// A scenario that makes sense.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it resolves to.
    pub plan: Plan,
    /// As it was typed.
    pub text: String,
    /// The file.
    pub path: PathBuf,
    /// Every resolved value, in the order of the format.
    pub rows: Vec<Row>,
    /// What makes sense and is still surprising.
    pub warnings: Vec<String>,
    /// What was solved for it.
    pub solved: Solved,
}

impl Scenario {
    /// Tells plans apart: the same for two texts that resolve to the same.
    #[must_use]
    pub fn plan_hash(&self) -> String {
        explain::hash(&self.rows)
    }

    /// Tells texts apart.
    #[must_use]
    pub fn text_hash(&self) -> String {
        fingerprint(&self.text)
    }
}

/// What is given beside a scenario, and goes for it instead of what is typed there.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// What stands after `target` in the scenario, alone in a file. The paths in it start from where that is.
    pub target: Option<PathBuf>,
    /// Pairs of a dotted key (`support.agents.count`) and the value as it would be typed.
    pub keys: Vec<(String, String)>,
}

/// Reads and resolves the scenario in the file `path`.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load(path: &Path) -> Result<Scenario, Problems> {
    load_holding(path, &Beside::default(), &Solved::default())
}

/// The same with something given beside it, as a what-if: what was solved for the scenario is held, as far as the keys given
/// beside it are not there to determine it.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load_holding(path: &Path, beside: &Beside, solved: &Solved) -> Result<Scenario, Problems> {
    let name = path.display().to_string();
    let text = read(path, "a scenario, a YAML file")?;
    let directory = path.parent().unwrap_or(Path::new("."));
    parse_with(&name, text, directory, beside, solved)
}

/// Reads and resolves the faults of a server in the file `path`: what stands after `faults` in a scenario, alone.
///
/// # Errors
/// Everything that is wrong with them, at once.
pub fn load_faults(path: &Path) -> Result<Faults, Problems> {
    let name = path.display().to_string();
    let text = read(path, "the faults of a server, a YAML file")?;
    let root = node::parse(&text).map_err(|problem| misshapen(&name, &text, problem, ""))?;
    let directory = path.parent().unwrap_or(Path::new("."));
    let source =
        resolve::Source { file: &name, text: &text, target: None, directory, held: Solved::default() };
    resolve::faults(root, source)
}

fn read(path: &Path, what: &str) -> Result<String, Problems> {
    input::read_text(path, what).map_err(|misfit| {
        Problems::one(Problem {
            file: path.display().to_string(),
            place: Place::default(),
            source: None,
            path: String::new(),
            found: misfit.found.unwrap_or_default(),
            expected: misfit.expected,
            // Whoever names a scenario does so from where they are; only paths in it start from where it is.
            hint: misfit.hint.filter(|_| path.exists()),
        })
    })
}

/// A text that is no tree, or an amendment that is none.
fn misshapen(name: &str, text: &str, malformed: Malformed, path: &str) -> Problems {
    Problems::one(Problem {
        file: origin(name, malformed.at),
        place: malformed.at,
        source: text.lines().nth((malformed.at.line as usize).wrapping_sub(1)).map(str::to_owned),
        path: path.to_owned(),
        found: malformed.found,
        expected: malformed.expected.to_owned(),
        hint: malformed.hint.map(str::to_owned),
    })
}

/// Resolves the scenario `text` from a file named `name`; the paths in it start from `directory`.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn parse(name: &str, text: String, directory: &Path) -> Result<Scenario, Problems> {
    parse_with(name, text, directory, &Beside::default(), &Solved::default())
}

fn parse_with(
    name: &str,
    text: String,
    directory: &Path,
    beside: &Beside,
    solved: &Solved,
) -> Result<Scenario, Problems> {
    let mut root = node::parse(&text).map_err(|problem| misshapen(name, &text, problem, ""))?;
    let target = beside.target.as_deref().map(target_file::read).transpose()?;
    let target = target.map(|(file, node)| {
        *amend::below(&mut root, "target") = file.behind(&text, node);
        file
    });
    for (path, value) in &beside.keys {
        amend::amend(&mut root, path, value)
            .map_err(|problem| Malformed { at: Place::default(), ..problem })
            .map_err(|problem| misshapen(name, &text, problem, path))?;
    }
    let held = solved.but_for(&beside.keys);
    let source = resolve::Source { file: name, text: &text, target: target.as_ref(), directory, held };
    let resolve::Resolved { plan, rows, warnings, solved } = resolve::resolve(root, source)?;
    Ok(Scenario { plan, text, path: PathBuf::from(name), rows, warnings, solved })
}

/// The file that a place of a scenario is in. What was given beside the file has no place in it.
fn origin(file: &str, at: Place) -> String {
    if at.line == 0 { format!("given beside {file}") } else { file.to_owned() }
}

/// A length of time as scenarios write it: `90s`, `45m`, `1h 30m`. Not zero.
///
/// # Errors
/// What was expected instead, in words.
pub fn duration(text: &str) -> Result<Span, String> {
    quantity::positive_duration(text).map_err(expected)
}

/// A share as scenarios write it: `80%`.
///
/// # Errors
/// What was expected instead, in words.
pub fn share(text: &str) -> Result<f64, String> {
    quantity::share(text).map_err(expected)
}

fn expected(misfit: quantity::Misfit) -> String {
    match misfit.hint {
        Some(hint) => format!("{} is expected; {hint}", misfit.expected),
        None => format!("{} is expected", misfit.expected),
    }
}

#[cfg(test)]
mod tests;
