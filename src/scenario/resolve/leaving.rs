//! How visitors give up, besides running out of patience in the queue.

use super::conversation::{BESIDE_WORK, ONE_KIND};
use super::section::Section;
use super::{Findings, law};
use crate::scenario::plan::LeavingPlan;

/// Giving up silently and in the chat is of conversations that are played message by message: `talks`. Balking is of
/// all.
pub(super) fn leaving(findings: &mut Findings<'_>, desk: &mut Section, talks: bool) -> Option<LeavingPlan> {
    let balk_over = match findings.section(desk, "balk") {
        Some(mut section) => {
            section.take(findings, "queue_over").and_then(|field| findings.whole(&field)).map(Some)
        }
        None if desk.has("balk") => None,
        None => Some(None),
    };
    if !talks {
        desk.without(findings, &["silent", "ghost_timeout", "reply_patience"], BESIDE_WORK, ONE_KIND);
        return Some(LeavingPlan { balk_over: balk_over?, ..LeavingPlan::told() });
    }
    let silent = desk.take_where(findings, "silent", true).and_then(|field| findings.share(&field));
    let ghost_timeout =
        desk.take_where(findings, "ghost_timeout", true).and_then(|field| findings.duration(&field));
    let reply_patience = desk
        .take_where(findings, "reply_patience", true)
        .and_then(|field| law::law_or(findings, field, "never"));
    Some(LeavingPlan {
        silent: silent?,
        ghost_timeout: ghost_timeout?,
        reply_patience: reply_patience?,
        balk_over: balk_over?,
    })
}
