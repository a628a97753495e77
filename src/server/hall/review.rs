//! Moderators: where each works, and what they decide.

use super::{Client, ClientId, Hall, Part, Refusal, StationKey, nonsense};
use crate::base::id::ModeratorId;
use crate::base::words::rooms::Verdict;
use crate::platform::venue::Decided;
use crate::scenario::plan::rooms::Rules;
use crate::wire::MessageId;
use crate::wire::json::frame::{ClientFrame, ServerFrame};

/// A moderator's place at a venue.
#[derive(Clone, Debug)]
pub(super) struct Chair {
    key: StationKey,
    moderator: ModeratorId,
}

impl Hall {
    pub(super) fn hear_moderator(
        &mut self,
        id: ClientId,
        run: u32,
        frame: ClientFrame,
    ) -> Result<(), Refusal> {
        use ClientFrame as F;
        match (frame, self.chair(id)) {
            (F::Moderate { venue, rules }, None) => {
                let key = (run, venue);
                let moderates = self.moderate(id, &key, rules.map(|rules| rules.0));
                self.forums.tidy(&key);
                moderates
            }
            (F::Moderate { .. }, Some(_)) => Err("you are on duty".into()),
            (F::Decide { message, verdict }, Some(chair)) => self.decide(&chair, message, verdict.into()),
            (frame, None) => Err(nonsense(&frame, "a moderator who is not on duty")),
            (frame, Some(_)) => Err(nonsense(&frame, "a moderator")),
        }
    }

    fn chair(&self, id: ClientId) -> Option<Chair> {
        match self.clients.get(&id) {
            Some(Client { part: Part::Moderator(chair), .. }) => chair.clone(),
            _ => None,
        }
    }

    fn moderate(&mut self, id: ClientId, key: &StationKey, rules: Option<Rules>) -> Result<(), Refusal> {
        let forum = self.forums.at(key, rules)?;
        let moderator = forum.hire(id)?;
        let first = forum.venue.ready(moderator);
        if let Some(Client { part: Part::Moderator(chair), .. }) = self.clients.get_mut(&id) {
            *chair = Some(Chair { key: key.clone(), moderator });
        }
        self.send(id, ServerFrame::Moderating { moderator: moderator.0 });
        if let Some(message) = first {
            self.give(key, moderator, message);
        }
        Ok(())
    }

    fn decide(&mut self, chair: &Chair, message: MessageId, verdict: Verdict) -> Result<(), Refusal> {
        let Chair { key, moderator } = chair;
        let Some(forum) = self.forums.get(key) else { return Ok(()) };
        let (room, content) = (forum.venue.room_of(message), forum.venue.content(message).cloned());
        let Some((decided, next)) = forum.venue.decide(*moderator, message, verdict) else {
            return Err(format!("message {} is not in your hands", message.0));
        };
        match (decided, content) {
            (Decided::Published(published), Some(content)) => {
                self.publish(key, message, content, &published);
            }
            (Decided::Hidden(room), _) => {
                self.tell_room(key, room, &ServerFrame::Hidden { message }, None);
            }
            _ => {}
        }
        if let Some(room) = room {
            self.forums.tidy_room(key, room);
        }
        if let Some(next) = next {
            self.give(key, *moderator, next);
        }
        Ok(())
    }

    /// A moderator is gone: what was in hand is the next to be reviewed.
    pub(super) fn leave_chair(&mut self, id: ClientId) {
        let Some(Client { part: Part::Moderator(chair), .. }) = self.clients.get_mut(&id) else { return };
        let Some(Chair { key, moderator }) = chair.take() else { return };
        let Some(forum) = self.forums.get(&key) else { return };
        let next = forum.venue.gone(moderator);
        forum.let_go(moderator);
        self.forums.tidy(&key);
        if let Some((other, message)) = next {
            self.give(&key, other, message);
        }
    }
}
