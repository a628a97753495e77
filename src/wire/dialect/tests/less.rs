//! Servers that want less, or will not: by status, and by frames.

use super::*;

/// Messages over a WebSocket, whose answers may say no.
const SAYS: &str = "dialect: t\nabout: a test\ntransports: {ws: {kind: websocket}}\nthrottled: {times: 2}\neverybody:\n  \
     connect: [{open: ws}, {event: {welcome: {address: a}}}]\n  tell:\n    - let: {id: \"{{count(ids)}}\"}\n    \
     - send: {json: {id: \"{{id}}\", text: \"{{text}}\"}}\n    - await:\n        when: {$.id: \"{{id}}\"}\n        \
     throttled: {when: {$.code: slow}, wait: \"{{$.wait}}s\"}\n        holds: {$.op: ack}\n        keep: {last: \"{{$.message}}\"}\n";

fn says() -> Talk {
    let mut talk = Talk::of(SAYS, Role::Visitor);
    talk.act(&Act::Connect).opened(0).taken();
    talk
}

fn throttled(talk: &mut Talk) -> Option<RealSpan> {
    match &talk.events()[..] {
        [Event::Throttled { retry_after, why }] if why.contains("slow") => *retry_after,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_frame_puts_off_is_sent_again_and_counts_from_when_it_was_to_be_done() {
    let mut talk = says();
    talk.now = RealMoment::ZERO + millis(100);
    talk.tell("bob", "one");
    talk.now = RealMoment::ZERO + millis(200);
    talk.tell("bob", "two");
    let first = talk.sent();
    assert_eq!(first, ["{\"id\":1,\"text\":\"one\"}"]);
    talk.frame(0, "{\"id\":1,\"code\":\"slow\",\"wait\":1.5}");
    assert_eq!(throttled(&mut talk), Some(millis(1500)));
    assert_eq!(talk.wait().sent(), first, "the same again, with its own id");
    assert_eq!(talk.now, RealMoment::ZERO + millis(1700));
    talk.frame(0, "{\"id\":1,\"op\":\"ack\",\"message\":7}");
    let out = talk.taken();
    let since = RealMoment::ZERO + millis(100);
    let through = [Event::PutOff { since }, Event::TakenIn { sent: since }].map(Output::Event);
    assert_eq!(out[..2], through, "{out:?}");
    assert!(matches!(&out[2..], [Output::Send(_, text)] if text.contains("two")), "{out:?}");
    // The next was not throttled itself.
    let events = talk.frame(0, "{\"id\":2,\"op\":\"ack\",\"message\":8}").events();
    assert!(matches!(events[..], [Event::TakenIn { .. }]), "{events:?}");
}

#[test]
fn what_waited_for_its_turn_counts_from_when_it_was_given() {
    let mut talk = says();
    talk.tell("bob", "one");
    talk.now = RealMoment::ZERO + millis(300);
    talk.tell("bob", "two");
    talk.now = RealMoment::ZERO + millis(500);
    talk.frame(0, "{\"id\":1,\"op\":\"ack\",\"message\":7}").frame(0, "{\"id\":2,\"code\":\"slow\"}").taken();
    talk.wait().frame(0, "{\"id\":2,\"op\":\"ack\",\"message\":8}");
    let since = RealMoment::ZERO + millis(300);
    assert_eq!(talk.events()[0], Event::PutOff { since });
    assert_eq!(talk.now, RealMoment::ZERO + millis(1500), "a second, where it does not say for how long");
}

#[test]
fn a_frame_that_refuses_is_no_delivery_and_not_for_ever() {
    let mut talk = says();
    talk.tell("bob", "x").taken();
    let events = talk.frame(0, "{\"id\":1,\"op\":\"error\",\"code\":\"too long\"}").events();
    assert!(
        matches!(&events[..], [Event::Failed { why }] if why.starts_with("tell: ") && why.contains("too long")),
        "{events:?}"
    );
    talk.tell("bob", "y").taken();
    for _ in 0..2 {
        talk.frame(0, "{\"id\":2,\"code\":\"slow\"}");
        throttled(&mut talk);
        talk.wait().taken();
    }
    let events = talk.frame(0, "{\"id\":2,\"code\":\"slow\"}").events();
    assert!(
        matches!(&events[..], [Event::Throttled { .. }, Event::Failed { why }] if why.contains("after 2 tries")),
        "{events:?}"
    );
}

#[test]
fn what_a_status_puts_off_is_told_when_it_is_through() {
    let text = "dialect: t\nabout: a test\ntransports: {api: {kind: http}}\nagent:\n  connect: [{event: {welcome: {address: a}}}]\n  \
                ready:\n    - ask: {path: /one}\n    - ask: {path: /two}\n    - event: on_duty\n  part: [{ask: {path: /part}}]\n";
    let mut talk = Talk::of(text, Role::Agent);
    talk.act(&Act::Connect).taken();
    talk.now = RealMoment::ZERO + millis(50);
    talk.act(&Act::Ready { slots: 1 }).opened(0).taken();
    talk.answer(0, 1, 429, &[("retry-after", "2")], "").wait().answer(0, 2, 200, &[], "").taken();
    let since = RealMoment::ZERO + millis(50);
    assert_eq!(talk.answer(0, 3, 200, &[], "").events(), [Event::OnDuty, Event::PutOff { since }]);
    talk.act(&Act::Part { peer: "bob".into() }).taken();
    assert_eq!(talk.answer(0, 4, 200, &[], "").events(), []);
}
