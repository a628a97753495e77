//! Many replications, on as many cores as there are; what comes out does not depend on how many.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::base::time::Moment;
use crate::base::words::{Observation, Outcome};
use crate::metrics::recorder::{Layout, Recorder, Sectioning};
use crate::metrics::tally::Section;
use crate::metrics::timeline::Timeline;
use crate::scenario::plan::Plan;

use super::engine::{Played, Witness, play};

/// How many visits of replication 0 are kept one by one. Everything else is counted, so that memory does not grow with
/// the number of visitors.
pub const OUTCOMES_KEPT: usize = 10_000;

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

/// Plays every replication of `plan` on `threads` threads. `over` is called, on any of them, when a replication is over;
/// once `stop` is set, those that are not over yet are left out.
///
/// # Errors
/// When the threads cannot be started.
pub fn simulate(
    plan: &Plan,
    layout: &Layout,
    threads: usize,
    stop: &AtomicBool,
    over: &(dyn Fn(&Played) + Sync),
) -> Result<Simulated, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let timeline = Mutex::new(Timeline::default());
    let one = |number: u32| {
        if stop.load(Ordering::Relaxed) {
            let played = Played { interrupted: true, ..Played::default() };
            return (Vec::new(), Kept::default(), played);
        }
        let (log, played) = observe(plan, layout, number, stop);
        let (sections, drawn) = log.recorder.finish();
        if !played.interrupted {
            // Sums of integers: the order in which replications finish does not matter.
            timeline.lock().unwrap_or_else(PoisonError::into_inner).merge(&drawn);
            over(&played);
        }
        (sections, log.outcomes, played)
    };
    let all: Vec<_> =
        pool.install(|| (0..plan.replications).into_par_iter().with_max_len(1).map(one).collect());
    let timeline = timeline.into_inner().unwrap_or_else(PoisonError::into_inner);
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

/// Plays replication 0 of `plan` on this thread until the `horizon`, recorded in `sectioning`, and keeps every visit: the
/// twin of a run.
#[must_use]
pub fn simulate_one(plan: &Plan, layout: &Layout, sectioning: Sectioning, horizon: Moment) -> Simulated {
    let recorder = Recorder::new(layout.clone(), sectioning);
    let mut log = Log { recorder, keep: usize::MAX, outcomes: Kept::default() };
    let played = play(plan, 0, horizon, &AtomicBool::new(false), &mut log);
    let (sections, timeline) = log.recorder.finish();
    Simulated { timeline, ..Simulated::default() }.with((sections, log.outcomes, played))
}

/// Plays replication `number` of `plan` on this thread and counts it, for whoever divides the replications among threads;
/// `None` once `stop` is set before its end.
#[must_use]
pub fn replicate(
    plan: &Plan,
    layout: &Layout,
    number: u32,
    stop: &AtomicBool,
) -> Option<(Vec<Section>, Timeline)> {
    let (log, played) = observe(plan, layout, number, stop);
    (!played.interrupted).then(|| log.recorder.finish())
}

/// Plays one replication and records it.
fn observe(plan: &Plan, layout: &Layout, number: u32, stop: &AtomicBool) -> (Log, Played) {
    let recorder = Recorder::new(layout.clone(), Sectioning::Whole { index: number });
    let keep = if number == 0 { OUTCOMES_KEPT } else { 0 };
    let mut log = Log { recorder, keep, outcomes: Kept::default() };
    let played = play(plan, number, Moment::NEVER, stop, &mut log);
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
