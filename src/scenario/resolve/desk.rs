//! Desks: `support` alone, or several by name.

use super::Findings;
use super::calendar::Calendar;
use super::phone::{Pool, Voices};
use super::section::{Field, Section, join};
use super::topics::{self, Inherited};
use super::{agents, arrivals, channels, law, names, sales, service_level};
use crate::base::id::DeskId;
use crate::scenario::node::Value;
use crate::scenario::plan::{DeskKind, DeskPlan, DevicePlan, EscalationPlan, LeavingPlan};

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
            names::refuse_reserved(findings, &name, at);
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
    let talks = talks(&section);
    let arrivals = arrivals::demand(findings, &mut section, calendar);
    let start = channels::mix(findings, &mut section, pool);
    let patience = section.take(findings, "patience").and_then(|field| law::law_or(findings, field, "never"));
    let walk_out = match section.take(findings, "walk_out") {
        Some(field) => law::law(findings, field).map(Some),
        None => Some(None),
    };
    let escalation = escalation(findings, &mut section, pool);
    let (rate, to) = escalation.map_or((None, None), |(rate, to)| (rate, to));
    let conversation = topics::conversation(findings, &mut section, rate);
    let context = agents::Context { calendar, pool, desk: id, talks };
    let agents = section.take(findings, "agents").and_then(|field| agents::agents(findings, field, &context));
    let groups = agents.as_ref().map(|agents| agents.groups.as_slice());
    let topics =
        conversation.as_ref().and_then(|(common, _)| topics::topics(findings, &mut section, common, groups));
    let sales = sales::sales(findings, &mut section, pool.is_some());
    let service_level = service_level::of_desk(findings, &mut section, talks);
    let (arrivals, retry) = arrivals?;
    let agents::Staff { groups, voices, manners, routing } = agents?;
    let plan = DeskPlan {
        name,
        kind: DeskKind::Chat,
        arrivals,
        start: start?,
        cannot_call: 0.0,
        devices: vec![DevicePlan { share: 1.0, words_per_sec: 19.0 / 60.0 }],
        patience: patience?,
        walk_out: walk_out?,
        leaving: LeavingPlan::told(),
        retry,
        topics: topics?,
        mistaken: 0.0,
        escalation: to?,
        messages: conversation?.1,
        groups,
        manners,
        sales: sales?,
        routing,
        service_level: service_level?,
        toll_per_sec: 0.0,
    };
    Some((plan, voices))
}

/// Whether a desk's conversations are played message by message: whether no handling time is typed anywhere. It decides
/// what holds of its agents where nothing is said.
fn talks(desk: &Section) -> bool {
    let of_topic = |topics: &Value| match topics {
        Value::Map(topics) => topics.iter().any(|topic| topic.node.value.get("handling_time").is_some()),
        _ => false,
    };
    desk.find(&["conversation", "handling_time"]).is_none() && !desk.value_of("topics").is_some_and(of_topic)
}

type Escalation = (Option<Inherited<f64>>, Option<EscalationPlan>);

fn escalation(findings: &mut Findings<'_>, desk: &mut Section, pool: Option<Pool>) -> Option<Escalation> {
    let mut section = findings.section(desk, "escalation")?;
    let rate = section.take(findings, "rate").and_then(|field| topics::inherited_share(findings, &field));
    let to = match pool {
        Some(pool) => destinations(findings, &mut section, pool),
        None => Some(EscalationPlan { toll_free: 0.0, callback: 0.0, give_up: 1.0 }),
    };
    section.close(findings, "where there is no `phone`: the escalated are only counted");
    Some((rate, to))
}

fn destinations(findings: &mut Findings<'_>, section: &mut Section, pool: Pool) -> Option<EscalationPlan> {
    let mut to = findings.section(section, "to")?;
    let mut share = |name| to.take(findings, name).and_then(|field| findings.share(&field));
    let (toll_free, callback, give_up) = (share("toll_free"), share("callback"), share("give_up"));
    let (toll_free, callback, give_up) = (toll_free?, callback?, give_up?);
    if !findings.adds_up(section, "to", &[toll_free, callback, give_up]) {
        return None;
    }
    if callback > 0.0 && !pool.calls_back {
        let found = "callbacks asked of a phone pool with `callback: none`".to_owned();
        let expected = "callback: 0%, or a phone pool that calls back".to_owned();
        let hint = Some("to: {toll_free: 80%, give_up: 20%}".to_owned());
        findings.problem(section.place("to"), &join(section.path(), "to"), found, expected, hint);
        return None;
    }
    let sum = toll_free + callback + give_up;
    Some(EscalationPlan { toll_free: toll_free / sum, callback: callback / sum, give_up: give_up / sum })
}
