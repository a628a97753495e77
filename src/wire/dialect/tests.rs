use std::sync::Arc;

use serde_json::json;

use super::super::{Codec as _, Goodbye, Input, Output, Transport};
use super::*;
use crate::base::http::{Answer, Question};
use crate::scenario::dialects;
use crate::scenario::plan::dialect::DialectPlan;

mod answers;
mod engine;
mod hostile;
mod less;
mod lists;
mod shipped;

/// The 27th of November 2026, 00:00 UTC.
const EPOCH: u64 = 1_795_737_600 * 1_000_000_000;

/// A connection, with what it wants done, instant by instant.
struct Talk {
    dialect: Dialect,
    now: RealMoment,
    out: Vec<Output<Event>>,
}

fn millis(ms: u64) -> RealSpan {
    RealSpan::from_nanos(ms * 1_000_000)
}

fn plan(text: &str) -> Arc<DialectPlan> {
    Arc::new(dialects::parse("t.yaml", text).unwrap_or_else(|problems| panic!("{problems}")))
}

fn target(plan: &Arc<DialectPlan>) -> Arc<Target> {
    Arc::new(Target::new(plan, "http://chat.example:8008", &[], EPOCH).unwrap())
}

fn ann() -> Account {
    Account { user: "ann".into(), password: "s3cret-word".into() }
}

impl Talk {
    fn new(dialect: Dialect) -> Self {
        Self { dialect, now: RealMoment::ZERO, out: Vec::new() }
    }

    /// Of a dialect in a text.
    fn of(text: &str, role: Role) -> Self {
        Self::new(Dialect::new(target(&plan(text)), role, ann(), 7))
    }

    fn input(&mut self, input: Input<'_, Act>) -> &mut Self {
        self.dialect.handle(self.now, input, &mut self.out);
        self
    }

    fn act(&mut self, act: &Act) -> &mut Self {
        self.input(Input::Act(act))
    }

    fn tell(&mut self, peer: &str, text: &str) -> &mut Self {
        self.act(&Act::Tell { peer: peer.into(), text: text.into() })
    }

    fn opened(&mut self, at: u8) -> &mut Self {
        self.input(Input::Opened(Transport(at)))
    }

    fn frame(&mut self, at: u8, text: &str) -> &mut Self {
        self.input(Input::Frame(Transport(at), text))
    }

    fn closed(&mut self, at: u8, code: Option<u16>) -> &mut Self {
        self.input(Input::Closed(Transport(at), code.map(|code| Goodbye { code, words: "" })))
    }

    /// Answers the question that is out on this transport, whose number is the last asked there.
    fn answer(
        &mut self,
        at: u8,
        number: u32,
        status: u16,
        headers: &[(&str, &str)],
        body: &str,
    ) -> &mut Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let answer = Answer { status, headers, body: body.as_bytes().to_vec() };
        self.input(Input::Answered(Transport(at), number, Ok(&answer)))
    }

    /// Lets the time of the next deadline come.
    fn wait(&mut self) -> &mut Self {
        self.now = self.dialect.next_deadline().expect("there is a deadline").max(self.now);
        self.input(Input::Tick)
    }

    fn taken(&mut self) -> Vec<Output<Event>> {
        std::mem::take(&mut self.out)
    }

    /// The events among what it wants done; the rest is dropped.
    fn events(&mut self) -> Vec<Event> {
        let events = self.taken().into_iter().filter_map(|output| match output {
            Output::Event(event) => Some(event),
            _ => None,
        });
        events.collect()
    }

    /// The frames that it sends; the rest is dropped.
    fn sent(&mut self) -> Vec<String> {
        let sent = self.taken().into_iter().filter_map(|output| match output {
            Output::Send(_, text) => Some(text),
            _ => None,
        });
        sent.collect()
    }

    /// The one question that it asks, with its number; there is nothing else.
    fn asked(&mut self) -> (u32, Question) {
        let mut out = self.taken();
        match out.pop() {
            Some(Output::Ask(_, number, question)) if out.is_empty() => (number, question),
            other => panic!("{other:?} after {out:?}"),
        }
    }
}

fn told(peer: &str, text: &str) -> Event {
    Event::Told { peer: peer.into(), text: text.into() }
}

/// Logged in, in a dialect that says who types.
fn welcome_typist(address: &str) -> Event {
    Event::Welcome { address: address.into(), typing: true }
}

fn welcome(address: &str) -> Event {
    Event::Welcome { address: address.into(), typing: false }
}

fn header<'a>(question: &'a Question, name: &str) -> Option<&'a str> {
    question.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn body(question: &Question) -> Value {
    question.body.as_deref().map_or(json!(null), |body| serde_json::from_str(body).unwrap())
}
