//! What visitors come for, and how the conversation about it goes.

use crate::base::count::CountLaw;
use crate::base::dist::Law;
use crate::base::time::Span;

/// No message has more words.
pub const MOST_WORDS: f64 = 200.0;

/// Something that visitors come for.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicPlan {
    /// Its name; `None` for the one topic of a desk that names none.
    pub name: Option<String>,
    /// The share of the desk's visitors.
    pub share: f64,
    /// What it takes.
    pub content: Content,
    /// The probability that the conversation ends on the phone. Of a [`Content::Talk`] this is what its hazard was
    /// solved for, those who cannot call included.
    pub escalation: f64,
    /// The probability that a conversation that does not, helps.
    pub resolution: f64,
    /// The skills it takes, sorted.
    pub skills: Vec<String>,
}

/// What a conversation takes. All topics of a desk are of the same kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// So much of an agent's time, with nothing else to do: it is not played message by message.
    Work(Law),
    /// A conversation, message by message.
    Talk(TalkPlan),
}

impl Content {
    /// What it takes an agent with nothing else to do, on average, in seconds.
    #[must_use]
    pub fn mean_work_secs(&self) -> f64 {
        match self {
            Self::Work(law) => law.mean(),
            Self::Talk(talk) => talk.mean_work_secs(),
        }
    }
}

/// A conversation message by message. An exchange is a message of the visitor and the agent's reply; the first message
/// comes with the request.
#[derive(Clone, Debug, PartialEq)]
pub struct TalkPlan {
    /// How many exchanges it takes until the question is dealt with (the topic's complexity is in it).
    pub exchanges: CountLaw,
    /// Words in a message, of either side (the topic's complexity is in it).
    pub words: Law,
    /// How long the visitor reads and thinks before typing.
    pub think: Law,
    /// What a reply of the agent's own takes.
    pub reply: ReplyPlan,
    /// The share of replies that are canned ones.
    pub canned: f64,
    /// How long it takes to pick a canned reply and make it fit, or to hand over to the phone.
    pub canned_time: Law,
    /// How typing tires.
    pub fatigue: FatiguePlan,
}

impl TalkPlan {
    /// The agent's attention that a conversation takes on average when it is played to its end, in seconds.
    #[must_use]
    pub fn mean_work_secs(&self) -> f64 {
        let own = match &self.reply {
            ReplyPlan::Words { read_per_sec, type_per_sec } => {
                self.words.mean() / read_per_sec + self.words.mean() / type_per_sec
            }
            ReplyPlan::Time(law) => law.mean(),
        };
        self.exchanges.mean() * (self.canned * self.canned_time.mean() + (1.0 - self.canned) * own)
    }
}

/// The words of a message of which a law says so many: a whole number, at least one.
#[must_use]
pub fn words_said(drawn: f64) -> u32 {
    (drawn + 0.5).clamp(1.0, MOST_WORDS) as u32
}

/// What a reply of the agent's own takes. Writing skill divides it.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplyPlan {
    /// Reading the visitor's words and typing one's own.
    Words {
        /// Words a second, reading.
        read_per_sec: f64,
        /// Words a second, composing.
        type_per_sec: f64,
    },
    /// So long, whatever is said.
    Time(Law),
}

/// How typing tires: after the visitor's k-th message the hazard of asking for the phone is
/// `hazard · exp(per_word · words typed so far)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FatiguePlan {
    /// With nothing typed: h0 · exp(b · complexity).
    pub hazard: f64,
    /// c.
    pub per_word: f64,
}

/// How a conversation with a handling time is carried in `run`: turn and turn about, visitor first, from the moment of
/// assignment. `simulate` does not play them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MessagePlan {
    /// A message every so long.
    Every(Span),
    /// This many messages, evenly over the handling time.
    Count(u32),
}
