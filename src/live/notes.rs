//! What sessions report to the collector.

use tokio::sync::mpsc::UnboundedSender;

use super::fanout::Spot;
use super::heard::Receipt;
use super::ledger::Toward;
use super::link::Connected;
use crate::base::id::VisitId;
use crate::base::time::{Moment, RealMoment, RealSpan};
use crate::base::words::Observation;
use crate::base::words::rooms::{Fate, PostId};
use crate::metrics::tally::Failure;
use crate::wire::token::Token;

/// Where a visitor or a guest stands, for the progress of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whereabouts {
    Away,
    Waiting,
    InChat,
    InRoom,
}

/// One report.
#[derive(Debug)]
pub(super) enum Note {
    /// A person lets us know.
    Observed(Observation),
    /// A visitor's or a guest's intended start has come.
    Arrived,
    /// A visitor or a guest is gone for good.
    Done,
    /// A visitor or a guest moves.
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
    /// An agent's slot is taken, or a moderator has a message in hand.
    Took,
    /// That is over.
    LetGo,
    /// A message is about to be handed to the network.
    Sent(VisitId, Toward, u32, Moment),
    /// A message of this run was read.
    Received(Token, RealMoment),
    /// The recipient on that side is over: whole, when it could still receive all that was sent before.
    Over(VisitId, Toward, bool),
    /// A guest is in a room, as the platform said.
    Entered(Spot, VisitId),
    /// A guest's message is about to be handed to the network, then, which will have that fate.
    Posted(PostId, Spot, Fate, Moment, RealMoment),
    /// A moderator is about to say, then, whether a message passes.
    Decided(PostId, bool, RealMoment),
    /// A message was read by a guest in that visit.
    Heard(Token, VisitId, Receipt, RealMoment),
    /// A guest is about to tell the platform of leaving, then.
    Leaves(Spot, VisitId, RealMoment),
    /// A guest has left: whole, when all that was sent before was received.
    Left(Spot, VisitId, bool),
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
