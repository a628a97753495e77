//! Roles: what each does, with what holds for everybody, and what it can do with that.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Reader;
use super::rules::{Heard, by_transport};
use crate::scenario::node::Value;
use crate::scenario::plan::dialect::{
    Abilities, ActKind, EventKind, Lack, Role, RolePlan, Rule, Script, Step, Timer, Verb,
};
use crate::scenario::resolve::section::{Field, Section};

/// A role as typed.
#[derive(Clone, Default)]
struct Part {
    /// Whether there is anything of it.
    is_written: bool,
    acts: [Option<Arc<Script>>; ActKind::ALL.len()],
    on: Vec<Heard>,
    timers: Vec<Timer>,
}

impl Reader<'_, '_> {
    /// What each role does.
    pub(super) fn roles(&mut self, top: &mut Section) -> Option<[RolePlan; 3]> {
        let everybody = self.part(top, "everybody");
        let visitor = self.part(top, "visitor");
        let agent = self.part(top, "agent");
        let guest = self.part(top, "guest");
        let everybody = everybody?;
        let parts = [visitor?, agent?, guest?];
        let own = parts.clone().map(|part| part.on);
        let parts = parts.map(|part| part.beside(&everybody));
        let opened = parts.each_ref().map(opened);
        self.deaf(&everybody.on, &opened.iter().flatten().copied().collect(), "nobody ever opens");
        for ((on, opened), role) in own.iter().zip(&opened).zip(Role::ALL) {
            self.deaf(on, opened, &format!("the {role} never opens"));
        }
        let transports = self.names.transports.len();
        let [visitor, agent, guest] = parts;
        let roles = [
            whole(visitor, Role::Visitor, transports),
            whole(agent, Role::Agent, transports),
            whole(guest, Role::Guest, transports),
        ];
        if roles.iter().all(|role| role.lacks.is_some()) {
            let found = "nobody who can connect".to_owned();
            let expected = "connect, for everybody or for a role, that comes to the event welcome".to_owned();
            let hint = "end it with - event: {welcome: {address: \"{{user}}\"}}".to_owned();
            self.findings.problem(top.at(), "", found, expected, Some(hint));
            return None;
        }
        Some(roles)
    }

    fn part(&mut self, top: &mut Section, name: &'static str) -> Option<Part> {
        let Some(field) = top.take(self.findings, name) else { return Some(Part::default()) };
        self.names.part = Some(name);
        let part = self.written(field);
        self.names.part = None;
        part
    }

    fn written(&mut self, mut field: Field) -> Option<Part> {
        if field.node.value == Value::Nothing {
            field.node.value = Value::Map(Vec::new());
        }
        let mut section = Section::open(self.findings, field)?;
        let mut part = Part { is_written: true, ..Part::default() };
        let mut good = true;
        for (act, word, given) in ActKind::ALL {
            if let Some(field) = section.take(self.findings, word) {
                let script = self.script(&field, given);
                good &= script.is_some();
                part.acts[act as usize] = script.map(Arc::new);
            }
        }
        if let Some(field) = section.take(self.findings, "on") {
            let on = self.on(field);
            good &= on.is_some();
            part.on = on.unwrap_or_default();
        }
        if let Some(field) = section.take(self.findings, "timers") {
            let timers = self.timers(field);
            good &= timers.is_some();
            part.timers = timers.unwrap_or_default();
        }
        section.close(self.findings, "here");
        good.then_some(part)
    }

    /// Notes rules for frames of transports that are not among those that are opened.
    fn deaf(&mut self, on: &[Heard], opened: &BTreeSet<usize>, why: &str) {
        for heard in on.iter().filter(|heard| !opened.contains(&heard.over)) {
            let (name, _) = &self.names.transports[heard.over];
            let found = format!("a rule for what comes over `{name}`, which {why}");
            let hint = Some(format!("open it in connect: - open: {name}"));
            self.findings.problem(heard.at, &heard.path, found, "a transport that is opened".into(), hint);
        }
    }
}

impl Part {
    /// This, and what holds for everybody where it says nothing; everybody's rules come first.
    fn beside(self, everybody: &Self) -> Self {
        let mut acts = everybody.acts.clone();
        for (own, act) in self.acts.into_iter().zip(&mut acts) {
            *act = own.or_else(|| act.take());
        }
        let on = everybody.on.iter().cloned().chain(self.on).collect();
        let timers = everybody.timers.iter().cloned().chain(self.timers).collect();
        Self { is_written: self.is_written, acts, on, timers }
    }
}

fn whole(part: Part, role: Role, transports: usize) -> RolePlan {
    let mut told = BTreeSet::new();
    part.acts.iter().flatten().for_each(|script| said_by(script, &mut told));
    part.on.iter().for_each(|heard| found_by(&heard.looking.1, &mut told));
    part.timers.iter().for_each(|timer| said_by(&timer.run, &mut told));
    let does = |act: ActKind| part.acts[act as usize].is_some();
    let hears = |event: EventKind| told.contains(&event);
    let lacks = match (does(ActKind::Connect), part.is_written) {
        (true, _) if hears(EventKind::Welcome) => None,
        (true, _) => Some(Lack::Welcome),
        (false, true) => Some(Lack::Connect),
        (false, false) => Some(Lack::Section),
    };
    let abilities = Abilities {
        queue: match role {
            Role::Visitor => does(ActKind::Open) && hears(EventKind::Assigned),
            Role::Agent => does(ActKind::Ready) && hears(EventKind::Given),
            Role::Guest => false,
        },
        private: does(ActKind::Tell) && hears(EventKind::Told),
        rooms: does(ActKind::Enter)
            && does(ActKind::Post)
            && hears(EventKind::Entered)
            && hears(EventKind::Posted),
        typing: does(ActKind::Compose) || hears(EventKind::Typing),
    };
    let abilities = if lacks.is_none() { abilities } else { Abilities::default() };
    let used = steps(&part, |act| act.is_of(role)).filter_map(|step| match &step.verb {
        Verb::Open(at) => Some(*at),
        Verb::Ask(asking) => Some(asking.over),
        _ => None,
    });
    let connections = used.collect::<BTreeSet<_>>().len() as u64;
    let on = by_transport(part.on, transports);
    RolePlan { acts: part.acts, on, timers: part.timers, told, connections, abilities, lacks }
}

/// The transports that somebody opens in so many words. (HTTP opens by itself.)
fn opened(part: &Part) -> BTreeSet<usize> {
    let opens = |step: &Step| if let Verb::Open(at) = step.verb { Some(at) } else { None };
    steps(part, |_| true).filter_map(opens).collect()
}

/// Everything that somebody may do, of these acts and otherwise.
fn steps(part: &Part, does: impl Fn(ActKind) -> bool) -> impl Iterator<Item = &Step> {
    let acts = ActKind::ALL.iter().filter(|(act, ..)| does(*act));
    let mut scripts: Vec<&Script> =
        acts.filter_map(|(act, ..)| part.acts[*act as usize].as_deref()).collect();
    scripts.extend(part.timers.iter().map(|timer| timer.run.as_ref()));
    let mut rules: Vec<&Rule> = part.on.iter().map(|heard| heard.looking.1.as_ref()).collect();
    while let Some(rule) = rules.pop() {
        scripts.extend(rule.run.as_deref());
        rules.extend(rule.looks.iter().flat_map(|look| &look.rules).map(Arc::as_ref));
    }
    scripts.into_iter().flat_map(|script| &script.steps)
}

fn said_by(script: &Script, told: &mut BTreeSet<EventKind>) {
    for step in &script.steps {
        match &step.verb {
            Verb::Event(event) => {
                told.insert(event.kind);
            }
            Verb::Ask(asking) => {
                let event = asking.retry.as_ref().and_then(|retry| retry.event.as_ref());
                told.extend(event.map(|event| event.kind));
            }
            _ => {}
        }
    }
}

fn found_by(rule: &Rule, told: &mut BTreeSet<EventKind>) {
    told.extend(rule.event.as_ref().map(|event| event.kind));
    rule.run.iter().for_each(|script| said_by(script, told));
    rule.looks.iter().flat_map(|look| &look.rules).for_each(|rule| found_by(rule, told));
}
