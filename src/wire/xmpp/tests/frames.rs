//! The same over a WebSocket.

use super::*;

const OPEN: &str = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='example.org' version='1.0'/>";
const CLOSE: &str = "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>";

fn socket() -> Endpoint {
    endpoint("ws://127.0.0.1:5280/xmpp-websocket").unwrap()
}

fn hear(talk: &mut Talk, frame: &str) -> Vec<Output<Event>> {
    talk.give(Input::Frame(SERVER, frame))
}

/// With the names that a stream says in its first tag.
fn alone(element: &str) -> String {
    let stream = " xmlns:stream='http://etherx.jabber.org/streams'>";
    let (tag, rest) = element.split_once('>').unwrap();
    if tag.starts_with("<stream:") {
        format!("{tag}{stream}{rest}")
    } else {
        format!("{tag} xmlns='jabber:client'>{rest}")
    }
}

fn up() -> Talk {
    let mut talk = Talk::new(guest(), &socket());
    assert_eq!(hear(&mut talk, OPEN), []);
    assert!(sent(&hear(&mut talk, &alone(GUESTS)))[0].contains("ANONYMOUS"));
    let opening = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0'/>";
    assert_eq!(sent(&hear(&mut talk, SUCCESS)), [opening]);
    hear(&mut talk, OPEN);
    let out = hear(&mut talk, &alone(BINDS));
    assert!(sent(&out)[0].starts_with("<iq xmlns='jabber:client' "), "{out:?}");
    let out = hear(&mut talk, &alone(BOUND));
    assert_eq!(events(&out), [&Event::Welcome { address: "guest@example.org/1".into(), typing: true }]);
    talk
}

#[test]
fn frames_are_elements() {
    let mut talk = up();
    let out = talk.tell("hi");
    assert!(sent(&out).iter().all(|stanza| stanza.contains(" xmlns='jabber:client' ")), "{out:?}");
    let message = "<message from='agent@example.org/2' type='chat'><body>hi</body></message>";
    let out = hear(&mut talk, &alone(message));
    assert_eq!(events(&out), [&Event::Told { peer: "agent@example.org/2".into(), text: "hi".into() }]);
    assert_eq!(sent(&talk.act(&Act::Disconnect)), [CLOSE]);
    let sent = talk.now;
    assert_eq!(events(&hear(&mut talk, CLOSE)), [&Event::Unanswered { sent }], "whether it read the message");
}

#[test]
fn a_server_that_closes_is_gone() {
    assert_eq!(events(&hear(&mut up(), CLOSE)), [&Event::Gone(None)]);
}

#[test]
fn a_server_that_falls_silent_or_closes_while_somebody_logs_in() {
    let lines = [OPEN, &alone(GUESTS), SUCCESS, OPEN, &alone(BINDS)];
    for said in 0..=lines.len() {
        let beginning = || {
            let mut talk = Talk::new(guest(), &socket());
            lines[..said].iter().for_each(|line| drop(hear(&mut talk, line)));
            talk
        };
        let mut talk = beginning();
        assert_eq!(talk.wait(RealSpan::from_whole_secs(9)), []);
        assert!(broken(&talk.wait(RealSpan::from_whole_secs(1))).contains("longer than 10 s"));
        assert_eq!(beginning().give(Input::Closed(SERVER, None)), [Output::Event(Event::Gone(None))]);
        assert_eq!(events(&hear(&mut beginning(), CLOSE)), [&Event::Gone(None)]);
    }
}

#[test]
fn no_tls_begins_in_a_socket() {
    let offer = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>";
    let mut talk = Talk::new(Login { tls: Tls::Required, ..guest() }, &socket());
    hear(&mut talk, OPEN);
    let out = hear(&mut talk, &alone(offer));
    assert_eq!(events(&out), [&refused("it offers no TLS, and the login requires it")]);
}

#[test]
fn what_is_no_element_breaks_the_connection() {
    let stanza = alone("<presence ></presence>");
    for (frame, word) in [
        (stanza.repeat(2), "more than one element"),
        (format!("{stanza} x"), "more than one element"),
        (stanza[..20].to_owned(), "without a whole element"),
        (String::new(), "begin with a tag"),
        ("hello".into(), "begin with a tag"),
        ("<presence/>".into(), "no stanza"),
        (format!("<!DOCTYPE x>{stanza}"), "no XML of XMPP"),
        (format!("<!DOCTYPE x [<!ENTITY lol 'lol'><!ENTITY lol2 '&lol;&lol;'>]>{stanza}"), "no XML of XMPP"),
        (alone("<message><body>&lol;</body></message>"), "no XML of XMPP"),
        (OPEN.into(), "a stream within the stream"),
        (
            format!("<message xmlns='jabber:client'><body>{}</body></message>", "x".repeat(70_000)),
            "65536 bytes",
        ),
    ] {
        let out = hear(&mut up(), &frame);
        assert!(broken(&out).contains(word), "{word}: {out:?}");
    }
}

#[test]
fn endpoints_are_of_four_kinds() {
    assert_eq!(socket().subprotocol.as_deref(), Some("xmpp"));
    for (url, full) in [
        ("xmpp://example.org", "xmpp://example.org:5222"),
        ("xmpps://[::1]/", "xmpps://[::1]:5223"),
        ("xmpp://[::1]:15222", "xmpp://[::1]:15222"),
        ("wss://example.org/xmpp-websocket", "wss://example.org/xmpp-websocket"),
    ] {
        assert_eq!(endpoint(url).unwrap().url, full);
    }
    assert_eq!(
        (endpoint("http://example.org/bosh"), endpoint("xmpp://"), endpoint("xmpp")),
        (None, None, None)
    );
    let http = Endpoint { kind: crate::wire::endpoint::Kind::Http, ..stream() };
    assert!(Xmpp::new(guest(), &http, 7).unwrap_err().contains("WebSocket"));
}
