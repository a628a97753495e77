//! A room, or a portal of many: who is in them, what was said, and the moderators' queue. Sans-IO and without timers; it
//! knows messages by the driver's keys and does not know what is in them.
//!
//! Moderators take what was reported first, then what waits longest; of several who are free the one who has been so for
//! longest, then the lowest number.

mod queue;
mod room;

use std::collections::BTreeMap;

use crate::base::id::{ModeratorId, RoomId};
use crate::base::words::rooms::{Fate, Verdict};
use crate::scenario::plan::rooms::{ModerationMode, Rules};

use queue::ReviewQueue;
pub use room::Member;
use room::Room;

/// How a guest's coming changes the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// How many others are in it.
    pub others: u32,
    /// Who was alone until now.
    pub joined: Option<Member>,
}

/// A message that is public from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published<K, P> {
    /// Where.
    pub room: RoomId,
    /// The message that has scrolled away with that, if one has.
    pub scrolled: Option<(K, P)>,
}

/// What becomes of a message that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent<K, P> {
    /// Where it is public, if it is.
    pub published: Option<Published<K, P>>,
    /// The moderator who gets it at once, where one has to review it and is free.
    pub review: Option<ModeratorId>,
}

/// What becomes of a message that is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reported {
    /// Nothing: it is not known any more, was reviewed, or waits for its review.
    Nothing,
    /// It is hidden from this room.
    Hidden(RoomId),
    /// A moderator reviews it: this one at once.
    Review(ModeratorId),
}

/// What becomes of a message that was reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided<K, P> {
    /// Nothing that anybody would see.
    Nothing,
    /// It is public.
    Published(Published<K, P>),
    /// It is hidden from this room.
    Hidden(RoomId),
}

/// A message that is kept: it is on its room's screen, or somebody is to review it.
#[derive(Clone, Debug)]
struct Kept<P> {
    room: RoomId,
    content: P,
    reports: u32,
    /// Nobody has seen it yet.
    held: bool,
    on_screen: bool,
    review: Review,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Review {
    /// Nobody is to.
    None,
    /// Waiting, or in hand.
    Due,
    /// It was.
    Done,
}

/// A venue whose messages have keys of type `K` and are of type `P`.
#[derive(Clone, Debug)]
pub struct Venue<K, P> {
    rules: Rules,
    rooms: Vec<Room<K>>,
    posts: BTreeMap<K, Kept<P>>,
    queue: ReviewQueue<K>,
}

impl<K: Copy + Ord, P: Clone> Venue<K, P> {
    /// Rooms where nobody is, and no moderators.
    #[must_use]
    pub fn new(rules: Rules, rooms: u32) -> Self {
        let rooms = (0..rooms).map(|_| Room::default()).collect();
        Self { rules, rooms, posts: BTreeMap::new(), queue: ReviewQueue::default() }
    }

    /// What it does with messages.
    #[must_use]
    pub const fn rules(&self) -> Rules {
        self.rules
    }

    /// One more room, with the next number.
    pub fn add_room(&mut self) -> RoomId {
        self.rooms.push(Room::default());
        RoomId(self.rooms.len() as u32 - 1)
    }

    /// Who is in a room, in no particular order.
    #[must_use]
    pub fn members(&self, room: RoomId) -> &[Member] {
        self.rooms[room.index()].members()
    }

    /// A guest enters a room, who is in no other.
    pub fn enter(&mut self, room: RoomId, member: Member) -> Entry {
        let room = &mut self.rooms[room.index()];
        let others = room.members().len() as u32;
        let joined = if others == 1 { room.members().first().copied() } else { None };
        room.enter(member);
        Entry { others, joined }
    }

    /// A guest leaves a room. Gives who is alone in it now.
    pub fn leave(&mut self, room: RoomId, member: Member) -> Option<Member> {
        let room = &mut self.rooms[room.index()];
        room.leave(member);
        match room.members() {
            [alone] => Some(*alone),
            _ => None,
        }
    }

    /// What is kept of a message.
    #[must_use]
    pub fn content(&self, post: K) -> Option<&P> {
        self.posts.get(&post).map(|kept| &kept.content)
    }

    /// The room of a message that is kept.
    #[must_use]
    pub fn room_of(&self, post: K) -> Option<RoomId> {
        self.posts.get(&post).map(|kept| kept.room)
    }

    /// How many messages are kept: those on screens, and those that somebody is to review.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.posts.len()
    }

    /// How many messages wait for a moderator.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.waiting()
    }

    /// A guest sends a message, whose fate is that of the rules.
    pub fn send(&mut self, room: RoomId, post: K, content: P, fate: Fate) -> Sent<K, P> {
        if fate == Fate::Blocked {
            return Sent { published: None, review: None };
        }
        let held = fate == Fate::Held;
        let reviews_all = self.rules.mode == ModerationMode::After { reported_only: false };
        let due = held || reviews_all;
        let review = if due { Review::Due } else { Review::None };
        self.posts.insert(post, Kept { room, content, reports: 0, held, on_screen: false, review });
        let published = (!held).then(|| self.publish(room, post));
        Sent { published, review: if due { self.queue.add(post) } else { None } }
    }

    /// A guest reports a message.
    pub fn report(&mut self, post: K) -> Reported {
        let Some(kept) = self.posts.get_mut(&post).filter(|kept| kept.on_screen) else {
            return Reported::Nothing;
        };
        kept.reports += 1;
        let (room, reports, review) = (kept.room, kept.reports, kept.review);
        match (self.rules.mode, review) {
            (ModerationMode::None { hidden_after: Some(enough) }, _) if reports >= enough => {
                Reported::Hidden(self.hide(post, room))
            }
            (ModerationMode::After { .. }, Review::None) => {
                kept.review = Review::Due;
                self.queue.add_first(post).map_or(Reported::Nothing, Reported::Review)
            }
            (ModerationMode::After { .. }, Review::Due) => {
                self.queue.prefer(post);
                Reported::Nothing
            }
            _ => Reported::Nothing,
        }
    }

    /// A moderator takes messages from now on. Gives the first.
    pub fn ready(&mut self, moderator: ModeratorId) -> Option<K> {
        self.queue.next_for(moderator)
    }

    /// A moderator has gone. What was in hand is the next to be reviewed; gives who gets it at once.
    pub fn gone(&mut self, moderator: ModeratorId) -> Option<(ModeratorId, K)> {
        self.queue.gone(moderator)
    }

    /// A moderator decides about the message in hand. Gives what follows, and the next message to review; `None` where
    /// this message is not in this moderator's hands.
    pub fn decide(
        &mut self,
        moderator: ModeratorId,
        post: K,
        verdict: Verdict,
    ) -> Option<(Decided<K, P>, Option<K>)> {
        if !self.queue.done(moderator, post) {
            return None;
        }
        let kept = self.posts.get_mut(&post)?;
        kept.review = Review::Done;
        let (room, held, on_screen) = (kept.room, kept.held, kept.on_screen);
        kept.held = false;
        let decided = match verdict {
            Verdict::Pass if held => Decided::Published(self.publish(room, post)),
            Verdict::Remove if on_screen => Decided::Hidden(self.hide(post, room)),
            Verdict::Pass | Verdict::Remove => {
                if !on_screen {
                    self.posts.remove(&post);
                }
                Decided::Nothing
            }
        };
        Some((decided, self.queue.next_for(moderator)))
    }

    fn publish(&mut self, room: RoomId, post: K) -> Published<K, P> {
        if let Some(kept) = self.posts.get_mut(&post) {
            kept.on_screen = true;
        }
        let scrolled = self.rooms[room.index()].show(post, self.rules.screen);
        Published { room, scrolled: scrolled.and_then(|post| Some((post, self.scroll_away(post)?))) }
    }

    fn scroll_away(&mut self, post: K) -> Option<P> {
        let kept = self.posts.get_mut(&post)?;
        kept.on_screen = false;
        if kept.review == Review::Due {
            return Some(kept.content.clone());
        }
        self.posts.remove(&post).map(|kept| kept.content)
    }

    fn hide(&mut self, post: K, room: RoomId) -> RoomId {
        self.rooms[room.index()].hide(post);
        self.posts.remove(&post);
        room
    }
}

#[cfg(test)]
mod tests;
