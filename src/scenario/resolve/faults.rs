//! The faults of the embedded server: of a scenario, or alone in a file. Their times are real, and so are read here as
//! such and never converted.

use super::Findings;
use super::law;
use super::section::{Field, Section};
use crate::base::dist::Law;
use crate::base::time::RealSpan;
use crate::scenario::plan::faults::{ConnectionFaults, Crash, Faults, MessageFaults, Stalls};
use crate::scenario::quantity::Misfit;

/// The faults in `field`.
pub(super) fn faults(findings: &mut Findings<'_>, field: Field) -> Option<Faults> {
    let mut section = Section::open(findings, field)?;
    let of = &mut section;
    let seed = of.take(findings, "seed").and_then(|field| findings.whole(&field));
    let latency = optional(findings, of, "latency", law::law);
    let stalls = optional(findings, of, "stalls", stalls);
    let messages = optional(findings, of, "messages", messages);
    let connections = optional(findings, of, "connections", connections);
    let crash = optional(findings, of, "crash", crash);
    Some(Faults {
        seed: seed?,
        latency: latency?,
        stalls: stalls?,
        messages: messages?.unwrap_or_default(),
        connections: connections?.unwrap_or_default(),
        crash: crash?,
    })
}

/// `Some(None)` where the key is left out; `None` where it makes no sense.
fn optional<T>(
    findings: &mut Findings<'_>,
    section: &mut Section,
    name: &'static str,
    read: impl FnOnce(&mut Findings<'_>, Field) -> Option<T>,
) -> Option<Option<T>> {
    match section.take(findings, name) {
        Some(field) => read(findings, field).map(Some),
        None => Some(None),
    }
}

fn real(findings: &mut Findings<'_>, section: &mut Section, name: &'static str) -> Option<RealSpan> {
    let field = section.take(findings, name)?;
    findings.duration(&field).map(|span| RealSpan::from_nanos(span.nanos()))
}

fn stalls(findings: &mut Findings<'_>, field: Field) -> Option<Stalls> {
    let whole = field.clone();
    let mut section = Section::open(findings, field)?;
    let lasts = real(findings, &mut section, "for");
    let every = real(findings, &mut section, "every");
    let (lasts, every) = (lasts?, every?);
    if lasts >= every {
        let found = Some("stalls that take as long as it is from one to the next".to_owned());
        let misfit = Misfit { found, ..Misfit::new("stalls with something in between") };
        findings.misfit(&whole, misfit.hint("write for: 6s and every: 30s"));
        return None;
    }
    Some(Stalls { lasts, every })
}

fn messages(findings: &mut Findings<'_>, field: Field) -> Option<MessageFaults> {
    let whole = field.clone();
    let mut section = Section::open(findings, field)?;
    let dropped = share(findings, &mut section, "dropped");
    let duplicated = share(findings, &mut section, "duplicated");
    let reordered = share(findings, &mut section, "reordered");
    let wait = real(findings, &mut section, "wait");
    let faults =
        MessageFaults { dropped: dropped?, duplicated: duplicated?, reordered: reordered?, wait: wait? };
    // A hair above 1 is the noise of binary fractions.
    if faults.dropped + faults.duplicated + faults.reordered > 1.0 + 1e-9 {
        let found = Some("shares that add up to more than 100%".to_owned());
        let misfit = Misfit { found, ..Misfit::new("shares that add up to at most 100%") };
        findings.misfit(&whole, misfit.hint("only one of them befalls a message"));
        return None;
    }
    Some(faults)
}

fn share(findings: &mut Findings<'_>, section: &mut Section, name: &'static str) -> Option<f64> {
    section.take(findings, name).and_then(|field| findings.share(&field))
}

fn connections(findings: &mut Findings<'_>, field: Field) -> Option<ConnectionFaults> {
    let mut section = Section::open(findings, field)?;
    let refused = share(findings, &mut section, "refused");
    let mut some =
        |name, law| optional(findings, &mut section, name, |f, field| share_and_law(f, field, law));
    let reset = some("reset", "after");
    let slow_reading = some("slow_reading", "pause");
    Some(ConnectionFaults { refused: refused?, reset: reset?, slow_reading: slow_reading? })
}

/// A share of the connections, and when or how.
fn share_and_law(findings: &mut Findings<'_>, field: Field, name: &'static str) -> Option<(f64, Law)> {
    let mut section = Section::open(findings, field)?;
    let share = share(findings, &mut section, "share");
    let law = section.take(findings, name).and_then(|field| law::law(findings, field));
    Some((share?, law?))
}

fn crash(findings: &mut Findings<'_>, field: Field) -> Option<Crash> {
    let mut section = Section::open(findings, field)?;
    let after = real(findings, &mut section, "after");
    let down = real(findings, &mut section, "down");
    Some(Crash { after: after?, down: down? })
}
