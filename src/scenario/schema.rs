//! The JSON Schema of the format, for editors: generated from the table of keys, draft 2020-12.
//!
//! It says which keys there are and what shape their values have. What depends on several keys at once (shares that add
//! up, a stretch where it is needed) only `check` can tell.

use serde_json::{Map, Value, json};

use super::format::{Format, Key, Takes, When};
use super::keys;
use super::node;

/// The schema of a scenario.
#[must_use]
pub fn schema() -> Value {
    let mut root = object(&keys::SCENARIO);
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("causerie scenario");
    root["anyOf"] = json!([{"required": ["support"]}, {"required": ["desks"]}, {"required": ["phone"]}]);
    root["$defs"] = json!({"law": law()});
    root
}

fn object(format: &Format) -> Value {
    let properties: Map<String, Value> =
        format.keys.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    let mut object = json!({
        "type": "object",
        "description": format.what,
        "properties": properties,
        "additionalProperties": false,
    });
    let required: Vec<&str> =
        format.keys.iter().filter(|key| matches!(key.when, When::Required)).map(|key| key.name).collect();
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    if format.choice {
        object["minProperties"] = json!(1);
        object["maxProperties"] = json!(1);
    }
    object
}

fn property(key: &Key) -> Value {
    let mut schema = value(&key.takes);
    let meaning = key.doc.trim();
    match &key.when {
        When::Default(default) => {
            schema["default"] = typed(default.text);
            schema["description"] = json!(meaning);
        }
        When::Otherwise(words) => {
            schema["description"] = json!(format!("{meaning} Left out: {words}."));
        }
        When::Required | When::Optional => schema["description"] = json!(meaning),
    }
    schema
}

fn value(takes: &Takes) -> Value {
    match takes {
        Takes::Text | Takes::File => json!({"type": "string", "minLength": 1, "maxLength": 200}),
        Takes::Start => json!({"type": "string", "examples": ["2026-11-28 09:00 Europe/Paris"]}),
        Takes::Instant => json!({"type": "string", "examples": ["09:30", "45m"]}),
        Takes::Duration | Takes::PositiveDuration => duration(),
        Takes::Rate => json!({"type": "string", "pattern": RATE, "examples": ["240/h", "100/30min"]}),
        Takes::Share => json!({"type": "string", "pattern": SHARE, "examples": ["40%"]}),
        Takes::Variation => json!({"anyOf": [
            {"type": "number", "minimum": 0, "maximum": 100},
            {"type": "string", "pattern": SHARE},
        ]}),
        Takes::Factor => json!({"type": "number", "exclusiveMinimum": 0, "maximum": 1e6}),
        Takes::Whole(_, least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        Takes::Word(words) => json!({"enum": words}),
        Takes::List(each) => json!({"type": "array", "items": value(each)}),
        Takes::Stretch => json!({"type": "array", "items": {"type": "number", "minimum": 1}}),
        Takes::Map(format) => object(format),
        Takes::Named(_, each) => json!({
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": NAME},
            "additionalProperties": value(each),
        }),
        Takes::Profile => {
            json!({"type": "object", "minProperties": 1, "additionalProperties": value(&Takes::Rate)})
        }
        Takes::Law => json!({"$ref": "#/$defs/law"}),
        Takes::Either(one, other) => json!({"anyOf": [value(one), value(other)]}),
        Takes::Gate => json!({"type": "string", "examples": ["support.abandoned.share < 5%"]}),
    }
}

fn law() -> Value {
    json!({"anyOf": [duration(), object(&keys::LAWS)]})
}

fn duration() -> Value {
    json!({"type": "string", "pattern": DURATION, "examples": ["90s", "45m", "1h 30m"]})
}

const DURATION: &str = r"^\s*([0-9][0-9.]*\s*[a-z]+\s*)+$";
const RATE: &str = r"^[0-9][0-9.]*\s*/\s*([0-9][0-9.]*\s*)?[a-z]+$";
const SHARE: &str = r"^[0-9][0-9.]*\s*%$";
const NAME: &str = "^[a-z][a-z0-9_-]{0,39}$";

/// A default as JSON: as it would be typed.
fn typed(text: &str) -> Value {
    fn json(node: node::Node) -> Value {
        match node.value {
            node::Value::Nothing => Value::Null,
            node::Value::Scalar(text) => text.parse::<u64>().map_or(Value::String(text), Value::from),
            node::Value::List(items) => items.into_iter().map(json).collect(),
            node::Value::Map(entries) => {
                Value::Object(entries.into_iter().map(|entry| (entry.key, json(entry.node))).collect())
            }
        }
    }
    json(node::parse(text).expect("a default of the table is YAML"))
}
