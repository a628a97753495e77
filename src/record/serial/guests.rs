//! A guest's visit as written.

use serde::{Deserialize, Serialize};

use crate::base::id::{PopulationId, RoomId, VenueId, VisitId};
use crate::base::time::Moment;
use crate::base::words::rooms::{Asked, GuestEnding, GuestOutcome, Role};

/// Venue, room, population, index, attempt, role, start, entered, met, ended, ending, flags, asked, answered. Instants in
/// nanoseconds; the role is its place in [`Role::ALL`], the ending its place in [`GuestEnding::ALL`]; the flags are 1 (found
/// nobody), 2 (the question would go to the desk if there were no room), 4 (it went there).
#[derive(Serialize, Deserialize)]
pub(in crate::record) struct GuestRow(
    u16,
    u32,
    u16,
    u64,
    u8,
    u8,
    u64,
    Option<u64>,
    Option<u64>,
    u64,
    u8,
    u8,
    Option<u64>,
    Option<u64>,
);

impl From<&GuestOutcome> for GuestRow {
    fn from(visit: &GuestOutcome) -> Self {
        let (desk_bound, turned) =
            visit.asked.map_or((false, false), |asked| (asked.desk_bound, asked.turned));
        Self(
            visit.venue.0,
            visit.room.0,
            visit.visit.population.0,
            visit.visit.index,
            visit.visit.attempt,
            visit.role as u8,
            visit.start.nanos(),
            visit.entered.map(Moment::nanos),
            visit.met.map(Moment::nanos),
            visit.ended.nanos(),
            visit.ending as u8,
            u8::from(visit.found_nobody) | u8::from(desk_bound) << 1 | u8::from(turned) << 2,
            visit.asked.map(|asked| asked.at.nanos()),
            visit.asked.and_then(|asked| asked.answered).map(Moment::nanos),
        )
    }
}

impl TryFrom<&GuestRow> for GuestOutcome {
    type Error = &'static str;

    fn try_from(row: &GuestRow) -> Result<Self, Self::Error> {
        let &GuestRow(
            venue,
            room,
            population,
            index,
            attempt,
            role,
            start,
            entered,
            met,
            ended,
            ending,
            flags,
            asked,
            answered,
        ) = row;
        let asked = asked.map(|at| Asked {
            at: Moment::from_nanos(at),
            answered: answered.map(Moment::from_nanos),
            desk_bound: flags & 2 != 0,
            turned: flags & 4 != 0,
        });
        Ok(Self {
            venue: VenueId(venue),
            room: RoomId(room),
            visit: VisitId { population: PopulationId(population), index, attempt },
            role: *Role::ALL.get(usize::from(role)).ok_or("a guest of no known role")?,
            start: Moment::from_nanos(start),
            entered: entered.map(Moment::from_nanos),
            found_nobody: flags & 1 != 0,
            met: met.map(Moment::from_nanos),
            asked,
            ended: Moment::from_nanos(ended),
            ending: *GuestEnding::ALL.get(usize::from(ending)).ok_or("a visit with no known ending")?,
        })
    }
}
