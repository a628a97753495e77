//! `causerie dialect try`.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::base::time::RealSpan;
use crate::live::trial::{RoleTried, Stuck, Trial, Tried, in_a_circle};
use crate::net::clock::Clock;
use crate::scenario;
use crate::scenario::plan::dialect::DialectPlan;
use crate::scenario::plan::target::Trust;
use crate::scenario::problem::wrapped;
use crate::wire::dialect::{Account, Target};

use super::super::args::DialectTryArgs;
use super::super::exit::{Exit, Failure};
use super::super::out::print;
use super::super::{runtime, signals};

/// The variable of the environment that holds the password of both, and those of one.
const PASSWORD: &str = "CAUSERIE_PASSWORD";
const OF_VISITOR: &str = "CAUSERIE_VISITOR_PASSWORD";
const OF_AGENT: &str = "CAUSERIE_AGENT_PASSWORD";

/// Lets two people talk in a dialect, and shows every frame.
pub(super) fn try_out(args: &DialectTryArgs) -> Result<Exit, Failure> {
    let plan = super::named(&args.dialect)?;
    let patience = scenario::duration(&args.patience)
        .map_err(|why| Failure::new(Exit::Usage, format!("--patience {}: {why}", args.patience), None))?;
    let trust = trust(args)?;
    let number = drawn()?;
    let idle = args.idle.as_deref().map(idle).transpose()?;
    let visitor = |nth| account(args.visitor.as_deref(), OF_VISITOR, "v", number.wrapping_add(nth));
    let visitors = [visitor(0)?, visitor(1)?, visitor(2)?];
    let agent = account(args.agent.as_deref(), OF_AGENT, "a", number)?;
    let stopped = Arc::new(Notify::new());
    let stop = Arc::clone(&stopped);
    signals::on_interrupt(move || stop.notify_one())?;
    runtime::start()?.block_on(async {
        let clock = Clock::start(1.0)
            .map_err(|error| Failure::new(Exit::Usage, format!("no clock can be started: {error}"), None))?;
        let target = Target::new(&Arc::new(plan), &args.url, &args.set, clock.epoch_unix_nanos())
            .map_err(|why| Failure::new(Exit::Usage, why, None))?;
        let target = Arc::new(target);
        let trial = Trial {
            target: Arc::clone(&target),
            trust,
            clock,
            visitors,
            agent,
            messages: args.messages,
            patience: RealSpan::from_nanos(patience.nanos()),
            idle,
            number,
        };
        let show = |line: &str| drop(print(&format!("{line}\n")));
        match trial.play(&show, stopped.notified()).await {
            Ok(Some(tried)) => print(&summary(&tried, target.plan())).map(|()| Exit::Well),
            Ok(None) => Ok(Exit::Interrupted),
            Err(Stuck { why, hint }) => Err(Failure::new(Exit::Target, why, hint.as_deref())),
        }
    })
}

/// How long both stay connected without a word; `0s` is not at all.
fn idle(text: &str) -> Result<RealSpan, Failure> {
    if text == "0s" {
        return Ok(RealSpan::ZERO);
    }
    let idle = scenario::duration(text)
        .map_err(|why| Failure::new(Exit::Usage, format!("--idle {text}: {why}"), None))?;
    Ok(RealSpan::from_nanos(idle.nanos()))
}

/// What was tried, and what was not.
fn summary(tried: &Tried, plan: &DialectPlan) -> String {
    let roles = tried.roles(plan);
    let lines = |of: &dyn Fn(&RoleTried) -> String| -> String {
        let line = |role: &RoleTried| wrapped(&format!("  {:<9} ", role.role.word()), &of(role));
        roles.iter().filter(|role| !of(role).is_empty()).map(line).collect()
    };
    let stayed = tried.stayed.secs();
    let mut text = "\nTried, and as it should be:\n".to_owned();
    text += &lines(&|role| format!("{}; told of {}", role.done.join(", "), role.told.join(", ")));
    if stayed > 0.0 {
        text += &format!("  {stayed} s connected without a word\n");
    }
    let mut left_out = lines(&|role| {
        let untold = format!("never told of {}", role.untold.join(", "));
        let untold = Some(untold).filter(|_| !role.untold.is_empty());
        let undone = Some(role.undone.join(", ")).filter(|undone| !undone.is_empty());
        undone.into_iter().chain(untold).collect::<Vec<_>>().join("; ")
    });
    if stayed == 0.0 {
        left_out += "  staying connected without a word: --idle TIME does\n";
    }
    let circle = |(poll, times): (&String, &u32)| wrapped(&format!("  {poll:<9} "), &in_a_circle(*times));
    for (title, lines) in [
        ("In a circle", tried.circles.iter().map(circle).collect()),
        ("Not tried", left_out),
        ("Not in the dialect, and missed at a desk", lines(&|role| role.lacking.join(", "))),
    ] {
        if !lines.is_empty() {
            text += &format!("{title}:\n{lines}");
        }
    }
    text
}

fn trust(args: &DialectTryArgs) -> Result<Trust, Failure> {
    if args.insecure {
        return Ok(Trust::Anybody);
    }
    let Some(path) = &args.ca_file else { return Ok(Trust::Machine) };
    std::fs::read_to_string(path).map(|pem| Trust::Only { pem }).map_err(|error| {
        Failure::new(Exit::Usage, format!("{} cannot be read: {error}", path.display()), None)
    })
}

/// The account of this name, or one of a name of its own. Its password is in the environment, or drawn.
fn account(name: Option<&str>, variable: &str, letter: &str, number: u64) -> Result<Account, Failure> {
    let password = std::env::var(variable).or_else(|_| std::env::var(PASSWORD));
    let user = name.map_or_else(|| format!("try{letter}{:06}", number % 1_000_000), str::to_owned);
    let password = match (password, name) {
        (Ok(password), _) => password,
        (Err(_), None) => format!("Try-{:016x}-{:016x}", drawn()?, drawn()?),
        (Err(_), Some(name)) => {
            let what = format!("no password for {name}");
            let hint =
                format!("put it into the environment, as {variable} or {PASSWORD}; an empty one is one, too");
            return Err(Failure::new(Exit::Usage, what, Some(&hint)));
        }
    };
    Ok(Account { user, password })
}

fn drawn() -> Result<u64, Failure> {
    let mut bits = [0; 8];
    getrandom::fill(&mut bits)
        .map_err(|error| Failure::new(Exit::Usage, format!("no randomness was to be had: {error}"), None))?;
    Ok(u64::from_ne_bytes(bits))
}
