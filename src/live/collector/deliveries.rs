//! Messages that were received: how long each took, but for those that the server held back.

use super::super::holds::{Hold, Slow, Verdict};
use super::super::ledger::{Receipt, Toward};
use super::Collector;
use crate::base::id::VisitId;
use crate::base::time::{RealMoment, RealSpan};
use crate::metrics::tally::Direction;
use crate::wire::token::{Part, Token};

/// What happened to a message on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// It came before one that was said earlier.
    pub(super) reordered: bool,
    /// The server withheld it from its reader, as it said.
    pub(super) withheld: bool,
}

impl Collector {
    pub(super) fn received(&mut self, token: Token, read: RealMoment, withheld: bool) {
        let (toward, number) = match token.part {
            Part::Opening(_) | Part::OfGuest(_) => return,
            Part::OfVisitor(number) => (Toward::Agent, number),
            Part::OfAgent(number) => (Toward::Visitor, number),
        };
        match self.state.ledger.received(token.visit, toward, number) {
            Receipt::First { reordered } => {
                let way = Way { reordered, withheld };
                self.delivered(toward.into(), token, read.since(token.intended), way);
            }
            Receipt::Again => self.repeated(token),
        }
    }

    pub(super) fn delivered(&mut self, direction: Direction, token: Token, took: RealSpan, way: Way) {
        let receipt = Slow { visit: token.visit, direction, intended: token.intended, took };
        match &mut self.state.holds {
            _ if way.withheld => self.was_held_back(receipt),
            Some(holds) => match holds.received(receipt) {
                Verdict::Latency(receipt) => self.took(receipt),
                Verdict::HeldBack(receipt) => self.was_held_back(receipt),
                Verdict::Open => {}
            },
            None => self.took(receipt),
        }
        if way.reordered
            && let Some(traffic) = self.recorder.traffic(self.pace.scenario(token.intended))
        {
            traffic.messages.reordered += 1;
        }
    }

    pub(super) fn repeated(&mut self, token: Token) {
        if let Some(traffic) = self.recorder.traffic(self.pace.scenario(token.intended)) {
            traffic.messages.duplicated += 1;
        }
    }

    /// What was said in this visit, that way, was held back.
    pub(super) fn hold(&mut self, visit: VisitId, direction: Direction, hold: Hold) {
        let Some(holds) = &mut self.state.holds else { return };
        for receipt in holds.hold(visit, direction, hold) {
            self.was_held_back(receipt);
        }
    }

    /// Nothing more is said of any sender.
    pub(super) fn end_holds(&mut self) {
        for receipt in self.state.holds.take().into_iter().flat_map(super::Holds::end) {
            self.took(receipt);
        }
    }

    fn took(&mut self, Slow { direction, intended, took, .. }: Slow) {
        self.recorder.delivered(direction, self.pace.scenario(intended), took);
    }

    fn was_held_back(&mut self, receipt: Slow) {
        self.recorder.held_back(self.pace.scenario(receipt.intended));
    }
}
