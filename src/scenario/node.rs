//! The scenario as typed: a tree whose every key and value knows its place.
//!
//! Scalars keep the text they were typed with. What `90s` or `1/min` means is decided where it is read, and YAML's own
//! guesses at types (`1e3`, `0x10`, `.nan`, `~`) never get a say. Keys that are given twice are kept twice, so that they
//! can be reported like every other problem. The budget bounds depth, size and what aliases may expand to.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, Location, MergeKeyPolicy, NonFiniteFloatPolicy, Spanned};

use super::problem::Place;

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) at: Place,
    pub(super) value: Value,
    /// Whether this is a text that YAML takes for a number or a truth: it was typed without quotes.
    pub(super) guessed: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Nothing was typed after the key, or `null`, or `~`.
    Nothing,
    /// The text, without quotes.
    Scalar(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the file.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) at: Place,
    pub(super) node: Node,
}

impl Node {
    /// Puts everything in it to where `to` says.
    pub(super) fn replace(&mut self, to: &impl Fn(Place) -> Place) {
        self.at = to(self.at);
        match &mut self.value {
            Value::Nothing | Value::Scalar(_) => {}
            Value::List(nodes) => nodes.iter_mut().for_each(|node| node.replace(to)),
            Value::Map(entries) => {
                for entry in entries {
                    entry.at = to(entry.at);
                    entry.node.replace(to);
                }
            }
        }
    }
}

impl Value {
    /// What stands after `name`, where this is a map with that key.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|entry| entry.key == name).map(|entry| &entry.node.value)
    }

    /// What this is, for a problem.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Nothing => "nothing".into(),
            Self::Scalar(text) => super::problem::quoted(text),
            Self::List(_) => "a list".into(),
            Self::Map(_) => "a map".into(),
        }
    }
}

/// Why a text is no tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Malformed {
    pub(super) at: Place,
    pub(super) found: String,
    pub(super) expected: &'static str,
    pub(super) hint: Option<&'static str>,
}

/// What a key has to be.
const A_KEY: &str = "a key of plain text";

/// Reads one YAML document.
pub(super) fn parse(text: &str) -> Result<Node, Malformed> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 32,
            flow_nesting_limit: 64,
            max_nodes: 100_000,
            max_events: 400_000,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_documents: 2,
            max_recorded_anchor_events: 100_000,
        },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        with_snippet: false,
    };
    let raw: Spanned<Raw> =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| malformed(&error))?;
    Ok(raw_node(raw, text))
}

fn malformed(error: &serde_saphyr::Error) -> Malformed {
    use serde_saphyr::Error;
    let at = error.location().map_or(Place { line: 1, column: 1 }, place);
    let cause = match error.without_snippet() {
        Error::AliasError { error, .. } => error.without_snippet(),
        other => other,
    };
    let words = cause.to_string();
    let (found, expected, hint) = match cause {
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. }
        | Error::RecursiveReferencesRequireWeakTypes { .. } => too_much(),
        // What nests deeper than the parser's own limit is no error of a kind of its own.
        _ if words.contains("recursion limit") => too_much(),
        Error::MultipleDocuments { .. } => {
            ("a second document after `---`".to_owned(), "one scenario in a file", Some("remove it"))
        }
        Error::UnknownAnchor { .. } => (
            "an alias of nothing".to_owned(),
            "a scenario in YAML",
            Some("a value that begins with * or & needs quotes"),
        ),
        _ => (unreadable(&words), "a scenario in YAML", Some(syntax_hint(&words))),
    };
    Malformed { at, found, expected, hint }
}

fn too_much() -> (String, &'static str, Option<&'static str>) {
    let found = "more nesting, more values or more aliases than a scenario can need".to_owned();
    (found, "at most 32 levels and 100000 values, those that aliases repeat included", None)
}

fn syntax_hint(words: &str) -> &'static str {
    if words.contains("tab") {
        return "indent with spaces, not with tabs";
    }
    if words.contains(A_KEY) {
        return "a brace begins a map: what begins with {{ needs quotes, \"{{name}}\"";
    }
    "look at the indentation, at a missing `:` and at brackets and quotes that are not closed"
}

/// The parser's own words, without what it appends about places (the problem has its own).
fn unreadable(words: &str) -> String {
    let line = words.lines().next().unwrap_or_default();
    let line = line.split(" at line ").next().unwrap_or(line);
    let line: String = line.trim_start_matches("error: ").chars().take(120).collect();
    format!("YAML that cannot be read ({line})")
}

fn place(location: Location) -> Place {
    // The parser counts in u32 and hands out u64.
    Place { line: location.line() as u32, column: location.column() as u32 }
}

/// What serde hands over. A scalar that YAML took for something else than text is looked up in the source.
enum Raw {
    Nothing,
    Text(String),
    Guessed,
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<RawKey>, Spanned<Raw>)>),
}

struct RawKey(Option<String>);

fn raw_node(raw: Spanned<Raw>, source: &str) -> Node {
    let at = place(raw.referenced);
    let guessed = matches!(raw.value, Raw::Guessed);
    let value = match raw.value {
        Raw::Nothing => Value::Nothing,
        Raw::Text(text) => Value::Scalar(text),
        Raw::Guessed => Value::Scalar(as_typed(raw.defined, source)),
        Raw::List(items) => Value::List(items.into_iter().map(|item| raw_node(item, source)).collect()),
        Raw::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(key, value)| Entry {
                    at: place(key.referenced),
                    key: key.value.0.unwrap_or_else(|| as_typed(key.defined, source)),
                    node: raw_node(value, source),
                })
                .collect(),
        ),
    };
    Node { at, value, guessed }
}

fn as_typed(location: Location, source: &str) -> String {
    let span = location.span();
    let range = span.byte_offset().zip(span.byte_len());
    let text = range.and_then(|(from, len)| source.get(from as usize..(from + len) as usize));
    text.unwrap_or_default().trim().to_owned()
}

macro_rules! guessed {
    ($value:expr; $($visit:ident($type:ty)),*) => {
        $(fn $visit<E>(self, _: $type) -> Result<Self::Value, E> { Ok($value) })*
    };
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    guessed!(Raw::Guessed; visit_bool(bool), visit_i64(i64), visit_i128(i128), visit_u64(u64), visit_u128(u128), visit_f64(f64));

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Nothing)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Nothing)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}

impl<'de> Deserialize<'de> for RawKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawKeyVisitor)
    }
}

struct RawKeyVisitor;

impl Visitor<'_> for RawKeyVisitor {
    type Value = RawKey;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(A_KEY)
    }

    guessed!(RawKey(None); visit_bool(bool), visit_i64(i64), visit_i128(i128), visit_u64(u64), visit_u128(u128), visit_f64(f64));

    fn visit_unit<E>(self) -> Result<RawKey, E> {
        Ok(RawKey(None))
    }

    fn visit_str<E>(self, text: &str) -> Result<RawKey, E> {
        Ok(RawKey(Some(text.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(node: &Node) -> &[Entry] {
        match &node.value {
            Value::Map(entries) => entries,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_key_and_value_knows_its_place_and_keeps_its_text() {
        let text = "a: 1_0\nb: &x 0x10 # why\nc: [.nan, '7', *x, true, 1e400, 99999999999999999999999999]\n1.50: {d: ~}\n\u{e9}: 2026-11-28\n";
        let node = parse(text).unwrap();
        let entries = map(&node);
        let keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["a", "b", "c", "1.50", "\u{e9}"]);
        assert_eq!(entries[0].node.value, Value::Scalar("1_0".into()));
        assert_eq!(entries[1].node.value, Value::Scalar("0x10".into()));
        let Value::List(items) = &entries[2].node.value else { panic!() };
        let texts: Vec<String> = items.iter().map(|item| item.value.describe()).collect();
        assert_eq!(texts, ["`.nan`", "`7`", "`0x10`", "`true`", "`1e400`", "`99999999999999999999999999`"]);
        assert_eq!(items[1].at, Place { line: 3, column: 11 });
        assert_eq!(items[2].at, Place { line: 3, column: 16 });
        assert_eq!(map(&entries[3].node)[0].at, Place { line: 4, column: 8 });
        assert_eq!(map(&entries[3].node)[0].node.value, Value::Nothing);
        assert_eq!(entries[4].node.value, Value::Scalar("2026-11-28".into()));
    }

    #[test]
    fn keys_given_twice_are_kept() {
        let node = parse("a: 1\nb: 2\na: 3\n").unwrap();
        assert_eq!(map(&node).iter().filter(|entry| entry.key == "a").count(), 2);
        assert_eq!(map(&node)[2].at, Place { line: 3, column: 1 });
    }

    #[test]
    fn nothing_is_nothing() {
        for text in ["", "\n\n", "# only a comment\n", "---\n", "~"] {
            assert_eq!(parse(text).unwrap().value, Value::Nothing, "{text:?}");
        }
    }

    #[test]
    fn bombs_are_refused_cheaply() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for i in 1..12 {
            let before = format!("*a{}", i - 1);
            bomb += &format!("a{i}: &a{i} [{}]\n", [before.as_str(); 10].join(", "));
        }
        let nested = format!("a: {}{}", "[".repeat(50_000), "]".repeat(50_000));
        let braces = "{a: ".repeat(50_000);
        let steps: String = (0..5_000).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
        let many: String = (0..200_000).map(|i| format!("a{i}: 1\n")).collect();
        for text in [&bomb, &nested, &braces, &steps, &many] {
            let malformed = parse(text).unwrap_err();
            assert!(malformed.at.line >= 1, "{malformed:?}");
            assert!(malformed.found.starts_with("more nesting"), "{malformed:?}");
        }
    }

    #[test]
    fn what_is_no_yaml_says_where() {
        let malformed = parse("name: x\nsupport: {a: 1\nlength: 3h\n").unwrap_err();
        assert!(malformed.at.line >= 2, "{malformed:?}");
        assert!(parse("a: 1\n---\nb: 2\n").unwrap_err().found.contains("second document"));
        assert!(parse("a: *b\n").is_err());
        assert!(parse("? [a]\n: 1\n").is_err());
        assert!(parse("a:\n\t- b\n").is_err());
        assert!(parse("a: \"\\q\"\n").is_err());
    }
}
