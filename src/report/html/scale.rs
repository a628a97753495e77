//! Axes: where a value lies between the ends of a chart, and at which values it says so.

use crate::report::clock::clock;
use crate::report::number;

/// Steps at which a person counts time, in seconds: below a minute 1-2-5, then as clocks do.
const TIME_STEPS: [f64; 31] = [
    1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
    0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_200.0, 1_800.0, 3_600.0,
];
/// Steps of a calendar, in seconds.
const CALENDAR_STEPS: [u64; 14] =
    [10, 30, 60, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 604_800];

/// How values are laid out along an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scale {
    /// Evenly.
    Linear { from: f64, to: f64 },
    /// By their logarithm; both ends above 0.
    Log { from: f64, to: f64 },
    /// Fractions from 0 by the logarithm of 1/(1 − q), as HdrHistogram plots percentiles.
    Percentile { to: f64 },
}

/// An axis: its layout, and the values at which it is labelled.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub(super) scale: Scale,
    pub(super) ticks: Vec<(f64, String)>,
}

impl Scale {
    /// Where `value` lies: 0 at the beginning, 1 at the end.
    pub(super) fn place(self, value: f64) -> f64 {
        let (from, to, value) = match self {
            Self::Linear { from, to } => (from, to, value),
            Self::Log { from, to } => (libm::log10(from), libm::log10(to), libm::log10(value.max(from))),
            Self::Percentile { to } => (0.0, nines(to), nines(value)),
        };
        if to > from { ((value - from) / (to - from)).clamp(0.0, 1.0) } else { 0.0 }
    }
}

/// How many nines: 0.9 → 1, 0.99 → 2.
fn nines(q: f64) -> f64 {
    -libm::log10((1.0 - q).max(1e-12))
}

impl Axis {
    /// Numbers from 0 to at least `to`.
    pub(super) fn numbers(to: f64, about: usize) -> Self {
        Self::even(to, round_step(to / about as f64), number::number)
    }

    /// Shares from 0 to at least `to`.
    pub(super) fn shares(to: f64, about: usize) -> Self {
        let step = round_step(to / about as f64).max(0.001);
        let label = move |share: f64| {
            let percent = share * 100.0;
            if step < 0.01 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
        };
        Self::even(to, step, label)
    }

    /// Times from 0 to at least `to`, in seconds.
    pub(super) fn times(to: f64, about: usize) -> Self {
        let wanted = to / about as f64;
        let listed = TIME_STEPS.iter().find(|step| **step >= wanted);
        let step = listed.copied().unwrap_or_else(|| round_step(wanted / 3_600.0) * 3_600.0);
        Self::even(to, step, number::bound)
    }

    /// Times from the power of ten below `from` to the one above `to`, in seconds.
    pub(super) fn decades(from: f64, to: f64) -> Self {
        let first = libm::log10(from.max(1e-6)).floor() as i32;
        let last = (libm::log10(to.max(1e-6)).ceil() as i32).max(first + 1);
        let power = |exponent: i32| libm::pow(10.0, f64::from(exponent));
        let every = ((last - first) as usize).div_ceil(6).max(1);
        let ticks = (first..=last).step_by(every).map(|e| (power(e), number::bound(power(e)))).collect();
        Self { scale: Scale::Log { from: power(first), to: power(last) }, ticks }
    }

    /// Percentiles as far as `n` observations tell: the last has one beyond it, and no more than five nines.
    pub(super) fn percentiles(n: u64) -> Self {
        let to = (1.0 - 1.0 / n.max(2) as f64).clamp(0.9, 0.999_99);
        let ticks = [
            (0.0, "0"),
            (0.5, "50 %"),
            (0.9, "90 %"),
            (0.99, "99 %"),
            (0.999, "99.9 %"),
            (0.999_9, "99.99 %"),
            (0.999_99, "99.999 %"),
        ];
        // Beside more than three nines there is no room for the half.
        let shown = |q: f64| q <= to && (q != 0.5 || to < 0.999_5);
        let ticks = ticks.into_iter().filter(|(q, _)| shown(*q)).map(|(q, text)| (q, text.to_owned()));
        Self { scale: Scale::Percentile { to }, ticks: ticks.collect() }
    }

    /// Scenario time from 0 to `to` seconds; as a clock shows it where the scenario says when it starts.
    pub(super) fn calendar(to: f64, start: Option<&jiff::Zoned>, about: usize) -> Self {
        let wanted = (to / about as f64) as u64;
        let weeks = || wanted.div_ceil(604_800) * 604_800;
        let step = CALENDAR_STEPS.iter().find(|step| **step >= wanted).copied().unwrap_or_else(weeks);
        let since_midnight = start.map_or(0, |start| {
            let time = start.time();
            time.hour() as u64 * 3600 + time.minute() as u64 * 60 + time.second() as u64
        });
        let first = (step - since_midnight % step) % step;
        let ticks = (first..=to as u64).step_by(step as usize).map(|at| (at as f64, clock(at, start, step)));
        Self { scale: Scale::Linear { from: 0.0, to }, ticks: ticks.collect() }
    }

    /// Values from at most `from`, 0 or below, to at least `to`.
    pub(super) fn spanning(from: f64, to: f64, about: usize, label: impl Fn(f64) -> String) -> Self {
        let step = round_step((to - from) / about as f64);
        let first = (from / step + 1e-9).floor() as i64;
        let last = ((to / step - 1e-9).ceil() as i64).max(first + 1);
        let ticks = (first..=last).map(|i| (i as f64 * step, label(i as f64 * step))).collect();
        Self { scale: Scale::Linear { from: first as f64 * step, to: last as f64 * step }, ticks }
    }

    /// Round values between two that are above 0, for an axis of logarithms: 1, 2 and 5 times powers of ten, or as few of
    /// those as `most` leaves room for.
    pub(super) fn round_between(
        from: f64,
        to: f64,
        most: usize,
        label: impl Fn(f64) -> String,
    ) -> Vec<(f64, String)> {
        let (first, last) = (libm::log10(from).floor() as i32, libm::log10(to).ceil() as i32);
        let of = |digits: &[f64], every: usize| -> Vec<f64> {
            let powers = (first..=last).step_by(every).map(|e| libm::pow(10.0, f64::from(e)));
            let all = powers.flat_map(|power| digits.iter().map(move |digit| digit * power));
            all.filter(|value| (from..=to).contains(value)).collect()
        };
        let wanted = [of(&[1.0, 2.0, 5.0], 1), of(&[1.0, 3.0], 1), of(&[1.0], 1), of(&[1.0], 2)];
        let values = wanted.into_iter().find(|values| values.len() <= most).unwrap_or_default();
        values.into_iter().map(|value| (value, label(value))).collect()
    }

    fn even(to: f64, step: f64, label: impl Fn(f64) -> String) -> Self {
        let steps = (to / step - 1e-9).ceil().max(1.0);
        let ticks = (0..=steps as usize).map(|i| (i as f64 * step, label(i as f64 * step))).collect();
        Self { scale: Scale::Linear { from: 0.0, to: steps * step }, ticks }
    }
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `wanted`.
fn round_step(wanted: f64) -> f64 {
    if wanted <= 0.0 || !wanted.is_finite() {
        return 1.0;
    }
    let power = libm::pow(10.0, libm::log10(wanted).floor());
    let step = [1.0, 2.0, 5.0].into_iter().find(|step| step * power >= wanted * (1.0 - 1e-9));
    step.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|tick| tick.1.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_and_reach_the_end() {
        assert_eq!(labels(&Axis::numbers(37.0, 4)), ["0", "10", "20", "30", "40"]);
        assert_eq!(labels(&Axis::shares(0.17, 4)), ["0 %", "5 %", "10 %", "15 %", "20 %"]);
        assert_eq!(labels(&Axis::times(75.0, 4)), ["0 s", "20 s", "40 s", "1 min", "1m 20s"]);
        assert_eq!(labels(&Axis::decades(0.0004, 0.031)), ["0.1 ms", "1 ms", "10 ms", "100 ms"]);
        assert_eq!(labels(&Axis::numbers(0.0, 4)), ["0", "1"]);
        assert_eq!(labels(&Axis::spanning(-1.2, 3.1, 4, number::number)), ["-2", "0", "2", "4"]);
        assert_eq!(labels(&Axis::spanning(0.0, 0.0, 4, number::number)), ["0", "1"]);
    }

    #[test]
    fn logarithms_are_labelled_at_round_values_within() {
        let labels = |from, to| -> Vec<String> {
            Axis::round_between(from, to, 7, number::number).into_iter().map(|tick| tick.1).collect()
        };
        assert_eq!(labels(0.7, 50.0), ["1", "2", "5", "10", "20", "50"]);
        assert_eq!(labels(0.7, 400.0), ["1", "3", "10", "30", "100", "300"]);
        assert_eq!(labels(0.02, 5e4), ["0.10", "1", "10", "100", "1,000", "10,000"]);
    }

    #[test]
    fn percentiles_end_where_the_observations_do() {
        let axis = Axis::percentiles(1_000);
        assert_eq!(labels(&axis), ["0", "50 %", "90 %", "99 %", "99.9 %"]);
        assert!((axis.scale.place(0.9) - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!((axis.scale.place(0.0), axis.scale.place(1.0)), (0.0, 1.0));
    }

    #[test]
    fn the_calendar_is_labelled_at_round_times_of_day() {
        let start: jiff::Zoned = "2026-03-07T09:50:00+01:00[Europe/Berlin]".parse().unwrap();
        let axis = Axis::calendar(3_600.0, Some(&start), 6);
        assert_eq!(labels(&axis), ["09:50", "10:00", "10:10", "10:20", "10:30", "10:40", "10:50"]);
        assert_eq!(labels(&Axis::calendar(5_400.0, None, 4)), ["0:00", "0:30", "1:00", "1:30"]);
    }

    #[test]
    fn values_outside_stay_at_the_ends() {
        let log = Scale::Log { from: 0.001, to: 1.0 };
        assert_eq!((log.place(0.0), log.place(5.0)), (0.0, 1.0));
        assert_eq!(Scale::Linear { from: 0.0, to: 0.0 }.place(3.0), 0.0);
    }
}
