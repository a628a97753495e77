//! Floor 2: the record of a simulation or a run, and the figures computed from it.
//!
//! A [`Record`] holds everything that a report, a gate or a comparison needs; none of them ever sees the engines.
//! On disk it is a log ([`log`]): append-only, readable as far as it goes. Its figures ([`figures`]) are a pure function of
//! the [`Setting`] and a [`Body`]. Nothing here reads a clock or a file's name.

pub mod figures;
pub mod header;
pub mod log;
#[cfg(test)]
pub(crate) mod sample;
mod serial;
pub mod setting;
pub mod twin;

pub use header::{Header, Trailer};
pub use setting::Setting;
pub use twin::{Company, Comparison, Twin};

use crate::base::id::{DeskId, VenueId};
use crate::base::words::Outcome;
use crate::base::words::rooms::GuestOutcome;
use crate::metrics::histogram::Distribution;
use crate::metrics::slices::{self, Slices};
use crate::metrics::tally::{DeskTally, Section, TrafficTally, VenueTally};
use crate::metrics::timeline::Timeline;

/// Outcomes kept at the most; beyond it they are counted in the tallies alone.
pub const MOST_OUTCOMES: usize = 1_000_000;

/// One simulation, or one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What was to be done, and where.
    pub header: Header,
    /// What happened.
    pub body: Body,
    /// What happened to the very same people in virtual time, beside a run.
    pub twin: Option<Twin>,
    /// How it ended. Without it the record is incomplete.
    pub trailer: Option<Trailer>,
}

impl Record {
    /// Whether it was written to its end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.trailer.is_some()
    }
}

/// What was recorded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// Replications, or batches of a run, by index, each once.
    pub sections: Vec<Section>,
    /// The same by slices of the day, one set for each width that a gate asks for, summed over replications.
    pub slices: Vec<Slices>,
    /// What happened when, summed over replications.
    pub timeline: Timeline,
    /// Visits to desks one by one, in the order in which they were over (a simulation may keep none).
    pub outcomes: Vec<Outcome>,
    /// Visits to rooms, likewise.
    pub guests: Vec<GuestOutcome>,
    /// Whether there were more than [`MOST_OUTCOMES`] of either.
    pub outcomes_truncated: bool,
}

impl Body {
    /// Adds a section, or a part of one that is there.
    pub fn add_section(&mut self, part: &Section) {
        match self.sections.binary_search_by_key(&part.index, |section| section.index) {
            Ok(place) => self.sections[place].merge(part),
            Err(place) => self.sections.insert(place, part.clone()),
        }
    }

    /// Adds a part of the recorded: sections and timeline.
    pub fn add_delta(&mut self, sections: &[Section], timeline: &Timeline) {
        sections.iter().for_each(|part| self.add_section(part));
        self.timeline.merge(timeline);
    }

    /// Adds a part of what was recorded by slices.
    pub fn add_slices(&mut self, parts: &[Slices]) {
        slices::merge(&mut self.slices, parts);
    }

    /// Adds a part of all of it.
    pub fn add(&mut self, part: &Self) {
        self.add_delta(&part.sections, &part.timeline);
        self.add_slices(&part.slices);
        self.add_outcomes(&part.outcomes);
        self.add_guests(&part.guests);
        self.outcomes_truncated |= part.outcomes_truncated;
    }

    /// Everything counted at a desk, all sections together.
    #[must_use]
    pub fn desk(&self, desk: DeskId) -> DeskTally<Distribution> {
        let mut all = DeskTally::default();
        self.sections
            .iter()
            .filter_map(|section| section.desks.get(desk.index()))
            .for_each(|one| all.merge(one));
        all
    }

    /// Everything counted in a venue, all sections together.
    #[must_use]
    pub fn venue(&self, venue: VenueId) -> VenueTally<Distribution> {
        let mut all = VenueTally::default();
        let of = self.sections.iter().filter_map(|section| section.venues.get(venue.index()));
        of.for_each(|one| all.merge(one));
        all
    }

    /// Everything counted of the traffic, all sections together; `None` of a simulation.
    #[must_use]
    pub fn traffic(&self) -> Option<TrafficTally<Distribution>> {
        let mut tallies = self.sections.iter().filter_map(|section| section.traffic.as_ref());
        let mut all = tallies.next()?.clone();
        tallies.for_each(|one| all.merge(one));
        Some(all)
    }

    /// Adds visits, as far as there is room for them.
    pub fn add_outcomes(&mut self, outcomes: &[Outcome]) {
        let room = MOST_OUTCOMES - self.outcomes.len();
        self.outcomes.extend_from_slice(&outcomes[..outcomes.len().min(room)]);
        self.outcomes_truncated |= outcomes.len() > room;
    }

    /// Adds visits to rooms, as far as there is room for them.
    pub fn add_guests(&mut self, visits: &[GuestOutcome]) {
        let room = MOST_OUTCOMES - self.guests.len();
        self.guests.extend_from_slice(&visits[..visits.len().min(room)]);
        self.outcomes_truncated |= visits.len() > room;
    }
}
