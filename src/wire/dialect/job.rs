//! Runs of steps.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::super::messenger::Act;
use crate::base::time::RealMoment;
use crate::scenario::plan::dialect::{ActKind, Script};

/// Acts of one lane are done one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// What is done towards nobody in particular.
    Own,
    /// What is done towards this peer.
    Peer(String),
    /// Typing, which holds nothing up.
    Typing,
}

/// What a person does, and with which words.
#[derive(Debug)]
pub(super) struct Errand {
    pub(super) act: ActKind,
    pub(super) lane: Lane,
    /// When it was to be done.
    pub(super) since: RealMoment,
    /// What the act is given: the first locals of its steps.
    given: Vec<Value>,
}

impl Errand {
    /// An act that is given nothing, to be done now.
    pub(super) fn of(act: ActKind, now: RealMoment) -> Self {
        Self { act, lane: Lane::Own, since: now, given: Vec::new() }
    }

    /// What it takes to do this, which is to be done now; nothing, where no dialect has a word for it.
    pub(super) fn to(act: &Act, now: RealMoment) -> Option<Self> {
        let texts = |given: &[&str]| given.iter().map(|text| Value::from(*text)).collect();
        let towards = |peer: &String| Lane::Peer(peer.clone());
        let (kind, lane, given) = match act {
            Act::Connect => (ActKind::Connect, Lane::Own, Vec::new()),
            Act::Disconnect => (ActKind::Disconnect, Lane::Own, Vec::new()),
            Act::Tell { peer, text } => (ActKind::Tell, towards(peer), texts(&[peer, text])),
            Act::Compose { peer } => (ActKind::Compose, Lane::Typing, texts(&[peer])),
            Act::Meet { peer } => (ActKind::Meet, towards(peer), texts(&[peer])),
            Act::Part { peer } => (ActKind::Part, towards(peer), texts(&[peer])),
            Act::Open { topic, text } => (ActKind::Open, Lane::Own, texts(&[topic, text])),
            Act::Ready { slots } => (ActKind::Ready, Lane::Own, vec![Value::from(*slots)]),
            Act::Rest => (ActKind::Rest, Lane::Own, Vec::new()),
            Act::Enter { room } => (ActKind::Enter, Lane::Own, texts(&[room])),
            Act::Post { text } => (ActKind::Post, Lane::Own, texts(&[text])),
            Act::Leave => (ActKind::Leave, Lane::Own, Vec::new()),
            Act::Ask => return None,
        };
        Some(Self { lane, given, ..Self::of(kind, now) })
    }
}

/// What a run of steps waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// For nothing.
    Nothing,
    /// For a transport to be open.
    Opening(usize),
    /// For the answer to the question of this number.
    Answer(u32),
    /// For a frame, until then.
    Frame(RealMoment),
    /// For a variable to be kept, until then.
    Kept(RealMoment),
    /// For an instant.
    Until(RealMoment),
}

/// A run of steps.
pub(super) struct Job {
    pub(super) script: Arc<Script>,
    /// What the person did; nothing, where nobody did anything.
    pub(super) errand: Option<Errand>,
    /// The step.
    pub(super) at: usize,
    pub(super) locals: Vec<Value>,
    pub(super) wait: Wait,
    /// How often the present question was asked again as its retry says.
    pub(super) tries: u32,
    /// How often the server wanted less of it since it last answered well, and whether it ever did.
    pub(super) throttled: u32,
    pub(super) put_off: bool,
    pub(super) begun: RealMoment,
    /// Whether it has sent something in a frame, and whether the server has answered that since in one. Over HTTP every answer is a
    /// question's own: one that takes long says nothing of what else the server lets lie.
    pub(super) sent: bool,
    pub(super) answered: bool,
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { errand, at, locals, wait, .. } = self;
        f.debug_struct("Job")
            .field("errand", errand)
            .field("at", at)
            .field("locals", locals)
            .field("wait", wait)
            .finish_non_exhaustive()
    }
}

impl Job {
    pub(super) fn new(script: Arc<Script>, mut errand: Errand, now: RealMoment) -> Self {
        let locals = std::mem::take(&mut errand.given);
        Self { errand: Some(errand), ..Self::reaction(script, locals, now) }
    }

    pub(super) fn reaction(script: Arc<Script>, locals: Vec<Value>, now: RealMoment) -> Self {
        let (errand, wait) = (None, Wait::Nothing);
        Self {
            script,
            errand,
            at: 0,
            locals,
            wait,
            tries: 0,
            throttled: 0,
            put_off: false,
            begun: now,
            sent: false,
            answered: false,
        }
    }

    /// What the person did.
    pub(super) fn act(&self) -> Option<ActKind> {
        self.errand.as_ref().map(|errand| errand.act)
    }

    /// On to the next step.
    pub(super) fn step_on(&mut self) {
        self.at += 1;
        (self.tries, self.wait) = (0, Wait::Nothing);
    }

    /// The server has answered, and well: on to the next step.
    pub(super) fn step_on_answered(&mut self) {
        self.put_off |= self.throttled > 0;
        self.throttled = 0;
        self.step_on();
    }
}
