//! Messages that wait for a moderator: those who review are agents, a message is a visitor who waits for ever.
//!
//! With one moderator and any law of the review the mean wait is that of [`super::single`]; with several and exponential
//! reviews the queue is Erlang's C. Messages are taken to come one by one and independently of each other (a Poisson
//! process); in bursts, as an answer follows a question, they wait longer.

use super::erlang::erlang_c;

/// The share of messages that are reviewed within `within_secs` of being sent: P(W + S ≤ t), where the wait W is 0 with the
/// probability 1 − C (Erlang's C) and else exponential of the rate δ = cμ − λ, and the review S is exponential of the
/// rate μ and independent of it. `None` unless the moderators keep up.
///
/// D. Gross, J. F. Shortle, J. M. Thompson, C. M. Harris, Fundamentals of Queueing Theory, 4th ed. 2008, section 2.3.
#[must_use]
pub fn reviewed_within(
    messages_per_sec: f64,
    review_secs: f64,
    moderators: u32,
    within_secs: f64,
) -> Option<f64> {
    let delayed = erlang_c(messages_per_sec, review_secs, moderators)?.delayed();
    let per_sec = review_secs.recip();
    // P(T > t) = e^(−μt)·(1 + Cμ·(1 − e^(−(δ − μ)t))/(δ − μ)), the last factor of which is t where δ = μ.
    let faster = f64::from(moderators) * per_sec - messages_per_sec - per_sec;
    let lag = if faster == 0.0 { within_secs } else { -libm::expm1(-faster * within_secs) / faster };
    Some(1.0 - libm::exp(-per_sec * within_secs) * (1.0 + delayed * per_sec * lag))
}

/// How many moderators it takes that this share of messages is reviewed within `within_secs`, the fewest. `None` where
/// `most` are not enough, nor any number if reviews themselves take too long.
#[must_use]
pub fn moderators_needed(
    messages_per_sec: f64,
    review_secs: f64,
    within_secs: f64,
    share: f64,
    most: u32,
) -> Option<u32> {
    // With a moderator for every message nobody waits.
    if -libm::expm1(-within_secs / review_secs) < share {
        return None;
    }
    let fewest = (messages_per_sec * review_secs) as u32 + 1;
    let enough = |moderators: &u32| {
        reviewed_within(messages_per_sec, review_secs, *moderators, within_secs).is_some_and(|of| of >= share)
    };
    (fewest..=most).find(enough)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moderator_takes_an_exponential_time_in_all() {
        // M/M/1: T is exponential of the rate μ − λ.
        let (messages, review) = (0.012, 60.0);
        for within in [1.0, 60.0, 300.0, 2_000.0] {
            let exact = -libm::expm1(-(1.0 / review - messages) * within);
            let found = reviewed_within(messages, review, 1, within).unwrap();
            assert!((found - exact).abs() < 1e-12, "{within} s: {found}, not {exact}");
        }
    }

    #[test]
    fn it_is_the_convolution_of_wait_and_review() {
        // δ = μ at 2 moderators and λ = μ; the others are on either side of it.
        for (messages, moderators) in [(1.0 / 60.0, 2), (0.005, 2), (0.03, 2), (0.08, 6)] {
            let queue = erlang_c(messages, 60.0, moderators).unwrap();
            for within in [10.0, 90.0, 400.0] {
                let steps = 4_000;
                let step = within / f64::from(steps);
                // ∫ P(W ≤ t − s) dP(S ≤ s), by the midpoint rule.
                let at = |i: u32| {
                    let s = (f64::from(i) + 0.5) * step;
                    queue.served_within(within - s) * libm::exp(-s / 60.0) / 60.0
                };
                let exact = (0..steps).map(at).sum::<f64>() * step;
                let found = reviewed_within(messages, 60.0, moderators, within).unwrap();
                assert!((found - exact).abs() < 1e-6, "{moderators} in {within} s: {found}, not {exact}");
            }
        }
    }

    #[test]
    fn the_fewest_moderators_that_publish_in_time() {
        let share = |moderators| reviewed_within(0.1, 60.0, moderators, 180.0).unwrap();
        let needed = moderators_needed(0.1, 60.0, 180.0, 0.9, 100).unwrap();
        assert!(share(needed) >= 0.9 && share(needed - 1) < 0.9, "{needed}");
        assert!(needed > 6, "six do not keep up");
        assert_eq!(moderators_needed(0.1, 60.0, 180.0, 0.9, needed - 1), None);
        // One review in twenty takes longer than 180 s.
        assert_eq!(moderators_needed(0.1, 60.0, 180.0, 0.96, u32::MAX), None);
        assert_eq!(moderators_needed(0.0, 60.0, 180.0, 0.9, 100), Some(1));
    }
}
