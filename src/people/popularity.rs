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
