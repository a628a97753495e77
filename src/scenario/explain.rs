//! What a scenario resolves to, value by value: the rows of `check --explain`, and the plan's hash.

use super::defaults::Origin;
use crate::base::hash::fingerprint;

/// One resolved value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its key, from the top: `support.agents.count`.
    pub path: String,
    /// The value, with its unit, written in one way only: `300s` and `5m` both read `5m`.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// A hash of what the rows say: the same for two scenarios that resolve to the same, however they are written.
#[must_use]
pub fn hash(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        text.push_str(&row.path);
        text.push('\0');
        text.push_str(&row.value);
        text.push('\n');
    }
    fingerprint(&text)
}
