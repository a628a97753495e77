//! All replications of all combinations, on one set of threads; what comes out does not depend on how many.
//!
//! The threads take replications in order, combination after combination, and whoever finishes the last one of a
//! combination computes its figures: there is no waiting between combinations, few of them are in memory at once, and
//! when somebody stops it the first ones are whole.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::base::figures::Command;
use crate::gates::check::{Verdict, judge};
use crate::record::figures::{Figure, Figures, figures};
use crate::record::{Body, Setting};
use crate::sim::replicate::replicate;

use super::paired::{Difference, Sampled};
use super::{Cell, Chosen, Job, Value};

/// Plays every job, the base first, on `threads` threads, and gives those that were played to their end, in the grid's
/// order. All have as many replications. `over` is called, on any thread, when a replication is over; once `stop` is
/// set, those that are not over yet are left out.
///
/// # Errors
/// When the threads cannot be started.
pub fn play(
    jobs: &[Job],
    chosen: &[Chosen],
    threads: usize,
    stop: &AtomicBool,
    over: &(dyn Fn() + Sync),
) -> Result<Vec<Cell>, rayon::ThreadPoolBuildError> {
    let replications = jobs.first().map_or(1, |job| job.plan.replications).max(1);
    let benches: Vec<Bench> = jobs.iter().map(|job| Bench::new(job, replications)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while !stop.load(Ordering::Relaxed) {
            let task = next.fetch_add(1, Ordering::Relaxed);
            let Some(bench) = benches.get(task / replications as usize) else { return };
            if bench.replicate((task % replications as usize) as u32, chosen, stop) {
                over();
            }
        }
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    pool.broadcast(|_| work());
    let played = benches.into_iter().map(|bench| bench.played.into_inner()).collect();
    Ok(cells(jobs, chosen, played))
}

/// Where one combination is played.
struct Bench<'a> {
    job: &'a Job,
    setting: Setting,
    /// Replications that are not over.
    left: AtomicU32,
    done: Mutex<Done>,
    played: OnceLock<Played>,
}

/// The replications that are over.
struct Done {
    body: Body,
    /// The figures asked for, a row a replication.
    days: Vec<Vec<Option<f64>>>,
}

/// A combination that was played to its end.
struct Played {
    figures: Vec<Option<Figure>>,
    days: Vec<Vec<Option<f64>>>,
    verdicts: Vec<Verdict>,
}

impl<'a> Bench<'a> {
    fn new(job: &'a Job, replications: u32) -> Self {
        let done = Done { body: Body::default(), days: vec![Vec::new(); replications as usize] };
        Self {
            job,
            setting: Setting::of(&job.plan, Command::Simulate),
            left: AtomicU32::new(replications),
            done: Mutex::new(done),
            played: OnceLock::new(),
        }
    }

    /// Plays a replication, and closes the books if it was the last; whether it was played to its end.
    fn replicate(&self, number: u32, chosen: &[Chosen], stop: &AtomicBool) -> bool {
        let Some(counted) = replicate(&self.job.plan, &self.setting.layout(), number, stop) else {
            return false;
        };
        let mut day = Body::default();
        day.add_delta(&counted.sections, &counted.timeline);
        let values = asked(chosen, &figures(&self.setting, &day));
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.body.add_delta(&counted.sections, &counted.timeline);
        done.body.add_slices(&counted.slices);
        done.days[number as usize] =
            values.iter().map(|figure| figure.and_then(|figure| figure.value)).collect();
        let last = self.left.fetch_sub(1, Ordering::Relaxed) == 1;
        if last {
            let all = Done { body: std::mem::take(&mut done.body), days: std::mem::take(&mut done.days) };
            drop(done);
            // Nobody else comes here: the count passes 1 once.
            let _ = self.played.set(self.close(all, chosen));
        }
        true
    }

    fn close(&self, done: Done, chosen: &[Chosen]) -> Played {
        let all = figures(&self.setting, &done.body);
        Played {
            figures: asked(chosen, &all),
            days: done.days,
            verdicts: judge(&self.setting, &done.body, &all, Command::Simulate),
        }
    }
}

fn asked(chosen: &[Chosen], figures: &Figures) -> Vec<Option<Figure>> {
    chosen.iter().map(|chosen| figures.get(&chosen.name).copied()).collect()
}

/// What was played to its end, compared with the first job and put in the grid's order.
fn cells(jobs: &[Job], chosen: &[Chosen], played: Vec<Option<Played>>) -> Vec<Cell> {
    let sampled = |played: &Played, figure: usize| Sampled {
        pooled: played.figures[figure].and_then(|figure| figure.value),
        days: played.days.iter().map(|day| day[figure]).collect(),
    };
    let base: Option<Vec<Sampled>> = match played.first() {
        Some(Some(base)) => Some((0..chosen.len()).map(|figure| sampled(base, figure)).collect()),
        _ => None,
    };
    let mut cells: Vec<Cell> = Vec::new();
    for (number, (job, played)) in jobs.iter().zip(played).enumerate() {
        let Some(played) = played else { continue };
        let is_base = number == 0;
        let value = |(place, figure): (usize, &Option<Figure>)| {
            let base = base.as_ref().filter(|_| !is_base);
            let difference =
                base.and_then(|base| Difference::between(&base[place], &sampled(&played, place)));
            figure.map(|figure| Value { figure, difference })
        };
        let values = played.figures.iter().enumerate().map(value).collect();
        let plan_hash = job.plan_hash.clone();
        cells.push(Cell { cell: job.cell, is_base, plan_hash, values, verdicts: played.verdicts });
    }
    cells.sort_by_key(|cell| cell.cell);
    cells
}
