//! How visits ended, as one bar of all of them: of the desk, and of each topic below it.

use std::fmt::Write as _;

use super::prose;
use crate::base::words::Ending;
use crate::record::setting::DeskSetting;
use crate::report::outline::in_words;
use crate::report::xml::escape;
use crate::report::{Report, number};

/// The length of a bar in the picture's own units.
const LENGTH: f64 = 1000.0;

/// One colour for each ending: who was served, who gave up, and the rest.
const fn class(ending: Ending) -> &'static str {
    match ending {
        Ending::Resolved => "resolved",
        Ending::Unresolved => "unresolved",
        Ending::Escalated => "escalated",
        Ending::AbandonedQueue => "queue",
        Ending::AbandonedSilent => "silent",
        Ending::AbandonedChat => "chat",
        Ending::Balked => "balked",
        Ending::Refused | Ending::Unreached | Ending::Unfinished => "other",
    }
}

/// The picture; empty of a desk that nobody came to.
pub(super) fn endings(report: &Report, desk: &DeskSetting) -> String {
    let whole = shares(report, &desk.name);
    if whole.is_empty() {
        return String::new();
    }
    let mut out =
        String::from("<figure class=\"card full\"><figcaption><h4>How visits ended</h4></figcaption>");
    let topics: Vec<&String> = desk.topics.iter().flatten().collect();
    let mut bar = |name: &str, shares: &[(Ending, f64)]| {
        let _ = write!(out, "<div class=stack><span>{}</span>{}</div>", prose(name), picture(name, shares));
    };
    bar(if topics.is_empty() { "" } else { "all" }, &whole);
    for topic in topics {
        let of_topic = shares(report, &format!("{}.topic.{topic}", desk.name));
        if !of_topic.is_empty() {
            bar(topic, &of_topic);
        }
    }
    out.push_str("<p class=key>");
    for (ending, share) in &whole {
        let (class, words) = (class(*ending), in_words(*ending));
        let _ = write!(out, "<span><i class={class}></i>{words} {}</span> ", prose(&number::share(*share)));
    }
    out.push_str("</p></figure>");
    out
}

/// The endings that anybody had, with their shares of offered.
fn shares(report: &Report, name: &str) -> Vec<(Ending, f64)> {
    let share = |ending: Ending| {
        let figure = report.figure(&format!("{name}.{}.share", ending.name()))?;
        figure.value.filter(|value| *value > 0.0).map(|value| (ending, value))
    };
    Ending::ALL.into_iter().filter_map(share).collect()
}

fn picture(name: &str, shares: &[(Ending, f64)]) -> String {
    let said: Vec<String> = shares
        .iter()
        .map(|(ending, share)| format!("{} {}", in_words(*ending), number::share(*share)))
        .collect();
    let says = escape(&number::glued(&format!("{name}: {}", said.join(", "))));
    let mut out = format!(
        "<svg viewBox=\"0 0 {LENGTH} 20\" preserveAspectRatio=none role=img aria-label=\"{says}\"><title>{says}</title>"
    );
    let mut from = 0.0;
    for (ending, share) in shares {
        let class = class(*ending);
        let width = share * LENGTH;
        let _ = write!(out, "<rect class={class} x={from:.1} y=0 width={width:.1} height=20 />");
        from += width;
    }
    out.push_str("</svg>");
    out
}
