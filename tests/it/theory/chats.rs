//! Agents with several chats at once, who are the slower for it: the desk as an exact Markov chain.

use causerie::base::dist::Law;
use causerie::scenario::plan::Plan;
use causerie::staffing::chat::{ChatDesk, ChatSteadyState};

use super::estimate::{abandoned, delayed, in_service_an_agent, offered, queue_time, waited, walked_out};
use super::trial::{Effort, Trial, hold};
use crate::plans::{desk, group, per_hour, plan};

const REPLICATIONS: u32 = 100;
/// Many times what the slowest of these desks takes to forget how it started: a chat at the greatest stretch, half an
/// hour at the most.
const WARM_UP_SECS: f64 = 20_000.0;

fn desk_plan(of: &ChatDesk, millions: f64) -> Plan {
    let mut desk = desk(
        "support",
        of.arrivals_per_sec,
        Law::exponential(of.handling_secs),
        group(of.agents, &of.stretch),
    );
    desk.patience = of.patience_secs.map(Law::exponential);
    desk.walk_out = of.walk_out_secs.map(Law::exponential);
    let window = 1e6 * millions / f64::from(REPLICATIONS) / of.arrivals_per_sec;
    plan(vec![desk], WARM_UP_SECS, WARM_UP_SECS + window, REPLICATIONS)
}

/// The trial of everything that is known of the desk, with this many million visitors.
fn trial(of: &ChatDesk, millions: f64) -> Trial {
    let ChatSteadyState { queue, in_service_mean, walked_out: p_walked_out } =
        of.steady_state().expect("there is a steady state");
    let levels = queue.service_levels(20.0, 20.0);
    Trial::new(format!("{of:?}"), desk_plan(of, millions))
        .expect("delayed", delayed, queue.delayed())
        .expect("abandoned", abandoned, queue.abandoned())
        .expect("queue time", queue_time, queue.wait_mean_secs())
        .expect("waited", waited, levels.waited)
        .expect("offered", offered, levels.offered)
        .expect("in service an agent", in_service_an_agent, in_service_mean / f64::from(of.agents))
        .expect("walked out", walked_out, p_walked_out)
}

/// The desk of the reference rows.
fn reference(rate_per_hour: f64, agents: u32, walk_out_secs: Option<f64>) -> ChatDesk {
    ChatDesk {
        arrivals_per_sec: per_hour(rate_per_hour),
        handling_secs: 480.0,
        stretch: vec![1.0, 1.25, 1.6],
        agents,
        patience_secs: Some(120.0),
        walk_out_secs,
    }
}

/// The reference rows: P(delayed), P(abandon), EW in seconds and the mean number in service as printed.
fn printed_rows() -> [Trial; 3] {
    let row = |of: ChatDesk, [p_delayed, p_abandoned, wait, in_service]: [f64; 4], millions: f64| {
        trial(&of, millions)
            .expect("printed delayed", delayed, p_delayed)
            .expect("printed abandoned", abandoned, p_abandoned)
            .expect("printed queue time", queue_time, wait)
            .expect("printed in service", in_service_an_agent, in_service / f64::from(of.agents))
    };
    [
        row(reference(12.0, 1, None), [0.300587, 0.214780, 25.7736, 1.70109], 0.3),
        row(reference(60.0, 5, None), [0.132659, 0.0541355, 6.49626, 10.3421], 1.8),
        row(reference(60.0, 5, Some(3600.0)), [0.0464758, 0.0163621, 1.96345, 8.59148], 5.4).expect(
            "printed walked out",
            walked_out,
            0.143191,
        ),
    ]
}

/// Desks that are nobody's example: more slots, a stretch that starts above 1, endless patience, walking out of
/// everything.
fn further_points() -> [Trial; 4] {
    let wide = ChatDesk {
        stretch: vec![1.0, 1.1, 1.3, 1.55, 1.9],
        patience_secs: Some(60.0),
        ..reference(100.0, 4, None)
    };
    let patient = ChatDesk { stretch: vec![1.2, 1.5], patience_secs: None, ..reference(15.0, 2, None) };
    let leaving = ChatDesk { patience_secs: Some(1000.0), ..reference(90.0, 4, Some(600.0)) };
    let swamped = ChatDesk { handling_secs: 200.0, ..reference(150.0, 2, None) };
    [trial(&wide, 0.5), trial(&patient, 2.4), trial(&leaving, 6.0), trial(&swamped, 0.7)]
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
fn further_points_hold() {
    hold(further_points(), Effort::Short);
}

#[test]
#[ignore = "takes minutes"]
fn further_points_hold_long() {
    hold(further_points(), Effort::Long);
}
