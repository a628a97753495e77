//! The timers of everybody on the scene.
//!
//! A timer is known by its holder's number and its reason: visitors, conversations, agents, guests and moderators are numbered apart, and a
//! reason says which of them it is about. Arming it again, or cancelling it, raises its generation; what the queue still
//! holds of an older generation is thrown away when it surfaces. A timer that is armed and cancelled within one instant
//! (the patience of a visitor who is served at once) never reaches the queue.

use crate::base::time::Moment;
use crate::people::reason::Reason;

use super::queue::EventQueue;

/// A timer's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// The number of the visitor, the conversation, the agent, the guest or the moderator, by [`Reason::owner`].
    pub(super) holder: u32,
    pub(super) reason: Reason,
}

/// Places for the timers of a holder: a power of two, so that a key is put together and taken apart by shifts.
const PLACES: usize = Reason::COUNT.next_power_of_two();
/// The most holders there can be of each kind.
const MOST_HOLDERS: u32 = u32::MAX / PLACES as u32;

impl Key {
    /// The key as one number: the place of the timer's generation.
    #[inline]
    fn number(self) -> u32 {
        self.holder * PLACES as u32 + self.reason as u32
    }

    fn of_number(number: u32) -> Self {
        let places = PLACES as u32;
        Self { holder: number / places, reason: Reason::ALL[(number % places) as usize] }
    }
}

/// What is in the queue: kept small, for the heap moves it about.
#[derive(Clone, Copy, Debug)]
struct Firing {
    number: u32,
    generation: u32,
}

/// As many may lie about in any queue.
const FEW_STALE: usize = 1024;

/// All timers, and the queue they wait in.
#[derive(Debug, Default)]
pub(super) struct Timers {
    queue: EventQueue<Firing>,
    /// Of each key: odd while armed.
    generations: Vec<u32>,
    /// How many in the queue were cancelled or replaced since: when they are most of it, they are swept out, so that
    /// patience that is never tried takes no memory.
    stale: usize,
    /// Armed in the present instant, not yet in the queue.
    fresh: Vec<(Moment, Firing)>,
}

impl Timers {
    /// Makes room for the timers of holders up to this number.
    pub(super) fn admit(&mut self, holder: u32) {
        assert!(holder < MOST_HOLDERS, "too many people at once");
        let needed = (holder as usize + 1) * PLACES;
        if self.generations.len() < needed {
            self.generations.resize(needed, 0);
        }
    }

    #[inline]
    pub(super) fn arm(&mut self, key: Key, due: Moment) {
        self.cancel(key);
        let number = key.number();
        let generation = &mut self.generations[number as usize];
        *generation = generation.wrapping_add(1);
        self.fresh.push((due, Firing { number, generation: *generation }));
    }

    #[inline]
    pub(super) fn cancel(&mut self, key: Key) {
        let number = key.number();
        let generation = &mut self.generations[number as usize];
        if *generation & 1 == 1 {
            *generation = generation.wrapping_add(1);
            match self.fresh.iter().position(|(_, firing)| firing.number == number) {
                Some(place) => drop(self.fresh.remove(place)),
                None => self.stale += 1,
            }
        }
    }

    /// The instant is over: what is still armed goes into the queue, in the order of arming.
    pub(super) fn settle(&mut self) {
        for (due, firing) in &self.fresh {
            self.queue.push(*due, *firing);
        }
        self.fresh.clear();
        if self.stale > FEW_STALE && self.stale > self.queue.len() / 2 {
            let generations = &self.generations;
            self.queue.retain(|firing| generations[firing.number as usize] == firing.generation);
            self.stale = 0;
        }
    }

    /// When the next timer is due. Those thrown away are not counted out.
    pub(super) fn next_at(&self) -> Option<Moment> {
        self.queue.next_at()
    }

    /// The next in the queue; `None` in the place of the key when it was cancelled or replaced since.
    pub(super) fn pop(&mut self) -> Option<(Moment, Option<Key>)> {
        let (due, firing) = self.queue.pop()?;
        let generation = &mut self.generations[firing.number as usize];
        if *generation != firing.generation {
            self.stale -= 1;
            return Some((due, None));
        }
        *generation = generation.wrapping_add(1);
        Some((due, Some(Key::of_number(firing.number))))
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
        Key { holder: 0, reason }
    }

    fn at(nanos: u64) -> Moment {
        Moment::from_nanos(nanos)
    }

    fn fired(timers: &mut Timers) -> Vec<(u64, Reason)> {
        std::iter::from_fn(|| timers.pop()).filter_map(|(at, key)| Some((at.nanos(), key?.reason))).collect()
    }

    fn timers() -> Timers {
        let mut timers = Timers::default();
        timers.admit(0);
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
    fn cancelled_timers_are_swept_out_and_the_others_keep_their_order() {
        let mut timers = timers();
        timers.arm(key(Reason::Patience), at(3));
        timers.arm(key(Reason::Return), at(3));
        for due in 0..10_000 {
            timers.arm(key(Reason::WalkOut), at(1_000_000 + due));
            timers.settle();
        }
        assert!(timers.queue.len() < 2 * FEW_STALE + 3, "{} in the queue", timers.queue.len());
        let expected = [(3, Reason::Patience), (3, Reason::Return), (1_009_999, Reason::WalkOut)];
        assert_eq!(fired(&mut timers), expected);
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
