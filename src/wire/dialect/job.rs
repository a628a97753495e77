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
    /// What the act is given: the first locals of its steps.
    given: Vec<Value>,
}

impl Errand {
    /// An act that is given nothing.
    pub(super) fn of(act: ActKind) -> Self {
        Self { act, lane: Lane::Own, given: Vec::new() }
    }

    fn with(act: ActKind, given: &[&str]) -> Self {
        Self { act, lane: Lane::Own, given: given.iter().map(|text| Value::from(*text)).collect() }
    }

    fn towards(peer: &str, act: ActKind, given: &[&str]) -> Self {
        Self { lane: Lane::Peer(peer.to_owned()), ..Self::with(act, given) }
    }
}

impl Errand {
    /// What it takes to do this; nothing, where no dialect has a word for it.
    pub(super) fn to(act: &Act) -> Option<Self> {
        Some(match act {
            Act::Connect => Self::of(ActKind::Connect),
            Act::Disconnect => Self::of(ActKind::Disconnect),
            Act::Tell { peer, text } => Self::towards(peer, ActKind::Tell, &[peer, text]),
            Act::Compose { peer } => Self { lane: Lane::Typing, ..Self::with(ActKind::Compose, &[peer]) },
            Act::Meet { peer } => Self::towards(peer, ActKind::Meet, &[peer]),
            Act::Part { peer } => Self::towards(peer, ActKind::Part, &[peer]),
            Act::Open { topic, text } => Self::with(ActKind::Open, &[topic, text]),
            Act::Ready { slots } => Self { given: vec![Value::from(*slots)], ..Self::of(ActKind::Ready) },
            Act::Rest => Self::of(ActKind::Rest),
            Act::Enter { room } => Self::with(ActKind::Enter, &[room]),
            Act::Post { text } => Self::with(ActKind::Post, &[text]),
            Act::Leave => Self::of(ActKind::Leave),
            Act::Ask => return None,
        })
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
    /// How often the server wanted less of it.
    pub(super) throttled: u32,
    pub(super) begun: RealMoment,
    /// Whether it has sent something, and whether the server has answered since.
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
        (self.tries, self.throttled, self.wait) = (0, 0, Wait::Nothing);
    }
}
