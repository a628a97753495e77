//! What steps wait for, and how frames look.

use super::Reader;
use super::names::Document;
use crate::base::time::RealSpan;
use crate::scenario::plan::dialect::template::Template;
use crate::scenario::plan::dialect::{Awaiting, Kind, Less, Start, Verb};
use crate::scenario::quantity::Misfit;
use crate::scenario::resolve::section::Section;

impl Reader<'_, '_> {
    /// What is waited for, a frame or a variable; `sent`: the last step before that sends a frame.
    pub(super) fn awaiting(&mut self, mut section: Section, sent: Option<usize>) -> Option<Verb> {
        let within =
            section.take(self.findings, "within").and_then(|field| self.findings.duration_within(&field));
        let within = within.map(|span| RealSpan::from_nanos(span.nanos()));
        if let Some(field) = section.take(self.findings, "kept") {
            let text = field.text().unwrap_or_default();
            let kept = match self.names.kept(text) {
                Ok(kept) => Some(kept),
                Err(misfit) => self.refuse(&field, misfit),
            };
            section.close(self.findings, "beside `kept`");
            return Some(Verb::Until { kept: kept?, within: within? });
        }
        let over = self.take_over(&mut section, "over", &[Kind::WebSocket, Kind::Poll]);
        let start = self.start(&mut section);
        let read = self.with(Document::Frame, |reader| {
            let each = section.take(reader.findings, "in");
            let each = reader.each(each);
            let when = section.take(reader.findings, "when");
            let when = reader.conditions(when);
            let less = reader.less(&mut section, sent);
            let holds = section.take(reader.findings, "holds");
            let holds = reader.conditions(holds);
            let lets = section.take(reader.findings, "let");
            let keeps = section.take(reader.findings, "keep");
            (each, when, less, holds, reader.set(lets, keeps))
        });
        section.close(self.findings, "here");
        let (each, when, less, holds, set) = read;
        Some(Verb::Await(Box::new(Awaiting {
            over: over?,
            start: start?,
            each: each?,
            when: when?,
            less: less?,
            holds: holds?,
            set: set?,
            within: within?,
        })))
    }

    /// How a frame says that the server wants less. What is then done again begins with what was sent last.
    fn less(&mut self, section: &mut Section, sent: Option<usize>) -> Option<Option<Less>> {
        if !section.has("throttled") {
            return Some(None);
        }
        let mut below = self.findings.section(section, "throttled")?;
        let when = below.take(self.findings, "when").and_then(|field| self.conditions(Some(field)));
        let wait = match below.take(self.findings, "wait") {
            Some(field) => self.lasting(&field).map(Some),
            None => Some(None),
        };
        let (at, path) = (below.at(), below.path().to_owned());
        below.close(self.findings, "here");
        let Some(again) = sent else {
            let expected = "a step `send` before this one, which is done again".to_owned();
            self.findings.problem(at, &path, "nothing that was sent".into(), expected, None);
            return None;
        };
        Some(Some(Less { when: when?, wait: wait?, again }))
    }

    /// How a frame looks.
    pub(super) fn start(&mut self, section: &mut Section) -> Option<Start> {
        let text = section.take(self.findings, "text");
        let starts = section.take(self.findings, "starts");
        match (text, starts) {
            (Some(text), None) => self.template(&text).map(Start::Whole),
            (None, Some(starts)) => self.template(&starts).map(Start::With),
            (None, None) => Some(Start::With(Template::default())),
            (Some(text), Some(_)) => {
                let found = Some("both text and starts".to_owned());
                self.refuse(&text, Misfit { found, ..Misfit::new("the whole frame or its beginning") })
            }
        }
    }
}
