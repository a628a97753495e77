//! Erlang's queues: n agents with one conversation each, Poisson arrivals, exponential handling times.
//!
//! - B, everybody who finds no free agent is sent away; C, everybody waits for ever: A. K. Erlang, "Løsning af nogle
//!   Problemer fra Sandsynlighedsregningen af Betydning for de automatiske Telefoncentraler", Elektroteknikeren 13,
//!   1917.
//! - A, everybody waits for an exponential time: C. Palm, "Research on telephone traffic carried by full availability
//!   groups", Tele 1, 1957; O. Garnett, A. Mandelbaum, M. Reiman, "Designing a call center with impatient customers",
//!   Manufacturing & Service Operations Management 4(3), 2002.
//!
//! The load is arrivals per second × mean handling time in seconds (in erlangs).

use super::backlog::Backlog;

/// Erlang B: the share of those who find all `agents` busy when nobody waits.
///
/// By the recursion B(n) = aB(n − 1) / (n + aB(n − 1)), which neither overflows nor cancels.
#[must_use]
pub fn erlang_b(load: f64, agents: u32) -> f64 {
    (1..=agents).fold(1.0, |blocked, n| load * blocked / (f64::from(n) + load * blocked))
}

/// Erlang C, M/M/n: `None` unless the load is below the number of agents, since otherwise the queue grows for ever.
#[must_use]
pub fn erlang_c(arrivals_per_sec: f64, handling_secs: f64, agents: u32) -> Option<Backlog> {
    steady(arrivals_per_sec, handling_secs, None, agents)
}

/// Erlang A, M/M/n+M, with this mean patience.
///
/// `None` when `patience_secs` is not positive and finite, or so long in an overload that the queue has more than ten
/// million people.
#[must_use]
pub fn erlang_a(
    arrivals_per_sec: f64,
    handling_secs: f64,
    patience_secs: f64,
    agents: u32,
) -> Option<Backlog> {
    if !(patience_secs.is_finite() && patience_secs > 0.0) {
        return None;
    }
    steady(arrivals_per_sec, handling_secs, Some(patience_secs), agents)
}

fn steady(arrivals_per_sec: f64, handling_secs: f64, patience: Option<f64>, agents: u32) -> Option<Backlog> {
    let blocked = erlang_b(arrivals_per_sec * handling_secs, agents);
    Backlog::behind(arrivals_per_sec, f64::from(agents) / handling_secs, patience, blocked)
}

/// The relaxation time of M/M/n, in which its memory of how it started fades by a factor e, in seconds:
/// 1 / (nμ(1 − √ρ)²), or the handling time where that is longer. With patience it is shorter. `None` unless the load
/// is below the number of agents.
///
/// D. Gamarnik, D. Goldberg, "On the rate of convergence to stationarity of the M/M/N queue in the Halfin–Whitt
/// regime", Annals of Applied Probability 23(5), 2013: the first is exact from a moderate load on, the second is the
/// limit of many idle agents.
#[must_use]
pub fn relaxation_secs(arrivals_per_sec: f64, handling_secs: f64, agents: u32) -> Option<f64> {
    let agents = f64::from(agents);
    let slack = 1.0 - (arrivals_per_sec * handling_secs / agents).sqrt();
    (slack > 0.0).then(|| (handling_secs / (agents * slack * slack)).max(handling_secs))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether `value` rounds to the six significant digits of `reference`.
    #[track_caller]
    fn six_digits(value: f64, reference: f64) {
        assert!((value - reference).abs() <= 0.51e-6 * decade(reference), "{value}, not {reference}");
    }

    /// The power of ten just above a number: .0309 → .1, 48.6 → 100.
    fn decade(x: f64) -> f64 {
        libm::pow(10.0, libm::floor(libm::log10(x)) + 1.0)
    }

    /// arrivals/s, handling s, patience s, agents; P(delayed), P(abandon), EW s, waited and offered within 20 s.
    type Row = (f64, f64, Option<f64>, u32, [f64; 5]);

    const ROWS: [Row; 8] = [
        (1.0 / 60.0, 300.0, None, 7, [0.324150, 0.0, 48.6225, 0.716313, 0.716313]),
        (100.0 / 1800.0, 180.0, None, 14, [0.174132, 0.0, 7.83594, 0.888350, 0.888350]),
        (48.0 / 60.0, 60.0, None, 50, [0.694456, 0.0, 20.8337, 0.643455, 0.643455]),
        (48.0 / 60.0, 60.0, Some(120.0), 50, [0.467774, 0.0309122, 3.70947, 0.972864, 0.943019]),
        (100.0 / 1800.0, 180.0, Some(300.0), 14, [0.145260, 0.0139837, 4.19512, 0.923956, 0.916792]),
        (100.0 / 3600.0, 240.0, Some(120.0), 7, [0.432674, 0.154274, 18.5129, 0.714150, 0.654902]),
        (300.0 / 3600.0, 240.0, Some(180.0), 20, [0.496328, 0.0951476, 17.1266, 0.693621, 0.649491]),
        (100.0 / 3600.0, 720.0, Some(300.0), 20, [0.429864, 0.107703, 32.3109, 0.653497, 0.627676]),
    ];

    #[test]
    fn the_reference_rows_come_out_to_six_digits() {
        for (arrivals, handling, patience, agents, [delayed, abandoned, wait, waited, offered]) in ROWS {
            let queue = steady(arrivals, handling, patience, agents).unwrap();
            let levels = queue.service_levels(20.0, 20.0);
            six_digits(queue.delayed(), delayed);
            if patience.is_some() {
                six_digits(queue.abandoned(), abandoned);
            } else {
                assert_eq!(queue.abandoned(), 0.0);
            }
            six_digits(queue.wait_mean_secs(), wait);
            six_digits(levels.waited, waited);
            six_digits(levels.offered, offered);
        }
    }

    #[test]
    fn the_four_service_levels_stand_side_by_side() {
        let levels = erlang_a(300.0 / 3600.0, 240.0, 180.0, 20).unwrap().service_levels(20.0, 20.0);
        six_digits(levels.answered, 0.717786);
        six_digits(levels.short_excluded, 0.679476);
        let strict = erlang_a(300.0 / 3600.0, 240.0, 180.0, 20).unwrap().service_levels(20.0, 0.0);
        assert!((strict.short_excluded - levels.offered).abs() < 1e-12);
    }

    #[test]
    fn erlang_c_has_a_closed_form() {
        let (arrivals, handling, agents) = (0.8, 60.0, 50);
        let queue = erlang_c(arrivals, handling, agents).unwrap();
        let (load, n) = (arrivals * handling, f64::from(agents));
        let blocked = erlang_b(load, agents);
        let delayed = blocked / (1.0 - load / n * (1.0 - blocked));
        let spare_per_sec = n / handling - arrivals;
        assert!((queue.delayed() - delayed).abs() < 1e-12);
        assert!((queue.wait_mean_secs() - delayed / spare_per_sec).abs() < 1e-9);
        for within in [0.0, 1.0, 20.0, 300.0] {
            let expected = 1.0 - delayed * libm::exp(-spare_per_sec * within);
            assert!((queue.served_within(within) - expected).abs() < 1e-9, "{within} s");
        }
    }

    #[test]
    fn everybody_is_served_or_gives_up_in_the_end() {
        for load in [10.0, 20.0, 40.0] {
            let queue = erlang_a(load / 240.0, 240.0, 180.0, 20).unwrap();
            assert!((queue.abandoned_within(3_600.0) - queue.abandoned()).abs() < 1e-8, "load {load}");
            assert!((queue.served_within(3_600.0) + queue.abandoned() - 1.0).abs() < 1e-8, "load {load}");
        }
    }

    #[test]
    fn hundreds_of_agents_are_no_trouble() {
        // In a deep overload everybody is delayed and the surplus gives up (fluid limit).
        let swamped = erlang_a(20.0, 300.0, 600.0, 3_000).unwrap();
        assert!((swamped.delayed() - 1.0).abs() < 1e-9);
        assert!((swamped.abandoned() - 0.5).abs() < 1e-9, "{}", swamped.abandoned());
        // The median visitor of the fluid waits until half have given up: 600 ln 2 = 415.9 s.
        assert!(swamped.served_within(390.0) < 0.01, "{}", swamped.served_within(390.0));
        assert!((swamped.served_within(440.0) - 0.5).abs() < 0.01, "{}", swamped.served_within(440.0));
        let idle = erlang_a(0.01, 300.0, 600.0, 3_000).unwrap();
        assert_eq!((idle.delayed(), idle.abandoned(), idle.served_within(20.0)), (0.0, 0.0, 1.0));
    }

    #[test]
    fn an_overload_without_patience_has_no_steady_state() {
        assert!(erlang_c(1.0, 20.0, 20).is_none());
        assert!(relaxation_secs(1.0, 20.0, 20).is_none());
        assert!(erlang_a(1.0, 20.0, 0.0, 20).is_none());
        assert!(erlang_a(1.0, 20.0, f64::INFINITY, 20).is_none());
    }

    #[test]
    fn the_slow_row_relaxes_in_2940_seconds() {
        assert!((relaxation_secs(0.8, 60.0, 50).unwrap() - 2_940.0).abs() < 1.0);
    }
}
