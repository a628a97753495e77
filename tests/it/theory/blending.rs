//! Agents who chat and take calls: what is kept off the phone might as well not be there, and who never has a chat is a
//! line more.

use causerie::base::dist::Law;
use causerie::base::id::{DeskId, GroupId};
use causerie::scenario::plan::{CallPolicy, DeskPlan, DualPlan, GroupPlan, Plan};
use causerie::staffing::erlang::erlang_a;

use super::estimate::{abandoned, delayed, queue_time};
use super::trial::{Effort, Trial, hold};
use crate::plans::{desk, group, per_hour, phone_desk, plan};

const REPLICATIONS: u32 = 100;
const CALLS_PER_SEC: f64 = per_hour(60.0);
const CALL_SECS: f64 = 240.0;
const PATIENCE_SECS: f64 = 180.0;
const LINES: u32 = 3;

/// A phone pool of so many lines, and a chat desk, to which so many chats come, three of whose agents take calls too, but
/// for `reserve` of them.
fn blended(chats_per_sec: f64, call: CallPolicy, reserve: u32) -> Plan {
    const DUALS: u32 = 3;
    let chat = desk("support", chats_per_sec, Law::exponential(300.0), group(DUALS, &[1.0, 1.0]));
    let dual = DualPlan { desk: DeskId(0), group: GroupId(0), call, reserve };
    let mut phone = phone_desk(CALLS_PER_SEC, Law::exponential(CALL_SECS), None, group(LINES, &[1.0]));
    phone.patience = Some(Law::exponential(PATIENCE_SECS));
    let duals = GroupPlan { dual: Some(dual), skills: vec!["call".into()], ..group(DUALS, &[1.0]) };
    phone.groups.push(duals);
    let window = 1e6 * 0.5 / f64::from(REPLICATIONS) / CALLS_PER_SEC;
    let desks: Vec<DeskPlan> = vec![chat, phone];
    plan(desks, 10_000.0, 10_000.0 + window, REPLICATIONS)
}

/// The phone as if it had so many lines and no dual agents.
fn trial(name: &str, plan: Plan, lines: u32) -> Trial {
    let truth = erlang_a(CALLS_PER_SEC, CALL_SECS, PATIENCE_SECS, lines).expect("callers are impatient");
    Trial::new(name, plan)
        .expect_of(1, "delayed", delayed, truth.delayed())
        .expect_of(1, "abandoned", abandoned, truth.abandoned())
        .expect_of(1, "queue time", queue_time, truth.wait_mean_secs())
}

#[test]
fn duals_are_lines_but_for_those_in_reserve() {
    use CallPolicy::{PausesChats, WaitsForChats};
    let chats = per_hour(40.0);
    hold(
        [
            trial("all in reserve, with chats", blended(chats, WaitsForChats, 3), LINES),
            trial("more in reserve than there are, with chats", blended(chats, PausesChats, 9), LINES),
            trial("without chats", blended(0.0, WaitsForChats, 0), LINES + 3),
            trial("without chats, one in reserve", blended(0.0, WaitsForChats, 1), LINES + 2),
            trial("chats stand still for calls", blended(chats, PausesChats, 0), LINES + 3),
            trial("chats stand still, two in reserve", blended(chats, PausesChats, 2), LINES + 1),
        ],
        Effort::Short,
    );
}
