//! Rooms: who hears what, and what is kept of it.

mod bounds;

use super::*;
use crate::scenario::plan::rooms::{ModerationMode, Rules};
use crate::wire::MessageId;
use crate::wire::json::frame::Decision;
use crate::wire::json::rules::{self, UNTOLD};

const BEFORE: Rules = Rules { mode: ModerationMode::Before, ..UNTOLD };

/// A guest of run 1 in this room.
fn guest(hall: &mut Hall, room: &str, rules: Rules) -> (ClientId, Outbox) {
    let (id, mut frames) = hall.join(Role::Guest, 1);
    hall.hear(T0, id, enter(room, rules)).unwrap();
    assert!(matches!(told(&mut frames)[..], [ServerFrame::Entered { .. }]));
    (id, frames)
}

/// A moderator of run 1 at this venue, who has nothing in hand yet.
fn moderator(hall: &mut Hall, venue: &str, rules: Rules) -> (ClientId, Outbox) {
    let (id, mut frames) = hall.join(Role::Moderator, 1);
    hall.hear(T0, id, moderate(venue, rules)).unwrap();
    assert!(matches!(told(&mut frames)[..], [ServerFrame::Moderating { .. }]));
    (id, frames)
}

fn enter(room: &str, rules: Rules) -> ClientFrame {
    ClientFrame::Enter { room: room.into(), rules: Some(rules::Rules(rules)) }
}

fn moderate(venue: &str, rules: Rules) -> ClientFrame {
    ClientFrame::Moderate { venue: venue.into(), rules: Some(rules::Rules(rules)) }
}

fn post(text: &str) -> ClientFrame {
    ClientFrame::Post { text: text.into(), flagged: false }
}

fn decide(message: MessageId, verdict: Decision) -> ClientFrame {
    ClientFrame::Decide { message, verdict }
}

/// The one message that was posted to somebody since the last look.
fn posted(frames: &mut Outbox) -> MessageId {
    match &told(frames)[..] {
        [ServerFrame::Posted { message, .. }] => *message,
        other => panic!("{other:?}"),
    }
}

/// The one message that a moderator was given since the last look.
fn given(frames: &mut Outbox) -> MessageId {
    match &told(frames)[..] {
        [ServerFrame::Review { message, .. }] => *message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn presence_is_news_of_those_alone_and_messages_of_everybody_else() {
    let mut hall = Hall::default();
    let (first, mut to_first) = guest(&mut hall, "fans", UNTOLD);
    let (second, mut to_second) = guest(&mut hall, "fans", UNTOLD);
    assert_eq!(told(&mut to_first), [ServerFrame::Company]);
    let (third, mut to_third) = guest(&mut hall, "fans", UNTOLD);
    let (_elsewhere, mut to_elsewhere) = guest(&mut hall, "others", UNTOLD);
    assert_eq!(
        (told(&mut to_first), told(&mut to_second)),
        (vec![], vec![]),
        "that changes nothing for them"
    );
    hall.hear(T0, first, post("hello")).unwrap();
    assert_eq!(posted(&mut to_second), posted(&mut to_third));
    assert_eq!((told(&mut to_first), told(&mut to_elsewhere)), (vec![], vec![]));
    hall.hear(T0, second, ClientFrame::Leave).unwrap();
    assert_eq!(told(&mut to_first), []);
    hall.leave(T0, third);
    assert_eq!(told(&mut to_first), [ServerFrame::Alone], "one whose connection breaks has left");
    hall.hear(T0, second, enter("fans", UNTOLD)).unwrap();
    assert_eq!(told(&mut to_first), [ServerFrame::Company]);
}

#[test]
fn what_many_are_told_is_written_once() {
    let mut hall = Hall::default();
    let (author, _to_author) = guest(&mut hall, "fans", UNTOLD);
    let mut others: Vec<_> = (0..3).map(|_| guest(&mut hall, "fans", UNTOLD)).collect();
    hall.hear(T0, author, post("hello")).unwrap();
    let texts: Vec<_> = others
        .iter_mut()
        .map(|(_, frames)| match frames.try_recv() {
            Ok(Parcel::Many(text, _)) => text.as_str().as_ptr(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(texts.iter().all(|text| *text == texts[0]), "they share the bytes");
}

#[test]
fn a_message_that_scrolls_away_is_named_with_the_one_that_pushed_it() {
    let rules = Rules { screen: 2, ..UNTOLD };
    let mut hall = Hall::default();
    let (author, mut to_author) = guest(&mut hall, "fans", rules);
    let (_other, mut to_other) = guest(&mut hall, "fans", rules);
    told(&mut to_author);
    for _ in 0..3 {
        hall.hear(T0, author, post("hello")).unwrap();
    }
    let [first, _, third] = &told(&mut to_other)[..] else { panic!("three messages") };
    let ServerFrame::Posted { message: gone, scrolled: None, .. } = first else { panic!("{first:?}") };
    let ServerFrame::Posted { scrolled: Some(scrolled), .. } = third else { panic!("{third:?}") };
    assert_eq!(scrolled, gone);
    assert_eq!(told(&mut to_author), [ServerFrame::Hidden { message: *gone }], "the author sees that alone");
}

#[test]
fn what_is_held_is_seen_by_its_moderator_first() {
    let mut hall = Hall::default();
    let (moderator, mut to_moderator) = moderator(&mut hall, "portal", BEFORE);
    let (author, mut to_author) = guest(&mut hall, "portal/3", BEFORE);
    let (_other, mut to_other) = guest(&mut hall, "portal/3", BEFORE);
    let (elsewhere, mut to_elsewhere) = guest(&mut hall, "portal/4", BEFORE);
    told(&mut to_author);
    hall.hear(T0, author, post("one")).unwrap();
    hall.hear(T0, author, post("two")).unwrap();
    hall.hear(T0, elsewhere, post("three")).unwrap();
    assert_eq!(told(&mut to_other), []);
    let one = given(&mut to_moderator);
    hall.hear(T0, moderator, decide(one, Decision::Pass)).unwrap();
    assert_eq!(posted(&mut to_other), one);
    let two = given(&mut to_moderator);
    assert!(hall.hear(T0, moderator, decide(one, Decision::Pass)).is_err(), "it was decided");
    hall.hear(T0, moderator, decide(two, Decision::Remove)).unwrap();
    given(&mut to_moderator);
    assert_eq!(
        (told(&mut to_author), told(&mut to_other), told(&mut to_elsewhere)),
        (vec![], vec![], vec![])
    );
}

#[test]
fn what_a_moderator_who_vanishes_had_in_hand_is_the_next_to_be_reviewed() {
    let mut hall = Hall::default();
    let (gone, mut to_gone) = moderator(&mut hall, "fans", BEFORE);
    let (author, _to_author) = guest(&mut hall, "fans", BEFORE);
    hall.hear(T0, author, post("one")).unwrap();
    hall.hear(T0, author, post("two")).unwrap();
    let one = given(&mut to_gone);
    hall.leave(T0, gone);
    let (successor, mut to_successor) = hall.join(Role::Moderator, 1);
    hall.hear(T0, successor, moderate("fans", BEFORE)).unwrap();
    let heard = told(&mut to_successor);
    assert!(matches!(heard[..], [ServerFrame::Moderating { moderator: 0 }, ServerFrame::Review { .. }]));
    assert!(matches!(&heard[1], ServerFrame::Review { message, held: true, .. } if *message == one));
}

#[test]
fn a_filter_blocks_or_holds() {
    let flagged = || ClientFrame::Post { text: "hello".into(), flagged: true };
    let mut hall = Hall::default();
    let (author, _to_author) = guest(&mut hall, "fans", UNTOLD);
    let (_other, mut to_other) = guest(&mut hall, "fans", UNTOLD);
    hall.hear(T0, author, flagged()).unwrap();
    assert_eq!(told(&mut to_other), []);
    let holds = Rules { filter_holds: true, ..UNTOLD };
    let (_moderator, mut to_moderator) = moderator(&mut hall, "others", holds);
    let (author, _to_author) = guest(&mut hall, "others", holds);
    hall.hear(T0, author, flagged()).unwrap();
    given(&mut to_moderator);
}

#[test]
fn reports_of_several_guests_hide_a_message_and_those_of_one_do_not() {
    let rules = Rules { mode: ModerationMode::None { hidden_after: Some(2) }, ..UNTOLD };
    let mut hall = Hall::default();
    let (author, mut to_author) = guest(&mut hall, "fans", rules);
    let (first, mut to_first) = guest(&mut hall, "fans", rules);
    let (second, _to_second) = guest(&mut hall, "fans", rules);
    let (elsewhere, _to_elsewhere) = guest(&mut hall, "fans/elsewhere", rules);
    told(&mut to_author);
    hall.hear(T0, author, post("hello")).unwrap();
    let message = posted(&mut to_first);
    for guest in [first, first, elsewhere] {
        hall.hear(T0, guest, ClientFrame::Report { message }).unwrap();
    }
    assert_eq!(told(&mut to_first), []);
    hall.hear(T0, second, ClientFrame::Report { message }).unwrap();
    let hidden = [ServerFrame::Hidden { message }];
    assert_eq!((told(&mut to_first), told(&mut to_author)), (hidden.to_vec(), hidden.to_vec()));
    hall.hear(T0, second, ClientFrame::Report { message: MessageId(u64::MAX) }).unwrap();
}

#[test]
fn everybody_says_the_same_of_the_rules() {
    let mut hall = Hall::default();
    let (_guest, _frames) = guest(&mut hall, "fans", BEFORE);
    let (other, mut to_other) = hall.join(Role::Guest, 1);
    assert!(hall.hear(T0, other, enter("fans", UNTOLD)).is_err());
    hall.hear(T0, other, ClientFrame::Enter { room: "fans".into(), rules: None }).unwrap();
    assert_eq!(told(&mut to_other), [ServerFrame::Entered { others: 1 }], "or nothing");
    let (stranger, mut to_stranger) = hall.join(Role::Guest, 2);
    hall.hear(T0, stranger, enter("fans", UNTOLD)).unwrap();
    assert_eq!(
        told(&mut to_stranger),
        [ServerFrame::Entered { others: 0 }],
        "another run has rooms of its own"
    );
}

#[test]
fn nothing_is_kept_of_rooms_where_nobody_is() {
    let mut hall = Hall::default();
    let (author, _to_author) = guest(&mut hall, "portal/1", BEFORE);
    hall.hear(T0, author, post("hello")).unwrap();
    let (moderator, mut to_moderator) = hall.join(Role::Moderator, 1);
    hall.hear(T0, moderator, moderate("portal", BEFORE)).unwrap();
    assert_eq!(told(&mut to_moderator).len(), 2);
    hall.leave(T0, author);
    assert_eq!(hall.forums.len(), 1, "the moderator is there");
    hall.leave(T0, moderator);
    assert_eq!((hall.forums.len(), hall.clients.len()), (0, 0));
}

#[test]
fn nonsense_is_refused_and_leaves_nothing_behind() {
    let mut hall = Hall::default();
    let (guest, _to_guest) = hall.join(Role::Guest, 1);
    let (moderator, _to_moderator) = hall.join(Role::Moderator, 1);
    let huge = Rules { screen: limits::SCREEN + 1, ..UNTOLD };
    for frame in [
        post("into the void"),
        ClientFrame::Report { message: MessageId(1) },
        enter(&"x".repeat(1_000), UNTOLD),
        enter(&format!("fans/{}", "x".repeat(1_000)), UNTOLD),
        enter("fans", huge),
        moderate("fans", UNTOLD),
        open("support"),
    ] {
        assert!(hall.hear(T0, guest, frame.clone()).is_err(), "{frame:?}");
    }
    for frame in [
        decide(MessageId(1), Decision::Pass),
        moderate("fans", huge),
        moderate(&"x".repeat(1_000), UNTOLD),
        enter("fans", UNTOLD),
    ] {
        assert!(hall.hear(T0, moderator, frame.clone()).is_err(), "{frame:?}");
    }
    assert_eq!((hall.forums.len(), hall.stations.len()), (0, 0));
    hall.hear(T0, guest, enter("fans", UNTOLD)).unwrap();
    assert!(hall.hear(T0, guest, enter("fans", UNTOLD)).is_err(), "one is in one room");
    for number in 0..limits::REPORTS as u64 {
        hall.hear(T0, guest, ClientFrame::Report { message: MessageId(number) }).unwrap();
    }
    assert!(hall.hear(T0, guest, ClientFrame::Report { message: MessageId(u64::MAX) }).is_err());
}
