use super::*;

fn up() -> Talk {
    let mut talk = shipped("socketio", Role::Visitor, &[]);
    let opening = talk.act(&Act::Connect).taken();
    let path = "/socket.io/?EIO=4&transport=websocket";
    assert!(
        matches!(&opening[..], [Output::Open(_, opening)] if opening.path.as_deref() == Some(path)),
        "{opening:?}"
    );
    talk.opened(0).frame(0, "0{\"sid\":\"e1\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}");
    assert_eq!(talk.sent(), ["40"]);
    assert_eq!(talk.frame(0, "40{\"sid\":\"me\"}").events(), [welcome_typist("me")]);
    talk
}

#[test]
fn two_talk_by_their_ids() {
    let mut talk = up();
    assert_eq!(talk.frame(0, "2").sent(), ["3"]);
    assert_eq!(
        talk.tell("you", "hi \"there\"").sent(),
        ["421[\"say\",{\"room\":\"you\",\"text\":\"hi \\\"there\\\"\"}]"]
    );
    assert_eq!(talk.frame(0, "4311[{\"room\":\"you\"}]").events(), [], "of another message");
    assert_eq!(
        talk.frame(0, "431[{\"room\":\"you\"}]").events(),
        [Event::TakenIn { sent: RealMoment::ZERO }]
    );
    assert_eq!(
        talk.frame(0, "42[\"typing\",{\"room\":\"me\",\"from\":\"you\"}]").events(),
        [Event::Typing { peer: "you".into() }]
    );
    let said = "42[\"said\",{\"text\":\"hello\",\"room\":\"me\",\"from\":\"you\"}]";
    assert_eq!(talk.frame(0, said).events(), [told("you", "hello")]);
    talk.act(&Act::Disconnect);
    assert_eq!(talk.taken(), [Output::Send(Transport(0), "41".into()), Output::Close(Transport(0))]);
}

#[test]
fn a_room_is_entered_talked_in_and_left() {
    let mut talk = up();
    assert_eq!(talk.act(&Act::Enter { room: "lounge-1".into() }).sent(), ["421[\"join\",\"room-lounge-1\"]"]);
    assert_eq!(
        talk.frame(0, "431[{\"room\":\"room-lounge-1\",\"members\":3}]").events(),
        [Event::Entered { others: 2 }]
    );
    let tell = |name: &str, more: &str| {
        format!("42[\"{name}\",{{{more}\"room\":\"room-lounge-1\",\"from\":\"you\"}}]")
    };
    assert_eq!(talk.frame(0, &tell("joined", "")).events(), [Event::Joined]);
    assert_eq!(
        talk.frame(0, &tell("said", "\"text\":\"hi\",")).events(),
        [Event::Posted { text: "hi".into() }]
    );
    assert_eq!(talk.frame(0, &tell("left", "")).events(), [Event::Parted]);
    assert_eq!(
        talk.act(&Act::Post { text: "all".into() }).sent(),
        ["422[\"say\",{\"room\":\"room-lounge-1\",\"text\":\"all\"}]"]
    );
    talk.frame(0, "432[{}]").taken();
    assert_eq!(talk.act(&Act::Leave).sent(), ["42[\"leave\",\"room-lounge-1\"]"]);
    assert_eq!(talk.frame(0, &tell("said", "\"text\":\"hi\",")).events(), []);
}

#[test]
fn a_server_that_will_not_have_us_says_why() {
    let mut talk = shipped("socketio", Role::Visitor, &[]);
    talk.act(&Act::Connect).opened(0).frame(0, "0{}").frame(0, "44{\"message\":\"not authorized\"}");
    assert_eq!(talk.events(), [Event::Refused { why: "not authorized".into() }]);
}
