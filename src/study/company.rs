//! Who met whom: two visits that were in the same room at once, in a run and in a simulation of the same people.

use std::collections::BTreeMap;

use crate::base::id::{RoomId, VenueId, VisitId};
use crate::base::time::Moment;
use crate::base::words::rooms::GuestOutcome;
use crate::record::Company;

/// A stretch of time in a room, [from, to).
#[derive(Clone, Copy, Debug)]
struct Presence {
    from: Moment,
    to: Moment,
}

impl Presence {
    /// `None` of who never got in.
    fn of(visit: &GuestOutcome) -> Option<Self> {
        let from = visit.entered?;
        (from < visit.ended).then_some(Self { from, to: visit.ended })
    }

    fn meets(&self, other: &Self) -> bool {
        self.from.max(other.from) < self.to.min(other.to)
    }
}

/// One visit: in the first of two plays, and in the second.
type Both = (Presence, Option<Presence>);

/// Pairs the visits to rooms of a run with those of a simulation.
pub(super) fn company(run: &[GuestOutcome], twin: &[GuestOutcome]) -> Company {
    let in_run: BTreeMap<_, _> = run.iter().map(|visit| (key(visit), visit)).collect();
    let in_twin: BTreeMap<_, _> = twin.iter().map(|visit| (key(visit), visit)).collect();
    let mut company = Company::default();
    for (key, here) in &in_run {
        let Some(there) = in_twin.get(key) else {
            company.only_in_run += 1;
            continue;
        };
        company.paired += 1;
        company.same_ending += u64::from(here.ending == there.ending);
        company.same_company += u64::from(here.met.is_some() == there.met.is_some());
    }
    company.only_in_twin = in_twin.len() as u64 - company.paired;
    for room in by_room(run, &in_twin).into_values() {
        let (met, in_both) = meetings(room);
        company.met_in_run += met;
        company.met_in_both += in_both;
    }
    for room in by_room(twin, &BTreeMap::new()).into_values() {
        company.met_in_twin += meetings(room).0;
    }
    company
}

fn key(visit: &GuestOutcome) -> (VenueId, VisitId) {
    (visit.venue, visit.visit)
}

/// Who was in each room, and where they were in the other play. A guest comes to the same room in both.
fn by_room(
    visits: &[GuestOutcome],
    other: &BTreeMap<(VenueId, VisitId), &GuestOutcome>,
) -> BTreeMap<(VenueId, RoomId), Vec<Both>> {
    let mut rooms: BTreeMap<_, Vec<Both>> = BTreeMap::new();
    for visit in visits {
        if let Some(presence) = Presence::of(visit) {
            let there = other.get(&key(visit)).filter(|there| there.room == visit.room);
            let room = rooms.entry((visit.venue, visit.room)).or_default();
            room.push((presence, there.and_then(|there| Presence::of(there))));
        }
    }
    rooms
}

/// How many met, and how many of these in the other play too: everybody meets those who are there on entering. Nothing is
/// kept of who they were, since in a full room they are many.
fn meetings(mut room: Vec<Both>) -> (u64, u64) {
    room.sort_by_key(|(here, _)| here.from);
    let (mut met, mut in_both) = (0, 0);
    let mut present: Vec<Both> = Vec::new();
    for (here, there) in room {
        present.retain(|(other, _)| other.to > here.from);
        met += present.len() as u64;
        if let Some(there) = there {
            let others = present.iter().filter_map(|(_, other)| *other);
            in_both += others.filter(|other| other.meets(&there)).count() as u64;
        }
        present.push((here, there));
    }
    (met, in_both)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::PopulationId;
    use crate::base::words::rooms::{GuestEnding, Role};

    fn visit(index: u64, room: u32, from: u64, to: u64) -> GuestOutcome {
        GuestOutcome {
            venue: VenueId(0),
            room: RoomId(room),
            visit: VisitId { population: PopulationId(0), index, attempt: 0 },
            role: Role::Lurker,
            start: Moment::from_nanos(from),
            entered: Some(Moment::from_nanos(from)),
            found_nobody: true,
            met: None,
            asked: None,
            ended: Moment::from_nanos(to),
            ending: GuestEnding::Stayed,
        }
    }

    #[test]
    fn who_was_there_at_once_has_met() {
        // 0 meets 1, 2 meets 3 in another room, 4 comes as 1 leaves.
        let run = [
            visit(3, 1, 9, 20),
            visit(0, 0, 0, 10),
            visit(1, 0, 5, 15),
            visit(2, 1, 0, 10),
            visit(4, 0, 15, 20),
        ];
        let itself = company(&run, &run);
        assert_eq!((itself.met_in_run, itself.met_in_twin, itself.met_in_both), (2, 2, 2));
        assert_eq!((itself.paired, itself.same_ending, itself.same_company), (5, 5, 5));
        // Here 1 is late for 0, and meets 4; 3 does not come, and 5 does.
        let mut twin = [
            visit(0, 0, 0, 10),
            visit(1, 0, 12, 19),
            visit(2, 1, 0, 10),
            visit(4, 0, 15, 20),
            visit(5, 0, 18, 19),
        ];
        twin[0].met = Some(Moment::from_nanos(1));
        twin[3].ending = GuestEnding::Deserted;
        let compared = company(&run, &twin);
        assert_eq!((compared.met_in_run, compared.met_in_twin, compared.met_in_both), (2, 3, 0));
        assert_eq!((compared.paired, compared.only_in_run, compared.only_in_twin), (4, 1, 1));
        assert_eq!((compared.same_ending, compared.same_company, compared.met_in_either()), (3, 3, 5));
    }

    #[test]
    fn who_never_got_in_met_nobody() {
        let mut run = [visit(0, 0, 0, 10), visit(1, 0, 0, 10)];
        run[1].entered = None;
        assert_eq!(company(&run, &run).met_in_run, 0);
    }
}
