//! The rooms of the scene: what guests and moderators do there, and who is to hear of it.

use crate::base::id::{ModeratorId, RoomId, VenueId, VisitId};
use crate::base::time::Moment;
use crate::base::words::rooms::{Fate, GuestAct, GuestNews, ModeratorAct, Post, PostId};
use crate::platform::venue::{Decided, Member, Published, Reported, Venue};
use crate::scenario::plan::Plan;

use super::stage::GuestId;

/// What a room has to say, and to whom.
#[derive(Clone, Copy, Debug)]
pub(super) enum RoomMessage {
    /// To one guest.
    ToGuest(GuestId, GuestNews),
    /// To everybody in a room but the author.
    Said(VenueId, RoomId, Content),
    /// To everybody in a room.
    Hidden(VenueId, RoomId, PostId),
    /// A message to review: to the moderator of this number.
    Review(VenueId, ModeratorId, PostId),
    /// A guest turns to a desk, as this visitor.
    Turns(VisitId),
}

/// A message as rooms keep it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Content {
    pub(super) post: Post,
    pub(super) posted: Moment,
    pub(super) held: bool,
}

/// All rooms of the plan.
pub(super) struct Parlour {
    venues: Vec<Venue<PostId, Content>>,
    /// The number of the first moderator of each venue, among all.
    first_moderator: Vec<u32>,
    /// Where each guest is.
    places: Vec<Option<(VenueId, RoomId)>>,
    /// What was said in this instant, in order.
    pub(super) mail: Vec<RoomMessage>,
}

impl Parlour {
    pub(super) fn new(plan: &Plan) -> Self {
        let venues = plan.venues.iter().map(|venue| Venue::new(venue.rules(), venue.rooms())).collect();
        let mut next = 0;
        let counted = plan.venues.iter().map(|venue| {
            next += venue.moderation.moderators;
            next - venue.moderation.moderators
        });
        let mut first_moderator: Vec<u32> = counted.collect();
        first_moderator.push(next);
        Self { venues, first_moderator, places: Vec::new(), mail: Vec::new() }
    }

    /// How many moderators all venues have.
    pub(super) fn moderators(&self) -> u32 {
        self.first_moderator.last().copied().unwrap_or_default()
    }

    /// The number of a venue's moderator among all.
    pub(super) fn number_of(&self, venue: VenueId, moderator: ModeratorId) -> u32 {
        self.first_moderator[venue.index()] + moderator.0
    }

    /// A message that is kept.
    pub(super) fn content(&self, venue: VenueId, post: PostId) -> Option<Content> {
        self.venues[venue.index()].content(post).copied()
    }

    /// Who is in a room.
    pub(super) fn members(&self, venue: VenueId, room: RoomId) -> &[Member] {
        self.venues[venue.index()].members(room)
    }

    /// Makes room for a further guest.
    pub(super) fn admit(&mut self) {
        self.places.push(None);
    }

    /// A guest does something.
    pub(super) fn guest(&mut self, now: Moment, guest: GuestId, act: GuestAct) {
        match (act, self.places[guest.index()]) {
            (GuestAct::Enter { venue, room }, _) => self.enter(guest, venue, room),
            (GuestAct::Post(post), Some((venue, room))) => self.post(now, (venue, room), post),
            (GuestAct::Report(post), Some((venue, _))) => self.report(venue, post),
            (GuestAct::Leave, Some((venue, room))) => self.leave(guest, venue, room),
            (GuestAct::TurnToDesk(visit), _) => self.mail.push(RoomMessage::Turns(visit)),
            (GuestAct::Post(_) | GuestAct::Report(_) | GuestAct::Leave, None) => {}
        }
    }

    fn enter(&mut self, guest: GuestId, venue: VenueId, room: RoomId) {
        self.places[guest.index()] = Some((venue, room));
        let entry = self.venues[venue.index()].enter(room, Member(guest.0));
        self.mail.push(RoomMessage::ToGuest(guest, GuestNews::Entered { others: entry.others }));
        if let Some(Member(joined)) = entry.joined {
            self.mail.push(RoomMessage::ToGuest(GuestId(joined), GuestNews::Company));
        }
    }

    fn leave(&mut self, guest: GuestId, venue: VenueId, room: RoomId) {
        self.places[guest.index()] = None;
        if let Some(Member(alone)) = self.venues[venue.index()].leave(room, Member(guest.0)) {
            self.mail.push(RoomMessage::ToGuest(GuestId(alone), GuestNews::Alone));
        }
    }

    fn post(&mut self, now: Moment, (venue, room): (VenueId, RoomId), post: Post) {
        let fate = self.venues[venue.index()].rules().fate(post.suspect);
        let content = Content { post, posted: now, held: fate == Fate::Held };
        let sent = self.venues[venue.index()].send(room, post.id, content, fate);
        if let Some(published) = sent.published {
            self.published(venue, content, &published);
        }
        if let Some(moderator) = sent.review {
            self.mail.push(RoomMessage::Review(venue, moderator, post.id));
        }
    }

    fn published(&mut self, venue: VenueId, content: Content, published: &Published<PostId, Content>) {
        let room = published.room;
        self.mail.push(RoomMessage::Said(venue, room, content));
        if let Some((post, gone)) = &published.scrolled
            && gone.post.harmful
        {
            self.mail.push(RoomMessage::Hidden(venue, room, *post));
        }
    }

    fn report(&mut self, venue: VenueId, post: PostId) {
        match self.venues[venue.index()].report(post) {
            Reported::Nothing => {}
            Reported::Hidden(room) => self.mail.push(RoomMessage::Hidden(venue, room, post)),
            Reported::Review(moderator) => self.mail.push(RoomMessage::Review(venue, moderator, post)),
        }
    }

    /// A moderator does something.
    pub(super) fn moderator(&mut self, venue: VenueId, moderator: ModeratorId, act: ModeratorAct) {
        let of = &mut self.venues[venue.index()];
        let next = match act {
            ModeratorAct::Ready => of.ready(moderator),
            ModeratorAct::Decide { post, verdict } => {
                let content = of.content(post).copied();
                let Some((decided, next)) = of.decide(moderator, post, verdict) else { return };
                match (decided, content) {
                    (Decided::Published(published), Some(content)) => {
                        self.published(venue, content, &published);
                    }
                    (Decided::Hidden(room), _) => self.mail.push(RoomMessage::Hidden(venue, room, post)),
                    _ => {}
                }
                next
            }
        };
        if let Some(post) = next {
            self.mail.push(RoomMessage::Review(venue, moderator, post));
        }
    }
}
