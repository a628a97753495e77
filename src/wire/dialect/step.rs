//! Steps, one after the other, as far as they go.

use std::sync::Arc;

use serde_json::Value;

use super::super::messenger::Event;
use super::super::{Goodbye, Output};
use super::job::{Job, Wait};
use super::line::{Door, Poll, transport};
use super::memory::{Missing, Scene};
use super::tell::{event, one_line, reason, span};
use super::{Dialect, State};
use crate::base::http::Opening;
use crate::base::time::{RealMoment, RealSpan};
use crate::scenario::plan::dialect::template::{Target as Goal, Template};
use crate::scenario::plan::dialect::{ActKind, Kind, Sending, Verb};

/// No wait is shorter: steps that wait for nothing would go round without time going by.
const SHORTEST_WAIT: RealSpan = RealSpan::from_nanos(1_000_000);

/// Nothing is done again sooner.
pub(super) const SOONEST: RealSpan = RealSpan::from_nanos(10_000_000);
/// How long to wait before doing it again, where the server does not say: at first, and at the most.
pub(super) const BACK_OFF: RealSpan = RealSpan::from_whole_secs(1);
const LONGEST_BACK_OFF: RealSpan = RealSpan::from_whole_secs(30);
/// Bytes of the server's words that are quoted.
const QUOTED: usize = 120;

/// What comes of a step.
enum Done {
    /// On to the next.
    On,
    /// It goes on later.
    Later(Wait),
    /// The connection is over.
    Over,
    /// It came to nothing.
    Failed(Failure),
}

/// Why steps came to nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server will not.
    Refused(String),
    /// The server, or the dialect, makes no sense.
    Odd(String),
    /// A transport is gone.
    Lost,
}

impl Failure {
    fn why(&self) -> String {
        match self {
            Self::Refused(why) | Self::Odd(why) => reason(why),
            Self::Lost => "the connection is gone".to_owned(),
        }
    }
}

impl From<Missing> for Failure {
    fn from(missing: Missing) -> Self {
        Self::Odd(missing.to_string())
    }
}

impl Dialect {
    /// What templates are judged by in a run of steps.
    pub(super) fn scene_of<'a>(&'a mut self, now: RealMoment, locals: &'a [Value]) -> Scene<'a> {
        let mut scene = self.scene(now);
        scene.locals = locals;
        scene
    }

    /// Goes on with a job until it waits or ends.
    pub(super) fn go_on(&mut self, mut job: Job, now: RealMoment, out: &mut Vec<Output<Event>>) {
        let script = Arc::clone(&job.script);
        while let Some(step) = script.steps.get(job.at) {
            if !self.scene_of(now, &job.locals).all_hold(&step.when) {
                job.step_on();
                continue;
            }
            match self.step(&step.verb, &mut job, now, out) {
                Done::On => job.step_on(),
                Done::Later(wait) => {
                    job.wait = wait;
                    return self.jobs.push(job);
                }
                Done::Over => return,
                Done::Failed(failure) => return self.failed(&job, failure, out),
            }
        }
        self.finished(&job, now, out);
    }

    fn step(&mut self, verb: &Verb, job: &mut Job, now: RealMoment, out: &mut Vec<Output<Event>>) -> Done {
        let done = match verb {
            Verb::Open(at) => self.open(*at, now, out),
            Verb::Close(at) => {
                self.lines[*at].close(*at, out);
                Ok(Done::On)
            }
            Verb::Send(sending) => self.send(sending, job, now, out),
            Verb::Ask(asking) => self.ask(asking, job, now, out).map(Done::Later),
            Verb::Await(awaiting) => Ok(Done::Later(Wait::Frame(now + awaiting.within))),
            Verb::Until { kept, within } => Ok(match self.memory.has(*kept, &job.locals) {
                true => Done::On,
                false => Done::Later(Wait::Kept(now + *within)),
            }),
            Verb::Pause(wait) => {
                let wait = span(&mut self.scene_of(now, &job.locals), wait);
                Ok(Done::Later(Wait::Until(now + wait.unwrap_or_default().max(SHORTEST_WAIT))))
            }
            Verb::Set(set) => self.set(set, job, now).map(|()| Done::On),
            Verb::Forget(goals) => {
                goals.iter().for_each(|goal| self.memory.forget(*goal, &job.locals));
                Ok(Done::On)
            }
            Verb::Event(plan) => {
                let event = event(plan, &mut self.scene_of(now, &job.locals), job.begun);
                event.map_err(Failure::from).map(|event| match self.announce(event, now, out) {
                    true => Done::On,
                    false => Done::Over,
                })
            }
        };
        done.unwrap_or_else(Done::Failed)
    }

    fn set(&mut self, set: &[(Goal, Template)], job: &mut Job, now: RealMoment) -> Result<(), Failure> {
        for (goal, template) in set {
            let value = self.scene_of(now, &job.locals).worth(template)?;
            self.memory.put(*goal, value, &mut job.locals)?;
        }
        Ok(())
    }

    fn open(&mut self, at: usize, now: RealMoment, out: &mut Vec<Output<Event>>) -> Result<Done, Failure> {
        let line = &mut self.lines[at];
        if line.kind == Kind::Poll {
            if line.poll == Poll::Off {
                line.poll = Poll::Due(now);
            }
            self.poll_due(now, out);
            return Ok(if self.state == State::Down { Done::Over } else { Done::On });
        }
        match line.door {
            Door::Open => return Ok(Done::On),
            Door::Opening => return Ok(Done::Later(Wait::Opening(at))),
            Door::Closed => {}
        }
        let plan = Arc::clone(&self.target.plan);
        let path = self.scene(now).render_url(&plan.transports[at].path)?;
        let headers = self.headers(at, &[], &[], now)?;
        let path = format!("{}{path}", self.target.prefixes[at]);
        let path = Some(path).filter(|path| !path.is_empty());
        self.lines[at].door = Door::Opening;
        out.push(Output::Open(transport(at), Opening { path, headers }));
        Ok(Done::Later(Wait::Opening(at)))
    }

    fn send(
        &mut self,
        sending: &Sending,
        job: &mut Job,
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) -> Result<Done, Failure> {
        if self.lines[sending.over].door != Door::Open {
            return Err(Failure::Lost);
        }
        let mut scene = self.scene_of(now, &job.locals);
        let mut text = scene.render(&sending.starts)?;
        if let Some(body) = &sending.body {
            text.push_str(&scene.grow(body)?.to_string());
        }
        out.push(Output::Send(transport(sending.over), text));
        job.sent = true;
        Ok(Done::On)
    }

    fn finished(&mut self, job: &Job, now: RealMoment, out: &mut Vec<Output<Event>>) {
        if let Some(errand) = job.errand.as_ref().filter(|_| job.put_off) {
            self.tell(Event::PutOff { since: errand.since }, out);
        }
        match job.act() {
            Some(ActKind::Provision) => self.provisioned(now, out),
            Some(ActKind::Disconnect) => self.hang_up(out),
            Some(ActKind::Tell | ActKind::Post) if job.answered => {
                self.tell(Event::TakenIn { sent: job.begun }, out);
            }
            _ => {}
        }
    }

    pub(super) fn failed(&mut self, job: &Job, failure: Failure, out: &mut Vec<Output<Event>>) {
        let why = match &failure {
            // That is for whoever writes the dialect to look at.
            Failure::Odd(_) => format!("{}[{}]: {}", job.script.place, job.at, failure.why()),
            Failure::Refused(_) | Failure::Lost => failure.why(),
        };
        match (job.act(), failure) {
            (Some(ActKind::Connect | ActKind::Provision), failure) => {
                let event = match failure {
                    Failure::Refused(_) => Event::Refused { why },
                    Failure::Odd(_) => Event::Broken { why },
                    Failure::Lost => Event::Gone(None),
                };
                self.break_off(event, out);
            }
            (Some(ActKind::Disconnect), _) => self.hang_up(out),
            (Some(ActKind::Open | ActKind::Ready | ActKind::Enter | ActKind::Meet), _) => {
                self.tell(Event::Refused { why }, out);
            }
            (_, Failure::Odd(_)) => self.tell(Event::Failed { why }, out),
            (act, _) => {
                let what = act.map_or("what the server asked for", ActKind::word);
                self.tell(Event::Failed { why: format!("{what}: {why}") }, out);
            }
        }
    }

    /// The server wants less: tells so, and says after how long it may be tried again.
    pub(super) fn throttled(
        &mut self,
        job: &mut Job,
        why: &str,
        said: Option<RealSpan>,
        out: &mut Vec<Output<Event>>,
    ) -> Result<RealSpan, Failure> {
        self.tell(Event::Throttled { why: why.to_owned(), retry_after: said }, out);
        if job.throttled >= self.plan().throttle.times {
            return Err(Failure::Refused(format!("still throttled after {} tries: {why}", job.throttled)));
        }
        job.throttled += 1;
        Ok(said.unwrap_or_else(|| backed_off(job.throttled)))
    }

    /// Goes on with the jobs whose time has come.
    pub(super) fn wake_jobs(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        let due = |job: &Job| match job.wait {
            Wait::Frame(until) | Wait::Kept(until) | Wait::Until(until) => until <= now,
            Wait::Nothing | Wait::Opening(_) | Wait::Answer(_) => false,
        };
        while let Some(at) = self.jobs.iter().position(due) {
            let mut job = self.jobs.remove(at);
            match (job.wait, job.script.steps.get(job.at).map(|step| &step.verb)) {
                (Wait::Frame(_) | Wait::Kept(_), _) => {
                    let why = "nothing of what was waited for came within its time".to_owned();
                    self.failed(&job, Failure::Odd(why), out);
                }
                (_, Some(Verb::Pause(_))) => {
                    job.step_on();
                    self.go_on(job, now, out);
                }
                _ => self.go_on(job, now, out),
            }
        }
    }

    /// Goes on with the jobs that waited for what has been kept by now.
    pub(super) fn wake_keepers(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        loop {
            let has = |job: &Job| match job.script.steps.get(job.at).map(|step| &step.verb) {
                Some(Verb::Until { kept, .. }) if matches!(job.wait, Wait::Kept(_)) => {
                    self.memory.has(*kept, &job.locals)
                }
                _ => false,
            };
            let Some(at) = self.jobs.iter().position(has) else { return };
            let mut job = self.jobs.remove(at);
            job.step_on();
            self.go_on(job, now, out);
        }
    }

    /// A transport is open.
    pub(super) fn opened(&mut self, at: usize, now: RealMoment, out: &mut Vec<Output<Event>>) {
        let Some(line) = self.lines.get_mut(at) else { return };
        if line.door != Door::Opening {
            return;
        }
        line.door = Door::Open;
        line.serve(at, out);
        while let Some(waiting) = self.jobs.iter().position(|job| job.wait == Wait::Opening(at)) {
            let mut job = self.jobs.remove(waiting);
            job.step_on();
            self.go_on(job, now, out);
        }
        self.poll_due(now, out);
    }

    /// A transport is closed, and nobody here asked for that.
    pub(super) fn closed(
        &mut self,
        at: usize,
        goodbye: Option<Goodbye<'_>>,
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) {
        let Some(line) = self.lines.get_mut(at) else { return };
        if std::mem::take(&mut line.closes) {
            return;
        }
        let door = std::mem::replace(&mut line.door, Door::Closed);
        match (door, line.kind) {
            (Door::Closed, _) => {}
            (_, Kind::WebSocket) => self.lost(goodbye, out),
            // Nobody is there, or nobody answers any more.
            (Door::Opening, _) => self.lost(None, out),
            (Door::Open, _) => {
                let unanswered = line.out.take();
                if let Poll::Out(_) = line.poll {
                    return self.lost(None, out);
                }
                line.serve(at, out);
                if let Some(number) = unanswered {
                    self.replied(number, Err("the server hung up without an answer"), now, out);
                }
            }
        }
    }

    fn lost(&mut self, goodbye: Option<Goodbye<'_>>, out: &mut Vec<Output<Event>>) {
        let Some(goodbye) = goodbye else { return self.break_off(Event::Gone(None), out) };
        let why = reason(&format!("it {goodbye}"));
        if self.plan().throttle.close.contains(&goodbye.code) {
            self.tell(Event::Throttled { why: why.clone(), retry_after: None }, out);
            return self.break_off(Event::Gone(Some(why)), out);
        }
        // Codes of the application's own are a word, and not an accident.
        let is_refusal = goodbye.code >= 4000 && matches!(self.state, State::Connecting(_));
        let event = if is_refusal { Event::Refused { why } } else { Event::Gone(Some(why)) };
        self.break_off(event, out);
    }
}

/// Twice as long each time.
fn backed_off(times: u32) -> RealSpan {
    let factor = 1u64 << times.saturating_sub(1).min(6);
    RealSpan::from_nanos(BACK_OFF.nanos() * factor).min(LONGEST_BACK_OFF)
}

/// The beginning of what a server said, on one line.
pub(super) fn excerpt(said: &[u8]) -> String {
    one_line(&String::from_utf8_lossy(&said[..said.len().min(QUOTED)])).trim().to_owned()
}
