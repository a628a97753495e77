//! A messenger that says what it is told to, and what those beside it make of that.

mod hostile;

use super::super::json::client::Client;
use super::super::json::frame::Role;
use super::super::messenger;
use super::super::token::{Part, RunId, Token};
use super::super::{
    Act, ChatId, Codec, Duty, Event, Input, MessageId, Opening, Output, Subject, Transport, http,
};
use super::agent::Agent;
use super::guest::Guest;
use super::pair::DESK;
use super::visitor::Visitor;
use super::{Queue, closing};
use crate::base::id::{PopulationId, VisitId};
use crate::base::time::{RealMoment, RealSpan};
use crate::base::words::{Channel, Closing, Progress};
use crate::scenario::plan::rooms::{ModerationMode, Rules};

const T0: RealMoment = RealMoment::ZERO;
const CHAT: Transport = Transport(0);

/// Sends every act as a frame, and tells the event that it is next to tell.
#[derive(Debug, Default)]
struct Fake;

thread_local! {
    static NEXT: std::cell::RefCell<Option<messenger::Event>> = const { std::cell::RefCell::new(None) };
}

impl Codec for Fake {
    type Act = messenger::Act;
    type Event = messenger::Event;

    fn handle(
        &mut self,
        _: RealMoment,
        input: Input<'_, messenger::Act>,
        out: &mut Vec<Output<messenger::Event>>,
    ) {
        match input {
            Input::Act(messenger::Act::Connect) => out.push(Output::Open(CHAT, http::Opening::default())),
            Input::Act(act) => out.push(Output::Send(CHAT, format!("{act:?}"))),
            Input::Frame(..) => out.extend(NEXT.take().map(Output::Event)),
            Input::Closed(..) => out.push(Output::Event(messenger::Event::Gone(None))),
            _ => {}
        }
    }

    fn next_deadline(&self) -> Option<RealMoment> {
        None
    }
}

type Voice = dyn Codec<Act = Act, Event = Event>;

fn feed(voice: &mut Voice, input: Input<'_>) -> Vec<Output> {
    let mut out = Vec::new();
    voice.handle(T0, input, &mut out);
    out
}

fn act(voice: &mut Voice, act: &Act) -> Vec<Output> {
    feed(voice, Input::Act(act))
}

/// The messenger tells this.
fn talk(voice: &mut Voice, event: messenger::Event) -> Vec<Output> {
    NEXT.set(Some(event));
    feed(voice, Input::Frame(CHAT, ""))
}

/// The desk says this.
fn desk(voice: &mut Voice, frame: &str) -> Vec<Output> {
    feed(voice, Input::Frame(DESK, frame))
}

fn said(act: &messenger::Act) -> Output {
    Output::Send(CHAT, format!("{act:?}"))
}

fn tell(peer: &str, text: &str) -> Output {
    said(&messenger::Act::Tell { peer: peer.into(), text: text.into() })
}

fn told(peer: &str, text: &str) -> messenger::Event {
    messenger::Event::Told { peer: peer.into(), text: text.into() }
}

fn client(role: Role) -> Option<Client> {
    Some(Client::new(role, 60.0, RunId::new(5)))
}

/// Connected: to the messenger first, then, with the address that it gave, to the desk.
fn up(voice: &mut Voice, typing: bool) {
    assert_eq!(act(voice, &Act::Connect), [Output::Open(CHAT, http::Opening::default())]);
    let welcome = talk(voice, messenger::Event::Welcome { address: "me".into(), typing });
    assert_eq!(welcome, [Output::Open(DESK, http::Opening::default())]);
    let hello = feed(voice, Input::Opened(DESK));
    assert!(
        matches!(&hello[..], [Output::Send(DESK, text)] if text.contains(r#""address":"me""#)),
        "{hello:?}"
    );
    let welcome = desk(voice, r#"{"type":"welcome","v":1,"speed":60}"#);
    assert_eq!(welcome, [Output::Event(Event::Welcome { resumed: false })]);
}

fn opening(channel: Channel) -> Act {
    let token = token().encode();
    Act::Open(Opening { desk: "support".into(), subject: Subject::default(), channel, token })
}

fn token() -> Token {
    let visit = VisitId { population: PopulationId(0), index: 3, attempt: 0 };
    Token { run: RunId::new(5), visit, part: Part::Opening(Progress::NONE), intended: T0 }
}

fn say(text: &str) -> Act {
    Act::Say { text: text.into() }
}

const ASSIGNED: &str = r#"{"type":"assigned","chat":9,"agent":0,"address":"ada"}"#;

#[test]
fn a_visitor_asks_the_desk_and_talks_over_the_server() {
    let mut visitor = Visitor::new(Box::new(Fake), client(Role::Visitor), Queue::Testbed);
    up(&mut visitor, true);
    assert!(matches!(&act(&mut visitor, &opening(Channel::Chat))[..], [Output::Send(DESK, _)]));
    assert_eq!(act(&mut visitor, &say("early")), [], "nobody serves yet");
    let assigned = desk(&mut visitor, ASSIGNED);
    let met = Output::Event(Event::Assigned { chat: ChatId(9), address: None });
    assert_eq!(assigned, [met, said(&messenger::Act::Meet { peer: "ada".into() }), tell("ada", "early")]);
    assert_eq!(act(&mut visitor, &say("hi")), [tell("ada", "hi")]);
    assert_eq!(act(&mut visitor, &Act::Type), [said(&messenger::Act::Compose { peer: "ada".into() })]);
    let text = "hello".to_owned();
    assert_eq!(
        talk(&mut visitor, told("ada", "hello")),
        [Output::Event(Event::Said { chat: ChatId(9), text })]
    );
    let left = act(&mut visitor, &Act::Leave);
    assert_eq!(left[0], said(&messenger::Act::Part { peer: "ada".into() }));
    assert!(matches!(&left[1..], [Output::Send(DESK, text)] if text.contains("leave")));
}

#[test]
fn the_last_words_are_waited_for_and_not_for_ever() {
    for came in [true, false] {
        let mut visitor = Visitor::new(Box::new(Fake), client(Role::Visitor), Queue::Testbed);
        up(&mut visitor, true);
        act(&mut visitor, &opening(Channel::Chat));
        desk(&mut visitor, ASSIGNED);
        talk(&mut visitor, told("ada", "one"));
        let closed = r#"{"type":"closed","chat":9,"how":"resolved","said":2}"#;
        assert_eq!(desk(&mut visitor, closed), []);
        let deadline = visitor.next_deadline().unwrap();
        assert!(deadline.since(T0).secs() > 20.0, "late is not lost");
        let mut out = Vec::new();
        if came {
            out.extend(talk(&mut visitor, told("ada", "two")).into_iter().skip(1));
        } else {
            visitor.handle(deadline, Input::Tick, &mut out);
        }
        let over = Event::Closed { chat: ChatId(9), closing: Closing::Resolved, said: Some(2) };
        assert_eq!(out, [said(&messenger::Act::Part { peer: "ada".into() }), Output::Event(over)]);
        assert_eq!(visitor.next_deadline(), None);
    }
}

#[test]
fn calls_are_the_desks_alone_and_so_is_typing_that_the_server_has_no_word_for() {
    let mut visitor = Visitor::new(Box::new(Fake), client(Role::Visitor), Queue::Testbed);
    up(&mut visitor, false);
    act(&mut visitor, &opening(Channel::Chat));
    desk(&mut visitor, ASSIGNED);
    assert!(
        matches!(&act(&mut visitor, &Act::Type)[..], [Output::Send(DESK, text)] if text.contains("typing"))
    );
    act(&mut visitor, &opening(Channel::Call));
    let assigned = desk(&mut visitor, r#"{"type":"assigned","chat":10,"agent":0}"#);
    assert_eq!(assigned, [Output::Event(Event::Assigned { chat: ChatId(10), address: None })]);
    assert!(
        matches!(&act(&mut visitor, &say("hello?"))[..], [Output::Send(DESK, text)] if text.contains("say"))
    );
}

#[test]
fn a_desk_that_gives_no_address_is_of_no_use() {
    let mut visitor = Visitor::new(Box::new(Fake), client(Role::Visitor), Queue::Testbed);
    up(&mut visitor, true);
    act(&mut visitor, &opening(Channel::Chat));
    let out = desk(&mut visitor, r#"{"type":"assigned","chat":9,"agent":0}"#);
    assert!(matches!(&out[..], [Output::Event(Event::Broken { why })] if why.contains("reached")), "{out:?}");
}

#[test]
fn where_either_is_gone_both_are_and_that_is_told_once() {
    for (first, second) in [(CHAT, DESK), (DESK, CHAT)] {
        let mut visitor = Visitor::new(Box::new(Fake), client(Role::Visitor), Queue::Testbed);
        up(&mut visitor, true);
        assert_eq!(feed(&mut visitor, Input::Closed(first, None)), [Output::Event(Event::Gone(None))]);
        assert_eq!(feed(&mut visitor, Input::Closed(second, None)), []);
        up(&mut visitor, true);
    }
}

/// Broken, and connected again with the same address; the desk goes on, or does not.
fn comes_back(voice: &mut Voice, resumed: bool) -> Vec<Output> {
    assert_eq!(feed(voice, Input::Closed(CHAT, None)), [Output::Event(Event::Gone(None))]);
    feed(voice, Input::Closed(DESK, None));
    assert_eq!(voice.next_deadline(), None, "nothing ends while nobody is connected");
    act(voice, &Act::Connect);
    talk(voice, messenger::Event::Welcome { address: "me".into(), typing: true });
    feed(voice, Input::Opened(DESK));
    let heard = if resumed { r#","heard":0"# } else { "" };
    let resume = format!(r#""resume":{{"token":"abc"{heard}}}"#);
    let mut out = desk(voice, &format!(r#"{{"type":"welcome","v":1,"speed":60,{resume}}}"#));
    // What the desk did not hear before the break is told again.
    out.retain(|output| !matches!(output, Output::Send(DESK, _)));
    assert_eq!(out.remove(0), Output::Event(Event::Welcome { resumed }));
    out
}

fn lasting(role: Role) -> Option<Client> {
    client(role).map(Client::resumable)
}

/// The same as [`up`], of those who reconnect.
fn up_for_long(voice: &mut Voice) {
    act(voice, &Act::Connect);
    talk(voice, messenger::Event::Welcome { address: "me".into(), typing: true });
    feed(voice, Input::Opened(DESK));
    desk(voice, r#"{"type":"welcome","v":1,"speed":60,"resume":{"token":"abc"}}"#);
}

#[test]
fn a_visitor_who_comes_back_goes_on_where_the_desk_does() {
    let meet = said(&messenger::Act::Meet { peer: "agent".into() });
    for resumed in [true, false] {
        let mut visitor = Visitor::new(Box::new(Fake), lasting(Role::Visitor), Queue::Testbed);
        up_for_long(&mut visitor);
        act(&mut visitor, &opening(Channel::Chat));
        desk(&mut visitor, r#"{"type":"assigned","chat":9,"agent":0,"address":"agent"}"#);
        desk(&mut visitor, r#"{"type":"closed","chat":9,"how":"resolved","said":1}"#);
        let again = comes_back(&mut visitor, resumed);
        assert_eq!(again, if resumed { vec![meet.clone()] } else { vec![] });
        let answer = act(&mut visitor, &say("well?"));
        assert_eq!(answer, if resumed { vec![tell("agent", "well?")] } else { vec![] });
        assert_eq!(visitor.next_deadline().is_some(), resumed, "the last words are waited for again");
    }
}

#[test]
fn who_was_away_does_not_wait_for_long_for_what_may_be_missed() {
    let closed = r#"{"type":"closed","chat":9,"how":"resolved","said":1}"#;
    for is_over in [true, false] {
        let mut visitor = Visitor::new(Box::new(Fake), lasting(Role::Visitor), Queue::Testbed);
        up_for_long(&mut visitor);
        act(&mut visitor, &opening(Channel::Chat));
        desk(&mut visitor, r#"{"type":"assigned","chat":9,"agent":0,"address":"agent"}"#);
        if is_over {
            desk(&mut visitor, closed);
        }
        comes_back(&mut visitor, true);
        if !is_over {
            desk(&mut visitor, closed);
        }
        assert!(visitor.next_deadline().unwrap().since(T0).secs() < 5.0, "{is_over}");
    }
}

#[test]
fn an_agent_who_comes_back_goes_on_where_the_desk_does() {
    for resumed in [true, false] {
        let mut agent = Agent::new(Box::new(Fake), lasting(Role::Agent), None);
        up_for_long(&mut agent);
        for (chat, peer) in [(7, "anna"), (8, "bert")] {
            desk(&mut agent, &given(chat, peer));
        }
        let again = comes_back(&mut agent, resumed);
        let meets = ["anna", "bert"].map(|peer| said(&messenger::Act::Meet { peer: peer.into() }));
        assert_eq!(again, if resumed { meets.to_vec() } else { vec![] });
        let text = talk(&mut agent, told("bert", "well?"));
        assert_eq!(text, if resumed { vec![heard(8, "well?")] } else { vec![] });
    }
}

/// What an agent said while the connection broke may have come to nothing: nobody is to wait for so many words.
#[test]
fn how_much_an_agent_said_is_not_known_after_a_break() {
    let close = Act::Close { chat: ChatId(7), closing: Closing::Resolved, free: true, said: None };
    for was_away in [false, true] {
        let mut agent = Agent::new(Box::new(Fake), lasting(Role::Agent), None);
        up_for_long(&mut agent);
        desk(&mut agent, &given(7, "anna"));
        act(&mut agent, &Act::Answer { chat: ChatId(7), text: "hello".into() });
        if was_away {
            comes_back(&mut agent, true);
        }
        let told = act(&mut agent, &close);
        let Some(Output::Send(DESK, frame)) = told.last() else { panic!("{told:?}") };
        assert_eq!(frame.contains(r#""said":1"#), !was_away, "{frame}");
    }
}

#[test]
fn who_is_turned_away_may_try_again() {
    let refused = messenger::Event::Refused { why: "full".into() };
    let mut visitor = Visitor::new(Box::new(Fake), lasting(Role::Visitor), Queue::Testbed);
    for _ in 0..2 {
        assert_eq!(act(&mut visitor, &Act::Connect), [Output::Open(CHAT, http::Opening::default())]);
        let out = talk(&mut visitor, refused.clone());
        assert_eq!(out, [Output::Event(Event::Refused { why: "full".into() })]);
    }
    act(&mut visitor, &Act::Connect);
    talk(&mut visitor, messenger::Event::Welcome { address: "me".into(), typing: true });
    feed(&mut visitor, Input::Opened(DESK));
    desk(&mut visitor, r#"{"type":"refused","why":"full"}"#);
    assert_eq!(act(&mut visitor, &Act::Connect), [Output::Open(CHAT, http::Opening::default())]);
}

#[test]
fn what_is_said_while_the_desk_is_greeted_is_told_after_that() {
    let mut agent = Agent::new(Box::new(Fake), lasting(Role::Agent), None);
    up_for_long(&mut agent);
    desk(&mut agent, &given(7, "anna"));
    feed(&mut agent, Input::Closed(CHAT, None));
    feed(&mut agent, Input::Closed(DESK, None));
    act(&mut agent, &Act::Connect);
    talk(&mut agent, messenger::Event::Welcome { address: "me".into(), typing: true });
    feed(&mut agent, Input::Opened(DESK));
    assert_eq!(talk(&mut agent, told("anna", "still there?")), []);
    let out = desk(&mut agent, r#"{"type":"welcome","v":1,"speed":60,"resume":{"token":"abc","heard":0}}"#);
    let meet = said(&messenger::Act::Meet { peer: "anna".into() });
    assert_eq!(out, [Output::Event(Event::Welcome { resumed: true }), meet, heard(7, "still there?")]);
}

fn given(chat: u64, address: &str) -> String {
    format!(r#"{{"type":"given","chat":{chat},"token":"t","address":"{address}"}}"#)
}

fn heard(chat: u64, text: &str) -> Output {
    Output::Event(Event::Said { chat: ChatId(chat), text: text.into() })
}

#[test]
fn an_agent_tells_visitors_apart_by_where_they_are() {
    let mut agent = Agent::new(Box::new(Fake), client(Role::Agent), None);
    up(&mut agent, true);
    assert_eq!(talk(&mut agent, told("vic", "before the desk said so")), []);
    let out = desk(&mut agent, &given(1, "vic"));
    let (token, channel) = ("t".to_owned(), Channel::Chat);
    assert_eq!(
        out,
        [
            Output::Event(Event::Given { chat: ChatId(1), token, channel, address: None }),
            said(&messenger::Act::Meet { peer: "vic".into() }),
            heard(1, "before the desk said so"),
        ]
    );
    desk(&mut agent, &given(2, "val"));
    assert_eq!(talk(&mut agent, told("val", "b")), [heard(2, "b")]);
    assert_eq!(talk(&mut agent, told("vic", "a")), [heard(1, "a")]);
    let answer = Act::Answer { chat: ChatId(2), text: "yes".into() };
    assert_eq!(act(&mut agent, &answer), [tell("val", "yes")]);
    let close = Act::Close { chat: ChatId(2), closing: Closing::Resolved, free: true, said: None };
    let out = act(&mut agent, &close);
    assert!(matches!(&out[..], [Output::Send(DESK, text)] if text.contains(r#""said":1"#)), "{out:?}");
    assert_eq!(talk(&mut agent, told("val", "thanks")), [heard(2, "thanks")], "it crossed");
}

#[test]
fn a_call_is_answered_at_the_desk() {
    let mut agent = Agent::new(Box::new(Fake), client(Role::Agent), None);
    up(&mut agent, true);
    let out = desk(&mut agent, r#"{"type":"given","chat":4,"token":"t","channel":"call"}"#);
    assert!(matches!(&out[..], [Output::Event(Event::Given { channel: Channel::Call, .. })]), "{out:?}");
    let answer = Act::Answer { chat: ChatId(4), text: "yes".into() };
    assert!(matches!(&act(&mut agent, &answer)[..], [Output::Send(DESK, _)]));
}

fn duty() -> Duty {
    Duty {
        desk: "support".into(),
        group: String::new(),
        slots: 3,
        skills: Vec::new(),
        paced: false,
        beside: None,
    }
}

#[test]
fn where_the_server_has_the_queue_the_first_words_say_who_it_is() {
    let mut agent = Agent::new(Box::new(Fake), None, Some("support".into()));
    act(&mut agent, &Act::Connect);
    let welcome = talk(&mut agent, messenger::Event::Welcome { address: "me".into(), typing: true });
    assert_eq!(welcome, [Output::Event(Event::Welcome { resumed: false })]);
    assert_eq!(act(&mut agent, &Act::Ready(duty())), [said(&messenger::Act::Ready { slots: 3 })]);
    assert_eq!(talk(&mut agent, messenger::Event::OnDuty), [Output::Event(Event::OnDuty)]);
    assert_eq!(talk(&mut agent, messenger::Event::Given { peer: "42".into() }), []);
    assert_eq!(talk(&mut agent, told("42", "Welcome to our shop!")), [], "who says so is no visitor of ours");
    let out = talk(&mut agent, told("42", &token().encode()));
    let [Output::Event(Event::Given { chat, token: ours, .. })] = &out[..] else { panic!("{out:?}") };
    assert_eq!(*ours, token().encode());
    let chat = *chat;
    assert_eq!(talk(&mut agent, told("42", "hi")), [heard(chat.0, "hi")]);
    let leaves = messenger::Event::Left { peer: "42".into() };
    assert_eq!(talk(&mut agent, leaves.clone()), [Output::Event(Event::Left { chat })]);
    let close = Act::Close { chat, closing: Closing::Escalated, free: false, said: None };
    assert_eq!(act(&mut agent, &close), [tell("42", &closing::written(Closing::Escalated))]);
    assert_eq!(talk(&mut agent, leaves), [], "it is over already");
    let typing = messenger::Event::Typing { peer: "42".into() };
    assert_eq!(talk(&mut agent, typing), []);
    assert_eq!(act(&mut agent, &Act::Free { chat }), [said(&messenger::Act::Part { peer: "42".into() })]);
}

#[test]
fn first_words_may_come_after_their_visitor_has_left() {
    let mut agent = Agent::new(Box::new(Fake), None, Some("support".into()));
    act(&mut agent, &Act::Connect);
    talk(&mut agent, messenger::Event::Welcome { address: "me".into(), typing: true });
    talk(&mut agent, messenger::Event::Given { peer: "42".into() });
    assert_eq!(talk(&mut agent, messenger::Event::Left { peer: "42".into() }), []);
    let out = talk(&mut agent, told("42", &token().encode()));
    let [Output::Event(Event::Given { chat, .. }), Output::Event(Event::Left { chat: left })] = &out[..]
    else {
        panic!("{out:?}")
    };
    assert_eq!(chat, left);
}

#[test]
fn a_visitor_of_a_servers_own_queue_understands_the_last_words() {
    let mut visitor = Visitor::new(Box::new(Fake), None, Queue::Server);
    act(&mut visitor, &Act::Connect);
    talk(&mut visitor, messenger::Event::Welcome { address: "me".into(), typing: true });
    let text = token().encode();
    let open = said(&messenger::Act::Open { topic: String::new(), text });
    assert_eq!(act(&mut visitor, &opening(Channel::Chat)), [open]);
    let queued = talk(&mut visitor, messenger::Event::Queued { waiting: None });
    assert_eq!(queued, [Output::Event(Event::Queued { waiting: 1 })]);
    act(&mut visitor, &say("hi"));
    let out = talk(&mut visitor, messenger::Event::Assigned { peer: "42".into() });
    assert!(matches!(&out[..], [Output::Event(Event::Assigned { .. }), last] if *last == tell("42", "hi")));
    let out = talk(&mut visitor, told("42", &closing::written(Closing::Escalated)));
    let over = Event::Closed { chat: ChatId(0), closing: Closing::Escalated, said: None };
    assert_eq!(out.last(), Some(&Output::Event(over)));
    assert_eq!(talk(&mut visitor, messenger::Event::Closed { peer: "42".into() }), [], "that is known");
}

#[test]
fn a_guest_is_in_company_as_long_as_anybody_is_there() {
    let mut guest = Guest::new(Box::new(Fake), 7);
    act(&mut guest, &Act::Connect);
    talk(&mut guest, messenger::Event::Welcome { address: "me".into(), typing: false });
    let rules = Rules { mode: ModerationMode::None { hidden_after: None }, filter_holds: false, screen: 2 };
    let enter = |room: &str| Act::Enter { room: room.into(), rules };
    assert_eq!(act(&mut guest, &enter("fans")), [said(&messenger::Act::Enter { room: "fans-7".into() })]);
    let entered = talk(&mut guest, messenger::Event::Entered { others: 1 });
    assert_eq!(entered, [Output::Event(Event::Entered { others: 1 })]);
    assert_eq!(talk(&mut guest, messenger::Event::Joined), []);
    assert_eq!(talk(&mut guest, messenger::Event::Parted), []);
    assert_eq!(talk(&mut guest, messenger::Event::Parted), [Output::Event(Event::Alone)]);
    assert_eq!(talk(&mut guest, messenger::Event::Parted), [], "that cannot be");
    assert_eq!(talk(&mut guest, messenger::Event::Joined), [Output::Event(Event::Company)]);
    let mut posted = |text: &str| talk(&mut guest, messenger::Event::Posted { text: text.into() });
    let expected = |number, text: &str, scrolled: Option<u64>| {
        let (message, scrolled) = (MessageId(number), scrolled.map(MessageId));
        [Output::Event(Event::Posted { message, text: text.into(), scrolled })]
    };
    assert_eq!(posted("a"), expected(0, "a", None));
    assert_eq!(posted("b"), expected(1, "b", None));
    assert_eq!(posted("c"), expected(2, "c", Some(0)));
    let own = act(&mut guest, &Act::Post { text: "d".into(), flagged: false });
    let hidden = Output::Event(Event::Hidden { message: MessageId(1) });
    assert_eq!(own, [hidden, said(&messenger::Act::Post { text: "d".into() })]);
    act(&mut guest, &Act::Leave);
    assert_eq!(talk(&mut guest, messenger::Event::Joined), [], "the guest is in no room");
}

#[test]
fn rooms_have_names_that_servers_take_and_that_differ() {
    let mut guest = Guest::new(Box::new(Fake), 7);
    let rules = Rules { mode: ModerationMode::None { hidden_after: None }, filter_holds: false, screen: 2 };
    let mut named = |room: &str| {
        let out = act(&mut guest, &Act::Enter { room: room.into(), rules });
        let [Output::Send(_, text)] = &out[..] else { panic!("{out:?}") };
        text.split('"').nth(1).unwrap().to_owned()
    };
    let names = ["portal/1", "portal-1", "portal_1", &"x".repeat(60), &"x".repeat(61)].map(&mut named);
    for (i, name) in names.iter().enumerate() {
        assert!(name.len() <= 49 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{name}");
        assert!(!names[..i].contains(name), "{names:?}");
    }
}

#[test]
fn what_the_server_has_taken_in_is_passed_on() {
    let mut visitor = Visitor::new(Box::new(Fake), client(Role::Visitor), Queue::Testbed);
    up(&mut visitor, true);
    let sent = T0 + RealSpan::from_whole_secs(1);
    let out = talk(&mut visitor, messenger::Event::TakenIn { sent });
    assert_eq!(out, [Output::Event(Event::TakenIn { said: sent })]);
    let why = "Excess Flood".to_owned();
    let out = talk(&mut visitor, messenger::Event::Throttled { why: why.clone(), retry_after: None });
    assert_eq!(out, [Output::Event(Event::Throttled { why })]);
}
