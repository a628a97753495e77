//! How those come back whose connection breaks. The times are real, as those of faults are, and never converted.

use super::Findings;
use super::section::{Field, Section};
use crate::base::time::{RealSpan, Span};
use crate::scenario::plan::reconnect::ReconnectPlan;
use crate::scenario::quantity::{Misfit, duration_text};

/// The reconnect in `field`.
pub(super) fn reconnect(findings: &mut Findings<'_>, field: Field) -> Option<ReconnectPlan> {
    let mut section = Section::open(findings, field)?;
    let after = section.take(findings, "after").and_then(|field| findings.duration(&field));
    let longest = section.take(findings, "up_to");
    let up_to = longest.as_ref().and_then(|field| findings.duration(field));
    let jitter = section.take(findings, "jitter").and_then(|field| findings.share(&field));
    let tries = section.take(findings, "tries").and_then(|field| findings.whole(&field));
    let (after, up_to) = (after?, up_to?);
    if up_to < after {
        let expected = format!("at least the first wait, {}", duration_text(after));
        let hint = "after is the first wait, up_to the longest";
        findings.misfit(&longest?, Misfit::new(&expected).hint(hint));
        return None;
    }
    let real = |span: Span| RealSpan::from_nanos(span.nanos());
    Some(ReconnectPlan { after: real(after), up_to: real(up_to), jitter: jitter?, tries: tries? })
}
