//! Accepting connections: so many at once, without delay, and not from those who then say nothing. Every connection can be
//! severed, and has a number where somebody chats.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};

use super::House;
use super::limits;

/// How long a client may take to say its first word.
const FIRST_WORD: Duration = Duration::from_secs(10);

/// A listener that holds back further connections while there are too many.
#[derive(Debug)]
pub(super) struct Bounded {
    inner: TcpListener,
    room: Arc<Semaphore>,
    house: House,
}

impl Bounded {
    pub(super) fn new(inner: TcpListener, house: House) -> Self {
        Self { inner, room: Arc::new(Semaphore::new(limits::CONNECTIONS)), house }
    }
}

/// What a connection hangs on.
#[derive(Clone, Debug, Default)]
pub(super) struct Cord {
    severed: Arc<AtomicBool>,
}

impl Connected<IncomingStream<'_, Bounded>> for Cord {
    fn connect_info(stream: IncomingStream<'_, Bounded>) -> Self {
        stream.io().cord.clone()
    }
}

/// A connection of somebody who chats.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its number, from 1, in the order in which they asked for it.
    pub(super) number: u64,
    cord: Cord,
}

impl Line {
    /// The first of these numbers that is free. Who only looks at a page takes none.
    pub(super) fn new(numbered: &AtomicU64, cord: Cord) -> Self {
        Self { number: numbered.fetch_add(1, Ordering::Relaxed) + 1, cord }
    }

    /// When the connection goes, it is reset.
    pub(super) fn sever(&self) {
        self.cord.severed.store(true, Ordering::Relaxed);
    }
}

impl Listener for Bounded {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let place = self.room.clone().acquire_owned().await.expect("the semaphore is never closed");
        // axum's accept waits out what passes by itself, such as a lack of descriptors.
        let (stream, from) = Listener::accept(&mut self.inner).await;
        let _ = stream.set_nodelay(true);
        self.house.awake().await;
        let cord = Cord::default();
        (Connection { stream, cord, silence: Some(Box::pin(sleep(FIRST_WORD))), _place: place }, from)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

/// A connection, which gives its place back when it goes.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    cord: Cord,
    /// Runs until the first word.
    silence: Option<Pin<Box<Sleep>>>,
    _place: OwnedSemaphorePermit,
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.cord.severed.load(Ordering::Relaxed) {
            // Where that cannot be, it is closed without a goodbye.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.silence = None;
        } else if let Some(silence) = &mut self.silence
            && silence.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
