//! What a scenario resolves to, value by value: the rows of `check --explain`, and the plan's hash.

use super::defaults::Origin;

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

/// FNV-1a (64 bits, Fowler, Noll and Vo). It tells versions apart; it keeps nobody from forging one.
#[must_use]
pub fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}

/// A hash of what the rows say: the same for two scenarios that resolve to the same, however they are written.
#[must_use]
pub fn hash(rows: &[Row]) -> u64 {
    let mut text = String::new();
    for row in rows {
        text.push_str(&row.path);
        text.push('\0');
        text.push_str(&row.value);
        text.push('\n');
    }
    fnv(text.as_bytes())
}
