//! One attention for several chats: replies owed wait for it, as machines do for their repairman.

use causerie::base::count::CountLaw;
use causerie::base::dist::Law;
use causerie::base::time::{Moment, Span};
use causerie::scenario::plan::{ArrivalPlan, Burst, Content, Plan, TalkPlan};
use causerie::staffing::attention::busy_share;

use super::estimate::{attending, attention_a_visitor, replies_a_sec};
use super::trial::{Effort, Pace, Trial, hold};
use crate::plans::{chatters, per_hour, plan, talk, talking_desk};

const REPLICATIONS: u32 = 100;
const AGENTS: u32 = 4;
const WINDOW_SECS: f64 = 60_000.0;
const WARM_UP_SECS: f64 = 2_000.0;

/// Agents who always hold `chats` chats each: that is how many come, at once, and none of them ends in time.
fn saturated(chats: u32, reply: Law, think: Law) -> Plan {
    let cycle_secs = reply.mean() + think.mean();
    // Half as many again as the visitor alone would come to, and all after the window is not played to the end.
    let exchanges = (1.5 * (WARM_UP_SECS + WINDOW_SECS) / cycle_secs) as u32;
    let endless = TalkPlan { think, ..talk(CountLaw::constant(exchanges), reply) };
    let mut desk = talking_desk("support", 0.0, endless, chatters(AGENTS, chats));
    let count = u64::from(chats * AGENTS);
    let bursts = vec![Burst { at: Moment::ZERO, count, within: Span::ZERO }];
    desk.arrivals = ArrivalPlan { bursts, ..ArrivalPlan::default() };
    plan(vec![desk], WARM_UP_SECS, WARM_UP_SECS + WINDOW_SECS, REPLICATIONS)
}

fn finite_source(chats: u32, reply_secs: f64, think: Law) -> Trial {
    let busy = busy_share(chats, reply_secs, think.mean());
    let name = format!("{chats} chats, replies of {reply_secs} s, {think:?}");
    Trial::new(name, saturated(chats, Law::exponential(reply_secs), think))
        .paced(Pace::Fine)
        .expect("attending", attending, busy)
        .expect("replies a second", replies_a_sec, busy / reply_secs)
}

/// The printed figures: busy .400000, .689655, .865672; replies 1, 1.724138, 2.164179 times as many as with one chat.
fn printed() -> Vec<Trial> {
    let row = |chats, busy, times: f64| {
        finite_source(chats, 30.0, Law::exponential(45.0)).expect("printed busy", attending, busy).expect(
            "printed throughput",
            replies_a_sec,
            times * 0.4 / 30.0,
        )
    };
    vec![row(1, 0.400_000, 1.0), row(2, 0.689_655, 1.724_138), row(3, 0.865_672, 2.164_179)]
}

#[test]
fn the_printed_figures_of_the_finite_source_hold() {
    hold(printed(), Effort::Short);
}

#[test]
fn other_means_and_other_laws_of_thinking_hold() {
    hold(
        [
            finite_source(2, 12.0, Law::exponential(80.0)),
            finite_source(5, 20.0, Law::exponential(50.0)),
            finite_source(3, 30.0, Law::constant(45.0)),
            finite_source(4, 18.0, Law::lognormal(70.0, 1.4)),
        ],
        Effort::Short,
    );
}

/// Exchanges of mean 4, replies of mean 20 s of which some are canned ones of 6 s, agents who write so well: what a
/// visitor takes.
fn worth(name: &str, canned: f64, writing: f64) -> Trial {
    const EXCHANGES: f64 = 4.0;
    let some_canned = TalkPlan {
        canned,
        canned_time: Law::constant(6.0),
        ..talk(CountLaw::geometric(EXCHANGES), Law::gamma(20.0, 4.0))
    };
    let mut desk = talking_desk("support", per_hour(60.0), some_canned, chatters(6, 2));
    desk.groups[0].writing = Some(Law::constant(writing));
    let truth = EXCHANGES * (canned * 6.0 + (1.0 - canned) * 20.0 / writing);
    Trial::new(name, plan(vec![desk], 2_000.0, 40_000.0, REPLICATIONS)).expect(
        "attention a visitor",
        attention_a_visitor,
        truth,
    )
}

#[test]
fn canned_replies_and_writing_skill_scale_the_attention() {
    hold(
        [
            worth("own words", 0.0, 1.0),
            worth("40 % canned", 0.4, 1.0),
            worth("all canned: writing does not matter", 1.0, 0.5),
            worth("who writes twice as well", 0.0, 2.0),
            worth("both", 0.4, 1.6),
        ],
        Effort::Short,
    );
}

/// Reading and typing by the word: of 10 words each, read at 4 and typed at 0.5 words a second.
#[test]
fn words_are_read_and_typed() {
    let mut by_words = talk(CountLaw::constant(3), Law::constant(1.0));
    by_words.words = Law::constant(10.0);
    by_words.reply = causerie::scenario::plan::ReplyPlan::Words { read_per_sec: 4.0, type_per_sec: 0.5 };
    let mut desk = talking_desk("support", per_hour(60.0), by_words, chatters(6, 2));
    desk.groups[0].writing = Some(Law::constant(1.25));
    let Content::Talk(as_planned) = &desk.topics[0].content else { panic!("it is a talk") };
    assert!((as_planned.mean_work_secs() - 3.0 * (2.5 + 20.0)).abs() < 1e-9);
    let plan = plan(vec![desk], 2_000.0, 30_000.0, REPLICATIONS);
    let trial = Trial::new("reading 2.5 s, typing 16 s", plan);
    hold([trial.expect("attention a visitor", attention_a_visitor, 3.0 * (2.5 + 16.0))], Effort::Short);
}
