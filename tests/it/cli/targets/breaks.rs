//! Connections that break in the middle of conversations, and are taken up again.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::desk::desk;
use super::{How, Played, Server};

/// Until whoever came last has logged in.
const MOMENT: Duration = Duration::from_millis(200);

/// A way to this port that breaks for everybody at once, a moment after so many have taken it. Gives its own port.
fn broken_by(port: u16, many: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let own = listener.local_addr().expect("its address").port();
    thread::spawn(move || {
        let open: Arc<Mutex<Vec<TcpStream>>> = Arc::default();
        for (before, client) in listener.incoming().map_while(Result::ok).enumerate() {
            let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { return };
            if before + 1 == many {
                let open = Arc::clone(&open);
                thread::spawn(move || {
                    thread::park_timeout(MOMENT);
                    for stream in open.lock().expect("the streams").iter() {
                        let _ = stream.shutdown(Shutdown::Both);
                    }
                });
            }
            pass_on(&open, &client, &server).expect("another handle to a stream");
        }
    });
    own
}

/// Passes on what either says, until one of the two is gone.
fn pass_on(open: &Mutex<Vec<TcpStream>>, client: &TcpStream, server: &TcpStream) -> io::Result<()> {
    open.lock().expect("the streams").extend([client.try_clone()?, server.try_clone()?]);
    for (from, to) in [(client, server), (server, client)] {
        let (mut from, mut to) = (from.try_clone()?, to.try_clone()?);
        thread::spawn(move || {
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Both);
        });
    }
    Ok(())
}

/// A desk all of whose connections to the server, reached by this scheme, break at once when twenty visitors have come. `provisioned`: so many
/// connections were for accounts, before.
fn broken_desk(server: &Server, scheme: &str, accounts: &str, provisioned: usize) -> Played {
    let (witness, agents, visitors) = (1, 6, 20);
    let way = broken_by(server.ports[0], provisioned + witness + agents + visitors);
    let reconnect = "run: {reconnect: {after: 200ms, up_to: 1s, tries: 10}, ";
    let scenario = desk(30, 400, "6m").replace("run: {", reconnect);
    Played::of(&scenario, &format!("url: {scheme}://127.0.0.1:{way}\n{accounts}"))
}

/// Everybody came back, and the conversations went on.
#[track_caller]
fn went_on(played: &Played) {
    let figure = |name: &str| played.figure(name);
    // Six agents, and whoever is served or waits.
    assert!(figure("reconnects.resumed") > 10.0, "{}", played.ran.stdout);
    assert_eq!(figure("reconnects.anew") + figure("reconnects.given_up"), 0.0, "{}", played.ran.stdout);
    // What was on its way in that instant may be gone, and what was said to somebody who was not back yet; everything after that came.
    let gone = figure("messages.lost") + figure("messages.missed");
    assert!(gone <= 5.0 && figure("messages.sent") > 70.0, "{}", played.ran.stdout);
    let same = played.summary["twin"]["paired"]["share"].as_f64().expect("a share");
    // Who misses a message waits for it, and so does who wrote it.
    assert!(same >= 0.9, "{same} ended the same way: {}", played.ran.stdout);
}

#[test]
fn conversations_over_irc_go_on_where_they_were() {
    let Some(server) = Server::start("ngircd", 1, How::Lifted) else { return };
    went_on(&broken_desk(&server, "irc", "", 0));
}

/// With an account, whoever comes back asks for the same address; a guest's is another one each time.
const ACCOUNTS: &str = "accounts:\n  visitors: {domain: localhost, register: 40}\n  \
                        agents: {domain: localhost, register: 6}\n";

#[test]
fn conversations_over_xmpp_go_on_where_there_are_accounts() {
    let Some(server) = Server::start("prosody", 2, How::Lifted) else { return };
    went_on(&broken_desk(&server, "xmpp", ACCOUNTS, 46));
}

#[test]
fn conversations_over_ejabberd_go_on_where_there_are_accounts() {
    let Some(server) = Server::start("ejabberd", 2, How::Lifted) else { return };
    went_on(&broken_desk(&server, "xmpp", ACCOUNTS, 46));
}
