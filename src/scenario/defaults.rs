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

const fn assumed(text: &'static str) -> Default {
    Default { text, origin: Origin::Assumed }
}

pub(super) const SEED: Default = assumed("1");
pub(super) const WARM_UP: Default = assumed("0s");
pub(super) const REPLICATIONS: Default = assumed("40");
pub(super) const SPEED: Default = assumed("1");
pub(super) const DRAIN: Default = assumed("1h");
/// Nothing said of a map all of whose keys have defaults.
pub(super) const EMPTY: Default = assumed("{}");
pub(super) const SHAPE: Default = assumed("constant");
pub(super) const BUSYNESS_CV: Default = assumed("0%");
pub(super) const RETRY_MOST: Default = assumed("3");
pub(super) const MESSAGES: Default = assumed("{every: 30s}");
pub(super) const RESOLUTION: Default = assumed("100%");
pub(super) const ESCALATION_RATE: Default = assumed("0%");
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
pub(super) const ACCEPTED: Default =
    Default { text: "37%", origin: Origin::Sourced("a US bank: share that took a callback offered on hold") };
pub(super) const CALLBACK_WITHIN: Default = assumed("2h");
pub(super) const REACHED: Default = assumed("80%");
pub(super) const TRIES: Default = assumed("3");
pub(super) const RING: Default = assumed("30s");
pub(super) const AGAIN_AFTER: Default = assumed("15m");
