//! Floor 3: the only real clock, and the byte transports.
//!
//! Nothing here knows a protocol or a person.

mod alarm;
pub mod clock;
mod source;
mod tls;
pub mod transport;

/// The longest message that is taken from a peer, in bytes.
pub const MAX_MESSAGE: usize = 16 * 1024;
