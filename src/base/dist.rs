//! The laws that durations follow: sampled, with their mean and their quantiles, in seconds.
//!
//! Every transcendental function is `libm`'s, computed in software, so one seed gives one trace on any machine. (The
//! samplers of `rand_distr` would call the platform's as soon as any crate of the build turns on `num-traits/std`,
//! which the histograms do; they serve as the oracle in the tests instead.)

mod laplace;

use std::sync::{Arc, LazyLock};

use super::draw::{Stream, unit};
use super::time::Span;

/// A law on the durations, in seconds. Made by the constructors, which take parameters that make sense.
#[derive(Clone, Debug, PartialEq)]
pub struct Law(Shape);

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Constant(f64),
    Exponential { mean: f64 },
    Lognormal { mu: f64, sigma: f64 },
    Weibull { scale: f64, exponent: f64, mean: f64 },
    Gamma { shape: f64, scale: f64 },
    Uniform { min: f64, max: f64 },
    Empirical(Arc<[f64]>),
}

fn positive(x: f64) -> bool {
    x.is_finite() && x > 0.0
}

impl Law {
    /// Always `value` seconds. Panics unless it is finite and not negative.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        assert!(value.is_finite() && value >= 0.0, "a constant duration of {value}");
        Self(Shape::Constant(value))
    }

    /// Exponential. Panics unless `mean` (seconds) is positive.
    #[must_use]
    pub fn exponential(mean: f64) -> Self {
        assert!(positive(mean), "an exponential of mean {mean}");
        Self(Shape::Exponential { mean })
    }

    /// Lognormal of this mean (seconds) and coefficient of variation: σ² = ln(1 + cv²), μ = ln(mean) − σ²/2.
    /// Panics unless both are positive.
    #[must_use]
    pub fn lognormal(mean: f64, cv: f64) -> Self {
        assert!(positive(mean) && positive(cv), "a lognormal of mean {mean}, cv {cv}");
        let variance = libm::log1p(cv * cv);
        Self(Shape::Lognormal { mu: libm::log(mean) - 0.5 * variance, sigma: variance.sqrt() })
    }

    /// Lognormal of this median (seconds) and coefficient of variation. Panics unless both are positive.
    #[must_use]
    pub fn lognormal_of_median(median: f64, cv: f64) -> Self {
        assert!(positive(median) && positive(cv), "a lognormal of median {median}, cv {cv}");
        Self(Shape::Lognormal { mu: libm::log(median), sigma: libm::log1p(cv * cv).sqrt() })
    }

    /// Weibull of this mean (seconds) and shape: scale = mean / Γ(1 + 1/shape). Panics unless both are positive and
    /// the scale is representable.
    #[must_use]
    pub fn weibull(mean: f64, shape: f64) -> Self {
        assert!(positive(mean) && positive(shape), "a Weibull of mean {mean}, shape {shape}");
        let scale = mean / libm::tgamma(1.0 + 1.0 / shape);
        assert!(positive(scale), "a Weibull of mean {mean}, shape {shape}");
        Self(Shape::Weibull { scale, exponent: 1.0 / shape, mean })
    }

    /// Gamma of this mean (seconds) and shape. Panics unless both are positive.
    #[must_use]
    pub fn gamma(mean: f64, shape: f64) -> Self {
        assert!(positive(mean) && positive(shape), "a gamma of mean {mean}, shape {shape}");
        Self(Shape::Gamma { shape, scale: mean / shape })
    }

    /// Uniform between `min` and `max` seconds. Panics unless 0 ≤ `min` < `max`, both finite.
    #[must_use]
    pub fn uniform(min: f64, max: f64) -> Self {
        assert!(min.is_finite() && max.is_finite() && 0.0 <= min && min < max, "a uniform on {min}..{max}");
        Self(Shape::Uniform { min, max })
    }

    /// Each of these observations (seconds) with the same probability. Panics when there is none, or one is negative
    /// or not finite.
    #[must_use]
    pub fn empirical(mut observations: Vec<f64>) -> Self {
        assert!(!observations.is_empty() && observations.iter().all(|x| x.is_finite() && *x >= 0.0));
        observations.sort_unstable_by(f64::total_cmp);
        Self(Shape::Empirical(observations.into()))
    }

    /// The same law with every value multiplied by `factor`. Panics unless that is finite and positive.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        assert!(positive(factor), "a law scaled by {factor}");
        Self(match &self.0 {
            Shape::Constant(value) => Shape::Constant(value * factor),
            Shape::Exponential { mean } => Shape::Exponential { mean: mean * factor },
            Shape::Lognormal { mu, sigma } => Shape::Lognormal { mu: mu + libm::log(factor), sigma: *sigma },
            Shape::Weibull { scale, exponent, mean } => {
                Shape::Weibull { scale: scale * factor, exponent: *exponent, mean: mean * factor }
            }
            Shape::Gamma { shape, scale } => Shape::Gamma { shape: *shape, scale: scale * factor },
            Shape::Uniform { min, max } => Shape::Uniform { min: min * factor, max: max * factor },
            Shape::Empirical(sorted) => Shape::Empirical(sorted.iter().map(|value| value * factor).collect()),
        })
    }

    /// One draw, in seconds.
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        match &self.0 {
            Shape::Constant(value) => *value,
            Shape::Exponential { mean } => mean * standard_exponential(stream),
            Shape::Lognormal { mu, sigma } => libm::exp(mu + sigma * standard_normal(stream)),
            Shape::Weibull { scale, exponent, .. } => {
                scale * libm::pow(standard_exponential(stream), *exponent)
            }
            Shape::Gamma { shape, scale } => scale * standard_gamma(*shape, stream),
            Shape::Uniform { min, max } => min + (max - min) * stream.open01(),
            Shape::Empirical(sorted) => sorted[nearest_rank(sorted.len(), stream.open01())],
        }
    }

    /// One draw as a length of scenario time.
    pub fn span(&self, stream: &mut Stream) -> Span {
        Span::from_secs(self.sample(stream))
    }

    /// The mean, in seconds.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match &self.0 {
            Shape::Constant(value) => *value,
            Shape::Exponential { mean } | Shape::Weibull { mean, .. } => *mean,
            Shape::Lognormal { mu, sigma } => libm::exp(mu + 0.5 * sigma * sigma),
            Shape::Gamma { shape, scale } => shape * scale,
            Shape::Uniform { min, max } => 0.5 * (min + max),
            Shape::Empirical(sorted) => sorted.iter().sum::<f64>() / sorted.len() as f64,
        }
    }

    /// The mean, in seconds, where the law is exponential; `None` where it is not.
    #[must_use]
    pub fn exponential_mean(&self) -> Option<f64> {
        match self.0 {
            Shape::Exponential { mean } => Some(mean),
            _ => None,
        }
    }

    /// The `p`-quantile, in seconds: the least value that is not exceeded with probability `p`, 0 < `p` < 1.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        match &self.0 {
            Shape::Constant(value) => *value,
            Shape::Exponential { mean } => -mean * libm::log1p(-p),
            Shape::Lognormal { mu, sigma } => libm::exp(mu + sigma * normal_quantile(p)),
            Shape::Weibull { scale, exponent, .. } => scale * libm::pow(-libm::log1p(-p), *exponent),
            Shape::Gamma { shape, scale } => scale * gamma_quantile(*shape, p),
            Shape::Uniform { min, max } => min + (max - min) * p,
            Shape::Empirical(sorted) => sorted[nearest_rank(sorted.len(), p)],
        }
    }
}

/// The position, from 0, of the `p`-quantile among `n` sorted values.
fn nearest_rank(n: usize, p: f64) -> usize {
    ((p * n as f64).ceil() as usize).clamp(1, n) - 1
}

/// Exponential of mean 1, by the ziggurat (Marsaglia, Tsang, "The ziggurat method for generating random variables",
/// Journal of Statistical Software 5(8), 2000): 98 draws in 100 cost one multiplication and no logarithm.
#[inline]
#[must_use]
pub fn standard_exponential(stream: &mut Stream) -> f64 {
    let ziggurat = &*ZIGGURAT;
    loop {
        let bits = stream.bits();
        // The layer is taken from bits that the position in it does not use.
        let layer = (bits & 0xFF) as usize;
        let x = unit(bits) * ziggurat.edge[layer];
        if x < ziggurat.edge[layer + 1] {
            return x;
        }
        if layer == 0 {
            return ZIGGURAT_TAIL - libm::log(stream.open01());
        }
        let (low, high) = (ziggurat.height[layer], ziggurat.height[layer + 1]);
        if low + (high - low) * stream.open01() < libm::exp(-x) {
            return x;
        }
    }
}

/// Where the tail of the ziggurat begins, and the area of each of its 256 layers, for the exponential law (ibid.).
const ZIGGURAT_TAIL: f64 = 7.697_117_470_131_05;
const ZIGGURAT_AREA: f64 = 3.949_659_822_581_572e-3;

static ZIGGURAT: LazyLock<Ziggurat> = LazyLock::new(Ziggurat::exponential);

/// Layers of equal area that cover e^-x, from the widest (which holds the tail) up.
struct Ziggurat {
    edge: [f64; 257],
    /// e^-x at each edge.
    height: [f64; 257],
}

impl Ziggurat {
    fn exponential() -> Self {
        let mut edge = [0.0; 257];
        edge[0] = ZIGGURAT_AREA * libm::exp(ZIGGURAT_TAIL);
        edge[1] = ZIGGURAT_TAIL;
        for layer in 2..256 {
            let below = edge[layer - 1];
            edge[layer] = -libm::log(ZIGGURAT_AREA / below + libm::exp(-below));
        }
        Self { edge, height: edge.map(|x| libm::exp(-x)) }
    }
}

/// Normal of mean 0 and variance 1, by inversion.
fn standard_normal(stream: &mut Stream) -> f64 {
    normal_quantile(stream.open01())
}

/// Gamma of this shape and scale 1: Marsaglia, Tsang, "A simple method for generating gamma variables", ACM TOMS
/// 26(3), 2000; below shape 1 by their boost Γ(a) = Γ(a + 1)·U^(1/a).
fn standard_gamma(shape: f64, stream: &mut Stream) -> f64 {
    if shape < 1.0 {
        let boost = libm::pow(stream.open01(), 1.0 / shape);
        return boost * standard_gamma(shape + 1.0, stream);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = standard_normal(stream);
        let v = 1.0 + c * x;
        if v <= 0.0 {
            continue;
        }
        let v = v * v * v;
        let u = stream.open01();
        if libm::log(u) < 0.5 * x * x + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

/// The quantile function of the standard normal: algorithm AS 241 (PPND16), Wichura, Applied Statistics 37, 1988;
/// relative accuracy about 1e-16.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 8] = [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ];
    const B: [f64; 8] = [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_545,
    ];
    const C: [f64; 8] = [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ];
    const D: [f64; 8] = [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ];
    const E: [f64; 8] = [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ];
    const F: [f64; 8] = [
        1.0,
        0.599_832_206_555_887_9,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ];
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * horner(&A, r) / horner(&B, r);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = (-libm::log(tail)).sqrt();
    let z = if r <= 5.0 {
        horner(&C, r - 1.6) / horner(&D, r - 1.6)
    } else {
        horner(&E, r - 5.0) / horner(&F, r - 5.0)
    };
    if q < 0.0 { -z } else { z }
}

/// The polynomial whose coefficients are given from the constant term up.
fn horner(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// The regularized lower incomplete gamma function P(a, x): its series below a + 1, its continued fraction above
/// (Abramowitz and Stegun, 6.5.29 and 6.5.31, the latter by Lentz's method).
#[must_use]
pub fn gamma_p(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    if x <= 0.0 {
        return 0.0;
    }
    let front = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        while term > sum * f64::EPSILON {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        return front * sum;
    }
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut h = d;
    for i in 1..10_000 {
        let i = f64::from(i);
        let an = -i * (i - a);
        b += 2.0;
        d = an * d + b;
        d = 1.0 / if d.abs() < TINY { TINY } else { d };
        c = b + an / c;
        c = if c.abs() < TINY { TINY } else { c };
        h *= d * c;
        if (d * c - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    1.0 - front * h
}

/// The quantile of the gamma law of this shape and scale 1, by bisection on [`gamma_p`].
fn gamma_quantile(shape: f64, p: f64) -> f64 {
    let (mut low, mut high) = (0.0, shape + 1.0);
    while gamma_p(shape, high) < p {
        high *= 2.0;
    }
    // 200 halvings leave less than the last bit of any bracket that doubling can have reached.
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if gamma_p(shape, middle) < p { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::super::draw::{Draws, Purpose};
    use super::*;
    use rand_distr::Distribution;
    use rand_xoshiro::Xoshiro256PlusPlus;
    use rand_xoshiro::rand_core::SeedableRng;

    const N: usize = 100_000;

    fn samples(law: &Law) -> Vec<f64> {
        let population = Draws::of_population(7, 0, "law");
        let mut drawn: Vec<f64> =
            (0..N as u64).map(|i| law.sample(&mut population.visitor(i).stream(Purpose::Work, 0))).collect();
        drawn.sort_unstable_by(f64::total_cmp);
        drawn
    }

    /// The two-sample Kolmogorov–Smirnov distance, scaled: above 2.0 with probability below 0.001.
    fn distance(a: &[f64], b: &[f64]) -> f64 {
        let (mut i, mut j, mut worst) = (0, 0, 0.0f64);
        while i < a.len() && j < b.len() {
            *(if a[i] <= b[j] { &mut i } else { &mut j }) += 1;
            worst = worst.max((i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs());
        }
        worst * ((a.len() * b.len()) as f64 / (a.len() + b.len()) as f64).sqrt()
    }

    fn oracle(law: impl Distribution<f64>) -> Vec<f64> {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(99);
        let mut drawn: Vec<f64> = (0..N).map(|_| law.sample(&mut rng)).collect();
        drawn.sort_unstable_by(f64::total_cmp);
        drawn
    }

    #[test]
    fn the_laws_are_those_of_an_independent_library() {
        let sigma = libm::log1p(0.81).sqrt();
        let mu = libm::log(420.0) - 0.5 * sigma * sigma;
        let weibull_scale = 240.0 / libm::tgamma(1.0 + 1.0 / 0.8);
        let pairs = [
            (Law::exponential(300.0), oracle(rand_distr::Exp::new(1.0 / 300.0).unwrap())),
            (Law::lognormal(420.0, 0.9), oracle(rand_distr::LogNormal::new(mu, sigma).unwrap())),
            (Law::weibull(240.0, 0.8), oracle(rand_distr::Weibull::new(weibull_scale, 0.8).unwrap())),
            (Law::gamma(100.0, 0.4), oracle(rand_distr::Gamma::new(0.4, 250.0).unwrap())),
            (Law::gamma(100.0, 5.0), oracle(rand_distr::Gamma::new(5.0, 20.0).unwrap())),
        ];
        for (law, expected) in &pairs {
            let d = distance(&samples(law), expected);
            assert!(d < 2.0, "{law:?}: Kolmogorov-Smirnov {d}");
        }
    }

    #[test]
    fn samples_have_the_stated_mean_and_quantiles() {
        let laws = [
            Law::constant(9.0),
            Law::exponential(300.0),
            Law::lognormal(420.0, 0.9),
            Law::lognormal_of_median(8.0, 0.7),
            Law::weibull(240.0, 0.8),
            Law::gamma(100.0, 0.4),
            Law::gamma(100.0, 5.0),
            Law::uniform(2.0, 6.0),
            Law::empirical(vec![3.0, 1.0, 2.0]),
        ];
        for law in &laws {
            let drawn = samples(law);
            let mean = drawn.iter().sum::<f64>() / N as f64;
            let variance = drawn.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / N as f64;
            let error = 4.0 * (variance / N as f64).sqrt() + 1e-9;
            assert!((mean - law.mean()).abs() < error, "{law:?}: mean {mean}, not {}", law.mean());
            for p in [0.1, 0.5, 0.9] {
                let quantile = law.quantile(p);
                let below = drawn.iter().filter(|x| **x <= quantile).count() as f64 / N as f64;
                assert!(below > p - 0.007, "{law:?}: only {below} below the {p}-quantile");
            }
        }
    }

    #[test]
    fn a_scaled_law_is_the_same_but_for_its_unit() {
        for law in [
            Law::constant(9.0),
            Law::exponential(300.0),
            Law::lognormal(420.0, 0.9),
            Law::weibull(240.0, 0.8),
            Law::gamma(100.0, 0.4),
            Law::uniform(2.0, 6.0),
            Law::empirical(vec![3.0, 1.0, 2.0]),
        ] {
            let scaled = law.scaled(2.5);
            assert!((scaled.mean() / law.mean() - 2.5).abs() < 1e-12, "{law:?}");
            for p in [0.1, 0.5, 0.9] {
                assert!((scaled.quantile(p) / law.quantile(p) - 2.5).abs() < 1e-12, "{law:?}");
            }
        }
    }

    #[test]
    fn the_normal_quantile_is_that_of_the_tables() {
        for (p, z) in [(0.975, 1.959_963_984_540_054), (0.5, 0.0), (0.01, -2.326_347_874_040_841)] {
            assert!((normal_quantile(p) - z).abs() < 1e-12);
        }
        assert!((normal_quantile(1e-20) + 9.262_340_089_798_408).abs() < 1e-9);
    }

    #[test]
    fn the_incomplete_gamma_function_has_its_closed_forms() {
        for x in [0.1, 1.0, 3.0, 20.0] {
            assert!((gamma_p(1.0, x) - (1.0 - libm::exp(-x))).abs() < 1e-13);
            assert!((gamma_p(0.5, x) - libm::erf(x.sqrt())).abs() < 1e-13);
        }
    }
}
