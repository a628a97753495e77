//! A person's connection: a codec, and the transport that it asks for.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::base::time::{RealMoment, RealSpan};
use crate::metrics::tally::Failure;
use crate::net::clock::Clock;
use crate::net::transport::{ConnectError, ConnectFailure, Socket, Stages, Target};
use crate::wire::json::client::Client;
use crate::wire::json::frame::Role;
use crate::wire::{Act, Codec, Event, Input, Output, Transport};

/// How long the peer's goodbye is waited for.
const GOODBYE: Duration = Duration::from_secs(1);

/// How long each stage of connecting took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connected {
    pub(super) stages: Stages,
    /// From the greeting to its answer.
    pub(super) login: RealSpan,
    /// Whether this goes on where an earlier connection broke.
    pub(super) resumed: bool,
}

/// Why there is no connection.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    /// The transport could not be opened.
    Transport(ConnectError),
    /// The server said that it will not have us.
    Refused(String),
    /// The server made no sense.
    Protocol(String),
    /// It hung up before it answered.
    HungUp,
}

impl Trouble {
    /// As what it is counted; `None` when it is the generator's own lack of sockets.
    pub(super) fn failure(&self) -> Option<Failure> {
        match self {
            Self::Transport(error) => match error.kind {
                ConnectFailure::Unreachable => Some(Failure::Connect),
                ConnectFailure::Refused | ConnectFailure::Untrusted => Some(Failure::Refused),
                ConnectFailure::Exhausted => None,
            },
            Self::Refused(_) => Some(Failure::Refused),
            Self::Protocol(_) => Some(Failure::Protocol),
            Self::HungUp => Some(Failure::Disconnected),
        }
    }
}

/// A connection that may come and go.
#[derive(Debug)]
pub(super) struct Link {
    clock: Clock,
    target: Arc<Target>,
    codec: Client,
    socket: Option<Socket>,
    /// Why the transport did not open, and how long it took if it did.
    opening: Option<Result<Stages, ConnectError>>,
    to_do: Vec<Output>,
    events: VecDeque<(RealMoment, Event)>,
}

impl Link {
    pub(super) fn new(clock: Clock, target: Arc<Target>, codec: Client) -> Self {
        let (to_do, events) = (Vec::new(), VecDeque::new());
        Self { clock, target, codec, socket: None, opening: None, to_do, events }
    }

    /// Who connects.
    pub(super) fn role(&self) -> Role {
        self.codec.role()
    }

    /// Whether there is a connection.
    pub(super) fn is_up(&self) -> bool {
        self.socket.is_some()
    }

    /// Connects and greets.
    pub(super) async fn connect(&mut self) -> Result<Connected, Trouble> {
        self.events.clear();
        self.feed(Input::Act(&Act::Connect)).await;
        let opened = self.clock.now();
        let stages = match self.opening.take() {
            Some(Ok(stages)) => stages,
            Some(Err(error)) => return Err(self.abandon(Trouble::Transport(error))),
            None => return Err(self.abandon(Trouble::HungUp)),
        };
        loop {
            match self.events.pop_front() {
                Some((at, Event::Welcome { resumed })) => {
                    return Ok(Connected { stages, login: at.since(opened), resumed });
                }
                Some((_, Event::Refused { why })) => return Err(self.abandon(Trouble::Refused(why))),
                Some((_, Event::Broken { why })) => return Err(self.abandon(Trouble::Protocol(why))),
                Some(_) => return Err(self.abandon(Trouble::HungUp)),
                None => self.hear_before_deadline().await,
            }
        }
    }

    fn abandon(&mut self, trouble: Trouble) -> Trouble {
        self.drop_connection();
        trouble
    }

    /// Forgets the connection, and whatever it said that was not taken out yet.
    pub(super) fn drop_connection(&mut self) {
        self.socket = None;
        self.events.clear();
    }

    async fn hear_before_deadline(&mut self) {
        let deadline = self.codec.next_deadline().unwrap_or(RealMoment::NEVER);
        let clock = self.clock.clone();
        tokio::select! {
            frame = self.receive() => self.take_in(frame).await,
            () = clock.until(deadline) => self.feed(Input::Tick).await,
        }
    }

    /// Does what the person does.
    pub(super) async fn act(&mut self, act: &Act) {
        self.feed(Input::Act(act)).await;
    }

    /// The next frame; `None` when the connection is gone. Never, while there is none. May be dropped and called again.
    pub(super) async fn receive(&mut self) -> Option<Utf8Bytes> {
        match &mut self.socket {
            Some(socket) => socket.receive().await,
            None => std::future::pending().await,
        }
    }

    /// Takes in what [`Self::receive`] gave.
    pub(super) async fn take_in(&mut self, frame: Option<Utf8Bytes>) {
        match frame {
            Some(text) => self.feed(Input::Frame(Transport(0), text.as_str())).await,
            None => {
                self.socket = None;
                self.feed(Input::Closed(Transport(0), None)).await;
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
    pub(super) async fn disconnect(&mut self) -> bool {
        self.feed(Input::Act(&Act::Disconnect)).await;
        let _ = timeout(GOODBYE, async {
            while self.is_up() {
                let frame = self.receive().await;
                self.take_in(frame).await;
            }
        })
        .await;
        self.socket.take().is_none()
    }

    async fn feed(&mut self, input: Input<'_>) {
        let now = self.clock.now();
        self.codec.handle(now, input, &mut self.to_do);
        while !self.to_do.is_empty() {
            for output in std::mem::take(&mut self.to_do) {
                self.carry_out(now, output).await;
            }
        }
    }

    async fn carry_out(&mut self, now: RealMoment, output: Output) {
        match output {
            Output::Event(event) => self.events.push_back((now, event)),
            Output::Open(transport, _) => {
                let opened = self.target.connect(&self.clock).await;
                let now = self.clock.now();
                match opened {
                    Ok((socket, stages)) => {
                        self.socket = Some(socket);
                        self.opening = Some(Ok(stages));
                        self.codec.handle(now, Input::Opened(transport), &mut self.to_do);
                    }
                    Err(error) => {
                        self.opening = Some(Err(error));
                        self.codec.handle(now, Input::Closed(transport, None), &mut self.to_do);
                    }
                }
            }
            Output::Send(transport, text) => {
                let Some(socket) = &mut self.socket else { return };
                if socket.send(text).await.is_err() {
                    self.socket = None;
                    self.codec.handle(self.clock.now(), Input::Closed(transport, None), &mut self.to_do);
                }
            }
            // Our own protocol has one WebSocket.
            Output::Secure(_) | Output::Ask(..) => {}
            Output::Close(_) => {
                if let Some(socket) = &mut self.socket {
                    socket.close().await;
                }
            }
        }
    }
}
