//! `causerie simulate`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::base::figures::Command;
use crate::record::{Body, Record, Setting, Trailer, log};
use crate::scenario::Scenario;
use crate::sim::replicate;

use super::args::SimulateArgs;
use super::exit::{Exit, Failure};
use super::out::{Folder, publish, unwritable};
use super::{head, signals, source, stamp};

/// Plays a scenario in virtual time.
pub(super) fn simulate(args: &SimulateArgs) -> Result<Exit, Failure> {
    let mut overrides = source::overrides(&args.play);
    if let Some(replications) = args.replications {
        overrides.push(("replications".into(), replications.to_string()));
    }
    if let Some(length) = &args.play.length {
        overrides.push(("length".into(), length.clone()));
    }
    let scenario = source::to_play(&args.play, &overrides)?;
    let started = stamp::now();
    let folder = Folder::make(&args.play, &scenario.plan.name, started)?;
    let header = head::header(&scenario, Command::Simulate, args.play.scale, started);
    let (body, trailer) = play(args, &scenario, &header.setting)?;
    let record = Record { header, body, twin: None, trailer: Some(trailer) };
    log::write(folder.record, &record).map_err(|error| unwritable(&folder.path, &error))?;
    publish(&record, &folder.path, args.play.json)
}

fn play(args: &SimulateArgs, scenario: &Scenario, setting: &Setting) -> Result<(Body, Trailer), Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    signals::on_interrupt(move || asked.store(true, Ordering::SeqCst))?;
    let threads = match args.threads {
        Some(threads) => threads.into(),
        None => thread::available_parallelism().map_or(1, usize::from),
    };
    let bar = progress(args.play.quiet, scenario.plan.replications);
    let over = |_: &_| bar.inc(1);
    let simulated = replicate::simulate(&scenario.plan, &setting.layout(), threads, &stop, &over)
        .map_err(|error| Failure::new(Exit::Usage, format!("no threads can be started: {error}"), None))?;
    bar.finish_and_clear();
    let trailer = Trailer {
        ended_unix_ms: stamp::unix_ms(stamp::now()),
        interrupted: simulated.interrupted,
        invalid: Vec::new(),
    };
    let mut body = Body::default();
    body.add_delta(&simulated.sections, &simulated.timeline);
    body.add_outcomes(&simulated.outcomes);
    body.outcomes_truncated |= simulated.outcomes_truncated;
    Ok((body, trailer))
}

fn progress(quiet: bool, replications: u32) -> ProgressBar {
    let bar = ProgressBar::new(replications.into());
    bar.set_draw_target(if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() });
    let template = "{bar:30} {pos} of {len} replications, {eta} left";
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
