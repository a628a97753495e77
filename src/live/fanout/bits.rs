//! A set of small numbers, in as many bits as the greatest of them asks for.

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    pub(super) fn insert(&mut self, number: usize) {
        let (word, bit) = (number / 64, 1 << (number % 64));
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= bit;
    }

    /// Whether it was there.
    pub(super) fn remove(&mut self, number: usize) -> bool {
        let bit = 1 << (number % 64);
        let Some(word) = self.words.get_mut(number / 64).filter(|word| **word & bit != 0) else {
            return false;
        };
        *word &= !bit;
        true
    }

    /// Whether it is there.
    pub(super) fn contains(&self, number: usize) -> bool {
        self.words.get(number / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    /// The least, which is there no longer.
    pub(super) fn pop_first(&mut self) -> Option<usize> {
        let first = self.iter().next()?;
        self.remove(first);
        Some(first)
    }

    /// All of them, the least first.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        let words = self.words.iter().enumerate();
        words.flat_map(|(place, word)| {
            let rests = std::iter::successors(Some(*word), |rest| Some(rest & rest.wrapping_sub(1)));
            rests.take_while(|rest| *rest != 0).map(move |rest| place * 64 + rest.trailing_zeros() as usize)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_set(steps in prop::collection::vec((0usize..200, 0u8..4), 0..300)) {
            let (mut bits, mut set) = (Bits::default(), BTreeSet::new());
            for (number, step) in steps {
                match step {
                    0 => prop_assert_eq!(bits.remove(number), set.remove(&number)),
                    1 => prop_assert_eq!(bits.pop_first(), set.pop_first()),
                    _ => {
                        bits.insert(number);
                        set.insert(number);
                    }
                }
                prop_assert_eq!(bits.contains(number), set.contains(&number));
                prop_assert_eq!(bits.iter().collect::<Vec<_>>(), set.iter().copied().collect::<Vec<_>>());
            }
        }
    }
}
