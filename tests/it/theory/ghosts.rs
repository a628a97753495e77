//! What ghosts cost: one agent, all of whose visitors leave without a word when their patience is over.
//!
//! Nobody leaves the queue: whoever has lost patience is still served, for longer, since the agent replies and then waits
//! for an answer. So the work that a visitor brings depends on the work found: M/G/1 whose service time depends on the
//! wait (P. Brill, M. Posner, "Level crossings in point processes applied to queues: single-server case", Operations
//! Research 25(4), 1977). With B(u) the service time of one who waits u, the density f of the work found obeys
//! f(v) = λ·[p₀·P(B(0) > v) + ∫₀ᵛ f(u)·P(B(u) > v − u) du], a Volterra equation that is stepped off from 0.

use causerie::base::count::CountLaw;
use causerie::base::dist::Law;
use causerie::base::time::Span;
use causerie::scenario::plan::{LeavingPlan, MannersPlan, Plan};

use super::estimate::{delayed, engaged, ghost_share, ghost_time, silent};
use super::trial::{Effort, Trial, hold};
use crate::plans::{chatters, per_hour, plan, talk, talking_desk};

const REPLICATIONS: u32 = 100;
const ACCEPT_SECS: f64 = 5.0;
const REPLY_SECS: f64 = 60.0;
const TIMEOUT_SECS: f64 = 120.0;
const STEP_SECS: f64 = 1.0;
/// Nobody finds more work than this many steps.
const STEPS: usize = 8_000;

/// How long visitors wait before they leave.
#[derive(Clone, Copy, Debug)]
enum Patience {
    Exponential(f64),
    Constant(f64),
}

impl Patience {
    /// The probability of being a ghost after so long.
    fn lost(self, secs: f64) -> f64 {
        match self {
            Self::Exponential(mean) => 1.0 - libm::exp(-secs / mean),
            Self::Constant(value) => f64::from(u8::from(secs > value)),
        }
    }

    fn law(self) -> Law {
        match self {
            Self::Exponential(mean) => Law::exponential(mean),
            Self::Constant(value) => Law::constant(value),
        }
    }
}

/// What is known of the desk.
#[derive(Clone, Copy, Debug)]
struct Truth {
    busy: f64,
    silent: f64,
}

/// Steps off the density: in each step the mass that is in it, with p₀ as 1, taken to be in its middle.
fn solved(arrivals_per_sec: f64, patience: Patience) -> Truth {
    // A slot is taken for longer than so many steps, by one who is there for two replies and by a ghost.
    let replying = |secs: f64| libm::exp(-secs.max(0.0) / REPLY_SECS);
    let served = |secs: f64| {
        let left = secs - ACCEPT_SECS;
        replying(left) * (1.0 + left.max(0.0) / REPLY_SECS)
    };
    let haunted = |secs: f64| replying(secs - ACCEPT_SECS - TIMEOUT_SECS);
    let table = |beyond: &dyn Fn(f64) -> f64| -> Vec<f64> {
        (0..2 * STEPS).map(|half| beyond(0.5 * STEP_SECS * half as f64)).collect()
    };
    let (served, haunted) = (table(&served), table(&haunted));
    let lost: Vec<f64> = (0..STEPS).map(|i| patience.lost((i as f64 + 0.5) * STEP_SECS)).collect();
    let mut mass: Vec<f64> = Vec::with_capacity(STEPS);
    for i in 0..STEPS {
        let inflow: f64 = (0..i)
            .map(|j| {
                let halves = 2 * (i - j);
                mass[j] * ((1.0 - lost[j]) * served[halves] + lost[j] * haunted[halves])
            })
            .sum();
        // Of the mass of this very step, half is below the middle.
        let own = 1.0 - 0.5 * arrivals_per_sec * STEP_SECS;
        mass.push(arrivals_per_sec * STEP_SECS * (served[2 * i + 1] + inflow) / own);
    }
    let waiting: f64 = mass.iter().sum();
    let ghosts: f64 = mass.iter().zip(&lost).map(|(mass, lost)| mass * lost).sum();
    assert!(mass[STEPS - 1] < 1e-9 * waiting, "the work goes on beyond what is looked at");
    Truth { busy: waiting / (1.0 + waiting), silent: ghosts / (1.0 + waiting) }
}

fn desk_plan(arrivals_per_sec: f64, patience: Patience, millions: f64) -> Plan {
    let two_replies = talk(CountLaw::constant(2), Law::exponential(REPLY_SECS));
    let mut desk = talking_desk("support", arrivals_per_sec, two_replies, chatters(1, 1));
    desk.patience = Some(patience.law());
    desk.leaving =
        LeavingPlan { silent: 1.0, ghost_timeout: Span::from_secs(TIMEOUT_SECS), ..LeavingPlan::told() };
    desk.manners = MannersPlan { accept: Some(Law::constant(ACCEPT_SECS)), ..MannersPlan::plain() };
    let window = 1e6 * millions / f64::from(REPLICATIONS) / arrivals_per_sec;
    plan(vec![desk], 20_000.0, 20_000.0 + window, REPLICATIONS)
}

fn trial(rate_per_hour: f64, patience: Patience) -> Trial {
    let arrivals_per_sec = per_hour(rate_per_hour);
    let Truth { busy, silent: ghosts } = solved(arrivals_per_sec, patience);
    let ghost_secs = ACCEPT_SECS + REPLY_SECS + TIMEOUT_SECS;
    // By Little's law the agent is busy for as long as slots are taken: the integration must know it too.
    let served_secs = ACCEPT_SECS + 2.0 * REPLY_SECS;
    let taken = arrivals_per_sec * ((1.0 - ghosts) * served_secs + ghosts * ghost_secs);
    assert!((taken / busy - 1.0).abs() < 1e-3, "{busy} of the time busy, {taken} taken");
    Trial::new(format!("ghosts, {rate_per_hour}/h, {patience:?}"), desk_plan(arrivals_per_sec, patience, 1.0))
        .expect("delayed", delayed, busy)
        .expect("engaged", engaged, busy)
        .expect("silent", silent, ghosts)
        .expect("a ghost's time", ghost_time, ghost_secs)
        .expect("ghosts' share of the slots", ghost_share, arrivals_per_sec * ghosts * ghost_secs)
}

#[test]
fn ghosts_cost_what_level_crossing_says() {
    let patient = trial(14.0, Patience::Exponential(100.0));
    let all_alike = trial(12.0, Patience::Constant(90.0));
    hold([patient, all_alike], Effort::Short);
}
