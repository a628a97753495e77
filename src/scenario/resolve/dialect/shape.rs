//! JSON as it is written in a dialect: in YAML, with templates for texts. What is typed without quotes and is a number, `true` or
//! `false` is that in JSON, too.

use serde_json::Value as Json;

use super::Reader;
use crate::scenario::node::{Node, Value};
use crate::scenario::plan::dialect::template::{Shape, Template};
use crate::scenario::problem::quoted;
use crate::scenario::quantity::Misfit;
use crate::scenario::resolve::section::{Field, join};

impl Reader<'_, '_> {
    /// A tree of JSON.
    pub(super) fn shape(&mut self, field: &Field) -> Option<Shape> {
        let below = |node: &Node, path: String| Field {
            node: node.clone(),
            takes: field.takes,
            path,
            origin: field.origin,
        };
        match &field.node.value {
            Value::Nothing => Some(Shape::Fixed(Json::Null)),
            Value::Scalar(text) => match serde_json::from_str::<Json>(text) {
                Ok(json @ (Json::Bool(_) | Json::Number(_))) if field.node.guessed => {
                    Some(Shape::Fixed(json))
                }
                _ => self.template(field).map(fixed),
            },
            Value::List(items) => {
                let each = items.iter().enumerate();
                let read: Vec<_> =
                    each.map(|(i, node)| self.shape(&below(node, format!("{}[{i}]", field.path)))).collect();
                read.into_iter().collect::<Option<_>>().map(Shape::List)
            }
            Value::Map(entries) => {
                let mut map: Vec<(Template, Shape)> = Vec::new();
                for (i, entry) in entries.iter().enumerate() {
                    let path = join(&field.path, &entry.key);
                    if entries[..i].iter().any(|before| before.key == entry.key) {
                        let found = Some(format!("{} a second time", quoted(&entry.key)));
                        let field = below(&entry.node, path);
                        return self.refuse(&field, Misfit { found, ..Misfit::new("each key once") });
                    }
                    let key = Node { at: entry.at, value: Value::Scalar(entry.key.clone()), guessed: false };
                    let key = self.template(&below(&key, path.clone()));
                    let shape = self.shape(&below(&entry.node, path));
                    map.extend(key.zip(shape));
                }
                (map.len() == entries.len()).then_some(Shape::Map(map))
            }
        }
    }
}

/// A text without placeholders needs no rendering.
fn fixed(template: Template) -> Shape {
    match template.fixed() {
        Some(text) => Shape::Fixed(Json::from(text)),
        None => Shape::Text(template),
    }
}
