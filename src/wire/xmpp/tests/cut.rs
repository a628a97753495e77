//! What a server says means the same wherever it is cut.

use super::*;

/// What a server says between what its client does.
enum Line {
    Server(String),
    Person(Act),
}

/// A visit with nearly everything in it.
fn visit() -> Vec<Line> {
    use Line::{Person, Server};
    let said = |text: &str| Server(text.to_owned());
    vec![
        Server([STREAM, GUESTS].concat()),
        said(SUCCESS),
        Server([STREAM, BINDS, " \n"].concat()),
        said(BOUND),
        Person(Act::Tell { peer: "agent@example.org/2".into(), text: "Grüße".into() }),
        said(
            "<message from='agent@example.org/2' type='chat'><body>Ça va ✓ &#x1F600;<![CDATA[<]]></body>\
             <active xmlns='http://jabber.org/protocol/chatstates'/></message><iq type='result' id='ping-1'/>",
        ),
        Person(Act::Enter { room: "lobby".into() }),
        said(
            "<presence from='lobby@rooms.example.org/zoë'/>\
             <presence from='lobby@rooms.example.org/00000000000000071-1'/>\
             <s:message xmlns:s='jabber:client' type=\"groupchat\" from='lobby@rooms.example.org/zoë'>\
             <s:body>hi</s:body></s:message>\
             <presence from='lobby@rooms.example.org/zoë' type='unavailable'/>",
        ),
        said("<iq type='get' id='7'><ping xmlns='urn:xmpp:ping'/></iq></stream:stream>"),
    ]
}

/// All that comes of a visit, when what the server says in this line is cut here.
fn play(visit: &[Line], cut_line: usize, cut: usize) -> Vec<Output<Event>> {
    let mut talk = Talk::new(guest(), &stream());
    let mut out = Vec::new();
    for (number, line) in visit.iter().enumerate() {
        match line {
            Line::Person(act) => out.extend(talk.act(act)),
            Line::Server(text) => {
                let cut = if number == cut_line { cut } else { 0 };
                let (before, after) = text.as_bytes().split_at(cut);
                for part in [before, after] {
                    out.extend(talk.give(Input::Bytes(SERVER, part)));
                }
            }
        }
    }
    out
}

#[test]
fn a_stream_may_be_cut_anywhere() {
    let visit = visit();
    let whole = play(&visit, 0, 0);
    let told = events(&whole);
    assert!(matches!(told[1], Event::Told { text, .. } if text == "Ça va ✓ 😀<"), "{told:?}");
    assert_eq!(told.len(), 7, "{told:?}");
    for (number, line) in visit.iter().enumerate() {
        let Line::Server(text) = line else { continue };
        for cut in 0..=text.len() {
            assert_eq!(play(&visit, number, cut), whole, "line {number}, byte {cut}");
        }
    }
}

#[test]
fn a_stream_may_come_byte_by_byte() {
    let visit = visit();
    let mut talk = Talk::new(guest(), &stream());
    let mut out = Vec::new();
    for line in &visit {
        match line {
            Line::Person(act) => out.extend(talk.act(act)),
            Line::Server(text) => {
                text.bytes().for_each(|byte| out.extend(talk.give(Input::Bytes(SERVER, &[byte]))));
            }
        }
    }
    assert_eq!(out, play(&visit, 0, 0));
}
