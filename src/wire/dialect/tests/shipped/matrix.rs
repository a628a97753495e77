use super::*;

/// Answers the next question, which is this, with that.
fn next(talk: &mut Talk, at: u8, question: &str, status: u16, answer: &Value) {
    let asked = talk.taken().into_iter().find_map(|output| match output {
        Output::Ask(_, number, asked) => Some((number, asked)),
        _ => None,
    });
    let (number, asked) = asked.expect("a question");
    assert_eq!(format!("{} {}", asked.method, asked.path), question.to_owned(), "{asked:?}");
    talk.answer(at, number, status, &[], &answer.to_string());
}

const API: &str = "/_matrix/client/v3";
const FILTER: &str = "POST /_matrix/client/v3/user/%40ann%3Alocalhost/filter";

fn ready(role: Role) -> Talk {
    let target = Arc::clone(&shipped("matrix", role, &[]).dialect.target);
    let mut first = Talk::new(Dialect::provisioning(Arc::clone(&target), role, ann(), 3));
    first.act(&Act::Connect).opened(0);
    let answer = json!({"access_token": "tok-1234", "user_id": "@ann:localhost"});
    next(&mut first, 0, &format!("POST {API}/register"), 200, &answer);
    next(&mut first, 0, FILTER, 200, &json!({"filter_id": "1"}));
    assert_eq!(first.events(), [welcome("ann")]);
    let mut talk = Talk::new(Dialect::new(target, role, ann(), 7));
    talk.act(&Act::Connect).opened(0);
    talk
}

#[test]
fn an_account_that_is_there_already_logs_in() {
    let talk = shipped("matrix", Role::Agent, &[]);
    let mut first = Talk::new(Dialect::provisioning(Arc::clone(&talk.dialect.target), Role::Agent, ann(), 3));
    first.act(&Act::Connect).opened(0);
    next(&mut first, 0, &format!("POST {API}/register"), 400, &json!({"errcode": "M_USER_IN_USE"}));
    next(
        &mut first,
        0,
        &format!("POST {API}/login"),
        200,
        &json!({"access_token": "t", "user_id": "@ann:localhost"}),
    );
    next(&mut first, 0, FILTER, 200, &json!({"filter_id": "1"}));
    assert_eq!(first.events(), [welcome("ann")]);
}

#[test]
fn a_visitor_makes_a_room_and_hears_what_is_said_there() {
    let mut talk = ready(Role::Visitor);
    next(&mut talk, 0, &format!("POST {API}/createRoom"), 200, &json!({"room_id": "!r:localhost"}));
    next(&mut talk, 0, &format!("GET {API}/sync?timeout=0&filter=1"), 200, &json!({"next_batch": "s1"}));
    let out = talk.taken();
    assert_eq!(
        out,
        [Output::Event(welcome_typist("!r:localhost")), Output::Open(Transport(2), Default::default())]
    );
    let (number, question) = talk.opened(2).asked();
    assert_eq!(header(&question, "Authorization"), Some("Bearer tok-1234"));
    let event = |id: &str, sender: &str, kind: &str, content: Value| json!({"event_id": id, "sender": sender, "type": kind, "content": content});
    let text = |body: &str| json!({"msgtype": "m.text", "body": body});
    let room = json!({"timeline": {"events": [
        event("$1", "@bob:localhost", "m.room.member", json!({"membership": "join"})),
        event("$2", "@ann:localhost", "m.room.message", text("mine")),
        event("$3", "@bob:localhost", "m.room.message", text("hello")),
    ]}, "ephemeral": {"events": [{"type": "m.typing", "content": {"user_ids": ["@bob:localhost", "@ann:localhost"]}}]}});
    let sync = json!({"next_batch": "s2", "rooms": {"join": {"!r:localhost": room, "!old:localhost": room}}});
    talk.answer(2, number, 200, &[], &sync.to_string());
    assert_eq!(
        talk.events(),
        [told("@bob:localhost", "hello"), Event::Typing { peer: "@bob:localhost".into() }]
    );
    talk.tell("@bob:localhost", "thanks");
    let asked = talk.asked();
    assert!(
        asked.1.path.starts_with(&format!("{API}/rooms/%21r%3Alocalhost/send/m.room.message/")),
        "{asked:?}"
    );
    assert_eq!(body(&asked.1), text("thanks"));
    let events = talk
        .answer(0, asked.0, 429, &[], "{\"errcode\":\"M_LIMIT_EXCEEDED\",\"retry_after_ms\":250}")
        .events();
    assert!(
        matches!(&events[..], [Event::Throttled { retry_after: Some(wait), .. }] if *wait == millis(250)),
        "{events:?}"
    );
    let (_, again) = talk.wait().asked();
    assert!(again.path != asked.1.path && body(&again) == text("thanks"), "{again:?}");
}

#[test]
fn a_room_of_the_community_is_made_if_need_be() {
    let mut talk = ready(Role::Guest);
    next(&mut talk, 0, &format!("GET {API}/sync?timeout=0&filter=1"), 200, &json!({"next_batch": "s1"}));
    assert_eq!(talk.events(), [welcome("@ann:localhost")]);
    let (sync, _) = talk.opened(2).asked();
    talk.act(&Act::Enter { room: "lounge".into() });
    let join = format!("POST {API}/join/%23lounge%3Alocalhost");
    next(&mut talk, 0, &join, 404, &json!({"errcode": "M_NOT_FOUND"}));
    assert_eq!(talk.taken(), [Output::Open(Transport(3), Default::default())], "nobody has come before");
    let (keeper, asked) = talk.opened(3).asked();
    assert_eq!((asked.path.clone(), header(&asked, "Authorization")), (format!("{API}/register"), None));
    talk.answer(3, keeper, 200, &[], &json!({"access_token": "tok-keeper"}).to_string());
    let (made, asked) = talk.asked();
    assert_eq!(asked.path, format!("{API}/createRoom"));
    assert_eq!(header(&asked, "Authorization"), Some("Bearer tok-keeper"));
    talk.answer(0, made, 200, &[], &json!({"room_id": "!l:localhost"}).to_string());
    let (number, asked) = talk.asked();
    assert_eq!(format!("POST {}", asked.path), join);
    let reason = body(&asked)["reason"].clone();
    talk.answer(0, number, 200, &[], &json!({"room_id": "!l:localhost"}).to_string());
    assert_eq!(talk.events(), [], "how many are there is not known yet");
    let member = |id: &str, who: &str, how: &str| json!({"event_id": id, "sender": who, "type": "m.room.member", "content": {"membership": how}});
    let said = |id: &str, text: &str| json!({"event_id": id, "sender": "@bob:localhost", "type": "m.room.message", "content": {"body": text}});
    let told = |next: &str, members: Value, events: &[Value]| {
        let room = json!({"summary": {"m.joined_member_count": members}, "timeline": {"events": events}});
        json!({"next_batch": next, "rooms": {"join": {"!l:localhost": room}}}).to_string()
    };
    let mut mine = member("$3", "@ann:localhost", "join");
    mine["content"]["reason"] = reason;
    let former = member("$0", "@ann:localhost", "join");
    let before =
        [former, member("$1", "@bob:localhost", "join"), said("$2", "early"), mine, said("$4", "hello")];
    talk.answer(2, sync, 200, &[], &told("s2", json!(3), &before));
    let out = talk.taken();
    let Some(Output::Ask(_, sync, _)) = out.last() else { panic!("{out:?}") };
    let events: Vec<_> = out.iter().filter(|output| matches!(output, Output::Event(_))).collect();
    let hello = Event::Posted { text: "hello".into() };
    assert_eq!(events, [&Output::Event(Event::Entered { others: 1 }), &Output::Event(hello)]);
    let after = [member("$5", "@eve:localhost", "join"), member("$6", "@bob:localhost", "leave")];
    assert_eq!(
        talk.answer(2, *sync, 200, &[], &told("s3", json!(3), &after)).events(),
        [Event::Joined, Event::Parted]
    );
}
