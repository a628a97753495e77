//! What a room has to do with a desk: questions that would go there if there were no room.

use super::Findings;
use super::section::{Field, Section, join};
use crate::base::id::DeskId;
use crate::scenario::defaults::Origin;
use crate::scenario::plan::DeskPlan;
use crate::scenario::plan::rooms::DeflectPlan;
use crate::scenario::problem::nearest;
use crate::scenario::quantity::Misfit;

/// Which questions, and which desk; `Some(None)`: none. `desks`: unless some could not be resolved. `asks`: whether anybody
/// asks anything.
pub(super) fn deflects(
    findings: &mut Findings<'_>,
    venue: &mut Section,
    desks: Option<&[DeskPlan]>,
    asks: bool,
) -> Option<Option<DeflectPlan>> {
    if !asks {
        venue.without(findings, &["deflects"], "without questions", "questions: {share: 20%}");
        return Some(None);
    }
    let Some(field) = venue.take(findings, "deflects") else { return Some(None) };
    let blank = field.clone();
    let mut section = Section::open(findings, field.spelt_out("share"))?;
    let share = section.take(findings, "share").and_then(|field| findings.share(&field));
    let to = section.take(findings, "to");
    let chats: Vec<&str> =
        desks?.iter().filter(|desk| !desk.is_phone()).map(|desk| desk.name.as_str()).collect();
    if chats.is_empty() {
        let misfit = Misfit::new("a desk that questions would go to").hint("describe one under `support`");
        let found = Some("questions for a desk, and no desk".to_owned());
        findings.misfit(&blank, Misfit { found, ..misfit });
        return None;
    }
    let desk = match to {
        Some(field) => named(findings, &field, &chats),
        None => only(findings, &section, &chats),
    };
    Some(Some(DeflectPlan { share: share?, desk: desk? }))
}

fn named(findings: &mut Findings<'_>, field: &Field, chats: &[&str]) -> Option<DeskId> {
    let name = findings.string(field)?;
    let desk = chats.iter().position(|chat| *chat == name);
    if desk.is_none() {
        let misfit = Misfit::new(&format!("one of the desks: {}", chats.join(", ")));
        findings.misfit(
            field,
            match nearest(&name, chats.iter().copied()) {
                Some(meant) => misfit.hint(format!("did you mean `{meant}`?")),
                None => misfit,
            },
        );
    }
    desk.map(|desk| DeskId(desk as u16))
}

fn only(findings: &mut Findings<'_>, section: &Section, chats: &[&str]) -> Option<DeskId> {
    let [only] = chats else {
        let found = "no `to`, and several desks".to_owned();
        let expected = format!("one of them: {}", chats.join(", "));
        let hint = Some(format!("deflects: {{share: 30%, to: {}}}", chats[0]));
        findings.problem(section.at(), section.path(), found, expected, hint);
        return None;
    };
    findings.row(&join(section.path(), "to"), *only, Origin::Assumed);
    Some(DeskId(0))
}
