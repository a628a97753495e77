//! How typing tires, as numbers: how many conversations of a topic end on the phone under a given hazard, and the
//! hazard under which a wanted share does.
//!
//! After the visitor's k-th message the hazard of asking for the phone is h·exp(c·W_k), W_k the words typed so far. Of
//! those who can call, a conversation of N exchanges is played to its end with probability exp(−h·G_N), where
//! G_n = Σ_{k ≤ n} exp(c·W_k) does not depend on h. So the share that is not escalated, M(h) = E[exp(−h·G_N)], is a Laplace
//! transform: falling and log-convex, and Newton's method on ln M climbs to a wanted value from its left.
//!
//! The sum over N is exact up to a tail of 1e-7. The expectation over the words is over [`PATHS`] fixed paths: a Latin
//! hypercube (McKay, Beckman, Conover, Technometrics 21(2), 1979) whose k-th coordinates are one value out of each of as many
//! strata, so that the spread of single messages cancels and only that of their interplay is left. With c = 0 there
//! are no words in it, and nothing is approximate.

use crate::base::count::CountLaw;
use crate::base::dist::Law;
use crate::base::draw::{Draws, Purpose, Stream};
use crate::scenario::plan::words_said;

/// Paths of words.
const PATHS: usize = 128;
/// Values in each of the strata of a message's words.
const IN_STRATUM: usize = 16;
/// The probability of a longer conversation that is not looked at.
const TAIL: f64 = 1e-7;
/// The most exchanges that are looked at.
const MOST: u32 = 20_000;
/// So few of the paths bring Newton's method close to where all of them lead it.
const FEW: usize = 8;
/// A share of conversations that is as good as none.
const NONE: f64 = 1e-12;
/// No exponent grows beyond this: e^500 and its sums are still numbers.
const STEEPEST: f64 = 500.0;

/// How the conversations of a topic go on if typing tires.
pub(super) struct Wear {
    /// `length[n - 1]`: the probability of n exchanges.
    length: Vec<f64>,
    /// `growth[path][n - 1]`: G_n.
    growth: Vec<Vec<f64>>,
}

impl Wear {
    /// Of conversations of so many exchanges and words, where a word adds `per_word` to the logarithm of the hazard.
    pub(super) fn new(exchanges: &CountLaw, words: &Law, per_word: f64) -> Self {
        let length = lengths(exchanges);
        let growth = if per_word == 0.0 {
            vec![(1..=length.len()).map(|n| n as f64).collect()]
        } else {
            growths(words, per_word, length.len())
        };
        Self { length, growth }
    }

    /// M(h) and −M′(h) over so many of the paths: the share of those who can call that is not escalated, and how fast it
    /// falls.
    fn unescalated(&self, hazard: f64, paths: usize) -> (f64, f64) {
        let (mut share, mut slope) = (0.0, 0.0);
        let paths = &self.growth[..paths.min(self.growth.len())];
        for growth in paths {
            for (p, g) in self.length.iter().zip(growth) {
                let still = libm::exp(-hazard * g);
                if still < NONE {
                    break;
                }
                share += p * still;
                slope += p * g * still;
            }
        }
        (share / paths.len() as f64, slope / paths.len() as f64)
    }

    /// The share of conversations played to their end that escalates, where `cannot_call` of the visitors never do.
    pub(super) fn escalated(&self, hazard: f64, cannot_call: f64) -> f64 {
        (1.0 - cannot_call) * (1.0 - self.unescalated(hazard, PATHS).0)
    }

    /// How many exchanges are played on average: until the question is dealt with, or the visitor asks for the phone.
    /// The last reply of the latter is the hand-over.
    pub(super) fn exchanges_played(&self, hazard: f64, cannot_call: f64) -> f64 {
        let mut played = 0.0;
        for growth in &self.growth {
            let mut longer = 1.0;
            for (k, p) in self.length.iter().enumerate() {
                // Exchange k + 1 takes place if there are so many and none before it has led to the phone.
                let still = if k == 0 { 1.0 } else { libm::exp(-hazard * growth[k - 1]) };
                played += longer * (cannot_call + (1.0 - cannot_call) * still);
                longer -= p;
            }
        }
        played / self.growth.len() as f64
    }
}

/// The hazard h under which `wanted` of the conversations of all these topics together are escalated: weight, factor f
/// and wear of each, whose hazard is h·f. The weights add up to 1. `wanted` is of those who can call, 0 ≤ `wanted` < 1:
/// every such share is reached, since everybody sends a first message.
pub(super) fn hazard(topics: &[(f64, f64, &Wear)], wanted: f64) -> f64 {
    if wanted <= 0.0 {
        return 0.0;
    }
    let target = libm::log1p(-wanted);
    let near = newton(topics, target, 0.0, FEW);
    newton(topics, target, near, PATHS)
}

/// Newton's method on ln M over so many paths, from `hazard` on. Wherever it starts, its second step is left of the
/// root, and from there it climbs to it.
fn newton(topics: &[(f64, f64, &Wear)], target: f64, mut hazard: f64, paths: usize) -> f64 {
    // Quadratic in the end; hazards that grow over hundreds of orders of magnitude take their time until there.
    for _ in 0..5_000 {
        let (mut share, mut slope) = (0.0, 0.0);
        for (weight, factor, wear) in topics {
            let (of_topic, falls) = wear.unescalated(hazard * factor, paths);
            share += weight * of_topic;
            slope += weight * factor * falls;
        }
        let step = (libm::log(share) - target) * share / slope;
        if !step.is_finite() {
            break;
        }
        // A step to the left that leads beyond 0 comes of a start too far right.
        hazard = if hazard + step > 0.0 { hazard + step } else { 0.5 * hazard };
        if step.abs() <= hazard * 1e-10 {
            break;
        }
    }
    hazard
}

/// The probabilities of 1, 2, 3 … exchanges, up to the tail, which is added to the last.
fn lengths(exchanges: &CountLaw) -> Vec<f64> {
    let (mut length, mut seen) = (Vec::new(), 0.0);
    for n in 1..=MOST {
        let p = exchanges.probability(n);
        length.push(p);
        seen += p;
        if 1.0 - seen < TAIL {
            break;
        }
    }
    if let Some(last) = length.last_mut() {
        *last += (1.0 - seen).max(0.0);
    }
    length
}

fn growths(words: &Law, per_word: f64, messages: usize) -> Vec<Vec<f64>> {
    let values = strata(words);
    let draws = Draws::of_population(0, 0, "fatigue");
    let mut typed = [0.0; PATHS];
    let mut growth: Vec<Vec<f64>> = (0..PATHS).map(|_| Vec::with_capacity(messages)).collect();
    let mut order: [usize; PATHS] = std::array::from_fn(|stratum| stratum);
    for k in 0..messages {
        let mut stream = draws.stream(Purpose::Words, k as u64);
        shuffle(&mut order, &mut stream);
        for (path, stratum) in order.iter().enumerate() {
            typed[path] += values[stratum * IN_STRATUM + below(IN_STRATUM, &mut stream)];
            let before = growth[path].last().copied().unwrap_or(0.0);
            growth[path].push(before + libm::exp((per_word * typed[path]).min(STEEPEST)));
        }
    }
    growth
}

/// The words of a message as they are said, one value out of each of equally likely strata. No message is endless, so
/// that the strata have the mean of what is said.
fn strata(words: &Law) -> Vec<f64> {
    let n = PATHS * IN_STRATUM;
    (0..n).map(|i| f64::from(words_said(words.quantile((i as f64 + 0.5) / n as f64)))).collect()
}

/// Fisher and Yates's shuffle.
fn shuffle(order: &mut [usize], stream: &mut Stream) {
    for i in (1..order.len()).rev() {
        order.swap(i, below(i + 1, stream));
    }
}

fn below(n: usize, stream: &mut Stream) -> usize {
    (stream.open01() * n as f64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_fatigue_it_is_the_generating_function_of_the_count() {
        // Geometric of mean m on 1, 2 …: E[z^N] = z / (m − (m − 1)z), so z = m·s / (1 + (m − 1)·s) for a share s left.
        for (mean, wanted) in [(3.0, 0.04), (5.0, 0.22), (14.0, 0.45), (28.0, 0.9), (1.0, 0.5)] {
            let wear = Wear::new(&CountLaw::geometric(mean), &Law::lognormal(11.2, 0.9), 0.0);
            let left = 1.0 - wanted;
            let exact = -libm::log(mean * left / (1.0 + (mean - 1.0) * left));
            let solved = hazard(&[(1.0, 1.0, &wear)], wanted);
            assert!((solved / exact - 1.0).abs() < 1e-6, "mean {mean}, {wanted}: {solved}, not {exact}");
            assert!((wear.escalated(solved, 0.0) - wanted).abs() < 1e-9);
            // Each exchange is followed by another with probability z·(1 − 1/m): played 1/(1 − z·(1 − 1/m)) of them.
            let z = libm::exp(-exact);
            let played = 1.0 / (1.0 - z * (1.0 - 1.0 / mean));
            assert!((wear.exchanges_played(solved, 0.0) / played - 1.0).abs() < 1e-6);
            let with_some = wear.exchanges_played(solved, 0.3);
            assert!((with_some / (0.7 * played + 0.3 * mean) - 1.0).abs() < 1e-6);
        }
    }

    /// The same conversations played out by chance, message after message.
    fn played(exchanges: &CountLaw, words: &Law, per_word: f64, hazard: f64, n: u64) -> (f64, f64) {
        let draws = Draws::of_population(5, 0, "played");
        let (mut escalated, mut messages) = (0u64, 0u64);
        for i in 0..n {
            let visitor = draws.visitor(i);
            let most = exchanges.sample(&mut visitor.stream(Purpose::Exchanges, 0));
            let limit = -libm::log(visitor.uniform(Purpose::Fatigue, 0));
            let (mut tired, mut typed) = (0.0, 0.0);
            for k in 0..most {
                messages += 1;
                typed +=
                    f64::from(words_said(words.sample(&mut visitor.stream(Purpose::Words, u64::from(k)))));
                tired += hazard * libm::exp(per_word * typed);
                if tired >= limit {
                    escalated += 1;
                    break;
                }
            }
        }
        (escalated as f64 / n as f64, messages as f64 / n as f64)
    }

    #[test]
    fn the_rate_that_was_wanted_is_what_comes_of_playing() {
        let n = 400_000;
        for (exchanges, words, per_word, wanted) in [
            (CountLaw::geometric(5.0), Law::lognormal(11.2, 0.9), 0.004, 0.22),
            (CountLaw::negative_binomial(28.0, 3.0), Law::lognormal(22.0, 0.9), 0.004, 0.45),
            (CountLaw::geometric(8.0), Law::exponential(40.0), 0.02, 0.3),
            (CountLaw::constant(6), Law::uniform(1.0, 30.0), 0.01, 0.7),
            // Messages that would be longer than any is, or than nothing.
            (CountLaw::geometric(5.0), Law::lognormal(60.0, 2.0), 0.004, 0.22),
            (CountLaw::geometric(20.0), Law::exponential(1.0), 0.05, 0.3),
        ] {
            let wear = Wear::new(&exchanges, &words, per_word);
            let hazard = hazard(&[(1.0, 1.0, &wear)], wanted);
            assert!((wear.escalated(hazard, 0.0) - wanted).abs() < 1e-9);
            let (escalated, messages) = played(&exchanges, &words, per_word, hazard, n);
            // Four standard errors of the playing, and what the paths may be wrong by.
            let error = 4.0 * (wanted * (1.0 - wanted) / n as f64).sqrt() + 5e-4;
            assert!((escalated - wanted).abs() < error, "{exchanges:?}: {escalated}, not {wanted}");
            assert!((messages / wear.exchanges_played(hazard, 0.0) - 1.0).abs() < 0.01, "{exchanges:?}");
        }
    }

    #[test]
    fn topics_together_have_the_rate_and_the_harder_more_of_it() {
        let easy = Wear::new(&CountLaw::geometric(3.0), &Law::lognormal(11.2, 0.9), 0.004);
        let hard = Wear::new(&CountLaw::geometric(6.0), &Law::lognormal(22.4, 0.9), 0.004);
        let factor = libm::exp(0.5);
        let h = hazard(&[(0.7, 1.0, &easy), (0.3, factor, &hard)], 0.22);
        let (of_easy, of_hard) = (easy.escalated(h, 0.0), hard.escalated(h * factor, 0.0));
        assert!((0.7 * of_easy + 0.3 * of_hard - 0.22).abs() < 1e-9);
        assert!(of_hard > 2.0 * of_easy, "{of_easy} {of_hard}");
    }

    #[test]
    fn extremes_are_solved_too() {
        for (exchanges, per_word, wanted) in [
            (CountLaw::constant(10_000), 0.1, 0.5),
            (CountLaw::geometric(10_000.0), 0.0, 1e-6),
            (CountLaw::negative_binomial(10_000.0, 0.1), 0.004, 0.999_999),
            (CountLaw::geometric(1.0), 0.1, 0.999_999),
        ] {
            let wear = Wear::new(&exchanges, &Law::lognormal(11.2, 0.9), per_word);
            let h = hazard(&[(1.0, 1.0, &wear)], wanted);
            assert!(h.is_finite() && h > 0.0);
            assert!((wear.escalated(h, 0.0) - wanted).abs() < 1e-6, "{exchanges:?}: {h}");
        }
        let wear = Wear::new(&CountLaw::geometric(5.0), &Law::constant(11.0), 0.004);
        assert_eq!(hazard(&[(1.0, 1.0, &wear)], 0.0), 0.0);
    }
}
