//! Distributions cut into a few bins, as a person looks at them. Where to cut is decided here once for every
//! format; what a bin looks like is the format's own.

use super::number;
use crate::metrics::histogram::{Distribution, micros_to_secs};
use crate::metrics::tally::Levels;

/// Waits below this (in seconds of scenario time) are no waits to a person.
const AT_ONCE_SECS: f64 = 1.0;

/// Widths that a person takes in at a glance, in seconds.
const WIDTHS: [f64; 15] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0, 3_600.0, 7_200.0, 21_600.0, 86_400.0,
];

/// Bounds of bins: a first bin of next to nothing, bins of one width, and the rest.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cuts {
    /// Where each bin begins, in seconds; the last has no end.
    from: Vec<f64>,
}

/// One bin of waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waited {
    /// Waits that ended with an agent.
    pub(super) served: u64,
    /// Waits that no agent ended: left, refused, callback taken, cut off.
    pub(super) not_served: u64,
}

impl Waited {
    /// Both.
    pub(super) const fn all(self) -> u64 {
        self.served + self.not_served
    }

    /// The share that ended without an agent; `None` of nothing.
    pub(super) fn not_served_share(self) -> Option<f64> {
        (self.all() > 0).then(|| self.not_served as f64 / self.all() as f64)
    }
}

impl Cuts {
    /// Into about `most` bins that reach to the 99th percentile.
    pub(super) fn of(times: &Distribution, most: usize) -> Self {
        let reach = times.quantile_secs(0.99).unwrap_or(0.0);
        let fits = |width: &&f64| (reach / **width).ceil() <= most as f64;
        let width = *WIDTHS.iter().find(fits).unwrap_or(&WIDTHS[WIDTHS.len() - 1]);
        let count = ((reach / width).ceil() as usize).clamp(1, most);
        let even = (1..=count).map(|i| i as f64 * width).filter(|from| *from > AT_ONCE_SECS);
        Self { from: [0.0, AT_ONCE_SECS].into_iter().chain(even).collect() }
    }

    /// Where bin `i` lies: from, and to where it is bounded. Bin 0 is next to nothing, the last the rest.
    pub(super) fn bounds(&self, i: usize) -> (f64, Option<f64>) {
        (self.from[i], self.from.get(i + 1).copied())
    }

    /// Where the last bin begins.
    pub(super) fn reach(&self) -> f64 {
        self.from[self.from.len() - 1]
    }

    /// Bins in all; at least 2.
    pub(super) fn len(&self) -> usize {
        self.from.len()
    }

    /// How many of `times` are in each bin.
    pub(super) fn fill(&self, times: &Distribution) -> Vec<u64> {
        let mut counts = vec![0; self.from.len()];
        for &(micros, count) in &times.buckets {
            let secs = micros_to_secs(micros);
            counts[self.from.partition_point(|from| *from <= secs) - 1] += count;
        }
        counts
    }

    /// How many of both are in each bin.
    pub(super) fn waits(&self, served: &Distribution, not_served: &Distribution) -> Vec<Waited> {
        let pairs = self.fill(served).into_iter().zip(self.fill(not_served));
        pairs.map(|(served, not_served)| Waited { served, not_served }).collect()
    }
}

/// The bounds of a bin in words.
pub(super) fn waited(bounds: (f64, Option<f64>)) -> String {
    match bounds {
        (0.0, Some(to)) => format!("under {}", number::bound(to)),
        (from, Some(to)) => format!("{} to {}", number::bound(from), number::bound(to)),
        (from, None) => format!("{} and more", number::bound(from)),
    }
}

/// A stretch of levels, and the share of the time spent at them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LevelBin {
    /// The lowest.
    pub(super) from: u32,
    /// The highest; none: the rest.
    pub(super) to: Option<u32>,
    pub(super) share: f64,
}

impl LevelBin {
    /// `0`, `2 to 4`, `120 and more`.
    pub(super) fn name(&self) -> String {
        match self.to {
            Some(to) if to == self.from => to.to_string(),
            Some(to) => format!("{} to {to}", self.from),
            None => format!("{} and more", self.from),
        }
    }
}

/// Time by level, in at most `most` bins (4 at the least): 0 and 1 by themselves, what lies between by stretches of one
/// width up to the 99th percentile, and the rest. Empty without any time.
pub(super) fn levels(levels: &Levels, most: usize) -> Vec<LevelBin> {
    let (Some(max), Some(reach)) = (levels.max(), levels.quantile(0.99)) else { return Vec::new() };
    let last = if max as usize <= most { max } else { reach.max(1) };
    let width = last.saturating_sub(1).div_ceil(most as u32 - 3).max(1);
    let total = levels.total() as f64;
    let bin = |from: u32, to: Option<u32>| {
        let above = levels.nanos().get(from as usize..).unwrap_or_default();
        let within = &above[..to.map_or(above.len(), |to| above.len().min((to - from) as usize + 1))];
        LevelBin { from, to, share: within.iter().sum::<u128>() as f64 / total }
    };
    let mut bins = vec![bin(0, Some(0)), bin(1, Some(1))];
    bins.extend((2..=last).step_by(width as usize).map(|from| bin(from, Some(from + width - 1))));
    let next = bins.iter().filter_map(|bin| bin.to).max().map_or(0, |to| to + 1);
    if next <= max {
        bins.push(bin(next, None));
    }
    bins
}

/// Bins each a constant factor wide, for what spreads over orders of magnitude: (from, to, how many), in
/// seconds, from the first that is not empty to the last.
pub(super) fn logarithmic(times: &Distribution, per_decade: u32) -> Vec<(f64, f64, u64)> {
    let place = |micros: u64| (libm::log10(micros.max(1) as f64) * f64::from(per_decade)).floor() as i64;
    let edge = |place: i64| libm::pow(10.0, place as f64 / f64::from(per_decade)) / 1e6;
    let (Some(first), Some(last)) = (times.buckets.first(), times.buckets.last()) else { return Vec::new() };
    let (first, last) = (place(first.0), place(last.0));
    let mut bins: Vec<(f64, f64, u64)> = (first..=last).map(|i| (edge(i), edge(i + 1), 0)).collect();
    for &(micros, count) in &times.buckets {
        bins[(place(micros) - first) as usize].2 += count;
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::Span;
    use crate::metrics::histogram::Timing;

    fn of(secs: impl IntoIterator<Item = f64>) -> Distribution {
        let mut timing = Timing::default();
        secs.into_iter().for_each(|secs| timing.record(Span::from_secs(secs)));
        timing.freeze()
    }

    #[test]
    fn every_time_is_in_the_bin_whose_bounds_hold_it() {
        let times = of((0..500).map(|i| f64::from(i) * 0.7));
        let cuts = Cuts::of(&times, 20);
        assert_eq!(cuts.from[..4], [0.0, 1.0, 30.0, 60.0]);
        assert_eq!((cuts.from.len(), cuts.reach()), (14, 360.0));
        let counts = cuts.fill(&times);
        assert_eq!(counts.iter().sum::<u64>(), times.count);
        for (i, &count) in counts.iter().enumerate() {
            let (from, to) = cuts.bounds(i);
            let within =
                (0..500).map(|i| f64::from(i) * 0.7).filter(|t| *t >= from && to.is_none_or(|to| *t < to));
            // Exact but for what lies on an edge, which HdrHistogram rounds up.
            assert!((within.count() as i64 - count as i64).abs() <= 1, "bin {i}");
        }
    }

    #[test]
    fn nothing_has_bins_too() {
        let cuts = Cuts::of(&Distribution::default(), 20);
        assert_eq!(cuts.fill(&Distribution::default()), vec![0; cuts.from.len()]);
        assert!(logarithmic(&Distribution::default(), 10).is_empty());
    }

    #[test]
    fn logarithmic_bins_lose_nothing() {
        let times = of([0.0, 0.001, 0.0011, 0.25, 3.0]);
        let bins = logarithmic(&times, 10);
        assert_eq!(bins.iter().map(|bin| bin.2).sum::<u64>(), 5);
        assert!(bins.windows(2).all(|pair| (pair[0].1 - pair[1].0).abs() < 1e-12));
    }

    #[test]
    fn nobody_and_one_alone_stand_by_themselves_whatever_the_crowd() {
        for max in [0u32, 1, 2, 11, 12, 13, 60, 993] {
            let mut time = Levels::default();
            (0..=max).for_each(|level| time.add(level, u128::from(max + 1 - level)));
            let bins = levels(&time, 12);
            assert!(bins.len() <= 13, "{max}: {bins:?}");
            assert!((bins.iter().map(|bin| bin.share).sum::<f64>() - 1.0).abs() < 1e-9, "{max}: {bins:?}");
            assert_eq!((bins[0].to, bins[1].to), (Some(0), Some(1)));
            assert!(bins.windows(2).all(|pair| pair[0].to == Some(pair[1].from - 1)), "{max}: {bins:?}");
        }
        assert!(levels(&Levels::default(), 12).is_empty());
    }
}
