//! Questions over HTTP and their answers.

use std::sync::Arc;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::super::Output;
use super::super::messenger::Event;
use super::Dialect;
use super::job::{Job, Wait};
use super::memory::{Missing, Scene};
use super::step::{BACK_OFF, Failure, SOONEST, excerpt};
use super::tell::{event, reason, span};
use crate::base::http::{Answer, Question};
use crate::base::time::{RealMoment, RealSpan};
use crate::scenario::plan::dialect::template::{Source, Template};
use crate::scenario::plan::dialect::{Asking, Body, Kind, Retry, Verb};

/// What is said of an answer that a dialect has no words for.
pub(super) const ENDLESS: &str =
    "it is answered by a stream of events (text/event-stream), which a dialect cannot read";

impl Dialect {
    /// Asks; the job waits for the answer.
    pub(super) fn ask(
        &mut self,
        asking: &Asking,
        job: &Job,
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) -> Result<Wait, Failure> {
        let question = self.question(asking, &job.locals, now)?;
        let number = self.next_question();
        if !self.lines[asking.over].ask(asking.over, number, question, out) {
            return Err(Failure::Odd("too many questions wait for the server".to_owned()));
        }
        Ok(Wait::Answer(number))
    }

    pub(super) fn next_question(&mut self) -> u32 {
        self.questions = self.questions.wrapping_add(1);
        self.questions
    }

    fn question(&mut self, asking: &Asking, locals: &[Value], now: RealMoment) -> Result<Question, Missing> {
        let plan = Arc::clone(&self.target.plan);
        let mut headers = self.headers(asking.over, &asking.headers, locals, now)?;
        let mut scene = self.scene_of(now, locals);
        let front = scene.render_url(&plan.transports[asking.over].path)?;
        let path = scene.render_url(&asking.path)?;
        let (body, kind) = match &asking.body {
            None => (None, ""),
            Some(Body::Json(shape)) => (Some(scene.grow(shape)?.to_string()), "application/json"),
            Some(Body::Form(fields)) => {
                (Some(form(&mut scene, fields)?), "application/x-www-form-urlencoded")
            }
            Some(Body::Text(text)) => (Some(scene.render(text)?), "text/plain; charset=utf-8"),
        };
        if body.is_some() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            headers.push(("Content-Type".to_owned(), kind.to_owned()));
        }
        let path = whole_path(&self.target.prefixes[asking.over], &front, &path)?;
        Ok(Question { method: asking.method.clone(), path, headers, body })
    }

    /// The headers of a transport, as far as their variables are there, with these besides or instead; and the cookies.
    pub(super) fn headers(
        &mut self,
        over: usize,
        own: &[(String, Template)],
        locals: &[Value],
        now: RealMoment,
    ) -> Result<Vec<(String, String)>, Missing> {
        let plan = Arc::clone(&self.target.plan);
        let mut headers = Vec::new();
        let mut scene = self.scene_of(now, locals);
        for (name, template) in &plan.transports[over].headers {
            let instead = own.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
            if let (false, Ok(value)) = (instead, scene.render(template)) {
                headers.push((name.clone(), value));
            }
        }
        for (name, template) in own {
            headers.push((name.clone(), scene.render(template)?));
        }
        headers.extend(self.memory.jar.header().map(|cookies| ("Cookie".to_owned(), cookies)));
        match headers.iter().find(|(_, value)| value.contains(char::is_control)) {
            Some((name, _)) => Err(Missing::odd(format!("a header {name} with control characters"))),
            None => Ok(headers),
        }
    }

    /// The answer to a question came, or never will.
    pub(super) fn answered(
        &mut self,
        at: usize,
        number: u32,
        answer: Result<&Answer, &str>,
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) {
        let Some(line) = self.lines.get_mut(at).filter(|line| line.out == Some(number)) else { return };
        line.out = None;
        if line.kind == Kind::Poll {
            return self.polled(at, answer, now, out);
        }
        line.serve(at, out);
        self.replied(number, answer, now, out);
    }

    /// The job that asked goes on.
    pub(super) fn replied(
        &mut self,
        number: u32,
        answer: Result<&Answer, &str>,
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) {
        let Some(at) = self.jobs.iter().position(|job| job.wait == Wait::Answer(number)) else { return };
        let mut job = self.jobs.remove(at);
        let script = Arc::clone(&job.script);
        let Some(Verb::Ask(asking)) = script.steps.get(job.at).map(|step| &step.verb) else { return };
        let answer = match answer {
            Ok(answer) => answer,
            Err(why) => return self.failed(&job, Failure::Odd(reason(why)), out),
        };
        self.memory.jar.take(answer);
        if answer.is_endless() {
            return self.failed(&job, Failure::Odd(ENDLESS.to_owned()), out);
        }
        let document: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        match self.judged(asking, &mut job, (&document, answer), now, out) {
            Ok(None) => {
                job.step_on_answered();
                self.go_on(job, now, out);
                self.wake_keepers(now, out);
            }
            Ok(Some(wait)) => {
                job.wait = Wait::Until(now + wait.max(SOONEST));
                self.jobs.push(job);
            }
            Err(failure) => self.failed(&job, failure, out),
        }
    }

    /// Whether an answer is a good one; after how long it is to be asked again, if that.
    fn judged(
        &mut self,
        asking: &Asking,
        job: &mut Job,
        (document, answer): (&Value, &Answer),
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) -> Result<Option<RealSpan>, Failure> {
        let well = asking.status.iter().any(|(from, to)| (*from..=*to).contains(&answer.status));
        if !well && self.plan().throttle.status.contains(&answer.status) {
            let said = self.said_to_wait(document, answer, now);
            return self.throttled(job, &quoted(answer), said, out).map(Some);
        }
        if let Some(retry) = &asking.retry
            && self.scene_after(now, &job.locals, document, answer).all_hold(&retry.when)
        {
            return self.again(retry, job, (document, answer), now, out).map(Some);
        }
        if !well {
            return Err(Failure::Refused(quoted(answer)));
        }
        if !self.scene_after(now, &job.locals, document, answer).all_hold(&asking.holds) {
            let looks = asking.holds.iter().any(|condition| matches!(condition.of.source, Source::Path(_)));
            let unread = if looks { unread(answer) } else { "" };
            return Err(Failure::Refused(format!("{}{unread}", quoted(answer))));
        }
        for (goal, template) in &asking.set {
            let value = self.scene_after(now, &job.locals, document, answer).worth(template);
            let value = value.map_err(|missing| {
                Failure::Odd(format!("{missing}, in {}{}", quoted(answer), unread(answer)))
            })?;
            self.memory.put(*goal, value, &mut job.locals)?;
        }
        Ok(None)
    }

    /// What templates are judged by when an answer has come.
    pub(super) fn scene_after<'a>(
        &'a mut self,
        now: RealMoment,
        locals: &'a [Value],
        document: &'a Value,
        answer: &'a Answer,
    ) -> Scene<'a> {
        let mut scene = self.scene_of(now, locals);
        (scene.document, scene.answer) = (Some(document), Some(answer));
        scene
    }

    fn again(
        &mut self,
        retry: &Retry,
        job: &mut Job,
        (document, answer): (&Value, &Answer),
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) -> Result<RealSpan, Failure> {
        if job.tries >= retry.times {
            return Err(Failure::Refused(format!("still so after {} tries: {}", job.tries, quoted(answer))));
        }
        job.tries += 1;
        let begun = job.begun;
        let mut scene = self.scene_after(now, &job.locals, document, answer);
        let wait = span(&mut scene, &retry.wait).unwrap_or(BACK_OFF);
        let told = retry.event.as_ref().map(|plan| event(plan, &mut scene, begun)).transpose()?;
        if let Some(told) = told {
            self.announce(told, now, out);
        }
        Ok(wait)
    }

    /// How long the server says is to be waited.
    pub(super) fn said_to_wait(
        &mut self,
        document: &Value,
        answer: &Answer,
        now: RealMoment,
    ) -> Option<RealSpan> {
        let plan = Arc::clone(&self.target.plan);
        let mut scene = self.scene_after(now, &[], document, answer);
        let said = plan.throttle.wait.as_ref().and_then(|wait| span(&mut scene, wait));
        if said.is_some() {
            return said;
        }
        let header = answer.headers.iter().find(|(name, _)| name == "retry-after")?;
        header.1.trim().parse().ok().map(|secs: u32| RealSpan::from_whole_secs(secs.min(600).into()))
    }
}

fn form(scene: &mut Scene<'_>, fields: &[(String, Template)]) -> Result<String, Missing> {
    let mut pairs = Vec::new();
    for (name, template) in fields {
        let value = scene.render(template)?;
        pairs.push(format!("{}={}", super::escape::url(name), super::escape::url(&value)));
    }
    Ok(pairs.join("&"))
}

pub(super) fn whole_path(prefix: &str, front: &str, path: &str) -> Result<String, Missing> {
    // `/api/` and `/login` have one slash between them.
    let front = if path.starts_with('/') { front.trim_end_matches('/') } else { front };
    let whole = format!("{prefix}{front}{path}");
    if whole.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return Err(Missing::odd("a path without spaces"));
    }
    Ok(if whole.starts_with('/') { whole } else { format!("/{whole}") })
}

/// What is said of an answer: its status, where it leads if it is nothing but a way to somewhere else, and how it begins.
pub(super) fn quoted(answer: &Answer) -> String {
    let location = answer.headers.iter().find(|(name, _)| name == "location");
    let elsewhere = match location.filter(|_| (300..400).contains(&answer.status)) {
        Some((_, location)) => format!(" to {}", excerpt(location.as_bytes())),
        None => String::new(),
    };
    format!("HTTP {}{elsewhere} {}", answer.status, excerpt(&answer.body)).trim_end().to_owned()
}

/// What is to be said of an answer in which nothing is found because it is no JSON.
fn unread(answer: &Answer) -> &'static str {
    match serde_json::from_slice::<IgnoredAny>(&answer.body) {
        Ok(_) => "",
        Err(_) if answer.body.is_empty() => " (an answer without a body)",
        Err(_) => " (that is no JSON: a path finds nothing in it, {{body}} is its text)",
    }
}
