//! What there is to record, and how it is divided.

use crate::base::id::{DeskId, PopulationId};
use crate::base::time::{Moment, Span};

/// What the figures cover: [warm_up, length).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its start.
    pub warm_up: Moment,
    /// Its end.
    pub length: Moment,
}

/// What there is to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// What counts.
    pub window: Window,
    /// The desks, in the plan's order.
    pub desks: Vec<DeskLayout>,
    /// The rooms and portals, in the plan's order.
    pub venues: Vec<VenueLayout>,
    /// The widths of the slices of time that are recorded beside the sections, each once: those that gates ask for.
    pub slices: Vec<Span>,
}

impl Layout {
    /// The place of the desk at which a population asks to be served.
    pub(super) fn home(&self, population: PopulationId) -> usize {
        match population.index().checked_sub(self.desks.len()) {
            None => population.index(),
            Some(venue) => self.venues[venue].turns_to.map_or(0, DeskId::index),
        }
    }
}

/// What there is to record of one venue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VenueLayout {
    /// How many rooms it has.
    pub rooms: u32,
    /// When they are open, in order, without overlaps; `None`: always.
    pub open: Option<Vec<(Moment, Moment)>>,
    /// The desk to which its guests turn whom nobody answers, if there is one.
    pub turns_to: Option<DeskId>,
}

impl VenueLayout {
    /// Tells `open` every part of [from, to) in which its rooms are open.
    pub(super) fn each_open(&self, from: Moment, to: Moment, mut open: impl FnMut(Moment, Moment)) {
        let Some(openings) = &self.open else { return open(from, to) };
        let first = openings.partition_point(|(_, end)| *end <= from);
        for &(begin, end) in openings[first..].iter().take_while(|(begin, _)| *begin < to) {
            open(begin.max(from), end.min(to));
        }
    }
}

/// What there is to record of one desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskLayout {
    /// How many topics.
    pub topics: usize,
    /// The groups of agents, in the plan's order.
    pub groups: Vec<GroupLayout>,
    /// The service level's threshold T.
    pub within: Span,
    /// How early one must leave for it not to be held against the desk.
    pub short_abandon: Span,
}

/// What there is to know of one group of agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupLayout {
    /// Conversations at once of each of its agents, at the most.
    pub slots: u32,
}

/// What a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sectioning {
    /// The whole window: one replication.
    Whole {
        /// Its number.
        index: u32,
    },
    /// Equal parts of the window: the batches of a run.
    Batches {
        /// How many; at least 1.
        count: u32,
    },
    /// Parts of a given width, counted from 0, not from the window's start: a slice begins at a round time of day where
    /// the scenario does. The first and the last have only what the window has of them.
    Slices {
        /// How wide; not 0.
        width: Span,
    },
}

impl Sectioning {
    /// The number of the first section, how many there are, where the first begins, and how long each is in nanoseconds.
    pub(super) fn divided(self, window: Window) -> (u32, u32, Moment, u64) {
        let Window { warm_up, length } = window;
        let nanos = length.since(warm_up).nanos();
        match self {
            Self::Whole { index } => (index, 1, warm_up, nanos.max(1)),
            Self::Batches { count } => {
                let count = count.max(1);
                (0, count, warm_up, nanos.div_ceil(u64::from(count)).max(1))
            }
            Self::Slices { width } => {
                let width = width.nanos().max(1);
                let first = warm_up.nanos() / width;
                let count = length.nanos().div_ceil(width).saturating_sub(first).max(1);
                (first as u32, count as u32, Moment::from_nanos(first * width), width)
            }
        }
    }
}
