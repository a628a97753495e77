use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::base::id::PopulationId;
use crate::base::time::RealSpan;

const SPOT: Spot = (VenueId(0), RoomId(3));
const SENT: Moment = Moment::from_nanos(70);
const PASSED: Moment = Moment::from_nanos(90);

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

/// A message that nobody had to pass has spread.
fn spread(last: RealMoment) -> Settled {
    Settled::Spread { sent: SENT, since: SENT, last }
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
    assert_eq!(fanout.take_settled(), [spread(at(999))], "one who came late got it too");
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
    assert_eq!(fanout.take_settled(), [spread(at(9))]);
    fanout.left(SPOT, guest(1), true);
    fanout.received(post(0), guest(2), at(9));
    fanout.left(SPOT, guest(3), true);
    assert_eq!(fanout.take_settled(), [spread(at(9))]);
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
    assert_eq!(fanout.take_settled(), [spread(at(7)), Settled::Lost(SENT)]);
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
    fanout.decided(post(0), false, PASSED, at(4));
    fanout.decided(post(1), true, PASSED, at(5));
    assert_eq!(fanout.outstanding(), 1);
    fanout.received(post(1), guest(2), at(6));
    let since_it_passed = Settled::Spread { sent: SENT, since: PASSED, last: at(6) };
    assert_eq!(fanout.take_settled(), [since_it_passed], "what its moderator took is no latency");
    assert_eq!(fanout.end(), []);
}

#[test]
fn one_alone_in_a_room_is_heard_by_nobody() {
    let mut fanout = room(1);
    fanout.posted(post(0), SPOT, SENT, at(1));
    assert_eq!((fanout.outstanding(), fanout.take_settled()), (0, Vec::new()));
    fanout.entered(SPOT, guest(1));
    fanout.received(post(0), guest(1), at(2));
    assert_eq!((fanout.outstanding(), fanout.end()), (0, Vec::new()), "one who came later was not awaited");
}

#[test]
fn an_empty_room_is_forgotten_and_numbers_are_used_again() {
    let mut fanout = room(3);
    for number in 0..100 {
        fanout.posted(post(number), SPOT, SENT, at(1));
        fanout.received(post(number), guest(1), at(1) + RealSpan::from_nanos(1));
        fanout.received(post(number), guest(2), at(1) + RealSpan::from_nanos(1));
    }
    assert_eq!(fanout.rooms[&SPOT].open.len(), 1, "no two were on their way at once");
    for index in 0..3 {
        fanout.left(SPOT, guest(index), false);
    }
    assert!(fanout.rooms.is_empty() && fanout.open.is_empty());
}

/// The same by the letter: of every message on its way, who is to get it.
#[derive(Default)]
struct Naive {
    present: BTreeSet<VisitId>,
    leaving: BTreeSet<VisitId>,
    open: BTreeMap<PostId, (BTreeSet<VisitId>, bool)>,
    settled: Vec<Settled>,
}

impl Naive {
    fn step(&mut self, kind: u8, post: PostId, reader: VisitId) {
        match kind {
            0 => {
                self.present.insert(reader);
            }
            1 => {
                let others = self.present.iter().filter(|visit| **visit != post.author);
                let expected: BTreeSet<_> =
                    others.filter(|visit| !self.leaving.contains(visit)).copied().collect();
                if !expected.is_empty() {
                    self.open.insert(post, (expected, false));
                }
            }
            2 => {
                if let Some((expected, heard)) = self.open.get_mut(&post) {
                    *heard = true;
                    expected.remove(&reader);
                }
            }
            3 if self.present.contains(&reader) => {
                self.leaving.insert(reader);
                for (expected, _) in self.open.values_mut().filter(|(_, heard)| !heard) {
                    expected.remove(&reader);
                }
            }
            4 if self.present.remove(&reader) => {
                self.leaving.remove(&reader);
                for (expected, _) in self.open.values_mut() {
                    self.settled.extend(expected.remove(&reader).then_some(Settled::Lost(SENT)));
                }
            }
            _ => {}
        }
        let settled = &mut self.settled;
        self.open.retain(|_, (expected, heard)| {
            settled.extend((expected.is_empty() && *heard).then(|| spread(at(2))));
            !expected.is_empty()
        });
    }
}

proptest! {
    #[test]
    fn all_that_is_awaited_comes_or_is_lost(
        steps in prop::collection::vec((0u8..5, 0u32..8, 0u64..6), 0..400)
    ) {
        let (mut fanout, mut naive) = (Fanout::default(), Naive::default());
        let mut posted = 0;
        for (kind, back, index) in steps {
            let (present, reader) = (naive.present.contains(&guest(index)), guest(index));
            // Any of the last few messages; one to come, when one is posted.
            let about = post(if kind == 1 { posted } else { posted.saturating_sub(back) });
            match kind {
                0 if !present => fanout.entered(SPOT, reader),
                1 => fanout.posted(about, SPOT, SENT, at(1)),
                2 => fanout.received(about, reader, at(2)),
                3 => fanout.leaves(SPOT, reader, at(2)),
                4 => fanout.left(SPOT, reader, true),
                _ => {}
            }
            posted += u32::from(kind == 1);
            naive.step(kind, about, reader);
            let awaited: usize = naive.open.values().map(|(expected, _)| expected.len()).sum();
            prop_assert_eq!(fanout.outstanding(), awaited);
            let (mut settled, mut by_the_letter) = (fanout.take_settled(), std::mem::take(&mut naive.settled));
            settled.sort();
            by_the_letter.sort();
            prop_assert_eq!(settled, by_the_letter);
        }
    }
}
