mod naive;

use super::*;

const ROOM: RoomId = RoomId(0);
const FIRST: ModeratorId = ModeratorId(0);
const SECOND: ModeratorId = ModeratorId(1);

/// One room whose messages scroll away after three.
fn venue(mode: ModerationMode) -> Venue<u32, &'static str> {
    Venue::new(Rules { mode, filter_holds: false, screen: 3 }, 1)
}

fn send(venue: &mut Venue<u32, &'static str>, post: u32) -> Sent<u32, &'static str> {
    let fate = venue.rules().fate(false);
    venue.send(ROOM, post, "a message", fate)
}

fn published(scrolled: Option<u32>) -> Published<u32, &'static str> {
    Published { room: ROOM, scrolled: scrolled.map(|post| (post, "a message")) }
}

const SILENT: ModerationMode = ModerationMode::None { hidden_after: None };
const REVIEWED: ModerationMode = ModerationMode::After { reported_only: false };
const REPORTED: ModerationMode = ModerationMode::After { reported_only: true };

#[test]
fn whoever_is_alone_is_told_of_the_second_and_left_by_the_last() {
    let mut venue = venue(SILENT);
    let [a, b, c] = [4, 5, 6].map(Member);
    assert_eq!(venue.enter(ROOM, a), Entry { others: 0, joined: None });
    assert_eq!(venue.enter(ROOM, b), Entry { others: 1, joined: Some(a) });
    assert_eq!(venue.enter(ROOM, c), Entry { others: 2, joined: None });
    assert_eq!(venue.leave(ROOM, a), None);
    assert_eq!(venue.leave(ROOM, c), Some(b));
    assert_eq!(venue.leave(ROOM, b), None);
    assert_eq!(venue.members(ROOM), []);
}

#[test]
fn a_further_room_is_a_room_of_its_own() {
    let mut venue = venue(SILENT);
    let other = venue.add_room();
    assert_eq!(other, RoomId(1));
    venue.enter(ROOM, Member(0));
    assert_eq!(venue.enter(other, Member(1)), Entry { others: 0, joined: None });
}

#[test]
fn messages_scroll_away_and_are_forgotten() {
    let mut venue = venue(SILENT);
    for post in 0..3 {
        assert_eq!(send(&mut venue, post).published, Some(published(None)));
    }
    assert_eq!(send(&mut venue, 3).published, Some(published(Some(0))));
    assert_eq!((venue.content(0), venue.content(1)), (None, Some(&"a message")));
    assert_eq!(venue.report(0), Reported::Nothing);
}

#[test]
fn what_is_held_is_seen_by_nobody_until_it_passes() {
    let mut venue = venue(ModerationMode::Before);
    assert_eq!(venue.ready(FIRST), None);
    assert_eq!(send(&mut venue, 1), Sent { published: None, review: Some(FIRST) });
    assert_eq!(send(&mut venue, 2), Sent { published: None, review: None });
    assert_eq!(venue.report(1), Reported::Nothing, "nobody can have seen it");
    let passed = Decided::Published(published(None));
    assert_eq!(venue.decide(FIRST, 1, Verdict::Pass), Some((passed, Some(2))));
    assert_eq!(venue.decide(FIRST, 1, Verdict::Pass), None, "it is not in hand any more");
    assert_eq!(venue.decide(FIRST, 2, Verdict::Remove), Some((Decided::Nothing, None)));
    assert_eq!((venue.room_of(1), venue.room_of(2)), (Some(ROOM), None));
}

#[test]
fn what_the_filter_blocks_is_nowhere() {
    let mut venue = venue(SILENT);
    assert_eq!(venue.rules().fate(true), Fate::Blocked);
    assert_eq!(venue.send(ROOM, 1, "a message", Fate::Blocked), Sent { published: None, review: None });
    assert_eq!(venue.content(1), None);
}

#[test]
fn what_was_reported_is_reviewed_first() {
    let mut venue = venue(REVIEWED);
    for post in 0..3 {
        send(&mut venue, post);
    }
    assert_eq!(venue.report(2), Reported::Nothing);
    assert_eq!(venue.waiting(), 3);
    assert_eq!(venue.ready(FIRST), Some(2));
    let next = venue.decide(FIRST, 2, Verdict::Remove);
    assert_eq!(next, Some((Decided::Hidden(ROOM), Some(0))));
    assert_eq!(venue.decide(FIRST, 0, Verdict::Pass), Some((Decided::Nothing, Some(1))));
    assert_eq!(venue.report(0), Reported::Nothing, "it was reviewed");
}

#[test]
fn what_scrolled_away_before_its_review_has_nothing_left_to_hide() {
    let mut venue = venue(REVIEWED);
    for post in 0..4 {
        send(&mut venue, post);
    }
    assert_eq!(venue.content(0), Some(&"a message"), "somebody is to review it");
    assert_eq!(venue.ready(FIRST), Some(0));
    assert_eq!(venue.decide(FIRST, 0, Verdict::Remove), Some((Decided::Nothing, Some(1))));
    assert_eq!(venue.content(0), None);
}

#[test]
fn only_what_is_reported_is_reviewed_where_the_rules_say_so() {
    let mut venue = venue(REPORTED);
    venue.ready(FIRST);
    assert_eq!(send(&mut venue, 1), Sent { published: Some(published(None)), review: None });
    assert_eq!(venue.report(1), Reported::Review(FIRST));
    assert_eq!(venue.report(1), Reported::Nothing, "it is in hand");
}

#[test]
fn enough_reports_hide_a_message_where_nobody_reviews() {
    let mut venue = venue(ModerationMode::None { hidden_after: Some(2) });
    send(&mut venue, 1);
    assert_eq!(venue.report(1), Reported::Nothing);
    assert_eq!(venue.report(1), Reported::Hidden(ROOM));
    assert_eq!(venue.report(1), Reported::Nothing);
    assert_eq!(venue.content(1), None);
}

#[test]
fn what_a_moderator_leaves_in_hand_is_the_next_to_be_reviewed() {
    let mut venue = venue(ModerationMode::Before);
    venue.ready(FIRST);
    for post in 1..=3 {
        send(&mut venue, post);
    }
    assert_eq!(venue.gone(FIRST), None);
    assert_eq!(venue.ready(SECOND), Some(1));
    venue.ready(FIRST);
    venue.decide(FIRST, 2, Verdict::Pass);
    venue.decide(FIRST, 3, Verdict::Pass);
    assert_eq!(venue.gone(SECOND), Some((FIRST, 1)), "one who is free gets it at once");
    assert_eq!(venue.decide(SECOND, 1, Verdict::Pass), None, "one who has gone decides nothing");
}
