//! Company in a chat room to which guests come at a constant rate, independently of each other (a Poisson process): who
//! is there, and who never meets anybody.
//!
//! - Who is alone stays anyway: everybody is served at once by a server of their own, M/G/∞. The number present is
//!   Poisson whatever the law of the stay: L. Takács, Introduction to the Theory of Queues, 1962, chapter 3.
//! - Who is alone waits for company for so long only, and does not use up the stay meanwhile: [`LonelyRoom`].
//!
//! Guests who come see the room as it is on average over time: R. W. Wolff, "Poisson arrivals see time averages",
//! Operations Research 30(2), 1982.

use crate::base::dist::Law;

/// The highest rate of visits, per second, at which company is looked for.
const HIGHEST_RATE: f64 = 1e6;

/// The share of the time in which `n` guests are present where guests alone stay anyway, by the offered load, which is
/// visits a second × mean stay: Poisson, and so is what guests find on coming.
#[must_use]
pub fn present(load: f64, n: u32) -> f64 {
    if load == 0.0 {
        return if n == 0 { 1.0 } else { 0.0 };
    }
    libm::exp(f64::from(n) * libm::log(load) - load - libm::lgamma(f64::from(n) + 1.0))
}

/// The share of visits that never meet anybody where guests alone stay anyway: nobody is there on coming, `e^(−λE[S])`, and
/// nobody comes during the own stay, `E[e^(−λS)]`. The first is a matter of the past and the second of the future, so both
/// happen with the product.
#[must_use]
pub fn never_met_without_patience(arrivals_per_sec: f64, stay: &Law) -> f64 {
    present(arrivals_per_sec * stay.mean(), 0) * stay.laplace(arrivals_per_sec)
}

/// The share of visits that never meet anybody, where there is a formula: without a patience for being alone, or with one
/// and exponential stays. `None` otherwise.
#[must_use]
pub fn never_met(arrivals_per_sec: f64, stay: &Law, alone_patience: Option<&Law>) -> Option<f64> {
    match alone_patience {
        None => Some(never_met_without_patience(arrivals_per_sec, stay)),
        Some(patience) => LonelyRoom::new(arrivals_per_sec, stay, patience).map(|room| room.never_met()),
    }
}

/// A room whose guests use up their stay in company only, and who leave when they are alone for longer than a patience
/// that is drawn anew each time.
///
/// Exact for exponential stays (mean 1/μ) and any law of the patience P. From one guest on, the number present moves as a
/// birth–death chain: up at λ, down from n ≥ 2 at nμ. One guest alone goes with the probability `E[e^(−λP)]`, that nobody
/// comes in time, and is alone for `(1 − E[e^(−λP)])/λ` on average; nothing else of P matters to a semi-Markov process
/// (S. M. Ross, Stochastic Processes, 2nd ed. 1996, section 4.8). So P counts as exponential of the rate
/// θ = `λE[e^(−λP)]/(1 − E[e^(−λP)])`, which is the rate of P where that is exponential, and p₀ = 1/(1 + (μ/θ)(e^(λ/μ) − 1)).
/// Other stays are not memoryless, and who was left alone has an unusual one: there p₀ is different.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LonelyRoom {
    /// λ/μ.
    load: f64,
    /// `E[e^(−λP)]`, the probability that a guest alone gives up.
    gives_up: f64,
    /// p₀e^(λ/μ)·(λ/θ), which is the mean number present.
    mean_present: f64,
}

impl LonelyRoom {
    /// A room with so many visits a second. `None` unless the stay is exponential.
    ///
    /// # Panics
    /// Unless there are visits, and the mean patience is positive.
    #[must_use]
    pub fn new(arrivals_per_sec: f64, stay: &Law, alone_patience: &Law) -> Option<Self> {
        assert!(arrivals_per_sec > 0.0, "{arrivals_per_sec} visits a second");
        assert!(alone_patience.mean() > 0.0, "nobody waits for company");
        let load = arrivals_per_sec * stay.exponential_mean()?;
        let gives_up = alone_patience.laplace(arrivals_per_sec);
        // p₀ times (1 − E[e^(−λP)]), written so that neither a large load nor a long patience overflows.
        let waits = 1.0 - gives_up;
        let mean_present = waits / (gives_up * libm::exp(-load) - waits * libm::expm1(-load) / load);
        Some(Self { load, gives_up, mean_present })
    }

    /// The share of the time in which nobody is there, and of visits that find nobody: p₀.
    #[must_use]
    pub fn empty(&self) -> f64 {
        let waits = 1.0 - self.gives_up;
        self.gives_up / (self.gives_up + waits * libm::expm1(self.load) / self.load)
    }

    /// The share of visits that never meet anybody: nobody is there, and nobody comes in time. It is p₀θ/(θ + λ).
    #[must_use]
    pub fn never_met(&self) -> f64 {
        self.empty() * self.gives_up
    }

    /// How many are present, on average over time.
    #[must_use]
    pub fn mean_present(&self) -> f64 {
        self.mean_present
    }

    /// The share of the time in which `n` are present: p₀(λ/θ)(λ/μ)^(n−1)/n! from one on.
    #[must_use]
    pub fn present(&self, n: u32) -> f64 {
        if n == 0 { self.empty() } else { self.mean_present * present(self.load, n) / self.load }
    }
}

/// Critical mass: the rate of visits, per second, from which on this share of them meets somebody, where `met_share` gives
/// the share at a rate and never falls as the rate rises. `None` where that is never reached.
#[must_use]
pub fn critical_rate(wanted: f64, met_share: impl Fn(f64) -> f64) -> Option<f64> {
    if wanted <= 0.0 {
        return Some(0.0);
    }
    // All visits meeting somebody is a limit, although floats may come to it.
    if wanted.is_nan() || wanted >= 1.0 {
        return None;
    }
    let mut high = 1e-9;
    while met_share(high) < wanted {
        high *= 2.0;
        if high > HIGHEST_RATE {
            return None;
        }
    }
    let mut low = 0.0;
    // 60 halvings leave less than the last bit of what matters.
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        *(if met_share(middle) < wanted { &mut low } else { &mut high }) = middle;
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIX_AN_HOUR: f64 = 6.0 / 3600.0;

    /// The example of a sparse community.
    fn sparse() -> LonelyRoom {
        LonelyRoom::new(SIX_AN_HOUR, &Law::exponential(600.0), &Law::exponential(120.0)).unwrap()
    }

    #[track_caller]
    fn close(value: f64, expected: f64, within: f64) {
        assert!((value - expected).abs() <= within, "{value}, not {expected}");
    }

    #[test]
    fn the_sparse_community_is_a_desert() {
        close(sparse().empty(), 0.744_238, 5e-7);
        close(sparse().never_met(), 0.620_198, 5e-7);
    }

    #[test]
    fn without_patience_the_number_present_is_poisson() {
        close(present(1.0, 0), 0.367_879, 5e-7);
        close(present(3.0, 0), 0.049_787_1, 5e-8);
        close((0..200).map(|n| present(40.0, n)).sum(), 1.0, 1e-12);
        close((0..200).map(|n| f64::from(n) * present(40.0, n)).sum(), 40.0, 1e-10);
        assert_eq!((present(0.0, 0), present(0.0, 1)), (1.0, 0.0));
    }

    #[test]
    fn without_patience_an_exponential_stay_meets_nobody_with_its_closed_form() {
        let never = never_met_without_patience(SIX_AN_HOUR, &Law::exponential(600.0));
        close(never, libm::exp(-1.0) / 2.0, 1e-15);
        // The longer the tail, the more visits are short and meet nobody.
        let of = |stay| never_met_without_patience(SIX_AN_HOUR, &stay);
        let stays = [Law::constant(600.0), Law::lognormal(600.0, 0.5), Law::lognormal(600.0, 2.0)].map(of);
        close(stays[0], libm::exp(-2.0), 1e-15);
        assert!(stays[0] < stays[1] && stays[1] < stays[2], "{stays:?}");
    }

    #[test]
    fn the_lonely_room_is_a_birth_death_chain() {
        use crate::staffing::birth_death::log_stationary;
        for (arrivals, stay, patience) in [(0.002, 600.0, 120.0), (0.01, 600.0, 60.0), (0.001, 30.0, 900.0)] {
            let room =
                LonelyRoom::new(arrivals, &Law::exponential(stay), &Law::exponential(patience)).unwrap();
            let down = |n: usize| if n == 1 { 1.0 / patience } else { n as f64 / stay };
            let chain = log_stationary(|_| arrivals, down).unwrap();
            for (n, log) in chain.iter().enumerate() {
                close(room.present(n as u32), libm::exp(*log), 1e-12);
            }
            let mean = chain.iter().enumerate().map(|(n, log)| n as f64 * libm::exp(*log)).sum();
            close(room.mean_present(), mean, 1e-10);
        }
    }

    /// The room with a patience of two exponential phases, which is a chain too: alone in the first phase, alone in the
    /// second, in company.
    #[test]
    fn any_law_of_the_patience_is_exact() {
        let (arrivals, leave, phase) = (0.004, 1.0 / 600.0, 1.0 / 50.0);
        let patience = Law::gamma(100.0, 2.0);
        let room = LonelyRoom::new(arrivals, &Law::exponential(600.0), &patience).unwrap();
        // Flow between one and two present balances; so does it into and out of the second phase.
        let load: f64 = arrivals / leave;
        let second_of_first = phase / (phase + arrivals);
        // Two or more relative to one: Σ (λ/μ)^(n−1)/n! from 2 on.
        let more = (libm::exp(load) - 1.0 - load) / load;
        let first = 1.0;
        let one = first * (1.0 + second_of_first);
        let empty = phase * first * second_of_first / arrivals;
        let whole = empty + one * (1.0 + more);
        close(room.empty(), empty / whole, 1e-12);
        close(room.present(1), one / whole, 1e-12);
        close(room.never_met(), empty / whole * second_of_first * second_of_first, 1e-12);
    }

    #[test]
    fn a_crowded_room_overflows_nothing() {
        let room = LonelyRoom::new(10.0, &Law::exponential(600.0), &Law::constant(60.0)).unwrap();
        assert_eq!((room.empty(), room.never_met()), (0.0, 0.0));
        close(room.mean_present() / 6_000.0, 1.0, 1e-12);
        assert!(LonelyRoom::new(10.0, &Law::constant(600.0), &Law::constant(60.0)).is_none());
    }

    #[test]
    fn critical_mass_is_where_the_wanted_share_meets() {
        let stay = Law::exponential(600.0);
        let met = |patience: Option<Law>| {
            let stay = stay.clone();
            move |rate| 1.0 - never_met(rate, &stay, patience.as_ref()).unwrap()
        };
        for patience in [None, Some(Law::exponential(120.0)), Some(Law::lognormal(120.0, 1.0))] {
            let share = met(patience);
            for wanted in [0.05, 0.5, 0.9, 0.99] {
                let rate = critical_rate(wanted, &share).unwrap();
                close(share(rate), wanted, 1e-9);
            }
            let today = 1.0 - share(SIX_AN_HOUR);
            close(critical_rate(1.0 - today, &share).unwrap() / SIX_AN_HOUR, 1.0, 1e-6);
        }
    }

    #[test]
    fn some_shares_are_never_reached() {
        assert_eq!(critical_rate(0.0, |_| 0.0), Some(0.0));
        assert_eq!(critical_rate(0.3, |_| 0.2), None);
        assert_eq!(critical_rate(1.0, |_| 1.0), None);
        assert_eq!(critical_rate(f64::NAN, |_| 1.0), None);
    }
}
