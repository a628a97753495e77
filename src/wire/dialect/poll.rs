//! Polls: one question again and again, whose answers are heard like frames.

use std::sync::Arc;

use serde_json::Value;

use super::super::Output;
use super::super::messenger::Event;
use super::ask::{ENDLESS, quoted, whole_path};
use super::line::{AT_ONCE, Door, LULL, Poll, transport};
use super::memory::Missing;
use super::step::{BACK_OFF, SOONEST};
use super::tell::reason;
use super::{Dialect, State};
use crate::base::http::{Answer, Opening, Question};
use crate::base::time::{RealMoment, RealSpan};

impl Dialect {
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
                    out.push(Output::Open(transport(at), Opening::default()));
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
    pub(super) fn polled(
        &mut self,
        at: usize,
        answer: Result<&Answer, &str>,
        now: RealMoment,
        out: &mut Vec<Output<Event>>,
    ) {
        let Poll::Out(asked) = self.lines[at].poll else { return };
        let plan = Arc::clone(&self.target.plan);
        let name = &plan.transports[at].name;
        let answer = match answer {
            Ok(answer) => answer,
            Err(why) => return self.break_off(Event::Gone(Some(reason(why))), out),
        };
        self.memory.jar.take(answer);
        if answer.is_endless() {
            return self.break_off(Event::Broken { why: format!("{name}: {ENDLESS}") }, out);
        }
        let document: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let Some(poll) = &plan.transports[at].poll else { return };
        let well = poll.status.iter().any(|(from, to)| (*from..=*to).contains(&answer.status));
        if !well && plan.throttle.status.contains(&answer.status) {
            let said = self.said_to_wait(&document, answer, now);
            self.tell(Event::Throttled { why: quoted(answer), retry_after: said }, out);
            let line = &mut self.lines[at];
            line.put_off.get_or_insert(asked);
            line.poll = Poll::Due(now + said.unwrap_or(BACK_OFF).max(SOONEST));
            return;
        }
        if !well {
            let why = format!("{name}: {}", quoted(answer));
            return self.break_off(Event::Broken { why }, out);
        }
        if document.is_null() && self.reads_json(at) && !matches!(answer.body.trim_ascii(), b"" | b"null") {
            let why = format!("{name}: no JSON: {}", quoted(answer));
            return self.break_off(Event::Broken { why }, out);
        }
        if let Some(since) = self.lines[at].put_off.take() {
            self.tell(Event::Withheld { since, until: asked }, out);
        }
        let at_once = poll.every == RealSpan::ZERO && now.since(asked) < AT_ONCE;
        let (told, known) = (out.len(), at_once.then(|| self.memory.variables.clone()));
        self.lines[at].poll = Poll::Hearing;
        self.frame(at, &String::from_utf8_lossy(&answer.body), now, out);
        // A rule may have closed it, and even opened it again.
        if self.state == State::Down || self.lines[at].poll != Poll::Hearing {
            return;
        }
        let is_well = (200..300).contains(&answer.status);
        for (goal, template) in poll.keep.iter().filter(|_| is_well) {
            let value = self.scene_after(now, &[], &document, answer).worth(template);
            if let Err(missing) = value.and_then(|value| self.memory.put(*goal, value, &mut Vec::new())) {
                let why = format!("{name}: {missing}");
                return self.break_off(Event::Broken { why }, out);
            }
        }
        let has_moved = known.filter(|_| out.len() == told).map(|known| known != self.memory.variables);
        let line = &mut self.lines[at];
        let idle = line.is_idle(has_moved);
        line.poll = Poll::Due(now + if idle { LULL } else { poll.every });
        self.wake_keepers(now, out);
        self.poll_due(now, out);
    }
}
