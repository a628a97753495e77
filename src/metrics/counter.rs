//! From observations to tallies: who belongs to which section, and what of a stretch of time lies in the window.
//!
//! Three rules decide what counts. A visit counts when its *intended start* lies in [warm_up, length), with all that came
//! of it; a handling time when its *assignment* does, a reply when its message was meant to be sent; of a stretch of time
//! (on duty, engaged, in conversation) exactly the part within the window. What most visits do comes first here, and
//! what few do is kept out of their way.

mod venues;

use std::sync::Arc;

use crate::base::time::Moment;
use crate::base::words::{Channel, Closing, Ending, Observation, Outcome, Sale};

use super::histogram::Timing;
use super::layout::{DeskLayout, Layout, Sectioning, VenueLayout, Window};
use super::tally::{
    DeskTally, GeneratorTally, GroupTally, Section, Sold, TopicTally, TrafficTally, VenueTally, ending_index,
};
use venues::Presence;

/// Counts observations, section by section.
#[derive(Clone, Debug)]
pub(super) struct Counter {
    layout: Layout,
    /// Where the first section begins: at the window's start, or before.
    origin: Moment,
    /// The length of a section in nanoseconds; at least 1.
    section_nanos: u64,
    sections: Vec<Open>,
    /// The layout's venues, and who is in their rooms.
    venues: Arc<[VenueLayout]>,
    presence: Vec<Presence>,
    /// The latest instant of anything observed in a room.
    latest: Moment,
}

/// A section that is being recorded.
#[derive(Clone, Debug)]
struct Open {
    index: u32,
    desks: Vec<DeskTally<Timing>>,
    venues: Vec<VenueTally<Timing>>,
    traffic: Option<TrafficTally<Timing>>,
}

/// The part of a visit that was spent in the queue (a caller's: on hold).
#[derive(Clone, Copy, Debug)]
pub(super) struct Wait {
    /// When it was over.
    pub(super) until: Moment,
    /// Whether an agent ended it.
    pub(super) answered: bool,
}

impl Wait {
    #[inline]
    pub(super) fn of(outcome: &Outcome) -> Self {
        match (outcome.callback_from, outcome.assigned) {
            (None, Some(assigned)) => Self { until: assigned, answered: true },
            (None, None) => Self { until: outcome.ended, answered: false },
            (Some(request), _) => Self { until: request, answered: false },
        }
    }
}

/// Whether a visit ended in the queue, by the visitor's own doing.
#[inline]
pub(super) fn left_queue(ending: Ending) -> bool {
    matches!(ending, Ending::AbandonedQueue | Ending::AbandonedSilent)
}

/// When the conversation of a visit began, if it had one.
#[inline]
pub(super) fn conversation(outcome: &Outcome) -> Option<Moment> {
    outcome.assigned.filter(|_| outcome.ending != Ending::Unreached)
}

impl Counter {
    pub(super) fn new(layout: Layout, sectioning: Sectioning) -> Self {
        let (first, count, origin, section_nanos) = sectioning.divided(layout.window);
        let section = |index| Open {
            index,
            desks: layout.desks.iter().map(empty_desk).collect(),
            venues: layout.venues.iter().map(venues::empty).collect(),
            traffic: None,
        };
        let sections = (first..first + count).map(section).collect();
        let presence = layout.venues.iter().map(Presence::new).collect();
        let venues = layout.venues.clone().into();
        Self { layout, origin, section_nanos, sections, venues, presence, latest: Moment::ZERO }
    }

    #[inline]
    pub(super) fn note(&mut self, observation: &Observation) {
        match *observation {
            Observation::Visit(ref outcome) => self.visit(outcome),
            Observation::Handled { desk, group, topic, assigned, freed, closing, .. } => {
                let at = (desk.index(), group.index(), topic.index());
                self.handled(at, closing, assigned, freed);
            }
            Observation::Held { desk, group, assigned, to } => {
                self.stretch(assigned, to, |section, nanos| {
                    section.desks[desk.index()].groups[group.index()].slot_nanos += nanos;
                });
            }
            Observation::Engaged { desk, group, from, to } => {
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
            Observation::Attended { desk, group, from, to } => {
                self.stretch(from, to, |section, nanos| {
                    section.desks[desk.index()].groups[group.index()].attention_nanos += nanos;
                });
            }
            Observation::Replied { desk, asked, at } => {
                if let Some(section) = self.section_of(asked) {
                    self.sections[section].desks[desk.index()].reply_time.record(at.since(asked));
                }
            }
            Observation::Accepted { desk, assigned, at } => {
                if let Some(section) = self.section_of(assigned) {
                    self.sections[section].desks[desk.index()].accept_time.record(at.since(assigned));
                }
            }
            Observation::Room(ref observation) => self.room(observation),
            Observation::Haunted { desk, topic, start, at } => {
                self.haunted(desk.index(), topic.index(), start, at);
            }
        }
    }

    /// The traffic tally of what was meant to happen at `intended`; `None` outside the window.
    pub(super) fn traffic(&mut self, intended: Moment) -> Option<&mut TrafficTally<Timing>> {
        let section = self.section_of(intended)?;
        Some(self.sections[section].traffic.get_or_insert_default())
    }

    /// The generator's own tally, over the whole run.
    pub(super) fn generator(&mut self) -> &mut GeneratorTally<Timing> {
        &mut self.sections[0].traffic.get_or_insert_default().generator
    }

    /// What was counted since the last call, every section of it; starts anew. Rooms are as full as they are until the
    /// latest instant that was heard of.
    pub(super) fn drain(&mut self) -> Vec<Section> {
        self.count_presence(self.latest);
        self.sections.iter_mut().map(Open::drain).collect()
    }

    /// Nothing more happens until `end`: whoever is in a room is there until then.
    pub(super) fn close(&mut self, end: Moment) {
        self.latest = self.latest.max(end);
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
            (at.since(self.origin).nanos() / self.section_nanos) as usize
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
            let end = self.origin.nanos().saturating_add(self.section_nanos * (section as u64 + 1));
            let until = to.min(Moment::from_nanos(end));
            count(&mut self.sections[section], u128::from(until.since(from).nanos()));
            from = until;
        }
    }

    #[inline]
    fn visit(&mut self, outcome: &Outcome) {
        if let Some(assigned) = conversation(outcome) {
            let desk = outcome.desk.index();
            self.stretch(assigned, outcome.ended, |section, nanos| {
                section.desks[desk].in_service_nanos += nanos;
            });
        }
        let Some(section) = self.section_of(outcome.start) else { return };
        if outcome.channel != Channel::Chat {
            self.on_the_line(section, outcome);
        }
        if outcome.sale != Sale::NoIntent {
            self.sold(section, outcome);
        }
        if !outcome.outright {
            self.line(section, outcome);
        }
    }

    /// The time that a call, or a callback, kept the line open, and what became of the callback.
    #[inline(never)]
    fn on_the_line(&mut self, section: usize, outcome: &Outcome) {
        let tally = &mut self.sections[section].desks[outcome.desk.index()];
        let Some(request) = outcome.callback_from else {
            tally.call_line_nanos += u128::from(outcome.ended.since(outcome.start).nanos());
            return;
        };
        tally.callback_line_nanos += u128::from(request.since(outcome.start).nanos());
        tally.callbacks.accepted += 1;
        if let Some(assigned) = conversation(outcome) {
            tally.callback_line_nanos += u128::from(outcome.ended.since(assigned).nanos());
            tally.callbacks.reached += 1;
            let resolved = outcome.outright && outcome.ending == Ending::Resolved;
            tally.callbacks.outright_resolved += u64::from(resolved);
            tally.callbacks.wait.record(assigned.since(request));
        } else {
            tally.callbacks.gave_up_after.record(outcome.ended.since(request));
        }
    }

    /// What a visit sold belongs to the desk that the visitor first came to, whose prices it has.
    #[cold]
    fn sold(&mut self, section: usize, outcome: &Outcome) {
        let Some(place) = Sold::index(outcome.sale) else { return };
        let home = self.layout.home(outcome.visit.population);
        self.sections[section].desks[home].sales_mut(outcome.channel)[place] += 1;
    }

    /// The part of a visit that was spent in the queue, and what came of it.
    #[inline]
    fn line(&mut self, section: usize, outcome: &Outcome) {
        let desk = outcome.desk.index();
        let layout = &self.layout.desks[desk];
        let tally: &mut TopicTally<Timing> =
            &mut self.sections[section].desks[desk].topics[outcome.topic.index()];
        tally.offered += 1;
        tally.returns += u64::from(outcome.visit.attempt > 0);
        tally.delayed += u64::from(outcome.delayed);
        tally.endings[ending_index(outcome.ending)] += 1;
        let wait = Wait::of(outcome);
        let waited = wait.until.since(outcome.start);
        if wait.answered {
            tally.speed_of_answer.record(waited);
            tally.served_within += u64::from(waited <= layout.within);
        } else if outcome.ending != Ending::Balked {
            tally.gave_up_after.record(waited);
            let (left, silent) = (left_queue(outcome.ending), outcome.ending == Ending::AbandonedSilent);
            let (within, short) = (waited <= layout.within, waited <= layout.short_abandon);
            tally.abandoned_within += u64::from(left && within);
            tally.silent_within += u64::from(silent && within);
            tally.abandoned_short += u64::from(left && short);
            tally.silent_short += u64::from(silent && short);
        }
        if let Some(responded) = outcome.responded {
            let took = responded.since(outcome.start);
            tally.first_response.record(took);
            tally.responded_within += u64::from(took <= layout.within);
        } else if outcome.ending == Ending::AbandonedChat {
            tally.walked_within += u64::from(outcome.ended.since(outcome.start) <= layout.within);
        }
        if outcome.cannot_call {
            tally.cannot_call += 1;
            tally.cannot_call_resolved += u64::from(outcome.ending == Ending::Resolved);
        }
    }

    #[inline]
    fn handled(
        &mut self,
        (desk, group, topic): (usize, usize, usize),
        closing: Closing,
        assigned: Moment,
        freed: Moment,
    ) {
        self.stretch(assigned, freed, |section, nanos| {
            section.desks[desk].groups[group].slot_nanos += nanos;
        });
        if closing == Closing::Silent {
            return self.ghost((desk, group, topic), assigned, freed);
        }
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

    /// A slot that was taken by somebody who never said a word to the agent.
    #[cold]
    fn ghost(&mut self, (desk, group, topic): (usize, usize, usize), assigned: Moment, freed: Moment) {
        self.stretch(assigned, freed, |section, nanos| {
            section.desks[desk].groups[group].ghost_nanos += nanos;
        });
        let Some(section) = self.section_of(assigned) else { return };
        let tally = &mut self.sections[section].desks[desk];
        tally.groups[group].closings[Closing::Silent as usize] += 1;
        tally.topics[topic].ghost_time.record(freed.since(assigned));
    }

    #[cold]
    fn haunted(&mut self, desk: usize, topic: usize, start: Moment, at: Moment) {
        let Some(section) = self.section_of(start) else { return };
        let tally = &mut self.sections[section].desks[desk].topics[topic];
        let waited = at.since(start);
        tally.ghost_wait.record(waited);
        tally.ghosts_within += u64::from(waited <= self.layout.desks[desk].within);
    }
}

impl Open {
    fn drain(&mut self) -> Section {
        Section {
            index: self.index,
            desks: self.desks.iter_mut().map(DeskTally::drain).collect(),
            venues: self.venues.iter_mut().map(VenueTally::drain).collect(),
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
