//! Messages, and whether the server has taken them in.

use super::*;

const SECOND: RealSpan = RealSpan::from_whole_secs(1);
const PONG: &str = "<iq type='result' id='ping-1' from='example.org'/>";

fn told(text: &str) -> Event {
    Event::Told { peer: "agent@example.org/2".into(), text: text.into() }
}

fn from_agent(within: &str) -> String {
    format!("<message from='agent@example.org/2' type='chat'>{within}</message>")
}

#[test]
fn two_talk() {
    let mut talk = Talk::up();
    let peer = "agent@example.org/2";
    let out = talk.act(&Act::Compose { peer: peer.into() });
    let composing = "<message type='chat' to='agent@example.org/2'>\
                     <composing xmlns='http://jabber.org/protocol/chatstates'/></message>";
    assert_eq!(sent(&out), [composing]);
    let out = talk.tell("is <this> it?");
    let message = "<message type='chat' to='agent@example.org/2' id='m1'><body>is &lt;this&gt; it?</body>\
                   <active xmlns='http://jabber.org/protocol/chatstates'/></message>";
    assert_eq!(sent(&out)[0], message);

    let out = talk.hear(&from_agent("<composing xmlns='http://jabber.org/protocol/chatstates'/>"));
    assert_eq!(events(&out), [&Event::Typing { peer: peer.into() }]);
    let out = talk
        .hear(&from_agent("<active xmlns='http://jabber.org/protocol/chatstates'/><body>a &amp; b</body>"));
    assert_eq!(events(&out), [&told("a & b")]);
    assert_eq!(talk.hear(&from_agent("<gone xmlns='http://jabber.org/protocol/chatstates'/>")), []);
    assert_eq!(talk.hear("<presence from='agent@example.org/2'/>"), [], "nobody asked for that");
    assert_eq!(talk.act(&Act::Meet { peer: peer.into() }), []);
}

#[test]
fn a_message_that_found_nobody_is_no_news_and_one_too_many_is() {
    let bounce = |condition: &str| {
        format!(
            "<message from='agent@example.org/2' type='error'><error type='wait'>\
             <{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        )
    };
    let mut talk = Talk::up();
    assert_eq!(talk.hear(&bounce("service-unavailable")), []);
    let failed = Event::Failed { why: "not-allowed".into() };
    assert_eq!(events(&talk.hear(&bounce("not-allowed"))), [&failed]);
    assert_eq!(events(&talk.hear(&bounce("resource-constraint"))), [&throttled("resource-constraint")]);
}

#[test]
fn a_ping_follows_a_message_once_a_second_and_one_at_a_time() {
    let mut talk = Talk::up();
    let asked = talk.now;
    let ping = "<iq type='get' id='ping-1' to='example.org'><ping xmlns='urn:xmpp:ping'/></iq>";
    assert_eq!(sent(&talk.tell("one"))[1..], [ping]);
    assert_eq!(sent(&talk.tell("two")).len(), 1, "there is a question already");
    assert_eq!(talk.client.next_deadline(), None);
    assert_eq!(talk.wait(SECOND), []);
    assert_eq!(talk.hear("<iq type='result' id='ping-2'/>"), [], "nobody asked that");
    let out = talk.hear(PONG);
    assert_eq!(events(&out), [&Event::TakenIn { sent: asked }]);
    assert!(sent(&out)[0].contains("ping-2"), "the second message is asked about");
    let asked = talk.now;
    let out = talk.hear("<iq type='error' id='ping-2'/>");
    assert_eq!(events(&out), [&Event::TakenIn { sent: asked }], "an answer is an answer");
    assert_eq!(sent(&out), [""; 0]);

    talk.tell("three");
    assert_eq!(talk.client.next_deadline(), Some(asked + SECOND));
    assert!(sent(&talk.wait(SECOND))[0].contains("ping-3"));
    assert_eq!(talk.hear(PONG), [], "an old one");
}

const MANAGED: &str = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>\
    <sm xmlns='urn:xmpp:sm:3'/></stream:features>";

fn management(element: &str) -> String {
    format!("<{element} xmlns='urn:xmpp:sm:3'/>")
}

/// Somebody whose stanzas are acknowledged: the presence is the first.
fn managed() -> Talk {
    let mut talk = Talk::up_with(guest(), MANAGED);
    assert_eq!(talk.hear(&management("enabled")), []);
    talk
}

#[test]
fn acknowledgements_are_asked_for_where_there_are_such() {
    let mut talk = managed();
    let asked = talk.now;
    assert_eq!(sent(&talk.tell("one"))[1..], [management("r")]);
    talk.tell("two");
    assert_eq!(talk.hear(&management("a h='1'")), [], "that was the presence");
    assert_eq!(events(&talk.hear(&management("a h='3'"))), [&Event::TakenIn { sent: asked }]);
    assert_eq!(sent(&talk.wait(SECOND)), [management("r")]);
    assert_eq!(events(&talk.hear(&management("a h='3'"))).len(), 1);
    assert_eq!(talk.hear(&management("a h='3'")), [], "without a question it is no answer");
    let out = talk.hear(&management("a h='4'"));
    assert!(broken(&out).contains("never sent"), "{out:?}");
}

#[test]
fn what_is_heard_is_acknowledged() {
    let mut talk = managed();
    talk.hear(&from_agent("<body>one</body>"));
    talk.hear("<presence/>");
    assert_eq!(sent(&talk.hear(&management("r"))), [management("a").replace("/>", " h='2'/>")]);
}

#[test]
fn messages_before_the_server_says_whether_it_acknowledges_are_asked_about_then() {
    for (answer, question) in [("enabled", "<r "), ("failed", "<ping ")] {
        let mut talk = Talk::up_with(guest(), MANAGED);
        assert_eq!(sent(&talk.tell("one")).len(), 1);
        assert_eq!(talk.client.next_deadline(), None);
        assert!(sent(&talk.hear(&management(answer)))[0].contains(question));
    }
    let out = Talk::up().hear(&management("r"));
    assert!(broken(&out).contains("there is none"), "{out:?}");
}

#[test]
fn who_is_asked_answers() {
    let mut talk = Talk::up();
    let out = talk.hear("<iq type='get' id='x&apos;' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>");
    assert_eq!(sent(&out), ["<iq type='result' id='x&#39;' to='example.org'></iq>"]);
    let out = talk.hear("<iq type='set' id='2'><query xmlns='jabber:iq:roster'/></iq>");
    assert!(sent(&out)[0].starts_with("<iq type='error' id='2'><error type='cancel'><service-unavailable"));
}

#[test]
fn what_still_comes_after_hanging_up_are_messages_and_answers() {
    let mut talk = managed();
    let asked = talk.now;
    talk.tell("one");
    talk.tell("two");
    let last = talk.now;
    let out = talk.act(&Act::Disconnect);
    assert_eq!(sent(&out), [management("r"), "</stream:stream>".into()], "that is asked about too");
    assert_eq!(talk.hear(&from_agent("<body>one</body>")), [Output::Event(told("one"))]);
    assert_eq!(talk.hear(&management("a h='2'")), [Output::Event(Event::TakenIn { sent: asked })]);
    assert_eq!(talk.hear(&management("a h='3'")), [Output::Event(Event::TakenIn { sent: last })]);
    assert_eq!(talk.hear("<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>"), []);
    assert_eq!(talk.hear("<nonsense/></stream:stream>"), []);
    assert_eq!(talk.give(Input::Closed(SERVER, None)), [], "we asked for that");
    assert!(matches!(talk.act(&Act::Connect)[..], [Output::Open(SERVER, _)]));
}

#[test]
fn a_connection_that_breaks_is_news_once() {
    let mut talk = Talk::up();
    assert_eq!(talk.give(Input::Closed(SERVER, None)), [Output::Event(Event::Gone(None))]);
    assert_eq!(talk.tell("hello?"), []);
    let mut talk = Talk::up();
    assert_eq!(events(&talk.hear("</stream:stream>")), [&Event::Gone(None)]);
    assert_eq!(talk.give(Input::Closed(SERVER, None)), []);
}

#[test]
fn a_server_that_ends_the_stream_says_why() {
    let error = |condition: &str| {
        format!(
            "<stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>\
             </stream:stream>"
        )
    };
    let gone = |why: &str| Event::Gone(Some(why.into()));
    for (condition, news) in [
        ("policy-violation", vec![throttled("policy-violation"), gone("policy-violation")]),
        ("conflict", vec![refused("conflict"), gone("conflict")]),
        ("system-shutdown", vec![gone("system-shutdown")]),
    ] {
        let out = Talk::up().hear(&error(condition));
        assert_eq!(events(&out), news.iter().collect::<Vec<_>>());
        assert!(matches!(out[..], [.., Output::Close(SERVER)]));
    }
    let out = Talk::new(guest(), &stream()).hear(&[STREAM, &error("host-unknown")].concat());
    assert_eq!(events(&out), [&refused("host-unknown")], "and who was never in is not gone");
}
