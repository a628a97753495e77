//! Times recorded in HdrHistograms, all by one policy: unit 1 µs, 3 significant digits, no upper bound; and beside the
//! buckets an exact count, sum and maximum in nanoseconds, so that means are exact and only percentiles are rounded.
//!
//! [`Timing`] is where an engine records, [`Distribution`] what is merged, written and read.

use std::cmp::Ordering;

use hdrhistogram::Histogram;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::time::{NANOS, RealSpan, Span};

/// Significant decimal digits of every histogram.
const DIGITS: u8 = 3;
/// Values below this have a bucket of their own; above, every power of two has half as many buckets: the smallest power
/// of two that keeps [`DIGITS`] digits (Tene, HdrHistogram: 2 · 10³ rounded up to a power of two).
const FINE: u64 = 2048;
/// Nanoseconds in the unit of the buckets.
const MICRO: u64 = 1_000;

/// Records times as they come.
#[derive(Clone, Debug, Default)]
pub struct Timing {
    /// Zeros are the most frequent wait there is; they are counted here alone.
    zeros: u64,
    above_zero: Above,
    sum_nanos: u128,
    max_nanos: u64,
}

/// Times above zero, in µs. A histogram is long however little is in it; most of the many times that are looked out for are
/// few, in a slice of a day or a batch of a run.
#[derive(Clone, Debug)]
enum Above {
    /// One by one, in the order in which they came.
    Few(Vec<u64>),
    Many(Histogram<u64>),
}

impl Default for Above {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Above {
    #[inline]
    fn record(&mut self, micros: u64) {
        match self {
            Self::Many(histogram) => {
                histogram.record(micros).expect("a histogram that resizes itself takes every value");
            }
            Self::Few(values) if values.len() < FEW => values.push(micros),
            Self::Few(_) => {
                self.grow();
                self.record(micros);
            }
        }
    }

    #[cold]
    fn grow(&mut self) {
        let mut histogram = empty();
        if let Self::Few(values) = self {
            for micros in values {
                histogram.record(*micros).expect("a histogram that resizes itself takes every value");
            }
        }
        *self = Self::Many(histogram);
    }

    fn len(&self) -> u64 {
        match self {
            Self::Few(values) => values.len() as u64,
            Self::Many(histogram) => histogram.len(),
        }
    }

    /// (the bucket's highest value, how many), ascending.
    fn buckets(&self) -> Vec<(u64, u64)> {
        match self {
            Self::Few(values) => {
                let mut highest: Vec<u64> =
                    values.iter().filter_map(|micros| highest_in(bucket_of(*micros))).collect();
                highest.sort_unstable();
                highest.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u64)).collect()
            }
            Self::Many(histogram) => histogram
                .iter_recorded()
                .map(|bucket| (bucket.value_iterated_to(), bucket.count_at_value()))
                .collect(),
        }
    }
}

/// So many are few: as long a list as it takes to sort it faster than to look through a histogram.
const FEW: usize = 512;

/// An empty histogram of the one policy.
fn empty() -> Histogram<u64> {
    Histogram::new(DIGITS).expect("HdrHistogram takes 3 digits")
}

impl Timing {
    /// Records a length of scenario time.
    #[inline]
    pub fn record(&mut self, span: Span) {
        self.record_nanos(span.nanos());
    }

    /// Records a length of real time.
    #[inline]
    pub fn record_real(&mut self, span: RealSpan) {
        self.record_nanos(span.nanos());
    }

    #[inline]
    fn record_nanos(&mut self, nanos: u64) {
        if nanos == 0 {
            self.zeros += 1;
            return;
        }
        self.above_zero.record(nanos / MICRO);
        self.sum_nanos += u128::from(nanos);
        self.max_nanos = self.max_nanos.max(nanos);
    }

    /// How many were recorded.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.zeros + self.above_zero.len()
    }

    /// What was recorded so far.
    #[must_use]
    pub fn freeze(&self) -> Distribution {
        let mut buckets = self.above_zero.buckets();
        if self.zeros > 0 {
            match buckets.first_mut() {
                // Less than a microsecond shares the bucket of nothing at all.
                Some((0, count)) => *count += self.zeros,
                _ => buckets.insert(0, (0, self.zeros)),
            }
        }
        Distribution { count: self.count(), sum_nanos: self.sum_nanos, max_nanos: self.max_nanos, buckets }
    }

    /// What was recorded since the last call; starts anew.
    pub fn drain(&mut self) -> Distribution {
        if self.count() == 0 { Distribution::default() } else { std::mem::take(self).freeze() }
    }
}

/// Times, as recorded: sparse, and mergeable without loss.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Distribution {
    /// How many.
    pub count: u64,
    /// Their sum, in nanoseconds.
    pub sum_nanos: u128,
    /// The longest, in nanoseconds.
    pub max_nanos: u64,
    /// (the bucket's highest value in µs, how many), ascending, no empty ones. The counts add up to `count`.
    pub buckets: Vec<(u64, u64)>,
}

impl Distribution {
    /// Adds everything that `other` holds. Associative and commutative; the default is the identity.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        self.count += other.count;
        self.sum_nanos += other.sum_nanos;
        self.max_nanos = self.max_nanos.max(other.max_nanos);
        let mut merged = Vec::with_capacity(self.buckets.len() + other.buckets.len());
        let (mut left, mut right) = (self.buckets.iter().peekable(), other.buckets.iter().peekable());
        while let (Some(&&(a, in_a)), Some(&&(b, in_b))) = (left.peek(), right.peek()) {
            let (value, count) = match a.cmp(&b) {
                Ordering::Less => (a, in_a),
                Ordering::Equal => (a, in_a + in_b),
                Ordering::Greater => (b, in_b),
            };
            if a <= b {
                left.next();
            }
            if b <= a {
                right.next();
            }
            merged.push((value, count));
        }
        merged.extend(left.copied().chain(right.copied()));
        self.buckets = merged;
    }

    /// Both together.
    #[must_use]
    pub fn merged(mut self, other: &Self) -> Self {
        self.merge(other);
        self
    }

    /// The exact mean, in seconds; `None` of nothing.
    #[must_use]
    pub fn mean_secs(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum_nanos as f64 / self.count as f64 / NANOS as f64)
    }

    /// The exact maximum, in seconds; `None` of nothing.
    #[must_use]
    pub fn max_secs(&self) -> Option<f64> {
        (self.count > 0).then(|| self.max_nanos as f64 / NANOS as f64)
    }

    /// The `q`-quantile in seconds, 0 < q ≤ 1: the highest value of the first bucket at which at least the fraction `q` has
    /// been counted, which is HdrHistogram's `value_at_quantile`, but never above the exact maximum. `None` of nothing.
    #[must_use]
    pub fn quantile_secs(&self, q: f64) -> Option<f64> {
        let rank = ((q.min(1.0) * self.count as f64).ceil() as u64).max(1);
        let mut counted = 0;
        self.buckets.iter().find_map(|&(highest, count)| {
            counted += count;
            (counted >= rank).then(|| micros_to_secs(highest).min(self.max_nanos as f64 / NANOS as f64))
        })
    }

    /// The same as an HdrHistogram, in µs, for its log format and its tools.
    #[must_use]
    pub fn to_hdr(&self) -> Histogram<u64> {
        let mut histogram = empty();
        for &(highest, count) in &self.buckets {
            histogram.record_n(highest, count).expect("a histogram that resizes itself takes every value");
        }
        histogram
    }
}

/// A bucket's value in seconds.
#[must_use]
pub fn micros_to_secs(micros: u64) -> f64 {
    micros as f64 / 1e6
}

/// The number of the bucket that holds `micros`.
fn bucket_of(micros: u64) -> u64 {
    if micros < FINE {
        return micros;
    }
    let shift = u64::from(micros.ilog2() - FINE.ilog2() + 1);
    shift * (FINE / 2) + (micros >> shift)
}

/// The highest value of bucket number `bucket`; `None` where there is no such bucket.
fn highest_in(bucket: u64) -> Option<u64> {
    if bucket < FINE {
        return Some(bucket);
    }
    let half = FINE / 2;
    let shift = bucket / half - 1;
    let leading = bucket - shift * half;
    // All ones below the leading digits. The last bucket ends with the last value there is.
    (shift <= u64::from(u64::BITS - FINE.ilog2())).then(|| (leading << shift) | ((1 << shift) - 1))
}

/// As written: count, sum, maximum, and the buckets in one flat list of (steps from the last bucket's number, count).
#[derive(Serialize, Deserialize)]
struct Written(u64, u128, u64, Vec<u64>);

impl Serialize for Distribution {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut last = 0;
        let mut steps = Vec::with_capacity(2 * self.buckets.len());
        for &(highest, count) in &self.buckets {
            let bucket = bucket_of(highest);
            steps.extend([bucket - last, count]);
            last = bucket;
        }
        Written(self.count, self.sum_nanos, self.max_nanos, steps).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Distribution {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written(count, sum_nanos, max_nanos, steps) = Written::deserialize(deserializer)?;
        let (pairs, rest) = steps.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(D::Error::custom("a histogram's list of buckets is of odd length"));
        }
        let mut buckets: Vec<(u64, u64)> = Vec::with_capacity(pairs.len());
        let (mut bucket, mut counted) = (0u64, 0u64);
        for &[step, in_bucket] in pairs {
            if in_bucket == 0 || (step == 0 && !buckets.is_empty()) {
                return Err(D::Error::custom("a histogram's buckets are empty or out of order"));
            }
            bucket = bucket.saturating_add(step);
            counted = counted.saturating_add(in_bucket);
            let highest =
                highest_in(bucket).ok_or_else(|| D::Error::custom("a histogram's bucket too far"))?;
            buckets.push((highest, in_bucket));
        }
        if counted != count {
            return Err(D::Error::custom("a histogram's buckets do not add up to its count"));
        }
        Ok(Self { count, sum_nanos, max_nanos, buckets })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn timing(nanos: &[u64]) -> Timing {
        let mut timing = Timing::default();
        for &n in nanos {
            timing.record(Span::from_nanos(n));
        }
        timing
    }

    /// Times from nanoseconds to centuries, zeros among them.
    fn times() -> impl Strategy<Value = Vec<u64>> {
        let any_scale = (0u32..60, any::<u64>()).prop_map(|(bits, n)| n >> (63 - bits));
        prop::collection::vec(prop_oneof![Just(0), any_scale], 0..200)
    }

    #[test]
    fn buckets_are_those_of_hdrhistogram() {
        let histogram = Histogram::<u64>::new_with_bounds(1, u64::MAX / 2, DIGITS).unwrap();
        for bits in 0..63 {
            for value in [1 << bits, (1 << bits) + 1, (1 << bits) - 1, (1u64 << bits) / 3 * 2] {
                assert_eq!(
                    highest_in(bucket_of(value)),
                    Some(histogram.highest_equivalent(value)),
                    "{value}"
                );
            }
        }
        assert_eq!(highest_in(bucket_of(u64::MAX)), Some(u64::MAX));
        assert_eq!(highest_in(bucket_of(u64::MAX) + 1), None);
        assert_eq!(highest_in(u64::MAX), None);
    }

    #[test]
    fn means_and_maxima_are_exact() {
        let d = timing(&[1, 2, 3_000_000_001]).freeze();
        assert_eq!((d.count, d.sum_nanos, d.max_nanos), (3, 3_000_000_004, 3_000_000_001));
        assert_eq!(Distribution::default().mean_secs(), None);
        assert_eq!(Distribution::default().quantile_secs(0.5), None);
    }

    #[test]
    fn hostile_histograms_are_refused() {
        for text in [
            "[1,0,0,[0]]",
            "[2,0,0,[0,1]]",
            "[1,0,0,[0,0,3,1]]",
            "[2,0,0,[5,1,0,1]]",
            "[1,0,0,[999999999,1]]",
        ] {
            assert!(serde_json::from_str::<Distribution>(text).is_err(), "{text}");
        }
        let overflowing = format!("[1,0,0,[{0},1,{0},1]]", u64::MAX);
        assert!(serde_json::from_str::<Distribution>(&overflowing).is_err());
    }

    proptest! {
        #[test]
        fn quantiles_are_those_of_hdrhistogram(nanos in times(), q in 0.001..1.0f64) {
            let mut histogram = Histogram::<u64>::new(DIGITS).unwrap();
            for &n in &nanos {
                histogram.record(n / MICRO).unwrap();
            }
            let d = timing(&nanos).freeze();
            for q in [q, 0.5, 0.9, 0.95, 0.99, 1.0] {
                let theirs = (!nanos.is_empty()).then(|| micros_to_secs(histogram.value_at_quantile(q)));
                prop_assert_eq!(d.quantile_secs(q), theirs.zip(d.max_secs()).map(|(value, max)| value.min(max)));
            }
            prop_assert_eq!(d.to_hdr(), histogram);
        }

        #[test]
        fn merging_loses_nothing_and_its_order_does_not_matter(a in times(), b in times(), c in times()) {
            let together = timing(&[a.clone(), b.clone(), c.clone()].concat()).freeze();
            let (a, b, c) = (timing(&a).freeze(), timing(&b).freeze(), timing(&c).freeze());
            prop_assert_eq!(&a.clone().merged(&b).merged(&c), &together);
            prop_assert_eq!(&a.clone().merged(&b.clone().merged(&c)), &together);
            prop_assert_eq!(&c.merged(&a).merged(&b), &together);
            prop_assert_eq!(&a.clone().merged(&Distribution::default()), &a);
            prop_assert_eq!(&Distribution::default().merged(&a), &a);
        }

        #[test]
        fn draining_in_parts_is_recording_at_once(a in times(), b in times()) {
            let mut recording = timing(&a);
            let first = recording.drain();
            for &n in &b {
                recording.record(Span::from_nanos(n));
            }
            prop_assert_eq!(first.merged(&recording.drain()), timing(&[a, b].concat()).freeze());
            prop_assert_eq!(recording.drain(), Distribution::default());
        }

        #[test]
        fn what_is_written_is_read(nanos in times()) {
            let d = timing(&nanos).freeze();
            let text = serde_json::to_string(&d).unwrap();
            prop_assert_eq!(serde_json::from_str::<Distribution>(&text).unwrap(), d);
        }
    }
}
