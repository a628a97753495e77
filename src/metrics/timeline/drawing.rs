//! Where an engine draws a timeline, observation by observation.

use super::{
    Adds, Interval, Line, MOST, MachineInterval, SiteInterval, TargetInterval, Timeline, TrafficInterval,
};
use crate::base::time::{Moment, NANOS, RealSpan};

/// What lasts, among what is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// A visitor in the queue.
    Waiting,
    /// An agent with at least one conversation.
    Busy,
    /// A visitor in conversation.
    Open,
}

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// An agent took the visitor.
    Answered,
    /// The visitor left.
    Abandoned,
    /// The visitor was refused, took a callback, or was cut off.
    Otherwise,
}

/// Draws a timeline as observations come.
///
/// What lasts for many intervals costs no more than what lasts for two: its ends are added at once, and the intervals
/// that it covers whole are two steps of a function that is summed up when the timeline is asked for.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// All its lines stand among its desks until it is handed out, the venues' behind the desks'.
    timeline: Timeline,
    desks: usize,
    /// `steps[line][i][lasting]`: by how many more than in interval i − 1 the whole of interval i is covered.
    steps: Vec<Vec<[i64; 3]>>,
}

impl Drawing {
    /// For so many desks and venues and, to begin with, this long; it goes further where it must.
    #[must_use]
    pub fn new(desks: usize, venues: usize, length: Moment) -> Self {
        let lines = desks + venues;
        let mut timeline = Timeline { desks: vec![full_line(); lines], ..Timeline::default() };
        while place(length, timeline.width_log2) > MOST {
            timeline.width_log2 += 1;
        }
        Self { timeline, desks, steps: vec![vec![[0; 3]; MOST + 1]; lines] }
    }

    /// The number of a venue's line; a desk's is its own.
    #[must_use]
    pub const fn venue(&self, venue: usize) -> usize {
        self.desks + venue
    }

    /// A visit: its arrival, its wait, what ended that, and the conversation that followed (`ended` is `until` when none
    /// did). One call, since a simulation draws little else: the instants' places are looked up once each.
    #[inline]
    pub fn visit(&mut self, line: usize, start: Moment, until: Moment, by: Until, ended: Moment) {
        let last = self.reach(ended);
        let width_log2 = self.timeline.width_log2;
        let first = place(start, width_log2);
        let turn = if until == start { first } else { place(until, width_log2) };
        let intervals = &mut self.timeline.desks[line].0;
        intervals[first].arrivals += 1;
        match by {
            Until::Answered => intervals[turn].served += 1,
            Until::Abandoned => intervals[turn].abandoned += 1,
            Until::Otherwise => {}
        }
        self.cover(line, Lasting::Waiting, (start, first), (until, turn));
        self.cover(line, Lasting::Open, (until, turn), (ended, last));
    }

    /// Something lasted from `from` until just before `to`.
    #[inline]
    pub fn last(&mut self, desk: usize, what: Lasting, from: Moment, to: Moment) {
        let end = self.reach(to);
        self.cover(desk, what, (from, place(from, self.timeline.width_log2)), (to, end));
    }

    /// The same, of instants whose intervals are known.
    #[inline]
    fn cover(
        &mut self,
        desk: usize,
        what: Lasting,
        (from, start): (Moment, usize),
        (to, end): (Moment, usize),
    ) {
        if to <= from {
            return;
        }
        let width = NANOS << self.timeline.width_log2;
        let line = &mut self.timeline.desks[desk].0;
        if start == end {
            *lasting(&mut line[start], what) += u128::from(to.nanos() - from.nanos());
            return;
        }
        *lasting(&mut line[start], what) += u128::from((start as u64 + 1) * width - from.nanos());
        *lasting(&mut line[end], what) += u128::from(to.nanos() - end as u64 * width);
        if end > start + 1 {
            self.steps[desk][start + 1][what as usize] += 1;
            self.steps[desk][end][what as usize] -= 1;
        }
    }

    /// A message, meant to be sent then, was received.
    pub fn delivered(&mut self, intended: Moment) {
        self.traffic_at(intended).delivered += 1;
    }

    /// A page of the site, asked for then, came after so long, or did not come.
    pub fn fetched(&mut self, asked: Moment, took: RealSpan, good: bool) {
        let i = self.reach(asked);
        let interval = self.timeline.site.at(i);
        *interval = interval.plus(SiteInterval::of(took, good));
    }

    /// The generator was this late for what it meant to do then.
    pub fn lagged(&mut self, intended: Moment, lag: RealSpan) {
        let interval = self.traffic_at(intended);
        interval.lag_max_nanos = interval.lag_max_nanos.max(lag.nanos());
    }

    /// What was drawn since the last call; starts anew, at the same width.
    pub fn drain(&mut self) -> Timeline {
        self.settle();
        let lines = self.timeline.desks.len();
        let fresh = Timeline {
            width_log2: self.timeline.width_log2,
            desks: vec![full_line(); lines],
            ..Timeline::default()
        };
        let mut drawn = std::mem::replace(&mut self.timeline, fresh);
        for Line(line) in &mut drawn.desks {
            let used = line.iter().rposition(|interval| *interval != Interval::default());
            line.truncate(used.map_or(0, |last| last + 1));
        }
        drawn.venues = drawn.desks.split_off(self.desks);
        drawn
    }

    /// From then to then the generator took that of its machine: spread evenly over the time, to the nanosecond.
    pub fn took(&mut self, from: Moment, to: Moment, usage: &MachineInterval) {
        let totals = [usage.cpu_nanos, usage.cpu_available_nanos];
        self.spread(from, to, totals, |timeline, i, [cpu_nanos, cpu_available_nanos]| {
            let interval = timeline.machine.at(i);
            *interval = interval.plus(MachineInterval { cpu_nanos, cpu_available_nanos, ..*usage });
        });
    }

    /// From then to then the target says that it took that: spread likewise. The queue is that of the end.
    pub fn target(&mut self, from: Moment, to: Moment, told: &TargetInterval) {
        let last = self.reach(to.max(from));
        self.spread(
            from,
            to,
            [told.cpu_nanos, told.measured_nanos],
            |timeline, i, [cpu_nanos, measured_nanos]| {
                let queue = if i == last { *told } else { TargetInterval::default() };
                let memory_max_kib = told.memory_max_kib;
                let interval = timeline.target.at(i);
                *interval =
                    interval.plus(TargetInterval { cpu_nanos, measured_nanos, memory_max_kib, ..queue });
            },
        );
    }

    /// Gives every interval from then to then its part of the totals.
    fn spread(
        &mut self,
        from: Moment,
        to: Moment,
        totals: [u128; 2],
        mut give: impl FnMut(&mut Timeline, usize, [u128; 2]),
    ) {
        let to = to.max(from);
        let (last, first) = (self.reach(to), place(from, self.timeline.width_log2));
        let width = NANOS << self.timeline.width_log2;
        let span = u128::from(to.since(from).nanos());
        // Of a total, what has come by the end of interval i. (What takes no time comes in the last.)
        let by = |total: u128, i: usize| match (i + 1) as u64 * width {
            end if i < last && span > 0 => total * u128::from(end - from.nanos()) / span,
            _ => total,
        };
        let mut before = [0; 2];
        for i in first..=last {
            let now = totals.map(|total| by(total, i));
            give(&mut self.timeline, i, [now[0] - before[0], now[1] - before[1]]);
            before = now;
        }
    }

    fn traffic_at(&mut self, at: Moment) -> &mut TrafficInterval {
        let i = self.reach(at);
        self.timeline.traffic.at(i)
    }

    /// The interval of `at`, after widening until there is one.
    #[inline]
    fn reach(&mut self, at: Moment) -> usize {
        let i = place(at, self.timeline.width_log2);
        if i < MOST { i } else { self.widen(at) }
    }

    #[cold]
    fn widen(&mut self, at: Moment) -> usize {
        self.settle();
        while place(at, self.timeline.width_log2) >= MOST {
            self.timeline.widen_to(self.timeline.width_log2 + 1);
        }
        self.timeline.desks.iter_mut().for_each(|line| line.0.resize(MOST, Interval::default()));
        place(at, self.timeline.width_log2)
    }

    /// Writes the covered intervals out.
    fn settle(&mut self) {
        let width = u128::from(NANOS) << self.timeline.width_log2;
        for (Line(line), steps) in self.timeline.desks.iter_mut().zip(&mut self.steps) {
            let mut covering = [0i64; 3];
            for (interval, step) in line.iter_mut().zip(steps.iter_mut()) {
                for what in [Lasting::Waiting, Lasting::Busy, Lasting::Open] {
                    let whole = &mut covering[what as usize];
                    *whole += std::mem::take(&mut step[what as usize]);
                    *lasting(interval, what) += width * u128::from(whole.unsigned_abs());
                }
            }
        }
    }
}

fn full_line() -> Line<Interval> {
    Line(vec![Interval::default(); MOST])
}

/// The number of the interval of `at`. (A division by a constant and a shift: no division at run time.)
#[inline]
fn place(at: Moment, width_log2: u8) -> usize {
    ((at.nanos() / NANOS) >> width_log2) as usize
}

#[inline]
fn lasting(interval: &mut Interval, what: Lasting) -> &mut u128 {
    match what {
        Lasting::Waiting => &mut interval.queue_nanos,
        Lasting::Busy => &mut interval.busy_nanos,
        Lasting::Open => &mut interval.open_nanos,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(secs: f64) -> Moment {
        Moment::from_nanos((secs * NANOS as f64) as u64)
    }

    fn drawn(spans: &[(u64, u64)]) -> Timeline {
        let mut drawing = Drawing::new(1, 0, Moment::ZERO);
        draw(&mut drawing, spans);
        drawing.drain()
    }

    fn draw(drawing: &mut Drawing, spans: &[(u64, u64)]) {
        for &(from, long) in spans {
            let (from, to) = (Moment::from_nanos(from), Moment::from_nanos(from + long));
            drawing.last(0, Lasting::Open, from, to);
            drawing.visit(0, from, from, Until::Otherwise, from);
            let taken = MachineInterval { cpu_nanos: long.into(), cpu_available_nanos: 1, memory_max_kib: 3 };
            drawing.took(from, to, &taken);
            let told = TargetInterval {
                cpu_nanos: long.into(),
                queue_sum: 2,
                queue_readings: 1,
                ..TargetInterval::default()
            };
            drawing.target(from, to, &told);
            drawing.lagged(from, RealSpan::from_nanos(long));
            drawing.fetched(from, RealSpan::from_nanos(long), long % 2 == 0);
        }
    }

    fn spans() -> impl Strategy<Value = Vec<(u64, u64)>> {
        let scaled = |most: u32| (20..most, any::<u64>()).prop_map(|(bits, n)| n >> (64 - bits));
        prop::collection::vec((scaled(48), scaled(44)), 0..40)
    }

    #[test]
    fn a_span_is_spread_over_the_intervals_it_lies_in() {
        let mut drawing = Drawing::new(1, 0, at(10.0));
        drawing.visit(0, at(1.25), at(4.5), Until::Abandoned, at(4.5));
        drawing.visit(0, at(2.0), at(2.5), Until::Answered, at(3.25));
        let line = drawing.drain().desks[0].0.clone();
        let secs = |of: fn(&Interval) -> u128| -> Vec<f64> {
            line.iter().map(|i| of(i) as f64 / NANOS as f64).collect()
        };
        assert_eq!(secs(|i| i.queue_nanos), [0.0, 0.75, 1.5, 1.0, 0.5]);
        assert_eq!(secs(|i| i.open_nanos), [0.0, 0.0, 0.5, 0.25, 0.0]);
        let counts: Vec<_> = line.iter().map(|i| (i.arrivals, i.served, i.abandoned)).collect();
        assert_eq!(counts, [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 0, 0), (0, 0, 1)]);
    }

    #[test]
    fn intervals_double_until_everything_fits() {
        assert_eq!(Drawing::new(1, 0, at(600.0)).drain().width_secs(), 1);
        assert_eq!(Drawing::new(1, 0, at(601.0)).drain().width_secs(), 2);
        let mut drawing = Drawing::new(1, 0, at(600.0));
        drawing.visit(0, at(590.0), at(599.0), Until::Answered, at(599.0));
        drawing.visit(0, at(1200.0), at(1200.0), Until::Answered, at(1200.0));
        let timeline = drawing.drain();
        assert_eq!(timeline.width_secs(), 4);
        assert_eq!((timeline.desks[0].0[149].served, timeline.desks[0].0[300].served), (1, 1));
        let mut endless = Drawing::new(1, 0, at(1.0));
        endless.last(0, Lasting::Busy, Moment::ZERO, Moment::NEVER);
        let timeline = endless.drain();
        assert!(timeline.is_bounded());
        assert_eq!(timeline.desks[0].0.iter().map(|i| i.busy_nanos).sum::<u128>(), u128::from(u64::MAX));
    }

    #[test]
    fn what_the_machine_gives_is_spread_over_the_time_that_it_took() {
        let mut drawing = Drawing::new(1, 0, at(10.0));
        let usage = MachineInterval { cpu_nanos: 1_001, cpu_available_nanos: 4_000, memory_max_kib: 7 };
        drawing.took(at(0.5), at(2.5), &usage);
        drawing.took(at(2.5), at(2.5), &MachineInterval { memory_max_kib: 9, ..usage });
        let line = drawing.drain().machine.0;
        let shares: Vec<_> = line.iter().map(|i| (i.cpu_nanos, i.cpu_available_nanos)).collect();
        assert_eq!(shares, [(250, 1_000), (500, 2_000), (251 + 1_001, 1_000 + 4_000)]);
        assert_eq!(line.iter().map(|i| i.memory_max_kib).collect::<Vec<_>>(), [7, 7, 9]);
        assert_eq!(line[0].cpu_share(), Some(0.25));
    }

    proptest! {
        #[test]
        fn no_nanosecond_is_lost(spans in spans()) {
            let timeline = drawn(&spans);
            let open: u128 = timeline.desks[0].0.iter().map(|i| i.open_nanos).sum();
            prop_assert_eq!(open, spans.iter().map(|s| u128::from(s.1)).sum::<u128>());
            prop_assert_eq!(timeline.desks[0].0.iter().map(|i| i.arrivals).sum::<u64>(), spans.len() as u64);
            let used: u128 = timeline.machine.0.iter().map(|i| i.cpu_nanos).sum();
            prop_assert_eq!(used, open);
            let told = timeline.target.0.iter().fold(TargetInterval::default(), |sum, i| sum.with(*i));
            prop_assert_eq!((told.cpu_nanos, told.queue_readings), (open, spans.len() as u64));
            prop_assert_eq!(timeline.site.0.iter().map(|i| i.requests).sum::<u64>(), spans.len() as u64);
            prop_assert!(timeline.is_bounded());
        }

        #[test]
        fn merging_is_drawing_together_in_any_order(a in spans(), b in spans(), c in spans()) {
            let merged = |parts: &[&Timeline]| parts.iter().fold(Timeline::default(), |mut sum, part| {
                sum.merge(part);
                sum
            });
            let together = drawn(&[a.clone(), b.clone(), c.clone()].concat());
            let (a, b, c) = (drawn(&a), drawn(&b), drawn(&c));
            let mut right = b.clone();
            right.merge(&c);
            prop_assert_eq!(&merged(&[&a, &b, &c]), &together);
            prop_assert_eq!(&merged(&[&a, &right]), &together);
            prop_assert_eq!(&merged(&[&c, &b, &a]), &together);
        }

        #[test]
        fn drawing_in_parts_is_drawing_at_once(a in spans(), b in spans()) {
            let mut drawing = Drawing::new(1, 0, Moment::ZERO);
            draw(&mut drawing, &a);
            let mut parts = drawing.drain();
            draw(&mut drawing, &b);
            parts.merge(&drawing.drain());
            prop_assert_eq!(parts, drawn(&[a, b].concat()));
        }

        #[test]
        fn coarser_intervals_lose_nothing(spans in spans(), most in 1usize..50) {
            let (fine, coarse) = (drawn(&spans), drawn(&spans).at_most(most));
            prop_assert!(coarse.desks().all(|line| line.len() <= most));
            let arrivals = |t: &Timeline| t.desks().flatten().map(|i| i.arrivals).sum::<u64>();
            prop_assert_eq!(arrivals(&coarse), arrivals(&fine));
        }

        #[test]
        fn what_is_written_is_read(spans in spans()) {
            let timeline = drawn(&spans);
            let text = serde_json::to_string(&timeline).unwrap();
            prop_assert_eq!(serde_json::from_str::<Timeline>(&text).unwrap(), timeline);
        }
    }
}
