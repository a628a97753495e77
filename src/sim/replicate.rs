//! Many replications, on as many cores as there are; what comes out does not depend on how many.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use crate::base::words::{Observation, Outcome};
use crate::metrics::recorder::{Layout, Recorder, Sectioning};
use crate::metrics::tally::Section;
use crate::metrics::timeline::Timeline;
use crate::scenario::plan::Plan;

use super::engine::{Played, Witness, play};

/// How many visits of replication 0 are kept one by one. Everything else is counted, so that memory does not grow with
/// the number of visitors.
pub const OUTCOMES_KEPT: usize = 100_000;

/// How far a simulation has come; read it from another thread.
#[derive(Debug, Default)]
pub struct Progress {
    /// Replications that are over.
    pub replications: AtomicU64,
    /// Visitors who have come in them.
    pub visitors: AtomicU64,
    /// Set to end the simulation early.
    pub stop: AtomicBool,
}

/// What a simulation gives.
#[derive(Clone, Debug, Default)]
pub struct Simulated {
    /// One for each replication that was finished, in their order.
    pub sections: Vec<Section>,
    /// All of them laid over each other.
    pub timeline: Timeline,
    /// The visits of replication 0, in the order in which they ended: the first [`OUTCOMES_KEPT`].
    pub outcomes: Vec<Outcome>,
    /// Whether there were more.
    pub outcomes_truncated: bool,
    /// Visitors who came.
    pub visitors: u64,
    /// Events that went through the queues.
    pub events: u64,
    /// Whether it was stopped before the last replication was over.
    pub interrupted: bool,
}

/// Plays every replication of `plan` on `threads` threads.
///
/// # Errors
/// When the threads cannot be started.
pub fn simulate(
    plan: &Plan,
    layout: &Layout,
    threads: usize,
    progress: &Progress,
) -> Result<Simulated, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let timeline = Mutex::new(Timeline::default());
    let one = |number: u32| {
        let (log, played) = observe(plan, layout, number, &progress.stop);
        let (sections, drawn) = log.recorder.finish();
        if !played.interrupted {
            // Sums of integers: the order in which replications finish does not matter.
            timeline.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).merge(&drawn);
            progress.replications.fetch_add(1, Ordering::Relaxed);
            progress.visitors.fetch_add(played.visitors, Ordering::Relaxed);
        }
        (sections, log.outcomes, played)
    };
    let all: Vec<_> = pool.install(|| (0..plan.replications).into_par_iter().map(one).collect());
    let timeline = timeline.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    Ok(all.into_iter().fold(Simulated { timeline, ..Simulated::default() }, Simulated::with))
}

impl Simulated {
    fn with(mut self, (sections, outcomes, played): (Vec<Section>, Kept, Played)) -> Self {
        if played.interrupted {
            self.interrupted = true;
            return self;
        }
        self.sections.extend(sections);
        self.visitors += played.visitors;
        self.events += played.events;
        self.outcomes.extend(outcomes.first);
        self.outcomes_truncated |= outcomes.more;
        self
    }
}

/// Plays one replication and records it.
fn observe(plan: &Plan, layout: &Layout, number: u32, stop: &AtomicBool) -> (Log, Played) {
    let recorder = Recorder::new(layout.clone(), Sectioning::Whole { index: number });
    let keep = if number == 0 { OUTCOMES_KEPT } else { 0 };
    let mut log = Log { recorder, keep, outcomes: Kept::default() };
    let played = play(plan, number, stop, &mut log);
    (log, played)
}

/// Visits kept one by one.
#[derive(Debug, Default)]
struct Kept {
    first: Vec<Outcome>,
    more: bool,
}

/// Counts everything, and keeps the first visits.
struct Log {
    recorder: Recorder,
    keep: usize,
    outcomes: Kept,
}

impl Witness for Log {
    #[inline]
    fn note(&mut self, observation: &Observation) {
        self.recorder.note(observation);
        if let Observation::Visit(outcome) = observation
            && self.keep > 0
        {
            if self.outcomes.first.len() < self.keep {
                self.outcomes.first.push(*outcome);
            } else {
                self.outcomes.more = true;
            }
        }
    }
}
