//! How a value, its interval and its days come out of sections, one method a kind of figure.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Coverage, Figure, Figures};
use crate::base::figures::Unit;
use crate::base::time::NANOS;
use crate::metrics::histogram::Distribution;
use crate::metrics::interval::{groups, needed, ratio_half_width, sectioned_half_width, spread};
use crate::metrics::survival;

/// What is asked of a distribution.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stat {
    Mean,
    Percentile(&'static str, f64),
    Max,
}

pub(super) const P50: Stat = Stat::Percentile("p50", 0.5);
pub(super) const P90: Stat = Stat::Percentile("p90", 0.9);
pub(super) const P95: Stat = Stat::Percentile("p95", 0.95);
pub(super) const P99: Stat = Stat::Percentile("p99", 0.99);
/// What is asked of most.
pub(super) const STATS: &[Stat] = &[Stat::Mean, P50, P90, P95, P99, Stat::Max];

/// Times, a distribution a section: what was seen to its end, and what was broken off.
pub(super) struct Times<'a> {
    seen: Vec<Cow<'a, Distribution>>,
    censored: Vec<Cow<'a, Distribution>>,
}

impl<'a> Times<'a> {
    /// All seen to their end.
    pub(super) fn of(seen: Vec<Cow<'a, Distribution>>) -> Self {
        let censored = seen.iter().map(|_| Cow::Owned(Distribution::default())).collect();
        Self { seen, censored }
    }

    /// As many sections of both.
    pub(super) fn with_censored(
        seen: impl Iterator<Item = &'a Distribution>,
        censored: impl Iterator<Item = &'a Distribution>,
    ) -> Self {
        Self { seen: seen.map(Cow::Borrowed).collect(), censored: censored.map(Cow::Borrowed).collect() }
    }

    /// Both kinds of some sections, put together.
    fn pooled(&self, sections: std::ops::Range<usize>) -> (Distribution, Distribution) {
        let sum = |parts: &[Cow<Distribution>]| {
            parts.iter().fold(Distribution::default(), |sum, part| sum.merged(part))
        };
        (sum(&self.seen[sections.clone()]), sum(&self.censored[sections]))
    }
}

fn percentile(seen: &Distribution, censored: &Distribution, q: f64) -> Option<f64> {
    if censored.count == 0 { seen.quantile_secs(q) } else { survival::quantile_secs(seen, censored, q) }
}

/// The figures so far.
pub(super) struct Sheet {
    pub(super) figures: Figures,
    pub(super) coverage: Coverage,
    /// Values day by day, of those figures that are asked for.
    pub(super) days_kept: BTreeMap<String, Vec<f64>>,
}

impl Sheet {
    pub(super) fn new(coverage: Coverage) -> Self {
        Self { figures: Figures::new(), coverage, days_kept: BTreeMap::new() }
    }

    /// The same, keeping what these figures are on each day.
    pub(super) fn keeping_days_of(mut self, wanted: &[&str]) -> Self {
        self.days_kept = wanted.iter().map(|name| ((*name).to_owned(), Vec::new())).collect();
        self
    }

    fn put(
        &mut self,
        name: String,
        unit: Unit,
        n: u64,
        value: Option<f64>,
        half: Option<f64>,
        days: Vec<f64>,
    ) {
        let ends = value.zip(half);
        // Nothing that is counted is negative, and no share is above 1; money is won and lost.
        let least = if unit == Unit::Money { f64::NEG_INFINITY } else { 0.0 };
        let most = if unit == Unit::Share { 1.0 } else { f64::INFINITY };
        let figure = Figure {
            value,
            unit,
            low: ends.map(|(value, half)| (value - half).max(least)),
            high: ends.map(|(value, half)| (value + half).min(most)),
            n,
            days: if self.coverage.days { spread(&days) } else { None },
        };
        if self.coverage.days
            && let Some(kept) = self.days_kept.get_mut(&name)
        {
            *kept = days;
        }
        self.figures.insert(name, figure);
    }

    /// Σ over / Σ under, one pair a section.
    pub(super) fn ratio(&mut self, name: String, unit: Unit, n: u64, pairs: &[(u128, u128)]) {
        // Times are summed in nanoseconds.
        let scale = if unit == Unit::Seconds { NANOS as f64 } else { 1.0 };
        let (over, under) = pairs.iter().fold((0, 0), |(x, y), pair| (x + pair.0, y + pair.1));
        let value = (under > 0).then(|| over as f64 / under as f64 / scale);
        let floats: Vec<(f64, f64)> = pairs.iter().map(|&(x, y)| (x as f64 / scale, y as f64)).collect();
        let days = floats.iter().filter(|pair| pair.1 > 0.0).map(|(x, y)| x / y).collect();
        self.put(name, unit, n, value, ratio_half_width(&floats), days);
    }

    /// A share of people, or of whatever is counted one by one.
    pub(super) fn share(&mut self, name: String, pairs: impl Iterator<Item = (u64, u64)>) {
        let pairs: Vec<(u128, u128)> = pairs.map(|(x, y)| (x.into(), y.into())).collect();
        let n: u128 = pairs.iter().map(|pair| pair.1).sum();
        self.ratio(name, Unit::Share, u64::try_from(n).unwrap_or(u64::MAX), &pairs);
    }

    /// How many a replication.
    pub(super) fn per_replication(&mut self, name: String, counts: impl Iterator<Item = u64>) {
        let counts: Vec<u64> = counts.collect();
        let floats = counts.iter().map(|&count| count as f64).collect();
        self.amount(name, Unit::Number, counts.iter().sum(), floats);
    }

    /// How much a replication, of so much a section.
    pub(super) fn amount(&mut self, name: String, unit: Unit, n: u64, of_sections: Vec<f64>) {
        let replications = self.coverage.replications as f64;
        let sections_a_replication = of_sections.len() as f64 / replications;
        let value = of_sections.iter().sum::<f64>() / replications;
        // The mean of a section has the ratio's interval; a replication is so many sections.
        let pairs: Vec<(f64, f64)> = of_sections.iter().map(|&amount| (amount, 1.0)).collect();
        let half = ratio_half_width(&pairs).map(|half| half * sections_a_replication);
        self.put(name, unit, n, Some(value), half, of_sections);
    }

    /// Money for each of so many, one pair (amount, how many) a section.
    pub(super) fn money_each(&mut self, name: String, pairs: &[(f64, u64)]) {
        let n = pairs.iter().map(|pair| pair.1).sum::<u64>();
        let floats: Vec<(f64, f64)> = pairs.iter().map(|&(amount, count)| (amount, count as f64)).collect();
        let value = (n > 0).then(|| floats.iter().map(|pair| pair.0).sum::<f64>() / n as f64);
        let days = floats.iter().filter(|pair| pair.1 > 0.0).map(|(x, y)| x / y).collect();
        self.put(name, Unit::Money, n, value, ratio_half_width(&floats), days);
    }

    /// A number of each section that is no sum: the whole's, without an interval.
    pub(super) fn level(&mut self, name: String, n: u64, whole: Option<f64>, of_sections: Vec<f64>) {
        self.put(name, Unit::Number, n, whole, None, of_sections);
    }

    /// What was measured once, if it was.
    pub(super) fn one(&mut self, name: &str, unit: Unit, value: Option<f64>) {
        self.put(name.to_owned(), unit, value.is_some().into(), value, None, Vec::new());
    }

    /// A count of the whole, without an interval.
    pub(super) fn total(&mut self, name: &str, total: u64) {
        self.put(name.to_owned(), Unit::Number, total, Some(total as f64), None, Vec::new());
    }

    /// The statistics of times, named `prefix.statistic`.
    pub(super) fn times(&mut self, prefix: &str, stats: &[Stat], times: &Times) {
        let (seen, censored) = times.pooled(0..times.seen.len());
        for stat in stats {
            match *stat {
                Stat::Mean => {
                    let pairs: Vec<(u128, u128)> =
                        times.seen.iter().map(|d| (d.sum_nanos, d.count.into())).collect();
                    self.ratio(format!("{prefix}.mean"), Unit::Seconds, seen.count, &pairs);
                }
                Stat::Percentile(name, q) => {
                    self.percentile(format!("{prefix}.{name}"), q, times, &seen, &censored);
                }
                Stat::Max => {
                    let days = times.seen.iter().filter_map(|d| d.max_secs()).collect();
                    self.put(format!("{prefix}.max"), Unit::Seconds, seen.count, seen.max_secs(), None, days);
                }
            }
        }
    }

    fn percentile(
        &mut self,
        name: String,
        q: f64,
        times: &Times,
        seen: &Distribution,
        censored: &Distribution,
    ) {
        let value = percentile(seen, censored, q);
        let counts: Vec<u64> = times
            .seen
            .iter()
            .zip(&times.censored)
            .map(|(seen, censored)| seen.count + censored.count)
            .collect();
        let of_groups = groups(&counts, needed(q)).and_then(|ranges| {
            ranges
                .into_iter()
                .map(|range| {
                    let (seen, censored) = times.pooled(range);
                    percentile(&seen, &censored, q)
                })
                .collect::<Option<Vec<f64>>>()
        });
        let half =
            value.zip(of_groups).and_then(|(value, of_groups)| sectioned_half_width(value, &of_groups));
        let days = times
            .seen
            .iter()
            .zip(&times.censored)
            .filter_map(|(seen, censored)| percentile(seen, censored, q))
            .collect();
        self.put(name, Unit::Seconds, counts.iter().sum(), value, half, days);
    }
}
