//! A moderator in a run: the person, and one connection to the end.

use std::sync::Arc;

use super::arrival::on_duty;
use super::link::{Link, Trouble};
use super::notes::Note;
use super::place::{Happening, Place};
use super::stage::{Curtain, Sink, Stage};
use super::timers::Timers;
use crate::base::id::{ModeratorId, VenueId};
use crate::base::time::Moment;
use crate::base::words::rooms::{Fate, ModeratorAct, ModeratorNews, PostId, Verdict};
use crate::metrics::tally::Failure;
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
        let plan = self.stage.plan.venue(self.venue);
        on_duty(&mut self.link, &Act::Moderate { venue: plan.name.clone(), rules: plan.rules() }).await
    }

    /// The run begins.
    pub(super) fn begin(self, pace: Pace) -> ModeratorSession {
        let Self { stage, venue, number, link } = self;
        let place = Place::new(stage, pace, link, Timers::default(), Curtain::Falling);
        let moderator = Moderator::new(venue, number);
        ModeratorSession { moderator, venue, place, acts: Vec::new(), in_hand: None, is_home: false }
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
                    if !self.hear(at, event).await {
                        self.go_home(at);
                        return Some(self.venue);
                    }
                }
                Happening::Curtain(now) => {
                    self.go_home(now);
                    self.place.disconnect().await;
                    self.place.stage.notes.put(Note::Disconnected);
                    return None;
                }
                // A moderator connects before the run, and stays to its end.
                Happening::Connected(_) | Happening::DoorsClose(_) => {}
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
        for act in std::mem::take(&mut self.acts) {
            if let ModeratorAct::Decide { verdict, .. } = act
                && let Some((message, post)) = self.let_go()
            {
                let stage = self.place.stage.clone();
                let passes = verdict == Verdict::Pass;
                if passes {
                    stage.passed.pass(post, now);
                }
                stage.notes.put(Note::Decided(post, passes, now, stage.clock.now()));
                self.place.act(&Act::Decide { message, verdict }).await;
            }
        }
    }

    fn let_go(&mut self) -> Option<(MessageId, PostId)> {
        let in_hand = self.in_hand.take()?;
        self.place.stage.notes.put(Note::LetGo);
        Some(in_hand)
    }

    /// False when the connection is gone.
    async fn hear(&mut self, at: Moment, event: Event) -> bool {
        match event {
            Event::Review { message, text, held } => self.take(at, message, &text, held).await,
            // Among the rest is what the codec lets nobody tell a moderator.
            other => return !self.place.suffer(&other),
        }
        true
    }

    async fn take(&mut self, at: Moment, message: MessageId, text: &str, held: bool) {
        if self.in_hand.is_some() {
            return self.place.fail(Failure::Protocol);
        }
        let stage = self.place.stage.clone();
        let token = Token::leading(text).filter(|token| token.run == stage.run);
        let post = token.and_then(|token| Some((token, stage.post(self.venue, &token, text)?.0)));
        let Some((token, post)) = post else {
            // Nothing is known of it, so that nobody should see it.
            self.place.fail(Failure::Protocol);
            return self.place.act(&Act::Decide { message, verdict: Verdict::Remove }).await;
        };
        if held != (stage.plan.venue(self.venue).rules().fate(post.suspect) == Fate::Held) {
            self.place.fail(Failure::Protocol);
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

/// One who is cut off was on duty until then.
impl Drop for ModeratorSession {
    fn drop(&mut self) {
        let now = self.place.now();
        self.go_home(now);
    }
}
