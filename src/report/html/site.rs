//! The section of the site: its time line, its pages by percentile, and the table of them.

use super::times::Named;
use super::{Part, Report, prose, tables, timeline, times};
use crate::metrics::histogram::Distribution;
use crate::report::xml::escape;

/// The section, where there is such a part.
pub(super) fn site(report: &Report, part: &Part) -> String {
    let mut out =
        format!("<section id=site><h2>{}</h2><p class=lead>{}</p>", escape(&part.title), prose(&part.note));
    out.push_str("<div class=charts>");
    out.push_str(&timeline::of_site(report));
    out.push_str(&percentiles(report));
    out.push_str("</div><div class=tables>");
    part.blocks.iter().for_each(|block| out.push_str(&tables::block(block)));
    out.push_str("</div></section>\n");
    out
}

/// All pages together, and the slowest of them.
fn percentiles(report: &Report) -> String {
    let Some(traffic) = &report.totals.traffic else { return String::new() };
    let all = traffic.site.iter().fold(Distribution::default(), |sum, page| sum.merged(&page.times));
    let names = report.record.header.setting.pages();
    let pages = names.iter().zip(&traffic.site);
    let slow = |times: &Distribution| times.quantile_secs(0.95).unwrap_or(0.0);
    let slowest = pages.max_by(|a, b| slow(&a.1.times).total_cmp(&slow(&b.1.times)));
    let mut series = vec![Named { name: "all pages", times: &all }];
    if let Some((name, page)) = slowest.filter(|_| names.len() > 1) {
        series.push(Named { name, times: &page.times });
    }
    times::percentiles("Pages by percentile: all, and the slowest by p95", &series, true)
}
