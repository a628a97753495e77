//! The causerie protocol: JSON text frames over a WebSocket, documented in `docs/protocol.md`.
//!
//! [`frame`] is what both sides write and read; [`client`] is the codec of whoever takes part. The embedded server
//! reads and writes the same frames.

pub mod client;
pub mod frame;
mod lifeline;
pub mod rules;
mod translate;

use super::Transport;
use crate::base::endpoint::{Endpoint, Kind};

/// The one transport.
pub const SOCKET: Transport = Transport(0);

/// The version of the protocol; both sides name theirs in the greeting, and it has to be the same.
pub const VERSION: u32 = 1;

/// Where a server speaks it.
pub const PATH: &str = "/ws";

/// The longest frame that either side takes, in bytes.
pub const MAX_FRAME: usize = 16 * 1024;

/// Where a server at `url` speaks the protocol: at the path of the URL, or where servers usually do.
#[must_use]
pub fn endpoint(url: &str) -> Endpoint {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let url = match rest.split_once('/') {
        None => format!("{url}{PATH}"),
        Some((_, "")) => format!("{}{PATH}", url.trim_end_matches('/')),
        Some(_) => url.to_owned(),
    };
    Endpoint { kind: Kind::WebSocket, url, subprotocol: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_has_a_usual_path() {
        for (url, full) in [
            ("ws://desk:1", "ws://desk:1/ws"),
            ("wss://desk/", "wss://desk/ws"),
            ("ws://desk/chat?a=b", "ws://desk/chat?a=b"),
        ] {
            assert_eq!(endpoint(url).url, full);
        }
    }
}
