use super::*;
use crate::base::id::PopulationId;
use crate::base::time::RealSpan;

const SPOT: Spot = (VenueId(0), RoomId(3));
const SENT: Moment = Moment::from_nanos(70);

fn guest(index: u64) -> VisitId {
    VisitId { population: PopulationId(0), index, attempt: 0 }
}

/// The message of this number by guest 0.
fn post(number: u32) -> PostId {
    PostId { author: guest(0), number }
}

fn at(nanos: u64) -> RealMoment {
    RealMoment::from_nanos(nanos)
}

/// So many guests in the room.
fn room(guests: u64) -> Fanout {
    let mut fanout = Fanout::default();
    (0..guests).for_each(|index| fanout.entered(SPOT, guest(index)));
    fanout
}

#[test]
fn a_message_has_spread_when_the_last_who_was_there_got_it() {
    let mut fanout = room(130);
    fanout.posted(post(0), SPOT, SENT, at(1));
    assert_eq!(fanout.outstanding(), 129, "everybody but the author");
    fanout.entered(SPOT, guest(130));
    for index in 1..=130 {
        assert_eq!(fanout.take_settled(), []);
        fanout.received(post(0), guest(131 - index), at(1_000 - index));
    }
    assert_eq!(fanout.take_settled(), [Settled::Spread(SENT, at(999))], "one who came late got it too");
    assert_eq!(fanout.outstanding(), 0);
    assert!(fanout.open.is_empty() && fanout.end().is_empty());
}

#[test]
fn nobody_is_expected_to_get_what_crosses_with_coming_or_going() {
    let mut fanout = room(3);
    fanout.posted(post(0), SPOT, SENT, at(1));
    fanout.entered(SPOT, guest(3));
    fanout.leaves(SPOT, guest(1), at(2));
    assert_eq!(fanout.outstanding(), 1, "only the second is sure to get it");
    fanout.posted(post(1), SPOT, SENT, at(3));
    assert_eq!(fanout.outstanding(), 3, "and who is about to leave gets nothing further");
    fanout.received(post(1), guest(2), at(9));
    fanout.received(post(1), guest(3), at(9));
    assert_eq!(fanout.take_settled(), [Settled::Spread(SENT, at(9))]);
    fanout.left(SPOT, guest(1), true);
    fanout.received(post(0), guest(2), at(9));
    fanout.left(SPOT, guest(3), true);
    assert_eq!(fanout.take_settled(), [Settled::Spread(SENT, at(9))]);
}

#[test]
fn who_leaves_after_another_got_it_has_lost_what_does_not_come_before_the_goodbye() {
    let mut fanout = room(4);
    fanout.posted(post(0), SPOT, SENT, at(1));
    fanout.received(post(0), guest(1), at(5));
    for index in [2, 3] {
        fanout.leaves(SPOT, guest(index), at(6));
    }
    fanout.received(post(0), guest(2), at(7));
    fanout.left(SPOT, guest(2), true);
    fanout.left(SPOT, guest(3), true);
    assert_eq!(fanout.take_settled(), [Settled::Spread(SENT, at(7)), Settled::Lost(SENT)]);
}

#[test]
fn who_stays_for_long_enough_loses_what_nobody_gets() {
    let mut fanout = room(3);
    fanout.posted(post(0), SPOT, SENT, at(1));
    fanout.leaves(SPOT, guest(1), at(1) + MessageTally::SURELY);
    fanout.left(SPOT, guest(1), true);
    assert_eq!(fanout.take_settled(), [Settled::Lost(SENT)]);
    assert_eq!(fanout.end(), [Settled::Lost(SENT)], "and so does who is there to the end");
}

#[test]
fn one_whose_connection_breaks_loses_nothing() {
    let mut fanout = room(2);
    fanout.posted(post(0), SPOT, SENT, at(1));
    fanout.left(SPOT, guest(1), false);
    assert_eq!((fanout.outstanding(), fanout.take_settled()), (0, Vec::new()));
}

#[test]
fn what_is_held_is_expected_by_those_who_are_there_when_it_passes() {
    let mut fanout = room(2);
    for number in 0..2 {
        fanout.held(post(number), SPOT, SENT);
    }
    fanout.leaves(SPOT, guest(1), at(3));
    fanout.left(SPOT, guest(1), true);
    fanout.entered(SPOT, guest(2));
    assert_eq!(fanout.outstanding(), 0);
    fanout.decided(post(0), false, at(4));
    fanout.decided(post(1), true, at(5));
    assert_eq!(fanout.outstanding(), 1);
    fanout.received(post(1), guest(2), at(6));
    assert_eq!(fanout.take_settled(), [Settled::Spread(SENT, at(6))]);
    assert_eq!(fanout.end(), []);
}

#[test]
fn an_empty_room_is_forgotten_and_its_numbers_are_used_again() {
    let mut fanout = room(3);
    fanout.left(SPOT, guest(1), true);
    fanout.entered(SPOT, guest(7));
    fanout.posted(post(0), SPOT, SENT, at(1));
    assert_eq!(fanout.rooms[&SPOT].present.words, [0b111]);
    fanout.received(post(0), guest(7), at(1) + RealSpan::from_nanos(1));
    for index in [0, 2, 7] {
        fanout.left(SPOT, guest(index), false);
    }
    assert!(fanout.rooms.is_empty() && fanout.open.is_empty());
}
