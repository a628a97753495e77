//! Who is to start when: the schedules of all populations, merged, of which this generator plays its stripe.

use std::iter::Peekable;

use crate::base::draw::Draws;
use crate::base::id::PopulationId;
use crate::base::time::Moment;
use crate::scenario::arrivals::Schedule;
use crate::scenario::plan::Plan;

/// The visitors whose index leaves `number` when divided by `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stripe {
    /// Which stripe, from 0.
    pub number: u64,
    /// Of how many; at least 1.
    pub of: u64,
}

impl Stripe {
    /// Everybody.
    pub const WHOLE: Self = Self { number: 0, of: 1 };

    fn has(self, index: u64) -> bool {
        index % self.of.max(1) == self.number
    }
}

/// An intended start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) at: Moment,
    pub(super) population: PopulationId,
    pub(super) index: u64,
}

/// The intended starts of a stripe, in order; at the same instant the lower population first.
pub(super) struct Starts {
    crowds: Vec<(Peekable<Schedule>, u64)>,
    stripe: Stripe,
}

impl Starts {
    /// Of everybody in the plan, whose populations have these keys.
    pub(super) fn new(plan: &Plan, populations: &[Draws], stripe: Stripe) -> Self {
        let crowds = plan.populations().zip(populations);
        let crowds =
            crowds.map(|((_, arrivals), key)| (Schedule::new(arrivals, *key, plan.length).peekable(), 0));
        Self { crowds: crowds.collect(), stripe }
    }
}

/// How many come of each population in all.
pub(super) fn crowds(plan: &Plan, populations: &[Draws]) -> Vec<u64> {
    let mut came = vec![0; populations.len()];
    Starts::new(plan, populations, Stripe::WHOLE).for_each(|start| came[start.population.index()] += 1);
    came
}

impl Iterator for Starts {
    type Item = Start;

    fn next(&mut self) -> Option<Start> {
        loop {
            let heads = self.crowds.iter_mut().enumerate();
            let heads = heads.filter_map(|(crowd, (schedule, _))| Some((*schedule.peek()?, crowd)));
            let (at, crowd) = heads.min()?;
            let (schedule, came) = &mut self.crowds[crowd];
            schedule.next();
            let index = *came;
            *came += 1;
            if self.stripe.has(index) {
                return Some(Start { at, population: PopulationId(crowd as u16), index });
            }
        }
    }
}
