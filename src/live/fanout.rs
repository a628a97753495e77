//! What became of every message in a room: who was to get it, who did, and when the last of them.
//!
//! Who is expected to get a message is said at [`crate::metrics::tally::MessageTally`]. The order in which things are told
//! here is that in which they happened: a guest is told to be in the room after the platform had said so, and to leave it
//! before the platform is told; a message to be published before the platform is told, and to be received after it was.
//! So whoever is in the room when a message is published has to get it, and whoever leaves after another got it had been
//! sent it too.
//!
//! A message is forgotten once nobody is expected to get it any more, so what is kept grows with what is on its way, and
//! with what is missing: an eighth of a byte for each guest who might get it. It is kept by guest: who leaves is asked what
//! they still wait for, and not every message whether it waits for them.

mod bits;

use std::collections::BTreeMap;

use crate::base::id::{RoomId, VenueId, VisitId};
use crate::base::time::{Moment, RealMoment};
use crate::base::words::rooms::PostId;
use crate::metrics::tally::MessageTally;
use bits::Bits;

/// A room of a venue.
pub(super) type Spot = (VenueId, RoomId);

/// One who is in a room.
#[derive(Clone, Debug, Default)]
struct Reader {
    /// The messages that are to come, by their numbers in the room.
    awaits: Bits,
    /// Those of them that may be missed: the reader was away meanwhile.
    missable: Bits,
    is_away: bool,
    /// About to leave: nothing further is to come.
    is_leaving: bool,
}

impl Reader {
    fn await_one(&mut self, number: usize) {
        self.awaits.insert(number);
        if self.is_away {
            self.missable.insert(number);
        } else {
            // It may be that of another message, which is not on its way any more.
            self.missable.remove(number);
        }
    }

    fn may_miss(&self, number: usize) -> bool {
        self.awaits.contains(number) && self.missable.contains(number)
    }
}

/// A room, and its messages on their way. Each has a number there, which is used again.
#[derive(Clone, Debug, Default)]
struct Room {
    readers: BTreeMap<VisitId, Reader>,
    open: Vec<Option<PostId>>,
    free: Bits,
}

impl Room {
    /// The number of one more message on its way.
    fn number(&mut self, post: PostId) -> usize {
        let number = self.free.pop_first().unwrap_or(self.open.len());
        match self.open.get_mut(number) {
            Some(place) => *place = Some(post),
            None => self.open.push(Some(post)),
        }
        number
    }

    /// A message is not on its way any more.
    fn forget(&mut self, number: usize) {
        self.open[number] = None;
        self.free.insert(number);
    }
}

/// A message on its way.
#[derive(Clone, Copy, Debug)]
struct Message {
    spot: Spot,
    number: usize,
    sent: Moment,
    since: Moment,
    published: RealMoment,
    /// How many are expected to get it.
    expected: usize,
    /// The last receipt so far.
    last: Option<RealMoment>,
}

/// How it ended for a message, or for one who was to get it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Settled {
    /// Somebody never got the message that was meant to be sent then.
    Lost(Moment),
    /// The same of somebody who was away meanwhile.
    Missed(Moment),
    /// The last who got a message did so.
    Spread {
        /// When the message was meant to be sent.
        sent: Moment,
        /// When it was meant to be published: then, or when a moderator meant to pass it.
        since: Moment,
        /// When the last got it.
        last: RealMoment,
    },
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
        let before = self.rooms.entry(spot).or_default().readers.insert(visit, Reader::default());
        debug_assert!(before.is_none(), "{visit} is in the room twice");
    }

    /// A message that was meant to be sent at `sent` is about to be handed to the network, `now`.
    pub(super) fn posted(&mut self, post: PostId, spot: Spot, sent: Moment, now: RealMoment) {
        self.published(post, spot, (sent, sent), now);
    }

    /// The same of a message that a moderator has to pass first.
    pub(super) fn held(&mut self, post: PostId, spot: Spot, sent: Moment) {
        self.held.insert(post, (spot, sent));
    }

    /// A moderator, who meant to at `meant`, is about to say what becomes of a message, `now`.
    pub(super) fn decided(&mut self, post: PostId, passed: bool, meant: Moment, now: RealMoment) {
        if let Some((spot, sent)) = self.held.remove(&post)
            && passed
        {
            self.published(post, spot, (sent, meant), now);
        }
    }

    fn published(&mut self, post: PostId, spot: Spot, (sent, since): (Moment, Moment), now: RealMoment) {
        let Some(room) = self.rooms.get_mut(&spot) else { return };
        let number = room.number(post);
        let others = room.readers.iter_mut().filter(|(visit, _)| **visit != post.author);
        let mut expected = 0;
        for (_, reader) in others.filter(|(_, reader)| !reader.is_leaving) {
            reader.await_one(number);
            expected += 1;
        }
        if expected == 0 {
            return room.forget(number);
        }
        self.outstanding += expected;
        self.open.insert(post, Message { spot, number, sent, since, published: now, expected, last: None });
    }

    /// The connection of a guest broke, who comes back or tries to.
    pub(super) fn away(&mut self, spot: Spot, visit: VisitId) {
        if let Some(reader) = self.reader(spot, visit) {
            (reader.missable, reader.is_away) = (reader.awaits.clone(), true);
        }
    }

    /// A guest is back in the room, where everybody takes them to have been.
    pub(super) fn back(&mut self, spot: Spot, visit: VisitId) {
        if let Some(reader) = self.reader(spot, visit) {
            reader.is_away = false;
        }
    }

    fn reader(&mut self, spot: Spot, visit: VisitId) -> Option<&mut Reader> {
        self.rooms.get_mut(&spot)?.readers.get_mut(&visit)
    }

    /// A guest received a message for the first time.
    pub(super) fn received(&mut self, post: PostId, reader: VisitId, read: RealMoment) {
        let Some(message) = self.open.get_mut(&post) else { return };
        message.last = message.last.max(Some(read));
        let reader = self.rooms.get_mut(&message.spot).and_then(|room| room.readers.get_mut(&reader));
        if reader.is_some_and(|reader| reader.awaits.remove(message.number)) {
            self.expect_one_less(post);
        }
    }

    /// A guest is about to leave, `now`: what nobody has got yet may cross with that.
    pub(super) fn leaves(&mut self, spot: Spot, visit: VisitId, now: RealMoment) {
        self.release(spot, visit, |message| {
            message.last.is_none() && now < message.published + MessageTally::SURELY
        });
        if let Some(reader) = self.reader(spot, visit) {
            reader.is_leaving = true;
        }
    }

    /// A guest has left; `whole`: with everything that had been sent before.
    pub(super) fn left(&mut self, spot: Spot, visit: VisitId, whole: bool) {
        for (sent, missable) in self.release(spot, visit, |_| true) {
            match (missable, whole) {
                (true, _) => self.settled.push(Settled::Missed(sent)),
                (false, true) => self.settled.push(Settled::Lost(sent)),
                (false, false) => {}
            }
        }
        let Some(room) = self.rooms.get_mut(&spot) else { return };
        room.readers.remove(&visit);
        if room.readers.is_empty() {
            self.rooms.remove(&spot);
        }
    }

    /// A guest is not expected to get those messages any more of which `is_off` says so. Gives when they were meant to be
    /// sent, and whether the guest was away meanwhile.
    fn release(
        &mut self,
        spot: Spot,
        visit: VisitId,
        is_off: impl Fn(&Message) -> bool,
    ) -> Vec<(Moment, bool)> {
        let Some(room) = self.rooms.get_mut(&spot) else { return Vec::new() };
        let Some(reader) = room.readers.get_mut(&visit) else { return Vec::new() };
        let awaited = reader.awaits.iter().filter_map(|number| room.open[number]);
        let awaited = awaited.filter_map(|post| Some((post, *self.open.get(&post)?)));
        let off: Vec<(PostId, Message)> = awaited.filter(|(_, message)| is_off(message)).collect();
        for (_, message) in &off {
            reader.awaits.remove(message.number);
        }
        let missable = reader.missable.clone();
        let mut sent = Vec::with_capacity(off.len());
        for (post, message) in off {
            self.expect_one_less(post);
            sent.push((message.sent, missable.contains(message.number)));
        }
        sent
    }

    /// One is not expected any more to get a message: it came, or it will not. When there are no others, the message has
    /// reached all whom it will.
    fn expect_one_less(&mut self, post: PostId) {
        let Some(message) = self.open.get_mut(&post) else { return };
        message.expected -= 1;
        self.outstanding -= 1;
        if message.expected > 0 {
            return;
        }
        let message = *message;
        self.open.remove(&post);
        if let Some(room) = self.rooms.get_mut(&message.spot) {
            room.forget(message.number);
        }
        self.settled.extend(message.spread());
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
            let readers = self.rooms.get(&message.spot).into_iter().flat_map(|room| room.readers.values());
            let missed = readers.filter(|reader| reader.may_miss(message.number)).count();
            self.settled.extend(std::iter::repeat_n(Settled::Missed(message.sent), missed));
            self.settled.extend(std::iter::repeat_n(Settled::Lost(message.sent), message.expected - missed));
            self.settled.extend(message.spread());
        }
        self.settled
    }
}

impl Message {
    /// How far it has spread, if anybody got it.
    fn spread(&self) -> Option<Settled> {
        self.last.map(|last| Settled::Spread { sent: self.sent, since: self.since, last })
    }
}

#[cfg(test)]
mod tests;
