//! The laws that counts follow: how many exchanges a conversation takes. At least one of whatever is counted.

use super::dist::Law;
use super::draw::Stream;

/// A law on 1, 2, 3 … Made by the constructors, which take parameters that make sense.
#[derive(Clone, Debug, PartialEq)]
pub struct CountLaw(Shape);

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Constant(u32),
    Geometric {
        mean: f64,
    },
    /// One and a Poisson count whose rate is Gamma of this mean and shape.
    NegativeBinomial {
        rate: Option<Law>,
        mean: f64,
        shape: f64,
    },
}

/// The most that is ever drawn: a conversation of more is not one.
pub const MOST: u32 = 1_000_000;

impl CountLaw {
    /// Always `count`. Panics when it is 0.
    #[must_use]
    pub fn constant(count: u32) -> Self {
        assert!((1..=MOST).contains(&count), "a constant count of {count}");
        Self(Shape::Constant(count))
    }

    /// Geometric on 1, 2, 3 …: after each, another with probability 1 − 1/mean. Panics when `mean` is below 1.
    #[must_use]
    pub fn geometric(mean: f64) -> Self {
        assert!(mean.is_finite() && mean >= 1.0, "a geometric count of mean {mean}");
        Self(Shape::Geometric { mean })
    }

    /// One more than a negative binomial of mean `mean` − 1 whose Gamma mixing law has this shape: the variance is
    /// (mean − 1) + (mean − 1)²/shape. Panics when `mean` is below 1 or `shape` is not positive.
    #[must_use]
    pub fn negative_binomial(mean: f64, shape: f64) -> Self {
        assert!(mean.is_finite() && mean >= 1.0, "a negative binomial count of mean {mean}");
        assert!(shape.is_finite() && shape > 0.0, "a negative binomial count of shape {shape}");
        let rate = (mean > 1.0).then(|| Law::gamma(mean - 1.0, shape));
        Self(Shape::NegativeBinomial { rate, mean, shape })
    }

    /// The mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match &self.0 {
            Shape::Constant(count) => f64::from(*count),
            Shape::Geometric { mean } | Shape::NegativeBinomial { mean, .. } => *mean,
        }
    }

    /// The law of the same kind and shape whose mean is `factor` times this one's; a constant is rounded. `None` where
    /// that mean is below 1 or above [`MOST`].
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Option<Self> {
        let mean = self.mean() * factor;
        // A constant of 2 at 0.6 is 1.2 and becomes 1; at 0.4 it would be none at all.
        if !(1.0 - 1e-9..=f64::from(MOST)).contains(&mean) {
            return None;
        }
        let mean = mean.max(1.0);
        Some(match &self.0 {
            Shape::Constant(_) => Self::constant(mean.round() as u32),
            Shape::Geometric { .. } => Self::geometric(mean),
            Shape::NegativeBinomial { shape, .. } => Self::negative_binomial(mean, *shape),
        })
    }

    /// One draw.
    pub fn sample(&self, stream: &mut Stream) -> u32 {
        match &self.0 {
            Shape::Constant(count) => *count,
            Shape::Geometric { mean } => geometric(*mean, stream),
            Shape::NegativeBinomial { rate: None, .. } => 1,
            Shape::NegativeBinomial { rate: Some(rate), .. } => {
                let rate = rate.sample(stream);
                1 + poisson(rate, stream)
            }
        }
    }

    /// The probability of `count`.
    #[must_use]
    pub fn probability(&self, count: u32) -> f64 {
        if count == 0 {
            return 0.0;
        }
        match &self.0 {
            Shape::Constant(only) => f64::from(u8::from(count == *only)),
            Shape::Geometric { mean } => {
                let again = 1.0 - 1.0 / mean;
                libm::pow(again, f64::from(count - 1)) / mean
            }
            Shape::NegativeBinomial { rate: None, .. } => f64::from(u8::from(count == 1)),
            Shape::NegativeBinomial { mean, shape, .. } => {
                let (k, mean) = (f64::from(count - 1), mean - 1.0);
                let choices = libm::lgamma(k + shape) - libm::lgamma(*shape) - libm::lgamma(k + 1.0);
                let log = choices
                    + shape * libm::log(shape / (shape + mean))
                    + k * libm::log(mean / (shape + mean));
                libm::exp(log)
            }
        }
    }
}

/// By inversion: ⌈ln U / ln(1 − 1/mean)⌉.
fn geometric(mean: f64, stream: &mut Stream) -> u32 {
    let u = stream.open01();
    if mean <= 1.0 {
        return 1;
    }
    let tries = libm::ceil(libm::log(u) / libm::log1p(-1.0 / mean));
    tries.clamp(1.0, f64::from(MOST)) as u32
}

/// By counting exponential gaps: as many draws as it gives, which is few.
fn poisson(rate: f64, stream: &mut Stream) -> u32 {
    let (mut count, mut at) = (0, super::dist::standard_exponential(stream));
    while at < rate && count < MOST - 1 {
        count += 1;
        at += super::dist::standard_exponential(stream);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::draw::{Draws, Purpose};

    #[test]
    fn scaling_keeps_the_kind_and_never_goes_below_one() {
        assert_eq!(CountLaw::constant(4).scaled(0.6), Some(CountLaw::constant(2)));
        assert_eq!(CountLaw::geometric(3.0).scaled(0.5), Some(CountLaw::geometric(1.5)));
        assert_eq!(CountLaw::geometric(3.0).scaled(0.3), None);
        assert_eq!(CountLaw::constant(4).scaled(0.2), None);
        assert_eq!(
            CountLaw::negative_binomial(14.0, 3.0).scaled(2.0),
            Some(CountLaw::negative_binomial(28.0, 3.0))
        );
    }

    #[test]
    fn what_is_drawn_has_the_probabilities_that_it_should() {
        let draws = Draws::of_population(1, 0, "counts");
        let n = 200_000;
        for law in [
            CountLaw::constant(4),
            CountLaw::geometric(1.0),
            CountLaw::geometric(3.0),
            CountLaw::geometric(14.0),
            CountLaw::negative_binomial(1.0, 2.0),
            CountLaw::negative_binomial(14.0, 3.0),
            CountLaw::negative_binomial(2.5, 0.5),
        ] {
            let mut seen = [0u32; 41];
            let mut sum = 0.0;
            for i in 0..n {
                let count = law.sample(&mut draws.stream(Purpose::Exchanges, i));
                sum += f64::from(count);
                seen[(count as usize).min(40)] += 1;
            }
            assert_eq!(seen[0], 0, "{law:?}");
            for count in 1..40 {
                let p = law.probability(count);
                let error = (p * (1.0 - p) / n as f64).sqrt();
                let got = f64::from(seen[count as usize]) / n as f64;
                assert!((got - p).abs() <= 4.5 * error + 1e-9, "{law:?}: P({count}) = {p}, got {got}");
            }
            assert!((sum / n as f64 / law.mean() - 1.0).abs() < 0.02, "{law:?}");
            let total: f64 = (0..2000).map(|count| law.probability(count)).sum();
            assert!((total - 1.0).abs() < 1e-9, "{law:?}: {total}");
        }
    }
}
