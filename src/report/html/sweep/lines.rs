//! One key: the value of a figure along it, with the band of its 95 % intervals, and a dashed line where the scenario as it
//! stands is.

use crate::base::figures::Unit;
use crate::report::number;
use crate::report::sweep::{heading, labels, shown, value};
use crate::study::sweep::{Cell, Sweep};

use super::super::chart::{self, Frame, Plot, Series, svg};
use super::super::scale::{Axis, Scale};
use super::told;

const SIZE: (f64, f64) = (560.0, 290.0);
const FRAME: Frame = Frame { left: 64.0, top: 34.0, width: 484.0, height: 210.0 };
/// Labels below at the most.
const TICKS: usize = 9;

/// The chart of a figure.
pub(super) fn line(sweep: &Sweep, figure: usize) -> String {
    let [axis] = sweep.grid.axes() else { return String::new() };
    let labels = labels(sweep);
    let numbers = axis.numbers();
    let at = |number: usize| numbers.as_ref().map_or(number as f64, |numbers| numbers[number]);
    let done: Vec<(usize, &Cell)> = sweep.cells.iter().filter_map(|cell| Some((cell.cell?, cell))).collect();
    let points: Vec<(f64, f64)> = done
        .iter()
        .filter_map(|(number, cell)| Some((at(*number), value(Some(cell), figure)?.figure.value?)))
        .collect();
    let band: Vec<(f64, f64, f64)> = done
        .iter()
        .filter_map(|(number, cell)| {
            let figure = value(Some(cell), figure)?.figure;
            Some((at(*number), figure.low?, figure.high?))
        })
        .collect();
    let base = sweep.base().and_then(|base| value(Some(base), figure));
    let level = base.and_then(|value| value.figure.value);
    let ends = points.iter().map(|point| point.1).chain(band.iter().flat_map(|at| [at.1, at.2])).chain(level);
    let (least, most) =
        ends.fold((0.0, 0.0), |(least, most), value| (f64::min(least, value), f64::max(most, value)));

    let last = axis.values.len() - 1;
    let (first, last) = (at(0), at(last));
    // A margin, so that the outermost points do not lie on the frame.
    let margin = if last > first { (last - first) * 0.03 } else { 0.5 };
    let scale = Scale::Linear { from: first - margin, to: last + margin };
    let every = axis.values.len().div_ceil(TICKS);
    let ticks =
        (0..axis.values.len()).step_by(every).map(|number| (at(number), number::plain(&axis.values[number])));
    let mut plot = Plot::new(
        FRAME,
        Axis { scale, ticks: ticks.collect() },
        values(least, most, sweep.chosen[figure].unit),
    );
    plot.between(&band, Series::First);
    plot.line(&points, Series::First, false);
    plot.dots(&points, Series::First);
    if let Some(level) = level {
        plot.level(level);
    }
    for (number, cell) in done {
        let half = (last - first).max(1.0) / axis.values.len() as f64 / 2.0;
        plot.hit(
            (at(number) - half, at(number) + half),
            &told(&number::plain(&axis.values[number]), cell, figure),
        );
    }
    let chosen = &sweep.chosen[figure];
    let note = format!(
        "{}. By {}, with 95 % intervals; dashed: the scenario as it stands, {}.",
        chosen.definition,
        labels[0],
        shown(base)
    );
    let picture = svg(SIZE, "", &chosen.name, &note, &plot.draw(true));
    chart::Figure { title: &heading(sweep, figure), key: &[], note: &note, class: "" }.around(&picture)
}

/// The axis of the values: from 0, or below where they are.
fn values(least: f64, most: f64, unit: Unit) -> Axis {
    match unit {
        Unit::Share => Axis::shares(most.max(0.01), 4),
        Unit::Seconds => Axis::times(most.max(0.001), 4),
        _ => Axis::spanning(least, most, 4, |value| number::value(Some(value), unit)),
    }
}
