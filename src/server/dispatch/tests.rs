use std::cell::RefCell;

use super::*;
use crate::base::dist::Law;
use crate::base::id::PopulationId;
use crate::base::time::RealSpan;
use crate::scenario::plan::faults::{Faults, MessageFaults};
use crate::wire::ChatId;
use crate::wire::json::frame::{How, ServerFrame};
use crate::wire::token::RunId;

fn at(millis: u64) -> RealMoment {
    RealMoment::from_nanos(millis * 1_000_000)
}

fn said(index: u64, number: u32) -> Parcel {
    let visit = VisitId { population: PopulationId(0), index, attempt: 0 };
    let part = Part::OfAgent(number);
    let token = Token { run: RunId::new(7), visit, part, intended: RealMoment::ZERO };
    Parcel::One(ServerFrame::Said { chat: ChatId(index), text: format!("{} hello", token.encode()) })
}

fn closed() -> Parcel {
    Parcel::One(ServerFrame::Closed { chat: ChatId(1), how: How::Resolved, said: None })
}

fn typing() -> Parcel {
    Parcel::One(ServerFrame::Typing { chat: ChatId(1) })
}

/// Faults of messages, each with certainty or never.
fn befalling(dropped: f64, duplicated: f64, reordered: f64) -> Faulty {
    let wait = RealSpan::from_nanos(100_000_000);
    let messages = MessageFaults { dropped, duplicated, reordered, wait };
    Faulty::new(Faults { messages, ..Faults::default() })
}

/// A dispatch and the deeds that it noted.
struct Desk {
    dispatch: Dispatch,
    faults: Faulty,
    noted: RefCell<Vec<Deed>>,
}

impl Desk {
    fn new(faults: Faulty) -> Self {
        Self { dispatch: Dispatch::new(5), faults, noted: RefCell::default() }
    }

    fn take(&mut self, now: RealMoment, parcels: impl IntoIterator<Item = Parcel>) {
        for parcel in parcels {
            self.dispatch.take(now, parcel, &self.faults, |deed| self.noted.borrow_mut().push(deed));
        }
    }

    /// Everything that goes at `now`: the numbers of messages, and what else.
    fn sent(&mut self, now: RealMoment) -> Vec<String> {
        let mut sent = Vec::new();
        while let Some((parcel, _)) =
            self.dispatch.next(now, &self.faults, |deed| self.noted.borrow_mut().push(deed))
        {
            sent.push(match (parcel.token().map(|token| token.part), parcel) {
                (Some(Part::OfAgent(number)), _) => number.to_string(),
                (_, Parcel::One(ServerFrame::Typing { .. })) => "typing".to_owned(),
                (_, _) => "closed".to_owned(),
            });
        }
        sent
    }
}

#[test]
fn without_faults_everything_goes_at_once_and_in_order() {
    let mut desk = Desk::new(befalling(0.0, 0.0, 0.0));
    assert_eq!(desk.dispatch.due(), RealMoment::NEVER);
    desk.take(at(1), [said(1, 0), typing(), said(1, 1), closed()]);
    assert_eq!(desk.dispatch.due(), at(1));
    assert_eq!(desk.sent(at(1)), ["0", "typing", "1", "closed"]);
    assert!(desk.noted.borrow().is_empty());
}

#[test]
fn latency_delays_and_never_reorders() {
    let latency = Some(Law::uniform(0.010, 0.050));
    let mut desk = Desk::new(Faulty::new(Faults { latency, ..Faults::default() }));
    desk.take(at(0), (0..100).map(|number| said(1, number)));
    assert!(desk.dispatch.due() >= at(10) && desk.sent(at(9)).is_empty());
    let all: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    assert_eq!(desk.sent(at(50)), all);
    let held = |deed: &Deed| matches!(deed, Deed::Held { client: 5, until, .. } if *until >= 10_000_000);
    assert!(desk.noted.borrow().iter().all(held));
    assert_eq!(desk.noted.borrow().len(), 100);
}

#[test]
fn what_is_dropped_is_noted_and_what_is_no_message_is_spared() {
    let mut desk = Desk::new(befalling(1.0, 0.0, 0.0));
    desk.take(at(0), [said(1, 0), closed()]);
    assert_eq!(desk.sent(at(0)), ["closed"]);
    assert!(matches!(desk.noted.borrow()[..], [Deed::Dropped { client: 5, .. }]));
}

#[test]
fn what_is_duplicated_goes_twice() {
    let mut desk = Desk::new(befalling(0.0, 1.0, 0.0));
    desk.take(at(0), [said(1, 0), closed()]);
    let mut deeds = Vec::new();
    while let Some((_, deed)) = desk.dispatch.next(at(0), &desk.faults, |_| {}) {
        deeds.push(deed);
    }
    assert!(
        matches!(deeds[..], [Some(Deed::Forwarded { .. }), Some(Deed::Duplicated { .. }), None]),
        "{deeds:?}"
    );
}

#[test]
fn what_is_reordered_goes_after_the_senders_next() {
    let mut desk = Desk::new(befalling(0.0, 0.0, 1.0));
    desk.take(at(0), [said(1, 0), typing(), said(2, 7), said(1, 1)]);
    // Every one is to be reordered, and of each sender one can be aside: 0 is overtaken by 1, and 7 waits.
    assert_eq!(desk.sent(at(0)), ["typing", "1", "0"]);
    assert_eq!(desk.dispatch.due(), at(100));
    assert!(matches!(desk.noted.borrow()[..], [Deed::Held { until: 100_000_000, .. }, Deed::Held { .. }]));
    assert_eq!(desk.sent(at(99)), [] as [&str; 0]);
    assert_eq!(desk.sent(at(100)), ["7"], "its wait is over");
}

#[test]
fn what_ends_a_conversation_never_overtakes_what_was_said_in_it() {
    let mut desk = Desk::new(befalling(0.0, 0.0, 1.0));
    desk.take(at(0), [said(1, 0), said(2, 0), closed()]);
    assert_eq!(desk.sent(at(0)), ["0", "0", "closed"]);
}

#[test]
fn who_is_gone_leaves_messages_unsent_and_is_still_to_be_told_the_rest() {
    let latency = Some(Law::constant(1.0));
    let mut desk = Desk::new(Faulty::new(Faults { latency, ..Faults::default() }));
    desk.take(at(0), [said(1, 0), typing(), said(1, 1), closed()]);
    let noted = RefCell::new(Vec::new());
    let rest = desk.dispatch.end(|deed| noted.borrow_mut().push(deed));
    assert_eq!(rest, [typing(), closed()]);
    assert!(matches!(noted.borrow()[..], [Deed::Unsent { .. }, Deed::Unsent { .. }]), "{noted:?}");
}

#[test]
fn what_waits_is_bounded() {
    let latency = Some(Law::constant(1.0));
    let mut desk = Desk::new(Faulty::new(Faults { latency, ..Faults::default() }));
    desk.take(at(0), (0..limits::BACKLOG as u32 - 1).map(|number| said(1, number)));
    assert!(desk.dispatch.has_room());
    desk.take(at(0), [closed()]);
    assert!(!desk.dispatch.has_room());
}
