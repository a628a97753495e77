//! Dialects: how a chat server's protocol is spoken, from a file, or from those that come with causerie.

use std::path::Path;

use super::plan::dialect::DialectPlan;
use super::problem::Problems;
use super::solved::Solved;
use super::{misshapen, node, read, resolve};

/// Names and descriptions, in the order of their names.
const SHIPPED: [(&str, &str); 6] = [
    ("chatwoot", include_str!("../../scenarios/dialects/chatwoot.yaml")),
    ("matrix", include_str!("../../scenarios/dialects/matrix.yaml")),
    ("mattermost", include_str!("../../scenarios/dialects/mattermost.yaml")),
    ("odoo-livechat", include_str!("../../scenarios/dialects/odoo-livechat.yaml")),
    ("rocketchat", include_str!("../../scenarios/dialects/rocketchat.yaml")),
    ("socketio", include_str!("../../scenarios/dialects/socketio.yaml")),
];

/// The description of this name.
#[must_use]
pub fn shipped(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Their names.
pub fn names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

/// The dialect of this name that comes with causerie, or the one in the file of this name.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn load(name: &str) -> Result<DialectPlan, Problems> {
    match shipped(name) {
        Some(text) => parse(&format!("dialects/{name}.yaml"), text),
        None => parse(name, &read(Path::new(name), "a dialect, a YAML file")?),
    }
}

/// The dialect `text`, from a file named `name`.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn parse(name: &str, text: &str) -> Result<DialectPlan, Problems> {
    let root = node::parse(text).map_err(|problem| {
        misshapen(name, text, node::Malformed { expected: "a dialect in YAML", ..problem }, "")
    })?;
    let directory = Path::new(".");
    let source = resolve::Source { file: name, text, target: None, directory, held: Solved::default() };
    resolve::dialect(root, source)
}
