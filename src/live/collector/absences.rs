//! Whose connection broke, who came back, and what they missed.

use super::super::ledger::Failed;
use super::super::notes::Note;
use super::Collector;

impl Collector {
    /// One who was away is back, tries again or tries no more.
    pub(super) fn count_return(&mut self, note: &Note) {
        let (Note::TriedAgain(broke, _) | Note::CameBack(broke, ..) | Note::GaveUp(broke)) = *note else {
            return;
        };
        let Some(traffic) = self.recorder.traffic(broke) else { return };
        match *note {
            Note::TriedAgain(_, failure) => {
                traffic.attempts += 1;
                failure.into_iter().for_each(|failure| traffic.fail(failure));
            }
            Note::CameBack(_, resumed, away) => {
                let count =
                    if resumed { &mut traffic.reconnects.resumed } else { &mut traffic.reconnects.anew };
                *count += 1;
                traffic.reconnects.away.record_real(away);
            }
            _ => traffic.reconnects.given_up += 1,
        }
    }

    /// How a recipient of messages stands.
    pub(super) fn count_recipient(&mut self, note: &Note) {
        let ledger = &mut self.state.ledger;
        match *note {
            Note::Over(visit, toward, whole) => ledger.over(visit, toward, whole),
            Note::Away(visit, toward) => ledger.away(visit, toward),
            Note::Back(visit, toward) => ledger.back(visit, toward),
            Note::WasAway(visit, toward, until) => ledger.was_away(visit, toward, until),
            _ => {}
        }
        self.count_missed();
    }

    /// What the ledger knows by now that nobody will get any more.
    pub(super) fn count_missed(&mut self) {
        for intended in self.state.ledger.take_missed() {
            self.failed(Failed::Missed(intended));
        }
    }

    /// A message did not come.
    pub(super) fn failed(&mut self, failed: Failed) {
        let (Failed::Lost(intended) | Failed::Missed(intended)) = failed;
        let Some(traffic) = self.recorder.traffic(intended) else { return };
        match failed {
            Failed::Lost(_) => traffic.messages.lost += 1,
            Failed::Missed(_) => traffic.messages.missed += 1,
        }
    }
}
