//! A moderator: reviews one message after another, for all rooms of a venue. What does harm is removed, all else passes.

use crate::base::draw::Purpose;
use crate::base::id::{ModeratorId, VenueId};
use crate::base::time::Moment;
use crate::base::words::Observation;
use crate::base::words::rooms::{ModeratorAct, ModeratorNews, Post, RoomObservation, Verdict};
use crate::scenario::plan::rooms::VenuePlan;

use super::reason::{Reason, Timer};
use super::{Effects, Scene};

/// What happens to a moderator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeratorEvent {
    /// The scenario begins.
    Start,
    /// The platform says something.
    News(ModeratorNews),
    /// A timer is due.
    Timer(Reason),
    /// The platform has forgotten everything: whatever was in hand is over.
    Forgotten,
    /// The run is over.
    Horizon,
}

/// A message in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Review {
    post: Post,
    posted: Moment,
    held: bool,
    from: Moment,
}

/// One moderator.
#[derive(Clone, Debug)]
pub struct Moderator {
    venue: VenueId,
    number: ModeratorId,
    in_hand: Option<Review>,
}

impl Moderator {
    /// Moderator `number` of a venue, who has not come to work yet.
    #[must_use]
    pub const fn new(venue: VenueId, number: ModeratorId) -> Self {
        Self { venue, number, in_hand: None }
    }

    /// The venue, and the moderator's number there.
    #[must_use]
    pub const fn post(&self) -> (VenueId, ModeratorId) {
        (self.venue, self.number)
    }

    /// Takes in what happens; see the contract in [`super`].
    pub fn handle(
        &mut self,
        now: Moment,
        event: ModeratorEvent,
        scene: &Scene<'_>,
        fx: &mut impl Effects<ModeratorAct>,
    ) {
        match event {
            ModeratorEvent::Start => fx.act(ModeratorAct::Ready),
            ModeratorEvent::News(ModeratorNews::Given { post, posted, held }) => {
                let law = &scene.plan.venue(self.venue).moderation.review;
                let takes = law.span(&mut post.draws.stream(Purpose::Review, post.id.ordinal()));
                self.in_hand = Some(Review { post, posted, held, from: now });
                fx.arm(Timer::own(Reason::Reviewed), now + takes);
            }
            ModeratorEvent::Timer(Reason::Reviewed) => self.decide(now, scene, fx),
            ModeratorEvent::Timer(_) => {}
            ModeratorEvent::Forgotten => {
                self.in_hand = None;
                fx.cancel(Timer::own(Reason::Reviewed));
                fx.act(ModeratorAct::Ready);
            }
            ModeratorEvent::Horizon => self.go_home(now, scene, fx),
        }
    }

    fn decide(&mut self, now: Moment, scene: &Scene<'_>, fx: &mut impl Effects<ModeratorAct>) {
        let Some(Review { post, posted, held, from }) = self.in_hand.take() else { return };
        let verdict = if post.harmful { Verdict::Remove } else { Verdict::Pass };
        let venue = self.venue;
        let reviewed = RoomObservation::Reviewed { venue, posted, from, to: now, held, verdict };
        fx.observe(Observation::Room(reviewed));
        self.overtime(scene.plan.venue(venue), (from, now), fx);
        fx.act(ModeratorAct::Decide { post: post.id, verdict });
    }

    /// What of a review lies outside the opening hours is paid for too.
    fn overtime(&self, plan: &VenuePlan, (from, to): (Moment, Moment), fx: &mut impl Effects<ModeratorAct>) {
        let mut at = from;
        while at < to {
            let (until, covered) = match plan.opening_at(at) {
                Some(opening) => (opening.to.min(to), true),
                None => (plan.opening_after(at).map_or(to, |next| next.from.min(to)), false),
            };
            if !covered {
                let watched = RoomObservation::Watched { venue: self.venue, from: at, to: until };
                fx.observe(Observation::Room(watched));
            }
            at = until;
        }
    }

    /// The opening hours are paid for, busy or not.
    fn go_home(&mut self, now: Moment, scene: &Scene<'_>, fx: &mut impl Effects<ModeratorAct>) {
        self.in_hand = None;
        fx.cancel(Timer::own(Reason::Reviewed));
        let openings = scene.plan.venue(self.venue).openings(scene.plan.length);
        for opening in openings.take_while(|opening| opening.from < now) {
            let (venue, from, to) = (self.venue, opening.from, opening.to.min(now));
            fx.observe(Observation::Room(RoomObservation::Watched { venue, from, to }));
        }
    }
}

#[cfg(test)]
mod tests;
