//! Values that are given beside the file: on a command line, or by a sweep. They replace what is typed before anything
//! is resolved, so that they are checked, explained and hashed like everything else.

use super::node::{self, Entry, Malformed, Node, Value};
use super::problem::Place;

/// Puts `value`, as it would be typed, at the key `path`, written as `check --explain` writes it
/// (`support.agents.count`, `support.arrivals.bursts[0].count`); maps on the way are made where there are none. What
/// is in a list has to be there already.
pub(super) fn amend(root: &mut Node, path: &str, value: &str) -> Result<(), Malformed> {
    let mut node = node::parse(value)?;
    // What is not in the file has no place in it.
    node.replace(&|_| Place::default());
    let mut at = root;
    for step in path.split('.') {
        let (key, elements) = step.split_once('[').map_or((step, None), |(key, rest)| (key, Some(rest)));
        at = below(at, key);
        for number in elements.into_iter().flat_map(|rest| rest.split('[')) {
            at = element(at, number).ok_or_else(|| Malformed {
                at: Place::default(),
                found: format!("`{step}`, which is not in the scenario"),
                expected: "an element of a list that is typed, counted from 0",
                hint: Some("the path is as `check --explain` shows it"),
            })?;
        }
    }
    *at = node;
    Ok(())
}

/// The value of this key, made if need be.
pub(super) fn below<'a>(at: &'a mut Node, key: &str) -> &'a mut Node {
    if !matches!(at.value, Value::Map(_)) {
        at.value = Value::Map(Vec::new());
    }
    let Value::Map(entries) = &mut at.value else { unreachable!("a map was just put there") };
    let place = match entries.iter().position(|entry| entry.key == key) {
        Some(place) => place,
        None => {
            let node = Node { at: Place::default(), value: Value::Nothing, guessed: false };
            entries.push(Entry { key: key.to_owned(), at: Place::default(), node });
            entries.len() - 1
        }
    };
    &mut entries[place].node
}

/// The element of this number, written with its closing bracket.
fn element<'a>(at: &'a mut Node, number: &str) -> Option<&'a mut Node> {
    let number: usize = number.strip_suffix(']')?.parse().ok()?;
    let Value::List(nodes) = &mut at.value else { return None };
    nodes.get_mut(number)
}
