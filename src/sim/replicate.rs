//! Many replications, on as many cores as there are; what comes out does not depend on how many.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::base::time::Moment;
use crate::base::words::rooms::{GuestOutcome, RoomObservation};
use crate::base::words::{Observation, Outcome};
use crate::metrics::recorder::{Layout, Recorder, Sectioning};
use crate::metrics::slices::{self, Slicer, Slices};
use crate::metrics::tally::Section;
use crate::metrics::timeline::Timeline;
use crate::record::Body;
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
    /// All of them laid over each other, for the gates that ask for slices of the day.
    pub slices: Vec<Slices>,
    /// All of them laid over each other.
    pub timeline: Timeline,
    /// The visits of replication 0 to desks, in the order in which they ended: the first [`OUTCOMES_KEPT`].
    pub outcomes: Vec<Outcome>,
    /// The same of visits to rooms.
    pub guests: Vec<GuestOutcome>,
    /// Whether there were more of either.
    pub outcomes_truncated: bool,
    /// Visitors who came.
    pub visitors: u64,
    /// Events that went through the queues.
    pub events: u64,
    /// Whether it was stopped before the last replication was over.
    pub interrupted: bool,
}

/// Plays every replication of `plan` on `threads` threads. `over` is called, on any of them, when a replication is over, with
/// what was recorded of it; once `stop` is set, those that are not over yet are left out.
///
/// # Errors
/// When the threads cannot be started.
pub fn simulate(
    plan: &Plan,
    layout: &Layout,
    threads: usize,
    stop: &AtomicBool,
    over: &(dyn Fn(&Body) + Sync),
) -> Result<Simulated, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let laid_over = Mutex::new(Simulated::default());
    let one = |number: u32| {
        if stop.load(Ordering::Relaxed) {
            let played = Played { interrupted: true, ..Played::default() };
            return (Body::default(), played);
        }
        let (log, played) = observe(plan, layout, number, stop);
        let mut body = log.body();
        if !played.interrupted {
            over(&body);
            // Sums of integers: the order in which replications finish does not matter.
            let mut all = laid_over.lock().unwrap_or_else(PoisonError::into_inner);
            all.timeline.merge(&std::mem::take(&mut body.timeline));
            slices::merge(&mut all.slices, &std::mem::take(&mut body.slices));
        }
        (body, played)
    };
    let all: Vec<_> =
        pool.install(|| (0..plan.replications).into_par_iter().with_max_len(1).map(one).collect());
    let laid_over = laid_over.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(all.into_iter().fold(laid_over, Simulated::with))
}

impl Simulated {
    /// With a replication whose timeline and slices are laid over the others already.
    fn with(mut self, (body, played): (Body, Played)) -> Self {
        if played.interrupted {
            self.interrupted = true;
            return self;
        }
        self.sections.extend(body.sections);
        self.visitors += played.visitors;
        self.events += played.events;
        self.outcomes.extend(body.outcomes);
        self.guests.extend(body.guests);
        self.outcomes_truncated |= body.outcomes_truncated;
        self
    }
}

/// Plays replication 0 of `plan` on this thread until the `horizon`, recorded in `sectioning`, and keeps every visit: the
/// twin of a run.
#[must_use]
pub fn simulate_one(plan: &Plan, layout: &Layout, sectioning: Sectioning, horizon: Moment) -> Simulated {
    let mut log = Log::new(layout, sectioning, usize::MAX);
    let played = play(plan, 0, horizon, &AtomicBool::new(false), &mut log);
    let mut body = log.body();
    let (slices, timeline) = (std::mem::take(&mut body.slices), std::mem::take(&mut body.timeline));
    Simulated { slices, timeline, ..Simulated::default() }.with((body, played))
}

/// Plays replication `number` of `plan` on this thread and counts it, for whoever divides the replications among threads;
/// `None` once `stop` is set before its end.
#[must_use]
pub fn replicate(plan: &Plan, layout: &Layout, number: u32, stop: &AtomicBool) -> Option<Counted> {
    let (log, played) = observe(plan, layout, number, stop);
    (!played.interrupted).then(|| log.finish().0)
}

/// What was counted of a replication.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Its sections.
    pub sections: Vec<Section>,
    /// The same by slices of the day, for the gates that ask for it.
    pub slices: Vec<Slices>,
    /// What happened when.
    pub timeline: Timeline,
}

/// Plays one replication and records it.
fn observe(plan: &Plan, layout: &Layout, number: u32, stop: &AtomicBool) -> (Log, Played) {
    let keep = if number == 0 { OUTCOMES_KEPT } else { 0 };
    let mut log = Log::new(layout, Sectioning::Whole { index: number }, keep);
    let played = play(plan, number, Moment::NEVER, stop, &mut log);
    (log, played)
}

/// Visits kept one by one.
#[derive(Debug, Default)]
struct Kept {
    visits: Vec<Outcome>,
    guests: Vec<GuestOutcome>,
    more: bool,
}

impl Kept {
    fn note(&mut self, observation: &Observation, most: usize) {
        match observation {
            Observation::Visit(outcome) if self.visits.len() < most => self.visits.push(*outcome),
            Observation::Room(RoomObservation::Visit(visit)) if self.guests.len() < most => {
                self.guests.push(*visit);
            }
            Observation::Visit(_) | Observation::Room(RoomObservation::Visit(_)) => self.more = true,
            _ => {}
        }
    }
}

/// Counts everything, and keeps the first visits.
struct Log {
    recorder: Recorder,
    slicer: Slicer,
    keep: usize,
    kept: Kept,
}

impl Log {
    fn new(layout: &Layout, sectioning: Sectioning, keep: usize) -> Self {
        let recorder = Recorder::new(layout.clone(), sectioning);
        Self { recorder, slicer: Slicer::new(layout), keep, kept: Kept::default() }
    }

    fn finish(mut self) -> (Counted, Kept) {
        self.slicer.close(Moment::NEVER);
        self.recorder.close(Moment::NEVER);
        let slices = self.slicer.drain_delta();
        let (sections, timeline) = self.recorder.finish();
        (Counted { sections, slices, timeline }, self.kept)
    }

    /// All of it.
    fn body(self) -> Body {
        let (Counted { sections, slices, timeline }, kept) = self.finish();
        let Kept { visits: outcomes, guests, more: outcomes_truncated } = kept;
        Body { sections, slices, timeline, outcomes, guests, outcomes_truncated }
    }
}

impl Witness for Log {
    #[inline]
    fn note(&mut self, observation: &Observation) {
        self.recorder.note(observation);
        self.slicer.note(observation);
        if self.keep > 0 {
            self.kept.note(observation, self.keep);
        }
    }
}
