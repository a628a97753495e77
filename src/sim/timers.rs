//! The timers of everybody on the scene.
//!
//! A timer is known by (conversation, whose, reason). Arming it again, or cancelling it, raises its generation; what the
//! queue still holds of an older generation is thrown away when it surfaces. A timer that is armed and cancelled within
//! one instant (the patience of a visitor who is served at once) never reaches the queue.

use crate::base::id::ConversationId;
use crate::base::time::Moment;
use crate::people::reason::Reason;

use super::queue::EventQueue;

/// Whose timer it is: of the two who can be in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Visitor,
    Agent,
}

/// A timer's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) conversation: ConversationId,
    pub(super) owner: Owner,
    pub(super) reason: Reason,
}

impl Key {
    fn index(self) -> usize {
        let per_owner = Reason::COUNT;
        let owner = match self.owner {
            Owner::Visitor => 0,
            Owner::Agent => per_owner,
        };
        self.conversation.index() * 2 * per_owner + owner + self.reason as usize
    }
}

#[derive(Clone, Copy, Debug)]
struct Firing {
    key: Key,
    generation: u32,
}

/// All timers, and the queue they wait in.
#[derive(Debug, Default)]
pub(super) struct Timers {
    queue: EventQueue<Firing>,
    /// Of each key: odd while armed.
    generations: Vec<u32>,
    /// Armed in the present instant, not yet in the queue.
    fresh: Vec<(Moment, Firing)>,
}

impl Timers {
    /// Makes room for the timers of `conversation`.
    pub(super) fn admit(&mut self, conversation: ConversationId) {
        let needed = (conversation.index() + 1) * 2 * Reason::COUNT;
        if self.generations.len() < needed {
            self.generations.resize(needed, 0);
        }
    }

    pub(super) fn arm(&mut self, key: Key, due: Moment) {
        self.cancel(key);
        let generation = &mut self.generations[key.index()];
        *generation = generation.wrapping_add(1);
        self.fresh.push((due, Firing { key, generation: *generation }));
    }

    pub(super) fn cancel(&mut self, key: Key) {
        let generation = &mut self.generations[key.index()];
        if *generation & 1 == 1 {
            *generation = generation.wrapping_add(1);
            if let Some(place) = self.fresh.iter().position(|(_, firing)| firing.key == key) {
                self.fresh.remove(place);
            }
        }
    }

    /// The instant is over: what is still armed goes into the queue, in the order of arming.
    pub(super) fn settle(&mut self) {
        for (due, firing) in self.fresh.drain(..) {
            self.queue.push(due, firing);
        }
    }

    /// When the next timer is due. Those thrown away are not counted out.
    pub(super) fn next_at(&self) -> Option<Moment> {
        self.queue.next_at()
    }

    /// The next in the queue; `None` in the place of the key when it was cancelled or replaced since.
    pub(super) fn pop(&mut self) -> Option<(Moment, Option<Key>)> {
        let (due, firing) = self.queue.pop()?;
        let generation = &mut self.generations[firing.key.index()];
        if *generation != firing.generation {
            return Some((due, None));
        }
        *generation = generation.wrapping_add(1);
        Some((due, Some(firing.key)))
    }

    /// How many events ever went through the queue.
    pub(super) fn planned(&self) -> u64 {
        self.queue.inserted()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(reason: Reason) -> Key {
        Key { conversation: ConversationId(0), owner: Owner::Visitor, reason }
    }

    fn at(nanos: u64) -> Moment {
        Moment::from_nanos(nanos)
    }

    fn fired(timers: &mut Timers) -> Vec<(u64, Reason)> {
        std::iter::from_fn(|| timers.pop()).filter_map(|(at, key)| Some((at.nanos(), key?.reason))).collect()
    }

    fn timers() -> Timers {
        let mut timers = Timers::default();
        timers.admit(ConversationId(0));
        timers
    }

    #[test]
    fn arming_again_replaces_and_cancelling_silences() {
        let mut timers = timers();
        timers.arm(key(Reason::Patience), at(5));
        timers.arm(key(Reason::WalkOut), at(6));
        timers.settle();
        timers.arm(key(Reason::Patience), at(7));
        timers.cancel(key(Reason::WalkOut));
        timers.settle();
        assert_eq!(fired(&mut timers), [(7, Reason::Patience)]);
        timers.arm(key(Reason::Patience), at(9));
        timers.settle();
        assert_eq!(fired(&mut timers), [(9, Reason::Patience)], "a timer that fired can be armed again");
    }

    #[test]
    fn what_is_cancelled_within_the_instant_never_reaches_the_queue() {
        let mut timers = timers();
        timers.arm(key(Reason::Patience), at(5));
        timers.arm(key(Reason::Patience), at(6));
        timers.cancel(key(Reason::Patience));
        timers.cancel(key(Reason::Patience));
        timers.settle();
        assert_eq!(timers.planned(), 0);
        assert_eq!(fired(&mut timers), []);
    }
}
