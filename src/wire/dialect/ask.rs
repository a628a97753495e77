//! Questions over HTTP and their answers, polls among them.

use std::sync::Arc;

use serde_json::Value;

use super::super::Output;
use super::super::messenger::Event;
use super::job::{Job, Wait};
use super::line::{AT_ONCE, Door, LULL, Poll, transport};
use super::memory::{Missing, Scene};
use super::step::Failure;
use super::tell::{event, reason, span};
use super::{Dialect, State};
use crate::base::http::{Answer, Question};
use crate::base::time::{RealMoment, RealSpan};
use crate::scenario::plan::dialect::template::Template;
use crate::scenario::plan::dialect::{Asking, Body, Kind, Retry, Verb};

/// How long to wait before asking again, where the server does not say: at first, and at the most.
const BACK_OFF: RealSpan = RealSpan::from_whole_secs(1);
const LONGEST_BACK_OFF: RealSpan = RealSpan::from_whole_secs(30);
/// Nothing is asked again sooner.
const SOONEST: RealSpan = RealSpan::from_nanos(10_000_000);
/// Bytes of an answer that are quoted.
const QUOTED: usize = 120;

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

    fn next_question(&mut self) -> u32 {
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
            Some((name, _)) => Err(Missing(format!("a header {name} with control characters"))),
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
        let document: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        match self.judged(asking, &mut job, (&document, answer), now, out) {
            Ok(None) => {
                job.answered = true;
                job.step_on();
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
            return self.throttled(job, document, answer, now, out).map(Some);
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
            return Err(Failure::Refused(quoted(answer)));
        }
        for (goal, template) in &asking.set {
            let value = self.scene_after(now, &job.locals, document, answer).worth(template)?;
            self.memory.put(*goal, value, &mut job.locals)?;
        }
        Ok(None)
    }

    /// What templates are judged by when an answer has come.
    fn scene_after<'a>(
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
        let wait = span(&mut scene, Some(&retry.wait)).unwrap_or(BACK_OFF);
        let told = retry.event.as_ref().map(|plan| event(plan, &mut scene, begun)).transpose()?;
        if let Some(told) = told {
            self.announce(told, now, out);
        }
        Ok(wait)
    }

    /// The server wants less: tells so, and says after how long it may be asked again.
    fn throttled(
        &mut self,
        job: &mut Job,
        document: &Value,
        answer: &Answer,
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) -> Result<RealSpan, Failure> {
        let said = self.said_to_wait(document, answer, now);
        let why = quoted(answer);
        self.tell(Event::Throttled { why: why.clone(), retry_after: said }, out);
        if job.throttled >= self.plan().throttle.times {
            return Err(Failure::Refused(format!("still throttled after {} tries: {why}", job.throttled)));
        }
        job.throttled += 1;
        Ok(said.unwrap_or_else(|| backed_off(job.throttled)))
    }

    /// How long the server says is to be waited.
    fn said_to_wait(&mut self, document: &Value, answer: &Answer, now: RealMoment) -> Option<RealSpan> {
        let plan = Arc::clone(&self.target.plan);
        let mut scene = self.scene_after(now, &[], document, answer);
        if let Some(said) = span(&mut scene, plan.throttle.wait.as_ref()) {
            return Some(said);
        }
        let header = answer.headers.iter().find(|(name, _)| name == "retry-after")?;
        header.1.trim().parse().ok().map(|secs: u32| RealSpan::from_whole_secs(secs.min(600).into()))
    }

    /// Asks where a poll is due.
    pub(super) fn poll_due(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        for at in 0..self.lines.len() {
            let line = &mut self.lines[at];
            if !matches!(line.poll, Poll::Due(due) if due <= now) {
                continue;
            }
            match line.door {
                Door::Closed => {
                    line.door = Door::Opening;
                    out.push(Output::Open(transport(at), crate::base::http::Opening::default()));
                }
                Door::Opening => {}
                Door::Open => match self.poll_question(at, now) {
                    Ok(question) => {
                        let number = self.next_question();
                        let line = &mut self.lines[at];
                        (line.out, line.poll) = (Some(number), Poll::Out(now));
                        out.push(Output::Ask(transport(at), number, question));
                    }
                    Err(missing) => {
                        let why = format!("{}: {missing}", self.plan().transports[at].name);
                        return self.break_off(Event::Broken { why }, out);
                    }
                },
            }
        }
    }

    fn poll_question(&mut self, at: usize, now: RealMoment) -> Result<Question, Missing> {
        let plan = Arc::clone(&self.target.plan);
        let transport = &plan.transports[at];
        let mut headers = self.headers(at, &[], &[], now)?;
        let mut scene = self.scene(now);
        let path = scene.render_url(&transport.path)?;
        let poll = transport.poll.as_ref();
        let body = match poll.and_then(|poll| poll.json.as_ref()) {
            Some(shape) => Some(scene.grow(shape)?.to_string()),
            None => None,
        };
        if body.is_some() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        let path = whole_path(&self.target.prefixes[at], "", &path)?;
        let method = poll.map_or_else(|| "GET".to_owned(), |poll| poll.method.clone());
        Ok(Question { method, path, headers, body })
    }

    /// A poll has its answer: what is in it is heard, what is to be kept of it is kept, and it asks again.
    fn polled(
        &mut self,
        at: usize,
        answer: Result<&Answer, &str>,
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) {
        let Poll::Out(asked) = self.lines[at].poll else { return };
        let plan = Arc::clone(&self.target.plan);
        let name = &plan.transports[at].name;
        let Ok(answer) = answer else { return self.break_off(Event::Gone, out) };
        self.memory.jar.take(answer);
        let document: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if plan.throttle.status.contains(&answer.status) {
            let said = self.said_to_wait(&document, answer, now);
            self.tell(Event::Throttled { why: quoted(answer), retry_after: said }, out);
            self.lines[at].poll = Poll::Due(now + said.unwrap_or(BACK_OFF).max(SOONEST));
            return;
        }
        if !(200..300).contains(&answer.status) {
            let why = format!("{name}: {}", quoted(answer));
            return self.break_off(Event::Broken { why }, out);
        }
        if document.is_null() && self.reads_json(at) && !matches!(answer.body.trim_ascii(), b"" | b"null") {
            let why = format!("{name}: no JSON: {}", quoted(answer));
            return self.break_off(Event::Broken { why }, out);
        }
        let before = out.len();
        self.lines[at].poll = Poll::Off;
        self.frame(at, &String::from_utf8_lossy(&answer.body), now, out);
        if self.state == State::Down {
            return;
        }
        let Some(poll) = &plan.transports[at].poll else { return };
        for (goal, template) in &poll.keep {
            let value = self.scene_after(now, &[], &document, answer).worth(template);
            if let Err(missing) = value.and_then(|value| self.memory.put(*goal, value, &mut Vec::new())) {
                let why = format!("{name}: {missing}");
                return self.break_off(Event::Broken { why }, out);
            }
        }
        let idle = poll.every == RealSpan::ZERO && out.len() == before && now.since(asked) < AT_ONCE;
        self.lines[at].poll = Poll::Due(now + if idle { LULL } else { poll.every });
        self.wake_keepers(now, out);
        self.poll_due(now, out);
    }
}

/// Twice as long each time.
fn backed_off(times: u32) -> RealSpan {
    let factor = 1u64 << times.saturating_sub(1).min(6);
    RealSpan::from_nanos(BACK_OFF.nanos() * factor).min(LONGEST_BACK_OFF)
}

fn form(scene: &mut Scene<'_>, fields: &[(String, Template)]) -> Result<String, Missing> {
    let mut pairs = Vec::new();
    for (name, template) in fields {
        let value = scene.render(template)?;
        pairs.push(format!("{}={}", super::escape::url(name), super::escape::url(&value)));
    }
    Ok(pairs.join("&"))
}

fn whole_path(prefix: &str, front: &str, path: &str) -> Result<String, Missing> {
    let whole = format!("{prefix}{front}{path}");
    if whole.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return Err(Missing("a path without spaces".to_owned()));
    }
    Ok(if whole.starts_with('/') { whole } else { format!("/{whole}") })
}

/// An answer that was not hoped for.
fn quoted(answer: &Answer) -> String {
    let body = String::from_utf8_lossy(&answer.body[..answer.body.len().min(QUOTED)]).into_owned();
    let body: String = body.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("HTTP {} {}", answer.status, body.trim()).trim_end().to_owned()
}
