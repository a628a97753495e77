//! A sweep: the same people under every combination of what is varied, and how each combination differs from the
//! scenario as it stands.
//!
//! All combinations are played with one seed. Draws are keyed to the visitor, so replication i is the same day in all of
//! them: what differs is what was varied, not who came. Plans come resolved: a combination that the scenario refuses is
//! known before anything is played.

mod grid;
mod paired;
mod play;
mod vary;

pub use grid::Grid;
pub use paired::Difference;
pub use play::play;
pub use vary::{Axis, Misuse};

use crate::base::figures::{Command, Known, Unit, VenueWord, lookup};
use crate::gates::check::{Overall, Verdict, overall};
use crate::record::Header;
use crate::record::figures::Figure;
use crate::scenario::plan::Plan;

/// Keys that can be varied at once: more than three, and nobody can look at the result.
pub const MOST_AXES: usize = 3;
/// Combinations at the most.
pub const MOST_CELLS: usize = 400;

/// A combination to be played.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its number in the grid; none of the scenario as it stands, where that is no combination of the grid.
    pub cell: Option<usize>,
    /// What to play.
    pub plan: Plan,
    /// The plan's fingerprint.
    pub plan_hash: String,
}

/// What is to be played: the base first, so that whatever is done when somebody stops it can be compared.
///
/// The base is the scenario as it stands: the first combination of the grid that resolves to the same, or a job of its own.
#[must_use]
pub fn jobs(base: Job, grid: Vec<Job>) -> Vec<Job> {
    let mut jobs = grid;
    match jobs.iter().position(|job| job.plan_hash == base.plan_hash) {
        Some(place) => jobs[..=place].rotate_right(1),
        None => jobs.insert(0, base),
    }
    jobs
}

/// A combination that was played, every replication of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its number in the grid; none of the scenario as it stands, where that is no combination of the grid.
    pub cell: Option<usize>,
    /// Whether the others are compared with this one.
    pub is_base: bool,
    /// The plan's fingerprint.
    pub plan_hash: String,
    /// The figures that were asked for, in that order; none where the combination has no such figure.
    pub values: Vec<Option<Value>>,
    /// What became of its gates, in the order in which they were typed.
    pub verdicts: Vec<Verdict>,
}

impl Cell {
    /// The verdict on all its gates; none where it has none.
    #[must_use]
    pub fn overall(&self) -> Option<Overall> {
        (!self.verdicts.is_empty()).then(|| overall(&self.verdicts))
    }
}

/// A figure of a combination.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// The figure.
    pub figure: Figure,
    /// How it differs from the base; none of the base itself.
    pub difference: Option<Difference>,
}

/// A figure that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Its full name.
    pub name: String,
    /// Its unit.
    pub unit: Unit,
    /// What it is.
    pub definition: &'static str,
}

impl Chosen {
    /// The figure of this name, in a scenario of these names.
    ///
    /// # Errors
    /// When there is none, or no simulation has it.
    pub fn of(name: &str, known: &Known) -> Result<Self, Misuse> {
        let entry = lookup(name, known).map_err(|unknown| Misuse {
            what: format!("{name} is no figure of this scenario"),
            hint: unknown.nearest.map(|name| format!("did you mean `{name}`?")),
        })?;
        if !entry.by(Command::Simulate) {
            let what = format!("{name} is a figure of a run alone: no simulation has it");
            return Err(Misuse { what, hint: None });
        }
        Ok(Self { name: name.to_owned(), unit: entry.unit, definition: entry.definition })
    }
}

/// The figures that are shown where none is asked for. Of the first desk: who is served in time, who gives up, who ends on
/// the phone and how busy the agents are. Of the first room or portal: who meets nobody, who leaves frustrated, whose questions
/// are answered, what a message costs, and how many rooms are alive. And what a contact leaves, where there are sales.
#[must_use]
pub fn usual(known: &Known) -> Vec<Chosen> {
    let of = |name: &str, figures: &[&str]| -> Vec<String> {
        figures.iter().map(|figure| format!("{name}.{figure}")).collect()
    };
    let mut names = match known.desks.iter().find(|desk| !desk.phone).or(known.desks.first()) {
        Some(desk) if desk.phone => {
            of(&desk.name, &["service_level.offered.share", "abandoned.share", "engaged.share"])
        }
        Some(desk) => of(
            &desk.name,
            &["service_level.offered.share", "abandoned.share", "escalated.share", "agents.engaged.share"],
        ),
        None => Vec::new(),
    };
    if let Some(venue) = known.venues.first() {
        let name = format!("{}.{}", venue.word.name(), venue.name);
        let all = ["never_met.share", "frustrated.share", "answered.share", "moderation.cost_per_message"];
        names.extend(of(&name, &all));
        if venue.word == VenueWord::Portal {
            names.extend(of(&name, &["alive.share"]));
        }
    }
    names.push("margin.per_contact".to_owned());
    names.iter().filter_map(|name| Chosen::of(name, known).ok()).collect()
}

/// A sweep, as far as it went.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// The scenario as it stands, and where it was played.
    pub header: Header,
    /// When it ended, in milliseconds since 1970 (Unix time).
    pub ended_unix_ms: u64,
    /// What was varied.
    pub grid: Grid,
    /// The figures that were asked for.
    pub chosen: Vec<Chosen>,
    /// What is done, in the order of the grid; the scenario as it stands first where that is no combination of it.
    pub cells: Vec<Cell>,
    /// Whether somebody stopped it: some combinations are missing.
    pub interrupted: bool,
}

impl Sweep {
    /// The combination that the others are compared with, unless it was stopped before that was played.
    #[must_use]
    pub fn base(&self) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.is_base)
    }

    /// Combination number `cell`, if it is done.
    #[must_use]
    pub fn at(&self, cell: usize) -> Option<&Cell> {
        self.cells.iter().find(|done| done.cell == Some(cell))
    }

    /// How many times narrower the intervals of the differences are than without common random numbers: the median over
    /// all that have one.
    #[must_use]
    pub fn narrower(&self) -> Option<f64> {
        let values = self.cells.iter().flat_map(|cell| cell.values.iter().flatten());
        let mut all: Vec<f64> = values
            .filter_map(|value| value.difference.as_ref()?.narrower())
            .filter(|x| x.is_finite())
            .collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    }
}

#[cfg(test)]
mod tests;
