//! A day of a desk that talks: 100 agents, some 8,000 chats in 12 hours, 30 messages each of those played to the end; and the bare queue beside it.

use std::sync::atomic::AtomicBool;

use causerie::base::dist::Law;
use causerie::base::draw::{Draws, Purpose};
use causerie::base::time::{Moment, Span};
use causerie::base::words::Observation;
use causerie::scenario::plan::{Content, Plan, ReplyPlan, TalkPlan};
use causerie::sim::engine::{Witness, play};

use super::bare::{self, timed};

const AGENTS: u32 = 100;
const HOURS: f64 = 12.0;
/// As many chats are in progress when all slots are taken: so many events are in the queue at any time.
const SLOTS: u64 = 300;
/// Gaps that the bare loop goes through again and again.
const GAPS: u64 = 1 << 16;

/// The desk, but for what its agents type: see [`plan`].
fn scenario() -> String {
    format!(
        "name: a day\n\
         length: {HOURS}h\n\
         support:\n\
         \x20 arrivals: {{rate: 710/h}}\n\
         \x20 patience: {{exponential: {{mean: 240s}}}}\n\
         \x20 reply_patience: {{exponential: {{mean: 30m}}}}\n\
         \x20 balk: {{queue_over: 25}}\n\
         \x20 silent: 20%\n\
         \x20 conversation: {{exchanges: {{geometric: {{mean: 15}}}}, think: {{lognormal: {{mean: 6s, cv: 1}}}}}}\n\
         \x20 agents: {{count: {AGENTS}, concurrency: 3, ramp_up: 0s, accept: {{lognormal: {{mean: 4s, cv: 1}}}}}}\n"
    )
}

/// The day of this seed, whose agents are at it for 85 % of their time: they type 20 words a minute, and one reply in five
/// is a canned one.
fn plan(seed: u64) -> Plan {
    let scenario = causerie::scenario::parse("day.yaml", scenario(), std::path::Path::new("."));
    let mut plan = scenario.unwrap_or_else(|problems| panic!("{problems}")).plan;
    plan.seed = seed;
    let talk = talk_mut(&mut plan);
    talk.canned = 0.2;
    talk.reply = ReplyPlan::Words { read_per_sec: 238.0 / 60.0, type_per_sec: 20.0 / 60.0 };
    plan
}

fn talk_mut(plan: &mut Plan) -> &mut TalkPlan {
    match &mut plan.desks[0].topics[0].content {
        Content::Talk(talk) => talk,
        Content::Work(law) => panic!("a handling time of {law:?}"),
    }
}

/// What a day comes to.
#[derive(Default)]
struct Day {
    chats: u64,
    replies: u64,
    attention_secs: f64,
}

impl Witness for Day {
    fn note(&mut self, observation: &Observation) {
        match observation {
            Observation::Handled { .. } => self.chats += 1,
            Observation::Attended { from, to, .. } => {
                self.replies += 1;
                self.attention_secs += to.since(*from).secs();
            }
            _ => {}
        }
    }
}

/// Of a conversation, thinking, typing and replying turn about.
fn gaps(plan: &mut Plan) -> Vec<Span> {
    let talk = talk_mut(plan).clone();
    let draws = Draws::of_population(1, 0, "gaps");
    let gap = |k: u64| {
        let mut stream = draws.stream(Purpose::Gap, k);
        match k % 3 {
            0 => talk.think.span(&mut stream),
            1 => Span::from_secs(talk.words.sample(&mut stream) / 0.28),
            _ => Law::exponential(talk.mean_work_secs() / talk.exchanges.mean()).span(&mut stream),
        }
    };
    (0..GAPS).map(gap).collect()
}

/// Plays `days` days, each beside the bare queue, and prints what each took, and the medians.
pub(crate) fn compare(days: u32) {
    println!("a day of {AGENTS} agents on one core, beside as many events through the bare queue");
    println!("  day   chats  replies  attention    events   ms a day  M events/s  bare ms   ratio");
    let (mut millis, mut rates, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for day in 0..days {
        let mut plan = plan(u64::from(day) + 1);
        let gaps = gaps(&mut plan);
        let mut seen = Day::default();
        let (played, took) = timed(|| play(&plan, 0, Moment::NEVER, &AtomicBool::new(false), &mut seen));
        let (last, alone) = timed(|| bare::play(played.events, SLOTS, &gaps));
        assert!(last > Moment::ZERO);
        let (took, alone) = (took.as_secs_f64(), alone.as_secs_f64());
        let rate = played.events as f64 / took / 1e6;
        println!(
            "{:>5}  {:>6}  {:>7}  {:>8.1}%  {:>8}  {:>9.1}  {rate:>10.2}  {:>7.1}  {:>6.3}",
            day + 1,
            seen.chats,
            seen.replies,
            100.0 * seen.attention_secs / (f64::from(AGENTS) * HOURS * 3600.0),
            played.events,
            1e3 * took,
            1e3 * alone,
            alone / took
        );
        millis.push(1e3 * took);
        rates.push(rate);
        ratios.push(alone / took);
    }
    let [millis, rates, ratios] = [millis, rates, ratios].map(super::rounds::median);
    println!(
        "median: {millis:.1} ms a day, {rates:.2} M events/s; the simulator runs at {ratios:.3} of the bare queue's speed"
    );
}
