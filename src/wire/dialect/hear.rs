//! What comes over a WebSocket, or in the answer to a poll: it is offered to who waits for it, and then to the rules.

use std::sync::Arc;

use serde_json::Value;

use super::super::Output;
use super::super::messenger::Event;
use super::job::{Job, Wait};
use super::memory::{Missing, put_local};
use super::step::{Failure, SOONEST, excerpt};
use super::tell::{event, span};
use super::{Dialect, State};
use crate::base::time::{RealMoment, RealSpan};
use crate::scenario::plan::dialect::path::{Each, Element};
use crate::scenario::plan::dialect::{Awaiting, Look, Rule, Start, Verb};

/// A frame, and its JSON from wherever that begins.
struct Frame<'a> {
    text: &'a str,
    /// What has been read, by where it begins.
    read: Vec<(usize, Value)>,
}

/// What is made of a frame that was waited for: it is a good one, or it is to be tried again from a step on after a while, or that came to
/// nothing.
type Judged = Result<Option<(usize, RealSpan)>, Failure>;

impl<'a> Frame<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, read: Vec::new() }
    }

    /// The JSON after a beginning of so many bytes; null, where there is none.
    fn json(&mut self, from: usize) -> &Value {
        let at = match self.read.iter().position(|(known, _)| *known == from) {
            Some(at) => at,
            None => {
                let json = self.text.get(from..).and_then(|rest| serde_json::from_str(rest).ok());
                self.read.push((from, json.unwrap_or_default()));
                self.read.len() - 1
            }
        };
        &self.read[at].1
    }
}

impl Dialect {
    /// A frame came.
    pub(super) fn frame(&mut self, at: usize, text: &str, now: RealMoment, out: &mut Vec<Output<Event>>) {
        if at >= self.lines.len() {
            return;
        }
        let mut frame = Frame::new(text);
        self.offer(at, &mut frame, now, out);
        let plan = Arc::clone(&self.target.plan);
        for listener in &plan.roles[self.role as usize].on[at] {
            let fits = match listener.whole {
                true => text == listener.start,
                false => text.starts_with(&listener.start),
            };
            if !fits {
                continue;
            }
            let json = frame.json(listener.start.len());
            if !listener.looks.iter().all(|look| self.look(look, json, &mut Vec::new(), now, out)) {
                return;
            }
        }
        self.wake_keepers(now, out);
    }

    /// Whether there are rules over a line for which all that comes has to be JSON.
    pub(super) fn reads_json(&self, at: usize) -> bool {
        let listeners = &self.target.plan.roles[self.role as usize].on[at];
        listeners.iter().any(|listener| listener.start.is_empty() && !listener.whole)
    }

    /// Offers a frame to the jobs that wait for one; the first that it fits takes it.
    fn offer(&mut self, at: usize, frame: &mut Frame<'_>, now: RealMoment, out: &mut Vec<Output<Event>>) {
        for i in 0..self.jobs.len() {
            if !matches!(self.jobs[i].wait, Wait::Frame(_)) {
                continue;
            }
            let script = Arc::clone(&self.jobs[i].script);
            let Some(Verb::Await(awaiting)) = script.steps.get(self.jobs[i].at).map(|step| &step.verb) else {
                continue;
            };
            if awaiting.over != at {
                continue;
            }
            let mut job = self.jobs.remove(i);
            match self.fits(awaiting, &mut job, frame, now, out) {
                None => self.jobs.insert(i, job),
                Some(Ok(None)) => {
                    job.answered |= job.sent;
                    job.step_on_answered();
                    return self.go_on(job, now, out);
                }
                Some(Ok(Some((again, wait)))) => {
                    (job.at, job.wait) = (again, Wait::Until(now + wait.max(SOONEST)));
                    return self.jobs.push(job);
                }
                Some(Err(failure)) => return self.failed(&job, failure, out),
            }
        }
    }

    /// What is made of a frame that is waited for; nothing, where this is another.
    fn fits(
        &mut self,
        awaiting: &Awaiting,
        job: &mut Job,
        frame: &mut Frame<'_>,
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) -> Option<Judged> {
        let start = match &awaiting.start {
            Start::Whole(template) | Start::With(template) => {
                self.scene_of(now, &job.locals).render(template)
            }
        };
        let start = start.ok()?;
        let text = frame.text;
        let json = match &awaiting.start {
            Start::Whole(_) if text != start => return None,
            Start::With(_) if !text.starts_with(&start) => return None,
            Start::Whole(_) | Start::With(_) => frame.json(start.len()),
        };
        // `43` is how `431[…]` begins, too: where something follows, it has to be JSON.
        if json.is_null() && !text[start.len()..].trim().is_empty() && !start.is_empty() {
            return None;
        }
        elements(awaiting.each.as_ref(), json).into_iter().find_map(|element| {
            let locals = job.locals.len();
            bind(&element, &mut job.locals);
            let judged = self.takes(awaiting, job, (text, &element.value), now, out);
            if judged.is_none() {
                job.locals.truncate(locals);
            }
            judged
        })
    }

    fn takes(
        &mut self,
        awaiting: &Awaiting,
        job: &mut Job,
        (frame, found): (&str, &Value),
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) -> Option<Judged> {
        let mut scene = self.scene_of(now, &job.locals);
        scene.document = Some(found);
        if !scene.all_hold(&awaiting.when) {
            return None;
        }
        if let Some(less) = &awaiting.less
            && scene.all_hold(&less.when)
        {
            let said = less.wait.as_ref().and_then(|wait| span(&mut scene, wait));
            let wait = self.throttled(job, &words(frame, found), said, out);
            return Some(wait.map(|wait| Some((less.again, wait))));
        }
        if !scene.all_hold(&awaiting.holds) {
            return Some(Err(Failure::Refused(words(frame, found))));
        }
        let set = awaiting.set.iter().all(|(goal, template)| {
            let mut scene = self.scene_of(now, &job.locals);
            scene.document = Some(found);
            let value = scene.worth(template);
            value.and_then(|value| self.memory.put(*goal, value, &mut job.locals)).is_ok()
        });
        set.then_some(Ok(None))
    }

    /// Does what rules say with what is where they look, each thing after the other. `false`, where the connection is over with that.
    fn look(
        &mut self,
        look: &Look,
        document: &Value,
        locals: &mut Vec<Value>,
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) -> bool {
        let known = locals.len();
        for element in elements(look.each.as_ref(), document) {
            for rule in &look.rules {
                locals.truncate(known);
                bind(&element, locals);
                if self.matches(rule, &element.value, locals, now)
                    && !self.carry_out(rule, &element.value, locals, now, out)
                {
                    return false;
                }
            }
        }
        locals.truncate(known);
        true
    }

    /// Whether a rule is for this; what it wants of it is then set. Where something is not there that it names, it is not.
    fn matches(&mut self, rule: &Arc<Rule>, found: &Value, locals: &mut Vec<Value>, now: RealMoment) -> bool {
        let mut scene = self.scene_of(now, locals);
        scene.document = Some(found);
        if !scene.all_hold(&rule.when) {
            return false;
        }
        if let Some(once) = &rule.once {
            let what = match scene.render(once) {
                Ok(what) => what,
                Err(missing) => {
                    self.leave_out(rule, missing);
                    return false;
                }
            };
            if !self.seen.is_new(rule.number, &what) {
                return false;
            }
        }
        for (goal, template) in &rule.set {
            let mut scene = self.scene_of(now, locals);
            scene.document = Some(found);
            let value = scene.worth(template);
            if let Err(missing) = value.and_then(|value| self.memory.put(*goal, value, locals)) {
                self.leave_out(rule, missing);
                return false;
            }
        }
        true
    }

    /// A rule is left out. Where that is for want of a variable, it is worth a word: nothing of it is seen otherwise.
    fn leave_out(&mut self, rule: &Arc<Rule>, missing: Missing) {
        if missing.is_own {
            self.left_out = Some((Arc::clone(rule), missing));
        }
    }

    fn carry_out(
        &mut self,
        rule: &Arc<Rule>,
        found: &Value,
        locals: &mut Vec<Value>,
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) -> bool {
        if let Some(plan) = &rule.event {
            let mut scene = self.scene_of(now, locals);
            scene.document = Some(found);
            let event = match event(plan, &mut scene, now) {
                Ok(event) => event,
                // What it names and what is not there, is not there to be told.
                Err(missing) => {
                    self.leave_out(rule, missing);
                    return true;
                }
            };
            if !self.announce(event, now, out) {
                return false;
            }
        }
        if let Some(script) = &rule.run
            && matches!(self.state, State::Up | State::Connecting(_))
        {
            self.react(Arc::clone(script), locals.clone(), now, out);
        }
        let over = rule.run.is_some() && self.state == State::Down;
        !over && rule.looks.iter().all(|look| self.look(look, found, locals, now, out))
    }
}

/// What is said of a frame in its own words, or in those of a part of it.
fn words(frame: &str, found: &Value) -> String {
    match found {
        Value::Null => excerpt(frame.as_bytes()),
        found => excerpt(found.to_string().as_bytes()),
    }
}

/// What is looked at: all that a path leads to, or the whole.
fn elements<'a>(each: Option<&Each>, document: &'a Value) -> Vec<Element<'a>> {
    match each {
        Some(each) => each.elements(document),
        None => vec![Element::whole(document)],
    }
}

fn bind(element: &Element<'_>, locals: &mut Vec<Value>) {
    for (local, key) in element.keys() {
        put_local(locals, *local, Value::from(key.as_str()));
    }
}
