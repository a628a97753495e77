//! The queue behind a desk whose every slot is taken, in its steady state.
//!
//! While anybody waits, every slot is taken, so whatever the desk is like, it frees slots at one constant rate and
//! the queue is a birth–death chain of its own. This is what Erlang's queues and the chat desk have in common.

use super::birth_death::log_stationary;

/// Steps per (λ + R)⁻¹, the time in which the density of the wait can change by a factor e at most, when it is
/// integrated by Simpson's rule: leaves a relative error below 1e-9.
const STEPS: f64 = 32.0;

/// A first come, first served queue with Poisson arrivals, exponential patience (or none at all), and a desk that
/// frees its slots at a constant rate while they are all taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Backlog {
    arrivals_per_sec: f64,
    freed_per_sec: f64,
    abandon_per_sec: f64,
    delayed: f64,
    /// ln of the probability that all slots are taken and nobody waits.
    log_full: f64,
    queue_mean: f64,
}

/// The four service levels, each a share. N offered, S served, S_T served within T, A_T gave up within T.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServiceLevels {
    /// S_T / S.
    pub answered: f64,
    /// S_T / N.
    pub offered: f64,
    /// (S_T + A_T) / N.
    pub waited: f64,
    /// S_T / (N − A_T'), where T' is what counts as a short abandonment.
    pub short_excluded: f64,
}

impl Backlog {
    /// The queue behind a desk that frees `freed_per_sec` slots while all are taken, and that, if it sent away
    /// whoever found no slot, would send away the share `blocked`. `patience_secs` is the mean patience; `None`:
    /// everybody waits for ever.
    ///
    /// `None` when people wait for ever and come faster than slots are freed.
    #[must_use]
    pub fn behind(
        arrivals_per_sec: f64,
        freed_per_sec: f64,
        patience_secs: Option<f64>,
        blocked: f64,
    ) -> Option<Self> {
        let abandon_per_sec = patience_secs.map_or(0.0, f64::recip);
        if abandon_per_sec == 0.0 && arrivals_per_sec >= freed_per_sec {
            return None;
        }
        let queue = log_stationary(|_| arrivals_per_sec, |i| freed_per_sec + i as f64 * abandon_per_sec)?;
        // The queue's chain is the desk's watched only while all slots are taken; the desk without a queue is the
        // desk's watched only while nobody waits. They share one state, which fixes the weight of either.
        let nobody_waits = libm::exp(queue[0]);
        let delayed = blocked / (blocked + (1.0 - blocked) * nobody_waits);
        let queue_mean: f64 = queue.iter().enumerate().map(|(i, log)| i as f64 * libm::exp(*log)).sum();
        Some(Self {
            arrivals_per_sec,
            freed_per_sec,
            abandon_per_sec,
            delayed,
            log_full: queue[0] + libm::log(delayed),
            queue_mean: delayed * queue_mean,
        })
    }

    /// The share of those who find no free slot.
    #[must_use]
    pub fn delayed(&self) -> f64 {
        self.delayed
    }

    /// The share of those who leave the queue before they are served.
    #[must_use]
    pub fn abandoned(&self) -> f64 {
        self.abandon_per_sec * self.wait_mean_secs()
    }

    /// The mean time in the queue of everybody, served at once, later or never (Little: queue length / arrivals).
    #[must_use]
    pub fn wait_mean_secs(&self) -> f64 {
        self.queue_mean / self.arrivals_per_sec
    }

    /// How many wait, on average over time.
    #[must_use]
    pub fn queue_mean(&self) -> f64 {
        self.queue_mean
    }

    /// The share of those who are served within `secs` of their arrival.
    #[must_use]
    pub fn served_within(&self, secs: f64) -> f64 {
        1.0 - self.delayed + self.offered_wait_integral(secs, |t| libm::exp(-self.abandon_per_sec * t))
    }

    /// The share of those who leave the queue within `secs` of their arrival.
    #[must_use]
    pub fn abandoned_within(&self, secs: f64) -> f64 {
        let (offered_later, patience) = (
            self.delayed - self.offered_wait_integral(secs, |_| 1.0),
            libm::exp(-self.abandon_per_sec * secs),
        );
        1.0 - offered_later * patience - self.served_within(secs)
    }

    /// The service levels at the threshold `within_secs`, where leaving the queue within `short_secs` is short.
    #[must_use]
    pub fn service_levels(&self, within_secs: f64, short_secs: f64) -> ServiceLevels {
        let served_in_time = self.served_within(within_secs);
        ServiceLevels {
            answered: served_in_time / (1.0 - self.abandoned()),
            offered: served_in_time,
            waited: served_in_time + self.abandoned_within(within_secs),
            short_excluded: served_in_time / (1.0 - self.abandoned_within(short_secs)),
        }
    }

    /// The integral over (0, `secs`] of `weight` times the density of the offered wait: how long an arrival with
    /// endless patience would wait. That density is R·P(full, nobody waits)·exp(λ·∫₀ᵗ P(patience > u) du − R·t), R the
    /// rate at which slots are freed: Baccelli, Hebuterne, "On queues with impatient customers", Performance '81;
    /// Zeltyn, Mandelbaum, "Call centers with impatient customers: many-server asymptotics of the M/M/n+G queue",
    /// Queueing Systems 51, 2005.
    fn offered_wait_integral(&self, secs: f64, weight: impl Fn(f64) -> f64) -> f64 {
        if secs <= 0.0 {
            return 0.0;
        }
        let log_front = libm::log(self.freed_per_sec) + self.log_full;
        let density = |t: f64| {
            let willing_secs = if self.abandon_per_sec > 0.0 {
                -libm::expm1(-self.abandon_per_sec * t) / self.abandon_per_sec
            } else {
                t
            };
            libm::exp(log_front + self.arrivals_per_sec * willing_secs - self.freed_per_sec * t)
        };
        let pairs = (STEPS * secs * (self.arrivals_per_sec + self.freed_per_sec) / 2.0).ceil().max(16.0);
        let step = secs / (2.0 * pairs);
        let at = |i: u64| density(i as f64 * step) * weight(i as f64 * step);
        let inner: f64 = (1..2 * pairs as u64).map(|i| if i % 2 == 1 { 4.0 } else { 2.0 } * at(i)).sum();
        (at(0) + inner + at(2 * pairs as u64)) * step / 3.0
    }
}
