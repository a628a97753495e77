//! Odoo 19: one operator with one slot, as the scripts of the servers set it up.

use causerie::scenario::plan::dialect::Role;
use causerie::wire::messenger::{Act, Event};
use serde_json::{Value, json};

use super::replay::{Person, lines};

/// A transcript of Odoo's.
macro_rules! transcript {
    ($name:literal) => {
        lines(include_str!(concat!("odoo/", $name, ".jsonl")))
    };
}

fn agent(lines: &[Value], acts: Vec<Act>) -> Vec<Event> {
    let first = [Act::Connect, Act::Ready { slots: 1 }];
    let acts = first.into_iter().chain(acts).collect();
    let mut person = Person::new("odoo-livechat", Role::Agent, "agent", "agent1", acts);
    person.play(lines);
    let told = person.told();
    assert_eq!(told[..2], [Event::Welcome { address: "agent1".into(), typing: true }, Event::OnDuty]);
    told[2..].to_vec()
}

fn visitor(lines: &[Value], who: &'static str, text: &str, acts: Vec<Act>) -> Vec<Event> {
    let first = [Act::Connect, Act::Open { topic: String::new(), text: text.into() }];
    let acts = first.into_iter().chain(acts).collect();
    let mut person = Person::new("odoo-livechat", Role::Visitor, who, "", acts);
    person.play(lines);
    let told = person.told();
    assert!(matches!(told[0], Event::Welcome { .. }), "{told:?}");
    told[1..].to_vec()
}

fn tell(peer: &str, text: &str) -> Act {
    Act::Tell { peer: peer.into(), text: text.into() }
}

fn compose(peer: &str) -> Act {
    Act::Compose { peer: peer.into() }
}

fn part(peer: &str) -> Act {
    Act::Part { peer: peer.into() }
}

fn told(peer: &str, text: &str) -> Event {
    Event::Told { peer: peer.into(), text: text.into() }
}

fn given(peer: &str) -> Event {
    Event::Given { peer: peer.into() }
}

fn left(peer: &str) -> Event {
    Event::Left { peer: peer.into() }
}

fn assigned(peer: &str) -> Event {
    Event::Assigned { peer: peer.into() }
}

fn typing(peer: &str) -> Event {
    Event::Typing { peer: peer.into() }
}

#[test]
fn both_type_and_talk_until_the_visitor_leaves() {
    let lines = transcript!("visitor-leaves");
    let (question, answer) = ("where is my <parcel> [c1]", "let me\nlook & see");
    assert_eq!(
        visitor(&lines, "visitor", question, vec![compose("3"), tell("3", "thanks"), part("3")]),
        [assigned("3"), typing("3"), told("3", answer)]
    );
    assert_eq!(
        agent(&lines, vec![compose("3"), tell("3", answer), part("3")]),
        [given("3"), told("3", question), typing("3"), told("3", "thanks"), left("3")]
    );
}

#[test]
fn the_operator_closes_and_takes_no_more() {
    let lines = transcript!("agent-closes");
    let closed = Event::Closed { peer: "4".into() };
    assert_eq!(visitor(&lines, "visitor", "hello", Vec::new()), [assigned("4"), told("4", "done"), closed]);
    let acts = vec![tell("4", "done"), part("4"), Act::Rest];
    assert_eq!(agent(&lines, acts), [given("4"), told("4", "hello")]);
}

/// As Odoo answers who asks for the first message of the chat 4.
fn first_message(messages: &Value) -> Vec<Value> {
    let fetch_params = json!({"after": 1, "limit": 1, "is_notification": false});
    let params = json!({"channel_id": 4, "fetch_params": fetch_params});
    let asks = json!({"jsonrpc": "2.0", "method": "call", "id": 3, "params": params});
    let ids: Vec<&Value> = messages.as_array().into_iter().flatten().map(|message| &message["id"]).collect();
    let result = json!({"data": {"mail.message": messages}, "messages": ids});
    let answer = json!({"jsonrpc": "2.0", "id": 3, "result": result});
    let (agent, http) = ("agent", "http");
    vec![
        json!({"who": agent, "direction": "sent", "transport": http, "method": "POST",
               "path": "/discuss/channel/messages", "body": asks}),
        json!({"who": agent, "direction": "received", "transport": http, "status": 200, "headers": {}, "body": answer}),
    ]
}

/// The WebSocket brings what was said first too late, or never: who opens the chat asks for it.
#[test]
fn an_operator_who_is_not_told_what_a_chat_was_opened_with_asks() {
    let lines = transcript!("agent-closes");
    let is_told = |line: &&Value| line["who"] == "agent" && line.to_string().contains("<span>hello</span>");
    let at = lines.iter().position(|line| is_told(&line)).expect("it is told");
    let (before, message) = (&lines[..at], &lines[at]);
    let said =
        message["body"].as_array().expect("a list").iter().find_map(|part| {
            part["message"]["payload"]["data"]["mail.message"].as_array().map(|all| json!(all))
        });
    let said = said.expect("a message");
    let hello = told("4", "hello");
    let play = |after: Vec<Value>| agent(&[before, &after].concat(), Vec::new());
    assert_eq!(play(first_message(&said)), [given("4"), hello.clone()]);
    let late = [first_message(&said), vec![message.clone()]].concat();
    assert_eq!(play(late), [given("4"), hello.clone()], "once is enough");
    let nothing_yet = [first_message(&json!([])), vec![message.clone()]].concat();
    assert_eq!(play(nothing_yet), [given("4"), hello.clone()]);
    let mut crossing = first_message(&said);
    crossing.insert(1, message.clone());
    assert_eq!(play(crossing), [given("4"), hello]);
}

#[test]
fn a_visitor_of_a_full_desk_asks_until_somebody_has_left() {
    let lines = transcript!("full-desk");
    assert_eq!(visitor(&lines, "visitor", "hello", vec![part("5")]), [assigned("5")]);
    let waits = Event::Queued { waiting: None };
    assert_eq!(
        visitor(&lines, "second", "at last", Vec::new()),
        [waits.clone(), waits, assigned("6"), Event::Closed { peer: "6".into() }]
    );
    assert_eq!(
        agent(&lines, vec![part("5"), part("6")]),
        [given("5"), told("5", "hello"), left("5"), given("6"), told("6", "at last")]
    );
}

#[test]
fn who_is_hung_up_on_for_saying_too_much_was_throttled() {
    let lines = transcript!("throttled");
    // It was by hand that so much was said: of that only what came of it is played.
    let by_hand =
        |line: &&Value| line["direction"] == "received" || line["body"]["event_name"] != "subscribe";
    let subscriptions = lines.iter().filter(|line| line["body"]["event_name"] == "subscribe").take(2);
    let last = subscriptions.last().expect("two of the dialect's own");
    let at = lines.iter().rposition(|line| std::ptr::eq(line, last)).expect("it is there") + 1;
    let played: Vec<Value> = lines[..at].iter().chain(lines[at..].iter().filter(by_hand)).cloned().collect();
    let events = agent(&played, Vec::new());
    let why = String::from("it closed the connection with code 1013");
    assert_eq!(events, [Event::Throttled { why: why.clone(), retry_after: None }, Event::Gone(Some(why))]);
}
