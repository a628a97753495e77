//! Guests: the room in which each is, and what they say there.
//!
//! What everybody in a room is told is written once, however many they are. Who is there is nobody's news but that of
//! whoever was alone, or is now: in a room of thousands it would be most of the traffic.

use std::collections::BTreeSet;

use super::super::forum::Content;
use super::super::limits;
use super::{Client, ClientId, Hall, Message, Parcel, Part, Refusal, StationKey, nonsense};
use crate::base::id::{ModeratorId, RoomId};
use crate::base::words::rooms::Fate;
use crate::platform::venue::{Member, Published, Reported};
use crate::scenario::plan::rooms::Rules;
use crate::wire::json::frame::{ClientFrame, ServerFrame, write};
use crate::wire::{MessageId, venue_of};

/// A guest's stay in a room.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    key: StationKey,
    room: RoomId,
    member: Member,
    /// What the guest has reported: once is enough.
    reported: BTreeSet<MessageId>,
}

impl Hall {
    pub(super) fn hear_guest(&mut self, id: ClientId, run: u32, frame: ClientFrame) -> Result<(), Refusal> {
        use ClientFrame as F;
        let stay = self.stay(id).map(|stay| (stay.key.clone(), stay.room));
        match (frame, stay) {
            (F::Enter { room, rules }, None) => {
                let key = (run, venue_of(&room).to_owned());
                let entered = self.enter(id, &key, &room, rules.map(|rules| rules.0));
                self.forums.tidy(&key);
                entered
            }
            (F::Enter { .. }, Some(_)) => Err("you are in a room".into()),
            (F::Post { text, flagged }, Some((key, room))) => self.post(id, &key, room, text, flagged),
            (F::Report { message }, Some((key, room))) => self.report(id, &key, room, message),
            (F::Leave, _) => {
                self.leave_room(id);
                Ok(())
            }
            (frame, None) => Err(nonsense(&frame, "a guest who is in no room")),
            (frame, Some(_)) => Err(nonsense(&frame, "a guest")),
        }
    }

    fn stay(&mut self, id: ClientId) -> Option<&mut Stay> {
        match self.clients.get_mut(&id) {
            Some(Client { part: Part::Guest(stay), .. }) => stay.as_mut(),
            _ => None,
        }
    }

    fn enter(
        &mut self,
        id: ClientId,
        key: &StationKey,
        name: &str,
        rules: Option<Rules>,
    ) -> Result<(), Refusal> {
        self.forums.at(key, rules)?;
        let room = self.forums.room(key, name)?;
        let forum = self.forums.at(key, None)?;
        let admitted = forum.admit(id);
        let Ok(member) = admitted else {
            self.forums.tidy_room(key, room);
            return admitted.map(drop);
        };
        let entry = forum.venue.enter(room, member);
        let joined = entry.joined.and_then(|joined| forum.guest(joined));
        if let Some(Client { part: Part::Guest(stay), .. }) = self.clients.get_mut(&id) {
            *stay = Some(Stay { key: key.clone(), room, member, reported: BTreeSet::new() });
        }
        self.send(id, ServerFrame::Entered { others: entry.others });
        if let Some(joined) = joined {
            self.send(joined, ServerFrame::Company);
        }
        Ok(())
    }

    /// A guest is in no room any more.
    pub(super) fn leave_room(&mut self, id: ClientId) {
        let Some(Client { part: Part::Guest(stay), .. }) = self.clients.get_mut(&id) else { return };
        let Some(Stay { key, room, member, .. }) = stay.take() else { return };
        let Some(forum) = self.forums.get(&key) else { return };
        let alone = forum.venue.leave(room, member).and_then(|alone| forum.guest(alone));
        forum.dismiss(member);
        self.forums.tidy_room(&key, room);
        self.forums.tidy(&key);
        if let Some(alone) = alone {
            self.send(alone, ServerFrame::Alone);
        }
    }

    fn post(
        &mut self,
        author: ClientId,
        key: &StationKey,
        room: RoomId,
        text: String,
        flagged: bool,
    ) -> Result<(), Refusal> {
        let message = MessageId(self.number());
        let Some(forum) = self.forums.get(key) else { return Ok(()) };
        let fate = forum.venue.rules().fate(flagged);
        let content = forum.keep(room, text, author, fate == Fate::Held)?;
        let sent = forum.venue.send(room, message, content.clone(), fate);
        if let Some(published) = sent.published {
            self.publish(key, message, content, &published);
        }
        if let Some(moderator) = sent.review {
            self.give(key, moderator, message);
        }
        Ok(())
    }

    /// Everybody in the room but the author hears the message. Where another has scrolled away with it, the author is told
    /// of that alone.
    pub(super) fn publish(
        &mut self,
        key: &StationKey,
        message: MessageId,
        content: Content,
        published: &Published<MessageId, Content>,
    ) {
        let Content { said, author, .. } = content;
        let text = said.text().to_owned();
        let (room, scrolled) = (published.room, published.scrolled.as_ref().map(|(message, _)| *message));
        self.tell_room(key, room, &ServerFrame::Posted { message, text, scrolled }, Some(author));
        let is_here = self.stay(author).is_some_and(|stay| stay.key == *key && stay.room == room);
        if let Some(message) = scrolled.filter(|_| is_here) {
            self.send(author, ServerFrame::Hidden { message });
        }
    }

    pub(super) fn tell_room(
        &mut self,
        key: &StationKey,
        room: RoomId,
        frame: &ServerFrame,
        but: Option<ClientId>,
    ) {
        let Some(forum) = self.forums.get(key) else { return };
        let listeners: Vec<ClientId> = forum.in_room(room).filter(|client| Some(*client) != but).collect();
        if listeners.is_empty() {
            return;
        }
        let message = match frame {
            ServerFrame::Posted { text, .. } => Some(Message::of(text)),
            _ => None,
        };
        let parcel = Parcel::Many(write(frame).into(), message);
        for client in listeners {
            self.hand(client, parcel.clone());
        }
    }

    /// What is not known any more, or is in another room, is nobody's fault.
    fn report(
        &mut self,
        id: ClientId,
        key: &StationKey,
        room: RoomId,
        message: MessageId,
    ) -> Result<(), Refusal> {
        let Some(stay) = self.stay(id) else { return Ok(()) };
        if stay.reported.len() >= limits::REPORTS {
            return Err("you have reported enough".into());
        }
        if !stay.reported.insert(message) {
            return Ok(());
        }
        let Some(forum) = self.forums.get(key).filter(|forum| forum.venue.room_of(message) == Some(room))
        else {
            return Ok(());
        };
        match forum.venue.report(message) {
            Reported::Nothing => {}
            Reported::Hidden(room) => self.tell_room(key, room, &ServerFrame::Hidden { message }, None),
            Reported::Review(moderator) => self.give(key, moderator, message),
        }
        Ok(())
    }

    /// A moderator gets a message to review.
    pub(super) fn give(&mut self, key: &StationKey, moderator: ModeratorId, message: MessageId) {
        let Some(forum) = self.forums.get(key) else { return };
        let Some(Content { said, held, .. }) = forum.venue.content(message).cloned() else { return };
        let text = said.text().to_owned();
        if let Some(client) = forum.moderator(moderator) {
            self.send(client, ServerFrame::Review { message, text, held });
        }
    }
}
