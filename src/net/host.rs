//! A host and a port, and connections to them, in secret or not.

use std::fmt;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::clock::Clock;
use super::source::Sources;
use super::tls::{self, Tls};
use crate::base::time::RealSpan;

/// How long a stage of connecting may take.
pub(super) const CONNECT_LIMIT: Duration = Duration::from_secs(10);

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
    /// Something answered, and would not speak with us as was meant.
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

/// How long connecting took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stages {
    /// Looking the name up and opening the TCP connection.
    pub tcp: RealSpan,
    /// The TLS handshake, where there is one: from the beginning, or agreed upon since.
    pub tls: Option<RealSpan>,
    /// The WebSocket handshake, where there is one.
    pub upgrade: Option<RealSpan>,
}

/// What bytes go over. Behind a pointer: a connection without TLS has no room for it.
pub(super) trait Wire: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin> Wire for T {}

/// Where to connect to.
#[derive(Debug)]
pub(super) struct Host {
    name: String,
    port: u16,
    /// Spoken from the beginning on.
    tls: Option<Tls>,
    sources: Sources,
}

impl Host {
    /// A host by its name or address, good for about so many connections as are `expected`.
    pub(super) fn new(name: &str, port: u16, tls: Option<Tls>, expected: u64) -> Self {
        Self { name: bare(name).to_owned(), port, tls, sources: Sources::for_connections(expected) }
    }

    /// `host:port`.
    pub(super) fn shown(&self) -> String {
        if self.name.contains(':') {
            format!("[{}]:{}", self.name, self.port)
        } else {
            format!("{}:{}", self.name, self.port)
        }
    }

    /// Whether TLS is spoken from the beginning on.
    #[cfg(test)]
    pub(super) fn is_secret(&self) -> bool {
        self.tls.is_some()
    }

    pub(super) fn error(&self, kind: ConnectFailure, why: impl Into<String>) -> ConnectError {
        ConnectError { host: self.shown(), why: why.into(), kind }
    }

    /// Connects.
    ///
    /// # Errors
    /// When a stage fails or takes longer than 10 s.
    pub(super) async fn connect(&self, clock: &Clock) -> Result<(Box<dyn Wire>, Stages), ConnectError> {
        let start = clock.now();
        let stream = self.open().await?;
        let opened = clock.now();
        let (wire, tls): (Box<dyn Wire>, _) = match &self.tls {
            None => (Box::new(stream), None),
            Some(tls) => {
                let secured = self.secure(tls, stream).await?;
                (secured, Some(clock.now().since(opened)))
            }
        };
        Ok((wire, Stages { tcp: opened.since(start), tls, upgrade: None }))
    }

    /// Opens the TCP connection, to the first of the host's addresses that takes it.
    async fn open(&self) -> Result<TcpStream, ConnectError> {
        let opening = async {
            let mut last = io::Error::new(io::ErrorKind::NotFound, "its name leads to no address");
            for address in lookup_host((self.name.as_str(), self.port)).await? {
                match self.sources.connect(address).await {
                    Ok(stream) => return Ok(stream),
                    Err(error) => last = error,
                }
            }
            Err(last)
        };
        let stream = match timeout(CONNECT_LIMIT, opening).await {
            Err(_) => {
                let why = format!("the connection was not taken within {} s", CONNECT_LIMIT.as_secs());
                return Err(self.error(ConnectFailure::Unreachable, why));
            }
            Ok(Err(error)) => return Err(self.error(failure_of(&error), explain(&error))),
            Ok(Ok(stream)) => stream,
        };
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    /// Agrees on TLS over what is open.
    pub(super) async fn secure(
        &self,
        tls: &Tls,
        wire: impl Wire + 'static,
    ) -> Result<Box<dyn Wire>, ConnectError> {
        match timeout(CONNECT_LIMIT, tls.shake_hands(wire)).await {
            Err(_) => Err(self.no_handshake("TLS")),
            Ok(Err(error)) => {
                let (kind, why) = tls::explain(&error);
                Err(self.error(kind, why))
            }
            Ok(Ok(stream)) => Ok(Box::new(stream)),
        }
    }

    pub(super) fn no_handshake(&self, of: &str) -> ConnectError {
        let limit = CONNECT_LIMIT.as_secs();
        let why = format!("it took the connection, and no {of} handshake came within {limit} s");
        self.error(ConnectFailure::Refused, why)
    }
}

/// An IPv6 address stands in brackets in a URL and without them everywhere else.
pub(super) fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
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
