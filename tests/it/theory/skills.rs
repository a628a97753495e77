//! Skills: two groups of which one can do everything (the N-model), as an exact Markov chain.
//!
//! One junior serves easy topics, one expert everything; whoever comes first is served first as far as skills allow,
//! and a visitor who finds both free gets who has been idle longer. Since everybody takes equally long, nobody needs to
//! look at what those in the queue want before an agent does: behind the hard ones whom the junior has passed over,
//! each is hard with the same probability, independently (J. Visschers, I. Adan, G. Weiss, "A product form solution to
//! a system with multi-type jobs and multi-type servers", Queueing Systems 70, 2012). That makes the chain small.

use std::collections::BTreeMap;

use causerie::base::dist::Law;
use causerie::scenario::plan::{GroupPlan, Plan, TopicPlan};

use super::estimate::{group_engaged, topic_abandoned, topic_delayed, topic_queue_time};
use super::trial::{Effort, Trial, hold};
use crate::plans::{desk, group, per_hour, plan, topic};

const REPLICATIONS: u32 = 100;
const ARRIVALS_PER_SEC: f64 = per_hour(40.0);
const HANDLING_SECS: f64 = 180.0;
const PATIENCE_SECS: f64 = 240.0;
const HARD: f64 = 0.4;
const MILLIONS: f64 = 0.6;

/// More wait with a probability below 1e-15; they are turned away.
const LONGEST: usize = 40;

/// A state of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// Both are idle, the junior for longer.
    IdleJuniorFirst,
    /// Both are idle, the expert for longer.
    IdleExpertFirst,
    /// Only the junior is busy.
    JuniorBusy,
    /// Only the expert is busy, and so many hard ones wait.
    ExpertBusy(usize),
    /// Both are busy; so many hard ones wait whom the junior has passed over, and behind them so many of whom nothing
    /// is known.
    BothBusy(usize, usize),
}

use State::{BothBusy, ExpertBusy, IdleExpertFirst, IdleJuniorFirst, JuniorBusy};

impl State {
    /// How many hard ones wait whom the junior has passed over, and how many of whom nothing is known.
    fn waiting(self) -> (usize, usize) {
        match self {
            IdleJuniorFirst | IdleExpertFirst | JuniorBusy => (0, 0),
            ExpertBusy(hard) => (hard, 0),
            BothBusy(hard, unknown) => (hard, unknown),
        }
    }

    /// Where a visitor's coming leads, and how probably.
    fn arrival(self) -> Vec<(State, f64)> {
        match self {
            IdleJuniorFirst => vec![(JuniorBusy, 1.0 - HARD), (ExpertBusy(0), HARD)],
            IdleExpertFirst => vec![(ExpertBusy(0), 1.0)],
            JuniorBusy => vec![(BothBusy(0, 0), 1.0)],
            ExpertBusy(hard) => vec![(BothBusy(hard, 0), 1.0 - HARD), (ExpertBusy(hard + 1), HARD)],
            BothBusy(hard, unknown) => vec![(BothBusy(hard, unknown + 1), 1.0)],
        }
    }

    /// Where it leads that the junior is done: to the first easy one, past the hard ones.
    fn junior_done(self) -> Vec<(State, f64)> {
        match self {
            JuniorBusy => vec![(IdleExpertFirst, 1.0)],
            BothBusy(hard, unknown) => {
                let mut passed = 1.0;
                let mut next = Vec::new();
                for more in 0..unknown {
                    next.push((BothBusy(hard + more, unknown - more - 1), passed * (1.0 - HARD)));
                    passed *= HARD;
                }
                next.push((ExpertBusy(hard + unknown), passed));
                next
            }
            IdleJuniorFirst | IdleExpertFirst | ExpertBusy(_) => Vec::new(),
        }
    }

    /// Where it leads that the expert is done: to the first of all.
    fn expert_done(self) -> Option<State> {
        match self {
            ExpertBusy(0) => Some(IdleJuniorFirst),
            ExpertBusy(hard) => Some(ExpertBusy(hard - 1)),
            BothBusy(0, 0) => Some(JuniorBusy),
            BothBusy(0, unknown) => Some(BothBusy(0, unknown - 1)),
            BothBusy(hard, unknown) => Some(BothBusy(hard - 1, unknown)),
            IdleJuniorFirst | IdleExpertFirst | JuniorBusy => None,
        }
    }

    /// Where it leads that somebody has waited for too long, and how many might.
    fn abandonment(self) -> Vec<(State, f64)> {
        let (hard, unknown) = self.waiting();
        let mut next = Vec::new();
        if hard > 0 {
            let fewer = match self {
                BothBusy(..) => BothBusy(hard - 1, unknown),
                _ => ExpertBusy(hard - 1),
            };
            next.push((fewer, hard as f64));
        }
        if unknown > 0 {
            next.push((BothBusy(hard, unknown - 1), unknown as f64));
        }
        next
    }

    /// Where the state leads, and how fast.
    fn transitions(self) -> Vec<(State, f64)> {
        let at = |per_sec: f64| move |(state, weight): (State, f64)| (state, weight * per_sec);
        let mut next: Vec<_> = self.arrival().into_iter().map(at(ARRIVALS_PER_SEC)).collect();
        next.extend(self.junior_done().into_iter().map(at(1.0 / HANDLING_SECS)));
        next.extend(self.expert_done().map(|state| (state, 1.0 / HANDLING_SECS)));
        next.extend(self.abandonment().into_iter().map(at(1.0 / PATIENCE_SECS)));
        next.retain(|(state, _)| {
            let (hard, unknown) = state.waiting();
            hard + unknown <= LONGEST
        });
        next
    }
}

/// The states and their stationary probabilities, by Gauss and Seidel's iteration.
fn stationary() -> Vec<(State, f64)> {
    let mut states = vec![IdleJuniorFirst, IdleExpertFirst, JuniorBusy];
    states.extend((0..=LONGEST).map(ExpertBusy));
    states.extend((0..=LONGEST).flat_map(|hard| (0..=LONGEST - hard).map(move |m| BothBusy(hard, m))));
    let place: BTreeMap<State, usize> = states.iter().enumerate().map(|(i, state)| (*state, i)).collect();
    let mut inflows = vec![Vec::new(); states.len()];
    let mut leaving_per_sec = vec![0.0; states.len()];
    for (from, state) in states.iter().enumerate() {
        for (to, per_sec) in state.transitions() {
            inflows[place[&to]].push((from, per_sec));
            leaving_per_sec[from] += per_sec;
        }
    }
    let mut shares = vec![1.0 / states.len() as f64; states.len()];
    for _ in 0..10_000 {
        let mut changed = 0.0;
        for state in 0..states.len() {
            let inflow: f64 = inflows[state].iter().map(|(from, per_sec)| shares[*from] * per_sec).sum();
            let share = inflow / leaving_per_sec[state];
            changed += (share - shares[state]).abs();
            shares[state] = share;
        }
        let sum: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= sum);
        if changed < 1e-14 {
            return states.into_iter().zip(shares).collect();
        }
    }
    panic!("the iteration does not settle");
}

fn skilled_plan() -> Plan {
    let handling_time = || Law::exponential(HANDLING_SECS);
    let skills = vec!["technical".to_owned()];
    let mut desk = desk("support", ARRIVALS_PER_SEC, handling_time(), group(1, &[1.0]));
    desk.patience = Some(Law::exponential(PATIENCE_SECS));
    desk.topics = vec![
        TopicPlan { name: Some("easy".into()), share: 1.0 - HARD, ..topic(handling_time()) },
        TopicPlan {
            name: Some("hard".into()),
            share: HARD,
            skills: skills.clone(),
            ..topic(handling_time())
        },
    ];
    desk.groups = vec![
        GroupPlan { name: Some("juniors".into()), ..group(1, &[1.0]) },
        GroupPlan { name: Some("experts".into()), skills, ..group(1, &[1.0]) },
    ];
    let window = 1e6 * MILLIONS / f64::from(REPLICATIONS) / ARRIVALS_PER_SEC;
    plan(vec![desk], 5_000.0, 5_000.0 + window, REPLICATIONS)
}

fn n_model() -> Trial {
    let chain = stationary();
    let mean = |of: &dyn Fn(State) -> f64| -> f64 { chain.iter().map(|(s, share)| share * of(*s)).sum() };
    let probability = |of: &dyn Fn(State) -> bool| mean(&|state| f64::from(u8::from(of(state))));
    let unknown = mean(&|state| state.waiting().1 as f64);
    let hard_waiting = mean(&|state| state.waiting().0 as f64) + HARD * unknown;
    let easy_waiting = (1.0 - HARD) * unknown;
    let (easy_per_sec, hard_per_sec) = (ARRIVALS_PER_SEC * (1.0 - HARD), ARRIVALS_PER_SEC * HARD);
    let both_busy = probability(&|state| matches!(state, BothBusy(..)));
    let expert_busy = both_busy + probability(&|state| matches!(state, ExpertBusy(_)));
    let junior_busy = both_busy + probability(&|state| state == JuniorBusy);
    Trial::new("the N-model", skilled_plan())
        .expect("delayed, easy", topic_delayed::<0>, both_busy)
        .expect("delayed, hard", topic_delayed::<1>, expert_busy)
        .expect("queue time, easy", topic_queue_time::<0>, easy_waiting / easy_per_sec)
        .expect("queue time, hard", topic_queue_time::<1>, hard_waiting / hard_per_sec)
        .expect("abandoned, easy", topic_abandoned::<0>, easy_waiting / easy_per_sec / PATIENCE_SECS)
        .expect("abandoned, hard", topic_abandoned::<1>, hard_waiting / hard_per_sec / PATIENCE_SECS)
        .expect("engaged, juniors", group_engaged::<0>, junior_busy)
        .expect("engaged, experts", group_engaged::<1>, expert_busy)
}

#[test]
fn the_n_model_holds() {
    hold([n_model()], Effort::Short);
}

#[test]
#[ignore = "takes a minute"]
fn the_n_model_holds_long() {
    hold([n_model()], Effort::Long);
}
