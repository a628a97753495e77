//! Whether what is written is what the published schema says. The check knows as much of JSON Schema as the
//! schema uses, and refuses what it does not know.

use serde_json::Value;

use super::*;
use crate::record::Record;
use crate::report::sample;

const SCHEMA: &str = include_str!("../../../reports/summary.schema.json");

fn summary_of(record: &Record) -> Value {
    let mut out = Vec::new();
    write(&Report::of(record), &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

/// What is wrong with `value`, each problem with its place.
fn problems(schema: &Value, root: &Value, value: &Value, place: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (key, wanted) in schema.as_object().unwrap() {
        match key.as_str() {
            "$schema" | "$id" | "title" | "description" | "$defs" => {}
            "$ref" => {
                let target = root.pointer(wanted.as_str().unwrap().trim_start_matches('#')).unwrap();
                found.extend(problems(target, root, value, place));
            }
            "type" => {
                let names: Vec<&str> = wanted
                    .as_array()
                    .map_or(vec![wanted], |all| all.iter().collect())
                    .iter()
                    .map(|n| n.as_str().unwrap())
                    .collect();
                if !names.iter().any(|name| is(value, name)) {
                    found.push(format!("{place}: not {names:?}"));
                }
            }
            "const" if wanted == value => {}
            "enum" if wanted.as_array().unwrap().contains(value) => {}
            "const" | "enum" => found.push(format!("{place}: {value} is not {wanted}")),
            "minimum" => found.extend(
                value
                    .as_f64()
                    .filter(|v| *v < wanted.as_f64().unwrap())
                    .map(|v| format!("{place}: {v} is too small")),
            ),
            "required" => found.extend(
                wanted
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|name| value.is_object() && value.get(name.as_str().unwrap()).is_none())
                    .map(|name| format!("{place}: {name} is missing")),
            ),
            "properties" | "additionalProperties" => {}
            "items" => {
                for (i, item) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(problems(wanted, root, item, &format!("{place}/{i}")));
                }
            }
            other => panic!("the check does not know `{other}`"),
        }
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        let place = format!("{place}/{name}");
        match (schema.pointer(&format!("/properties/{name}")), schema.get("additionalProperties")) {
            (Some(known), _) => found.extend(problems(known, root, member, &place)),
            (None, Some(Value::Bool(false))) => found.push(format!("{place}: not in the schema")),
            (None, Some(any)) => found.extend(problems(any, root, member, &place)),
            (None, None) => {}
        }
    }
    found
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type `{other}`"),
    }
}

fn checked(value: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    problems(&schema, &schema, value, "")
}

#[test]
fn what_is_written_is_what_the_schema_says() {
    let mut broken = sample::run();
    broken.trailer = None;
    for record in [sample::run(), sample::simulation(1), sample::simulation(5), broken] {
        assert_eq!(checked(&summary_of(&record)), Vec::<String>::new());
    }
}

#[test]
fn the_check_can_fail() {
    let mut summary = summary_of(&sample::run());
    summary["seed"] = Value::from("one");
    summary["extra"] = Value::Null;
    summary["figures"]["support.offered"]["unit"] = Value::from("kg");
    summary.as_object_mut().unwrap().remove("gates");
    assert_eq!(checked(&summary).len(), 4, "{:?}", checked(&summary));
}

#[test]
fn a_figure_is_a_flat_object() {
    let summary = summary_of(&sample::simulation(5));
    let figure = &summary["figures"]["support.abandoned.share"];
    assert_eq!(figure["unit"], "share");
    let value = figure["value"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&value));
    assert!(figure["days"]["p10"].as_f64().unwrap() <= figure["days"]["p90"].as_f64().unwrap());
}
