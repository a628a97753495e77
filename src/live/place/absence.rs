//! A connection that broke, and the tries to take it up again, where the scenario says so. Waits are real: the server's crash is.

use super::super::link::{Connected, Trouble};
use super::super::notes::Note;
use super::{Happening, Place};
use crate::base::draw::Purpose;
use crate::base::time::{Moment, RealMoment};
use crate::metrics::tally::Failure;
use crate::wire::Event;

/// What a word of the platform, or its silence, costs whoever hears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Loss {
    /// Not the connection.
    Nothing,
    /// The connection, which is tried again.
    ForNow,
    /// The connection.
    ForGood,
}

/// From the break of a connection to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Absence {
    /// Since when, and what that is in the scenario.
    since: RealMoment,
    booked: Moment,
    /// Tries, the next included.
    tries: u32,
    /// When that is; never, while one is under way.
    next: RealMoment,
}

impl Absence {
    /// When the next try is due.
    pub(super) fn next(&self) -> RealMoment {
        self.next
    }
}

impl Place {
    /// Counts what went wrong where that is what the platform says, or its silence. Whoever reconnects is away with that.
    pub(in super::super) fn suffer(&mut self, event: &Event) -> Loss {
        let failure = match event {
            Event::Refused { .. } | Event::Failed { .. } => Failure::Refused,
            Event::Gone(_) => Failure::Disconnected,
            Event::Broken { .. } => Failure::Protocol,
            Event::Throttled { .. } => Failure::Throttled,
            _ => return Loss::Nothing,
        };
        self.fail(failure);
        match event {
            Event::Broken { why } => self.stage.notes.put(Note::Nonsense(why.clone())),
            Event::Throttled { why } => self.stage.notes.put(Note::Throttled(why.clone())),
            Event::Failed { why } => self.stage.notes.put(Note::Unwilling(why.clone())),
            Event::Gone(Some(why)) => self.stage.notes.put(Note::BrokeOff(why.clone())),
            _ => {}
        }
        if matches!(failure, Failure::Refused | Failure::Throttled) {
            return Loss::Nothing;
        }
        self.stage.notes.put(Note::Disconnected);
        self.link.drop_connection();
        // A platform that talks nonsense would go on with it.
        if failure == Failure::Disconnected && self.stage.plan.run.reconnect.is_some() {
            let (since, booked) = (self.stage.clock.now(), self.now());
            self.absence = Some(Absence { since, booked, tries: 0, next: RealMoment::NEVER });
            self.plan_try();
            return Loss::ForNow;
        }
        Loss::ForGood
    }

    /// Whether the connection broke, and is tried again.
    pub(in super::super) fn is_away(&self) -> bool {
        self.absence.is_some()
    }

    /// Plans the next try; false where there is none.
    fn plan_try(&mut self) -> bool {
        let (Some(plan), Some(absence)) = (self.stage.plan.run.reconnect, &mut self.absence) else {
            return false;
        };
        if absence.tries == plan.tries {
            return false;
        }
        absence.tries += 1;
        let place = self.draws.uniform(Purpose::Reconnect, self.tried);
        self.tried += 1;
        absence.next = self.stage.clock.now() + plan.wait(absence.tries, place);
        true
    }

    /// Tries to take the connection up again, if it is time.
    pub(super) fn try_again(&mut self) {
        let Some(absence) = &mut self.absence else { return };
        if absence.next > self.stage.clock.now() {
            return;
        }
        absence.next = RealMoment::NEVER;
        let booked = absence.booked;
        // The link that broke knows where that was.
        let none = self.stage.link(self.link.who());
        let link = std::mem::replace(&mut self.link, none);
        self.connect_by(link, booked);
    }

    /// A try came to this: whoever is here is back, tries again (`None`), or does not any more.
    pub(super) fn tried(&mut self, came: Result<Connected, Trouble>) -> Option<Happening> {
        let absence = self.absence?;
        match came {
            Ok(connected) => {
                self.absence = None;
                let _ = self.count(Ok(connected));
                let away = self.stage.clock.now().since(absence.since);
                self.stage.notes.put(Note::CameBack(absence.booked, connected.resumed, away));
                let now = self.now();
                self.came_back = Some(now);
                Some(Happening::CameBack { at: now, resumed: connected.resumed })
            }
            Err(trouble) if self.plan_try() => {
                self.stage.notes.put(Note::TriedAgain(absence.booked, trouble.failure()));
                None
            }
            Err(trouble) => {
                self.absence = None;
                let _ = self.count(Err(trouble));
                self.stage.notes.put(Note::GaveUp(absence.booked));
                Some(Happening::Lost(self.now()))
            }
        }
    }

    /// When whoever is here came back for the last time.
    pub(in super::super) fn came_back(&self) -> Option<Moment> {
        self.came_back
    }

    /// Nobody comes back any more; true where somebody was to. (What has come of a try that nobody was told of yet is counted.)
    pub(super) fn stay_away(&mut self) -> bool {
        let Some(absence) = self.absence.take() else { return false };
        self.connecting = None;
        match self.connected.take() {
            Some(Ok(connected)) => drop(self.count(Ok(connected))),
            Some(Err(trouble)) => {
                self.stage.notes.put(Note::TriedAgain(absence.booked, trouble.failure()));
            }
            None => {}
        }
        if !self.link.is_up() {
            self.link = self.stage.link(self.link.who());
        }
        true
    }
}
