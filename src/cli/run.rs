//! `causerie run`.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use tokio::sync::{Notify, watch};

use crate::base::figures::Command;
use crate::base::time::{RealSpan, Span};
use crate::live::{self, LiveError, Options, Parts, Played, Progress, Site, Stripe};
use crate::record::{Header, Trailer};
use crate::report::number;
use crate::scenario::plan::Plan;
use crate::scenario::plan::target::{ChatPlan, MetricsPlan, QueuePlan, Source, TargetPlan, Trust};
use crate::scenario::problem::wrapped;
use crate::scenario::{Beside, Scenario};
use crate::server;
use crate::study::twin::twin;
use crate::wire::token::RunId;

use super::args::RunArgs;
use super::exit::{Exit, Failure};
use super::log::Log;
use super::out::{Folder, publish};
use super::progress::Board;
use super::stamp::Stamp;
#[cfg(feature = "site")]
use super::visitors;
use super::{child, files, head, progress, runtime, signals, source};

/// Plays a scenario in real time, and the same people in virtual time beside it.
pub(super) fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let mut scenario = source::to_play(&args.play, beside(args))?;
    scenario.plan = scenario.plan.as_run();
    let left_out = leave_out(&mut scenario.plan);
    files::suffice(&scenario.plan, files::raise())?;
    let started = Stamp::now();
    let stop = Arc::new(Notify::new());
    let asked = Arc::clone(&stop);
    signals::on_interrupt(move || {
        signals::say_partial();
        asked.notify_one();
    })?;
    let folder = Folder::make(&args.play, &scenario.plan.name, started)?;
    let mut header = head::header(&scenario, Command::Run, args.play.scale, started);
    header.speed = scenario.plan.run.speed;
    let played = runtime::start()?.block_on(played(args, &scenario, header, &folder, &stop));
    let (header, played, log) = played.inspect_err(|_| folder.discard())?;
    log.check()?;
    let (plan, setting) = (&scenario.plan, &header.setting);
    let cut_off = played.interrupted || played.invalid.is_some();
    let cut = cut_off.then_some(played.progress.now);
    let twin = twin(plan, setting, &played.body, cut, assumed(plan));
    let trailer = Trailer {
        ended_unix_ms: Stamp::now().unix_ms(),
        run_epoch_unix_nanos: Some(played.epoch_unix_nanos),
        interrupted: played.interrupted,
        invalid: played.invalid.into_iter().collect(),
        remarks: left_out.into_iter().chain(played.remarks).collect(),
    };
    log.end(|log| {
        log.twin(&twin)?;
        Ok(trailer)
    })?;
    publish(&source::record(&folder.path)?, &folder.path, args.play.json)
}

/// How long it is going to take.
fn announcement(plan: &Plan) -> String {
    let real = |span: Span| number::time(span.secs() / plan.run.speed);
    let (length, drain) = (plan.length, plan.run.drain);
    let said = format!(
        "{} of the scenario at speed {}: {}, then {} at the most for everybody to finish.",
        number::time(length.secs()),
        plan.run.speed,
        real(length),
        real(drain)
    );
    wrapped("", &said)
}

/// What the command line says instead of the scenario.
fn beside(args: &RunArgs) -> Beside {
    let speed = args.speed.map(|speed| ("run.speed", speed.to_string()));
    // A target in place of the scenario's: an address, or a file. It is not trusted because the scenario's is.
    let (url, file) = match &args.target {
        Some(target) if target.contains("://") => {
            (Some(("target", json!({"url": target}).to_string())), None)
        }
        Some(target) => (None, Some(PathBuf::from(target))),
        None => (None, None),
    };
    let dialect = args.dialect.as_ref().map(|name| ("target.dialect", json!(located(name)).to_string()));
    let ca_file = args
        .ca_file
        .as_ref()
        .map(|path| ("target.ca_file", json!(located(&path.display().to_string())).to_string()));
    let insecure = args.insecure.then(|| ("target.insecure", true.to_string()));
    let drain = args.drain.as_ref().map(|drain| ("run.drain", drain.clone()));
    let all = speed.into_iter().chain(url).chain(dialect).chain(ca_file).chain(insecure).chain(drain);
    Beside { target: file, keys: all.map(|(key, value)| (key.to_owned(), value)).collect() }
}

/// Paths in a scenario start from where it is, those on the command line from where we are. What is no path stays as it is.
fn located(name: &str) -> String {
    match name.contains(['.', '/']) {
        true => std::path::absolute(name).map_or_else(|_| name.to_owned(), |path| path.display().to_string()),
        false => name.to_owned(),
    }
}

/// Plays it against the target, or against a server that is started and ended here.
async fn played(
    args: &RunArgs,
    scenario: &Scenario,
    mut header: Header,
    folder: &Folder,
    stop: &Arc<Notify>,
) -> Result<(Header, Played, Log), Failure> {
    let plan = Arc::new(scenario.plan.clone());
    let account = plan.run.faults.as_ref().map(|_| folder.account());
    let own = match needs_own(&plan) {
        false => None,
        true => Some(child::serve(args, plan.run.speed, account.as_deref()).await?),
    };
    let own_url = own.as_ref().map(|own| own.url.clone());
    let site = visited(args, &plan, own_url.as_deref()).await?;
    let target = plan.run.target.clone().unwrap_or_else(|| embedded(own_url.clone().unwrap_or_default()));
    header.target = Some(name_of(&target, &plan));
    header.unverified = target.trust == Trust::Anybody;
    let unwritten = Arc::clone(stop);
    let log = Log::new(folder.clone(), header.clone(), move || unwritten.notify_one());
    let (shown, seen) = watch::channel(Progress::default());
    let announced = announcement(&plan);
    let board = Board::of(&plan);
    let watching = tokio::spawn(progress::watch(seen, args.play.quiet, board, announced));
    let options = Options {
        desk: given_desk(&target).or(own_url),
        target,
        speed: plan.run.speed,
        stripe: Stripe::WHOLE,
        run: RunId::new(header.epoch_unix_ms as u32),
        setting: header.setting.clone(),
        parts: parts_of(&log),
        progress: shown,
        site,
    };
    let chat = options.target.chat().cloned();
    let played = live::play(plan, options, stop.notified()).await;
    let played = played.map_err(|error| no_run(&error, chat.as_ref()))?;
    // The board goes when the run does; that it could not be drawn is no matter.
    let _ = watching.await;
    Ok((header, played, log))
}

/// The visitors of the site, where the scenario has one; `own` is where the embedded chat server listens.
#[cfg(feature = "site")]
async fn visited(args: &RunArgs, plan: &Plan, own: Option<&str>) -> Result<Option<Site>, Failure> {
    let Some(site) = &plan.run.site else { return Ok(None) };
    let own = own.map(|url| url.replacen("ws:", "http:", 1));
    let host = site.host.clone().or(own).ok_or_else(|| {
        let what =
            "the scenario's site has no host, and there is no embedded chat server whose pages it could be";
        Failure::new(Exit::Usage, what, Some("name it in the scenario: site: {host: \"http://…\", …}"))
    })?;
    visitors::start(&args.play.scenario, site, &host, plan.seed).await.map(Some)
}

/// There is nobody here who could visit one.
#[cfg(not(feature = "site"))]
async fn visited(_: &RunArgs, plan: &Plan, _: Option<&str>) -> Result<Option<Site>, Failure> {
    if plan.run.site.is_none() {
        return Ok(None);
    }
    let what = "the scenario has a `site`, and this causerie was built without what visits one";
    let hint = "build it with the feature `site`, which is on by default, or take `site` out of the scenario";
    Err(Failure::new(Exit::Usage, what, Some(hint)))
}

/// Leaves out of the plan what its target has no word for; gives what that is.
fn leave_out(plan: &mut Plan) -> Vec<String> {
    let Some(chat) = plan.run.target.as_ref().and_then(TargetPlan::chat).cloned() else { return Vec::new() };
    let (played, left_out) = plan.clone().against(&chat);
    *plan = played;
    left_out
}

/// Whether the run takes a server of our own: all of it, or a desk beside the target.
fn needs_own(plan: &Plan) -> bool {
    let Some(target) = &plan.run.target else { return true };
    let is_asked = |chat: &ChatPlan| match &chat.queue {
        QueuePlan::Testbed { .. } => !plan.desks.is_empty(),
        QueuePlan::Server { .. } => plan.phone.is_some(),
    };
    target.chat().is_some_and(is_asked) && given_desk(target).is_none()
}

/// The desk beside the target, where it is there already.
fn given_desk(target: &TargetPlan) -> Option<String> {
    match &target.chat()?.queue {
        QueuePlan::Testbed { url } | QueuePlan::Server { url, .. } => url.clone(),
    }
}

/// What the target is called in reports.
fn name_of(target: &TargetPlan, plan: &Plan) -> String {
    let (url, is_embedded, has_desks) = (&target.url, plan.run.target.is_none(), !plan.desks.is_empty());
    match target.chat() {
        None if is_embedded => format!("embedded server at {url}"),
        None => url.clone(),
        Some(chat) => {
            let queue = match chat.queue {
                _ if !has_desks => "",
                QueuePlan::Testbed { .. } => ", the testbed's desk beside it",
                QueuePlan::Server { .. } => ", its own queue",
            };
            format!("{} at {url}{queue}", chat.dialect.name())
        }
    }
}

/// The embedded server, which says how it is.
fn embedded(url: String) -> TargetPlan {
    let metrics = MetricsPlan {
        url: format!("{}{}", url.replacen("ws:", "http:", 1), server::METRICS_PATH),
        every: RealSpan::from_whole_secs(1),
        queue: Some(server::WAITING.to_owned()),
    };
    TargetPlan { metrics: Some(metrics), ..TargetPlan::causerie(url) }
}

/// Where the engine puts what it gathers.
fn parts_of(log: &Log) -> Parts {
    let log = log.clone();
    Box::new(move |part| log.append(part))
}

/// Why nothing was measured, of a chat server where the target is one.
fn no_run(error: &LiveError, chat: Option<&ChatPlan>) -> Failure {
    let (exit, hint) = match error {
        LiveError::Target(_) => (Exit::Usage, None),
        LiveError::Untrusted(_) => (
            Exit::Target,
            Some("an authority of your own is named with --ca-file; --insecure asks for no proof at all"),
        ),
        LiveError::Unreachable(_) => (
            Exit::Target,
            Some("is it running, and listening there? without --target the embedded one is used"),
        ),
        LiveError::Refused(why) => (Exit::Target, after_refusal(why, chat)),
        LiveError::Throttled { settings, .. } => {
            let hint = format!("lift its throttle for the test: {settings}");
            return Failure::new(Exit::Target, error, Some(&hint));
        }
        LiveError::TooFast(_) => (Exit::Usage, Some("play it slower, or have fewer messages")),
        LiveError::Local(_) => (Exit::Usage, None),
        LiveError::Interrupted => (Exit::Interrupted, None),
    };
    Failure::new(exit, error, hint)
}

/// What may help where the target, a chat server if it is one, would not have us.
fn after_refusal(why: &str, chat: Option<&ChatPlan>) -> Option<&'static str> {
    let Some(chat) = chat else {
        return Some("a causerie server and its clients have to name the same --speed");
    };
    // So the codecs say it of a server that is silent.
    let is_slow = why.contains("longer than") || why.contains(" within ");
    match chat.agents.source {
        _ if is_slow => {
            Some("it is busy, or its listener lets too few wait (`backlog`): fewer agents log in sooner")
        }
        Source::Nobody { .. } => {
            Some("the agents have no accounts there: if it wants them, name them in target.accounts.agents")
        }
        Source::Registered { .. } | Source::Listed { .. } => None,
    }
}

/// What the twin takes for granted of the server.
fn assumed(plan: &Plan) -> Vec<String> {
    let chat = plan.run.target.as_ref().map(|target| target.chat().map(|chat| &chat.queue));
    let assumed = match chat {
        None if plan.run.faults.is_some() => "The server of the twin has no faults.",
        None => return Vec::new(),
        Some(Some(_)) if plan.desks.is_empty() => return Vec::new(),
        Some(Some(QueuePlan::Testbed { .. })) => {
            "The testbed's own desk decides who serves whom, here and in the twin: what differs is the target's."
        }
        Some(Some(QueuePlan::Server { routing: Some(_), .. })) => {
            "The target is taken to serve first come, first served, and to route as is said of it."
        }
        Some(Some(QueuePlan::Server { routing: None, .. }) | None) => {
            "The target is taken to serve first come, first served, and to route as the scenario says."
        }
    };
    vec![assumed.to_owned()]
}
