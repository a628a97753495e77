//! How sure a value is: 95 % intervals from independent sections (replications, or batches of a run), and the spread
//! of days, which is a different thing.
//!
//! Every function sums in the order in which it is given the sections, so its result is the same to the bit wherever it
//! is computed.

use std::ops::Range;

use serde::Serialize;

use super::student;

/// The coverage of every interval is 95 %: this much lies below its upper end.
const UPPER: f64 = 0.975;
/// Groups that a percentile's interval needs at the least.
const FEWEST_GROUPS: usize = 5;

/// The half-width of the 95 % interval of a ratio of sums Σx / Σy, from one pair (x, y) a section; `None` of fewer than
/// two sections, or where Σy = 0.
///
/// The linearised ratio estimator (Cochran, *Sampling Techniques*, 3rd ed., 6.4; for simulations, Law, *Simulation
/// Modeling and Analysis*, regenerative method): with R the ratio, the residuals x − R·y behave as independent with mean 0,
/// and se² = k/(k−1) · Σ(x − R·y)² / (Σy)².
#[must_use]
pub fn ratio_half_width(pairs: &[(f64, f64)]) -> Option<f64> {
    let sections = pairs.len();
    let (over, under) = pairs.iter().fold((0.0, 0.0), |(x, y), pair| (x + pair.0, y + pair.1));
    if sections < 2 || under == 0.0 {
        return None;
    }
    let ratio = over / under;
    let squares: f64 = pairs.iter().map(|(x, y)| (x - ratio * y) * (x - ratio * y)).sum();
    let k = sections as f64;
    Some(factor(sections) * (k / (k - 1.0) * squares).sqrt() / under)
}

/// The half-width of the 95 % interval of a percentile, by sectioning: how the groups' own values scatter around the
/// pooled one (Asmussen and Glynn, *Stochastic Simulation*, 2007, III.5). `None` of fewer than two groups.
#[must_use]
pub fn sectioned_half_width(pooled: f64, of_groups: &[f64]) -> Option<f64> {
    let groups = of_groups.len();
    if groups < 2 {
        return None;
    }
    let squares: f64 = of_groups.iter().map(|value| (value - pooled) * (value - pooled)).sum();
    Some(factor(groups) * (squares / (groups as f64 - 1.0) / groups as f64).sqrt())
}

fn factor(sections: usize) -> f64 {
    student::quantile(UPPER, u32::try_from(sections - 1).unwrap_or(u32::MAX))
}

/// How many observations the `q`-quantile takes to be worth anything: 10/(1 − q).
#[must_use]
pub fn needed(q: f64) -> u64 {
    // What 1 − q lacks to a round number is not an observation more.
    (10.0 / (1.0 - q) - 1e-6).ceil() as u64
}

/// Puts neighbouring sections together so that every group has at least `need` observations: as many groups as
/// possible, alike in their number of sections; `None` where there would be fewer than five.
#[must_use]
pub fn groups(counts: &[u64], need: u64) -> Option<Vec<Range<usize>>> {
    let total: u64 = counts.iter().sum();
    let mut most = counts.len().min(usize::try_from(total / need.max(1)).unwrap_or(usize::MAX));
    while most >= FEWEST_GROUPS {
        let ranges: Vec<Range<usize>> =
            (0..most).map(|i| i * counts.len() / most..(i + 1) * counts.len() / most).collect();
        if ranges.iter().all(|range| counts[range.clone()].iter().sum::<u64>() >= need) {
            return Some(ranges);
        }
        // By a tenth, so that very many uneven sections are settled in a few steps.
        most -= (most / 10).max(1);
    }
    None
}

/// The 95 % interval of a share of independent trials of which `held` of `of` came true (Wilson, "Probable inference, the law of
/// succession, and statistical inference", Journal of the American Statistical Association 22, 1927): it is of use at
/// few trials too, and where all of them or none came true.
#[must_use]
pub fn wilson(held: u64, of: u64) -> Option<(f64, f64)> {
    if of == 0 {
        return None;
    }
    /// The normal law's quantile at [`UPPER`].
    const Z: f64 = 1.959_963_984_540_054;
    let (n, share) = (of as f64, held as f64 / of as f64);
    let middle = share + Z * Z / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    Some((((middle - half) / whole).max(0.0), ((middle + half) / whole).min(1.0)))
}

/// How a figure differs from day to day: quantiles of its values in the replications, one day each.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// One day in ten is below.
    pub p10: f64,
    /// The day in the middle.
    pub p50: f64,
    /// One day in ten is above.
    pub p90: f64,
}

/// The spread of these days; `None` of fewer than two.
#[must_use]
pub fn spread(days: &[f64]) -> Option<Spread> {
    if days.len() < 2 {
        return None;
    }
    let mut days = days.to_vec();
    days.sort_by(f64::total_cmp);
    Some(Spread {
        p10: interpolated(&days, 0.1),
        p50: interpolated(&days, 0.5),
        p90: interpolated(&days, 0.9),
    })
}

/// The quantile of sorted values, linear between them (Hyndman and Fan, "Sample quantiles in statistical packages",
/// 1996, definition 7).
fn interpolated(sorted: &[f64], q: f64) -> f64 {
    let place = q * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::draw::{Draws, Purpose};

    #[test]
    fn a_share_of_few_trials_has_the_interval_of_the_textbook() {
        // Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        for (held, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (l, h) = wilson(held, of).unwrap();
            assert!((l - low).abs() < 5e-5 && (h - high).abs() < 5e-5, "{held} of {of}: {l}, {h}");
        }
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn a_mean_of_alike_sections_has_the_interval_of_the_textbook() {
        // Values 1..5 of weight 1: mean 3, s² = 2.5, half-width t₄ · √(2.5/5).
        let pairs: Vec<(f64, f64)> = (1..=5).map(|x| (f64::from(x), 1.0)).collect();
        let half = ratio_half_width(&pairs).unwrap();
        assert!((half - 2.776_445_105 * 0.5f64.sqrt()).abs() < 1e-8, "{half}");
        let own: Vec<f64> = (1..=5).map(f64::from).collect();
        assert!((sectioned_half_width(3.0, &own).unwrap() - half).abs() < 1e-12);
    }

    #[test]
    fn sections_that_agree_leave_no_doubt_and_one_section_says_nothing() {
        assert_eq!(ratio_half_width(&[(1.0, 2.0), (3.0, 6.0), (0.0, 0.0)]), Some(0.0));
        assert_eq!(ratio_half_width(&[(1.0, 2.0)]), None);
        assert_eq!(ratio_half_width(&[(0.0, 0.0), (0.0, 0.0)]), None);
    }

    #[test]
    fn a_ratio_weighs_its_sections() {
        // x − R·y with R = 4/6: 1 − 2/3, 3 − 10/3 → ±1/3; se = √(2 · 2/9)/6.
        let half = ratio_half_width(&[(1.0, 1.0), (3.0, 5.0)]).unwrap();
        assert!((half / 12.706_204_736 - (4.0f64 / 9.0).sqrt() / 6.0).abs() < 1e-9, "{half}");
    }

    #[test]
    fn a_percentile_needs_ten_beyond_it() {
        assert_eq!([0.5, 0.9, 0.95, 0.99].map(needed), [20, 100, 200, 1000]);
    }

    #[test]
    fn groups_hold_enough_each() {
        assert_eq!(groups(&[100; 20], 100).unwrap().len(), 20);
        let paired = groups(&[50; 20], 100).unwrap();
        assert_eq!(paired.len(), 10);
        assert_eq!((paired[0].clone(), paired[9].clone()), (0..2, 18..20));
        assert_eq!(groups(&[50; 9], 100), None);
        assert_eq!(groups(&[], 1), None);
        let uneven = [0, 0, 0, 500, 0, 0, 300, 300, 300, 300, 300, 0];
        for range in groups(&uneven, 250).into_iter().flatten() {
            assert!(uneven[range].iter().sum::<u64>() >= 250);
        }
    }

    /// 95 % intervals hold the truth in 95 % of experiments: here means and 90th percentiles of ten sections of 200
    /// exponential times of mean 1 (the quantile is ln 10). Over 2,000 experiments the share has a standard error of 0.5 %.
    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        const EXPERIMENTS: u32 = 2_000;
        let (mut means, mut percentiles) = (0, 0);
        for experiment in 0..EXPERIMENTS {
            let draws = Draws::of_population(1, experiment, "intervals");
            let sections: Vec<Vec<f64>> = (0..10)
                .map(|section| {
                    let mut stream = draws.stream(Purpose::Work, section);
                    (0..200).map(|_| -libm::log(stream.open01())).collect()
                })
                .collect();
            let pairs: Vec<(f64, f64)> =
                sections.iter().map(|times| (times.iter().sum(), times.len() as f64)).collect();
            let mean = pairs.iter().map(|pair| pair.0).sum::<f64>() / 2_000.0;
            means += u32::from((mean - 1.0).abs() <= ratio_half_width(&pairs).unwrap());
            let p90 = |mut times: Vec<f64>| {
                times.sort_by(f64::total_cmp);
                times[times.len() * 9 / 10 - 1]
            };
            let (pooled, own) = (p90(sections.concat()), sections.into_iter().map(p90).collect::<Vec<_>>());
            let half = sectioned_half_width(pooled, &own).unwrap();
            percentiles += u32::from((pooled - libm::log(10.0)).abs() <= half);
        }
        for (what, held) in [("means", means), ("percentiles", percentiles)] {
            let share = f64::from(held) / f64::from(EXPERIMENTS);
            assert!((0.93..0.97).contains(&share), "{what}: {share}");
        }
    }

    #[test]
    fn days_spread_as_their_quantiles() {
        let days: Vec<f64> = (0..=10).rev().map(f64::from).collect();
        let spread = spread(&days).unwrap();
        assert_eq!(spread, Spread { p10: 1.0, p50: 5.0, p90: 9.0 });
        assert_eq!(super::spread(&[1.0]), None);
    }
}
