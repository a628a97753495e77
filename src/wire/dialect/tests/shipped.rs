//! Transcripts of the dialects that come with the program.

use super::*;

mod matrix;
mod socketio;

/// A connection in a dialect that comes with the program.
fn shipped(name: &str, role: Role, settings: &[(&str, &str)]) -> Talk {
    let plan = Arc::new(dialects::load(name).unwrap_or_else(|problems| panic!("{problems}")));
    let settings: Vec<_> = settings.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let target = Target::new(&plan, "http://chat.example:8008", &settings, EPOCH).unwrap();
    Talk::new(Dialect::new(Arc::new(target), role, ann(), 7))
}

/// The blocks of YAML in the documentation.
fn documented() -> Vec<&'static str> {
    let text = include_str!("../../../../docs/dialects.md");
    text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn the_example_of_the_documentation_is_spoken_as_it_says() {
    let blocks = documented();
    let example = blocks.iter().find(|block| block.starts_with("dialect:")).expect("a whole dialect");
    let plan = plan(example);
    let [visitor, agent, guest] = Role::ALL.map(|role| plan.roles[role as usize].abilities);
    assert!(visitor.queue && visitor.private && agent.queue && agent.private && !guest.queue && !guest.rooms);

    let mut talk = Talk::of(example, Role::Agent);
    talk.act(&Act::Connect).opened(0);
    let Some(Output::Ask(_, number, question)) = talk.taken().pop() else { panic!() };
    assert_eq!(
        (question.path.as_str(), body(&question)),
        ("/api/login", json!({"name": "ann", "password": "s3cret-word"}))
    );
    talk.answer(0, number, 200, &[], "{\"id\":7,\"token\":\"a b\"}");
    let opening = talk.taken();
    assert!(
        matches!(&opening[..], [Output::Open(_, opening)] if opening.path.as_deref() == Some("/live?token=a%20b")),
        "{opening:?}"
    );
    assert_eq!(talk.opened(1).events(), [welcome("7")]);
    assert_eq!(talk.act(&Act::Ready { slots: 3 }).sent(), ["{\"slots\":3,\"type\":\"available\"}"]);
    assert_eq!(talk.frame(1, "{\"type\":\"available\"}").events(), [Event::OnDuty]);
    talk.frame(1, "{\"type\":\"offer\",\"chat\":\"c17\",\"text\":\"a &lt; b?\"}");
    let accept = Output::Send(Transport(1), "{\"chat\":\"c17\",\"type\":\"accept\"}".into());
    let given = Output::Event(Event::Given { peer: "c17".into() });
    assert_eq!(talk.taken(), [accept, given, Output::Event(told("c17", "a < b?"))], "the opening is told");
    let said = talk.tell("c17", "a < b").sent();
    assert_eq!(said, ["{\"chat\":\"c17\",\"id\":1,\"text\":\"a &lt; b\",\"type\":\"say\"}"]);
    assert_eq!(talk.frame(1, "{\"type\":\"said\",\"id\":1}").events().len(), 1);
    let message = |from: u32, number: u32| {
        format!(
            "{{\"type\":\"message\",\"chat\":\"c17\",\"from\":{from},\"text\":\"1 &lt; 2\",\"number\":{number}}}"
        )
    };
    assert_eq!(
        talk.frame(1, &message(7, 1)).frame(1, &message(9, 2)).frame(1, &message(9, 2)).events(),
        [told("c17", "1 < 2")]
    );
    assert_eq!(talk.frame(1, "{\"type\":\"ping\"}").sent(), ["{\"type\":\"pong\"}"]);
    assert_eq!(talk.act(&Act::Part { peer: "c17".into() }).sent(), ["{\"chat\":\"c17\",\"type\":\"end\"}"]);
    assert_eq!(
        talk.frame(1, "{\"type\":\"end\",\"chat\":\"c17\"}").events(),
        [Event::Left { peer: "c17".into() }]
    );
}

#[test]
fn all_that_comes_with_the_program_can_be_read() {
    for name in dialects::names() {
        let plan = dialects::load(name).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(plan.name, name);
    }
}
