//! One agent, any law of the handling time: M/G/1.

/// The mean time in the queue, in seconds, of M/G/1, by Pollaczek and Khinchine: ρ(1 + cv²)S / (2(1 − ρ)), where S is
/// the mean handling time and `handling_cv` its coefficient of variation (0: constant, M/D/1; 1: exponential). `None`
/// unless the load ρ is below 1.
///
/// F. Pollaczek, "Über eine Aufgabe der Wahrscheinlichkeitstheorie", Mathematische Zeitschrift 32, 1930;
/// A. Khinchine, Matematicheskii Sbornik 39, 1932.
#[must_use]
pub fn pollaczek_khinchine_secs(arrivals_per_sec: f64, handling_secs: f64, handling_cv: f64) -> Option<f64> {
    let load = arrivals_per_sec * handling_secs;
    (load < 1.0).then(|| load * handling_secs * (1.0 + handling_cv * handling_cv) / (2.0 * (1.0 - load)))
}

#[cfg(test)]
mod tests {
    use super::super::erlang::erlang_c;
    use super::*;

    #[test]
    fn exponential_handling_is_erlang_c_with_one_agent() {
        let exact = erlang_c(0.008, 100.0, 1).unwrap().wait_mean_secs();
        assert!((pollaczek_khinchine_secs(0.008, 100.0, 1.0).unwrap() - exact).abs() < 1e-9);
    }

    #[test]
    fn constant_handling_halves_the_wait() {
        let exponential = pollaczek_khinchine_secs(0.008, 100.0, 1.0).unwrap();
        assert!((pollaczek_khinchine_secs(0.008, 100.0, 0.0).unwrap() - 0.5 * exponential).abs() < 1e-9);
        assert!(pollaczek_khinchine_secs(0.01, 100.0, 0.0).is_none());
    }
}
