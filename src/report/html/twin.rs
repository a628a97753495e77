//! A run beside its twin.

use super::tables::table;
use super::times::{Named, overlaid, percentiles};
use crate::metrics::histogram::Distribution;
use crate::report::Report;
use crate::report::number::{self, NONE};
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
    let agreement: Vec<Vec<String>> = report
        .agreement()
        .into_iter()
        .map(|row| {
            let share = row.share().map_or(NONE.to_owned(), number::share);
            vec![row.among, share, format!("{} of {}", number::count(row.same), number::count(row.of))]
        })
        .collect();
    out.push_str("<div>");
    out.push_str(&table("Ended the same way", &["", "share", "visits"], &agreement));
    for assumed in &twin.comparison.assumed {
        out.push_str(&format!("<p class=note>Taken for granted: {}</p>", escape(assumed)));
    }
    out.push_str("</div></div><div class=charts>");
    out.push_str(&charts(report));
    out.push_str("</div></section>\n");
    out
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
