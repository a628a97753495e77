//! Connections that break in the middle of conversations, and are taken up again.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::desk::desk;
use super::{Played, Server};

/// A way to this port that is broken for everybody at once, so long after the first has taken it. Gives its own port.
fn broken_after(port: u16, length: Duration) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let own = listener.local_addr().expect("its address").port();
    thread::spawn(move || {
        let open: Arc<Mutex<Vec<TcpStream>>> = Arc::default();
        let mut is_first = true;
        for client in listener.incoming().map_while(Result::ok) {
            let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { return };
            if std::mem::take(&mut is_first) {
                let open = Arc::clone(&open);
                thread::spawn(move || {
                    thread::park_timeout(length);
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

#[test]
fn conversations_over_irc_go_on_where_they_were() {
    let Some(server) = Server::start("ngircd", 1, false) else { return };
    let way = broken_after(server.ports[0], Duration::from_secs(4));
    let reconnect = "run: {reconnect: {after: 200ms, up_to: 1s, tries: 10}, ";
    let scenario = desk(30, 400, "6m").replace("run: {", reconnect);
    let played = Played::of(&scenario, &format!("url: irc://127.0.0.1:{way}\n"));
    let figure = |name: &str| played.figure(name);
    // Six agents, and whoever is served or waits.
    assert!(figure("reconnects.resumed") > 10.0, "{}", played.ran.stdout);
    assert_eq!(figure("reconnects.anew") + figure("reconnects.given_up"), 0.0, "{}", played.ran.stdout);
    // What was on its way in that instant may be gone; everything after that came.
    let gone = figure("messages.lost") + figure("messages.missed");
    assert!(gone <= 2.0 && figure("messages.sent") > 50.0, "{}", played.ran.stdout);
    let same = played.summary["twin"]["paired"]["share"].as_f64().expect("a share");
    assert!(same > 0.93, "{same} ended the same way: {}", played.ran.stdout);
}
