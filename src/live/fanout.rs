//! What became of every message in a room: who was to get it, who did, and when the last of them.
//!
//! Who is expected to get a message is said at [`crate::metrics::tally::MessageTally`]. The order in which things are told
//! here is that in which they happened: a guest is told to be in the room after the platform had said so, and to leave it
//! before the platform is told; a message to be published before the platform is told, and to be received after it was.
//! So whoever is in the room when a message is published has to get it, and whoever leaves after another got it had been
//! sent it too.
//!
//! A message is forgotten once nobody is expected to get it any more, so what is kept grows with what is on its way, and
//! with what is missing: an eighth of a byte for each guest who might get it.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::id::{RoomId, VenueId, VisitId};
use crate::base::time::{Moment, RealMoment};
use crate::base::words::rooms::PostId;
use crate::metrics::tally::MessageTally;

/// A room of a venue.
pub(super) type Spot = (VenueId, RoomId);

/// A set of small numbers.
#[derive(Clone, Debug, Default)]
struct Bits {
    words: Vec<u64>,
    count: usize,
}

impl Bits {
    fn insert(&mut self, number: usize) {
        let (word, bit) = (number / 64, 1 << (number % 64));
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.count += usize::from(self.words[word] & bit == 0);
        self.words[word] |= bit;
    }

    /// Whether it was there.
    fn remove(&mut self, number: usize) -> bool {
        let bit = 1 << (number % 64);
        let Some(word) = self.words.get_mut(number / 64).filter(|word| **word & bit != 0) else {
            return false;
        };
        *word &= !bit;
        self.count -= 1;
        true
    }

    fn contains(&self, number: usize) -> bool {
        self.words.get(number / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }
}

/// Who is in a room. Everybody has a number there, which is used again.
#[derive(Clone, Debug, Default)]
struct Room {
    numbers: BTreeMap<VisitId, usize>,
    /// The numbers of those who are not about to leave.
    present: Bits,
    free: BTreeSet<usize>,
    /// Its messages that are on their way.
    open: BTreeSet<PostId>,
}

/// A message on its way.
#[derive(Clone, Debug)]
struct Message {
    spot: Spot,
    intended: Moment,
    published: RealMoment,
    expected: Bits,
    /// The last receipt so far.
    last: Option<RealMoment>,
}

/// How it ended for a message, or for one who was to get it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    /// Somebody never got the message that was meant to be sent then.
    Lost(Moment),
    /// The last who got the message that was meant to be sent then did so at that instant.
    Spread(Moment, RealMoment),
}

/// The messages in all rooms of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Fanout {
    rooms: BTreeMap<Spot, Room>,
    /// Messages that a moderator has to pass: where, and when they were meant to be sent.
    held: BTreeMap<PostId, (Spot, Moment)>,
    open: BTreeMap<PostId, Message>,
    outstanding: usize,
    settled: Vec<Settled>,
}

impl Fanout {
    /// A guest is in a room, and knows.
    pub(super) fn entered(&mut self, spot: Spot, visit: VisitId) {
        let room = self.rooms.entry(spot).or_default();
        let number = room.free.pop_first().unwrap_or(room.numbers.len());
        debug_assert!(!room.numbers.contains_key(&visit), "{visit} is in the room twice");
        room.numbers.insert(visit, number);
        room.present.insert(number);
    }

    /// A message is about to be handed to the network, `now`.
    pub(super) fn posted(&mut self, post: PostId, spot: Spot, intended: Moment, now: RealMoment) {
        let Some(room) = self.rooms.get_mut(&spot) else { return };
        let mut expected = room.present.clone();
        if let Some(author) = room.numbers.get(&post.author) {
            expected.remove(*author);
        }
        if expected.count > 0 {
            self.outstanding += expected.count;
            room.open.insert(post);
            let message = Message { spot, intended, published: now, expected, last: None };
            self.open.insert(post, message);
        }
    }

    /// The same of a message that a moderator has to pass first.
    pub(super) fn held(&mut self, post: PostId, spot: Spot, intended: Moment) {
        self.held.insert(post, (spot, intended));
    }

    /// A moderator is about to say what becomes of a message, `now`.
    pub(super) fn decided(&mut self, post: PostId, passed: bool, now: RealMoment) {
        if let Some((spot, intended)) = self.held.remove(&post)
            && passed
        {
            self.posted(post, spot, intended, now);
        }
    }

    /// A guest received a message for the first time.
    pub(super) fn received(&mut self, post: PostId, reader: VisitId, read: RealMoment) {
        let Some(message) = self.open.get_mut(&post) else { return };
        message.last = message.last.max(Some(read));
        let number = self.rooms.get(&message.spot).and_then(|room| room.numbers.get(&reader));
        if number.is_some_and(|number| message.expected.remove(*number)) {
            self.outstanding -= 1;
            self.settle(post);
        }
    }

    /// A guest is about to leave, `now`: what nobody has got yet may cross with that.
    pub(super) fn leaves(&mut self, spot: Spot, visit: VisitId, now: RealMoment) {
        self.release(spot, visit, |message| {
            message.last.is_none() && now < message.published + MessageTally::SURELY
        });
        if let Some(room) = self.rooms.get_mut(&spot)
            && let Some(number) = room.numbers.get(&visit)
        {
            room.present.remove(*number);
        }
    }

    /// A guest has left; `whole`: with everything that had been sent before.
    pub(super) fn left(&mut self, spot: Spot, visit: VisitId, whole: bool) {
        for intended in self.release(spot, visit, |_| true) {
            if whole {
                self.settled.push(Settled::Lost(intended));
            }
        }
        let Some(room) = self.rooms.get_mut(&spot) else { return };
        if let Some(number) = room.numbers.remove(&visit) {
            room.present.remove(number);
            room.free.insert(number);
        }
        if room.numbers.is_empty() {
            self.rooms.remove(&spot);
        }
    }

    /// A guest is not expected to get those messages any more of which `is_off` says so. Gives when they were meant to be
    /// sent.
    fn release(&mut self, spot: Spot, visit: VisitId, is_off: impl Fn(&Message) -> bool) -> Vec<Moment> {
        let Some(room) = self.rooms.get(&spot) else { return Vec::new() };
        let Some(number) = room.numbers.get(&visit).copied() else { return Vec::new() };
        let concerned = |post: &PostId| {
            let message = self.open.get(post);
            message.is_some_and(|message| message.expected.contains(number) && is_off(message))
        };
        let off: Vec<PostId> = room.open.iter().copied().filter(concerned).collect();
        let mut intended = Vec::with_capacity(off.len());
        for post in off {
            if let Some(message) = self.open.get_mut(&post) {
                message.expected.remove(number);
                self.outstanding -= 1;
                intended.push(message.intended);
            }
            self.settle(post);
        }
        intended
    }

    /// A message that nobody is expected to get any more has reached all whom it will.
    fn settle(&mut self, post: PostId) {
        if self.open.get(&post).is_none_or(|message| message.expected.count > 0) {
            return;
        }
        let Some(message) = self.open.remove(&post) else { return };
        if let Some(room) = self.rooms.get_mut(&message.spot) {
            room.open.remove(&post);
        }
        self.settled.extend(message.last.map(|last| Settled::Spread(message.intended, last)));
    }

    /// How many receipts are waited for.
    pub(super) fn outstanding(&self) -> usize {
        self.outstanding
    }

    /// What came to an end since the last call.
    pub(super) fn take_settled(&mut self) -> Vec<Settled> {
        std::mem::take(&mut self.settled)
    }

    /// The run is over: who is still expected to get something never got it.
    pub(super) fn end(mut self) -> Vec<Settled> {
        for message in std::mem::take(&mut self.open).into_values() {
            let lost = std::iter::repeat_n(Settled::Lost(message.intended), message.expected.count);
            self.settled.extend(lost);
            self.settled.extend(message.last.map(|last| Settled::Spread(message.intended, last)));
        }
        self.settled
    }
}

#[cfg(test)]
mod tests;
