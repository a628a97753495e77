//! Servers that mean no good, or make no sense: an event each, and nothing that grows.

use super::*;

/// Why this breaks the connection of somebody who is logged in, or who logs in.
fn breaks(mut talk: Talk, text: &[u8], word: &str) {
    let out = talk.give(Input::Bytes(SERVER, text));
    assert!(broken(&out).contains(word), "{word}: {out:?}");
    assert_eq!(talk.hear("<message/>"), [], "nothing more is heard");
    assert_eq!(talk.client.next_deadline(), None);
}

fn beginning() -> Talk {
    Talk::new(guest(), &stream())
}

#[test]
fn what_xmpp_forbids_of_xml_is_refused() {
    let bomb = "<!DOCTYPE lolz [<!ENTITY lol 'lol'><!ENTITY lol2 '&lol;&lol;'>]>";
    breaks(beginning(), bomb.as_bytes(), "no XML of XMPP");
    for text in [
        "<message><body>&lol;</body></message>",
        "<!DOCTYPE x>",
        "<?php 1?>",
        "<!-- -->",
        "<message from='a' from='b'/>",
        "<message></presence>",
        "<a:message/>",
        "<message from=a/>",
        "<message><body>\u{1}</body></message>",
        "<message><body>&#0;</body></message>",
        "\0",
    ] {
        breaks(Talk::up(), text.as_bytes(), "no XML of XMPP");
    }
    for bytes in [&b"<message><body>\xff</body></message>"[..], b"<message from='\xc3'/>", b"<m\xc0\x80/>"] {
        breaks(Talk::up(), bytes, "no XML of XMPP");
    }
}

#[test]
fn what_is_too_much_is_refused_before_it_is_all_there() {
    let many = |part: &str, times: usize| part.repeat(times);
    breaks(Talk::up(), many("<a>", 33).as_bytes(), "32 deep");
    let attributes: String = (0..65).map(|number| format!(" a{number}=''")).collect();
    breaks(Talk::up(), format!("<message{attributes}/>").as_bytes(), "64 attributes");
    breaks(Talk::up(), format!("<message>{}", many("<a/>", 2048)).as_bytes(), "2048 others");
    breaks(Talk::up(), format!("<message><body>{}", many("x", 70_000)).as_bytes(), "65536 bytes");
    breaks(Talk::up(), format!("<message><body>{}", many("&lt;", 20_000)).as_bytes(), "65536 bytes");
    breaks(Talk::up(), format!("<message{}", many(" ", 9_000)).as_bytes(), "8192 bytes");
    breaks(Talk::up(), format!("<message a='{}", many("x", 5_000)).as_bytes(), "long name or reference");
    breaks(Talk::up(), format!("<{}", many("x", 5_000)).as_bytes(), "long name or reference");
    let endless: String = (0..3_000).map(|number| format!(" a{number}=''")).collect();
    breaks(Talk::up(), format!("<message{endless}").as_bytes(), "8192 bytes");
    breaks(beginning(), format!("<?xml version='1.0'?>{}", many(" ", 9_000)).as_bytes(), "8192 bytes");
}

#[test]
fn the_largest_that_is_allowed_comes_through_byte_by_byte() {
    let mut talk = Talk::up();
    let text = "x".repeat(60_000);
    let message = format!("<message from='a@b' type='chat'><body>{text}</body></message>");
    let mut out = Vec::new();
    message.bytes().for_each(|byte| out.extend(talk.give(Input::Bytes(SERVER, &[byte]))));
    assert_eq!(events(&out), [&Event::Told { peer: "a@b".into(), text }]);
}

#[test]
fn signs_of_life_may_go_on_for_ever() {
    let mut talk = Talk::up();
    for _ in 0..100 {
        assert_eq!(talk.hear(&" \n".repeat(5_000)), []);
    }
    assert_eq!(events(&talk.hear("<message from='a@b'><body>x</body></message>")).len(), 1);
    breaks(talk, b" x <message/>", "outside of all elements");
}

#[test]
fn what_is_no_stream_is_left() {
    for (text, word) in [
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "no XML of XMPP"),
        ("<stream xmlns='jabber:client' version='1.0'>", "is no stream"),
        ("<stream:stream xmlns:stream='jabber:streams' version='1.0'>", "is no stream"),
        ("<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>", "version"),
        ("<html>", "is no stream"),
    ] {
        breaks(beginning(), text.as_bytes(), word);
    }
}

#[test]
fn what_comes_before_its_time_is_left() {
    for (text, word) in [
        ("<message from='a@b'><body>x</body></message>", "`message` of `jabber:client`"),
        ("<iq type='result' id='bind'/>", "`iq`"),
        (SUCCESS, "`success`"),
        ("<features/>", "`features` of `jabber:client`"),
        ("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "`proceed`"),
    ] {
        breaks(beginning(), [STREAM, text].concat().as_bytes(), word);
    }
    for text in [
        "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        "<x xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    ] {
        let mut talk = beginning();
        talk.hear(&[STREAM, GUESTS].concat());
        breaks(talk, text.as_bytes(), "logging in");
    }
    for text in ["<message xmlns='jabber:server'/>", "<stream:features/>", "<nonsense/>"] {
        breaks(Talk::up(), text.as_bytes(), "is no stanza");
    }
}

#[test]
fn an_address_that_is_none_is_left() {
    for address in [String::new(), "x".repeat(300)] {
        let mut talk = beginning();
        talk.hear(&[STREAM, GUESTS].concat());
        talk.hear(SUCCESS);
        talk.hear(&[STREAM, BINDS].concat());
        breaks(talk, BOUND.replace("guest@example.org/1", &address).as_bytes(), "an address of");
    }
    let long = format!("<message from='{}'><body>x</body></message>", "x".repeat(300));
    assert_eq!(Talk::up().hear(&long), [], "nor is a message from nobody in particular told");
}

#[test]
fn a_silent_server_is_left_at_the_deadline_wherever_it_fell_silent() {
    let offer = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>";
    let proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
    let lines = [STREAM, offer, proceed];
    for said in 0..=lines.len() {
        let mut talk = beginning();
        lines[..said].iter().for_each(|line| drop(talk.hear(line)));
        assert_eq!(talk.wait(RealSpan::from_whole_secs(9)), []);
        let out = talk.wait(RealSpan::from_whole_secs(1));
        assert!(broken(&out).contains("longer than 10 s"), "{out:?}");
    }
}

#[test]
fn a_server_that_closes_while_somebody_logs_in_is_gone() {
    let lines = [STREAM, GUESTS, SUCCESS, STREAM, BINDS];
    for said in 0..=lines.len() {
        let mut talk = beginning();
        lines[..said].iter().for_each(|line| drop(talk.hear(line)));
        assert_eq!(talk.give(Input::Closed(SERVER, None)), [Output::Event(Event::Gone(None))]);
        assert_eq!(talk.client.next_deadline(), None);
    }
}

#[test]
fn a_room_may_not_grow_for_ever() {
    let mut talk = Talk::up();
    talk.act(&Act::Enter { room: "lobby".into() });
    let mut out = Vec::new();
    for number in 0..100_000 {
        out = talk.hear(&format!("<presence from='lobby@rooms.example.org/{number}'/>"));
        if !out.is_empty() {
            break;
        }
    }
    assert!(broken(&out).contains("65536 others"), "{out:?}");
}

#[test]
fn a_server_s_words_are_cut_short() {
    let text = "x".repeat(10_000);
    let error = format!(
        "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text>{text}</text></stream:error>"
    );
    let out = Talk::up().hear(&error);
    assert_eq!(events(&out)[0], &refused(&format!("conflict: {}", "x".repeat(200))));
}
