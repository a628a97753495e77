//! `causerie dialect`: is one right, what can it do, and does it.

#[cfg(feature = "live")]
mod trial;

use std::fmt::Write as _;
use std::path::Path;

use crate::scenario::dialects;
use crate::scenario::plan::dialect::{Abilities, ActKind, DialectPlan, Kind, Role};
use crate::scenario::problem::wrapped;

use super::args::{DialectCheckArgs, DialectCommand};
use super::exit::{Exit, Failure};
use super::out::print;

/// Does what was asked for with a dialect.
pub(super) fn dialect(command: &DialectCommand) -> Result<Exit, Failure> {
    match command {
        DialectCommand::Check(args) => check(args),
        #[cfg(feature = "live")]
        DialectCommand::Try(args) => trial::try_out(args),
    }
}

fn check(args: &DialectCheckArgs) -> Result<Exit, Failure> {
    let plan = named(&args.dialect)?;
    print(&told(&plan))?;
    Ok(Exit::Well)
}

/// The dialect of this name that comes with the program, or the one in this file.
fn named(name: &str) -> Result<DialectPlan, Failure> {
    if dialects::shipped(name).is_none() && is_no_file(name) {
        let names: Vec<&str> = dialects::names().collect();
        let what = format!("there is no dialect `{name}` and no file of this name");
        let hint = format!("those that come with causerie are {}", names.join(", "));
        return Err(Failure::new(Exit::Usage, what, Some(&hint)));
    }
    dialects::load(name).map_err(|problems| Failure::rendered(Exit::Usage, format!("{problems}\n")))
}

fn is_no_file(name: &str) -> bool {
    let looks_like_one = name.contains(['/', '.']);
    !looks_like_one && !Path::new(name).exists()
}

/// What a dialect is, and what it can do by role.
fn told(plan: &DialectPlan) -> String {
    let mut text = wrapped("", &format!("{}: {}", plan.name, plan.about));
    let transports: Vec<String> = plan
        .transports
        .iter()
        .map(|transport| format!("{} ({})", transport.name, kind(transport.kind)))
        .collect();
    text.push_str(&wrapped("transports  ", &transports.join(", ")));
    for (i, setting) in plan.settings.iter().enumerate() {
        let default = match &setting.default {
            Some(default) if default.is_empty() => "none unless given".to_owned(),
            Some(default) => format!("{default} unless told otherwise"),
            None => "has to be given".to_owned(),
        };
        let label = if i == 0 { "settings    " } else { "            " };
        text.push_str(&wrapped(label, &format!("{}: {}; {default}", setting.name, setting.about)));
    }
    text.push('\n');
    for role in Role::ALL {
        text.push_str(&wrapped(&format!("{:<12}", role.word()), &role_told(plan, role)));
    }
    text
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Http => "HTTP",
        Kind::WebSocket => "WebSocket",
        Kind::Poll => "poll over HTTP",
    }
}

fn role_told(plan: &DialectPlan, role: Role) -> String {
    let role_plan = &plan.roles[role as usize];
    let Abilities { queue, private, rooms, typing, .. } = role_plan.abilities;
    if let Some(lack) = role_plan.lacks {
        return format!("cannot connect: {lack}");
    }
    let can: Vec<&str> = [
        (queue, "a queue of the server's own"),
        (private, "private messages"),
        (rooms, "rooms"),
        (typing, "typing"),
    ]
    .into_iter()
    .filter_map(|(can, word)| can.then_some(word))
    .collect();
    let mut text = if can.is_empty() { "connects, and no more".to_owned() } else { can.join(", ") };
    let provisioned = role_plan.does(ActKind::Provision);
    let _ = write!(text, "{}", if provisioned { "; accounts are provisioned before the run" } else { "" });
    text
}
