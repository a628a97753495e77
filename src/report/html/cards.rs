//! The few figures that say how a desk fared, large, each with its interval and the spread of days.

use std::fmt::Write as _;

use crate::record::figures::Figure;
use crate::record::setting::{DeskSetting, VenueSetting};
use crate::report::outline::served;
use crate::report::{Report, number};

use super::prose;
use super::tables::days;

/// The cards of a desk.
pub(super) fn cards(report: &Report, desk: &DeskSetting) -> String {
    let within = number::bound(desk.within_nanos as f64 / 1e9);
    let level = format!("{} within {within}", capitalised(served(desk).0));
    let (calls, visits) = if report.is_replicated() {
        ("Calls a replication", "Visits a replication")
    } else {
        ("Calls", "Visits")
    };
    let attended =
        report.figure(&format!("{}.agents.attention.share", desk.name)).is_some_and(|share| share.n > 0);
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
            if attended {
                ("First response, p95", "first_response.p95")
            } else {
                ("In queue, p95", "queue_time.p95")
            },
            (&level, "service_level.offered.share"),
            ("Escalated", "escalated.share"),
            if attended {
                ("Agents reading and composing", "agents.attention.share")
            } else {
                ("Agents engaged", "agents.engaged.share")
            },
            ("Chats held at once", "agents.concurrency.mean"),
        ]
    };
    let of = |name: &str| report.figure(&format!("{}.{name}", desk.name));
    list(report, wanted.iter().filter_map(|(label, name)| Some((*label, of(name)?))))
}

/// The cards of a room or a portal.
pub(super) fn room(report: &Report, venue: &VenueSetting) -> String {
    let visits = if report.is_replicated() { "Visits a replication" } else { "Visits" };
    let mut wanted = vec![
        (visits, "visits"),
        ("Never met anybody", "never_met.share"),
        ("Left frustrated", "frustrated.share"),
        ("Empty, of the time open", "empty.share"),
        ("Guests at once, mean", "present.mean"),
    ];
    let observed = |what: &str| report.figure(&format!("{}.{what}", venue.prefix())).is_some_and(|f| f.n > 0);
    if venue.portal {
        wanted.push(("Rooms alive", "alive.share"));
    }
    if observed("answered.share") {
        wanted.push(("Questions answered", "answered.share"));
    }
    if observed("harmful_seen_per_visit") {
        wanted.push(("Harm read a visit", "harmful_seen_per_visit"));
    }
    wanted.push(("Cost of a published message", "moderation.cost_per_message"));
    let of = |name: &str| report.figure(&format!("{}.{name}", venue.prefix()));
    list(report, wanted.into_iter().filter_map(|(label, name)| Some((label, of(name)?))).take(8))
}

/// The cards of the money.
pub(super) fn money(report: &Report) -> String {
    let wanted = [
        ("Cost of a contact", "cost.per_contact"),
        ("Cost of a resolved one", "cost.per_resolved"),
        ("Margin of a contact", "margin.per_contact"),
        (if report.is_replicated() { "Cost, a replication" } else { "Cost" }, "cost.total"),
    ];
    list(report, wanted.into_iter().filter_map(|(label, name)| Some((label, report.figure(name)?))))
}

fn list<'a>(report: &Report, cards: impl Iterator<Item = (&'a str, &'a Figure)>) -> String {
    let cards: String = cards.map(|(label, figure)| card(report, label, figure)).collect();
    format!("<ul class=cards>{cards}</ul>\n")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn card(report: &Report, label: &str, figure: &Figure) -> String {
    let value = report.value(figure.value, figure.unit);
    let mut out = format!("<li class=card><h4>{}</h4><p class=value>{}</p>", prose(label), prose(&value));
    if let Some(interval) = number::interval(figure.low, figure.high, figure.unit) {
        let _ = write!(out, "<p class=note>95 %: {}</p>", prose(&interval));
    }
    let days = days(figure);
    if !days.is_empty() {
        let _ = write!(out, "<p class=note>days: {}</p>", prose(&days));
    }
    out.push_str("</li>");
    out
}
