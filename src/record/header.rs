//! The two ends of a record: what was to be done, and how it ended.

use serde::{Deserialize, Serialize};

use crate::base::figures::Command;

use super::setting::Setting;

/// The version of the serial form that this program writes, and the only one it reads.
pub const FORMAT: u32 = 3;

/// What was to be done, by what, and where. All of it is told to the record: nothing here is looked up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub format: u32,
    /// The version of causerie that wrote it.
    pub causerie: String,
    /// Which clock.
    pub command: Command,
    /// The scenario's name.
    pub scenario: String,
    /// The scenario as typed.
    pub scenario_text: String,
    /// The fingerprint of the text.
    pub scenario_hash: String,
    /// The fingerprint of what it resolved to: the same for two texts that mean the same.
    pub plan_hash: String,
    /// The seed of every draw.
    pub seed: u64,
    /// Scenario seconds in a real second; 1 in virtual time.
    pub speed: f64,
    /// The factor on the arrivals.
    pub scale: f64,
    /// Which visitors: those whose index is `stripe.0` modulo `stripe.1`.
    pub stripe: (u32, u32),
    /// The machine's name.
    pub host: String,
    /// What kind of machine: processors, system.
    pub machine: String,
    /// When the record was begun, in milliseconds since 1970 (Unix time).
    pub epoch_unix_ms: u64,
    /// The chat server, as a person would name it; none in virtual time.
    pub target: Option<String>,
    /// Whether any certificate of the chat server would do.
    #[serde(default)]
    pub unverified: bool,
    /// When the scenario starts by its own calendar, RFC 3339 with the time zone in brackets.
    pub start: Option<String>,
    /// What the figures are computed from and named by.
    pub setting: Setting,
}

/// How it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trailer {
    /// When it ended, in milliseconds since 1970 (Unix time).
    pub ended_unix_ms: u64,
    /// Whether somebody stopped it.
    pub interrupted: bool,
    /// Why it cannot be relied on, in sentences; empty when it can.
    pub invalid: Vec<String>,
    /// What else a reader should know, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// The epoch of a run's clock, since which its tokens say when messages were meant to be sent, in nanoseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_epoch_unix_nanos: Option<u64>,
}
