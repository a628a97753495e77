//! The JSON Schema of the format, for editors: generated from the table of keys, draft 2020-12.
//!
//! It says which keys there are and what shape their values have. What depends on several keys at once (shares that add
//! up, a stretch where it is needed) only `check` can tell.

use serde_json::{Map, Value, json};

use super::format::{Format, Key, Takes, When};
use super::keys;
use super::node;
use super::quantity;

/// The schema of a scenario.
#[must_use]
pub fn schema() -> Value {
    let mut root = object(&keys::SCENARIO);
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("causerie scenario");
    let populated = ["support", "desks", "phone", "rooms", "portals"];
    root["anyOf"] = populated.iter().map(|key| json!({"required": [key]})).collect();
    root["$defs"] = json!({
        "law": law(&duration(), &keys::durations::LAWS),
        "words": law(&number(), &keys::numbers::LAWS),
        "count": law(&json!({"type": "integer", "minimum": 1, "maximum": keys::MOST_EXCHANGES}), &keys::COUNTS),
    });
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
        When::Where(default, words) => {
            schema["default"] = typed(default.text);
            schema["description"] = json!(format!("{meaning} The default holds {words}."));
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
        Takes::Moment => json!({"type": "string", "examples": ["09:30", "45m"]}),
        Takes::Hours => json!({"type": "string", "pattern": HOURS, "examples": ["18:00-20:00"]}),
        Takes::Duration | Takes::PositiveDuration => duration(),
        Takes::Rate => json!({"type": "string", "pattern": RATE, "examples": ["240/h", "100/30min"]}),
        Takes::Share => json!({"type": "string", "pattern": SHARE, "examples": ["40%"]}),
        Takes::Amount => json!({"type": "string", "pattern": AMOUNT, "examples": ["74 EUR"]}),
        Takes::Price => json!({"type": "string", "pattern": PRICE, "examples": ["24 EUR/h", "0.04 EUR/min"]}),
        Takes::Currency => json!({"type": "string", "pattern": CURRENCY, "examples": ["EUR"]}),
        Takes::Variation => json!({"anyOf": [
            {"type": "number", "minimum": 0, "maximum": 100},
            {"type": "string", "pattern": SHARE},
        ]}),
        Takes::Factor => json!({"type": "number", "exclusiveMinimum": 0, "maximum": 1e6}),
        Takes::Number => number(),
        Takes::Pace => json!({"type": "string", "pattern": PACE, "examples": ["19 wpm"]}),
        Takes::Whole(_, least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        Takes::Flag => json!({"type": "boolean"}),
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
        Takes::Words => json!({"$ref": "#/$defs/words"}),
        Takes::Count => json!({"$ref": "#/$defs/count"}),
        Takes::Either(one, other) => json!({"anyOf": [value(one), value(other)]}),
        Takes::Gate => json!({"type": "string", "examples": ["support.abandoned.share < 5%"]}),
        Takes::Any => json!({}),
    }
}

/// A law: one value, or the name of a law and its parameters.
fn law(one: &Value, laws: &Format) -> Value {
    json!({"anyOf": [one, object(laws)]})
}

fn number() -> Value {
    json!({"type": "number", "minimum": 0, "maximum": 1e6})
}

fn duration() -> Value {
    json!({"type": "string", "pattern": DURATION, "examples": ["90s", "45m", "1h 30m"]})
}

const DURATION: &str = r"^\s*([0-9][0-9.]*\s*[a-z]+\s*)+$";
const HOURS: &str = r"^\s*[0-9]{1,2}:[0-9]{2}\s*-\s*[0-9]{1,2}:[0-9]{2}\s*$";
const RATE: &str = r"^[0-9][0-9.]*\s*/\s*([0-9][0-9.]*\s*)?[a-z]+$";
const SHARE: &str = r"^[0-9][0-9.]*\s*%$";
const PACE: &str = r"^[0-9][0-9.]*\s*wpm$";
const AMOUNT: &str = r"^[0-9][0-9.]*\s*[A-Z]{3}$";
const PRICE: &str = r"^[0-9][0-9.]*\s*[A-Z]{3}\s*/\s*([0-9][0-9.]*\s*)?[a-z]+$";
const CURRENCY: &str = "^[A-Z]{3}$";
const NAME: &str = "^[a-z][a-z0-9_-]{0,39}$";

/// A default as JSON: as it would be typed.
fn typed(text: &str) -> Value {
    json_of(node::parse(text).expect("a default of the table is YAML"))
}

/// What an editor sees of a tree: numbers and truths where the text is one.
fn json_of(node: node::Node) -> Value {
    match node.value {
        node::Value::Nothing => Value::Null,
        node::Value::Scalar(text) => match (text.parse::<u64>(), quantity::number(&text)) {
            (Ok(whole), _) => Value::from(whole),
            (_, Some(number)) => Value::from(number),
            _ => text.parse::<bool>().map_or(Value::String(text), Value::Bool),
        },
        node::Value::List(items) => items.into_iter().map(json_of).collect(),
        node::Value::Map(entries) => {
            Value::Object(entries.into_iter().map(|entry| (entry.key, json_of(entry.node))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether `value` is as `schema` says, for the words that [`super::schema`] uses; patterns are not looked at.
    fn fits(value: &Value, schema: &Value, root: &Value) -> bool {
        if let Some(name) = schema["$ref"].as_str() {
            let definition = root.pointer(name.trim_start_matches('#')).expect("the definition is there");
            return fits(value, definition, root);
        }
        if let Some(among) = schema["anyOf"].as_array()
            && !among.iter().any(|one| fits(value, one, root))
        {
            return false;
        }
        if let Some(words) = schema["enum"].as_array() {
            return words.contains(value);
        }
        let number = || value.as_f64().unwrap_or(f64::NAN);
        match schema["type"].as_str() {
            Some("string") => value.is_string(),
            Some("integer") => {
                value.is_u64()
                    && number() >= schema["minimum"].as_f64().unwrap()
                    && number() <= schema["maximum"].as_f64().unwrap()
            }
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            Some("array") => value
                .as_array()
                .is_some_and(|items| items.iter().all(|item| fits(item, &schema["items"], root))),
            Some("object") => value.as_object().is_some_and(|map| fits_object(map, schema, root)),
            _ => true,
        }
    }

    fn fits_object(map: &Map<String, Value>, schema: &Value, root: &Value) -> bool {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let few = schema["minProperties"].as_u64().is_some_and(|least| (map.len() as u64) < least);
        let many = schema["maxProperties"].as_u64().is_some_and(|most| map.len() as u64 > most);
        let others = &schema["additionalProperties"];
        let known = |(key, value): (&String, &Value)| match schema["properties"].get(key) {
            Some(schema) => fits(value, schema, root),
            None => others.is_object() && fits(value, others, root),
        };
        !few && !many
            && required.iter().all(|key| map.contains_key(key.as_str().unwrap()))
            && map.iter().all(known)
    }

    fn shipped() -> Vec<String> {
        let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let files = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
        files
            .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect()
    }

    #[test]
    fn what_is_shipped_fits_and_what_is_misspelt_does_not() {
        let schema = schema();
        let fit = |text: &str| fits(&json_of(node::parse(text).unwrap()), &schema, &schema);
        let slips = [
            ("patience:", "pateince:"),
            ("name:", "nmae:"),
            ("mean:", "maen:"),
            ("count: ", "count: -"),
            ("rooms: 500", "rooms: 0"),
            ("mode: before", "mode: befroe"),
        ];
        let mut seen = [0; 6];
        for text in shipped() {
            assert!(fit(&text), "{text}");
            for ((right, wrong), seen) in slips.iter().zip(&mut seen) {
                if text.contains(right) {
                    assert!(!fit(&text.replace(right, wrong)), "{wrong}: {text}");
                    *seen += 1;
                }
            }
        }
        assert!(seen.iter().all(|seen| *seen > 0), "{seen:?}");
    }

    #[test]
    fn every_default_fits_its_own_key() {
        fn walk(schema: &Value, root: &Value, seen: &mut usize) {
            if let Some(default) = schema.get("default") {
                assert!(fits(default, schema, root), "{schema:#}");
                *seen += 1;
            }
            match schema {
                Value::Object(map) => map.values().for_each(|below| walk(below, root, seen)),
                Value::Array(items) => items.iter().for_each(|below| walk(below, root, seen)),
                _ => {}
            }
        }
        let schema = schema();
        let mut seen = 0;
        walk(&schema, &schema, &mut seen);
        assert!(seen > 20, "{seen}");
    }
}
