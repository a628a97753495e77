//! What a guest means to do about what was read: questions to answer, messages to report; and the harm in sight.

use crate::base::time::{Moment, Span};
use crate::base::words::rooms::{GuestAct, PostId};
use crate::people::Effects;
use crate::people::reason::{Reason, Timer};

/// Messages and instants, the earliest first; one timer rings for the earliest.
#[derive(Clone, Debug)]
struct Agenda {
    entries: Vec<(Moment, PostId)>,
    reason: Reason,
}

impl Agenda {
    const fn new(reason: Reason) -> Self {
        Self { entries: Vec::new(), reason }
    }

    fn add(&mut self, due: Moment, post: PostId, fx: &mut impl Effects<GuestAct>) {
        let place = self.entries.partition_point(|(other, _)| *other <= due);
        self.entries.insert(place, (due, post));
        if place == 0 {
            fx.arm(Timer::own(self.reason), due);
        }
    }

    fn strike(&mut self, post: PostId, fx: &mut impl Effects<GuestAct>) {
        let Some(place) = self.entries.iter().position(|(_, other)| *other == post) else { return };
        self.entries.remove(place);
        if place == 0 {
            self.rearm(fx);
        }
    }

    /// The earliest, once it is due.
    fn due(&mut self, now: Moment, fx: &mut impl Effects<GuestAct>) -> Option<PostId> {
        let (due, post) = *self.entries.first()?;
        if due > now {
            self.rearm(fx);
            return None;
        }
        self.entries.remove(0);
        Some(post)
    }

    fn rearm(&self, fx: &mut impl Effects<GuestAct>) {
        match self.entries.first() {
            Some((due, _)) => fx.arm(Timer::own(self.reason), *due),
            None => fx.cancel(Timer::own(self.reason)),
        }
    }

    fn clear(&mut self, fx: &mut impl Effects<GuestAct>) {
        if !self.entries.is_empty() {
            self.entries.clear();
            fx.cancel(Timer::own(self.reason));
        }
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Errands {
    answers: Agenda,
    reports: Agenda,
    /// Harmful messages in sight, and since when.
    harm: Vec<(Moment, PostId)>,
}

impl Default for Errands {
    fn default() -> Self {
        Self { answers: Agenda::new(Reason::Reply), reports: Agenda::new(Reason::Report), harm: Vec::new() }
    }
}

impl Errands {
    /// Means to answer a question at `due`.
    pub(super) fn answer(&mut self, question: PostId, due: Moment, fx: &mut impl Effects<GuestAct>) {
        self.answers.add(due, question, fx);
    }

    /// Somebody has answered a question: nobody else needs to.
    pub(super) fn answered(&mut self, question: PostId, fx: &mut impl Effects<GuestAct>) {
        self.answers.strike(question, fx);
    }

    /// Nobody is there any more to answer to.
    pub(super) fn answer_nobody(&mut self, fx: &mut impl Effects<GuestAct>) {
        self.answers.clear(fx);
    }

    /// The next question to be answered by now.
    pub(super) fn answer_due(&mut self, now: Moment, fx: &mut impl Effects<GuestAct>) -> Option<PostId> {
        self.answers.due(now, fx)
    }

    /// The next message to be reported by now.
    pub(super) fn report_due(&mut self, now: Moment, fx: &mut impl Effects<GuestAct>) -> Option<PostId> {
        self.reports.due(now, fx)
    }

    /// Sees a harmful message, and means to report it after so long, or not.
    pub(super) fn see_harm(
        &mut self,
        post: PostId,
        report: Option<Span>,
        now: Moment,
        fx: &mut impl Effects<GuestAct>,
    ) {
        self.harm.push((now, post));
        if let Some(after) = report {
            self.reports.add(now + after, post, fx);
        }
    }

    /// A message is not in sight any more. Gives since when it was, if it was one that does harm.
    pub(super) fn lose_sight(&mut self, post: PostId, fx: &mut impl Effects<GuestAct>) -> Option<Moment> {
        let place = self.harm.iter().position(|(_, other)| *other == post)?;
        self.reports.strike(post, fx);
        Some(self.harm.remove(place).0)
    }

    /// The guest leaves. Gives since when each harmful message was in sight.
    pub(super) fn drop_all(&mut self, fx: &mut impl Effects<GuestAct>) -> Vec<Moment> {
        self.answers.clear(fx);
        self.reports.clear(fx);
        self.harm.drain(..).map(|(since, _)| since).collect()
    }
}
