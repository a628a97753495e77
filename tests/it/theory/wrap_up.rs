//! Accepting and wrapping up: a slot is taken for them as it is for the conversation.

use causerie::base::count::CountLaw;
use causerie::base::dist::Law;
use causerie::scenario::plan::{MannersPlan, Plan};
use causerie::staffing::erlang::erlang_c;
use causerie::staffing::single::pollaczek_khinchine_secs;

use super::estimate::{attending, delayed, engaged, handling_time, queue_time};
use super::trial::{Effort, Trial, hold};
use crate::plans::{chatters, plan, talk, talking_desk};

const REPLICATIONS: u32 = 100;
const LOAD: f64 = 0.7;

/// A desk of chats of one reply each, which is accepted, given and wrapped up for so long.
fn desk_plan(agents: u32, [accept, reply, wrap_up]: [Law; 3], millions: f64) -> (Plan, f64) {
    let slot_secs = accept.mean() + reply.mean() + wrap_up.mean();
    let arrivals_per_sec = LOAD * f64::from(agents) / slot_secs;
    let mut desk =
        talking_desk("support", arrivals_per_sec, talk(CountLaw::constant(1), reply), chatters(agents, 1));
    desk.manners = MannersPlan { accept: Some(accept), wrap_up: Some(wrap_up), ..MannersPlan::plain() };
    let window = 1e6 * millions / f64::from(REPLICATIONS) / arrivals_per_sec;
    (plan(vec![desk], 40_000.0, 40_000.0 + window, REPLICATIONS), arrivals_per_sec)
}

/// One agent: the slot's time is the sum of three exponentials, whose variances add up.
fn single() -> Trial {
    let means = [10.0, 60.0, 30.0];
    let (plan, arrivals_per_sec) = desk_plan(1, means.map(Law::exponential), 0.8);
    let cv = means.iter().map(|mean| mean * mean).sum::<f64>().sqrt() / 100.0;
    let wait = pollaczek_khinchine_secs(arrivals_per_sec, 100.0, cv).expect("the load is below 1");
    Trial::new("M/G/1 of accepting, replying, wrapping up", plan)
        .expect("delayed", delayed, LOAD)
        .expect("engaged", engaged, LOAD)
        .expect("attending", attending, LOAD * 0.6)
        .expect("handling time", handling_time, 100.0)
        .expect("queue time", queue_time, wait)
}

/// Five agents who do nothing but wrap up, with all the time in the world for it: Erlang C.
fn several() -> Trial {
    let at_once = || Law::constant(0.0);
    let (plan, arrivals_per_sec) = desk_plan(5, [at_once(), at_once(), Law::exponential(100.0)], 1.8);
    let truth = erlang_c(arrivals_per_sec, 100.0, 5).expect("the load is below the agents");
    Trial::new("M/M/5 of wrapping up", plan)
        .expect("delayed", delayed, truth.delayed())
        .expect("queue time", queue_time, truth.wait_mean_secs())
        .expect("handling time", handling_time, 100.0)
        .expect("attending", attending, 0.0)
}

#[test]
fn the_time_around_a_conversation_is_the_slots_time() {
    hold([single(), several()], Effort::Short);
}
