//! Desks: `support` alone, or several by name.

use super::Findings;
use super::calendar::Calendar;
use super::conversation::{self, Conversation};
use super::escalation::{self, Escalation, Settled};
use super::phone::{Pool, Voices};
use super::section::{Field, Section};
use super::{agents, arrivals, calibrate, channels, law, leaving, names, sales, service_level, topics};
use crate::base::id::DeskId;
use crate::scenario::plan::{DeskKind, DeskPlan};

/// A desk, and those of its agents who are of use to the phone pool.
pub(super) type Manned = (DeskPlan, Voices);

/// Every chat desk, in the order of the file; `None` when one of them is wrong.
pub(super) fn desks(
    findings: &mut Findings<'_>,
    top: &mut Section,
    calendar: &Calendar,
    pool: Option<Pool>,
) -> Option<Vec<Manned>> {
    if top.has("support") && top.has("desks") {
        let found = "both `support` and `desks`".to_owned();
        let expected = "one desk under `support`, or all of them under `desks`".to_owned();
        let hint = Some("move `support` under `desks`".to_owned());
        findings.problem(top.place("desks"), "", found, expected, hint);
    }
    let mut all = Vec::new();
    if let Some(field) = top.take(findings, "support") {
        all.push(desk(findings, field, "support".to_owned(), DeskId(0), calendar, pool));
    }
    if let Some(field) = top.take(findings, "desks") {
        for (name, at, field) in names::named(findings, &field)? {
            names::refuse_reserved(findings, "desks", &name, at);
            let id = DeskId(all.len() as u16);
            all.push(desk(findings, field, name, id, calendar, pool));
        }
    }
    all.into_iter().collect()
}

fn desk(
    findings: &mut Findings<'_>,
    field: Field,
    name: String,
    id: DeskId,
    calendar: &Calendar,
    pool: Option<Pool>,
) -> Option<Manned> {
    let mut section = Section::open(findings, field)?;
    let talks = conversation::talks(&section);
    let arrivals = arrivals::demand(findings, &mut section, calendar);
    let start = channels::mix(findings, &mut section, pool);
    let patience = section.take(findings, "patience").and_then(|field| law::law_or(findings, field, "never"));
    let walk_out = match section.take(findings, "walk_out") {
        Some(field) => law::law(findings, field).map(Some),
        None => Some(None),
    };
    let leaving = leaving::leaving(findings, &mut section, talks);
    let escalation = escalation::escalation(findings, &mut section, pool, talks);
    let conversation = conversation::conversation(findings, &mut section, talks);
    let context = agents::Context { calendar, pool, desk: id, talks };
    let agents = section.take(findings, "agents").and_then(|field| agents::agents(findings, field, &context));
    let settled = match (&conversation, escalation) {
        (Some(conversation), Some(escalation)) => {
            settled(findings, &mut section, conversation, escalation, agents.as_ref())
        }
        _ => None,
    };
    let sales = sales::sales(findings, &mut section, pool.is_some());
    let service_level = service_level::of_desk(findings, &mut section, talks);
    let (arrivals, retry) = arrivals?;
    let agents::Staff { groups, voices, manners, routing } = agents?;
    let (conversation, settled) = (conversation?, settled?);
    let plan = DeskPlan {
        name,
        kind: DeskKind::Chat,
        arrivals,
        start: start?,
        cannot_call: settled.cannot_call,
        devices: conversation.devices,
        patience: patience?,
        walk_out: walk_out?,
        leaving: leaving?,
        retry,
        topics: settled.topics,
        mistaken: conversation.mistaken,
        escalation: settled.to,
        messages: conversation.messages,
        groups,
        manners,
        sales: sales?,
        routing,
        service_level: service_level?,
        toll_per_sec: 0.0,
    };
    Some((plan, voices))
}

/// The topics, with what is solved for them: how typing tires, and how long visitors think. Thinking depends on who
/// serves; without them it is not solved.
fn settled(
    findings: &mut Findings<'_>,
    desk: &mut Section,
    conversation: &Conversation,
    escalation: Escalation,
    staff: Option<&agents::Staff>,
) -> Option<Settled> {
    let groups = staff.map(|staff| staff.groups.as_slice());
    let drafts = topics::topics(findings, desk, conversation, &escalation, groups)?;
    let mut settled = escalation.settle(findings, desk, drafts, conversation.talks())?;
    if let (Some(calibration), Some(staff)) = (&conversation.calibration, staff) {
        let devices = &conversation.devices;
        let (path, manners) = (desk.path(), &staff.manners);
        calibrate::calibrate(findings, calibration, &mut settled, path, devices, manners, &staff.groups)?;
    }
    Some(settled)
}
