//! What goes wrong, to whom and when: every draw of a server with faults. A pure function of the seed and of who or what it
//! befalls, so that the same faults hit the same messages again: a message is known by its visit and number (not by its
//! run, nor by when it was sent), a connection by its place in the order in which they were taken.

use tokio::sync::watch;

use crate::base::draw::{Draws, Purpose};
use crate::base::time::{RealMoment, RealSpan};
use crate::net::clock::Clock;
use crate::scenario::plan::faults::{Crash, Faults};
use crate::wire::token::{Part, Token};

/// What befalls a message on its way to one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Passes,
    Dropped,
    Duplicated,
    Reordered,
}

/// The faults of a server that runs.
#[derive(Debug)]
pub(super) struct Faulty {
    faults: Faults,
    draws: Draws,
    /// When the first client greeted.
    began: watch::Sender<Option<RealMoment>>,
}

impl Faulty {
    pub(super) fn new(faults: Faults) -> Self {
        let draws = Draws::of_population(faults.seed, 0, "faults");
        Self { faults, draws, began: watch::channel(None).0 }
    }

    /// A client greets: what happens at given times counts from the first.
    pub(super) fn begin(&self, now: RealMoment) {
        self.began.send_if_modified(|began| {
            let is_first = began.is_none();
            began.get_or_insert(now);
            is_first
        });
    }

    /// The stall that lasts at `now`, or else the next one: from when until when.
    fn stall(&self, now: RealMoment) -> Option<(RealMoment, RealMoment)> {
        let stalls = self.faults.stalls?;
        let began = (*self.began.borrow())?;
        let every = stalls.every.nanos();
        let current = now.since(began).nanos() / every;
        let of = |number: u64| {
            let from = began + RealSpan::from_nanos(every.saturating_mul(number));
            (from, from + stalls.lasts)
        };
        let lasts = current > 0 && now < of(current).1;
        Some(of(if lasts { current } else { current + 1 }))
    }

    /// Waits until the server does not stand still.
    pub(super) async fn awake(&self, clock: &Clock) {
        if let Some((from, until)) = self.stall(clock.now())
            && from <= clock.now()
        {
            clock.until(until).await;
        }
    }

    /// Waits for the next stall; gives until when it lasts. Never, where there are none.
    pub(super) async fn stalled(&self, clock: &Clock) -> RealMoment {
        if self.faults.stalls.is_none() {
            return std::future::pending().await;
        }
        self.first_greeting().await;
        let mut next = self.stall(clock.now());
        // One that lasts has been told of.
        if let Some((from, until)) = next
            && from <= clock.now()
        {
            next = self.stall(until);
        }
        let (from, until) = next.unwrap_or((RealMoment::NEVER, RealMoment::NEVER));
        clock.until(from).await;
        until
    }

    /// Waits for the crash, and gives it. Never, where there is none.
    pub(super) async fn crash(&self, clock: &Clock) -> Crash {
        let Some(crash) = self.faults.crash else { return std::future::pending().await };
        let began = self.first_greeting().await;
        clock.until(began + crash.after).await;
        crash
    }

    async fn first_greeting(&self) -> RealMoment {
        let mut began = self.began.subscribe();
        // The sender is here, so it is not gone.
        let first = began.wait_for(Option::is_some).await.ok().and_then(|began| *began);
        first.unwrap_or(RealMoment::NEVER)
    }

    /// What befalls a message on its way to `client`.
    pub(super) fn fate(&self, message: &Token, client: u64) -> Fate {
        let shares = &self.faults.messages;
        let dropped = shares.dropped;
        let duplicated = dropped + shares.duplicated;
        let reordered = duplicated + shares.reordered;
        if reordered <= 0.0 {
            return Fate::Passes;
        }
        match self.of(message).uniform(Purpose::FaultFate, recipient(message, client)) {
            x if x < dropped => Fate::Dropped,
            x if x < duplicated => Fate::Duplicated,
            x if x < reordered => Fate::Reordered,
            _ => Fate::Passes,
        }
    }

    /// How long a message that is to be reordered waits for the next.
    pub(super) fn wait(&self) -> RealSpan {
        self.faults.messages.wait
    }

    /// How much longer a message takes to `client`.
    pub(super) fn latency(&self, message: &Token, client: u64) -> RealSpan {
        self.lasting(self.of(message), recipient(message, client))
    }

    /// The same of the `k`-th frame to `client` that is no message.
    pub(super) fn latency_of_frame(&self, client: u64, k: u64) -> RealSpan {
        self.lasting(self.draws.visitor(client), k)
    }

    fn lasting(&self, of: Draws, k: u64) -> RealSpan {
        let law = self.faults.latency.as_ref();
        law.map_or(RealSpan::ZERO, |law| {
            RealSpan::from_secs(law.sample(&mut of.stream(Purpose::FaultLatency, k)))
        })
    }

    /// Whether a client who comes is turned away.
    pub(super) fn refuses(&self, client: u64) -> bool {
        self.draws.visitor(client).chance(self.faults.connections.refused, Purpose::FaultRefused, 0)
    }

    /// How long after the greeting the connection of a client who comes is reset, if it is.
    pub(super) fn reset_after(&self, client: u64) -> Option<RealSpan> {
        let (share, after) = self.faults.connections.reset.as_ref()?;
        let draws = self.draws.visitor(client);
        let is_reset = draws.chance(*share, Purpose::FaultReset, 0);
        is_reset.then(|| RealSpan::from_secs(after.sample(&mut draws.stream(Purpose::FaultReset, 1))))
    }

    /// How long the server pauses after the `k`-th frame from a client who comes.
    pub(super) fn pause(&self, client: u64, k: u64) -> RealSpan {
        let Some((share, pause)) = &self.faults.connections.slow_reading else { return RealSpan::ZERO };
        let draws = self.draws.visitor(client);
        if !draws.chance(*share, Purpose::FaultSlow, 0) {
            return RealSpan::ZERO;
        }
        RealSpan::from_secs(pause.sample(&mut draws.stream(Purpose::FaultPause, k)))
    }

    /// The key of a message.
    fn of(&self, message: &Token) -> Draws {
        let (kind, number) = match message.part {
            Part::Opening(_) => (0, 0),
            Part::OfVisitor(number) => (1, number),
            Part::OfAgent(number) => (2, number),
            Part::OfGuest(number) => (3, number),
        };
        let visit = message.visit;
        let population = u64::from(visit.population.0) << 8 | u64::from(visit.attempt);
        self.draws.visitor(population).visitor(visit.index).visitor(kind << 32 | u64::from(number))
    }
}

/// Who that is among the recipients of a message. In a conversation there is but one, whichever connection it has.
fn recipient(message: &Token, client: u64) -> u64 {
    if matches!(message.part, Part::OfGuest(_)) { client } else { 0 }
}

#[cfg(test)]
mod tests;
