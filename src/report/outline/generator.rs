//! The generator itself: how it fared, and whether its run is valid.

use std::borrow::Cow;

use super::{About, Block, Part, Row, Rows};
use crate::gates::validity::{Rule, Ruling};
use crate::report::{Report, number};

/// A rule that makes a run valid, as a person reads it.
#[derive(Clone, Debug)]
pub(in crate::report) struct Ruled {
    pub(in crate::report) label: &'static str,
    pub(in crate::report) value: String,
    pub(in crate::report) limit: String,
    /// `None` where there is no value.
    pub(in crate::report) holds: Option<bool>,
}

impl Ruled {
    /// The heads of the columns: of the value, of the limit, and of [`Self::word`], which needs none.
    pub(in crate::report) const COLUMNS: [&'static str; 3] = ["value", "limit", ""];

    fn of(ruling: &Ruling) -> Self {
        let shown = |value| number::value(value, ruling.rule.unit());
        let label = match ruling.rule {
            Rule::Lag => "lag p99",
            Rule::DroppedStarts => "starts dropped",
            Rule::Cpu => "processor when busiest",
            Rule::Unconnected => "connections not opened",
            Rule::Unfinished => "visits unfinished",
        };
        let limit = shown(Some(ruling.limit));
        Self { label, value: shown(ruling.value), limit, holds: ruling.value.map(|_| ruling.holds()) }
    }

    /// Whether it holds.
    pub(in crate::report) const fn word(&self) -> &'static str {
        match self.holds {
            Some(true) => "holds",
            Some(false) => "BROKEN",
            None => "not known",
        }
    }
}

impl Report<'_> {
    /// What the target told of itself; of one that told nothing, nothing.
    pub(super) fn target(&self) -> Block<'_> {
        let wanted = [
            ("cores", "target.cpu.cores"),
            ("memory", "target.memory.max"),
            ("queue", "target.queue.mean"),
            ("at most", "target.queue.max"),
        ];
        let told = |name| self.figure(name).filter(|figure| figure.value.is_some());
        let cells: Vec<_> = wanted.iter().map(|(_, name)| told(name)).collect();
        let row = Row { label: Cow::Borrowed("as it says"), cells };
        let is_told = row.cells.iter().any(Option::is_some);
        let (columns, rows) =
            (wanted.map(|(head, _)| head).to_vec(), is_told.then_some(row).into_iter().collect());
        Block { title: "The server itself".to_owned(), rows: Rows::Table { columns, rows } }
    }

    /// What it was late by and what it took, and the rules that make its run valid.
    pub(super) fn generator(&self) -> Part<'_> {
        let of = |name: &str| name.to_owned();
        let rows = self.rows(&[
            ("lag p99", of("generator.lag.p99")),
            ("lag max", of("generator.lag.max")),
            ("a timer alone is late by", of("generator.timer_resolution")),
            ("starts dropped", of("generator.dropped_starts")),
            ("connected at once", of("generator.peak_open")),
            ("processor", of("generator.cpu.share")),
            ("processor when busiest", of("generator.cpu.peak")),
            ("memory", of("generator.memory.max")),
        ]);
        let rules = Rows::Rules(self.rulings.iter().map(Ruled::of).collect());
        Part {
            about: About::Generator,
            title: "The generator itself".to_owned(),
            note: "how late it was for what it had scheduled, real time".to_owned(),
            blocks: vec![
                Block { title: "Generator".to_owned(), rows },
                Block { title: "What makes the run valid".to_owned(), rows: rules },
            ],
        }
    }
}
