//! How the share of visits that meet somebody rises along something that is varied by factors, and where it reaches what is
//! wanted.
//!
//! First a coarse grid of powers of two, as far as it takes; then the stretch in which a wanted share is reached is halved a few
//! times. Between points the share is read off a straight line over the logarithm: they are so close by then that the curve is
//! one, as far as the intervals let anybody see.

use super::play::Halt;
use super::share::Share;

/// How often the stretch in which a wanted share is reached is halved: its ends are then a factor of 2^(1/8), 9 %, apart.
const HALVINGS: u32 = 3;
/// The grid goes so many powers of two in each direction, where the share still moves.
const SHOWN: i32 = 3;
/// The share that moves no more: nearer than this to 0 or 1.
const SETTLED: f64 = 0.005;

/// A share at one value of what is varied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The value.
    pub at: f64,
    /// The share of visits that meet somebody.
    pub met: Share,
    /// The same by formula, where there is one.
    pub formula: Option<f64>,
}

/// Where a wanted share is reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Crossing {
    /// There.
    At {
        /// The value from which on it is reached.
        value: f64,
        /// The lower end of its 95 % interval: there the upper ends of the shares' intervals reach it. None where they do at
        /// the lowest value that was played.
        low: Option<f64>,
        /// The upper end. None where the lower ends do not at the highest.
        high: Option<f64>,
    },
    /// It is reached at the lowest value that was played, which is this.
    Before(f64),
    /// It is not reached at the highest, which is this.
    Beyond(f64),
}

/// How far to go, in powers of two of where it starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    pub(super) down: i32,
    pub(super) up: i32,
}

/// Plays the points that it takes to show the curve around `start` and to find where it reaches each of the shares that
/// are `wanted`. Where nobody comes any more it goes no further.
pub(super) fn trace(
    start: f64,
    wanted: &[f64],
    reach: Reach,
    mut play: impl FnMut(f64) -> Result<Share, Halt>,
) -> Result<Vec<Point>, Halt> {
    let mut point = |at: f64| Ok(Point { at, met: play(at)?, formula: None });
    let (least, most) = wanted
        .iter()
        .fold((1.0, 0.0), |(least, most), share| (f64::min(least, *share), f64::max(most, *share)));
    let power = |steps: i32| start * libm::exp2(f64::from(steps));
    let mut points = vec![point(start)?];
    for steps in 1..=reach.up {
        let last = points[points.len() - 1].met.value;
        if last >= most && (steps > SHOWN || last > 1.0 - SETTLED) {
            break;
        }
        points.push(point(power(steps))?);
    }
    for steps in 1..=reach.down {
        let first = points[0].met.value;
        if first < least && (steps > SHOWN || first < SETTLED) {
            break;
        }
        match point(power(-steps)) {
            Err(Halt::Nobody) => break,
            fewer => points.insert(0, fewer?),
        }
    }
    for share in wanted {
        for _ in 0..HALVINGS {
            let Some(above) = reached(&points, *share).filter(|above| *above > 0) else { break };
            let middle = (points[above - 1].at * points[above].at).sqrt();
            points.insert(above, point(middle)?);
        }
    }
    Ok(points)
}

/// The first point at which a share is reached.
fn reached(points: &[Point], share: f64) -> Option<usize> {
    points.iter().position(|point| point.met.value >= share)
}

/// Where these points, in rising order, reach a share.
pub(super) fn crossing(points: &[Point], share: f64) -> Crossing {
    let line = |of: fn(&Share) -> Option<f64>| -> Option<Vec<(f64, f64)>> {
        points.iter().map(|point| Some((point.at, of(&point.met)?))).collect()
    };
    let middle: Vec<(f64, f64)> = points.iter().map(|point| (point.at, point.met.value)).collect();
    let within = |line: Option<Vec<(f64, f64)>>| match cross(&line?, share) {
        Crossing::At { value, .. } => Some(value),
        _ => None,
    };
    match cross(&middle, share) {
        Crossing::At { value, .. } => {
            Crossing::At { value, low: within(line(|met| met.high)), high: within(line(|met| met.low)) }
        }
        outside => outside,
    }
}

fn cross(line: &[(f64, f64)], share: f64) -> Crossing {
    match line.iter().position(|(_, value)| *value >= share) {
        None => Crossing::Beyond(line.last().map_or(0.0, |last| last.0)),
        Some(0) => Crossing::Before(line[0].0),
        Some(above) => {
            let ((from, low), (to, high)) = (line[above - 1], line[above]);
            let part = (share - low) / (high - low);
            let log = libm::log(from) + part * (libm::log(to) - libm::log(from));
            Crossing::At { value: libm::exp(log), low: None, high: None }
        }
    }
}

impl Crossing {
    /// The same along `convert` of what was varied, which falls where that rises.
    pub(super) fn turned(self, convert: impl Fn(f64) -> f64) -> Self {
        match self {
            Self::At { value, low, high } => {
                Self::At { value: convert(value), low: high.map(&convert), high: low.map(&convert) }
            }
            Self::Before(first) => Self::Before(convert(first)),
            Self::Beyond(last) => Self::Beyond(convert(last)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 − e^−x, as sure as half a percent.
    fn rising(x: f64) -> Result<Share, Halt> {
        let value = -libm::expm1(-x);
        Ok(Share { value, low: Some(value - 0.005), high: Some(value + 0.005), n: 1_000 })
    }

    const FAR: Reach = Reach { down: 10, up: 6 };

    #[test]
    fn the_curve_is_shown_around_its_start_and_refined_where_something_is_wanted() {
        let points = trace(1.0, &[0.8, 0.5], FAR, rising).unwrap();
        assert!(points.windows(2).all(|pair| pair[0].at < pair[1].at), "{points:?}");
        assert_eq!((points[0].at, points[points.len() - 1].at), (0.125, 8.0));
        assert_eq!(points.len(), 7 + 6);
        for (share, exact) in [(0.8, libm::log(5.0)), (0.5, libm::log(2.0))] {
            let Crossing::At { value, low: Some(low), high: Some(high) } = crossing(&points, share) else {
                panic!("{points:?}");
            };
            assert!((value / exact - 1.0).abs() < 1e-3, "{value}, not {exact}");
            let width = 0.01 / (1.0 - share) / exact;
            assert!(((high - low) / exact / width - 1.0).abs() < 0.1, "{low} to {high}");
        }
    }

    #[test]
    fn it_goes_as_far_as_it_takes_and_no_further() {
        let far_above = trace(0.01, &[0.2], FAR, rising).unwrap();
        assert!(
            matches!(crossing(&far_above, 0.2), Crossing::At { value, .. } if (value / 0.223 - 1.0).abs() < 0.01)
        );
        assert_eq!(far_above.last().unwrap().at, 0.32);
        let far_below = trace(100.0, &[0.2], FAR, rising).unwrap();
        assert!(matches!(crossing(&far_below, 0.2), Crossing::At { .. }), "{far_below:?}");
        assert_eq!(far_below.last().unwrap().at, 100.0, "nothing moves up there");
        assert_eq!(crossing(&trace(1e-4, &[0.2], FAR, rising).unwrap(), 0.2), Crossing::Beyond(0.0064));
        assert_eq!(crossing(&trace(1e4, &[0.2], FAR, rising).unwrap(), 0.2), Crossing::Before(1e4 / 1024.0));
    }

    #[test]
    fn what_was_stopped_is_nothing() {
        let mut left = 3;
        let until = |x| {
            left -= 1;
            if left > 0 { rising(x) } else { Err(Halt::Stopped) }
        };
        assert_eq!(trace(1.0, &[0.8], FAR, until), Err(Halt::Stopped));
    }

    #[test]
    fn it_goes_no_further_down_than_anybody_comes() {
        let someone = |x: f64| if x > 0.3 { rising(x) } else { Err(Halt::Nobody) };
        assert_eq!(trace(1.0, &[0.8], FAR, someone).unwrap()[0].at, 0.5);
        assert_eq!(trace(0.2, &[0.8], FAR, someone), Err(Halt::Nobody));
    }

    #[test]
    fn an_interval_is_open_where_its_end_was_not_played() {
        let points = [(1.0, 0.497), (2.0, 0.503)].map(|(at, value)| Point {
            at,
            met: Share { value, low: Some(value - 0.02), high: Some(value + 0.02), n: 100 },
            formula: None,
        });
        let Crossing::At { value, low, high } = crossing(&points, 0.5) else { panic!() };
        assert!((value - libm::sqrt(2.0)).abs() < 1e-9);
        assert_eq!((low, high), (None, None));
        let turned = Crossing::At { value: 4.0, low: Some(2.0), high: None }.turned(|x| 24.0 / x);
        assert_eq!(turned, Crossing::At { value: 6.0, low: None, high: Some(12.0) });
    }
}
