//! What is wrong with a dialect is said at once, each with its place and what to do.

use crate::scenario::dialects::{names, parse, shipped};
use crate::scenario::plan::dialect::{DialectPlan, Lack, Role};
use crate::scenario::problem::Problem;

const HEAD: &str = "dialect: t\nabout: x\ntransports:\n  ws: {kind: websocket}\n  api: {kind: http}\n";
const GOOD: &str = "everybody:\n  connect:\n    - event: {welcome: {address: a}}\n";

fn problems(text: &str) -> Vec<Problem> {
    parse("t.yaml", text).unwrap_err().all().to_vec()
}

/// The one problem of a dialect that is good but for these lines.
fn problem(rest: &str) -> Problem {
    let found = problems(&format!("{HEAD}{GOOD}{rest}"));
    assert_eq!(found.len(), 1, "{rest}: {found:?}");
    found[0].clone()
}

#[test]
fn braces_without_quotes_are_told_of() {
    let found = problems(&format!("{HEAD}{GOOD}  tell:\n    - send: {{text: {{{{text}}}}}}\n"));
    let hint = found[0].hint.clone().unwrap_or_default();
    assert!(hint.contains("needs quotes"), "{found:?}");
    let found = problem("  tell:\n    - send:\n        text: {a: b}\n");
    assert!(found.hint.unwrap_or_default().contains("needs quotes"));
    let found = problem("  on:\n    - when: {$.a: {b: c}}\n      event: joined\n");
    assert!(found.hint.unwrap_or_default().contains("needs quotes"));
}

#[test]
fn all_that_is_wrong_is_said_at_once_with_its_place() {
    let text = "dialect: Loud\nabout: x\ntransports:\n  ws: {kind: websocket, path: live, every: 3s}\neverybody:\n  connect:\n    \
                - open: wss\n    - send: {text: \"{{usr}}\"}\n    - await: {whn: {$.a: b}}\n    - event: {welcome: {adress: x}}\n    - open: ws\n      close: ws\n";
    let found = problems(text);
    let told: Vec<(u32, &str, bool)> = found
        .iter()
        .map(|problem| (problem.place.line, problem.path.as_str(), problem.hint.is_some()))
        .collect();
    assert_eq!(
        told,
        [
            (1, "dialect", false),
            (4, "transports.ws.path", false),
            (4, "transports.ws", true),
            (7, "everybody.connect[0].open", true),
            (8, "everybody.connect[1].send.text", true),
            (9, "everybody.connect[2].await", true),
            (10, "everybody.connect[3].event.welcome", true),
            (11, "everybody.connect[4]", true),
        ]
    );
}

#[test]
fn what_makes_no_sense_is_refused() {
    for (rest, word) in [
        ("  tell: [{ask: {path: rooms}}]\n", "begins with /"),
        ("  tell: [{ask: {path: /a, method: FETCH}}]\n", "one of GET"),
        ("  tell: [{ask: {path: /a, status: fine}}]\n", "200-299"),
        ("  tell: [{ask: {path: /a, json: {}, text: x}}]\n", "one of json, form and text"),
        ("  tell: [{send: {starts: a}}]\n", "either json"),
        ("  tell: [{send: {over: api, text: x}}]\n", "one of the transports ws"),
        ("  tell: [{pause: soon}]\n", "a duration"),
        ("  tell: [{when: {text: x}}]\n", "one of open"),
        ("  tell: [{await: {kept: nothing}}]\n", "`nothing`, which nothing keeps"),
        ("  tell: [{await: {kept: \"a b\"}}]\n", "a name of letters"),
        ("  tell: [{keep: {token: x}}, {forget: tokn}]\n", "did you mean `token`?"),
        ("  tell: [{await: {throttled: {when: {$.a: b}}}}]\n", "a step `send` before this one"),
        ("  tell: [{ask: {path: /a, let: {a: \"{{zzzzzz}}\"}}}]\n", "status, body, header(…)"),
        ("  tell: [{send: {over: ws, json: {to: \"{$.peer}\"}}}]\n", "write {{$.peer}}"),
        ("  tell: [{ask: {path: \"/to/{peer}\"}}]\n", "write {{peer}}"),
        (
            "  tell: [{ask: {path: /a, let: {a: '{{body | before(\"a\"\"b\")}}'}}}]\n",
            "a text in double quotes",
        ),
        ("  tell: [{ask: {path: /a, let: {a: '{{body | before(\"\"\")}}'}}}]\n", "a double quote"),
        ("  on: [{event: joined}]\n", "open: ws"),
        ("  tell: [{keep: {user: x}}]\n", "a name of its own"),
        ("  on: [{event: joined, starts: \"{{user}}\"}]\n", "a fixed one"),
        ("  on: [{when: {$.a: b}}]\n", "one of event, do, keep or rules"),
        ("  meet: [{open: ws}]\n  on: [{rules: [{over: ws, event: joined}]}]\n", "keys that do something"),
        ("  on: [{do: [{send: {text: \"{{$.a}}\"}}]}]\n", "no frame and no answer"),
        ("  on: [{in: rooms, event: joined}]\n", "begins with $"),
        ("  timers: [{every: 1ms, do: []}]\n", "at least 100ms"),
        ("secrets: [nobody]\n", "a variable that is kept"),
        ("throttled: {times: 9999}\n", "tries"),
    ] {
        let found = problem(rest);
        assert!(format!("{found:?}").contains(word), "{rest}: {found:?}");
    }
    let mute = problems(&format!("{HEAD}everybody:\n  connect: []\n"));
    assert!(mute[0].expected.contains("welcome"), "{mute:?}");
    let many: String = (0..7).map(|i| format!("  t{i}: {{kind: http}}\n")).collect();
    let crowded = problems(&format!("dialect: t\nabout: x\ntransports:\n{many}{GOOD}"));
    assert!(crowded[0].expected.contains("from 1 to 6"), "{crowded:?}");
}

#[test]
fn rules_go_so_deep_and_no_deeper() {
    let mut rules = "{event: joined}".to_owned();
    for _ in 0..4 {
        rules = format!("{{rules: [{rules}]}}");
    }
    assert!(problem(&format!("  on: [{rules}]\n")).expected.contains("4 levels"));
}

#[test]
fn settings_alone_lead_a_transport_elsewhere() {
    let text = "dialect: t\nabout: x\nsettings: {far: {about: x, default: y}}\ntransports:\n  ws: {kind: websocket, at: \"{{AT}}\"}\n";
    let with = |at: &str| parse("t.yaml", &format!("{}{GOOD}", text.replace("AT", at)));
    assert!(with("far").is_ok());
    assert!(with("user").unwrap_err().all()[0].expected.contains("setting"));
}

#[test]
fn a_role_can_do_what_is_everybodys_and_its_own() {
    let text = format!(
        "{HEAD}{GOOD}    - open: ws\n  tell:\n  on: [{{event: {{told: {{peer: a, text: b}}}}}}]\nguest:\n  enter: [{{event: {{entered: {{others: 0}}}}}}]\n  \
         post:\n  on: [{{event: {{posted: {{text: a}}}}}}]\n"
    );
    let plan = parse("t.yaml", &text).unwrap();
    let [visitor, _, guest] = Role::ALL.map(|role| plan.roles[role as usize].abilities);
    assert!(visitor.private && !visitor.rooms && !visitor.queue);
    assert!(guest.private && guest.rooms);
    assert_eq!(plan.roles[Role::Guest as usize].on[0][0].looks.len(), 2);
}

#[test]
fn a_role_knows_what_is_kept_by_itself_and_for_everybody() {
    let keeps = |part: &str| format!("{HEAD}{GOOD}{part}  tell: [{{keep: {{tok: x}}}}]\n");
    let uses = "agent:\n  tell: [{send: {text: \"{{tok}}\"}}]\n  part: [{forget: tok}]\n";
    assert!(parse("t.yaml", &format!("{}{uses}", keeps(""))).is_ok());
    let found = problems(&format!("{}{uses}", keeps("visitor:\n")));
    let told: Vec<_> = found.iter().map(|problem| (problem.place.line, problem.path.as_str())).collect();
    assert_eq!(told, [(12, "agent.tell[0].send.text"), (13, "agent.part[0].forget")]);
    assert!(found.iter().all(|problem| problem.found.contains("kept under `visitor` alone")), "{found:?}");
}

#[test]
fn what_follows_from_a_slip_is_not_told_as_well() {
    let rest = "everybody:\n  connect:\n    - open: ws\n    - await: {text: hello}\n    - event: {welcome: {address: a}}\n  \
                tell: [{send: {text: \"{{text}}\"}}]\n  on: [{event: joined}]\n";
    let head = "dialect: t\nabout: x\ntransports:\n  ws: {kind: websocket, subprotocol: chat}\n";
    assert!(parse("t.yaml", &format!("{head}{rest}")).is_ok());
    for wrong in ["kind: websockets", "knd: websocket"] {
        for more in ["", "  api: {kind: http}\n", "  ws2: {kind: poll}\n"] {
            let head = head.replace("kind: websocket", wrong);
            let found = problems(&format!("{head}{more}{rest}"));
            assert_eq!(found.len(), 1, "{wrong}: {found:?}");
        }
    }
    let found = problems(&format!("{}{rest}", head.replace("transports", "transport")));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_rule_has_to_be_able_to_hear() {
    let text = "dialect: t\nabout: x\ntransports: {a: {kind: poll, path: /a}, b: {kind: poll, path: /b}}\neverybody:\n  connect:\n    \
                - event: {welcome: {address: a}}\nvisitor:\n  meet: [{open: a}]\n  on: [{over: a, event: joined}]\nagent:\n  on: [{over: b, event: joined}]\n";
    let found = problems(text);
    let [one] = &found[..] else { panic!("{found:?}") };
    assert_eq!((one.place.line, one.path.as_str()), (11, "agent.on[0]"));
    assert!(one.found.contains("`b`, which the agent never opens"), "{one:?}");
}

#[test]
fn what_a_dialect_lacks_is_said() {
    let [nobody, mute, whole] = [
        format!("{HEAD}visitor:\n  connect: [{{event: {{welcome: {{address: a}}}}}}]\n"),
        format!("{HEAD}{GOOD}agent:\n  connect: []\nvisitor:\n  open: [{{event: {{assigned: {{peer: a}}}}}}]\n"),
        format!("{HEAD}{GOOD}visitor:\n  open: [{{event: {{assigned: {{peer: a}}}}}}]\nagent:\n  ready: [{{event: {{given: {{peer: a}}}}}}]\n"),
    ]
    .map(|text| parse("t.yaml", &text).unwrap());
    let lacks = |plan: &DialectPlan| Role::ALL.map(|role| plan.roles[role as usize].lacks);
    assert_eq!(lacks(&nobody), [None, Some(Lack::Section), Some(Lack::Section)]);
    assert_eq!(nobody.lacks_of_queue().unwrap(), "a visitor has no `open`");
    let why = mute.lacks_of_queue().unwrap();
    assert_eq!(why, "an agent cannot connect: `connect` never comes to the event `welcome`");
    assert!(!mute.queues_alone() && whole.queues_alone() && whole.lacks_of_queue().is_none());
}

#[test]
fn what_was_not_run_against_a_server_says_so_in_its_first_line() {
    for name in names() {
        let text = shipped(name).unwrap();
        let tried = !["chatwoot", "mattermost", "rocketchat"].contains(&name);
        let first = text.lines().next().unwrap_or_default();
        assert_eq!(first.ends_with("not yet run against a live server."), !tried, "{name}: {first}");
    }
}
