//! Who serves: one kind of agents, or groups of them.

use super::Findings;
use super::names::named;
use super::section::{Field, Section, join};
use crate::scenario::keys::ROUTINGS;
use crate::scenario::node::Value;
use crate::scenario::plan::{GroupPlan, Routing, ShiftPlan};
use crate::scenario::quantity::{Misfit, number, plain};

/// The most slots of one desk.
const MOST_SLOTS: u64 = 10_000_000;

/// The groups and who gets a chat. `talks`: whether conversations are played message by message, so that juggling is not
/// free by itself.
pub(super) fn agents(
    findings: &mut Findings<'_>,
    field: Field,
    talks: bool,
) -> Option<(Vec<GroupPlan>, Routing)> {
    let mut section = Section::open(findings, field)?;
    let groups = match section.take(findings, "groups") {
        Some(field) => groups(findings, &field, talks),
        None if section.has("count") => group(findings, &mut section, None, talks).map(|group| vec![group]),
        None => {
            let found = "neither `count` nor `groups`".to_owned();
            let hint = Some("agents: {count: 20}".to_owned());
            findings.problem(section.at(), section.path(), found, "how many agents there are".into(), hint);
            None
        }
    };
    let routing = section.take(findings, "routing").and_then(|field| findings.word(&field)).map(routing);
    let has_groups = section.has("groups");
    let (at, path) = (section.at(), section.path().to_owned());
    if has_groups || groups.is_some() {
        section.close(findings, "beside groups: each group has its own");
    }
    let groups = groups?;
    let slots: u64 = groups.iter().map(|group| u64::from(group.count) * u64::from(group.concurrency)).sum();
    if slots > MOST_SLOTS {
        let found = format!("agents for {slots} chats at once");
        findings.problem(at, &path, found, format!("at most {MOST_SLOTS} at one desk"), None);
        return None;
    }
    Some((groups, routing?))
}

fn routing(word: usize) -> Routing {
    [Routing::LeastBusy, Routing::MostBusy, Routing::LongestIdle, Routing::RoundRobin]
        [word.min(ROUTINGS.len() - 1)]
}

fn groups(findings: &mut Findings<'_>, field: &Field, talks: bool) -> Option<Vec<GroupPlan>> {
    let named = named(findings, field)?;
    let groups: Vec<Option<GroupPlan>> = named
        .into_iter()
        .map(|(name, _, field)| {
            let mut section = Section::open(findings, field)?;
            group(findings, &mut section, Some(name), talks)
        })
        .collect();
    groups.into_iter().collect()
}

fn group(
    findings: &mut Findings<'_>,
    section: &mut Section,
    name: Option<String>,
    talks: bool,
) -> Option<GroupPlan> {
    let count = section.take(findings, "count").and_then(|field| findings.whole(&field));
    let concurrency = section.take(findings, "concurrency").and_then(|field| findings.whole::<u32>(&field));
    let stretch = if talks {
        unstretched(findings, section, concurrency)
    } else {
        stretch(findings, section, concurrency)
    };
    let skills = match section.take(findings, "skills") {
        Some(field) => findings.set(field),
        None => Some(Vec::new()),
    };
    Some(GroupPlan {
        name,
        count: count?,
        shifts: vec![ShiftPlan::throughout(count?)],
        concurrency: concurrency?,
        stretch: stretch?,
        skills: skills?,
        writing: None,
        wage_per_sec: 0.0,
        guest: None,
    })
}

/// Of conversations that are played message by message: they last longer under concurrency by themselves.
fn unstretched(findings: &mut Findings<'_>, section: &Section, concurrency: Option<u32>) -> Option<Vec<f64>> {
    let why = "where conversations are played message by message: that one attention serves several makes them last";
    let hint = "remove it, or give the conversation a handling time: conversation: {handling_time: 8m}";
    let free = section.without(findings, &["stretch"], why, hint);
    free.then_some(vec![1.0; concurrency? as usize])
}

/// The stretch factors for 1 to `concurrency` chats.
fn stretch(findings: &mut Findings<'_>, section: &mut Section, concurrency: Option<u32>) -> Option<Vec<f64>> {
    let given = section.take(findings, "stretch");
    let slots = concurrency? as usize;
    match given {
        Some(field) => factors(findings, &field, slots),
        None if slots == 1 => Some(vec![1.0]),
        None => {
            let found = format!("a concurrency of {slots} without `stretch`");
            let expected = "how much longer a chat takes while its agent holds several".to_owned();
            let example: Vec<String> = (0..slots.min(4)).map(|k| plain(1.0 + 0.25 * k as f64)).collect();
            let dots = if slots > 4 { ", …" } else { "" };
            let hint = format!("stretch: [{}{dots}]; without it juggling would be free", example.join(", "));
            let path = join(section.path(), "concurrency");
            findings.problem(section.place("concurrency"), &path, found, expected, Some(hint));
            None
        }
    }
}

fn factors(findings: &mut Findings<'_>, field: &Field, slots: usize) -> Option<Vec<f64>> {
    let expected =
        format!("a list of {slots} plain numbers, the first at least 1, none below the one before");
    let misfit = Misfit::new(&expected).hint("stretch: [1, 1.25, 1.6]");
    let Value::List(items) = &field.node.value else {
        findings.misfit(field, misfit);
        return None;
    };
    let mut factors: Vec<f64> = Vec::with_capacity(slots);
    for item in items {
        let least = factors.last().copied().unwrap_or(1.0);
        let factor = if let Value::Scalar(text) = &item.value { number(text) } else { None };
        let Some(factor) = factor.filter(|factor| (least..=1000.0).contains(factor)) else {
            findings.misfit(&Field { node: item.clone(), ..field.clone() }, misfit);
            return None;
        };
        factors.push(factor);
    }
    if factors.len() < slots {
        let found = Some(format!("{} of them", factors.len()));
        findings.misfit(field, Misfit { found, ..misfit });
        return None;
    }
    factors.truncate(slots);
    let text: Vec<String> = factors.iter().map(|factor| plain(*factor)).collect();
    findings.row(&field.path, format!("[{}]", text.join(", ")), field.origin);
    Some(factors)
}
