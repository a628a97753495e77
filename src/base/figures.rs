//! The catalogue of figures: every name that a record, a report or a gate may use, with its unit, what it means and
//! which command can produce it.
//!
//! A name that is not here is not a figure. `record::figures` computes exactly these (its tests hold it to that), and
//! gates are checked against them when the scenario is read. Nothing here computes.

mod catalogue;
mod names;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use catalogue::CATALOGUE;
pub use names::{Known, KnownDesk, KnownVenue, Unknown, VenueWord, lookup, names};

/// What makes a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Command {
    /// Virtual time.
    Simulate,
    /// Real time, against a server.
    Run,
}

impl Command {
    /// As typed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Simulate => "simulate",
            Self::Run => "run",
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a figure's value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A fraction from 0 to 1, shown as a percentage.
    Share,
    /// A time in seconds.
    Seconds,
    /// A plain number.
    Number,
    /// An amount of the scenario's money.
    Money,
    /// Memory.
    Bytes,
}

impl Unit {
    /// What is written after the value where it is shown: `%` (of a hundred times the value), `s`, or nothing. The
    /// currency of money is the scenario's.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Share => "%",
            Self::Seconds => "s",
            Self::Bytes => "B",
            Self::Number | Self::Money => "",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Share => "share",
            Self::Seconds => "seconds",
            Self::Number => "number",
            Self::Money => "money",
            Self::Bytes => "bytes",
        })
    }
}

/// A line of the catalogue: one figure, or several that differ in a word.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name, with `<desk>`, `<topic>`, `<group>`, `<channel>`, `<page>` for names of the scenario, `<room>` for `room.NAME` or
    /// `portal.NAME`, and `{a,b}` for alternatives.
    pub pattern: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// What it is.
    pub definition: &'static str,
    /// The commands that can produce it.
    pub produced_by: &'static [Command],
}

impl Entry {
    /// Whether `command` can produce it.
    #[must_use]
    pub fn by(&self, command: Command) -> bool {
        self.produced_by.contains(&command)
    }
}
