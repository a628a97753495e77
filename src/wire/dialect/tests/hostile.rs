//! Servers that mean no good, or make no sense.

use proptest::prelude::*;

use super::*;

const TALK: &str = "dialect: t\nabout: a test\ntransports:\n  ws: {kind: websocket}\n  api: {kind: http}\n\
     throttled: {close: 4008}\neverybody:\n  connect:\n    - open: ws\n    - await: {starts: hello, keep: {me: \"{{$.me}}\"}, within: 3s}\n    \
     - event: {welcome: {address: \"{{me}}\"}}\n  tell:\n    - ask: {path: \"/{{peer}}\", json: {t: \"{{text}}\"}, headers: {X: \"{{mark | or(x)}}\"}}\n  \
     on:\n    - in: $.*key.*\n      when: {$: {is: filled}}\n      event: {told: {peer: \"{{key}}\", text: \"{{$}}\"}}\n    \
     - when: {$.mark: {is: present}}\n      keep: {mark: \"{{$.mark}}\"}\n    - starts: go\n      do: [{await: {text: stop}}]\n";

fn connecting() -> Talk {
    let mut talk = Talk::of(TALK, Role::Visitor);
    talk.act(&Act::Connect).opened(0).taken();
    talk
}

fn up() -> Talk {
    let mut talk = connecting();
    assert_eq!(talk.frame(0, "hello{\"me\":\"ann-1\"}").events(), [welcome("ann-1")]);
    talk
}

fn broken(talk: &mut Talk) -> String {
    match &talk.events()[..] {
        [Event::Broken { why }] => why.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_server_that_says_nothing_or_hangs_up_is_an_event_and_the_end() {
    let mut talk = connecting();
    talk.wait();
    assert!(broken(&mut talk).contains("within its time"));
    assert_eq!(talk.dialect.next_deadline(), None);
    assert_eq!(connecting().closed(0, None).events(), [Event::Gone(None)]);
    assert_eq!(Talk::of(TALK, Role::Agent).act(&Act::Connect).closed(0, None).events(), [Event::Gone(None)]);
    let refused = connecting().closed(0, Some(4001)).events();
    assert!(matches!(&refused[..], [Event::Refused { why }] if why.contains("4001")), "{refused:?}");
    let why = String::from("it closed the connection with code 4008");
    let throttled = Event::Throttled { why: why.clone(), retry_after: None };
    assert_eq!(up().closed(0, Some(4008)).events(), [throttled, Event::Gone(Some(why))]);
    let goodbye = Goodbye { code: 4009, words: "heart\u{1b}[2Jbeat" };
    let why = String::from("it closed the connection with code 4009 (heart [2Jbeat)");
    let gone = up().input(Input::Closed(Transport(0), Some(goodbye))).events();
    assert_eq!(gone, [Event::Gone(Some(why))], "nothing that steers a terminal");
}

#[test]
fn names_texts_and_marks_are_bounded() {
    let mut talk = connecting();
    talk.frame(0, &format!("hello{{\"me\":\"{}\"}}", "x".repeat(5_000)));
    assert!(broken(&mut talk).contains("5000 bytes"));

    let mut talk = connecting();
    talk.frame(0, &format!("hello{{\"me\":\"{}\"}}", "x".repeat(100_000)));
    assert_eq!(talk.events(), [], "that is not what was waited for");

    let mut talk = up();
    let many: Vec<u32> = vec![1; MOST_EVENTS + 5];
    talk.frame(0, &json!({"room": many}).to_string());
    let events = talk.events();
    assert_eq!(events.len(), MOST_EVENTS + 1);
    assert!(matches!(events.last(), Some(Event::Broken { .. })));

    let mut talk = up();
    talk.frame(0, "go");
    for _ in 0..MOST_JOBS {
        talk.frame(0, "go");
    }
    assert!(broken(&mut talk).contains("too many"));
}

#[test]
fn no_header_is_smuggled_in() {
    let mut talk = up();
    talk.frame(0, "{\"mark\":\"a\\r\\nCookie: b\"}").tell("bob", "x");
    let events = talk.events();
    assert!(
        matches!(&events[..], [Event::Failed { why }] if why.contains("control characters")),
        "{events:?}"
    );
}

#[test]
fn more_acts_than_a_server_takes_are_not_hoarded() {
    let mut talk = Talk::of(&TALK.replace("starts: hello, ", ""), Role::Visitor);
    talk.act(&Act::Connect);
    for i in 0..1_000 {
        talk.tell("bob", &i.to_string());
    }
    assert_eq!(talk.dialect.errands.len(), MOST_ERRANDS);
}

#[test]
fn nesting_goes_as_deep_as_it_may_and_no_deeper() {
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    assert_eq!(up().frame(0, &deep).events(), []);
    assert_eq!(connecting().frame(0, &format!("hello{deep}")).events(), []);
}

#[test]
fn answers_that_nobody_asked_for_change_nothing() {
    let mut talk = up();
    talk.answer(1, 77, 200, &[], "{}")
        .answer(9, 1, 200, &[], "")
        .opened(5)
        .opened(1)
        .closed(3, None)
        .frame(7, "x");
    assert_eq!(talk.taken(), []);
    talk.tell("bob", "x").taken();
    talk.answer(1, 1, 200, &[], "not asked yet: the transport is not even open");
    assert_eq!(talk.taken(), []);
}

fn any_input() -> impl Strategy<Value = (u8, u8, String, u16)> {
    let text = prop_oneof![
        ".{0,40}",
        Just("hello{\"me\":\"x\"}".to_owned()),
        Just("go".to_owned()),
        Just("stop".to_owned()),
        "\\{\"[a-z]{1,3}\":(\\[[0-9,]{0,5}\\]|\\{\"a\":\"b\"\\}|null|\"x\")\\}",
        Just("{\"mark\":[{}]}".to_owned()),
    ];
    (0u8..9, 0u8..3, text, prop_oneof![Just(200u16), any::<u16>()])
}

proptest! {
    #[test]
    fn whatever_comes_in_whatever_order_nothing_panics_and_all_is_bounded(
        inputs in prop::collection::vec(any_input(), 0..60)
    ) {
        let mut talk = Talk::of(TALK, Role::Visitor);
        for (kind, at, text, number) in inputs {
            match kind {
                0 => talk.act(&Act::Connect),
                1 => talk.act(&Act::Disconnect),
                2 => talk.tell("bob", &text),
                3 => talk.opened(at),
                4 => talk.closed(at, (number > 1000).then_some(number)),
                5 => talk.answer(at, u32::from(number % 20), number, &[("set-cookie", &text)], &text),
                6 if talk.dialect.next_deadline().is_some() => talk.wait(),
                _ => talk.frame(at, &text),
            };
        }
        prop_assert!(talk.dialect.jobs.len() <= MOST_JOBS && talk.dialect.errands.len() <= MOST_ERRANDS);
        // Whoever is connected comes to an end.
        talk.act(&Act::Disconnect);
        for _ in 0..5 {
            if talk.dialect.next_deadline().is_some() {
                talk.wait();
            }
        }
        prop_assert_eq!(talk.dialect.state, State::Down);
    }
}
