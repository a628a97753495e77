//! Everything that was observed in a replication.

use std::sync::atomic::AtomicBool;

use causerie::base::id::{DeskId, GroupId, VisitId};
use causerie::base::time::Moment;
use causerie::base::words::rooms::RoomObservation;
use causerie::base::words::{Closing, Observation, Outcome};
use causerie::metrics::recorder::{Recorder, Sectioning};
use causerie::metrics::tally::Section;
use causerie::scenario::plan::Plan;
use causerie::sim::engine::{Played, Witness, play};

use crate::plans::layout;

/// A slot that was taken and freed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handled {
    pub(super) desk: DeskId,
    pub(super) group: GroupId,
    pub(super) visit: VisitId,
    pub(super) assigned: Moment,
    pub(super) freed: Moment,
    pub(super) closing: Closing,
}

/// A stretch of an agent's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stretch {
    pub(super) desk: DeskId,
    pub(super) group: GroupId,
    pub(super) from: Moment,
    pub(super) to: Moment,
}

/// A ghost that an agent was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Haunted {
    pub(super) desk: DeskId,
    /// When the visit was meant to start.
    pub(super) start: Moment,
    pub(super) at: Moment,
}

/// Everything that was observed, each in the order in which it was.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) visits: Vec<Outcome>,
    pub(super) handled: Vec<Handled>,
    /// Slots that were taken and passed on, or not freed before the end.
    pub(super) held: Vec<Stretch>,
    pub(super) staffed: Vec<Stretch>,
    pub(super) engaged: Vec<Stretch>,
    pub(super) attended: Vec<Stretch>,
    pub(super) haunted: Vec<Haunted>,
    /// Everything in rooms.
    pub(super) rooms: Vec<RoomObservation>,
    /// Asked, replied.
    pub(super) replied: Vec<(Moment, Moment)>,
    /// Assigned, accepted.
    pub(super) accepted: Vec<(Moment, Moment)>,
}

impl Seen {
    fn note(&mut self, observation: &Observation) {
        let stretch = |desk, group, from, to| Stretch { desk, group, from, to };
        match *observation {
            Observation::Room(observation) => self.rooms.push(observation),
            Observation::Visit(outcome) => self.visits.push(outcome),
            Observation::Handled { desk, group, visit, assigned, freed, closing, .. } => {
                self.handled.push(Handled { desk, group, visit, assigned, freed, closing });
            }
            Observation::Held { desk, group, assigned, to } => {
                self.held.push(stretch(desk, group, assigned, to));
            }
            Observation::Staffed { desk, group, from, to } => {
                self.staffed.push(stretch(desk, group, from, to));
            }
            Observation::Engaged { desk, group, from, to } => {
                self.engaged.push(stretch(desk, group, from, to));
            }
            Observation::Attended { desk, group, from, to } => {
                self.attended.push(stretch(desk, group, from, to));
            }
            Observation::Haunted { desk, start, at, .. } => self.haunted.push(Haunted { desk, start, at }),
            Observation::Replied { asked, at, .. } => self.replied.push((asked, at)),
            Observation::Accepted { assigned, at, .. } => self.accepted.push((assigned, at)),
        }
    }
}

/// What a replication leaves.
pub(super) struct Replication {
    pub(super) played: Played,
    pub(super) seen: Seen,
    /// What was counted of it.
    pub(super) section: Section,
}

struct Notes {
    recorder: Recorder,
    seen: Seen,
}

impl Witness for Notes {
    fn note(&mut self, observation: &Observation) {
        self.recorder.note(observation);
        self.seen.note(observation);
    }
}

/// Plays replication 0 of a plan to its end.
pub(super) fn observed(plan: &Plan) -> Replication {
    let recorder = Recorder::new(layout(plan), Sectioning::Whole { index: 0 });
    let mut notes = Notes { recorder, seen: Seen::default() };
    let played = play(plan, 0, Moment::NEVER, &AtomicBool::new(false), &mut notes);
    let (mut sections, _) = notes.recorder.finish();
    let section = sections.pop().expect("one replication is one section");
    Replication { played, seen: notes.seen, section }
}
