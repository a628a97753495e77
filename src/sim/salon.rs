//! The guests and the moderators in virtual time.

use std::collections::VecDeque;

use crate::base::draw::Draws;
use crate::base::id::{RoomId, VenueId, VisitId};
use crate::base::words::rooms::{GuestNews, ModeratorNews, PostKind};
use crate::people::Scene;
use crate::people::guest::{Guest, GuestEvent};
use crate::people::moderator::{Moderator, ModeratorEvent};
use crate::people::popularity::Popularity;

use super::engine::Witness;
use super::hands::{GuestHands, ModeratorHands};
use super::parlour::{Content, RoomMessage};
use super::stage::{GuestId, Stage};

/// Everybody who has to do with rooms.
pub(super) struct Salon {
    guests: Vec<Guest>,
    /// Guests who come back no more: their numbers are used again.
    vacant: Vec<GuestId>,
    /// The moderators of every venue, one after another, with their numbers there.
    moderators: Vec<Moderator>,
    popularity: Vec<Popularity>,
    /// Who goes on to a desk in this instant, as which visitor.
    turning: VecDeque<VisitId>,
    /// Who is told of the message being delivered; kept for its room.
    listeners: Vec<GuestId>,
}

impl Salon {
    pub(super) fn new(scene: Scene<'_>) -> Self {
        let own = |(venue, number)| Moderator::new(venue, number);
        let moderators = scene.plan.moderator_ids().map(own).collect();
        let popularity = scene.plan.venues.iter().map(Popularity::of).collect();
        Self {
            guests: Vec::new(),
            vacant: Vec::new(),
            moderators,
            popularity,
            turning: VecDeque::new(),
            listeners: Vec::new(),
        }
    }

    pub(super) fn each_moderator(&mut self, stage: &mut Stage<'_, impl Witness>, event: ModeratorEvent) {
        for number in 0..self.moderators.len() as u32 {
            self.tell_moderator(stage, number, event);
        }
    }

    /// Guest `index` of a venue comes for the first time.
    pub(super) fn arrive(
        &mut self,
        stage: &mut Stage<'_, impl Witness>,
        venue: VenueId,
        index: u64,
        draws: Draws,
    ) {
        let room = self.popularity[venue.index()].room(draws);
        let guest = Guest::new(&stage.scene, venue, room, index, draws);
        let id = match self.vacant.pop() {
            Some(id) => {
                self.guests[id.index()] = guest;
                id
            }
            None => {
                let id = GuestId(self.guests.len() as u32);
                self.guests.push(guest);
                stage.timers.admit(id.0);
                stage.parlour.admit();
                id
            }
        };
        self.tell_guest(stage, id, GuestEvent::Start);
    }

    /// The run is over.
    pub(super) fn close(&mut self, stage: &mut Stage<'_, impl Witness>) {
        for guest in 0..self.guests.len() as u32 {
            self.tell_guest(stage, GuestId(guest), GuestEvent::Horizon);
        }
        self.each_moderator(stage, ModeratorEvent::Horizon);
    }

    /// Who goes on to a desk next.
    pub(super) fn next_to_turn(&mut self) -> Option<VisitId> {
        self.turning.pop_front()
    }

    /// Delivers what rooms have to say until they have nothing more to say in this instant.
    pub(super) fn settle(&mut self, stage: &mut Stage<'_, impl Witness>) {
        let mut delivered = 0;
        while let Some(message) = stage.parlour.mail.get(delivered) {
            delivered += 1;
            match *message {
                RoomMessage::ToGuest(guest, news) => self.tell_guest(stage, guest, GuestEvent::News(news)),
                RoomMessage::Said(venue, room, content) => {
                    self.spread(stage, (venue, room), content);
                }
                RoomMessage::Hidden(venue, room, post) => {
                    self.tell_room(stage, (venue, room), GuestNews::OutOfSight(post), |_| true);
                }
                RoomMessage::Review(venue, moderator, post) => {
                    if let Some(Content { post, posted, held, .. }) = stage.parlour.content(venue, post) {
                        let number = stage.parlour.number_of(venue, moderator);
                        let given = ModeratorNews::Given { post, posted, held };
                        self.tell_moderator(stage, number, ModeratorEvent::News(given));
                    }
                }
                RoomMessage::Turns(visit) => self.turning.push_back(visit),
            }
        }
        stage.parlour.mail.clear();
    }

    /// Everybody hears of harm; of a question those who may answer it, and of an answer they and who asked. What else is
    /// said changes nothing for anybody.
    fn spread(&mut self, stage: &mut Stage<'_, impl Witness>, place: (VenueId, RoomId), content: Content) {
        let Content { post, .. } = content;
        let asker = match post.kind {
            _ if post.harmful => None,
            PostKind::Talk => return,
            PostKind::Question => None,
            PostKind::Answer(question) => Some(question.author),
        };
        // Nobody is told of what they said themselves, on an earlier visit neither. (The guest's number would not do: by the
        // time a moderator has passed the message it may be somebody else's.)
        let own = |guest: &Guest| guest.visit().same_person(post.id.author);
        let concerns = |guest: &Guest| post.harmful || guest.is_active() || asker == Some(guest.visit());
        self.tell_room(stage, place, GuestNews::Heard(post), |guest| !own(guest) && concerns(guest));
    }

    fn tell_room(
        &mut self,
        stage: &mut Stage<'_, impl Witness>,
        (venue, room): (VenueId, RoomId),
        news: GuestNews,
        whom: impl Fn(&Guest) -> bool,
    ) {
        let members = stage.parlour.members(venue, room).iter().map(|member| GuestId(member.0));
        let mut listeners = std::mem::take(&mut self.listeners);
        listeners.extend(members.filter(|id| whom(&self.guests[id.index()])));
        for id in listeners.drain(..) {
            self.tell_guest(stage, id, GuestEvent::News(news));
        }
        self.listeners = listeners;
    }

    pub(super) fn tell_guest(&mut self, stage: &mut Stage<'_, impl Witness>, id: GuestId, event: GuestEvent) {
        let guest = &mut self.guests[id.index()];
        if guest.is_gone() {
            return;
        }
        let (now, scene) = (stage.now, stage.scene);
        guest.handle(now, event, &scene, &mut GuestHands { stage, guest: id });
        if guest.is_gone() {
            self.vacant.push(id);
        }
    }

    pub(super) fn tell_moderator(
        &mut self,
        stage: &mut Stage<'_, impl Witness>,
        number: u32,
        event: ModeratorEvent,
    ) {
        let of = &mut self.moderators[number as usize];
        let (now, scene, (venue, moderator)) = (stage.now, stage.scene, of.post());
        of.handle(now, event, &scene, &mut ModeratorHands { stage, venue, moderator });
    }
}
