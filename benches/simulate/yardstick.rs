//! The yardstick: M/M/20+M as one would write it by hand, with nothing in between.
//!
//! A binary heap, f64 times, one xoshiro256++, `-ln u` by the platform's logarithm, a patience armed only for who
//! queues, four sums. It knows one law, one desk and one seed, cannot be resumed or split, and gives another trace on
//! a machine whose `ln` differs in the last bit: what `simulate` does beyond it is what the ratio pays for.
//!
//! It is the loop of a good first hand, not a contest: keeping the next arrival out of the heap and comparing the
//! times as bit patterns were measured to make it a quarter faster.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

const ARRIVALS_PER_SEC: f64 = 100.0 / 3600.0;
const HANDLING_SECS: f64 = 720.0;
const PATIENCE_SECS: f64 = 300.0;
const AGENTS: u32 = 20;

/// What happened to everybody.
pub(crate) struct Totals {
    /// Visitors, all of whom were served or gave up.
    pub(crate) visitors: u64,
    /// Those who found no free agent.
    pub(crate) delayed: u64,
    /// Those who left the queue.
    pub(crate) abandoned: u64,
    /// The time in the queue of everybody, in seconds.
    pub(crate) waited_secs: f64,
}

#[derive(Clone, Copy, PartialEq)]
enum Event {
    Arrival,
    Departure,
    /// The patience of the visitor who queued as this one is over; stale when she was served before.
    Patience(u64),
}

struct Due {
    at: f64,
    event: Event,
}

impl Ord for Due {
    /// The earliest is the greatest, since the heap gives the greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        other.at.total_cmp(&self.at)
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Due {}

#[allow(clippy::disallowed_methods, reason = "by hand one takes the platform's logarithm")]
fn exponential(mean: f64, rng: &mut Xoshiro256PlusPlus) -> f64 {
    let u = ((rng.next_u64() >> 11) as f64 + 0.5) * (1.0 / (1u64 << 53) as f64);
    -u.ln() * mean
}

/// Plays `visitors` visitors, then lets everybody finish.
pub(crate) fn play(visitors: u64) -> Totals {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut totals = Totals { visitors: 0, delayed: 0, abandoned: 0, waited_secs: 0.0 };
    let mut heap = BinaryHeap::new();
    // When each who queued came, NaN once she has left; the first of them queued as number `first`.
    let mut queue: VecDeque<f64> = VecDeque::new();
    let (mut first, mut busy) = (0u64, 0);
    heap.push(Due { at: exponential(1.0 / ARRIVALS_PER_SEC, &mut rng), event: Event::Arrival });
    while let Some(Due { at, event }) = heap.pop() {
        match event {
            Event::Arrival => {
                totals.visitors += 1;
                if totals.visitors < visitors {
                    let next = at + exponential(1.0 / ARRIVALS_PER_SEC, &mut rng);
                    heap.push(Due { at: next, event: Event::Arrival });
                }
                if busy < AGENTS {
                    busy += 1;
                    heap.push(Due { at: at + exponential(HANDLING_SECS, &mut rng), event: Event::Departure });
                } else {
                    totals.delayed += 1;
                    let number = first + queue.len() as u64;
                    queue.push_back(at);
                    let leaves = at + exponential(PATIENCE_SECS, &mut rng);
                    heap.push(Due { at: leaves, event: Event::Patience(number) });
                }
            }
            Event::Departure => {
                busy -= 1;
                while let Some(came) = queue.pop_front() {
                    first += 1;
                    if !came.is_nan() {
                        totals.waited_secs += at - came;
                        busy += 1;
                        let ends = at + exponential(HANDLING_SECS, &mut rng);
                        heap.push(Due { at: ends, event: Event::Departure });
                        break;
                    }
                }
            }
            Event::Patience(number) => {
                if number >= first {
                    let came = std::mem::replace(&mut queue[(number - first) as usize], f64::NAN);
                    totals.waited_secs += at - came;
                    totals.abandoned += 1;
                }
            }
        }
    }
    totals
}
