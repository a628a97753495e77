//! A venue as the server keeps it: the sans-IO venue, the names of its rooms, and whose its members and moderators are.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::hall::{ClientId, Refusal, StationKey};
use super::limits::{self, VenueLimits};
use super::numbered::Numbered;
use super::store::{Kept, Shelf, Store};
use crate::base::id::{ModeratorId, RoomId};
use crate::platform::venue::{Member, Venue};
use crate::scenario::plan::rooms::Rules;
use crate::wire::MessageId;
use crate::wire::json::rules::UNTOLD;

/// A message that is kept.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) said: Arc<Kept>,
    pub(super) author: ClientId,
    /// Whether it was held when it was sent.
    pub(super) held: bool,
}

/// A room that somebody has named.
#[derive(Debug)]
struct Known {
    name: String,
    shelf: Arc<Shelf>,
}

/// One venue of one run.
#[derive(Debug)]
pub(super) struct Forum {
    pub(super) venue: Venue<MessageId, Content>,
    limits: VenueLimits,
    rooms: BTreeMap<String, RoomId>,
    known: BTreeMap<RoomId, Known>,
    /// Numbers of rooms that are forgotten.
    free: Vec<RoomId>,
    guests: Numbered<ClientId>,
    moderators: Numbered<ClientId>,
}

impl Forum {
    fn new(rules: Rules, limits: VenueLimits) -> Self {
        let (rooms, known, free) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let (guests, moderators) = (Numbered::default(), Numbered::default());
        Self { venue: Venue::new(rules, 0), limits, rooms, known, free, guests, moderators }
    }

    /// Somebody says what the venue does with messages: everybody has to say the same.
    fn agree(&self, said: Option<Rules>) -> Result<(), Refusal> {
        match said {
            Some(rules) if rules != self.venue.rules() => {
                Err("others have said otherwise of what becomes of messages here".into())
            }
            _ => Ok(()),
        }
    }

    /// A number for a guest.
    pub(super) fn admit(&mut self, client: ClientId) -> Result<Member, Refusal> {
        let number = self.guests.insert(client, self.limits.guests);
        number.map(Member).ok_or_else(|| "there are too many guests already".into())
    }

    /// The guest is in none of its rooms.
    pub(super) fn dismiss(&mut self, member: Member) {
        self.guests.remove(member.0);
    }

    /// Whose number that is.
    pub(super) fn guest(&self, member: Member) -> Option<ClientId> {
        self.guests.get(member.0)
    }

    /// Everybody in a room.
    pub(super) fn in_room(&self, room: RoomId) -> impl Iterator<Item = ClientId> {
        self.venue.members(room).iter().filter_map(|member| self.guest(*member))
    }

    /// A message for one of its rooms, which is kept for as long as anybody has it.
    pub(super) fn keep(
        &self,
        room: RoomId,
        text: String,
        author: ClientId,
        held: bool,
    ) -> Result<Content, Refusal> {
        let shelf = self.known.get(&room).filter(|_| self.venue.kept() < self.limits.kept);
        let said = shelf.and_then(|known| known.shelf.keep(text));
        let said = said.ok_or("there are too many messages already, on screens and to be reviewed")?;
        Ok(Content { said, author, held })
    }

    /// One more room of this name.
    fn open_room(&mut self, name: &str, shelf: Arc<Shelf>) -> RoomId {
        let room = self.free.pop().unwrap_or_else(|| self.venue.add_room());
        self.rooms.insert(name.to_owned(), room);
        self.known.insert(room, Known { name: name.to_owned(), shelf });
        room
    }

    /// Forgets a room if nobody is in it and nothing is kept of it; whether it did.
    fn forget_room(&mut self, room: RoomId) -> bool {
        let is_bare = self.venue.members(room).is_empty()
            && self.known.get(&room).is_some_and(|known| known.shelf.is_bare());
        if is_bare && let Some(known) = self.known.remove(&room) {
            self.rooms.remove(&known.name);
            self.free.push(room);
        }
        is_bare
    }

    /// A number for a moderator: the lowest free.
    pub(super) fn hire(&mut self, client: ClientId) -> Result<ModeratorId, Refusal> {
        let number = self.moderators.insert(client, self.limits.moderators);
        number.map(ModeratorId).ok_or_else(|| "there are too many moderators already".into())
    }

    /// The moderator is gone, and has nothing in hand any more.
    pub(super) fn let_go(&mut self, moderator: ModeratorId) {
        self.moderators.remove(moderator.0);
    }

    /// Whose number that is.
    pub(super) fn moderator(&self, moderator: ModeratorId) -> Option<ClientId> {
        self.moderators.get(moderator.0)
    }
}

/// All venues. They come to be when somebody names them, and go with all that was said when nobody is there.
#[derive(Debug)]
pub(super) struct Forums {
    limits: VenueLimits,
    store: Arc<Store>,
    open: BTreeMap<StationKey, Forum>,
    /// Rooms of all of them.
    rooms: usize,
}

impl Default for Forums {
    fn default() -> Self {
        Self::within(VenueLimits::default())
    }
}

impl Forums {
    /// None yet, and never more than that.
    pub(super) fn within(limits: VenueLimits) -> Self {
        Self { limits, store: Store::new(limits.kept_bytes), open: BTreeMap::new(), rooms: 0 }
    }

    /// The venue of this name, which may be new; `rules`: what somebody says of it.
    pub(super) fn at(&mut self, key: &StationKey, rules: Option<Rules>) -> Result<&mut Forum, Refusal> {
        limits::text("venue's name", &key.1)?;
        if let Some(rules) = rules.filter(|rules| rules.screen > limits::SCREEN) {
            return Err(format!("a screen of {} messages; at most {}", rules.screen, limits::SCREEN));
        }
        if !self.open.contains_key(key) {
            if self.open.len() >= self.limits.venues {
                return Err("there are too many venues already".into());
            }
            self.open.insert(key.clone(), Forum::new(rules.unwrap_or(UNTOLD), self.limits));
        }
        let forum = self.open.get_mut(key).expect("it was put there just now");
        forum.agree(rules)?;
        Ok(forum)
    }

    /// The room of this name at a venue that there is; the room may be new.
    pub(super) fn room(&mut self, key: &StationKey, name: &str) -> Result<RoomId, Refusal> {
        limits::text("room's name", name)?;
        let Some(forum) = self.open.get_mut(key) else { return Err("there is no such venue".into()) };
        if let Some(known) = forum.rooms.get(name) {
            return Ok(*known);
        }
        if self.rooms >= self.limits.rooms {
            return Err("there are too many rooms already".into());
        }
        self.rooms += 1;
        Ok(forum.open_room(name, self.store.shelf()))
    }

    /// The venue of this name, if there is one.
    pub(super) fn get(&mut self, key: &StationKey) -> Option<&mut Forum> {
        self.open.get_mut(key)
    }

    /// Forgets the room if nobody is in it and nothing is kept of it.
    pub(super) fn tidy_room(&mut self, key: &StationKey, room: RoomId) {
        if self.open.get_mut(key).is_some_and(|forum| forum.forget_room(room)) {
            self.rooms -= 1;
        }
    }

    /// Forgets the venue if nobody is there.
    pub(super) fn tidy(&mut self, key: &StationKey) {
        let is_empty = |forum: &Forum| forum.guests.is_empty() && forum.moderators.is_empty();
        if self.open.get(key).is_some_and(is_empty)
            && let Some(forum) = self.open.remove(key)
        {
            self.rooms -= forum.rooms.len();
        }
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    /// How many rooms they have.
    #[cfg(test)]
    pub(super) fn rooms(&self) -> usize {
        self.rooms
    }
}
