//! Where a command's scenario or record comes from.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::record::{Record, log};
use crate::scenario::{self, Scenario};

use super::args::PlayArgs;
use super::exit::{Exit, Failure};

/// The scenario in a file; its warnings go to stderr.
pub(super) fn scenario(path: &Path) -> Result<Scenario, Failure> {
    read(path, &[])
}

fn read(path: &Path, overrides: &[(String, String)]) -> Result<Scenario, Failure> {
    let scenario = scenario::load_with(path, overrides)
        .map_err(|problems| Failure::rendered(Exit::Usage, problems.to_string()))?;
    for warning in &scenario.warnings {
        eprintln!("warning: {warning}");
    }
    Ok(scenario)
}

/// What the command line says instead of the scenario, as keys and values of the format.
pub(super) fn overrides(args: &PlayArgs) -> Vec<(String, String)> {
    args.seed.map(|seed| ("seed".to_owned(), seed.to_string())).into_iter().collect()
}

/// The scenario to play, with what the command line says instead.
pub(super) fn to_play(args: &PlayArgs, overrides: &[(String, String)]) -> Result<Scenario, Failure> {
    let mut scenario = read(&args.scenario, overrides)?;
    if let Some(scale) = args.scale {
        scenario.plan = scenario.plan.scaled(scale);
    }
    Ok(scenario)
}

/// The record in a results folder, or in a file.
pub(super) fn record(path: &Path) -> Result<Record, Failure> {
    let file = if path.is_dir() { path.join("record") } else { path.to_path_buf() };
    let complain = |why: &dyn std::fmt::Display| {
        let hint = "name a results folder, or the file called `record` in one";
        Failure::new(Exit::Usage, format!("no record can be read from {}: {why}", file.display()), Some(hint))
    };
    let open = File::open(&file).map_err(|error| complain(&error))?;
    log::read(BufReader::new(open)).map_err(|error| complain(&error))
}
