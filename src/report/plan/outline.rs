//! What the terminal and the page say of a venue: the same sentences, and tables of the same rows.

mod company;
mod moderators;

use crate::base::figures::Unit;
use crate::report::number;
use crate::scenario::plan::rooms::VenueKind;
use crate::study::plan::{Outlook, Share, Wanted};

/// A part of the plan of a venue.
pub(in crate::report) struct Section {
    pub(in crate::report) title: &'static str,
    pub(in crate::report) said: Vec<String>,
    /// What the table is of.
    pub(in crate::report) caption: &'static str,
    pub(in crate::report) heads: Vec<String>,
    /// Each as long as the heads.
    pub(in crate::report) rows: Vec<Vec<String>>,
}

/// `room fans`, `portal exchange (500 rooms)`.
pub(in crate::report) fn title(outlook: &Outlook) -> String {
    let name = number::plain(&outlook.name);
    match outlook.kind {
        VenueKind::Room => format!("room {name}"),
        VenueKind::Portal { rooms, .. } => format!("portal {name} ({})", number::of(rooms.into(), "room")),
    }
}

/// Every part of the plan of a venue. `currency` is that of its wages.
pub(in crate::report) fn sections(outlook: &Outlook, wanted: Wanted, currency: Option<&str>) -> Vec<Section> {
    let mut all = vec![company::mass(outlook), company::rooms(&outlook.mass)];
    all.extend(outlook.hours.as_ref().map(company::hours));
    all.push(moderators::moderators(&outlook.moderators, wanted, currency));
    all
}

/// A rate as a person counts visits, without its unit: by the hour.
pub(in crate::report) fn hourly(per_sec: f64) -> String {
    rounded(per_sec * 3600.0)
}

/// Without the noise of binary fractions: 6 is not 5.9999999.
fn rounded(value: f64) -> String {
    number::number((value * 1e6).round() / 1e6)
}

fn visits(per_sec: f64) -> String {
    format!("{} visits/h", hourly(per_sec))
}

/// ` (95 %: 17.1 to 17.6)`; an end that is not known is left open.
fn range(low: Option<String>, high: Option<String>) -> String {
    match (low, high) {
        (None, None) => String::new(),
        (Some(low), Some(high)) if low == high => String::new(),
        (Some(low), Some(high)) => format!(" (95 %: {low} to {high})"),
        (Some(low), None) => format!(" (95 %: at least {low})"),
        (None, Some(high)) => format!(" (95 %: at most {high})"),
    }
}

fn interval(share: Share) -> String {
    number::interval(share.low, share.high, Unit::Share).unwrap_or_default()
}

fn heads(all: &[&str]) -> Vec<String> {
    all.iter().map(|head| (*head).to_owned()).collect()
}

/// The mark of what there is today.
const fn today(is: bool) -> &'static str {
    if is { " (today)" } else { "" }
}

/// Whether it is one, as the points of the coarse grid are.
fn is_power_of_two(times: f64) -> bool {
    let powers = libm::log2(times);
    (powers - powers.round()).abs() < 1e-6
}
