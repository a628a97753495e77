//! What the embedded server does wrong, on purpose. All times are real.

use crate::base::dist::Law;
use crate::base::time::RealSpan;

/// Every fault of a server; what is left out it does not have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    /// The seed of their draws.
    pub seed: u64,
    /// What every frame to a client takes longer, in real seconds; none overtakes another.
    pub latency: Option<Law>,
    /// When the whole server stands still.
    pub stalls: Option<Stalls>,
    /// What befalls messages.
    pub messages: MessageFaults,
    /// What befalls the connections of those who come.
    pub connections: ConnectionFaults,
    /// When the server crashes.
    pub crash: Option<Crash>,
}

/// The whole server stands still: it takes no connection, reads nothing and writes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stalls {
    /// How long each takes; shorter than `every`.
    pub lasts: RealSpan,
    /// From the first client's greeting to the first of them, and from the beginning of one to that of the next.
    pub every: RealSpan,
}

/// Shares of the messages, for each recipient anew; together at most 1, since at most one of them befalls a message.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MessageFaults {
    /// Not passed on.
    pub dropped: f64,
    /// Passed on twice.
    pub duplicated: f64,
    /// Passed on after the sender's next.
    pub reordered: f64,
    /// How long one that is to be reordered waits for the next.
    pub wait: RealSpan,
}

/// Shares of the connections of visitors and guests. Those of who serves are spared: a run needs them from its start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConnectionFaults {
    /// Turned away when they greet.
    pub refused: f64,
    /// Reset.
    pub reset: Option<(f64, Law)>,
    /// Read slowly, with a pause after each frame, in real seconds.
    pub slow_reading: Option<(f64, Law)>,
}

/// Every connection dies, everything is forgotten, and nobody listens for a while. Once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crash {
    /// When, after the first client's greeting.
    pub after: RealSpan,
    /// How long nobody listens.
    pub down: RealSpan,
}
