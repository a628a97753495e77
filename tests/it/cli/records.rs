//! `compare` and `report`: what is made of records.

use super::workplace::{Ran, Workplace, fits};
use super::{TINY, json};

/// A workplace with the results of a simulation in each of these folders.
fn simulated(folders: &[(&str, &[&str])]) -> Workplace {
    let place = Workplace::with(TINY);
    for (folder, args) in folders {
        let mut all = vec!["simulate", "tiny.yaml", "--out", folder];
        all.extend(*args);
        place.well(&all);
    }
    place
}

fn verdict(ran: &Ran) -> &str {
    assert_eq!(ran.stderr, "");
    fits(&ran.stdout);
    ran.stdout.lines().last().expect("a verdict")
}

#[test]
fn a_record_is_the_same_as_itself() {
    let place = simulated(&[("a", &[])]);
    let ran = place.well(&["compare", "a", "a/record"]);
    assert_eq!(verdict(&ran), "The same, as far as chance lets one see.");
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn another_seed_is_the_same_and_more_visitors_are_for_the_worse() {
    let place = simulated(&[("a", &[]), ("b", &["--seed", "2"]), ("crowd", &["--scale", "2.5"])]);
    let chance = place.well(&["compare", "a", "b"]);
    assert_eq!(verdict(&chance), "The same, as far as chance lets one see.");
    let worse = place.run(&["compare", "a", "crowd"]);
    assert_eq!((worse.code, verdict(&worse)), (Some(1), "For the worse."));
    assert!(worse.stdout.contains("scale 2.5"), "{}", worse.stdout);
    let row = worse.stdout.lines().find(|line| line.starts_with("support.abandoned.share "));
    assert!(row.is_some_and(|row| row.ends_with("  worse")), "{}", worse.stdout);
    let better = place.well(&["compare", "crowd", "a"]);
    assert_eq!(verdict(&better), "For the better.");
}

#[test]
fn what_is_no_record_cannot_be_compared_or_reported() {
    let place = simulated(&[("a", &[])]);
    std::fs::create_dir(place.path("empty")).unwrap();
    let hint = "hint: name a results folder, or the file called `record` in one";
    for (path, found) in [
        ("missing", "no record can be read from missing: "),
        ("empty", "no record can be read from empty/record: "),
        ("tiny.yaml", "no record can be read from tiny.yaml: not a record"),
    ] {
        place.run(&["compare", "a", path]).refused(2, &[found, hint]);
        place.run(&["report", path]).refused(2, &[found, hint]);
    }
}

#[test]
fn a_record_that_was_cut_is_read_as_far_as_it_goes() {
    let place = simulated(&[("a", &[])]);
    let record = place.read("a/record");
    place.write("cut", &record[..record.len() - 10]);
    let ran = place.well(&["report", "cut"]);
    assert!(ran.stdout.contains("INCOMPLETE"), "{}", ran.stdout);
    assert_eq!(json(&place.well(&["report", "cut", "--format", "json"]).stdout)["complete"], false);
    let (head, _) = record.split_at(100);
    place.write("cut", head);
    place.run(&["report", "cut"]).refused(2, &["not a record: its first line is no header, or was cut"]);
}

#[test]
fn every_format_is_rendered_again_as_it_was() {
    let place = simulated(&[("a", &[])]);
    for (format, file) in [
        ("html", "report.html"),
        ("json", "summary.json"),
        ("markdown", "summary.md"),
        ("junit", "junit.xml"),
        ("outcomes", "outcomes.csv"),
        ("intervals", "intervals.csv"),
        ("hlog", "histograms.hlog"),
    ] {
        let ran = place.well(&["report", "a", "--format", format]);
        assert_eq!(ran.stderr, "");
        assert!(ran.stdout == place.read(&format!("a/{file}")), "{format} differs from {file}");
    }
    let terminal = place.well(&["report", "a"]).stdout;
    assert!(terminal.starts_with("simulation of tiny") && !terminal.contains("Files:"), "{terminal}");
    place.well(&["report", "a/record", "--out", "again"]);
    for file in ["report.html", "summary.json", "summary.md", "junit.xml", "outcomes.csv"] {
        assert!(place.read(&format!("a/{file}")) == place.read(&format!("again/{file}")), "{file}");
    }
}

/// A sample that only an earlier version can read shows nobody anything.
#[test]
fn the_sample_that_is_kept_is_one_of_this_version() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/reports/sample");
    let ran = Workplace::new().well(&["report", sample]);
    assert!(ran.stdout.contains("run of peak support"), "{}", ran.stdout);
}
