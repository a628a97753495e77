//! The share of visits that meet somebody, along something that is laid out by its logarithm: dots with their 95 % intervals, the
//! formula's line where there is one, and marks where today is and where what is wanted is reached.

use crate::report::number;
use crate::report::plan::asked;
use crate::report::plan::outline::hourly;
use crate::study::plan::{Crossing, Hours, Mass, Point};

use super::super::chart::{self, Frame, Plot, Series, svg};
use super::super::scale::{Axis, Scale};

const SIZE: (f64, f64) = (560.0, 310.0);
const FRAME: Frame = Frame { left: 56.0, top: 34.0, width: 492.0, height: 230.0 };
/// Labels below at the most.
const TICKS: usize = 8;
/// Lengths of opening hours that are labelled.
const HOUR_TICKS: [f64; 8] = [0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0];

/// By the rate of visits to one room.
pub(super) fn traffic(mass: &Mass) -> String {
    let hourly_points: Vec<Point> =
        mass.curve.iter().map(|point| Point { at: point.at * 3600.0, ..*point }).collect();
    let ticks = |from, to| Axis::round_between(from, to, TICKS, number::number);
    let Some(mut plot) = frame(&hourly_points, ticks) else { return String::new() };
    if let Ok(line) = &mass.formula {
        let line: Vec<(f64, f64)> = line.iter().map(|(at, met)| (at * 3600.0, *met)).collect();
        plot.line(&line, Series::Second, false);
    }
    simulated(&mut plot, &hourly_points, |at| format!("{} visits/h", number::number(at)));
    plot.level(mass.critical.share);
    plot.upright(mass.today_per_sec * 3600.0, "today", true);
    if let Crossing::At { value, .. } = mass.critical.simulated {
        plot.upright(value * 3600.0, "critical", false);
    }
    let note = format!(
        "Visits an hour to one room, by their logarithm, with 95 % intervals. Dashed: the {} that is wanted, and {} visits/h \
         today.",
        asked(mass.critical.share),
        hourly(mass.today_per_sec)
    );
    let title = "Meeting share by traffic";
    let key = [(Series::First, "simulated"), (Series::Second, "by formula")];
    let key = if mass.formula.is_ok() { &key[..] } else { &key[..1] };
    let picture = svg(SIZE, "", title, &note, &plot.draw(true));
    chart::Figure { title, key, note: &note, class: "" }.around(&picture)
}

/// By the hours of a day in which its visits come.
pub(super) fn hours(hours: &Hours) -> String {
    let label = |hours: f64| number::bound((hours * 60.0).round() * 60.0);
    let ticks = |from, to| {
        let within = HOUR_TICKS.into_iter().filter(|hours| (from..=to).contains(hours));
        within.map(|hours| (hours, label(hours))).collect()
    };
    let Some(mut plot) = frame(&hours.curve, ticks) else { return String::new() };
    simulated(&mut plot, &hours.curve, |at| format!("{} a day", label(at)));
    plot.level(hours.share);
    plot.upright(hours.today, "today", true);
    if let Crossing::At { value, .. } = hours.longest {
        plot.upright(value, "longest", false);
    }
    let note = format!(
        "The visits of a day, {}, all within so long, by its logarithm, with 95 % intervals. Dashed: the {} that is wanted, \
         and the opening hours today.",
        number::count(hours.visits_a_day.round() as u64),
        asked(hours.share)
    );
    let title = "Meeting share by opening hours";
    let picture = svg(SIZE, "", title, &note, &plot.draw(true));
    chart::Figure { title, key: &[(Series::First, "simulated")], note: &note, class: "" }.around(&picture)
}

/// The axes around these points.
fn frame(points: &[Point], ticks: impl Fn(f64, f64) -> Vec<(f64, String)>) -> Option<Plot> {
    let ends = points.iter().map(|point| point.at);
    let (least, most) = (ends.clone().reduce(f64::min)?, ends.reduce(f64::max)?);
    // A margin, so that the outermost points do not lie on the frame.
    let (from, to) = (least / 1.12, most * 1.12);
    let x = Axis { scale: Scale::Log { from, to }, ticks: ticks(from, to) };
    Some(Plot::new(FRAME, x, Axis::shares(1.0, 5)))
}

/// The points, with what each says when it is pointed at.
fn simulated(plot: &mut Plot, points: &[Point], name: impl Fn(f64) -> String) {
    let mut points = points.to_vec();
    points.sort_by(|a, b| a.at.total_cmp(&b.at));
    for point in &points {
        if let (Some(low), Some(high)) = (point.met.low, point.met.high) {
            plot.whisker(point.at, (low, high), Series::First);
        }
    }
    let dots: Vec<(f64, f64)> = points.iter().map(|point| (point.at, point.met.value)).collect();
    if points.iter().all(|point| point.formula.is_none()) {
        plot.line(&dots, Series::First, true);
    }
    plot.dots(&dots, Series::First);
    for (i, point) in points.iter().enumerate() {
        let between = |other: Option<&Point>| other.map_or(point.at, |other| (point.at * other.at).sqrt());
        let stretch = (between(i.checked_sub(1).and_then(|i| points.get(i))), between(points.get(i + 1)));
        let formula = point.formula.map_or(String::new(), |of| format!(", by formula {}", number::share(of)));
        plot.hit(stretch, &format!("{}: {}{formula}", name(point.at), number::share(point.met.value)));
    }
}
