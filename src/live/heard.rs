//! What a guest has heard during a visit: each message once, and of each author in order.
//!
//! What a server makes a guest remember is bounded: so many authors, and of each the last 64 messages. A message further
//! behind the author's last is taken for a repetition.

use std::collections::{BTreeMap, VecDeque};

use crate::base::id::VisitId;
use crate::base::words::rooms::PostId;

/// Authors remembered at once. The first is forgotten for one more.
const AUTHORS: usize = 4_096;

/// What a receipt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Receipt {
    /// The first of its message.
    First {
        /// After one of the same author that was sent later.
        reordered: bool,
    },
    /// A further one.
    Again,
}

/// What was heard of one author.
#[derive(Clone, Copy, Debug, Default)]
struct Author {
    /// One more than the greatest number heard.
    next: u32,
    /// Which of the 64 numbers below it were heard: the greatest is the lowest bit.
    last: u64,
    /// One more than the greatest number heard of those that come in order.
    next_in_order: u32,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    authors: BTreeMap<VisitId, Author>,
    order: VecDeque<VisitId>,
}

impl Heard {
    /// A message is heard. `in_order`: it was published when it was sent, so that its author's messages come in order.
    pub(super) fn hear(&mut self, post: PostId, in_order: bool) -> Receipt {
        if !self.authors.contains_key(&post.author) {
            self.order.push_back(post.author);
            if self.order.len() > AUTHORS
                && let Some(first) = self.order.pop_front()
            {
                self.authors.remove(&first);
            }
        }
        self.authors.entry(post.author).or_default().hear(post.number, in_order)
    }
}

impl Author {
    fn hear(&mut self, number: u32, in_order: bool) -> Receipt {
        if number >= self.next {
            let further = number - self.next + 1;
            self.last = self.last.checked_shl(further).unwrap_or(0) | 1;
            self.next = number + 1;
        } else {
            let Some(bit) = 1u64.checked_shl(self.next - 1 - number) else { return Receipt::Again };
            if self.last & bit != 0 {
                return Receipt::Again;
            }
            self.last |= bit;
        }
        let reordered = in_order && number < self.next_in_order;
        if in_order {
            self.next_in_order = self.next_in_order.max(number + 1);
        }
        Receipt::First { reordered }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::base::id::PopulationId;

    fn post(index: u64, number: u32) -> PostId {
        PostId { author: VisitId { population: PopulationId(0), index, attempt: 0 }, number }
    }

    const FIRST: Receipt = Receipt::First { reordered: false };

    #[test]
    fn reordering_is_that_of_rfc_4737_but_for_what_was_held() {
        let mut heard = Heard::default();
        let late = Receipt::First { reordered: true };
        let got = [0, 3, 1, 1, 2, 4].map(|number| heard.hear(post(1, number), true));
        assert_eq!(got, [FIRST, FIRST, late, Receipt::Again, late, FIRST]);
        assert_eq!(heard.hear(post(1, 9), false), FIRST);
        assert_eq!(heard.hear(post(1, 7), true), FIRST, "the ninth waited for a moderator");
        assert_eq!(heard.hear(post(1, 6), false), FIRST);
        assert_eq!(heard.hear(post(1, 6), false), Receipt::Again);
        assert_eq!(heard.hear(post(2, 0), true), FIRST, "everybody has an order of their own");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut heard = Heard::default();
        for index in 0..10 * AUTHORS as u64 {
            assert_eq!(heard.hear(post(index, (1 << 24) - 1), true), FIRST);
        }
        assert_eq!((heard.authors.len(), heard.order.len()), (AUTHORS, AUTHORS));
        assert_eq!(heard.hear(post(10 * AUTHORS as u64 - 1, 5), true), Receipt::Again, "too far behind");
    }

    proptest! {
        /// Within 64 of the last, exactly those are first that were not heard before.
        #[test]
        fn each_is_heard_once(numbers in prop::collection::vec(0u32..64, 0..200)) {
            let (mut heard, mut seen) = (Heard::default(), BTreeSet::new());
            for number in numbers {
                let first = heard.hear(post(0, number), true) != Receipt::Again;
                prop_assert_eq!(first, seen.insert(number));
            }
        }
    }
}
