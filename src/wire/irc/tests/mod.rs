//! Whole connections: what a server sends, and what comes of it.

mod hostile;
mod refusals;

use super::super::messenger::{Act, Event};
use super::super::{Codec, Input, Output, Transport, http};
use super::{Irc, Login, endpoint};
use crate::base::time::{RealMoment, RealSpan};

const STREAM: Transport = Transport(0);

/// One person, and what the time is.
struct Person {
    irc: Irc,
    now: RealMoment,
}

impl Person {
    /// Whose transport is being opened.
    fn opening() -> Self {
        let login = Login { nickname: "anna".into(), password: None };
        let mut person =
            Self { irc: Irc::new(login), now: RealMoment::ZERO + RealSpan::from_whole_secs(100) };
        assert_eq!(person.act(Act::Connect), [Output::Open(STREAM, http::Opening::default())]);
        person
    }

    /// Who has sent the greeting.
    fn registering() -> Self {
        let mut person = Self::opening();
        let greeting = person.feed(Input::Opened(STREAM));
        assert_eq!(greeting, [said("CAP LS 302\r\nNICK anna\r\nUSER causerie 0 * :causerie\r\n")]);
        person
    }

    /// Who is logged in where nothing but RFC 2812 is known.
    fn up() -> Self {
        let mut person = Self::registering();
        let welcome =
            person.hear(":irc 421 * CAP :Unknown command\r\n:irc 001 anna :Hi\r\n:irc 376 anna :End\r\n");
        assert_eq!(welcome, [told(Event::Welcome { address: "anna".into(), typing: false })]);
        person
    }

    /// Likewise where all of IRCv3 is.
    fn up_with_abilities() -> Self {
        let mut person = Self::registering();
        let wanted = person
            .hear(":irc CAP * LS * :multi-prefix echo-message\r\n:irc CAP * LS :message-tags=x sasl\r\n");
        assert_eq!(wanted, [said("CAP REQ :echo-message message-tags\r\n")]);
        assert_eq!(person.hear(":irc CAP * ACK :echo-message message-tags \r\n"), [said("CAP END\r\n")]);
        assert_eq!(person.hear(":irc 001 anna :Hi\r\n:irc 422 anna :No message\r\n").len(), 1);
        person
    }

    /// Who is in a room with two others.
    fn in_room() -> Self {
        let mut person = Self::up();
        assert_eq!(person.act(Act::Enter { room: "lobby".into() }), [said("JOIN #lobby\r\n")]);
        let list = ":anna!~a@h JOIN :#lobby\r\n:irc 353 anna = #lobby :anna @bert carla\r\n:irc 366 anna #lobby :End\r\n";
        assert_eq!(person.hear(list), [told(Event::Entered { others: 2 })]);
        person
    }

    fn feed(&mut self, input: Input<'_, Act>) -> Vec<Output<Event>> {
        let mut out = Vec::new();
        self.irc.handle(self.now, input, &mut out);
        out
    }

    fn hear(&mut self, lines: &str) -> Vec<Output<Event>> {
        self.feed(Input::Bytes(STREAM, lines.as_bytes()))
    }

    #[expect(clippy::needless_pass_by_value, reason = "scripts read better without")]
    fn act(&mut self, act: Act) -> Vec<Output<Event>> {
        self.feed(Input::Act(&act))
    }

    fn tell(&mut self, peer: &str, text: &str) -> Vec<Output<Event>> {
        self.act(Act::Tell { peer: peer.into(), text: text.into() })
    }

    fn wait(&mut self, secs: f64) {
        self.now = self.now + RealSpan::from_secs(secs);
    }
}

fn said(lines: &str) -> Output<Event> {
    Output::Send(STREAM, lines.into())
}

fn told(event: Event) -> Output<Event> {
    Output::Event(event)
}

fn told_by(peer: &str, text: &str) -> Output<Event> {
    told(Event::Told { peer: peer.into(), text: text.into() })
}

#[test]
fn two_people_talk() {
    let mut anna = Person::up();
    assert_eq!(anna.tell("bert", ":) hello"), [said("PRIVMSG bert ::) hello\r\nPING 1\r\n")]);
    assert_eq!(anna.hear(":bert!~b@h PRIVMSG anna :hi there\r\n"), [told_by("bert", "hi there")]);
    assert_eq!(anna.hear(":bert!~b@h PRIVMSG Anna :\u{1}ACTION waves\u{1}\r\n"), [told_by("bert", "waves")]);
    for other in [
        ":bert!~b@h NOTICE anna :automatic",
        ":bert!~b@h PRIVMSG anna :\u{1}VERSION\u{1}",
        ":bert!~b@h PRIVMSG #elsewhere :hi",
        ":bert!~b@h PRIVMSG carla :hi",
        ":anna!~b@h PRIVMSG anna :from myself",
        "PRIVMSG anna :from nobody",
    ] {
        assert_eq!(anna.hear(&format!("{other}\r\n")), [], "{other}");
    }
    let sent = anna.now;
    assert_eq!(anna.hear(":irc PONG irc :1\r\n"), [told(Event::TakenIn { sent })]);
    assert_eq!(anna.hear("PING :irc.example\r\n"), [said("PONG :irc.example\r\n")]);
    anna.wait(1.0);
    let sent = anna.now;
    assert_eq!(anna.tell("bert", "bye"), [said("PRIVMSG bert :bye\r\nPING 2\r\n")]);
    assert_eq!(anna.act(Act::Disconnect), [said("QUIT\r\n"), Output::Close(STREAM)]);
    assert_eq!(anna.hear(":irc PONG irc :2\r\n"), [told(Event::TakenIn { sent })]);
    assert_eq!(anna.hear(":bert!~b@h PRIVMSG anna :late\r\n:irc ERROR :bye\r\n"), [told_by("bert", "late")]);
    assert_eq!(anna.feed(Input::Closed(STREAM, None)), [], "we asked for that");
    assert_eq!(anna.act(Act::Connect).len(), 1);
}

#[test]
fn a_visit_to_a_room() {
    let mut anna = Person::in_room();
    let post = anna.act(Act::Post { text: "hello all".into() });
    assert_eq!(post, [said("PRIVMSG #lobby :hello all\r\nPING 1\r\n")]);
    let posted = anna.hear(":bert!~b@h PRIVMSG #Lobby :hello anna\r\n");
    assert_eq!(posted, [told(Event::Posted { text: "hello anna".into() })]);
    assert_eq!(anna.hear(":dora!~d@h JOIN #lobby\r\n"), [told(Event::Joined)]);
    assert_eq!(anna.hear(":dora!~d@h QUIT :bye\r\n"), [told(Event::Parted)]);
    let failed = |why: &str| [told(Event::Failed { why: why.into() })];
    assert_eq!(anna.hear(":irc 404 anna #lobby :Cannot send (+m)\r\n"), failed("Cannot send (+m)"));
    assert_eq!(anna.hear(":irc 401 anna bert :No such nick\r\n"), failed("No such nick"));
    let flood = anna.hear(":irc 404 anna #lobby :Message throttled, wait 3 seconds\r\n");
    let retry_after = Some(RealSpan::from_whole_secs(3));
    let why = "Message throttled, wait 3 seconds".into();
    assert_eq!(flood, [told(Event::Throttled { why, retry_after })]);
    assert_eq!(anna.act(Act::Leave), [said("PART #lobby\r\n")]);
    assert_eq!(anna.act(Act::Post { text: "too late".into() }), []);
    assert_eq!(anna.hear(":bert!~b@h PRIVMSG #lobby :bye\r\n:anna!~a@h PART #lobby\r\n"), []);
    assert_eq!(anna.act(Act::Enter { room: "a b".into() }), [said("JOIN #a-b\r\n")]);
    let next = anna.act(Act::Enter { room: "lobby".into() });
    assert_eq!(next, [said("PART #a-b\r\n"), said("JOIN #lobby\r\n")]);
}

#[test]
fn what_the_server_makes_of_names_counts() {
    let mut anna = Person::registering();
    let supported = "005 annalong CASEMAPPING=ascii CHANNELLEN=20 :are supported";
    let welcome =
        anna.hear(&format!(":irc 001 annalong :Hi\r\n:irc {supported}\r\n:irc 376 annalong :End\r\n"));
    assert_eq!(welcome, [told(Event::Welcome { address: "annalong".into(), typing: false })]);
    assert_eq!(anna.hear(":b PRIVMSG anna :no\r\n:b PRIVMSG ANNALONG :yes\r\n"), [told_by("b", "yes")]);
    assert_eq!(
        anna.hear(":annalong!a@h NICK :x[1]\r\n:b PRIVMSG x{1} :no\r\n:b PRIVMSG X[1] :yes\r\n").len(),
        1
    );
    let entering = anna.act(Act::Enter { room: "x".repeat(40) });
    assert!(
        matches!(&entering[..], [Output::Send(_, line)] if line.len() == "JOIN \r\n".len() + 20),
        "{entering:?}"
    );
}

#[test]
fn where_more_is_offered_it_is_used() {
    let mut anna = Person::up_with_abilities();
    let sent = anna.now;
    let compose = Act::Compose { peer: "bert".into() };
    assert_eq!(anna.act(compose.clone()), [said("@+typing=active TAGMSG bert\r\n")]);
    assert_eq!(anna.act(compose.clone()), [], "not again within three seconds");
    assert_eq!(anna.tell("bert", "hello"), [said("PRIVMSG bert :hello\r\n")]);
    anna.wait(3.0);
    assert_eq!(anna.act(compose.clone()).len(), 1);
    assert_eq!(
        anna.hear("@+typing=active;time=x :bert!b@h TAGMSG anna\r\n"),
        [told(Event::Typing { peer: "bert".into() })]
    );
    for other in [
        "@+typing=done :bert TAGMSG anna",
        ":bert TAGMSG anna",
        "@+typing=active :anna TAGMSG anna",
        "TAGMSG",
    ] {
        assert_eq!(anna.hear(&format!("{other}\r\n")), [], "{other}");
    }
    assert_eq!(anna.hear("@time=x :anna!a@h PRIVMSG Bert :hello\r\n"), [told(Event::TakenIn { sent })]);
    assert_eq!(anna.hear(":irc CAP anna DEL :echo-message message-tags\r\n"), []);
    assert_eq!(anna.tell("bert", "you"), [said("PRIVMSG bert :you\r\nPING 1\r\n")]);
    anna.wait(3.0);
    assert_eq!(anna.act(compose), []);
}

#[test]
fn nothing_is_asked_for_that_is_not_offered() {
    let mut anna = Person::registering();
    assert_eq!(anna.hear(":irc CAP * LS :multi-prefix\r\n"), [said("CAP END\r\n")]);
    let mut anna = Person::registering();
    assert_eq!(anna.hear(":irc CAP * LS :server-time\r\n"), [said("CAP REQ :server-time\r\n")]);
    assert_eq!(anna.hear(":irc CAP * NAK :server-time\r\n"), [said("CAP END\r\n")]);
}

#[test]
fn how_long_lines_lie_is_asked_once_a_second() {
    let mut anna = Person::up();
    let first = anna.now;
    anna.tell("bert", "one");
    anna.wait(0.4);
    assert_eq!(anna.tell("bert", "two"), [said("PRIVMSG bert :two\r\n")]);
    assert_eq!(anna.irc.next_deadline(), None, "a question is out");
    assert_eq!(anna.hear(":irc PONG irc :1\r\n"), [told(Event::TakenIn { sent: first })]);
    let next = anna.irc.next_deadline().unwrap();
    assert_eq!(next.since(first), RealSpan::from_whole_secs(1));
    assert_eq!(anna.feed(Input::Tick), [], "not yet");
    anna.now = next;
    assert_eq!(anna.feed(Input::Tick), [said("PING 2\r\n")]);
    assert_eq!(anna.irc.next_deadline(), None);
    anna.tell("bert", "three");
    anna.wait(5.0);
    let late = anna.hear(":irc PONG irc :2\r\n");
    assert_eq!(late, [told(Event::TakenIn { sent: next }), said("PING 3\r\n")]);
    for other in ["PONG", "PONG x", ":irc PONG irc :2", ":irc PONG irc :99999999999999999999"] {
        assert_eq!(anna.hear(&format!("{other}\r\n")), [], "{other}");
    }
}

#[test]
fn a_long_text_arrives_as_one_and_fits_into_what_the_server_makes_of_it() {
    let (mut anna, mut bert) = (Person::in_room(), Person::in_room());
    let text = "Some words, and a few more … ".repeat(100);
    for (act, prefix, event) in [
        (Act::Post { text: text.clone() }, ":carla!~causerie@", told(Event::Posted { text: text.clone() })),
        (Act::Tell { peer: "anna".into(), text: text.clone() }, ":carla!~causerie@", told_by("carla", &text)),
    ] {
        let [Output::Send(_, lines)] = &anna.act(act)[..] else { panic!() };
        let mut heard = Vec::new();
        for line in lines.split_terminator("\r\n").filter(|line| line.starts_with("PRIVMSG")) {
            let line = format!("{prefix}{} {line}\r\n", "h".repeat(63));
            assert!(line.len() <= 513, "carla is one letter longer than anna");
            heard.extend(bert.hear(&line));
        }
        assert_eq!(heard, [event]);
    }
}

#[test]
fn a_url_has_a_port() {
    for (url, full) in [
        ("irc://irc.example", "irc://irc.example:6667"),
        ("ircs://irc.example/", "ircs://irc.example:6697"),
        ("irc://127.0.0.1:16667", "irc://127.0.0.1:16667"),
        ("ircs://[::1]", "ircs://[::1]:6697"),
        ("ircs://[::1]:7", "ircs://[::1]:7"),
    ] {
        assert_eq!(endpoint(url).unwrap().url, full);
    }
    assert_eq!((endpoint("ws://x"), endpoint("irc://"), endpoint("irc")), (None, None, None));
}

#[test]
fn a_password_is_not_shown() {
    let login = Login { nickname: "anna".into(), password: Some("secret".into()) };
    assert!(!format!("{login:?}").contains("secret"));
    assert!(!format!("{:?}", Irc::new(login)).contains("secret"));
}
