//! What a server says means the same wherever it is cut.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::login::{PROCEED, SASL, STARTTLS, features, signature};
use super::*;

/// What happens to a client.
enum Line {
    Server(String),
    Person(Act),
    Secured,
}

use Line::{Person, Secured, Server};

fn said(text: &str) -> Line {
    Server(text.to_owned())
}

fn tell(text: &str) -> Line {
    Person(Act::Tell { peer: "agent@example.org/2".into(), text: text.into() })
}

/// A guest's visit with nearly everything in it.
fn of_guest() -> Vec<Line> {
    vec![
        Server([STREAM, GUESTS].concat()),
        said(SUCCESS),
        Server([STREAM, BINDS, " \n"].concat()),
        said(BOUND),
        tell("Grüße"),
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

/// An agent's, with TLS, a password that is shown to be known, and acknowledgements.
fn of_agent() -> Vec<Line> {
    let nonce = format!("{:032x}1", 7);
    let challenge = format!("r={nonce}server,s={},i=1", STANDARD.encode("salt"));
    let (first, last) = (format!("n,,n=user,r={nonce}"), format!("c=biws,r={nonce}server,p="));
    let signature = signature(&first, &challenge, &last, b"salt");
    let acknowledges = BINDS.replace("</stream:features>", "<sm xmlns='urn:xmpp:sm:3'/></stream:features>");
    vec![
        Server([STREAM, &features(&["SCRAM-SHA-256"], STARTTLS)].concat()),
        said(PROCEED),
        Secured,
        Server([STREAM, &features(&["PLAIN", "SCRAM-SHA-256"], "")].concat()),
        Server(format!("<challenge {SASL}>{}</challenge>", STANDARD.encode(&challenge))),
        Server(format!("<success {SASL}>{signature}</success>")),
        Server([STREAM, &acknowledges].concat()),
        said(BOUND),
        said("<enabled xmlns='urn:xmpp:sm:3'/>"),
        tell("Hello"),
        said("<message from='a@b' type='chat'><body>hi</body></message><r xmlns='urn:xmpp:sm:3'/>"),
        said("<a xmlns='urn:xmpp:sm:3' h='2'/>"),
    ]
}

/// All that comes of a visit, when what the server says comes in these pieces.
fn play(login: Login, visit: &[Line], pieces: impl Fn(usize, &str) -> Vec<usize>) -> Vec<Output<Event>> {
    let mut talk = Talk::new(login, &stream());
    let mut out = Vec::new();
    for (number, line) in visit.iter().enumerate() {
        match line {
            Person(act) => out.extend(talk.act(act)),
            Secured => out.extend(talk.give(Input::Secured(SERVER))),
            Server(text) => {
                let mut from = 0;
                for to in pieces(number, text) {
                    out.extend(talk.give(Input::Bytes(SERVER, &text.as_bytes()[from..to])));
                    from = to;
                }
            }
        }
    }
    out
}

/// The same wherever one line is cut, and byte by byte.
fn means_the_same(login: &Login, visit: &[Line]) -> Vec<Output<Event>> {
    let whole = play(login.clone(), visit, |_, text| vec![text.len()]);
    for (cut_line, line) in visit.iter().enumerate() {
        let Server(text) = line else { continue };
        for cut in 0..=text.len() {
            let cut_here = play(login.clone(), visit, |number, text| match number == cut_line {
                true => vec![cut, text.len()],
                false => vec![text.len()],
            });
            assert_eq!(cut_here, whole, "line {cut_line}, byte {cut}");
        }
    }
    assert_eq!(play(login.clone(), visit, |_, text| (1..=text.len()).collect()), whole);
    whole
}

#[test]
fn a_guests_stream_may_be_cut_anywhere() {
    let whole = means_the_same(&guest(), &of_guest());
    let told = events(&whole);
    assert!(matches!(told[1], Event::Told { text, .. } if text == "Ça va ✓ 😀<"), "{told:?}");
    assert_eq!(told.len(), 7, "{told:?}");
}

#[test]
fn an_agents_stream_may_be_cut_anywhere() {
    let whole = means_the_same(&agent(false), &of_agent());
    let told = events(&whole);
    assert!(
        matches!(&told[..], [Event::Welcome { .. }, Event::Told { .. }, Event::TakenIn { .. }]),
        "{told:?}"
    );
    assert!(
        whole.contains(&Output::Secure(SERVER)) && sent(&whole).iter().any(|text| text.contains("<a ")),
        "{whole:?}"
    );
}
