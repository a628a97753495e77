//! Servers that will not have somebody, or want less of something.

use super::super::super::messenger::{Act, Event};
use super::super::super::{Input, Output};
use super::super::{Irc, Login};
use super::{Person, STREAM, said, told};
use crate::base::time::RealMoment;

fn refused(why: &str) -> Output<Event> {
    told(Event::Refused { why: why.into() })
}

#[test]
fn a_password_and_names_that_are_taken() {
    let login = Login { nickname: "v00000012".into(), password: Some("a b\r\nQUIT".into()) };
    let mut person = Person { irc: Irc::new(login), now: RealMoment::ZERO };
    person.act(Act::Connect);
    let greeting = person.feed(Input::Opened(STREAM));
    assert!(
        matches!(&greeting[..], [Output::Send(_, lines)] if lines.contains("\r\nPASS :a b  QUIT\r\nNICK v00000012\r\n"))
    );
    for (number, other) in [(433, "_00000012"), (432, "^00000012"), (436, "`00000012"), (437, "|00000012")] {
        assert_eq!(
            person.hear(&format!(":irc {number} * x :In use\r\n")),
            [said(&format!("NICK {other}\r\n"))]
        );
    }
    assert_eq!(person.hear(":irc 433 * x :In use\r\n"), [refused("In use"), Output::Close(STREAM)]);
}

#[test]
fn a_login_is_refused_or_throttled() {
    for (line, why) in [
        (":irc 464 * :Password incorrect", "Password incorrect"),
        (":irc 465 * :You are banned", "You are banned"),
        (":irc 432 * 1a :Erroneous nickname", "Erroneous nickname"),
        ("ERROR :Access denied: Bad password?", "Access denied: Bad password?"),
        ("464", ""),
    ] {
        let out = Person::registering().hear(&format!("{line}\r\n"));
        assert_eq!(out, [refused(why), Output::Close(STREAM)], "{line}");
    }
    let mut anna = Person::registering();
    assert_eq!(anna.hear(":irc 439 * :Please wait while we process your connection\r\n"), []);
    let out = anna.hear("ERROR :Connection refused, too many connections from your IP address\r\n");
    let why = "Connection refused, too many connections from your IP address".into();
    let gone = told(Event::Gone(Some(String::clone(&why))));
    let throttled = told(Event::Throttled { why, retry_after: None });
    assert_eq!(out, [throttled, gone, Output::Close(STREAM)]);
    assert_eq!(anna.feed(Input::Closed(STREAM, None)), [], "once is enough");
}

#[test]
fn a_room_is_refused_or_throttled() {
    let asking = || {
        let mut anna = Person::up();
        anna.act(Act::Enter { room: "lobby".into() });
        anna
    };
    for number in ["403", "471", "473", "474", "475", "477"] {
        let line = format!(":irc {number} anna #lobby :No\r\n");
        assert_eq!(asking().hear(&line), [refused("No")]);
        assert_eq!(Person::in_room().hear(&line), [], "{number}");
    }
    let throttled = told(Event::Throttled { why: "No".into(), retry_after: None });
    for line in ["405 anna #lobby :No", "437 anna #lobby :No", "480 anna #lobby :No", "263 anna JOIN :No"] {
        assert_eq!(asking().hear(&format!(":irc {line}\r\n")), [throttled.clone(), refused("No")], "{line}");
    }
    for line in ["263 anna LIST :No", "439 anna bert :No", "707 anna bert :No"] {
        assert_eq!(asking().hear(&format!(":irc {line}\r\n")), std::slice::from_ref(&throttled), "{line}");
    }
    let kick = Person::in_room().hear(":bert!b@h KICK #lobby anna :Enough\r\n");
    assert_eq!(kick, [refused("Enough")]);
}

#[test]
fn a_server_ends_a_connection() {
    let ends = |line: &str| Person::up().hear(line);
    let gone = |why: &str| told(Event::Gone(Some(why.into())));
    assert_eq!(ends("ERROR :Server going down\r\n"), [gone("Server going down"), Output::Close(STREAM)]);
    assert_eq!(ends("ERROR\r\n"), [told(Event::Gone(None)), Output::Close(STREAM)]);
    let killed = ends("ERROR :Closing Link: anna (Killed (x))\r\n");
    assert_eq!(
        killed,
        [
            refused("Closing Link: anna (Killed (x))"),
            gone("Closing Link: anna (Killed (x))"),
            Output::Close(STREAM)
        ],
        "who was there is gone"
    );
    let flood = ends("ERROR :Excess Flood\r\nPING 1\r\n");
    let throttled = told(Event::Throttled { why: "Excess Flood".into(), retry_after: None });
    assert_eq!(flood, [throttled, gone("Excess Flood"), Output::Close(STREAM)]);
    assert_eq!(Person::up().feed(Input::Closed(STREAM, None)), [told(Event::Gone(None))]);
    assert_eq!(
        Person::registering().feed(Input::Closed(STREAM, None)),
        [told(Event::Gone(None))],
        "in the middle of a login"
    );
    assert_eq!(
        Person::opening().feed(Input::Closed(STREAM, None)),
        [told(Event::Gone(None))],
        "which came to nothing"
    );
}
