//! Birth–death chains: queues that change by one person at a time.

/// Where a chain whose mass never settles is given up.
const MOST_STATES: usize = 10_000_000;

/// The probability left out beyond the last state, relative to the whole.
const NEGLIGIBLE: f64 = 1e-17;

/// The natural logarithms of the stationary probabilities of the states 0, 1, 2, … of a birth–death chain, which are
/// proportional to ∏ birth(i − 1) / death(i). (Logarithms, because in an overload the probability of an empty system
/// is smaller than any float.)
///
/// `birth(i)` is the rate from i to i + 1, `death(i)` (positive, i ≥ 1) the rate from i to i − 1. The chain ends at
/// the first state without births; an endless one is cut where what remains is negligible, and for that its ratio
/// birth(i) / death(i + 1) must not rise again once it is below 1. `None`: the mass does not settle, the queue grows
/// without bound.
pub fn log_stationary(birth: impl Fn(usize) -> f64, death: impl Fn(usize) -> f64) -> Option<Vec<f64>> {
    let mut logs = vec![0.0];
    // The sum of the weights, in units of the largest so far, whose logarithm is `top`.
    let (mut top, mut sum) = (0.0, 1.0);
    for i in 0..MOST_STATES {
        let ratio = birth(i) / death(i + 1);
        if ratio <= 0.0 || ratio < 1.0 && libm::exp(logs[i] - top) * ratio / (1.0 - ratio) < NEGLIGIBLE * sum
        {
            let whole = top + libm::log(sum);
            logs.iter_mut().for_each(|log| *log -= whole);
            return Some(logs);
        }
        let log = logs[i] + libm::log(ratio);
        if log > top {
            sum *= libm::exp(top - log);
            top = log;
        }
        sum += libm::exp(log - top);
        logs.push(log);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_server_is_geometric() {
        let logs = log_stationary(|_| 0.9, |_| 1.0).unwrap();
        for (i, log) in logs.iter().enumerate().take(50) {
            let expected = 0.1 * libm::pow(0.9, i as f64);
            assert!((libm::exp(*log) / expected - 1.0).abs() < 1e-12, "state {i}");
        }
    }

    #[test]
    fn a_finite_chain_ends_where_births_do() {
        let logs = log_stationary(|i| if i < 3 { 2.0 } else { 0.0 }, |_| 1.0).unwrap();
        let shares: Vec<f64> = logs.iter().map(|log| libm::exp(*log) * 15.0).collect();
        assert_eq!(shares.len(), 4);
        for (share, expected) in shares.iter().zip([1.0, 2.0, 4.0, 8.0]) {
            assert!((share - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn an_empty_system_may_be_rarer_than_any_float() {
        // A Poisson law of mean 5,000: its logarithms are known, its first probability is e^-5000.
        let logs = log_stationary(|_| 5_000.0, |i| i as f64).unwrap();
        assert!((logs[0] + 5_000.0).abs() < 1e-6, "{}", logs[0]);
        let mean: f64 = logs.iter().enumerate().map(|(i, log)| i as f64 * libm::exp(*log)).sum();
        assert!((mean - 5_000.0).abs() < 1e-6, "{mean}");
    }
}
