//! How a combination differs from the base, replication by replication.
//!
//! On common random numbers replication i of both is the same day: the same visitors, as patient, with the same questions.
//! A busy day is busy in both, and what chance does to both alike is not in their difference. So the interval is that of
//! the differences of days (the paired t; Law, *Simulation Modeling and Analysis*, 5th ed., 10.2 and 11.2), mostly far
//! narrower than that of two values that know nothing of each other.

use serde::Serialize;

use crate::metrics::student;

/// A value over all replications, and that of each; none where nothing was observed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sampled {
    pub(super) pooled: Option<f64>,
    pub(super) days: Vec<Option<f64>>,
}

/// By how much a figure is greater than in the base.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Of the two values over all replications.
    pub value: f64,
    /// The lower end of its 95 % interval; none of fewer than two pairs.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// Replications in which both have a value.
    pub pairs: usize,
    /// The half-width that the interval would have had if each had been played with a seed of its own.
    pub independent_half_width: Option<f64>,
}

impl Difference {
    /// Of a combination from the base; none where either has no value.
    pub(super) fn between(base: &Sampled, cell: &Sampled) -> Option<Self> {
        let value = cell.pooled? - base.pooled?;
        let pairs: Vec<(f64, f64)> =
            base.days.iter().zip(&cell.days).filter_map(|(base, cell)| Some(((*base)?, (*cell)?))).collect();
        let mut difference =
            Self { value, low: None, high: None, pairs: pairs.len(), independent_half_width: None };
        if pairs.len() < 2 {
            return Some(difference);
        }
        let days = pairs.len() as f64;
        let half = |variance: f64, freedom: usize| {
            student::quantile(0.975, u32::try_from(freedom).unwrap_or(u32::MAX)) * (variance / days).sqrt()
        };
        let freedom = pairs.len() - 1;
        let paired = half(variance(pairs.iter().map(|(base, cell)| cell - base)), freedom);
        let apart = variance(pairs.iter().map(|pair| pair.0)) + variance(pairs.iter().map(|pair| pair.1));
        (difference.low, difference.high) = (Some(value - paired), Some(value + paired));
        difference.independent_half_width = Some(half(apart, 2 * freedom));
        Some(difference)
    }

    /// Whether the difference is more than chance explains.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.low.zip(self.high).is_some_and(|(low, high)| low > 0.0 || high < 0.0)
    }

    /// How many times narrower the interval is than without common random numbers; none where nothing is left of it.
    #[must_use]
    pub fn narrower(&self) -> Option<f64> {
        let half = (self.high? - self.low?) / 2.0;
        (half > 0.0).then_some(self.independent_half_width? / half)
    }
}

/// The sample variance of two values and more.
fn variance(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    values.map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::draw::{Draws, Purpose};

    fn sampled(days: &[f64]) -> Sampled {
        let pooled = Some(days.iter().sum::<f64>() / days.len() as f64);
        Sampled { pooled, days: days.iter().copied().map(Some).collect() }
    }

    #[test]
    fn days_that_move_together_leave_little_doubt() {
        // Differences 1, 1, 1, 2: mean 1.25, s² = 0.25; t₃ = 3.182446.
        let (base, cell) = (sampled(&[10.0, 20.0, 30.0, 40.0]), sampled(&[11.0, 21.0, 31.0, 42.0]));
        let difference = Difference::between(&base, &cell).unwrap();
        assert_eq!((difference.value, difference.pairs), (1.25, 4));
        assert!((difference.high.unwrap() - 1.25 - 3.182_446 * 0.25).abs() < 1e-5, "{difference:?}");
        assert!(difference.is_clear() && difference.narrower().unwrap() > 10.0);
    }

    #[test]
    fn what_is_missing_is_not_paired() {
        let base = Sampled { pooled: Some(1.0), days: vec![Some(1.0), None, Some(1.0)] };
        let cell = Sampled { pooled: Some(3.0), days: vec![Some(3.0), Some(9.0), None] };
        let difference = Difference::between(&base, &cell).unwrap();
        assert_eq!((difference.value, difference.pairs, difference.low), (2.0, 1, None));
        assert!(!difference.is_clear());
        assert_eq!(Difference::between(&base, &Sampled::default()), None);
    }

    #[test]
    fn the_same_days_differ_in_nothing() {
        let days = sampled(&[1.0, 2.0, 4.0]);
        let difference = Difference::between(&days, &days).unwrap();
        assert_eq!((difference.low, difference.high, difference.narrower()), (Some(0.0), Some(0.0), None));
        assert!(!difference.is_clear());
    }

    /// Over 2,000 experiments the share that hold the truth has a standard error of 0.5 %.
    #[test]
    fn paired_intervals_hold_the_truth_as_often_as_they_say() {
        let held = (0..2_000).filter(|experiment| {
            let mut stream = Draws::of_population(1, *experiment, "paired").stream(Purpose::Work, 0);
            let mut of = || -libm::log(stream.open01());
            let (base, cell): (Vec<f64>, Vec<f64>) =
                (0..20).map(|_| (of(), of())).map(|(common, own)| (common, 2.0 * common + 0.3 * own)).unzip();
            let difference = Difference::between(&sampled(&base), &sampled(&cell)).unwrap();
            (difference.low.unwrap()..difference.high.unwrap()).contains(&1.3)
        });
        // Of skewed days a few less than 95 %.
        let share = held.count() as f64 / 2_000.0;
        assert!((0.91..0.97).contains(&share), "{share}");
    }
}
