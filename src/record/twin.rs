//! A run's twin: the very same people in virtual time, and how far the two agree. Plain counts; the pairing is done
//! where both engines are known.

use serde::{Deserialize, Serialize};

use super::Body;

/// The twin of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Twin {
    /// What happened to them in virtual time.
    pub body: Body,
    /// Side by side with the run.
    pub comparison: Comparison,
}

/// Who of the paired ended the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Visits that are in both.
    pub paired: u64,
    /// Of these, visits that ended the same way.
    pub same_ending: u64,
    /// Visits in both that queued in either.
    pub queued_paired: u64,
    /// Of these, visits that ended the same way.
    pub queued_same: u64,
    /// Visits that are in the run alone.
    pub only_in_run: u64,
    /// Visits that are in the twin alone.
    pub only_in_twin: u64,
    /// The seed of a third simulation, of other people, which the run is paired with so that the agreement means
    /// something.
    pub unrelated_seed: u64,
    /// Visits of the same key in the run and among the others.
    pub unrelated_paired: u64,
    /// Of these, visits that ended the same way.
    pub unrelated_same: u64,
    /// Guests of rooms, in the run and in the twin.
    pub rooms: Company,
    /// The same in the run and among the others.
    pub unrelated_rooms: Company,
    /// What the twin took for granted of the target, in sentences.
    pub assumed: Vec<String>,
    /// Some of those who ended differently, [`Comparison::MOST_DIFFERING`] at the most.
    pub differing: Vec<Differing>,
}

/// Who of the guests met whom, in the run and in a simulation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Visits that are in both.
    pub paired: u64,
    /// Of these, visits that ended the same way.
    pub same_ending: u64,
    /// Of these, visits that met somebody in both, or nobody in both.
    pub same_company: u64,
    /// Visits that are in the run alone.
    pub only_in_run: u64,
    /// Visits that are in the simulation alone.
    pub only_in_twin: u64,
    /// Two visits that were in the same room at once, in the run.
    pub met_in_run: u64,
    /// The same in the simulation.
    pub met_in_twin: u64,
    /// The same two in both.
    pub met_in_both: u64,
}

impl Company {
    /// Two visits that met in the run, in the simulation, or in both.
    #[must_use]
    pub const fn met_in_either(&self) -> u64 {
        (self.met_in_run + self.met_in_twin).saturating_sub(self.met_in_both)
    }
}

impl Comparison {
    /// Examples kept at the most.
    pub const MOST_DIFFERING: usize = 20;
}

/// A visit that ended differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differing {
    /// The desk's number.
    pub desk: u16,
    /// Who: see `VisitId`'s own way of writing it.
    pub visit: String,
    /// The intended start, in nanoseconds of scenario time.
    pub start_nanos: u64,
    /// How it ended in the run.
    pub in_run: String,
    /// When.
    pub in_run_nanos: u64,
    /// How it ended in the twin.
    pub in_twin: String,
    /// When.
    pub in_twin_nanos: u64,
}
