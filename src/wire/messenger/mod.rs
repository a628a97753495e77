//! Codecs of chat servers as there are: they carry messages between addresses and to rooms. Some have a queue of their own, in
//! which visitors wait for agents; for the others the testbed's own desk stands beside them.
//!
//! Addresses, rooms and conversations are the server's own names, whatever they look like; no codec takes them apart. A
//! codec knows nothing of tokens, of visits or of how many there are in a room: it says who came and who went.

use super::Codec;
use crate::base::time::{RealMoment, RealSpan};

/// The codec of a chat server.
pub type Messenger = dyn Codec<Act = Act, Event = Event> + Send;

/// Bytes of an address, a room's name or a conversation's at the most: who sends longer ones is not taken at their word.
pub const LONGEST_NAME: usize = 200;

/// What a person does on a chat server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Connects and logs in.
    Connect,
    /// Hangs up, saying so where there is a word for it.
    Disconnect,
    /// Writes to somebody.
    Tell {
        /// The address, or the conversation where the server has such.
        peer: String,
        /// The text.
        text: String,
    },
    /// Begins to type to somebody; nothing, where the server has no word for it.
    Compose {
        /// As in [`Self::Tell`].
        peer: String,
    },
    /// Asks whether the server has taken in what was said: [`Event::TakenIn`]. Nothing, where the server has no word for it.
    Ask,
    /// Will talk with somebody: where that takes an act of its own, such as entering a room for two.
    Meet {
        /// The address.
        peer: String,
    },
    /// Talks with somebody no longer: the conversation is over.
    Part {
        /// The address, or the conversation.
        peer: String,
    },
    /// Asks to be served, of a server with a queue.
    Open {
        /// What about; empty where topics are not told apart.
        topic: String,
        /// The first message.
        text: String,
    },
    /// Takes conversations from now on, of a server with a queue.
    Ready {
        /// Conversations at once.
        slots: u32,
    },
    /// Takes no more of them.
    Rest,
    /// Enters a room, which comes to be with that if need be.
    Enter {
        /// Letters, digits and hyphens, as the scenario has it: the codec makes of it what the server takes.
        room: String,
    },
    /// Says something to all who are in the room.
    Post {
        /// The text.
        text: String,
    },
    /// Leaves the room, the queue, or the conversation that was waited for.
    Leave,
}

/// What a chat server tells a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Logged in.
    Welcome {
        /// Where others reach this person.
        address: String,
        /// Whether others are told of this person's typing.
        typing: bool,
    },
    /// The server will not have us, will not serve us, or will not let us into the room.
    Refused {
        /// Why, in the server's words.
        why: String,
    },
    /// The server wants less of this; nothing else is over with that.
    Throttled {
        /// Of what, in the server's words.
        why: String,
        /// When it may be tried again, if it says so.
        retry_after: Option<RealSpan>,
    },
    /// The server has taken in all that was sent before: how long it let that lie is known with this.
    TakenIn {
        /// Before this instant.
        sent: RealMoment,
    },
    /// The connection is over, and whether the server has taken in what was sent before will not be known.
    Unanswered {
        /// Before this instant.
        sent: RealMoment,
    },
    /// What was done from that instant on was put off, because the server wanted less of it: until now.
    PutOff {
        /// When the first of it was to be done.
        since: RealMoment,
    },
    /// What others have said in between was withheld from this person, because the server wanted less of being asked for it: it comes now.
    Withheld {
        /// When it was asked for first, in vain.
        since: RealMoment,
        /// When it was asked for last.
        until: RealMoment,
    },
    /// A visitor waits in the server's queue.
    Queued {
        /// How many wait, this visitor included, if it says so.
        waiting: Option<u32>,
    },
    /// A visitor is served by the server's own choice.
    Assigned {
        /// What is written to.
        peer: String,
    },
    /// A conversation is the agent's, by the server's own choice.
    Given {
        /// What is written to.
        peer: String,
    },
    /// The visitor of an agent's conversation has left.
    Left {
        /// Which.
        peer: String,
    },
    /// The server or the agent ended a visitor's conversation.
    Closed {
        /// Which.
        peer: String,
    },
    /// Takes conversations, as was asked for.
    OnDuty,
    /// Somebody types to this person.
    Typing {
        /// Who, as [`Act::Tell`] would name them.
        peer: String,
    },
    /// Somebody wrote to this person. One's own messages are not told.
    Told {
        /// Who, as [`Act::Tell`] would name them.
        peer: String,
        /// The text.
        text: String,
    },
    /// In the room.
    Entered {
        /// How many others are.
        others: u32,
    },
    /// Somebody else came into the room.
    Joined,
    /// Somebody else left it.
    Parted,
    /// Somebody else said something in the room.
    Posted {
        /// The text.
        text: String,
    },
    /// Something that was done came to nothing, such as a message that the server would not take; nothing else is over with that.
    Failed {
        /// Why, for a person to read.
        why: String,
    },
    /// The connection is gone, and nobody here asked for that; why, where that is known.
    Gone(Option<String>),
    /// The server said what the protocol does not allow, or too much of it; the connection is being closed.
    Broken {
        /// What was wrong, for a person to read.
        why: String,
    },
}
