//! Steps: what is done one after the other.

use super::Reader;
use super::names::Document;
use crate::scenario::node::Value;
use crate::scenario::plan::dialect::template::Template;
use crate::scenario::plan::dialect::{Asking, Body, Kind, Retry, Script, Sending, Step, Verb};
use crate::scenario::problem::quoted;
use crate::scenario::quantity::Misfit;
use crate::scenario::resolve::section::{Field, Section};

/// Steps of one act at the most.
const MOST_STEPS: usize = 100;
/// What a step may be; one of them.
const VERBS: [&str; 9] = ["open", "close", "send", "ask", "await", "pause", "keep", "forget", "event"];
/// The methods of HTTP that a question may have.
const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

impl Reader<'_, '_> {
    /// Steps that begin with these locals.
    pub(super) fn script(&mut self, field: &Field, given: &[&str]) -> Option<Script> {
        let before = self.names.locals.len();
        given.iter().for_each(|name| self.names.locals.push((*name).to_owned()));
        let script = self.with(Document::Nothing, |reader| reader.steps(field));
        self.names.locals.truncate(before);
        script
    }

    fn steps(&mut self, field: &Field) -> Option<Script> {
        // Nothing typed after the key: it is done by doing nothing.
        if field.node.value == Value::Nothing {
            return Some(Script { place: field.path.clone(), ..Script::default() });
        }
        let fields = self.findings.list(field.clone())?;
        if fields.len() > MOST_STEPS {
            let found = Some(format!("{} steps", fields.len()));
            return self.refuse(field, Misfit { found, ..Misfit::new(&format!("at most {MOST_STEPS}")) });
        }
        let mut sent = None;
        let mut steps = Vec::new();
        for (at, field) in fields.into_iter().enumerate() {
            let step = self.step(field, sent);
            if step.as_ref().is_some_and(|step| matches!(step.verb, Verb::Send(_))) {
                sent = Some(at);
            }
            steps.push(step);
        }
        Some(Script { place: field.path.clone(), steps: steps.into_iter().collect::<Option<_>>()? })
    }

    /// A step; `sent`: the last step before it that sends a frame.
    fn step(&mut self, field: Field, sent: Option<usize>) -> Option<Step> {
        let mut section = Section::open(self.findings, field)?;
        let when = section.take(self.findings, "when");
        let when = self.conditions(when);
        let verbs: Vec<&str> = VERBS.into_iter().chain(["let"]).filter(|verb| section.has(verb)).collect();
        let both = matches!(verbs[..], ["keep", "let"]);
        if verbs.len() != 1 && !both {
            if !section.slipped() {
                let found = match verbs.len() {
                    0 => "a step that does nothing".to_owned(),
                    _ => format!("{} in one step", verbs.join(" and ")),
                };
                let expected = format!("one of {} or let", VERBS.join(", "));
                let hint = "each thing that is done is a step of its own, after a dash";
                self.findings.problem(section.at(), section.path(), found, expected, Some(hint.to_owned()));
            }
            return None;
        }
        let verb = self.verb(&mut section, verbs[0], sent);
        section.close(self.findings, "in this step");
        Some(Step { when: when?, verb: verb? })
    }

    fn verb(&mut self, section: &mut Section, verb: &str, sent: Option<usize>) -> Option<Verb> {
        Some(match verb {
            "open" => Verb::Open(self.take_over(section, "open", &[Kind::WebSocket, Kind::Poll])?),
            "close" => Verb::Close(self.take_over(section, "close", &[Kind::WebSocket, Kind::Poll])?),
            "send" => {
                let below = self.findings.section(section, "send")?;
                Verb::Send(self.sending(below)?)
            }
            "ask" => {
                let below = self.findings.section(section, "ask")?;
                Verb::Ask(Box::new(self.asking(below)?))
            }
            "await" => {
                let below = self.findings.section(section, "await")?;
                self.awaiting(below, sent)?
            }
            "pause" => {
                let field = section.take(self.findings, "pause")?;
                Verb::Pause(self.lasting(&field)?)
            }
            "forget" => {
                let field = section.take(self.findings, "forget")?;
                Verb::Forget(self.forgotten(field)?)
            }
            "event" => {
                let field = section.take(self.findings, "event")?;
                Verb::Event(self.event(field)?)
            }
            _ => {
                let lets = section.take(self.findings, "let");
                let keeps = section.take(self.findings, "keep");
                Verb::Set(self.set(lets, keeps)?)
            }
        })
    }

    /// The transport after `key`, or the only one that there is.
    pub(super) fn take_over(
        &mut self,
        section: &mut Section,
        key: &'static str,
        kinds: &[Kind],
    ) -> Option<usize> {
        let typed = section.take(self.findings, key);
        // What is wrong with the transports has been told.
        if self.names.transports.is_empty() {
            return None;
        }
        let name = typed.as_ref().map(|field| field.text().unwrap_or_default());
        match self.names.over(name, kinds) {
            Ok(over) => Some(over),
            Err(misfit) => match typed {
                Some(field) => self.refuse(&field, misfit),
                None => {
                    let found = misfit.found.unwrap_or_default();
                    self.findings.problem(section.at(), section.path(), found, misfit.expected, misfit.hint);
                    None
                }
            },
        }
    }

    /// A template after `key`; empty where that is not there.
    pub(super) fn take_template(&mut self, section: &mut Section, key: &'static str) -> Option<Template> {
        match section.take(self.findings, key) {
            Some(field) => self.template(&field),
            None => Some(Template::default()),
        }
    }

    fn sending(&mut self, mut section: Section) -> Option<Sending> {
        let over = self.take_over(&mut section, "over", &[Kind::WebSocket]);
        let starts = self.take_template(&mut section, "starts");
        let text = section.take(self.findings, "text");
        let body = section.take(self.findings, "json").map(|field| self.shape(&field));
        let (starts, body) = match (text, body) {
            (Some(text), None) if !section.has("starts") => (self.template(&text), Some(None)),
            (None, Some(body)) => (starts, body.map(Some)),
            _ => {
                let expected = "either json, with starts before it if need be, or text".to_owned();
                self.findings.problem(section.at(), section.path(), "neither or both".into(), expected, None);
                return None;
            }
        };
        section.close(self.findings, "here");
        Some(Sending { over: over?, starts: starts?, body: body? })
    }

    /// The statuses that are well.
    pub(super) fn take_status(&mut self, section: &mut Section) -> Option<Vec<(u16, u16)>> {
        match section.take(self.findings, "status") {
            Some(field) => self.statuses(field),
            None => Some(vec![(200, 299)]),
        }
    }

    fn asking(&mut self, mut section: Section) -> Option<Asking> {
        let over = self.take_over(&mut section, "over", &[Kind::Http]);
        let path = section.take(self.findings, "path").and_then(|field| self.path(&field));
        let headers = section.take(self.findings, "headers");
        let headers = self.named_templates(headers);
        let body = self.body(&mut section);
        let usual = if matches!(body, Some(Some(_))) { "POST" } else { "GET" };
        let method = match section.take(self.findings, "method") {
            Some(field) => self.method(&field),
            None => Some(usual.to_owned()),
        };
        let status = self.take_status(&mut section);
        let (holds, retry, set) = self.with(Document::Answer, |reader| {
            let holds = section.take(reader.findings, "holds");
            let holds = reader.conditions(holds);
            let retry = section.has("retry").then(|| reader.findings.section(&mut section, "retry"));
            let retry = match retry {
                Some(below) => below.and_then(|below| reader.retry(below)).map(Some),
                None => Some(None),
            };
            let lets = section.take(reader.findings, "let");
            let keeps = section.take(reader.findings, "keep");
            (holds, retry, reader.set(lets, keeps))
        });
        section.close(self.findings, "here");
        Some(Asking {
            over: over?,
            method: method?,
            path: path?,
            headers: headers?,
            body: body?,
            status: status?,
            holds: holds?,
            retry: retry?,
            set: set?,
        })
    }

    /// Path and query, which begin with a slash.
    pub(super) fn path(&mut self, field: &Field) -> Option<Template> {
        let template = self.template(field)?;
        let fixed = template.fixed().is_none_or(|text| text.is_empty() || text.starts_with('/'));
        let odd = |c: char| c.is_control() || c == ' ';
        if fixed && !field.text().is_some_and(|text| without_placeholders(text).contains(odd)) {
            return Some(template);
        }
        self.refuse(field, Misfit::new("a path that begins with /, escaped as URLs are"))
    }

    pub(super) fn method(&mut self, field: &Field) -> Option<String> {
        match field.text() {
            Some(text) if METHODS.contains(&text) => Some(text.to_owned()),
            _ => self.refuse(field, Misfit::new(&format!("one of {}", METHODS.join(", ")))),
        }
    }

    /// The body; within, none.
    fn body(&mut self, section: &mut Section) -> Option<Option<Body>> {
        let json = section.take(self.findings, "json").map(|field| self.shape(&field).map(Body::Json));
        let form = section.take(self.findings, "form");
        let form = form.map(|field| self.named_templates(Some(field)).map(Body::Form));
        let text = section.take(self.findings, "text").map(|field| self.template(&field).map(Body::Text));
        let mut bodies = [json, form, text].into_iter().flatten();
        match (bodies.next(), bodies.next()) {
            (None, _) => Some(None),
            (Some(body), None) => body.map(Some),
            _ => {
                let expected = "one of json, form and text".to_owned();
                self.findings.problem(section.at(), section.path(), "several bodies".into(), expected, None);
                None
            }
        }
    }

    /// Statuses: 200, or 200-299, or a list of such.
    pub(super) fn statuses(&mut self, field: Field) -> Option<Vec<(u16, u16)>> {
        let read = |text: &str| -> Option<(u16, u16)> {
            let (from, to) = text.split_once('-').unwrap_or((text, text));
            let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
            (from <= to).then_some((from, to))
        };
        let fields = self.some(field);
        let read: Vec<_> = fields
            .iter()
            .map(|field| match field.text().and_then(read) {
                Some(range) => Some(range),
                None => {
                    self.refuse(field, Misfit::new("a number such as 200, or from one to another: 200-299"))
                }
            })
            .collect();
        read.into_iter().collect()
    }

    fn retry(&mut self, mut section: Section) -> Option<Retry> {
        let when = section.take(self.findings, "when").and_then(|field| self.conditions(Some(field)));
        let times = section.take(self.findings, "times").and_then(|field| self.findings.whole_within(&field));
        let wait = section.take(self.findings, "wait").and_then(|field| self.lasting(&field));
        let event = match section.take(self.findings, "event") {
            Some(field) => self.event(field).map(Some),
            None => Some(None),
        };
        Some(Retry { when: when?, times: times?, wait: wait?, event: event? })
    }

    fn forgotten(&mut self, field: Field) -> Option<Vec<crate::scenario::plan::dialect::template::Target>> {
        let fields = self.some(field);
        let read: Vec<_> = fields
            .iter()
            .map(|field| match self.names.kept(field.text().unwrap_or_default()) {
                Ok(kept) => Some(kept),
                Err(misfit) => {
                    let found = misfit.found.or_else(|| field.text().map(quoted));
                    self.refuse(field, Misfit { found, ..misfit })
                }
            })
            .collect();
        read.into_iter().collect()
    }
}

/// A template's text with its placeholders taken out.
fn without_placeholders(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        rest = after.split_once("}}").map_or("", |(_, rest)| rest);
    }
    out + rest
}
