//! One of the two: a connection in a dialect, whose frames are shown.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::rounds::Rounds;
use super::{Stuck, trace};
use crate::base::time::{RealMoment, RealSpan};
use crate::net::clock::Clock;
use crate::net::transport::{ConnectError, ConnectFailure, Incoming, Line, Target};
use crate::scenario::plan::dialect::{Kind, Role, RolePlan};
use crate::wire::dialect::{self, Account, Dialect};
use crate::wire::messenger::{Act, Event};
use crate::wire::{Codec as _, Goodbye, Input, Output, Transport};

/// See the module.
pub(super) struct Player<'a> {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) dialect: Dialect,
    /// What it was told, until somebody takes it in.
    pub(super) heard: VecDeque<Event>,
    server: Arc<dialect::Target>,
    clock: Clock,
    targets: Arc<Vec<Target>>,
    lines: Vec<(usize, Line)>,
    /// Why a transport could not be opened.
    unreachable: Option<ConnectError>,
    rounds: Rounds,
    to_do: Vec<Output<Event>>,
    show: &'a dyn Fn(&str),
}

impl<'a> Player<'a> {
    /// Somebody in this role of what `server` speaks. `seed` is this player's own.
    pub(super) fn new(
        (name, role): (String, Role),
        server: &Arc<dialect::Target>,
        (account, seed): (&Account, u64),
        (clock, targets): (Clock, Arc<Vec<Target>>),
        show: &'a dyn Fn(&str),
    ) -> Self {
        Self {
            name,
            role,
            dialect: Dialect::new(Arc::clone(server), role, account.clone(), seed),
            heard: VecDeque::new(),
            server: Arc::clone(server),
            clock,
            targets,
            lines: Vec::new(),
            unreachable: None,
            rounds: Rounds::default(),
            to_do: Vec::new(),
            show,
        }
    }
}

impl Player<'_> {
    /// Is somebody else from now on, who has not connected yet.
    pub(super) fn become_another(&mut self, account: &Account, seed: u64) {
        self.dialect = Dialect::new(Arc::clone(&self.server), self.role, account.clone(), seed);
    }

    /// What the dialect has for this role.
    pub(super) fn plan(&self) -> &RolePlan {
        &self.server.plan().roles[self.role as usize]
    }

    pub(super) fn is_up(&self) -> bool {
        !self.lines.is_empty()
    }

    pub(super) fn next_deadline(&self) -> Option<RealMoment> {
        self.dialect.next_deadline()
    }

    /// The next that comes, and over which transport.
    pub(super) fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<(usize, Incoming)> {
        for (at, line) in &mut self.lines {
            if let Poll::Ready(came) = line.poll_receive(context) {
                return Poll::Ready((*at, came));
            }
        }
        Poll::Pending
    }

    pub(super) async fn act(&mut self, act: &Act) {
        self.say("", "»", &trace::act(act));
        self.feed(Input::Act(act), None).await;
    }

    pub(super) async fn tick(&mut self) {
        self.feed(Input::Tick, None).await;
    }

    pub(super) async fn take_in(&mut self, at: usize, came: Incoming) {
        let transport = number(at);
        match came {
            Incoming::Frame(text) => {
                self.feed(Input::Frame(transport, text.as_str()), Some((at, text.to_string()))).await;
            }
            // A dialect has no streams.
            Incoming::Bytes(_) => {}
            Incoming::Answer(number, answer) => {
                let (shown, asked, heard) =
                    (trace::answer(&answer), self.rounds.question(at), self.heard.len());
                let told = answer.as_ref().map_err(String::as_str);
                self.feed(Input::Answered(transport, number, told), Some((at, shown))).await;
                if let Ok(answer) = &answer
                    && (200..300).contains(&answer.status)
                {
                    self.rounds.answered(at, &asked, answer, self.heard.len() > heard);
                }
            }
            Incoming::Closed(code) => {
                let words = self.line(transport).map(|line| line.last_words().to_owned()).unwrap_or_default();
                let goodbye = code.map(|code| Goodbye { code, words: &words });
                self.lines.retain(|(known, _)| *known != at);
                self.feed(Input::Closed(transport, goodbye), Some((at, trace::closing(goodbye)))).await;
            }
            Incoming::Nonsense(why) => {
                self.lines.retain(|(known, _)| *known != at);
                self.heard.push_back(Event::Broken { why: why.clone() });
                self.feed(Input::Closed(transport, None), Some((at, why))).await;
            }
        }
    }

    /// What went wrong for this one, if that is what it was told.
    pub(super) fn trouble(&self, event: &Event) -> Option<Stuck> {
        let (what, hint) = match (event, &self.unreachable) {
            (Event::Refused { .. } | Event::Gone(_) | Event::Broken { .. }, Some(error)) => {
                (format!("cannot reach {error}"), Some(remedy(error.kind)))
            }
            (Event::Refused { why }, None) => (format!("the server refuses: {why}"), None),
            (Event::Failed { why }, ..) => (format!("came to nothing: {why}"), of_act(why)),
            (Event::Broken { why }, None) => (format!("makes no sense: {why}"), None),
            (Event::Gone(Some(why)), None) => (format!("the connection is gone: {why}"), None),
            (Event::Gone(None), None) => ("the connection is gone".to_owned(), None),
            _ => return None,
        };
        let why = self.dialect.masked(&format!("{}: {what}", self.name));
        Some(Stuck { why, hint: hint.map(str::to_owned) })
    }

    /// The polls that went round in a circle, and how often.
    pub(super) fn circles(&self) -> impl Iterator<Item = (String, u32)> {
        let named = |(at, times)| (self.transport(number(at)).to_owned(), times);
        self.rounds.circles().map(named)
    }

    /// Says that nothing is to be said for a while.
    pub(super) fn stays(&self, idle: RealSpan) {
        self.say("", "»", &format!("stays connected without a word for {} s", idle.secs()));
    }

    /// Whatever is still open is over.
    pub(super) fn cut_off(&mut self) {
        for (at, _) in std::mem::take(&mut self.lines) {
            self.report(Input::Closed(number(at), None));
        }
        self.to_do.clear();
    }

    /// Hands something in, shows it once the codec knows what of it is secret, and carries out what comes of it.
    async fn feed(&mut self, input: Input<'_, Act>, came: Option<(usize, String)>) {
        self.dialect.handle(self.clock.now(), input, &mut self.to_do);
        if let Some((at, text)) = came {
            self.say(self.transport(number(at)), "←", &text);
        }
        if let Some(rule) = self.dialect.take_left_out() {
            self.say("", "!", &rule);
        }
        while !self.to_do.is_empty() {
            for output in std::mem::take(&mut self.to_do) {
                self.carry_out(output).await;
            }
        }
    }

    fn report(&mut self, input: Input<'_, Act>) {
        self.dialect.handle(self.clock.now(), input, &mut self.to_do);
    }

    async fn carry_out(&mut self, output: Output<Event>) {
        match output {
            Output::Event(event) => {
                self.say("", "·", &trace::event(&event));
                self.heard.push_back(event);
            }
            Output::Open(transport, opening) => {
                self.say(self.transport(transport), "→", &trace::opening(&opening));
                self.open(usize::from(transport.0), &opening).await;
            }
            Output::Send(transport, text) => {
                self.say(self.transport(transport), "→", &text);
                let sent = match self.line(transport) {
                    Some(line) => line.send(text).await.is_ok(),
                    None => false,
                };
                if !sent {
                    self.lines.retain(|(at, _)| *at != usize::from(transport.0));
                    self.report(Input::Closed(transport, None));
                }
            }
            Output::Ask(transport, number, question) => {
                self.say(self.transport(transport), "→", &trace::question(&question));
                let at = usize::from(transport.0);
                if self.server.plan().transports[at].kind == Kind::Poll {
                    self.rounds.asked(at, &question);
                }
                if !self.line(transport).is_some_and(|line| line.ask(number, question)) {
                    self.report(Input::Answered(transport, number, Err("there is no connection")));
                }
            }
            Output::Close(transport) => {
                self.say(self.transport(transport), "→", "close");
                if let Some(line) = self.line(transport)
                    && !line.close().await
                {
                    self.lines.retain(|(at, _)| *at != usize::from(transport.0));
                    self.report(Input::Closed(transport, None));
                }
            }
            // A dialect has no streams.
            Output::Secure(_) => {}
        }
    }

    async fn open(&mut self, at: usize, opening: &crate::base::http::Opening) {
        let targets = Arc::clone(&self.targets);
        let Some(target) = targets.get(at) else { return };
        match target.connect(&self.clock, opening).await {
            Ok((line, _)) => {
                self.lines.retain(|(known, _)| *known != at);
                self.lines.push((at, line));
                self.report(Input::Opened(number(at)));
            }
            Err(error) => {
                self.say(self.transport(number(at)), "←", &error.to_string());
                self.unreachable = Some(error);
                self.report(Input::Closed(number(at), None));
            }
        }
    }

    /// The name of a transport.
    fn transport(&self, transport: Transport) -> &str {
        self.server.plan().transports.get(usize::from(transport.0)).map_or("", |plan| &plan.name)
    }

    fn line(&mut self, transport: Transport) -> Option<&mut Line> {
        self.lines.iter_mut().find(|(at, _)| *at == usize::from(transport.0)).map(|(_, line)| line)
    }

    /// Shows a line: when, who, which way, over what.
    fn say(&self, transport: &str, way: &str, text: &str) {
        let secs = self.clock.now().secs();
        let text = self.dialect.masked(text);
        (self.show)(&format!("{secs:8.3}  {:<8} {way} {transport:<6} {}", self.name, trace::cut(&text)));
    }
}

/// As codecs number transports.
fn number(at: usize) -> Transport {
    Transport(at as u8)
}

/// What helps where a server cannot be reached.
const fn remedy(failure: ConnectFailure) -> &'static str {
    match failure {
        ConnectFailure::Unreachable => "is it running, and listening there?",
        ConnectFailure::Refused => {
            "is that its address, with http:// or https:// as it listens, and are the transport's `path` and `headers` right?"
        }
        ConnectFailure::Untrusted => {
            "an authority of your own is named with --ca-file; --insecure asks for no proof at all"
        }
        ConnectFailure::Exhausted => "close what else has many connections open on this machine",
    }
}

/// What to look at where an act came to nothing, of which `why` begins with its name or its place: at the end of a conversation the server may say so.
fn of_act(why: &str) -> Option<&'static str> {
    (why.starts_with("part:") || why.contains(".part[")).then_some(
        "both sides part when a conversation ends: if that is said to the second of them, it is well (`status: [200, 404]`)",
    )
}
