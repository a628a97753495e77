//! IRC: RFC 2812, and of IRCv3 what the server offers (echo-message, message-tags, server-time).
//!
//! * An address is a nickname, a room is a channel. There is no queue, and nobody is met or parted from.
//! * A text that is longer than a line goes in parts, and is whole again where it arrives.
//! * How long the server lets a client's lines lie is measured: most slow people down so, and say nothing about it.
//!
//! `irc://host` is TCP, `ircs://host` TLS from the first byte on.

mod client;
mod hearing;
mod line;
mod name;
mod pulse;
mod reader;
mod refusal;
mod registration;
mod room;
mod session;
mod speech;
#[cfg(test)]
mod tests;

pub use client::Irc;

use super::endpoint::{Endpoint, Kind};

/// Bytes of a line at the most, its end included (RFC 2812, section 2.3).
const MAX_LINE: usize = 512;

/// Bytes of a nickname that every server takes (RFC 2812, section 1.2.1). What a server allows beyond that it says when it is too
/// late.
pub const NICKNAME_BYTES_MAX: usize = 9;

/// A text that begins with this is not said but meant for the client: CTCP.
const CTCP: char = '\u{1}';

/// Who logs in.
pub struct Login {
    /// How others are to call this person: [`NICKNAME_BYTES_MAX`] at the most where any server is to take it. Where the name is taken,
    /// others like it are tried; what the server makes of it is in the welcome.
    pub nickname: String,
    /// The server's password, or the account's where a server takes that in its place.
    pub password: Option<String>,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("nickname", &self.nickname).finish_non_exhaustive()
    }
}

/// Where `irc://host[:port]` and `ircs://host[:port]` lead; nothing, where it is neither. Without a port it is the one of the scheme:
/// 6667 or 6697.
#[must_use]
pub fn endpoint(url: &str) -> Option<Endpoint> {
    let (scheme, rest) = url.split_once("://")?;
    let port = match scheme {
        "irc" => 6667,
        "ircs" => 6697,
        _ => return None,
    };
    let host = rest.trim_end_matches('/');
    // In brackets there are colons too: [::1].
    let has_port = host.rsplit(']').next().is_some_and(|rest| rest.contains(':'));
    let url = if has_port { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") };
    (!host.is_empty()).then_some(Endpoint { kind: Kind::Stream, url, subprotocol: None })
}
