//! Every codec, its transports and what its person does.

use std::sync::{Arc, OnceLock};

use super::super::dialect;
use super::super::endpoint::Kind;
use super::super::irc::{Irc, Login};
use super::super::json::client::Client;
use super::super::json::frame::Role;
use super::super::messenger;
use super::super::token::RunId;
use super::super::{Act, ChatId};
use super::stage::play;
use crate::scenario::dialects;

/// What a person does on a chat server: `a` and so on, in plays.
fn acts() -> Vec<messenger::Act> {
    use messenger::Act;
    let peer = || "bert".to_owned();
    vec![
        Act::Connect,
        Act::Disconnect,
        Act::Tell { peer: peer(), text: "hello".into() },
        Act::Tell {
            peer: "x".repeat(messenger::LONGEST_NAME),
            text: "words … \r\n\0<&\"'>\u{2060}".repeat(200),
        },
        Act::Compose { peer: peer() },
        Act::Meet { peer: peer() },
        Act::Part { peer: peer() },
        Act::Enter { room: "lobby".into() },
        Act::Enter { room: "x".repeat(messenger::LONGEST_NAME) },
        Act::Post { text: "hello".into() },
        Act::Leave,
        Act::Ask,
    ]
}

/// IRC.
pub fn irc(bytes: &[u8]) {
    let login = Login { nickname: "anna".into(), password: Some("secret".into()) };
    play(Irc::new(login), &[Kind::Stream], &acts(), bytes);
}

/// XMPP over a stream.
#[cfg(feature = "live")]
pub fn xmpp(bytes: &[u8]) {
    xmpp_at("xmpp://localhost", bytes);
}

/// XMPP over a WebSocket.
#[cfg(feature = "live")]
pub fn xmpp_frames(bytes: &[u8]) {
    xmpp_at("ws://localhost", bytes);
}

/// A guest, and somebody with an account, who each look for the service with the rooms.
#[cfg(feature = "live")]
fn xmpp_at(url: &str, bytes: &[u8]) {
    use super::super::xmpp::{Account, Login, Tls, Xmpp, endpoint};
    let account = Account { user: "user".into(), password: "pencil".into(), register: true };
    for account in [None, Some(account)] {
        let login = Login {
            domain: "localhost".into(),
            account,
            tls: Tls::Offered,
            plain_in_clear: true,
            conference: None,
        };
        let endpoint = endpoint(url).expect("a URL of XMPP");
        let codec = Xmpp::new(login, &endpoint, 7).expect("an endpoint of XMPP");
        play(codec, &[endpoint.kind], &acts(), bytes);
    }
}

/// A dialect that has everything, as a visitor and as an agent speak it.
pub fn dialect(bytes: &[u8]) {
    let target = DIALECT.get_or_init(|| {
        let plan = dialects::parse("dialect.yaml", include_str!("dialect.yaml")).expect("a dialect");
        let target = dialect::Target::new(&Arc::new(plan), "http://localhost", &[], 0);
        Arc::new(target.expect("a target"))
    });
    let account = || dialect::Account { user: "user".into(), password: "pencil".into() };
    for role in [dialect::Role::Visitor, dialect::Role::Agent] {
        let codec = dialect::Dialect::new(Arc::clone(target), role, account(), 7);
        play(codec, &[Kind::WebSocket, Kind::Http, Kind::Http], &acts(), bytes);
    }
}

static DIALECT: OnceLock<Arc<dialect::Target>> = OnceLock::new();

/// Our own protocol: an agent who reconnects.
pub fn json(bytes: &[u8]) {
    let acts = [
        Act::Connect,
        Act::Disconnect,
        Act::Rest,
        Act::Compose { chat: ChatId(1) },
        Act::Answer { chat: ChatId(1), text: "hello".into() },
        Act::Leave,
    ];
    let client = Client::new(Role::Agent, 1.0, RunId::new(1)).resumable();
    play(client, &[Kind::WebSocket], &acts, bytes);
}
