//! Waits of which some were broken off: the estimator of Kaplan and Meier ("Nonparametric estimation from incomplete
//! observations", Journal of the American Statistical Association 53, 1958).

use super::histogram::{Distribution, micros_to_secs};

/// The `q`-quantile, in seconds, of a time whose completed observations are `seen`, and of which `censored` are
/// known only to have lasted at least so long; `None` where the estimate does not reach it.
///
/// In a bucket that holds both, what was completed comes before what was broken off, as is the convention. Without
/// censoring this is the quantile of `seen`.
#[must_use]
pub fn quantile_secs(seen: &Distribution, censored: &Distribution, q: f64) -> Option<f64> {
    // The product of fractions misses the fraction of the products by some rounding errors.
    let still_waiting = (1.0 - q) * (1.0 + 1e-12);
    let mut at_risk = seen.count + censored.count;
    let mut surviving = 1.0;
    let mut broken_off = censored.buckets.iter().peekable();
    for &(micros, completed) in &seen.buckets {
        while let Some((_, count)) = broken_off.next_if(|(before, _)| *before < micros) {
            at_risk -= count;
        }
        surviving *= 1.0 - completed as f64 / at_risk as f64;
        if surviving <= still_waiting {
            return Some(micros_to_secs(micros));
        }
        at_risk -= completed;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::Span;
    use crate::metrics::histogram::Timing;

    fn of(millis: &[u64]) -> Distribution {
        let mut timing = Timing::default();
        millis.iter().for_each(|ms| timing.record(Span::from_nanos(ms * 1_000_000)));
        timing.freeze()
    }

    /// Remission of leukaemia under 6-mercaptopurine, in weeks (Freireich et al., 1963; the worked example of every textbook,
    /// e.g. Cox and Oakes, *Analysis of Survival Data*, table 1.1): S falls to .8571 at 6, .8067 at 7, .7529 at 10, .6902 at 13,
    /// .6275 at 16, .5378 at 22, .4482 at 23, and no further.
    #[test]
    fn the_textbook_example_comes_out() {
        let seen = of(&[6, 6, 6, 7, 10, 13, 16, 22, 23]);
        let censored = of(&[6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]);
        let weeks = |q| quantile_secs(&seen, &censored, q).map(|secs| (secs * 1000.0).round());
        assert_eq!(weeks(0.14), Some(6.0));
        assert_eq!(weeks(0.15), Some(7.0));
        assert_eq!(weeks(0.24), Some(10.0));
        assert_eq!(weeks(0.25), Some(13.0));
        assert_eq!(weeks(0.37), Some(16.0));
        assert_eq!(weeks(0.46), Some(22.0));
        assert_eq!(weeks(0.5), Some(23.0));
        assert_eq!(weeks(0.56), None);
    }

    #[test]
    fn without_censoring_it_is_the_quantile() {
        let seen = of(&(1..=1000).map(|i| i * 7 % 1009).collect::<Vec<_>>());
        for q in [0.001, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999] {
            assert_eq!(quantile_secs(&seen, &Distribution::default(), q), seen.quantile_secs(q), "{q}");
        }
        assert_eq!(quantile_secs(&Distribution::default(), &seen, 0.5), None);
    }
}
