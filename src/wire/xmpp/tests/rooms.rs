//! Rooms: who is there, and what is said to all.

use super::*;

fn presence(nick: &str, attributes: &str, codes: &[&str]) -> String {
    let codes: String = codes.iter().map(|code| format!("<status code='{code}'/>")).collect();
    format!(
        "<presence from='lobby@rooms.example.org/{nick}'{attributes}>\
         <x xmlns='http://jabber.org/protocol/muc#user'><item role='participant'/>{codes}</x></presence>"
    )
}

fn gone(nick: &str) -> String {
    presence(nick, " type='unavailable'", &[])
}

fn error(condition: &str) -> String {
    format!(
        "<presence from='lobby@rooms.example.org/{ME}' type='error'><error type='cancel'>\
         <{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
    )
}

fn said(nick: &str, within: &str) -> String {
    format!("<message from='lobby@rooms.example.org/{nick}' type='groupchat'>{within}</message>")
}

/// The first nick of the tests' client.
const ME: &str = "00000000000000071-1";

fn enter(talk: &mut Talk) -> Vec<Output<Event>> {
    talk.act(&Act::Enter { room: "Lobby".into() })
}

/// A guest in a room with one other.
fn inside() -> Talk {
    let mut talk = Talk::up();
    enter(&mut talk);
    talk.hear(&presence("ada", "", &[]));
    let out = talk.hear(&presence(ME, "", &["110"]));
    assert_eq!(events(&out), [&Event::Entered { others: 1 }]);
    talk
}

#[test]
fn a_visit_to_a_room() {
    let mut talk = Talk::up();
    let wish = format!(
        "<presence to='lobby@rooms.example.org/{ME}'><x xmlns='http://jabber.org/protocol/muc'>\
         <history maxstanzas='0'/></x></presence>"
    );
    assert_eq!(sent(&enter(&mut talk)), [wish]);
    assert_eq!(talk.act(&Act::Post { text: "too early".into() }), []);
    assert_eq!(talk.hear(&presence("ada", "", &[])), []);
    assert_eq!(talk.hear(&presence("bob", "", &[])), []);
    assert_eq!(talk.hear(&gone("bob")), []);
    assert_eq!(talk.hear(&said("ada", "<body>you do not hear that yet</body>")), []);
    assert_eq!(events(&talk.hear(&presence(ME, "", &["110"]))), [&Event::Entered { others: 1 }]);
    assert_eq!(talk.hear("<presence from='lobby@rooms.example.org'/>"), [], "the room's own");

    assert_eq!(events(&talk.hear(&presence("cat", "", &[]))), [&Event::Joined]);
    assert_eq!(talk.hear(&presence("cat", "", &[])), [], "in another state, not in another person");
    let out = talk.act(&Act::Post { text: "hi".into() });
    assert_eq!(
        sent(&out)[0],
        "<message type='groupchat' to='lobby@rooms.example.org' id='m1'><body>hi</body></message>"
    );
    assert!(sent(&out)[1].contains("ping-1"));
    assert_eq!(talk.hear(&said(ME, "<body>hi</body>")), [], "one's own");
    assert_eq!(events(&talk.hear(&said("cat", "<body>hi!</body>"))), [&Event::Posted { text: "hi!".into() }]);
    assert_eq!(talk.hear(&said("cat", "<subject>cats</subject>")), []);
    assert_eq!(talk.hear(&said("cat", "<body>old</body><delay xmlns='urn:xmpp:delay'/>")), []);
    assert_eq!(events(&talk.hear(&gone("ada"))), [&Event::Parted]);
    assert_eq!(talk.hear(&gone("ada")), []);

    let farewell = format!("<presence to='lobby@rooms.example.org/{ME}' type='unavailable'></presence>");
    assert_eq!(sent(&talk.act(&Act::Leave)), [farewell]);
    assert_eq!(talk.hear(&said("cat", "<body>bye</body>")), []);
    assert_eq!(talk.hear(&presence(ME, " type='unavailable'", &["110"])), []);
}

#[test]
fn what_comes_from_a_visit_before_is_no_news_of_this_one() {
    let mut talk = inside();
    talk.act(&Act::Leave);
    enter(&mut talk);
    for stale in [
        presence(ME, "", &["110"]),
        presence(ME, " type='unavailable'", &["110"]),
        error("conflict"),
        said(ME, "<body>hi</body>"),
    ] {
        assert_eq!(talk.hear(&stale), [], "{stale}");
    }
    let entered = talk.hear(&presence("00000000000000071-2", "", &["110"]));
    assert_eq!(events(&entered), [&Event::Entered { others: 0 }]);
}

#[test]
fn a_room_that_lets_nobody_in_says_why() {
    let full = "resource-constraint";
    for (condition, news) in
        [("not-allowed", vec![refused("not-allowed")]), (full, vec![throttled(full), refused(full)])]
    {
        let mut talk = Talk::up();
        enter(&mut talk);
        assert_eq!(events(&talk.hear(&error(condition))), news.iter().collect::<Vec<_>>());
        assert_eq!(talk.act(&Act::Leave), [], "there is nothing to leave");
    }
}

#[test]
fn a_nick_that_is_taken_gives_way_to_others_for_a_while() {
    let mut talk = Talk::up();
    enter(&mut talk);
    let mut nick = ME.to_owned();
    for number in 1..=3 {
        let conflict = error("conflict").replace(ME, &nick);
        nick = format!("{nick}-{number}");
        let out = talk.hear(&conflict);
        assert!(sent(&out)[0].contains(&format!("/{nick}'")), "{out:?}");
    }
    assert_eq!(events(&talk.hear(&error("conflict").replace(ME, &nick))), [&refused("conflict")]);
}

#[test]
fn a_service_may_give_another_nick() {
    let mut talk = Talk::up();
    enter(&mut talk);
    let out = talk.hear(&presence("guest-5", "", &["110", "210"]));
    assert_eq!(events(&out), [&Event::Entered { others: 0 }]);
    assert_eq!(talk.hear(&said("guest-5", "<body>mine</body>")), []);
}

#[test]
fn who_comes_first_unlocks_the_room() {
    let mut talk = Talk::up();
    enter(&mut talk);
    let out = talk.hear(&presence(ME, "", &["110", "201"]));
    assert!(sent(&out)[0].contains("muc#owner"), "{out:?}");
    assert_eq!(events(&out), [&Event::Entered { others: 0 }]);
}

#[test]
fn who_is_put_out_or_may_not_speak_hears_so() {
    let kick = format!(
        "<presence from='lobby@rooms.example.org/{ME}' type='unavailable'>\
         <x xmlns='http://jabber.org/protocol/muc#user'><item><reason>spam</reason></item>\
         <status code='110'/><status code='307'/></x></presence>"
    );
    let mut talk = inside();
    assert_eq!(events(&talk.hear(&kick)), [&refused("put out of the room: spam")]);
    assert_eq!(talk.act(&Act::Post { text: "hello?".into() }), []);

    let bounce = |condition: &str| {
        format!(
            "<message from='lobby@rooms.example.org' type='error'><error type='auth'>\
             <{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        )
    };
    for (condition, event, stays) in [
        ("forbidden", Event::Failed { why: "forbidden".into() }, true),
        ("policy-violation", throttled("policy-violation"), true),
        ("not-acceptable", refused("not-acceptable"), false),
    ] {
        let mut talk = inside();
        assert_eq!(events(&talk.hear(&bounce(condition))), [&event]);
        assert_eq!(talk.act(&Act::Leave).len(), usize::from(stays), "{condition}");
    }
}

#[test]
fn a_word_between_two_in_a_room_is_no_post() {
    let out =
        inside().hear("<message from='lobby@rooms.example.org/ada' type='chat'><body>psst</body></message>");
    assert_eq!(
        events(&out),
        [&Event::Told { peer: "lobby@rooms.example.org/ada".into(), text: "psst".into() }]
    );
}

#[test]
fn names_that_no_address_has_are_written_out() {
    let mut talk = Talk::up();
    let out = talk.act(&Act::Enter { room: "Café/7".into() });
    assert!(sent(&out)[0].contains("to='caf_e9_2f7@rooms.example.org/"), "{out:?}");
}

fn items(services: &[&str]) -> String {
    let items: String = services.iter().map(|service| format!("<item jid='{service}'/>")).collect();
    format!(
        "<iq type='result' id='services'><query xmlns='http://jabber.org/protocol/disco#items'>{items}</query></iq>"
    )
}

fn info(id: &str, feature: &str) -> String {
    format!(
        "<iq type='result' id='{id}'><query xmlns='http://jabber.org/protocol/disco#info'>\
         <feature var='{feature}'/></query></iq>"
    )
}

#[test]
fn the_service_with_the_rooms_is_found_once() {
    let mut talk = Talk::up_with(Login { conference: None, ..guest() }, BINDS);
    assert!(sent(&enter(&mut talk))[0].contains("to='example.org'><query"));
    let out = talk.hear(&items(&["files.example.org", "muc.example.org"]));
    assert!(sent(&out)[0].contains("id='service-1' to='files.example.org'"), "{out:?}");
    assert_eq!(talk.hear(&info("service-0", "http://jabber.org/protocol/muc")), [], "not asked yet");
    let out = talk.hear(&info("service-1", "urn:xmpp:http:upload:0"));
    assert!(sent(&out)[0].contains("id='service-0' to='muc.example.org'"), "{out:?}");
    let out = talk.hear(&info("service-0", "http://jabber.org/protocol/muc"));
    assert!(sent(&out)[0].contains(&format!("to='lobby@muc.example.org/{ME}'")), "{out:?}");
    talk.act(&Act::Leave);
    assert!(sent(&enter(&mut talk))[0].contains("lobby@muc.example.org/"));
}

#[test]
fn a_server_that_names_no_service_has_it_where_it_is_customary() {
    let mut talk = Talk::up_with(Login { conference: None, ..guest() }, BINDS);
    enter(&mut talk);
    let out = talk.hear("<iq type='error' id='services'/>");
    assert!(sent(&out)[0].contains("lobby@conference.example.org/"), "{out:?}");
}

#[test]
fn who_thinks_better_of_it_enters_nothing() {
    let mut talk = Talk::up_with(Login { conference: None, ..guest() }, BINDS);
    enter(&mut talk);
    talk.act(&Act::Leave);
    assert_eq!(talk.hear(&items(&[])), []);
    assert!(sent(&enter(&mut talk))[0].contains("lobby@conference.example.org/"));
}

#[test]
fn who_is_never_let_in_is_told_so() {
    let searching = || Talk::up_with(Login { conference: None, ..guest() }, BINDS);
    for (mut talk, heard) in [
        (Talk::up(), presence("ada", "", &[])),
        (searching(), String::new()),
        (searching(), items(&["muc.example.org"])),
    ] {
        enter(&mut talk);
        talk.hear(&heard);
        assert_eq!(talk.wait(RealSpan::from_whole_secs(9)), []);
        let out = talk.wait(RealSpan::from_whole_secs(1));
        assert_eq!(events(&out), [&refused("not let in within 10 s")]);
        assert_eq!(talk.client.next_deadline(), None);
        assert_eq!(talk.hear(&presence(ME, "", &["110"])), [], "and too late is too late");
    }
    let mut talk = searching();
    enter(&mut talk);
    talk.wait(RealSpan::from_whole_secs(6));
    talk.hear("<iq type='error' id='services'/>");
    let out = talk.wait(RealSpan::from_whole_secs(4));
    assert_eq!(events(&out).len(), 1, "the search is part of it");
    assert_eq!(inside().client.next_deadline(), None);
}
