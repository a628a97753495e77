//! What sessions report to the collector.

use tokio::sync::mpsc::UnboundedSender;

use super::fanout::Spot;
use super::heard::Receipt;
use super::holds::Hold;
use super::ledger::Toward;
use super::link::Connected;
use crate::base::id::VisitId;
use crate::base::time::{Moment, RealMoment, RealSpan};
use crate::base::words::Observation;
use crate::base::words::rooms::{Fate, PostId};
use crate::base::words::site::Fetch;
use crate::metrics::tally::{Direction, Failure};
use crate::metrics::timeline::TargetInterval;
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
    /// A visit that was meant to begin then began so much later.
    Began(Moment, RealSpan),
    /// A visit that was meant to begin then would begin so much later, and does not.
    Dropped(Moment, RealSpan),
    /// A connection was tried for what was meant to happen then, and came about.
    Connected(Moment, Connected),
    /// A connection was tried, and did not come about; `None` for want of sockets here.
    NotConnected(Moment, Option<Failure>),
    /// A connection that there was is no more.
    Disconnected,
    /// Something else went wrong with a connection.
    Failed(Moment, Failure),
    /// A connection that broke at the first instant was tried again, and did not come about; another try follows.
    TriedAgain(Moment, Option<Failure>),
    /// One whose connection broke then is back, so much later: where they were, or as a newcomer.
    CameBack(Moment, bool, RealSpan),
    /// One whose connection broke then does not try any more.
    GaveUp(Moment),
    /// An agent was given a conversation and has no slot for it: it waits until one is free.
    BeyondSlots,
    /// An agent's slot is taken, or a moderator has a message in hand.
    Took,
    /// That is over.
    LetGo,
    /// The platform is about to be told, then, that this visit waits.
    Asks(VisitId, RealMoment),
    /// An agent was told of this visit, which was read then, and could have been since the first instant, where that is known.
    Given(VisitId, Option<RealMoment>, RealMoment),
    /// A message is about to be handed to the network.
    Sent(VisitId, Toward, u32, Moment),
    /// What was said in this visit, that way, was held back by the server.
    HeldBack(VisitId, Direction, Hold),
    /// The server wants less of us, in its words.
    Throttled(String),
    /// The server did not do what it was asked, in its words.
    Unwilling(String),
    /// A connection broke off, and it is known why.
    BrokeOff(String),
    /// The server did what the protocol does not allow: what, for a person to read.
    Nonsense(String),
    /// A message of this run was read; whether the server withheld it, as it said.
    Received(Token, RealMoment, bool),
    /// The recipient on that side is over: whole, when it could still receive all that was sent before.
    Over(VisitId, Toward, bool),
    /// The connection of the recipient on that side broke, who comes back or tries to.
    Away(VisitId, Toward),
    /// The recipient on that side is back.
    Back(VisitId, Toward),
    /// The recipient on that side, who has just heard of the conversation, was away until then.
    WasAway(VisitId, Toward, Moment),
    /// A guest's connection broke, who comes back or tries to.
    AwayFromRoom(Spot, VisitId),
    /// A guest is back in the room.
    BackInRoom(Spot, VisitId),
    /// A guest is in a room, as the platform said.
    Entered(Spot, VisitId),
    /// A guest's message, meant to be sent at the first instant and with that fate, is about to be handed to the network at the
    /// second.
    Posted(PostId, Spot, Fate, Moment, RealMoment),
    /// A moderator is to review a message. Of what was reported that is known when the moderator gets it.
    ToReview(PostId),
    /// A moderator, who meant to at the first instant, is about to say at the second whether a message passes.
    Decided(PostId, bool, Moment, RealMoment),
    /// A guest read a message.
    Heard(Reading),
    /// A guest is about to tell the platform of leaving, then.
    Leaves(Spot, VisitId, RealMoment),
    /// From then to then the target says that of itself.
    Told(RealMoment, RealMoment, Box<TargetInterval>),
    /// One who is on the site asked for a page then.
    Fetched(RealMoment, Fetch),
    /// A guest has left: whole, when all that was sent before was received.
    Left(Spot, VisitId, bool),
}

/// A message that a guest of its room read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) token: Token,
    /// The reader.
    pub(super) visit: VisitId,
    pub(super) receipt: Receipt,
    /// From when on the room was meant to see it: when it was meant to be sent, or passed.
    pub(super) since: RealMoment,
    pub(super) read: RealMoment,
    /// Whether the server withheld it, as it said.
    pub(super) withheld: bool,
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
