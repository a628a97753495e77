//! What a codec's transports are carried by: where each leads, and what is open there.

use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::header::HeaderValue;
use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::Uri;

use super::clock::Clock;
use super::exchange::{Exchange, Questions};
use super::host::Host;
pub use super::host::{ConnectError, ConnectFailure, Stages};
use super::stream::Stream;
use super::tls::Tls;
use super::websocket::{End, Socket, request};
use crate::base::endpoint::{Endpoint, Kind};
use crate::base::http::{Answer, Opening, Question};
use crate::scenario::plan::target::Trust;

/// Where one transport leads.
#[derive(Debug)]
pub struct Target {
    host: Arc<Host>,
    way: Way,
}

/// How it is gone there.
#[derive(Debug)]
enum Way {
    Stream {
        /// What TLS is agreed upon with, once that is wanted; or why it cannot be.
        later: Result<Tls, String>,
    },
    WebSocket(Box<Request>),
    Http {
        authority: HeaderValue,
    },
}

impl Target {
    /// Where an endpoint leads, whose certificates are good as `trust` says, for about so many connections as are `expected`.
    ///
    /// # Errors
    /// Says what is wrong with the URL or with the trust, for a person to read.
    pub fn new(endpoint: &Endpoint, trust: &Trust, expected: u64) -> Result<Self, String> {
        let url = &endpoint.url;
        let wrong = |why: &str| format!("`{url}` {why}; a target is like {}", example(endpoint.kind));
        let uri: Uri = url.parse().map_err(|error| wrong(&format!("is no URL ({error})")))?;
        let scheme = uri.scheme_str().unwrap_or_default();
        let (is_secure, usual_port) = usual(endpoint.kind, scheme)
            .ok_or_else(|| wrong(&format!("is not of {}", schemes(endpoint.kind))))?;
        let authority = uri.authority().filter(|authority| !authority.host().is_empty());
        let authority = authority.ok_or_else(|| wrong("names no host"))?;
        let name = super::host::bare(authority.host());
        let port = authority.port_u16().unwrap_or(usual_port);
        // A WebSocket begins as HTTP/1.1.
        let speaks = if endpoint.kind == Kind::Stream { None } else { Some("http/1.1") };
        let tls = if is_secure { Some(Tls::with(name, trust, speaks)?) } else { None };
        let way = match endpoint.kind {
            Kind::Stream => Way::Stream { later: Tls::with(name, trust, speaks) },
            Kind::WebSocket => {
                let request = request(url, endpoint.subprotocol.as_deref());
                Way::WebSocket(Box::new(request.map_err(|error| wrong(&format!("is no URL ({error})")))?))
            }
            Kind::Http => {
                // Whoever is named before an @ is nobody else's business.
                let shown = authority.as_str().rsplit('@').next().unwrap_or_default();
                Way::Http { authority: shown.parse().map_err(|_| wrong("names no host"))? }
            }
        };
        Ok(Self { host: Arc::new(Host::new(name, port, tls, expected)), way })
    }

    /// `host:port`.
    #[must_use]
    pub fn host(&self) -> String {
        self.host.shown()
    }

    /// Connects.
    ///
    /// # Errors
    /// When a stage fails or takes longer than 10 s.
    pub async fn connect(&self, clock: &Clock, opening: &Opening) -> Result<(Line, Stages), ConnectError> {
        if let Way::Http { authority } = &self.way {
            let mut exchange = Exchange::new(self.host.clone(), authority.clone(), clock.clone());
            let stages = exchange.open().await?;
            return Ok((Line::Http(Questions::of(exchange)), stages));
        }
        let (wire, mut stages) = self.host.connect(clock).await?;
        let line = match &self.way {
            Way::WebSocket(request) => {
                let connected = clock.now();
                let socket = Socket::open(&self.host, wire, request, opening).await?;
                stages.upgrade = Some(clock.now().since(connected));
                Line::WebSocket(socket)
            }
            Way::Stream { .. } | Way::Http { .. } => Line::Stream(Stream::new(wire)),
        };
        Ok((line, stages))
    }

    /// Agrees on TLS over a stream that is open.
    ///
    /// # Errors
    /// When nobody could be trusted, or the handshake fails or takes longer than 10 s.
    pub async fn secure(&self, line: &mut Line) -> Result<(), ConnectError> {
        let (Way::Stream { later }, Line::Stream(stream)) = (&self.way, line) else {
            return Err(self.host.error(ConnectFailure::Refused, "only a stream can be made secret"));
        };
        let tls = later.as_ref().map_err(|why| self.host.error(ConnectFailure::Untrusted, why.clone()))?;
        stream.secure(&self.host, tls).await
    }
}

/// Whether the scheme is secret, and its usual port; `None` of one that is none of this kind.
fn usual(kind: Kind, scheme: &str) -> Option<(bool, u16)> {
    Some(match (kind, scheme) {
        (Kind::WebSocket, "ws") | (Kind::Http, "http") => (false, 80),
        (Kind::WebSocket, "wss") | (Kind::Http, "https") => (true, 443),
        (Kind::Stream, "irc") => (false, 6667),
        (Kind::Stream, "ircs") => (true, 6697),
        (Kind::Stream, "xmpp") => (false, 5222),
        (Kind::Stream, "xmpps") => (true, 5223),
        _ => return None,
    })
}

fn schemes(kind: Kind) -> &'static str {
    match kind {
        Kind::WebSocket => "ws:// or wss://",
        Kind::Http => "http:// or https://",
        Kind::Stream => "irc://, ircs://, xmpp:// or xmpps://",
    }
}

fn example(kind: Kind) -> &'static str {
    match kind {
        Kind::WebSocket => "ws://127.0.0.1:8080",
        Kind::Http => "http://127.0.0.1:8080",
        Kind::Stream => "irc://127.0.0.1:6667",
    }
}

/// What is open.
#[derive(Debug)]
pub enum Line {
    /// Text frames.
    WebSocket(Socket),
    /// Bytes.
    Stream(Stream),
    /// Questions and answers.
    Http(Questions),
}

/// What came over a line.
#[derive(Debug)]
pub enum Incoming {
    /// A text frame.
    Frame(Utf8Bytes),
    /// Some bytes.
    Bytes(Vec<u8>),
    /// An answer, or why there is none.
    Answer(u32, Result<Answer, String>),
    /// Nothing any more, however it ended; the code that the peer of a WebSocket gave.
    Closed(Option<u16>),
    /// What the transport cannot carry, and why, for a person to read; and nothing any more.
    Nonsense(String),
}

impl Line {
    /// The next that comes. May be given up and asked again without losing anything.
    pub fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<Incoming> {
        match self {
            Self::WebSocket(socket) => socket.poll_receive(context).map(|frame| match frame {
                Ok(text) => Incoming::Frame(text),
                Err(End::Closed(code)) => Incoming::Closed(code),
                Err(End::Nonsense(why)) => Incoming::Nonsense(why),
            }),
            Self::Stream(stream) => stream
                .poll_receive(context)
                .map(|bytes| bytes.map_or(Incoming::Closed(None), Incoming::Bytes)),
            Self::Http(questions) => {
                questions.poll_answer(context).map(|(number, answer)| Incoming::Answer(number, answer))
            }
        }
    }

    /// What the peer of a WebSocket said on closing it; empty, where that was nothing.
    #[must_use]
    pub fn last_words(&self) -> &str {
        match self {
            Self::WebSocket(socket) => socket.reason(),
            Self::Stream(_) | Self::Http(_) => "",
        }
    }

    /// Sends a text frame, or text over a stream.
    ///
    /// # Errors
    /// The connection is broken, the peer has not read for 10 s, or nothing is sent here but questions.
    pub async fn send(&mut self, text: String) -> Result<(), String> {
        match self {
            Self::WebSocket(socket) => socket.send(text).await,
            Self::Stream(stream) => stream.send(&text).await,
            Self::Http(_) => Err("over HTTP questions are asked".into()),
        }
    }

    /// Asks; only over HTTP.
    pub fn ask(&mut self, number: u32, question: Question) -> bool {
        match self {
            Self::Http(questions) => {
                questions.ask(number, question);
                true
            }
            Self::WebSocket(_) | Self::Stream(_) => false,
        }
    }

    /// Says goodbye, where there is a word for it: what still comes can be received. False where it is over at once.
    pub async fn close(&mut self) -> bool {
        match self {
            Self::WebSocket(socket) => socket.close().await,
            Self::Stream(stream) => stream.close().await,
            Self::Http(_) => return false,
        }
        true
    }
}
