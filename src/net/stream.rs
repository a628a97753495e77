//! Bytes both ways, over TCP, in secret or not.

use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::time::timeout;

use super::host::{ConnectError, ConnectFailure, Host, Wire};
use super::tls::Tls;
use super::websocket::SEND_LIMIT;

/// Bytes read at once, into the reader's own frame: who says nothing takes no buffer.
const READ: usize = 4096;

/// An open stream.
#[derive(Debug)]
pub struct Stream(Option<Box<dyn Wire>>);

impl Stream {
    pub(super) fn new(wire: Box<dyn Wire>) -> Self {
        Self(Some(wire))
    }

    /// Agrees on TLS; nothing may have been sent or received beyond that.
    pub(super) async fn secure(&mut self, host: &Host, tls: &Tls) -> Result<(), ConnectError> {
        let gone = || host.error(ConnectFailure::Unreachable, "the connection is gone");
        let wire = self.0.take().ok_or_else(gone)?;
        self.0 = Some(host.secure(tls, wire).await?);
        Ok(())
    }

    /// Sends all of it.
    ///
    /// # Errors
    /// The connection is broken, or the peer has not read for 10 s.
    pub async fn send(&mut self, text: &str) -> Result<(), String> {
        let Some(wire) = &mut self.0 else { return Err("the connection is gone".into()) };
        let sending = async {
            wire.write_all(text.as_bytes()).await?;
            wire.flush().await
        };
        match timeout(SEND_LIMIT, sending).await {
            Ok(sent) => sent.map_err(|error| error.to_string()),
            Err(_) => Err(format!("the peer has read nothing for {} s", SEND_LIMIT.as_secs())),
        }
    }

    /// The next bytes; `None` once the connection is over, however it ended.
    pub fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<Option<Vec<u8>>> {
        let Some(wire) = &mut self.0 else { return Poll::Ready(None) };
        let mut room = [MaybeUninit::uninit(); READ];
        let mut read = ReadBuf::uninit(&mut room);
        match ready!(Pin::new(wire).poll_read(context, &mut read)) {
            Ok(()) if !read.filled().is_empty() => Poll::Ready(Some(read.filled().to_vec())),
            Ok(()) | Err(_) => Poll::Ready(None),
        }
    }

    /// Says that nothing more comes; what the peer still sends can be received.
    pub async fn close(&mut self) {
        if let Some(wire) = &mut self.0 {
            // A connection that cannot be closed any more is closed.
            let _ = timeout(SEND_LIMIT, wire.shutdown()).await;
        }
    }
}
