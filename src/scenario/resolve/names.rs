//! Names of the user's choice: desks, topics, groups, rooms. They become parts of figures' names.

use super::Findings;
use super::section::{Field, join};
use crate::scenario::format::Takes;
use crate::scenario::node::Value;
use crate::scenario::problem::{Place, quoted};
use crate::scenario::quantity::Misfit;

/// First words of figures that mean something else.
const RESERVED: [&str; 17] = [
    "phone",
    "room",
    "portal",
    "callback",
    "site",
    "delivery",
    "routing",
    "connect",
    "reconnects",
    "fanout",
    "messages",
    "errors",
    "platform",
    "generator",
    "target",
    "cost",
    "margin",
];

/// The most names in one map.
const MOST: usize = 1_000;

/// The named values of a map, in the order of the file, with the place of each name. What is wrong with a name, or a
/// second time there, is noted.
pub(super) fn named(findings: &mut Findings<'_>, field: &Field) -> Option<Vec<(String, Place, Field)>> {
    let Takes::Named(what, each) = field.takes else { unreachable!("{}: no names", field.path) };
    let Value::Map(entries) = &field.node.value else {
        findings.misfit(field, Misfit::new("a map from names").hint("name: {…}"));
        return None;
    };
    if entries.is_empty() || entries.len() > MOST {
        let found = Some(format!("{} of them", entries.len()));
        findings.misfit(field, Misfit { found, ..Misfit::new(&format!("from 1 to {MOST}")) });
        return None;
    }
    let mut named: Vec<(String, Place, Field)> = Vec::new();
    for entry in entries {
        if !is_name(&entry.key) {
            let expected = format!("{what} named with a-z, 0-9, - and _, beginning with a letter");
            let better = entry.key.to_lowercase().replace(' ', "_");
            let hint = match is_name(&better) {
                true => format!("write {better}: it becomes part of the names of figures"),
                false => "it becomes part of the names of figures".to_owned(),
            };
            findings.problem(entry.at, &field.path, quoted(&entry.key), expected, Some(hint));
        } else if let Some((_, first, _)) = named.iter().find(|(name, ..)| *name == entry.key) {
            let hint = Some(format!("the first is on line {}", findings.line(*first)));
            let found = format!("{} a second time", quoted(&entry.key));
            findings.problem(entry.at, &field.path, found, "each name once".into(), hint);
        } else {
            let path = join(&field.path, &entry.key);
            let below = Field { node: entry.node.clone(), takes: each, path, origin: field.origin };
            named.push((entry.key.clone(), entry.at, below));
        }
    }
    Some(named)
}

/// Whether a text can be a part of the names of figures.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
}

/// Notes that a desk, a room or a portal is called what must not be the first word of figures. `among`: the key under
/// which it stands.
pub(super) fn refuse_reserved(findings: &mut Findings<'_>, among: &str, name: &str, at: Place) {
    if RESERVED.contains(&name) {
        let expected = "a name that is not".to_owned();
        let hint = Some(format!("reserved: {}", RESERVED.join(", ")));
        findings.problem(at, among, format!("{}, a reserved name", quoted(name)), expected, hint);
    }
}

/// Notes that a room or a portal is called as something else is to which people come: their draws are keyed by its name.
pub(super) fn refuse_taken(
    findings: &mut Findings<'_>,
    among: &str,
    name: &str,
    at: Place,
    taken: &[String],
) {
    if taken.iter().any(|other| other == name) {
        let found = format!("{}, the name of something else", quoted(name));
        let expected = "a name that no desk, room or portal has".to_owned();
        let hint = Some(format!("taken: {}", taken.join(", ")));
        findings.problem(at, among, found, expected, hint);
    }
}
