//! What people do and what platforms tell them, free of any protocol.
//!
//! Words carry ids and counts, never text and never addresses: whoever drives a wire maps the ids and writes the text.

pub mod rooms;
pub mod site;

use super::draw::Draws;
use super::id::{ConversationId, DeskId, GroupId, TopicId, VisitId};
use super::time::Moment;
use rooms::RoomObservation;

/// How a visitor and an agent talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// By typing.
    Chat,
    /// By a call to the toll-free number, holding the line.
    Call,
    /// By being called back; `tried` counts the tries before this one that reached nobody.
    Callback {
        /// Tries so far.
        tried: u8,
    },
}

/// How an agent ends a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// The question is answered.
    Resolved,
    /// It is over, and the question is not answered.
    Unresolved,
    /// The visitor wants the phone.
    Escalated,
    /// A callback that nobody picked up.
    Unreached,
    /// The visitor had left; the agent frees the slot.
    Abandoned,
    /// Nobody ever answered the agent: a ghost.
    Silent,
}

impl Closing {
    /// Every closing, in the order in which they are counted.
    pub const ALL: [Self; 6] =
        [Self::Resolved, Self::Unresolved, Self::Escalated, Self::Unreached, Self::Abandoned, Self::Silent];
}

/// How a visit ended. Every visit ends exactly once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// Served, and helped.
    Resolved,
    /// Served, and not helped.
    Unresolved,
    /// Served, and asked for the phone.
    Escalated,
    /// Left the queue, and said so.
    AbandonedQueue,
    /// Left the queue without telling anybody: what stays in it is a ghost.
    AbandonedSilent,
    /// Walked out of a conversation.
    AbandonedChat,
    /// Saw the queue and did not join it.
    Balked,
    /// The platform would not have them.
    Refused,
    /// A callback whose tries reached nobody.
    Unreached,
    /// The run ended first, or the connection was lost.
    Unfinished,
}

impl Ending {
    /// Every ending, in the order in which they are reported.
    pub const ALL: [Self; 10] = [
        Self::Resolved,
        Self::Unresolved,
        Self::Escalated,
        Self::AbandonedQueue,
        Self::AbandonedSilent,
        Self::AbandonedChat,
        Self::Balked,
        Self::Refused,
        Self::Unreached,
        Self::Unfinished,
    ];

    /// The word used in figures and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Unresolved => "unresolved",
            Self::Escalated => "escalated",
            Self::AbandonedQueue => "abandoned.queue",
            Self::AbandonedSilent => "abandoned.silent",
            Self::AbandonedChat => "abandoned.chat",
            Self::Balked => "balked",
            Self::Refused => "refused",
            Self::Unreached => "unreached",
            Self::Unfinished => "unfinished",
        }
    }
}

/// What a visitor (or a caller) does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitorAct {
    /// Asks `desk` to be served about `topic`.
    Open {
        /// The desk.
        desk: DeskId,
        /// What about: a topic of that desk.
        topic: TopicId,
        /// By which channel.
        channel: Channel,
    },
    /// On hold, takes the offered callback: keeps the place in the line, hangs up.
    TakeCallback {
        /// The line's topic of those who are called back.
        topic: TopicId,
    },
    /// Begins to type.
    Type,
    /// Sends a message of this many words.
    Say {
        /// Length in words.
        words: u32,
    },
    /// Leaves, and says so.
    Leave,
}

/// What a platform tells a visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitorNews {
    /// No free slot: in the queue.
    Queued {
        /// How many wait, this visitor included.
        waiting: u32,
    },
    /// An agent has the conversation.
    Assigned,
    /// The agent passed the conversation on: in the queue again, until somebody else is assigned.
    Transferred,
    /// The platform will not have this visitor, or has closed for the day.
    Refused,
    /// The agent is typing.
    Typing,
    /// A message of the agent arrived.
    Said,
    /// The agent ended the conversation.
    Closed(Closing),
}

/// How far a conversation has come when an agent takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Replies given.
    pub replies: u32,
    /// Whether the visitor waits for the next.
    pub owed: bool,
}

impl Progress {
    /// The visitor has asked, and nobody has replied.
    pub const NONE: Self = Self { replies: 0, owed: true };
}

/// What an agent does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentAct {
    /// Takes conversations from now on.
    Ready,
    /// Takes no further conversation until ready again; those in hand go on.
    Rest,
    /// May be given another conversation beside those in hand.
    More,
    /// Begins to type.
    Type {
        /// In which conversation.
        conversation: ConversationId,
    },
    /// Sends a message of this many words.
    Say {
        /// In which conversation.
        conversation: ConversationId,
        /// Length in words.
        words: u32,
    },
    /// Passes a conversation on to whoever can serve it.
    Transfer {
        /// Which.
        conversation: ConversationId,
        /// What it is about, as the agent now knows.
        topic: TopicId,
        /// How far it has come.
        so_far: Progress,
    },
    /// Ends a conversation. Its slot stays taken until [`AgentAct::Free`].
    Close {
        /// Which.
        conversation: ConversationId,
        /// How it ended.
        closing: Closing,
    },
    /// Frees the slot of a conversation that was closed.
    Free {
        /// Which.
        conversation: ConversationId,
    },
}

/// What a platform tells an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentNews {
    /// A conversation is the agent's.
    Given {
        /// Which.
        conversation: ConversationId,
        /// With whom: the agent derives the visitor's work from this key.
        draws: Draws,
        /// Whose visit it is.
        visit: VisitId,
        /// By which channel.
        channel: Channel,
        /// How far it has come in the hands of others.
        so_far: Progress,
    },
    /// The visitor of a conversation has left.
    Left(ConversationId),
    /// The visitor is typing.
    Typing(ConversationId),
    /// A message of the visitor arrived.
    Said(ConversationId),
}

/// A visit, once it is over: everything that the visitor's side knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Where.
    pub desk: DeskId,
    /// Who, and which attempt.
    pub visit: VisitId,
    /// What about: a topic of that desk.
    pub topic: TopicId,
    /// The channel the visit ended on (a caller who took a callback ends on that).
    pub channel: Channel,
    /// When the visit was meant to start.
    pub start: Moment,
    /// Whether there was no free slot on arrival.
    pub delayed: bool,
    /// When an agent took it, if one did while the visitor was still there.
    pub assigned: Option<Moment>,
    /// When the agent's first own message arrived, if one did. (With a handling time `simulate` plays no messages.)
    pub responded: Option<Moment>,
    /// Whether this visitor cannot or will not phone.
    pub cannot_call: bool,
    /// What was sold.
    pub sale: Sale,
    /// When a caller took the callback, if they did (the start, for who asked for one outright).
    pub callback_from: Option<Moment>,
    /// Whether a callback was asked for outright: the visit never held the line.
    pub outright: bool,
    /// When it was over for the visitor.
    pub ended: Moment,
    /// How.
    pub ending: Ending,
}

/// What a conversation sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sale {
    /// The visitor did not come to buy, or was not served.
    #[default]
    NoIntent,
    /// The visitor was served and might have bought, and did not.
    Missed,
    /// The visitor bought.
    Bought,
    /// The visitor bought, and something more.
    Upsold,
}

impl Sale {
    /// Every one, in the order in which they are written.
    pub const ALL: [Self; 4] = [Self::NoIntent, Self::Missed, Self::Bought, Self::Upsold];
}

/// What a person lets the testbed know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observation {
    /// A visit is over.
    Visit(Outcome),
    /// An agent's slot was taken by a conversation and is free again.
    Handled {
        /// At which desk.
        desk: DeskId,
        /// By which group of agents.
        group: GroupId,
        /// Whose visit it was.
        visit: VisitId,
        /// The topic, of that desk.
        topic: TopicId,
        /// When the slot was taken.
        assigned: Moment,
        /// When it was free again.
        freed: Moment,
        /// How the agent ended it.
        closing: Closing,
    },
    /// An agent's slot was taken by a conversation that the end of the run found unfinished.
    Held {
        /// At which desk.
        desk: DeskId,
        /// By which group of agents.
        group: GroupId,
        /// When the slot was taken.
        assigned: Moment,
        /// When the run ended.
        to: Moment,
    },
    /// An agent had at least one conversation of the own desk, from then to then: a dual agent's calls are the phone pool's.
    Engaged {
        /// At which desk.
        desk: DeskId,
        /// The agent's group.
        group: GroupId,
        /// From the first of them.
        from: Moment,
        /// To the end of the last.
        to: Moment,
    },
    /// An agent was on duty, from then to then.
    Staffed {
        /// At which desk.
        desk: DeskId,
        /// The agent's group.
        group: GroupId,
        /// From then.
        from: Moment,
        /// To then.
        to: Moment,
    },
    /// An agent accepted a conversation.
    Accepted {
        /// At which desk.
        desk: DeskId,
        /// When it was assigned.
        assigned: Moment,
        /// When it was accepted.
        at: Moment,
    },
    /// An agent read and composed a reply, from then to then.
    Attended {
        /// At which desk.
        desk: DeskId,
        /// The agent's group.
        group: GroupId,
        /// From then.
        from: Moment,
        /// To then.
        to: Moment,
    },
    /// A reply of the agent reached the visitor; not the first.
    Replied {
        /// At which desk.
        desk: DeskId,
        /// When the visitor's message was meant to be sent.
        asked: Moment,
        /// When the reply was read.
        at: Moment,
    },
    /// An agent was assigned a visitor who had left without telling anybody.
    Haunted {
        /// At which desk.
        desk: DeskId,
        /// The topic, of that desk.
        topic: TopicId,
        /// When the visit was meant to start.
        start: Moment,
        /// When the agent was assigned.
        at: Moment,
    },
    /// What is measured in rooms.
    Room(RoomObservation),
}
