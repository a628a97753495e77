//! What moderators did, counted from what rooms tell.

use crate::base::time::{Moment, Span};
use crate::base::words::Observation;
use crate::base::words::rooms::{Fate, RoomObservation, Verdict};
use crate::scenario::plan::rooms::{ModerationMode, Opening};
use crate::sim::engine::Witness;

use super::play::counts;
use super::stage::Stage;

/// A slice in which messages are counted lasts for so many reviews: as long as a queue of them remembers.
const SLICE_REVIEWS: f64 = 10.0;

/// Counts what is said in a venue, what is reviewed and how soon, and who is paid for it.
pub(super) struct Watch {
    window: (Moment, Moment),
    within: Span,
    mode: ModerationMode,
    /// The opening hours within the window.
    open: Vec<Opening>,
    slice: Span,
    /// Messages to be reviewed, by slice of the window.
    slices: Vec<u64>,
    pub(super) open_secs: f64,
    /// Messages sent within the window that were reviewed, at whatever time.
    pub(super) reviewed: u64,
    /// Those of them that were within so long of being sent.
    pub(super) in_time: u64,
    /// Messages that went public within the window, whenever they were sent: what is paid for in it.
    pub(super) published: u64,
    /// Within the window, all moderators together.
    pub(super) paid: Span,
    /// Within the window, all moderators together.
    pub(super) busy: Span,
}

impl Watch {
    pub(super) fn new(stage: &Stage, within: Span) -> Self {
        let venue = &stage.plan.venues[0];
        let (from, to) = stage.window;
        let clipped = |o: Opening| Opening { from: o.from.max(from), to: o.to.min(to) };
        let open: Vec<Opening> =
            venue.openings(stage.plan.length).map(clipped).filter(|o| o.from < o.to).collect();
        let slice = Span::from_secs(SLICE_REVIEWS * venue.moderation.review.mean().max(1.0));
        let slices = vec![0; (to.since(from).nanos() / slice.nanos()) as usize];
        let open_secs = open.iter().map(|o| o.to.since(o.from).secs()).sum();
        Self {
            window: stage.window,
            within,
            mode: venue.moderation.mode,
            open,
            slice,
            slices,
            open_secs,
            reviewed: 0,
            in_time: 0,
            published: 0,
            paid: Span::ZERO,
            busy: Span::ZERO,
        }
    }

    /// Messages to be reviewed in each slice in which it was open throughout.
    pub(super) fn by_slice(&self) -> impl Iterator<Item = u64> {
        let length = self.slice.nanos();
        let open = move |number: usize| {
            let from = self.window.0 + Span::from_nanos(number as u64 * length);
            let to = from + Span::from_nanos(length);
            self.open.iter().any(|opening| opening.from <= from && to <= opening.to)
        };
        self.slices.iter().enumerate().filter(move |(number, _)| open(*number)).map(|(_, count)| *count)
    }

    fn within_window(&self, from: Moment, to: Moment) -> Span {
        to.min(self.window.1).since(from.max(self.window.0))
    }

    fn posted(&mut self, at: Moment, fate: Fate) {
        if !counts(self.window, at) {
            return;
        }
        self.published += u64::from(fate == Fate::Published);
        let reviewed = match (fate, self.mode) {
            (Fate::Held, _) => true,
            (Fate::Published, ModerationMode::After { reported_only }) => !reported_only,
            (Fate::Published | Fate::Blocked, _) => false,
        };
        let slice = (at.since(self.window.0).nanos() / self.slice.nanos()) as usize;
        if let Some(count) = self.slices.get_mut(slice).filter(|_| reviewed) {
            *count += 1;
        }
    }
}

impl Witness for Watch {
    fn note(&mut self, observation: &Observation) {
        match *observation {
            Observation::Room(RoomObservation::Posted { at, fate, .. }) => self.posted(at, fate),
            Observation::Room(RoomObservation::Reviewed { posted, from, to, held, verdict, .. }) => {
                self.busy += self.within_window(from, to);
                let went_public = held && verdict == Verdict::Pass && counts(self.window, to);
                self.published += u64::from(went_public);
                if counts(self.window, posted) {
                    self.reviewed += 1;
                    self.in_time += u64::from(to.since(posted) <= self.within);
                }
            }
            Observation::Room(RoomObservation::Watched { from, to, .. }) => {
                self.paid += self.within_window(from, to);
            }
            _ => {}
        }
    }
}
