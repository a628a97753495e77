//! In which order what comes in lists is heard.

use super::*;

const HEAD: &str = "dialect: t\nabout: a test\ntransports: {ws: {kind: websocket}}\neverybody:\n  connect: [{open: ws}, {event: {welcome: {address: a}}}]\n";

/// An agent in a dialect in which messages are everybody's, and being given a chat is the agent's.
fn up(everybody: &str, agent: &str) -> Talk {
    let mut talk = Talk::of(&format!("{HEAD}  on:\n{everybody}agent:\n  on:\n{agent}"), Role::Agent);
    talk.act(&Act::Connect).opened(0).taken();
    talk
}

fn given(peer: &str) -> Event {
    Event::Given { peer: peer.into() }
}

#[test]
fn each_thing_in_a_list_goes_through_all_rules_before_the_next_does() {
    let told = "    - in: $.d.*\n      when: {$.t: said}\n      event: {told: {peer: \"{{$.in}}\", text: \"{{$.x}}\"}}\n";
    let mine = "    - when: {$.mark: {is: present}}\n      keep: {mark: \"{{$.mark}}\"}\n    \
                - in: $.d.*\n      when: {$.t: given}\n      let: {in: \"{{$.in}}\"}\n      event: {given: {peer: \"{{in}}{{mark}}\"}}\n";
    let mut talk = up(told, mine);
    let frame = json!({"mark": "!", "d": [
        {"t": "given", "in": "c1"}, {"t": "said", "in": "c1", "x": "one"},
        {"t": "given", "in": "c2"}, {"t": "said", "in": "c2", "x": "two"},
    ]});
    // The rules for the list stand where the first of them stands: before what keeps the mark.
    assert_eq!(
        talk.frame(0, &frame.to_string()).events(),
        [self::told("c1", "one"), self::told("c2", "two")]
    );
    let again = [given("c1!"), self::told("c1", "one"), given("c2!"), self::told("c2", "two")];
    assert_eq!(talk.frame(0, &frame.to_string()).events(), again);
}

#[test]
fn a_rule_that_is_left_out_for_want_of_a_variable_says_so() {
    let rules = "    - when: {$.t: me}\n      keep: {me: \"{{$.id}}\"}\n    - when: {$.t: said}\n      event: {told: {peer: \"{{me}}\", text: \"{{$.x}}\"}}\n";
    let mut talk = up("    - when: {$.never: a}\n      event: joined\n", rules);
    let said = "{\"t\":\"said\",\"x\":\"hi\"}";
    assert_eq!(talk.frame(0, said).events(), []);
    assert_eq!(talk.dialect.take_left_out().as_deref(), Some("agent.on[1] is left out: me is not there"));
    talk.frame(0, "{\"t\":\"said\"}");
    talk.frame(0, "{\"t\":\"me\",\"id\":\"m\"}").taken();
    talk.dialect.take_left_out();
    assert_eq!(talk.frame(0, "{\"t\":\"said\"}").frame(0, said).events(), [told("m", "hi")]);
    assert_eq!(talk.dialect.take_left_out(), None, "what is not in a frame is for others");
}

#[test]
fn lists_within_what_a_rule_found_go_the_same_way_and_keys_are_known_to_each_rule() {
    let rules = "    - when: {$.rooms: {is: present}}\n      rules:\n        \
                 - in: $.rooms.*room.*\n          when: {$.t: given}\n          let: {x: \"{{$.t}}\"}\n          event: {given: {peer: \"{{room}}\"}}\n        \
                 - in: $.rooms.*room.*\n          when: {$.t: said}\n          event: {told: {peer: \"{{room}}\", text: \"{{$.x}}\"}}\n";
    let mut talk = up("    - when: {$.never: a}\n      event: joined\n", rules);
    let frame =
        json!({"rooms": {"a": [{"t": "given"}, {"t": "said", "x": "1"}], "b": [{"t": "said", "x": "2"}]}});
    assert_eq!(talk.frame(0, &frame.to_string()).events(), [given("a"), told("a", "1"), told("b", "2")]);
}
