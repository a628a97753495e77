//! What happened when: at most [`MOST`] intervals, whose width starts at a second and doubles as the time gets longer.
//!
//! Intervals hold integers, and a pair of them becomes one of twice the width by addition, so timelines merge
//! without loss whatever their widths. [`Drawing`] is where an engine records, [`Timeline`] what is merged and kept.
//! A timeline covers everything from 0 on, the warm-up and the time after the last arrival included.

mod drawing;
mod machine;
mod site;
mod target;

use serde::{Deserialize, Serialize};

pub use drawing::{Drawing, Lasting, Until};
pub use machine::MachineInterval;
pub use site::SiteInterval;
pub use target::TargetInterval;

/// Intervals at the most.
pub const MOST: usize = 600;

/// The widest interval is 2^this seconds, which holds every [`Moment`] in one interval.
const WIDEST_LOG2: u8 = 35;

/// The most of anything in an interval that is read.
const MOST_COUNTED: u64 = 1 << 40;
/// The same for nanoseconds: as much for everybody who is counted.
const MOST_NANOS: u128 = (MOST_COUNTED as u128) << 64;

/// What happened at one desk in one interval; or in one venue, whose guests wait for company and are served by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Row", into = "Row")]
pub struct Interval {
    /// Visits whose intended start lies in it.
    pub arrivals: u64,
    /// Visitors who left the queue in it; guests who left it without ever having met anybody.
    pub abandoned: u64,
    /// Visitors whom an agent took in it; guests who first had company in it.
    pub served: u64,
    /// Time spent in the queue, summed over visitors; until the first company, summed over guests.
    pub queue_nanos: u128,
    /// Time with at least one conversation, summed over agents; in a venue nothing.
    pub busy_nanos: u128,
    /// Time in conversation, summed over visitors; after the first company, summed over guests.
    pub open_nanos: u128,
}

/// An interval as written, in the order of its fields.
type Row = (u64, u64, u64, u128, u128, u128);

impl From<Row> for Interval {
    fn from((arrivals, abandoned, served, queue_nanos, busy_nanos, open_nanos): Row) -> Self {
        Self { arrivals, abandoned, served, queue_nanos, busy_nanos, open_nanos }
    }
}

impl From<Interval> for Row {
    fn from(i: Interval) -> Self {
        (i.arrivals, i.abandoned, i.served, i.queue_nanos, i.busy_nanos, i.open_nanos)
    }
}

/// What the network and the generator did in one interval of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u64)", into = "(u64, u64)")]
pub struct TrafficInterval {
    /// Messages received whose intended send lies in it.
    pub delivered: u64,
    /// The generator's greatest lag, in real nanoseconds.
    pub lag_max_nanos: u64,
}

impl From<(u64, u64)> for TrafficInterval {
    fn from((delivered, lag_max_nanos): (u64, u64)) -> Self {
        Self { delivered, lag_max_nanos }
    }
}

impl From<TrafficInterval> for (u64, u64) {
    fn from(i: TrafficInterval) -> Self {
        (i.delivered, i.lag_max_nanos)
    }
}

/// What can be added up interval by interval.
trait Adds: Copy + Default + PartialEq {
    fn plus(self, other: Self) -> Self;
}

impl Adds for Interval {
    fn plus(self, other: Self) -> Self {
        Self {
            arrivals: self.arrivals + other.arrivals,
            abandoned: self.abandoned + other.abandoned,
            served: self.served + other.served,
            queue_nanos: self.queue_nanos + other.queue_nanos,
            busy_nanos: self.busy_nanos + other.busy_nanos,
            open_nanos: self.open_nanos + other.open_nanos,
        }
    }
}

impl Adds for TrafficInterval {
    fn plus(self, other: Self) -> Self {
        Self {
            delivered: self.delivered + other.delivered,
            lag_max_nanos: self.lag_max_nanos.max(other.lag_max_nanos),
        }
    }
}

impl<T> Line<T> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Adds> Line<T> {
    /// The interval number `i`, after filling up with nothing as far as that.
    fn at(&mut self, i: usize) -> &mut T {
        if self.0.len() <= i {
            self.0.resize(i + 1, T::default());
        }
        &mut self.0[i]
    }

    /// Adds `more`, filling up with nothing.
    fn add(&mut self, more: &Self) {
        if self.0.len() < more.0.len() {
            self.0.resize(more.0.len(), T::default());
        }
        self.0.iter_mut().zip(&more.0).for_each(|(a, b)| *a = a.plus(*b));
    }

    /// Makes one interval of every two.
    fn halve(&mut self) {
        let whole = |pair: &[T]| pair.iter().fold(T::default(), |sum, one| sum.plus(*one));
        self.0 = self.0.chunks(2).map(whole).collect();
    }
}

/// A timeline, as recorded. Sums over everything that was merged into it: divide by the number of replications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    width_log2: u8,
    desks: Vec<Line<Interval>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    venues: Vec<Line<Interval>>,
    traffic: Line<TrafficInterval>,
    #[serde(default, skip_serializing_if = "Line::is_empty")]
    machine: Line<MachineInterval>,
    #[serde(default, skip_serializing_if = "Line::is_empty")]
    target: Line<TargetInterval>,
    #[serde(default, skip_serializing_if = "Line::is_empty")]
    site: Line<SiteInterval>,
}

/// Intervals from 0 on. Written without the empty ones that it begins with, but for their number: a part of a run is
/// short, however late it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(usize, Vec<T>)", into = "(usize, Vec<T>)")]
#[serde(bound(serialize = "T: Adds + Serialize", deserialize = "T: Adds + Deserialize<'de>"))]
struct Line<T>(Vec<T>);

impl<T: Adds> TryFrom<(usize, Vec<T>)> for Line<T> {
    type Error = &'static str;

    fn try_from((empty, used): (usize, Vec<T>)) -> Result<Self, Self::Error> {
        if empty > MOST || used.len() > MOST - empty {
            return Err("a timeline of too many intervals");
        }
        let mut line = vec![T::default(); empty];
        line.extend(used);
        Ok(Self(line))
    }
}

impl<T: Adds> From<Line<T>> for (usize, Vec<T>) {
    fn from(Line(mut line): Line<T>) -> Self {
        let empty = line.iter().position(|interval| *interval != T::default()).unwrap_or(line.len());
        (empty, line.split_off(empty))
    }
}

impl Timeline {
    /// Seconds in an interval: a power of two.
    #[must_use]
    pub fn width_secs(&self) -> u64 {
        1 << self.width_log2
    }

    /// The intervals of every desk, in the plan's order, from 0 on.
    pub fn desks(&self) -> impl ExactSizeIterator<Item = &[Interval]> {
        self.desks.iter().map(|line| line.0.as_slice())
    }

    /// The intervals of every room and portal, in the plan's order, from 0 on.
    pub fn venues(&self) -> impl ExactSizeIterator<Item = &[Interval]> {
        self.venues.iter().map(|line| line.0.as_slice())
    }

    /// The intervals of the traffic; empty but for a run.
    #[must_use]
    pub fn traffic(&self) -> &[TrafficInterval] {
        &self.traffic.0
    }

    /// The intervals of the generator's machine; empty but for a run.
    #[must_use]
    pub fn machine(&self) -> &[MachineInterval] {
        &self.machine.0
    }

    /// The intervals of what the target said of itself; empty where it was not asked.
    #[must_use]
    pub fn target(&self) -> &[TargetInterval] {
        &self.target.0
    }

    /// The intervals of the site's pages, all together; empty where nobody asked for any.
    #[must_use]
    pub fn site(&self) -> &[SiteInterval] {
        &self.site.0
    }

    /// Adds `other`, at the wider of the two widths. Associative and commutative; the default is the identity.
    pub fn merge(&mut self, other: &Self) {
        self.widen_to(other.width_log2);
        let mut other = other.clone();
        other.widen_to(self.width_log2);
        add_lines(&mut self.desks, &other.desks);
        add_lines(&mut self.venues, &other.venues);
        self.traffic.add(&other.traffic);
        self.machine.add(&other.machine);
        self.target.add(&other.target);
        self.site.add(&other.site);
    }

    /// The same in at most `most` intervals, as wide as that takes.
    #[must_use]
    pub fn at_most(mut self, most: usize) -> Self {
        while self.longest() > most.max(1) {
            self.widen_to(self.width_log2 + 1);
        }
        self
    }

    /// Where its last interval ends.
    #[must_use]
    pub fn reached_secs(&self) -> u64 {
        self.longest() as u64 * self.width_secs()
    }

    /// How many intervals its longest line has.
    fn longest(&self) -> usize {
        let of_people = self.desks().chain(self.venues()).map(<[Interval]>::len);
        let of_run = [self.traffic.0.len(), self.machine.0.len(), self.target.0.len(), self.site.0.len()];
        of_people.chain(of_run).max().unwrap_or(0)
    }

    /// Whether its intervals are no wider, and its numbers no greater, than any recorded timeline's: it can be merged
    /// with a million others.
    #[must_use]
    pub fn is_bounded(&self) -> bool {
        let counts = |i: &Interval| i.arrivals.max(i.abandoned).max(i.served) <= MOST_COUNTED;
        let nanos = |i: &Interval| i.queue_nanos.max(i.busy_nanos).max(i.open_nanos) <= MOST_NANOS;
        self.width_log2 <= WIDEST_LOG2
            && self.desks.iter().chain(&self.venues).all(|line| line.0.iter().all(|i| counts(i) && nanos(i)))
            && self.traffic.0.iter().all(|i| i.delivered <= MOST_COUNTED)
            && self.machine.0.iter().all(MachineInterval::is_bounded)
            && self.target.0.iter().all(TargetInterval::is_bounded)
            && self.site.0.iter().all(SiteInterval::is_bounded)
    }

    fn widen_to(&mut self, width_log2: u8) {
        while self.width_log2 < width_log2 {
            self.width_log2 += 1;
            self.desks.iter_mut().chain(&mut self.venues).for_each(Line::halve);
            self.traffic.halve();
            self.machine.halve();
            self.target.halve();
            self.site.halve();
        }
    }
}

/// Adds line to line, filling up with nothing.
fn add_lines<T: Adds>(lines: &mut Vec<Line<T>>, more: &[Line<T>]) {
    if lines.len() < more.len() {
        lines.resize_with(more.len(), Line::default);
    }
    lines.iter_mut().zip(more).for_each(|(a, b)| a.add(b));
}
