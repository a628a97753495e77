//! Which names there are in a dialect, and what numbers they have.

use crate::scenario::node::{Node, Value};
use crate::scenario::plan::dialect::template::{Key, Source, Target};
use crate::scenario::plan::dialect::{BUILT_IN, Kind};
use crate::scenario::problem::{nearest, quoted};
use crate::scenario::quantity::Misfit;

/// What `$` is, where something is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Document {
    /// There is none.
    Nothing,
    /// A frame, or what was found in it.
    Frame,
    /// An answer over HTTP, with its status and headers.
    Answer,
}

/// The names.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) variables: Vec<String>,
    pub(super) tables: Vec<String>,
    pub(super) counters: Vec<String>,
    pub(super) transports: Vec<(String, Kind)>,
    /// Of the steps that are being read; the last of a name is meant.
    pub(super) locals: Vec<String>,
    pub(super) document: Document,
    /// How many rules there are so far.
    pub(super) rules: usize,
    /// Whether only settings may be named: there is no connection yet.
    pub(super) settings_only: bool,
    /// How many of the variables are settings.
    settings: usize,
}

impl Names {
    /// The names of settings and of what is kept anywhere.
    pub(super) fn of(root: &Node) -> Self {
        let settings = match root.value.get("settings") {
            Some(Value::Map(entries)) => entries.iter().map(|entry| entry.key.clone()).collect(),
            _ => Vec::new(),
        };
        let mut names = Self {
            settings: settings.len(),
            variables: settings,
            tables: Vec::new(),
            counters: Vec::new(),
            transports: Vec::new(),
            locals: Vec::new(),
            document: Document::Nothing,
            rules: 0,
            settings_only: false,
        };
        names.variables.extend(BUILT_IN.map(str::to_owned));
        names.find_kept(root);
        names
    }

    fn find_kept(&mut self, node: &Node) {
        match &node.value {
            Value::Map(entries) => {
                for entry in entries {
                    if let (true, Value::Map(kept)) = (entry.key == "keep", &entry.node.value) {
                        kept.iter().for_each(|kept| self.declare(&kept.key));
                    }
                    self.find_kept(&entry.node);
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.find_kept(item)),
            Value::Nothing | Value::Scalar(_) => {}
        }
    }

    fn declare(&mut self, key: &str) {
        let (name, list) = match key.split_once('[') {
            Some((name, _)) => (name, &mut self.tables),
            None => (key, &mut self.variables),
        };
        if !list.iter().any(|known| known == name) {
            list.push(name.to_owned());
        }
    }

    /// The number of a new local.
    pub(super) fn local(&mut self, name: &str) -> usize {
        match self.locals.iter().rposition(|local| local == name) {
            Some(known) => known,
            None => {
                self.locals.push(name.to_owned());
                self.locals.len() - 1
            }
        }
    }

    /// The number of a counter.
    pub(super) fn counter(&mut self, name: &str) -> usize {
        match self.counters.iter().position(|counter| counter == name) {
            Some(known) => known,
            None => {
                self.counters.push(name.to_owned());
                self.counters.len() - 1
            }
        }
    }

    /// What a name means: `name`, or `name[key]`.
    pub(super) fn source(&self, name: &str) -> Result<Source, Misfit> {
        if let Some((table, key)) = entry(name) {
            let table = self.tables.iter().position(|known| known == table).ok_or_else(|| {
                let misfit = unknown(table, "the name of a table", self.tables.iter());
                if self.tables.is_empty() {
                    misfit.hint("a table is made by keep: {name[key]: …}")
                } else {
                    misfit
                }
            })?;
            return Ok(Source::Table(table, self.key(key)?));
        }
        if self.settings_only {
            let among = &self.variables[..self.settings];
            let setting = among.iter().position(|known| known == name);
            let misfit = || unknown(name, "the name of a setting: nothing else is known there", among.iter());
            return setting.map(Source::Variable).ok_or_else(misfit);
        }
        Ok(match self.key(name)? {
            Key::Local(local) => Source::Local(local),
            Key::Variable(variable) => Source::Variable(variable),
        })
    }

    fn key(&self, name: &str) -> Result<Key, Misfit> {
        if let Some(local) = self.locals.iter().rposition(|known| known == name) {
            return Ok(Key::Local(local));
        }
        let variable = self.variables.iter().position(|known| known == name);
        let known = self.locals.iter().chain(&self.variables);
        variable.map(Key::Variable).ok_or_else(|| unknown(name, "a name that means something here", known))
    }

    /// Where something is kept.
    pub(super) fn kept(&self, name: &str) -> Result<Target, Misfit> {
        if let Some((table, key)) = entry(name) {
            let at = self.tables.iter().position(|known| known == table);
            let at = at.filter(|_| is_name(table)).ok_or_else(|| misnamed(name))?;
            return Ok(Target::Table(at, self.key(key)?));
        }
        let at = self.variables.iter().position(|known| known == name);
        let at = at.filter(|_| is_name(name)).ok_or_else(|| misnamed(name))?;
        let given = self.settings + BUILT_IN.len();
        if at < given {
            let found = Some(format!("{}, which is there from the beginning", quoted(name)));
            return Err(Misfit { found, ..Misfit::new("a name of its own") });
        }
        Ok(Target::Variable(at))
    }

    /// Where something is let, from here on.
    pub(super) fn let_be(&mut self, name: &str) -> Result<Target, Misfit> {
        if !is_name(name) {
            return Err(misnamed(name));
        }
        Ok(Target::Local(self.local(name)))
    }

    /// The transport that is meant by `name`, or the only one of these kinds.
    pub(super) fn over(&self, name: Option<&str>, kinds: &[Kind]) -> Result<usize, Misfit> {
        let fitting = || self.transports.iter().enumerate().filter(|(_, (_, kind))| kinds.contains(kind));
        let names = || fitting().map(|(_, (name, _))| name.as_str());
        let expected = match names().collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => "a transport that this can go over: there is none".to_owned(),
            list => format!("one of the transports {list}"),
        };
        match name {
            Some(name) => match fitting().find(|(_, (known, _))| known == name) {
                Some((at, _)) => Ok(at),
                None => {
                    let misfit = Misfit { found: Some(quoted(name)), ..Misfit::new(&expected) };
                    let meant = nearest(name, names());
                    Err(meant.map_or(misfit.clone(), |meant| misfit.hint(format!("did you mean `{meant}`?"))))
                }
            },
            None => match (fitting().next(), fitting().nth(1)) {
                (Some((only, _)), None) => Ok(only),
                _ => {
                    let found = Some("no `over`".to_owned());
                    Err(Misfit { found, ..Misfit::new(&expected) }.hint("write over: NAME"))
                }
            },
        }
    }
}

/// The name of the table and the key of `name[key]`.
fn entry(name: &str) -> Option<(&str, &str)> {
    let (table, key) = name.split_once('[')?;
    Some((table.trim(), key.strip_suffix(']')?.trim()))
}

fn misnamed(name: &str) -> Misfit {
    let found = Some(quoted(name));
    Misfit { found, ..Misfit::new("a name of letters, digits and _, or name[key]") }
}

fn unknown<'a>(name: &str, expected: &str, known: impl Iterator<Item = &'a String> + Clone) -> Misfit {
    let misfit =
        Misfit { found: Some(format!("{}, which is unknown", quoted(name))), ..Misfit::new(expected) };
    match nearest(name, known.clone().map(String::as_str)) {
        Some(meant) => misfit.hint(format!("did you mean `{meant}`?")),
        None => {
            let known: Vec<&str> = known.map(String::as_str).collect();
            if known.is_empty() { misfit } else { misfit.hint(format!("known here: {}", known.join(", "))) }
        }
    }
}

/// Whether this can be a name in a dialect.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// Whether there are capitals in it.
pub(super) fn has_capitals(name: &str) -> bool {
    name.chars().any(|c| c.is_ascii_uppercase())
}
