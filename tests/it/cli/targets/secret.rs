//! The servers over TLS, from the first byte or from STARTTLS on: whoever trusts their authority talks as in the clear, and nobody else at all.

use super::desk::{ACCOUNTS, desk};
use super::{How, Played, Server};

/// A short day at this address of the server.
#[track_caller]
fn talks(server: &Server, url: &str, rest: &str) {
    let trusting = format!("url: {url}\nca_file: {}\n{rest}", server.authority);
    let played = Played::of(&desk(60, 400, "3m"), &trusting);
    played.agrees(0.9);
    assert!(played.figure("connect.tls.p50") > 0.0, "{}", played.ran.stdout);
    Played::start(&desk(60, 400, "3m"), &format!("url: {url}\n{rest}"))
        .refused(4, &["the target cannot be trusted", "authority that is not trusted here"]);
}

#[test]
fn ngircd() {
    let Some(server) = Server::start("ngircd", 1, How::Secret) else { return };
    talks(&server, &server.url("ircs", 0), "");
}

#[test]
fn prosody_by_starttls_and_over_websockets() {
    let Some(server) = Server::start("prosody", 2, How::Secret) else { return };
    talks(&server, &server.url("xmpp", 0), ACCOUNTS);
    talks(
        &server,
        &format!("{}/xmpp-websocket", server.url("wss", 1)),
        &format!("dialect: xmpp\n{ACCOUNTS}"),
    );
}
