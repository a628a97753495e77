//! What everybody in a run shares, and what a person on it consists of besides the person: a link, timers, a sense of
//! time.

use std::sync::Arc;

use tokio::sync::watch;

use super::link::Link;
use super::notes::{Note, Notes};
use super::timers::Timers;
use crate::base::draw::Draws;
use crate::base::id::{DeskId, VisitId};
use crate::base::time::{Moment, RealMoment};
use crate::base::words::Observation;
use crate::net::clock::{Clock, Pace, Sleep};
use crate::net::transport::Target;
use crate::people::reason::Timer;
use crate::people::{Effects, Scene};
use crate::scenario::plan::Plan;
use crate::wire::Event;
use crate::wire::json::client::Client;
use crate::wire::json::frame::Role;
use crate::wire::token::{Part, RunId, Token};

/// How far the end of a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Curtain {
    /// The run goes on.
    Up,
    /// Visitors have to go.
    Falling,
    /// Everybody has to go.
    Down,
}

/// What everybody in a run shares.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) plan: Arc<Plan>,
    pub(super) clock: Clock,
    pub(super) target: Arc<Target>,
    pub(super) speed: f64,
    pub(super) run: RunId,
    pub(super) notes: Notes,
    pub(super) curtain: watch::Receiver<Curtain>,
    /// The key of every population, by desk.
    pub(super) populations: Vec<Draws>,
}

impl Stage {
    pub(super) fn scene(&self) -> Scene<'_> {
        Scene { plan: &self.plan, messages: true }
    }

    pub(super) fn link(&self, role: Role) -> Link {
        Link::new(self.clock.clone(), self.target.clone(), Client::new(role, self.speed, self.run))
    }

    /// The key of a visitor; `None` where there is no such population.
    pub(super) fn draws(&self, visit: VisitId) -> Option<Draws> {
        self.populations.get(visit.population.index()).map(|population| population.visitor(visit.index))
    }

    /// A token of this run.
    pub(super) fn token(&self, visit: VisitId, part: Part, intended: RealMoment) -> Token {
        Token { run: self.run, visit, part, intended }
    }

    /// The token of a text, if it is one of this run.
    pub(super) fn token_of(&self, text: &str) -> Option<Token> {
        Token::leading(text).filter(|token| token.run == self.run && self.knows(token.visit.population))
    }

    fn knows(&self, population: DeskId) -> bool {
        population.index() < self.populations.len()
    }
}

/// Over once the curtain is as far down as `at`.
pub(super) async fn fallen(curtain: &mut watch::Receiver<Curtain>, at: Curtain) {
    // The sender lives as long as the run; should it not, the run is over.
    let _ = curtain.wait_for(|curtain| *curtain >= at).await;
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

/// What happens next to a person.
#[derive(Debug)]
pub(super) enum Happening {
    /// A timer is due, at that instant.
    Timer(Moment, Timer),
    /// The platform said something, read at that instant.
    Heard(Moment, RealMoment, Event),
    /// The run is over.
    Curtain(Moment),
}

/// A person's place in the run: hands over what happens, each at its instant, in order.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) stage: Arc<Stage>,
    pub(super) pace: Pace,
    pub(super) link: Link,
    pub(super) timers: Timers,
    sleep: Sleep,
    curtain: watch::Receiver<Curtain>,
    /// From here on this person has to go.
    falls: Curtain,
    /// No event comes before the last one.
    last: Moment,
    /// Since when nothing but the person's own timers kept this place: what the network took before is not our lag.
    free_since: RealMoment,
}

impl Place {
    pub(super) fn new(stage: Arc<Stage>, pace: Pace, link: Link, timers: Timers, falls: Curtain) -> Self {
        let sleep = stage.clock.until(RealMoment::NEVER);
        let curtain = stage.curtain.clone();
        let (last, free_since) = (Moment::ZERO, RealMoment::ZERO);
        Self { stage, pace, link, timers, sleep, curtain, falls, last, free_since }
    }

    /// The instant of what was read at `real`.
    pub(super) fn read_at(&mut self, real: RealMoment) -> Moment {
        self.last = self.last.max(self.pace.scenario(real));
        self.last
    }

    /// Now, as an instant at which something is read.
    pub(super) fn now(&mut self) -> Moment {
        let now = self.stage.clock.now();
        self.read_at(now)
    }

    /// The network was waited for until now.
    pub(super) fn was_kept(&mut self) {
        self.free_since = self.stage.clock.now();
    }

    /// Waits for what happens next.
    pub(super) async fn next(&mut self) -> Happening {
        loop {
            let read = self.link.next_event_at();
            let now = read.unwrap_or_else(|| self.stage.clock.now());
            let pace = self.pace;
            if let Some((due, timer)) = self.timers.pop_if(|due| pace.real(due) <= now) {
                self.note_lag(due);
                let due = due.max(self.last);
                self.last = due;
                return Happening::Timer(due, timer);
            }
            if let Some((at, event)) = self.link.next_event() {
                return Happening::Heard(self.read_at(at), at, event);
            }
            let due = self.timers.next_due().map_or(RealMoment::NEVER, |due| self.pace.real(due));
            self.sleep.reset(due);
            tokio::select! {
                biased;
                frame = self.link.receive() => self.link.take_in(frame).await,
                () = &mut self.sleep => {}
                () = fallen(&mut self.curtain, self.falls) => return Happening::Curtain(self.now()),
            }
        }
    }

    /// Sleeps until the intended start of whoever is here; false when the run is over first.
    pub(super) async fn begin(&mut self, start: Moment) -> bool {
        if !self.sleep_until(self.pace.real(start)).await {
            return false;
        }
        self.last = start;
        self.note_lag(start);
        true
    }

    /// Sleeps until `real`; false when the run is over first.
    pub(super) async fn sleep_until(&mut self, real: RealMoment) -> bool {
        self.sleep.reset(real);
        tokio::select! {
            biased;
            () = &mut self.sleep => true,
            () = fallen(&mut self.curtain, self.falls) => false,
        }
    }

    fn note_lag(&mut self, due: Moment) {
        let meant = self.pace.real(due).max(self.free_since);
        let lag = self.stage.clock.now().since(meant);
        self.stage.notes.put(Note::Lagged(due, lag));
    }
}
