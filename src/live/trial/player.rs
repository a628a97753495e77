//! One of the two: a connection in a dialect, whose frames are shown.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::Stuck;
use super::trace;
use crate::base::time::RealMoment;
use crate::net::clock::Clock;
use crate::net::transport::{ConnectError, Incoming, Line, Target};
use crate::wire::dialect::Dialect;
use crate::wire::messenger::{Act, Event};
use crate::wire::{Codec as _, Input, Output, Transport};

/// See the module.
pub(super) struct Player<'a> {
    pub(super) name: String,
    /// Whether the dialect has words for these.
    pub(super) meets: bool,
    pub(super) composes: bool,
    pub(super) dialect: Dialect,
    pub(super) clock: Clock,
    pub(super) targets: Arc<Vec<Target>>,
    /// The names of the transports.
    pub(super) transports: Arc<Vec<String>>,
    pub(super) lines: Vec<(usize, Line)>,
    /// Why a transport could not be opened.
    pub(super) unreachable: Option<ConnectError>,
    pub(super) to_do: Vec<Output<Event>>,
    pub(super) heard: VecDeque<Event>,
    pub(super) show: &'a dyn Fn(&str),
}

impl Player<'_> {
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
                let shown = trace::answer(&answer);
                let answer = answer.as_ref().map_err(String::as_str);
                self.feed(Input::Answered(transport, number, answer), Some((at, shown))).await;
            }
            Incoming::Closed(code) => {
                let shown =
                    code.map_or_else(|| "closed".to_owned(), |code| format!("closed with code {code}"));
                self.lines.retain(|(known, _)| *known != at);
                self.feed(Input::Closed(transport, code), Some((at, shown))).await;
            }
            Incoming::Nonsense(why) => {
                self.lines.retain(|(known, _)| *known != at);
                self.heard.push_back(Event::Broken { why: why.clone() });
                self.feed(Input::Closed(transport, None), Some((at, why))).await;
            }
        }
    }

    /// What went wrong with this one, if anything did.
    pub(super) fn complain(&mut self) -> Result<(), Stuck> {
        let why = match &self.unreachable {
            Some(error) => Some(format!("cannot reach {error}")),
            None => self.heard.iter().find_map(|event| match event {
                Event::Refused { why } => Some(format!("the server refuses: {why}")),
                Event::Failed { why } => Some(format!("came to nothing: {why}")),
                Event::Broken { why } => Some(format!("makes no sense: {why}")),
                Event::Gone => Some("the connection is gone".to_owned()),
                _ => None,
            }),
        };
        why.map_or(Ok(()), |why| Err(Stuck::new(self.dialect.masked(&format!("{}: {why}", self.name)))))
    }

    /// Hands something in, shows it once the codec knows what of it is secret, and carries out what comes of it.
    async fn feed(&mut self, input: Input<'_, Act>, came: Option<(usize, String)>) {
        self.dialect.handle(self.clock.now(), input, &mut self.to_do);
        if let Some((at, text)) = came {
            let transports = Arc::clone(&self.transports);
            self.say(&transports[at], "←", &text);
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
        let transports = Arc::clone(&self.transports);
        let name = |transport: Transport| transports.get(usize::from(transport.0)).map_or("", String::as_str);
        match output {
            Output::Event(event) => {
                self.say("", "·", &trace::event(&event));
                self.heard.push_back(event);
            }
            Output::Open(transport, opening) => {
                self.say(name(transport), "→", &trace::opening(&opening));
                self.open(usize::from(transport.0), &opening).await;
            }
            Output::Send(transport, text) => {
                self.say(name(transport), "→", &text);
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
                self.say(name(transport), "→", &trace::question(&question));
                if !self.line(transport).is_some_and(|line| line.ask(number, question)) {
                    self.report(Input::Answered(transport, number, Err("there is no connection")));
                }
            }
            Output::Close(transport) => {
                self.say(name(transport), "→", "close");
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
                self.lines.push((at, line));
                self.report(Input::Opened(number(at)));
            }
            Err(error) => {
                let transports = Arc::clone(&self.transports);
                self.say(&transports[at], "←", &error.to_string());
                self.unreachable = Some(error);
                self.report(Input::Closed(number(at), None));
            }
        }
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
