//! Values that are given beside the file: on a command line, or by a sweep. They replace what is typed before anything
//! is resolved, so that they are checked, explained and hashed like everything else.

use super::node::{self, Entry, Malformed, Node, Value};
use super::problem::Place;

/// Puts `value`, as it would be typed, at the key `path` (`support.agents.count`); maps on the way are made where there
/// are none.
pub(super) fn amend(root: &mut Node, path: &str, value: &str) -> Result<(), Malformed> {
    let mut node = node::parse(value)?;
    unplace(&mut node);
    let mut at = root;
    for key in path.split('.') {
        if !matches!(at.value, Value::Map(_)) {
            at.value = Value::Map(Vec::new());
        }
        let Value::Map(entries) = &mut at.value else { unreachable!("a map was just put there") };
        let place = match entries.iter().position(|entry| entry.key == key) {
            Some(place) => place,
            None => {
                let node = Node { at: Place::default(), value: Value::Nothing };
                entries.push(Entry { key: key.to_owned(), at: Place::default(), node });
                entries.len() - 1
            }
        };
        at = &mut entries[place].node;
    }
    *at = node;
    Ok(())
}

/// What is not in the file has no place in it.
fn unplace(node: &mut Node) {
    node.at = Place::default();
    match &mut node.value {
        Value::Nothing | Value::Scalar(_) => {}
        Value::List(nodes) => nodes.iter_mut().for_each(unplace),
        Value::Map(entries) => {
            for entry in entries {
                entry.at = Place::default();
                unplace(&mut entry.node);
            }
        }
    }
}
