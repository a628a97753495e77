//! A guest of a room: comes, finds company or does not, talks, asks, answers, reports, leaves, perhaps comes back, perhaps
//! goes on to a desk with what nobody answered.
//!
//! Alone, the clock of the stay stands still and a patience runs, drawn anew each time; in company the stay runs. Without a
//! patience for being alone the stay runs in any case.

mod company;
mod endings;
mod errands;

use crate::base::dist::standard_exponential;
use crate::base::draw::{Draws, Purpose};
use crate::base::id::{RoomId, VenueId, VisitId};
use crate::base::time::{Moment, Span};
use crate::base::words::Observation;
use crate::base::words::rooms::{
    Asked, GuestAct, GuestEnding, GuestNews, Post, PostId, PostKind, Role, RoomObservation,
};
use crate::scenario::plan::rooms::VenuePlan;

use super::reason::{Reason, Timer};
use super::{Cue, Effects, Scene, remark};
use errands::Errands;

/// What happens to a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuestEvent {
    /// The intended start has come.
    Start,
    /// The room says something.
    News(GuestNews),
    /// A timer is due.
    Timer(Reason),
    /// The connection is lost for good.
    Lost,
    /// The run is over.
    Horizon,
}

/// Where a guest stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Not here: before the start, between two visits.
    Away,
    /// On the way in.
    Entering,
    /// In the room, and nobody else is.
    Alone,
    /// In the room with others.
    InCompany,
    /// For good.
    Gone,
}

/// How much of the stay is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stay {
    /// It runs until then.
    Until(Moment),
    /// It stands still, with so much left.
    Left(Span),
}

/// What a visit has brought so far.
#[derive(Clone, Debug)]
struct Visit {
    /// When it was meant to start.
    start: Moment,
    entered: Option<Moment>,
    found_nobody: bool,
    met: Option<Moment>,
    asked: Option<Asked>,
    stay: Stay,
    /// How often the guest was left alone.
    alone: u32,
    /// Messages sent.
    said: u32,
    /// Gaps between messages drawn.
    gaps: u32,
}

impl Visit {
    const fn new(start: Moment) -> Self {
        Self {
            start,
            entered: None,
            found_nobody: false,
            met: None,
            asked: None,
            stay: Stay::Left(Span::ZERO),
            alone: 0,
            said: 0,
            gaps: 0,
        }
    }
}

/// One guest, over all visits.
#[derive(Clone, Debug)]
pub struct Guest {
    draws: Draws,
    id: VisitId,
    venue: VenueId,
    room: RoomId,
    role: Role,
    state: State,
    visit: Visit,
    /// Answers and reports to come, and the harm in sight.
    errands: Errands,
}

/// The guest's effects.
type GuestCue<'c, 'a, Fx> = &'c mut Cue<'a, Fx>;

impl Guest {
    /// Guest `index` of a venue, whose key is `draws` and who comes to this room of it; not there yet. See
    /// [`Popularity`](super::popularity::Popularity).
    #[must_use]
    pub fn new(scene: &Scene<'_>, venue: VenueId, room: RoomId, index: u64, draws: Draws) -> Self {
        let id = VisitId { population: scene.plan.guests_of(venue), index, attempt: 0 };
        let role = role(scene.plan.venue(venue), draws);
        let (state, visit) = (State::Away, Visit::new(Moment::ZERO));
        Self { draws, id, venue, room, role, state, visit, errands: Errands::default() }
    }

    /// Whether nothing more can happen to this guest.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.state == State::Gone
    }

    /// The present visit.
    #[must_use]
    pub const fn visit(&self) -> VisitId {
        self.id
    }

    /// The guest's key.
    #[must_use]
    pub const fn draws(&self) -> Draws {
        self.draws
    }

    /// The venue, and the room of it.
    #[must_use]
    pub const fn room(&self) -> (VenueId, RoomId) {
        (self.venue, self.room)
    }

    /// Whether the guest answers others.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.role.is_active()
    }

    /// Takes in what happens; see the contract in [`super`].
    pub fn handle(
        &mut self,
        now: Moment,
        event: GuestEvent,
        scene: &Scene<'_>,
        fx: &mut impl Effects<GuestAct>,
    ) {
        let cue = &mut Cue { now, scene: *scene, fx };
        match (event, self.state) {
            (_, State::Gone) => {}
            (GuestEvent::Start, State::Away) | (GuestEvent::Timer(Reason::Revisit), State::Away) => {
                self.arrive(cue);
            }
            (GuestEvent::News(news), State::Entering | State::Alone | State::InCompany) => {
                self.hear(cue, news);
            }
            (GuestEvent::Timer(reason), State::Entering | State::Alone | State::InCompany) => {
                self.ring(cue, reason);
            }
            (GuestEvent::Lost | GuestEvent::Horizon, State::Away) => {
                cue.fx.cancel(Timer::own(Reason::Revisit));
                self.state = State::Gone;
            }
            (GuestEvent::Lost | GuestEvent::Horizon, _) => {
                self.report(cue, GuestEnding::Unfinished);
                self.state = State::Gone;
            }
            (GuestEvent::News(_) | GuestEvent::Timer(_), State::Away) => {}
            (GuestEvent::Start, _) => unreachable!("a guest starts once"),
        }
    }

    fn plan<'a>(&self, scene: &Scene<'a>) -> &'a VenuePlan {
        scene.plan.venue(self.venue)
    }

    fn hear(&mut self, cue: GuestCue<'_, '_, impl Effects<GuestAct>>, news: GuestNews) {
        match (news, self.state) {
            (GuestNews::Entered { others }, State::Entering) => self.enter(cue, others),
            (GuestNews::Refused, _) => self.finish(cue, GuestEnding::Refused),
            (GuestNews::Company, State::Alone) => self.meet(cue),
            (GuestNews::Alone, State::InCompany) => self.be_alone(cue),
            (GuestNews::Heard(post), State::Alone | State::InCompany) => self.read(cue, post),
            (GuestNews::OutOfSight(post), State::Alone | State::InCompany) => {
                if let Some(from) = self.errands.lose_sight(post, cue.fx) {
                    self.exposed(cue, from);
                }
            }
            // What crosses with the guest's own coming or going changes nothing.
            _ => {}
        }
    }

    fn ring(&mut self, cue: GuestCue<'_, '_, impl Effects<GuestAct>>, reason: Reason) {
        match reason {
            Reason::Stayed => self.leave(cue, GuestEnding::Stayed),
            Reason::Deserted => self.leave(cue, GuestEnding::Deserted),
            Reason::ClosingTime => self.leave(cue, GuestEnding::Closed),
            Reason::Talk => {
                self.say(cue, None);
                self.talk_later(cue);
            }
            Reason::Reply => {
                while let Some(question) = self.errands.answer_due(cue.now, cue.fx) {
                    self.say(cue, Some(question));
                }
            }
            Reason::Report => {
                while let Some(post) = self.errands.report_due(cue.now, cue.fx) {
                    cue.fx.act(GuestAct::Report(post));
                    let reported = RoomObservation::Reported { venue: self.venue, at: cue.now };
                    cue.fx.observe(Observation::Room(reported));
                }
            }
            _ => {}
        }
    }

    /// Comes to the room.
    fn arrive(&mut self, cue: GuestCue<'_, '_, impl Effects<GuestAct>>) {
        self.visit = Visit::new(cue.now);
        self.state = State::Entering;
        let Some(opening) = self.plan(&cue.scene).opening_at(cue.now) else {
            return self.finish(cue, GuestEnding::Closed);
        };
        if opening.to != Moment::NEVER {
            cue.fx.arm(Timer::own(Reason::ClosingTime), opening.to);
        }
        cue.fx.act(GuestAct::Enter { venue: self.venue, room: self.room });
    }

    /// Says something again after a while: gaps are exponential, so that being interrupted by nobody's presence only means
    /// to draw another.
    fn talk_later(&mut self, cue: GuestCue<'_, '_, impl Effects<GuestAct>>) {
        let rate = self.plan(&cue.scene).talk_per_sec[self.role as usize];
        if rate > 0.0 {
            let k = u64::from(self.id.attempt) << 32 | u64::from(self.visit.gaps);
            self.visit.gaps += 1;
            let gap = standard_exponential(&mut self.draws.stream(Purpose::Talk, k)) / rate;
            cue.fx.arm(Timer::own(Reason::Talk), cue.now + Span::from_secs(gap));
        }
    }

    /// Sends a message.
    fn say(&mut self, cue: GuestCue<'_, '_, impl Effects<GuestAct>>, answers: Option<PostId>) {
        let plan = self.plan(&cue.scene);
        let id = PostId { author: self.id, number: self.visit.said };
        self.visit.said += 1;
        let post = remark::post(plan, id, self.draws, answers);
        let fate = plan.rules().fate(post.suspect);
        let (venue, room, at, harmful) = (self.venue, self.room, cue.now, post.harmful);
        cue.fx.observe(Observation::Room(RoomObservation::Posted { venue, room, at, fate, harmful }));
        cue.fx.act(GuestAct::Post(post));
    }

    /// Reads what somebody else said.
    fn read(&mut self, cue: GuestCue<'_, '_, impl Effects<GuestAct>>, post: Post) {
        let plan = self.plan(&cue.scene);
        if post.harmful {
            let report = self
                .draws
                .chance(plan.harm.reported_by, Purpose::Reports, post.id.key())
                .then(|| plan.harm.after.span(&mut self.draws.stream(Purpose::ReportDelay, post.id.key())));
            return self.errands.see_harm(post.id, report, cue.now, cue.fx);
        }
        match post.kind {
            PostKind::Question if self.is_active() => {
                let key = post.id.key();
                if self.draws.chance(plan.questions.answered_by, Purpose::Answers, key) {
                    let after = plan.questions.after.span(&mut self.draws.stream(Purpose::AnswerDelay, key));
                    self.errands.answer(post.id, cue.now + after, cue.fx);
                }
            }
            PostKind::Answer(question) => {
                self.errands.answered(question, cue.fx);
                if let Some(asked) = &mut self.visit.asked
                    && question == (PostId { author: self.id, number: 0 })
                {
                    asked.answered.get_or_insert(cue.now);
                }
            }
            PostKind::Question | PostKind::Talk => {}
        }
    }
}

/// How much of a talker the guest of this key is.
fn role(plan: &VenuePlan, draws: Draws) -> Role {
    let [lurkers, occasional, _] = plan.roles;
    let place = draws.uniform(Purpose::Role, 0);
    match place {
        _ if place < lurkers => Role::Lurker,
        _ if place < lurkers + occasional => Role::Occasional,
        _ if plan.roles[2] > 0.0 => Role::Regular,
        // The shares add up to 1 but for the last digit.
        _ if occasional > 0.0 => Role::Occasional,
        _ => Role::Lurker,
    }
}

#[cfg(test)]
mod tests;
