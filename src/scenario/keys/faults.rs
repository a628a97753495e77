//! The keys of a server's faults.

use crate::scenario::defaults as default;
use crate::scenario::format::{Format, Key};
use crate::scenario::keys::{
    Default, LARGEST_SEED, Law, Map, Optional, PositiveDuration, Required, Share, Whole,
};

pub(in crate::scenario) static FAULTS: Format = map! { "faults of a server";
    /// The seed of their draws.
    seed: Whole("the seed", 0, LARGEST_SEED), Default(default::SEED);
    /// What everything that it tells a client takes longer.
    latency: Law, Optional;
    /// When the whole server stands still.
    stalls: Map(&STALLS), Optional;
    /// What befalls messages.
    messages: Map(&MESSAGES), Optional;
    /// What befalls the connections of visitors and guests.
    connections: Map(&CONNECTIONS), Optional;
    /// When it crashes: every connection dies, everything is forgotten.
    crash: Map(&CRASH), Optional;
};

static STALLS: Format = map! { "stalls";
    /// How long each takes.
    for: PositiveDuration, Required;
    /// From the first client's greeting to the first of them, and from one to the next.
    every: PositiveDuration, Required;
};

static MESSAGES: Format = map! { "faults of messages";
    /// The share that is not passed on.
    dropped: Share, Default(default::NOBODY);
    /// The share that is passed on twice.
    duplicated: Share, Default(default::NOBODY);
    /// The share that is passed on after the sender's next.
    reordered: Share, Default(default::NOBODY);
    /// How long one that is to be reordered waits for the next.
    wait: PositiveDuration, Default(default::REORDER_WAIT);
};

static CONNECTIONS: Format = map! { "faults of connections";
    /// The share that is turned away.
    refused: Share, Default(default::NOBODY);
    /// Which are reset.
    reset: Map(&RESET), Optional;
    /// Which are read slowly.
    slow_reading: Map(&SLOW_READING), Optional;
};

static RESET: Format = map! { "resets";
    /// The share that is reset.
    share: Share, Required;
    /// How long after the greeting.
    after: Law, Required;
};

static SLOW_READING: Format = map! { "slow reading";
    /// The share that is read slowly.
    share: Share, Required;
    /// How long it pauses after each frame.
    pause: Law, Required;
};

static CRASH: Format = map! { "a crash";
    /// How long after the first client's greeting.
    after: PositiveDuration, Required;
    /// How long nobody listens.
    down: PositiveDuration, Required;
};
