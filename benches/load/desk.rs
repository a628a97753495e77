//! The desk at which both are measured: everybody comes within a ramp, and stays.

use std::fmt::Write as _;

/// Conversations of one agent.
pub(crate) const EACH: u64 = 20;
/// Visitors a second while they come.
const RAMP: u64 = 250;

/// A desk with so many conversations, each of which goes on beyond the end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Desk {
    pub(crate) conversations: u64,
    /// Milliseconds from one message of a conversation to the next, whoever sends them.
    pub(crate) every_ms: u64,
    /// How long it goes on once everybody is there, in seconds.
    pub(crate) stays_secs: u64,
    /// How late the generator may be for one thing in a hundred. A second where that is not what is measured.
    pub(crate) late_ms: u64,
}

impl Desk {
    pub(crate) const fn agents(&self) -> u64 {
        self.conversations.div_ceil(EACH)
    }

    /// How long it takes until everybody is there, in seconds.
    pub(crate) const fn ramp_secs(&self) -> u64 {
        self.conversations.div_ceil(RAMP)
    }

    /// The scenario. Nothing is finished at the end, and that is how it is meant.
    pub(crate) fn scenario(&self) -> String {
        let (ramp, length) = (self.ramp_secs(), 1 + self.ramp_secs() + self.stays_secs);
        let stretch = format!("[{}]", vec!["1"; EACH as usize].join(", "));
        let mut yaml = String::new();
        let _ = write!(
            yaml,
            "name: load\n\
             length: {length}s\n\
             support:\n\
             \x20 arrivals: {{bursts: [{{at: 1s, count: {}, within: {ramp}s}}]}}\n\
             \x20 patience: never\n\
             \x20 conversation: {{handling_time: {{constant: 24h}}, messages: {{every: {}ms}}}}\n\
             \x20 agents: {{count: {}, concurrency: {EACH}, stretch: {stretch}}}\n\
             run: {{speed: 1, drain: 0s, valid: {{unfinished: 100%, lag_p99: {}ms}}}}\n",
            self.conversations,
            self.every_ms,
            self.agents(),
            self.late_ms,
        );
        yaml
    }
}
