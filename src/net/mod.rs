//! Floor 3: the only real clock, the byte transports, and what this process takes of its machine.
//!
//! Nothing here knows a protocol or a person.

mod alarm;
pub mod clock;
pub mod fetch;
pub mod process;
mod source;
pub mod tls;
pub mod transport;

/// The longest message that is taken from a peer, in bytes.
pub const MAX_MESSAGE: usize = 16 * 1024;
