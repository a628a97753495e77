//! Rooms on the command line: what `check` says of them, what is refused, what can be varied.

use std::path::Path;

use super::json;
use super::workplace::{Workplace, fits};

/// A room that takes no time.
const ROOM: &str = "\
name: tiny
start: \"2026-11-28 00:00 Europe/Paris\"
length: 2d
replications: 5
money: EUR
rooms:
  fans:
    arrivals: {rate: 6/h}
    stay: {exponential: {mean: 10m}}
    alone_patience: {exponential: {mean: 2m}}
    moderation: {mode: before, moderators: 1, wage: 18 EUR/h}
";

const SHIPPED: [&str; 4] = ["sparse-community", "evening-hours", "moderated-community", "exchange-portal"];

fn shipped(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(name)
        .with_extension("yaml")
        .display()
        .to_string()
}

#[test]
fn what_is_expected_of_rooms_is_told_in_one_paragraph() {
    let mut told = String::new();
    for name in SHIPPED {
        let ran = Workplace::new().well(&["check", &shipped(name)]);
        assert_eq!(ran.stderr, "");
        fits(&ran.stdout);
        told += &ran.stdout;
    }
    insta::assert_snapshot!(told);
}

#[test]
fn every_value_of_a_room_is_explained() {
    for name in SHIPPED {
        fits(&Workplace::new().well(&["check", "--explain", &shipped(name)]).stdout);
    }
    let ran = Workplace::with(ROOM).well(&["check", "--explain", "tiny.yaml"]);
    let of_rooms: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("rooms")).collect();
    insta::assert_snapshot!(of_rooms.join("\n"));
}

#[test]
fn what_is_wrong_with_rooms_is_said_at_once() {
    let wrong = ROOM
        .replace("mode: before, moderators: 1", "mode: before")
        .replace("alone_patience", "patience")
        .replace("start: \"2026-11-28 00:00 Europe/Paris\"\n", "")
        + "    open: [\"18:00-20:00\"]\n    deflects: 30%\n    questions: {share: 20%}\n";
    let portals = "portals:\n  all: {rooms: 0, popularity: {zipf: -1}, arrivals: {rate: 5/h}, stay: 5m}\n";
    let ran = Workplace::with(&format!("{wrong}{portals}")).run(&["check", "tiny.yaml"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    fits(&ran.stderr);
    insta::assert_snapshot!(ran.stderr);
}

#[test]
fn a_length_in_which_it_never_opens_is_refused() {
    let place = Workplace::with(&format!("{ROOM}    open: [\"18:00-20:00\"]\n"));
    place.run(&["simulate", "tiny.yaml", "--length", "5h"]).refused(2, &["--length ends before fans opens"]);
    assert_eq!(place.contents(), ["tiny.yaml"]);
    place.well(&["simulate", "tiny.yaml", "--length", "19h", "--quiet", "--out", "results"]);
}

#[test]
fn the_traffic_of_a_room_can_be_varied_and_scaled() {
    let place = Workplace::with(ROOM);
    let vary = "rooms.fans.arrivals.rate=6/h,24/h";
    let args = ["sweep", "tiny.yaml", "--quiet", "--json", "--out", "swept", "--vary", vary];
    let sweep = json(&place.well(&args).stdout);
    let figure = |cell: usize, name: &str| {
        let value = &sweep["cells"][cell]["figures"][name]["value"];
        value.as_f64().unwrap_or_else(|| panic!("no {name} in {sweep:#}"))
    };
    assert!(figure(1, "room.fans.never_met.share") < 0.5 * figure(0, "room.fans.never_met.share"));
    assert!(
        figure(1, "room.fans.moderation.cost_per_message")
            < figure(0, "room.fans.moderation.cost_per_message")
    );
    let visits = |scale: &str| {
        let args = ["simulate", "tiny.yaml", "--quiet", "--json", "--out", scale, "--scale", scale];
        json(&place.well(&args).stdout)["figures"]["room.fans.visits"]["value"].as_f64().expect("visits")
    };
    let ratio = visits("3") / visits("1");
    assert!((2.6..3.4).contains(&ratio), "{ratio}");
}
