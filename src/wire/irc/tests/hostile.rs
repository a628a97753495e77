//! Servers that mean ill, or are broken.

use super::super::super::messenger::{Act, Event};
use super::super::super::{Codec, Input, Output};
use super::super::reader::LONGEST;
use super::{Person, STREAM, told, told_by};
use crate::base::time::RealSpan;

/// What went wrong with a connection that was given up; anything else fails.
fn broken(out: &[Output<Event>]) -> &str {
    match out {
        [Output::Event(Event::Broken { why }), Output::Close(STREAM)] => why,
        other => panic!("{other:?}"),
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
    assert_eq!(whole.len(), 16, "{whole:#?}");
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
fn who_is_never_let_in_is_told_so() {
    for heard in ["", ":anna!a@h JOIN #lobby\r\n:irc 353 anna = #lobby :anna\r\n"] {
        let mut anna = Person::up();
        anna.act(Act::Enter { room: "lobby".into() });
        anna.hear(heard);
        let deadline = anna.irc.next_deadline().unwrap();
        assert_eq!(deadline.since(anna.now), RealSpan::from_whole_secs(10));
        assert_eq!(anna.feed(Input::Tick), [], "not yet");
        anna.now = deadline;
        let why = "not let in within 10 s".to_owned();
        let goodbye = Output::Send(STREAM, "PART #lobby\r\n".into());
        assert_eq!(anna.feed(Input::Tick), [told(Event::Refused { why }), goodbye]);
        assert_eq!(anna.irc.next_deadline(), None);
        assert_eq!(anna.hear(":irc 366 anna #lobby :End\r\n"), [], "and too late is too late");
    }
    assert_eq!(Person::in_room().irc.next_deadline(), None);
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
fn nothing_grows_without_a_bound() {
    let long = "x".repeat(400);
    let templates = [
        format!(":v%!v@h PRIVMSG #lobby :{long}…\u{2060}"),
        format!(":v%!v@h PRIVMSG anna :{long}…\u{2060}"),
        format!(":{long}%!v@h PRIVMSG #lobby :x…\u{2060}"),
        format!(":{}%!v@h PRIVMSG #lobby :x…\u{2060}", "x".repeat(190)),
        ":anna PRIVMSG bert :%".into(),
        ":v%!v@h JOIN #lobby".into(),
        format!(":irc 353 anna = #lobby :% {long}"),
        format!(":irc CAP anna LS * :cap% {long}"),
        format!(":irc 005 anna KEY%={long} :are supported"),
        format!("PING :% {long}"),
        ":irc 433 * % :In use".into(),
        "@+typing=active :v% TAGMSG anna".into(),
    ];
    for make in [Person::registering, Person::up_with_abilities, Person::in_room] {
        for template in &templates {
            let mut anna = make();
            for number in 0..1_000 {
                anna.hear(&format!("{}\r\n", template.replace('%', &number.to_string())));
                anna.tell(&format!("peer{number}"), "hello");
                anna.act(Act::Compose { peer: format!("peer{number}") });
            }
            // What is shown of it is some times what there is: five bytes for one of a name.
            let shown = format!("{:?}", anna.irc).len();
            assert!(shown < 200 * 1024, "{template}: {shown}");
        }
    }
}
