//! What is typed after the program's name.

use super::TINY;
use super::workplace::{Workplace, fits};

#[test]
fn arguments_that_make_no_sense_are_bad_usage() {
    let place = Workplace::with(TINY);
    for (args, says) in [
        (&["nonsense"][..], "unrecognized subcommand 'nonsense'"),
        (&["check"], "<SCENARIO>"),
        (&["check", "tiny.yaml", "--colour"], "unexpected argument '--colour'"),
        (
            &["simulate", "tiny.yaml", "--scale", "0"],
            "'0' for '--scale <FACTOR>': a number above 0 is expected",
        ),
        (
            &["simulate", "tiny.yaml", "--scale", "-1"],
            "'-1' for '--scale <FACTOR>': a number above 0 is expected",
        ),
        (&["simulate", "tiny.yaml", "--scale", "NaN"], "'NaN' for '--scale <FACTOR>': a number above 0"),
        (&["simulate", "tiny.yaml", "--scale", "inf"], "'inf' for '--scale <FACTOR>': at most 1000000"),
        (&["simulate", "tiny.yaml", "--replications", "0"], "0 is not in 1..=100000"),
        (&["simulate", "tiny.yaml", "--threads", "0"], "0 is not in 1..=1024"),
        (&["simulate", "tiny.yaml", "--seed", "-1"], "'-1' for '--seed <SEED>'"),
        (&["simulate", "tiny.yaml", "--seed", "lucky"], "'lucky' for '--seed <SEED>'"),
        (&["compare", "only-one"], "<AFTER>"),
    ] {
        place.run(args).refused(2, &[says]);
    }
    assert_eq!(place.contents(), ["tiny.yaml"]);
}

#[test]
fn lengths_that_make_no_sense_are_explained() {
    let place = Workplace::with(&format!("{TINY}warm_up: 1m\n"));
    for (length, says) in [
        (
            "soon",
            &["--length soon: ", "a duration with its unit, such as 90s, 45m or 1h 30m is expected"][..],
        ),
        ("30", &["--length 30: ", "write 30s"]),
        ("0s", &["--length 0s: a duration longer than zero is expected"]),
        ("-5m", &["--length -5m: a duration"]),
        (
            "1m",
            &[
                "--length leaves nothing after the warm-up of 1m 00s",
                "hint: it is left out of every figure: play longer",
            ],
        ),
        ("99999999d", &["--length 99999999d: a duration of at most 3650d is expected"]),
    ] {
        place.run(&["simulate", "tiny.yaml", "--length", length]).refused(2, says);
    }
    assert_eq!(place.contents(), ["tiny.yaml"]);
}

#[test]
fn an_unknown_format_is_told_the_known_ones() {
    let ran = Workplace::with(TINY).run(&["report", "tiny.yaml", "--format", "pdf"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("[possible values: terminal, html, json, "), "{}", ran.stderr);
}

#[test]
fn no_arguments_at_all_print_the_help_as_bad_usage() {
    let ran = Workplace::new().run(&[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("Usage: causerie <COMMAND>"), "{}", ran.stderr);
}

#[cfg(feature = "live")]
#[test]
fn the_help_names_every_command_and_every_exit_code() {
    let ran = Workplace::new().well(&["--help"]);
    assert_eq!(ran.stderr, "");
    fits(&ran.stdout);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn the_help_of_every_command_fits_a_terminal() {
    let place = Workplace::new();
    for command in ["simulate", "sweep", "check", "compare", "report", "schema"] {
        fits(&place.well(&[command, "--help"]).stdout);
    }
    assert_eq!(place.well(&["--version"]).stdout, format!("causerie {}\n", env!("CARGO_PKG_VERSION")));
}
