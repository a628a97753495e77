//! What everybody in a run shares.

use std::sync::Arc;

use tokio::sync::watch;

use super::link::{Link, Targets};
use super::notes::{Note, Notes};
use super::passed::Passed;
use super::promptness::Promptness;
use super::timers::Timers;
use super::voices::{Voices, Who};
use crate::base::draw::Draws;
use crate::base::id::{DeskId, RoomId, TopicId, VenueId, VisitId};
use crate::base::time::{Moment, RealMoment};
use crate::base::words::Observation;
use crate::base::words::rooms::{Post, PostId};
use crate::net::clock::Clock;
use crate::people::popularity::Popularity;
use crate::people::reason::Timer;
use crate::people::{Effects, Scene, remark};
use crate::scenario::plan::Plan;
use crate::scenario::plan::rooms::VenueKind;
use crate::wire::token::{Part, RunId, Token};
use crate::wire::{Subject, room_of_portal};

/// How far the end of a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Curtain {
    /// The run goes on.
    Up,
    /// Visitors and guests have to go.
    Falling,
    /// Everybody has to go.
    Down,
}

/// What everybody in a run shares.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) plan: Arc<Plan>,
    pub(super) clock: Clock,
    pub(super) targets: Arc<Targets>,
    pub(super) voices: Arc<Voices>,
    pub(super) run: RunId,
    pub(super) notes: Notes,
    pub(super) curtain: watch::Receiver<Curtain>,
    /// The key of every population.
    pub(super) populations: Vec<Draws>,
    /// How many come of each.
    pub(super) crowds: Vec<u64>,
    /// How popular the rooms of each venue are.
    pub(super) popularity: Vec<Popularity>,
    /// What moderators have passed.
    pub(super) passed: Passed,
    /// How promptly the server takes in what is said.
    pub(super) promptness: Promptness,
}

impl Stage {
    pub(super) fn scene(&self) -> Scene<'_> {
        Scene { plan: &self.plan, replication: 0, messages: true }
    }

    pub(super) fn link(&self, who: Who) -> Link {
        Link::new(self.clock.clone(), self.targets.clone(), self.voices.clone(), who)
    }

    /// The key of a visitor; `None` where there is no such population, or it asks at no desk.
    pub(super) fn draws(&self, visit: VisitId) -> Option<Draws> {
        self.plan.desk_of(visit.population)?;
        self.populations.get(visit.population.index()).map(|population| population.visitor(visit.index))
    }

    /// The key of a guest of this venue, and the guest's room; `None` of who is none.
    pub(super) fn guest(&self, venue: VenueId, visit: VisitId) -> Option<(Draws, RoomId)> {
        let population = visit.population.index();
        if visit.population != self.plan.guests_of(venue) || visit.index >= self.crowds[population] {
            return None;
        }
        let draws = self.populations[population].visitor(visit.index);
        Some((draws, self.popularity[venue.index()].room(draws)))
    }

    /// A room as the platform knows it.
    pub(super) fn room_name(&self, venue: VenueId, room: RoomId) -> String {
        let plan = self.plan.venue(venue);
        match plan.kind {
            VenueKind::Room => plan.name.clone(),
            VenueKind::Portal { .. } => room_of_portal(&plan.name, room.0),
        }
    }

    /// The message in a room of this venue that a guest's `token` stands on; `None` of a token that says something else.
    /// What it says follows from the author's draws, and from the message that it answers, which is named in the text.
    pub(super) fn post(&self, venue: VenueId, token: &Token, text: &str) -> Option<(Post, RoomId)> {
        let id = |token: &Token| match token.part {
            Part::OfGuest(number) => Some(PostId { author: token.visit, number }),
            _ => None,
        };
        let (draws, room) = self.guest(venue, token.visit)?;
        let answers = match Token::second(text) {
            Some(named) => {
                self.guest(venue, named.visit).filter(|(_, other)| *other == room)?;
                Some(id(&named)?)
            }
            None => None,
        };
        Some((remark::post(self.plan.venue(venue), id(token)?, draws, answers), room))
    }

    /// A topic of a desk, in names.
    pub(super) fn subject(&self, desk: DeskId, topic: TopicId) -> Subject {
        let topic = self.plan.desk(desk).topic(topic);
        Subject { topic: topic.name.clone().unwrap_or_default(), skills: topic.skills.clone() }
    }

    /// From where on the figures count.
    pub(super) fn opens(&self) -> Moment {
        Moment::ZERO + self.plan.warm_up
    }

    /// A token of this run.
    pub(super) fn token(&self, visit: VisitId, part: Part, intended: RealMoment) -> Token {
        Token { run: self.run, visit, part, intended }
    }
}

/// Where a person's effects go.
#[derive(Debug)]
pub(super) struct Sink<'a, Act> {
    pub(super) acts: &'a mut Vec<Act>,
    pub(super) timers: &'a mut Timers,
    pub(super) notes: &'a Notes,
}

impl<Act> Effects<Act> for Sink<'_, Act> {
    fn act(&mut self, act: Act) {
        self.acts.push(act);
    }

    fn arm(&mut self, timer: Timer, due: Moment) {
        self.timers.arm(timer, due);
    }

    fn cancel(&mut self, timer: Timer) {
        self.timers.cancel(timer);
    }

    fn observe(&mut self, observation: Observation) {
        self.notes.put(Note::Observed(observation));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::path::Path;

    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;
    use crate::net::transport::Target;
    use crate::scenario::plan::target::TargetPlan;
    use crate::wire::json::{SOCKET, endpoint};

    /// A stage whose target is at `url`, the notes that are put down there, and its curtain.
    pub(in super::super) fn stage(
        url: &str,
    ) -> (Arc<Stage>, UnboundedReceiver<Note>, watch::Sender<Curtain>) {
        let yaml = "name: t\nlength: 1h\nsupport:\n  arrivals: {rate: 60/h}\n  patience: never\n  \
                    conversation: {handling_time: {constant: 60s}}\n  agents: {count: 1, concurrency: 1}\n";
        let parsed = crate::scenario::parse("t.yaml", yaml.to_owned(), Path::new("."));
        let plan = parsed.unwrap_or_else(|problems| panic!("{problems}")).plan;
        let target = TargetPlan::causerie(url.to_owned());
        let voices = Voices::new(&plan, &target, None, (RunId::new(1), 60.0, 0)).unwrap();
        let target = Target::new(&endpoint(url), &target.trust, 1).unwrap();
        let (notes, reports) = unbounded_channel();
        let (curtain, seen) = watch::channel(Curtain::Up);
        let stage = Stage {
            plan: Arc::new(plan),
            clock: Clock::start(60.0).unwrap(),
            targets: Arc::new(Targets::new(vec![(SOCKET, target)])),
            voices: Arc::new(voices),
            run: RunId::new(1),
            notes: Notes(notes),
            curtain: seen,
            populations: vec![Draws::of_population(1, 0, "support")],
            crowds: vec![1],
            popularity: Vec::new(),
            passed: Passed::default(),
            promptness: Promptness::default(),
        };
        (Arc::new(stage), reports, curtain)
    }
}
