//! The phone pool: callbacks as Erlang C, the toll-free line as Erlang A, its callers coming of their own or from chats.

use causerie::base::dist::Law;
use causerie::base::time::Span;
use causerie::scenario::plan::{CallbackPlan, DeskPlan, EscalationPlan, Plan};
use causerie::staffing::erlang::{erlang_a, erlang_c};

use super::estimate::{abandoned, callback_wait, called_back, delayed, offered, queue_time};
use super::trial::{Effort, Trial, hold};
use crate::plans::{desk, group, per_hour, phone_desk, plan};

const REPLICATIONS: u32 = 100;
/// More than ten times the relaxation time of every queue here (7,000 s).
const WARM_UP_SECS: f64 = 75_000.0;
const CALL_SECS: f64 = 420.0;
const LINES: u32 = 5;
/// A load of 4 for 5 lines.
const CALLS_PER_SEC: f64 = per_hour(34.0);

/// Callbacks that everybody who hears of them takes, that reach everybody, and that the desk owes for days.
fn callbacks_for_all() -> CallbackPlan {
    CallbackPlan {
        offer_after: Span::ZERO,
        accepted: 1.0,
        within: Span::from_whole_secs(10 * 86_400),
        reached: 1.0,
        tries: 1,
        ring: Span::from_whole_secs(30),
        again_after: Span::from_whole_secs(900),
    }
}

fn phone(calls_per_sec: f64, patience: Option<f64>, callback: Option<CallbackPlan>) -> DeskPlan {
    DeskPlan {
        patience: patience.map(Law::exponential),
        ..phone_desk(calls_per_sec, Law::exponential(CALL_SECS), callback, group(LINES, &[1.0]))
    }
}

/// A chat desk that escalates `share` of its chats, of whom all call or all ask to be called back, before a phone pool
/// that nobody else calls. Visitors leave the chat desk, M/M/n, as a Poisson process (P. Burke, "The output of a queuing
/// system", Operations Research 4(6), 1956), and so they come to the phone.
fn escalating(share: f64, by_callback: bool, phone: DeskPlan) -> Vec<DeskPlan> {
    let mut chat = desk("support", CALLS_PER_SEC / share, Law::exponential(120.0), group(4, &[1.0]));
    chat.topics[0].escalation = share;
    let (toll_free, callback) = if by_callback { (0.0, 1.0) } else { (1.0, 0.0) };
    chat.escalation = EscalationPlan { toll_free, callback, give_up: 0.0 };
    vec![chat, phone]
}

/// With so many million callers.
fn of_callers(desks: Vec<DeskPlan>, millions: f64) -> Plan {
    let window = 1e6 * millions / f64::from(REPLICATIONS) / CALLS_PER_SEC;
    plan(desks, WARM_UP_SECS, WARM_UP_SECS + window, REPLICATIONS)
}

fn trials() -> [Trial; 4] {
    let callbacks = erlang_c(CALLS_PER_SEC, CALL_SECS, LINES).expect("the load is below the number of lines");
    let line = erlang_a(CALLS_PER_SEC, CALL_SECS, 180.0, LINES).expect("callers are impatient");
    let levels = line.service_levels(20.0, 20.0);
    let wait = callbacks.wait_mean_secs();

    let offered_at_once = of_callers(vec![phone(CALLS_PER_SEC, Some(180.0), Some(callbacks_for_all()))], 3.0);
    let toll_free = of_callers(vec![phone(CALLS_PER_SEC, Some(180.0), None)], 0.8);
    let asked_for =
        of_callers(escalating(1.0, true, phone(0.0, Some(180.0), Some(callbacks_for_all()))), 3.0);
    let escalated = of_callers(escalating(0.4, false, phone(0.0, Some(180.0), None)), 0.8);
    [
        // Whoever finds a free line is through; the others hang up at once and are called.
        Trial::new("callbacks offered at once are Erlang C", offered_at_once)
            .expect("delayed", delayed, callbacks.delayed())
            .expect("called back", called_back, callbacks.delayed())
            .expect("callback wait", callback_wait, wait / callbacks.delayed())
            .expect("abandoned", abandoned, 0.0),
        Trial::new("the toll-free line is Erlang A", toll_free)
            .expect("delayed", delayed, line.delayed())
            .expect("abandoned", abandoned, line.abandoned())
            .expect("queue time", queue_time, line.wait_mean_secs())
            .expect("offered", offered, levels.offered),
        // Who asks outright is called as soon as a line is free, perhaps at once.
        Trial::new("callbacks asked for in the chat are Erlang C", asked_for).expect_of(
            1,
            "callback wait",
            callback_wait,
            wait,
        ),
        Trial::new("callers from the chat are Erlang A", escalated)
            .expect_of(1, "delayed", delayed, line.delayed())
            .expect_of(1, "abandoned", abandoned, line.abandoned())
            .expect_of(1, "queue time", queue_time, line.wait_mean_secs()),
    ]
}

#[test]
fn callers_and_callbacks_hold() {
    hold(trials(), Effort::Short);
}

#[test]
#[ignore = "takes minutes"]
fn callers_and_callbacks_hold_long() {
    hold(trials(), Effort::Long);
}
