//! A person's connection: a codec, and the transports that it asks for.

use std::collections::VecDeque;
use std::fmt;
use std::future::{pending, poll_fn};
use std::sync::Arc;
use std::task::Poll;

use super::accounts::Lease;
use super::voices::{Mute, Voices, Who};
use crate::base::http::{Opening, Question};
use crate::base::time::{RealMoment, RealSpan};
use crate::metrics::tally::Failure;
use crate::net::clock::Clock;
use crate::net::transport::{ConnectError, ConnectFailure, Incoming, Line, Stages, Target};
use crate::wire::{Act, Codec, Event, Goodbye, Input, Output, Transport};

/// How long the peer's goodbye is waited for: answers come before it, and one that is held back shows by then (`promptness`).
const GOODBYE: RealSpan = RealSpan::from_nanos(2_500_000_000);

/// Complaints of a server at the most that nothing was done for, and for each thing that is done: one that complains more does so
/// without end.
const COMPLAINTS: u32 = 1_000;
const COMPLAINTS_EACH: u32 = 10;

/// A codec of everything that people do.
pub(super) type Voice = dyn Codec<Act = Act, Event = Event> + Send;

/// Where the transports of everybody's codecs lead.
#[derive(Debug, Default)]
pub(super) struct Targets(Vec<(Transport, Target)>);

impl Targets {
    pub(super) fn new(targets: Vec<(Transport, Target)>) -> Self {
        Self(targets)
    }

    fn of(&self, transport: Transport) -> Option<&Target> {
        self.0.iter().find(|(number, _)| *number == transport).map(|(_, target)| target)
    }

    /// The host and port of the server.
    pub(super) fn host(&self) -> String {
        self.0.first().map(|(_, target)| target.host()).unwrap_or_default()
    }
}

/// How long each stage of connecting took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connected {
    /// Of the transport that was opened first, if one was.
    pub(super) stages: Option<Stages>,
    /// From the greeting to its answer; nothing, where the server has put it off, because it wanted less of it.
    pub(super) login: Option<RealSpan>,
    /// Whether this goes on where an earlier connection broke.
    pub(super) resumed: bool,
}

/// Why there is no connection.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    /// A transport could not be opened.
    Transport(ConnectError),
    /// The server said that it will not have us.
    Refused(String),
    /// The server said that it will not have so many of us, or not so fast.
    Throttled(String),
    /// The server made no sense.
    Protocol(String),
    /// The connection broke off before it answered; why, where that is known.
    HungUp(Option<String>),
    /// Every account that we have there is in use.
    NoAccount,
}

impl Trouble {
    /// As what it is counted; `None` when it is the generator's own lack of sockets or accounts.
    pub(super) fn failure(&self) -> Option<Failure> {
        match self {
            Self::Transport(error) => match error.kind {
                ConnectFailure::Unreachable => Some(Failure::Connect),
                ConnectFailure::Refused | ConnectFailure::Untrusted => Some(Failure::Refused),
                ConnectFailure::Exhausted => None,
            },
            Self::Refused(_) => Some(Failure::Refused),
            Self::Throttled(_) => Some(Failure::Throttled),
            Self::Protocol(_) => Some(Failure::Protocol),
            Self::HungUp(_) => Some(Failure::Disconnected),
            Self::NoAccount => None,
        }
    }
}

/// A connection that may come and go.
pub(super) struct Link {
    clock: Clock,
    targets: Arc<Targets>,
    voices: Arc<Voices>,
    who: Who,
    /// From the first connection on.
    codec: Option<Box<Voice>>,
    lease: Option<Lease>,
    lines: Vec<(Transport, Line)>,
    /// How long the transport took that was opened first, or why one did not open.
    opening: Option<Result<Stages, ConnectError>>,
    /// How long it took to agree upon TLS in the middle of the login.
    secured: Option<RealSpan>,
    to_do: Vec<Output>,
    events: VecDeque<(RealMoment, Event)>,
    /// How many complaints of the server are borne yet.
    borne: u32,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("codec", &self.codec).field("lines", &self.lines).finish_non_exhaustive()
    }
}

impl Link {
    pub(super) fn new(clock: Clock, targets: Arc<Targets>, voices: Arc<Voices>, who: Who) -> Self {
        let (lines, to_do, events) = (Vec::new(), Vec::new(), VecDeque::new());
        let (codec, lease, opening, secured) = (None, None, None, None);
        let borne = COMPLAINTS;
        Self { clock, targets, voices, who, codec, lease, lines, opening, secured, to_do, events, borne }
    }

    /// The link of somebody with a codec of their own.
    pub(super) fn of(clock: Clock, targets: Arc<Targets>, voices: Arc<Voices>, codec: Box<Voice>) -> Self {
        Self { codec: Some(codec), ..Self::new(clock, targets, voices, Who::Guest) }
    }

    /// Who connects.
    pub(super) fn who(&self) -> Who {
        self.who
    }

    /// Gives whoever connects for the first time a codec, and an account.
    fn speak(&mut self) -> Result<(), Trouble> {
        if self.codec.is_none() {
            let (codec, lease) = self.voices.voice(self.who).map_err(|mute| match mute {
                Mute::NoAccount => Trouble::NoAccount,
                Mute::Impossible(why) => Trouble::Refused(why),
            })?;
            (self.codec, self.lease) = (Some(codec), lease);
        }
        Ok(())
    }

    fn tell(&mut self, now: RealMoment, input: Input<'_>) {
        if let Some(codec) = &mut self.codec {
            codec.handle(now, input, &mut self.to_do);
        }
    }

    /// Whether there is a connection.
    pub(super) fn is_up(&self) -> bool {
        !self.lines.is_empty()
    }

    /// Connects and greets.
    pub(super) async fn connect(&mut self) -> Result<Connected, Trouble> {
        self.events.clear();
        (self.opening, self.secured, self.borne) = (None, None, COMPLAINTS);
        self.speak()?;
        self.feed(Input::Act(&Act::Connect)).await;
        let opened = self.clock.now();
        // A codec may wait and ask again; where it does not, that is why nothing comes of it.
        let mut throttled = None;
        let trouble = loop {
            if let Some(Err(error)) = self.opening.take_if(|opening| opening.is_err()) {
                break Trouble::Transport(error);
            }
            match self.events.pop_front() {
                None => self.hear_before_deadline().await,
                Some((
                    _,
                    Event::TakenIn { .. }
                    | Event::Unanswered { .. }
                    | Event::PutOff { .. }
                    | Event::Withheld { .. },
                )) => {}
                Some((at, Event::Throttled { why })) => throttled = Some((at, why)),
                // A codec may have nothing to open before it has something to say.
                Some((at, Event::Welcome { resumed })) => {
                    let mut stages = self.opening.take().and_then(Result::ok);
                    if let (Some(stages), Some(_)) = (&mut stages, self.secured) {
                        stages.tls = self.secured;
                    }
                    let secured = self.secured.unwrap_or(RealSpan::ZERO);
                    let login = throttled.is_none().then(|| at.since(opened + secured));
                    if let Some((at, why)) = throttled {
                        self.events.push_front((at, Event::Throttled { why }));
                    }
                    return Ok(Connected { stages, login, resumed });
                }
                Some((_, Event::Refused { why })) => break Trouble::Refused(why),
                Some((_, Event::Broken { why })) => break Trouble::Protocol(why),
                Some((_, Event::Gone(why))) => break Trouble::HungUp(why),
                Some(_) => break Trouble::HungUp(None),
            }
        };
        self.drop_connection();
        Err(throttled.map_or(trouble, |(_, why)| Trouble::Throttled(why)))
    }

    /// Forgets the connection, and whatever it said that was not taken out yet.
    pub(super) fn drop_connection(&mut self) {
        let now = self.clock.now();
        for (transport, _) in std::mem::take(&mut self.lines) {
            self.tell(now, Input::Closed(transport, None));
        }
        self.to_do.clear();
        self.events.clear();
    }

    /// Takes in what comes next, if anything does before the codec's deadline.
    pub(super) async fn hear_before_deadline(&mut self) {
        let deadline = self.next_deadline();
        let clock = self.clock.clone();
        tokio::select! {
            came = self.receive() => self.take_in(came).await,
            () = clock.until(deadline) => self.tick().await,
        }
    }

    /// When [`Self::tick`] is due; never, where it is not.
    pub(super) fn next_deadline(&self) -> RealMoment {
        self.codec.as_ref().and_then(|codec| codec.next_deadline()).unwrap_or(RealMoment::NEVER)
    }

    /// The codec's deadline has come.
    pub(super) async fn tick(&mut self) {
        self.feed(Input::Tick).await;
    }

    /// Does what the person does.
    pub(super) async fn act(&mut self, act: &Act) {
        self.borne = self.borne.saturating_add(COMPLAINTS_EACH);
        self.feed(Input::Act(act)).await;
    }

    /// What comes next, and over which transport. Never, while there is none. May be dropped and called again.
    pub(super) async fn receive(&mut self) -> (Transport, Incoming) {
        if self.lines.is_empty() {
            return pending().await;
        }
        poll_fn(|context| {
            for (transport, line) in &mut self.lines {
                if let Poll::Ready(came) = line.poll_receive(context) {
                    return Poll::Ready((*transport, came));
                }
            }
            Poll::Pending
        })
        .await
    }

    /// Takes in what [`Self::receive`] gave.
    pub(super) async fn take_in(&mut self, (transport, came): (Transport, Incoming)) {
        match came {
            Incoming::Frame(text) => self.feed(Input::Frame(transport, text.as_str())).await,
            Incoming::Bytes(bytes) => self.feed(Input::Bytes(transport, &bytes)).await,
            Incoming::Answer(number, answer) => {
                let answer = answer.as_ref().map_err(String::as_str);
                self.feed(Input::Answered(transport, number, answer)).await;
            }
            Incoming::Closed(code) => {
                let line = self.remove(transport);
                let words = line.as_ref().map_or("", Line::last_words);
                let goodbye = code.map(|code| Goodbye { code, words });
                self.feed(Input::Closed(transport, goodbye)).await;
            }
            Incoming::Nonsense(why) => {
                self.remove(transport);
                self.events.push_back((self.clock.now(), Event::Broken { why }));
                self.feed(Input::Closed(transport, None)).await;
            }
        }
    }

    /// When the next event was read, if there is one.
    pub(super) fn next_event_at(&self) -> Option<RealMoment> {
        self.events.front().map(|(at, _)| *at)
    }

    /// The next event, and when it was read.
    pub(super) fn next_event(&mut self) -> Option<(RealMoment, Event)> {
        self.events.pop_front()
    }

    /// Hangs up, and waits a moment for what was on its way: those events are there afterwards. Whether that was all, up to
    /// the peer's goodbye.
    pub(super) async fn disconnect(&mut self, by: RealMoment) -> bool {
        self.feed(Input::Act(&Act::Disconnect)).await;
        let clock = self.clock.clone();
        let goodbye = async {
            while self.is_up() {
                self.hear_before_deadline().await;
            }
        };
        tokio::select! {
            () = goodbye => {}
            () = clock.until(by.min(clock.now() + GOODBYE)) => {}
        }
        let whole = !self.is_up();
        let now = self.clock.now();
        for (transport, _) in std::mem::take(&mut self.lines) {
            self.tell(now, Input::Closed(transport, None));
        }
        // Nothing is begun any more.
        for output in std::mem::take(&mut self.to_do) {
            if let Output::Event(event) = output {
                self.hear(now, event);
            }
        }
        whole
    }

    fn remove(&mut self, transport: Transport) -> Option<Line> {
        let at = self.lines.iter().position(|(number, _)| *number == transport)?;
        Some(self.lines.remove(at).1)
    }

    fn line(&mut self, transport: Transport) -> Option<&mut Line> {
        self.lines.iter_mut().find(|(number, _)| *number == transport).map(|(_, line)| line)
    }

    async fn feed(&mut self, input: Input<'_>) {
        let now = self.clock.now();
        self.tell(now, input);
        while !self.to_do.is_empty() {
            for output in std::mem::take(&mut self.to_do) {
                self.carry_out(now, output).await;
            }
        }
    }

    /// Tells the codec what came of what it wanted done.
    fn report(&mut self, input: Input<'_>) {
        self.tell(self.clock.now(), input);
    }

    /// The codec tells something. Complaints are not borne without end: who hears of that gives the connection up.
    fn hear(&mut self, now: RealMoment, event: Event) {
        let event = match event {
            Event::Failed { .. } | Event::Throttled { .. } if self.borne == 0 => return,
            Event::Failed { .. } | Event::Throttled { .. } => {
                self.borne -= 1;
                match self.borne {
                    0 => Event::Broken { why: "it complains without end".into() },
                    _ => event,
                }
            }
            event => event,
        };
        self.events.push_back((now, event));
    }

    async fn carry_out(&mut self, now: RealMoment, output: Output) {
        match output {
            Output::Event(event) => self.hear(now, event),
            Output::Open(transport, opening) => self.open(transport, &opening).await,
            Output::Secure(transport) => self.secure(transport).await,
            Output::Send(transport, text) => {
                let Some(line) = self.line(transport) else { return };
                if line.send(text).await.is_err() {
                    self.remove(transport);
                    self.report(Input::Closed(transport, None));
                }
            }
            Output::Ask(transport, number, question) => self.ask(transport, number, question),
            Output::Close(transport) => {
                if let Some(line) = self.line(transport)
                    && !line.close().await
                {
                    self.remove(transport);
                    self.report(Input::Closed(transport, None));
                }
            }
        }
    }

    async fn open(&mut self, transport: Transport, opening: &Opening) {
        let targets = self.targets.clone();
        let Some(target) = targets.of(transport) else {
            return self.report(Input::Closed(transport, None));
        };
        match target.connect(&self.clock, opening).await {
            Ok((line, stages)) => {
                self.remove(transport);
                self.lines.push((transport, line));
                self.opening.get_or_insert(Ok(stages));
                self.report(Input::Opened(transport));
            }
            Err(error) => self.fail(transport, error),
        }
    }

    async fn secure(&mut self, transport: Transport) {
        let targets = self.targets.clone();
        let began = self.clock.now();
        let (Some(target), Some(line)) = (targets.of(transport), self.line(transport)) else { return };
        match target.secure(line).await {
            Ok(()) => {
                self.secured = Some(self.clock.now().since(began));
                self.report(Input::Secured(transport));
            }
            Err(error) => self.fail(transport, error),
        }
    }

    fn fail(&mut self, transport: Transport, error: ConnectError) {
        self.remove(transport);
        self.opening = Some(Err(error));
        self.report(Input::Closed(transport, None));
    }

    /// Who is asked over what is not open any more gives no answer.
    fn ask(&mut self, transport: Transport, number: u32, question: Question) {
        if !self.line(transport).is_some_and(|line| line.ask(number, question)) {
            self.report(Input::Answered(transport, number, Err("there is no connection")));
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use futures_util::StreamExt;
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;
    use tokio_tungstenite::accept_async;

    use super::super::stage::tests::stage;
    use super::*;

    /// What comes of connecting to a server that answers the greeting with these bytes, and goes.
    async fn answered(bytes: &'static [u8]) -> Result<Connected, Trouble> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (stage, _notes, _curtain) = stage(&format!("ws://{}", listener.local_addr().unwrap()));
        let serving = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut socket = accept_async(stream).await.unwrap();
            socket.next().await.unwrap().unwrap();
            socket.get_mut().write_all(bytes).await.unwrap();
        });
        let connected = stage.link(Who::Visitor).connect().await;
        serving.await.unwrap();
        connected
    }

    #[tokio::test]
    async fn what_no_websocket_carries_is_no_hang_up() {
        for bytes in [&b"\x81\x01\xff"[..], b"\x81\x7f\0\0\0\0\0\x04\x93\xe0", b"\xf1\0"] {
            let trouble = answered(bytes).await.unwrap_err();
            assert_eq!(trouble.failure(), Some(Failure::Protocol), "{trouble:?}");
        }
        let trouble = answered(b"\x88\0").await.unwrap_err();
        assert_eq!(trouble.failure(), Some(Failure::Disconnected), "{trouble:?}");
    }

    /// A codec whose server complains a thousand times at each tick.
    #[derive(Debug)]
    struct Complained;

    impl Codec for Complained {
        type Act = Act;
        type Event = Event;

        fn handle(&mut self, _now: RealMoment, input: Input<'_>, out: &mut Vec<Output>) {
            if let Input::Tick = input {
                let complaint = |number| match number % 2 {
                    0 => Event::Failed { why: "no".into() },
                    _ => Event::Throttled { why: "no".into() },
                };
                out.extend((0..1_000).map(|number| Output::Event(complaint(number))));
            }
        }

        fn next_deadline(&self) -> Option<RealMoment> {
            None
        }
    }

    /// A codec whose server tells this when something is done first.
    #[derive(Debug)]
    pub(in super::super) struct Tells(pub(in super::super) Vec<Event>);

    impl Codec for Tells {
        type Act = Act;
        type Event = Event;

        fn handle(&mut self, _now: RealMoment, input: Input<'_>, out: &mut Vec<Output>) {
            if let Input::Act(_) = input {
                out.extend(self.0.drain(..).map(Output::Event));
            }
        }

        fn next_deadline(&self) -> Option<RealMoment> {
            None
        }
    }

    #[tokio::test]
    async fn a_login_that_is_put_off_is_no_latency() {
        let (stage, _notes, _curtain) = stage("ws://127.0.0.1:9");
        let (welcome, less) = (Event::Welcome { resumed: false }, Event::Throttled { why: "less".into() });
        for (events, is_timed) in [(vec![welcome.clone()], true), (vec![less.clone(), welcome], false)] {
            let (targets, voices) = (stage.targets.clone(), stage.voices.clone());
            let mut link = Link::of(stage.clock.clone(), targets, voices, Box::new(Tells(events)));
            assert_eq!(link.connect().await.unwrap().login.is_some(), is_timed);
            assert_eq!(link.next_event().map(|(_, event)| event), (!is_timed).then(|| less.clone()));
        }
    }

    #[tokio::test]
    async fn complaints_are_borne_as_far_as_something_was_done() {
        let (stage, _notes, _curtain) = stage("ws://127.0.0.1:9");
        let (targets, voices) = (stage.targets.clone(), stage.voices.clone());
        let mut link = Link::of(stage.clock.clone(), targets, voices, Box::new(Complained));
        let mut heard = 0;
        for _ in 0..200 {
            link.act(&Act::Ask).await;
        }
        for _ in 0..5 {
            link.tick().await;
            while let Some((_, event)) = link.next_event() {
                heard += 1;
                let is_broken = matches!(event, Event::Broken { .. });
                assert_eq!(is_broken, heard == COMPLAINTS + 200 * COMPLAINTS_EACH, "{heard}: {event:?}");
            }
        }
        assert_eq!(heard, 3_000, "and no more is heard");
    }
}
