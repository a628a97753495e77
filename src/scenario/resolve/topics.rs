//! What visitors come for: topics, and what holds of a conversation where a topic does not say.

use super::Findings;
use super::law;
use super::names::named;
use super::section::{Field, Section, join};
use crate::base::dist::Law;
use crate::scenario::defaults::Origin;
use crate::scenario::plan::{Content, GroupPlan, MessagePlan, TopicPlan};
use crate::scenario::problem::Place;
use crate::scenario::quantity::share_text;

/// What holds of every topic that does not say otherwise.
pub(super) struct Common {
    handling_time: Option<Inherited<Law>>,
    resolution: Inherited<f64>,
    escalation: Inherited<f64>,
}

/// A value that topics inherit, and how it reads.
#[derive(Clone)]
pub(super) struct Inherited<T> {
    pub(super) value: T,
    pub(super) text: String,
    pub(super) origin: Origin,
}

/// A topic and where its skills were typed.
type Placed = (TopicPlan, Place);

/// The conversation of a desk: what topics inherit, and how `run` carries it.
pub(super) fn conversation(
    findings: &mut Findings<'_>,
    desk: &mut Section,
    escalation: Option<Inherited<f64>>,
) -> Option<(Common, MessagePlan)> {
    let mut section = findings.section(desk, "conversation")?;
    let handling_time = match section.take(findings, "handling_time") {
        Some(field) => {
            let origin = field.origin;
            let law = law::positive(findings, field);
            law.map(|worded| Some(Inherited { value: worded.law, text: worded.text, origin }))
        }
        None => Some(None),
    };
    let resolution = section.take(findings, "resolution").and_then(|field| inherited_share(findings, &field));
    let messages = section.take(findings, "messages").and_then(|field| messages(findings, field));
    let common = Common { handling_time: handling_time?, resolution: resolution?, escalation: escalation? };
    Some((common, messages?))
}

/// A share that topics inherit.
pub(super) fn inherited_share(findings: &mut Findings<'_>, field: &Field) -> Option<Inherited<f64>> {
    let value = findings.share(field)?;
    Some(Inherited { value, text: share_text(value), origin: field.origin })
}

fn messages(findings: &mut Findings<'_>, field: Field) -> Option<MessagePlan> {
    let origin = field.origin;
    let mut section = Section::open(findings, field)?;
    let name = section.chosen();
    let field = Field { origin, ..section.take(findings, name)? };
    match name {
        "every" => findings.duration(&field).map(MessagePlan::Every),
        _ => findings.whole(&field).map(MessagePlan::Count),
    }
}

/// The topics of a desk; one without a name where the scenario names none.
pub(super) fn topics(
    findings: &mut Findings<'_>,
    desk: &mut Section,
    common: &Common,
    groups: Option<&[GroupPlan]>,
) -> Option<Vec<TopicPlan>> {
    let Some(field) = desk.take(findings, "topics") else {
        let handling_time = common.handling_time.clone().or_else(|| {
            let found = "no handling time".to_owned();
            let expected = "how long a conversation takes an agent".to_owned();
            let hint = Some("conversation: {handling_time: {exponential: {mean: 8m}}}".to_owned());
            findings.problem(desk.place("conversation"), desk.path(), found, expected, hint);
            None
        })?;
        return Some(vec![TopicPlan {
            name: None,
            share: 1.0,
            content: Content::Work(handling_time.value),
            escalation: common.escalation.value,
            resolution: common.resolution.value,
            skills: Vec::new(),
        }]);
    };
    let named = named(findings, &field)?;
    let all: Vec<Option<Placed>> =
        named.into_iter().map(|(name, _, field)| topic(findings, field, name, common)).collect();
    for (topic, at) in all.iter().flatten() {
        refuse_unserved(findings, desk, topic, *at, groups);
    }
    let mut topics: Vec<TopicPlan> =
        all.into_iter().map(|topic| topic.map(|(topic, _)| topic)).collect::<Option<_>>()?;
    let shares: Vec<f64> = topics.iter().map(|topic| topic.share).collect();
    if !findings.adds_up(desk, "topics", &shares) {
        return None;
    }
    let sum: f64 = shares.iter().sum();
    topics.iter_mut().for_each(|topic| topic.share /= sum);
    Some(topics)
}

fn topic(findings: &mut Findings<'_>, field: Field, name: String, common: &Common) -> Option<Placed> {
    let mut section = Section::open(findings, field)?;
    let share = section.take(findings, "share").and_then(|field| findings.share(&field));
    let handling_time = match section.take(findings, "handling_time") {
        Some(field) => law::positive(findings, field).map(|worded| worded.law),
        None => {
            handed_down(findings, &section, "handling_time", common.handling_time.as_ref()).or_else(|| {
                let found = "no handling time, and none under `conversation`".to_owned();
                let hint = Some("handling_time: {exponential: {mean: 8m}}".to_owned());
                let expected = "how long it takes an agent".to_owned();
                findings.problem(section.at(), section.path(), found, expected, hint);
                None
            })
        }
    };
    let resolution = match section.take(findings, "resolution") {
        Some(field) => findings.share(&field),
        None => handed_down(findings, &section, "resolution", Some(&common.resolution)),
    };
    let escalation = match section.take(findings, "escalation") {
        Some(field) => Section::open(findings, field)
            .and_then(|mut section| section.take(findings, "rate"))
            .and_then(|field| findings.share(&field)),
        None => handed_down(findings, &section, "escalation.rate", Some(&common.escalation)),
    };
    let skills_at = section.place("skills");
    let skills = match section.take(findings, "skills") {
        Some(field) => findings.set(field),
        None => Some(Vec::new()),
    };
    let topic = TopicPlan {
        name: Some(name),
        share: share?,
        content: Content::Work(handling_time?),
        escalation: escalation?,
        resolution: resolution?,
        skills: skills?,
    };
    Some((topic, skills_at))
}

/// What a topic takes over from its desk, with its row.
fn handed_down<T: Clone>(
    findings: &mut Findings<'_>,
    section: &Section,
    name: &str,
    inherited: Option<&Inherited<T>>,
) -> Option<T> {
    let inherited = inherited?;
    findings.row(&join(section.path(), name), inherited.text.clone(), inherited.origin);
    Some(inherited.value.clone())
}

/// Notes a topic that no group of agents can serve.
fn refuse_unserved(
    findings: &mut Findings<'_>,
    desk: &Section,
    topic: &TopicPlan,
    at: Place,
    groups: Option<&[GroupPlan]>,
) {
    let Some(groups) = groups else { return };
    if groups.iter().any(|group| group.can_serve(topic)) {
        return;
    }
    let path = format!("{}.topics.{}.skills", desk.path(), topic.name.as_deref().unwrap_or_default());
    let found = format!("skills that no agent has together: {}", topic.skills.join(", "));
    let have: Vec<String> = groups
        .iter()
        .map(|group| {
            format!("{} have [{}]", group.name.as_deref().unwrap_or("the agents"), group.skills.join(", "))
        })
        .collect();
    findings.problem(at, &path, found, "skills of one group of agents".into(), Some(have.join("; ")));
}
