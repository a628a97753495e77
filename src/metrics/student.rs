//! Student's t: the factor between a standard error and the half-width of an interval.

/// The `p`-quantile of Student's t with `freedom` degrees of freedom, ½ ≤ p < 1, to 10 digits.
///
/// By bisection of P(T ≤ t) = 1 − ½ I_x(ν/2, ½), x = ν/(ν + t²), the regularised incomplete beta function (NIST
/// Digital Library of Mathematical Functions, 8.17 and, for the continued fraction, 8.17.22).
#[must_use]
pub fn quantile(p: f64, freedom: u32) -> f64 {
    assert!(
        (0.5..1.0).contains(&p) && freedom > 0,
        "the {p}-quantile of t with {freedom} degrees of freedom"
    );
    let (mut low, mut high) = (0.0, 1.0);
    while below(high, freedom) < p {
        (low, high) = (high, 2.0 * high);
    }
    while high - low > 1e-11 * high {
        let middle = 0.5 * (low + high);
        if below(middle, freedom) < p { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// P(T ≤ t), t ≥ 0.
fn below(t: f64, freedom: u32) -> f64 {
    let nu = f64::from(freedom);
    1.0 - 0.5 * incomplete_beta(nu / (nu + t * t), 0.5 * nu, 0.5)
}

/// The regularised incomplete beta function I_x(a, b).
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    // The fraction converges fast below the mean; above it, the other tail does (8.17.4).
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    if x <= 0.0 {
        return 0.0;
    }
    let log_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    libm::exp(a * libm::log(x) + b * libm::log1p(-x) - log_beta) / (a * fraction(x, a, b))
}

/// The continued fraction 1 + d₁/(1 + d₂/(1 + …)) of 8.17.22, by the modified Lentz algorithm.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let (mut value, mut c, mut d) = (1.0f64, 1.0f64, 0.0f64);
    for m in 0..10_000 {
        let m = f64::from(m);
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let even = (m + 1.0) * (b - m - 1.0) * x / ((a + 2.0 * m + 1.0) * (a + 2.0 * m + 2.0));
        let before = value;
        for term in [odd, even] {
            d = 1.0 / nonzero(1.0 + term * d, TINY);
            c = nonzero(1.0 + term / c, TINY);
            value *= c * d;
        }
        if (value - before).abs() <= 1e-15 * value.abs() {
            break;
        }
    }
    value
}

fn nonzero(x: f64, tiny: f64) -> f64 {
    if x == 0.0 { tiny } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        // Abramowitz and Stegun, table 26.10.
        let table = [
            (0.975, 1, 12.706),
            (0.975, 2, 4.303),
            (0.975, 4, 2.776),
            (0.975, 10, 2.228),
            (0.975, 19, 2.093),
            (0.975, 30, 2.042),
            (0.975, 120, 1.980),
            (0.95, 9, 1.833),
            (0.995, 5, 4.032),
        ];
        for (p, freedom, t) in table {
            assert!((quantile(p, freedom) - t).abs() < 5e-4, "{p} {freedom}: {}", quantile(p, freedom));
        }
        // The normal law's, as the freedom grows; and the closed forms of ν = 1 and 2.
        assert!((quantile(0.975, 10_000_000) - 1.959_963_985).abs() < 1e-6);
        assert!((quantile(0.975, 1) - 12.706_204_736).abs() < 1e-8);
        assert!((quantile(0.75, 2) - 0.816_496_580_93).abs() < 1e-10);
        assert!(quantile(0.5, 3).abs() < 1e-9);
    }
}
