//! Every codec, its transports and what its person does.

use super::super::endpoint::Kind;
use super::super::irc::{Irc, Login};
use super::super::json::client::Client;
use super::super::json::frame::Role;
use super::super::messenger;
use super::super::token::RunId;
use super::super::{Act, ChatId};
use super::stage::play;

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
    ]
}

/// IRC.
pub fn irc(bytes: &[u8]) {
    let login = Login { nickname: "anna".into(), password: Some("secret".into()) };
    play(Irc::new(login), &[Kind::Stream], &acts(), bytes);
}

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
