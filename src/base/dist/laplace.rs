//! The Laplace transform of a law: the probability that nothing happens during a duration, where things happen at a
//! constant rate.

use super::{Law, Shape};

/// Steps per unit of the trapezoidal rule. For an analytic function that vanishes at both ends its error falls
/// exponentially with them: L. N. Trefethen, J. A. C. Weideman, "The exponentially convergent trapezoidal rule", SIAM
/// Review 56(3), 2014.
const STEPS: i32 = 32;

impl Law {
    /// `E[e^(−rate·X)]`, the probability that no event of a Poisson process of this rate (per second, not negative) falls
    /// into a duration X of this law.
    ///
    /// In closed form but for the lognormal and the Weibull, which have none: they are integrated, with an absolute
    /// error below 1e-9 for shapes that durations have (a cv below 30, an exponent above 0.1).
    #[must_use]
    pub fn laplace(&self, rate: f64) -> f64 {
        match &self.0 {
            Shape::Constant(value) => libm::exp(-rate * value),
            Shape::Exponential { mean } => 1.0 / (1.0 + rate * mean),
            Shape::Gamma { shape, scale } => libm::exp(-shape * libm::log1p(rate * scale)),
            Shape::Uniform { min, max } => {
                let width = rate * (max - min);
                let spread = if width > 0.0 { -libm::expm1(-width) / width } else { 1.0 };
                libm::exp(-rate * min) * spread
            }
            Shape::Empirical(sorted) => {
                sorted.iter().map(|value| libm::exp(-rate * value)).sum::<f64>() / sorted.len() as f64
            }
            // X = e^(μ + σz), z normal.
            Shape::Lognormal { mu, sigma } => {
                let front = 1.0 / (2.0 * std::f64::consts::PI).sqrt();
                whole_line(-10, 10, |z| front * libm::exp(-rate * libm::exp(mu + sigma * z) - 0.5 * z * z))
            }
            // X = scale · (e^u)^exponent, where e^u is exponential of mean 1: u has the density e^(u − e^u).
            Shape::Weibull { scale, exponent, .. } => {
                whole_line(-40, 5, |u| libm::exp(-rate * scale * libm::exp(exponent * u) + u - libm::exp(u)))
            }
        }
    }
}

/// The integral of a function that is negligible outside these ends.
fn whole_line(from: i32, to: i32, f: impl Fn(f64) -> f64) -> f64 {
    let step = f64::from(STEPS).recip();
    (from * STEPS..=to * STEPS).map(|i| f(f64::from(i) * step)).sum::<f64>() * step
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the quantile function: ∫ e^(−rate·Q(p)) dp over (0, 1), by the midpoint rule.
    fn by_quantiles(law: &Law, rate: f64) -> f64 {
        let n = 5_000;
        let at = |i: u32| libm::exp(-rate * law.quantile((f64::from(i) + 0.5) / f64::from(n)));
        (0..n).map(at).sum::<f64>() / f64::from(n)
    }

    #[test]
    fn it_is_the_integral_over_the_quantiles() {
        let laws = [
            Law::constant(90.0),
            Law::exponential(300.0),
            Law::lognormal(420.0, 0.9),
            Law::lognormal(420.0, 4.0),
            Law::weibull(240.0, 0.6),
            Law::weibull(240.0, 3.0),
            Law::gamma(100.0, 0.7),
            Law::gamma(100.0, 5.0),
            Law::uniform(20.0, 60.0),
            Law::empirical(vec![30.0, 10.0, 250.0]),
        ];
        for law in &laws {
            for rate in [1e-5, 1e-3, 0.01, 0.2] {
                let (found, expected) = (law.laplace(rate), by_quantiles(law, rate));
                assert!((found - expected).abs() < 3e-4, "{law:?} at {rate}: {found}, not {expected}");
            }
        }
    }

    #[test]
    fn at_rate_0_nothing_happens_and_the_slope_there_is_the_mean() {
        let laws = [Law::lognormal(420.0, 0.9), Law::weibull(240.0, 0.6), Law::uniform(2.0, 6.0)];
        for law in &laws {
            assert!((law.laplace(0.0) - 1.0).abs() < 1e-12, "{law:?}: {}", law.laplace(0.0));
            let rate = 1e-5 / law.mean();
            let slope = (1.0 - law.laplace(rate)) / rate;
            assert!((slope / law.mean() - 1.0).abs() < 1e-4, "{law:?}: {slope}");
        }
    }

    #[test]
    fn a_weibull_of_shape_1_is_exponential() {
        for rate in [1e-4, 1e-2, 1.0] {
            let (found, exact) =
                (Law::weibull(60.0, 1.0).laplace(rate), Law::exponential(60.0).laplace(rate));
            assert!((found - exact).abs() < 1e-12, "{found}, not {exact}");
        }
    }
}
