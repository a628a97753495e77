//! XMPP (RFC 6120, RFC 6121), over a stream or a WebSocket (RFC 7395): messages between addresses, and rooms (XEP-0045).
//!
//! `client` is the codec and has the connection's life; `setup` logs in, `session` is what comes after that, `room` and `service` are its
//! rooms, and `acks` asks how far the server has read. `reader` makes elements of bytes, `pen` writes.
//!
//! # What it tells
//!
//! * The address of a person is the one that the server gives the connection, with its resource. To that one messages go by themselves,
//!   whatever else is logged in to the account, and a guest without an account has no other.
//! * A login that is throttled is [`Throttled`], and then [`Gone`], since it cannot go on. The same is an end of the stream for that reason.
//!   Any other reason is [`Refused`], which ends a login; somebody who was logged in is [`Gone`] after it. A server that
//!   merely goes away gives [`Gone`] alone.
//! * A message that the server does not take is [`Failed`]; one that finds nobody is not told of. Whoever was put out of a room, or never
//!   let in, is [`Refused`], also where that was [`Throttled`].
//! * What servers do of their own accord when somebody says too much is to read on later. They do not say so, but it is seen in when they
//!   have taken in what was sent.
//!
//! [`Throttled`]: super::messenger::Event::Throttled
//! [`Refused`]: super::messenger::Event::Refused
//! [`Failed`]: super::messenger::Event::Failed
//! [`Gone`]: super::messenger::Event::Gone

mod acks;
mod client;
mod complaint;
mod element;
mod features;
mod login;
mod pen;
mod reader;
mod room;
mod scram;
mod service;
mod session;
mod setup;
#[cfg(test)]
mod tests;

use super::endpoint::{Endpoint, Kind};

pub use client::Xmpp;
pub use login::{Account, Login, Tls};

/// Where `xmpp://host[:port]`, `xmpps://host[:port]` and the URL of a WebSocket lead; nothing, where it is none of them. Without a port the
/// first two lead to the one of their scheme: 5222 or 5223.
#[must_use]
pub fn endpoint(url: &str) -> Option<Endpoint> {
    let (scheme, rest) = url.split_once("://")?;
    let port = match scheme {
        "xmpp" => 5222,
        "xmpps" => 5223,
        "ws" | "wss" => {
            let subprotocol = Some("xmpp".to_owned());
            return Some(Endpoint { kind: Kind::WebSocket, url: url.to_owned(), subprotocol });
        }
        _ => return None,
    };
    let host = rest.trim_end_matches('/');
    // In brackets there are colons too: [::1].
    let has_port = host.rsplit(']').next().is_some_and(|rest| rest.contains(':'));
    let url = if has_port { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") };
    (!host.is_empty()).then_some(Endpoint { kind: Kind::Stream, url, subprotocol: None })
}
