//! How the agents of a desk go about it.

use super::Findings;
use super::law;
use super::section::Section;
use crate::base::time::Span;
use crate::scenario::defaults as default;
use crate::scenario::plan::{AtShiftEnd, MannersPlan};

/// Accepting, wrapping up, ramping up, the end of a shift, absence. `talks`: whether conversations are played message
/// by message; a handling time has all that an agent does in it.
pub(super) fn manners(findings: &mut Findings<'_>, agents: &mut Section, talks: bool) -> Option<MannersPlan> {
    let accept = match agents.take(findings, "accept") {
        Some(field) => law::law(findings, field).map(Some),
        None => Some(None),
    };
    let wrap_up = if talks || agents.has("wrap_up") {
        let field = agents.take_or(findings, "wrap_up", &default::WRAP_UP);
        law::law_or(findings, field, "none")
    } else {
        agents.take(findings, "wrap_up");
        Some(None)
    };
    let ramp_up = if talks || agents.has("ramp_up") {
        let field = agents.take_or(findings, "ramp_up", &default::RAMP_UP);
        findings.duration(&field)
    } else {
        agents.take(findings, "ramp_up");
        Some(Span::ZERO)
    };
    let shrinkage = agents.take(findings, "shrinkage").and_then(|field| findings.share(&field));
    Some(MannersPlan {
        accept: accept?,
        wrap_up: wrap_up?,
        ramp_up: ramp_up?,
        at_shift_end: at_shift_end(findings, agents)?,
        shrinkage: shrinkage?,
    })
}

fn at_shift_end(findings: &mut Findings<'_>, agents: &mut Section) -> Option<AtShiftEnd> {
    if !agents.has("shifts") {
        agents.refuse(findings, "at_shift_end", "without `shifts`");
        return Some(AtShiftEnd::Finish);
    }
    let field = agents.take(findings, "at_shift_end")?;
    findings.word(&field).map(|i| [AtShiftEnd::Finish, AtShiftEnd::HandOver][i])
}
