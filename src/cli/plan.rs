//! `causerie plan`.

use std::cell::Cell;
use std::sync::atomic::Ordering;

use crate::base::figures::Command;
use crate::report::number;
use crate::report::plan as report;
use crate::scenario;
use crate::scenario::plan::Plan;
use crate::scenario::plan::rooms::VenuePlan;
use crate::study::plan::{Effort, Part, Planning, Unplanned, Wanted, plan as study};

use super::args::PlanArgs;
use super::exit::{Exit, Failure, no_threads};
use super::out::{Folder, look, print_with, unwritable};
use super::stamp::Stamp;
use super::{head, progress, signals, source};

/// Says what the rooms of a scenario need.
pub(super) fn plan(args: &PlanArgs) -> Result<Exit, Failure> {
    let wanted = wanted(args)?;
    let scenario = source::to_play(&args.play, args.days.beside())?;
    has_rooms(&scenario.plan)?;
    let started = Stamp::now();
    let header = head::header(&scenario, Command::Simulate, args.play.scale, started);
    let stop = signals::stopped()?;
    let folder = Folder::make(&args.play, &scenario.plan.name, started)?;
    let effort = Effort { replications: args.days.replications(), as_written: args.play.length.is_some() };
    let parts = (scenario.plan.venues.len() * Part::ALL.len()) as u64;
    let bar = progress::bar(args.play.quiet, parts, "{bar:30} {pos} of {len} parts, {msg}");
    let begun = Cell::new(0);
    let begins = |venue: &VenuePlan, part: Part| {
        bar.set_position(begun.replace(begun.get() + 1));
        bar.set_message(format!("{}: {}", number::plain(&venue.name), part.name()));
    };
    let planned = study(&scenario.plan, wanted, effort, (args.days.threads(), &stop), &begins);
    bar.finish_and_clear();
    let venues = planned.map_err(|why| {
        folder.discard();
        unplanned(&why)
    })?;
    let interrupted = venues.len() < scenario.plan.venues.len() && stop.load(Ordering::SeqCst);
    let planning = Planning { header, ended_unix_ms: Stamp::now().unix_ms(), wanted, venues, interrupted };
    report::write_all(&folder.path, &planning).map_err(|error| unwritable(&folder.path, &error))?;
    if args.play.json {
        print_with(|out| report::json::write(&planning, out))?;
    } else {
        print_with(|out| report::terminal::write(&planning, &folder.path, look(), out))?;
    }
    Ok(if interrupted { Exit::Interrupted } else { Exit::Well })
}

/// What is wanted, as typed.
fn wanted(args: &PlanArgs) -> Result<Wanted, Failure> {
    let share = |option: &str, text: &str| {
        let refused = |why: String| Failure::new(Exit::Usage, format!("{option} {text}: {why}"), None);
        match scenario::share(text).map_err(refused)? {
            share if share > 0.0 && share < 1.0 => Ok(share),
            _ => Err(refused("a share above 0% and below 100% is expected".to_owned())),
        }
    };
    let within = scenario::duration(&args.publish_within).map_err(|why| {
        Failure::new(Exit::Usage, format!("--publish-within {}: {why}", args.publish_within), None)
    })?;
    Ok(Wanted { meet: share("--meet", &args.meet)?, within, of: share("--of", &args.of)? })
}

/// Refuses a scenario in which there is nothing to plan.
fn has_rooms(plan: &Plan) -> Result<(), Failure> {
    if !plan.venues.is_empty() {
        return Ok(());
    }
    let desks: Vec<&str> = plan.desks.iter().map(|desk| desk.name.as_str()).collect();
    let what = format!("{} has no rooms to plan", number::plain(&plan.name));
    let there = if desks.len() == 1 { "a desk" } else { "desks" };
    let hint = format!(
        "plan knows rooms so far, and this scenario has {there} ({}); for the staffing of a desk use sweep",
        desks.join(", ")
    );
    Err(Failure::new(Exit::Usage, what, Some(&hint)))
}

fn unplanned(why: &Unplanned) -> Failure {
    match why {
        Unplanned::NoThreads(error) => no_threads(error),
        Unplanned::Nobody(venue) => {
            let hint = "only visits after the warm-up count: play longer, or let somebody come";
            Failure::new(Exit::Usage, format!("nobody comes to {}", number::plain(venue)), Some(hint))
        }
    }
}
