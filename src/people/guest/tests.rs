//! Scripts of events.

mod company;
mod endings;
mod talk;

use super::super::script::{Script, room};
use super::*;
use crate::base::id::PopulationId;
use crate::base::words::rooms::GuestOutcome;
use crate::scenario::plan::Plan;

fn at(secs: u64) -> Moment {
    Moment::ZERO + Span::from_whole_secs(secs)
}

fn whole_secs(moment: Moment) -> u64 {
    moment.nanos() / 1_000_000_000
}

/// The room's plan, changed.
fn with(change: impl FnOnce(&mut VenuePlan)) -> Plan {
    let mut plan = room();
    change(&mut plan.venues[0]);
    plan
}

/// The `number`-th message of guest `index`.
fn post_id(index: u64, number: u32) -> PostId {
    PostId { author: VisitId { population: PopulationId(1), index, attempt: 0 }, number }
}

/// A harmless message of another guest.
fn heard(id: PostId, kind: PostKind) -> Post {
    let draws = Draws::of_population(1, 0, "fans").visitor(id.author.index);
    Post { id, draws, kind, words: 8, harmful: false, suspect: false }
}

fn harm(id: PostId) -> Post {
    Post { harmful: true, ..heard(id, PostKind::Talk) }
}

/// Guest 0 and everything that was done.
struct Stage<'a> {
    scene: Scene<'a>,
    guest: Guest,
    script: Script<GuestAct>,
}

impl<'a> Stage<'a> {
    fn new(plan: &'a Plan) -> Self {
        let scene = Scene { plan, replication: 0, messages: false };
        let draws = Draws::of_population(1, 0, "fans").visitor(0);
        let guest = Guest::new(&scene, VenueId(0), RoomId(0), 0, draws);
        Self { scene, guest, script: Script::new() }
    }

    /// Comes, and is in the room at once with so many others.
    fn entered(plan: &'a Plan, secs: u64, others: u32) -> Self {
        let mut stage = Self::new(plan);
        stage.tell(secs, GuestEvent::Start).news(secs, GuestNews::Entered { others });
        stage
    }

    fn tell(&mut self, secs: u64, event: GuestEvent) -> &mut Self {
        self.guest.handle(at(secs), event, &self.scene, &mut self.script);
        self
    }

    fn news(&mut self, secs: u64, news: GuestNews) -> &mut Self {
        self.tell(secs, GuestEvent::News(news))
    }

    fn due(&self, reason: Reason) -> Option<u64> {
        self.script.due(Timer::own(reason)).map(whole_secs)
    }

    fn rings(&mut self, reason: Reason) -> &mut Self {
        let due = self.due(reason).expect("the timer is armed");
        self.script.fired(Timer::own(reason));
        self.tell(due, GuestEvent::Timer(reason))
    }

    fn visits(&self) -> Vec<GuestOutcome> {
        let visit = |seen: Observation| match seen {
            Observation::Room(RoomObservation::Visit(outcome)) => Some(outcome),
            _ => None,
        };
        self.script.observed().into_iter().filter_map(visit).collect()
    }

    /// How each visit ended, and when.
    fn endings(&self) -> Vec<(GuestEnding, u64)> {
        self.visits().iter().map(|visit| (visit.ending, whole_secs(visit.ended))).collect()
    }

    /// From when to when harm was in sight.
    fn exposures(&self) -> Vec<(u64, u64)> {
        let exposure = |seen: Observation| match seen {
            Observation::Room(RoomObservation::Exposed { from, to, .. }) => {
                Some((whole_secs(from), whole_secs(to)))
            }
            _ => None,
        };
        self.script.observed().into_iter().filter_map(exposure).collect()
    }

    /// The messages that were sent.
    fn said(&self) -> Vec<(u32, PostKind)> {
        let said = |act: GuestAct| match act {
            GuestAct::Post(post) => Some((post.id.number, post.kind)),
            _ => None,
        };
        self.script.acts().into_iter().filter_map(said).collect()
    }
}
