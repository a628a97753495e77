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

fn ready(role: Role) -> Talk {
    let target = Arc::clone(&shipped("matrix", role, &[]).dialect.target);
    let mut first = Talk::new(Dialect::provisioning(Arc::clone(&target), role, ann(), 3));
    first.act(&Act::Connect).opened(0);
    let answer = json!({"access_token": "tok-1234", "user_id": "@ann:localhost"});
    next(&mut first, 0, &format!("POST {API}/register"), 200, &answer);
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
        &json!({"access_token": "t", "user_id": "@ann:x"}),
    );
    assert_eq!(first.events(), [welcome("ann")]);
}

#[test]
fn a_visitor_makes_a_room_and_hears_what_is_said_there() {
    let mut talk = ready(Role::Visitor);
    next(
        &mut talk,
        0,
        &format!("POST {API}/user/%40ann%3Alocalhost/filter"),
        200,
        &json!({"filter_id": "1"}),
    );
    next(&mut talk, 0, &format!("POST {API}/createRoom"), 200, &json!({"room_id": "!r:localhost"}));
    next(&mut talk, 0, &format!("GET {API}/sync?timeout=0&filter=1"), 200, &json!({"next_batch": "s1"}));
    let out = talk.taken();
    assert_eq!(
        out,
        [Output::Event(welcome_typist("!r:localhost")), Output::Open(Transport(1), Default::default())]
    );
    let (number, question) = talk.opened(1).asked();
    assert_eq!(header(&question, "Authorization"), Some("Bearer tok-1234"));
    let event = |id: &str, sender: &str, kind: &str, content: Value| json!({"event_id": id, "sender": sender, "type": kind, "content": content});
    let text = |body: &str| json!({"msgtype": "m.text", "body": body});
    let room = json!({"timeline": {"events": [
        event("$1", "@bob:localhost", "m.room.member", json!({"membership": "join"})),
        event("$2", "@ann:localhost", "m.room.message", text("mine")),
        event("$3", "@bob:localhost", "m.room.message", text("hello")),
    ]}, "ephemeral": {"events": [{"type": "m.typing", "content": {"user_ids": ["@bob:localhost", "@ann:localhost"]}}]}});
    let sync = json!({"next_batch": "s2", "rooms": {"join": {"!r:localhost": room, "!old:localhost": room}}});
    talk.answer(1, number, 200, &[], &sync.to_string());
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
    next(
        &mut talk,
        0,
        &format!("POST {API}/user/%40ann%3Alocalhost/filter"),
        200,
        &json!({"filter_id": "1"}),
    );
    next(&mut talk, 0, &format!("GET {API}/sync?timeout=0&filter=1"), 200, &json!({"next_batch": "s1"}));
    assert_eq!(talk.events(), [welcome("@ann:localhost")]);
    talk.act(&Act::Enter { room: "lounge".into() });
    let join = format!("POST {API}/join/%23lounge%3Alocalhost");
    next(&mut talk, 0, &join, 404, &json!({"errcode": "M_NOT_FOUND"}));
    next(&mut talk, 0, &format!("POST {API}/createRoom"), 400, &json!({"errcode": "M_ROOM_IN_USE"}));
    next(&mut talk, 0, &join, 200, &json!({"room_id": "!l:localhost"}));
    let members = json!({"joined": {"@ann:localhost": {}, "@bob:localhost": {}}});
    next(&mut talk, 0, &format!("GET {API}/rooms/%21l%3Alocalhost/joined_members"), 200, &members);
    assert_eq!(talk.events(), [Event::Entered { others: 1 }]);
}
