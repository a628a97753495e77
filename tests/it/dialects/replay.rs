//! A transcript of real people on a real server, played again to the codec: it has to say what they said, to the letter, and is told
//! what they were told.
//!
//! A line is `{who, direction, transport, …}`. Of what was received only what matters is there, and secrets have other names.

use std::collections::VecDeque;
use std::sync::Arc;

use causerie::base::time::RealMoment;
use causerie::scenario::dialects;
use causerie::scenario::plan::dialect::Role;
use causerie::wire::dialect::{Account, Dialect, Target};
use causerie::wire::http::{Answer, Opening, Question};
use causerie::wire::messenger::{Act, Event};
use causerie::wire::{Codec as _, Goodbye, Input, Output, Transport};
use serde_json::Value;

/// The 27th of November 2026, 08:00 UTC.
const EPOCH: u64 = 1_795_766_400 * 1_000_000_000;

/// The lines of a transcript.
pub(super) fn lines(transcript: &str) -> Vec<Value> {
    transcript.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Somebody of whom there is a transcript. HTTP is the dialect's first transport, its WebSocket the second.
pub(super) struct Person {
    who: &'static str,
    dialect: Dialect,
    now: RealMoment,
    acts: VecDeque<Act>,
    /// What the codec wants done and the transcript has not come to.
    wanted: VecDeque<Output<Event>>,
    /// The question that is out.
    asked: Option<(Transport, u32)>,
    events: Vec<Event>,
}

impl Person {
    /// Who does all this, each as soon as the transcript has something that only an act can be the cause of.
    pub(super) fn new(dialect: &str, role: Role, who: &'static str, user: &str, acts: Vec<Act>) -> Self {
        let plan = Arc::new(dialects::load(dialect).unwrap_or_else(|problems| panic!("{problems}")));
        let target = Arc::new(Target::new(&plan, "http://odoo.example", &[], EPOCH).unwrap());
        let account = Account { user: user.into(), password: "PASSWORD".into() };
        Self {
            who,
            dialect: Dialect::new(target, role, account, 7),
            now: RealMoment::ZERO,
            acts: acts.into(),
            wanted: VecDeque::new(),
            asked: None,
            events: Vec::new(),
        }
    }

    /// Plays the lines that are this person's.
    pub(super) fn play(&mut self, lines: &[Value]) {
        let who = self.who;
        for line in lines.iter().filter(|line| line["who"] == who) {
            match line["direction"].as_str() {
                Some("sent") => self.says(line),
                _ => self.hears(line),
            }
        }
    }

    /// What the person was told, but that a message was taken in; nothing is left that the person was to do or to say.
    pub(super) fn told(mut self) -> Vec<Event> {
        while let Some(act) = self.acts.pop_front() {
            self.input(Input::Act(&act));
        }
        assert!(self.wanted.is_empty(), "{}: {:?} is not in the transcript", self.who, self.wanted);
        self.events.retain(|event| !matches!(event, Event::TakenIn { .. }));
        self.events
    }

    fn input(&mut self, input: Input<'_, Act>) {
        let mut out = Vec::new();
        self.dialect.handle(self.now, input, &mut out);
        for output in out {
            match output {
                Output::Event(event) => self.events.push(event),
                Output::Open(transport, _) if transport == Transport(0) => {
                    self.input(Input::Opened(transport));
                }
                Output::Close(_) => {}
                output => self.wanted.push_back(output),
            }
        }
    }

    /// The codec says the next thing that was said over this transport; if need be because the person acts, or time goes by.
    fn says(&mut self, line: &Value) {
        let is_http = line["transport"] == "http";
        let next = |wanted: &VecDeque<Output<Event>>| {
            wanted.iter().position(|one| matches!(one, Output::Ask(..)) == is_http)
        };
        let at = loop {
            if let Some(at) = next(&self.wanted) {
                break at;
            }
            match self.acts.pop_front() {
                Some(act) => self.input(Input::Act(&act)),
                None => {
                    let due = self.dialect.next_deadline();
                    self.now = due.unwrap_or_else(|| panic!("nothing comes to {line}"));
                    self.input(Input::Tick);
                }
            }
        };
        match self.wanted.remove(at).expect("it was found") {
            Output::Ask(transport, number, question) => {
                assert_asks(&question, line);
                self.asked = Some((transport, number));
            }
            Output::Open(transport, opening) => {
                assert_opens(&opening, line);
                self.input(Input::Opened(transport));
            }
            Output::Send(_, text) => {
                let frame: Value = serde_json::from_str(&text).unwrap();
                assert_eq!((&frame, "websocket"), (&line["body"], line["transport"].as_str().unwrap()));
            }
            other => panic!("{other:?} instead of {line}"),
        }
    }

    fn hears(&mut self, line: &Value) {
        if line["transport"] == "http" {
            let cookies = line["headers"]["Set-Cookie"].as_array().into_iter().flatten();
            let headers = cookies.map(|value| ("set-cookie".to_owned(), value.as_str().unwrap().to_owned()));
            let status = line["status"].as_u64().unwrap().try_into().unwrap();
            let answer =
                Answer { status, headers: headers.collect(), body: line["body"].to_string().into_bytes() };
            let (transport, number) = self.asked.take().expect("a question");
            self.input(Input::Answered(transport, number, Ok(&answer)));
        } else if let Some(code) = line["close"].as_u64() {
            let goodbye = Goodbye { code: code.try_into().unwrap(), words: "" };
            self.input(Input::Closed(Transport(1), Some(goodbye)));
        } else {
            self.input(Input::Frame(Transport(1), &line["body"].to_string()));
        }
    }
}

fn assert_asks(question: &Question, line: &Value) {
    let body: Value =
        question.body.as_deref().map_or(Value::Null, |body| serde_json::from_str(body).unwrap());
    let asked = (question.method.as_str(), question.path.as_str(), &body);
    assert_eq!(asked, (line["method"].as_str().unwrap(), line["path"].as_str().unwrap(), &line["body"]));
}

fn assert_opens(opening: &Opening, line: &Value) {
    assert_eq!(opening.path.as_deref(), line["path"].as_str());
    let value = |name: &str| {
        let header = opening.headers.iter().find(|(known, _)| known == name);
        header
            .map(|(_, value)| value.split("; ").map(str::to_owned).collect::<std::collections::BTreeSet<_>>())
    };
    for (name, expected) in line["headers"].as_object().unwrap() {
        let expected = expected.as_str().unwrap().split("; ").map(str::to_owned).collect();
        assert_eq!(value(name), Some(expected), "{name}");
    }
}
