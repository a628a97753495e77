//! Small rooms that can be followed by hand.

use causerie::base::dist::Law;
use causerie::base::time::{Moment, Span};
use causerie::scenario::plan::rooms::{ModerationMode, ModerationPlan, QuestionPlan, VenuePlan};
use causerie::scenario::plan::{ArrivalPlan, Burst, Plan};

use super::Rooms;
use crate::plans::{room, rooms};
use crate::sim::witness::observed;

fn at(secs: f64) -> Moment {
    Moment::ZERO + Span::from_secs(secs)
}

/// A quarter of an hour of a room to which guests come at these instants, and stay for `stay` seconds.
fn visited(instants: &[f64], stay: f64) -> VenuePlan {
    let one = |secs: &f64| Burst { at: at(*secs), count: 1, within: Span::ZERO };
    let bursts = instants.iter().map(one).collect();
    let arrivals = ArrivalPlan { pieces: Vec::new(), bursts, ..ArrivalPlan::default() };
    VenuePlan { arrivals, ..room("fans", 0.0, Law::constant(stay)) }
}

fn played(venue: VenuePlan) -> Rooms {
    let plan: Plan = rooms(vec![venue], 0.0, 900.0, 1);
    Rooms::of(&observed(&plan))
}

#[test]
fn a_question_that_was_held_is_read_by_who_has_come_since() {
    let venue = VenuePlan {
        roles: [0.0, 0.0, 1.0],
        questions: QuestionPlan { share: 1.0, answered_by: 1.0, after: Law::constant(1.0) },
        moderation: ModerationPlan {
            mode: ModerationMode::Before,
            filter: None,
            moderators: 1,
            wage_per_sec: 0.0,
            review: Law::constant(100.0),
        },
        // The first has left at 10; the second, who is there from 95 to 105, reads the question at 100.
        ..visited(&[0.0, 95.0], 10.0)
    };
    let posted: Vec<Moment> = played(venue).posted.iter().map(|post| post.at).collect();
    assert_eq!(posted, [at(0.0), at(95.0), at(101.0)]);
}
