//! The frames of the causerie protocol, as written.

use serde::{Deserialize, Serialize};

use super::super::{ChatId, MessageId};
use super::MAX_FRAME;
use super::rules::Rules;
use crate::base::words::rooms::Verdict;
use crate::base::words::{Channel, Closing};
use crate::scenario::plan::CallPolicy;

/// Who a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Wants to be served.
    Visitor,
    /// Serves.
    Agent,
    /// Comes to a room.
    Guest,
    /// Reviews what is said in rooms.
    Moderator,
}

/// [`Channel`], as written; the tries so far stand beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// By typing.
    #[default]
    Chat,
    /// By a call.
    Call,
    /// By being called back.
    Callback,
}

impl Line {
    /// A channel, as the two fields that are written.
    #[must_use]
    pub const fn split(channel: Channel) -> (Self, u8) {
        match channel {
            Channel::Chat => (Self::Chat, 0),
            Channel::Call => (Self::Call, 0),
            Channel::Callback { tried } => (Self::Callback, tried),
        }
    }

    /// The channel that the two fields say.
    #[must_use]
    pub const fn channel(self, tried: u8) -> Channel {
        match self {
            Self::Chat => Channel::Chat,
            Self::Call => Channel::Call,
            Self::Callback => Channel::Callback { tried },
        }
    }
}

/// [`Closing`], as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The question is answered.
    Resolved,
    /// It is not.
    Unresolved,
    /// The visitor goes on to the phone.
    Escalated,
    /// A callback that nobody picked up.
    Unreached,
    /// The visitor had left.
    Abandoned,
    /// The visitor never answered.
    Silent,
}

impl From<Closing> for How {
    fn from(closing: Closing) -> Self {
        match closing {
            Closing::Resolved => Self::Resolved,
            Closing::Unresolved => Self::Unresolved,
            Closing::Escalated => Self::Escalated,
            Closing::Unreached => Self::Unreached,
            Closing::Abandoned => Self::Abandoned,
            Closing::Silent => Self::Silent,
        }
    }
}

impl From<How> for Closing {
    fn from(how: How) -> Self {
        match how {
            How::Resolved => Self::Resolved,
            How::Unresolved => Self::Unresolved,
            How::Escalated => Self::Escalated,
            How::Unreached => Self::Unreached,
            How::Abandoned => Self::Abandoned,
            How::Silent => Self::Silent,
        }
    }
}

/// [`Verdict`], as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Everybody may see it.
    Pass,
    /// Nobody may.
    Remove,
}

impl From<Verdict> for Decision {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Remove => Self::Remove,
        }
    }
}

impl From<Decision> for Verdict {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Pass => Self::Pass,
            Decision::Remove => Self::Remove,
        }
    }
}

/// [`CallPolicy`], as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// Is given to agents with no chat in hand.
    Waits,
    /// Lets the chats in hand stand still.
    Pauses,
}

/// [`super::super::Beside`], as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// What a call does to the chats.
    pub call: Call,
    /// So many of the group are kept off the phone.
    #[serde(default)]
    pub reserve: u32,
}

impl From<super::super::Beside> for Beside {
    fn from(beside: super::super::Beside) -> Self {
        let call = match beside.call {
            CallPolicy::WaitsForChats => Call::Waits,
            CallPolicy::PausesChats => Call::Pauses,
        };
        Self { call, reserve: beside.reserve }
    }
}

impl From<Call> for CallPolicy {
    fn from(call: Call) -> Self {
        match call {
            Call::Waits => Self::WaitsForChats,
            Call::Pauses => Self::PausesChats,
        }
    }
}

/// What is said of taking up a broken connection, in the greeting and in its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resume {
    /// What the server knows it by. A client without one asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// How many frames of the other side were read, over all connections, greetings apart. A server that does not say has taken
    /// up nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<u64>,
}

const fn yes() -> bool {
    true
}

/// What a client sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The greeting; nothing else may come first.
    Hello {
        /// The protocol's version.
        v: u32,
        /// Who is there.
        role: Role,
        /// Scenario seconds in a real second.
        speed: f64,
        /// The number of the run: those of different runs never meet.
        run: u32,
        /// To take up again what broke off, or to be able to later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<Resume>,
        /// Where the client is reached by those it will talk with, if that is on another server.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    /// A visitor asks to be served.
    Open {
        /// Of which desk.
        desk: String,
        /// What about.
        #[serde(default)]
        topic: String,
        /// The skills that takes.
        #[serde(default)]
        skills: Vec<String>,
        /// How they want to talk.
        #[serde(default)]
        channel: Line,
        /// Tries to call back so far.
        #[serde(default)]
        tried: u8,
        /// Passed on to the agent as it is.
        #[serde(default)]
        token: String,
    },
    /// A visitor in the queue takes a callback.
    Callback {
        /// The topic of those who are called back.
        #[serde(default)]
        topic: String,
        /// The skills that takes.
        #[serde(default)]
        skills: Vec<String>,
    },
    /// The writing of a message has begun.
    Typing {
        /// An agent's conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chat: Option<ChatId>,
    },
    /// A message: a visitor's to whoever serves them, an agent's to the visitor of `chat`.
    Say {
        /// An agent's conversation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chat: Option<ChatId>,
        /// The text.
        text: String,
    },
    /// A visitor or a guest leaves.
    Leave,
    /// A guest enters a room.
    Enter {
        /// Its name; what stands before a `/` is that of its venue.
        room: String,
        /// What the venue does with messages; left out: as it does already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rules: Option<Rules>,
    },
    /// A guest says something to all who are there.
    Post {
        /// The text.
        text: String,
        /// Whether the automatic filter flags it.
        #[serde(default)]
        flagged: bool,
    },
    /// A guest reports a message.
    Report {
        /// Which.
        message: MessageId,
    },
    /// A moderator takes messages to review from now on.
    Moderate {
        /// Of all rooms of this venue.
        venue: String,
        /// What it does with messages; left out: as it does already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rules: Option<Rules>,
    },
    /// A moderator decides about a message.
    Decide {
        /// Which.
        message: MessageId,
        /// What becomes of it.
        verdict: Decision,
    },
    /// An agent comes on duty.
    Ready {
        /// At which desk.
        desk: String,
        /// In which group.
        #[serde(default)]
        group: String,
        /// Conversations at once.
        slots: u32,
        /// What the agent can do.
        #[serde(default)]
        skills: Vec<String>,
        /// Whether nothing more is to be given after each conversation until `more`.
        #[serde(default)]
        paced: bool,
        /// How calls at this desk go together with chats at the agent's other.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        beside: Option<Beside>,
    },
    /// An agent goes off duty.
    Rest,
    /// A paced agent may be given another conversation.
    More,
    /// An agent passes a conversation on.
    Transfer {
        /// Which.
        chat: ChatId,
        /// What it is about.
        #[serde(default)]
        topic: String,
        /// The skills that takes.
        #[serde(default)]
        skills: Vec<String>,
        /// Passed on to the next agent, in place of the visitor's.
        #[serde(default)]
        token: String,
    },
    /// An agent ends a conversation.
    Close {
        /// Which.
        chat: ChatId,
        /// How.
        how: How,
        /// Whether its slot is free with that.
        #[serde(default = "yes")]
        free: bool,
        /// How many messages the agent has sent in it, where they go over another server.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        said: Option<u32>,
    },
    /// The slot of a conversation that was closed is free.
    Free {
        /// Which.
        chat: ChatId,
    },
}

/// What a server sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to a greeting.
    Welcome {
        /// The protocol's version.
        v: u32,
        /// Scenario seconds in a real second.
        speed: f64,
        /// How what breaks off can be taken up again, where the client asked for that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<Resume>,
    },
    /// The greeting or the request is turned down.
    Refused {
        /// Why.
        why: String,
    },
    /// A visitor waits.
    Queued {
        /// How many wait at that desk, this visitor included.
        position: u32,
    },
    /// A visitor is served.
    Assigned {
        /// The conversation.
        chat: ChatId,
        /// By which agent of the desk.
        agent: u32,
        /// Where the agent is reached, as said in the agent's greeting.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    /// A visitor was passed on, and waits for another agent.
    Transferred {
        /// The conversation.
        chat: ChatId,
    },
    /// An agent is on duty.
    OnDuty {
        /// As which agent of the desk.
        agent: u32,
    },
    /// A moderator is on duty.
    Moderating {
        /// As which moderator of the venue.
        moderator: u32,
    },
    /// An agent serves.
    Given {
        /// The conversation.
        chat: ChatId,
        /// What the visitor's request carried.
        token: String,
        /// How the visitor wants to talk.
        #[serde(default)]
        channel: Line,
        /// Tries to call back so far.
        #[serde(default)]
        tried: u8,
        /// What the visitor comes for.
        #[serde(default)]
        topic: String,
        /// Where the visitor is reached, as said in the visitor's greeting.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    /// An agent's visitor has left; the slot is taken until the agent closes.
    Left {
        /// The conversation.
        chat: ChatId,
    },
    /// The other side is typing.
    Typing {
        /// The conversation.
        chat: ChatId,
    },
    /// A message.
    Said {
        /// The conversation.
        chat: ChatId,
        /// The text.
        text: String,
    },
    /// A visitor's conversation is over.
    Closed {
        /// The conversation.
        chat: ChatId,
        /// How.
        how: How,
        /// How many messages the agent has sent in it, as said on closing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
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
    /// Somebody else in the room said something.
    Posted {
        /// Which message that is.
        message: MessageId,
        /// The text.
        text: String,
        /// The message that has scrolled away with that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
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
        #[serde(default)]
        held: bool,
    },
}

/// Reads a frame from a side that may be hostile.
///
/// # Errors
/// Says what is wrong with it, for a person to read.
pub fn read<'a, F: Deserialize<'a>>(text: &'a str) -> Result<F, String> {
    if text.len() > MAX_FRAME {
        return Err(format!("a frame of {} bytes; at most {MAX_FRAME} are taken", text.len()));
    }
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Writes a frame.
#[must_use]
pub fn write(frame: &impl Serialize) -> String {
    // Frames hold strings, numbers and lists of strings: nothing that JSON cannot say.
    serde_json::to_string(frame).expect("a frame is JSON")
}

/// Whether both sides mean the same speed. (The same decimal may be off by a rounding once it was written and read.)
#[must_use]
pub fn same_speed(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_as_documented() {
        let hello =
            ClientFrame::Hello { v: 1, role: Role::Agent, speed: 60.0, run: 7, resume: None, address: None };
        assert_eq!(write(&hello), r#"{"type":"hello","v":1,"role":"agent","speed":60.0,"run":7}"#);
        let resume = Some(Resume { token: Some("1f".into()), heard: Some(23) });
        let welcome = ServerFrame::Welcome { v: 1, speed: 60.0, resume };
        let written = r#"{"type":"welcome","v":1,"speed":60.0,"resume":{"token":"1f","heard":23}}"#;
        assert_eq!(write(&welcome), written);
        let say = ClientFrame::Say { chat: None, text: "hi".into() };
        assert_eq!(write(&say), r#"{"type":"say","text":"hi"}"#);
        let open: ClientFrame = read(r#"{"type":"open","desk":"support"}"#).unwrap();
        let ClientFrame::Open { channel, tried, token, .. } = open else { panic!("{open:?}") };
        assert_eq!((channel, tried, token.as_str()), (Line::Chat, 0, ""));
        let close: ClientFrame = read(r#"{"type":"close","chat":3,"how":"silent"}"#).unwrap();
        assert_eq!(close, ClientFrame::Close { chat: ChatId(3), how: How::Silent, free: true, said: None });
        let beside = Some(Beside { call: Call::Pauses, reserve: 2 });
        let (desk, group, skills) = ("phone".into(), String::new(), Vec::new());
        let ready = ClientFrame::Ready { desk, group, slots: 1, skills, paced: false, beside };
        let written = write(&ready);
        assert!(written.ends_with(r#""beside":{"call":"pauses","reserve":2}}"#), "{written}");
        assert_eq!(read::<ClientFrame>(&written).unwrap(), ready);
        let closed = ServerFrame::Closed { chat: ChatId(3), how: How::Escalated, said: None };
        assert_eq!(write(&closed), r#"{"type":"closed","chat":3,"how":"escalated"}"#);
    }

    #[test]
    fn hostile_frames_are_refused_with_a_reason() {
        let deep = "[".repeat(8_000);
        let long = format!(r#"{{"type":"say","text":"{}"}}"#, "x".repeat(MAX_FRAME));
        for text in
            ["", "null", "{}", "[]", r#"{"type":"shout"}"#, r#"{"type":"open"}"#, &deep, &long, "\u{0}"]
        {
            assert!(read::<ClientFrame>(text).is_err(), "{text:.40}");
        }
        assert!(
            read::<ClientFrame>(r#"{"type":"ready","desk":"a","slots":1,"beside":{"call":"sings"}}"#)
                .is_err()
        );
        assert!(read::<ClientFrame>(r#"{"type":"close","chat":-1,"how":"resolved"}"#).is_err());
        assert!(read::<ClientFrame>(r#"{"type":"ready","desk":"a","slots":4294967296}"#).is_err());
    }

    #[test]
    fn channels_and_closings_come_back() {
        for channel in [Channel::Chat, Channel::Call, Channel::Callback { tried: 3 }] {
            let (line, tried) = Line::split(channel);
            assert_eq!(line.channel(tried), channel);
        }
        for closing in Closing::ALL {
            assert_eq!(Closing::from(How::from(closing)), closing);
        }
    }
}
