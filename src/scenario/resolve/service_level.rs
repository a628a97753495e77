//! What counts as served in time.

use super::Findings;
use super::section::{Section, join};
use crate::scenario::defaults::Origin;
use crate::scenario::plan::{Served, ServiceLevelPlan};
use crate::scenario::quantity::{Misfit, duration_text};

/// The service level of a chat desk. `talks`: whether its conversations are played message by message.
pub(super) fn of_desk(
    findings: &mut Findings<'_>,
    parent: &mut Section,
    talks: bool,
) -> Option<ServiceLevelPlan> {
    let mut section = findings.section(parent, "service_level")?;
    let plan = times(findings, &mut section);
    let of = of(findings, &mut section, talks);
    Some(ServiceLevelPlan { of: of?, ..plan? })
}

/// The service level of the phone pool.
pub(super) fn of_phone(findings: &mut Findings<'_>, parent: &mut Section) -> Option<ServiceLevelPlan> {
    let mut section = findings.section(parent, "service_level")?;
    times(findings, &mut section)
}

fn times(findings: &mut Findings<'_>, section: &mut Section) -> Option<ServiceLevelPlan> {
    let within = section.take(findings, "within").and_then(|field| findings.duration(&field))?;
    let short_abandon = match section.take(findings, "short_abandon") {
        Some(field) => findings.duration(&field)?,
        None => {
            findings.row(&join(section.path(), "short_abandon"), duration_text(within), Origin::Assumed);
            within
        }
    };
    Some(ServiceLevelPlan { within, of: Served::Answer, short_abandon })
}

fn of(findings: &mut Findings<'_>, section: &mut Section, talks: bool) -> Option<Served> {
    let field = section.take(findings, "of")?;
    let of = [Served::Answer, Served::FirstResponse][findings.word(&field)?];
    if of == Served::FirstResponse && !talks {
        let misfit = Misfit::new("`answer`, or conversations played message by message");
        findings.misfit(&field, misfit.hint("with a handling time `simulate` plays no messages"));
        return None;
    }
    Some(of)
}
