//! The record of a simulation or a run, written as it goes.

use std::fs::File;
use std::io::{self, BufWriter};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::record::log::Writer;
use crate::record::{Body, Header, Trailer};
use crate::report::files;

use super::exit::Failure;
use super::out::{Folder, cut_short};
use super::stamp::Stamp;

/// How often a simulation writes what is over; a run has its own measure.
const WRITE_EVERY_MS: u64 = 2_000;

/// Begun with the first that there is to write, so that what never began leaves what was there before. When something cannot
/// be written, the rest would be played for nothing: whoever plays is asked to stop.
#[derive(Clone)]
pub(super) struct Log {
    state: Arc<Mutex<State>>,
    folder: Folder,
    give_up: Arc<dyn Fn() + Send + Sync>,
}

enum State {
    Waiting(Box<Header>),
    Open(Writer<BufWriter<File>>),
    Broken(io::Error),
}

impl Log {
    /// A record of this head, in that folder. `give_up` is called once it cannot be written.
    pub(super) fn new(folder: Folder, header: Header, give_up: impl Fn() + Send + Sync + 'static) -> Self {
        let state = Arc::new(Mutex::new(State::Waiting(Box::new(header))));
        Self { state, folder, give_up: Arc::new(give_up) }
    }

    /// Writes a part.
    pub(super) fn append(&self, part: &Body) {
        let mut state = self.state();
        if matches!(*state, State::Broken(_)) {
            return;
        }
        if let Err(error) = state.open(&self.folder).and_then(|writer| writer.part(part)) {
            *state = State::Broken(error);
            drop(state);
            (self.give_up)();
        }
    }

    /// Whether all that was to be written so far was.
    ///
    /// # Errors
    /// Says why not.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match &*self.state() {
            State::Broken(error) => Err(self.broken(error)),
            State::Waiting(_) | State::Open(_) => Ok(()),
        }
    }

    /// Writes what comes last, and the trailer.
    ///
    /// # Errors
    /// When that or something before it could not be written.
    pub(super) fn end(
        self,
        last: impl FnOnce(&mut Writer<BufWriter<File>>) -> io::Result<Trailer>,
    ) -> Result<(), Failure> {
        self.check()?;
        let mut state = self.state();
        let ended = state.open(&self.folder).and_then(|writer| {
            let trailer = last(writer)?;
            writer.finish(&trailer)
        });
        ended.map_err(|error| self.broken(&error))
    }

    fn broken(&self, error: &io::Error) -> Failure {
        cut_short(&self.folder.path, &files::named(&self.folder.path.join(files::RECORD), error))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The record, begun if it was not.
    fn open(&mut self, folder: &Folder) -> io::Result<&mut Writer<BufWriter<File>>> {
        if let Self::Waiting(header) = self {
            *self = Self::Open(Writer::new(folder.record()?, header)?);
        }
        match self {
            Self::Open(writer) => Ok(writer),
            Self::Broken(error) => Err(io::Error::new(error.kind(), error.to_string())),
            Self::Waiting(_) => unreachable!("it was opened above"),
        }
    }
}

/// Gathers the replications of a simulation as they are over, and writes them now and then: the first at once.
pub(super) struct Gatherer<'a> {
    log: &'a Log,
    gathered: Mutex<Gathered>,
}

#[derive(Default)]
struct Gathered {
    body: Body,
    written_unix_ms: u64,
}

impl<'a> Gatherer<'a> {
    /// For this record.
    pub(super) fn new(log: &'a Log) -> Self {
        Self { log, gathered: Mutex::default() }
    }

    /// One that is over.
    pub(super) fn take(&self, replication: &Body) {
        let mut gathered = self.gathered();
        gathered.body.add(replication);
        let now = Stamp::now().unix_ms();
        if now.abs_diff(gathered.written_unix_ms) >= WRITE_EVERY_MS {
            self.log.append(&std::mem::take(&mut gathered.body));
            gathered.written_unix_ms = now;
        }
    }

    /// What was not written yet.
    pub(super) fn rest(&self) -> Body {
        std::mem::take(&mut self.gathered().body)
    }

    fn gathered(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
