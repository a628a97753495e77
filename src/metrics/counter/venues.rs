//! What is counted of rooms.

use std::sync::Arc;

use super::Counter;
use crate::base::time::Moment;
use crate::base::words::rooms::{Asked, Fate, GuestEnding, GuestOutcome, RoomObservation, Verdict};
use crate::metrics::histogram::Timing;
use crate::metrics::layout::VenueLayout;
use crate::metrics::tally::{RoomTally, VenueTally};

/// Who is in the rooms of a venue, and since when so many are.
///
/// In virtual time observations come in order. In a run they may come a moment late; what is not in order then counts from
/// the last instant on, so that no time is counted twice, and none is left out.
#[derive(Clone, Debug)]
pub(super) struct Presence {
    /// By room: guests, and since when.
    rooms: Vec<(u32, Moment)>,
}

impl Presence {
    pub(super) fn new(layout: &VenueLayout) -> Self {
        Self { rooms: vec![(0, Moment::ZERO); layout.rooms as usize] }
    }
}

impl Counter {
    pub(super) fn room(&mut self, observation: &RoomObservation) {
        match *observation {
            RoomObservation::Entered { venue, room, at } => {
                self.step((venue.index(), room.index()), at, |present| present + 1);
            }
            RoomObservation::Visit(ref outcome) => self.guest(outcome),
            RoomObservation::Posted { venue, at, fate, harmful, .. } => {
                let Some(tally) = self.venue_at(venue.index(), at) else { return };
                tally.fates[fate as usize] += 1;
                tally.harmful += u64::from(harmful);
                tally.wrongly_blocked += u64::from(fate == Fate::Blocked && !harmful);
                tally.went_public += u64::from(fate == Fate::Published);
            }
            RoomObservation::Exposed { venue, from, to } => {
                if let Some(tally) = self.venue_at(venue.index(), from) {
                    tally.exposure_time.record(to.since(from));
                }
            }
            RoomObservation::Reported { venue, at } => {
                if let Some(tally) = self.venue_at(venue.index(), at) {
                    tally.reports += 1;
                }
            }
            RoomObservation::Reviewed { venue, posted, from, to, held, verdict } => {
                self.stretch(from, to, |section, nanos| {
                    section.venues[venue.index()].reviewing_nanos += nanos;
                });
                if held
                    && verdict == Verdict::Pass
                    && let Some(tally) = self.venue_at(venue.index(), to)
                {
                    tally.went_public += 1;
                }
                let Some(tally) = self.venue_at(venue.index(), posted) else { return };
                if held {
                    tally.held_verdicts[verdict as usize] += 1;
                    tally.hold_time.record(to.since(posted));
                } else {
                    tally.public_verdicts[verdict as usize] += 1;
                    tally.review_time.record(to.since(posted));
                }
            }
            RoomObservation::Watched { venue, from, to } => {
                self.stretch(from, to, |section, nanos| section.venues[venue.index()].paid_nanos += nanos);
            }
        }
    }

    fn venue_at(&mut self, venue: usize, at: Moment) -> Option<&mut VenueTally<Timing>> {
        let section = self.section_of(at)?;
        Some(&mut self.sections[section].venues[venue])
    }

    fn guest(&mut self, visit: &GuestOutcome) {
        let venue = visit.venue.index();
        if visit.entered.is_some() {
            self.step((venue, visit.room.index()), visit.ended, |present| present.saturating_sub(1));
        }
        let Some(tally) = self.venue_at(venue, visit.start) else { return };
        tally.visits += 1;
        tally.returns += u64::from(visit.visit.attempt > 0);
        tally.endings[visit.ending as usize] += 1;
        tally.found_nobody += u64::from(visit.found_nobody);
        tally.never_met += u64::from(visit.met.is_none() && visit.ending != GuestEnding::Unfinished);
        tally.frustrated += u64::from(visit.frustrated());
        let room = &mut tally.rooms[visit.room.index()];
        room.visits += 1;
        room.met += u64::from(visit.met.is_some());
        match visit.met {
            Some(met) => tally.time_to_company.record(met.since(visit.start)),
            None => tally.alone_until.record(visit.ended.since(visit.start)),
        }
        if let Some(entered) = visit.entered {
            tally.visit_time.record(visit.ended.since(entered));
        }
        if let Some(Asked { at, answered, desk_bound, turned }) = visit.asked {
            tally.asked += 1;
            tally.turned += u64::from(turned);
            if let Some(answered) = answered {
                tally.time_to_reply.record(answered.since(at));
                tally.deflected += u64::from(desk_bound);
            }
        }
    }

    /// One more or one fewer is in a room from `at` on.
    fn step(&mut self, (venue, room): (usize, usize), at: Moment, change: impl FnOnce(u32) -> u32) {
        let (present, since) = self.presence[venue].rooms[room];
        self.occupied(venue, present, since, at);
        self.presence[venue].rooms[room] = (change(present), since.max(at));
        self.latest = self.latest.max(at);
    }

    /// So many were in one room, from then to then: as far as it was open.
    fn occupied(&mut self, venue: usize, present: u32, from: Moment, to: Moment) {
        if from >= to {
            return;
        }
        let venues = Arc::clone(&self.venues);
        venues[venue].each_open(from, to, |from, to| {
            self.stretch(from, to, |section, nanos| section.venues[venue].occupancy.add(present, nanos));
        });
    }

    /// Counts who is in the rooms until `to`.
    pub(super) fn count_presence(&mut self, to: Moment) {
        for venue in 0..self.presence.len() {
            for room in 0..self.presence[venue].rooms.len() {
                self.step((venue, room), to, |present| present);
            }
        }
    }
}

pub(super) fn empty(layout: &VenueLayout) -> VenueTally<Timing> {
    VenueTally { rooms: vec![RoomTally::default(); layout.rooms as usize], ..VenueTally::default() }
}
