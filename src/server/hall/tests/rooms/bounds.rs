//! What guests and moderators may make the server hold, and what it forgets.

use super::*;
use crate::server::forum::Forums;
use crate::server::limits::VenueLimits;

/// A server that has no more than that.
fn within(limits: VenueLimits) -> Hall {
    Hall { forums: Forums::within(limits), ..Hall::default() }
}

/// Why a new guest, or moderator, may not do that.
fn refused(hall: &mut Hall, role: Role, frame: ClientFrame) -> String {
    let (id, _frames) = hall.join(role, 1);
    let refusal = hall.hear(T0, id, frame).unwrap_err();
    hall.leave(T0, id);
    refusal
}

#[test]
fn people_venues_and_rooms_are_bounded() {
    let limits = VenueLimits { venues: 2, rooms: 3, guests: 2, moderators: 1, ..VenueLimits::default() };
    let mut hall = within(limits);
    let (_first, _frames) = guest(&mut hall, "portal/1", UNTOLD);
    let (second, _frames) = guest(&mut hall, "portal/2", UNTOLD);
    assert!(refused(&mut hall, Role::Guest, enter("portal/3", UNTOLD)).contains("too many guests"));
    assert_eq!(hall.forums.rooms(), 2, "nor is there a room for them");
    let (_moderator, _frames) = moderator(&mut hall, "portal", UNTOLD);
    assert!(refused(&mut hall, Role::Moderator, moderate("portal", UNTOLD)).contains("too many moderators"));
    let (third, _frames) = guest(&mut hall, "fans/1", UNTOLD);
    assert!(refused(&mut hall, Role::Guest, enter("fans/2", UNTOLD)).contains("too many rooms"));
    assert!(refused(&mut hall, Role::Guest, enter("others", UNTOLD)).contains("too many venues"));
    assert!(refused(&mut hall, Role::Moderator, moderate("others", UNTOLD)).contains("too many venues"));
    hall.leave(T0, third);
    let (_other, _frames) = guest(&mut hall, "others", UNTOLD);
    hall.hear(T0, second, ClientFrame::Leave).unwrap();
    hall.hear(T0, second, enter("portal/3", UNTOLD)).unwrap();
    assert_eq!((hall.forums.len(), hall.forums.rooms()), (2, 3));
}

#[test]
fn messages_are_bounded_by_number_and_by_bytes() {
    let mut hall = within(VenueLimits { kept: 2, ..VenueLimits::default() });
    let (author, _to_author) = guest(&mut hall, "fans", Rules { screen: 1, ..BEFORE });
    for _ in 0..2 {
        hall.hear(T0, author, post("hello")).unwrap();
    }
    assert!(hall.hear(T0, author, post("hello")).unwrap_err().contains("too many messages"));

    let mut hall = within(VenueLimits { kept_bytes: 2_000, ..VenueLimits::default() });
    let one_at_a_time = Rules { screen: 1, ..UNTOLD };
    let (talker, _to_talker) = guest(&mut hall, "fans", one_at_a_time);
    for _ in 0..10 {
        hall.hear(T0, talker, post(&"x".repeat(700))).unwrap();
    }
    let (author, _to_author) = guest(&mut hall, "others", BEFORE);
    hall.hear(T0, author, post(&"x".repeat(700))).unwrap();
    assert!(hall.hear(T0, author, post(&"x".repeat(700))).unwrap_err().contains("too many messages"));
    assert!(
        hall.hear(T0, talker, post("hello")).is_err(),
        "a new one takes its place before the old one goes"
    );
    hall.leave(T0, author);
    hall.hear(T0, talker, post("hello")).unwrap();
}

#[test]
fn a_room_is_forgotten_when_nobody_is_there_and_nothing_is_kept_of_it() {
    let mut hall = within(VenueLimits { rooms: 2, ..VenueLimits::default() });
    let (moderator, mut to_moderator) = moderator(&mut hall, "portal", BEFORE);
    for number in 0..5 {
        let (passing, _frames) = guest(&mut hall, &format!("portal/{number}"), BEFORE);
        hall.leave(T0, passing);
    }
    assert_eq!(hall.forums.rooms(), 0, "nothing was said");
    let (author, _to_author) = guest(&mut hall, "portal/1", BEFORE);
    hall.hear(T0, author, post("hello")).unwrap();
    hall.hear(T0, author, post("is anybody there?")).unwrap();
    hall.leave(T0, author);
    assert_eq!(hall.forums.rooms(), 1, "somebody is to review it");
    let hello = given(&mut to_moderator);
    hall.hear(T0, moderator, decide(hello, Decision::Remove)).unwrap();
    let question = given(&mut to_moderator);
    assert_eq!(hall.forums.rooms(), 1, "and something else");
    hall.hear(T0, moderator, decide(question, Decision::Remove)).unwrap();
    assert_eq!((hall.forums.len(), hall.forums.rooms()), (1, 0));
    let (_first, mut to_first) = guest(&mut hall, "portal/1", BEFORE);
    let (_other, _frames) = guest(&mut hall, "portal/2", BEFORE);
    assert_eq!(told(&mut to_first), [], "another room than that of the same number before");
    hall.leave(T0, moderator);
}
