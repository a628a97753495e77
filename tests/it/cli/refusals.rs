//! Bad input: each kind is refused with a place, what was found, what was expected and, where there is one, a hint; at
//! once, and without a trace.

use std::fs::{self, File};

use super::workplace::Workplace;
use super::{TINY, tiny_but, tiny_with_gates};

/// What is wrong, the scenario in which it is, and what is said about it.
type Bad = (&'static str, String, &'static [&'static str]);

/// Keys that are unknown, given twice or missing.
fn bad_keys() -> Vec<Bad> {
    vec![
        (
            "an unknown key",
            tiny_but("patience", "pateince"),
            &[
                "tiny.yaml:6:3",
                "support: found an unknown key `pateince`",
                "expected one of arrivals",
                "hint: did you mean `patience`?",
            ],
        ),
        (
            "a duplicate key",
            format!("{TINY}length: 5m\n"),
            &[
                "tiny.yaml:10:1",
                "found `length` a second time",
                "expected each key once",
                "hint: the first is on line 2",
            ],
        ),
        (
            "concurrency without stretch",
            tiny_but("concurrency: 1", "concurrency: 3"),
            &[
                "tiny.yaml:8:22",
                "found a concurrency of 3 without `stretch`",
                "expected how much longer a chat takes",
                "hint: stretch: [1, 1.25, 1.5]",
            ],
        ),
    ]
}

/// Values that are none.
fn bad_values() -> Vec<Bad> {
    vec![
        (
            "a first wait longer than the longest",
            tiny_but("drain: 5m", "reconnect: {after: 1m, up_to: 30s}"),
            &[
                "tiny.yaml:9:49",
                "run.reconnect.up_to: found `30s`",
                "expected at least the first wait, 1m",
                "hint: after is the first wait",
            ],
        ),
        (
            "a missing unit",
            tiny_but("mean: 4m", "mean: 240"),
            &[
                "tiny.yaml:6:34",
                "support.patience.exponential.mean: found `240`",
                "expected a duration with its unit",
                "hint: write 240s",
            ],
        ),
        (
            "a negative rate",
            tiny_but("120/h", "-120/h"),
            &["tiny.yaml:5:20", "support.arrivals.rate: found `-120/h`", "expected a rate", "hint: "],
        ),
        (
            "nobody who ever comes",
            tiny_but("120/h", "0/h"),
            &[
                "tiny.yaml:5:3",
                "support.arrivals: found arrivals whose rate is zero throughout",
                "hint: write rate: 240/h",
            ],
        ),
        (
            "more replications than a record keeps",
            tiny_but("replications: 20", "replications: 100001"),
            &["tiny.yaml:3:15", "replications: found `100001`"],
        ),
        (
            "not a number",
            tiny_but("120/h", ".nan"),
            &["tiny.yaml:5:20", "support.arrivals.rate: found `.nan`", "expected a rate with its unit"],
        ),
        (
            "not a number, with a unit",
            tiny_but("120/h", "nan/h"),
            &["tiny.yaml:5:20", "support.arrivals.rate: found `nan/h`", "expected a rate with its unit"],
        ),
        (
            "a share above 1",
            tiny_but("90%", "1.2"),
            &[
                "tiny.yaml:7:97",
                "support.conversation.resolution: found `1.2`",
                "expected a share from 0% to 100%",
                "hint: write 1.2%",
            ],
        ),
        (
            "shares that do not add up",
            tiny_but("  agents", "  topics: {a: {share: 40%}, b: {share: 50%}}\n  agents"),
            &[
                "tiny.yaml:8:",
                "support.topics: found shares that add up to 90%",
                "expected shares that add up to 100%",
            ],
        ),
    ]
}

/// Text that is no YAML, or more of it than a scenario can need.
fn bad_yaml() -> Vec<Bad> {
    vec![
        (
            "an empty file",
            String::new(),
            &["tiny.yaml:1:1", "found nothing", "expected a scenario, a map with name"],
        ),
        ("no map", "just words\n".into(), &["tiny.yaml:1:1", "found `just words`", "expected a scenario"]),
        (
            "broken YAML",
            tiny_but("tiny", "\"tiny"),
            &["tiny.yaml:1:7", "found YAML that cannot be read", "hint: look at the indentation"],
        ),
        (
            "deep nesting, in brackets",
            "[".repeat(100_000),
            &["tiny.yaml:1:", "found more nesting", "expected at most 32 levels"],
        ),
        (
            "deep nesting, by indentation",
            (0..500).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
            &["tiny.yaml:33:33", "found more nesting", "expected at most 32 levels"],
        ),
        (
            "an alias bomb",
            alias_bomb(),
            &["tiny.yaml:", "more aliases than a scenario can need", "100000 values"],
        ),
    ]
}

/// Gates that could never be judged.
fn bad_gates() -> Vec<Bad> {
    vec![
        (
            "a gate on a figure that does not exist",
            tiny_with_gates(&["support.abandonned.share < 5%"]),
            &[
                "tiny.yaml:10:9",
                "gates[0]: found a figure that does not exist, `support.abandonned.share`",
                "expected a figure of the catalogue",
                "hint: did you mean `support.abandoned.share`?",
            ],
        ),
        (
            "a gate in the wrong unit",
            tiny_with_gates(&["support.queue_time.p95 < 5%"]),
            &[
                "tiny.yaml:10:9",
                "gates[0]: found `5%`",
                "expected a limit such as 90s or 2m, since it is a time",
            ],
        ),
    ]
}

/// Nine lists of nine of the list before, eight times over: 43 million words in 300 bytes.
fn alias_bomb() -> String {
    let list = |of: &str| [of; 9].join(", ");
    let mut text = format!("a0: &a0 [{}]\n", list("x"));
    for level in 1..8 {
        let before = format!("*a{}", level - 1);
        text += &format!("a{level}: &a{level} [{}]\n", list(&before));
    }
    text
}

#[test]
fn every_bad_scenario_is_refused_with_its_place_and_leaves_nothing() {
    for (what, text, says) in [bad_keys(), bad_values(), bad_yaml(), bad_gates()].concat() {
        println!("{what}");
        let place = Workplace::with(&text);
        place.run(&["check", "tiny.yaml"]).refused(2, says);
        place.run(&["simulate", "tiny.yaml"]).refused(2, says);
        assert_eq!(place.contents(), ["tiny.yaml"], "{what}");
    }
}

#[cfg(feature = "live")]
#[test]
fn a_bad_scenario_is_neither_run_nor_served() {
    let place = Workplace::with(&tiny_but("patience", "pateince"));
    for command in ["run", "serve"] {
        place.run(&[command, "tiny.yaml"]).refused(2, &["tiny.yaml:6:3", "did you mean `patience`?"]);
    }
    assert_eq!(place.contents(), ["tiny.yaml"]);
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let text = tiny_but("length: 10m", "lenght: 10m")
        .replace("120/h", "120")
        .replace("90%", "150%")
        .replace("count: 3", "count: several");
    let ran = Workplace::with(&text).run(&["check", "tiny.yaml"]);
    ran.refused(2, &["4 problems"]);
    insta::assert_snapshot!(ran.stderr);
}

#[test]
fn a_scale_that_makes_a_burst_too_large_is_refused() {
    let bursts = "{rate: 120/h, bursts: [{at: 1m, count: 100, within: 10s}]}";
    let place = Workplace::with(&tiny_but("{rate: 120/h}", bursts));
    place.run(&["simulate", "tiny.yaml", "--scale", "100000"]).refused(
        2,
        &["--scale 100000: support: bursts of 10000000 visitors", "at most 5000000 in all bursts"],
    );
    assert_eq!(place.contents(), ["tiny.yaml"]);
    place.well(&["simulate", "tiny.yaml", "--scale", "3", "--quiet"]);
}

#[test]
fn files_that_are_no_scenarios_are_refused() {
    let place = Workplace::new();
    fs::create_dir(place.path("folder")).unwrap();
    // 100 MB that take no room on the disk.
    File::create(place.path("large.yaml")).unwrap().set_len(100_000_000).unwrap();
    place.write("binary.yaml", [0_u8, 159, 146, 150]);
    place.write("latin.yaml", b"name: caf\xe9\n");
    for (file, says) in [
        (
            "folder",
            &[
                "found a directory, expected a scenario, a YAML file",
                "--> folder",
                "hint: name the file in it",
            ][..],
        ),
        ("large.yaml", &["found a file of more than 4 MB", "--> large.yaml", "hint: "]),
        ("missing.yaml", &["found no such file, expected a scenario, a YAML file", "--> missing.yaml"]),
        ("binary.yaml", &["found NUL bytes", "--> binary.yaml", "hint: save it as UTF-8"]),
        ("latin.yaml", &["found bytes on line 1 that are not UTF-8", "hint: save it as UTF-8"]),
    ] {
        place.run(&["check", file]).refused(2, says);
        place.run(&["simulate", file]).refused(2, says);
    }
    assert_eq!(place.contents(), ["binary.yaml", "folder", "large.yaml", "latin.yaml"]);
}

/// The place is below a file: nobody can write there, not even root.
#[test]
fn results_that_cannot_be_written_are_refused_before_anything_is_played() {
    let endless = tiny_but("replications: 20", "replications: 100000").replace("length: 10m", "length: 100h");
    let place = Workplace::with(&endless);
    let says = [
        "results cannot be written to tiny.yaml/results: ",
        "hint: name a folder that can be written with --out",
    ];
    place.run(&["simulate", "tiny.yaml", "--out", "tiny.yaml/results"]).refused(2, &says);
    #[cfg(feature = "live")]
    place.run(&["run", "tiny.yaml", "--speed", "1", "--out", "tiny.yaml/results"]).refused(2, &says);
    assert_eq!(place.contents(), ["tiny.yaml"]);
}

#[test]
fn what_the_command_line_gives_instead_is_not_looked_for_in_the_file() {
    let place = Workplace::with(TINY);
    let too_great = "99999999999999999";
    place
        .run(&["simulate", "tiny.yaml", "--seed", too_great])
        .refused(2, &["seed: found `99999999999999999`", "--> given beside tiny.yaml"]);
    #[cfg(feature = "live")]
    place.run(&["run", "tiny.yaml", "--target", "ftp://localhost"]).refused(
        2,
        &["target.url: found `ftp://localhost`", "ws://127.0.0.1:8787", "--> given beside tiny.yaml"],
    );
    assert_eq!(place.contents(), ["tiny.yaml"]);
}
