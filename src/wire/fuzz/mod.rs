//! Codecs against hostile servers. What a server sends is read from bytes, with directions in between: what the person does, what
//! becomes of the transports, what the time is. So a transcript is a play, and whatever is made of it is one.
//!
//! Here are the rules that every codec keeps, whatever comes: no panic, a bound on what it says and on what it keeps, a deadline that
//! moves on, nothing said into a transport that is not open. `tests` plays some thousands of them; the fuzzer (see `fuzz/`) looks for
//! those that get further.

mod codecs;
mod stage;
#[cfg(test)]
mod tests;

pub use codecs::{irc, json};
#[cfg(feature = "live")]
pub use codecs::{xmpp, xmpp_frames};
