//! `causerie simulate`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::figures::Command;
use crate::record::{Body, Record, Setting, Trailer};
use crate::scenario::Scenario;
use crate::sim::replicate;

use super::args::SimulateArgs;
use super::exit::{Exit, Failure, no_threads};
use super::log::{Gatherer, Log};
use super::out::{Folder, publish};
use super::stamp::Stamp;
use super::{head, progress, signals, source};

/// Plays a scenario in virtual time.
pub(super) fn simulate(args: &SimulateArgs) -> Result<Exit, Failure> {
    let scenario = source::to_play(&args.play, args.days.beside())?;
    let started = Stamp::now();
    let stop = signals::stopped()?;
    let folder = Folder::make(&args.play, &scenario.plan.name, started)?;
    let header = head::header(&scenario, Command::Simulate, args.play.scale, started);
    let unwritten = Arc::clone(&stop);
    let log = Log::new(folder.clone(), header.clone(), move || unwritten.store(true, Ordering::SeqCst));
    let gatherer = Gatherer::new(&log);
    let (body, trailer) = play(args, &scenario, &header.setting, &stop, &gatherer)?;
    let rest = gatherer.rest();
    log.end(|log| {
        log.part(&rest)?;
        Ok(trailer.clone())
    })?;
    publish(&Record { header, body, twin: None, trailer: Some(trailer) }, &folder.path, args.play.json)
}

fn play(
    args: &SimulateArgs,
    scenario: &Scenario,
    setting: &Setting,
    stop: &AtomicBool,
    gatherer: &Gatherer,
) -> Result<(Body, Trailer), Failure> {
    let template = "{bar:30} {pos} of {len} replications, {eta} left";
    let bar = progress::bar(args.play.quiet, scenario.plan.replications.into(), template);
    let over = |replication: &Body| {
        gatherer.take(replication);
        bar.inc(1);
    };
    let simulated = replicate::simulate(&scenario.plan, &setting.layout(), args.days.threads(), stop, &over)
        .map_err(|error| no_threads(&error))?;
    bar.finish_and_clear();
    let trailer = Trailer {
        ended_unix_ms: Stamp::now().unix_ms(),
        interrupted: simulated.interrupted,
        ..Trailer::default()
    };
    let mut body = Body::default();
    body.add_delta(&simulated.sections, &simulated.timeline);
    body.add_slices(&simulated.slices);
    body.add_outcomes(&simulated.outcomes);
    body.add_guests(&simulated.guests);
    body.outcomes_truncated |= simulated.outcomes_truncated;
    Ok((body, trailer))
}
