//! `causerie dialect try`.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::base::time::RealSpan;
use crate::live::trial::{Stuck, Trial};
use crate::net::clock::Clock;
use crate::scenario;
use crate::scenario::plan::target::Trust;
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
    let visitor = account(args.visitor.as_deref(), OF_VISITOR, "v", number)?;
    let agent = account(args.agent.as_deref(), OF_AGENT, "a", number)?;
    let stopped = Arc::new(Notify::new());
    let stop = Arc::clone(&stopped);
    signals::on_interrupt(move || stop.notify_one())?;
    runtime::start()?.block_on(async {
        let clock = Clock::start(1.0)
            .map_err(|error| Failure::new(Exit::Usage, format!("no clock can be started: {error}"), None))?;
        let target = Target::new(&Arc::new(plan), &args.url, &args.set, clock.epoch_unix_nanos())
            .map_err(|why| Failure::new(Exit::Usage, why, None))?;
        let trial = Trial {
            target: Arc::new(target),
            trust,
            clock,
            visitor,
            agent,
            messages: args.messages,
            patience: RealSpan::from_nanos(patience.nanos()),
            number,
        };
        let show = |line: &str| drop(print(&format!("{line}\n")));
        tokio::select! {
            played = trial.play(&show) => told(played),
            () = stopped.notified() => Ok(Exit::Interrupted),
        }
    })
}

fn told(played: Result<(), Stuck>) -> Result<Exit, Failure> {
    match played {
        Ok(()) => {
            print("All that the dialect can do was tried, and came as it should.\n")?;
            Ok(Exit::Well)
        }
        Err(Stuck { why, hint }) => Err(Failure::new(Exit::Target, why, hint.as_deref())),
    }
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
