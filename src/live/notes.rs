//! What sessions report to the collector.

use tokio::sync::mpsc::UnboundedSender;

use super::link::Connected;
use crate::base::id::VisitId;
use crate::base::time::{Moment, RealMoment, RealSpan};
use crate::base::words::Observation;
use crate::metrics::tally::{Direction, Failure};
use crate::wire::token::Token;

/// Where a visitor stands, for the progress of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whereabouts {
    Away,
    Waiting,
    InChat,
}

/// One report.
#[derive(Debug)]
pub(super) enum Note {
    /// A person lets us know.
    Observed(Observation),
    /// A visitor's intended start has come.
    Arrived,
    /// A visitor is gone for good.
    Done,
    /// A visitor moves.
    Moved(Whereabouts, Whereabouts),
    /// What was meant for then was done so much later.
    Lagged(Moment, RealSpan),
    /// A connection was tried for what was meant to happen then, and came about.
    Connected(Moment, Connected),
    /// A connection was tried, and did not come about; `None` for want of sockets here.
    NotConnected(Moment, Option<Failure>),
    /// A connection that there was is no more.
    Disconnected,
    /// Something else went wrong with a connection.
    Failed(Moment, Failure),
    /// An agent's slot is taken.
    Took,
    /// An agent's slot is free again.
    LetGo,
    /// A message is about to be handed to the network.
    Sent(VisitId, Direction, u32, Moment),
    /// A message of this run was read.
    Received(Token, RealMoment),
    /// The recipient of that direction is over: whole, when it could still receive all that was sent before.
    Over(VisitId, Direction, bool),
}

/// Where notes are put.
#[derive(Clone, Debug)]
pub(super) struct Notes(pub(super) UnboundedSender<Note>);

impl Notes {
    /// Puts down a note. (Once the collector is gone, nobody wants to know.)
    pub(super) fn put(&self, note: Note) {
        let _ = self.0.send(note);
    }
}
