//! `causerie visit`: the visitors of a site, as the child of a run. What it says on stdout is for that run alone.

use std::io;

use tokio::io::BufReader;

use crate::{scenario, site};

use super::args::VisitArgs;
use super::exit::{Exit, Failure};
use super::{files, runtime};

/// Plays them until stdin ends.
pub(super) fn visit(args: &VisitArgs) -> Result<Exit, Failure> {
    files::raise();
    let scenario = scenario::load(&args.scenario)
        .map_err(|problems| Failure::rendered(Exit::Usage, format!("{problems}\n")))?;
    let plan = scenario.plan.run.site;
    let plan = plan.ok_or_else(|| Failure::new(Exit::Usage, "the scenario has no site", None))?;
    let runtime = runtime::start()?;
    let orders = BufReader::new(tokio::io::stdin());
    let played = runtime.block_on(site::play(plan, &args.host, args.seed, orders, io::stdout()));
    // Visitors who wait for a page are not waited for.
    runtime.shutdown_background();
    match played {
        Ok(()) => Ok(Exit::Well),
        // The run is gone, and nobody is left to tell.
        Err(_) => Ok(Exit::Interrupted),
    }
}
