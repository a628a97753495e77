//! Why a timer fires: a closed list, so that every wait in the model has a name.

use crate::base::id::ConversationId;

/// Why a timer was armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A visitor's patience in the queue is over.
    Patience,
    /// A visitor has had enough of the conversation.
    WalkOut,
    /// The line offers a caller on hold to be called back.
    CallbackOffer,
    /// A callback was not reached in the time promised.
    CallbackExpiry,
    /// After a try that reached nobody, the next may be made.
    CallbackAgain,
    /// One who gave up comes back.
    Return,
    /// It is the visitor's turn to send a message of a conversation that is not played (`run` only).
    Message,
    /// A visitor has thought, or thought for long, and is seen to type.
    Thought,
    /// A visitor's message is typed.
    Typed,
    /// A visitor has waited long enough for a reply.
    ReplyPatience,
    /// The agent has worked off what a conversation takes.
    WorkDone,
    /// It is the agent's turn to send a message of a conversation that is not played (`run` only).
    Answer,
    /// The agent accepts a conversation.
    Accepted,
    /// The agent's reply is composed.
    Composed,
    /// The agent has waited long enough for an answer.
    Ghost,
    /// The agent has wrapped up a conversation.
    WrappedUp,
    /// The agent comes, goes, or takes a break.
    Duty,
    /// The agent may be given another conversation.
    RampUp,
    /// A guest has stayed as long as meant to.
    Stayed,
    /// A guest has been alone for long enough.
    Deserted,
    /// A guest has something to say.
    Talk,
    /// A guest answers a question.
    Reply,
    /// A guest reports a message.
    Report,
    /// The room closes.
    ClosingTime,
    /// A guest comes back.
    Revisit,
    /// A moderator has reviewed a message.
    Reviewed,
}

impl Reason {
    /// Every reason, in the order of their numbers.
    pub const ALL: [Self; 26] = [
        Self::Patience,
        Self::WalkOut,
        Self::CallbackOffer,
        Self::CallbackExpiry,
        Self::CallbackAgain,
        Self::Return,
        Self::Message,
        Self::Thought,
        Self::Typed,
        Self::ReplyPatience,
        Self::WorkDone,
        Self::Answer,
        Self::Accepted,
        Self::Composed,
        Self::Ghost,
        Self::WrappedUp,
        Self::Duty,
        Self::RampUp,
        Self::Stayed,
        Self::Deserted,
        Self::Talk,
        Self::Reply,
        Self::Report,
        Self::ClosingTime,
        Self::Revisit,
        Self::Reviewed,
    ];

    /// How many reasons there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Whose timers these are.
    #[must_use]
    pub const fn owner(self) -> Owner {
        match self {
            Self::Patience
            | Self::WalkOut
            | Self::CallbackOffer
            | Self::CallbackExpiry
            | Self::CallbackAgain
            | Self::Return
            | Self::Message
            | Self::Thought
            | Self::Typed
            | Self::ReplyPatience => Owner::Visitor,
            Self::WorkDone
            | Self::Answer
            | Self::Accepted
            | Self::Composed
            | Self::Ghost
            | Self::WrappedUp => Owner::Conversation,
            Self::Duty | Self::RampUp => Owner::Agent,
            Self::Stayed
            | Self::Deserted
            | Self::Talk
            | Self::Reply
            | Self::Report
            | Self::ClosingTime
            | Self::Revisit => Owner::Guest,
            Self::Reviewed => Owner::Moderator,
        }
    }
}

/// Whose a timer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A visitor's.
    Visitor,
    /// An agent's, for one of the conversations in hand.
    Conversation,
    /// An agent's alone.
    Agent,
    /// A guest's.
    Guest,
    /// A moderator's.
    Moderator,
}

/// The key of a timer within one person: arming it again replaces it.
///
/// A visitor is in one conversation at the most and has no need to name it; an agent's timers name theirs, but for
/// those of the agent alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timer {
    /// The agent's conversation; `None` for a visitor, and for what concerns the agent alone.
    pub conversation: Option<ConversationId>,
    /// Why it fires.
    pub reason: Reason,
}

impl Timer {
    /// A timer of the person alone.
    #[must_use]
    pub const fn own(reason: Reason) -> Self {
        Self { conversation: None, reason }
    }

    /// An agent's timer for one of the conversations.
    #[must_use]
    pub const fn of(conversation: ConversationId, reason: Reason) -> Self {
        Self { conversation: Some(conversation), reason }
    }
}
