//! The phone pool: a desk whose visitors call, or are called back.

use super::Findings;
use super::calendar::Calendar;
use super::section::{Field, Section};
use super::{arrivals, desk, law};
use crate::base::dist::Law;
use crate::base::time::Span;
use crate::scenario::node::Value;
use crate::scenario::plan::{
    ArrivalPlan, CallbackPlan, ChannelMix, Content, DeskKind, DeskPlan, DevicePlan, EscalationPlan,
    GroupPlan, LeavingPlan, MannersPlan, MessagePlan, Routing, ShiftPlan, TopicPlan,
};

/// What a desk must know of the phone pool to escalate to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pool {
    /// Whether it calls back.
    pub(super) calls_back: bool,
}

impl Pool {
    /// As the scenario says, before the pool itself is resolved.
    pub(super) fn of(field: &Field) -> Self {
        Self { calls_back: field.value_of("callback") != Some(&Value::Scalar("none".to_owned())) }
    }
}

/// The pool.
pub(super) fn phone(findings: &mut Findings<'_>, field: Field, calendar: &Calendar) -> Option<DeskPlan> {
    let mut section = Section::open(findings, field)?;
    let arrivals = match section.take(findings, "arrivals") {
        Some(field) => arrivals::arrivals(findings, field, calendar),
        None => Some((ArrivalPlan::default(), None)),
    };
    let lines = section.take(findings, "lines").and_then(|field| findings.whole(&field));
    let handling_time =
        section.take(findings, "handling_time").and_then(|field| law::positive(findings, field));
    let patience = section.take(findings, "patience").and_then(|field| law::law_or(findings, field, "never"));
    let callback = section.take(findings, "callback").and_then(|field| callback(findings, field));
    let service_level = desk::service_level(findings, &mut section);
    let (arrivals, retry) = arrivals?;
    let (lines, handling_time) = (lines?, handling_time?.law);
    Some(DeskPlan {
        name: "phone".to_owned(),
        kind: DeskKind::Phone(callback?),
        arrivals,
        start: ChannelMix::HERE,
        cannot_call: 0.0,
        // Nobody types on the phone.
        devices: vec![DevicePlan { share: 1.0, words_per_sec: 1.0 }],
        patience: patience?,
        walk_out: None,
        leaving: LeavingPlan::told(),
        retry,
        topics: vec![line_topic(CALL, 1.0, &handling_time), line_topic(CALLBACK, 0.0, &handling_time)],
        mistaken: 0.0,
        escalation: EscalationPlan { toll_free: 0.0, callback: 0.0, give_up: 1.0 },
        // The beat of a call in `run` that carries nothing but its presence.
        messages: MessagePlan::Every(Span::from_whole_secs(30)),
        groups: vec![GroupPlan {
            name: None,
            count: lines,
            shifts: vec![ShiftPlan::throughout(lines)],
            concurrency: 1,
            stretch: vec![1.0],
            skills: vec![CALL.to_owned(), CALLBACK.to_owned()],
            writing: None,
            wage_per_sec: 0.0,
            guest: None,
        }],
        manners: MannersPlan::plain(),
        sales: None,
        routing: Routing::LongestIdle,
        service_level: service_level?,
        toll_per_sec: 0.0,
    })
}

/// What it takes to serve a call, and a callback.
const CALL: &str = "call";
const CALLBACK: &str = "callback";

fn line_topic(skill: &str, share: f64, handling_time: &Law) -> TopicPlan {
    TopicPlan {
        name: None,
        share,
        content: Content::Work(handling_time.clone()),
        escalation: 0.0,
        resolution: 1.0,
        skills: vec![skill.to_owned()],
    }
}

/// `Some(None)`: nobody is called back.
fn callback(findings: &mut Findings<'_>, field: Field) -> Option<Option<CallbackPlan>> {
    if field.text() == Some("none") {
        findings.row(&field.path, "none", field.origin);
        return Some(None);
    }
    let mut section = Section::open(findings, field)?;
    let offer_after = section.take(findings, "offer_after").and_then(|field| findings.duration(&field));
    let accepted = section.take(findings, "accepted").and_then(|field| findings.share(&field));
    let within = section.take(findings, "within").and_then(|field| findings.duration(&field));
    let reached = section.take(findings, "reached").and_then(|field| findings.share(&field));
    let tries = section.take(findings, "tries").and_then(|field| findings.whole(&field));
    let ring = section.take(findings, "ring").and_then(|field| findings.duration(&field));
    let again_after = section.take(findings, "again_after").and_then(|field| findings.duration(&field));
    Some(Some(CallbackPlan {
        offer_after: offer_after?,
        accepted: accepted?,
        within: within?,
        reached: reached?,
        tries: tries?,
        ring: ring?,
        again_after: again_after?,
    }))
}
