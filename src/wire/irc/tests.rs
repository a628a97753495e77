//! Whole connections: what a server sends, and what comes of it.

use super::super::messenger::{Act, Event};
use super::super::{Codec, Input, Output, Transport, http};
use super::reader::LONGEST;
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

fn refused(why: &str) -> Output<Event> {
    told(Event::Refused { why: why.into() })
}

/// What went wrong with a connection that was given up; anything else fails.
fn broken(out: &[Output<Event>]) -> &str {
    match out {
        [Output::Event(Event::Broken { why }), Output::Close(STREAM)] => why,
        other => panic!("{other:?}"),
    }
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
        ":irc 401 anna bert :No such nick",
    ] {
        assert_eq!(anna.hear(&format!("{other}\r\n")), [], "{other}");
    }
    let sent = anna.now;
    assert_eq!(anna.hear(":irc PONG irc :1\r\n"), [told(Event::TakenIn { sent })]);
    assert_eq!(anna.hear("PING :irc.example\r\n"), [said("PONG :irc.example\r\n")]);
    assert_eq!(anna.act(Act::Disconnect), [said("QUIT\r\n"), Output::Close(STREAM)]);
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
    assert_eq!(anna.hear(":irc 404 anna #lobby :Cannot send (+m)\r\n"), [refused("Cannot send (+m)")]);
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
fn a_password_and_names_that_are_taken() {
    let login = Login { nickname: "v00000012".into(), password: Some("a b\r\nQUIT".into()) };
    let mut person = Person { irc: Irc::new(login), now: RealMoment::ZERO };
    person.act(Act::Connect);
    let greeting = person.feed(Input::Opened(STREAM));
    assert!(
        matches!(&greeting[..], [Output::Send(_, lines)] if lines.contains("\r\nPASS :a b  QUIT\r\nNICK v00000012\r\n"))
    );
    for other in ["_00000012", "^00000012", "`00000012", "|00000012"] {
        assert_eq!(person.hear(":irc 433 * x :In use\r\n"), [said(&format!("NICK {other}\r\n"))]);
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
    let throttled = told(Event::Throttled { why, retry_after: None });
    assert_eq!(out, [throttled, told(Event::Gone), Output::Close(STREAM)]);
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
    assert_eq!(asking().hear(":irc 263 anna LIST :No\r\n"), [throttled.clone()]);
    assert_eq!(Person::up().hear(":irc 439 anna bert :No\r\n"), [throttled]);
    let kick = Person::in_room().hear(":bert!b@h KICK #lobby anna :Enough\r\n");
    assert_eq!(kick, [refused("Enough")]);
}

#[test]
fn a_server_ends_a_connection() {
    let ends = |line: &str| Person::up().hear(line);
    assert_eq!(ends("ERROR :Server going down\r\n"), [told(Event::Gone), Output::Close(STREAM)]);
    assert_eq!(ends("ERROR\r\n"), [told(Event::Gone), Output::Close(STREAM)]);
    let killed = ends("ERROR :Closing Link: anna (Killed (x))\r\n");
    assert_eq!(killed, [refused("Closing Link: anna (Killed (x))"), Output::Close(STREAM)]);
    let flood = ends("ERROR :Excess Flood\r\nPING 1\r\n");
    let throttled = told(Event::Throttled { why: "Excess Flood".into(), retry_after: None });
    assert_eq!(flood, [throttled, told(Event::Gone), Output::Close(STREAM)]);
    assert_eq!(Person::up().feed(Input::Closed(STREAM, None)), [told(Event::Gone)]);
    assert_eq!(
        Person::registering().feed(Input::Closed(STREAM, None)),
        [told(Event::Gone)],
        "in the middle of a login"
    );
    assert_eq!(
        Person::opening().feed(Input::Closed(STREAM, None)),
        [told(Event::Gone)],
        "which came to nothing"
    );
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
fn nothing_said_breaks_out_of_its_line() {
    let mut anna = Person::up();
    let lines = |out: &[Output<Event>]| match out {
        [Output::Send(_, lines)] => lines.lines().map(str::to_owned).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(lines(&anna.tell("bert", "a\r\nQUIT\r\n\0:x")), ["PRIVMSG bert :a  QUIT   :x", "PING 1"]);
    assert_eq!(lines(&anna.tell("bert", "")), ["PRIVMSG bert :\u{2060}"]);
    for nobody in ["", "a b", "a,b", "#lobby", ":a", "a\r\nQUIT", &"x".repeat(300)] {
        assert_eq!(anna.tell(nobody, "hi"), [], "{nobody:?}");
        assert_eq!(anna.act(Act::Compose { peer: nobody.into() }), []);
    }
    assert_eq!(lines(&anna.act(Act::Enter { room: "a\r\nQUIT".into() })), ["JOIN #a--QUIT"]);
}

#[test]
fn bytes_cut_anywhere_are_the_same_bytes() {
    let script = [
        ":irc CAP * LS :echo-message message-tags\r\n:irc CAP * ACK :message-tags\r\n:irc 001 anna :Hällo\r\n:irc 376 anna :End\r\n",
        "@time=x :anna!a@h JOIN #lobby\r\n:irc 353 anna = #lobby :@bert anna\r\n:irc 366 anna #lobby :End\r\n",
        ":bert!b@h PRIVMSG #lobby :one …\u{2060}\r\nPING :x\r\n:bert!b@h PRIVMSG #lobby :two\n:bert PRIVMSG anna :…\r\n",
        "@+typing=active :bert TAGMSG anna\r\n:bert!b@h QUIT\r\n\r\nERROR :Excess Flood\r\n",
    ];
    let post = Act::Post { text: "hello".into() };
    let acts = [Act::Enter { room: "lobby".into() }, post.clone(), post, Act::Leave];
    let play = |cut: &dyn Fn(&[u8]) -> Vec<Vec<u8>>| {
        let mut anna = Person::registering();
        let mut out = Vec::new();
        for (bytes, act) in script.into_iter().zip(acts.clone()) {
            for piece in cut(bytes.as_bytes()) {
                out.extend(anna.feed(Input::Bytes(STREAM, &piece)));
            }
            out.extend(anna.act(act));
        }
        out
    };
    let whole = play(&|bytes| vec![bytes.to_vec()]);
    assert!(whole.contains(&told(Event::Posted { text: "one two".into() })), "{whole:#?}");
    assert_eq!(whole.len(), 15, "{whole:#?}");
    assert_eq!(play(&|bytes| bytes.iter().map(|byte| vec![*byte]).collect()), whole);
    for at in 0..script.iter().map(|bytes| bytes.len()).max().unwrap() {
        let halves = play(&|bytes| {
            let (first, second) = bytes.split_at(at.min(bytes.len()));
            vec![first.to_vec(), second.to_vec()]
        });
        assert_eq!(halves, whole, "cut at {at}");
    }
}

#[test]
fn a_silent_server_is_left_at_the_deadline() {
    let mut anna = Person::registering();
    anna.hear("PING :still here\r\n:irc NOTICE * :Looking up your hostname\r\n");
    let deadline = anna.irc.next_deadline().unwrap();
    assert_eq!(deadline.since(anna.now), RealSpan::from_whole_secs(10));
    assert_eq!(anna.feed(Input::Tick), [], "not yet");
    anna.now = deadline;
    assert!(broken(&anna.feed(Input::Tick)).contains("welcome"));
    assert_eq!((anna.irc.next_deadline(), anna.hear(":irc 001 anna :Hi\r\n")), (None, vec![]));
}

#[test]
fn a_line_without_an_end_breaks_the_connection() {
    for mut anna in [Person::registering(), Person::up()] {
        for _ in 0..LONGEST / 100 {
            assert_eq!(anna.hear(&"x".repeat(100)), []);
        }
        assert!(broken(&anna.hear(&"x".repeat(100))).contains("bytes"));
        assert_eq!(anna.hear("\r\nPING x\r\n"), []);
    }
}

#[test]
fn names_that_are_not_utf8_are_nobodys_and_texts_are_read_as_far_as_they_go() {
    let mut anna = Person::in_room();
    let mut hear = |bytes: &[u8]| anna.feed(Input::Bytes(STREAM, bytes));
    assert_eq!(hear(b":bert!b@h PRIVMSG anna :caf\xE9\r\n"), [told_by("bert", "caf\u{FFFD}")]);
    assert_eq!(hear(b":b\xE9rt!b@h PRIVMSG anna :hi\r\n"), []);
    assert_eq!(hear(b":b\xE9rt!b@h PRIVMSG #lobby :hi\r\n"), [told(Event::Posted { text: "hi".into() })]);
    assert_eq!(hear(b":b\xE9rt!b@h JOIN #lobby\r\n"), [told(Event::Joined)]);
    assert_eq!(hear(b":x PRIV\xE9MSG anna :hi\r\n"), []);
    assert_eq!(hear(b":x\0y!b@h PRIVMSG anna :hi\r\n:b\x07 PRIVMSG anna :hi\r\n"), []);
    let mut anna = Person::registering();
    let out = anna.feed(Input::Bytes(STREAM, b":irc 001 ann\xE4 :Hi\r\n"));
    assert!(broken(&out).contains("nickname"));
}

#[test]
fn lines_with_nothing_in_them_are_nothing() {
    let commands = [
        "CAP",
        "CAP *",
        "CAP * LS",
        "CAP * ACK",
        "PING",
        "005",
        "376",
        "353",
        "353 a",
        "366",
        "JOIN",
        "PART",
        "QUIT",
        "KICK",
        "KICK #lobby",
        "NICK",
        "PRIVMSG",
        "PRIVMSG anna",
        "TAGMSG",
        "404",
        "404 x",
        "471",
        "437",
        "401",
        "999",
        "\u{1}",
    ];
    for make in [Person::registering, Person::up, Person::in_room] {
        for source in ["", ":", ":anna ", ":irc ", ":! ", "@ ", "@; :", "@+typing=active :irc "] {
            for command in commands {
                let mut person = make();
                let out = person.hear(&format!("{source}{command}\r\n"));
                assert!(out.len() <= 2, "{source}{command}: {out:?}");
            }
        }
    }
    assert!(broken(&Person::registering().hear("001\r\n")).contains("nickname"));
    let long = "x".repeat(300);
    assert!(broken(&Person::registering().hear(&format!("001 {long} :Hi\r\n"))).contains("nickname"));
}

#[test]
fn what_comes_before_and_after_a_connection_is_nothing() {
    let mut anna = Person::opening();
    assert_eq!(anna.hear(":irc 001 anna :Hi\r\n"), []);
    assert_eq!(anna.tell("bert", "hi"), []);
    assert_eq!(anna.act(Act::Disconnect), [Output::Close(STREAM)]);
    assert_eq!((anna.feed(Input::Opened(STREAM)), anna.feed(Input::Tick)), (vec![], vec![]));
    let mut anna = Person::up();
    assert_eq!((anna.act(Act::Connect), anna.act(Act::Meet { peer: "b".into() })), (vec![], vec![]));
    assert_eq!((anna.act(Act::Leave), anna.act(Act::Post { text: "x".into() })), (vec![], vec![]));
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
