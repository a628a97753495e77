//! The figures of a record: a pure function of its setting and a body, the same to the bit wherever it is computed.
//!
//! Their names, units and meanings are those of `base::figures`, no more and no fewer; the figures of a run are those of
//! a simulation and some more, which need traffic.

mod desk;
mod duals;
mod money;
mod platform;
mod sheet;
mod site;
mod target;
mod traffic;
mod venue;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::figures::Unit;
use crate::base::time::Span;
use crate::metrics::interval::Spread;
use crate::metrics::tally::Section;

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

/// The figures of a slice of the day.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// Where it begins, in seconds of scenario time.
    pub from_secs: f64,
    /// Where it ends.
    pub to_secs: f64,
    /// Its figures, without intervals: the slices of all replications are one.
    pub figures: Figures,
}

/// What sections cover together.
#[derive(Clone, Copy, Debug)]
struct Coverage {
    replications: usize,
    /// The scenario time that each section covers.
    section_nanos: u128,
    /// Whether each section is a day of its own.
    days: bool,
}

impl Coverage {
    fn of(setting: &Setting, body: &Body) -> Self {
        Self {
            replications: setting.replications_in(body),
            // Every section covers an equal part of its replication's window.
            section_nanos: window_nanos(setting) / u128::from(setting.batches.max(1)),
            days: setting.batches == 1,
        }
    }
}

fn window_nanos(setting: &Setting) -> u128 {
    u128::from(setting.length_nanos.saturating_sub(setting.warm_up_nanos))
}

/// Every figure that `body` can tell.
#[must_use]
pub fn figures(setting: &Setting, body: &Body) -> Figures {
    let sections: Vec<&Section> = body.sections.iter().collect();
    let mut sheet = computed(setting, &sections, Sheet::new(Coverage::of(setting, body)));
    if sections.iter().any(|section| section.traffic.is_some()) {
        target::target(&mut sheet, body.timeline.target());
    }
    sheet.figures
}

/// The values of some figures day by day, one replication a day, in their order; days on which nothing was observed are left
/// out. Of a run there are none: it is one day.
#[must_use]
pub fn days(setting: &Setting, body: &Body, wanted: &[&str]) -> BTreeMap<String, Vec<f64>> {
    let sections: Vec<&Section> = body.sections.iter().collect();
    let sheet = Sheet::new(Coverage::of(setting, body)).keeping_days_of(wanted);
    computed(setting, &sections, sheet).days_kept
}

/// The figures of every slice of `width`, all replications together; `None` where none of this width were recorded.
#[must_use]
pub fn slices(setting: &Setting, body: &Body, width: Span) -> Option<Vec<Slice>> {
    let slices = body.slices.iter().find(|slices| slices.width_nanos == width.nanos())?;
    let replications = setting.replications_in(body);
    let one = |section: &Section| {
        let setting = setting.of_slice(slices.width_nanos, section.index);
        let section_nanos = window_nanos(&setting) * replications as u128;
        let sheet = Sheet::new(Coverage { replications, section_nanos, days: false });
        let window = setting.window();
        Slice {
            from_secs: window.warm_up.secs(),
            to_secs: window.length.secs(),
            figures: computed(&setting, &[section], sheet).figures,
        }
    };
    Some(slices.sections.iter().map(one).collect())
}

fn computed(setting: &Setting, sections: &[&Section], mut sheet: Sheet) -> Sheet {
    for (number, desk) in setting.desks.iter().enumerate() {
        let tallies: Vec<_> = sections.iter().filter_map(|section| section.desks.get(number)).collect();
        if desk.phone {
            desk::phone(&mut sheet, desk, &tallies);
        } else {
            desk::chat(&mut sheet, desk, &tallies);
            platform::platform(&mut sheet, &desk.name, &tallies);
        }
    }
    for (number, venue) in setting.venues.iter().enumerate() {
        let tallies: Vec<_> = sections.iter().filter_map(|section| section.venues.get(number)).collect();
        venue::venue(&mut sheet, venue, &tallies);
    }
    money::money(&mut sheet, setting, sections);
    let tallies: Vec<_> = sections.iter().filter_map(|section| section.traffic.as_ref()).collect();
    if let Some((first, others)) = tallies.split_first() {
        let mut all = (*first).clone();
        others.iter().for_each(|tally| all.merge(tally));
        traffic::traffic(&mut sheet, &all, &tallies);
        if !setting.desks.is_empty() {
            traffic::at_desks(&mut sheet, &tallies);
        }
        if !setting.venues.is_empty() {
            traffic::in_rooms(&mut sheet, &tallies);
        }
        site::site(&mut sheet, setting.pages(), &tallies);
    }
    sheet
}

#[cfg(test)]
mod tests;
