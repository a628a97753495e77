//! The course of a conversation played message by message: how many exchanges, what each message takes, whether typing
//! tires the visitor into asking for the phone. Drawn for the visitor; the agent's writing only scales it.

use crate::base::dist::standard_exponential;
use crate::base::draw::Purpose;
use crate::base::time::Span;
use crate::scenario::plan::{DeskPlan, MannersPlan, ReplyPlan, TalkPlan};

use super::persona::Persona;

/// One visitor's conversation about a topic that is talked over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course<'a> {
    persona: Persona<'a>,
    talk: &'a TalkPlan,
}

/// How a conversation goes if nobody walks out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Length {
    /// Replies until the agent ends it.
    pub(super) replies: u32,
    /// Whether the visitor then asks for the phone.
    pub(super) escalates: bool,
}

impl<'a> Course<'a> {
    pub(super) fn new(persona: Persona<'a>, talk: &'a TalkPlan) -> Self {
        Self { persona, talk }
    }

    /// The first message after which the accumulated hazard exceeds an exponential draw is the one that asks for the
    /// phone: then the probability of going on after message k is exp(−hazard_k), whatever came before.
    pub(super) fn length(&self) -> Length {
        let exchanges = self.talk.exchanges.sample(&mut self.persona.draws().stream(Purpose::Exchanges, 0));
        let whole = Length { replies: exchanges, escalates: false };
        let fatigue = self.talk.fatigue;
        if fatigue.hazard <= 0.0 || self.persona.cannot_call() {
            return whole;
        }
        let mut left = standard_exponential(&mut self.persona.draws().stream(Purpose::Fatigue, 0));
        if fatigue.per_word == 0.0 {
            let needed = libm::ceil(left / fatigue.hazard).max(1.0);
            return if needed <= f64::from(exchanges) {
                Length { replies: needed as u32, escalates: true }
            } else {
                whole
            };
        }
        let mut typed = 0.0;
        for k in 0..exchanges {
            typed += f64::from(self.words(false, k));
            left -= fatigue.hazard * libm::exp(fatigue.per_word * typed);
            if left <= 0.0 {
                return Length { replies: k + 1, escalates: true };
            }
        }
        whole
    }

    /// Words in the `k`-th message of one side.
    pub(super) fn words(&self, by_agent: bool, k: u32) -> u32 {
        self.persona.words(&self.talk.words, by_agent, k)
    }

    /// How long the visitor reads and thinks before the `k`-th message.
    pub(super) fn think(&self, k: u32) -> Span {
        self.persona.span(&self.talk.think, Purpose::Think, k.into())
    }

    /// How long the visitor types the `k`-th message.
    pub(super) fn typing(&self, k: u32) -> Span {
        let words = f64::from(self.words(false, k));
        Span::from_secs(words / self.persona.words_per_sec())
    }

    /// The attention that the `k`-th reply takes an agent who writes so well.
    pub(super) fn reply(&self, k: u32, writing: f64) -> Span {
        if self.persona.chance(self.talk.canned, Purpose::Canned, k.into()) {
            return self.canned(k);
        }
        match &self.talk.reply {
            ReplyPlan::Words { read_per_sec, type_per_sec } => {
                let (read, typed) = (self.words(false, k), self.words(true, k));
                let secs = f64::from(read) / read_per_sec + f64::from(typed) / (type_per_sec * writing);
                Span::from_secs(secs)
            }
            ReplyPlan::Time(law) => {
                let secs = law.sample(&mut self.persona.draws().stream(Purpose::Compose, k.into()));
                Span::from_secs(secs / writing)
            }
        }
    }

    /// The attention that a canned `k`-th reply takes; so does handing over to the phone, or to another agent.
    pub(super) fn canned(&self, k: u32) -> Span {
        self.persona.span(&self.talk.canned_time, Purpose::Compose, k.into())
    }

    /// How long the visitor waits for any one reply; `None`: for ever. Patience is a trait: drawn once a visit, it does not
    /// wear out with the number of replies.
    pub(super) fn patience(&self, desk: &DeskPlan, attempt: u8) -> Option<Span> {
        let law = desk.leaving.reply_patience.as_ref()?;
        Some(self.persona.span(law, Purpose::ReplyPatience, attempt.into()))
    }
}

impl Persona<'_> {
    /// How fast the visitor types.
    fn words_per_sec(&self) -> f64 {
        let devices = &self.home().devices;
        devices[self.pick(Purpose::Device, devices.iter().map(|device| device.share))].words_per_sec
    }

    /// How long the agent takes to accept this visitor's chat; `None`: no time.
    pub(super) fn accept(&self, manners: &MannersPlan, attempt: u8) -> Option<Span> {
        manners.accept.as_ref().map(|law| self.span(law, Purpose::Accept, attempt.into()))
    }

    /// How long the agent takes to wrap up; `None`: no time.
    pub(super) fn wrap_up(&self, manners: &MannersPlan, attempt: u8) -> Option<Span> {
        manners.wrap_up.as_ref().map(|law| self.span(law, Purpose::WrapUp, attempt.into()))
    }
}
