//! Floor 4: the site around the chat, whose visitors are played with Goose.
//!
//! They are played in a process of their own ([`play`] is all that it does), because what Goose does at its end is not for a run:
//! it takes Ctrl-C for itself, it stops users only between transactions, and it may take the process with it. That process is told
//! when to begin and when to end ([`Order`]) and says every request ([`Said`]); what Goose itself would make of them, in buckets of
//! up to 1.6 %, is not used. This module is the only one that knows Goose.

mod client;
mod crowd;
mod message;
mod play;
mod visit;

pub use message::{Order, Said};
pub use play::play;
