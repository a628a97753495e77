//! Agents with one conversation each: Erlang C and A.

use causerie::base::dist::Law;
use causerie::scenario::plan::{Plan, RetryPlan, Routing};
use causerie::staffing::backlog::Backlog;
use causerie::staffing::erlang::{erlang_a, erlang_c, relaxation_secs};

use super::estimate::{
    Estimate, abandoned, answered, delayed, engaged, offered, queue_time, returned, short_excluded, waited,
};
use super::trial::{Effort, Pace, Trial, hold};
use crate::plans::{desk, group, level, per_hour, plan, simulated};

const REPLICATIONS: u32 = 100;

/// A queue of theory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Queue {
    pub(super) arrivals_per_sec: f64,
    pub(super) handling_secs: f64,
    /// The mean patience; `None`: for ever.
    pub(super) patience_secs: Option<f64>,
    pub(super) agents: u32,
    pub(super) within_secs: f64,
    pub(super) short_secs: f64,
    /// How many visitors a short trial takes, in millions.
    pub(super) millions: f64,
}

impl Queue {
    /// What theory says of it.
    pub(super) fn truth(&self) -> Backlog {
        let Self { arrivals_per_sec, handling_secs, agents, .. } = *self;
        match self.patience_secs {
            None => erlang_c(arrivals_per_sec, handling_secs, agents),
            Some(patience) => erlang_a(arrivals_per_sec, handling_secs, patience, agents),
        }
        .expect("there is a steady state")
    }

    /// Ten times the relaxation time. With patience the time in which a difference of one visitor fades is that of
    /// whichever way out is slower, of a conversation or of the queue.
    fn warm_up_secs(&self) -> f64 {
        let patient = relaxation_secs(self.arrivals_per_sec, self.handling_secs, self.agents);
        let impatient = self.patience_secs.map(|patience| patience.max(self.handling_secs));
        10.0 * patient
            .into_iter()
            .chain(impatient)
            .reduce(f64::min)
            .expect("either the load is below the agents or there is patience")
    }

    /// A short trial of it.
    pub(super) fn plan(&self) -> Plan {
        let handling_time = Law::exponential(self.handling_secs);
        let mut desk = desk("support", self.arrivals_per_sec, handling_time, group(self.agents, &[1.0]));
        desk.patience = self.patience_secs.map(Law::exponential);
        desk.service_level = level(self.within_secs, self.short_secs);
        let window = 1e6 * self.millions / f64::from(REPLICATIONS) / self.arrivals_per_sec;
        let warm_up = self.warm_up_secs();
        plan(vec![desk], warm_up, warm_up + window, REPLICATIONS)
    }

    /// The trial of everything that is known of the queue.
    fn trial(&self) -> Trial {
        let truth = self.truth();
        let levels = truth.service_levels(self.within_secs, self.short_secs);
        let served = 1.0 - truth.abandoned();
        let load = self.arrivals_per_sec * self.handling_secs * served / f64::from(self.agents);
        Trial::new(format!("{self:?}"), self.plan())
            .expect("delayed", delayed, truth.delayed())
            .expect("abandoned", abandoned, truth.abandoned())
            .expect("queue time", queue_time, truth.wait_mean_secs())
            .expect("waited", waited, levels.waited)
            .expect("offered", offered, levels.offered)
            .expect("answered", answered, levels.answered)
            .expect("short excluded", short_excluded, levels.short_excluded)
            .expect("engaged", engaged, load)
    }
}

/// A row of the reference table: the queue, T = 20 s, and the printed P(delayed), P(abandon), EW in seconds, waited,
/// offered.
struct Row(Queue, [f64; 5]);

const fn row(
    arrivals_per_sec: f64,
    handling_secs: f64,
    patience_secs: Option<f64>,
    agents: u32,
    printed: [f64; 5],
    millions: f64,
) -> Row {
    let (within_secs, short_secs) = (20.0, 20.0);
    let queue =
        Queue { arrivals_per_sec, handling_secs, patience_secs, agents, within_secs, short_secs, millions };
    Row(queue, printed)
}

const SLOW: Row = row(48.0 / 60.0, 60.0, None, 50, [0.694456, 0.0, 20.8337, 0.643455, 0.643455], 20.0);

const ROWS: [Row; 7] = [
    row(1.0 / 60.0, 300.0, None, 7, [0.324150, 0.0, 48.6225, 0.716313, 0.716313], 3.8),
    row(100.0 / 1800.0, 180.0, None, 14, [0.174132, 0.0, 7.83594, 0.888350, 0.888350], 8.0),
    row(48.0 / 60.0, 60.0, Some(120.0), 50, [0.467774, 0.0309122, 3.70947, 0.972864, 0.943019], 5.0),
    row(100.0 / 1800.0, 180.0, Some(300.0), 14, [0.145260, 0.0139837, 4.19512, 0.923956, 0.916792], 4.2),
    row(100.0 / 3600.0, 240.0, Some(120.0), 7, [0.432674, 0.154274, 18.5129, 0.714150, 0.654902], 0.4),
    row(300.0 / 3600.0, 240.0, Some(180.0), 20, [0.496328, 0.0951476, 17.1266, 0.693621, 0.649491], 1.0),
    row(100.0 / 3600.0, 720.0, Some(300.0), 20, [0.429864, 0.107703, 32.3109, 0.653497, 0.627676], 1.0),
];

impl Row {
    /// The trial of the printed figures, and of those that are not printed.
    fn trial(&self) -> Trial {
        let Self(queue, [p_delayed, p_abandoned, wait, in_time, served_in_time]) = self;
        queue
            .trial()
            .expect("printed delayed", delayed, *p_delayed)
            .expect("printed abandoned", abandoned, *p_abandoned)
            .expect("printed queue time", queue_time, *wait)
            .expect("printed waited", waited, *in_time)
            .expect("printed offered", offered, *served_in_time)
    }
}

/// Points that are nobody's examples: one agent and hundreds, idle and swamped, short patience and very long.
const POINTS: [Queue; 9] = [
    point(0.01, 50.0, None, 1, (100.0, 5.0), 0.6),
    point(per_hour(66.0), 90.0, None, 2, (60.0, 60.0), 2.4),
    point(0.02, 160.0, None, 4, (5.0, 5.0), 2.8),
    point(per_hour(120.0), 60.0, Some(15.0), 1, (10.0, 5.0), 0.2),
    point(per_hour(90.0), 180.0, Some(18.0), 3, (20.0, 20.0), 0.2),
    point(per_hour(27.0), 1200.0, Some(24_000.0), 10, (300.0, 60.0), 3.4),
    point(0.19, 200.0, Some(200.0), 40, (20.0, 10.0), 2.5),
    point(0.65, 200.0, Some(100.0), 100, (30.0, 5.0), 1.0),
    point(per_hour(30.0), 600.0, Some(6.0), 5, (10.0, 2.0), 0.6),
];

const fn point(
    arrivals_per_sec: f64,
    handling_secs: f64,
    patience_secs: Option<f64>,
    agents: u32,
    (within_secs, short_secs): (f64, f64),
    millions: f64,
) -> Queue {
    Queue { arrivals_per_sec, handling_secs, patience_secs, agents, within_secs, short_secs, millions }
}

/// The trials of the printed rows; one of them has all four service levels printed.
fn printed_rows() -> impl Iterator<Item = Trial> {
    ROWS.iter().map(|row| match row.0.agents {
        20 if row.0.handling_secs == 240.0 => row
            .trial()
            .expect("printed answered", answered, 0.717786)
            .expect("printed short excluded", short_excluded, 0.679476),
        _ => row.trial(),
    })
}

#[test]
fn the_printed_rows_hold() {
    hold(printed_rows(), Effort::Short);
}

#[test]
#[ignore = "takes minutes"]
fn the_printed_rows_hold_long() {
    hold(printed_rows(), Effort::Long);
}

#[test]
fn the_slow_row_holds() {
    hold([SLOW.trial().paced(Pace::Slow)], Effort::Short);
}

#[test]
#[ignore = "takes minutes"]
fn the_slow_row_holds_long() {
    hold([SLOW.trial().paced(Pace::Slow)], Effort::Long);
}

#[test]
fn further_points_hold() {
    hold(POINTS.iter().map(Queue::trial), Effort::Short);
}

#[test]
#[ignore = "takes minutes"]
fn further_points_hold_long() {
    hold(POINTS.iter().map(Queue::trial), Effort::Long);
}

/// Like the third printed row from the bottom, for what concerns no figure in particular.
fn busy_queue() -> Queue {
    Queue { millions: 0.1, ..ROWS[5].0 }
}

#[test]
fn who_serves_does_not_matter_to_visitors_when_agents_hold_one_conversation_each() {
    let visits = |routing| {
        let mut plan = busy_queue().plan();
        plan.desks[0].routing = routing;
        let simulated = simulated(&plan, 2);
        let visits: Vec<_> = simulated.sections.iter().map(|section| section.desks[0].visits()).collect();
        (visits, simulated.outcomes)
    };
    let least_busy = visits(Routing::LeastBusy);
    assert!(least_busy.0.iter().all(|visits| visits.offered > 0 && visits.delayed > 0));
    for routing in [Routing::MostBusy, Routing::LongestIdle, Routing::RoundRobin] {
        assert!(visits(routing) == least_busy, "{routing:?}");
    }
}

/// The busy queue, with this share of those who gave up coming back for ever.
fn with_returns(share: f64) -> Plan {
    let mut plan = busy_queue().plan();
    plan.desks[0].retry = Some(RetryPlan { share, after: Law::exponential(600.0), most: u8::MAX });
    plan
}

#[test]
fn nobody_coming_back_is_the_same_as_no_returns() {
    let [none, nobody] = [busy_queue().plan(), with_returns(0.0)].map(|plan| simulated(&plan, 2));
    assert_eq!(none.sections, nobody.sections);
}

#[test]
fn those_offered_are_first_attempts_and_returns() {
    let without = simulated(&busy_queue().plan(), 2);
    let with = simulated(&with_returns(0.6), 2);
    for (without, with) in without.sections.iter().zip(&with.sections) {
        let (without, with) = (without.desks[0].visits(), with.desks[0].visits());
        assert!(with.returns > 0);
        assert_eq!(with.offered - with.returns, without.offered, "the same visitors come for the first time");
    }
    // Every attempt that ends in giving up is followed by another with the same probability.
    let estimate = Estimate::of_desk(&with.sections, 0, returned);
    assert!((estimate.value - 0.6).abs() <= 4.0 * estimate.standard_error, "{estimate:?}");
}
