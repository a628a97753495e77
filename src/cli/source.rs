//! Where a command's scenario or record comes from.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::base::time::Span;
use crate::record::{Record, log};
use crate::report::files::RECORD;
use crate::report::number;
use crate::scenario::plan::Plan;
#[cfg(feature = "live")]
use crate::scenario::plan::faults::Faults;
use crate::scenario::problem::wrapped;
use crate::scenario::solved::Solved;
use crate::scenario::{self, Beside, Scenario};

use super::args::PlayArgs;
use super::exit::{Exit, Failure};
use super::out::say;

/// The scenario in a file, with some keys given beside it; its warnings go to stderr.
pub(super) fn scenario(path: &Path, beside: &Beside) -> Result<Scenario, Failure> {
    let scenario = load(path, beside, &Solved::default())?;
    warn(&scenario);
    Ok(scenario)
}

fn load(path: &Path, beside: &Beside, held: &Solved) -> Result<Scenario, Failure> {
    scenario::load_holding(path, beside, held)
        .map_err(|problems| Failure::rendered(Exit::Usage, format!("{problems}\n")))
}

/// The faults of a server in a file.
#[cfg(feature = "live")]
pub(super) fn faults(path: &Path) -> Result<Faults, Failure> {
    scenario::load_faults(path).map_err(|problems| Failure::rendered(Exit::Usage, format!("{problems}\n")))
}

fn warn(scenario: &Scenario) {
    scenario.warnings.iter().for_each(|warning| say_warning(warning));
}

/// Says what is surprising about a scenario.
pub(super) fn say_warning(warning: &str) {
    say(&wrapped("warning: ", warning));
}

/// The scenario to play, with what the command line says instead; its warnings go to stderr.
pub(super) fn to_play(args: &PlayArgs, beside: Beside) -> Result<Scenario, Failure> {
    let scenario = resolved(args, beside, &Solved::default())?;
    warn(&scenario);
    Ok(scenario)
}

/// The scenario to play, with what the command line says instead, and what is not to be solved anew. A length goes for
/// the scenario and for its run.
pub(super) fn resolved(args: &PlayArgs, mut beside: Beside, held: &Solved) -> Result<Scenario, Failure> {
    if let Some(seed) = args.seed {
        beside.keys.push(("seed".to_owned(), seed.to_string()));
    }
    let mut scenario = load(&args.scenario, &beside, held)?;
    if let Some(text) = &args.length {
        let length = scenario::duration(text)
            .map_err(|why| Failure::new(Exit::Usage, format!("--length {text}: {why}"), None))?;
        if length > scenario.plan.length {
            // Longer than the scenario: its profiles have to be unfolded anew.
            beside.keys.push(("length".to_owned(), text.clone()));
            scenario = load(&args.scenario, &beside, held)?;
        }
        shorten(&mut scenario.plan, length)?;
    }
    if let Some(scale) = args.scale {
        let scaled = scenario.plan.scaled(scale);
        scenario.plan =
            scaled.map_err(|why| Failure::new(Exit::Usage, format!("--scale {scale}: {why}"), None))?;
    }
    Ok(scenario)
}

/// Lets visitors come for `length` only.
fn shorten(plan: &mut Plan, length: Span) -> Result<(), Failure> {
    (plan.length, plan.run.length) = (length, length);
    if plan.warm_up.max(plan.run.warm_up) >= length {
        let warm_up = number::time(plan.warm_up.max(plan.run.warm_up).secs());
        let what = format!("--length leaves nothing after the warm-up of {warm_up}");
        let hint = "it is left out of every figure: play longer, or shorten warm_up in the scenario";
        return Err(Failure::new(Exit::Usage, what, Some(hint)));
    }
    if let Some(venue) = plan.closed(plan.warm_up, length).next() {
        let what = format!("--length ends before {} opens", venue.name);
        let hint = "play longer, or let the scenario start later";
        return Err(Failure::new(Exit::Usage, what, Some(hint)));
    }
    Ok(())
}

/// The record in a results folder, or in a file.
pub(super) fn record(path: &Path) -> Result<Record, Failure> {
    let file = if path.is_dir() { path.join(RECORD) } else { path.to_path_buf() };
    let complain = |why: &dyn std::fmt::Display| {
        let hint = "name a results folder, or the file called `record` in one";
        Failure::new(Exit::Usage, format!("no record can be read from {}: {why}", file.display()), Some(hint))
    };
    let open = File::open(&file).map_err(|error| complain(&error))?;
    log::read(BufReader::new(open)).map_err(|error| complain(&error))
}
