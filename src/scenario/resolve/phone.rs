//! The phone pool: a desk whose visitors call, or are called back.

use super::Findings;
use super::calendar::Calendar;
use super::channels::Reach;
use super::section::{Field, Section};
use super::{arrivals, law, service_level};
use crate::base::dist::Law;
use crate::base::time::Span;
use crate::scenario::node::Value;
use crate::scenario::plan::{
    ArrivalPlan, CallbackPlan, ChannelMix, Content, DeskKind, DeskPlan, DevicePlan, DualPlan, EscalationPlan,
    GroupPlan, LeavingPlan, MannersPlan, MessagePlan, Routing, ShiftPlan, TopicPlan,
};
use crate::scenario::problem::Place;

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

/// The agents of chat desks who are of use to the phone pool.
#[derive(Default)]
pub(super) struct Voices {
    /// Groups who do nothing but phone.
    pub(super) callers: Vec<GroupPlan>,
    /// Groups who chat as well.
    pub(super) duals: Vec<GroupPlan>,
    /// The share of the callers who are absent.
    pub(super) shrinkage: f64,
    /// Where they were typed.
    pub(super) at: Place,
    pub(super) path: String,
}

/// The pool, with those of its groups who answer its lines; none where agents of the desks do.
pub(super) fn phone(findings: &mut Findings<'_>, field: Field, calendar: &Calendar) -> Option<DeskPlan> {
    let mut section = Section::open(findings, field)?;
    let arrivals = match section.take(findings, "arrivals") {
        Some(field) => arrivals::arrivals(findings, field, calendar),
        None => Some((ArrivalPlan::default(), None)),
    };
    let lines = match section.take(findings, "lines") {
        Some(field) => findings.whole(&field),
        None => Some(0),
    };
    let wage_per_sec = match section.take(findings, "wage") {
        Some(field) if section.has("lines") => findings.price(&field),
        _ => Some(0.0),
    };
    if !section.has("lines") {
        section.refuse(findings, "wage", "without `lines`: each group has its own");
    }
    let toll_per_sec = match section.take(findings, "toll_free") {
        Some(field) => findings.price(&field),
        None => Some(0.0),
    };
    let handling_time =
        section.take(findings, "handling_time").and_then(|field| law::positive(findings, field));
    let patience = section.take(findings, "patience").and_then(|field| law::law_or(findings, field, "never"));
    let callback = section.take(findings, "callback").and_then(|field| callback(findings, field));
    let service_level = service_level::of_phone(findings, &mut section);
    let (arrivals, retry) = arrivals?;
    let (lines, handling_time, wage_per_sec) = (lines?, handling_time?.law, wage_per_sec?);
    let answering = GroupPlan {
        count: lines,
        shifts: vec![ShiftPlan::throughout(lines)],
        wage_per_sec,
        ..group(Reach { chat: false, phone: true, callback: true })
    };
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
        groups: if lines > 0 { vec![answering] } else { Vec::new() },
        manners: MannersPlan::plain(),
        sales: None,
        routing: Routing::LongestIdle,
        service_level: service_level?,
        toll_per_sec: toll_per_sec?,
    })
}

/// A group of one slot that serves these channels, as yet without agents.
pub(super) fn group(reach: Reach) -> GroupPlan {
    let skills = [(reach.phone, CALL), (reach.callback, CALLBACK)];
    GroupPlan {
        name: None,
        count: 0,
        shifts: Vec::new(),
        concurrency: 1,
        stretch: vec![1.0],
        skills: skills.into_iter().filter(|(serves, _)| *serves).map(|(_, skill)| skill.to_owned()).collect(),
        writing: None,
        wage_per_sec: 0.0,
        dual: None,
    }
}

/// The agents of a chat desk as the phone pool sees them. Their desk pays them.
pub(super) fn duals(host: &GroupPlan, reach: Reach, dual: DualPlan) -> GroupPlan {
    GroupPlan {
        name: host.name.clone(),
        count: host.count,
        shifts: host.shifts.clone(),
        dual: Some(dual),
        ..group(reach)
    }
}

/// Adds the agents of the desks to the pool, the dual agents last, and sees to it that somebody serves whatever comes.
/// `at`: where the pool was typed.
pub(super) fn manned(
    findings: &mut Findings<'_>,
    mut pool: DeskPlan,
    voices: Vec<Voices>,
    at: Place,
) -> Option<DeskPlan> {
    let mut shrinkage: Option<f64> = None;
    for of_desk in voices.iter().filter(|voices| !voices.callers.is_empty()) {
        if shrinkage.is_some_and(|other| other.to_bits() != of_desk.shrinkage.to_bits()) {
            let found = "callers of two desks with a different shrinkage".to_owned();
            let expected = "the same for all who only phone: they are one pool".to_owned();
            findings.problem(of_desk.at, &of_desk.path, found, expected, None);
            return None;
        }
        shrinkage = Some(of_desk.shrinkage);
    }
    pool.manners.shrinkage = shrinkage.unwrap_or_default();
    let shrunk = voices.iter().find(|voices| !voices.callers.is_empty() && voices.shrinkage > 0.0);
    if let Some(of_desk) = shrunk.filter(|_| !pool.groups.is_empty()) {
        let found = "a shrinkage of callers, beside the `lines` of the phone pool".to_owned();
        let expected = "one of the two: nobody is absent from lines".to_owned();
        let hint = Some("instead of lines, a further group with channels: [phone, callback]".to_owned());
        findings.problem(of_desk.at, &of_desk.path, found, expected, hint);
        return None;
    }
    let (callers, duals): (Vec<_>, Vec<_>) =
        voices.into_iter().map(|voices| (voices.callers, voices.duals)).unzip();
    pool.groups.extend(callers.into_iter().chain(duals).flatten());
    let idle = [(CALL, true, "calls"), (CALLBACK, pool.callback().is_some(), "callbacks")];
    let unserved = idle.into_iter().find(|(skill, comes, _)| {
        *comes && !pool.groups.iter().any(|group| group.skills.iter().any(|own| own == skill))
    });
    if let Some((_, _, what)) = unserved {
        let found = match pool.groups.is_empty() {
            true => "no `lines`, and no group of agents with the channel phone".to_owned(),
            false => format!("{what} that nobody serves"),
        };
        let expected = "how many agents answer the phone".to_owned();
        let hint = match what {
            "callbacks" => "channels: [phone, callback]; or callback: none",
            _ => "write lines: 20",
        };
        findings.problem(at, "phone", found, expected, Some(hint.to_owned()));
        return None;
    }
    Some(pool)
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
