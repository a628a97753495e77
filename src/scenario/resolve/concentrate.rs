//! Opening hours concentrate the same traffic: who would come while a room is closed comes on the same day while it is open
//! instead.
//!
//! Day by day of the calendar: the demand of its closed hours is added to that of its open ones in proportion to the demand
//! there (evenly, where there is none), and the closed hours have none. So the visits expected on a day stay what they
//! were, times the share that shifts. A day on which it never opens loses its own.

use jiff::civil::Time;

use super::calendar::Calendar;
use crate::base::time::{Moment, Span};
use crate::scenario::plan::RatePiece;
use crate::scenario::plan::rooms::Opening;

/// Arrivals that come while it is open.
pub(super) struct Concentrated {
    pub(super) pieces: Vec<RatePiece>,
    /// Visits expected on days on which it does not open: nobody makes them.
    pub(super) lost: f64,
}

/// A part of a day, all of it open or all of it closed.
struct Part {
    from: Moment,
    to: Moment,
    open: bool,
    /// The demand in it: without gaps.
    demand: Vec<RatePiece>,
}

impl Part {
    fn expected(&self) -> f64 {
        self.demand.iter().map(|piece| piece.expected(piece.from, piece.to)).sum()
    }

    fn at_rate(&self, per_sec: f64) -> RatePiece {
        RatePiece { from: self.from, to: self.to, from_per_sec: per_sec, to_per_sec: per_sec }
    }
}

/// The demand `pieces`, of which a share `shifted` comes while it is `open` when it would not have.
pub(super) fn concentrate(
    mut pieces: Vec<RatePiece>,
    open: &[Opening],
    shifted: f64,
    calendar: &Calendar,
) -> Concentrated {
    let end = Moment::ZERO + calendar.length;
    let until = pieces.last().map_or(Moment::ZERO, |piece| piece.to);
    if until < end {
        pieces.push(RatePiece { from: until, to: end, from_per_sec: 0.0, to_per_sec: 0.0 });
    }
    let mut all = Concentrated { pieces: Vec::new(), lost: 0.0 };
    for (from, to) in days(calendar) {
        concentrate_day(&mut all, &parts(&pieces, open, from, to), shifted);
    }
    all
}

fn concentrate_day(all: &mut Concentrated, parts: &[Part], shifted: f64) {
    let expected =
        |open: bool| parts.iter().filter(|part| part.open == open).map(Part::expected).sum::<f64>();
    let (kept, shut) = (expected(true), expected(false));
    let open_secs: f64 =
        parts.iter().filter(|part| part.open).map(|part| part.to.since(part.from).secs()).sum();
    if open_secs == 0.0 {
        all.lost += shut;
    }
    for part in parts {
        if !part.open {
            all.pieces.push(part.at_rate(0.0));
        } else if kept > 0.0 {
            let factor = 1.0 + shifted * shut / kept;
            all.pieces.extend(part.demand.iter().map(|piece| RatePiece {
                from_per_sec: piece.from_per_sec * factor,
                to_per_sec: piece.to_per_sec * factor,
                ..*piece
            }));
        } else {
            all.pieces.push(part.at_rate(shifted * shut / open_secs));
        }
    }
}

/// The days of the calendar, as far as they lie within the scenario; all of it is one where there is no calendar.
fn days(calendar: &Calendar) -> Vec<(Moment, Moment)> {
    let end = Moment::ZERO + calendar.length;
    let mut days = Vec::new();
    let mut from = Moment::ZERO;
    for day in 1.. {
        let midnight = calendar.seconds(Time::midnight(), day);
        let to = midnight.map_or(end, |secs| (Moment::ZERO + Span::from_secs(secs)).min(end));
        if from < to {
            days.push((from, to));
        }
        if to == end {
            break;
        }
        from = to;
    }
    days
}

/// The parts of [`from`, `to`), in order, with the demand in each.
fn parts(pieces: &[RatePiece], open: &[Opening], from: Moment, to: Moment) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut add = |from: Moment, to: Moment, open: bool| {
        if from < to {
            parts.push(Part { from, to, open, demand: within(pieces, from, to) });
        }
    };
    let mut at = from;
    let first = open.partition_point(|opening| opening.to <= from);
    for opening in open[first..].iter().take_while(|opening| opening.from < to) {
        let (opens, closes) = (opening.from.max(from), opening.to.min(to));
        add(at, opens, false);
        add(opens, closes, true);
        at = closes;
    }
    add(at, to, false);
    parts
}

/// What lies of the pieces in [`from`, `to`).
fn within(pieces: &[RatePiece], from: Moment, to: Moment) -> Vec<RatePiece> {
    let first = pieces.partition_point(|piece| piece.to <= from);
    let inside = pieces[first..].iter().take_while(|piece| piece.from < to);
    inside.map(|piece| clipped(piece, from.max(piece.from), to.min(piece.to))).collect()
}

fn clipped(piece: &RatePiece, from: Moment, to: Moment) -> RatePiece {
    let whole = piece.to.since(piece.from).secs();
    let rate = |at: Moment| {
        let part = at.since(piece.from).secs() / whole;
        piece.from_per_sec + part * (piece.to_per_sec - piece.from_per_sec)
    };
    RatePiece { from, to, from_per_sec: rate(from), to_per_sec: rate(to) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::plan::ArrivalPlan;
    use crate::scenario::resolve::calendar;

    fn hour(hour: f64) -> Moment {
        Moment::ZERO + Span::from_secs(hour * 3_600.0)
    }

    fn piece(from: f64, to: f64, from_per_hour: f64, to_per_hour: f64) -> RatePiece {
        let (from_per_sec, to_per_sec) = (from_per_hour / 3_600.0, to_per_hour / 3_600.0);
        RatePiece { from: hour(from), to: hour(to), from_per_sec, to_per_sec }
    }

    fn opening(from: f64, to: f64) -> Opening {
        Opening { from: hour(from), to: hour(to) }
    }

    /// From a midnight on, for so many hours.
    fn concentrated(
        pieces: Vec<RatePiece>,
        open: &[Opening],
        shifted: f64,
        hours: f64,
    ) -> (ArrivalPlan, f64) {
        let start = calendar::start("2026-11-28 00:00 UTC").ok();
        let calendar = Calendar { start, length: hour(hours).since(Moment::ZERO) };
        let Concentrated { pieces, lost } = concentrate(pieces, open, shifted, &calendar);
        assert_eq!((pieces[0].from, pieces[pieces.len() - 1].to), (Moment::ZERO, hour(hours)));
        assert!(pieces.windows(2).all(|pair| pair[0].to == pair[1].from), "no gaps: {pieces:?}");
        (ArrivalPlan { pieces, ..ArrivalPlan::default() }, lost)
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9 * b.abs().max(1.0)
    }

    #[test]
    fn a_day_keeps_its_visits_and_has_them_while_it_is_open() {
        let open = [opening(18.0, 20.0), opening(42.0, 44.0)];
        let (plan, lost) = concentrated(vec![piece(0.0, 48.0, 6.0, 6.0)], &open, 1.0, 48.0);
        assert!(near(plan.expected(hour(18.0), hour(20.0)), 144.0), "{plan:?}");
        assert!(near(plan.expected(hour(42.0), hour(44.0)), 144.0), "{plan:?}");
        assert!(near(plan.expected(hour(0.0), hour(48.0)), 288.0) && lost == 0.0);
        let (plan, _) = concentrated(vec![piece(0.0, 48.0, 6.0, 6.0)], &open, 0.5, 48.0);
        assert!(near(plan.expected(hour(18.0), hour(20.0)), 12.0 + 66.0), "{plan:?}");
    }

    #[test]
    fn what_shifts_goes_where_most_come_anyway() {
        // Rising from 0 to 24 an hour; open in its second hour and its last two.
        let open = [opening(1.0, 2.0), opening(22.0, 26.0)];
        let (plan, _) = concentrated(vec![piece(0.0, 24.0, 0.0, 24.0)], &open, 1.0, 24.0);
        let (early, late) = (plan.expected(hour(1.0), hour(2.0)), plan.expected(hour(22.0), hour(24.0)));
        assert!(near(early + late, 288.0) && near(early / late, 1.5 / 46.0), "{early} {late}");
        let within: Vec<_> = plan.pieces.iter().filter(|piece| piece.from == hour(22.0)).collect();
        assert!(near(within[0].from_per_sec / within[0].to_per_sec, 22.0 / 24.0), "still rising");
    }

    #[test]
    fn a_day_that_never_opens_loses_its_visits_and_one_without_demand_then_spreads_them() {
        // Demand in the morning only; closed on the second day.
        let mornings =
            vec![piece(0.0, 12.0, 2.0, 2.0), piece(12.0, 24.0, 0.0, 0.0), piece(24.0, 36.0, 2.0, 2.0)];
        let (plan, lost) = concentrated(mornings, &[opening(18.0, 20.0)], 1.0, 48.0);
        assert!(near(plan.expected(hour(18.0), hour(19.0)), 12.0), "{plan:?}");
        assert!(near(plan.expected(hour(0.0), hour(48.0)), 24.0) && near(lost, 24.0), "{lost}");
    }
}
