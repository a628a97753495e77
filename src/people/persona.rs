//! Who a visitor is: everything drawn for one person, as a pure function of the key and the plan.
//!
//! Nothing is stored. A desk's agent derives the visitor's work and words from the same key as the visitor does, so it
//! does not matter who serves her, or on which machine.

use crate::base::dist::Law;
use crate::base::draw::{Draws, Purpose};
use crate::base::id::{DeskId, PopulationId, TopicId};
use crate::base::time::Span;
use crate::base::words::{Channel, Closing, Sale};
use crate::scenario::plan::{
    CallbackPlan, Content, DeskPlan, EscalationPlan, Plan, RetryPlan, TopicPlan, words_said,
};

/// One visitor's draws.
#[derive(Clone, Copy, Debug)]
pub struct Persona<'a> {
    plan: &'a Plan,
    draws: Draws,
    home: DeskId,
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
    /// The person of this key, of this population.
    ///
    /// # Panics
    /// When that population asks at no desk.
    #[must_use]
    pub fn new(plan: &'a Plan, population: PopulationId, draws: Draws) -> Self {
        let home = plan.desk_of(population).expect("who asks to be served has a desk to ask at");
        Self { plan, draws, home }
    }

    pub(super) fn chance(&self, share: f64, purpose: Purpose, k: u64) -> bool {
        self.draws.chance(share, purpose, k)
    }

    pub(super) fn span(&self, law: &Law, purpose: Purpose, k: u64) -> Span {
        law.span(&mut self.draws.stream(purpose, k))
    }

    pub(super) fn draws(&self) -> Draws {
        self.draws
    }

    /// The desk whose visitor this is.
    pub(super) fn home(&self) -> &'a DeskPlan {
        self.plan.desk(self.home)
    }

    /// One of several by their shares.
    pub(super) fn pick(&self, purpose: Purpose, shares: impl ExactSizeIterator<Item = f64>) -> usize {
        let last = shares.len() - 1;
        if last == 0 {
            return 0;
        }
        let mut left = self.draws.uniform(purpose, 0);
        for (i, share) in shares.enumerate() {
            left -= share;
            if left < 0.0 {
                return i;
            }
        }
        // The shares add up to 1 but for rounding: what rounding leaves over belongs to the last.
        last
    }

    /// Where the visitor asks first, and how.
    #[must_use]
    pub fn start(&self) -> (DeskId, Channel) {
        let home = self.home();
        if home.is_phone() {
            return (self.home, Channel::Call);
        }
        let Some(phone) = self.plan.phone.filter(|_| home.start.chat < 1.0) else {
            return (self.home, Channel::Chat);
        };
        let mix = home.start;
        match self.pick(Purpose::StartChannel, [mix.chat, mix.phone, mix.callback].into_iter()) {
            0 => (self.home, Channel::Chat),
            1 => (phone, Channel::Call),
            _ => (phone, Channel::Callback { tried: 0 }),
        }
    }

    /// What the visitor comes for: a topic of the own desk.
    fn topic(&self) -> TopicId {
        let topics = &self.home().topics;
        TopicId(self.pick(Purpose::Topic, topics.iter().map(|topic| topic.share)) as u16)
    }

    /// What the visitor comes to `desk` for, on that channel: a topic of that desk.
    #[must_use]
    pub fn topic_at(&self, desk: DeskId, channel: Channel) -> TopicId {
        match channel {
            Channel::Chat if desk == self.home => self.topic(),
            Channel::Callback { .. } => DeskPlan::CALLED_BACK,
            Channel::Chat | Channel::Call => TopicId(0),
        }
    }

    /// What the visitor says it is about, which may be a mistake.
    #[must_use]
    pub fn named_topic(&self, desk: DeskId, channel: Channel) -> TopicId {
        let topic = self.topic_at(desk, channel);
        let plan = self.plan.desk(desk);
        if channel != Channel::Chat || !self.chance(plan.mistaken, Purpose::Mistaken, 0) {
            return topic;
        }
        // Any of the others alike.
        let others = plan.topics.len() as u64 - 1;
        let step = 1 + (self.draws.uniform(Purpose::Mistaken, 1) * others as f64) as u64;
        TopicId(((u64::from(topic.0) + step) % plan.topics.len() as u64) as u16)
    }

    /// How long the visitor waits in the queue of `desk`, whose law that is, at this attempt.
    #[must_use]
    pub fn patience(&self, desk: &DeskPlan, law: &Law, attempt: u8) -> Span {
        let purpose = if desk.is_phone() { Purpose::PhonePatience } else { Purpose::Patience };
        self.span(law, purpose, attempt.into())
    }

    /// Whether one who gives up at `desk` does so without a word, at this attempt.
    #[must_use]
    pub fn leaves_silently(&self, desk: &DeskPlan, attempt: u8) -> bool {
        self.chance(desk.leaving.silent, Purpose::Silent, attempt.into())
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

    /// What it takes to serve the visitor at `desk` about a topic that takes work of this law.
    #[must_use]
    pub fn work(&self, desk: &DeskPlan, topic: TopicId, law: &Law, channel: Channel) -> Work {
        if let (Channel::Callback { tried }, Some(callback)) = (channel, desk.callback())
            && !self.picks_up(callback, tried)
        {
            return Work { amount: callback.ring, closing: Closing::Unreached };
        }
        let topic = desk.topic(topic);
        let purpose = if desk.is_phone() { Purpose::PhoneWork } else { Purpose::Work };
        let closing = if self.chance(topic.escalation, Purpose::Escalation, 0) {
            Closing::Escalated
        } else {
            self.closing(topic, 1.0)
        };
        Work { amount: self.span(law, purpose, 0), closing }
    }

    /// How a conversation ends that is not escalated, with an agent who writes so well: skill multiplies the odds of
    /// its helping.
    #[must_use]
    pub fn closing(&self, topic: &TopicPlan, writing: f64) -> Closing {
        let share = topic.resolution;
        let resolution = if writing == 1.0 || share >= 1.0 {
            share
        } else {
            writing * share / (writing * share + 1.0 - share)
        };
        if self.chance(resolution, Purpose::Resolution, 0) { Closing::Resolved } else { Closing::Unresolved }
    }

    /// Whether the visitor cannot or will not phone.
    #[must_use]
    pub fn cannot_call(&self) -> bool {
        self.chance(self.home().cannot_call, Purpose::CannotCall, 0)
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

    /// What a conversation on `channel` sells that was carried to its end. One who came to buy did so whatever the
    /// channel, and whom the poorer channel persuades the better one does too.
    #[must_use]
    pub fn sale(&self, channel: Channel) -> Sale {
        let Some(sales) = &self.home().sales else { return Sale::NoIntent };
        if !self.chance(sales.intent, Purpose::Intent, 0) {
            return Sale::NoIntent;
        }
        let offer = if channel == Channel::Chat { &sales.chat } else { &sales.phone };
        if !self.chance(offer.conversion, Purpose::Conversion, 0) {
            Sale::Missed
        } else if self.chance(offer.upsell, Purpose::Upsell, 0) {
            Sale::Upsold
        } else {
            Sale::Bought
        }
    }

    /// Words in the `k`-th message of one side, of a law in words.
    #[must_use]
    pub fn words(&self, law: &Law, by_agent: bool, k: u32) -> u32 {
        let k = u64::from(k) * 2 + u64::from(by_agent);
        let words = law.sample(&mut self.draws.stream(Purpose::Words, k));
        words_said(words)
    }

    /// Words in the `k`-th message of one side of a conversation about `topic`. Where none are planned, messages are as
    /// long as in real chats: lognormal of mean 11.2 (Damnati, Guerraz, Charlet, "Web chat conversations from contact
    /// centers", LREC 2016); its coefficient of variation, 0.9, is assumed.
    #[must_use]
    pub fn words_about(&self, topic: &TopicPlan, by_agent: bool, k: u32) -> u32 {
        match &topic.content {
            Content::Talk(talk) => self.words(&talk.words, by_agent, k),
            Content::Work(_) => self.words(&Law::lognormal(11.2, 0.9), by_agent, k),
        }
    }
}
