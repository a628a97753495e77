//! How the agents of a desk go about it.

use super::Findings;
use super::conversation::{BESIDE_WORK, ONE_KIND};
use super::law;
use super::section::Section;
use crate::base::time::Span;
use crate::scenario::plan::{AtShiftEnd, MannersPlan};
use crate::scenario::quantity::Misfit;

/// Accepting, wrapping up, ramping up, the end of a shift, absence. `talks`: whether conversations are played message
/// by message; a handling time has all that an agent does in it.
pub(super) fn manners(findings: &mut Findings<'_>, agents: &mut Section, talks: bool) -> Option<MannersPlan> {
    if !talks {
        agents.without(findings, &["accept"], BESIDE_WORK, ONE_KIND);
    }
    let accept = match agents.take(findings, "accept") {
        Some(field) => law::law(findings, field).map(Some),
        None => Some(None),
    };
    let wrap_up = match agents.take_where(findings, "wrap_up", talks) {
        Some(field) => law::law_or(findings, field, "none"),
        None => Some(None),
    };
    let ramp_up = match agents.take_where(findings, "ramp_up", talks) {
        Some(field) => findings.duration(&field),
        None => Some(Span::ZERO),
    };
    let shrinkage = agents.take(findings, "shrinkage").and_then(|field| {
        let share = findings.share(&field)?;
        if share == 1.0 {
            findings.misfit(&field, Misfit::new("a share below 100%: somebody has to come"));
            return None;
        }
        Some(share)
    });
    Some(MannersPlan {
        accept: accept?,
        wrap_up: wrap_up?,
        ramp_up: ramp_up?,
        at_shift_end: at_shift_end(findings, agents, talks)?,
        shrinkage: shrinkage?,
    })
}

fn at_shift_end(findings: &mut Findings<'_>, agents: &mut Section, talks: bool) -> Option<AtShiftEnd> {
    if !talks {
        // Half of a handling time cannot be passed on.
        agents.without(findings, &["at_shift_end"], BESIDE_WORK, ONE_KIND);
        return Some(AtShiftEnd::Finish);
    }
    if !agents.has("shifts") {
        agents.refuse(findings, "at_shift_end", "without `shifts`");
        return Some(AtShiftEnd::Finish);
    }
    let field = agents.take_where(findings, "at_shift_end", true)?;
    findings.word(&field).map(|i| [AtShiftEnd::Finish, AtShiftEnd::HandOver][i])
}
