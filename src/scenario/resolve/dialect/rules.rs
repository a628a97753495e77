//! Rules: what comes of what the server sends; timers; what people are told.

use std::sync::Arc;

use super::Reader;
use super::names::Document;
use crate::scenario::keys::dialect::EVENT;
use crate::scenario::node::{Entry, Node, Value};
use crate::scenario::plan::dialect::path::Each;
use crate::scenario::plan::dialect::template::Template;
use crate::scenario::plan::dialect::{
    EventKind, EventPlan, Kind, Lasting, Listener, Look, OFTENEST, Rule, Script, Start, Timer,
};
use crate::scenario::problem::Place;
use crate::scenario::quantity::Misfit;
use crate::scenario::resolve::section::{Field, Section};

/// How deep rules go.
const DEEPEST: usize = 4;

/// A rule, and where it looks.
pub(super) type Looking = (Option<Each>, Arc<Rule>);

/// A rule that is in no other: with its transport, and how a frame on it begins or whether that is the whole frame.
#[derive(Clone)]
pub(super) struct Heard {
    pub(super) at: Place,
    pub(super) path: String,
    pub(super) over: usize,
    start: String,
    whole: bool,
    pub(super) looking: Looking,
}

impl Reader<'_, '_> {
    /// The rules of a role.
    pub(super) fn on(&mut self, field: Field) -> Option<Vec<Heard>> {
        let fields = self.findings.list(field)?;
        let read: Vec<_> = fields.into_iter().map(|field| self.heard(field)).collect();
        read.into_iter().collect()
    }

    fn heard(&mut self, field: Field) -> Option<Heard> {
        let mut section = Section::open(self.findings, field)?;
        let over = self.take_over(&mut section, "over", &[Kind::WebSocket, Kind::Poll]);
        let (at, path) = (section.at(), section.path().to_owned());
        let start = self.start(&mut section).and_then(|start| {
            let (template, whole) = match start {
                Start::Whole(template) => (template, true),
                Start::With(template) => (template, false),
            };
            let fixed = template.fixed().map(|text| (text.to_owned(), whole));
            if fixed.is_none() {
                let hint = "compare what comes after it, under when".to_owned();
                let found = "a beginning with placeholders".to_owned();
                self.findings.problem(at, section.path(), found, "a fixed one".into(), Some(hint));
            }
            fixed
        });
        let looking = self.rule(section, 1);
        let (start, whole) = start?;
        Some(Heard { at, path, over: over?, start, whole, looking: looking? })
    }

    fn rule(&mut self, mut section: Section, depth: usize) -> Option<Looking> {
        let before = self.names.locals.len();
        let rule = self.with(Document::Frame, |reader| reader.rule_within(&mut section, depth));
        self.names.locals.truncate(before);
        if depth > 1 {
            let why = "in a rule within a rule";
            section.without(
                self.findings,
                &["over", "text", "starts"],
                why,
                "it looks at what the rule around it found",
            );
        }
        section.close(self.findings, "here");
        rule
    }

    fn rule_within(&mut self, section: &mut Section, depth: usize) -> Option<Looking> {
        let each = section.take(self.findings, "in");
        let each = self.each(each);
        let when = section.take(self.findings, "when");
        let when = self.conditions(when);
        let once = match section.take(self.findings, "once") {
            Some(field) => self.template(&field).map(Some),
            None => Some(None),
        };
        let lets = section.take(self.findings, "let");
        let keeps = section.take(self.findings, "keep");
        let set = self.set(lets, keeps);
        let event = match section.take(self.findings, "event") {
            Some(field) => self.event(field).map(Some),
            None => Some(None),
        };
        let run = match section.take(self.findings, "do") {
            Some(field) => self.script(&field, &[]).map(|script| Some(Arc::new(script))),
            None => Some(None),
        };
        let rules = match section.take(self.findings, "rules") {
            Some(field) => self.rules(field, depth),
            None => Some(Vec::new()),
        };
        self.names.rules += 1;
        let rule = Rule {
            number: self.names.rules,
            place: section.path().to_owned(),
            when: when?,
            once: once?,
            set: set?,
            event: event?,
            run: run?,
            looks: rules?,
        };
        if rule.set.is_empty() && rule.event.is_none() && rule.run.is_none() && rule.looks.is_empty() {
            let expected = "one of event, do, keep or rules".to_owned();
            self.findings.problem(
                section.at(),
                section.path(),
                "a rule that does nothing".into(),
                expected,
                None,
            );
            return None;
        }
        Some((each?, Arc::new(rule)))
    }

    fn rules(&mut self, field: Field, depth: usize) -> Option<Vec<Look>> {
        if depth >= DEEPEST {
            let found = Some("rules in rules in rules".to_owned());
            return self
                .refuse(&field, Misfit { found, ..Misfit::new(&format!("{DEEPEST} levels at most")) });
        }
        let fields = self.findings.list(field)?;
        let read: Vec<_> = fields
            .into_iter()
            .map(|field| {
                Section::open(self.findings, field).and_then(|section| self.rule(section, depth + 1))
            })
            .collect();
        read.into_iter().collect::<Option<_>>().map(by_place)
    }

    /// The timers of a role.
    pub(super) fn timers(&mut self, field: Field) -> Option<Vec<Timer>> {
        let fields = self.findings.list(field)?;
        let read: Vec<_> = fields.into_iter().map(|field| self.timer(field)).collect();
        read.into_iter().collect()
    }

    fn timer(&mut self, field: Field) -> Option<Timer> {
        let mut section = Section::open(self.findings, field)?;
        let every = section.take(self.findings, "every").and_then(|field| {
            let every = self.lasting(&field)?;
            if matches!(every, Lasting::Fixed(every) if every < OFTENEST) {
                return self.refuse(&field, Misfit::new("at least 100ms"));
            }
            Some(every)
        });
        let when = section.take(self.findings, "when");
        let when = self.conditions(when);
        let run: Option<Script> =
            section.take(self.findings, "do").and_then(|field| self.script(&field, &[]));
        section.close(self.findings, "here");
        Some(Timer { every: every?, when: Arc::new(when?), run: Arc::new(run?) })
    }

    /// What a person is told; a word alone, where that takes nothing.
    pub(super) fn event(&mut self, field: Field) -> Option<EventPlan> {
        let field = spelt_out(field);
        let mut section = Section::open(self.findings, field)?;
        let word = section.chosen();
        let mut field = section.take(self.findings, word)?;
        if field.node.value == Value::Nothing {
            field.node.value = Value::Map(Vec::new());
        }
        let keys = EVENT.key(word);
        let crate::scenario::format::Takes::Map(format) = keys.takes else {
            unreachable!("{word} takes a map")
        };
        let mut section = Section::open(self.findings, field)?;
        let takes: Vec<Option<Option<Template>>> = format
            .keys
            .iter()
            .map(|key| match section.take(self.findings, key.name) {
                Some(field) => self.template(&field).map(Some),
                None if matches!(key.when, crate::scenario::format::When::Required) => None,
                None => Some(None),
            })
            .collect();
        section.close(self.findings, "here");
        let (kind, _) = EventKind::ALL.into_iter().find(|(_, name)| *name == word)?;
        Some(EventPlan { kind, takes: takes.into_iter().collect::<Option<_>>()? })
    }
}

/// A word alone made the map that it stands for.
fn spelt_out(mut field: Field) -> Field {
    if let Value::Scalar(word) = &field.node.value {
        let at = field.node.at;
        let node = Node { at, value: Value::Nothing, guessed: false };
        field.node.value = Value::Map(vec![Entry { key: word.clone(), at, node }]);
    }
    field
}

/// The rules by transport, those that begin alike together, in their order.
pub(super) fn by_transport(heard: Vec<Heard>, transports: usize) -> Vec<Vec<Listener>> {
    let mut alike: Vec<(usize, String, bool, Vec<Looking>)> = Vec::new();
    for Heard { over, start, whole, looking, .. } in heard {
        let known =
            alike.iter_mut().find(|known| (known.0, known.1.as_str(), known.2) == (over, &start, whole));
        match known {
            Some((.., rules)) => rules.push(looking),
            None => alike.push((over, start, whole, vec![looking])),
        }
    }
    let mut on: Vec<Vec<Listener>> = vec![Vec::new(); transports];
    for (over, start, whole, rules) in alike {
        on[over].push(Listener { start, whole, looks: by_place(rules) });
    }
    on
}

/// Those that look at the same things together, where the first of them stands; those that look at the whole stay where they are.
fn by_place(rules: Vec<Looking>) -> Vec<Look> {
    let mut looks: Vec<Look> = Vec::new();
    for (each, rule) in rules {
        match looks.iter_mut().find(|look| each.is_some() && look.each == each) {
            Some(look) => look.rules.push(rule),
            None => looks.push(Look { each, rules: vec![rule] }),
        }
    }
    looks
}
