//! Who a visitor is: everything drawn for one person, as a pure function of the key and the plan.
//!
//! Nothing is stored. A desk's agent derives the visitor's work from the same key as the visitor does, so it does not
//! matter who serves her, or on which machine.

use crate::base::dist::Law;
use crate::base::draw::{Draws, Purpose};
use crate::base::id::{DeskId, TopicId};
use crate::base::time::Span;
use crate::base::words::{Channel, Closing};
use crate::scenario::plan::{CallbackPlan, Content, DeskPlan, EscalationPlan, Plan, RetryPlan};

/// One visitor's draws.
#[derive(Clone, Copy, Debug)]
pub struct Persona<'a> {
    plan: &'a Plan,
    draws: Draws,
    population: DeskId,
}

/// What serving a visitor takes an agent, and how it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// How long it takes an agent who has nothing else to do.
    pub amount: Span,
    /// How the agent ends it.
    pub closing: Closing,
}

/// Where one goes whose chat was escalated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterEscalation {
    /// To the phone pool, by this channel.
    Phone(Channel),
    /// Home.
    GivesUp,
}

impl<'a> Persona<'a> {
    /// The visitor of this key, of this desk's arrivals.
    #[must_use]
    pub const fn new(plan: &'a Plan, population: DeskId, draws: Draws) -> Self {
        Self { plan, draws, population }
    }

    fn chance(&self, share: f64, purpose: Purpose, k: u64) -> bool {
        // The certain cases draw nothing: most scenarios leave most shares at 0 or 1.
        share > 0.0 && (share >= 1.0 || self.draws.uniform(purpose, k) < share)
    }

    fn span(&self, law: &Law, purpose: Purpose, k: u64) -> Span {
        law.span(&mut self.draws.stream(purpose, k))
    }

    fn topic(&self) -> TopicId {
        let topics = &self.plan.desk(self.population).topics;
        if topics.len() == 1 {
            return TopicId(0);
        }
        let mut left = self.draws.uniform(Purpose::Topic, 0);
        for (i, topic) in topics.iter().enumerate() {
            left -= topic.share;
            if left < 0.0 {
                return TopicId(i as u16);
            }
        }
        // The shares add up to 1 but for rounding: what rounding leaves over belongs to the last topic.
        TopicId((topics.len() - 1) as u16)
    }

    /// What the visitor comes to `desk` for: a topic of that desk. One who was escalated to another desk comes for
    /// whatever that desk is for.
    #[must_use]
    pub fn topic_at(&self, desk: DeskId) -> TopicId {
        if desk == self.population { self.topic() } else { TopicId(0) }
    }

    /// How long the visitor waits in the queue of `desk`, whose law that is, at this attempt.
    #[must_use]
    pub fn patience(&self, desk: &DeskPlan, law: &Law, attempt: u8) -> Span {
        let purpose = if desk.is_phone() { Purpose::PhonePatience } else { Purpose::Patience };
        self.span(law, purpose, attempt.into())
    }

    /// How long after assignment the visitor walks out of the conversation; `None`: never.
    #[must_use]
    pub fn walk_out(&self, desk: &DeskPlan, attempt: u8) -> Option<Span> {
        desk.walk_out.as_ref().map(|law| self.span(law, Purpose::WalkOut, attempt.into()))
    }

    /// How long after giving up at `desk` the visitor comes back to it; `None`: not at all.
    #[must_use]
    pub fn retry(&self, desk: &DeskPlan, retry: &RetryPlan, attempt: u8) -> Option<Span> {
        let (whether, when) = if desk.is_phone() {
            (Purpose::PhoneRetry, Purpose::PhoneRetryDelay)
        } else {
            (Purpose::Retry, Purpose::RetryDelay)
        };
        let comes_back = attempt < retry.most && self.chance(retry.share, whether, attempt.into());
        comes_back.then(|| self.span(&retry.after, when, attempt.into()))
    }

    /// What it takes to serve the visitor at `desk` about one of its topics.
    #[must_use]
    pub fn work(&self, desk: &DeskPlan, topic: TopicId, channel: Channel) -> Work {
        if let (Channel::Callback { tried }, Some(callback)) = (channel, desk.callback())
            && !self.picks_up(callback, tried)
        {
            return Work { amount: callback.ring, closing: Closing::Unreached };
        }
        let topic = desk.topic(topic);
        let purpose = if desk.is_phone() { Purpose::PhoneWork } else { Purpose::Work };
        let amount = match &topic.content {
            Content::Work(law) => self.span(law, purpose, 0),
            Content::Talk(_) => Span::ZERO,
        };
        let closing = if self.chance(topic.escalation, Purpose::Escalation, 0) {
            Closing::Escalated
        } else if self.chance(topic.resolution, Purpose::Resolution, 0) {
            Closing::Resolved
        } else {
            Closing::Unresolved
        };
        Work { amount, closing }
    }

    /// Where the visitor goes when the chat is escalated.
    #[must_use]
    pub fn after_escalation(&self, escalation: &EscalationPlan) -> AfterEscalation {
        let u = self.draws.uniform(Purpose::EscalationChannel, 0);
        if u < escalation.toll_free {
            AfterEscalation::Phone(Channel::Call)
        } else if u < escalation.toll_free + escalation.callback {
            AfterEscalation::Phone(Channel::Callback { tried: 0 })
        } else {
            AfterEscalation::GivesUp
        }
    }

    /// Whether the visitor, on hold, takes an offered callback.
    #[must_use]
    pub fn takes_callback(&self, callback: &CallbackPlan, attempt: u8) -> bool {
        self.chance(callback.accepted, Purpose::CallbackAccepted, attempt.into())
    }

    fn picks_up(&self, callback: &CallbackPlan, tried: u8) -> bool {
        self.chance(callback.reached, Purpose::CallbackReached, tried.into())
    }

    /// Words in the `k`-th message of one side of the conversation: lognormal of mean 11.2 (Damnati, Guerraz,
    /// Charlet, "Web chat conversations from contact centers", LREC 2016); its coefficient of variation, 0.9, is assumed.
    #[must_use]
    pub fn words(&self, by_agent: bool, k: u32) -> u32 {
        let law = Law::lognormal(11.2, 0.9);
        let words =
            law.sample(&mut self.draws.stream(Purpose::Words, u64::from(k) * 2 + u64::from(by_agent)));
        (words + 0.5).clamp(1.0, 200.0) as u32
    }
}
