//! The format from outside: what is shipped resolves, and what is wrong is told with its place and a hint.

use super::*;
use crate::base::time::RealSpan;

mod conversation;
mod dialect;
mod faults;
mod reconnect;
mod rooms;
mod site;
mod staff;
mod target;

fn shipped() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    files
}

#[test]
fn every_shipped_scenario_resolves_without_a_warning() {
    let files = shipped();
    assert!(files.len() >= 3);
    for file in files {
        let scenario = load(&file).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(scenario.warnings, Vec::<String>::new(), "{}", file.display());
        for row in &scenario.rows {
            println!("{:60} {:40} {:?}", row.path, row.value, row.origin);
        }
    }
}

/// A scenario that is right; the tests break one line of it at a time.
const GOOD: &str = "\
name: good
length: 2h
support:
  arrivals: {rate: 60/h}
  patience: {exponential: {mean: 300s}}
  conversation: {handling_time: 5m}
  agents: {count: 8, concurrency: 2, stretch: [1, 1.3]}
gates: []
";

fn parsed(text: &str) -> Result<Scenario, Problems> {
    parse("bad.yaml", text.to_owned(), Path::new("/nowhere"))
}

/// The problems of [`GOOD`] with `line` (from 1) instead of its own.
fn broken(line: usize, instead: &str) -> Vec<Problem> {
    let lines: Vec<&str> =
        GOOD.lines().enumerate().map(|(i, own)| if i + 1 == line { instead } else { own }).collect();
    match parsed(&lines.join("\n")) {
        Ok(scenario) => panic!("`{instead}` makes a plan: {:?}", scenario.plan),
        Err(problems) => problems.all().to_vec(),
    }
}

/// Line, what it is replaced by, the column, part of what was found, part of the hint (or of what was expected).
const SLIPS: &[(usize, &str, u32, &str, &str)] = &[
    (5, "  pateince: never", 3, "unknown key `pateince`", "did you mean `patience`?"),
    (2, "lenght: 2h", 1, "unknown key `lenght`", "did you mean `length`?"),
    (2, "length: 7200", 9, "`7200`", "write 7200s"),
    (2, "length: 0s", 9, "`0s`", "longer than zero"),
    (2, "length: 99999d", 9, "`99999d`", "3650d"),
    (2, "length: [2h]", 9, "a list", "a duration"),
    (2, "length:", 1, "nothing", "a duration"),
    (2, "length: 2h\nlength: 3h", 1, "`length` a second time", "line 2"),
    (2, "length: 2h\nwarm_up: 3h", 10, "`3h`", "left out of every figure"),
    (2, "length: 2h\nseed: -1", 7, "`-1`", "a whole number from 0"),
    (2, "length: 2h\nseed: 1e3", 7, "`1e3`", "a whole number"),
    (2, "length: 2h\nreplications: 0", 15, "`0`", "from 1 to"),
    (2, "length: 2h\nstart: 2026-11-28 09:00", 8, "`2026-11-28 09:00`", "add the time zone"),
    (2, "length: 2h\nstart: 2026-11-28 09:00 Mars/Olympus", 8, "Olympus", "none that this machine knows"),
    (2, "length: 2h\nstart: 2026-03-29 02:30 Europe/Paris", 8, "02:30", "the clocks change"),
    (2, "length: 2h\nrun: {speed: 0}", 14, "`0`", "above 0"),
    (2, "length: 2h\nrun: {length: 3h}", 15, "`3h`", "its beginning"),
    (2, "length: 2h\nrun: {speed: fast}", 14, "`fast`", "a plain number"),
    (2, "length: 2h\nrun: {valid: {lag_p99: 0s}}", 24, "`0s`", "longer than zero"),
    (2, "length: 2h\nrun: {valid: {cpu: 0.9}}", 20, "`0.9`", "write 90%"),
    (2, "length: 2h\ntarget: {url: \"ftp://localhost\"}", 15, "ftp", "ws://127.0.0.1:8787"),
    (
        2,
        "length: 2h\ntarget: {url: \"ws://desk\", insecure: true}",
        28,
        "`insecure`, which does nothing",
        "write wss://",
    ),
    (2, "length: 2h\ntarget: {url: \"wss://desk\", insecure: ture}", 39, "`ture`", "did you mean `true`?"),
    (
        2,
        "length: 2h\ntarget: {url: \"wss://desk\", ca_file: no.pem}",
        38,
        "no such file",
        "from where the file is that names them",
    ),
    (2, "length: 2h\ntarget: {insecure: true}", 9, "no `url`", ""),
    (4, "  arrivals: {rate: 60}", 20, "`60`", "write 60/h"),
    (4, "  arrivals: {rate: -60/h}", 20, "`-60/h`", ""),
    (4, "  arrivals: {rate: .nan}", 20, "`.nan`", "a rate with its unit"),
    (4, "  arrivals: {rate: .inf/h}", 20, "`.inf/h`", "a rate with its unit"),
    (4, "  arrivals: {rate: 99999999/s}", 20, "99999999/s", "at most"),
    (4, "  arrivals: {}", 13, "nobody who comes", "arrivals: {rate: 240/h}"),
    (4, "  arrivals: {rate: 60/h, shape: linear}", 26, "`shape`, which does nothing", "remove it"),
    (4, "  arrivals: {rate: 60/h, profile: {0m: 60/h}}", 26, "both a rate and a profile", "one of the two"),
    (4, "  arrivals: {profile: {\"09:00\": 60/h}}", 24, "`09:00`", "need `start:`"),
    (4, "  arrivals: {profile: {5m: 60/h}}", 24, "begins 5m after", "from its start"),
    (4, "  arrivals: {profile: {0m: 60/h, 20m: 1/h, 10m: 5/h}}", 44, "go back", "in order"),
    (4, "  arrivals: {profile: {0m: 60/h, 10m: fast}}", 39, "`fast`", "a rate"),
    (4, "  arrivals: {profile: {file: none.csv}}", 30, "no such file", "paths start from"),
    (4, "  arrivals: {bursts: [{at: 3h, count: 5, within: 1m}]}", 28, "`3h`", "before the end"),
    (4, "  arrivals: {bursts: [{at: 1h, count: 5}]}", 23, "no `within`", "within: 90s"),
    (
        4,
        "  arrivals: {bursts: [&b {at: 1h, count: 1000000, within: 1m}, *b, *b, *b, *b, *b]}",
        14,
        "6000000",
        "in all bursts",
    ),
    (4, "  arrivals: {rate: 60/h, retry: {share: 140%, after: 5m}}", 41, "`140%`", "0% to 100%"),
    (4, "  arrivals: {rate: 60/h, busyness: {cv: -1}}", 41, "`-1`", "standard deviation"),
    (5, "  walk_out: 1h", 3, "no `patience`", "patience: never"),
    (5, "  patience: 300", 13, "`300`", "write 300s"),
    (5, "  patience: {exponental: {mean: 5m}}", 14, "unknown key `exponental`", "`exponential`"),
    (5, "  patience: {log-normal: {mean: 5m}}", 14, "unknown key `log-normal`", "did you mean `lognormal`?"),
    (5, "  patience: {exponential: {}}", 27, "no `mean`", "mean: 90s"),
    (5, "  patience: {exponential: {mean: 0s}}", 34, "`0s`", "longer than zero"),
    (5, "  patience: {exponential: {mean: 5m}, uniform: {min: 1s, max: 2s}}", 13, "2 of them", "one of"),
    (5, "  patience: {lognormal: {mean: 5m, cv: 0}}", 40, "`0`", "{constant: 5m}"),
    (5, "  patience: {lognormal: {mean: 5m, cv: -0.5}}", 40, "`-0.5`", "0 to 100"),
    (5, "  patience: {lognormal: {cv: 0.5}}", 25, "neither a mean nor a median", "one of the two"),
    (5, "  patience: {weibull: {mean: 5m, shape: 1e-9}}", 41, "`1e-9`", "from 0.1 to 100"),
    (5, "  patience: {uniform: {min: 5m, max: 2m}}", 38, "`2m`", "above the least, 5m"),
    (5, "  patience: {empirical: {file: none.txt}}", 32, "no such file", ""),
    (5, "  patience: nevr", 13, "`nevr`", "never, a duration such as 90s, or a law"),
    (6, "  conversation: {handling_time: never}", 33, "`never`", "a duration such as 90s, or a law"),
    (6, "  conversation: {handling_time: 0s}", 33, "`0s`", "not always zero"),
    (6, "  conversation: {handling_time: 5m, resolution: 0.8}", 49, "`0.8`", "write 80%"),
    (6, "  conversation: {handling_time: 5m, messages: {every: 30s, count: 3}}", 47, "2 of them", "one of"),
    (
        6,
        "  conversation: {handling_time: 5m}\n  escalation: {rate: 5%, to: {give_up: 100%}}",
        26,
        "which does nothing",
        "remove it",
    ),
    (
        7,
        "  agents: {count: 8, concurrency: 2}",
        22,
        "a concurrency of 2 without `stretch`",
        "stretch: [1, 1.25]",
    ),
    (
        7,
        "  agents: {count: 8, concurrency: 3, stretch: [1, 1.3]}",
        47,
        "2 of them",
        "stretch: [1, 1.25, 1.6]",
    ),
    (7, "  agents: {count: 8, concurrency: 2, stretch: [0.5, 1]}", 48, "`0.5`", "stretch:"),
    (7, "  agents: {count: 8, concurrency: 2, stretch: [1.2, 1.1]}", 53, "`1.1`", "stretch:"),
    (7, "  agents: {count: 0}", 19, "`0`", "from 1 to"),
    (7, "  agents: {count: 1.5}", 19, "`1.5`", "a whole number"),
    (7, "  agents: {concurrency: 2}", 11, "neither `count` nor `groups`", "agents: {count: 20}"),
    (7, "  agents: {count: 8, routing: least-busy}", 31, "`least-busy`", "did you mean `least busy`?"),
    (7, "  agents: {count: 8, groups: {a: {count: 1}}}", 12, "`count`, which does nothing", "remove it"),
    (7, "  agents: {groups: {\"Tier 1\": {count: 1}}}", 21, "`Tier 1`", "names of figures"),
    (7, "  agents: {groups: {}}", 20, "0 of them", "from 1"),
    (
        8,
        "phone: {lines: 3}\ngates: [\"support.abandonned.share < 5%\"]",
        9,
        "does not exist",
        "`support.abandoned.share`",
    ),
    (8, "gates: [\"support.abandoned.share < 5\"]", 9, "`5` as the limit", "0% to 100%"),
    (8, "gates: [\"support.queue_time.p95 < 5%\"]", 9, "`5%` as the limit", "a time"),
    (8, "gates: [\"support.queue_time.p95\"]", 9, "p95`", "for example"),
    (8, "gates: \"support.abandoned.share < 5%\"", 8, "`support", "in brackets"),
    (8, "phone: {callback: {tries: 0}, lines: 2}", 27, "`0`", "from 1"),
    (8, "phone: {}", 8, "no `lines`", "lines: 20"),
    (8, "desks: {sales: {}}", 1, "both `support` and `desks`", "under `desks`"),
];

#[test]
fn every_slip_is_told_with_its_place_and_a_hint() {
    let mut missed = String::new();
    for (line, instead, column, found, hint) in SLIPS {
        let problems = broken(*line, instead);
        // The slip is on the last line of what is put in.
        let line = *line as u32 + instead.matches('\n').count() as u32;
        let told = problems.iter().find(|problem| {
            let advice = format!("{} {}", problem.expected, problem.hint.as_deref().unwrap_or_default());
            problem.place.column == *column && problem.found.contains(found) && advice.contains(hint)
        });
        let all = || problems.iter().map(|problem| format!("{problem}")).collect::<String>();
        let Some(told) = told else {
            missed += &format!("`{instead}` in column {column}: {}\n", all());
            continue;
        };
        // What is missing is told where the map begins, which may be an earlier line.
        assert!(told.place.line == line || told.found.starts_with("no "), "`{instead}`: {}", all());
        let twin = problems.iter().filter(|other| other.place == told.place).count();
        assert_eq!(twin, 1, "one problem in one place: {}", all());
        assert!(told.source.is_some() && told.file == "bad.yaml");
    }
    assert_eq!(missed, "");
}

const TOPICS: &str = "\
name: topics
length: 2h
support:
  arrivals: {rate: 60/h}
  patience: never
  topics:
    order: {share: 60%, handling_time: 5m, escalation: {rate: 20%}}
    other: {share: 30%, handling_time: 5m, skills: [magic]}
  agents: {groups: {all: {count: 9, skills: [orders]}}}
";

#[test]
fn topics_that_do_not_add_up_or_that_nobody_can_serve_are_told_together() {
    let problems = parsed(TOPICS).unwrap_err();
    let text = problems.to_string();
    assert!(text.contains("shares that add up to 90%"), "{text}");
    assert!(text.contains("no agent has together"), "{text}");
    assert!(text.contains("hint: all have [orders]"), "{text}");
    assert_eq!(problems.all().len(), 2, "{text}");
    assert_eq!((problems.all()[0].place.line, problems.all()[1].place.line), (6, 8), "{text}");
    let mended = TOPICS.replace("30%", "40%").replace("magic", "orders");
    let plan = parsed(&mended).unwrap().plan;
    assert_eq!(plan.desks[0].topics.len(), 2);
    assert_eq!(plan.desks[0].escalation.give_up, 1.0);
}

#[test]
fn all_problems_come_at_once_in_the_order_of_the_file() {
    let text =
        "nmae: x\nlength: 5\nsupport:\n  arrivals: {rate: 5}\n  agents: {count: many}\nphone: {lines: 0}\n";
    let problems = parsed(text).unwrap_err();
    let places: Vec<Place> = problems.all().iter().map(|problem| problem.place).collect();
    assert!(places.is_sorted());
    // nmae, length, rate, patience, count, lines.
    assert_eq!(places.len(), 6, "{problems}");
}

#[test]
fn a_file_of_nothing_but_problems_is_told_in_part_and_at_once() {
    let text: String = (0..40_000).map(|i| format!("key{i}: {{}}\n")).collect();
    let problems = parsed(&text).unwrap_err();
    assert_eq!(problems.all().len(), 100);
    assert!(problems.to_string().ends_with("100 problems, and perhaps more"));
}

#[test]
fn the_phone_needs_what_is_sent_to_it() {
    let text = GOOD.replace("gates: []", "phone: {lines: 2, callback: none}");
    let to = "to: {toll_free: 45%, callback: 35%, give_up: 20%}";
    let asked = text.replace("  agents", &format!("  escalation: {{rate: 5%, {to}}}\n  agents"));
    let problems = parsed(&asked).unwrap_err();
    assert!(problems.to_string().contains("callbacks asked of a phone pool"), "{problems}");
    // Where nothing is said of it, those who would have been called back call.
    let plan = parsed(&text.replace("  agents", "  escalation: {rate: 5%}\n  agents")).unwrap().plan;
    assert_eq!(plan.phone, Some(crate::base::id::DeskId(1)));
    assert_eq!(plan.desks[0].escalation.toll_free, 0.8);
    assert_eq!(plan.desks[1].callback(), None);
}

#[test]
fn several_desks_have_names_that_figures_can_bear() {
    let desk =
        "{arrivals: {rate: 6/h}, patience: never, conversation: {handling_time: 5m}, agents: {count: 2}}";
    let text = |names: [&str; 2]| {
        format!("name: x\nlength: 1h\ndesks:\n  {}: {desk}\n  {}: {desk}\n", names[0], names[1])
    };
    let plan = parsed(&text(["sales", "help"])).unwrap().plan;
    assert_eq!(plan.desks.iter().map(|desk| desk.name.as_str()).collect::<Vec<_>>(), ["sales", "help"]);
    for names in [["sales", "sales"], ["sales", "delivery"], ["sales", "Help"], ["margin", "help"]] {
        assert!(parsed(&text(names)).is_err(), "{names:?}");
    }
}

#[test]
fn files_of_the_wrong_kind_are_refused_before_they_are_read() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = directory.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let huge = file("huge.yaml", b"");
    std::fs::File::options().write(true).open(&huge).unwrap().set_len(100 << 20).unwrap();
    let cases = [
        (directory.path().to_path_buf(), "a directory"),
        (directory.path().join("none.yaml"), "no such file"),
        (huge, "more than 4 MB"),
        (file("empty.yaml", b""), "nothing"),
        (file("comment.yaml", b"# nothing\n"), "nothing"),
        (file("nul.yaml", b"name: a\0b\n"), "NUL"),
        (file("latin.yaml", b"name: x\nlength: caf\xe9\n"), "on line 2 that are not UTF-8"),
        (file("list.yaml", b"- a\n- b\n"), "a list"),
        (file("text.yaml", b"hello"), "`hello`"),
    ];
    for (path, found) in cases {
        let problems = load(&path).unwrap_err();
        assert_eq!(problems.all().len(), 1, "{problems}");
        assert!(problems.to_string().contains(found), "{problems}");
    }
    let marked = file("marked.yaml", format!("\u{feff}{GOOD}").as_bytes());
    assert_eq!(load(&marked).unwrap().plan.name, "good");
}

#[test]
fn forecasts_and_observations_are_read_from_beside_the_scenario() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("day.csv"), "start,volume\n08:30,10\n09:00,30\n09:30,60\n").unwrap();
    std::fs::write(directory.path().join("times.txt"), "# seconds\n100\n200\n\n300\n").unwrap();
    std::fs::write(directory.path().join("bad.csv"), "start,volume\n09:00,30\n09:30,-6\n08:50,5\n10:00\n")
        .unwrap();
    let text = |forecast: &str| {
        GOOD.replace("length: 2h", "length: 2h\nstart: 2026-11-28 09:00 Europe/Paris")
            .replace("rate: 60/h", &format!("profile: {{file: {forecast}}}"))
            .replace("handling_time: 5m", "handling_time: {empirical: {file: times.txt}}")
    };
    let scenario = parse("x.yaml", text("day.csv"), directory.path()).unwrap();
    let desk = &scenario.plan.desks[0];
    let pieces = &desk.arrivals.pieces;
    let rates: Vec<f64> = pieces.iter().map(|piece| (piece.from_per_sec * 3600.0).round()).collect();
    assert_eq!(rates, [60.0, 120.0]);
    assert_eq!((pieces[0].from.secs(), pieces[1].to.secs()), (0.0, 3600.0));
    assert!((desk.topics[0].content.mean_work_secs() - 200.0).abs() < 1e-9);
    assert_eq!(scenario.warnings.len(), 1, "{:?}", scenario.warnings);

    let problems = parse("x.yaml", text("bad.csv"), directory.path()).unwrap_err();
    let places: Vec<(&str, u32)> =
        problems.all().iter().map(|problem| (problem.file.as_str(), problem.place.line)).collect();
    assert_eq!(places, [("bad.csv", 3), ("bad.csv", 4), ("bad.csv", 5)], "{problems}");
}

#[test]
fn times_of_day_follow_the_clock_through_its_changes() {
    // On 29 March 2026 the clocks of Paris go from 02:00 to 03:00: 04:00 is three hours after midnight.
    let text = GOOD
        .replace("length: 2h", "length: 30h\nstart: 2026-03-29 00:00 Europe/Paris")
        .replace("rate: 60/h", "profile: {\"00:00\": 10/h, \"04:00\": 20/h}");
    let plan = parsed(&text).unwrap().plan;
    let froms: Vec<f64> =
        plan.desks[0].arrivals.pieces.iter().map(|piece| piece.from.secs() / 3600.0).collect();
    assert_eq!(froms, [0.0, 3.0, 23.0, 27.0]);
    let linear = parsed(&text.replace("20/h}}", "20/h}, shape: linear}")).unwrap().plan;
    let last = linear.desks[0].arrivals.pieces.last().unwrap();
    assert_eq!((last.from_per_sec, last.to_per_sec), (20.0 / 3600.0, 20.0 / 3600.0));
    let first = linear.desks[0].arrivals.pieces[0];
    assert_eq!((first.from_per_sec, first.to_per_sec), (10.0 / 3600.0, 20.0 / 3600.0));
}

#[test]
fn the_hash_is_of_what_is_meant_not_of_how_it_is_written() {
    let good = parsed(GOOD).unwrap();
    let same = parsed(&GOOD.replace("300s", "5m").replace("60/h", "1/min").replace("8,", "8, ")).unwrap();
    let other = parsed(&GOOD.replace("300s", "301s")).unwrap();
    assert_eq!(good.plan_hash(), same.plan_hash());
    assert_ne!(good.text_hash(), same.text_hash());
    assert_ne!(good.plan_hash(), other.plan_hash());
}

#[test]
fn defaults_are_told_from_what_is_given() {
    let text = GOOD.replace("gates: []", "phone: {lines: 2}");
    let rows = parsed(&text).unwrap().rows;
    let origin = |path: &str| rows.iter().find(|row| row.path == path).map(|row| row.origin);
    assert_eq!(origin("support.agents.count"), Some(defaults::Origin::Given));
    assert_eq!(origin("replications"), Some(defaults::Origin::Assumed));
    assert!(matches!(origin("phone.callback.accepted"), Some(defaults::Origin::Sourced(_))));
    assert_eq!(origin("phone.handling_time"), Some(defaults::Origin::Assumed));
    assert_eq!(origin("support.conversation.messages.every"), Some(defaults::Origin::Assumed));
}

/// Whatever stands in the place of a value, or wherever a file is cut off, there is an answer: a plan or problems.
#[test]
fn what_makes_a_run_valid_has_defaults_and_can_be_said() {
    let plan = |run: &str| {
        let typed = format!("{GOOD}run: {run}\n");
        parsed(&typed).unwrap_or_else(|problems| panic!("{problems}")).plan.run.valid
    };
    assert_eq!(plan("{}"), plan::ValidPlan::default());
    let strict =
        plan("{valid: {lag_p99: 2ms, dropped_starts: 0%, cpu: 60%, unconnected: 1%, unfinished: 100%}}");
    assert_eq!(strict.lag_p99, RealSpan::from_nanos(2_000_000));
    let shares = [strict.dropped_starts, strict.cpu, strict.unconnected, strict.unfinished];
    assert_eq!(shares, [0.0, 0.6, 0.01, 1.0]);
}

#[test]
fn no_slip_makes_it_fall_over() {
    const NASTY: [&str; 16] = [
        "-1",
        "0",
        "0s",
        "0%",
        ".nan",
        "1e999",
        "99999999999999999999999",
        "9999999h",
        "1/0s",
        "[]",
        "{}",
        "~",
        "[[]]",
        "\u{1F600}",
        "{constant: 0s}",
        "{file: .}",
    ];
    for file in shipped() {
        let text = std::fs::read_to_string(&file).unwrap();
        let scalars = text.match_indices([':', ',', '[']).map(|(i, _)| i + 1);
        for from in scalars {
            let tail = &text[from..];
            let to = from + tail.find([',', '}', ']', '\n', '#']).unwrap_or(tail.len());
            for nasty in NASTY {
                let _ = parsed(&format!("{} {nasty}{}", &text[..from], &text[to..]));
            }
            let _ = parsed(&text[..from]);
        }
        let lines: Vec<&str> = text.lines().collect();
        for i in 0..lines.len() {
            let without: Vec<&str> =
                lines.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, line)| *line).collect();
            let _ = parsed(&without.join("\n"));
        }
    }
}
