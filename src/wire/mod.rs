//! Floor 3: codecs. One protocol each, sans-IO: they turn acts into frames and frames into events, and never touch a
//! socket, read a clock or wait.
//!
//! # The driver's contract
//!
//! * The driver hands in whatever happens ([`Input`]) with the instant at which it happened, and carries out the
//!   [`Output`]s in their order: opens and closes transports, sends frames, passes events on.
//! * A codec numbers its transports ([`Transport`]); most have one. What each is, and where it leads, is said before ([`endpoint`]).
//! * After [`Output::Open`] the driver answers [`Input::Opened`], or [`Input::Closed`] when that came to nothing; after
//!   [`Output::Secure`] likewise [`Input::Secured`]; after [`Output::Ask`] [`Input::Answered`] with the same number, in the order
//!   of the questions.
//! * What comes over a stream is cut anywhere; what comes over a WebSocket comes frame by frame.
//! * When [`Codec::next_deadline`] has come, the driver hands in [`Input::Tick`].
//! * Whatever a server sends is bounded and may be hostile: the answer is an event ([`Event::Broken`]), never a panic.
//!
//! Two kinds of codec: one whose protocol has all that people do at a desk and in a room (our own), and
//! [`messenger`]s, which carry messages between addresses and to rooms. What those lack is put beside them.

pub mod beside;
pub mod dialect;
pub mod exposition;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
pub mod irc;
pub mod json;
pub mod messenger;
pub mod token;
#[cfg(feature = "live")]
pub mod xmpp;

pub use crate::base::{endpoint, http};

use std::fmt;

use crate::base::time::RealMoment;
use crate::base::words::rooms::Verdict;
use crate::base::words::{Channel, Closing};
use crate::scenario::plan::CallPolicy;
use crate::scenario::plan::rooms::Rules;

/// One of a codec's connections, as the codec numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transport(pub u8);

/// What the peer of a WebSocket says on closing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goodbye<'a> {
    /// The status code: RFC 6455, 7.4.
    pub code: u16,
    /// The reason; empty, where there is none.
    pub words: &'a str,
}

impl fmt::Display for Goodbye<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "closed the connection with code {}", self.code)?;
        if self.words.is_empty() { Ok(()) } else { write!(f, " ({})", self.words) }
    }
}

/// What happens to a codec, whose people do `A`.
#[derive(Debug)]
pub enum Input<'a, A = Act> {
    /// A transport is open.
    Opened(Transport),
    /// A stream is secret from here on: TLS has been agreed upon.
    Secured(Transport),
    /// A text frame of a WebSocket came.
    Frame(Transport, &'a str),
    /// Bytes of a stream came, cut anywhere.
    Bytes(Transport, &'a [u8]),
    /// The question of this number has an answer, or never will have one, and why.
    Answered(Transport, u32, Result<&'a http::Answer, &'a str>),
    /// A transport is closed, whoever closed it; with what a WebSocket's peer said on that.
    Closed(Transport, Option<Goodbye<'a>>),
    /// The person acts.
    Act(&'a A),
    /// The deadline has come.
    Tick,
}

impl<A> Clone for Input<'_, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Input<'_, A> {}

/// What a codec wants done, whose people are told `E`.
#[derive(Clone, Debug, PartialEq)]
pub enum Output<E = Event> {
    /// A transport is to be opened, in this way.
    Open(Transport, http::Opening),
    /// TLS is to be agreed upon over an open stream, before anything else is sent.
    Secure(Transport),
    /// A text frame is to be sent, or this text over a stream.
    Send(Transport, String),
    /// A question over HTTP, with a number of the codec's own. A transport asks one at a time.
    Ask(Transport, u32, http::Question),
    /// A transport is to be closed; questions without an answer get none.
    Close(Transport),
    /// The person is to be told.
    Event(E),
}

/// A protocol, one side of one connection's life.
pub trait Codec: std::fmt::Debug {
    /// What its person does.
    type Act;
    /// What its person is told.
    type Event;

    /// Takes in what happened at `now`, and appends what is to be done about it.
    fn handle(&mut self, now: RealMoment, input: Input<'_, Self::Act>, out: &mut Vec<Output<Self::Event>>);
    /// When the codec wants to be ticked, if at all.
    fn next_deadline(&self) -> Option<RealMoment>;
}

/// A conversation, as the server numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ChatId(pub u64);

/// A message in a room, as the server numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct MessageId(pub u64);

/// The name of one room of a venue of many; a venue of one room lends it its own name.
#[must_use]
pub fn room_of_portal(venue: &str, number: u32) -> String {
    format!("{venue}/{number}")
}

/// The venue to which the room of this name belongs.
#[must_use]
pub fn venue_of(room: &str) -> &str {
    room.split_once('/').map_or(room, |(venue, _)| venue)
}

/// What a person does, in names instead of numbers.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Connects and says who is there.
    Connect,
    /// A visitor asks to be served.
    Open(Opening),
    /// A visitor on hold takes the offered callback, and waits in the line of those who are called back.
    TakeCallback(Subject),
    /// A visitor begins to type.
    Type,
    /// A visitor sends a message to whoever serves them.
    Say {
        /// The text.
        text: String,
    },
    /// A visitor or a guest leaves.
    Leave,
    /// An agent takes conversations from now on.
    Ready(Duty),
    /// An agent takes no more of them, at any desk; those in hand go on.
    Rest,
    /// A paced agent may be given another conversation.
    More,
    /// An agent begins to type.
    Compose {
        /// In which conversation.
        chat: ChatId,
    },
    /// An agent sends a message.
    Answer {
        /// In which conversation.
        chat: ChatId,
        /// The text.
        text: String,
    },
    /// An agent passes a conversation on to whoever can serve it.
    Transfer {
        /// Which.
        chat: ChatId,
        /// What it is about.
        subject: Subject,
        /// The token for the next agent: see [`token`].
        token: String,
    },
    /// An agent ends a conversation.
    Close {
        /// Which.
        chat: ChatId,
        /// How.
        closing: Closing,
        /// Whether its slot is free with that; otherwise it is taken until [`Act::Free`].
        free: bool,
        /// How many messages the agent has sent in it, where they go over another server.
        said: Option<u32>,
    },
    /// The slot of a conversation that was closed is free.
    Free {
        /// Which.
        chat: ChatId,
    },
    /// A guest enters a room.
    Enter {
        /// Which: see [`room_of_portal`].
        room: String,
        /// What its venue does with messages.
        rules: Rules,
    },
    /// A guest says something to all who are there.
    Post {
        /// The text.
        text: String,
        /// Whether the automatic filter flags it.
        flagged: bool,
    },
    /// A guest reports a message.
    Report {
        /// Which.
        message: MessageId,
    },
    /// A moderator takes messages to review from now on.
    Moderate {
        /// Of all rooms of which venue.
        venue: String,
        /// What it does with messages.
        rules: Rules,
    },
    /// A moderator decides about a message.
    Decide {
        /// Which.
        message: MessageId,
        /// What becomes of it.
        verdict: Verdict,
    },
    /// Asks whether the platform has taken in what was said.
    Ask,
    /// Hangs up.
    Disconnect,
}

/// What a conversation is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subject {
    /// The topic; empty for a desk that tells no topics apart.
    pub topic: String,
    /// The skills that it takes.
    pub skills: Vec<String>,
}

/// What a visitor asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// Of which desk.
    pub desk: String,
    /// What about.
    pub subject: Subject,
    /// How they want to talk.
    pub channel: Channel,
    /// The visitor's token: see [`token`].
    pub token: String,
}

/// What an agent offers.
#[derive(Clone, Debug, PartialEq)]
pub struct Duty {
    /// At which desk.
    pub desk: String,
    /// The agent's group; empty for a desk with one.
    pub group: String,
    /// Conversations at once.
    pub slots: u32,
    /// What the agent can do.
    pub skills: Vec<String>,
    /// Whether each conversation given is the last until [`Act::More`], or until none is in hand.
    pub paced: bool,
    /// Where this is a phone pool, and the agent serves another desk beside it.
    pub beside: Option<Beside>,
}

/// How calls go together with the chats of agents who serve both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// What a call does to the chats.
    pub call: CallPolicy,
    /// So many of the group's agents on duty are kept off the phone.
    pub reserve: u32,
}

/// What a platform tells a person.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The platform knows us and speaks our language.
    Welcome {
        /// Whether it knows where we were when the last connection broke, and we go on from there.
        resumed: bool,
    },
    /// The platform will not have us, or will not serve us.
    Refused {
        /// Why, in the platform's words.
        why: String,
    },
    /// A visitor waits.
    Queued {
        /// How many wait, this visitor included.
        waiting: u32,
    },
    /// A visitor is served.
    Assigned {
        /// Which conversation that is.
        chat: ChatId,
        /// Where the agent is reached, if that is somewhere else.
        address: Option<String>,
    },
    /// The agent passed a visitor on, who waits again.
    Transferred {
        /// Which conversation that is.
        chat: ChatId,
    },
    /// An agent or a moderator is on duty.
    OnDuty,
    /// A conversation is the agent's.
    Given {
        /// Which.
        chat: ChatId,
        /// The visitor's token, as it came.
        token: String,
        /// By which channel.
        channel: Channel,
        /// Where the visitor is reached, if that is somewhere else.
        address: Option<String>,
    },
    /// The visitor of an agent's conversation has left.
    Left {
        /// Which.
        chat: ChatId,
    },
    /// The other side is typing.
    Typing {
        /// In which conversation.
        chat: ChatId,
    },
    /// A message.
    Said {
        /// In which conversation.
        chat: ChatId,
        /// The text.
        text: String,
    },
    /// A visitor's conversation is over.
    Closed {
        /// Which.
        chat: ChatId,
        /// How.
        closing: Closing,
        /// How many messages the agent has sent in it, where they go over another server.
        said: Option<u32>,
    },
    /// A guest is in the room.
    Entered {
        /// How many others are.
        others: u32,
    },
    /// A guest who was alone no longer is.
    Company,
    /// The last other guest has left.
    Alone,
    /// Another guest said something.
    Posted {
        /// Which message that is.
        message: MessageId,
        /// The text.
        text: String,
        /// The message that has scrolled away with that, if one has.
        scrolled: Option<MessageId>,
    },
    /// A message is not to be seen any more.
    Hidden {
        /// Which.
        message: MessageId,
    },
    /// A message for a moderator to review.
    Review {
        /// Which.
        message: MessageId,
        /// The text.
        text: String,
        /// Whether nobody sees it before that.
        held: bool,
    },
    /// The platform wants less of this.
    Throttled {
        /// Of what, in the platform's words.
        why: String,
    },
    /// Something that was done came to nothing, such as a message that the platform would not take; nothing else is over with that.
    Failed {
        /// Why, in the platform's words.
        why: String,
    },
    /// The platform has taken in all that was said before.
    TakenIn {
        /// Before this instant.
        said: RealMoment,
    },
    /// The connection is over, and whether the platform has taken in what was said before will not be known.
    Unanswered {
        /// Before this instant.
        said: RealMoment,
    },
    /// What was said from that instant on was put off, because the platform wanted less of it: until now.
    PutOff {
        /// When it was to be said.
        since: RealMoment,
    },
    /// What others have said in between was withheld, because the platform wanted less of being asked for it: it comes now.
    Withheld {
        /// When it was asked for first, in vain.
        since: RealMoment,
        /// When it was asked for last.
        until: RealMoment,
    },
    /// The connection is gone, and nobody here asked for that; why, where that is known.
    Gone(Option<String>),
    /// The platform said what the protocol does not allow; the connection is being closed.
    Broken {
        /// What was wrong, for a person to read.
        why: String,
    },
}
