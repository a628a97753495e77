//! The account of a server: what it did to which message, when, and to whom, as an append-only log of JSON lines. Each line
//! is written before what it tells of is done, so that a server that is killed has done at most what its account says,
//! but for the last line.
//!
//! Stamps are nanoseconds since the server's epoch, by a clock that never steps. The first line says when that epoch was by
//! the calendar; a run says the same of its own. On one machine both calendars are one, so the difference of the two
//! epochs converts between the stamps of an account and of a run, unless somebody set the calendar in between.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::net::clock::Clock;
use crate::wire::json::frame::Role;
use crate::wire::token::Token;

/// The version of the account's form.
pub const FORMAT: u32 = 1;

/// The first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// [`FORMAT`].
    pub account: u32,
    /// The epoch of the stamps by the calendar: nanoseconds since 1970, UTC.
    pub epoch_unix_nanos: u64,
}

/// Every other line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When: nanoseconds since the epoch. They never fall from line to line.
    pub at: u64,
    /// What.
    #[serde(flatten)]
    pub deed: Deed,
}

/// What a server did. Clients are the numbers of their connections, in the order in which they were taken, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum Deed {
    /// A client was let in.
    Greeted {
        /// Which.
        client: u64,
        /// As what.
        role: Role,
        /// Of which run.
        run: u32,
    },
    /// A client was turned away.
    Refused {
        /// Which.
        client: u64,
    },
    /// A client whose connection broke was taken up where it was.
    Resumed {
        /// By which connection.
        client: u64,
        /// The one that broke.
        was: u64,
    },
    /// A connection was reset.
    Reset {
        /// Whose.
        client: u64,
    },
    /// A message was read.
    Received {
        /// Which message.
        token: String,
        /// From whom.
        client: u64,
    },
    /// A message waits until then (a stamp) at the latest, unless the server stands still.
    Held {
        /// Which message.
        token: String,
        /// For whom.
        client: u64,
        /// Until when.
        until: u64,
    },
    /// A message is passed on, for the first time to this client.
    Forwarded {
        /// Which message.
        token: String,
        /// To whom.
        client: u64,
    },
    /// A message is passed on once more.
    Duplicated {
        /// Which message.
        token: String,
        /// To whom.
        client: u64,
    },
    /// A message is not passed on.
    Dropped {
        /// Which message.
        token: String,
        /// Who would have had it.
        client: u64,
    },
    /// A message was still held when the client's connection ended, or came while there was none.
    Unsent {
        /// Which message.
        token: String,
        /// Who would have had it.
        client: u64,
    },
    /// A message that was passed on never reached the client, whose connection broke: said when the client is back.
    Missed {
        /// Which message.
        token: String,
        /// By which connection it went.
        client: u64,
    },
    /// The whole server stands still until then (a stamp).
    Stalled {
        /// Until when.
        until: u64,
    },
    /// Every connection dies, and nobody listens until then (a stamp).
    Crashed {
        /// Until when.
        until: u64,
    },
    /// Listens again.
    Restarted,
}

/// Where an account goes.
pub struct Sink(Box<dyn Write + Send>);

impl Sink {
    /// Every line is one `write`: whatever is given here should not hold it back.
    #[must_use]
    pub fn new(to: impl Write + Send + 'static) -> Self {
        Self(Box::new(to))
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sink")
    }
}

/// An account that is being kept, or none at all.
#[derive(Clone, Debug)]
pub(super) struct Account {
    clock: Clock,
    book: Option<Arc<Book>>,
}

#[derive(Debug)]
struct Book {
    page: Mutex<Page>,
    /// Told once the account cannot be written any more.
    broken: Notify,
}

#[derive(Debug)]
struct Page {
    sink: Sink,
    error: Option<io::Error>,
}

impl Account {
    /// Begins it.
    ///
    /// # Errors
    /// Its first line cannot be written.
    pub(super) fn begin(sink: Option<Sink>, clock: &Clock) -> io::Result<Self> {
        let head = Head { account: FORMAT, epoch_unix_nanos: clock.epoch_unix_nanos() };
        let open = |mut sink: Sink| {
            append(&mut sink, &head)?;
            let page = Mutex::new(Page { sink, error: None });
            Ok::<_, io::Error>(Arc::new(Book { page, broken: Notify::new() }))
        };
        Ok(Self { clock: clock.clone(), book: sink.map(open).transpose()? })
    }

    /// Writes down what is about to be done.
    pub(super) fn note(&self, deed: impl FnOnce() -> Deed) {
        let Some(book) = &self.book else { return };
        let deed = deed();
        let mut page = book.page.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = Entry { at: self.clock.now().nanos(), deed };
        if page.error.is_none()
            && let Err(error) = append(&mut page.sink, &entry)
        {
            page.error = Some(error);
            book.broken.notify_one();
        }
    }

    /// Writes down that this was read from a client, if it is a message of a run.
    pub(super) fn received(&self, text: &str, client: u64) {
        if self.book.is_some()
            && let Some(token) = Token::leading(text)
        {
            self.note(|| Deed::Received { token: token.encode(), client });
        }
    }

    /// Over once it cannot be written any more; never, if it always can.
    pub(super) async fn broken(&self) -> io::Error {
        let Some(book) = &self.book else { return std::future::pending().await };
        book.broken.notified().await;
        let error = book.page.lock().unwrap_or_else(PoisonError::into_inner).error.take();
        let why = error.map_or_else(String::new, |error| format!(": {error}"));
        io::Error::other(format!("the account cannot be written{why}"))
    }
}

fn append(sink: &mut Sink, line: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    sink.0.write_all(text.as_bytes())
}
