//! A guest in a run: the person, and a connection for as long as each visit to the room lasts.

mod stay;

use std::sync::Arc;

use tokio::task::JoinSet;

use super::fanout::Spot;
use super::heard::Receipt;
use super::holds::Hold;
use super::link::{Connected, Trouble};
use super::notes::{Note, Reading, Whereabouts};
use super::place::{Happening, Loss, Place};
use super::stage::{Curtain, Sink, Stage};
use super::text;
use super::timers::Timers;
use super::visitor::VisitorSession;
use super::voices::Who;
use crate::base::id::{VenueId, VisitId};
use crate::base::time::{Moment, RealMoment};
use crate::base::words::rooms::{Fate, GuestAct, GuestNews, Post, PostId, PostKind};
use crate::metrics::tally::Direction;
use crate::net::clock::Pace;
use crate::people::guest::{Guest, GuestEvent};
use crate::scenario::plan::rooms::ModerationMode;
use crate::wire::token::Part;
use crate::wire::{Act, Event, MessageId};
use stay::Stay;

/// One guest, from the intended start to the end of the last visit.
pub(super) struct GuestSession {
    guest: Guest,
    venue: VenueId,
    spot: Spot,
    place: Place,
    acts: Vec<GuestAct>,
    stay: Option<Stay>,
    /// The last visit on which the guest was let in.
    was_in: Option<VisitId>,
    /// What the guest does once there is a connection, and when it was meant.
    held: Vec<(Moment, GuestAct)>,
    /// Whether a connection was asked for, for the visit that is to come.
    has_knocked: bool,
    /// Where the guest is a visitor meanwhile, having turned to the desk.
    desk: JoinSet<()>,
    /// Whether the intended start has come.
    has_come: bool,
}

impl GuestSession {
    /// Guest `index` of a venue, not there yet.
    pub(super) fn new(stage: Arc<Stage>, pace: Pace, venue: VenueId, index: u64) -> Self {
        let draws = stage.populations[stage.plan.guests_of(venue).index()].visitor(index);
        let room = stage.popularity[venue.index()].room(draws);
        let guest = Guest::new(&stage.scene(), venue, room, index, draws);
        let link = stage.link(Who::Guest);
        let place = Place::new(stage, pace, draws, link, Timers::default(), Curtain::Falling);
        Self {
            guest,
            venue,
            spot: (venue, room),
            place,
            acts: Vec::new(),
            stay: None,
            was_in: None,
            held: Vec::new(),
            has_knocked: false,
            desk: JoinSet::new(),
            has_come: false,
        }
    }

    /// Plays the guest, who is meant to start at `start`.
    pub(super) async fn play(mut self, start: Moment) {
        if !self.knock(start).await {
            return;
        }
        if !self.place.begin(start).await {
            return self.hang_up().await;
        }
        self.has_come = true;
        self.place.stage.notes.put(Note::Arrived);
        self.tell(start, GuestEvent::Start).await;
        while !self.guest.is_gone() {
            if self.stay.is_none()
                && !self.has_knocked
                && let Some(comes_back) = self.place.timers.next_due()
            {
                self.knock(comes_back).await;
            }
            match self.place.next().await {
                Happening::Timer(due, timer) => self.tell(due, GuestEvent::Timer(timer.reason)).await,
                Happening::Heard(at, read, event) => self.hear(at, read, event).await,
                Happening::HeldBack(hold) => self.was_held_back(hold),
                Happening::Connected(connected) => self.settle(connected).await,
                Happening::CameBack { resumed, .. } => self.come_back(resumed).await,
                Happening::Lost(at) => self.lose_connection(at).await,
                // Doors close on those who wait at a desk.
                Happening::DoorsClose(_) => {}
                Happening::Curtain(now) => self.tell(now, GuestEvent::Horizon).await,
            }
        }
        while self.desk.join_next().await.is_some() {}
    }

    /// Connects for a visit that is meant to begin then, shortly before that; false when the run is over first.
    async fn knock(&mut self, start: Moment) -> bool {
        let has_time = self.place.connect_ahead(start).await;
        self.has_knocked |= has_time;
        has_time
    }

    /// Tells the guest, and does what the guest does about it.
    async fn tell(&mut self, now: Moment, event: GuestEvent) {
        self.handle(now, event);
        for act in std::mem::take(&mut self.acts) {
            self.perform(now, act).await;
        }
        let present = self.guest.visit();
        if self.guest.is_gone() || self.stay.as_ref().is_none_or(|stay| stay.visit != present) {
            self.hang_up().await;
        }
    }

    fn handle(&mut self, now: Moment, event: GuestEvent) {
        let stage = self.place.stage.clone();
        let mut sink = Sink { acts: &mut self.acts, timers: &mut self.place.timers, notes: &stage.notes };
        self.guest.handle(now, event, &stage.scene(), &mut sink);
    }

    /// Does one thing that the guest meant to do at `meant`, or holds it back until there is a connection.
    async fn perform(&mut self, meant: Moment, act: GuestAct) {
        match act {
            GuestAct::Enter { .. } => {
                self.has_knocked = false;
                self.stay = Some(Stay::new(self.guest.visit()));
                if !self.place.is_connecting() && !self.place.link.is_up() {
                    self.place.connect(meant);
                }
            }
            GuestAct::Leave => {
                self.place.give_up_connecting();
                self.held.clear();
            }
            GuestAct::TurnToDesk(VisitId { population, index, .. }) => {
                let (stage, pace) = (self.place.stage.clone(), self.place.pace);
                let visitor = VisitorSession::turning(stage, pace, population, index);
                self.desk.spawn(visitor.play(meant));
                return;
            }
            GuestAct::Post(_) | GuestAct::Report(_) => {}
        }
        if self.place.is_connecting() {
            self.held.push((meant, act));
        } else {
            self.carry_out(meant, act).await;
        }
    }

    /// Does one thing over the connection that there is.
    async fn carry_out(&mut self, meant: Moment, act: GuestAct) {
        let stage = self.place.stage.clone();
        match act {
            GuestAct::Enter { venue, room } => {
                let (room, rules) = (stage.room_name(venue, room), stage.plan.venue(venue).rules());
                self.place.act(&Act::Enter { room, rules }).await;
            }
            GuestAct::Post(post) => {
                let act = self.post(meant, &post);
                self.place.act(&act).await;
            }
            GuestAct::Report(post) => {
                if let Some(message) = self.stay.as_ref().and_then(|stay| stay.in_sight(post)) {
                    self.place.act(&Act::Report { message }).await;
                }
            }
            GuestAct::Leave => self.leave().await,
            // That is for the desk to hear.
            GuestAct::TurnToDesk(_) => {}
        }
    }

    /// Tells the platform, which says nothing more into this room from then on: so that what is received until its goodbye is
    /// all that it sent.
    async fn leave(&mut self) {
        let Some(stay) = self.stay.as_mut().filter(|stay| !stay.has_left) else { return };
        stay.has_left = true;
        if stay.is_inside {
            let now = self.place.stage.clock.now();
            self.place.stage.notes.put(Note::Leaves(self.spot, stay.visit, now));
        }
        self.place.act(&Act::Leave).await;
    }

    fn post(&mut self, meant: Moment, post: &Post) -> Act {
        let stage = &self.place.stage;
        let intended = self.place.pace.real(meant);
        let token = |id: PostId| stage.token(id.author, Part::OfGuest(id.number), intended).encode();
        let mut tokens = token(post.id);
        if let PostKind::Answer(question) = post.kind {
            tokens.push(' ');
            tokens.push_str(&token(question));
        }
        let rules = stage.plan.venue(self.venue).rules();
        let fate = rules.fate(post.suspect);
        stage.notes.put(Note::Posted(post.id, self.spot, fate, meant, stage.clock.now()));
        let reviews_all = rules.mode == ModerationMode::After { reported_only: false };
        if fate == Fate::Held || (fate == Fate::Published && reviews_all) {
            stage.notes.put(Note::ToReview(post.id));
        }
        Act::Post { text: text::message(&tokens, post.words), flagged: post.suspect }
    }

    /// Connecting came to this: now is done what was held back, or the guest stands before a closed door.
    async fn settle(&mut self, connected: Result<Connected, Trouble>) {
        match self.place.count(connected) {
            Ok(()) => self.do_what_was_held().await,
            Err(failure) => {
                self.held.clear();
                // For want of a socket of our own nobody was turned away.
                let event = failure.map_or(GuestEvent::Lost, |_| GuestEvent::News(GuestNews::Refused));
                let now = self.place.now();
                self.tell(now, event).await;
            }
        }
    }

    async fn do_what_was_held(&mut self) {
        for (meant, act) in std::mem::take(&mut self.held) {
            self.carry_out(meant, act).await;
        }
    }

    /// There is a connection again. Where the platform knows the guest no more, they enter the room again.
    async fn come_back(&mut self, resumed: bool) {
        if resumed {
            self.tell_of_reader(Note::BackInRoom);
            return self.do_what_was_held().await;
        }
        self.held.clear();
        let Some(stay) = &mut self.stay else { return };
        let notes = &self.place.stage.notes;
        if stay.start_again() {
            notes.put(Note::Left(self.spot, stay.visit, false));
            notes.put(Note::Moved(Whereabouts::InRoom, Whereabouts::Away));
        }
        let (venue, room) = self.spot;
        let now = self.place.now();
        self.carry_out(now, GuestAct::Enter { venue, room }).await;
    }

    /// Notes something of the guest, where messages may be on their way to them.
    fn tell_of_reader(&self, note: impl Fn(Spot, VisitId) -> Note) {
        if let Some(stay) = self.stay.as_ref().filter(|stay| stay.is_inside) {
            self.place.stage.notes.put(note(self.spot, stay.visit));
        }
    }

    async fn lose_connection(&mut self, at: Moment) {
        self.end_stay(false);
        self.tell(at, GuestEvent::Lost).await;
    }

    async fn hear(&mut self, at: Moment, read: RealMoment, event: Event) {
        let news = match event {
            Event::Entered { others } => match self.enter() {
                Some(false) => GuestNews::Entered { others },
                // For the guest it is the same stay.
                Some(true) if others > 0 => GuestNews::Company,
                Some(true) => GuestNews::Alone,
                None => return,
            },
            Event::Company => GuestNews::Company,
            Event::Alone => GuestNews::Alone,
            Event::Posted { message, text, scrolled } => {
                if let Some(post) = self.receive(read, &text) {
                    self.see(at, message, post).await;
                }
                match scrolled {
                    Some(message) => return self.lose_sight(at, message).await,
                    None => return,
                }
            }
            Event::Hidden { message } => return self.lose_sight(at, message).await,
            Event::Throttled { .. } | Event::Failed { .. } => {
                self.place.suffer(&event);
                return;
            }
            Event::Refused { ref why } => {
                self.place.suffer(&event);
                self.place.stage.notes.put(Note::Unwilling(why.clone()));
                // Whoever was in the room is put out of it, and hears nothing more there.
                self.end_stay(false);
                GuestNews::Refused
            }
            Event::Gone(_) | Event::Broken { .. } => {
                if self.place.suffer(&event) == Loss::ForNow {
                    return self.tell_of_reader(Note::AwayFromRoom);
                }
                return self.lose_connection(at).await;
            }
            // What the codec lets nobody tell a guest.
            _ => return,
        };
        self.tell(at, GuestEvent::News(news)).await;
    }

    /// The guest is in the room from now on: whether that is so again. `None` where it makes no sense.
    fn enter(&mut self) -> Option<bool> {
        let Some(stay) = self.stay.as_mut().filter(|stay| !stay.is_inside) else {
            self.place.object("it let a guest into a room again");
            return None;
        };
        stay.is_inside = true;
        self.was_in = Some(stay.visit);
        let notes = &self.place.stage.notes;
        notes.put(Note::Entered(self.spot, stay.visit));
        notes.put(Note::Moved(Whereabouts::Away, Whereabouts::InRoom));
        Some(stay.was_inside)
    }

    /// Counts a message of another guest of this room, which the room may see. Gives it when it is news.
    fn receive(&mut self, read: RealMoment, text: &str) -> Option<Post> {
        let stage = self.place.stage.clone();
        let Some(stay) = self.stay.as_mut().filter(|stay| stay.is_inside) else {
            self.place.object("it told a guest of a message outside of any room");
            return None;
        };
        let visit = stay.visit;
        let token = self.place.recognise(text, |token| token.visit != visit)?;
        let post = stage.post(self.venue, &token, text).filter(|(_, room)| *room == self.spot.1);
        let fate = |post: &Post| stage.plan.venue(self.venue).rules().fate(post.suspect);
        let since = post.and_then(|(post, _)| match fate(&post) {
            Fate::Published => Some((post, true, token.intended)),
            Fate::Held => Some((post, false, self.place.pace.real(stage.passed.when(post.id)?))),
            Fate::Blocked => None,
        });
        let Some((post, in_order, since)) = since else {
            self.place.object("it showed a guest a message that is not for that room, or not yet");
            return None;
        };
        let receipt = stay.heard.hear(post.id, in_order);
        let withheld = self.place.was_withheld(since, read);
        stage.notes.put(Note::Heard(Reading { token, visit, receipt, since, read, withheld }));
        // Who comes back has said it before.
        let is_own = visit.same_person(token.visit);
        (receipt != Receipt::Again && !is_own).then_some(post)
    }

    /// The guest sees a message. One for which there is no place on the screen scrolls away, whatever the platform says.
    async fn see(&mut self, at: Moment, message: MessageId, post: Post) {
        let screen = self.place.stage.plan.venue(self.venue).rules().screen;
        let Some(stay) = self.stay.as_mut() else { return };
        let oldest = if post.harmful { stay.see(message, post.id, screen) } else { None };
        self.tell(at, GuestEvent::News(GuestNews::Heard(post))).await;
        if let Some(post) = oldest {
            self.tell(at, GuestEvent::News(GuestNews::OutOfSight(post))).await;
        }
    }

    /// A message is not to be seen any more. What did no harm, or was said before the guest came, was not looked at.
    async fn lose_sight(&mut self, at: Moment, message: MessageId) {
        if let Some(post) = self.stay.as_mut().and_then(|stay| stay.lose_sight(message)) {
            self.tell(at, GuestEvent::News(GuestNews::OutOfSight(post))).await;
        }
    }

    /// The visit is over; `whole`: all that was sent before was received.
    fn end_stay(&mut self, whole: bool) {
        if let Some(stay) = self.stay.take().filter(|stay| stay.is_inside) {
            let notes = &self.place.stage.notes;
            notes.put(Note::Left(self.spot, stay.visit, whole));
            notes.put(Note::Moved(Whereabouts::InRoom, Whereabouts::Away));
        }
    }

    /// The server has let lie what the guest said.
    fn was_held_back(&self, hold: Hold) {
        if let Some(visit) = self.was_in {
            self.place.stage.notes.put(Note::HeldBack(visit, Direction::ToGuest, hold));
        }
    }

    /// Nobody is in the room any more: the connection goes, and what was on its way to it is still received.
    async fn hang_up(&mut self) {
        self.place.stop_connecting();
        self.held.clear();
        self.has_knocked = false;
        let mut whole = false;
        if self.place.link.is_up() {
            self.leave().await;
            whole = self.place.disconnect().await;
            while let Some(left) = self.place.next_left() {
                match left {
                    Happening::Heard(_, read, Event::Posted { text, .. }) => {
                        self.receive(read, &text);
                    }
                    Happening::HeldBack(hold) => self.was_held_back(hold),
                    _ => {}
                }
            }
            self.place.stage.notes.put(Note::Disconnected);
        }
        self.end_stay(whole);
    }
}

/// One who is cut off has an ending too.
impl Drop for GuestSession {
    fn drop(&mut self) {
        if !self.has_come {
            return;
        }
        if !self.guest.is_gone() {
            let now = self.place.now();
            self.handle(now, GuestEvent::Horizon);
        }
        self.end_stay(false);
        self.place.stage.notes.put(Note::Done);
    }
}
