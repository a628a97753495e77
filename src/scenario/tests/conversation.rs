//! The conversation, message by message: what it resolves to, what is solved for it, and what of it makes no sense.

use super::*;
use crate::base::count::CountLaw;
use crate::base::dist::Law;
use crate::scenario::Beside;
use crate::scenario::defaults::Origin;
use crate::scenario::format::{Format, Takes, When};
use crate::scenario::plan::{Content, DeskPlan, ReplyPlan, TalkPlan};
use crate::scenario::solved::Solved;

/// A desk that talks and says nothing else; the tests break one line of it at a time.
const TALK: &str = "\
name: talk
length: 2h
support:
  arrivals: {rate: 60/h}
  patience: {exponential: {mean: 300s}}
  conversation: {exchanges: {geometric: {mean: 5}}}
  escalation: {rate: 20%}
  agents: {count: 8, concurrency: 3, wrap_up: 45s}
";

/// Two topics that share a rate, and one that has its own.
const TOPICS: &str = "\
name: topics
length: 2h
support:
  arrivals: {rate: 60/h, bursts: [{at: 1h, count: 10, within: 1m}]}
  patience: never
  escalation: {rate: 20%, per_complexity: 0.8}
  topics:
    easy: {share: 50%, exchanges: 3, complexity: 0.5}
    hard: {share: 30%, exchanges: {geometric: {mean: 7}}, complexity: 1.5, canned: {share: 10%}}
    own: {share: 20%, words: 30, think: 20s, escalation: {rate: 5%}}
  agents: {count: 8, concurrency: 3}
";

fn desk(text: &str) -> DeskPlan {
    parsed(text).unwrap_or_else(|problems| panic!("{problems}")).plan.desks.remove(0)
}

fn talk(desk: &DeskPlan, topic: usize) -> &TalkPlan {
    match &desk.topics[topic].content {
        Content::Talk(talk) => talk,
        Content::Work(law) => panic!("a handling time: {law:?}"),
    }
}

fn amended(text: &str, path: &str, value: &str) -> Result<Scenario, Problems> {
    parse_with(
        "x.yaml",
        text.to_owned(),
        Path::new("/nowhere"),
        &Beside { target: None, keys: vec![(path.to_owned(), value.to_owned())] },
        &Solved::default(),
    )
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * b.abs().max(1.0)
}

#[test]
fn a_conversation_of_which_nothing_is_said_is_played_message_by_message() {
    let text =
        TALK.replace("  conversation: {exchanges: {geometric: {mean: 5}}}\n  escalation: {rate: 20%}\n", "");
    let desk = desk(&text);
    let talk = talk(&desk, 0);
    assert_eq!(talk.exchanges, CountLaw::geometric(5.0));
    assert!(near(talk.words.mean(), 11.2) && near(talk.think.mean(), 12.0));
    let ReplyPlan::Words { read_per_sec, type_per_sec } = talk.reply else { panic!("{:?}", talk.reply) };
    assert!(near(read_per_sec, 238.0 / 60.0) && near(type_per_sec, 0.5));
    assert!(near(talk.canned, 0.4) && near(talk.canned_time.mean(), 8.0));
    assert_eq!(desk.leaving.ghost_timeout, Span::from_whole_secs(120));
    assert!(near(desk.leaving.silent, 0.7) && desk.leaving.reply_patience.is_none());
    assert_eq!(desk.devices.len(), 2);
    assert!(near(desk.devices[1].share, 0.6) && near(desk.devices[1].words_per_sec, 16.0 / 60.0));
    // Without a phone pool nobody is escalated, and so it is of no interest who cannot call.
    assert_eq!((desk.topics[0].escalation, desk.cannot_call, talk.fatigue.hazard), (0.0, 0.0, 0.0));
    assert_eq!(desk.groups[0].stretch, [1.0; 3]);
}

#[test]
fn a_handling_time_leaves_no_ghosts_and_no_words() {
    let desk = desk(GOOD);
    assert_eq!(desk.leaving, plan::LeavingPlan::told());
    assert!(!desk.talks() && near(desk.cannot_call, 0.0));
    let rows = parsed(GOOD).unwrap().rows;
    for key in ["silent", "devices", "exchanges", "words", "think", "per_word", "cannot_call", "mistaken"] {
        assert!(!rows.iter().any(|row| row.path.contains(key)), "{key}");
    }
}

#[test]
fn a_phone_pool_makes_for_escalation_and_for_those_who_cannot_call() {
    let text = TALK.replace("  escalation: {rate: 20%}\n", "") + "phone: {lines: 2}\n";
    let desk = desk(&text);
    assert!(near(desk.topics[0].escalation, 0.22) && near(desk.cannot_call, 0.12));
    assert!(talk(&desk, 0).fatigue.hazard > 0.0 && near(talk(&desk, 0).fatigue.per_word, 0.004));
}

#[test]
fn topics_say_otherwise_and_complexity_multiplies() {
    let desk = desk(TOPICS);
    let (easy, hard, own) = (talk(&desk, 0), talk(&desk, 1), talk(&desk, 2));
    assert_eq!(easy.exchanges, CountLaw::constant(2));
    assert_eq!(hard.exchanges, CountLaw::geometric(10.5));
    assert_eq!(own.exchanges, CountLaw::geometric(5.0));
    assert!(near(easy.words.mean(), 5.6) && near(hard.words.mean(), 16.8) && near(own.words.mean(), 30.0));
    assert!(near(own.think.mean(), 20.0) && near(hard.think.mean(), 12.0));
    assert!(near(hard.canned, 0.1) && near(hard.canned_time.mean(), 8.0) && near(easy.canned, 0.4));
    let rates: Vec<f64> = desk.topics.iter().map(|topic| topic.escalation).collect();
    assert!(near(rates[2], 0.05), "{rates:?}");
    // 20% of the two together, and more of what is complex and long.
    assert!(near(0.625 * rates[0] + 0.375 * rates[1], 0.2) && rates[1] > 4.0 * rates[0], "{rates:?}");
    let ratio = hard.fatigue.hazard / easy.fatigue.hazard;
    assert!((ratio / libm::exp(0.8) - 1.0).abs() < 1e-9, "{ratio}");
}

#[test]
fn words_follow_every_law_and_counts_too() {
    for (typed, mean) in [
        ("11", 11.0),
        ("{constant: 11.5}", 11.5),
        ("{exponential: {mean: 9}}", 9.0),
        ("{lognormal: {median: 8, cv: 0.9}}", 8.0 * 1.81f64.sqrt()),
        ("{weibull: {mean: 7, shape: 0.8}}", 7.0),
        ("{gamma: {mean: 7, shape: 2}}", 7.0),
        ("{uniform: {min: 0, max: 20}}", 10.0),
    ] {
        let scenario = amended(TALK, "support.conversation.words", typed).unwrap();
        assert!(near(talk(&scenario.plan.desks[0], 0).words.mean(), mean), "{typed}");
    }
    for (typed, law) in [
        ("4", CountLaw::constant(4)),
        ("{constant: 4}", CountLaw::constant(4)),
        ("{geometric: {mean: 3.5}}", CountLaw::geometric(3.5)),
        ("{negative_binomial: {mean: 14, shape: 3}}", CountLaw::negative_binomial(14.0, 3.0)),
    ] {
        let scenario = amended(TALK, "support.conversation.exchanges", typed).unwrap();
        assert_eq!(talk(&scenario.plan.desks[0], 0).exchanges, law, "{typed}");
    }
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("words.txt"), "3\n5\n# seven\n7\n").unwrap();
    let text = TALK.replace("exchanges:", "words: {empirical: {file: words.txt}}, exchanges:");
    let scenario = parse("x.yaml", text, directory.path()).unwrap();
    assert_eq!(talk(&scenario.plan.desks[0], 0).words, Law::empirical(vec![3.0, 5.0, 7.0]));
}

#[test]
fn calibrating_scales_the_thinking_until_chats_last_as_long_as_they_do() {
    // One exchange after the other, no words to speak of: 3 s of reply, 30 s to think, none of it waited for.
    let text = "\
name: calibrated
length: 1h
support:
  arrivals: {rate: 60/h}
  patience: never
  devices: {desktop: 100%}
  conversation:
    exchanges: 5
    words: 1
    think: {exponential: {mean: 10s}}
    compose: 3s
    canned: {share: 0%}
    typing: {desktop: 60 wpm}
    calibrate: {handling_time: 174s, at_concurrency: 1}
  agents: {count: 5, concurrency: 2, accept: 5s, wrap_up: {exponential: {mean: 30s}}}
";
    // 174 = 5 accepting + 5 replies of 3 + 4 turns of (thinking + 1 typing) + 30 wrapping up: thinking is 30.
    let desk = desk(text);
    assert_eq!(talk(&desk, 0).think, Law::exponential(10.0).scaled(talk(&desk, 0).think.mean() / 10.0));
    assert!((talk(&desk, 0).think.mean() - 30.0).abs() < 1e-6, "{}", talk(&desk, 0).think.mean());
    // With two in hand replies wait for each other, so that there is less time left to think.
    let pair = amended(text, "support.conversation.calibrate.at_concurrency", "2").unwrap().plan;
    let thinking = talk(&pair.desks[0], 0).think.mean();
    assert!(29.0 < thinking && thinking < 30.0, "{thinking}");
    let half = amended(text, "support.conversation.calibrate.at_concurrency", "1.5").unwrap().plan;
    assert!(talk(&half.desks[0], 0).think.mean() > thinking);
    for (path, value, found, advice) in [
        ("handling_time", "54s", "`54s`", "more than 54s"),
        ("at_concurrency", "2.1", "`2.1`", "at most 2"),
        ("at_concurrency", "0.5", "`0.5`", "at least 1"),
    ] {
        let path = format!("support.conversation.calibrate.{path}");
        let told = amended(text, &path, value).unwrap_err();
        let problem = &told.all()[0];
        assert!(problem.found.contains(found) && problem.expected.contains(advice), "{told}");
        assert_eq!((told.all().len(), problem.path.as_str()), (1, path.as_str()), "{told}");
    }
    let thoughtless = amended(text, "support.conversation.think", "0s").unwrap_err();
    assert!(thoughtless.to_string().contains("visitors think"), "{thoughtless}");
}

/// Line, what it is replaced by, the column, part of what was found, part of the hint (or of what was expected).
const SLIPS: &[(usize, &str, u32, &str, &str)] = &[
    (6, "  conversation: {exchanges: 0}", 29, "`0`", "from 1 to 10000"),
    (6, "  conversation: {exchanges: 2.5}", 29, "`2.5`", "a whole number"),
    (6, "  conversation: {exchanges: {geometric: {mean: 0}}}", 48, "`0`", "from 1 to 10000"),
    (6, "  conversation: {exchanges: {geometric: {mean: 0.9}}}", 48, "`0.9`", "from 1 to 10000"),
    (6, "  conversation: {exchanges: {negative_binomial: {mean: 4}}}", 49, "no `shape`", "shape: 1"),
    (6, "  conversation: {exchanges: {geometrical: {mean: 4}}}", 30, "`geometrical`", "`geometric`"),
    (
        6,
        "  conversation: {exchanges: 3, complexity: 0.2}",
        3,
        "3 exchanges at a complexity of 0.2",
        "complexity: 0.3333",
    ),
    (6, "  conversation: {words: 11s}", 25, "`11s`", "a plain number"),
    (6, "  conversation: {words: 0}", 25, "`0`", "not always zero"),
    (6, "  conversation: {words: 300}", 3, "messages of 300 words", "at most 200 words on average"),
    (6, "  conversation: {exchanges: {geometric: {mean: 0}}}", 48, "`0`", "are the first exchange"),
    (6, "  conversation: {words: {exponential: {mean: 90s}}}", 46, "`90s`", "a plain number"),
    (6, "  conversation: {typing: {desktop: 19}}", 36, "`19`", "write 19 wpm"),
    (6, "  conversation: {typing: {desktop: 0 wpm}}", 36, "`0 wpm`", "nothing would ever be said"),
    (6, "  conversation: {typing: {tablet: 19 wpm}}", 27, "`tablet`", "one of desktop, mobile"),
    (
        6,
        "  conversation: {compose: 30s, typing: {agent: 19 wpm}}",
        41,
        "beside compose",
        "reading and typing",
    ),
    (6, "  conversation: {canned: {share: 140%}}", 34, "`140%`", "0% to 100%"),
    (6, "  conversation: {calibrate: {handling_time: 9m}}", 29, "no `at_concurrency`", "at_concurrency: 1"),
    (
        6,
        "  conversation: {calibrate: {handling_time: 9s, at_concurrency: 2}}",
        45,
        "`9s`",
        "without any thinking",
    ),
    (6, "  conversation: {mistaken: 5%}", 18, "less than two topics", "several under `topics`"),
    (
        6,
        "  conversation: {messages: {every: 30s}}",
        18,
        "message by message",
        "give the conversation a handling_time",
    ),
    (
        6,
        "  conversation: {handling_time: 5m, exchanges: 4}",
        37,
        "`exchanges`, which does nothing",
        "of one kind",
    ),
    (
        6,
        "  conversation: {exchanges: 4}\n  topics: {a: {share: 50%, exchanges: 3}, b: {share: 50%, handling_time: 5m}}",
        28,
        "`exchanges`",
        "of one kind",
    ),
    (6, "  devices: {desktop: 40%, mobile: 40%}", 3, "add up to 80%", "add up to 100%"),
    (6, "  devices: {desktop: 40%, tablet: 60%}", 27, "`tablet`", "one of desktop, mobile"),
    (6, "  balk: {}", 9, "no `queue_over`", "queue_over: 20"),
    (6, "  ghost_timeout: 0s", 18, "`0s`", "longer than zero"),
    (6, "  reply_patience: nevr", 19, "`nevr`", "never, a duration"),
    (6, "  silent: 70", 11, "`70`", "write 70%"),
    (7, "  escalation: {rate: 100%}", 22, "`100%`", "a rate below 88%"),
    (7, "  escalation: {rate: 20%}\n  cannot_call: 85%", 22, "`20%`", "a rate below 15%"),
    (7, "  escalation: {rate: 20%, per_word: 0.5}", 37, "`0.5`", "from 0 to 0.1"),
    (7, "  cannot_call: 12%", 3, "where no chat ends on the phone", "give a rate"),
    (7, "  escalation: {per_word: 0.01}", 16, "where no chat ends on the phone", "give a rate"),
    (
        8,
        "  agents: {count: 8, concurrency: 3, stretch: [1, 1.2, 1.4]}",
        38,
        "message by message",
        "remove it",
    ),
    (8, "  agents: {count: 8, concurrency: 0}", 35, "`0`", "from 1 to 100 at least 1"),
];

#[test]
fn every_slip_is_told_with_its_place_and_a_hint() {
    let mut missed = String::new();
    for (line, instead, column, found, hint) in SLIPS {
        let lines: Vec<&str> =
            TALK.lines().enumerate().map(|(i, own)| if i + 1 == *line { instead } else { own }).collect();
        let problems = match parsed(&lines.join("\n")) {
            Ok(_) => {
                missed += &format!("`{instead}` makes a plan\n");
                continue;
            }
            Err(problems) => problems,
        };
        let told = problems.all().iter().find(|problem| {
            let advice = format!("{} {}", problem.expected, problem.hint.as_deref().unwrap_or_default());
            problem.place.column == *column && problem.found.contains(found) && advice.contains(hint)
        });
        match told {
            None => missed += &format!("`{instead}` in column {column}: {problems}\n"),
            Some(_) if problems.all().len() > 1 && !instead.contains("handling_time: 5m") => {
                missed += &format!("`{instead}` is told more than once: {problems}\n");
            }
            Some(_) => {}
        }
    }
    assert_eq!(missed, "");
}

#[test]
fn a_rate_of_nothing_may_be_one_end_of_a_sweep() {
    let text = TALK.replace("rate: 20%}", "rate: 0%, per_word: 0.01}\n  cannot_call: 5%");
    let desk = desk(&text);
    assert_eq!((desk.topics[0].escalation, talk(&desk, 0).fatigue.hazard), (0.0, 0.0));
}

#[test]
fn any_number_can_be_given_beside_the_file() {
    let exchanges = |plan: &Plan, topic| talk(&plan.desks[0], topic).exchanges.mean();
    let plan = amended(TOPICS, "support.topics.hard.exchanges.geometric.mean", "9").unwrap().plan;
    assert!(near(exchanges(&plan, 1), 13.5));
    let plan = amended(TOPICS, "support.topics.easy.exchanges", "5").unwrap().plan;
    assert!(near(exchanges(&plan, 0), 3.0));
    let plan = amended(TOPICS, "support.topics.own.escalation.rate", "7%").unwrap().plan;
    assert!(near(plan.desks[0].topics[2].escalation, 0.07));
    let plan = amended(TOPICS, "support.conversation.typing.agent", "60 wpm").unwrap().plan;
    assert!(
        matches!(talk(&plan.desks[0], 0).reply, ReplyPlan::Words { type_per_sec, .. } if type_per_sec == 1.0)
    );
    let plan = amended(TOPICS, "support.arrivals.bursts[0].count", "25").unwrap().plan;
    assert_eq!(plan.desks[0].arrivals.bursts[0].count, 25);
    for path in ["support.arrivals.bursts[1].count", "support.arrivals.bursts[].count", "support.patience[0]"]
    {
        let problems = amended(TOPICS, path, "25").unwrap_err().to_string();
        assert!(problems.contains("counted from 0") && problems.contains("given beside"), "{problems}");
    }
}

/// A scenario in which every key that has a default has a place.
const ALL: &str = "\
name: all
length: 2h
support:
  arrivals: {profile: {0m: 60/h}, retry: {share: 10%, after: 5m}}
  patience: never
  topics: {a: {share: 50%}, b: {share: 50%}}
  agents: {shifts: {all: {count: 20, from: 0m, to: 2h}}}
phone: {lines: 5}
";

/// Every default of the tables with its path; what has keys of its own is looked into.
fn defaults_of(format: &'static Format, path: &str, all: &mut Vec<(String, Origin)>) {
    for key in format.keys {
        let path = if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) };
        let origin = match &key.when {
            When::Default(default) | When::Where(default, _) => Some(default.origin),
            _ => None,
        };
        match &key.takes {
            Takes::Map(below) | Takes::Either(_, Takes::Map(below)) if !below.choice => {
                defaults_of(below, &path, all);
            }
            _ => all.extend(origin.map(|origin| (path, origin))),
        }
    }
}

#[test]
fn every_default_is_explained_with_where_it_comes_from() {
    let talking = parsed(ALL).unwrap_or_else(|problems| panic!("{problems}")).rows;
    let mut all = Vec::new();
    defaults_of(&keys::SCENARIO, "", &mut all);
    // What is described only where somebody wants it, in its own tests; and what goes with a handling time.
    const ELSEWHERE: [&str; 9] = [
        "support.sales",
        "support.channels",
        "support.offer",
        "phone.arrivals",
        "support.conversation.messages",
        "target",
        "faults",
        "site",
        "run.reconnect",
    ];
    all.retain(|(path, _)| !ELSEWHERE.iter().any(|elsewhere| path.starts_with(elsewhere)));
    assert!(all.len() > 40, "{}", all.len());
    let sourced = all.iter().filter(|(_, origin)| matches!(origin, Origin::Sourced(_))).count();
    assert!(sourced >= 5, "{sourced}");
    let missing: Vec<&String> = all
        .iter()
        .filter(|(path, origin)| {
            // A default of a whole map is typed in none of its keys.
            !talking.iter().any(|row| row.path == *path && row.origin == *origin)
        })
        .map(|(path, _)| path)
        .collect();
    assert_eq!(missing, Vec::<&String>::new());
}

/// Whatever stands in the place of a value, there is an answer: a plan or problems.
#[test]
fn no_slip_makes_it_fall_over() {
    const NASTY: [&str; 9] =
        ["-1", "0", "0%", "100%", "0.1", "999999", "[]", "{geometric: {mean: 1}}", "{constant: 0}"];
    for text in [TALK, TOPICS, ALL] {
        for from in text.match_indices([':', ',', '[']).map(|(i, _)| i + 1) {
            let tail = &text[from..];
            let to = from + tail.find([',', '}', ']', '\n']).unwrap_or(tail.len());
            for nasty in NASTY {
                let _ = parsed(&format!("{} {nasty}{}", &text[..from], &text[to..]));
            }
        }
    }
}

#[test]
fn a_what_if_holds_what_was_solved() {
    let rate = |amendments: &[(&str, &str)], held: &Solved| {
        let keys = amendments.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let beside = Beside { target: None, keys };
        let scenario = parse_with("x.yaml", TALK.to_owned(), Path::new("/nowhere"), &beside, held);
        let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
        (scenario.plan.desks[0].topics[0].escalation, scenario.solved)
    };
    let (as_it_stands, solved) = rate(&[], &Solved::default());
    assert!((as_it_stands - 0.2).abs() < 1e-6);
    let longer = [("support.conversation.exchanges.geometric.mean", "10")];
    assert!((rate(&longer, &Solved::default()).0 - 0.2).abs() < 1e-6, "alone, the hazard is solved anew");
    let (held, still) = rate(&longer, &solved);
    assert!(held > 0.3, "twice as much to type tires more often: {held}");
    assert_eq!(still, solved);
    let complex = [("support.conversation.complexity", "2")];
    assert!(rate(&complex, &solved).0 > held, "and a complex question more than a long one");
    let asked_for = [("support.escalation.rate", "10%")];
    assert!((rate(&asked_for, &solved).0 - 0.1).abs() < 1e-6);
}
