//! The moderators' queue: what was reported first, then what waits longest.

use std::collections::{BTreeMap, VecDeque};

use crate::base::id::ModeratorId;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct ReviewQueue<K> {
    reported: VecDeque<K>,
    others: VecDeque<K>,
    /// Moderators with nothing in hand, the one who has been so for longest first.
    free: VecDeque<ModeratorId>,
    in_hand: BTreeMap<ModeratorId, K>,
}

impl<K> Default for ReviewQueue<K> {
    fn default() -> Self {
        Self {
            reported: VecDeque::new(),
            others: VecDeque::new(),
            free: VecDeque::new(),
            in_hand: BTreeMap::new(),
        }
    }
}

impl<K: Copy + Ord> ReviewQueue<K> {
    pub(super) fn waiting(&self) -> usize {
        self.reported.len() + self.others.len()
    }

    /// A message to review. Gives the moderator who gets it at once.
    pub(super) fn add(&mut self, post: K) -> Option<ModeratorId> {
        let moderator = self.take(post);
        if moderator.is_none() {
            self.others.push_back(post);
        }
        moderator
    }

    /// The same of a message that was reported.
    pub(super) fn add_first(&mut self, post: K) -> Option<ModeratorId> {
        let moderator = self.take(post);
        if moderator.is_none() {
            self.reported.push_back(post);
        }
        moderator
    }

    /// A message that waits was reported.
    pub(super) fn prefer(&mut self, post: K) {
        if let Some(place) = self.others.iter().position(|other| *other == post) {
            self.others.remove(place);
            self.reported.push_back(post);
        }
    }

    /// A moderator's hands are free. Gives the next message.
    pub(super) fn next_for(&mut self, moderator: ModeratorId) -> Option<K> {
        let next = self.reported.pop_front().or_else(|| self.others.pop_front());
        match next {
            Some(post) => drop(self.in_hand.insert(moderator, post)),
            None => self.free.push_back(moderator),
        }
        next
    }

    /// Whether the moderator had this message in hand; now it is done.
    pub(super) fn done(&mut self, moderator: ModeratorId, post: K) -> bool {
        let has = self.in_hand.get(&moderator) == Some(&post);
        if has {
            self.in_hand.remove(&moderator);
        }
        has
    }

    /// A moderator has gone. What was in hand comes next; gives who gets it at once.
    pub(super) fn gone(&mut self, moderator: ModeratorId) -> Option<(ModeratorId, K)> {
        self.free.retain(|other| *other != moderator);
        let post = self.in_hand.remove(&moderator)?;
        match self.take(post) {
            Some(other) => Some((other, post)),
            None => {
                self.reported.push_front(post);
                None
            }
        }
    }

    fn take(&mut self, post: K) -> Option<ModeratorId> {
        let moderator = self.free.pop_front()?;
        self.in_hand.insert(moderator, post);
        Some(moderator)
    }
}
