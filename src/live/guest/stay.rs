//! One visit of a guest to the room: where it stands, what was heard in it, and what is in sight.

use std::collections::VecDeque;

use super::super::heard::Heard;
use crate::base::id::VisitId;
use crate::base::words::rooms::PostId;
use crate::wire::MessageId;

/// A visit, from the request to be let in.
#[derive(Debug)]
pub(super) struct Stay {
    pub(super) visit: VisitId,
    /// Whether the platform has said that the guest is in the room.
    pub(super) is_inside: bool,
    /// Whether it had said so before, and then forgot.
    pub(super) was_inside: bool,
    /// Whether the platform was told of the guest's leaving.
    pub(super) has_left: bool,
    pub(super) heard: Heard,
    /// The harmful messages in sight, the oldest first, as the platform numbers them. No more than the screen shows.
    sights: VecDeque<(MessageId, PostId)>,
}

impl Stay {
    /// The guest asks to be let in.
    pub(super) fn new(visit: VisitId) -> Self {
        let (heard, sights) = (Heard::default(), VecDeque::new());
        Self { visit, is_inside: false, was_inside: false, has_left: false, heard, sights }
    }

    /// The platform has forgotten the guest and every message. Whether the guest was in the room.
    pub(super) fn start_again(&mut self) -> bool {
        self.sights.clear();
        self.was_inside |= self.is_inside;
        std::mem::take(&mut self.is_inside)
    }

    /// A harmful message comes into sight, on a screen with so many places. Gives the one that leaves it.
    pub(super) fn see(&mut self, message: MessageId, post: PostId, screen: u32) -> Option<PostId> {
        self.sights.push_back((message, post));
        if self.sights.len() > screen as usize { self.sights.pop_front().map(|(_, post)| post) } else { None }
    }

    /// The platform's number of a harmful message in sight.
    pub(super) fn in_sight(&self, post: PostId) -> Option<MessageId> {
        self.sights.iter().find(|(_, other)| *other == post).map(|(message, _)| *message)
    }

    /// A message is not in sight any more. Gives which it was, if it was one that does harm.
    pub(super) fn lose_sight(&mut self, message: MessageId) -> Option<PostId> {
        let place = self.sights.iter().position(|(other, _)| *other == message)?;
        self.sights.remove(place).map(|(_, post)| post)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::PopulationId;

    #[test]
    fn no_more_is_in_sight_than_a_screen_shows() {
        let visit = VisitId { population: PopulationId(0), index: 0, attempt: 0 };
        let post = |number| PostId { author: visit, number };
        let mut stay = Stay::new(visit);
        assert_eq!(stay.see(MessageId(10), post(0), 2), None);
        assert_eq!(stay.see(MessageId(11), post(1), 2), None);
        assert_eq!(stay.see(MessageId(12), post(2), 2), Some(post(0)), "whatever the platform says");
        assert_eq!((stay.in_sight(post(0)), stay.in_sight(post(1))), (None, Some(MessageId(11))));
        assert_eq!(stay.lose_sight(MessageId(10)), None);
        assert_eq!(stay.lose_sight(MessageId(11)), Some(post(1)));
        assert_eq!(stay.in_sight(post(1)), None);
    }
}
