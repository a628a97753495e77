//! `causerie sweep`.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::figures::Command;
use crate::record::Header;
use crate::report::sweep as report;
use crate::scenario::Scenario;
use crate::scenario::problem::wrapped;
use crate::study::sweep::{self, Axis, Cell, Chosen, Grid, Job, Misuse, Sweep};

use super::args::SweepArgs;
use super::exit::{Exit, Failure, no_threads};
use super::out::{Folder, look, print_with, unwritable};
use super::stamp::Stamp;
use super::{head, progress, signals, source};

/// Simulates every combination of what is varied, and the scenario as it stands.
pub(super) fn sweep(args: &SweepArgs) -> Result<Exit, Failure> {
    let grid = grid(args)?;
    let base = source::to_play(&args.play, args.days.beside())?;
    let jobs = jobs(args, &grid, &base)?;
    let started = Stamp::now();
    let header = head::header(&base, Command::Simulate, args.play.scale, started);
    let chosen = chosen(args, &header)?;
    let stop = signals::stopped()?;
    let folder = Folder::make(&args.play, &base.plan.name, started)?;
    let cells = play(args, &jobs, &chosen, &stop)?;
    let interrupted = cells.len() < jobs.len() && stop.load(Ordering::SeqCst);
    let sweep = Sweep { header, ended_unix_ms: Stamp::now().unix_ms(), grid, chosen, cells, interrupted };
    report::write_all(&folder.path, &sweep).map_err(|error| unwritable(&folder.path, &error))?;
    if args.play.json {
        print_with(|out| report::json::write(&sweep, out))?;
    } else {
        print_with(|out| report::terminal::write(&sweep, &folder.path, look(), out))?;
    }
    Ok(if interrupted { Exit::Interrupted } else { Exit::Well })
}

fn play(args: &SweepArgs, jobs: &[Job], chosen: &[Chosen], stop: &AtomicBool) -> Result<Vec<Cell>, Failure> {
    let replications: u64 = jobs.iter().map(|job| u64::from(job.plan.replications)).sum();
    let template = "{bar:30} {pos} of {len} replications, {eta} left";
    let bar = progress::bar(args.play.quiet, replications, template);
    let cells = sweep::play(jobs, chosen, args.days.threads(), stop, &|| bar.inc(1));
    bar.finish_and_clear();
    cells.map_err(|error| no_threads(&error))
}

fn misused(option: &str, misuse: &Misuse) -> Failure {
    Failure::new(Exit::Usage, format!("{option}: {}", misuse.what), misuse.hint.as_deref())
}

fn grid(args: &SweepArgs) -> Result<Grid, Failure> {
    let axis = |text: &String| Axis::parse(text).map_err(|why| misused(&format!("--vary {text}"), &why));
    let axes = args.vary.iter().map(axis).collect::<Result<Vec<Axis>, Failure>>()?;
    if args.play.length.is_some() && axes.iter().any(|axis| axis.key == "length") {
        let what = "length is varied, and --length says what it is instead";
        return Err(Failure::new(Exit::Usage, what, Some("leave --length out")));
    }
    Grid::new(axes).map_err(|why| misused("--vary", &why))
}

fn chosen(args: &SweepArgs, header: &Header) -> Result<Vec<Chosen>, Failure> {
    let known = header.setting.known();
    if args.figure.is_empty() {
        return Ok(sweep::usual(&known));
    }
    let distinct: BTreeSet<&String> = args.figure.iter().collect();
    if distinct.len() < args.figure.len() {
        return Err(Failure::new(Exit::Usage, "--figure: a figure is there twice", None));
    }
    let one = |name: &String| Chosen::of(name, &known).map_err(|why| misused("--figure", &why));
    args.figure.iter().map(one).collect()
}

/// Everything that is to be played. People stay who they are in the scenario as it stands: what was solved for it is held.
/// Every combination is resolved before anything is: what the scenario refuses is
/// said at once, with the first combination in which it does.
fn jobs(args: &SweepArgs, grid: &Grid, base: &Scenario) -> Result<Vec<Job>, Failure> {
    let (mut jobs, mut refused, mut warned) = (Vec::new(), Vec::new(), BTreeSet::new());
    warned.extend(base.warnings.iter().cloned());
    for cell in 0..grid.cells() {
        let mut beside = args.days.beside();
        beside.keys.extend(grid.values(cell).map(|(key, value)| (key.to_owned(), value.to_owned())));
        match source::resolved(&args.play, beside, &base.solved) {
            Ok(scenario) => {
                for warning in &scenario.warnings {
                    if warned.insert(warning.clone()) {
                        source::say_warning(&format!("with {}: {warning}", grid.name(cell)));
                    }
                }
                jobs.push(job(Some(cell), &scenario));
            }
            Err(failure) => refused.push((cell, failure)),
        }
    }
    match refused.first() {
        None => Ok(sweep::jobs(job(None, base), jobs)),
        Some((cell, failure)) => {
            let (count, all) = (refused.len(), grid.cells());
            let what =
                format!("the scenario refuses {count} of {all} combinations, first {}", grid.name(*cell));
            Err(Failure::rendered(failure.exit, format!("{}\n{failure}", wrapped("error: ", &what))))
        }
    }
}

fn job(cell: Option<usize>, scenario: &Scenario) -> Job {
    Job { cell, plan: scenario.plan.clone(), plan_hash: scenario.plan_hash() }
}
