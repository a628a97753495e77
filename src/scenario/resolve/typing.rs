//! What people type on, and how fast.

use super::section::Section;
use super::{Findings, law};
use crate::scenario::plan::{DevicePlan, ReplyPlan};

/// How fast people type, and what a reply takes an agent.
pub(super) struct Typing {
    /// Words a second, on the devices in their order.
    pub(super) visitors: [f64; 2],
    pub(super) reply: ReplyPlan,
}

/// The shares of the devices, in the order of their table; they add up to 1.
pub(super) fn devices(findings: &mut Findings<'_>, desk: &mut Section) -> Option<[f64; 2]> {
    let field = desk.take_where(findings, "devices", true)?;
    let mut section = Section::open(findings, field)?;
    let mut share = |name| section.take(findings, name).and_then(|field| findings.share(&field));
    let (desktop, mobile) = (share("desktop"), share("mobile"));
    let (desktop, mobile) = (desktop?, mobile?);
    if section.slipped() || !findings.adds_up(desk, "devices", &[desktop, mobile]) {
        return None;
    }
    let sum = desktop + mobile;
    Some([desktop / sum, mobile / sum])
}

/// The devices with what is typed on them.
pub(super) fn with_paces(shares: [f64; 2], paces: [f64; 2]) -> Vec<DevicePlan> {
    shares.into_iter().zip(paces).map(|(share, words_per_sec)| DevicePlan { share, words_per_sec }).collect()
}

/// The keys `typing` and `compose` of a conversation.
pub(super) fn paces(findings: &mut Findings<'_>, conversation: &mut Section) -> Option<Typing> {
    let compose = match conversation.take(findings, "compose") {
        Some(field) => law::positive(findings, field).map(|worded| Some(worded.law)),
        None => Some(None),
    };
    let field = conversation.take_where(findings, "typing", true)?;
    let mut section = Section::open(findings, field)?;
    let written = !conversation.has("compose");
    let mut pace =
        |name, holds| section.take_where(findings, name, holds).and_then(|field| findings.pace(&field));
    let (desktop, mobile) = (pace("desktop", true), pace("mobile", true));
    let (agent, reading) = if written { (pace("agent", true), pace("reading", true)) } else { (None, None) };
    let visitors = [desktop?, mobile?];
    if !written {
        let hint = "remove it, or compose: reading and typing are in it";
        section.without(findings, &["agent", "reading"], "beside compose", hint);
    }
    let reply = match compose? {
        Some(law) => ReplyPlan::Time(law),
        None => ReplyPlan::Words { read_per_sec: reading?, type_per_sec: agent? },
    };
    Some(Typing { visitors, reply })
}
