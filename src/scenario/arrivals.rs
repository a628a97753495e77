//! Intended starts: the whole schedule of a population, a pure function of its plan and its key.
//!
//! Every generator computes the same schedule and takes its stripe of it. It is streamed: only bursts are held in
//! memory, for they come in any order.

use std::iter::Peekable;
use std::vec::IntoIter;

use crate::base::dist::{Law, standard_exponential};
use crate::base::draw::{Draws, Purpose, Stream};
use crate::base::time::{Moment, Span};

use super::plan::{ArrivalPlan, Burst, RatePiece};

/// The intended starts of a population's visitors, in order; a visitor's index is the place in it.
#[derive(Clone, Debug)]
pub struct Schedule {
    flow: Flow,
    next_of_flow: Option<Moment>,
    bursts: Peekable<IntoIter<Moment>>,
    end: Moment,
}

impl Schedule {
    /// The schedule of the population whose key is `draws`. Arrivals stop at `length`.
    #[must_use]
    pub fn new(plan: &ArrivalPlan, draws: Draws, length: Span) -> Self {
        let end = Moment::ZERO + length;
        let mut flow = Flow::new(&plan.pieces, busyness(plan.busyness_cv, draws), draws);
        let next_of_flow = flow.next();
        Self { flow, next_of_flow, bursts: scatter(&plan.bursts, draws), end }
    }
}

impl Iterator for Schedule {
    type Item = Moment;

    fn next(&mut self) -> Option<Moment> {
        let from_flow = match (self.next_of_flow, self.bursts.peek()) {
            (Some(flow), Some(burst)) => flow <= *burst,
            (flow, _) => flow.is_some(),
        };
        let at = if from_flow {
            std::mem::replace(&mut self.next_of_flow, self.flow.next())
        } else {
            self.bursts.next()
        };
        at.filter(|at| *at < self.end)
    }
}

/// The factor that multiplies every rate of this replication: Gamma of mean 1.
fn busyness(cv: f64, draws: Draws) -> f64 {
    if cv > 0.0 {
        Law::gamma(1.0, 1.0 / (cv * cv)).sample(&mut draws.stream(Purpose::Busyness, 0))
    } else {
        1.0
    }
}

/// Those who come in bursts, in order.
fn scatter(bursts: &[Burst], draws: Draws) -> Peekable<IntoIter<Moment>> {
    let mut at: Vec<Moment> = Vec::new();
    for (number, burst) in bursts.iter().enumerate() {
        let mut stream = draws.stream(Purpose::Burst, number as u64);
        at.extend(
            (0..burst.count).map(|_| burst.at + Span::from_secs(burst.within.secs() * stream.open01())),
        );
    }
    at.sort_unstable();
    at.into_iter().peekable()
}

/// A Poisson process of piecewise linear rate: the arrivals of one of rate 1, seen through the inverse of the
/// cumulative rate (Çinlar, Introduction to Stochastic Processes, 1975, section 4.7).
#[derive(Clone, Debug)]
struct Flow {
    pieces: Vec<RatePiece>,
    /// How many of them are used up or in use.
    begun: usize,
    present: Stretch,
    factor: f64,
    stream: Stream,
}

/// The piece in use: `used_secs` after its start at `from` the rate is `rate`, and grows by `slope` per second.
#[derive(Clone, Copy, Debug, Default)]
struct Stretch {
    from: Moment,
    used_secs: f64,
    length_secs: f64,
    rate: f64,
    slope: f64,
}

impl Flow {
    fn new(pieces: &[RatePiece], factor: f64, draws: Draws) -> Self {
        let stream = draws.stream(Purpose::Gap, 0);
        Self { pieces: pieces.to_vec(), begun: 0, present: Stretch::default(), factor, stream }
    }

    /// The next arrival; `None` when the last piece is used up.
    fn next(&mut self) -> Option<Moment> {
        let mut needed = standard_exponential(&mut self.stream);
        loop {
            let present = &mut self.present;
            let left_secs = present.length_secs - present.used_secs;
            let after_secs = after(needed, present.rate, present.slope);
            // Not "≥": what never comes is not a number.
            if after_secs < left_secs {
                present.used_secs += after_secs;
                present.rate += present.slope * after_secs;
                return Some(present.from + Span::from_secs(present.used_secs));
            }
            // Rounding may leave a hair less than nothing to come.
            needed = (needed - (present.rate + 0.5 * present.slope * left_secs) * left_secs).max(0.0);
            self.begin(self.begun)?;
        }
    }

    fn begin(&mut self, number: usize) -> Option<()> {
        let piece = self.pieces.get(number)?;
        let length_secs = piece.to.since(piece.from).secs();
        let slope = (piece.to_per_sec - piece.from_per_sec) / length_secs * self.factor;
        let rate = piece.from_per_sec * self.factor;
        self.present = Stretch { from: piece.from, used_secs: 0.0, length_secs, rate, slope };
        self.begun = number + 1;
        Some(())
    }
}

/// When a rate that starts at `rate` and grows by `slope` per second has accumulated `needed`: the positive root of
/// slope·t²/2 + rate·t = needed, in the form that does not cancel. Infinite or NaN when it never does.
fn after(needed: f64, rate: f64, slope: f64) -> f64 {
    if slope == 0.0 {
        return needed / rate;
    }
    2.0 * needed / (rate + (rate * rate + 2.0 * slope * needed).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(secs: f64) -> Moment {
        Moment::ZERO + Span::from_secs(secs)
    }

    fn piece(from: f64, to: f64, from_per_sec: f64, to_per_sec: f64) -> RatePiece {
        RatePiece { from: secs(from), to: secs(to), from_per_sec, to_per_sec }
    }

    fn starts(plan: &ArrivalPlan, replication: u32, length: f64) -> Vec<f64> {
        let draws = Draws::of_population(3, replication, "crowd");
        Schedule::new(plan, draws, Span::from_secs(length)).map(Moment::secs).collect()
    }

    /// How many standard deviations a Poisson count is off its mean.
    fn off(count: usize, mean: f64) -> f64 {
        (count as f64 - mean).abs() / mean.sqrt()
    }

    #[test]
    fn each_piece_has_its_rate_and_a_dead_one_nobody() {
        let pieces = vec![
            piece(0.0, 1e5, 0.2, 0.2),
            piece(1e5, 2e5, 0.0, 0.0),
            piece(2e5, 3e5, 0.0, 0.8),
            piece(3e5, 4e5, 0.8, 0.0),
            piece(4e5, 5e5, 0.0, 0.0),
        ];
        let plan = ArrivalPlan { pieces, ..ArrivalPlan::default() };
        let starts = starts(&plan, 0, 1e6);
        assert!(starts.is_sorted());
        let within = |from: f64, to: f64| starts.iter().filter(|at| (from..to).contains(*at)).count();
        assert!(off(within(0.0, 1e5), 2e4) < 4.0);
        assert_eq!(within(1e5, 2e5), 0);
        assert!(
            off(within(2e5, 2.5e5), 1e4) < 4.0,
            "a quarter of the ramp's visitors come in its first half"
        );
        assert!(off(within(2.5e5, 3e5), 3e4) < 4.0);
        assert!(off(within(3e5, 4e5), 4e4) < 4.0);
        assert_eq!(within(4e5, 1e6), 0);
    }

    #[test]
    fn gaps_of_a_constant_rate_are_exponential() {
        let plan = ArrivalPlan { pieces: vec![piece(0.0, 1e6, 0.1, 0.1)], ..ArrivalPlan::default() };
        let starts = starts(&plan, 0, 1e6);
        let gaps: Vec<f64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let n = gaps.len() as f64;
        let mean = gaps.iter().sum::<f64>() / n;
        let long = gaps.iter().filter(|gap| **gap > 20.0).count() as f64 / n;
        assert!((mean - 10.0).abs() < 4.0 * 10.0 / n.sqrt());
        assert!((long - 0.135_335).abs() < 4.0 * (0.117 / n).sqrt());
    }

    #[test]
    fn bursts_come_in_their_window_in_order_with_the_rest() {
        let bursts = vec![
            Burst { at: secs(500.0), count: 40, within: Span::from_secs(60.0) },
            Burst { at: secs(100.0), count: 3, within: Span::ZERO },
        ];
        let plan = ArrivalPlan { pieces: vec![piece(0.0, 1e3, 0.01, 0.01)], bursts, busyness_cv: 0.0 };
        let starts = starts(&plan, 0, 540.0);
        assert!(starts.is_sorted());
        assert_eq!(starts.iter().filter(|at| **at == 100.0).count(), 3);
        let crowd = starts.iter().filter(|at| (500.0..540.0).contains(*at)).count();
        assert!((15..40).contains(&crowd), "the rest of the burst would come after the end: {crowd}");
        assert!(starts.iter().all(|at| *at < 540.0));
    }

    #[test]
    fn busyness_multiplies_a_whole_replication_by_a_gamma_of_mean_one() {
        let pieces = vec![piece(0.0, 1e4, 1.0, 1.0)];
        let plan = ArrivalPlan { pieces, busyness_cv: 0.2, ..ArrivalPlan::default() };
        let counts: Vec<f64> = (0..400).map(|r| starts(&plan, r, 1e4).len() as f64 / 1e4).collect();
        let mean = counts.iter().sum::<f64>() / 400.0;
        let cv = (counts.iter().map(|c| (c - mean) * (c - mean)).sum::<f64>() / 399.0).sqrt() / mean;
        assert!((mean - 1.0).abs() < 4.0 * 0.2 / 20.0, "{mean}");
        assert!((cv - 0.2).abs() < 0.03, "{cv}");
    }

    #[test]
    fn the_schedule_is_the_same_whenever_it_is_asked_for() {
        let plan = ArrivalPlan { pieces: vec![piece(0.0, 1e3, 0.5, 0.1)], ..ArrivalPlan::default() };
        assert_eq!(starts(&plan, 7, 1e3), starts(&plan, 7, 1e3));
        assert_ne!(starts(&plan, 7, 1e3), starts(&plan, 8, 1e3));
    }
}
