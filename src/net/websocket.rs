//! WebSocket over whatever bytes go over.
//!
//! Buffers are small, since a run holds thousands of connections (with the library's defaults one takes 144 kB, with
//! these a conversation takes 13 kB, with all that is not a buffer), and what a server sends is bounded.

use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue, Uri};
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Utf8Bytes};

use super::host::{CONNECT_LIMIT, ConnectError, ConnectFailure, Host, Wire};
use crate::base::http::Opening;

/// How long a peer may leave what is sent unread before it is given up.
pub(super) const SEND_LIMIT: Duration = Duration::from_secs(10);
/// Bytes read at once.
const READ_BUFFER: usize = 2048;
/// Bytes at the most that wait for a peer who reads nothing, pongs among them: some of the longest messages there are.
const WRITE_BUFFER: usize = 4 * super::MAX_MESSAGE;

/// The request that a WebSocket at this URL begins with.
///
/// # Errors
/// Says what is wrong with the URL, for a person to read.
pub(super) fn request(url: &str, subprotocol: Option<&str>) -> Result<Request, String> {
    let mut request = url.into_client_request().map_err(|error| error.to_string())?;
    if let Some(name) = subprotocol {
        let name = name.parse().map_err(|_| format!("`{name}` is no subprotocol"))?;
        request.headers_mut().insert("sec-websocket-protocol", name);
    }
    Ok(request)
}

/// The same for this opening.
fn amended(request: &Request, opening: &Opening) -> Result<Request, String> {
    let mut request = request.clone();
    if let Some(path) = &opening.path {
        let mut parts = request.uri().clone().into_parts();
        parts.path_and_query = Some(path.parse().map_err(|error| format!("`{path}` is no path: {error}"))?);
        *request.uri_mut() = Uri::from_parts(parts).map_err(|error| error.to_string())?;
    }
    for (name, value) in &opening.headers {
        let bad = || format!("`{name}` is no header");
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        let value = HeaderValue::from_str(value).map_err(|_| bad())?;
        request.headers_mut().append(name, value);
    }
    Ok(request)
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER)
        .max_message_size(Some(super::MAX_MESSAGE))
        .max_frame_size(Some(super::MAX_MESSAGE))
}

/// How a connection came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It is closed; with the code that the peer gave, if it did.
    Closed(Option<u16>),
    /// The peer sent what no WebSocket may carry, or too much: why, for a person to read.
    Nonsense(String),
}

/// An open WebSocket that carries text.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<Box<dyn Wire>>,
    /// Whether the peer has said goodbye, before us.
    has_left: bool,
    /// Whether we have.
    closes: bool,
    /// What the peer gave as the reason of that: a code, and words if it had any.
    code: Option<u16>,
    reason: String,
}

impl Socket {
    /// Shakes hands over `wire` with `host`.
    pub(super) async fn open(
        host: &Host,
        wire: Box<dyn Wire>,
        request: &Request,
        opening: &Opening,
    ) -> Result<Self, ConnectError> {
        let request = amended(request, opening).map_err(|why| host.error(ConnectFailure::Refused, why))?;
        let handshake = tokio_tungstenite::client_async_with_config(request, wire, Some(config()));
        match timeout(CONNECT_LIMIT, handshake).await {
            Err(_) => Err(host.no_handshake("WebSocket")),
            Ok(Err(Error::Http(response))) => {
                let why = format!("not a WebSocket there: it answered HTTP {}", response.status());
                Err(host.error(ConnectFailure::Refused, why))
            }
            Ok(Err(error)) => {
                Err(host.error(ConnectFailure::Refused, format!("not a WebSocket there: {error}")))
            }
            Ok(Ok((stream, _))) => Ok(Self::over(stream)),
        }
    }

    fn over(stream: WebSocketStream<Box<dyn Wire>>) -> Self {
        Self { stream, has_left: false, closes: false, code: None, reason: String::new() }
    }

    /// Sends a text frame.
    ///
    /// # Errors
    /// The connection is broken, or the peer has not read for 10 s.
    pub async fn send(&mut self, text: String) -> Result<(), String> {
        let mut sending = self.stream.send(Message::text(text));
        // Nearly always the system takes it at once, and no time needs to be taken.
        if let Some(sent) = (&mut sending).now_or_never() {
            return sent.map_err(|error| error.to_string());
        }
        match timeout(SEND_LIMIT, sending).await {
            Ok(sent) => sent.map_err(|error| error.to_string()),
            Err(_) => Err(format!("the peer has read nothing for {} s", SEND_LIMIT.as_secs())),
        }
    }

    /// The next text frame, or how the connection ended.
    pub(super) fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<Result<Utf8Bytes, End>> {
        loop {
            let next = match self.stream.poll_next_unpin(context) {
                Poll::Pending if self.has_left => return Poll::Ready(Err(End::Closed(self.code))),
                next => ready!(next),
            };
            match next {
                Some(Ok(Message::Text(text))) => return Poll::Ready(Ok(text)),
                // The next look answers it. Whether the peer then closes the connection, as it should, is not waited for.
                Some(Ok(Message::Close(goodbye))) => {
                    self.has_left = !self.closes;
                    if let Some(goodbye) = goodbye {
                        self.code = Some(goodbye.code.into());
                        self.reason = goodbye.reason.to_string();
                    }
                }
                // Pings are answered by the library; what is binary is no frame of anything spoken here.
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Err(self.end(&error))),
                None => return Poll::Ready(Err(End::Closed(self.code))),
            }
        }
    }

    /// Who merely hangs up without a goodbye, or says more after it, makes sense enough.
    fn end(&self, error: &Error) -> End {
        match error {
            Error::Protocol(
                ProtocolError::ResetWithoutClosingHandshake
                | ProtocolError::ReceivedAfterClosing
                | ProtocolError::SendAfterClosing,
            ) => End::Closed(self.code),
            Error::Capacity(_) => {
                End::Nonsense(format!("a message of more than {} KiB", super::MAX_MESSAGE >> 10))
            }
            Error::Utf8(_) | Error::Protocol(_) | Error::AttackAttempt => {
                End::Nonsense(format!("what no WebSocket carries: {error}"))
            }
            _ => End::Closed(self.code),
        }
    }

    /// The peer's words on closing the connection: 123 bytes at the most, which may be none.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Says goodbye; what still comes until the peer's goodbye can be received.
    pub async fn close(&mut self) {
        self.closes = true;
        // A connection that cannot be closed any more is closed.
        let _ = timeout(SEND_LIMIT, self.stream.close(None)).await;
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio_tungstenite::tungstenite::protocol::Role;

    use super::*;

    /// A socket, and the other end of its bytes, which holds no more than so many of them.
    async fn pair(bytes: usize) -> (Socket, DuplexStream) {
        let (ours, theirs) = duplex(bytes);
        let wire: Box<dyn Wire> = Box::new(ours);
        let stream = WebSocketStream::from_raw_socket(wire, Role::Client, Some(config())).await;
        (Socket::over(stream), theirs)
    }

    async fn receive(socket: &mut Socket) -> Result<Utf8Bytes, End> {
        poll_fn(|context| socket.poll_receive(context)).await
    }

    /// What comes of these bytes, after which the peer is gone.
    async fn end(bytes: &[u8]) -> End {
        let (mut socket, mut peer) = pair(1 << 20).await;
        peer.write_all(bytes).await.unwrap();
        drop(peer);
        receive(&mut socket).await.unwrap_err()
    }

    #[tokio::test]
    async fn who_breaks_the_rules_is_told_from_who_hangs_up() {
        for (bytes, word) in [
            (&b"\x81\x01\xff"[..], "UTF-8"),
            (b"\x81\x7f\0\0\0\0\0\x04\x93\xe0", "more than 256 KiB"),
            (b"\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", "more than 256 KiB"),
            (b"\x80\0", "no WebSocket carries"),
            (b"\xf1\0", "no WebSocket carries"),
            (b"\x83\0", "no WebSocket carries"),
        ] {
            let end = end(bytes).await;
            assert!(matches!(&end, End::Nonsense(why) if why.contains(word)), "{bytes:?}: {end:?}");
        }
        for (bytes, code) in [(&b""[..], None), (b"\x81", None), (b"\x88\x02\x03\xf5", Some(1013))] {
            assert_eq!(end(bytes).await, End::Closed(code), "{bytes:?}");
        }
    }

    #[tokio::test]
    async fn who_says_goodbye_and_stays_is_answered_and_gone() {
        for (bytes, code) in [(&b"\x88\x02\x03\xf5"[..], Some(1013)), (b"\x88\0", None)] {
            let (mut socket, mut peer) = pair(1 << 20).await;
            peer.write_all(bytes).await.unwrap();
            assert_eq!(receive(&mut socket).await, Err(End::Closed(code)), "{bytes:?}");
            assert_eq!(peer.read_u8().await.unwrap(), 0x88, "{bytes:?}");

            // Whom we have said goodbye to closes the connection, and that is waited for.
            let (mut socket, mut peer) = pair(1 << 20).await;
            socket.close().await;
            peer.write_all(bytes).await.unwrap();
            assert!(receive(&mut socket).now_or_never().is_none());
            drop(peer);
            assert_eq!(receive(&mut socket).await, Err(End::Closed(code)), "{bytes:?}");
        }
    }

    #[tokio::test]
    async fn pongs_for_who_reads_nothing_do_not_pile_up() {
        let (mut socket, mut peer) = pair(64 << 10).await;
        let ping = [&b"\x89\x7d"[..], &[b'x'; 125]].concat();
        let pings = 2 * WRITE_BUFFER / ping.len();
        let flood = async {
            for _ in 0..pings {
                peer.write_all(&ping).await.unwrap();
            }
            peer.write_all(b"\x81\x02hi").await.unwrap();
        };
        let (heard, ()) = tokio::join!(receive(&mut socket), flood);
        assert_eq!(heard.unwrap().as_str(), "hi", "it is still heard");
        let said = socket.send("x".repeat(1_000)).await;
        assert!(said.unwrap_err().contains("full"), "and nothing is lost without a word");
    }
}
