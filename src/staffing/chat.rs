//! The chat desk: agents who hold several chats at once and are the slower for it, as an exact Markov chain.
//!
//! Handling times, patience and walking out are exponential, the agents are alike, and a new chat goes to the agent
//! who holds fewest. While anybody waits all slots are taken, so the chain splits in two: how the agents are loaded
//! while nobody waits (this module: a state says how many agents hold 0, 1, 2, … chats), and the queue
//! ([`Backlog`]).

use std::collections::BTreeMap;

use super::backlog::Backlog;

/// A desk of agents who are alike. Rates per second, times in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatDesk {
    /// Visitors per second.
    pub arrivals_per_sec: f64,
    /// The mean time that a chat takes an agent who holds no other.
    pub handling_secs: f64,
    /// `stretch[k - 1]`: how much longer it takes while its agent holds k. Its length is the number of slots.
    pub stretch: Vec<f64>,
    /// How many agents. At least 1.
    pub agents: u32,
    /// The mean patience in the queue; `None`: for ever.
    pub patience_secs: Option<f64>,
    /// The mean time after which a visitor walks out of a chat; `None`: never.
    pub walk_out_secs: Option<f64>,
}

/// A chat desk in its steady state.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatSteadyState {
    /// Its queue.
    pub queue: Backlog,
    /// Chats in progress, on average over time.
    pub in_service_mean: f64,
    /// The share of all visitors who walk out of a chat.
    pub walked_out: f64,
}

/// How many agents hold 0, 1, 2, … chats.
type Loads = Vec<u32>;

impl ChatDesk {
    /// The steady state; `None` when there is none, since people wait for ever and come faster than chats end.
    ///
    /// Its cost grows with the number of ways to load the agents: 56 for 5 agents with 3 slots, 1,771 for 20.
    /// Panics without agents or slots.
    #[must_use]
    pub fn steady_state(&self) -> Option<ChatSteadyState> {
        assert!(self.agents > 0 && !self.stretch.is_empty(), "a desk without agents or slots");
        let states = self.states();
        let shares = stationary(self.transitions(&states));
        let full = states.len() - 1;
        let slots = self.agents * self.stretch.len() as u32;
        let freed_per_sec = f64::from(self.agents) * self.freed_per_sec(self.stretch.len());
        let queue = Backlog::behind(self.arrivals_per_sec, freed_per_sec, self.patience_secs, shares[full])?;
        let (mut chats, mut some_slot_free) = (0.0, 0.0);
        for (loads, share) in states[..full].iter().zip(&shares) {
            chats += share * f64::from(chats_held(loads));
            some_slot_free += share;
        }
        let delayed = queue.delayed();
        let while_slots_are_free = if some_slot_free > 0.0 { chats / some_slot_free } else { 0.0 };
        let in_service_mean = (1.0 - delayed) * while_slots_are_free + delayed * f64::from(slots);
        let walked_out =
            self.walk_out_secs.map_or(0.0, |mean| in_service_mean / mean / self.arrivals_per_sec);
        Some(ChatSteadyState { queue, in_service_mean, walked_out })
    }

    /// The rate at which an agent who holds `k` chats is rid of one: they end at 1/stretch of their pace alone, or
    /// the visitor walks out.
    fn freed_per_sec(&self, k: usize) -> f64 {
        if k == 0 {
            return 0.0;
        }
        let ends = 1.0 / (self.handling_secs * self.stretch[k - 1]);
        k as f64 * (ends + self.walk_out_secs.map_or(0.0, f64::recip))
    }

    /// Every way to load the agents, by the number of chats: nobody busy first, all slots taken last.
    fn states(&self) -> Vec<Loads> {
        let mut states = Vec::new();
        let mut loads = vec![0; self.stretch.len() + 1];
        distribute(self.agents, 0, &mut loads, &mut states);
        states.sort_by_key(chats_held);
        states
    }

    /// The rates between the states while nobody waits: from each, to which, how fast.
    fn transitions(&self, states: &[Loads]) -> Vec<BTreeMap<usize, f64>> {
        let place: BTreeMap<&Loads, usize> = states.iter().enumerate().map(|(i, loads)| (loads, i)).collect();
        let slots = self.stretch.len();
        let moved = |loads: &Loads, from: usize, to: usize| {
            let mut after = loads.clone();
            after[from] -= 1;
            after[to] += 1;
            place[&after]
        };
        let rates_from = |loads: &Loads| {
            let mut rates = BTreeMap::new();
            if let Some(least) = (0..slots).find(|k| loads[*k] > 0) {
                rates.insert(moved(loads, least, least + 1), self.arrivals_per_sec);
            }
            for k in (1..=slots).filter(|k| loads[*k] > 0) {
                rates.insert(moved(loads, k, k - 1), f64::from(loads[k]) * self.freed_per_sec(k));
            }
            rates
        };
        states.iter().map(rates_from).collect()
    }
}

/// How many chats all agents hold together.
fn chats_held(loads: &Loads) -> u32 {
    loads.iter().zip(0..).map(|(agents, chats)| agents * chats).sum()
}

/// Appends to `states` every way to give `agents` agents loads of `from` or more; the lighter loads are set.
fn distribute(agents: u32, from: usize, loads: &mut Loads, states: &mut Vec<Loads>) {
    if from == loads.len() - 1 {
        loads[from] = agents;
        states.push(loads.clone());
        return;
    }
    for here in 0..=agents {
        loads[from] = here;
        distribute(agents - here, from + 1, loads, states);
    }
}

/// The stationary probabilities of a finite chain that can get from each state to each, by state reduction: the last
/// state is taken out and its visits redirected, until one is left. There is no subtraction in it, so there is no
/// cancellation either. W. Grassmann, M. Taksar, D. Heyman, "Regenerative analysis and steady state distributions
/// for Markov chains", Operations Research 33(5), 1985.
fn stationary(mut rates: Vec<BTreeMap<usize, f64>>) -> Vec<f64> {
    // What flows into each state that was taken out, from those before it, per second spent there and per second
    // that the state itself lasts.
    let mut inflows: Vec<Vec<(usize, f64)>> = vec![Vec::new(); rates.len()];
    for last in (1..rates.len()).rev() {
        let leaving = std::mem::take(&mut rates[last]);
        let leaving_per_sec: f64 = leaving.values().sum();
        for (state, row) in rates[..last].iter_mut().enumerate() {
            let Some(rate) = row.remove(&last) else { continue };
            inflows[last].push((state, rate / leaving_per_sec));
            for (next, onward) in leaving.iter().filter(|(next, _)| **next != state) {
                *row.entry(*next).or_default() += rate * onward / leaving_per_sec;
            }
        }
    }
    let mut shares = vec![1.0];
    for inflow in &inflows[1..] {
        shares.push(inflow.iter().map(|(state, factor)| shares[*state] * factor).sum());
    }
    let sum: f64 = shares.iter().sum();
    shares.iter().map(|share| share / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::super::erlang::erlang_a;
    use super::*;

    fn desk(per_hour: f64, agents: u32, walk_out_secs: Option<f64>) -> ChatDesk {
        ChatDesk {
            arrivals_per_sec: per_hour / 3600.0,
            handling_secs: 480.0,
            stretch: vec![1.0, 1.25, 1.6],
            agents,
            patience_secs: Some(120.0),
            walk_out_secs,
        }
    }

    /// Whether each value agrees with its reference to the six digits printed.
    #[track_caller]
    fn six_digits(desk: &ChatDesk, references: [f64; 5]) {
        let steady = desk.steady_state().unwrap();
        let values = [
            steady.queue.delayed(),
            steady.queue.abandoned(),
            steady.queue.wait_mean_secs(),
            steady.in_service_mean,
            steady.walked_out,
        ];
        for (value, reference) in values.iter().zip(references) {
            let unit = 1e-6 * libm::pow(10.0, libm::floor(libm::log10(reference.max(1e-9))) + 1.0);
            assert!((value - reference).abs() <= 0.51 * unit, "{values:?}, not {references:?}");
        }
    }

    #[test]
    fn the_reference_rows_come_out_to_six_digits() {
        six_digits(&desk(12.0, 1, None), [0.300587, 0.214780, 25.7736, 1.70109, 0.0]);
        six_digits(&desk(60.0, 5, None), [0.132659, 0.0541355, 6.49626, 10.3421, 0.0]);
        let walking_out = desk(60.0, 5, Some(3600.0));
        six_digits(&walking_out, [0.0464758, 0.0163621, 1.96345, 8.59147, 0.143191]);
    }

    #[test]
    fn one_slot_each_is_erlang_a() {
        let desk = ChatDesk { stretch: vec![1.0], ..desk(60.0, 7, None) };
        let steady = desk.steady_state().unwrap();
        let erlang = erlang_a(60.0 / 3600.0, 480.0, 120.0, 7).unwrap();
        assert!((steady.queue.delayed() - erlang.delayed()).abs() < 1e-12);
        assert!((steady.queue.wait_mean_secs() - erlang.wait_mean_secs()).abs() < 1e-9);
        let busy = desk.arrivals_per_sec * desk.handling_secs * (1.0 - erlang.abandoned());
        assert!((steady.in_service_mean - busy).abs() < 1e-9, "Little's law in service");
    }

    #[test]
    fn whoever_comes_in_goes_out() {
        // Served and not walked out = chats that end by themselves: with a flat stretch at a rate known per chat.
        let desk = ChatDesk { stretch: vec![1.5, 1.5], ..desk(60.0, 9, Some(1200.0)) };
        let steady = desk.steady_state().unwrap();
        let ended = steady.in_service_mean / (480.0 * 1.5) / desk.arrivals_per_sec;
        let total = ended + steady.walked_out + steady.queue.abandoned();
        assert!((total - 1.0).abs() < 1e-12, "{total}");
    }

    #[test]
    fn endless_patience_in_an_overload_has_no_steady_state() {
        let desk = ChatDesk { patience_secs: None, ..desk(60.0, 4, None) };
        assert!(desk.steady_state().is_none());
        assert!(ChatDesk { agents: 5, ..desk }.steady_state().is_some());
    }
}
