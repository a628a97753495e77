//! What became of every message: lost, duplicated, reordered, or simply delivered.
//!
//! A message is *lost* when its recipient was connected from its sending to the end of the run and never got it;
//! *duplicated* counts every receipt after the first; *reordered* is RFC 4737's Type-P-Reordered, per sender and
//! conversation: a first receipt whose number is below one that was received before it.
//!
//! A recipient whose connection broke, and who comes back or tries to, is *away* meanwhile. What was on its way then, or is sent
//! until the return, and never comes, is *missed*: neither delivered nor lost. So is what is sent to one who never came back.
//!
//! A conversation is forgotten once both sides are over and nothing is outstanding, so what is kept grows with the
//! conversations in progress, and with what is missing.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::id::VisitId;
use crate::base::time::Moment;
use crate::metrics::tally::Direction;

/// The recipient of a message of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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

/// A message on its way.
#[derive(Clone, Copy, Debug)]
struct Sent {
    intended: Moment,
    /// Whether the recipient was away meanwhile.
    missable: bool,
}

/// One way of a conversation.
#[derive(Clone, Debug, Default)]
struct Flow {
    /// By number.
    outstanding: BTreeMap<u32, Sent>,
    /// One more than the greatest number received.
    next_expected: u32,
    recipient: Side,
    /// Whether the recipient was away, and did not come back to this.
    is_cut: bool,
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

/// What became of a message that did not come, and when it was meant to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Failed {
    /// Its recipient was there.
    Lost(Moment),
    /// Its recipient was away meanwhile.
    Missed(Moment),
}

impl Sent {
    fn failed(&self) -> Failed {
        if self.missable { Failed::Missed(self.intended) } else { Failed::Lost(self.intended) }
    }
}

/// The messages of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    open: BTreeMap<VisitId, Account>,
    /// Who is away.
    away: BTreeSet<(VisitId, Toward)>,
    missed: Vec<Moment>,
    outstanding: usize,
}

impl Ledger {
    /// A message is about to be handed to the network. Numbers of one sender rise.
    pub(super) fn sent(&mut self, visit: VisitId, toward: Toward, number: u32, intended: Moment) {
        let missable = self.away.contains(&(visit, toward));
        let flow = self.open.entry(visit).or_default().flow(toward);
        if flow.is_cut {
            self.missed.push(intended);
        } else if flow.recipient != Side::Away
            && flow.outstanding.insert(number, Sent { intended, missable }).is_none()
        {
            self.outstanding += 1;
        }
    }

    /// The connection of one side of a conversation broke; whoever it is comes back, or tries to.
    pub(super) fn away(&mut self, visit: VisitId, recipient: Toward) {
        self.away.insert((visit, recipient));
        self.was_away(visit, recipient, Moment::NEVER);
    }

    /// One side of a conversation is back.
    pub(super) fn back(&mut self, visit: VisitId, recipient: Toward) {
        self.away.remove(&(visit, recipient));
    }

    /// One side of a conversation was away until then.
    pub(super) fn was_away(&mut self, visit: VisitId, recipient: Toward, until: Moment) {
        let Some(account) = self.open.get_mut(&visit) else { return };
        for sent in account.flow(recipient).outstanding.values_mut() {
            sent.missable |= sent.intended <= until;
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
        let was_away = !whole && self.away.remove(&(visit, recipient));
        let Some(account) = self.open.get_mut(&visit) else { return };
        let flow = account.flow(recipient);
        if whole {
            flow.recipient = Side::Over;
        } else {
            (flow.recipient, flow.is_cut) = (Side::Away, was_away);
            let outstanding = std::mem::take(&mut flow.outstanding);
            self.outstanding -= outstanding.len();
            let missed = outstanding.into_values().filter(|sent| sent.missable);
            self.missed.extend(missed.map(|sent| sent.intended));
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

    /// When the messages were meant to be sent that were missed since the last call.
    pub(super) fn take_missed(&mut self) -> Vec<Moment> {
        std::mem::take(&mut self.missed)
    }

    /// The run is over: the messages that did not come.
    pub(super) fn end(self) -> impl Iterator<Item = Failed> {
        let flows = self.open.into_values().flat_map(|account| [account.to_agent, account.to_visitor]);
        flows.flat_map(|flow| flow.outstanding.into_values()).map(|sent| sent.failed())
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
        assert_eq!(ledger.end().count(), 0);
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
        assert_eq!(ledger.end().collect::<Vec<_>>(), [Failed::Lost(at)], "the second visitor's");
    }

    #[test]
    fn what_reaches_one_who_was_leaving_is_delivered_once() {
        let mut ledger = Ledger::default();
        ledger.sent(visit(1), Visitor, 0, Moment::ZERO);
        ledger.over(visit(1), Visitor, false);
        assert_eq!(ledger.received(visit(1), Visitor, 0), FIRST);
        assert_eq!(ledger.received(visit(1), Visitor, 0), Receipt::Again);
    }

    #[test]
    fn what_is_sent_to_one_who_is_away_is_missed_unless_it_comes_all_the_same() {
        let mut ledger = Ledger::default();
        let (v, at) = (visit(1), Moment::from_nanos);
        ledger.sent(v, Visitor, 0, at(1));
        ledger.away(v, Visitor);
        ledger.sent(v, Visitor, 1, at(2));
        ledger.sent(v, Visitor, 2, at(3));
        ledger.sent(v, Agent, 0, at(4));
        ledger.back(v, Visitor);
        ledger.sent(v, Visitor, 3, at(5));
        assert_eq!(ledger.received(v, Visitor, 2), FIRST);
        ledger.over(v, Visitor, true);
        ledger.over(v, Agent, true);
        assert_eq!(ledger.take_missed(), []);
        let mut failed: Vec<Failed> = ledger.end().collect();
        failed.sort_unstable();
        let [lost, missed] = [[at(4), at(5)].map(Failed::Lost), [at(1), at(2)].map(Failed::Missed)];
        assert_eq!(failed, [lost, missed].concat(), "the agent was there all the time");
    }

    #[test]
    fn who_does_not_come_back_misses_everything() {
        let mut ledger = Ledger::default();
        let (v, at) = (visit(1), Moment::from_nanos);
        ledger.away(v, Agent);
        ledger.sent(v, Agent, 0, at(1));
        ledger.over(v, Agent, false);
        ledger.sent(v, Agent, 1, at(2));
        assert_eq!(ledger.take_missed(), [at(1), at(2)]);
        assert_eq!((ledger.outstanding(), ledger.end().count()), (0, 0));
    }

    #[test]
    fn of_one_whose_conversation_begins_with_the_return_what_was_said_before_may_be_missed() {
        let mut ledger = Ledger::default();
        let (v, at) = (visit(1), Moment::from_nanos);
        ledger.sent(v, Agent, 0, at(1));
        ledger.sent(v, Agent, 1, at(9));
        ledger.was_away(v, Agent, at(5));
        let failed: Vec<Failed> = ledger.end().collect();
        assert_eq!(failed, [Failed::Missed(at(1)), Failed::Lost(at(9))]);
    }
}
