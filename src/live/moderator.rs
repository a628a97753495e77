//! A moderator in a run: the person, and one connection to the end.

use std::sync::Arc;

use super::arrival::on_duty;
use super::link::{Link, Trouble};
use super::notes::Note;
use super::place::{Happening, Loss, Place};
use super::stage::{Curtain, Sink, Stage};
use super::timers::Timers;
use crate::base::draw::Draws;
use crate::base::id::{ModeratorId, VenueId};
use crate::base::time::Moment;
use crate::base::words::rooms::{Fate, ModeratorAct, ModeratorNews, PostId, Verdict};
use crate::net::clock::Pace;
use crate::people::moderator::{Moderator, ModeratorEvent};
use crate::wire::token::Token;
use crate::wire::{Act, Event, MessageId};

/// One moderator.
pub(super) struct ModeratorSession {
    moderator: Moderator,
    venue: VenueId,
    place: Place,
    acts: Vec<ModeratorAct>,
    /// What the moderator does once the connection is back, and when it was meant.
    held: Vec<(Moment, ModeratorAct)>,
    /// The message in hand, as the platform numbers it and as its author does.
    in_hand: Option<(MessageId, PostId)>,
    is_home: bool,
}

/// A moderator who is connected; the run has not begun.
pub(super) struct Newcomer {
    stage: Arc<Stage>,
    venue: VenueId,
    number: ModeratorId,
    link: Link,
}

impl Newcomer {
    /// Moderator `number` of a venue, whose connection is `link`.
    pub(super) fn new(stage: Arc<Stage>, venue: VenueId, number: ModeratorId, link: Link) -> Self {
        Self { stage, venue, number, link }
    }

    /// Goes on duty. Moderators do so in their order, since ties of the platform go by it.
    pub(super) async fn go_on_duty(&mut self) -> Result<(), Trouble> {
        let moderate = moderate(&self.stage, self.venue);
        on_duty(&mut self.link, &moderate).await
    }

    /// The run begins.
    pub(super) fn begin(self, pace: Pace) -> ModeratorSession {
        let Self { stage, venue, number, link } = self;
        let plan = &stage.plan;
        let draws = Draws::of_agents(plan.seed, 0, &plan.venue(venue).name).visitor(number.0.into());
        let place = Place::new(stage, pace, draws, link, Timers::default(), Curtain::Falling);
        let (moderator, acts, held) = (Moderator::new(venue, number), Vec::new(), Vec::new());
        ModeratorSession { moderator, venue, place, acts, held, in_hand: None, is_home: false }
    }
}

impl ModeratorSession {
    /// Plays the moderator to the end of the run; gives the venue, if the connection was lost before that.
    pub(super) async fn play(mut self) -> Option<VenueId> {
        // By telling the platform, which was done before the run, the moderator is ready.
        self.handle(Moment::ZERO, ModeratorEvent::Start);
        self.acts.clear();
        loop {
            match self.place.next().await {
                Happening::Timer(due, timer) => {
                    self.tell(due, ModeratorEvent::Timer(timer.reason)).await;
                }
                Happening::Heard(at, _, event) => {
                    if self.hear(at, event).await == Loss::ForGood {
                        self.go_home(at);
                        return Some(self.venue);
                    }
                }
                Happening::CameBack { at, resumed } => self.come_back(at, resumed).await,
                Happening::Lost(at) => {
                    self.go_home(at);
                    return Some(self.venue);
                }
                Happening::Curtain(now) => {
                    self.go_home(now);
                    if !self.place.link.is_up() {
                        return None;
                    }
                    self.place.disconnect().await;
                    self.place.stage.notes.put(Note::Disconnected);
                    return None;
                }
                // A moderator connects before the run, and stays to its end.
                Happening::HeldBack(_) | Happening::Connected(_) | Happening::DoorsClose(_) => {}
            }
        }
    }

    fn handle(&mut self, now: Moment, event: ModeratorEvent) {
        let stage = self.place.stage.clone();
        let mut sink = Sink { acts: &mut self.acts, timers: &mut self.place.timers, notes: &stage.notes };
        self.moderator.handle(now, event, &stage.scene(), &mut sink);
    }

    async fn tell(&mut self, now: Moment, event: ModeratorEvent) {
        self.handle(now, event);
        let acts = std::mem::take(&mut self.acts);
        self.held.extend(acts.into_iter().map(|act| (now, act)));
        if !self.place.is_away() {
            self.do_what_was_held().await;
        }
    }

    async fn do_what_was_held(&mut self) {
        for (meant, act) in std::mem::take(&mut self.held) {
            match act {
                ModeratorAct::Ready => {
                    let moderate = moderate(&self.place.stage, self.venue);
                    self.place.act(&moderate).await;
                }
                ModeratorAct::Decide { verdict, .. } => self.decide(meant, verdict).await,
            }
        }
    }

    async fn decide(&mut self, meant: Moment, verdict: Verdict) {
        let Some((message, post)) = self.let_go() else { return };
        let stage = self.place.stage.clone();
        let passes = verdict == Verdict::Pass;
        if passes {
            stage.passed.pass(post, meant);
        }
        stage.notes.put(Note::Decided(post, passes, meant, stage.clock.now()));
        self.place.act(&Act::Decide { message, verdict }).await;
    }

    /// There is a connection again. Where the platform knows the moderator no more, it knows of no message either.
    async fn come_back(&mut self, at: Moment, resumed: bool) {
        if resumed {
            return self.do_what_was_held().await;
        }
        self.held.clear();
        self.let_go();
        self.tell(at, ModeratorEvent::Forgotten).await;
    }

    fn let_go(&mut self) -> Option<(MessageId, PostId)> {
        let in_hand = self.in_hand.take()?;
        self.place.stage.notes.put(Note::LetGo);
        Some(in_hand)
    }

    async fn hear(&mut self, at: Moment, event: Event) -> Loss {
        match event {
            Event::Review { message, text, held } => self.take(at, message, &text, held).await,
            // Among the rest is what the codec lets nobody tell a moderator.
            other => return self.place.suffer(&other),
        }
        Loss::Nothing
    }

    async fn take(&mut self, at: Moment, message: MessageId, text: &str, held: bool) {
        if self.in_hand.is_some() {
            return self.place.object("it gave a moderator a message while another was in hand");
        }
        let stage = self.place.stage.clone();
        let token = Token::leading(text).filter(|token| token.run == stage.run);
        let post = token.and_then(|token| Some((token, stage.post(self.venue, &token, text)?.0)));
        let Some((token, post)) = post else {
            // Nothing is known of it, so that nobody should see it.
            self.place.object("it gave a moderator a message that nobody of this run wrote");
            return self.place.act(&Act::Decide { message, verdict: Verdict::Remove }).await;
        };
        if held != (stage.plan.venue(self.venue).rules().fate(post.suspect) == Fate::Held) {
            self.place.object("it held a message for review, or did not, against the room's rules");
        }
        self.in_hand = Some((message, post.id));
        self.place.stage.notes.put(Note::Took);
        self.place.stage.notes.put(Note::ToReview(post.id));
        let posted = self.place.pace.scenario(token.intended);
        let given = ModeratorNews::Given { post, posted, held };
        self.tell(at, ModeratorEvent::News(given)).await;
    }

    fn go_home(&mut self, now: Moment) {
        if !std::mem::replace(&mut self.is_home, true) {
            self.let_go();
            self.handle(now, ModeratorEvent::Horizon);
        }
    }
}

/// What a moderator of this venue tells the platform on coming on duty.
fn moderate(stage: &Stage, venue: VenueId) -> Act {
    let plan = stage.plan.venue(venue);
    Act::Moderate { venue: plan.name.clone(), rules: plan.rules() }
}

/// One who is cut off was on duty until then.
impl Drop for ModeratorSession {
    fn drop(&mut self) {
        let now = self.place.now();
        self.go_home(now);
    }
}
