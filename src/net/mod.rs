//! Floor 3: the only real clock, the byte transports, and what this process takes of its machine.
//!
//! Nothing here knows a protocol or a person.

mod alarm;
pub mod clock;
mod exchange;
pub mod fetch;
mod host;
pub mod process;
mod source;
mod stream;
pub mod tls;
pub mod transport;
mod websocket;

/// The longest message that is taken from a peer, in bytes.
pub const MAX_MESSAGE: usize = 256 * 1024;
