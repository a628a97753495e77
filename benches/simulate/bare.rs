//! The bare queue: the simulator's own, with nothing around it.

use std::time::{Duration, Instant};

use causerie::base::time::{Moment, Span};
use causerie::sim::queue::EventQueue;

/// How long it takes, and what it comes to.
#[expect(clippy::disallowed_methods, reason = "how long it takes is what is measured")]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let result = work();
    (result, begun.elapsed())
}

/// So many events through the queue, of which so many are in it at any time: each that is taken out puts in another, after
/// one of these gaps. Gives when the last was due, so that the work cannot be optimised away.
pub(crate) fn play(events: u64, pending: u64, gaps: &[Span]) -> Moment {
    let mut queue = EventQueue::default();
    let mut gap = gaps.iter().cycle();
    let mut next = |now: Moment| now + *gap.next().unwrap_or(&Span::ZERO);
    for place in 0..pending.min(events) {
        queue.push(next(Moment::ZERO), place);
    }
    let mut last = Moment::ZERO;
    while let Some((now, place)) = queue.pop() {
        last = now;
        if queue.inserted() < events {
            queue.push(next(now), place);
        }
    }
    last
}
