//! Which names there are in a dialect, and what numbers they have.

use crate::scenario::node::{Node, Value};
use crate::scenario::plan::dialect::template::{Key, Source, Target};
use crate::scenario::plan::dialect::{BUILT_IN, Kind};
use crate::scenario::problem::{nearest, quoted};
use crate::scenario::quantity::Misfit;

/// The part of a dialect that holds for all roles.
const EVERYBODY: &str = "everybody";
/// The parts that hold for one.
const ROLES: [&str; 3] = ["visitor", "agent", "guest"];
/// What may stand in place of a name: everywhere, and where there is an answer.
const ALWAYS: [&str; 6] = ["uuid", "now", "now_ms", "now_text", "count(…)", "cookie(…)"];
const OF_ANSWER: [&str; 3] = ["status", "body", "header(…)"];

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
    /// With their kinds, as far as those make sense.
    pub(super) transports: Vec<(String, Option<Kind>)>,
    /// The part that is being read, a role's or everybody's; nothing, where that makes no difference.
    pub(super) part: Option<&'static str>,
    /// What is kept where: the part, and the name of the variable or the table.
    keeps: Vec<(String, String)>,
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
            part: None,
            keeps: Vec::new(),
            locals: Vec::new(),
            document: Document::Nothing,
            rules: 0,
            settings_only: false,
        };
        names.variables.extend(BUILT_IN.map(str::to_owned));
        if let Value::Map(parts) = &root.value {
            parts.iter().for_each(|part| names.find_kept(&part.key, &part.node));
        }
        names
    }

    fn find_kept(&mut self, part: &str, node: &Node) {
        match &node.value {
            Value::Map(entries) => {
                for entry in entries {
                    if let (true, Value::Map(kept)) = (entry.key == "keep", &entry.node.value) {
                        kept.iter().for_each(|kept| self.declare(part, &kept.key));
                    }
                    self.find_kept(part, &entry.node);
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.find_kept(part, item)),
            Value::Nothing | Value::Scalar(_) => {}
        }
    }

    fn declare(&mut self, part: &str, key: &str) {
        let (name, list) = match key.split_once('[') {
            Some((name, _)) => (name, &mut self.tables),
            None => (key, &mut self.variables),
        };
        if !list.iter().any(|known| known == name) {
            list.push(name.to_owned());
        }
        self.keeps.push((part.to_owned(), name.to_owned()));
    }

    /// Whether a variable or a table is known in the part that is being read: from the beginning on, or because it is kept there or for
    /// everybody.
    fn is_known(&self, name: &str) -> bool {
        let Some(part) = self.part.filter(|part| *part != EVERYBODY) else { return true };
        let others = |keeper: &str| ROLES.contains(&keeper) && keeper != part;
        let mut keepers = self.keeps.iter().filter(|(_, kept)| kept == name).peekable();
        keepers.peek().is_none() || keepers.any(|(keeper, _)| !others(keeper))
    }

    /// The names of variables that are known here, those that may be kept alone or all of them.
    fn known(&self, from: usize) -> impl Iterator<Item = &str> + Clone {
        self.variables[from..].iter().map(String::as_str).filter(|name| self.is_known(name))
    }

    /// What is wrong with a name that is kept, but for others alone; or else what `otherwise` says.
    fn elsewhere(&self, name: &str, otherwise: impl FnOnce() -> Misfit) -> Misfit {
        let keeper = self.keeps.iter().find(|(_, kept)| kept == name && !self.is_known(name));
        let Some((keeper, _)) = keeper else { return otherwise() };
        let found = Some(format!("{}, which is kept under `{keeper}` alone", quoted(name)));
        Misfit { found, ..Misfit::new("a name that means something here") }
            .hint("keep it under this role as well, or under everybody")
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
            let tables = || self.tables.iter().map(String::as_str).filter(|name| self.is_known(name));
            let at = self.tables.iter().position(|known| known == table).filter(|_| self.is_known(table));
            let at = at.ok_or_else(|| {
                self.elsewhere(table, || match tables().next() {
                    None => unknown(table, "the name of a table", tables(), &[])
                        .hint("a table is made by keep: {name[key]: …}"),
                    Some(_) => unknown(table, "the name of a table", tables(), &[]),
                })
            })?;
            return Ok(Source::Table(at, self.key(key, &[])?));
        }
        if self.settings_only {
            let among = &self.variables[..self.settings];
            let setting = among.iter().position(|known| known == name);
            let expected = "the name of a setting: nothing else is known there";
            let misfit = || unknown(name, expected, among.iter().map(String::as_str), &[]);
            return setting.map(Source::Variable).ok_or_else(misfit);
        }
        let of_answer: &[&str] = if self.document == Document::Answer { &OF_ANSWER } else { &[] };
        let calls: Vec<&str> = of_answer.iter().chain(&ALWAYS).copied().collect();
        Ok(match self.key(name, &calls)? {
            Key::Local(local) => Source::Local(local),
            Key::Variable(variable) => Source::Variable(variable),
        })
    }

    /// What a name means that may be looked up; `calls`: what else may stand here.
    fn key(&self, name: &str, calls: &[&str]) -> Result<Key, Misfit> {
        if let Some(local) = self.locals.iter().rposition(|known| known == name) {
            return Ok(Key::Local(local));
        }
        let variable = self.variables.iter().position(|known| known == name);
        let known = self.locals.iter().map(String::as_str).chain(self.known(0));
        variable.filter(|_| self.is_known(name)).map(Key::Variable).ok_or_else(|| {
            self.elsewhere(name, || unknown(name, "a name that means something here", known, calls))
        })
    }

    /// Where something is kept.
    pub(super) fn kept(&self, name: &str) -> Result<Target, Misfit> {
        if let Some((table, key)) = entry(name) {
            let at = self.place(table, &self.tables, self.tables.iter().map(String::as_str))?;
            return Ok(Target::Table(at, self.key(key, &[])?));
        }
        let given = self.settings + BUILT_IN.len();
        let at = self.place(name, &self.variables, self.known(given))?;
        if at < given {
            let found = Some(format!("{}, which is there from the beginning", quoted(name)));
            return Err(Misfit { found, ..Misfit::new("a name of its own") });
        }
        Ok(Target::Variable(at))
    }

    /// The place of what is kept under this name among `all`; `known`: those of them that may be meant.
    fn place<'a>(
        &self,
        name: &str,
        all: &[String],
        known: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<usize, Misfit> {
        if !is_name(name) {
            return Err(misnamed(name));
        }
        let at = all.iter().position(|known| known == name).filter(|_| self.is_known(name));
        at.ok_or_else(|| {
            let found = Some(format!("{}, which nothing keeps", quoted(name)));
            let misfit = unknown(name, "a variable that is kept somewhere", known, &[]);
            self.elsewhere(name, || Misfit { found, ..misfit })
        })
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
        // Of what kind the others are has been told already to make no sense.
        let fits = |kind: &Option<Kind>| kind.is_none_or(|kind| kinds.contains(&kind));
        let fitting = || self.transports.iter().enumerate().filter(move |(_, (_, kind))| fits(kind));
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
                (Some((first, _)), Some(_)) if fitting().any(|(_, (_, kind))| kind.is_none()) => Ok(first),
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

/// What is wrong with a name that is not among those that are known; `calls`: what may stand there besides names.
fn unknown<'a>(
    name: &str,
    expected: &str,
    known: impl Iterator<Item = &'a str> + Clone,
    calls: &[&'a str],
) -> Misfit {
    let misfit =
        Misfit { found: Some(format!("{}, which is unknown", quoted(name))), ..Misfit::new(expected) };
    match nearest(name, known.clone()) {
        Some(meant) => misfit.hint(format!("did you mean `{meant}`?")),
        None => {
            let known: Vec<&str> = known.chain(calls.iter().copied()).collect();
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
