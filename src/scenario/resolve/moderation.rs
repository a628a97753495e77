//! The messages that do harm, and what is done about them.

use super::Findings;
use super::law;
use super::section::{Field, Section};
use crate::base::dist::Law;
use crate::scenario::keys::{FLAGGED, HIDDEN_AFTER, MODERATION_MODES, REVIEWS};
use crate::scenario::node::Value;
use crate::scenario::plan::rooms::{FilterPlan, HarmPlan, ModerationMode, ModerationPlan};

/// The messages that do harm.
pub(super) fn harm(findings: &mut Findings<'_>, venue: &mut Section) -> Option<HarmPlan> {
    let mut section = findings.section(venue, "harm")?;
    let share = section.take(findings, "share").and_then(|field| findings.share(&field));
    let screen = section.take(findings, "screen").and_then(|field| findings.whole(&field));
    let reported_by = section.take(findings, "reported_by").and_then(|field| findings.share(&field));
    let after = section.take(findings, "after").and_then(|field| law::law(findings, field));
    Some(HarmPlan { share: share?, screen: screen?, reported_by: reported_by?, after: after? })
}

/// What is done about them. A word alone is the mode.
pub(super) fn moderation(findings: &mut Findings<'_>, venue: &mut Section) -> Option<ModerationPlan> {
    let field = venue.take(findings, "moderation")?.spelt_out("mode");
    let mut section = Section::open(findings, field)?;
    let mode = section.take(findings, "mode").and_then(|field| findings.word(&field))?;
    let mode = MODERATION_MODES[mode];
    let holds = section.value_of("filter").and_then(|filter| filter.get("then"))
        == Some(&Value::Scalar("hold".to_owned()));
    let staff = if mode == "none" && !holds {
        const STAFF: [&str; 3] = ["moderators", "wage", "review"];
        let hint = "remove it, or let something be reviewed: mode: before";
        section.without(findings, &STAFF, "where nothing is reviewed", hint);
        Some(Staff { moderators: 0, wage_per_sec: 0.0, review: Law::constant(0.0) })
    } else {
        staff(findings, &mut section, mode)
    };
    let mode = timing(findings, &mut section, mode);
    let filter = match section.take(findings, "filter") {
        Some(field) => filter(findings, field).map(Some),
        None => Some(None),
    };
    let Staff { moderators, wage_per_sec, review } = staff?;
    Some(ModerationPlan { mode: mode?, filter: filter?, moderators, wage_per_sec, review })
}

/// Who reviews.
struct Staff {
    moderators: u32,
    wage_per_sec: f64,
    review: Law,
}

fn staff(findings: &mut Findings<'_>, section: &mut Section, mode: &str) -> Option<Staff> {
    let moderators = match section.take(findings, "moderators") {
        Some(field) => findings.whole::<u32>(&field),
        None => Some(0),
    };
    if moderators == Some(0) {
        let expected = match mode {
            "before" => "somebody who reviews: nothing would ever be published",
            "after" => "somebody who reviews: nothing would ever be removed",
            _ => "somebody who reviews what the filter holds: it would never be published",
        };
        let hint = match mode {
            "none" => "moderators: 1, or filter: {then: block}".to_owned(),
            _ => format!("moderation: {{mode: {mode}, moderators: 1}}"),
        };
        let found = "no moderator".to_owned();
        findings.problem(section.place("moderators"), section.path(), found, expected.into(), Some(hint));
    }
    let wage_per_sec = match section.take(findings, "wage") {
        Some(field) => findings.price(&field),
        None => Some(0.0),
    };
    let review = section.take_where(findings, "review", true).and_then(|field| law::law(findings, field));
    let moderators = moderators.filter(|moderators| *moderators > 0)?;
    Some(Staff { moderators, wage_per_sec: wage_per_sec?, review: review? })
}

/// When messages are reviewed, with what only one of the modes has.
fn timing(findings: &mut Findings<'_>, section: &mut Section, mode: &str) -> Option<ModerationMode> {
    if mode != "after" {
        section.without(findings, &["reviews"], "unless messages are reviewed afterwards", "mode: after");
    }
    if mode != "none" {
        section.refuse(findings, "hidden_after", "where messages are reviewed: what is reported is reviewed");
    }
    match mode {
        "before" => Some(ModerationMode::Before),
        "after" => {
            let field = section.take_where(findings, "reviews", true)?;
            let reviews = findings.word(&field)?;
            Some(ModerationMode::After { reported_only: REVIEWS[reviews] == "reported" })
        }
        _ => {
            let field = section.take_where(findings, "hidden_after", true)?;
            hidden_after(findings, field).map(|hidden_after| ModerationMode::None { hidden_after })
        }
    }
}

/// After how many reports a message is hidden; `Some(None)`: never.
fn hidden_after(findings: &mut Findings<'_>, field: Field) -> Option<Option<u32>> {
    if field.text() == Some("never") {
        findings.row(&field.path, "never", field.origin);
        return Some(None);
    }
    findings.whole(&Field { takes: &HIDDEN_AFTER, ..field }).map(Some)
}

fn filter(findings: &mut Findings<'_>, field: Field) -> Option<FilterPlan> {
    let mut section = Section::open(findings, field)?;
    let catches = section.take(findings, "catches").and_then(|field| findings.share(&field));
    let mistakes = section.take(findings, "mistakes").and_then(|field| findings.share(&field));
    let then = section.take(findings, "then").and_then(|field| findings.word(&field));
    Some(FilterPlan { catches: catches?, mistakes: mistakes?, holds: FLAGGED[then?] == "hold" })
}
