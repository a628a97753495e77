//! Heat maps: the values of a figure over two keys. One hue, and the stronger the greater: its order survives grey, every
//! eye and both themes, and every tile says its value besides.

use std::fmt::Write as _;

use crate::gates::check::Overall;
use crate::report::number;
use crate::report::sweep::{has_gates, heading, labels, name, shown, value};
use crate::report::xml::escape;
use crate::study::sweep::{Axis, Cell, Sweep};

use super::super::chart::Figure;
use super::told;

/// How wide a map is that fills a figure of half the page; the tiles' width, within bounds, follows.
const FILLED: f64 = 496.0;
const WIDTHS: (f64, f64) = (72.0, 110.0);
const HEIGHT: f64 = 34.0;
/// Room above for the column's key and values, below for the scale.
const ABOVE: f64 = 44.0;
const BELOW: f64 = 44.0;
/// Room that a character takes at the left.
const CHARACTER: f64 = 7.8;
/// Opacity of the least and of the greatest value.
const INK: (f64, f64) = (0.04, 1.0);
/// Steps that the scale below shows.
const STEPS: usize = 9;

/// The heat maps of a figure, one for each value of the first of three keys.
pub(super) fn maps(sweep: &Sweep, figure: usize) -> String {
    let axes = sweep.grid.axes();
    let labels = labels(sweep);
    let mut pictures = String::new();
    let facets = if axes.len() > 2 { axes[0].values.len() } else { 1 };
    for facet in 0..facets {
        let map = Map { sweep, figure, labels: &labels, facet: (axes.len() > 2).then_some(facet) };
        if axes.len() > 2 {
            let heading = number::plain(&format!("{} = {}", labels[0], axes[0].values[facet]));
            let _ = write!(pictures, "<p class=facet>{}</p>", escape(&heading));
        }
        let _ = write!(pictures, "<div class=scroll tabindex=0>{}</div>", map.draw());
    }
    let columns = axes.last().map_or(0, |axis| axis.values.len());
    let least = axes.iter().zip(&labels).nth_back(1).map_or(0.0, |(rows, label)| margin(rows, label));
    let class = if least + columns as f64 * WIDTHS.0 > FILLED { "full" } else { "" };
    Figure { title: &heading(sweep, figure), key: &[], note: &note(sweep, figure), class }.around(&pictures)
}

/// What the figure is, and how the map is read.
fn note(sweep: &Sweep, figure: usize) -> String {
    let mut note = format!("{}.", sweep.chosen[figure].definition);
    match sweep.base() {
        Some(base) if base.cell.is_some() => note.push_str(" Framed: the scenario as it stands."),
        Some(base) => {
            let _ = write!(note, " The scenario as it stands: {}.", shown(value(Some(base), figure)));
        }
        None => {}
    }
    note.push_str(" =: no more than chance away from it.");
    if has_gates(sweep) {
        note.push_str(" ✗: a gate fails.");
    }
    note
}

/// One map.
struct Map<'a> {
    sweep: &'a Sweep,
    figure: usize,
    labels: &'a [String],
    facet: Option<usize>,
}

impl Map<'_> {
    fn draw(&self) -> String {
        let axes = self.sweep.grid.axes();
        let [.., rows, columns] = axes else { return String::new() };
        let [.., row_label, column_label] = self.labels else { return String::new() };
        let left = margin(rows, row_label);
        let (tall, wide) = (rows.values.len(), columns.values.len());
        let tile = ((FILLED - left) / wide as f64).clamp(WIDTHS.0, WIDTHS.1);
        let (width, height) = (left + tile * wide as f64 + 4.0, ABOVE + HEIGHT * tall as f64 + BELOW);
        let mut drawing = String::new();
        let text = |drawing: &mut String, class: &str, x: f64, y: f64, words: &str| {
            let words = escape(&short(words));
            let _ = write!(drawing, "<text class=\"{class}\" x={x:.1} y={y:.1}>{words}</text>");
        };
        text(&mut drawing, "label", left, 14.0, column_label);
        text(&mut drawing, "label end", left - 8.0, ABOVE - 10.0, row_label);
        for (column, typed) in columns.values.iter().enumerate() {
            text(&mut drawing, "quiet mid", left + tile * (column as f64 + 0.5), ABOVE - 10.0, typed);
        }
        for (row, typed) in rows.values.iter().enumerate() {
            let top = ABOVE + HEIGHT * row as f64;
            text(&mut drawing, "quiet end", left - 8.0, top + HEIGHT / 2.0 + 4.0, typed);
            for column in 0..wide {
                let place: Vec<usize> = self.facet.into_iter().chain([row, column]).collect();
                if let Some(cell) = self.sweep.at(self.sweep.grid.cell(&place)) {
                    drawing.push_str(&self.tile(cell, (left + tile * column as f64, top), tile));
                }
            }
        }
        drawing.push_str(&self.scale(left, ABOVE + HEIGHT * tall as f64 + 16.0));
        let name = escape(&self.sweep.chosen[self.figure].name);
        format!(
            "<svg class=heat width={width:.0} height={height:.0} viewBox=\"0 0 {width:.0} {height:.0}\" role=img \
             aria-label=\"{name}\"><desc>The same values are in the tables of every combination.</desc>{drawing}</svg>"
        )
    }

    fn tile(&self, cell: &Cell, (left, top): (f64, f64), wide: f64) -> String {
        let value = value(Some(cell), self.figure);
        let ink = value.and_then(|value| value.figure.value).map_or(0.0, |value| self.ink(value));
        let told = escape(&told(&name(self.sweep, self.labels, cell), cell, self.figure));
        let (width, height) = (wide - 2.0, HEIGHT - 2.0);
        let same = value.and_then(|value| value.difference).is_some_and(|d| d.low.is_some() && !d.is_clear());
        let mut out = format!(
            "<g class=tile><title>{told}</title><rect x={:.1} y={:.1} width={width:.1} height={height:.1} rx=3 \
             fill-opacity={ink:.3} />",
            left + 1.0,
            top + 1.0
        );
        if cell.is_base {
            let (x, y, width, height) = (left + 2.0, top + 2.0, width - 2.0, height - 2.0);
            let _ =
                write!(out, "<path class=stands d=\"M{x:.1} {y:.1}h{width:.1}v{height:.1}h-{width:.1}z\" />");
        }
        let (middle, base) = (left + wide / 2.0, top + HEIGHT / 2.0 + 4.0);
        let shown = escape(&shown(value));
        let _ = write!(out, "<text class=mid x={middle:.1} y={base:.1}>{shown}</text>");
        let failed = cell.overall() == Some(Overall::Failed);
        for (is, sign, x) in [(failed, "✗", left + wide - 8.0), (same, "=", left + 8.0)] {
            if is {
                let _ = write!(out, "<text class=\"sign mid\" x={x:.1} y={:.1}>{sign}</text>", top + 11.0);
            }
        }
        out.push_str("</g>");
        out
    }

    /// How strong a value is, on the scale of all maps of the figure.
    fn ink(&self, value: f64) -> f64 {
        let Some((least, most)) = self.ends() else { return 0.0 };
        let place = if most > least { (value - least) / (most - least) } else { 0.0 };
        INK.0 + (INK.1 - INK.0) * place
    }

    fn ends(&self) -> Option<(f64, f64)> {
        let cells = self.sweep.cells.iter().filter(|cell| cell.cell.is_some());
        let values = cells.filter_map(|cell| value(Some(cell), self.figure)?.figure.value);
        values.fold(None, |ends, value| {
            let (least, most) = ends.unwrap_or((value, value));
            Some((f64::min(least, value), f64::max(most, value)))
        })
    }

    /// The scale from the least to the greatest value.
    fn scale(&self, left: f64, top: f64) -> String {
        let Some((least, most)) = self.ends().filter(|(least, most)| most > least) else {
            return String::new();
        };
        let unit = self.sweep.chosen[self.figure].unit;
        let [least_says, most_says] = [least, most].map(|value| escape(&number::value(Some(value), unit)));
        let start = left + 8.0 + CHARACTER * least_says.chars().count() as f64;
        let mut out =
            format!("<text class=quiet x={left:.1} y={:.1}>{least_says}</text><g class=ramp>", top + 12.0);
        for step in 0..STEPS {
            let value = least + (most - least) * step as f64 / (STEPS - 1) as f64;
            let _ = write!(
                out,
                "<rect x={:.1} y={top:.1} width=16 height=14 fill-opacity={:.3} />",
                start + 16.0 * step as f64,
                self.ink(value)
            );
        }
        let end = start + 16.0 * STEPS as f64 + 8.0;
        let _ = write!(out, "</g><text class=quiet x={end:.1} y={:.1}>{most_says}</text>", top + 12.0);
        out
    }
}

/// Room for the row's key and values.
fn margin(rows: &Axis, label: &str) -> f64 {
    let texts = rows.values.iter().map(String::as_str).chain([label]);
    14.0 + CHARACTER * texts.map(|text| text.chars().count().min(24)).max().unwrap_or(0) as f64
}

/// As much of a label as there is room for.
fn short(text: &str) -> String {
    let text = number::plain(text);
    if text.chars().count() <= 24 { text } else { text.chars().take(23).chain(['…']).collect() }
}
