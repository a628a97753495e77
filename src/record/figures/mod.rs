//! The figures of a record: a pure function of its setting and a body, the same to the bit wherever it is computed.
//!
//! Their names, units and meanings are those of `base::figures`, no more and no fewer; the figures of a run are those of
//! a simulation and some more, which need traffic.

mod desk;
mod sheet;
mod traffic;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::figures::Unit;
use crate::metrics::interval::Spread;

use super::Body;
use super::setting::Setting;
use sheet::Sheet;

/// A figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// Pooled over the sections; none where nothing was observed, or the estimate does not reach it.
    pub value: Option<f64>,
    /// What it counts.
    pub unit: Unit,
    /// The lower end of the 95 % interval; none without independent sections to tell it from.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// The number of observations that it is computed from.
    pub n: u64,
    /// How it differs from day to day, one replication a day: the spread of days, not the doubt about the value.
    pub days: Option<Spread>,
}

/// Every figure by its full name.
pub type Figures = BTreeMap<String, Figure>;

/// Every figure that `body` can tell.
#[must_use]
pub fn figures(setting: &Setting, body: &Body) -> Figures {
    let mut sheet = Sheet::new(setting.replications_in(body), setting.batches == 1);
    let with_traffic = body.sections.iter().any(|section| section.traffic.is_some());
    for (number, desk) in setting.desks.iter().enumerate() {
        let tallies: Vec<_> = body.sections.iter().filter_map(|section| section.desks.get(number)).collect();
        if desk.phone {
            desk::phone(&mut sheet, &desk.name, &tallies);
        } else {
            // Every section covers an equal part of its replication's window.
            let section_nanos = u128::from(setting.length_nanos.saturating_sub(setting.warm_up_nanos))
                / u128::from(setting.batches.max(1));
            desk::chat(&mut sheet, desk, &tallies, section_nanos, with_traffic);
        }
    }
    if let Some(all) = body.traffic() {
        let tallies: Vec<_> = body.sections.iter().filter_map(|section| section.traffic.as_ref()).collect();
        traffic::traffic(&mut sheet, &all, &tallies);
    }
    sheet.figures
}

#[cfg(test)]
mod tests;
