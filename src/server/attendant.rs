//! The synthetic agent who answers people at the page: a client like any other, without a socket.
//!
//! It has a desk, and a run, of its own, so that people never take a slot in a run. It lives in real time, whatever the
//! speed of the server.

use std::collections::BTreeMap;

use super::House;
use super::hall::{ClientId, Parcel};
use crate::base::time::{NANOS, RealMoment, RealSpan};
use crate::wire::ChatId;
use crate::wire::json::frame::{ClientFrame, How, Role, ServerFrame};

/// The run of the page: beyond the 20 bits that a run's number has.
pub(super) const RUN: u32 = 1 << 20;
/// The desk of the page.
pub(super) const DESK: &str = "page";
/// People at once; the others wait.
const SLOTS: u32 = 50;
/// How long it takes to look up, and to type a character: brisker than people, since somebody is watching.
const LOOK_UP: RealSpan = RealSpan::from_nanos(NANOS * 7 / 10);
const CHARACTER: RealSpan = RealSpan::from_nanos(NANOS / 25);

const GREETING: &str = "Hello, this is Ada. I am a program, and I take my time to type. How can I help?";

/// What is said next, whatever it was about.
const ANSWERS: [&str; 5] = [
    "I see. Could you tell me a little more about it?",
    "Thank you. Let me look that up… that should not have happened, I am sorry.",
    "I have made a note of that. Has it happened before?",
    "Understood. In a run, this is where an agent would work on your question while answering two others.",
    "Is there anything else? Say goodbye when you are done.",
];

/// A conversation in hand.
#[derive(Debug, Default)]
struct Talk {
    said: usize,
    /// What is being typed, and when it is done.
    typing: Option<(RealMoment, String)>,
    /// Whether that is the last.
    parting: bool,
}

/// Answers people for as long as the server runs.
pub(super) async fn work(house: House) {
    let (id, mut frames) = house.hall().join(Role::Agent, RUN);
    let (group, skills) = (String::new(), Vec::new());
    let ready =
        ClientFrame::Ready { desk: DESK.into(), group, slots: SLOTS, skills, paced: false, beside: None };
    tell(&house, id, ready);
    let mut talks: BTreeMap<ChatId, Talk> = BTreeMap::new();
    loop {
        let due = talks.values().filter_map(|talk| talk.typing.as_ref().map(|(at, _)| *at)).min();
        tokio::select! {
            parcel = frames.recv() => match parcel {
                Some(Parcel::One(frame)) => hear(&house, id, &mut talks, frame),
                // Many are told the same in rooms alone.
                Some(Parcel::Many(..)) => {}
                // Nobody cuts it off but a flood of messages; then people wait in vain, and the server serves runs.
                None => return std::future::pending().await,
            },
            () = house.clock.until(due.unwrap_or(RealMoment::NEVER)) => answer(&house, id, &mut talks),
        }
    }
}

fn tell(house: &House, id: ClientId, frame: ClientFrame) {
    let now = house.now();
    let heard = house.hall().hear(now, id, frame);
    debug_assert_eq!(heard, Ok(()), "the attendant talks sense");
}

fn hear(house: &House, id: ClientId, talks: &mut BTreeMap<ChatId, Talk>, frame: ServerFrame) {
    let now = house.clock.now();
    match frame {
        ServerFrame::Given { chat, .. } => {
            let typing = Some((now + LOOK_UP, GREETING.into()));
            talks.insert(chat, Talk { typing, ..Talk::default() });
            tell(house, id, ClientFrame::Typing { chat: Some(chat) });
        }
        ServerFrame::Said { chat, text }
            if talks.get_mut(&chat).is_some_and(|talk| talk.consider(now, &text)) =>
        {
            tell(house, id, ClientFrame::Typing { chat: Some(chat) });
        }
        ServerFrame::Left { chat } => {
            talks.remove(&chat);
            tell(house, id, ClientFrame::Close { chat, how: How::Abandoned, free: true, said: None });
        }
        _ => {}
    }
}

/// Sends whatever is typed by now.
fn answer(house: &House, id: ClientId, talks: &mut BTreeMap<ChatId, Talk>) {
    let now = house.clock.now();
    let mut over = Vec::new();
    for (chat, talk) in talks.iter_mut() {
        if let Some((_, text)) = talk.typing.take_if(|(at, _)| *at <= now) {
            tell(house, id, ClientFrame::Say { chat: Some(*chat), text });
            if talk.parting {
                over.push(*chat);
            }
        }
    }
    for chat in over {
        talks.remove(&chat);
        tell(house, id, ClientFrame::Close { chat, how: How::Resolved, free: true, said: None });
    }
}

impl Talk {
    fn begin(&mut self, now: RealMoment, text: String) {
        let typing = RealSpan::from_nanos(CHARACTER.nanos() * text.chars().count() as u64);
        self.typing = Some((now + LOOK_UP + typing, text));
    }

    /// Begins an answer, unless one is being typed already.
    fn consider(&mut self, now: RealMoment, text: &str) -> bool {
        if self.typing.is_some() {
            return false;
        }
        let text = text.to_lowercase();
        if ["bye", "that is all", "that's all", "au revoir"].iter().any(|word| text.contains(word)) {
            self.parting = true;
            self.begin(now, "Thank you for chatting. Goodbye!".into());
            return true;
        }
        let answer = ANSWERS[self.said % ANSWERS.len()];
        self.said += 1;
        self.begin(now, answer.into());
        true
    }
}
