//! Where an engine records: everything that is observed goes to the tallies and into the timeline. The recorder is told
//! instants and reads no clock.

use crate::base::id::PageId;
use crate::base::time::{Moment, RealSpan};
use crate::base::words::rooms::{GuestOutcome, RoomObservation};
use crate::base::words::{Observation, Outcome};

use super::counter::{Counter, Wait, conversation, left_queue};
use super::histogram::Timing;
pub use super::layout::{DeskLayout, GroupLayout, Layout, Sectioning, VenueLayout, Window};
use super::tally::{Direction, GeneratorTally, PageTally, Section, TrafficTally};
use super::timeline::{Drawing, Lasting, MachineInterval, TargetInterval, Timeline, Until};

/// Counts and draws observations.
#[derive(Clone, Debug)]
pub struct Recorder {
    counter: Counter,
    drawing: Drawing,
}

impl Recorder {
    /// Of nothing so far.
    #[must_use]
    pub fn new(layout: Layout, sectioning: Sectioning) -> Self {
        let drawing = Drawing::new(layout.desks.len(), layout.venues.len(), layout.window.length);
        Self { counter: Counter::new(layout, sectioning), drawing }
    }

    /// Records one observation.
    #[inline]
    pub fn note(&mut self, observation: &Observation) {
        match *observation {
            Observation::Visit(ref outcome) => self.draw(outcome),
            Observation::Engaged { desk, from, to, .. } => {
                self.drawing.last(desk.index(), Lasting::Busy, from, to);
            }
            Observation::Room(RoomObservation::Visit(ref visit)) => self.draw_guest(visit),
            _ => {}
        }
        self.counter.note(observation);
    }

    /// The traffic tally of what was meant to happen at `intended`; `None` outside the window.
    pub fn traffic(&mut self, intended: Moment) -> Option<&mut TrafficTally<Timing>> {
        self.counter.traffic(intended)
    }

    /// A message was received for the first time, this long after it was meant to be sent.
    pub fn delivered(&mut self, direction: Direction, intended: Moment, took: RealSpan) {
        self.drawing.delivered(intended);
        if let Some(traffic) = self.traffic(intended) {
            traffic.messages.delivered += 1;
            match direction {
                Direction::ToAgent => traffic.to_agent.record_real(took),
                Direction::ToVisitor => traffic.to_visitor.record_real(took),
                Direction::ToGuest => traffic.to_guest.record_real(took),
            }
        }
    }

    /// A message that was meant to be sent at `intended` was received, and the server had let it lie to slow its sender down.
    pub fn held_back(&mut self, intended: Moment) {
        self.drawing.delivered(intended);
        if let Some(traffic) = self.traffic(intended) {
            traffic.messages.delivered += 1;
            traffic.messages.held_back += 1;
        }
    }

    /// The last who gets a message in a room got it this long after it was meant to be sent.
    pub fn fanned_out(&mut self, intended: Moment, took: RealSpan) {
        if let Some(traffic) = self.traffic(intended) {
            traffic.fanout.record_real(took);
        }
    }

    /// The generator was this late for what it meant to do at `intended`. Counts at any time, in the window or not.
    pub fn lagged(&mut self, intended: Moment, lag: RealSpan) {
        self.drawing.lagged(intended, lag);
        self.generator().lag.record_real(lag);
    }

    /// It was this late for a visit that it was to begin at `intended`.
    pub fn began(&mut self, intended: Moment, lag: RealSpan) {
        self.generator().starts += 1;
        self.lagged(intended, lag);
    }

    /// A visit that it was to begin at `intended` comes so late that it is dropped.
    pub fn dropped(&mut self, intended: Moment, lag: RealSpan) {
        self.began(intended, lag);
        let generator = self.generator();
        generator.dropped_starts += 1;
        generator.late_starts += 1;
    }

    /// From then to then it took that of its machine.
    pub fn took(&mut self, from: Moment, to: Moment, usage: &MachineInterval) {
        self.drawing.took(from, to, usage);
        let generator = self.generator();
        generator.cpu_nanos += usage.cpu_nanos;
        generator.cpu_available_nanos += usage.cpu_available_nanos;
        generator.memory_max_kib = generator.memory_max_kib.max(usage.memory_max_kib);
    }

    /// From then to then the target says that of itself.
    pub fn target(&mut self, from: Moment, to: Moment, told: &TargetInterval) {
        self.drawing.target(from, to, told);
    }

    /// A page of the site that was asked for then came so long after, or did not come.
    pub fn fetched(&mut self, page: PageId, asked: Moment, took: RealSpan, good: bool) {
        self.drawing.fetched(asked, took, good);
        let Some(traffic) = self.traffic(asked) else { return };
        if traffic.site.len() <= page.index() {
            traffic.site.resize_with(page.index() + 1, PageTally::default);
        }
        let tally = &mut traffic.site[page.index()];
        tally.requests += 1;
        if good {
            tally.times.record_real(took);
        } else {
            tally.errors += 1;
        }
    }

    /// A visitor whom an agent could be assigned from `since` on was assigned this long after.
    pub fn routed(&mut self, since: Moment, took: RealSpan) {
        if let Some(traffic) = self.traffic(since) {
            traffic.routing.record_real(took);
        }
    }

    /// The generator's own tally, over the whole run.
    pub fn generator(&mut self) -> &mut GeneratorTally<Timing> {
        self.counter.generator()
    }

    /// Nothing more happens until `end`: whoever is in a room is there until then.
    pub fn close(&mut self, end: Moment) {
        self.counter.close(end);
    }

    /// What was recorded since the last call, in parts that merge. Sections without anything new are left out.
    pub fn drain_delta(&mut self) -> (Vec<Section>, Timeline) {
        let mut sections = self.counter.drain();
        sections.retain(|section| !section.is_empty());
        (sections, self.drawing.drain())
    }

    /// What was recorded since the last [`Self::drain_delta`], or at all: every section, even one of nothing.
    #[must_use]
    pub fn finish(mut self) -> (Vec<Section>, Timeline) {
        (self.counter.drain(), self.drawing.drain())
    }

    #[inline]
    fn draw(&mut self, outcome: &Outcome) {
        let desk = outcome.desk.index();
        if outcome.callback_from.is_some()
            && let Some(assigned) = conversation(outcome)
        {
            self.drawing.last(desk, Lasting::Open, assigned, outcome.ended);
        }
        if outcome.outright {
            return;
        }
        let wait = Wait::of(outcome);
        let (by, ended) = if wait.answered {
            (Until::Answered, outcome.ended)
        } else {
            (if left_queue(outcome.ending) { Until::Abandoned } else { Until::Otherwise }, wait.until)
        };
        self.drawing.visit(desk, outcome.start, wait.until, by, ended);
    }

    /// A guest waits for company, and is then served by whoever is there.
    fn draw_guest(&mut self, visit: &GuestOutcome) {
        let line = self.drawing.venue(visit.venue.index());
        let (until, by) = match visit.met {
            Some(met) => (met, Until::Answered),
            None if visit.frustrated() => (visit.ended, Until::Abandoned),
            None => (visit.ended, Until::Otherwise),
        };
        self.drawing.visit(line, visit.start, until, by, visit.ended);
    }
}

#[cfg(test)]
mod tests;
