use super::*;
use crate::base::dist::Law;
use crate::base::id::{PopulationId, VisitId};
use crate::scenario::plan::faults::{ConnectionFaults, MessageFaults, Stalls};
use crate::wire::token::RunId;

fn token(index: u64, part: Part) -> Token {
    let visit = VisitId { population: PopulationId(0), index, attempt: 0 };
    Token { run: RunId::new(7), visit, part, intended: RealMoment::from_nanos(index) }
}

fn shares(seed: u64) -> Faulty {
    let messages =
        MessageFaults { dropped: 0.1, duplicated: 0.2, reordered: 0.3, wait: RealSpan::from_whole_secs(1) };
    let connections = ConnectionFaults {
        refused: 0.1,
        reset: Some((0.2, Law::exponential(10.0))),
        slow_reading: Some((0.3, Law::constant(0.5))),
    };
    let latency = Some(Law::exponential(0.1));
    Faulty::new(Faults { seed, latency, messages, connections, ..Faults::default() })
}

#[test]
fn shares_are_kept_and_one_thing_at_most_befalls_a_message() {
    let faults = shares(1);
    let mut counts = [0u32; 4];
    for index in 0..10_000 {
        counts[faults.fate(&token(index, Part::OfVisitor(0)), 1) as usize] += 1;
    }
    // Three standard deviations of a share of 10,000 are at most 150.
    for (count, expected) in counts.into_iter().zip([4_000, 1_000, 2_000, 3_000]) {
        assert!(count.abs_diff(expected) < 150, "{counts:?}");
    }
    let of_clients = |befalls: &dyn Fn(u64) -> bool| (0..10_000).filter(|client| befalls(*client)).count();
    assert!(of_clients(&|client| faults.refuses(client)).abs_diff(1_000) < 150);
    assert!(of_clients(&|client| faults.reset_after(client).is_some()).abs_diff(2_000) < 150);
    assert!(of_clients(&|client| faults.pause(client, 3) > RealSpan::ZERO).abs_diff(3_000) < 150);
}

#[test]
fn the_same_faults_hit_the_same_message_in_another_run() {
    let (faults, again, others) = (shares(1), shares(1), shares(2));
    let drawn = |faults: &Faulty, message: &Token, client| {
        (faults.fate(message, client), faults.latency(message, client))
    };
    let mut differ = 0;
    for index in 0..100 {
        let message = token(index, Part::OfAgent(3));
        let later =
            Token { run: RunId::new(8), intended: RealMoment::from_nanos(u64::from(u32::MAX)), ..message };
        assert_eq!(drawn(&faults, &message, 1), drawn(&again, &later, 99), "whichever connection it takes");
        differ += u32::from(drawn(&faults, &message, 1) != drawn(&others, &message, 1));
        let in_room = token(index, Part::OfGuest(3));
        assert_eq!(drawn(&faults, &in_room, 1), drawn(&again, &in_room, 1));
        assert_ne!(
            drawn(&faults, &in_room, 1).1,
            drawn(&faults, &in_room, 2).1,
            "each has a draw of its own"
        );
    }
    assert_eq!(differ, 100);
}

#[test]
fn stalls_begin_one_period_after_the_first_greeting() {
    let secs = |secs: u64| RealMoment::from_nanos(secs * 1_000_000_000);
    let stalls = Stalls { lasts: RealSpan::from_whole_secs(6), every: RealSpan::from_whole_secs(30) };
    let faults = Faulty::new(Faults { stalls: Some(stalls), ..Faults::default() });
    assert_eq!(faults.stall(secs(100)), None, "nobody has greeted");
    faults.begin(secs(100));
    faults.begin(secs(110));
    for (now, from) in [(100, 130), (129, 130), (130, 130), (135, 130), (136, 160), (160, 160), (165, 160)] {
        assert_eq!(faults.stall(secs(now)), Some((secs(from), secs(from + 6))), "{now}");
    }
}
