//! `dialect check` and `dialect try`.

use super::workplace::{Workplace, fits};

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
