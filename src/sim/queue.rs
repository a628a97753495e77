//! The event queue: by time, then by insertion.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::base::time::Moment;

/// What is planned, when, and as the how-manieth.
#[derive(Clone, Copy, Debug)]
struct Entry<T> {
    at: Moment,
    order: u64,
    what: T,
}

impl<T> Entry<T> {
    /// Time and insertion in one number: compared without a branch.
    #[inline]
    fn rank(&self) -> u128 {
        u128::from(self.at.nanos()) << 64 | u128::from(self.order)
    }
}

impl<T> Ord for Entry<T> {
    /// Greatest first out of the heap: so the earliest is the greatest.
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        other.rank().cmp(&self.rank())
    }
}

impl<T> PartialOrd for Entry<T> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    #[inline]
    fn le(&self, other: &Self) -> bool {
        other.rank() <= self.rank()
    }

    #[inline]
    fn ge(&self, other: &Self) -> bool {
        other.rank() >= self.rank()
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Entry<T> {}

/// Things to come, the earliest first; of those at the same instant the one put in first.
#[derive(Clone, Debug)]
pub struct EventQueue<T> {
    heap: BinaryHeap<Entry<T>>,
    inserted: u64,
}

impl<T> Default for EventQueue<T> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), inserted: 0 }
    }
}

impl<T> EventQueue<T> {
    /// Plans `what` for `at`.
    pub fn push(&mut self, at: Moment, what: T) {
        self.inserted += 1;
        self.heap.push(Entry { at, order: self.inserted, what });
    }

    /// When the next thing happens.
    #[must_use]
    pub fn next_at(&self) -> Option<Moment> {
        self.heap.peek().map(|entry| entry.at)
    }

    /// The next thing, taken out.
    pub fn pop(&mut self) -> Option<(Moment, T)> {
        self.heap.pop().map(|entry| (entry.at, entry.what))
    }

    /// How many things are to come.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether nothing is to come.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Forgets everything that `keep` does not want; the rest keeps its order.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.heap.retain(|entry| keep(&entry.what));
    }

    /// How many things were ever planned.
    #[must_use]
    pub fn inserted(&self) -> u64 {
        self.inserted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_come_out_in_the_order_in_which_they_went_in() {
        let mut queue = EventQueue::default();
        for (at, what) in [(5, 'c'), (1, 'a'), (5, 'd'), (1, 'b'), (5, 'e')] {
            queue.push(Moment::from_nanos(at), what);
        }
        let order: String = std::iter::from_fn(|| queue.pop()).map(|(_, what)| what).collect();
        assert_eq!(order, "abcde");
    }
}
