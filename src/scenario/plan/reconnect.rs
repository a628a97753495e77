//! How those come back whose connection breaks.

use crate::base::time::RealSpan;

/// Waits between tries that grow and are scattered, so that those who were cut off together neither come back all at once nor
/// keep a server down that is getting up: exponential backoff with jitter, as Marc Brooker describes it (Exponential Backoff
/// and Jitter, AWS Architecture Blog, 2015). All times are real.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReconnectPlan {
    /// The wait before the first try.
    pub after: RealSpan,
    /// The longest wait, but for the jitter; at least `after`.
    pub up_to: RealSpan,
    /// By how much of itself a wait is longer or shorter at the most; from 0 to 1.
    pub jitter: f64,
    /// Tries at the most; at least 1.
    pub tries: u32,
}

impl ReconnectPlan {
    /// The wait before the `number`-th try, counted from 1: min(after · 2^(number − 1), up_to), times a factor that is even on
    /// [1 − jitter, 1 + jitter]. `place`, from 0 to 1, is where in there.
    #[must_use]
    pub fn wait(&self, number: u32, place: f64) -> RealSpan {
        let doublings = 1u64.checked_shl(number.saturating_sub(1)).unwrap_or(u64::MAX);
        let grown = self.after.nanos().saturating_mul(doublings).min(self.up_to.nanos());
        let factor = 1.0 + self.jitter * (2.0 * place - 1.0);
        RealSpan::from_nanos((grown as f64 * factor + 0.5) as u64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAN: ReconnectPlan = ReconnectPlan {
        after: RealSpan::from_whole_secs(1),
        up_to: RealSpan::from_whole_secs(30),
        jitter: 0.5,
        tries: 5,
    };

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits = [1, 2, 3, 4, 5, 6, 7, 64, 65, u32::MAX].map(|number| PLAN.wait(number, 0.5).secs());
        assert_eq!(waits, [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0, 30.0]);
        assert_eq!([0.0, 0.25, 1.0].map(|place| PLAN.wait(3, place).secs()), [2.0, 3.0, 6.0]);
    }

    proptest! {
        #[test]
        fn the_jitter_is_even_and_bounded(number in 1u32..80, place in 0.0f64..=1.0, jitter in 0.0f64..=1.0) {
            let plan = ReconnectPlan { jitter, ..PLAN };
            let plain = ReconnectPlan { jitter: 0.0, ..PLAN }.wait(number, place).secs();
            let wait = plan.wait(number, place).secs();
            let even = plain * (1.0 - jitter + 2.0 * jitter * place);
            prop_assert!((wait - even).abs() < 1e-8 * plain.max(1.0), "{wait} {even}");
        }
    }
}
