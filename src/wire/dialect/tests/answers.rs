//! Answers of all sorts: pages, ways to somewhere else, streams without an end.

use super::*;

/// Connects with these steps over HTTP.
fn connecting(steps: &str) -> Talk {
    let text = format!(
        "dialect: t\nabout: a test\ntransports: {{api: {{kind: http, path: /}}}}\nvisitor:\n  connect:\n{steps}    - event: {{welcome: {{address: a}}}}\n"
    );
    let mut talk = Talk::of(&text, Role::Visitor);
    talk.act(&Act::Connect).opened(0);
    talk
}

fn why(talk: &mut Talk) -> String {
    match &talk.events()[..] {
        [Event::Broken { why } | Event::Refused { why }] => why.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_page_is_a_text_in_which_a_token_is_found() {
    let steps = "    - ask:\n        path: /login\n        keep: {csrf: '{{body | after(\"name=\\\"csrf\\\" value=\\\"\") | before(\"\\\"\")}}'}\n    \
                 - ask: {path: /login, form: {csrf: \"{{csrf}}\"}, status: 302}\n";
    let mut talk = connecting(steps);
    let Some(Output::Ask(_, number, question)) = talk.taken().pop() else { panic!() };
    assert_eq!(question.path, "/login", "two slashes are one");
    talk.answer(0, number, 200, &[], "<form><input name=\"csrf\" value=\"t0 k\"></form>");
    let (number, question) = talk.asked();
    assert_eq!(question.body.as_deref(), Some("csrf=t0%20k"));
    assert_eq!(talk.answer(0, number, 302, &[("location", "/desk")], "").events(), [welcome("a")]);
}

#[test]
fn what_is_no_json_and_what_leads_elsewhere_is_said_to_be_so_with_its_place() {
    let keeps = "    - pause: 1ms\n    - ask: {path: /login, keep: {token: \"{{$.token}}\"}}\n";
    let holds = "    - ask: {path: /login, holds: {$.ok: true}}\n";
    for (steps, status, body, words) in [
        (keeps, 200, "<html>", &["visitor.connect[1]: $.token is not there", "no JSON", "<html>"][..]),
        (keeps, 200, "{}", &["visitor.connect[1]: $.token is not there, in HTTP 200 {}"]),
        (holds, 200, "<html>", &["HTTP 200 <html>", "no JSON"]),
        (holds, 200, "", &["without a body"]),
        (holds, 302, "", &["HTTP 302 to /desk"]),
    ] {
        let mut talk = connecting(steps);
        if talk.dialect.next_deadline().is_some_and(|due| due < RealMoment::ZERO + millis(2)) {
            talk.wait().opened(0);
        }
        talk.taken();
        let why = why(talk.answer(0, 1, status, &[("location", "/desk")], body));
        assert!(words.iter().all(|word| why.contains(word)), "{why}");
    }
    let mut talk = connecting(holds);
    talk.taken();
    let why = why(talk.answer(0, 1, 200, &[], "{\"ok\":false}"));
    assert_eq!(why, "HTTP 200 {\"ok\":false}");
}

#[test]
fn a_stream_of_events_is_refused_at_once() {
    let stream = [("content-type", "text/event-stream; charset=utf-8")];
    let mut talk = connecting("    - ask: {path: /live}\n");
    talk.taken();
    assert!(why(talk.answer(0, 1, 200, &stream, "")).contains("text/event-stream"));
    let polls = "dialect: t\nabout: a test\ntransports: {live: {kind: poll, path: /live}}\nguest:\n  connect: [{event: {welcome: {address: a}}}, {open: live}]\n";
    let mut talk = Talk::of(polls, Role::Guest);
    talk.act(&Act::Connect).opened(0).taken();
    let why = why(talk.answer(0, 1, 200, &stream, ""));
    assert!(why.starts_with("live: ") && why.contains("text/event-stream"), "{why}");
}

#[test]
fn a_timer_follows_what_the_server_says() {
    let text = "dialect: t\nabout: a test\ntransports: {ws: {kind: websocket}}\nvisitor:\n  connect: [{open: ws}, {event: {welcome: {address: a}}}]\n  \
                on: [{when: {$.beat: {is: present}}, keep: {beat: \"{{$.beat}}\"}}]\n  timers: [{every: \"{{beat}}ms\", do: [{send: {text: here}}]}]\n";
    let mut talk = Talk::of(text, Role::Visitor);
    talk.act(&Act::Connect).opened(0).taken();
    assert_eq!(talk.wait().sent(), [] as [&str; 0], "it is not known yet");
    assert_eq!(talk.frame(0, "{\"beat\":2500}").wait().sent(), ["here"]);
    let before = talk.now;
    assert_eq!(talk.wait().sent(), ["here"]);
    assert_eq!(talk.now, before + millis(2500));
    talk.frame(0, "{\"beat\":0}").wait().wait().taken();
    assert_eq!(talk.now, before + millis(2500 + 2500 + 100), "not more often than timers may ring");
}

#[test]
fn a_pause_is_as_long_as_it_says() {
    let mut talk = connecting("    - pause: 1m 30s\n");
    talk.taken();
    let due = |talk: &Talk| talk.dialect.jobs.iter().map(|job| job.wait).collect::<Vec<_>>();
    assert_eq!(due(&talk), [Wait::Until(RealMoment::ZERO + millis(90_000))]);
}
