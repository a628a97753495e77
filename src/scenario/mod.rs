//! Floor 1: YAML → validated plan.
//!
//! Two stages: as typed (a tree whose nodes know their place), then resolved ([`plan::Plan`]). All problems are found
//! in one go, each with its place, what was found, what was expected and a hint. Nothing downstream of this module sees
//! the YAML, and nothing in it reads anything but the scenario and the files that the scenario names.

pub mod arrivals;
pub mod defaults;
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
pub mod summary;

use std::path::{Path, PathBuf};

use explain::Row;
use plan::Plan;
use problem::{Place, Problem, Problems};

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
}

impl Scenario {
    /// Tells plans apart: the same for two texts that resolve to the same.
    #[must_use]
    pub fn plan_hash(&self) -> u64 {
        explain::hash(&self.rows)
    }

    /// Tells texts apart.
    #[must_use]
    pub fn text_hash(&self) -> u64 {
        explain::fnv(self.text.as_bytes())
    }
}

/// Reads and resolves the scenario in the file `path`.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load(path: &Path) -> Result<Scenario, Problems> {
    let name = path.display().to_string();
    let text = input::read_text(path, "a scenario, a YAML file").map_err(|misfit| {
        Problems::one(Problem {
            file: name.clone(),
            place: Place::default(),
            source: None,
            path: String::new(),
            found: misfit.found.unwrap_or_default(),
            expected: misfit.expected,
            hint: misfit.hint,
        })
    })?;
    let directory = path.parent().unwrap_or(Path::new("."));
    parse(&name, text, directory)
}

/// Resolves the scenario `text` from a file named `name`; the paths in it start from `directory`.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn parse(name: &str, text: String, directory: &Path) -> Result<Scenario, Problems> {
    let root = node::parse(&text).map_err(|malformed| {
        Problems::one(Problem {
            file: name.to_owned(),
            place: malformed.at,
            source: text.lines().nth(malformed.at.line as usize - 1).map(str::to_owned),
            path: String::new(),
            found: malformed.found,
            expected: malformed.expected.to_owned(),
            hint: malformed.hint.map(str::to_owned),
        })
    })?;
    let source = resolve::Source { file: name, text: &text, directory };
    let resolve::Resolved { plan, rows, warnings } = resolve::resolve(root, source)?;
    Ok(Scenario { plan, text, path: PathBuf::from(name), rows, warnings })
}

#[cfg(test)]
mod tests;
