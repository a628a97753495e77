//! What holds when a scenario does not say: each value as it would be typed, and where it comes from.
//!
//! A default with a citation is a published or measured figure. One without is an assumption, to be calibrated by
//! whoever plans with it; `check --explain` says which is which.

/// Where a resolved value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The scenario says so.
    Given,
    /// Nobody said so: a published or measured figure, with its citation.
    Sourced(&'static str),
    /// Nobody said so, and nobody measured it.
    Assumed,
}

/// A value that holds when nothing is typed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Default {
    /// As it would be typed.
    pub(super) text: &'static str,
    pub(super) origin: Origin,
}

const fn sourced(text: &'static str, citation: &'static str) -> Default {
    Default { text, origin: Origin::Sourced(citation) }
}

const fn assumed(text: &'static str) -> Default {
    Default { text, origin: Origin::Assumed }
}

pub(super) const SEED: Default = assumed("1");
pub(super) const WARM_UP: Default = assumed("0s");
pub(super) const REPLICATIONS: Default = assumed("40");
pub(super) const SPEED: Default = assumed("1");
pub(super) const DRAIN: Default = assumed("1h");
pub(super) const METRICS_EVERY: Default = assumed("5s");
pub(super) const SITE_WAIT: Default = assumed("{exponential: {mean: 20s}}");
pub(super) const RECONNECT_AFTER: Default = assumed("1s");
pub(super) const RECONNECT_UP_TO: Default = assumed("30s");
pub(super) const JITTER: Default = assumed("50%");
pub(super) const RECONNECT_TRIES: Default = assumed("5");
pub(super) const INSECURE: Default = assumed("false");
pub(super) const NOT_SECRET: Default = assumed("false");
pub(super) const AWAIT_WITHIN: Default = assumed("10s");
pub(super) const THROTTLED_TIMES: Default = assumed("8");
pub(super) const QUEUE: Default = assumed("testbed");
pub(super) const QUEUE_OF_SERVER: Default = assumed("server");
pub(super) const REORDER_WAIT: Default = assumed("1s");
pub(super) const LAG_P99: Default = assumed("10ms");
pub(super) const DROPPED_STARTS: Default = assumed("0.1%");
pub(super) const CPU: Default = assumed("90%");
pub(super) const UNCONNECTED: Default = assumed("10%");
pub(super) const UNFINISHED: Default = assumed("10%");
/// Nothing said of a map all of whose keys have defaults.
pub(super) const EMPTY: Default = assumed("{}");
pub(super) const SHAPE: Default = assumed("constant");
pub(super) const BUSYNESS_CV: Default = assumed("0%");
pub(super) const RETRY_MOST: Default = assumed("3");
pub(super) const MESSAGES: Default = assumed("{every: 30s}");
pub(super) const RESOLUTION: Default = assumed("100%");
/// An industry survey's share of chats that need another channel: no measurement.
pub(super) const ESCALATION_RATE: Default = assumed("22%");
pub(super) const ESCALATION_TO: Default = assumed("{toll_free: 45%, callback: 35%, give_up: 20%}");
pub(super) const NOBODY: Default = assumed("0%");
pub(super) const CONCURRENCY: Default = assumed("1");
pub(super) const ROUTING: Default = assumed("least busy");
pub(super) const CLOSE_QUEUE: Default = assumed("serve");
pub(super) const CLOSE_CHATS: Default = assumed("finish");
pub(super) const CHANNELS: Default = assumed("[chat]");
pub(super) const CALL: Default = assumed("waits for chats");
pub(super) const RESERVE: Default = assumed("0");
/// Of those who chat message by message; a handling time has the whole conversation in it.
pub(super) const WRAP_UP: Default = assumed("{lognormal: {mean: 45s, cv: 1}}");
/// Of those who chat message by message.
pub(super) const RAMP_UP: Default = assumed("90s");
pub(super) const SHRINKAGE: Default = assumed("0%");
pub(super) const AT_SHIFT_END: Default = assumed("finish");
pub(super) const STAGGER: Default = assumed("0s");
pub(super) const MARGIN: Default = assumed("30%");
pub(super) const UPSELL: Default = assumed("0%");
pub(super) const ADDITION: Default = assumed("30%");
pub(super) const SERVED_OF: Default = assumed("answer");
pub(super) const CHAT_WITHIN: Default = assumed("60s");
pub(super) const PHONE_WITHIN: Default = assumed("20s");
pub(super) const CALL_TIME: Default = assumed("{lognormal: {mean: 7m, cv: 1.3}}");
pub(super) const CALL_PATIENCE: Default = assumed("{exponential: {mean: 180s}}");
pub(super) const OFFER_AFTER: Default = assumed("2m");
pub(super) const ACCEPTED: Default = sourced("37%", "a US bank: share that took a callback offered on hold");
pub(super) const CALLBACK_WITHIN: Default = assumed("2h");
pub(super) const REACHED: Default = assumed("80%");
pub(super) const TRIES: Default = assumed("3");
pub(super) const RING: Default = assumed("30s");
pub(super) const AGAIN_AFTER: Default = assumed("15m");

// The conversation, message by message.

pub(super) const SILENT: Default = sourced(
    "70%",
    "Castellanos, Yom-Tov, Goldberg, Park, Silent Abandonment in Text-Based Contact Centers, arXiv:2501.08869: 69.5% of \
     those who abandon, on average over 33 companies",
);
pub(super) const GHOST_TIMEOUT: Default = assumed("120s");
pub(super) const REPLY_PATIENCE: Default = assumed("never");
pub(super) const CANNOT_CALL: Default = assumed("12%");
pub(super) const DEVICES: Default = assumed("{desktop: 40%, mobile: 60%}");
pub(super) const EXCHANGES: Default = assumed("{geometric: {mean: 5}}");
pub(super) const WORDS: Default = sourced(
    "{lognormal: {mean: 11.2, cv: 0.9}}",
    "Damnati, Guerraz, Charlet, Web Chat Conversations from Contact Centers, LREC 2016: 76,839 words in 6,879 messages; \
     the spread is assumed",
);
pub(super) const COMPLEXITY: Default = assumed("1");
/// Composing. Transcription is an upper end: 52 wpm (Dhakal, Feit, Kristensson, Oulasvirta, CHI 2018).
pub(super) const DESKTOP: Default = sourced(
    "19 wpm",
    "Karat, Halverson, Horn, Karat, Patterns of Entry and Correction in Large Vocabulary Continuous Speech Recognition \
     Systems, CHI 1999: composing on a keyboard",
);
/// A little slower than on a keyboard. Transcription is an upper end: 36 wpm (Palin, Feit, Kim, Kristensson,
/// Oulasvirta, MobileHCI 2019).
pub(super) const MOBILE: Default = assumed("16 wpm");
/// Between composing and transcription: agents write much, and much of it again and again.
pub(super) const AGENT_TYPING: Default = assumed("30 wpm");
pub(super) const READING: Default = sourced(
    "238 wpm",
    "Brysbaert, How many words do we read per minute?, Journal of Memory and Language 109, 2019: silent reading of \
     English non-fiction",
);
pub(super) const THINK: Default = assumed("{lognormal: {mean: 12s, cv: 1}}");
pub(super) const CANNED_SHARE: Default = assumed("40%");
pub(super) const CANNED_TIME: Default = assumed("8s");
pub(super) const PER_WORD: Default = assumed("0.004");
pub(super) const PER_COMPLEXITY: Default = assumed("0.5");

// Community rooms.

pub(super) const SHIFTED: Default = assumed("100%");
/// A rule of thumb: Nielsen, Participation Inequality: Encouraging More Users to Contribute, 2006.
pub(super) const GUESTS: Default = assumed("{lurkers: 90%, occasional: 9%, regular: 1%}");
pub(super) const TALK_OCCASIONAL: Default = assumed("12/h");
pub(super) const TALK_REGULAR: Default = assumed("60/h");
pub(super) const ROOM_WORDS: Default =
    sourced("{lognormal: {mean: 10, cv: 0.75}}", "public IRC logs: mean 10 words a message, median 8");
/// Thriving channels answer half of all questions and more: one of few who read is less likely to.
pub(super) const ANSWERED_BY: Default = assumed("30%");
/// What public IRC logs of thriving channels show; a desert has worse.
pub(super) const ANSWERED_AFTER: Default = assumed("{lognormal: {median: 60s, cv: 1}}");
pub(super) const HARM: Default = assumed("2.4%");
pub(super) const SCREEN: Default = assumed("25");
pub(super) const REPORTED_BY: Default = assumed("5%");
pub(super) const REPORTED_AFTER: Default = assumed("{lognormal: {median: 20s, cv: 1}}");
pub(super) const MODERATION: Default = assumed("none");
pub(super) const HIDDEN_AFTER: Default = assumed("1");
/// By hand.
pub(super) const REVIEW: Default = assumed("60s");
pub(super) const REVIEWS: Default = assumed("all");
pub(super) const CATCHES: Default = assumed("80%");
pub(super) const MISTAKES: Default = assumed("2%");
pub(super) const FLAGGED: Default = assumed("block");
pub(super) const RETURNS_MET: Default = assumed("30%");
pub(super) const RETURNS_ALONE: Default = assumed("2%");
pub(super) const ALIVE: Default = assumed("50%");
pub(super) const ZIPF: Default = assumed("1");
