//! Rooms: laws that hold in every scenario, whoever comes and whatever is said.

mod examples;
mod laws;
mod random;

use std::collections::BTreeMap;

use causerie::base::id::{RoomId, VenueId, VisitId};
use causerie::base::time::{Moment, Span};
use causerie::base::words::rooms::{Asked, Fate, GuestOutcome, RoomObservation, Verdict};
use causerie::scenario::plan::Plan;
use proptest::prelude::*;

use super::witness::{Replication, observed};

/// A message that was sent.
#[derive(Clone, Copy, Debug)]
struct Posted {
    venue: VenueId,
    room: RoomId,
    at: Moment,
    fate: Fate,
    harmful: bool,
}

/// A message that was reviewed.
#[derive(Clone, Copy, Debug)]
struct Reviewed {
    venue: VenueId,
    posted: Moment,
    from: Moment,
    to: Moment,
    held: bool,
    verdict: Verdict,
}

/// Everything that was observed in rooms.
#[derive(Default)]
struct Rooms {
    entered: Vec<(VenueId, RoomId, Moment)>,
    visits: Vec<GuestOutcome>,
    posted: Vec<Posted>,
    exposed: Vec<(VenueId, Moment, Moment)>,
    reviewed: Vec<Reviewed>,
    watched: Vec<(VenueId, Moment, Moment)>,
}

impl Rooms {
    fn of(replication: &Replication) -> Self {
        let mut rooms = Self::default();
        for observation in &replication.seen.rooms {
            match *observation {
                RoomObservation::Entered { venue, room, at } => rooms.entered.push((venue, room, at)),
                RoomObservation::Visit(outcome) => rooms.visits.push(outcome),
                RoomObservation::Posted { venue, room, at, fate, harmful } => {
                    rooms.posted.push(Posted { venue, room, at, fate, harmful });
                }
                RoomObservation::Exposed { venue, from, to } => rooms.exposed.push((venue, from, to)),
                RoomObservation::Reported { .. } => {}
                RoomObservation::Reviewed { venue, posted, from, to, held, verdict } => {
                    rooms.reviewed.push(Reviewed { venue, posted, from, to, held, verdict });
                }
                RoomObservation::Watched { venue, from, to } => rooms.watched.push((venue, from, to)),
            }
        }
        rooms
    }

    /// The visits of each room.
    fn by_room(&self) -> BTreeMap<(VenueId, RoomId), Vec<GuestOutcome>> {
        let mut rooms: BTreeMap<_, Vec<GuestOutcome>> = BTreeMap::new();
        for visit in &self.visits {
            rooms.entry((visit.venue, visit.room)).or_default().push(*visit);
        }
        rooms
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_laws_hold_in_every_room(plan in random::plans()) {
        let replication = observed(&plan);
        let rooms = Rooms::of(&replication);
        laws::everybody_ends_once(&plan, &rooms);
        laws::company_is_who_was_there_at_once(&rooms);
        laws::stays_run_in_company(&plan, &rooms);
        laws::nobody_is_there_while_it_is_closed(&plan, &rooms);
        laws::what_is_held_is_reviewed_once(&plan, &rooms);
        laws::harm_is_seen_by_those_present(&plan, &rooms);
        laws::what_is_delivered_was_published(&plan, &rooms);
        laws::moderators_do_one_thing_at_a_time(&plan, &rooms);
        laws::who_turns_to_the_desk_is_served_there(&plan, &rooms, &replication);
    }
}
