//! The sections of rooms and portals: how full they are, how long guests wait for company, and what care costs.

use std::fmt::Write as _;

use super::chart::{Figure, Frame, Plot, Series, svg};
use super::scale::{Axis, Scale};
use super::{cards, escape, prose, tables, timeline, times};
use crate::metrics::histogram::Distribution;
use crate::metrics::tally::{Levels, VenueTally};
use crate::report::bins::{LevelBin, levels};
use crate::report::outline::{About, Part};
use crate::report::{Report, number};
use times::Named;

const SIZE: (f64, f64) = (480.0, 270.0);
const FRAME: Frame = Frame { left: 58.0, top: 30.0, width: 404.0, height: 206.0 };
/// Bars at the most, and labels below them.
const BARS: usize = 30;
const LABELS: usize = 10;

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
fn occupancy(time: &Levels) -> String {
    let bins = levels(time, BARS);
    let most = bins.iter().map(|bin| bin.share).fold(0.0, f64::max);
    if most == 0.0 {
        return String::new();
    }
    let mut plot = Plot::new(FRAME, level_axis(&bins), Axis::shares(most, 4));
    for (i, bin) in bins.iter().enumerate() {
        let x = (i as f64, i as f64 + 1.0);
        // That nobody is there, or somebody alone, is what a desert is.
        let series = if bin.from < 2 { Series::Second } else { Series::First };
        plot.bar(x, (0.0, bin.share), series);
        plot.hit(x, &format!("{} present: {} of the time", bin.name(), number::share(bin.share)));
    }
    let note =
        "Share of the time open by the number of guests in a room. Nobody, or one alone, is no company.";
    let key = [(Series::Second, "no company"), (Series::First, "company")];
    let title = "Guests at once";
    let figure = Figure { title, key: &key, note, class: "" };
    figure.around(&svg(SIZE, "", title, note, &plot.draw(true)))
}

/// Below the middle of some of the bars, the number at which they begin.
fn level_axis(bins: &[LevelBin]) -> Axis {
    let every = bins.len().div_ceil(LABELS);
    let label = |(i, bin): (usize, &LevelBin)| {
        let more = if bin.to.is_none() { " +" } else { "" };
        (i as f64 + 0.5, format!("{}{more}", bin.from))
    };
    let last = bins.len() - 1;
    // The last bin, which has no end, says so; what would touch that goes.
    let shown = |i: usize| {
        let rest = bins[last].to.is_none();
        (i.is_multiple_of(every) && (!rest || i + every <= last)) || (rest && i == last)
    };
    let ticks = bins.iter().enumerate().filter(|(i, _)| shown(*i)).map(label).collect();
    Axis { scale: Scale::Linear { from: 0.0, to: bins.len() as f64 }, ticks }
}

/// How long answers, reviews and the sight of harm took, where there were any.
fn care(tally: &VenueTally<Distribution>) -> String {
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
