//! Settings, secrets, transports, and how a server says that it wants less.

use super::Reader;
use super::names::Document;
use crate::base::time::RealSpan;
use crate::scenario::plan::dialect::template::Template;
use crate::scenario::plan::dialect::{
    BUILT_IN, Kind, MOST_TRANSPORTS, PollPlan, Setting, Throttle, TransportPlan,
};
use crate::scenario::problem::quoted;
use crate::scenario::quantity::Misfit;
use crate::scenario::resolve::section::{Field, Section};

impl Reader<'_, '_> {
    /// The settings, and which of the variables are secret for that; the password is in any case.
    pub(super) fn settings(&mut self, top: &mut Section) -> Option<(Vec<Setting>, Vec<usize>)> {
        let pairs = match top.take(self.findings, "settings") {
            Some(field) => self.pairs(field)?,
            None => Vec::new(),
        };
        let password = BUILT_IN.iter().position(|name| *name == "password");
        let mut secrets: Vec<usize> = password.map(|at| pairs.len() + at).into_iter().collect();
        let mut settings = Vec::new();
        for (i, (name, field)) in pairs.into_iter().enumerate() {
            if !super::names::is_name(&name) || BUILT_IN.contains(&name.as_str()) {
                let found = Some(quoted(&name));
                let expected =
                    format!("a name of letters, digits and _, and none of {}", BUILT_IN.join(", "));
                return self.refuse(&field, Misfit { found, ..Misfit::new(&expected) });
            }
            let mut section = Section::open(self.findings, field)?;
            let about = section.take(self.findings, "about").and_then(|field| self.text(&field));
            let default = match section.take(self.findings, "default") {
                Some(field) => self.text(&field).map(Some),
                None => Some(None),
            };
            let secret = section.take(self.findings, "secret").and_then(|field| self.findings.flag(&field));
            secrets.extend((secret == Some(true)).then_some(i));
            settings.push(Setting { name, about: about?, default: default? });
        }
        Some((settings, secrets))
    }

    /// Variables that are printed nowhere.
    pub(super) fn secrets(&mut self, top: &mut Section) -> Option<Vec<usize>> {
        let Some(field) = top.take(self.findings, "secrets") else { return Some(Vec::new()) };
        let fields = self.findings.list(field)?;
        let read: Vec<_> = fields
            .iter()
            .map(|field| {
                let name = field.text().unwrap_or_default();
                let at = self.names.variables.iter().position(|known| known == name);
                let misfit = Misfit::new("a variable that is kept somewhere");
                at.or_else(|| self.refuse(field, misfit))
            })
            .collect();
        read.into_iter().collect()
    }

    /// The transports. Their names are known from here on.
    pub(super) fn transports(&mut self, top: &mut Section) -> Option<Vec<TransportPlan>> {
        let field = top.take(self.findings, "transports")?;
        let whole = field.clone();
        let pairs = self.pairs(field)?;
        if pairs.is_empty() || pairs.len() > MOST_TRANSPORTS {
            let found = Some(format!("{} transports", pairs.len()));
            let expected = format!("from 1 to {MOST_TRANSPORTS}");
            return self.refuse(&whole, Misfit { found, ..Misfit::new(&expected) });
        }
        let read: Vec<_> = pairs.into_iter().map(|(name, field)| self.transport(name, field)).collect();
        read.into_iter().collect()
    }

    fn transport(&mut self, name: String, field: Field) -> Option<TransportPlan> {
        // Known even where something is wrong with it, so that this is told once.
        self.names.transports.push((name.clone(), None));
        if !super::names::is_name(&name) {
            let found = Some(quoted(&name));
            return self.refuse(&field, Misfit { found, ..Misfit::new("a name of letters, digits and _") });
        }
        let mut section = Section::open(self.findings, field)?;
        let kind = section.take(self.findings, "kind").and_then(|field| self.findings.word_within(&field));
        let kind = kind.map(|i| [Kind::Http, Kind::WebSocket, Kind::Poll][i]);
        self.names.transports.last_mut().into_iter().for_each(|known| known.1 = kind);
        let path = match section.take(self.findings, "path") {
            Some(field) => self.path(&field),
            None => Some(Template::default()),
        };
        let at = match section.take(self.findings, "at") {
            Some(field) => self.of_settings(&field).map(Some),
            None => Some(None),
        };
        let headers = section.take(self.findings, "headers");
        let headers = self.named_templates(headers);
        let subprotocol = match (kind, section.has("subprotocol")) {
            (Some(Kind::WebSocket), true) => {
                section.take(self.findings, "subprotocol").and_then(|field| self.text(&field)).map(Some)
            }
            _ => Some(None),
        };
        let poll = match kind {
            Some(Kind::Poll) => self.poll(&mut section).map(Some),
            _ => Some(None),
        };
        if kind.is_some() {
            section.close(self.findings, "for a transport of this kind");
        }
        Some(TransportPlan {
            name,
            kind: kind?,
            path: path?,
            at: at?,
            headers: headers?,
            subprotocol: subprotocol?,
            poll: poll?,
        })
    }

    fn of_settings(&mut self, field: &Field) -> Option<Template> {
        self.names.settings_only = true;
        let template = self.template(field);
        self.names.settings_only = false;
        template
    }

    fn poll(&mut self, section: &mut Section) -> Option<PollPlan> {
        let every = match section.take(self.findings, "every") {
            Some(field) => {
                self.findings.duration_within(&field).map(|span| RealSpan::from_nanos(span.nanos()))
            }
            None => Some(RealSpan::ZERO),
        };
        let json = match section.take(self.findings, "json") {
            Some(field) => self.shape(&field).map(Some),
            None => Some(None),
        };
        let usual = if section.has("json") { "POST" } else { "GET" };
        let method = match section.take(self.findings, "method") {
            Some(field) => self.method(&field),
            None => Some(usual.to_owned()),
        };
        let status = self.take_status(section);
        let keeps = section.take(self.findings, "keep");
        let keep = self.with(Document::Answer, |reader| reader.set(None, keeps));
        Some(PollPlan { every: every?, json: json?, method: method?, status: status?, keep: keep? })
    }

    /// How the server says that it wants less.
    pub(super) fn throttle(&mut self, top: &mut Section) -> Option<Throttle> {
        let mut section = self.findings.section(top, "throttled")?;
        let status = match section.take(self.findings, "status") {
            Some(field) => self.codes(field),
            None => Some(vec![429]),
        };
        let close = match section.take(self.findings, "close") {
            Some(field) => self.codes(field),
            None => Some(Vec::new()),
        };
        let wait = section.take(self.findings, "wait");
        let wait = match wait {
            Some(field) => self.with(Document::Answer, |reader| reader.lasting(&field)).map(Some),
            None => Some(None),
        };
        let times = section.take(self.findings, "times").and_then(|field| self.findings.whole_within(&field));
        Some(Throttle { status: status?, close: close?, wait: wait?, times: times? })
    }

    fn codes(&mut self, field: Field) -> Option<Vec<u16>> {
        let ranges = self.statuses(field)?;
        Some(ranges.into_iter().flat_map(|(from, to)| from..=to).collect())
    }
}
