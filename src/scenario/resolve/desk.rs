//! Desks: `support` alone, or several by name.

use super::Findings;
use super::calendar::Calendar;
use super::conversation::{self, Conversation};
use super::escalation::{self, Escalation, Settled};
use super::phone::Pool;
use super::section::{Field, Section, join};
use super::{agents, arrivals, calibrate, law, leaving, names, topics};
use crate::scenario::defaults::Origin;
use crate::scenario::plan::{
    ChannelMix, DeskKind, DeskPlan, GroupPlan, MannersPlan, Served, ServiceLevelPlan,
};
use crate::scenario::quantity::duration_text;

/// Every chat desk, in the order of the file; `None` when one of them is wrong.
pub(super) fn desks(
    findings: &mut Findings<'_>,
    top: &mut Section,
    calendar: &Calendar,
    pool: Option<Pool>,
) -> Option<Vec<DeskPlan>> {
    if top.has("support") && top.has("desks") {
        let found = "both `support` and `desks`".to_owned();
        let expected = "one desk under `support`, or all of them under `desks`".to_owned();
        let hint = Some("move `support` under `desks`".to_owned());
        findings.problem(top.place("desks"), "", found, expected, hint);
    }
    let mut all = Vec::new();
    if let Some(field) = top.take(findings, "support") {
        all.push(desk(findings, field, "support".to_owned(), calendar, pool));
    }
    if let Some(field) = top.take(findings, "desks") {
        for (name, at, field) in names::named(findings, &field)? {
            names::refuse_reserved(findings, &name, at);
            all.push(desk(findings, field, name, calendar, pool));
        }
    }
    all.into_iter().collect()
}

fn desk(
    findings: &mut Findings<'_>,
    field: Field,
    name: String,
    calendar: &Calendar,
    pool: Option<Pool>,
) -> Option<DeskPlan> {
    let mut section = Section::open(findings, field)?;
    let talks = conversation::talks(&section);
    let arrivals =
        section.take(findings, "arrivals").and_then(|field| arrivals::arrivals(findings, field, calendar));
    let patience = section.take(findings, "patience").and_then(|field| law::law_or(findings, field, "never"));
    let walk_out = match section.take(findings, "walk_out") {
        Some(field) => law::law(findings, field).map(Some),
        None => Some(None),
    };
    let leaving = leaving::leaving(findings, &mut section, talks);
    let escalation = escalation::escalation(findings, &mut section, pool, talks);
    let conversation = conversation::conversation(findings, &mut section, talks);
    let agents = section.take(findings, "agents").and_then(|field| agents::agents(findings, field, talks));
    let manners = MannersPlan::plain();
    let groups = agents.as_ref().map(|(groups, _)| groups.as_slice());
    let settled = match (&conversation, escalation) {
        (Some(conversation), Some(escalation)) => {
            let agents = groups.map(|groups| (groups, &manners));
            settled(findings, &mut section, conversation, escalation, agents)
        }
        _ => None,
    };
    let service_level = service_level(findings, &mut section);
    let (arrivals, retry) = arrivals?;
    let (groups, routing) = agents?;
    let (conversation, settled) = (conversation?, settled?);
    Some(DeskPlan {
        name,
        kind: DeskKind::Chat,
        arrivals,
        start: ChannelMix::HERE,
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
        sales: None,
        routing,
        service_level: service_level?,
        toll_per_sec: 0.0,
    })
}

/// The topics, with what is solved for them: how typing tires, and how long visitors think. Thinking depends on who
/// serves; without them it is not solved.
fn settled(
    findings: &mut Findings<'_>,
    desk: &mut Section,
    conversation: &Conversation,
    escalation: Escalation,
    agents: Option<(&[GroupPlan], &MannersPlan)>,
) -> Option<Settled> {
    let groups = agents.map(|(groups, _)| groups);
    let drafts = topics::topics(findings, desk, conversation, &escalation, groups)?;
    let mut settled = escalation.settle(findings, desk, drafts, conversation.talks())?;
    if let (Some(calibration), Some((groups, manners))) = (&conversation.calibration, agents) {
        calibrate::calibrate(findings, calibration, &mut settled, &conversation.devices, manners, groups)?;
    }
    Some(settled)
}

/// What counts as served in time, at a desk or on the phone.
pub(super) fn service_level(findings: &mut Findings<'_>, parent: &mut Section) -> Option<ServiceLevelPlan> {
    let mut section = findings.section(parent, "service_level")?;
    let within = section.take(findings, "within").and_then(|field| findings.duration(&field))?;
    let short_abandon = match section.take(findings, "short_abandon") {
        Some(field) => findings.duration(&field)?,
        None => {
            findings.row(&join(section.path(), "short_abandon"), duration_text(within), Origin::Assumed);
            within
        }
    };
    Some(ServiceLevelPlan { within, of: Served::Answer, short_abandon })
}
