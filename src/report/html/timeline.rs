//! What happened when: at a desk arrivals, queue, busy agents and open chats, in a room visits and guests, one above the
//! other over the same time; and of a run what the generator did.

use super::chart::{Figure, Frame, Plot, Series, svg};
use super::scale::Axis;
use crate::base::time::NANOS;
use crate::metrics::timeline::{Interval, SiteInterval, Timeline};
use crate::record::Header;
use crate::record::setting::DeskSetting;
use crate::report::clock::{clock, instant, start};
use crate::report::{GeneratorInterval, Report, number};

/// Columns at the most.
const COLUMNS: usize = 150;
/// Room for the labels left of, and above, every panel.
const LEFT: f64 = 58.0;
const ABOVE: f64 = 30.0;

/// One column of the timeline, with what came to pass in it.
struct Column<T> {
    from: f64,
    to: f64,
    sum: T,
}

/// What one panel shows.
struct Panel<T> {
    title: String,
    series: Series,
    /// The value in a column.
    of: fn(&T, f64) -> f64,
    /// What there is at the most, where that is known.
    limit: Option<f64>,
}

impl<T> Panel<T> {
    fn new(title: &str, series: Series, limit: Option<f64>, of: fn(&T, f64) -> f64) -> Self {
        Self { title: title.to_owned(), series, of, limit }
    }
}

/// The timeline of a desk; empty where nothing happened.
pub(super) fn timeline(report: &Report, number: usize, desk: &DeskSetting) -> String {
    let agents = f64::from(desk.agents());
    let slots = f64::from(desk.slots());
    let panel = Panel::<Interval>::new;
    let mut panels = vec![
        panel("arrivals a minute", Series::First, None, |i, secs| i.arrivals as f64 / secs * 60.0),
        panel("in the queue", Series::Second, None, |i, secs| mean(i.queue_nanos, secs)),
        panel("busy agents", Series::First, Some(agents), |i, secs| mean(i.busy_nanos, secs)),
    ];
    if !desk.phone {
        panels.push(panel("open chats", Series::First, Some(slots), |i, secs| mean(i.open_nanos, secs)));
    }
    drawn(
        report,
        columns(report, |timeline| timeline.desks().nth(number)),
        panels,
        " Dashed: as many as there are.",
    )
}

/// The timeline of a room or a portal; empty where nothing happened.
pub(super) fn of_venue(report: &Report, number: usize) -> String {
    let panel = |title, series, of| Panel::<Interval>::new(title, series, None, of);
    let panels = vec![
        panel("visits an hour", Series::First, |i, secs| i.arrivals as f64 / secs * 3_600.0),
        panel("guests", Series::First, |i, secs| mean(i.queue_nanos + i.open_nanos, secs)),
        panel("guests who have not met anybody yet", Series::Second, |i, secs| mean(i.queue_nanos, secs)),
    ];
    drawn(report, columns(report, |timeline| timeline.venues().nth(number)), panels, "")
}

/// The timeline of the generator and of what was delivered; empty where nothing happened.
pub(super) fn of_generator(report: &Report) -> String {
    let panel = |title, series, of| Panel::<GeneratorInterval>::new(title, series, None, of);
    let mut panels = vec![
        panel("messages delivered a second of the scenario", Series::First, |i, secs| {
            i.traffic.delivered as f64 / secs
        }),
        panel("greatest lag, ms", Series::Second, |i, _| i.traffic.lag_max_nanos as f64 / 1e6),
    ];
    let timeline = report.record.body.timeline.clone().at_most(COLUMNS);
    let intervals = report.generator_intervals(&timeline);
    if intervals.iter().any(|interval| interval.machine.memory_max_kib > 0) {
        panels.extend([
            panel("processor, %", Series::First, |i, _| i.machine.cpu_share().unwrap_or(0.0) * 100.0),
            panel("resident memory, MB", Series::First, |i, _| {
                i.machine.memory_max_kib as f64 * 1_024.0 / 1e6
            }),
        ]);
    }
    panels.extend(of_target(&intervals));
    drawn(report, in_columns(&timeline, &intervals), panels, "")
}

/// The timeline of the site's pages; empty where nobody asked for any.
pub(super) fn of_site(report: &Report) -> String {
    let timeline = report.record.body.timeline.clone().at_most(COLUMNS);
    let panel = |title, series, of| Panel::<SiteInterval>::new(title, series, None, of);
    let panels = vec![
        panel("requests a second of the scenario", Series::First, |i, secs| i.requests as f64 / secs),
        panel("errors a second of the scenario", Series::Second, |i, secs| i.errors as f64 / secs),
        panel("mean time to a page, ms", Series::First, |i, _| i.mean_secs().unwrap_or(0.0) * 1e3),
        panel("greatest time to a page, ms", Series::Second, |i, _| i.took_max_nanos as f64 / 1e6),
    ];
    drawn(report, in_columns(&timeline, timeline.site()), panels, "")
}

/// What the target told, if it did.
fn of_target(intervals: &[GeneratorInterval]) -> Vec<Panel<GeneratorInterval>> {
    let panel = |title, series, of| Panel::<GeneratorInterval>::new(title, series, None, of);
    let told = |is_told: fn(&GeneratorInterval) -> bool| intervals.iter().any(is_told);
    let mut panels = Vec::new();
    if told(|i| i.target.cpu().is_some()) {
        let of = |i: &GeneratorInterval, _| i.target.cpu().unwrap_or(0.0) * 100.0;
        panels.push(panel("the target's processor, % of one", Series::Second, of));
    }
    if told(|i| i.target.memory_max_kib > 0) {
        let of = |i: &GeneratorInterval, _| i.target.memory_max_kib as f64 * 1_024.0 / 1e6;
        panels.push(panel("the target's resident memory, MB", Series::Second, of));
    }
    if told(|i| i.target.queue().is_some()) {
        panels.push(panel("the target's queue", Series::Second, |i, _| i.target.queue().unwrap_or(0.0)));
    }
    panels
}

/// The panels one above the other, for wide and for narrow screens; empty where nothing happened.
fn drawn<T>(report: &Report, columns: Vec<Column<T>>, panels: Vec<Panel<T>>, key: &str) -> String {
    if columns.is_empty() {
        return String::new();
    }
    let replications = report.replications();
    let drawn = Drawn { report, columns, panels, replications };
    let average = match replications {
        1 => String::new(),
        many => format!(" Everything is averaged over {many} replications."),
    };
    let note = format!("{}{key}{average}", shaded(&report.record.header));
    let pictures =
        [drawn.picture(1040.0, 78.0, 10, "wide", &note), drawn.picture(480.0, 92.0, 4, "narrow", &note)];
    Figure { title: "Time line", key: &[], note: &note, class: "full" }.around(&pictures.concat())
}

fn mean(nanos: u128, secs: f64) -> f64 {
    nanos as f64 / NANOS as f64 / secs
}

/// What the bands are, by the same clock as the axis.
fn shaded(header: &Header) -> String {
    let (setting, start) = (&header.setting, start(header));
    let length = setting.length_nanos / NANOS;
    let time = |nanos: u64| instant(nanos / NANOS, start.as_ref(), length);
    let after = format!("what came after {}, when nobody new arrives", time(setting.length_nanos));
    let shaded = match setting.warm_up_nanos {
        0 => format!("{after}; it does not count"),
        warm_up => format!("the warm-up, until {}, and {after}; neither counts", time(warm_up)),
    };
    format!("Shaded: {shaded}.")
}

fn columns(report: &Report, of: impl Fn(&Timeline) -> Option<&[Interval]>) -> Vec<Column<Interval>> {
    let timeline = report.record.body.timeline.clone().at_most(COLUMNS);
    in_columns(&timeline, of(&timeline).unwrap_or_default())
}

fn in_columns<T: Copy>(timeline: &Timeline, intervals: &[T]) -> Vec<Column<T>> {
    let width = timeline.width_secs() as f64;
    let column =
        |(i, sum): (usize, &T)| Column { from: i as f64 * width, to: (i + 1) as f64 * width, sum: *sum };
    intervals.iter().enumerate().map(column).collect()
}

struct Drawn<'a, T> {
    report: &'a Report<'a>,
    columns: Vec<Column<T>>,
    panels: Vec<Panel<T>>,
    replications: usize,
}

impl<T> Drawn<'_, T> {
    fn value(&self, panel: &Panel<T>, column: &Column<T>) -> f64 {
        (panel.of)(&column.sum, column.to - column.from) / self.replications as f64
    }

    fn picture(&self, width: f64, height: f64, ticks: usize, class: &str, note: &str) -> String {
        let header = &self.report.record.header;
        let start = start(header);
        let end = self.columns.last().map_or(1.0, |column| column.to);
        let mut drawing = String::new();
        for (i, panel) in self.panels.iter().enumerate() {
            let top = ABOVE + i as f64 * (height + ABOVE);
            let frame = Frame { left: LEFT, top, width: width - LEFT - 8.0, height };
            let highest = self.columns.iter().map(|column| self.value(panel, column)).fold(0.0, f64::max);
            let y = Axis::numbers(highest.max(panel.limit.unwrap_or(1.0)).max(1.0), 3);
            let mut plot = Plot::new(frame, Axis::calendar(end, start.as_ref(), ticks), y);
            plot.band(0.0, header.setting.warm_up_nanos as f64 / NANOS as f64);
            plot.band(header.setting.length_nanos as f64 / NANOS as f64, end);
            let steps: Vec<(f64, f64)> = self
                .columns
                .iter()
                .flat_map(|column| {
                    let value = self.value(panel, column);
                    [(column.from, value), (column.to, value)]
                })
                .collect();
            plot.area(&steps, panel.series);
            plot.line(&steps, panel.series, false);
            if let Some(limit) = panel.limit {
                plot.level(limit);
            }
            // Nothing is pointed at on a narrow screen.
            for column in self.columns.iter().filter(|_| class == "wide") {
                let at = clock(column.from as u64, start.as_ref(), 1);
                plot.hit(
                    (column.from, column.to),
                    &format!("{at}: {}", number::number(self.value(panel, column))),
                );
            }
            let title = format!("<text class=label x={LEFT} y={:.1}>{}</text>", top - 8.0, panel.title);
            drawing.push_str(&title);
            drawing.push_str(&plot.draw(i + 1 == self.panels.len()));
        }
        let total = self.panels.len() as f64 * (height + ABOVE) + 28.0;
        svg((width, total), class, "Time line", note, &drawing)
    }
}
