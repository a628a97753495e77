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
    /// It is this person's turn to send a message (`run` only).
    Message,
    /// The agent has worked off what a conversation takes.
    WorkDone,
}

impl Reason {
    /// Every reason, in the order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Patience,
        Self::WalkOut,
        Self::CallbackOffer,
        Self::CallbackExpiry,
        Self::CallbackAgain,
        Self::Return,
        Self::Message,
        Self::WorkDone,
    ];

    /// How many reasons there are.
    pub const COUNT: usize = Self::ALL.len();
}

/// The key of a timer within one person: arming it again replaces it.
///
/// A visitor is in one conversation at the most and has no need to name it; an agent's timers name theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timer {
    /// The agent's conversation; `None` for a visitor.
    pub conversation: Option<ConversationId>,
    /// Why it fires.
    pub reason: Reason,
}

impl Timer {
    /// A visitor's timer.
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
