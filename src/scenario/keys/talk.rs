//! The keys of a conversation that is played message by message, of its topics, and of how it ends on the phone.

use super::super::defaults as default;
use super::super::format::{Format, Key};
use super::{
    Count, Default, Factor, Law, List, Map, Number, Optional, Otherwise, Pace, PositiveDuration, Required,
    Share, Takes, Where, Whole, Words,
};

/// Where the keys of a talk have their defaults.
pub(super) const TALKS: &str = "where conversations are played message by message";

pub(super) static BALK: Format = map! { "balking";
    /// Who would make the queue longer than this does not join it.
    queue_over: Whole("visitors", 0, 1_000_000), Required;
};

pub(super) static DEVICES: Format = map! { "devices";
    /// A keyboard.
    desktop: Share, Default(default::NOBODY);
    /// A telephone.
    mobile: Share, Default(default::NOBODY);
};

pub(super) static CONVERSATION: Format = map! { "a conversation";
    /// How long it takes an agent with nothing else to do. It is then not played message by message.
    handling_time: Law, Optional;
    /// How many exchanges it takes, a message of the visitor and the reply: {geometric: {mean: 5}}.
    exchanges: Count, Where(default::EXCHANGES, TALKS);
    /// Words in a message, of either side: {lognormal: {mean: 11, cv: 0.9}}.
    words: Words, Where(default::WORDS, TALKS);
    /// What multiplies exchanges and words.
    complexity: Factor, Where(default::COMPLEXITY, TALKS);
    /// How fast people type, and agents read.
    typing: Map(&TYPING), Where(default::EMPTY, TALKS);
    /// How long a visitor reads and thinks before typing.
    think: Law, Where(default::THINK, TALKS);
    /// Replies that are picked and made to fit, not written.
    canned: Map(&CANNED), Where(default::EMPTY, TALKS);
    /// What a reply of the agent's own takes, instead of reading and typing at a pace.
    compose: Law, Optional;
    /// How long a chat is known to last: the thinking time is solved for it.
    calibrate: Map(&CALIBRATE), Optional;
    /// The share of visitors who name a wrong topic, and are transferred.
    mistaken: Share, Where(default::NOBODY, "where conversations are played message by message about several topics");
    /// How `run` carries it: turn and turn about, visitor first.
    messages: Map(&MESSAGES), Where(default::MESSAGES, "where it has a handling time");
    /// The probability that a conversation that is not escalated helps.
    resolution: Share, Default(default::RESOLUTION);
};

static TYPING: Format = map! { "paces of typing";
    /// Visitors, on a keyboard.
    desktop: Pace, Default(default::DESKTOP);
    /// Visitors, on a telephone.
    mobile: Pace, Default(default::MOBILE);
    /// Agents, writing replies of their own.
    agent: Pace, Where(default::AGENT_TYPING, "without compose");
    /// Agents, reading what visitors write.
    reading: Pace, Where(default::READING, "without compose");
};

static CANNED: Format = map! { "canned replies";
    /// The share of replies that are canned ones.
    share: Share, Default(default::CANNED_SHARE);
    /// How long it takes to pick one and make it fit, or to hand over to the phone.
    time: Law, Default(default::CANNED_TIME);
};

static TOPIC_CANNED: Format = map! { "a topic's canned replies";
    /// The share of replies that are canned ones.
    share: Share, Otherwise("the conversation's");
    /// How long it takes to pick one and make it fit, or to hand over to the phone.
    time: Law, Otherwise("the conversation's");
};

static CALIBRATE: Format = map! { "a calibration";
    /// How long a chat lasts on average, from assignment to the slot being free again.
    handling_time: PositiveDuration, Required;
    /// How many chats its agent holds meanwhile, on average.
    at_concurrency: Factor, Required;
};

static MESSAGES: Format = choice! { "messages";
    /// One message every so long.
    every: PositiveDuration, Optional;
    /// So many messages, evenly over the conversation.
    count: Whole("messages", 1, 10_000), Optional;
};

pub(in crate::scenario) static TOPIC: Format = map! { "a topic";
    /// The share of the desk's visitors.
    share: Share, Required;
    /// How long it takes an agent with nothing else to do.
    handling_time: Law, Otherwise("the conversation's");
    /// How many exchanges it takes.
    exchanges: Count, Otherwise("the conversation's");
    /// Words in a message, of either side.
    words: Words, Otherwise("the conversation's");
    /// What multiplies exchanges and words.
    complexity: Factor, Otherwise("the conversation's");
    /// How long a visitor reads and thinks before typing.
    think: Law, Otherwise("the conversation's");
    /// Replies that are picked and made to fit, not written.
    canned: Map(&TOPIC_CANNED), Otherwise("the conversation's");
    /// The probability that a conversation that is not escalated helps.
    resolution: Share, Otherwise("the conversation's");
    /// Who ends up needing the phone.
    escalation: Map(&TOPIC_ESCALATION), Otherwise("the desk's");
    /// What an agent must be able to do: all of these.
    skills: List(&Takes::Text), Optional;
};

static TOPIC_ESCALATION: Format = map! { "a topic's escalation";
    /// The probability that the conversation ends on the phone.
    rate: Share, Required;
};

pub(super) static ESCALATION: Format = map! { "an escalation";
    /// The probability that a conversation ends on the phone, where a topic does not say. Played message by message: of
    /// all these topics together.
    rate: Share, Where(default::ESCALATION_RATE, "where there is a phone pool and conversations are played message by \
                                                  message; else it is 0%");
    /// How typing tires: what each word typed so far adds to the logarithm of the hazard.
    per_word: Number, Where(default::PER_WORD, "where conversations are played message by message and escalate");
    /// What complexity adds to the logarithm of the hazard: among topics that share the desk's rate, and when the
    /// complexity is varied.
    per_complexity: Number, Where(default::PER_COMPLEXITY, "where chats end on the phone");
    /// Where the escalated go; the shares add up to 100%.
    to: Map(&DESTINATIONS), Default(default::ESCALATION_TO);
};

/// The most exchanges on average, and the most of a constant.
pub(in crate::scenario) const MOST_EXCHANGES: u64 = 10_000;

/// The laws of a count.
pub(in crate::scenario) static COUNTS: Format = choice! { "a law of a count";
    /// Always the same.
    constant: Whole("exchanges", 1, MOST_EXCHANGES), Optional;
    /// After each, another with the same probability.
    geometric: Map(&GEOMETRIC), Optional;
    /// More spread out than the geometric below shape 1, less above it.
    negative_binomial: Map(&NEGATIVE_BINOMIAL), Optional;
};

static GEOMETRIC: Format = map! { "a geometric law";
    /// The mean, at least 1.
    mean: Factor, Required;
};

static NEGATIVE_BINOMIAL: Format = map! { "a negative binomial law";
    /// The mean, at least 1.
    mean: Factor, Required;
    /// The shape of the gamma law that mixes it, from 0.1 to 100.
    shape: Factor, Required;
};

static DESTINATIONS: Format = map! { "destinations";
    /// They call the toll-free number.
    toll_free: Share, Default(default::NOBODY);
    /// They ask to be called back.
    callback: Share, Default(default::NOBODY);
    /// They do neither.
    give_up: Share, Default(default::NOBODY);
};
