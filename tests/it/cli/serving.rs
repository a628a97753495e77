//! `serve`: the embedded server alone.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;

use super::TINY;
use super::workplace::{Running, Workplace};

/// The program as a server, on a port of its own choice.
pub(super) struct Server {
    pub(super) running: Running,
    address: String,
}

impl Server {
    pub(super) fn start(place: &Workplace, args: &[&str]) -> Self {
        Self::start_at("0", place, args)
    }

    /// The same on this port.
    pub(super) fn start_at(port: &str, place: &Workplace, args: &[&str]) -> Self {
        let mut all = vec!["serve", "--port", port];
        all.extend(args);
        let running = place.start(&all);
        let line = running.first_line();
        let address = line.strip_prefix("http://").and_then(|rest| rest.strip_suffix('/'));
        let address = address.unwrap_or_else(|| panic!("no address: {line}")).to_owned();
        Self { running, address }
    }

    /// `host:port`.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// As a target.
    pub(super) fn ws(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// What it answers to `GET path`, head and all.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a server");
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

#[test]
fn the_page_is_at_the_root_and_nothing_anywhere_else() {
    let server = Server::start(&Workplace::new(), &[]);
    let page = server.get("/");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert!(page.to_lowercase().contains("content-type: text/html"), "{page}");
    assert!(page.contains("<title>causerie</title>"), "{page}");
    assert!(server.get("/etc/passwd").starts_with("HTTP/1.1 404"));
}

#[test]
fn it_says_how_it_is() {
    let server = Server::start(&Workplace::new(), &[]);
    let answer = server.get("/metrics");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("text/plain; version=0.0.4"), "{answer}");
    for metric in
        ["causerie_connections", "causerie_waiting", "causerie_conversations", "causerie_messages_total"]
    {
        assert!(answer.contains(&format!("\n{metric} 0\n")), "{metric}: {answer}");
    }
    assert_eq!(cfg!(target_os = "linux"), answer.contains("\nprocess_resident_memory_bytes "), "{answer}");
}

#[test]
fn it_listens_on_the_loopback_unless_told_otherwise() {
    let server = Server::start(&Workplace::new(), &[]);
    assert!(server.address().starts_with("127.0.0.1:"), "{}", server.address());
}

#[test]
fn a_port_that_is_taken_is_named() {
    let place = Workplace::with(TINY);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    place.run(&["serve", "tiny.yaml", "--port", &address.port().to_string()]).refused(
        2,
        &[
            &format!("cannot listen on {address}: "),
            "in use",
            "hint: name another with --port; 0 takes any that is free",
        ],
    );
    assert_eq!(place.contents(), ["tiny.yaml"]);
}

#[test]
fn an_address_of_another_machine_is_explained() {
    // 192.0.2.0/24 is nobody's: RFC 5737.
    Workplace::new()
        .run(&["serve", "--address", "192.0.2.1", "--port", "0"])
        .refused(2, &["cannot listen on 192.0.2.1:0", "hint: --address takes an address of this machine"]);
}

#[cfg(unix)]
#[test]
fn who_stops_it_gets_a_clean_end() {
    let place = Workplace::new();
    for signal in ["INT", "TERM"] {
        let server = Server::start(&place, &[]);
        server.running.signal(signal);
        let ran = server.running.end();
        assert_eq!(ran.code, Some(0), "{signal}: {ran:#?}");
        assert!(ran.stderr.starts_with("A page to chat on."), "{ran:#?}");
    }
    assert!(place.contents().is_empty());
}

#[test]
fn a_child_server_ends_with_its_stdin() {
    let place = Workplace::new();
    let mut running = place.start_with(&["serve", "--port", "0", "--until-stdin-ends"], |command| {
        command.stdin(Stdio::piped());
    });
    running.first_line();
    drop(running.child.stdin.take());
    assert_eq!(running.end().code, Some(0));
}
