//! The thinking time that a desk's chats imply: `calibrate` says how long a chat lasts at what concurrency, two figures
//! that every desk knows, and all but the thinking is given.
//!
//! A chat lasts from assignment until its slot is free: accepting, replies that wait for the agent's one attention, reading,
//! thinking and typing in between, wrapping up. It is averaged over the topics and played to the visitor's end: chats that
//! are walked out of are shorter. See [`super::cycle`] for the waiting; replies are taken as exponential, agents as writing
//! alike.

use super::Findings;
use super::conversation::Calibration;
use super::cycle::Chat;
use super::escalation::Settled;
use crate::base::dist::Law;
use crate::base::time::Span;
use crate::scenario::plan::{Content, DevicePlan, GroupPlan, MannersPlan, TalkPlan};
use crate::scenario::quantity::{Misfit, duration_text, plain};

/// Scales every topic's thinking, so that a chat lasts as long as is known. The law of the thinking keeps its shape.
pub(super) fn calibrate(
    findings: &mut Findings<'_>,
    calibration: &Calibration,
    settled: &mut Settled,
    desk: &str,
    devices: &[DevicePlan],
    manners: &MannersPlan,
    groups: &[GroupPlan],
) -> Option<()> {
    let held = calibration.at_concurrency;
    let most = groups.iter().map(|group| group.concurrency).max().unwrap_or(1);
    if held > f64::from(most) {
        let misfit = Misfit::new(&format!("at most {most}, the chats that an agent holds here"));
        findings
            .misfit(&calibration.at_concurrency_field, misfit.hint("or raise the concurrency of the agents"));
        return None;
    }
    if let Some(factor) = findings.source.held.thinking.get(desk).copied() {
        scale(findings, calibration, settled, desk, factor);
        return Some(());
    }
    let (chat, think_secs) = mean_chat(settled, devices, manners);
    let field = &calibration.handling_time_field;
    if think_secs <= 0.0 {
        let misfit = Misfit::new("a conversation in which visitors think: a time to solve");
        findings.misfit(field, misfit.hint("more than one exchange, and think: {exponential: {mean: 10s}}"));
        return None;
    }
    let Some(factor) = chat.thinking(think_secs, calibration.handling_time.secs(), held) else {
        let least = Chat { visitor_secs: chat.visitor_secs - think_secs, ..chat }.secs(held);
        let least = Span::from_whole_secs(least.ceil() as u64);
        let expected = format!("more than {}, what a chat takes without any thinking", duration_text(least));
        let hint = format!(
            "at a concurrency of {} nothing shorter is possible: fewer exchanges or words, faster typing or more canned \
             replies would make it so",
            plain(held)
        );
        findings.misfit(field, Misfit::new(&expected).hint(hint));
        return None;
    };
    scale(findings, calibration, settled, desk, factor);
    Some(())
}

/// Everybody thinks so many times as long.
fn scale(
    findings: &mut Findings<'_>,
    calibration: &Calibration,
    settled: &mut Settled,
    desk: &str,
    factor: f64,
) {
    for topic in &mut settled.topics {
        if let Content::Talk(talk) = &mut topic.content
            && talk.think.mean() > 0.0
        {
            talk.think = talk.think.scaled(factor);
        }
    }
    findings.solved.thinking.insert(desk.to_owned(), factor);
    let field = &calibration.handling_time_field;
    let path = field.path.replace(".handling_time", ".think");
    let shown: f64 = format!("{factor:.3e}").parse().unwrap_or(factor);
    findings.row(&path, format!("{} times as long, solved", plain(shown)), field.origin);
}

/// A chat, averaged over the topics, and how long its visitor thinks.
fn mean_chat(settled: &Settled, devices: &[DevicePlan], manners: &MannersPlan) -> (Chat, f64) {
    let mean = |law: &Option<Law>| law.as_ref().map_or(0.0, Law::mean);
    let secs_per_word: f64 = devices.iter().map(|device| device.share / device.words_per_sec).sum();
    let (mut replies, mut attention, mut think, mut typing) = (0.0, 0.0, 0.0, 0.0);
    for (topic, played) in settled.topics.iter().zip(&settled.played) {
        let Content::Talk(talk) = &topic.content else { continue };
        replies += topic.share * played;
        attention += topic.share * attention_secs(talk, *played, topic.escalation);
        // The opening question comes with the request: one turn less than there are replies.
        think += topic.share * (played - 1.0) * talk.think.mean();
        typing += topic.share * (played - 1.0) * talk.words.mean() * secs_per_word;
    }
    let chat = Chat {
        replies,
        reply_secs: attention / replies,
        visitor_secs: think + typing,
        around_secs: mean(&manners.accept) + mean(&manners.wrap_up),
    };
    (chat, think)
}

/// What the replies of a chat take: the last of those that escalate is a hand-over.
fn attention_secs(talk: &TalkPlan, played: f64, escalated: f64) -> f64 {
    let reply = talk.mean_work_secs() / talk.exchanges.mean();
    (played - escalated) * reply + escalated * talk.canned_time.mean()
}
