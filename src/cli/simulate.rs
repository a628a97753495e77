//! `causerie simulate`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::base::figures::Command;
use crate::record::{Body, Record, Setting, Trailer, log};
use crate::scenario::Scenario;
use crate::sim::replicate;

use super::args::SimulateArgs;
use super::exit::{Exit, Failure};
use super::out::{Folder, publish, unwritable};
use super::stamp::Stamp;
use super::{head, progress, signals, source};

/// Plays a scenario in virtual time.
pub(super) fn simulate(args: &SimulateArgs) -> Result<Exit, Failure> {
    let replications = args.replications.map(|n| ("replications".to_owned(), n.to_string()));
    let scenario = source::to_play(&args.play, replications.into_iter().collect())?;
    let started = Stamp::now();
    let stop = stopped()?;
    let folder = Folder::make(&args.play, &scenario.plan.name, started)?;
    let header = head::header(&scenario, Command::Simulate, args.play.scale, started);
    let (body, trailer) = play(args, &scenario, &header.setting, &stop)?;
    let record = Record { header, body, twin: None, trailer: Some(trailer) };
    let written = folder.record().and_then(|file| log::write(file, &record));
    written.map_err(|error| unwritable(&folder.path, &error))?;
    publish(&record, &folder.path, args.play.json)
}

/// Set once somebody wants it to end.
fn stopped() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    signals::on_interrupt(move || {
        signals::say_partial();
        asked.store(true, Ordering::SeqCst);
    })?;
    Ok(stop)
}

fn play(
    args: &SimulateArgs,
    scenario: &Scenario,
    setting: &Setting,
    stop: &AtomicBool,
) -> Result<(Body, Trailer), Failure> {
    let threads = match args.threads {
        Some(threads) => threads.into(),
        None => thread::available_parallelism().map_or(1, usize::from),
    };
    let template = "{bar:30} {pos} of {len} replications, {eta} left";
    let bar = progress::bar(args.play.quiet, scenario.plan.replications.into(), template);
    let over = |_: &_| bar.inc(1);
    let simulated = replicate::simulate(&scenario.plan, &setting.layout(), threads, stop, &over)
        .map_err(|error| Failure::new(Exit::Usage, format!("no threads can be started: {error}"), None))?;
    bar.finish_and_clear();
    let trailer = Trailer {
        ended_unix_ms: Stamp::now().unix_ms(),
        interrupted: simulated.interrupted,
        invalid: Vec::new(),
    };
    let mut body = Body::default();
    body.add_delta(&simulated.sections, &simulated.timeline);
    body.add_outcomes(&simulated.outcomes);
    body.outcomes_truncated |= simulated.outcomes_truncated;
    Ok((body, trailer))
}
