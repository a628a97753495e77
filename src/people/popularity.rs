//! Which room of a portal a guest comes to: Zipf's law by its table of cumulated probabilities, built once a venue.

use crate::base::draw::{Draws, Purpose};
use crate::base::id::RoomId;
use crate::scenario::plan::rooms::VenuePlan;

/// The rooms of a venue by popularity.
#[derive(Clone, Debug)]
pub struct Popularity {
    /// The probability of each room or one more popular than it.
    up_to: Vec<f64>,
}

impl Popularity {
    /// Of a venue's rooms.
    #[must_use]
    pub fn of(venue: &VenuePlan) -> Self {
        let sum = venue.popularity().into_iter().scan(0.0, |sum, share| {
            *sum += share;
            Some(*sum)
        });
        Self { up_to: sum.collect() }
    }

    /// The room to which the guest of this key comes, on every visit.
    #[must_use]
    pub fn room(&self, draws: Draws) -> RoomId {
        if self.up_to.len() == 1 {
            return RoomId(0);
        }
        let place = draws.uniform(Purpose::Room, 0);
        let room = self.up_to.partition_point(|up_to| *up_to <= place);
        RoomId(room.min(self.up_to.len() - 1) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::super::script;
    use super::*;
    use crate::scenario::plan::rooms::VenueKind;

    /// How many of so many guests come to each room.
    fn guests(kind: VenueKind, count: u64) -> Vec<u64> {
        let mut plan = script::room();
        plan.venues[0].kind = kind;
        let popularity = Popularity::of(&plan.venues[0]);
        let mut of_room = vec![0; plan.venues[0].rooms() as usize];
        let draws = Draws::of_population(1, 0, "fans");
        for index in 0..count {
            of_room[popularity.room(draws.visitor(index)).index()] += 1;
        }
        of_room
    }

    #[test]
    fn the_kth_room_has_a_kth_of_the_guests_of_the_first() {
        let of_room = guests(VenueKind::Portal { rooms: 4, exponent: 1.0 }, 100_000);
        let sum = 1.0 + 1.0 / 2.0 + 1.0 / 3.0 + 1.0 / 4.0;
        for (k, count) in (1..).zip(of_room) {
            let share = 1.0 / (f64::from(k) * sum);
            let error = (share * (1.0 - share) / 100_000.0).sqrt();
            let found = count as f64 / 100_000.0;
            assert!((found - share).abs() < 4.0 * error, "room {k}: {found}, not {share}");
        }
    }

    #[test]
    fn a_steep_portal_has_one_room_and_a_room_is_a_portal_of_one() {
        assert_eq!(guests(VenueKind::Portal { rooms: 3, exponent: 60.0 }, 1_000), [1_000, 0, 0]);
        assert_eq!(guests(VenueKind::Portal { rooms: 1, exponent: 1.1 }, 1_000), [1_000]);
        assert_eq!(guests(VenueKind::Room, 1_000), [1_000]);
    }
}
