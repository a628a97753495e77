//! One replication: the schedules of all populations and the timers of everybody, played in order.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::draw::Draws;
use crate::base::id::PopulationId;
use crate::base::time::Moment;
use crate::base::words::Observation;
use crate::people::Scene;
use crate::scenario::arrivals::Schedule;
use crate::scenario::plan::{ArrivalPlan, AtClose, Plan};

use super::world::World;

/// Where the observations of a replication go.
pub trait Witness {
    /// Notes one.
    fn note(&mut self, observation: &Observation);
}

/// How a replication went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Played {
    /// Visitors who came, returns not counted.
    pub visitors: u64,
    /// Events that went through the queue.
    pub events: u64,
    /// Whether it was told to stop before the end.
    pub interrupted: bool,
}

/// How many visitors come between two looks at whether to stop.
const BETWEEN_LOOKS: u64 = 4096;

/// Plays replication `number` of `plan`: arrivals stop at the plan's length, then everybody is let finish until the
/// `horizon`, and who has not by then is unfinished. Ends early, likewise, once `stop` is set.
pub fn play(
    plan: &Plan,
    number: u32,
    horizon: Moment,
    stop: &AtomicBool,
    witness: &mut impl Witness,
) -> Played {
    let scene = Scene { plan, replication: number, messages: false };
    let mut crowds: Vec<Crowd> =
        plan.populations().enumerate().map(|(place, of)| Crowd::new(plan, place, of, number)).collect();
    let mut world = World::new(scene, witness);
    let mut played = Played::default();
    let mut now = Moment::ZERO;
    let mut arrival = first(&crowds);
    let mut dismissal = (plan.close == AtClose::Dismiss).then(|| scene.doors_close());
    loop {
        if let Some(at) = dismissal {
            let next = [arrival.map(|(at, _)| at), world.next_timer_at()].into_iter().flatten().min();
            if next.is_none_or(|next| at <= next) {
                (now, dismissal) = (at, None);
                world.dismiss(at);
            }
        }
        match (arrival, world.next_timer_at()) {
            (Some((at, population)), due) if due.is_none_or(|due| at < due) => {
                if played.visitors % BETWEEN_LOOKS == 0 && stop.load(Ordering::Relaxed) {
                    played.interrupted = true;
                    break;
                }
                now = at;
                let crowd = &mut crowds[population.index()];
                world.arrive(now, population, crowd.came, crowd.draws.visitor(crowd.came));
                crowd.advance();
                arrival = first(&crowds);
                played.visitors += 1;
            }
            (_, Some(due)) if due <= horizon => {
                debug_assert!(due >= now, "time went back from {now:?} to {due:?}");
                now = due;
                world.fire_timer();
            }
            _ => break,
        }
    }
    let cut_off = !played.interrupted && world.next_timer_at().is_some();
    world.close(if cut_off { horizon } else { now.max(scene.doors_close()) });
    played.events = world.planned() + played.visitors;
    played
}

/// The next arrival of all, and of which population; at the same instant the first one's.
fn first(crowds: &[Crowd]) -> Option<(Moment, PopulationId)> {
    crowds.iter().filter_map(|crowd| Some((crowd.next?, crowd.population))).min()
}

/// A population, in the order in which it comes.
struct Crowd {
    population: PopulationId,
    draws: Draws,
    schedule: Schedule,
    /// When the next comes.
    next: Option<Moment>,
    came: u64,
}

impl Crowd {
    fn new(plan: &Plan, place: usize, (name, arrivals): (&str, &ArrivalPlan), replication: u32) -> Self {
        let draws = Draws::of_population(plan.seed, replication, name);
        let mut schedule = Schedule::new(arrivals, draws, plan.length);
        let next = schedule.next();
        Self { population: PopulationId(place as u16), draws, schedule, next, came: 0 }
    }

    fn advance(&mut self) {
        self.next = self.schedule.next();
        self.came += 1;
    }
}
