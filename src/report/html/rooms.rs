//! The sections of rooms and portals: how full they are, how long guests wait for company, and what care costs.

use std::fmt::Write as _;

use super::chart::{Figure, Frame, Plot, Series, svg};
use super::scale::Axis;
use super::{cards, escape, prose, tables, timeline, times};
use crate::metrics::tally::{Levels, VenueTally};
use crate::report::outline::{About, Part};
use crate::report::{Report, number};
use times::Named;

const SIZE: (f64, f64) = (480.0, 270.0);
const FRAME: Frame = Frame { left: 58.0, top: 30.0, width: 404.0, height: 206.0 };
/// Levels with a bar of their own at the most.
const BARS: usize = 40;

/// One section for each, and where there are several one for all of them.
pub(super) fn rooms(report: &Report) -> String {
    let outline = report.outline();
    let mut out = String::new();
    for part in outline.iter().filter(|part| part.about == About::Rooms) {
        let _ = write!(out, "<section id=rooms>{}", head(part));
        blocks(part, &mut out);
    }
    let of_rooms = outline.iter().filter(|part| part.about == About::Room);
    for ((number, venue), part) in report.venues().zip(of_rooms) {
        let _ = write!(out, "<section id=\"room-{number}\">{}", head(part));
        out.push_str(&cards::room(report, venue));
        out.push_str("<div class=charts>");
        if let Some(tally) = report.totals.venues.get(number) {
            out.push_str(&occupancy(&tally.occupancy));
            out.push_str(&times::company(tally));
            out.push_str(&timeline::of_venue(report, number));
            out.push_str(&care(tally));
        }
        out.push_str("</div>");
        blocks(part, &mut out);
    }
    out
}

fn head(part: &Part) -> String {
    format!("<h2>{}</h2><p class=lead>{}</p>\n", escape(&part.title), prose(&part.note))
}

fn blocks(part: &Part, out: &mut String) {
    out.push_str("<div class=tables>");
    part.blocks.iter().for_each(|block| out.push_str(&tables::block(block)));
    out.push_str("</div></section>\n");
}

/// The share of the time open by the number of guests present.
fn occupancy(levels: &Levels) -> String {
    let (total, Some(max)) = (levels.total(), levels.max()) else { return String::new() };
    if total == 0 {
        return String::new();
    }
    let width = (max as usize + 1).div_ceil(BARS);
    let share = |nanos: &[u128]| nanos.iter().sum::<u128>() as f64 / total as f64;
    let bars: Vec<f64> = levels.nanos()[..=max as usize].chunks(width).map(share).collect();
    let most = bars.iter().copied().fold(0.0, f64::max);
    let mut plot = Plot::new(FRAME, level_axis(max, width), Axis::shares(most, 4));
    for (i, share) in bars.iter().enumerate() {
        let (from, to) = (i * width, (i + 1) * width);
        let x = (from as f64, to as f64);
        // That nobody is there, or somebody alone, is what a desert is.
        let series = if to <= 2 { Series::Second } else { Series::First };
        plot.bar(x, (0.0, *share), series);
        let guests = if width == 1 { from.to_string() } else { format!("{from} to {}", to - 1) };
        plot.hit(x, &format!("{guests} present: {} of the time", number::share(*share)));
    }
    let note =
        "Share of the time open by the number of guests in a room. Nobody, or one alone, is no company.";
    let key = [(Series::Second, "no company"), (Series::First, "company")];
    let title = "Guests at once";
    let figure = Figure { title, key: &key[usize::from(width > 2)..], note, class: "" };
    figure.around(&svg(SIZE, "", title, note, &plot.draw(true)))
}

/// Whole numbers, each below the middle of its bar.
fn level_axis(max: u32, width: usize) -> Axis {
    let to = (max as usize + 1).next_multiple_of(width);
    let mut axis = Axis::numbers(to as f64, 8);
    axis.scale = super::scale::Scale::Linear { from: 0.0, to: to as f64 };
    axis.ticks.retain(|(value, _)| *value < to as f64 && value.fract() == 0.0);
    let middle = if width == 1 { 0.5 } else { 0.0 };
    axis.ticks.iter_mut().for_each(|(value, _)| *value += middle);
    axis
}

/// How long answers, reviews and the sight of harm took, where there were any.
fn care(tally: &VenueTally<crate::metrics::histogram::Distribution>) -> String {
    let there = |named: &Named| named.times.count > 0;
    let talk: Vec<Named> = [
        Named { name: "to an answer", times: &tally.time_to_reply },
        Named { name: "of a visit", times: &tally.visit_time },
    ]
    .into_iter()
    .filter(there)
    .collect();
    let review = if tally.hold_time.count > 0 {
        Named { name: "held for review", times: &tally.hold_time }
    } else {
        Named { name: "public until review", times: &tally.review_time }
    };
    let harm: Vec<Named> = [review, Named { name: "harm in sight", times: &tally.exposure_time }]
        .into_iter()
        .filter(there)
        .collect();
    let mut out = String::new();
    if tally.time_to_reply.count > 0 {
        out.push_str(&times::percentiles("Answers and visits by percentile", &talk, false));
    }
    if !harm.is_empty() {
        out.push_str(&times::percentiles("Reviews and harm by percentile", &harm, false));
    }
    out
}
