//! When visitors come, and who of them comes again.

use crate::base::dist::Law;
use crate::base::time::{Moment, Span};

/// When visitors come: a Poisson process whose rate is piecewise linear, and bursts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArrivalPlan {
    /// The rate, piece after piece, without gaps, from 0 on; after the last piece nobody comes. Empty: nobody at all.
    pub pieces: Vec<RatePiece>,
    /// The coefficient of variation of the Gamma factor (mean 1) that multiplies every rate of a replication; 0: none.
    pub busyness_cv: f64,
    /// Crowds that come at once.
    pub bursts: Vec<Burst>,
}

/// A stretch of time in which the rate goes linearly from `from_per_sec` to `to_per_sec`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatePiece {
    /// Its start.
    pub from: Moment,
    /// Its end.
    pub to: Moment,
    /// Visitors per second at its start.
    pub from_per_sec: f64,
    /// Visitors per second at its end.
    pub to_per_sec: f64,
}

/// `count` visitors who come at independent uniform instants of [at, at + within].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Burst {
    /// When it begins.
    pub at: Moment,
    /// How many come.
    pub count: u64,
    /// In how long.
    pub within: Span,
}

/// Who of those who gave up (left the queue, or were refused) comes back, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPlan {
    /// The probability of coming back after each attempt.
    pub share: f64,
    /// How long after giving up.
    pub after: Law,
    /// Returns at the most.
    pub most: u8,
}

impl ArrivalPlan {
    /// Makes it `factor` times as many, bursts to the nearest visitor.
    pub fn scale(&mut self, factor: f64) {
        for piece in &mut self.pieces {
            piece.from_per_sec *= factor;
            piece.to_per_sec *= factor;
        }
        for burst in &mut self.bursts {
            burst.count = (burst.count as f64 * factor).round() as u64;
        }
    }

    /// How many visitors are expected in [`from`, `to`): busyness has mean 1, so it changes nothing.
    #[must_use]
    pub fn expected(&self, from: Moment, to: Moment) -> f64 {
        let pieces = self.pieces.iter().map(|piece| piece.expected(from, to));
        let bursts = self.bursts.iter().map(|burst| burst.count as f64 * burst.part(from, to));
        pieces.chain(bursts).sum()
    }

    /// How many visitors all bursts have.
    #[must_use]
    pub fn in_bursts(&self) -> u64 {
        self.bursts.iter().fold(0, |sum, burst| sum.saturating_add(burst.count))
    }

    /// Whether anybody is ever expected.
    #[must_use]
    pub fn comes(&self) -> bool {
        self.expected(Moment::ZERO, Moment::NEVER) > 0.0
    }
}

impl RatePiece {
    /// How many visitors are expected in what lies of it in [`from`, `to`).
    pub(in crate::scenario) fn expected(&self, from: Moment, to: Moment) -> f64 {
        let whole = self.to.since(self.from).secs();
        let (a, b) = (from.max(self.from).since(self.from).secs(), to.min(self.to).since(self.from).secs());
        let slope = (self.to_per_sec - self.from_per_sec) / whole;
        if a < b { (b - a) * (self.from_per_sec + 0.5 * slope * (a + b)) } else { 0.0 }
    }
}

impl Burst {
    /// The part of its visitors expected in [`from`, `to`).
    fn part(&self, from: Moment, to: Moment) -> f64 {
        let end = self.at + self.within;
        if self.within == Span::ZERO {
            return f64::from(u8::from(from <= self.at && self.at < to));
        }
        to.min(end).since(from.max(self.at)).secs() / self.within.secs()
    }
}
