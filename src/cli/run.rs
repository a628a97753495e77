//! `causerie run`.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use tokio::sync::{Notify, watch};

use crate::base::figures::Command;
use crate::live::{self, LiveError, Options, Played, Progress, Stripe};
use crate::record::log::{self, Writer};
use crate::record::{Header, Trailer};
use crate::scenario::Scenario;
use crate::scenario::plan::Plan;
use crate::study::twin::twin;
use crate::wire::token::RunId;

use super::args::RunArgs;
use super::child::{self, Served};
use super::exit::{Exit, Failure};
use super::out::{Folder, publish, unwritable};
use super::progress::Board;
use super::{head, runtime, signals, source, stamp};

/// Plays a scenario in real time, and the same people in virtual time beside it.
pub(super) fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let scenario = as_run(source::to_play(&args.play, amendments(args))?);
    let started = stamp::now();
    let mut folder = Folder::make(&args.play, &scenario.plan.name, started)?;
    let stopped = signals::notify_on_interrupt()?;
    let plan = Arc::new(scenario.plan.clone());
    let target = plan.run.target.clone();
    let mut header = header(args, &scenario, started);
    let done = runtime::start()?.block_on(async {
        let served = match &target {
            Some(_) => None,
            None => Some(child::serve(args, plan.run.speed).await?),
        };
        let url = match (&target, &served) {
            (Some(url), _) => url.clone(),
            (None, Some(Served { url, .. })) => url.clone(),
            (None, None) => unreachable!("without a target there is a server of our own"),
        };
        header.target = Some(target.clone().unwrap_or_else(|| format!("embedded server at {url}")));
        let log = Log::begin(&mut folder, &header)?;
        let played = play(args, &plan, &url, &header, &log, stopped).await?;
        Ok::<_, Failure>((played, log))
    });
    let (played, log) = done?;
    finish(&plan, &header, &played, log).map_err(|error| unwritable(&folder.path, &error))?;
    let record = source::record(&folder.path)?;
    publish(&record, &folder.path, args.play.json)
}
