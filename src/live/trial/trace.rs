//! What happens on a connection, in a line each.

use crate::base::http::{Answer, Opening, Question};
use crate::wire::Goodbye;
use crate::wire::messenger::{Act, Event};

/// Characters of a line's text at the most.
const LONGEST: usize = 1_500;
/// Headers that show who somebody is.
const SECRET: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];

/// No longer than is read.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}

fn headers(headers: &[(String, String)]) -> String {
    let one = |(name, value): &(String, String)| {
        let hidden = SECRET.iter().any(|secret| name.eq_ignore_ascii_case(secret));
        format!(" {name}: {}", if hidden { "***" } else { value })
    };
    headers.iter().map(one).collect::<Vec<_>>().join(",")
}

pub(super) fn opening(opening: &Opening) -> String {
    format!("open {}{}", opening.path.as_deref().unwrap_or_default(), headers(&opening.headers))
}

pub(super) fn question(question: &Question) -> String {
    let body = question.body.as_deref().map(|body| format!("  {body}")).unwrap_or_default();
    format!("{} {}{}{body}", question.method, question.path, headers(&question.headers))
}

pub(super) fn answer(answer: &Result<Answer, String>) -> String {
    match answer {
        Ok(answer) => format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body)),
        Err(why) => format!("no answer: {why}"),
    }
}

/// How a transport was closed, and with which words.
pub(super) fn closing(goodbye: Option<Goodbye<'_>>) -> String {
    goodbye.map_or_else(|| "closed the connection".to_owned(), |goodbye| goodbye.to_string())
}

pub(super) fn act(act: &Act) -> String {
    match act {
        Act::Connect => "connect".to_owned(),
        Act::Disconnect => "disconnect".to_owned(),
        Act::Tell { peer, text } => format!("tell {peer}: {text}"),
        Act::Compose { peer } => format!("compose to {peer}"),
        Act::Meet { peer } => format!("meet {peer}"),
        Act::Part { peer } => format!("part with {peer}"),
        Act::Open { text, .. } => format!("open: {text}"),
        Act::Ready { slots } => format!("ready for {slots} at once"),
        Act::Rest => "rest".to_owned(),
        Act::Enter { room } => format!("enter {room}"),
        Act::Post { text } => format!("post: {text}"),
        Act::Leave => "leave".to_owned(),
        Act::Ask => "ask what was taken in".to_owned(),
    }
}

pub(super) fn event(event: &Event) -> String {
    match event {
        Event::Welcome { address, .. } => format!("welcome, reached at {address}"),
        Event::Refused { why } => format!("refused: {why}"),
        Event::Throttled { why, retry_after: Some(wait) } => {
            format!("throttled for {} s: {why}", wait.secs())
        }
        Event::Throttled { why, retry_after: None } => format!("throttled: {why}"),
        Event::TakenIn { .. } => "taken in".to_owned(),
        Event::Unanswered { .. } => "gone before it said whether it had taken that in".to_owned(),
        Event::PutOff { .. } => "done at last, after it was throttled".to_owned(),
        Event::Withheld { .. } => "told at last, after it was throttled".to_owned(),
        Event::Queued { waiting: Some(waiting) } => format!("queued, {waiting} waiting"),
        Event::Queued { waiting: None } => "queued".to_owned(),
        Event::Assigned { peer } => format!("assigned, talks to {peer}"),
        Event::Given { peer } => format!("given {peer}"),
        Event::Left { peer } => format!("{peer} left"),
        Event::Closed { peer } => format!("{peer} is closed"),
        Event::OnDuty => "on duty".to_owned(),
        Event::Typing { peer } => format!("{peer} types"),
        Event::Told { peer, text } => format!("told by {peer}: {text}"),
        Event::Entered { others } => format!("in the room, with {others} others"),
        Event::Joined => "somebody joined".to_owned(),
        Event::Parted => "somebody left".to_owned(),
        Event::Posted { text } => format!("posted: {text}"),
        Event::Failed { why } => format!("failed: {why}"),
        Event::Gone(None) => "the connection is gone".to_owned(),
        Event::Gone(Some(why)) => format!("the connection is gone: {why}"),
        Event::Broken { why } => format!("broken: {why}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_show_who_somebody_is_are_hidden() {
        let question = Question {
            method: "POST".into(),
            path: "/x".into(),
            headers: [("Authorization", "Bearer t"), ("cookie", "sid=1"), ("X-Kind", "a")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
            body: Some("{}".into()),
        };
        assert_eq!(self::question(&question), "POST /x Authorization: ***, cookie: ***, X-Kind: a  {}");
    }

    #[test]
    fn long_texts_are_cut() {
        let long = "é".repeat(LONGEST + 1);
        assert!(cut(&long).ends_with("… (3002 bytes)"));
        assert_eq!(cut("short"), "short");
    }
}
