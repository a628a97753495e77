//! A dialect as typed → [`DialectPlan`]. As with a scenario, all problems are noted and told at once.
//!
//! Names become numbers while reading: what is kept anywhere is known everywhere, what is let is known from there on in the same steps.

mod expression;
mod names;
mod roles;
mod rules;
mod shape;
mod steps;
mod template;
mod transports;
mod waits;

use super::section::{Field, Section};
use super::{Findings, Source};
use crate::scenario::defaults::Origin;
use crate::scenario::format::Takes;
use crate::scenario::keys;
use crate::scenario::node::{Node, Value};
use crate::scenario::plan::dialect::DialectPlan;
use crate::scenario::problem::Problems;
use crate::scenario::quantity::Misfit;
use names::Names;

/// What reads a dialect: what was found so far, and which names there are.
struct Reader<'f, 'a> {
    findings: &'f mut Findings<'a>,
    names: Names,
}

/// Reads a dialect.
pub(in crate::scenario) fn dialect(root: Node, source: Source<'_>) -> Result<DialectPlan, Problems> {
    let mut findings = Findings::of(source);
    let names = Names::of(&root);
    let plan = Reader { findings: &mut findings, names }.whole(root);
    match Problems::collect(findings.problems) {
        Some(problems) => Err(problems),
        None => Ok(plan.expect("what cannot be resolved has been noted as a problem")),
    }
}

impl Reader<'_, '_> {
    fn whole(mut self, root: Node) -> Option<DialectPlan> {
        static WHOLE: Takes = Takes::Map(&keys::dialect::DIALECT);
        let field = Field { node: root, takes: &WHOLE, path: String::new(), origin: Origin::Given };
        let mut top = Section::open(self.findings, field)?;
        let name = top.take(self.findings, "dialect").and_then(|field| self.name(&field));
        let about = top.take(self.findings, "about").and_then(|field| self.text(&field));
        let (settings, mut secrets) = self.settings(&mut top)?;
        let transports = self.transports(&mut top);
        let throttle = self.throttle(&mut top);
        let roles = self.roles(&mut top);
        secrets.extend(self.secrets(&mut top)?);
        top.close(self.findings, "here");
        let Names { variables, tables, counters, .. } = self.names;
        Some(DialectPlan {
            name: name?,
            about: about?,
            settings,
            variables,
            secrets,
            tables,
            counters,
            transports: transports?,
            throttle: throttle?,
            roles: roles?,
        })
    }

    /// A name of a dialect, a transport, a setting.
    fn name(&mut self, field: &Field) -> Option<String> {
        let text = self.text(field)?;
        if names::is_name(&text) && !names::has_capitals(&text) {
            return Some(text);
        }
        let misfit = Misfit::new("a name of a-z, 0-9, - and _, beginning with a letter");
        self.findings.misfit(field, misfit);
        None
    }

    /// A text without placeholders.
    fn text(&mut self, field: &Field) -> Option<String> {
        match field.text() {
            Some(text) if !text.chars().any(char::is_control) && text.len() <= LONGEST_TEXT => {
                Some(text.to_owned())
            }
            _ => {
                self.findings.misfit(field, Misfit::new("a text on one line"));
                None
            }
        }
    }

    /// The values of a map whose keys are anybody's choice, each with its key.
    fn pairs(&mut self, field: Field) -> Option<Vec<(String, Field)>> {
        static ANY: Takes = Takes::Any;
        let each = match field.takes {
            Takes::Named(_, each) => *each,
            _ => &ANY,
        };
        let Value::Map(entries) = field.node.value else {
            self.findings.misfit(&field, Misfit::new("a map").hint("name: value"));
            return None;
        };
        let mut pairs: Vec<(String, Field)> = Vec::new();
        for entry in entries {
            let path = super::section::join(&field.path, &entry.key);
            let mut node = entry.node;
            if node.value == Value::Nothing {
                node.at = entry.at;
            }
            let below = Field { node, takes: each, path, origin: field.origin };
            if pairs.iter().any(|(key, _)| *key == entry.key) {
                let found = Some(format!("`{}` a second time", entry.key));
                self.findings.misfit(&below, Misfit { found, ..Misfit::new("each key once") });
            } else {
                pairs.push((entry.key, below));
            }
        }
        Some(pairs)
    }

    /// The elements of a list that may be alone.
    fn some(&mut self, field: Field) -> Vec<Field> {
        static ANY: Takes = Takes::Any;
        match field.node.value {
            Value::List(items) => {
                let below = |(i, node): (usize, Node)| Field {
                    node,
                    takes: &ANY,
                    path: format!("{}[{i}]", field.path),
                    origin: field.origin,
                };
                items.into_iter().enumerate().map(below).collect()
            }
            _ => vec![field],
        }
    }

    /// Notes a problem of `field` and gives nothing.
    fn refuse<T>(&mut self, field: &Field, misfit: Misfit) -> Option<T> {
        self.findings.misfit(field, misfit);
        None
    }
}

/// No text of a dialect is longer, in bytes.
const LONGEST_TEXT: usize = 4_000;
