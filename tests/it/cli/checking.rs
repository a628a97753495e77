//! `check` and `schema`.

use std::path::Path;

use super::json;
use super::workplace::{Workplace, fits};

fn shipped(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name).display().to_string()
}

#[test]
fn a_good_scenario_is_told_in_one_paragraph() {
    let check = |name: &str| {
        let ran = Workplace::new().well(&["check", &shipped(name)]);
        assert_eq!(ran.stderr, "");
        assert!(!ran.stdout.contains("\n\n"), "one paragraph:\n{}", ran.stdout);
        fits(&ran.stdout);
        ran.stdout
    };
    check("peak-support.yaml");
    check("phone-escalation.yaml");
    insta::assert_snapshot!(check("plain-queue.yaml"));
}

#[test]
fn a_queue_without_end_is_warned_of() {
    let text =
        super::tiny_but("patience: {exponential: {mean: 4m}}", "patience: never").replace("120/h", "300/h");
    let ran = Workplace::with(&text).well(&["check", "tiny.yaml"]);
    assert!(ran.stderr.starts_with("warning: support: more work comes than can be done"), "{}", ran.stderr);
    fits(&ran.stderr);
}

#[test]
fn every_value_is_explained() {
    let ran = Workplace::new().well(&["check", "--explain", &shipped("plain-queue.yaml")]);
    assert_eq!(ran.stderr, "");
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn an_explanation_fits_a_terminal() {
    for name in ["peak-support.yaml", "phone-escalation.yaml"] {
        fits(&Workplace::new().well(&["check", "--explain", &shipped(name)]).stdout);
    }
}

#[test]
fn the_schema_is_json_and_describes_the_keys() {
    let ran = Workplace::new().well(&["schema"]);
    assert_eq!(ran.stderr, "");
    let schema = json(&ran.stdout);
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let top = schema["properties"].as_object().expect("properties");
    for key in [
        "name",
        "seed",
        "length",
        "warm_up",
        "replications",
        "support",
        "phone",
        "rooms",
        "portals",
        "run",
        "gates",
    ] {
        assert!(top[key]["description"].as_str().is_some_and(|text| !text.is_empty()), "{key}");
    }
    for key in ["exponential", "lognormal", "toll_free", "stretch", "again_after", "drain", "busyness"] {
        assert!(ran.stdout.contains(&format!("\"{key}\"")), "{key}");
    }
}
