//! The head of a record: what is to be done, by what, where.

use std::{env, fs, thread};

use crate::base::figures::Command;
use crate::record::Header;
use crate::record::header::FORMAT;
use crate::record::setting::Setting;
use crate::scenario::Scenario;

use super::stamp::Stamp;

/// The header of a record that `command` begins now. In virtual time the speed is 1 and there is no target.
pub(super) fn header(scenario: &Scenario, command: Command, scale: Option<f64>, started: Stamp) -> Header {
    let plan = &scenario.plan;
    Header {
        format: FORMAT,
        causerie: env!("CARGO_PKG_VERSION").to_owned(),
        command,
        scenario: plan.name.clone(),
        scenario_text: scenario.text.clone(),
        scenario_hash: scenario.text_hash(),
        plan_hash: scenario.plan_hash(),
        seed: plan.seed,
        speed: 1.0,
        scale: scale.unwrap_or(1.0),
        stripe: (0, 1),
        host: host(),
        machine: machine(),
        epoch_unix_ms: started.unix_ms(),
        target: None,
        unverified: false,
        start: plan.start.as_ref().map(ToString::to_string),
        setting: Setting::of(plan, command),
    }
}

/// The machine's name, as far as it tells.
fn host() -> String {
    let told = fs::read_to_string("/proc/sys/kernel/hostname").ok().or_else(|| env::var("HOSTNAME").ok());
    told.map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "unknown".into())
}

/// What kind of machine it is.
fn machine() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let plural = if cores == 1 { "" } else { "s" };
    format!("{} {}, {cores} processor{plural}", env::consts::OS, env::consts::ARCH)
}
