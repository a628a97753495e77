//! The causerie protocol: JSON text frames over a WebSocket, documented in `docs/protocol.md`.
//!
//! [`frame`] is what both sides write and read; [`client`] is the codec of whoever takes part. The embedded server
//! reads and writes the same frames.

pub mod client;
pub mod frame;
mod lifeline;
pub mod rules;
mod translate;

/// The version of the protocol; both sides name theirs in the greeting, and it has to be the same.
pub const VERSION: u32 = 1;

/// Where a server speaks it.
pub const PATH: &str = "/ws";

/// The longest frame that either side takes, in bytes.
pub const MAX_FRAME: usize = 16 * 1024;
