//! Everything that was observed in a replication.

use std::sync::atomic::AtomicBool;

use causerie::base::id::{DeskId, GroupId, VisitId};
use causerie::base::time::Moment;
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

/// What a replication leaves.
pub(super) struct Replication {
    pub(super) played: Played,
    /// In the order in which they ended.
    pub(super) visits: Vec<Outcome>,
    pub(super) handled: Vec<Handled>,
    /// What was counted of it.
    pub(super) section: Section,
}

struct Notes {
    recorder: Recorder,
    visits: Vec<Outcome>,
    handled: Vec<Handled>,
}

impl Witness for Notes {
    fn note(&mut self, observation: &Observation) {
        self.recorder.note(observation);
        match *observation {
            Observation::Visit(outcome) => self.visits.push(outcome),
            Observation::Handled { desk, group, visit, assigned, freed, closing, .. } => {
                self.handled.push(Handled { desk, group, visit, assigned, freed, closing });
            }
            Observation::Held { .. }
            | Observation::Engaged { .. }
            | Observation::Staffed { .. }
            | Observation::FirstResponse { .. } => {}
        }
    }
}

/// Plays replication 0 of a plan to its end.
pub(super) fn observed(plan: &Plan) -> Replication {
    let recorder = Recorder::new(layout(plan), Sectioning::Whole { index: 0 });
    let mut notes = Notes { recorder, visits: Vec::new(), handled: Vec::new() };
    let played = play(plan, 0, Moment::NEVER, &AtomicBool::new(false), &mut notes);
    let (mut sections, _) = notes.recorder.finish();
    let section = sections.pop().expect("one replication is one section");
    Replication { played, visits: notes.visits, handled: notes.handled, section }
}
