//! What steps, rules, timers, polls and tables do, each in a dialect of a few lines.

use super::*;

const HEAD: &str = "dialect: t\nabout: a test\ntransports:\n  ws: {kind: websocket, path: /ws}\n  api: {kind: http, path: /api}\n";

/// Connects over the WebSocket, and no more.
const PLAIN: &str =
    "everybody:\n  connect:\n    - open: ws\n    - event: {welcome: {address: \"{{user}}\"}}\n";

fn up(rest: &str) -> Talk {
    let mut talk = Talk::of(&format!("{HEAD}{PLAIN}{rest}"), Role::Visitor);
    talk.act(&Act::Connect).opened(0);
    assert_eq!(talk.events(), [welcome("ann")]);
    talk
}

#[test]
fn a_frame_is_sent_and_its_answer_found_by_its_id_however_others_come_in_between() {
    let mut talk = up(
        "  tell:\n    - let: {id: \"{{count(ids)}}\"}\n    - send: {json: {id: \"{{id}}\", to: \"{{peer}}\", \
         text: \"{{text}}\"}}\n    - await: {when: {$.answers: \"{{id}}\"}, within: 5s}\n",
    );
    talk.tell("bob", "say \"hi\"").tell("eve", "two");
    let sent: Vec<Value> = talk.sent().iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let [one, two] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!(one, &json!({"id": 1, "to": "bob", "text": "say \"hi\""}));
    assert_eq!(two["id"], json!(2));
    assert_eq!(talk.frame(0, "{\"answers\":2}").events(), [Event::TakenIn { sent: RealMoment::ZERO }]);
    assert_eq!(talk.frame(0, "{\"answers\":2}").frame(0, "nonsense").events(), []);
    assert_eq!(talk.frame(0, "{\"answers\":\"1\"}").events().len(), 1);
    assert_eq!(talk.dialect.next_deadline(), None);
}

#[test]
fn messages_to_one_peer_stay_in_order_and_do_not_wait_for_those_to_another() {
    let mut talk =
        up("  tell:\n    - send: {json: \"{{text}}\"}\n    - await: {when: {$.took: \"{{peer}}\"}}\n");
    talk.tell("bob", "1").tell("bob", "2").tell("eve", "3");
    assert_eq!(talk.sent(), ["\"1\"", "\"3\""]);
    assert_eq!(talk.frame(0, "{\"took\":\"bob\"}").sent(), ["\"2\""]);
}

#[test]
fn what_is_waited_for_in_vain_is_a_message_that_failed() {
    let mut talk = up("  tell:\n    - send: {text: x}\n    - await: {within: 2s}\n");
    talk.tell("bob", "1").taken();
    assert_eq!(talk.dialect.next_deadline(), Some(RealMoment::from_nanos(2_000_000_000)));
    let events = talk.wait().events();
    assert!(
        matches!(&events[..], [Event::Failed { why }] if why.starts_with("everybody.tell[1]: ")),
        "{events:?}"
    );
    assert_eq!(talk.tell("bob", "2").sent(), ["x"], "the next one has its turn");
}

#[test]
fn rules_look_into_lists_maps_and_texts_and_once_is_once() {
    let mut talk = up(
        "  on:\n    - in: $.rooms.*room.events.*\n      when: {$.from: {not: \"{{user}}\"}, $.kind: {in: [a, b]}}\n      \
         once: \"{{$.id}}\"\n      event: {told: {peer: \"{{room}}\", text: \"{{$.inner->text}}\"}}\n",
    );
    let event = |id: u32, from: &str, kind: &str| json!({"id": id, "from": from, "kind": kind, "inner": "{\"text\":\"hi\"}"});
    let frame = json!({"rooms": {
        "r1": {"events": [event(1, "bob", "a"), event(2, "ann", "a"), event(3, "bob", "c"), event(1, "bob", "a")]},
        "r2": {"events": [event(4, "eve", "b"), {"id": 5, "from": "eve", "kind": "b"}]},
    }});
    assert_eq!(talk.frame(0, &frame.to_string()).events(), [told("r1", "hi"), told("r2", "hi")]);
    assert_eq!(talk.frame(0, &frame.to_string()).events(), [], "all of that was heard before");
}

#[test]
fn rules_within_rules_know_what_those_around_them_let() {
    let mut talk = up(
        "  on:\n    - in: $.*\n      when: {$.type: {starts: mail}}\n      let: {kind: \"{{$.type | after(\\\".\\\")}}\"}\n      \
         rules:\n        - in: $.payload.*\n          when: {kind: new}\n          event: {told: {peer: \"{{$.from}}\", text: \"{{$.body | plain}}\"}}\n",
    );
    let frame = json!([{"type": "mail.new", "payload": [{"from": 7, "body": "<p>one &amp; two</p>"}]}, {"type": "x.new", "payload": [1]}]);
    assert_eq!(talk.frame(0, &frame.to_string()).events(), [told("7", "one & two")]);
}

#[test]
fn rules_react_and_timers_go_on_while_connected() {
    let mut talk = up(
        "  on:\n    - starts: PING\n      let: {n: \"{{$.n}}\"}\n      do: [{send: {starts: PONG, json: {n: \"{{n}}\"}}}]\n  \
         timers:\n    - every: 10s\n      do: [{send: {text: here}}]\n",
    );
    assert_eq!(talk.frame(0, "PING{\"n\":5}").sent(), ["PONG{\"n\":5}"]);
    assert_eq!(talk.frame(0, "PING").sent(), [] as [&str; 0], "it names what is not there");
    assert_eq!(talk.wait().sent(), ["here"]);
    assert_eq!(talk.now, RealMoment::from_nanos(10_000_000_000));
    assert_eq!(talk.wait().sent(), ["here"]);
    assert_eq!(talk.closed(0, None).events(), [Event::Gone(None)]);
    assert_eq!(talk.dialect.next_deadline(), None);
}

#[test]
fn tables_keep_one_conversation_apart_from_another() {
    let mut talk = up(
        "  on:\n    - when: {$.dm: {is: present}}\n      let: {from: \"{{$.from}}\"}\n      keep: {\"channel[from]\": \"{{$.dm}}\"}\n  \
         tell:\n    - await: {kept: \"channel[peer]\", within: 3s}\n    - send: {json: {in: \"{{channel[peer]}}\"}}\n  \
         part:\n    - forget: \"channel[peer]\"\n",
    );
    talk.tell("bob", "1").frame(0, "{\"from\":\"eve\",\"dm\":\"e\"}");
    assert_eq!(talk.sent(), [] as [&str; 0]);
    assert_eq!(talk.frame(0, "{\"from\":\"bob\",\"dm\":\"b\"}").sent(), ["{\"in\":\"b\"}"]);
    assert_eq!(talk.tell("eve", "2").sent(), ["{\"in\":\"e\"}"]);
    talk.act(&Act::Part { peer: "bob".into() });
    assert_eq!(talk.tell("bob", "3").sent(), [] as [&str; 0]);
    assert!(matches!(talk.wait().events()[..], [Event::Failed { .. }]));
}

#[test]
fn questions_are_asked_one_at_a_time_with_headers_cookies_and_escaped_paths() {
    let text = format!(
        "{HEAD}everybody:\n  connect:\n    - ask:\n        path: /login\n        form: {{name: \"{{{{user}}}}\", word: a&b}}\n        \
         headers: {{X-Id: \"{{{{uuid}}}}\"}}\n        keep: {{token: \"{{{{header(Token)}}}}\", csrf: \"{{{{cookie(csrf)}}}}\"}}\n    \
         - event: {{welcome: {{address: \"{{{{token}}}}\"}}}}\n  tell:\n    - ask: {{method: PUT, path: \"/to/{{{{peer}}}}?q={{{{text}}}}\", json: {{csrf: \"{{{{csrf}}}}\"}}}}\n"
    );
    let mut talk = Talk::of(&text, Role::Visitor);
    assert_eq!(talk.act(&Act::Connect).taken(), [Output::Open(Transport(1), http_opening())]);
    let (number, question) = talk.opened(1).asked();
    assert_eq!((question.method.as_str(), question.path.as_str()), ("POST", "/api/login"));
    assert_eq!(question.body.as_deref(), Some("name=ann&word=a%26b"));
    assert_eq!(header(&question, "Content-Type"), Some("application/x-www-form-urlencoded"));
    let id = header(&question, "X-Id").unwrap();
    assert_eq!((id.len(), &id[14..15]), (36, "4"), "{id}");
    let headers = [("token", "t0"), ("set-cookie", "csrf=c1; Path=/"), ("set-cookie", "sid=s")];
    assert_eq!(talk.answer(1, number, 200, &headers, "").events(), [welcome("t0")]);
    talk.tell("a/b", "x y").tell("c", "z");
    let (number, question) = talk.asked();
    assert_eq!(question.path, "/api/to/a%2Fb?q=x%20y");
    assert_eq!(header(&question, "Cookie"), Some("csrf=c1; sid=s"));
    assert_eq!(body(&question), json!({"csrf": "c1"}));
    talk.answer(1, number, 204, &[], "");
    let out = talk.taken();
    assert!(
        matches!(&out[..], [Output::Ask(_, _, question)] if question.path == "/api/to/c?q=z"),
        "{out:?}: and nothing is said of what else was taken in"
    );
}

fn http_opening() -> crate::base::http::Opening {
    crate::base::http::Opening::default()
}

/// Connects over HTTP; then asks as `ask` says.
fn asking(ask: &str, throttled: &str) -> Talk {
    let text = format!(
        "{HEAD}{throttled}everybody:\n  connect: [{{event: {{welcome: {{address: a}}}}}}]\n  tell:\n    - ask:\n        path: /t\n{ask}\n"
    );
    let mut talk = Talk::of(&text, Role::Visitor);
    talk.act(&Act::Connect).tell("bob", "x").opened(1);
    talk
}

fn number_of(talk: &mut Talk) -> u32 {
    let number = talk.taken().into_iter().find_map(|output| match output {
        Output::Ask(_, number, _) => Some(number),
        _ => None,
    });
    number.expect("a question")
}

#[test]
fn who_is_throttled_says_so_and_asks_again_when_the_server_says() {
    let mut talk =
        asking("", "throttled: {status: [429, 503], wait: \"{{$.retry_after_ms}}ms\", times: 1}\n");
    let first = number_of(&mut talk);
    talk.answer(1, first, 429, &[], "{\"retry_after_ms\":1500}");
    let events = talk.events();
    let [Event::Throttled { retry_after, why }] = &events[..] else { panic!("{events:?}") };
    assert_eq!((*retry_after, why.starts_with("HTTP 429")), (Some(millis(1500)), true));
    assert_eq!(talk.dialect.next_deadline(), Some(RealMoment::ZERO + millis(1500)));
    let second = {
        talk.wait();
        number_of(&mut talk)
    };
    assert_ne!(first, second);
    let events = talk.answer(1, second, 503, &[("retry-after", "3")], "").events();
    assert!(
        matches!(&events[..], [Event::Throttled { retry_after: Some(wait), .. }, Event::Failed { .. }] if *wait == millis(3000)),
        "{events:?}"
    );
}

#[test]
fn a_question_is_asked_again_as_long_as_it_says_and_so_often() {
    let retry = "        retry: {when: {$.full: \"true\"}, times: 2, wait: 5s, event: {queued: {waiting: \"{{$.ahead}}\"}}}\n        \
                 holds: {$.error: {is: absent}}";
    let mut talk = asking(retry, "");
    let number = number_of(&mut talk);
    let queued = |waiting| Event::Queued { waiting };
    assert_eq!(talk.answer(1, number, 200, &[], "{\"full\":true,\"ahead\":3}").events(), [queued(Some(3))]);
    talk.wait();
    assert_eq!(talk.now, RealMoment::ZERO + millis(5000));
    let number = number_of(&mut talk);
    assert_eq!(talk.answer(1, number, 200, &[], "{\"full\":true}").events(), [queued(None)]);
    talk.wait();
    let number = number_of(&mut talk);
    let events = talk.answer(1, number, 200, &[], "{\"full\":true}").events();
    assert!(matches!(&events[..], [Event::Failed { why }] if why.contains("after 2 tries")), "{events:?}");
}

#[test]
fn whoever_leaves_does_not_ask_again_to_be_served() {
    let text = "dialect: t\nabout: a test\ntransports: {api: {kind: http}}\nvisitor:\n  connect: [{event: {welcome: {address: a}}}]\n  \
                open: [{ask: {path: /open, json: {}, retry: {when: {$.full: \"true\"}, times: 9, wait: 5s, event: queued}}}]\n  \
                leave: [{ask: {path: /leave, json: {}}}]\n";
    let open = Act::Open { topic: String::new(), text: "hello".into() };
    let asks = || {
        let mut talk = Talk::of(text, Role::Visitor);
        talk.act(&Act::Connect).act(&open).opened(0);
        let number = number_of(&mut talk);
        (talk, number)
    };
    let left = |talk: &mut Talk| {
        let (number, question) = talk.asked();
        assert_eq!(question.path, "/leave");
        talk.answer(0, number, 200, &[], "");
        assert_eq!(talk.dialect.next_deadline(), None);
    };
    let (mut waits, number) = asks();
    assert_eq!(
        waits.answer(0, number, 200, &[], "{\"full\":true}").events(),
        [Event::Queued { waiting: None }]
    );
    left(waits.act(&Act::Leave));

    let (mut unanswered, number) = asks();
    assert_eq!(unanswered.act(&Act::Leave).taken(), []);
    unanswered.answer(0, number, 200, &[], "{\"full\":true}");
    unanswered.out.retain(|output| !matches!(output, Output::Event(_)));
    left(&mut unanswered);
}

#[test]
fn an_answer_that_is_not_well_is_a_failure_with_the_servers_words() {
    for (status, body) in [(403, "not you"), (200, "{\"error\":\"no\"}"), (302, "")] {
        let mut talk = asking("        holds: {$.error: {is: absent}}", "");
        let number = number_of(&mut talk);
        let events = talk.answer(1, number, status, &[], body).events();
        let words = format!("HTTP {status}");
        assert!(
            matches!(&events[..], [Event::Failed { why }] if why.contains(&words) && why.contains(body)),
            "{events:?}"
        );
    }
    let mut talk = asking("", "");
    let number = number_of(&mut talk);
    let events = talk.input(Input::Answered(Transport(1), number, Err("no answer within 10 s"))).events();
    assert!(matches!(&events[..], [Event::Failed { why }] if why.contains("within 10 s")), "{events:?}");
}

const POLL: &str = "dialect: t\nabout: a test\ntransports:\n  sync: {kind: poll, path: \"/sync?since={{since | or(0)}}\", keep: {since: \"{{$.next}}\"}}\n\
     everybody:\n  connect: [{event: {welcome: {address: a}}}, {open: sync}]\n  on:\n    - in: $.said.*\n      event: {posted: {text: \"{{$}}\"}}\n";

#[test]
fn a_long_poll_goes_on_from_its_cursor() {
    let mut talk = Talk::of(POLL, Role::Guest);
    talk.act(&Act::Connect);
    assert_eq!(talk.taken().len(), 2);
    let (number, question) = talk.opened(0).asked();
    assert_eq!(question.path, "/sync?since=0");
    talk.now = RealMoment::ZERO + millis(900);
    talk.answer(0, number, 200, &[], "{\"next\":\"a b\",\"said\":[\"one\",\"two\"]}");
    let out = talk.taken();
    assert!(matches!(&out[..], [Output::Event(_), Output::Event(_), Output::Ask(..)]), "{out:?}");
    let Some(Output::Ask(_, number, question)) = out.into_iter().last() else { panic!() };
    assert_eq!(question.path, "/sync?since=a%20b");
    // Answered at once: where that was news, if only the cursor, it asks on; otherwise it takes a breath.
    let (number, _) = talk.answer(0, number, 200, &[], "{\"next\":\"c\"}").asked();
    assert_eq!(talk.answer(0, number, 200, &[], "{\"next\":\"c\"}").taken(), []);
    let (mut number, _) = talk.wait().asked();
    assert_eq!(talk.now, RealMoment::ZERO + millis(1000));
    // Throttled: it waits as it is told, and what came meanwhile was withheld.
    for seconds in [2, 1] {
        let wait = seconds.to_string();
        assert_eq!(talk.answer(0, number, 429, &[("retry-after", &wait)], "").events().len(), 1);
        (number, _) = talk.wait().asked();
    }
    assert_eq!(talk.now, RealMoment::ZERO + millis(4000));
    let mut out = talk.answer(0, number, 200, &[], "{\"next\":\"d\",\"said\":[\"late\"]}").taken();
    let since = RealMoment::ZERO + millis(1000);
    assert_eq!(out[0], Output::Event(Event::Withheld { since, until: talk.now }));
    assert!(matches!(out[1], Output::Event(Event::Posted { .. })), "{out:?}");
    let Some(Output::Ask(_, number, _)) = out.pop() else { panic!("{out:?}") };
    let events = talk.answer(0, number, 401, &[], "who?").events();
    assert!(matches!(&events[..], [Event::Broken { why }] if why.contains("401")), "{events:?}");
}

/// Zulip forgets a queue of events that nobody has asked for in a while: one registers another.
#[test]
fn rules_hear_of_a_poll_that_is_turned_down_and_begin_it_anew() {
    let text = "dialect: t\nabout: a test\ntransports:\n  api: {kind: http}\n  \
                live: {kind: poll, path: \"/events?queue={{queue}}\", status: [200, 400], keep: {last: \"{{$.id}}\"}}\n\
                guest:\n  connect:\n    - keep: {queue: one}\n    - event: {welcome: {address: a}}\n    - open: live\n  \
                on:\n    - over: live\n      when: {$.code: EXPIRED}\n      do: [{close: live}, {ask: {over: api, path: /register, keep: {queue: \"{{$.queue}}\"}}}, {open: live}]\n";
    let mut talk = Talk::of(text, Role::Guest);
    talk.act(&Act::Connect).taken();
    let (number, question) = talk.opened(1).asked();
    assert_eq!(question.path, "/events?queue=one");
    let out = talk.answer(1, number, 400, &[], "{\"code\":\"EXPIRED\"}").taken();
    assert!(matches!(&out[..], [Output::Close(Transport(1)), Output::Open(Transport(0), _)]), "{out:?}");
    let (number, question) = talk.opened(0).asked();
    assert_eq!(question.path, "/register");
    let out = talk.answer(0, number, 200, &[], "{\"queue\":\"two\"}").taken();
    assert!(matches!(&out[..], [Output::Open(Transport(1), _)]), "{out:?}");
    let (number, question) = talk.opened(1).asked();
    assert_eq!(question.path, "/events?queue=two");
    assert_eq!(talk.answer(1, number, 404, &[], "").events().len(), 1, "and of another status it is over");
}

#[test]
fn a_poll_that_tells_nothing_does_not_spin_however_its_cursor_moves() {
    let mut talk = Talk::of(POLL, Role::Guest);
    talk.act(&Act::Connect).opened(0).taken();
    let asked_at_once = |talk: &mut Talk, number: u32, next: u32| {
        talk.answer(0, number, 200, &[], &format!("{{\"next\":{next}}}"));
        matches!(&talk.taken()[..], [Output::Ask(..)])
    };
    for number in 1..=line::MOVES {
        assert!(asked_at_once(&mut talk, number, number), "{number}");
    }
    assert!(!asked_at_once(&mut talk, line::MOVES + 1, 99), "a cursor that always moves is no news");
    // One that comes back to what it was has not moved.
    let cursors = POLL.replace(
        "in: $.said.*\n      event: {posted: {text: \"{{$}}\"}}",
        "in: $.said.*\n      keep: {since: \"{{$}}\"}",
    );
    let mut talk = Talk::of(&cursors.replace(", keep: {since: \"{{$.next}}\"}", ""), Role::Guest);
    talk.act(&Act::Connect).opened(0).taken();
    for (number, asks) in [(1, true), (2, false)] {
        talk.answer(0, number, 200, &[], "{\"said\":[\"1\",\"2\"]}");
        assert_eq!(matches!(&talk.taken()[..], [Output::Ask(..)]), asks, "{number}");
    }
}

#[test]
fn a_poll_that_is_closed_and_opened_in_one_go_begins_anew() {
    let text = POLL.replace(
        "    - in:",
        "    - when: {$.anew: {is: present}}\n      do: [{close: sync}, {open: sync}]\n    - in:",
    );
    let mut talk = Talk::of(&text, Role::Guest);
    talk.act(&Act::Connect).opened(0).taken();
    let out = talk.answer(0, 1, 200, &[], "{\"anew\":1}").taken();
    assert!(matches!(&out[..], [Output::Close(_), Output::Open(..)]), "{out:?}");
    // The driver says of what it has closed that it is closed.
    assert_eq!(talk.closed(0, None).taken(), []);
    talk.opened(0).asked();
}

#[test]
fn a_poll_whose_answers_are_to_be_json_is_not_answered_by_a_page() {
    let answered = |dialect: &str, body: &str| {
        let mut talk = Talk::of(dialect, Role::Guest);
        talk.act(&Act::Connect).taken();
        let (number, _) = talk.opened(0).asked();
        talk.answer(0, number, 200, &[], body).events()
    };
    let keepless =
        POLL.replace("?since={{since | or(0)}}", "").replace(", keep: {since: \"{{$.next}}\"}", "");
    for body in ["<html>Please log in</html>", "{\"said\":", &"[".repeat(200)] {
        let events = answered(&keepless, body);
        assert!(matches!(&events[..], [Event::Broken { why }] if why.contains("no JSON")), "{events:?}");
    }
    for body in ["", " \n", "null", "{}"] {
        assert_eq!(answered(&keepless, body), [], "{body:?}");
    }
    let of_texts = keepless.replace("in: $.said.*", "starts: x");
    assert_eq!(answered(&of_texts, "<html>"), []);
}

#[test]
fn hanging_up_lets_what_was_begun_end_and_hears_messages_to_the_last() {
    let mut talk = up(
        "  tell:\n    - send: {text: x}\n    - await: {text: ok}\n  disconnect:\n    - send: {text: bye}\n  \
         on:\n    - when: {$.t: {is: present}}\n      event: {told: {peer: b, text: \"{{$.t}}\"}}\n    - text: typing\n      event: {typing: {peer: b}}\n",
    );
    talk.tell("bob", "1").act(&Act::Disconnect);
    assert_eq!(talk.sent(), ["x"], "it waits for what is under way");
    talk.frame(0, "ok");
    let out = talk.taken();
    let bye = [Output::Send(Transport(0), "bye".into()), Output::Close(Transport(0))];
    assert_eq!(out[1..], bye, "{out:?}");
    assert_eq!(talk.frame(0, "{\"t\":\"late\"}").frame(0, "typing").events(), [told("b", "late")]);
    assert_eq!(talk.closed(0, None).tell("bob", "2").taken(), []);

    let mut talk = up("  tell:\n    - await: {text: never}\n");
    talk.tell("bob", "1").act(&Act::Disconnect).taken();
    assert_eq!(talk.wait().taken(), [Output::Close(Transport(0))], "not for ever");
    assert_eq!(talk.now, RealMoment::ZERO + LEAVING);
}

#[test]
fn who_comes_back_begins_anew() {
    let mut talk = up(
        "  on:\n    - text: mark\n      keep: {seen: x}\n  tell:\n    - send: {json: {seen: \"{{seen | or(no)}}\", id: \"{{uuid}}\"}}\n",
    );
    talk.frame(0, "mark").tell("bob", "");
    let first = talk.sent();
    let why = "it closed the connection with code 1006".to_owned();
    assert_eq!(talk.closed(0, Some(1006)).events(), [Event::Gone(Some(why))]);
    talk.act(&Act::Connect).opened(0).taken();
    let second = talk.tell("bob", "").sent();
    assert!(
        first[0].contains("\"seen\":\"x\"") && second[0].contains("\"seen\":\"no\""),
        "{first:?} {second:?}"
    );
    assert_ne!(first[0][..40], second[0][..40], "another connection draws other ids");
}

#[test]
fn provisioning_is_done_alone_and_handed_on() {
    let text = format!(
        "{HEAD}secrets: [token]\neverybody:\n  provision:\n    - ask: {{path: /new, json: {{u: \"{{{{user}}}}\"}}, keep: {{token: \"{{{{$.token}}}}\"}}}}\n  \
         connect:\n    - event: {{welcome: {{address: \"{{{{token}}}}\"}}}}\n"
    );
    let target = target(&plan(&text));
    assert!(target.provisions(Role::Agent));
    let mut talk = Talk::new(Dialect::provisioning(Arc::clone(&target), Role::Agent, ann(), 1));
    talk.act(&Act::Connect).opened(1);
    let number = number_of(&mut talk);
    talk.answer(1, number, 200, &[("set-cookie", "sid=cookie-value")], "{\"token\":\"top-secret\"}");
    assert_eq!(talk.taken(), [Output::Event(welcome("ann")), Output::Close(Transport(1))]);
    let mut talk = Talk::new(Dialect::new(Arc::clone(&target), Role::Agent, ann(), 2));
    assert_eq!(talk.act(&Act::Connect).events(), [welcome("top-secret")]);
    let shown = talk.dialect.masked("Bearer top-secret, s3cret-word, sid=cookie-value; ann");
    assert_eq!(shown, "Bearer ***, ***, sid=***; ann");
    // Nothing was done for this one: it is when they come.
    let bob = Account { user: "bob".into(), password: String::new() };
    let mut talk = Talk::new(Dialect::new(target, Role::Agent, bob, 3));
    talk.act(&Act::Connect).opened(1);
    let number = number_of(&mut talk);
    assert_eq!(talk.answer(1, number, 200, &[], "{\"token\":\"of bob\"}").events(), [welcome("of bob")]);
}

#[test]
fn what_a_dialect_cannot_do_is_not_done_silently() {
    let mut talk = up("");
    let events = talk.tell("bob", "x").events();
    assert!(matches!(&events[..], [Event::Failed { why }] if why.contains("no tell")), "{events:?}");
    assert_eq!(talk.act(&Act::Compose { peer: "bob".into() }).taken(), []);
}

#[test]
fn settings_have_defaults_or_have_to_be_given_and_lead_elsewhere() {
    let text = "dialect: t\nabout: a test\nsettings:\n  team: {about: the team}\n  bus: {about: where frames go, default: \"\"}\n\
         transports:\n  ws: {kind: websocket, path: /live, at: \"{{bus}}\", subprotocol: chat}\n  api: {kind: http}\n\
         everybody:\n  connect:\n    - open: ws\n    - event: {welcome: {address: \"{{team}} {{origin}} {{role}}\"}}\n";
    let plan = plan(text);
    let at = |settings: &[(&str, &str)]| {
        let settings: Vec<_> = settings.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Target::new(&plan, "https://user@chat.example/base/", &settings, EPOCH)
    };
    assert!(at(&[]).unwrap_err().contains("needs the setting team: the team"));
    assert!(at(&[("tem", "x")]).unwrap_err().contains("has no setting tem; it has team, bus"));
    let same = at(&[("team", "t1")]).unwrap();
    let urls: Vec<&str> = same.endpoints().iter().map(|endpoint| endpoint.url.as_str()).collect();
    assert_eq!(urls, ["wss://chat.example/base", "https://chat.example/base"]);
    assert_eq!(same.endpoints()[0].subprotocol.as_deref(), Some("chat"));
    let mut talk = Talk::new(Dialect::new(Arc::new(same), Role::Guest, ann(), 1));
    let opening = talk.act(&Act::Connect).taken();
    assert!(
        matches!(&opening[..], [Output::Open(_, opening)] if opening.path.as_deref() == Some("/base/live")),
        "{opening:?}"
    );
    assert_eq!(talk.opened(0).events(), [welcome("t1 https://chat.example guest")]);
    let other = at(&[("team", "t1"), ("bus", "ws://bus:9/x")]).unwrap();
    assert_eq!(other.endpoints()[0].url, "ws://bus:9/x");
    assert!(Target::new(&plan, "chat.example", &[], EPOCH).is_err());
}
