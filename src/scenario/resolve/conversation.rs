//! The conversation of a desk: played message by message or carried with a handling time, and what its topics take over
//! from it where they do not say otherwise.

use super::Findings;
use super::section::{Field, Section, join};
use super::{counts, law, typing};
use crate::base::count::CountLaw;
use crate::base::dist::Law;
use crate::base::time::Span;
use crate::scenario::defaults::Origin;
use crate::scenario::node::Value;
use crate::scenario::plan::{DevicePlan, MessagePlan, ReplyPlan};
use crate::scenario::quantity::{Misfit, plain, share_text};

/// A value that topics inherit, and how it reads.
#[derive(Clone)]
pub(super) struct Inherited<T> {
    pub(super) value: T,
    pub(super) text: String,
    pub(super) origin: Origin,
}

/// What holds of every topic that does not say otherwise, and of all of them.
pub(super) struct Conversation {
    pub(super) content: Common,
    pub(super) resolution: Inherited<f64>,
    /// How `run` carries what is not played message by message.
    pub(super) messages: MessagePlan,
    pub(super) mistaken: f64,
    pub(super) devices: Vec<DevicePlan>,
    pub(super) calibration: Option<Calibration>,
}

/// What it takes, where a topic does not say.
pub(super) enum Common {
    /// So much of an agent's time.
    Work(Option<Inherited<Law>>),
    /// Message by message.
    Talk(Box<Talk>),
}

/// The values of a conversation that is played message by message.
pub(super) struct Talk {
    pub(super) exchanges: Inherited<CountLaw>,
    pub(super) words: Inherited<Law>,
    pub(super) complexity: Inherited<f64>,
    pub(super) think: Inherited<Law>,
    pub(super) canned: Inherited<f64>,
    pub(super) canned_time: Inherited<Law>,
    pub(super) reply: ReplyPlan,
}

impl Conversation {
    /// Whether it is played message by message.
    pub(super) fn talks(&self) -> bool {
        matches!(self.content, Common::Talk(_))
    }
}

/// What a desk knows of its chats: thinking is solved for it.
pub(super) struct Calibration {
    pub(super) handling_time: Span,
    pub(super) at_concurrency: f64,
    /// Where they were typed.
    pub(super) handling_time_field: Field,
    pub(super) at_concurrency_field: Field,
}

/// Why the keys of a talk do nothing.
pub(super) const BESIDE_WORK: &str =
    "beside a handling time: such a conversation is not played message by message";
/// What to do about it.
pub(super) const ONE_KIND: &str =
    "all conversations of a desk are of one kind: remove it, or every handling_time";

/// Whether the conversations of a desk are played message by message: nothing in it has a handling time.
pub(super) fn talks(desk: &Section) -> bool {
    let timed = |value: &Value| value.get("handling_time").is_some();
    let topics = match desk.value_of("topics") {
        Some(Value::Map(topics)) => topics.as_slice(),
        _ => &[],
    };
    !desk.value_of("conversation").is_some_and(timed) && !topics.iter().any(|topic| timed(&topic.node.value))
}

/// What a desk's key `conversation` says, with its devices. `talks`: whether it is played message by message.
pub(super) fn conversation(
    findings: &mut Findings<'_>,
    desk: &mut Section,
    talks: bool,
) -> Option<Conversation> {
    if talks { talk(findings, desk) } else { work(findings, desk) }
}

fn work(findings: &mut Findings<'_>, desk: &mut Section) -> Option<Conversation> {
    desk.without(findings, &["devices"], BESIDE_WORK, ONE_KIND);
    let mut section = findings.section(desk, "conversation")?;
    let handling_time = match section.take(findings, "handling_time") {
        Some(field) => inherited_law(findings, field, law::positive).map(Some),
        None => Some(None),
    };
    let resolution = section.take(findings, "resolution").and_then(|field| inherited_share(findings, &field));
    let messages = section.take_where(findings, "messages", true).and_then(|field| messages(findings, field));
    const TALK: [&str; 9] =
        ["exchanges", "words", "complexity", "typing", "think", "canned", "compose", "calibrate", "mistaken"];
    section.without(findings, &TALK, BESIDE_WORK, ONE_KIND);
    Some(Conversation {
        content: Common::Work(handling_time?),
        resolution: resolution?,
        messages: messages?,
        mistaken: 0.0,
        // Nobody types what is not played.
        devices: vec![DevicePlan { share: 1.0, words_per_sec: 19.0 / 60.0 }],
        calibration: None,
    })
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

fn talk(findings: &mut Findings<'_>, desk: &mut Section) -> Option<Conversation> {
    let shares = typing::devices(findings, desk);
    let mut section = findings.section(desk, "conversation")?;
    let of = &mut section;
    let exchanges =
        of.take_where(findings, "exchanges", true).and_then(|field| inherited_count(findings, field));
    let words =
        of.take_where(findings, "words", true).and_then(|field| inherited_law(findings, field, law::words));
    let complexity = of.take_where(findings, "complexity", true).and_then(|field| {
        let value = findings.factor(&field)?;
        Some(Inherited { value, text: plain(value), origin: field.origin })
    });
    let typing = typing::paces(findings, of);
    let think =
        of.take_where(findings, "think", true).and_then(|field| inherited_law(findings, field, law::read));
    let canned = of.take_where(findings, "canned", true).and_then(|field| canned(findings, field));
    let calibration = match of.take(findings, "calibrate") {
        Some(field) => calibration(findings, field).map(Some),
        None => Some(None),
    };
    let mistaken = mistaken(findings, of, several_topics(desk));
    let resolution = of.take(findings, "resolution").and_then(|field| inherited_share(findings, &field));
    let hint = "remove it, or give the conversation a handling_time";
    of.without(findings, &["messages"], "where a conversation is played message by message", hint);
    let (typing, (canned, canned_time)) = (typing?, canned?);
    let talk = Talk {
        exchanges: exchanges?,
        words: words?,
        complexity: complexity?,
        think: think?,
        canned,
        canned_time,
        reply: typing.reply,
    };
    Some(Conversation {
        content: Common::Talk(Box::new(talk)),
        resolution: resolution?,
        // The beat of what is not played message by message: there is none.
        messages: MessagePlan::Every(Span::from_whole_secs(30)),
        mistaken: mistaken?,
        devices: typing::with_paces(shares?, typing.visitors),
        calibration: calibration?,
    })
}

fn several_topics(desk: &Section) -> bool {
    matches!(desk.value_of("topics"), Some(Value::Map(topics)) if topics.len() > 1)
}

fn mistaken(findings: &mut Findings<'_>, section: &mut Section, several: bool) -> Option<f64> {
    if several {
        let field = section.take_where(findings, "mistaken", true)?;
        return findings.share(&field);
    }
    let hint = "there has to be a wrong topic to name: describe several under `topics`";
    section.without(findings, &["mistaken"], "with less than two topics", hint).then_some(0.0)
}

fn canned(findings: &mut Findings<'_>, field: Field) -> Option<(Inherited<f64>, Inherited<Law>)> {
    let mut section = Section::open(findings, field)?;
    let share = section.take(findings, "share").and_then(|field| inherited_share(findings, &field));
    let time = section.take(findings, "time").and_then(|field| inherited_law(findings, field, law::read));
    Some((share?, time?))
}

fn calibration(findings: &mut Findings<'_>, field: Field) -> Option<Calibration> {
    let mut section = Section::open(findings, field)?;
    let handling_time_field = section.take(findings, "handling_time");
    let at_concurrency_field = section.take(findings, "at_concurrency");
    let handling_time = handling_time_field.as_ref().and_then(|field| findings.duration(field));
    let at_concurrency = at_concurrency_field.as_ref().and_then(|field| findings.factor(field));
    let (handling_time, at_concurrency) = (handling_time?, at_concurrency?);
    let at_concurrency_field = at_concurrency_field?;
    if at_concurrency < 1.0 {
        let misfit = Misfit::new("how many chats an agent who has any holds on average: at least 1");
        findings.misfit(&at_concurrency_field, misfit);
        return None;
    }
    Some(Calibration {
        handling_time,
        at_concurrency,
        handling_time_field: handling_time_field?,
        at_concurrency_field,
    })
}

/// A share that topics inherit.
pub(super) fn inherited_share(findings: &mut Findings<'_>, field: &Field) -> Option<Inherited<f64>> {
    let value = findings.share(field)?;
    Some(Inherited { value, text: share_text(value), origin: field.origin })
}

fn inherited_law(
    findings: &mut Findings<'_>,
    field: Field,
    read: fn(&mut Findings<'_>, Field) -> Option<law::Worded>,
) -> Option<Inherited<Law>> {
    let origin = field.origin;
    read(findings, field).map(|worded| Inherited { value: worded.law, text: worded.text, origin })
}

fn inherited_count(findings: &mut Findings<'_>, field: Field) -> Option<Inherited<CountLaw>> {
    let origin = field.origin;
    counts::count(findings, field).map(|worded| Inherited { value: worded.law, text: worded.text, origin })
}

impl<T: Clone> Inherited<T> {
    /// What a topic takes over from its desk, with its row.
    pub(super) fn handed_down(&self, findings: &mut Findings<'_>, section: &Section, name: &str) -> T {
        findings.row(&join(section.path(), name), self.text.clone(), self.origin);
        self.value.clone()
    }
}
