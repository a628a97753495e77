//! A run beside its twin.

use super::tables::table;
use super::times::{Named, overlaid, percentiles};
use crate::base::time::NANOS;
use crate::metrics::histogram::Distribution;
use crate::record::Comparison;
use crate::report::Report;
use crate::report::number::{self, NONE};
use crate::report::twin::Agreement;
use crate::report::xml::escape;

/// The section; empty without a twin.
pub(super) fn twin(report: &Report) -> String {
    let Some(twin) = &report.record.twin else { return String::new() };
    let mut out = String::from(
        "<section id=twin><h2>The twin</h2><p class=lead>The very same people in virtual time: same arrivals, \
         patience and work. What differs is what the server, the network or the generator did.</p><div class=tables>",
    );
    let figures: Vec<Vec<String>> = report
        .twin_rows()
        .into_iter()
        .map(|row| {
            let difference = number::difference(row.difference(), row.unit);
            let [run, twin] = [row.run, row.twin].map(|value| number::value(value, row.unit));
            vec![row.figure, run, twin, difference]
        })
        .collect();
    out.push_str(&table("Figure by figure", &["", "run", "twin", "difference"], &figures));
    out.push_str("<div>");
    out.push_str(&agreement("Ended the same way", "visits", report.agreement()));
    let company = report.same_company();
    if !company.is_empty() {
        out.push_str(&agreement("Met the same people", "of", company));
    }
    for assumed in &twin.comparison.assumed {
        out.push_str(&format!("<p class=note>Taken for granted: {}</p>", escape(assumed)));
    }
    out.push_str("</div></div><div class=charts>");
    out.push_str(&charts(report));
    out.push_str("</div>");
    out.push_str(&differing(report, &twin.comparison));
    out.push_str("</section>\n");
    out
}

fn agreement(title: &str, of: &str, rows: Vec<Agreement>) -> String {
    let row = |row: Agreement| {
        let share = row.share().map_or(NONE.to_owned(), number::share);
        vec![row.among, share, format!("{} of {}", number::count(row.same), number::count(row.of))]
    };
    table(title, &["", "share", of], &rows.into_iter().map(row).collect::<Vec<_>>())
}

/// Some of the visits that ended differently, one by one; folded away, since each is chance until a pattern shows.
fn differing(report: &Report, comparison: &Comparison) -> String {
    if comparison.differing.is_empty() {
        return String::new();
    }
    let desks = &report.record.header.setting.desks;
    let time = |nanos: u64| number::time(nanos as f64 / NANOS as f64);
    let rows: Vec<Vec<String>> = comparison
        .differing
        .iter()
        .map(|visit| {
            let desk = desks.get(usize::from(visit.desk)).map_or(NONE.to_owned(), |desk| desk.name.clone());
            vec![
                desk,
                visit.visit.clone(),
                time(visit.start_nanos),
                visit.in_run.clone(),
                time(visit.in_run_nanos),
                visit.in_twin.clone(),
                time(visit.in_twin_nanos),
            ]
        })
        .collect();
    let columns = ["desk", "visitor", "meant to start", "in the run", "at", "in the twin", "at"];
    format!(
        "<details><summary>Who ended differently: {} of {}</summary>{}</details>",
        number::count(rows.len() as u64),
        number::count(comparison.paired.saturating_sub(comparison.same_ending)),
        table("Ended differently (scenario time)", &columns, &rows)
    )
}

/// The waits at the first desk, run over twin.
fn charts(report: &Report) -> String {
    let Some(twin) = &report.twin_totals else { return String::new() };
    let (Some(run), Some(twin)) = (report.totals.desks.first(), twin.desks.first()) else {
        return String::new();
    };
    let (run, twin): (Distribution, Distribution) = (run.visits().queue_time(), twin.visits().queue_time());
    let series = [Named { name: "run", times: &run }, Named { name: "twin", times: &twin }];
    [
        overlaid("Time in queue, run and twin", series),
        percentiles("Time in queue by percentile", &series, false),
    ]
    .concat()
}
