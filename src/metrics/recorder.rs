//! From observations to tallies: who belongs to which section, and what of a stretch of time lies in the window.
//!
//! Three rules decide what counts. A visit counts when its *intended start* lies in [warm_up, length); a handling
//! time when its *assignment* does; of a stretch of time (on duty, engaged, in conversation) exactly the part within
//! the window. The recorder is told instants and reads no clock; it allocates nothing as observations come.

use crate::base::time::{Moment, RealSpan, Span};
use crate::base::words::{Closing, Ending, Observation, Outcome};

use super::histogram::Timing;
use super::tally::{
    DeskTally, Direction, GeneratorTally, GroupTally, Section, TopicTally, TrafficTally, ending_index,
};
use super::timeline::{Drawing, Lasting, Timeline, Until};

/// What the figures cover: [warm_up, length).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its start.
    pub warm_up: Moment,
    /// Its end.
    pub length: Moment,
}

/// What there is to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// What counts.
    pub window: Window,
    /// The desks, in the plan's order.
    pub desks: Vec<DeskLayout>,
}

/// What there is to record of one desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskLayout {
    /// How many topics.
    pub topics: usize,
    /// The groups of agents, in the plan's order.
    pub groups: Vec<GroupLayout>,
    /// The service level's threshold T.
    pub within: Span,
    /// How early one must leave for it not to be held against the desk.
    pub short_abandon: Span,
}

/// What there is to know of one group of agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupLayout {
    /// Conversations at once of each of its agents, at the most.
    pub slots: u32,
}

/// What a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sectioning {
    /// The whole window: one replication.
    Whole {
        /// Its number.
        index: u32,
    },
    /// Equal parts of the window: the batches of a run.
    Batches {
        /// How many; at least 1.
        count: u32,
    },
}

/// Counts observations.
#[derive(Clone, Debug)]
pub struct Recorder {
    layout: Layout,
    /// The length of a section in nanoseconds; at least 1.
    section_nanos: u64,
    sections: Vec<Open>,
    drawing: Drawing,
}

/// A section that is being recorded.
#[derive(Clone, Debug)]
struct Open {
    index: u32,
    desks: Vec<DeskTally<Timing>>,
    traffic: Option<TrafficTally<Timing>>,
}

impl Recorder {
    /// Of nothing so far.
    #[must_use]
    pub fn new(layout: Layout, sectioning: Sectioning) -> Self {
        let Window { warm_up, length } = layout.window;
        let (first, count) = match sectioning {
            Sectioning::Whole { index } => (index, 1),
            Sectioning::Batches { count } => (0, count.max(1)),
        };
        let sections = (first..first + count)
            .map(|index| Open { index, desks: layout.desks.iter().map(empty_desk).collect(), traffic: None })
            .collect();
        let section_nanos = length.since(warm_up).nanos().div_ceil(u64::from(count)).max(1);
        let drawing = Drawing::new(layout.desks.len(), length);
        Self { layout, section_nanos, sections, drawing }
    }

    /// Counts one observation.
    #[inline]
    pub fn note(&mut self, observation: &Observation) {
        match *observation {
            Observation::Visit(ref outcome) => self.visit(outcome),
            Observation::Handled { desk, group, topic, assigned, freed, closing, .. } => {
                self.handled(desk.index(), group.index(), topic.index(), closing, assigned, freed);
            }
            Observation::Held { desk, group, assigned, to } => {
                self.stretch(assigned, to, |section, nanos| {
                    section.desks[desk.index()].groups[group.index()].slot_nanos += nanos;
                });
            }
            Observation::Engaged { desk, group, from, to } => {
                self.drawing.last(desk.index(), Lasting::Busy, from, to);
                self.stretch(from, to, |section, nanos| {
                    section.desks[desk.index()].groups[group.index()].engaged_nanos += nanos;
                });
            }
            Observation::Staffed { desk, group, from, to } => {
                let slots = u128::from(self.layout.desks[desk.index()].groups[group.index()].slots);
                self.stretch(from, to, |section, nanos| {
                    let group = &mut section.desks[desk.index()].groups[group.index()];
                    group.staffed_nanos += nanos;
                    group.slot_staffed_nanos += nanos * slots;
                });
            }
            Observation::Accepted { .. }
            | Observation::Attended { .. }
            | Observation::Replied { .. }
            | Observation::Haunted { .. } => {}
        }
    }

    /// The traffic tally of what was meant to happen at `intended`; `None` outside the window.
    pub fn traffic(&mut self, intended: Moment) -> Option<&mut TrafficTally<Timing>> {
        let section = self.section_of(intended)?;
        Some(self.sections[section].traffic.get_or_insert_default())
    }

    /// A message was received for the first time, this long after it was meant to be sent.
    pub fn delivered(&mut self, direction: Direction, intended: Moment, took: RealSpan) {
        self.drawing.delivered(intended);
        if let Some(traffic) = self.traffic(intended) {
            traffic.messages.delivered += 1;
            match direction {
                Direction::ToAgent => traffic.to_agent.record_real(took),
                Direction::ToVisitor => traffic.to_visitor.record_real(took),
            }
        }
    }

    /// The generator was this late for what it meant to do at `intended`. Counts at any time, in the window or not.
    pub fn lagged(&mut self, intended: Moment, lag: RealSpan) {
        self.drawing.lagged(intended, lag);
        self.generator().lag.record_real(lag);
    }

    /// The generator's own tally, over the whole run.
    pub fn generator(&mut self) -> &mut GeneratorTally<Timing> {
        &mut self.sections[0].traffic.get_or_insert_default().generator
    }

    /// What was recorded since the last call, in parts that merge. Sections without anything new are left out.
    pub fn drain_delta(&mut self) -> (Vec<Section>, Timeline) {
        let (mut sections, timeline) = self.drain();
        sections.retain(|section| !section.is_empty());
        (sections, timeline)
    }

    /// What was recorded since the last [`Self::drain_delta`], or at all: every section, even one of nothing.
    #[must_use]
    pub fn finish(mut self) -> (Vec<Section>, Timeline) {
        self.drain()
    }

    fn drain(&mut self) -> (Vec<Section>, Timeline) {
        let sections = self.sections.iter_mut().map(Open::drain).collect();
        (sections, self.drawing.drain())
    }

    /// The section in which `at` lies; `None` outside the window.
    #[inline]
    fn section_of(&self, at: Moment) -> Option<usize> {
        let Window { warm_up, length } = self.layout.window;
        if at < warm_up || at >= length {
            return None;
        }
        Some(if self.sections.len() == 1 {
            0
        } else {
            (at.since(warm_up).nanos() / self.section_nanos) as usize
        })
    }

    /// Tells `count` how much of [from, to) lies in each section.
    #[inline]
    fn stretch(&mut self, from: Moment, to: Moment, mut count: impl FnMut(&mut Open, u128)) {
        let Window { warm_up, length } = self.layout.window;
        let (mut from, to) = (from.max(warm_up), to.min(length));
        if let [whole] = &mut self.sections[..] {
            if from < to {
                count(whole, u128::from(to.nanos() - from.nanos()));
            }
            return;
        }
        while from < to {
            let Some(section) = self.section_of(from) else { return };
            let section_end = Moment::from_nanos(warm_up.nanos() + self.section_nanos * (section as u64 + 1));
            let until = to.min(section_end);
            count(&mut self.sections[section], u128::from(until.since(from).nanos()));
            from = until;
        }
    }

    #[inline]
    fn visit(&mut self, outcome: &Outcome) {
        let desk = outcome.desk.index();
        if let Some(assigned) = conversation(outcome) {
            self.stretch(assigned, outcome.ended, |section, nanos| {
                section.desks[desk].in_service_nanos += nanos;
            });
        }
        let section = self.section_of(outcome.start);
        if let Some(request) = outcome.callback_from {
            self.callback(section, outcome, request);
        }
        if !outcome.outright {
            self.line(section, outcome);
        }
    }

    #[cold]
    fn callback(&mut self, section: Option<usize>, outcome: &Outcome, request: Moment) {
        let desk = outcome.desk.index();
        let spoken = conversation(outcome);
        if let Some(assigned) = spoken {
            self.drawing.last(desk, Lasting::Open, assigned, outcome.ended);
        }
        let Some(section) = section else { return };
        let callbacks = &mut self.sections[section].desks[desk].callbacks;
        callbacks.accepted += 1;
        if let Some(assigned) = spoken {
            callbacks.reached += 1;
            callbacks.wait.record(assigned.since(request));
        } else {
            callbacks.gave_up_after.record(outcome.ended.since(request));
        }
    }

    /// The part of a visit that was spent in the queue (a caller's: on hold).
    #[inline]
    fn line(&mut self, section: Option<usize>, outcome: &Outcome) {
        let desk = outcome.desk.index();
        let left = outcome.ending == Ending::AbandonedQueue;
        let answered = if outcome.callback_from.is_some() { None } else { outcome.assigned };
        let (until, by, ended) = match answered {
            Some(assigned) => (assigned, Until::Answered, outcome.ended),
            None => {
                let until = outcome.callback_from.unwrap_or(outcome.ended);
                (until, if left { Until::Abandoned } else { Until::Otherwise }, until)
            }
        };
        self.drawing.visit(desk, outcome.start, until, by, ended);
        let Some(section) = section else { return };
        let wait = until.since(outcome.start);
        let layout = &self.layout.desks[desk];
        let tally: &mut TopicTally<Timing> =
            &mut self.sections[section].desks[desk].topics[outcome.topic.index()];
        tally.offered += 1;
        tally.returns += u64::from(outcome.visit.attempt > 0);
        tally.delayed += u64::from(outcome.delayed);
        tally.endings[ending_index(outcome.ending)] += 1;
        if answered.is_some() {
            tally.speed_of_answer.record(wait);
            tally.served_within += u64::from(wait <= layout.within);
        } else {
            tally.gave_up_after.record(wait);
            tally.abandoned_within += u64::from(left && wait <= layout.within);
            tally.abandoned_short += u64::from(left && wait <= layout.short_abandon);
        }
    }

    #[inline]
    fn handled(
        &mut self,
        desk: usize,
        group: usize,
        topic: usize,
        closing: Closing,
        assigned: Moment,
        freed: Moment,
    ) {
        self.stretch(assigned, freed, |section, nanos| {
            section.desks[desk].groups[group].slot_nanos += nanos;
        });
        let Some(section) = self.section_of(assigned) else { return };
        let tally = &mut self.sections[section].desks[desk];
        let alone = tally.groups.len() == 1;
        let of_group: &mut GroupTally<Timing> = &mut tally.groups[group];
        of_group.closings[closing as usize] += 1;
        if closing == Closing::Unreached {
            return;
        }
        let took = freed.since(assigned);
        if !alone {
            of_group.handling_time.record(took);
        }
        tally.topics[topic].handling_time.record(took);
    }
}

impl Open {
    fn drain(&mut self) -> Section {
        Section {
            index: self.index,
            desks: self.desks.iter_mut().map(DeskTally::drain).collect(),
            traffic: self.traffic.as_mut().map(TrafficTally::drain),
        }
    }
}

fn empty_desk(layout: &DeskLayout) -> DeskTally<Timing> {
    DeskTally {
        topics: (0..layout.topics).map(|_| TopicTally::default()).collect(),
        groups: layout.groups.iter().map(|_| GroupTally::default()).collect(),
        ..DeskTally::default()
    }
}

/// When the conversation of a visit began, if it had one.
#[inline]
fn conversation(outcome: &Outcome) -> Option<Moment> {
    outcome.assigned.filter(|_| outcome.ending != Ending::Unreached)
}

#[cfg(test)]
mod tests;
