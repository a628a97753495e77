//! What the moderators of a run have passed, and when they meant to: a guest who reads what had to be passed before finds here
//! whether it was, and from when on its way is measured.
//!
//! A decision is put down before the platform is told of it, so that whoever reads what the platform then publishes
//! finds it. What is remembered is bounded: the last [`MOST`].

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::base::time::Moment;
use crate::base::words::rooms::PostId;

/// Decisions that are remembered. Nobody reads a message so many decisions after its own.
const MOST: usize = 100_000;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Passed(Mutex<Decisions>);

#[derive(Debug, Default)]
struct Decisions {
    meant: BTreeMap<PostId, Moment>,
    order: VecDeque<PostId>,
}

impl Passed {
    /// A moderator passes a message, and meant to do so at `meant`.
    pub(super) fn pass(&self, post: PostId, meant: Moment) {
        self.with(|decisions| {
            if decisions.meant.insert(post, meant).is_none() {
                decisions.order.push_back(post);
            }
            if decisions.order.len() > MOST
                && let Some(first) = decisions.order.pop_front()
            {
                decisions.meant.remove(&first);
            }
        });
    }

    /// When a moderator meant to pass a message; `None` where none has.
    pub(super) fn when(&self, post: PostId) -> Option<Moment> {
        self.with(|decisions| decisions.meant.get(&post).copied())
    }

    fn with<T>(&self, act: impl FnOnce(&mut Decisions) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{PopulationId, VisitId};

    #[test]
    fn what_is_remembered_is_bounded() {
        let author = VisitId { population: PopulationId(0), index: 0, attempt: 0 };
        let post = |number| PostId { author, number };
        let passed = Passed::default();
        for number in 0..MOST as u32 + 1 {
            assert_eq!(passed.when(post(number)), None);
            passed.pass(post(number), Moment::from_nanos(number.into()));
            passed.pass(post(number), Moment::from_nanos(number.into()));
        }
        assert_eq!(passed.when(post(0)), None);
        assert_eq!(passed.when(post(1)), Some(Moment::from_nanos(1)));
        assert_eq!(passed.with(|decisions| decisions.order.len()), MOST);
    }
}
