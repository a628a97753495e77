//! Charts of times: how long people waited, when they went unserved, how long messages took, and percentile plots.

use super::chart::{Figure, Frame, Plot, Series, svg};
use super::scale::{Axis, Scale};
use crate::metrics::histogram::Distribution;
use crate::metrics::tally::{TopicTally, VenueTally};
use crate::report::bins::{Cuts, Waited, logarithmic, waited};
use crate::report::number;

/// Every chart of this file is as large as that.
const SIZE: (f64, f64) = (480.0, 270.0);
const FRAME: Frame = Frame { left: 58.0, top: 30.0, width: 404.0, height: 206.0 };
/// Bins of a histogram of waits.
const BINS: usize = 30;
/// Bins to a power of ten, of a histogram of latencies.
const PER_DECADE: u32 = 10;
/// Room for a tick's label, of the width of the axis.
const LABEL: f64 = 0.16;
/// Points of a percentile plot.
const POINTS: usize = 140;
/// Visits in a bin whose share is drawn.
const FEWEST: u64 = 5;

/// What a histogram of waits is of, in words.
struct Words {
    title: &'static str,
    /// What the waits are measured as: `time in queue`.
    by: &'static str,
    /// Of those whose wait ended well, and of the others.
    ended: &'static str,
    broken_off: &'static str,
}

/// How long visitors were in the queue: the served and those who were not, on top of each other.
pub(super) fn waits(visits: &TopicTally<Distribution>) -> String {
    let words =
        Words { title: "Time in queue", by: "time in queue", ended: "served", broken_off: "not served" };
    histogram(&WaitBins::of(visits), &words)
}

/// How long guests waited for company: those who met somebody and those who did not.
pub(super) fn company(venue: &VenueTally<Distribution>) -> String {
    let words = Words {
        title: "Time to company",
        by: "time without company",
        ended: "met somebody",
        broken_off: "met nobody",
    };
    histogram(&WaitBins::new(&venue.time_to_company, &venue.alone_until), &words)
}

fn histogram(bins: &WaitBins, words: &Words) -> String {
    if bins.drawn().next().is_none() {
        return String::new();
    }
    let share = |count: u64| count as f64 / bins.all as f64;
    let most = bins.drawn().map(|(_, bin)| share(bin.all())).fold(0.0, f64::max);
    let mut plot = Plot::new(FRAME, time_axis(&bins.cuts), Axis::shares(most, 4));
    for (i, bin) in bins.drawn() {
        let x = stretch(&bins.cuts, i);
        plot.bar(x, (0.0, share(bin.served)), Series::First);
        plot.bar(x, (share(bin.served), share(bin.all())), Series::Second);
        let not_served = bin.not_served_share().map_or(String::new(), number::share);
        let all = number::share(share(bin.all()));
        plot.hit(x, &format!("{}: {all}, of these {} {not_served}", bins.name(i), words.broken_off));
    }
    let at_once = number::share(share(bins.bins[0].all()));
    let note = format!(
        "Share of {} by {}. Not drawn: the {at_once} who waited {}.",
        number::of(bins.all, "visit"),
        words.by,
        bins.name(0)
    );
    let key = [(Series::First, words.ended), (Series::Second, words.broken_off)];
    let figure = Figure { title: words.title, key: &key, note: &note, class: "" };
    figure.around(&svg(SIZE, "", words.title, &note, &plot.draw(true)))
}

/// Of those whose wait ended after so long, the share that no agent took.
pub(super) fn unserved(visits: &TopicTally<Distribution>) -> String {
    let bins = WaitBins::of(visits);
    if bins.drawn().all(|(_, bin)| bin.not_served == 0) {
        return String::new();
    }
    let shown = || bins.drawn().filter(|(_, bin)| bin.all() >= FEWEST);
    let most = shown().filter_map(|(_, bin)| bin.not_served_share()).fold(0.0, f64::max);
    let mut plot = Plot::new(FRAME, time_axis(&bins.cuts), Axis::shares(most, 4));
    for (i, bin) in shown() {
        let not_served = bin.not_served_share().unwrap_or(0.0);
        plot.bar(stretch(&bins.cuts, i), (0.0, not_served), Series::Second);
        let of = number::count(bin.all());
        plot.hit(
            stretch(&bins.cuts, i),
            &format!("{}: {} of {of} not served", bins.name(i), number::share(not_served)),
        );
    }
    let note = format!(
        "Of the visitors whose wait ended after so long, the share who were not served: they left, were \
         refused, took a callback or were cut off. Bins of fewer than {FEWEST} visitors are left out."
    );
    let title = "Not served, by time waited";
    let figure = Figure { title, key: &[(Series::Second, "not served")], note: &note, class: "" };
    figure.around(&svg(SIZE, "", title, &note, &plot.draw(true)))
}

/// Waits in bins.
struct WaitBins {
    cuts: Cuts,
    bins: Vec<Waited>,
    all: u64,
}

impl WaitBins {
    fn of(visits: &TopicTally<Distribution>) -> Self {
        Self::new(&visits.speed_of_answer, &visits.gave_up_after)
    }

    fn new(ended: &Distribution, broken_off: &Distribution) -> Self {
        let cuts = Cuts::of(&ended.clone().merged(broken_off), BINS);
        let bins = cuts.waits(ended, broken_off);
        let all = bins.iter().map(|bin| bin.all()).sum();
        Self { cuts, bins, all }
    }

    /// All but those who hardly waited: their bar would dwarf the others.
    fn drawn(&self) -> impl Iterator<Item = (usize, Waited)> {
        self.bins.iter().copied().enumerate().skip(1).filter(|(_, bin)| bin.all() > 0)
    }

    fn name(&self, i: usize) -> String {
        waited(self.cuts.bounds(i))
    }
}

/// How wide the last bin, which has no end, is drawn: as wide as the one before.
fn last_width(cuts: &Cuts) -> f64 {
    let (from, to) = cuts.bounds(cuts.len() - 2);
    to.map_or(1.0, |to| to - from)
}

/// Below the last bin stands that it has no end; ticks too near to that go.
fn time_axis(cuts: &Cuts) -> Axis {
    let (reach, width) = (cuts.reach(), last_width(cuts));
    let (to, rest) = (reach + width, reach + width / 2.0);
    let clear = |tick: &(f64, String)| rest - tick.0 >= LABEL * to;
    let mut ticks: Vec<(f64, String)> = Axis::times(to, 5).ticks.into_iter().filter(clear).collect();
    ticks.push((rest, format!("{} +", number::bound(reach))));
    Axis { scale: Scale::Linear { from: 0.0, to }, ticks }
}

fn stretch(cuts: &Cuts, i: usize) -> (f64, f64) {
    let (from, to) = cuts.bounds(i);
    (from, to.unwrap_or(from + last_width(cuts)))
}

/// Two distributions of waits, each as the share of its own, over each other.
pub(super) fn overlaid(title: &str, series: [Named; 2]) -> String {
    let cuts = Cuts::of(&series[0].times.clone().merged(series[1].times), BINS);
    let axis = time_axis(&cuts);
    let shares = series.map(|named| {
        let all = named.times.count.max(1) as f64;
        cuts.fill(named.times).into_iter().map(|count| count as f64 / all).collect::<Vec<f64>>()
    });
    let most = shares.iter().flat_map(|shares| &shares[1..]).copied().fold(0.0, f64::max);
    if most == 0.0 {
        return String::new();
    }
    let mut plot = Plot::new(FRAME, axis, Axis::shares(most, 4));
    let stretch = |i| stretch(&cuts, i);
    for (shares, series) in shares.iter().zip([Series::First, Series::Second]) {
        let step = |i: usize| [(stretch(i).0, shares[i]), (stretch(i).1, shares[i])];
        let outline: Vec<(f64, f64)> = (1..shares.len()).flat_map(step).collect();
        plot.area(&outline, series);
        plot.line(&outline, series, false);
    }
    for i in 1..shares[0].len() {
        let [first, second] = [&shares[0], &shares[1]].map(|shares| number::share(shares[i]));
        let [one, two] = series.map(|named| named.name);
        plot.hit(stretch(i), &format!("{}: {one} {first}, {two} {second}", waited(cuts.bounds(i))));
    }
    let [one, two] = [0, 1].map(|i| format!("{} {}", series[i].name, number::share(shares[i][0])));
    let note = format!(
        "Share of visits by time in queue. Not drawn: waited {}: {one}, {two}.",
        waited(cuts.bounds(0))
    );
    let key = [(Series::First, series[0].name), (Series::Second, series[1].name)];
    let figure = Figure { title, key: &key, note: &note, class: "" };
    figure.around(&svg(SIZE, "", title, &note, &plot.draw(true)))
}

/// Two distributions of latencies, as outlines over orders of magnitude.
pub(super) fn latencies(title: &str, first: Named, second: Named) -> String {
    let both = first.times.clone().merged(second.times);
    let bins = logarithmic(&both, PER_DECADE);
    let (Some(lowest), Some(highest)) = (bins.first(), bins.last()) else { return String::new() };
    let x = Axis::decades(lowest.0, highest.1);
    let outlines = [first, second].map(|named| {
        let all = named.times.count.max(1) as f64;
        let own = logarithmic(named.times, PER_DECADE);
        own.into_iter().map(|(from, to, count)| (from, to, count as f64 / all)).collect::<Vec<_>>()
    });
    let most = outlines.iter().flatten().map(|bin| bin.2).fold(0.0, f64::max);
    let mut plot = Plot::new(FRAME, x, Axis::shares(most, 4));
    for (outline, series) in outlines.iter().zip([Series::First, Series::Second]) {
        let mut steps: Vec<(f64, f64)> = Vec::new();
        if let Some(first) = outline.first() {
            steps.push((first.0, 0.0));
        }
        steps.extend(outline.iter().flat_map(|(from, to, share)| [(*from, *share), (*to, *share)]));
        if let Some(last) = outline.last() {
            steps.push((last.1, 0.0));
        }
        plot.area(&steps, series);
        plot.line(&steps, series, false);
    }
    for (from, to, count) in bins {
        let share = number::share(count as f64 / both.count as f64);
        plot.hit((from, to), &format!("{} to {}: {share}", number::time(from), number::time(to)));
    }
    let note = format!(
        "Share of {} by time taken; every bin is a quarter longer than the last.",
        number::count(both.count)
    );
    let key = [(Series::First, first.name), (Series::Second, second.name)];
    let figure = Figure { title, key: &key, note: &note, class: "" };
    figure.around(&svg(SIZE, "", title, &note, &plot.draw(true)))
}

/// A distribution by name.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    pub(super) times: &'a Distribution,
}

/// Value against percentile, on HdrHistogram's axis; `logarithmic`: the values too.
pub(super) fn percentiles(title: &str, series: &[Named], logarithmic: bool) -> String {
    let series: Vec<&Named> = series.iter().filter(|named| named.times.count > 1).collect();
    let Some(n) = series.iter().map(|named| named.times.count).max() else { return String::new() };
    let longest = series.iter().filter_map(|named| named.times.max_secs()).fold(0.0, f64::max);
    let shortest = series.iter().filter_map(|named| named.times.quantile_secs(0.01)).fold(f64::MAX, f64::min);
    let x = Axis::percentiles(n);
    let y = if logarithmic { Axis::decades(shortest, longest) } else { Axis::times(longest, 4) };
    let Scale::Percentile { to } = x.scale else { return String::new() };
    let mut plot = Plot::new(FRAME, x, y);
    let quantile = |i: usize| 1.0 - libm::pow(1.0 - to, i as f64 / POINTS as f64);
    for (named, colour) in series.iter().zip([Series::First, Series::Second]) {
        let n = named.times.count as f64;
        let (certain, last) = (1.0 - 10.0 / n, 1.0 - 1.0 / n);
        let point = |i: usize| Some((quantile(i), named.times.quantile_secs(quantile(i).max(1e-9))?));
        let points: Vec<(f64, f64)> = (0..=POINTS).filter_map(point).filter(|p| p.0 <= last + 1e-9).collect();
        let split = points.partition_point(|p| p.0 <= certain);
        plot.line(&points[..split], colour, false);
        plot.line(&points[split.saturating_sub(1)..], colour, true);
    }
    for i in (0..POINTS).step_by(2) {
        let q = quantile(i);
        let values: Vec<String> = series
            .iter()
            .filter_map(|named| {
                Some(format!("{} {}", named.name, number::time(named.times.quantile_secs(q.max(1e-9))?)))
            })
            .collect();
        plot.hit((q, quantile(i + 2)), &format!("{}: {}", percentile(q), values.join(", ")));
    }
    let note = "So many percent took at most so long. Dotted where fewer than ten observations lie beyond.";
    let key: Vec<(Series, &str)> = series
        .iter()
        .zip([Series::First, Series::Second])
        .map(|(named, colour)| (colour, named.name))
        .collect();
    Figure { title, key: &key, note, class: "" }.around(&svg(SIZE, "", title, note, &plot.draw(true)))
}

/// `99.5 %`, with as many digits as the nines want.
fn percentile(q: f64) -> String {
    let digits = if q < 0.9 {
        0
    } else if q < 0.99 {
        1
    } else {
        2
    };
    format!("{:.digits$} %", q * 100.0)
}
