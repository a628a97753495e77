//! Plays what is to be known, on one set of threads, and counts no more than that.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::base::id::RoomId;
use crate::base::time::Moment;
use crate::base::words::Observation;
use crate::base::words::rooms::RoomObservation;
use crate::sim::engine::{self, Witness};

use super::share::Share;
use super::stage::Stage;

/// Why something was not played to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// Somebody has stopped it.
    Stopped,
    /// Nobody came who counts.
    Nobody,
}

/// Where stages are played.
pub(super) struct Theatre<'a> {
    pool: rayon::ThreadPool,
    stop: &'a AtomicBool,
}

impl<'a> Theatre<'a> {
    pub(super) fn new(threads: usize, stop: &'a AtomicBool) -> Result<Self, rayon::ThreadPoolBuildError> {
        Ok(Self { pool: rayon::ThreadPoolBuilder::new().num_threads(threads).build()?, stop })
    }

    /// Plays every replication in the presence of a witness of its own, and gives those in the order of the replications.
    pub(super) fn play<W: Witness + Send>(
        &self,
        stage: &Stage,
        witness: impl Fn() -> W + Sync,
    ) -> Result<Vec<W>, Halt> {
        let one = |number: u32| {
            let mut witness = witness();
            let stopped = self.stop.load(Ordering::Relaxed)
                || engine::play(&stage.plan, number, Moment::NEVER, self.stop, &mut witness).interrupted;
            if stopped { Err(Halt::Stopped) } else { Ok(witness) }
        };
        self.pool.install(|| (0..stage.replications).into_par_iter().with_max_len(1).map(one).collect())
    }

    /// The share of visits that meet somebody.
    pub(super) fn met(&self, stage: &Stage) -> Result<Share, Halt> {
        let met = self.play(stage, || Met { window: stage.window, of: (0, 0) })?;
        Share::of(&met.iter().map(|met| met.of).collect::<Vec<_>>()).ok_or(Halt::Nobody)
    }

    /// Of every room to which anybody came in any replication: the visits that met somebody, and all.
    pub(super) fn met_by_room(&self, stage: &Stage) -> Result<BTreeMap<RoomId, (u64, u64)>, Halt> {
        let mut all: BTreeMap<RoomId, (u64, u64)> = BTreeMap::new();
        for met in self.play(stage, || MetByRoom { window: stage.window, of: BTreeMap::new() })? {
            for (room, (held, n)) in met.of {
                let sum = all.entry(room).or_default();
                *sum = (sum.0 + held, sum.1 + n);
            }
        }
        Ok(all)
    }
}

/// Whether an instant counts.
pub(super) fn counts(window: (Moment, Moment), at: Moment) -> bool {
    window.0 <= at && at < window.1
}

/// A visit that counts: its room, and whether it met somebody.
fn visit(window: (Moment, Moment), observation: &Observation) -> Option<(RoomId, bool)> {
    let Observation::Room(RoomObservation::Visit(visit)) = observation else { return None };
    counts(window, visit.start).then_some((visit.room, visit.met.is_some()))
}

/// Counts the visits that met somebody, and all.
struct Met {
    window: (Moment, Moment),
    of: (u64, u64),
}

impl Witness for Met {
    #[inline]
    fn note(&mut self, observation: &Observation) {
        if let Some((_, met)) = visit(self.window, observation) {
            self.of = (self.of.0 + u64::from(met), self.of.1 + 1);
        }
    }
}

/// The same by room.
struct MetByRoom {
    window: (Moment, Moment),
    of: BTreeMap<RoomId, (u64, u64)>,
}

impl Witness for MetByRoom {
    #[inline]
    fn note(&mut self, observation: &Observation) {
        if let Some((room, met)) = visit(self.window, observation) {
            let of = self.of.entry(room).or_default();
            *of = (of.0 + u64::from(met), of.1 + 1);
        }
    }
}
