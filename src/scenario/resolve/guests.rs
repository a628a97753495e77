//! What the guests of a room are like: how much they talk, what they want to know, who comes back.

use super::Findings;
use super::law;
use super::section::{Section, join};
use crate::base::dist::Law;
use crate::base::words::rooms::Role;
use crate::scenario::defaults::Origin;
use crate::scenario::plan::rooms::{QuestionPlan, ReturnPlan};
use crate::scenario::quantity::share_text;

/// The shares of [`Role::ALL`].
pub(super) type Roles = [f64; Role::ALL.len()];

/// How much of talkers they are.
pub(super) fn roles(findings: &mut Findings<'_>, venue: &mut Section) -> Option<Roles> {
    let mut section = findings.section(venue, "guests")?;
    let mut share = |name| section.take(findings, name).and_then(|field| findings.share(&field));
    let (lurkers, occasional, regular) = (share("lurkers"), share("occasional"), share("regular"));
    let shares = [lurkers?, occasional?, regular?];
    if section.slipped() || !findings.adds_up(venue, "guests", &shares) {
        return None;
    }
    let sum: f64 = shares.iter().sum();
    Some(shares.map(|share| share / sum))
}

/// Messages a second of a guest in company, by role. `roles`: unless they are wrong.
pub(super) fn talk(findings: &mut Findings<'_>, venue: &mut Section, roles: Option<Roles>) -> Option<Roles> {
    let mut section = findings.section(venue, "talk")?;
    let mut rate = |name, role: Role, why| {
        let are_there = roles.is_none_or(|roles| roles[role as usize] > 0.0);
        if !are_there {
            section.refuse(findings, name, why);
            return Some(0.0);
        }
        section.take_where(findings, name, true).and_then(|field| findings.rate(&field))
    };
    let occasional = rate("occasional", Role::Occasional, "where no guest is occasional");
    let regular = rate("regular", Role::Regular, "where no guest is a regular");
    Some([0.0, occasional?, regular?])
}

/// What guests want to know.
pub(super) fn questions(
    findings: &mut Findings<'_>,
    venue: &mut Section,
    roles: Option<Roles>,
) -> Option<QuestionPlan> {
    if !venue.has("questions") {
        return Some(QuestionPlan { share: 0.0, answered_by: 0.0, after: Law::constant(0.0) });
    }
    let mut section = findings.section(venue, "questions")?;
    let share = section.take(findings, "share").and_then(|field| findings.share(&field));
    let answered_by = section.take(findings, "answered_by").and_then(|field| findings.share(&field));
    let after = section.take(findings, "after").and_then(|field| law::law(findings, field));
    let plan = QuestionPlan { share: share?, answered_by: answered_by?, after: after? };
    let active = roles?.iter().zip(Role::ALL).any(|(share, role)| role.is_active() && *share > 0.0);
    if plan.share > 0.0 && (plan.answered_by == 0.0 || !active) {
        let why = if active { "nobody answers" } else { "all guests are lurkers, and lurkers do not answer" };
        findings.warnings.push(format!("{}: {why}: everybody who asks leaves frustrated", section.path()));
    }
    Some(plan)
}

/// From this share on some guests come back more often than can be counted: of a thousand, more than one (0.97^255 = 0.0004).
const MANY_RETURNS: f64 = 0.97;

/// Who comes back; `Some(None)`: nobody. `asks`: whether anybody asks anything.
pub(super) fn returns(
    findings: &mut Findings<'_>,
    venue: &mut Section,
    asks: bool,
) -> Option<Option<ReturnPlan>> {
    if !venue.has("returns") {
        return Some(None);
    }
    let mut section = findings.section(venue, "returns")?;
    let met = section.take(findings, "met").and_then(|field| findings.share(&field));
    let own = match (asks, section.has("unanswered")) {
        (true, true) => section.take(findings, "unanswered").map(|field| findings.share(&field)),
        _ => {
            section.refuse(findings, "unanswered", "without questions");
            None
        }
    };
    let alone = section.take(findings, "alone").and_then(|field| findings.share(&field));
    let unanswered = own.unwrap_or_else(|| {
        if let Some(share) = alone.filter(|_| asks) {
            findings.row(&join(section.path(), "unanswered"), share_text(share), Origin::Assumed);
        }
        alone
    });
    let after = section.take(findings, "after").and_then(|field| law::positive(findings, field));
    let plan = ReturnPlan { met: met?, unanswered: unanswered?, alone: alone?, after: after?.law };
    if plan.met.max(plan.unanswered).max(plan.alone) >= MANY_RETURNS {
        findings.warnings.push(format!(
            "{}: somebody who always comes back does so {} times at the most",
            section.path(),
            u8::MAX
        ));
    }
    Some(Some(plan))
}
