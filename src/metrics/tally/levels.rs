//! How much time was spent at each level of something that is counted: how many guests are in a room.

use serde::{Deserialize, Serialize};

use super::MOST_NANOS;
use crate::base::time::NANOS;

/// Levels told apart; whatever is above counts as the highest of them.
const MOST_LEVELS: usize = 1 << 16;

/// Nanoseconds at each level, from 0 on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Levels(Vec<u128>);

impl Levels {
    /// So many nanoseconds more at a level.
    pub fn add(&mut self, level: u32, nanos: u128) {
        let level = (level as usize).min(MOST_LEVELS - 1);
        if self.0.len() <= level {
            self.0.resize(level + 1, 0);
        }
        self.0[level] += nanos;
    }

    /// Nanoseconds at each level, from 0 on.
    #[must_use]
    pub fn nanos(&self) -> &[u128] {
        &self.0
    }

    /// Nanoseconds at this level.
    #[must_use]
    pub fn at(&self, level: usize) -> u128 {
        self.0.get(level).copied().unwrap_or_default()
    }

    /// Nanoseconds at all levels.
    #[must_use]
    pub fn total(&self) -> u128 {
        self.0.iter().sum()
    }

    /// Σ level · nanoseconds.
    #[must_use]
    pub fn weighted(&self) -> u128 {
        self.0.iter().enumerate().map(|(level, nanos)| level as u128 * nanos).sum()
    }

    /// The lowest level such that at least the part `q` of the time is spent there or below; `None` without any time.
    #[must_use]
    pub fn quantile(&self, q: f64) -> Option<u32> {
        let total = self.total() as f64 / NANOS as f64;
        let mut below = 0;
        let level = self.0.iter().position(|nanos| {
            below += nanos;
            below > 0 && below as f64 / NANOS as f64 >= q * total
        })?;
        Some(level as u32)
    }

    /// The highest level with any time; `None` without any.
    #[must_use]
    pub fn max(&self) -> Option<u32> {
        self.0.iter().rposition(|nanos| *nanos > 0).map(|level| level as u32)
    }

    /// Adds what `other` spent.
    pub fn merge(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a += b);
    }

    pub(super) fn drain(&mut self) -> Self {
        std::mem::take(self)
    }

    pub(super) fn is_bounded(&self) -> bool {
        self.0.len() <= MOST_LEVELS && self.0.iter().all(|nanos| *nanos <= MOST_NANOS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(pairs: &[(u32, u128)]) -> Levels {
        let mut levels = Levels::default();
        pairs.iter().for_each(|&(level, nanos)| levels.add(level, nanos));
        levels
    }

    #[test]
    fn quantiles_and_extremes_are_of_the_time() {
        let levels = levels(&[(0, 500), (1, 0), (2, 300), (5, 200), (7, 0)]);
        assert_eq!(
            [0.0, 0.5, 0.51, 0.8, 0.81, 1.0].map(|q| levels.quantile(q)),
            [0, 0, 2, 2, 5, 5].map(Some)
        );
        assert_eq!((levels.max(), levels.total(), levels.weighted()), (Some(5), 1_000, 1_600));
        assert_eq!((Levels::default().quantile(0.5), Levels::default().max()), (None, None));
    }

    #[test]
    fn merging_is_adding_in_any_order() {
        let (a, b) = ([(0, 5), (3, 7)], [(1, 2), (9, 1)]);
        let mut ab = levels(&a);
        ab.merge(&levels(&b));
        let mut ba = levels(&b);
        ba.merge(&levels(&a));
        assert_eq!(ab, levels(&[a, b].concat()));
        assert_eq!(ab, ba);
    }

    #[test]
    fn a_crowd_beyond_all_levels_is_the_highest() {
        assert_eq!(levels(&[(u32::MAX, 3)]).max(), Some(MOST_LEVELS as u32 - 1));
        assert!(levels(&[(u32::MAX, 3)]).is_bounded());
    }
}
