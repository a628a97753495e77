//! The record of a run, written as the run goes.

use std::fs::File;
use std::io::{self, BufWriter};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::live::{Delta, Deltas};
use crate::record::log::Writer;
use crate::record::{Header, Trailer};

use super::out::Folder;

/// Begun with the first that there is to write, so that a run that never began leaves what was there before. What cannot
/// be written is said once, at the end.
#[derive(Clone)]
pub(super) struct Log(Arc<Mutex<State>>);

enum State {
    Waiting(Box<(Folder, Header)>),
    Open(Writer<BufWriter<File>>),
    Broken(io::Error),
}

impl Log {
    /// A record of this head, in that folder.
    pub(super) fn new(folder: Folder, header: Header) -> Self {
        Self(Arc::new(Mutex::new(State::Waiting(Box::new((folder, header))))))
    }

    /// Where the engine puts what it gathers.
    pub(super) fn deltas(&self) -> Deltas {
        let log = self.clone();
        Box::new(move |delta| log.append(delta))
    }

    fn append(&self, delta: &Delta) {
        let mut state = self.state();
        let written = state.open().and_then(|writer| {
            writer.delta(&delta.sections, &delta.timeline)?;
            writer.slices(&delta.slices)?;
            writer.outcomes(&delta.outcomes)?;
            writer.guests(&delta.guests)
        });
        if let Err(error) = written {
            *state = State::Broken(error);
        }
    }

    /// Writes what comes last, and the trailer.
    pub(super) fn end(
        self,
        last: impl FnOnce(&mut Writer<BufWriter<File>>) -> io::Result<Trailer>,
    ) -> io::Result<()> {
        let mut state = self.state();
        let trailer = last(state.open()?)?;
        match std::mem::replace(&mut *state, State::Broken(io::Error::other("the record is closed"))) {
            State::Open(writer) => writer.finish(&trailer).map(drop),
            State::Broken(error) => Err(error),
            State::Waiting(_) => unreachable!("it was opened above"),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The record, begun if it was not.
    fn open(&mut self) -> io::Result<&mut Writer<BufWriter<File>>> {
        if let Self::Waiting(start) = self {
            let (folder, header) = &**start;
            *self = Self::Open(Writer::new(folder.record()?, header)?);
        }
        match self {
            Self::Open(writer) => Ok(writer),
            Self::Broken(error) => Err(io::Error::new(error.kind(), error.to_string())),
            Self::Waiting(_) => unreachable!("it was opened above"),
        }
    }
}
