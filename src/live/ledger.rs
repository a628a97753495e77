//! What became of every message: lost, duplicated, reordered, or simply delivered.
//!
//! A message is *lost* when its recipient was connected from its sending to the end of the run and never got it;
//! *duplicated* counts every receipt after the first; *reordered* is RFC 4737's Type-P-Reordered, per sender and
//! conversation: a first receipt whose number is below one that was received before it.
//!
//! A conversation is forgotten once both sides are over and nothing is outstanding, so what is kept grows with the
//! conversations in progress, and with what is missing.

use std::collections::BTreeMap;

use crate::base::id::VisitId;
use crate::base::time::Moment;
use crate::metrics::tally::Direction;

/// The recipient of a message of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Toward {
    Agent,
    Visitor,
}

impl From<Toward> for Direction {
    fn from(toward: Toward) -> Self {
        match toward {
            Toward::Agent => Self::ToAgent,
            Toward::Visitor => Self::ToVisitor,
        }
    }
}

/// How a side of a conversation stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Side {
    #[default]
    There,
    /// Over, and still able to receive what was sent before.
    Over,
    /// Left, or its connection broke: what is on its way to it is nobody's loss.
    Away,
}

/// One way of a conversation.
#[derive(Clone, Debug, Default)]
struct Flow {
    /// By number: when they were meant to be sent.
    outstanding: BTreeMap<u32, Moment>,
    /// One more than the greatest number received.
    next_expected: u32,
    recipient: Side,
}

/// The messages of one visit.
#[derive(Clone, Debug, Default)]
struct Account {
    to_agent: Flow,
    to_visitor: Flow,
}

impl Account {
    fn flow(&mut self, toward: Toward) -> &mut Flow {
        match toward {
            Toward::Agent => &mut self.to_agent,
            Toward::Visitor => &mut self.to_visitor,
        }
    }

    fn is_settled(&self) -> bool {
        let settled = |flow: &Flow| flow.recipient != Side::There && flow.outstanding.is_empty();
        settled(&self.to_agent) && settled(&self.to_visitor)
    }
}

/// What a receipt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Receipt {
    /// The first of its message.
    First {
        /// After one that was sent later.
        reordered: bool,
    },
    /// A further one.
    Again,
}

/// The messages of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    open: BTreeMap<VisitId, Account>,
    outstanding: usize,
}

impl Ledger {
    /// A message is about to be handed to the network. Numbers of one sender rise.
    pub(super) fn sent(&mut self, visit: VisitId, toward: Toward, number: u32, intended: Moment) {
        let flow = self.open.entry(visit).or_default().flow(toward);
        if flow.recipient != Side::Away && flow.outstanding.insert(number, intended).is_none() {
            self.outstanding += 1;
        }
    }

    /// A message was received.
    pub(super) fn received(&mut self, visit: VisitId, toward: Toward, number: u32) -> Receipt {
        // Of a conversation that is forgotten, everything had been received.
        let Some(account) = self.open.get_mut(&visit) else { return Receipt::Again };
        let flow = account.flow(toward);
        let first = match flow.recipient {
            // Nothing is expected there any more, so there is no telling; that it came is good news.
            Side::Away => number >= flow.next_expected,
            Side::There | Side::Over => flow.outstanding.remove(&number).is_some(),
        };
        if !first {
            return Receipt::Again;
        }
        if flow.recipient != Side::Away {
            self.outstanding -= 1;
        }
        let reordered = number < flow.next_expected;
        flow.next_expected = flow.next_expected.max(number + 1);
        self.settle(visit);
        Receipt::First { reordered }
    }

    /// The recipient of one way of a conversation is over: `whole` when it could still receive all that was sent before.
    pub(super) fn over(&mut self, visit: VisitId, recipient: Toward, whole: bool) {
        let Some(account) = self.open.get_mut(&visit) else { return };
        let flow = account.flow(recipient);
        if whole {
            flow.recipient = Side::Over;
        } else {
            flow.recipient = Side::Away;
            self.outstanding -= std::mem::take(&mut flow.outstanding).len();
        }
        self.settle(visit);
    }

    fn settle(&mut self, visit: VisitId) {
        if self.open.get(&visit).is_some_and(Account::is_settled) {
            self.open.remove(&visit);
        }
    }

    /// How many messages are on their way.
    pub(super) fn outstanding(&self) -> usize {
        self.outstanding
    }

    /// The run is over: when the messages that are lost were meant to be sent.
    pub(super) fn lost(self) -> impl Iterator<Item = Moment> {
        let flows = self.open.into_values().flat_map(|account| [account.to_agent, account.to_visitor]);
        flows.flat_map(|flow| flow.outstanding.into_values())
    }
}

#[cfg(test)]
mod tests {
    use super::Toward::{Agent, Visitor};
    use super::*;

    fn visit(index: u64) -> VisitId {
        VisitId { index, ..VisitId { population: Default::default(), index: 0, attempt: 0 } }
    }

    const FIRST: Receipt = Receipt::First { reordered: false };

    #[test]
    fn a_clean_conversation_is_forgotten() {
        let mut ledger = Ledger::default();
        let v = visit(1);
        ledger.sent(v, Agent, 0, Moment::ZERO);
        ledger.sent(v, Visitor, 0, Moment::ZERO);
        assert_eq!(ledger.received(v, Visitor, 0), FIRST);
        ledger.over(v, Visitor, true);
        ledger.over(v, Agent, true);
        assert_eq!(ledger.outstanding(), 1, "one that crossed with the end is waited for");
        assert_eq!(ledger.received(v, Agent, 0), FIRST);
        assert!(ledger.open.is_empty());
        assert_eq!(ledger.received(v, Agent, 0), Receipt::Again, "and comes only once");
        assert_eq!(ledger.lost().count(), 0);
    }

    #[test]
    fn reordering_is_that_of_rfc_4737() {
        let mut ledger = Ledger::default();
        for number in 0..5 {
            ledger.sent(visit(1), Agent, number, Moment::ZERO);
        }
        let got = [0, 3, 1, 1, 2, 4].map(|number| ledger.received(visit(1), Agent, number));
        let late = Receipt::First { reordered: true };
        assert_eq!(got, [FIRST, FIRST, late, Receipt::Again, late, FIRST]);
    }

    #[test]
    fn only_a_recipient_who_was_there_to_the_end_can_lose_a_message() {
        let mut ledger = Ledger::default();
        let at = Moment::from_nanos(7);
        for index in [1, 2] {
            ledger.sent(visit(index), Visitor, 0, at);
        }
        ledger.over(visit(1), Visitor, false);
        ledger.sent(visit(1), Visitor, 1, at);
        ledger.over(visit(2), Visitor, true);
        assert_eq!(ledger.outstanding(), 1);
        assert_eq!(ledger.lost().collect::<Vec<_>>(), [at], "the second visitor's");
    }

    #[test]
    fn what_reaches_one_who_was_leaving_is_delivered_once() {
        let mut ledger = Ledger::default();
        ledger.sent(visit(1), Visitor, 0, Moment::ZERO);
        ledger.over(visit(1), Visitor, false);
        assert_eq!(ledger.received(visit(1), Visitor, 0), FIRST);
        assert_eq!(ledger.received(visit(1), Visitor, 0), Receipt::Again);
    }
}
