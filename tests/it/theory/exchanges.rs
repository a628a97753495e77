//! How long conversations are, and how many of them end on the phone.

use std::path::Path;

use causerie::base::count::CountLaw;
use causerie::base::dist::Law;
use causerie::base::words::{Ending, Outcome};
use causerie::scenario;
use causerie::scenario::plan::{Content, FatiguePlan, Plan, TalkPlan};

use super::estimate::{escalated, handling_time, topic_escalated};
use super::trial::{Effort, Pace, Trial, hold};
use crate::plans::{chatters, per_hour, plan, simulated, talk, talking_desk};

const REPLICATIONS: u32 = 100;
const REPLY_SECS: f64 = 1.0;

/// A desk at which nobody waits for anything: a reply takes a second and everything else no time at all, so that a
/// conversation takes as many seconds as there are replies.
fn countable(exchanges: CountLaw, words: Law, fatigue: FatiguePlan, cannot_call: f64) -> Plan {
    let reply = Law::constant(REPLY_SECS);
    let talk = TalkPlan { canned_time: reply.clone(), words, fatigue, ..talk(exchanges, reply) };
    let mut desk = talking_desk("support", per_hour(360.0), talk, chatters(40, 1));
    desk.cannot_call = cannot_call;
    plan(vec![desk], 600.0, 95_600.0, REPLICATIONS)
}

const fn tiring(hazard: f64, per_word: f64) -> FatiguePlan {
    FatiguePlan { hazard, per_word }
}

/// Geometric exchanges of mean m, and a hazard of h after each message: with z = e^-h, another exchange follows with
/// probability g·z, g = 1 − 1/m; so there are 1/(1 − g·z) replies, and z·E[z^(N−1)] = z/(m − (m − 1)·z) do not
/// escalate.
fn geometric(mean: f64, hazard: f64, cannot_call: f64) -> Trial {
    let z = libm::exp(-hazard);
    let shortened = 1.0 / (1.0 - (1.0 - 1.0 / mean) * z);
    let replies = cannot_call * mean + (1.0 - cannot_call) * shortened;
    let share = (1.0 - cannot_call) * (1.0 - z / (mean - (mean - 1.0) * z));
    let law = CountLaw::geometric(mean);
    let plan = countable(law, Law::constant(5.0), tiring(hazard, 0.0), cannot_call);
    Trial::new(format!("geometric, mean {mean}, hazard {hazard}, {cannot_call} cannot call"), plan)
        .paced(Pace::Fine)
        .expect("replies", handling_time, REPLY_SECS * replies)
        .expect("escalated", escalated, share)
}

#[test]
fn geometric_exchanges_and_their_escalation_are_in_closed_form() {
    hold(
        [
            geometric(5.0, 0.0, 0.0),
            geometric(5.0, 0.2, 0.0),
            geometric(14.0, 0.05, 0.12),
            geometric(1.5, 1.0, 0.0),
        ],
        Effort::Short,
    );
}

/// How many ended after so many replies, escalated or not; all the others together in the first place.
fn by_length(outcomes: &[Outcome], ending: Ending, most: usize) -> Vec<f64> {
    let mut counts = vec![0.0; most + 1];
    for outcome in outcomes.iter().filter(|outcome| outcome.ending == ending) {
        let took = outcome.assigned.map(|assigned| outcome.ended.since(assigned).secs() / REPLY_SECS);
        let replies = took.expect("everybody is served").round() as usize;
        counts[if replies <= most { replies } else { 0 }] += 1.0;
    }
    counts
}

#[test]
fn after_every_reply_as_many_end_and_as_many_escalate_as_should() {
    for law in [CountLaw::geometric(4.0), CountLaw::negative_binomial(6.0, 0.8), CountLaw::constant(3)] {
        let hazard = 0.15;
        let mut plan = countable(law.clone(), Law::constant(5.0), tiring(hazard, 0.0), 0.0);
        plan.replications = 1;
        plan.length = causerie::base::time::Span::from_secs(100_000.0);
        let outcomes = simulated(&plan, 1).outcomes;
        let total = outcomes.len() as f64;
        assert!(total > 8_000.0);
        let most = 12;
        let (resolved, tired) =
            (by_length(&outcomes, Ending::Resolved, most), by_length(&outcomes, Ending::Escalated, most));
        let mut longer = 1.0;
        for n in 1..=most {
            let p = law.probability(n as u32);
            let still = libm::exp(-hazard * n as f64);
            let gone = libm::exp(-hazard * (n as f64 - 1.0)) - still;
            for (seen, truth) in [(resolved[n], p * still), (tired[n], longer * gone)] {
                let error = 4.0 * (truth * (1.0 - truth) / total).sqrt();
                let got = seen / total;
                assert!((got - truth).abs() <= error, "{law:?}, {n} replies: {got}, not {truth}");
            }
            longer -= p;
        }
    }
}

/// The probabilities of 0, 1, 2 … words in a message, as they are counted: to the nearest, 1 at least and 200 at most.
fn counted(cumulative: impl Fn(f64) -> f64) -> Vec<f64> {
    let up_to = |words: f64| match words {
        w if w < 1.0 => 0.0,
        w if w >= 200.0 => 1.0,
        w => cumulative(w + 0.5),
    };
    (0..=200).map(|w| up_to(f64::from(w)) - up_to(f64::from(w) - 1.0)).collect()
}

/// The words of a message as in `lognormal: {mean, cv}`.
fn lognormal_words(mean: f64, cv: f64) -> Vec<f64> {
    let sigma = libm::log1p(cv * cv).sqrt();
    let mu = libm::log(mean) - 0.5 * sigma * sigma;
    counted(|x| 0.5 * libm::erfc(-(libm::log(x) - mu) / (sigma * std::f64::consts::SQRT_2)))
}

/// The share that escalates under this hazard, by the law of the words typed so far of those who have not asked for the
/// phone yet, message after message: exact but for conversations of more than `most` exchanges.
fn escalated_share(exchanges: &CountLaw, words: &[f64], fatigue: FatiguePlan, most: u32) -> f64 {
    let mut typed = vec![1.0];
    let (mut still, mut seen) = (0.0, 0.0);
    for n in 1..=most {
        let mut next = vec![0.0; typed.len() + words.len() - 1];
        for (before, share) in typed.iter().enumerate().filter(|(_, share)| **share > 1e-15) {
            for (more, p) in words.iter().enumerate() {
                next[before + more] += share * p;
            }
        }
        for (words, share) in next.iter_mut().enumerate() {
            *share *= libm::exp(-fatigue.hazard * libm::exp(fatigue.per_word * words as f64));
        }
        let p = exchanges.probability(n);
        still += p * next.iter().sum::<f64>();
        seen += p;
        typed = next;
    }
    assert!(1.0 - seen < 1e-4, "{most} exchanges are too few");
    1.0 - still / seen
}

#[test]
fn fatigue_that_grows_with_the_words_is_that_of_an_independent_integration() {
    let trials = [
        (
            CountLaw::geometric(4.0),
            Law::lognormal(11.2, 0.9),
            lognormal_words(11.2, 0.9),
            tiring(0.03, 0.01),
            36,
        ),
        (
            CountLaw::constant(8),
            Law::empirical(vec![3.0, 8.0, 8.0, 40.0]),
            counted(|x| {
                f64::from(u8::from(x > 3.0)) * 0.25
                    + f64::from(u8::from(x > 8.0)) * 0.5
                    + f64::from(u8::from(x > 40.0)) * 0.25
            }),
            tiring(0.01, 0.02),
            8,
        ),
    ]
    .map(|(exchanges, law, words, fatigue, most)| {
        let truth = escalated_share(&exchanges, &words, fatigue, most);
        let plan = countable(exchanges, law, fatigue, 0.0);
        Trial::new(format!("{fatigue:?}"), plan).paced(Pace::Fine).expect("escalated", escalated, truth)
    });
    hold(trials, Effort::Short);
}

fn parsed(text: String) -> Plan {
    scenario::parse("x.yaml", text, Path::new(".")).unwrap_or_else(|problems| panic!("{problems}")).plan
}

/// A scenario in which every conversation is played to its end, and whose desk says this beside.
fn scenario_of(said: &str, replications: u32) -> Plan {
    parsed(format!(
        "name: rates\nlength: 12h\nwarm_up: 1h\nreplications: {replications}\nsupport:\n  arrivals: {{rate: 240/h}}\n  \
         patience: never\n  ghost_timeout: 1000h\n{said}  agents: {{count: 120, concurrency: 2, wrap_up: none, ramp_up: 0s}}\n\
         phone: {{lines: 60, patience: never}}\n"
    ))
}

#[test]
fn the_rate_that_is_wanted_is_the_rate_that_comes() {
    let plain = "  conversation: {exchanges: {geometric: {mean: 5}}, words: 9}\n";
    const REPLICATIONS: u32 = 240;
    let with = |rate: &str| {
        scenario_of(&format!("{plain}  cannot_call: 12%\n  escalation: {{{rate}}}\n"), REPLICATIONS)
    };
    let by_words = scenario_of("  escalation: {rate: 22%, per_word: 0.01}\n", REPLICATIONS);
    let two = scenario_of(
        "  escalation: {rate: 20%, per_complexity: 0.8}\n  topics:\n    easy: {share: 60%, exchanges: 3}\n    \
         hard: {share: 40%, exchanges: {geometric: {mean: 6}}, complexity: 1.5}\n",
        REPLICATIONS,
    );
    let of_topic = |number: usize| two.desks[0].topics[number].escalation;
    let (easy, hard) = (of_topic(0), of_topic(1));
    assert!((0.6 * easy + 0.4 * hard - 0.2).abs() < 1e-9 && hard > 2.0 * easy, "{easy} {hard}");
    hold(
        [
            Trial::new("22 %, hazard constant", with("rate: 22%, per_word: 0"))
                .paced(Pace::Fine)
                .expect("rate", escalated, 0.22),
            Trial::new("70 % of 88 %", with("rate: 70%, per_word: 0.004"))
                .paced(Pace::Fine)
                .expect("rate", escalated, 0.7),
            Trial::new("22 %, growing with the words", by_words)
                .paced(Pace::Fine)
                .expect("rate", escalated, 0.22),
            Trial::new("20 % of two topics", two)
                .expect("rate", escalated, 0.2)
                .expect("rate, easy", topic_escalated::<0>, easy)
                .expect("rate, hard", topic_escalated::<1>, hard),
        ],
        Effort::Short,
    );
}

/// A desk that always has more to do than it can, whose chats are known to last 11 minutes at a concurrency.
fn calibrated(concurrency: u32, said: &str) -> Plan {
    parsed(format!(
        "name: calibrated\nlength: 30h\nwarm_up: 3h\nreplications: 60\nsupport:\n  arrivals: {{rate: 300/h}}\n  patience: \
         never\n  ghost_timeout: 1000h\n  conversation:\n    calibrate: {{handling_time: 660s, at_concurrency: \
         {concurrency}}}\n{said}  agents: {{count: 8, concurrency: {concurrency}, ramp_up: 0s, accept: {{exponential: {{mean: 6s}}}}}}\n"
    ))
}

#[test]
fn thinking_that_is_calibrated_gives_the_handling_time_at_its_concurrency() {
    let exponential =
        "    exchanges: 6\n    words: 4\n    compose: {exponential: {mean: 20s}}\n    canned: {share: 0%}\n";
    let trials = [1, 2, 3].map(|concurrency| {
        let plan = calibrated(concurrency, exponential);
        let Content::Talk(talk) = &plan.desks[0].topics[0].content else { panic!("a talk") };
        let name = format!("11 min at {concurrency}, by thinking of {:.1} s", talk.think.mean());
        Trial::new(name, plan).paced(Pace::Fine).expect("handling time", handling_time, 660.0)
    });
    hold(trials, Effort::Short);
}
