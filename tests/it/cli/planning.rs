//! `plan`: what it says of rooms, what it prints and writes, and what it refuses before anything is played.

use serde_json::Value;

use super::workplace::{Workplace, fits};
use super::{TINY, json};

const FILES: [&str; 3] = ["plan.csv", "plan.html", "plan.json"];

/// A deserted room: a formula holds, and reviews are exponential.
const SPARSE: &str = "\
name: tiny
length: 7d
money: EUR
rooms:
  fans:
    arrivals: {rate: 6/h}
    stay: {exponential: {mean: 600s}}
    alone_patience: {exponential: {mean: 120s}}
    questions: {share: 20%, answered_by: 30%, after: {constant: 60s}}
    moderation: {mode: after, moderators: 1, wage: 18 EUR/h, review: {exponential: {mean: 30s}}}
";

/// What `plan` says to a machine.
fn planned(place: &Workplace, args: &[&str]) -> Value {
    let all = [&["plan", "tiny.yaml", "--quiet", "--json", "--out", "results"], args].concat();
    json(&place.well(&all).stdout)
}

#[test]
fn a_plan_fits_a_terminal_and_writes_its_files() {
    let place = Workplace::with(SPARSE);
    let ran = place.well(&["plan", "tiny.yaml", "--quiet", "--out", "results"]);
    assert_eq!(ran.stderr, "");
    fits(&ran.stdout);
    let flowing = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for says in [
        "plan of tiny",
        "room fans",
        "1 (today) 6 37.",
        "80 % meet somebody: from 15.",
        "by formula 15.2",
        "Today's visits keep no room alive",
        "Of the 144 visits of a day",
        "EUR/message",
        "Files: results",
    ] {
        assert!(flowing.contains(says), "no `{says}` in:\n{}", ran.stdout);
    }
    let mut expected: Vec<String> = FILES.iter().map(|file| format!("results/{file}")).collect();
    expected.extend(["results", "tiny.yaml"].map(String::from));
    expected.sort();
    assert_eq!(place.contents(), expected);
}

#[test]
fn the_desert_has_the_critical_mass_of_its_formula() {
    let place = Workplace::with(SPARSE);
    let plan = planned(&place, &[]);
    assert_eq!((plan["format"].as_u64(), plan["command"].as_str()), (Some(1), Some("plan")));
    let traffic = &plan["venues"][0]["traffic"];
    assert_eq!(traffic["today_per_hour"], 6.0);
    // The model's example: .620198 never meet anybody.
    let met = &traffic["met_today"];
    assert!((met["share"].as_f64().unwrap() - 0.379_802).abs() < 0.02, "{met}");
    let critical =
        |key: &str| traffic["critical"][key].as_f64().unwrap_or_else(|| panic!("{key}: {traffic}"));
    let half = (critical("high") - critical("low")) / 2.0;
    assert!((critical("per_hour") - critical("formula_per_hour")).abs() < 2.0 * half, "{traffic}");
    assert!(half < 0.05 * critical("per_hour"), "{traffic}");
    assert_eq!(plan["venues"][0]["kept"]["evenly"]["rooms"], 0);
}

#[test]
fn it_answers_what_is_wanted() {
    let place = Workplace::with(SPARSE);
    let of = |args: &[&str]| planned(&place, args)["venues"][0].clone();
    let (half, most) = (of(&["--meet", "50%"]), of(&["--meet", "90%"]));
    let rate = |venue: &Value| venue["traffic"]["critical"]["per_hour"].as_f64().expect("a rate");
    assert!(rate(&half) < 0.8 * rate(&most), "{half} {most}");
    let hours = |venue: &Value| venue["hours"]["longest_hours"].as_f64().expect("hours");
    assert!(hours(&half) > hours(&most));
    let needed = |args: &[&str]| of(args)["moderators"]["needed"].as_u64();
    assert_eq!(needed(&["--publish-within", "10m"]), Some(1));
    assert_eq!(needed(&["--publish-within", "10s"]), None, "a review alone takes longer");
}

#[test]
fn today_s_traffic_can_be_another() {
    let place = Workplace::with(SPARSE);
    let busy = planned(&place, &["--scale", "20"]);
    assert_eq!(busy["venues"][0]["traffic"]["today_per_hour"], 120.0);
    assert!(busy["venues"][0]["kept"]["evenly"]["rooms"].as_u64() > Some(4), "{}", busy["venues"][0]["kept"]);
}

#[test]
fn the_values_do_not_depend_on_the_threads_and_do_on_the_seed() {
    let place = Workplace::with(SPARSE);
    let few = ["--replications", "3", "--length", "2d"];
    let venues = |args: &[&str]| planned(&place, &[&few, args].concat())["venues"].to_string();
    assert_eq!(venues(&["--threads", "1"]), venues(&["--threads", "3"]));
    assert_ne!(venues(&[]), venues(&["--seed", "2"]));
}

#[test]
fn what_cannot_be_planned_is_refused_and_leaves_nothing_behind() {
    let place = Workplace::with(SPARSE);
    place.write("desk.yaml", TINY);
    for (args, says) in [
        (
            &["desk.yaml"][..],
            &["has no rooms to plan", "hint: plan knows rooms so far", "a desk (support)"][..],
        ),
        (&["tiny.yaml", "--meet", "0.8"], &["--meet 0.8: a share", "write 80%"]),
        (&["tiny.yaml", "--meet", "100%"], &["--meet 100%: a share above 0% and below 100% is expected"]),
        (&["tiny.yaml", "--meet", "-5%"], &["--meet -5%: a share"]),
        (&["tiny.yaml", "--of", "0%"], &["--of 0%: a share above 0%"]),
        (&["tiny.yaml", "--publish-within", "2"], &["--publish-within 2: a duration", "write 2s"]),
        (&["tiny.yaml", "--publish-within", "0s"], &["--publish-within 0s: a duration longer than zero"]),
        (&["tiny.yaml", "--replications", "0"], &["--replications"]),
        (&["tiny.yaml", "--length", "1s", "--replications", "1"], &["nobody comes to fans", "play longer"]),
    ] {
        place.run(&[&["plan"], args].concat()).refused(2, says);
    }
    assert_eq!(place.contents(), ["desk.yaml", "tiny.yaml"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_plan_writes_the_venues_that_are_over() {
    use super::workplace::until;

    let endless = "name: tiny\nlength: 3000d\nrooms:\n  fans:\n    arrivals: {rate: 6/h}\n    stay: {exponential: \
                   {mean: 600s}}\n    returns: {met: 30%, alone: 2%, after: {exponential: {mean: 1d}}}\n";
    let place = Workplace::with(endless);
    let args = ["plan", "tiny.yaml", "--out", "results", "--json", "--replications", "20000"];
    let running = place.start(&args);
    until("the results folder", || place.path("results").exists().then_some(()));
    running.signal("INT");
    let ran = running.end();
    assert_eq!(ran.code, Some(130), "{ran:#?}");
    assert!(ran.stderr.contains("Interrupted: writing what there is."), "{}", ran.stderr);
    let plan = json(&ran.stdout);
    assert_eq!(plan["interrupted"], true);
    assert_eq!(plan["venues"].as_array().map(Vec::len), Some(0));
    assert!(FILES.iter().all(|file| place.path(&format!("results/{file}")).exists()));
}
