//! What was taken in already: the last thousand of what a connection was told that comes once.

use std::collections::{BTreeSet, VecDeque};

use crate::base::hash::fnv1a;

/// So many are remembered.
const MEMORY: usize = 1_000;

/// What tells one from the other, in short.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    order: VecDeque<u64>,
    all: BTreeSet<u64>,
}

impl Seen {
    /// Whether this is new to the rule of this number; from now on it is not.
    pub(super) fn is_new(&mut self, rule: usize, what: &str) -> bool {
        let key = fnv1a(format!("{rule} {what}").as_bytes());
        if !self.all.insert(key) {
            return false;
        }
        self.order.push_back(key);
        if self.order.len() > MEMORY
            && let Some(oldest) = self.order.pop_front()
        {
            self.all.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_new_once_to_each_rule_and_the_oldest_are_forgotten() {
        let mut seen = Seen::default();
        assert!(seen.is_new(1, "a") && seen.is_new(2, "a") && seen.is_new(1, "b"));
        assert!(!seen.is_new(1, "a"));
        for i in 0..MEMORY {
            assert!(seen.is_new(1, &format!("filler {i}")));
        }
        assert!(seen.is_new(1, "a"), "forgotten");
        assert_eq!(seen.all.len(), MEMORY);
    }
}
