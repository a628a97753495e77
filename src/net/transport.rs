//! WebSocket over TCP, in secret or not, with the time that each stage of connecting took.
//!
//! Buffers are small, since a run holds thousands of connections (with the library's defaults one takes 144 kB, with
//! these a conversation takes 13 kB, with all that is not a buffer), and what a server sends is bounded.

use std::fmt;
use std::io;
use std::time::Duration;

use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Utf8Bytes};

use super::clock::Clock;
use super::source::Sources;
use super::tls::{self, Tls};
use crate::base::time::RealSpan;
use crate::scenario::plan::target::Trust;

/// How long a stage of connecting may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// How long a peer may leave what is sent unread before it is given up.
const SEND_LIMIT: Duration = Duration::from_secs(10);
/// Bytes read at once.
const READ_BUFFER: usize = 2048;

/// Where to connect to.
#[derive(Debug)]
pub struct Target {
    request: Request,
    host: String,
    port: u16,
    tls: Option<Tls>,
    sources: Sources,
}

/// How long connecting took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stages {
    /// Looking the name up and opening the TCP connection.
    pub tcp: RealSpan,
    /// The TLS handshake, where there is one.
    pub tls: Option<RealSpan>,
    /// The WebSocket handshake.
    pub upgrade: RealSpan,
}

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectError {
    /// The host and port meant.
    pub host: String,
    /// Why, for a person to read.
    pub why: String,
    /// What kind of failure it is.
    pub kind: ConnectFailure,
}

/// What kept a connection from coming about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectFailure {
    /// Nothing was reached.
    Unreachable,
    /// Something answered, and would not speak WebSocket with us.
    Refused,
    /// Whoever answered could not show that it is who is meant.
    Untrusted,
    /// This machine has no socket to spare: nobody else's fault.
    Exhausted,
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.host, self.why)
    }
}

impl std::error::Error for ConnectError {}

impl Target {
    /// A target from its URL: `ws://host:port`, with a path or without, in which case `path` is it; `wss://` with TLS, and
    /// then of those that `trust` is for. It is good for about so many connections as are `expected`.
    ///
    /// # Errors
    /// Says what is wrong with the URL or with the trust, for a person to read.
    pub fn parse(url: &str, path: &str, trust: &Trust, expected: u64) -> Result<Self, String> {
        let wrong = |why: &str| format!("`{url}` {why}; a target is like ws://127.0.0.1:8080{path}");
        let mut request =
            url.into_client_request().map_err(|error| wrong(&format!("is no URL ({error})")))?;
        let uri = request.uri();
        let (scheme, usual_port) = match uri.scheme_str() {
            Some("ws") => ("ws", 80),
            Some("wss") => ("wss", 443),
            _ => return Err(wrong("is not a ws:// or wss:// URL")),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(|| wrong("names no host"))?;
        // An IPv6 address stands in brackets in a URL and without them everywhere else.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = uri.port_u16().unwrap_or(usual_port);
        if uri.path() == "/" {
            let authority = uri.authority().map_or("", |authority| authority.as_str());
            let full = format!("{scheme}://{authority}{path}");
            *request.uri_mut() = full.parse().map_err(|error| wrong(&format!("is no URL ({error})")))?;
        }
        let tls = if scheme == "wss" { Some(Tls::with(&host, trust)?) } else { None };
        Ok(Self { request, host, port, tls, sources: Sources::for_connections(expected) })
    }

    /// `host:port`.
    #[must_use]
    pub fn host(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    fn error(&self, kind: ConnectFailure, why: impl Into<String>) -> ConnectError {
        ConnectError { host: self.host(), why: why.into(), kind }
    }

    /// Connects.
    ///
    /// # Errors
    /// When a stage fails or takes longer than 10 s.
    pub async fn connect(&self, clock: &Clock) -> Result<(Socket, Stages), ConnectError> {
        let start = clock.now();
        let stream = self.open().await?;
        let opened = clock.now();
        let (wire, tls): (Box<dyn Wire>, _) = match &self.tls {
            None => (Box::new(stream), None),
            Some(tls) => {
                let secured = self.secure(tls, stream).await?;
                (Box::new(secured), Some(clock.now().since(opened)))
            }
        };
        let secured = clock.now();
        let stream = self.upgrade(wire).await?;
        let stages = Stages { tcp: opened.since(start), tls, upgrade: clock.now().since(secured) };
        Ok((Socket(stream), stages))
    }

    /// Opens the TCP connection, to the first of the host's addresses that takes it.
    async fn open(&self) -> Result<TcpStream, ConnectError> {
        let opening = async {
            let mut last = io::Error::new(io::ErrorKind::NotFound, "its name leads to no address");
            for address in lookup_host((self.host.as_str(), self.port)).await? {
                match self.sources.connect(address).await {
                    Ok(stream) => return Ok(stream),
                    Err(error) => last = error,
                }
            }
            Err(last)
        };
        let stream = match timeout(CONNECT_LIMIT, opening).await {
            Err(_) => {
                let why = format!("no answer within {} s", CONNECT_LIMIT.as_secs());
                return Err(self.error(ConnectFailure::Unreachable, why));
            }
            Ok(Err(error)) => return Err(self.error(failure_of(&error), explain(&error))),
            Ok(Ok(stream)) => stream,
        };
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    async fn secure(&self, tls: &Tls, stream: TcpStream) -> Result<impl Wire + use<>, ConnectError> {
        match timeout(CONNECT_LIMIT, tls.shake_hands(stream)).await {
            Err(_) => Err(self.no_handshake("TLS")),
            Ok(Err(error)) => {
                let (kind, why) = tls::explain(&error);
                Err(self.error(kind, why))
            }
            Ok(Ok(stream)) => Ok(stream),
        }
    }

    async fn upgrade(&self, wire: Box<dyn Wire>) -> Result<WebSocketStream<Box<dyn Wire>>, ConnectError> {
        let handshake =
            tokio_tungstenite::client_async_with_config(self.request.clone(), wire, Some(config()));
        match timeout(CONNECT_LIMIT, handshake).await {
            Err(_) => Err(self.no_handshake("WebSocket")),
            Ok(Err(Error::Http(response))) => {
                let why = format!("not a WebSocket there: it answered HTTP {}", response.status());
                Err(self.error(ConnectFailure::Refused, why))
            }
            Ok(Err(error)) => {
                Err(self.error(ConnectFailure::Refused, format!("not a WebSocket there: {error}")))
            }
            Ok(Ok((stream, _))) => Ok(stream),
        }
    }

    fn no_handshake(&self, of: &str) -> ConnectError {
        let limit = CONNECT_LIMIT.as_secs();
        let why = format!("it took the connection, and no {of} handshake came within {limit} s");
        self.error(ConnectFailure::Refused, why)
    }
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(Some(super::MAX_MESSAGE))
        .max_frame_size(Some(super::MAX_MESSAGE))
}

/// EMFILE, ENFILE and EADDRNOTAVAIL, by their numbers on Linux and on the BSDs: no descriptor or no port left here.
fn failure_of(error: &io::Error) -> ConnectFailure {
    match error.raw_os_error() {
        Some(23 | 24) => ConnectFailure::Exhausted,
        _ if error.kind() == io::ErrorKind::AddrNotAvailable => ConnectFailure::Exhausted,
        _ => ConnectFailure::Unreachable,
    }
}

fn explain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused (nothing listens there)".into(),
        io::ErrorKind::TimedOut => "no answer".into(),
        _ => error.to_string(),
    }
}

/// What a WebSocket goes over. Behind a pointer: a connection without TLS has no room for it.
trait Wire: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin> Wire for T {}

/// An open WebSocket that carries text.
#[derive(Debug)]
pub struct Socket(WebSocketStream<Box<dyn Wire>>);

impl Socket {
    /// Sends a text frame.
    ///
    /// # Errors
    /// The connection is broken, or the peer has not read for 10 s.
    pub async fn send(&mut self, text: String) -> Result<(), String> {
        let mut sending = self.0.send(Message::text(text));
        // Nearly always the system takes it at once, and no time needs to be taken.
        if let Some(sent) = (&mut sending).now_or_never() {
            return sent.map_err(|error| error.to_string());
        }
        match timeout(SEND_LIMIT, sending).await {
            Ok(sent) => sent.map_err(|error| error.to_string()),
            Err(_) => Err(format!("the peer has read nothing for {} s", SEND_LIMIT.as_secs())),
        }
    }

    /// The next text frame; `None` once the connection is over, however it ended. May be dropped and called again
    /// without losing anything.
    pub async fn receive(&mut self) -> Option<Utf8Bytes> {
        loop {
            match self.0.next().await? {
                Ok(Message::Text(text)) => return Some(text),
                // Pings are answered by the library; what is binary is no frame of anything spoken here.
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    /// Says goodbye; what still comes until the peer's goodbye can be received.
    pub async fn close(&mut self) {
        // A connection that cannot be closed any more is closed.
        let _ = timeout(SEND_LIMIT, self.0.close(None)).await;
    }
}
