//! A share of visits or messages, and how sure it is.

use crate::metrics::interval::{ratio_half_width, wilson};

/// A share over all replications.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// A fraction from 0 to 1.
    pub value: f64,
    /// The lower end of its 95 % interval; none of one replication.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// Of so many.
    pub n: u64,
}

impl Share {
    /// Of so many that came true of so many, a pair a replication; `None` where there is nothing to count.
    ///
    /// The interval is that of the ratio of the sums. It is never narrower than that of as many independent trials: where
    /// all of them came true the ratio alone would be sure of itself.
    pub(super) fn of(pairs: &[(u64, u64)]) -> Option<Self> {
        let (held, n) = pairs.iter().fold((0, 0), |(held, n), pair| (held + pair.0, n + pair.1));
        let (at_least, at_most) = wilson(held, n)?;
        let value = held as f64 / n as f64;
        let floats: Vec<(f64, f64)> = pairs.iter().map(|(held, n)| (*held as f64, *n as f64)).collect();
        let half = ratio_half_width(&floats);
        let low = half.map(|half| (value - half).min(at_least).max(0.0));
        let high = half.map(|half| (value + half).max(at_most).min(1.0));
        Some(Self { value, low, high, n })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_of_all_replications_together() {
        let share = Share::of(&[(1, 2), (9, 18), (5, 20)]).unwrap();
        assert_eq!((share.value, share.n), (0.375, 40));
        assert!(share.low.unwrap() < 0.375 && share.high.unwrap() > 0.375);
        assert_eq!(Share::of(&[(0, 0), (0, 0)]), None);
        let single = Share::of(&[(3, 4)]).unwrap();
        assert_eq!((single.low, single.high), (None, None));
    }

    #[test]
    fn what_always_came_true_is_not_certain() {
        let share = Share::of(&[(50, 50), (50, 50)]).unwrap();
        assert_eq!((share.value, share.high), (1.0, Some(1.0)));
        assert!(share.low.unwrap() > 0.95 && share.low.unwrap() < 0.97, "{share:?}");
    }
}
