//! A map of the scenario, read by its table: unknown and repeated keys are problems, and so is a key that nothing asked
//! for, because it would do nothing.

use std::collections::BTreeSet;

use super::Findings;
use crate::scenario::defaults::{Default, Origin};
use crate::scenario::format::{Format, Key, Takes, When};
use crate::scenario::node::{self, Entry, Node, Value};
use crate::scenario::problem::{Place, nearest, quoted};

/// A value to be resolved: what stands there, what should, and where.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) node: Node,
    pub(super) takes: &'static Takes,
    pub(super) path: String,
    pub(super) origin: Origin,
}

impl Field {
    /// The text, where it is one.
    pub(super) fn text(&self) -> Option<&str> {
        if let Value::Scalar(text) = &self.node.value { Some(text) } else { None }
    }

    /// What stands after `name`, where this is a map with that key.
    pub(super) fn value_of(&self, name: &str) -> Option<&Value> {
        self.node.value.get(name)
    }

    /// The same with a text alone made the map that it stands for: that with this one key.
    pub(super) fn spelt_out(mut self, name: &str) -> Self {
        if self.text().is_some() {
            let at = self.node.at;
            let entry = Entry { key: name.to_owned(), at, node: self.node };
            self.node = Node { at, value: Value::Map(vec![entry]), guessed: false };
        }
        self
    }
}

/// Two pieces of a dotted path.
pub(super) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A map that is being read.
pub(super) struct Section {
    format: &'static Format,
    path: String,
    /// Where to point when something is missing.
    at: Place,
    origin: Origin,
    entries: Vec<(&'static Key, Entry)>,
    asked: BTreeSet<&'static str>,
    /// Keys that unknown ones are slips of: no use in telling that they are missing as well.
    meant: BTreeSet<&'static str>,
    /// Whether there are any.
    slipped: bool,
}

impl Section {
    /// Opens a field that takes a map with fixed keys. `None` when it is no map, or a choice not made; the problem is
    /// noted.
    pub(super) fn open(findings: &mut Findings<'_>, field: Field) -> Option<Self> {
        let format = match field.takes {
            Takes::Map(format) => format,
            Takes::Either(_, Takes::Map(format)) | Takes::Either(Takes::Map(format), _) => format,
            other => unreachable!("{}: {other:?} is no map", field.path),
        };
        Self::of(findings, field, format)
    }

    /// The same, for a map whose table is not in its key's (a law's).
    pub(super) fn of(findings: &mut Findings<'_>, field: Field, format: &'static Format) -> Option<Self> {
        let Field { node, path, origin, .. } = field;
        let Value::Map(entries) = node.value else {
            let expected = format!("{}, a map with {}", format.what, list(format));
            findings.problem(node.at, &path, node.value.describe(), expected, None);
            return None;
        };
        let mut section = Self {
            format,
            path,
            at: node.at,
            origin,
            entries: Vec::new(),
            asked: BTreeSet::new(),
            meant: BTreeSet::new(),
            slipped: false,
        };
        for entry in entries {
            section.admit(findings, entry);
        }
        if format.choice && section.entries.len() != 1 {
            // A slip has been told already, and that it is no choice goes without saying.
            if section.entries.is_empty() && section.slipped {
                return None;
            }
            let found = match section.entries.len() {
                0 => "none".to_owned(),
                n => format!("{n} of them"),
            };
            let expected = one_of(format);
            findings.problem(section.at, &section.path, found, expected, None);
            return None;
        }
        Some(section)
    }

    fn admit(&mut self, findings: &mut Findings<'_>, entry: Entry) {
        let path = join(&self.path, &entry.key);
        let Some(key) = self.format.keys.iter().find(|key| key.name == entry.key) else {
            let names = self.format.keys.iter().map(|key| key.name);
            let meant = nearest(&entry.key, names);
            self.meant.extend(meant);
            self.slipped = true;
            let elsewhere = self.format.foreign.iter().find(|(name, _)| *name == entry.key);
            let hint = match elsewhere {
                Some((_, instead)) => Some((*instead).to_owned()),
                None => meant.map(|name| format!("did you mean `{name}`?")),
            };
            let found = format!("an unknown key {}", quoted(&entry.key));
            findings.problem(entry.at, &self.path, found, one_of(self.format), hint);
            return;
        };
        if let Some((_, first)) = self.entries.iter().find(|(known, _)| known.name == key.name) {
            let found = format!("{} a second time", quoted(&entry.key));
            let expected = "each key once".to_owned();
            let hint = Some(format!("the first is on line {}", findings.line(first.at)));
            findings.problem(entry.at, &path, found, expected, hint);
            return;
        }
        self.entries.push((key, entry));
    }

    /// What stands after this key, or what holds without it; `None` when that is nothing. A required key that is
    /// missing is noted.
    pub(super) fn take(&mut self, findings: &mut Findings<'_>, name: &'static str) -> Option<Field> {
        let key = self.format.key(name);
        self.asked.insert(name);
        let path = join(&self.path, name);
        if let Some((_, entry)) = self.entries.iter().find(|(known, _)| known.name == name) {
            let mut node = entry.node.clone();
            if node.value == Value::Nothing {
                node.at = entry.at;
            }
            return Some(Field { node, takes: &key.takes, path, origin: self.origin });
        }
        match &key.when {
            When::Required => {
                self.missing(findings, name);
                None
            }
            When::Default(default) => Some(self.filled_in(key, default)),
            When::Optional | When::Where(..) | When::Otherwise(_) => None,
        }
    }

    /// The same for a key whose default holds in some circumstances only: `holds` says whether these are they.
    pub(super) fn take_where(
        &mut self,
        findings: &mut Findings<'_>,
        name: &'static str,
        holds: bool,
    ) -> Option<Field> {
        let typed = self.take(findings, name);
        let key = self.format.key(name);
        match &key.when {
            When::Where(default, _) if typed.is_none() && holds => Some(self.filled_in(key, default)),
            _ => typed,
        }
    }

    /// What stands after this key, or `default`: what holds without it depends on more than the table can say.
    pub(super) fn take_or(
        &mut self,
        findings: &mut Findings<'_>,
        name: &'static str,
        default: &Default,
    ) -> Field {
        let typed = self.take(findings, name);
        typed.unwrap_or_else(|| self.filled_in(self.format.key(name), default))
    }

    fn filled_in(&self, key: &'static Key, default: &Default) -> Field {
        let mut node = node::parse(default.text).expect("a default of the table is YAML");
        node.at = self.at;
        Field { node, takes: &key.takes, path: join(&self.path, key.name), origin: default.origin }
    }

    /// Notes that a key is missing which must not be.
    pub(super) fn missing(&self, findings: &mut Findings<'_>, name: &str) {
        if self.meant.contains(name) {
            return;
        }
        let key = self.format.key(name);
        let hint = key.takes.example().map(|example| format!("write {name}: {example}"));
        findings.problem(self.at, &self.path, format!("no {}", quoted(name)), lowered(key.doc), hint);
    }

    /// Notes a key that does nothing, where it was typed. `why` says what makes it idle.
    pub(super) fn refuse(&mut self, findings: &mut Findings<'_>, name: &'static str, why: &str) {
        self.without(findings, &[name], why, "remove it");
    }

    /// Whether a key is not known, which has been told: what the others lack may be in it.
    pub(super) fn slipped(&self) -> bool {
        self.slipped
    }

    /// Whether the key was typed.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|(key, _)| key.name == name)
    }

    /// What was typed after a key.
    pub(super) fn value_of(&self, name: &str) -> Option<&Value> {
        self.entries.iter().find(|(key, _)| key.name == name).map(|(_, entry)| &entry.node.value)
    }

    /// The one key of a choice.
    pub(super) fn chosen(&self) -> &'static str {
        self.entries[0].0.name
    }

    /// The place of a key that was typed, else that of the map.
    pub(super) fn place(&self, name: &str) -> Place {
        self.entries.iter().find(|(key, _)| key.name == name).map_or(self.at, |(_, entry)| entry.at)
    }

    /// The place of a key that was typed however deep below this map.
    pub(super) fn find(&self, path: &[&str]) -> Option<Place> {
        let (first, rest) = path.split_first()?;
        let (_, entry) = self.entries.iter().find(|(key, _)| key.name == *first)?;
        let found = rest.iter().try_fold(entry, |entry, name| {
            let Value::Map(entries) = &entry.node.value else { return None };
            entries.iter().find(|entry| entry.key == *name)
        });
        found.map(|entry| entry.at)
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Where to point for the map as a whole.
    pub(super) fn at(&self) -> Place {
        self.at
    }

    /// Notes every key that was typed and that nothing asked for. `why` says what makes it idle.
    pub(super) fn close(self, findings: &mut Findings<'_>, why: &str) {
        for (key, entry) in &self.entries {
            if !self.asked.contains(key.name) {
                idle(findings, &self.path, key.name, entry.at, (why, "remove it"));
            }
        }
    }

    /// Notes those of these keys that were typed: they do nothing here. `why` says what makes them idle, `hint` what to
    /// do. `false` where there are any.
    pub(super) fn without(
        &mut self,
        findings: &mut Findings<'_>,
        names: &[&'static str],
        why: &str,
        hint: &str,
    ) -> bool {
        self.asked.extend(names);
        let typed: Vec<_> = self.entries.iter().filter(|(key, _)| names.contains(&key.name)).collect();
        for (key, entry) in &typed {
            idle(findings, &self.path, key.name, entry.at, (why, hint));
        }
        typed.is_empty()
    }
}

fn idle(findings: &mut Findings<'_>, path: &str, name: &str, at: Place, (why, hint): (&str, &str)) {
    let found = format!("{}, which does nothing {why}", quoted(name));
    findings.problem(at, path, found, "keys that do something".into(), Some(hint.to_owned()));
}

/// What a key means, to follow "expected".
fn lowered(doc: &str) -> String {
    let doc = doc.trim().trim_end_matches('.');
    let first = doc.chars().next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(doc.chars().skip(1)).collect()
}

fn list(format: &Format) -> String {
    let names: Vec<&str> = format.keys.iter().map(|key| key.name).collect();
    names.join(", ")
}

/// What a key of such a map has to be.
fn one_of(format: &Format) -> String {
    if format.keys.is_empty() { "no key at all".to_owned() } else { format!("one of {}", list(format)) }
}
