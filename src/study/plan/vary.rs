//! What a plan asks "what if" about: the same plan with one thing different. Every one of these is a pure function, and
//! none changes a population's name, so that the same guests come, as patient and as talkative, in all of them.

use crate::base::time::{Moment, Span};
use crate::scenario::plan::rooms::{ModerationMode, Opening, VenueKind, VenuePlan};
use crate::scenario::plan::{ArrivalPlan, Plan, RatePiece};

/// A day.
pub(super) const DAY: Span = Span::from_whole_secs(86_400);

/// A plan of nothing but this venue. What else there is changes nothing in it: who turns to a desk has left the room.
pub(super) fn alone(plan: &Plan, venue: &VenuePlan) -> Plan {
    let venue = VenuePlan { deflects: None, ..venue.clone() };
    Plan { desks: Vec::new(), phone: None, gates: Vec::new(), venues: vec![venue], ..plan.clone() }
}

/// One room in which so many times as many guests come.
pub(super) fn one_room(venue: &VenuePlan, factor: f64) -> VenuePlan {
    let mut room = VenuePlan { kind: VenueKind::Room, ..venue.clone() };
    room.arrivals.scale(factor);
    room
}

/// The same portal of so many rooms.
pub(super) fn with_rooms(venue: &VenuePlan, rooms: u32) -> VenuePlan {
    let kind = match venue.kind {
        VenueKind::Room => VenueKind::Room,
        VenueKind::Portal { exponent, .. } => VenueKind::Portal { rooms, exponent },
    };
    VenuePlan { kind, ..venue.clone() }
}

/// The same with so many moderators.
pub(super) fn with_moderators(venue: &VenuePlan, moderators: u32) -> VenuePlan {
    let mut venue = venue.clone();
    venue.moderation.moderators = moderators;
    venue
}

/// The same guests, who say nothing. Who meets whom is the same, unless those who were left without an answer come back
/// less often: then they have to speak.
pub(super) fn without_words(venue: &VenuePlan) -> VenuePlan {
    let mut venue = venue.clone();
    if venue.returns.as_ref().is_none_or(|returns| returns.unanswered == returns.met) {
        venue.talk_per_sec = [0.0; 3];
        venue.questions.share = 0.0;
        venue.moderation.mode = ModerationMode::None { hidden_after: None };
        venue.moderation.filter = None;
        venue.moderation.moderators = 0;
    }
    venue
}

/// The same visits of each of the first `days` days, evenly within `open` in the middle of it; closed otherwise.
pub(super) fn open_daily(venue: &VenuePlan, days: u64, open: Span) -> VenuePlan {
    let (mut pieces, mut openings) = (Vec::new(), Vec::new());
    let mut piece = |from, to, per_sec| {
        if from < to {
            pieces.push(RatePiece { from, to, from_per_sec: per_sec, to_per_sec: per_sec });
        }
    };
    let before = Span::from_nanos((DAY.nanos() - open.nanos()) / 2);
    let mut closed_since = Moment::ZERO;
    for day in 0..days {
        let start = Moment::from_nanos(day * DAY.nanos());
        let opening = Opening { from: start + before, to: start + before + open };
        piece(closed_since, opening.from, 0.0);
        piece(opening.from, opening.to, venue.arrivals.expected(start, start + DAY) / open.secs());
        closed_since = opening.to;
        openings.push(opening);
    }
    let arrivals = ArrivalPlan { pieces, busyness_cv: venue.arrivals.busyness_cv, bursts: Vec::new() };
    VenuePlan { arrivals, open: (open < DAY).then_some(openings), ..venue.clone() }
}
