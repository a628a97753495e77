//! Things numbered densely, whose numbers are used again, lowest first.

use std::collections::BTreeSet;

/// See the module.
#[derive(Debug)]
pub(super) struct Numbered<T> {
    held: Vec<Option<T>>,
    free: BTreeSet<u32>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { held: Vec::new(), free: BTreeSet::new() }
    }
}

impl<T: Copy> Numbered<T> {
    /// The number of one more; `None` where there are `most` already.
    pub(super) fn insert(&mut self, value: T, most: usize) -> Option<u32> {
        if let Some(number) = self.free.pop_first() {
            self.held[number as usize] = Some(value);
            return Some(number);
        }
        if self.held.len() >= most {
            return None;
        }
        self.held.push(Some(value));
        Some((self.held.len() - 1) as u32)
    }

    /// What has this number.
    pub(super) fn get(&self, number: u32) -> Option<T> {
        self.held.get(number as usize).copied().flatten()
    }

    /// The number is free again.
    pub(super) fn remove(&mut self, number: u32) {
        if self.held.get_mut(number as usize).and_then(Option::take).is_some() {
            self.free.insert(number);
        }
    }

    /// Whether there is nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.free.len() == self.held.len()
    }
}
