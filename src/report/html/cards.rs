//! The few figures that say how a desk fared, large, each with its interval and the spread of days.

use std::fmt::Write as _;

use crate::record::figures::Figure;
use crate::record::setting::DeskSetting;
use crate::report::xml::escape;
use crate::report::{Report, number};

use super::tables::days;

/// The cards of a desk.
pub(super) fn cards(report: &Report, desk: &DeskSetting) -> String {
    let within = number::bound(desk.within_nanos as f64 / 1e9);
    let level = format!("Served within {within}");
    let (calls, visits) = if report.is_replicated() {
        ("Calls a replication", "Visits a replication")
    } else {
        ("Calls", "Visits")
    };
    let wanted: &[(&str, &str)] = if desk.phone {
        &[
            (calls, "offered"),
            ("Hung up on hold", "abandoned.share"),
            ("On hold, mean", "queue_time.mean"),
            (&level, "service_level.offered.share"),
            ("Agents engaged", "engaged.share"),
        ]
    } else {
        &[
            (visits, "offered"),
            ("Gave up waiting", "abandoned.share"),
            ("In queue, mean", "queue_time.mean"),
            ("In queue, p95", "queue_time.p95"),
            (&level, "service_level.offered.share"),
            ("Escalated", "escalated.share"),
            ("Agents engaged", "agents.engaged.share"),
            ("Chats held at once", "agents.concurrency.mean"),
        ]
    };
    let mut out = String::from("<ul class=cards>");
    for (label, name) in wanted {
        if let Some(figure) = report.figure(&format!("{}.{name}", desk.name)) {
            out.push_str(&card(label, figure));
        }
    }
    out.push_str("</ul>\n");
    out
}

fn card(label: &str, figure: &Figure) -> String {
    let value = number::value(figure.value, figure.unit);
    let mut out = format!("<li class=card><h4>{}</h4><p class=value>{}</p>", escape(label), escape(&value));
    if let Some(interval) = number::interval(figure.low, figure.high, figure.unit) {
        let _ = write!(out, "<p class=note>95 %: {}</p>", escape(&interval));
    }
    let days = days(figure);
    if !days.is_empty() {
        let _ = write!(out, "<p class=note>days: {}</p>", escape(&days));
    }
    out.push_str("</li>");
    out
}
