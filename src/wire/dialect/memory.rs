//! What a connection knows: variables, tables, counters, cookies; and how templates and conditions are judged by it.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Number, Value};

use super::escape;
use super::jar::Jar;
use super::target::Target;
use crate::base::draw::{Draws, Purpose, Stream};
use crate::base::http::Answer;
use crate::base::time::NANOS;
use crate::scenario::plan::dialect::template::{
    Condition, Filter, Key, Piece, Placeholder, Shape, Source, Target as Goal, Template, Test,
};

/// Bytes of what is kept or let at the most.
const LARGEST: usize = 16 * 1024;
/// Bytes of all tables of a connection at the most: beyond that the oldest entries are forgotten.
const TABLES: usize = 64 * 1024;
/// What an entry of a table takes in any case.
const ENTRY: usize = 64;

/// What a connection knows.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    pub(super) variables: Vec<Value>,
    tables: BTreeMap<(usize, String), Value>,
    /// The entries of the tables, the oldest first.
    order: VecDeque<(usize, String)>,
    /// Bytes of the tables.
    bytes: usize,
    pub(super) jar: Jar,
    chance: Chance,
}

/// What is another each time that it is asked for.
#[derive(Clone, Debug)]
struct Chance {
    counters: Vec<u64>,
    draws: Stream,
}

/// Something is not there, or not as it has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Missing {
    what: String,
    /// Whether it is something of the connection's own, and not of what the server said.
    pub(super) is_own: bool,
}

impl Missing {
    /// Something is not as it has to be.
    pub(super) fn odd(what: impl Into<String>) -> Self {
        Self { what: what.into(), is_own: false }
    }

    fn of(placeholder: &Placeholder) -> Self {
        let is_own = matches!(placeholder.source, Source::Variable(_) | Source::Table(..) | Source::Local(_));
        Self { what: format!("{} is not there", placeholder.typed), is_own }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Memory {
    /// What is known before anything was said. `seed` is the connection's own.
    pub(super) fn new(target: &Target, seed: u64) -> Self {
        let draws = Draws::of_population(seed, 0, "dialect").stream(Purpose::Identifier, 0);
        Self {
            variables: target.variables.clone(),
            tables: BTreeMap::new(),
            order: VecDeque::new(),
            bytes: 0,
            jar: Jar::default(),
            chance: Chance { counters: vec![0; target.plan.counters.len()], draws },
        }
    }

    /// What is in a variable or in a table.
    pub(super) fn has(&self, goal: Goal, locals: &[Value]) -> bool {
        match goal {
            Goal::Variable(at) => !self.variables[at].is_null(),
            Goal::Table(table, key) => {
                self.key(key, locals).is_some_and(|key| self.tables.contains_key(&(table, key)))
            }
            Goal::Local(at) => locals.get(at).is_some_and(|value| !value.is_null()),
        }
    }

    fn key(&self, key: Key, locals: &[Value]) -> Option<String> {
        let value = match key {
            Key::Variable(at) => &self.variables[at],
            Key::Local(at) => locals.get(at)?,
        };
        (!value.is_null()).then(|| text(value).into_owned())
    }

    /// Puts a value somewhere.
    pub(super) fn put(&mut self, goal: Goal, value: Value, locals: &mut Vec<Value>) -> Result<(), Missing> {
        if size(&value) > LARGEST {
            return Err(Missing::odd(format!("more than {LARGEST} bytes to keep")));
        }
        match goal {
            Goal::Variable(at) => self.variables[at] = value,
            Goal::Local(at) => put_local(locals, at, value),
            Goal::Table(table, key) => {
                let key = self.key(key, locals).ok_or_else(|| Missing::odd("a table without a key"))?;
                let entry = (table, key);
                self.remove(&entry);
                self.bytes += weight(&entry, &value);
                self.tables.insert(entry.clone(), value);
                self.order.push_back(entry);
                while self.bytes > TABLES {
                    let Some(oldest) = self.order.front().cloned() else { break };
                    self.remove(&oldest);
                }
            }
        }
        Ok(())
    }

    fn remove(&mut self, entry: &(usize, String)) {
        if let Some(value) = self.tables.remove(entry) {
            self.bytes -= weight(entry, &value);
            self.order.retain(|known| known != entry);
        }
    }

    /// Forgets what is there.
    pub(super) fn forget(&mut self, goal: Goal, locals: &[Value]) {
        match goal {
            Goal::Variable(at) => self.variables[at] = Value::Null,
            Goal::Table(table, key) => {
                if let Some(key) = self.key(key, locals) {
                    self.remove(&(table, key));
                }
            }
            Goal::Local(_) => {}
        }
    }
}

pub(super) fn put_local(locals: &mut Vec<Value>, at: usize, value: Value) {
    if locals.len() <= at {
        locals.resize(at + 1, Value::Null);
    }
    locals[at] = value;
}

fn weight((_, key): &(usize, String), value: &Value) -> usize {
    ENTRY + key.len() + size(value)
}

fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(_) | Value::Object(_) => value.to_string().len(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// How a value reads.
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Null => Cow::Borrowed(""),
        other => Cow::Owned(other.to_string()),
    }
}

/// What templates are judged by at one moment.
pub(super) struct Scene<'a> {
    memory: &'a mut Memory,
    /// Nanoseconds since 1970.
    now: u64,
    pub(super) locals: &'a [Value],
    /// The frame or the answer at hand.
    pub(super) document: Option<&'a Value>,
    /// The answer at hand.
    pub(super) answer: Option<&'a Answer>,
}

impl<'a> Scene<'a> {
    /// A connection's memory at `now`, with nothing at hand.
    pub(super) fn of(memory: &'a mut Memory, now: u64) -> Self {
        Self { memory, now, locals: &[], document: None, answer: None }
    }

    /// The text of a template.
    pub(super) fn render(&mut self, template: &Template) -> Result<String, Missing> {
        self.rendered(template, |text| Cow::Borrowed(text))
    }

    /// The same for a path or a form: what is put into it is escaped, unless it says `raw` or `url` itself.
    pub(super) fn render_url(&mut self, template: &Template) -> Result<String, Missing> {
        self.rendered(template, |text| Cow::Owned(escape::url(text)))
    }

    fn rendered(
        &mut self,
        template: &Template,
        escape: impl Fn(&str) -> Cow<'_, str>,
    ) -> Result<String, Missing> {
        let mut out = String::new();
        for piece in &template.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Put(placeholder) => {
                    let value = self.value(placeholder)?;
                    let text = text(&value);
                    let as_it_is = placeholder.filters.iter().any(|f| matches!(f, Filter::Raw | Filter::Url));
                    out.push_str(&if as_it_is { Cow::Borrowed(&*text) } else { escape(&text) });
                }
            }
        }
        Ok(out)
    }

    /// The value of a template: of its only placeholder as it is, or else a text.
    pub(super) fn worth(&mut self, template: &Template) -> Result<Value, Missing> {
        match template.alone() {
            Some(placeholder) => self.value(placeholder).map(Cow::into_owned),
            None => self.render(template).map(Value::String),
        }
    }

    /// A tree of JSON.
    pub(super) fn grow(&mut self, shape: &Shape) -> Result<Value, Missing> {
        Ok(match shape {
            Shape::Fixed(value) => value.clone(),
            Shape::Text(template) => self.worth(template)?,
            Shape::List(items) => {
                Value::Array(items.iter().map(|item| self.grow(item)).collect::<Result<_, _>>()?)
            }
            Shape::Map(entries) => {
                let mut map = Map::new();
                for (key, shape) in entries {
                    map.insert(self.render(key)?, self.grow(shape)?);
                }
                Value::Object(map)
            }
        })
    }

    /// Whether all of this holds.
    pub(super) fn all_hold(&mut self, conditions: &[Condition]) -> bool {
        conditions.iter().all(|condition| self.holds(condition))
    }

    fn holds(&mut self, condition: &Condition) -> bool {
        let value = self.value(&condition.of).ok().filter(|value| !value.is_null());
        let reads = |scene: &mut Self, template: &Template| {
            let wanted = scene.render(template).ok();
            wanted.is_some_and(|wanted| value.as_ref().is_some_and(|value| text(value) == wanted.as_str()))
        };
        match &condition.test {
            Test::Is(template) => reads(self, template),
            Test::Not(template) => !reads(self, template),
            Test::In(templates) => templates.iter().any(|template| reads(self, template)),
            Test::Has(template) => match (self.render(template), &value) {
                (Ok(part), Some(value)) => has(value, &part),
                _ => false,
            },
            Test::Starts(template) => match (self.render(template), &value) {
                (Ok(part), Some(value)) => text(value).starts_with(&part),
                _ => false,
            },
            Test::Present => value.is_some(),
            Test::Absent => value.is_none(),
            Test::Empty => value.is_none_or(|value| is_empty(&value)),
            Test::Filled => value.is_some_and(|value| !is_empty(&value)),
        }
    }

    /// What a placeholder says; that it is not there is an error unless it says what to put then.
    fn value(&mut self, placeholder: &Placeholder) -> Result<Cow<'a, Value>, Missing> {
        let found = self.found(&placeholder.source);
        let missing = || Missing::of(placeholder);
        let mut value = found.filter(|value| !value.is_null());
        for filter in &placeholder.filters {
            value = match (filter, value) {
                (Filter::Or(text), None) => Some(Cow::Owned(Value::from(text.as_str()))),
                (_, None) => None,
                (filter, Some(value)) => Some(filtered(filter, value).ok_or_else(missing)?),
            };
        }
        value.ok_or_else(missing)
    }

    fn found(&mut self, source: &Source) -> Option<Cow<'a, Value>> {
        let owned = |text: String| Some(Cow::Owned(Value::String(text)));
        match source {
            Source::Variable(at) => Some(Cow::Owned(self.memory.variables[*at].clone())),
            Source::Table(table, key) => {
                let key = self.memory.key(*key, self.locals)?;
                self.memory.tables.get(&(*table, key)).cloned().map(Cow::Owned)
            }
            Source::Local(at) => self.locals.get(*at).map(Cow::Borrowed),
            Source::Path(path) => path.find(self.document?),
            Source::Literal(text) => owned(text.clone()),
            Source::Uuid => owned(self.memory.chance.uuid()),
            Source::Now => owned(format!("{}.{:03}", self.now / NANOS, self.now % NANOS / 1_000_000)),
            Source::NowMillis => Some(Cow::Owned(Value::from(self.now / 1_000_000))),
            Source::NowText => owned(self.written()?),
            Source::Count(counter) => Some(Cow::Owned(Value::from(self.memory.chance.next(*counter)))),
            Source::Status => Some(Cow::Owned(Value::from(self.answer?.status))),
            Source::Body => owned(String::from_utf8_lossy(&self.answer?.body).into_owned()),
            Source::Header(name) => {
                let header = self.answer?.headers.iter().find(|(known, _)| known == name);
                header.and_then(|(_, value)| owned(value.clone()))
            }
            Source::Cookie(name) => self.memory.jar.get(name).and_then(|value| owned(value.to_owned())),
        }
    }

    /// Now, to the millisecond.
    fn written(&self) -> Option<String> {
        let millis = i64::try_from(self.now / 1_000_000).ok()?;
        let now = Timestamp::from_millisecond(millis).ok()?;
        Some(format!("{now:.3}"))
    }
}

impl Chance {
    fn next(&mut self, counter: usize) -> u64 {
        let counter = &mut self.counters[counter];
        *counter += 1;
        *counter
    }

    /// A UUID of version 4 (RFC 9562), drawn.
    fn uuid(&mut self) -> String {
        let (high, low) = (self.draws.bits(), self.draws.bits());
        let high = high & !0xF000 | 0x4000;
        let low = low & !(0b11 << 62) | 0b10 << 62;
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            high >> 16 & 0xFFFF,
            high & 0xFFFF,
            low >> 48,
            low & 0xFFFF_FFFF_FFFF
        )
    }
}

/// What a filter makes of a value; `None` where it can make nothing of it.
fn filtered<'a>(filter: &Filter, value: Cow<'a, Value>) -> Option<Cow<'a, Value>> {
    let made = |text: String| Some(Cow::Owned(Value::String(text)));
    let number = |value: &Value| match value {
        Value::Number(number) => Some(number.clone()),
        other => text(other).trim().parse::<i64>().ok().map(Number::from),
    };
    match filter {
        Filter::Or(_) | Filter::Raw => Some(value),
        Filter::Json => made(value.to_string()),
        Filter::Url => made(escape::url(&text(&value))),
        Filter::Base64 => made(escape::base64(&text(&value))),
        Filter::Html => made(escape::html(&text(&value))),
        Filter::Plain => made(escape::plain(&text(&value))),
        Filter::Lower => made(text(&value).to_lowercase()),
        Filter::Trim => made(text(&value).trim().to_owned()),
        Filter::Text => made(text(&value).into_owned()),
        Filter::Number => number(&value).map(|number| Cow::Owned(Value::Number(number))),
        Filter::Length => Some(Cow::Owned(Value::from(match &*value {
            Value::Array(list) => list.len(),
            Value::Object(map) => map.len(),
            other => text(other).chars().count(),
        }))),
        Filter::Minus(less) => {
            let number = number(&value)?.as_i64()?;
            Some(Cow::Owned(Value::from(number.saturating_sub(*less))))
        }
        Filter::Before(mark) => {
            text(&value).split_once(mark.as_str()).and_then(|(before, _)| made(before.into()))
        }
        Filter::After(mark) => {
            text(&value).split_once(mark.as_str()).and_then(|(_, after)| made(after.into()))
        }
    }
}

fn has(value: &Value, part: &str) -> bool {
    match value {
        Value::Array(list) => list.iter().any(|item| text(item) == part),
        Value::Object(map) => map.contains_key(part),
        other => text(other).contains(part),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}
