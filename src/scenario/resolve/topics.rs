//! What visitors come for: topics, each of which may say otherwise than its desk's conversation.

use super::Findings;
use super::conversation::{BESIDE_WORK, Common, Conversation, Inherited, ONE_KIND, Talk};
use super::escalation::{Draft, Escalation, Rate};
use super::names::named;
use super::section::{Field, Section};
use super::{counts, law};
use crate::base::count::CountLaw;
use crate::base::dist::Law;
use crate::scenario::plan::{Content, FatiguePlan, GroupPlan, MOST_WORDS, TalkPlan, TopicPlan};
use crate::scenario::problem::Place;
use crate::scenario::quantity::plain;

/// The topics of a desk; one without a name where the scenario names none.
pub(super) fn topics(
    findings: &mut Findings<'_>,
    desk: &mut Section,
    conversation: &Conversation,
    escalation: &Escalation,
    groups: Option<&[GroupPlan]>,
) -> Option<Vec<Draft>> {
    let Some(field) = desk.take(findings, "topics") else {
        return only(findings, desk, conversation, escalation).map(|draft| vec![draft]);
    };
    let named = named(findings, &field)?;
    let all: Vec<Option<Draft>> = named
        .into_iter()
        .map(|(name, _, field)| topic(findings, field, name, conversation, escalation))
        .collect();
    for draft in all.iter().flatten() {
        refuse_unserved(findings, desk, draft, groups);
    }
    let mut topics: Vec<Draft> = all.into_iter().collect::<Option<_>>()?;
    let shares: Vec<f64> = topics.iter().map(|topic| topic.plan.share).collect();
    if !findings.adds_up(desk, "topics", &shares) {
        return None;
    }
    let sum: f64 = shares.iter().sum();
    topics.iter_mut().for_each(|topic| topic.plan.share /= sum);
    Some(topics)
}

/// What all visitors come for where there are no topics.
fn only(
    findings: &mut Findings<'_>,
    desk: &Section,
    conversation: &Conversation,
    escalation: &Escalation,
) -> Option<Draft> {
    let at = desk.place("conversation");
    let (content, complexity) = match &conversation.content {
        Common::Work(handling_time) => (Content::Work(handling_time.as_ref()?.value.clone()), 1.0),
        Common::Talk(common) => {
            let path = format!("{}.conversation", desk.path());
            let scale = Scale { at, path: &path, complexity: common.complexity.value };
            let own = (common.exchanges.value.clone(), common.words.value.clone());
            let rest = (common.think.value.clone(), common.canned.value, common.canned_time.value.clone());
            (talk(findings, &scale, own, rest, common)?, common.complexity.value)
        }
    };
    let plan = TopicPlan {
        name: None,
        share: 1.0,
        content,
        escalation: escalation.rate.value,
        resolution: conversation.resolution.value,
        skills: Vec::new(),
    };
    Some(Draft { plan, rate: Rate::Shared, complexity, path: desk.path().to_owned(), skills_at: at })
}

fn topic(
    findings: &mut Findings<'_>,
    field: Field,
    name: String,
    conversation: &Conversation,
    escalation: &Escalation,
) -> Option<Draft> {
    let mut section = Section::open(findings, field)?;
    let share = section.take(findings, "share").and_then(|field| findings.share(&field));
    let content = match &conversation.content {
        Common::Work(common) => work(findings, &mut section, common.as_ref()).map(|content| (content, 1.0)),
        Common::Talk(common) => own_talk(findings, &mut section, common),
    };
    let resolution = match section.take(findings, "resolution") {
        Some(field) => findings.share(&field),
        None => Some(conversation.resolution.handed_down(findings, &section, "resolution")),
    };
    let rate = rate(findings, &mut section);
    let skills_at = section.place("skills");
    let skills = match section.take(findings, "skills") {
        Some(field) => findings.set(field),
        None => Some(Vec::new()),
    };
    let rate = rate?;
    let escalation = match &rate {
        Rate::Own(rate, _) => *rate,
        // What the topics that are played share is settled when all of them are known.
        Rate::Shared if matches!(conversation.content, Common::Talk(_)) => 0.0,
        Rate::Shared => escalation.rate.handed_down(findings, &section, "escalation.rate"),
    };
    let (content, complexity) = content?;
    let (share, resolution, skills) = (share?, resolution?, skills?);
    let plan = TopicPlan { name: Some(name), share, content, escalation, resolution, skills };
    Some(Draft { plan, rate, complexity, path: section.path().to_owned(), skills_at })
}

fn rate(findings: &mut Findings<'_>, topic: &mut Section) -> Option<Rate> {
    let Some(field) = topic.take(findings, "escalation") else { return Some(Rate::Shared) };
    let field = Section::open(findings, field)?.take(findings, "rate")?;
    findings.share(&field).map(|rate| Rate::Own(rate, field))
}

fn work(
    findings: &mut Findings<'_>,
    section: &mut Section,
    common: Option<&Inherited<Law>>,
) -> Option<Content> {
    const TALK: [&str; 5] = ["exchanges", "words", "complexity", "think", "canned"];
    let plain = section.without(findings, &TALK, BESIDE_WORK, ONE_KIND);
    if let Some(field) = section.take(findings, "handling_time") {
        return law::positive(findings, field).map(|worded| Content::Work(worded.law));
    }
    match common {
        Some(common) => Some(Content::Work(common.handed_down(findings, section, "handling_time"))),
        None if !plain => None,
        None => {
            let found = "no handling time, and none under `conversation`".to_owned();
            let hint = Some("handling_time: {exponential: {mean: 8m}}".to_owned());
            let expected = "how long it takes an agent".to_owned();
            findings.problem(section.at(), section.path(), found, expected, hint);
            None
        }
    }
}

fn own_talk(findings: &mut Findings<'_>, section: &mut Section, common: &Talk) -> Option<(Content, f64)> {
    let exchanges = match section.take(findings, "exchanges") {
        Some(field) => counts::count(findings, field).map(|worded| worded.law),
        None => Some(common.exchanges.handed_down(findings, section, "exchanges")),
    };
    let words = match section.take(findings, "words") {
        Some(field) => law::words(findings, field).map(|worded| worded.law),
        None => Some(common.words.handed_down(findings, section, "words")),
    };
    let complexity = match section.take(findings, "complexity") {
        Some(field) => findings.factor(&field),
        None => Some(common.complexity.handed_down(findings, section, "complexity")),
    };
    let think = match section.take(findings, "think") {
        Some(field) => law::law(findings, field),
        None => Some(common.think.handed_down(findings, section, "think")),
    };
    let canned = canned(findings, section, common);
    let complexity = complexity?;
    let named = if section.has("complexity") { "complexity" } else { "exchanges" };
    let scale = Scale { at: section.place(named), path: section.path(), complexity };
    let (share, time) = canned?;
    let content = talk(findings, &scale, (exchanges?, words?), (think?, share, time), common)?;
    Some((content, complexity))
}

fn canned(findings: &mut Findings<'_>, topic: &mut Section, common: &Talk) -> Option<(f64, Law)> {
    let Some(mut section) = findings.section(topic, "canned") else {
        if topic.has("canned") {
            return None;
        }
        let share = common.canned.handed_down(findings, topic, "canned.share");
        return Some((share, common.canned_time.handed_down(findings, topic, "canned.time")));
    };
    let share = match section.take(findings, "share") {
        Some(field) => findings.share(&field),
        None => Some(common.canned.handed_down(findings, &section, "share")),
    };
    let time = match section.take(findings, "time") {
        Some(field) => law::law(findings, field),
        None => Some(common.canned_time.handed_down(findings, &section, "time")),
    };
    Some((share?, time?))
}

/// What multiplies the exchanges and the words of a topic, and where to point when there is nothing left of them.
struct Scale<'a> {
    at: Place,
    path: &'a str,
    complexity: f64,
}

/// A talk of these exchanges and words, this thinking and these canned replies. Its hazard is settled later.
fn talk(
    findings: &mut Findings<'_>,
    scale: &Scale<'_>,
    (exchanges, words): (CountLaw, Law),
    (think, canned, canned_time): (Law, f64, Law),
    common: &Talk,
) -> Option<Content> {
    let Some(scaled) = exchanges.scaled(scale.complexity) else {
        let (mean, complexity) = (exchanges.mean(), scale.complexity);
        let found = format!("{} exchanges at a complexity of {}", plain(mean), plain(complexity));
        let expected = "from 1 exchange to 1000000 on average: a question and the reply to it".to_owned();
        let hint = (mean * complexity < 1.0).then(|| format!("at least complexity: {}", plain(1.0 / mean)));
        findings.problem(scale.at, scale.path, found, expected, hint);
        return None;
    };
    if words.mean() * scale.complexity > MOST_WORDS {
        let (mean, complexity) = (words.mean(), scale.complexity);
        let found = format!("messages of {} words at a complexity of {}", plain(mean), plain(complexity));
        let expected = format!("at most {MOST_WORDS} words on average, as no message has more");
        let hint = Some("more exchanges of fewer words".to_owned());
        findings.problem(scale.at, scale.path, found, expected, hint);
        return None;
    }
    Some(Content::Talk(TalkPlan {
        exchanges: scaled,
        words: words.scaled(scale.complexity),
        think,
        reply: common.reply.clone(),
        canned,
        canned_time,
        fatigue: FatiguePlan { hazard: 0.0, per_word: 0.0 },
    }))
}

/// Notes a topic that no group of agents can serve.
fn refuse_unserved(findings: &mut Findings<'_>, desk: &Section, draft: &Draft, groups: Option<&[GroupPlan]>) {
    let Some(groups) = groups else { return };
    let topic = &draft.plan;
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
    let expected = "skills of one group of agents".into();
    findings.problem(draft.skills_at, &path, found, expected, Some(have.join("; ")));
}
