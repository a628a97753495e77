//! A sweep for tests: figures by a few lines of arithmetic, so that no change of the people or the engines changes a
//! report's snapshots.

use crate::base::figures::Unit;
use crate::gates::check::{Outcome, Part, Verdict};
use crate::record::figures::Figure;
use crate::report::sample;
use crate::study::sweep::{Axis, Cell, Chosen, Difference, Grid, Sweep, Value};

/// Of these keys and values, as typed; the second combination is the scenario as it stands.
pub(in crate::report) fn sweep(axes: &[&str]) -> Sweep {
    let grid = Grid::new(axes.iter().map(|text| Axis::parse(text).unwrap()).collect()).unwrap();
    let header = sample::simulation(20).header;
    let known = header.setting.known();
    let chosen = ["support.abandoned.share", "support.queue_time.mean"];
    let chosen: Vec<Chosen> = chosen.iter().map(|name| Chosen::of(name, &known).unwrap()).collect();
    let cells = (0..grid.cells()).map(|number| cell(&grid, number)).collect();
    let ended_unix_ms = header.epoch_unix_ms + 4_200;
    Sweep { header, ended_unix_ms, grid, chosen, cells, interrupted: false }
}

fn cell(grid: &Grid, number: usize) -> Cell {
    let places = |number: usize| grid.place(number).into_iter().sum::<usize>() as f64;
    let share = |number: usize| 0.6 / (1.0 + places(number));
    let is_base = number == 1;
    let value = |unit: Unit, scale: f64, half: f64| {
        let at = scale * share(number);
        let by = at - scale * share(1);
        let difference = Difference {
            value: by,
            low: Some(by - half / 4.0),
            high: Some(by + half / 4.0),
            pairs: 20,
            independent_half_width: Some(1.4 * half),
        };
        let (low, high) = (Some(at - half), Some(at + half));
        let figure = Figure { value: Some(at), unit, low, high, n: 4_000, days: None };
        Some(Value { figure, difference: (!is_base).then_some(difference) })
    };
    let passed = share(number) < 0.25;
    let verdict = Verdict {
        gate: "support.abandoned.share < 25%".to_owned(),
        figure: "support.abandoned.share".to_owned(),
        limit: 0.25,
        value: Some(share(number)),
        low: Some(share(number) - 0.01),
        high: Some(share(number) + 0.01),
        outcome: if passed { Outcome::Passed } else { Outcome::Failed },
        uncertain: false,
        n: 4_000,
        few: false,
        part: Part::Whole,
    };
    Cell {
        cell: Some(number),
        is_base,
        plan_hash: format!("plan-{number}"),
        values: vec![value(Unit::Share, 1.0, 0.01), value(Unit::Seconds, 100.0, 2.0)],
        verdicts: vec![verdict],
    }
}
