//! How long the platform takes to bring an agent and a visitor together, as seen from here.
//!
//! From the instant at which both were there (the platform had been told of the visitor and of the agent's slot, whichever came
//! last) to the instant at which the agent was told of the visitor: a way to the server and back is in it, and waiting for a
//! slot is not. The generator plays both sides, so it knows. An agent who chats and calls is left out: whether such a one may be
//! given something depends on others.

use std::collections::BTreeMap;

use crate::base::id::VisitId;
use crate::base::time::{RealMoment, RealSpan};

/// Who waits, since the platform was told. Whoever is served or gone is forgotten.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting(BTreeMap<VisitId, RealMoment>);

impl Waiting {
    /// The platform is told that somebody waits, or waits for something else.
    pub(super) fn asks(&mut self, visit: VisitId, now: RealMoment) {
        self.0.insert(visit, now);
    }

    /// Nobody waits there any more.
    pub(super) fn gone(&mut self, visit: VisitId) {
        self.0.remove(&visit);
    }

    /// An agent who could be given a conversation from `free_since` on was told of this one at `read`. Since when both were
    /// there, and how long it took; `None` where that is not known.
    pub(super) fn given(
        &mut self,
        visit: VisitId,
        free_since: Option<RealMoment>,
        read: RealMoment,
    ) -> Option<(RealMoment, RealSpan)> {
        let asked = self.0.remove(&visit)?;
        let both = asked.max(free_since?);
        Some((both, read.since(both)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::PopulationId;

    fn visit(index: u64) -> VisitId {
        VisitId { population: PopulationId(0), index, attempt: 0 }
    }

    fn at(millis: u64) -> RealMoment {
        RealMoment::from_nanos(millis * 1_000_000)
    }

    #[test]
    fn it_counts_from_when_both_were_there() {
        let mut waiting = Waiting::default();
        waiting.asks(visit(1), at(10));
        waiting.asks(visit(2), at(10));
        let took = |millis: u64| RealSpan::from_nanos(millis * 1_000_000);
        assert_eq!(waiting.given(visit(1), Some(at(3)), at(12)), Some((at(10), took(2))));
        assert_eq!(waiting.given(visit(2), Some(at(30)), at(31)), Some((at(30), took(1))));
        assert_eq!(waiting.given(visit(2), Some(at(30)), at(31)), None, "once");
    }

    #[test]
    fn who_is_gone_or_whose_agent_is_of_two_desks_is_left_out() {
        let mut waiting = Waiting::default();
        waiting.asks(visit(1), at(10));
        waiting.gone(visit(1));
        assert_eq!(waiting.given(visit(1), Some(at(3)), at(12)), None);
        waiting.asks(visit(2), at(10));
        assert_eq!(waiting.given(visit(2), None, at(12)), None);
        assert!(waiting.0.is_empty());
    }
}
