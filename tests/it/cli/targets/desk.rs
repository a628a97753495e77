//! A support desk over each server: the testbed's own desk says who serves whom, and the chats go through the server.

use super::{How, Played, Server};

/// A desk that is a little too small, for a few minutes: people wait, and some give up.
pub(super) fn desk(speed: u32, rate: u32, length: &str) -> String {
    format!(
        "name: desk\nseed: 5\nlength: {length}\n\
         support:\n  arrivals: {{rate: {rate}/h}}\n  patience: {{exponential: {{mean: 3m}}}}\n  \
         conversation: {{exchanges: {{geometric: {{mean: 3}}}}, think: {{exponential: {{mean: 8s}}}}}}\n  \
         agents: {{count: 6, concurrency: 3}}\n\
         run: {{speed: {speed}, drain: 8m, valid: {{lag_p99: 1s, cpu: 100%, unfinished: 50%}}}}\n"
    )
}

pub(super) const ACCOUNTS: &str = "accounts:\n  visitors: {domain: anonymous.localhost}\n  \
                        agents: {domain: localhost, register: 6}\n";

#[test]
fn ngircd() {
    let Some(server) = Server::start("ngircd", 1, How::Lifted) else { return };
    Played::of(&desk(60, 400, "6m"), &format!("url: {}\n", server.url("irc", 0))).agrees(0.9);
}

#[test]
fn prosody_over_tcp_and_over_websockets() {
    let Some(server) = Server::start("prosody", 2, How::Lifted) else { return };
    let tcp = format!("url: {}\n{ACCOUNTS}", server.url("xmpp", 0));
    Played::of(&desk(60, 400, "6m"), &tcp).agrees(0.9);
    let web = format!("url: {}/xmpp-websocket\ndialect: xmpp\n{ACCOUNTS}", server.url("ws", 1));
    Played::of(&desk(60, 400, "4m"), &web).agrees(0.9);
}

#[test]
fn ejabberd() {
    let Some(server) = Server::start("ejabberd", 2, How::Lifted) else { return };
    let tcp = format!("url: {}\n{ACCOUNTS}", server.url("xmpp", 0));
    Played::of(&desk(60, 400, "6m"), &tcp).agrees(0.9);
}

#[test]
fn socketio() {
    let Some(server) = Server::start("socketio", 1, How::Lifted) else { return };
    let target = format!("url: {}\ndialect: socketio\n", server.url("http", 0));
    Played::of(&desk(60, 400, "6m"), &target).agrees(0.9);
}

/// Every message is some work to it: people are slower.
#[test]
fn synapse() {
    let Some(server) = Server::start("synapse", 1, How::Lifted) else { return };
    let accounts = "accounts: {visitors: {register: 20}, agents: {register: 6}}";
    let target = format!("url: {}\ndialect: matrix\n{accounts}\n", server.url("http", 0));
    Played::of(&desk(12, 240, "2m").replace("drain: 8m", "drain: 4m"), &target).agrees(0.6);
}
