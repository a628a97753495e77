//! `dialect check` and `dialect try`.

#[cfg(feature = "live")]
use super::serving::Server;
#[cfg(all(feature = "live", unix))]
use super::workplace::until;
use super::workplace::{Workplace, fits};

/// What the embedded server speaks, as far as a desk without anything takes it.
#[cfg(feature = "live")]
const OWN: &str = include_str!("own.yaml");

#[test]
fn a_dialect_is_told_in_what_it_can_do() {
    let ran = Workplace::new().well(&["dialect", "check", "matrix"]);
    assert_eq!(ran.stderr, "");
    fits(&ran.stdout);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn all_that_is_wrong_with_a_dialect_is_said_at_once() {
    let place = Workplace::new();
    let text = "dialect: mine\nabout: x\ntransports:\n  ws: {kind: websocket}\neverybody:\n  connect:\n    - open: wss\n    \
                - event: {welcome: {address: \"{{usr}}\"}}\n";
    place.write("mine.yaml", text);
    let says = ["everybody.connect[0].open", " --> mine.yaml:7:13", "did you mean `user`?", "2 problems"];
    place.run(&["dialect", "check", "mine.yaml"]).refused(2, &says);
    place.run(&["dialect", "check", "matrx"]).refused(2, &["no dialect `matrx`", "socketio"]);
    place.run(&["dialect", "check", "other.yaml"]).refused(2, &["no such file"]);
    place.write(
        "mine.yaml",
        text.replace("usr", "user").replace("- open: wss\n", "- send: {text: {{user}}}\n"),
    );
    place.run(&["dialect", "check", "mine.yaml"]).refused(2, &["\"{{name}}\""]);
}

#[cfg(feature = "live")]
#[test]
fn a_dialect_is_tried_against_a_server_or_it_is_said_why_not() {
    let place = Workplace::new();
    let nobody = "http://127.0.0.1:9";
    let ran = place.run(&["dialect", "try", "socketio", "--url", nobody]);
    assert_eq!(ran.code, Some(4), "{ran:#?}");
    assert!(ran.stderr.contains("agent: cannot reach 127.0.0.1:9"), "{}", ran.stderr);
    assert!(ran.stdout.contains("→ io"), "what was tried is shown: {}", ran.stdout);
    place.run(&["dialect", "try", "chatwoot", "--url", nobody]).refused(2, &["needs the setting inbox"]);
    let set = ["dialect", "try", "socketio", "--url", nobody, "--set", "inbox=1"];
    place.run(&set).refused(2, &["has no setting inbox"]);
    place
        .run(&["dialect", "try", "socketio", "--url", "chat.example"])
        .refused(2, &["no address of a server"]);
    let named = ["dialect", "try", "socketio", "--url", nobody, "--agent", "ann"];
    let ran = place.start_with(&named, |command| {
        command.env_remove("CAUSERIE_PASSWORD").env_remove("CAUSERIE_AGENT_PASSWORD");
    });
    ran.end().refused(2, &["no password for ann", "CAUSERIE_AGENT_PASSWORD"]);
    assert_eq!(place.contents(), [] as [&str; 0]);
}

/// What comes of trying this dialect against the embedded server, with little patience.
#[cfg(feature = "live")]
fn tried(dialect: &str) -> super::workplace::Ran {
    let place = Workplace::new();
    place.write("own.yaml", dialect);
    let server = Server::start(&place, &[]);
    let url = server.ws();
    place.run(&[
        "dialect",
        "try",
        "own.yaml",
        "--url",
        &url,
        "--patience",
        "3s",
        "--messages",
        "1",
        "--idle",
        "500ms",
    ])
}

#[cfg(feature = "live")]
#[test]
fn what_was_tried_is_told_and_what_was_not() {
    let ran = tried(OWN);
    assert_eq!(ran.code, Some(0), "{ran:#?}");
    let (_, end) = ran.stdout.split_once("\n\n").unwrap();
    fits(end);
    insta::assert_snapshot!(end);
}

#[cfg(feature = "live")]
#[test]
fn what_would_go_wrong_in_a_run_is_found() {
    let slips: [(&str, &str, &[&str]); 7] = [
        (
            "- event: {told: {peer: \"{{chat}}\", text: \"{{question}}\"}}",
            "",
            &["never hears what the visitor opened with", "`told`"],
        ),
        ("text: \"{{question}}\"", "text: \"{{question | html}}\"", &["came as", "&amp;", "`plain`"]),
        (
            "- event: {given:",
            "- event: {told: {peer: \"{{chat}}\", text: \"{{question}}\"}}\n        - event: {given:",
            &["twice", "once:"],
        ),
        ("told: {peer: \"{{$.chat}}\"", "told: {peer: \"{{user}}\"", &["`told` is of", "`peer`"]),
        ("leave:\n    - send: {json: {type: leave}}", "leave:", &["has left the queue", "`leave`"]),
        ("rest:\n    - send: {json: {type: rest}}", "rest:", &["after `rest`"]),
        ("chat: \"{{peer | number}}\", how", "chat: 4711, how", &["agent: the server", "conversation"]),
    ];
    for (nth, (good, bad, says)) in slips.into_iter().enumerate() {
        assert!(OWN.contains(good), "{good}");
        let ran = tried(&OWN.replacen(good, bad, 1));
        assert_eq!(ran.code, Some(4), "{ran:#?}");
        fits(&ran.stderr);
        let flowing = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        says.iter().for_each(|part| assert!(flowing.contains(part), "no `{part}` in: {flowing}"));
        // Of the last two one has no word for that, and the other no connection any more.
        let is_off = nth >= 5 || ran.stdout.contains(r#"{"type":"rest"}"#);
        assert!(is_off, "nobody stays on duty: {}", ran.stdout);
    }
}

#[cfg(all(feature = "live", unix))]
#[test]
fn who_stops_it_leaves_nobody_on_duty() {
    const SAID: &str = r#""type":"say""#;
    let place = Workplace::new();
    place.write("own.yaml", OWN.replacen("$.type: assigned", "$.type: never", 1));
    let server = Server::start(&place, &[]);
    let running = place.start(&["dialect", "try", "own.yaml", "--url", &server.ws()]);
    until("the agent's words", || running.stdout().contains(SAID).then_some(()));
    running.signal("INT");
    let ran = running.end();
    assert_eq!(ran.code, Some(130), "{ran:#?}");
    let (_, end) = ran.stdout.split_once(SAID).unwrap();
    for part in [r#""type":"close""#, r#"{"type":"rest"}"#, "live   close\n"] {
        assert!(end.contains(part), "no {part} in {end}");
    }
}

/// The target's file is beside us, and the scenario elsewhere: the dialect is looked for beside the file that names it.
#[cfg(feature = "live")]
#[test]
fn what_a_target_file_names_is_beside_it() {
    let place = Workplace::new();
    std::fs::create_dir(place.path("desks")).expect("a folder");
    place.write("desks/tiny.yaml", super::TINY);
    place.write("own.yaml", OWN);
    place.write("staging.yaml", "url: ws://127.0.0.1:9\ndialect: own.yaml\n");
    place
        .run(&["run", "desks/tiny.yaml", "--target", "staging.yaml"])
        .refused(4, &["the target could not be reached", "127.0.0.1:9"]);
}
