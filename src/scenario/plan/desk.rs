//! A desk: who comes to it, how they are served, and what is measured of it.

use super::{ArrivalPlan, Content, GroupPlan, MannersPlan, MessagePlan, RetryPlan, Routing, TopicPlan};
use crate::base::dist::Law;
use crate::base::id::{AgentId, GroupId, TopicId};
use crate::base::time::Span;

/// A desk: its visitors, what they want, and who serves them. The phone pool is a desk too, whose visitors call.
#[derive(Clone, Debug)]
pub struct DeskPlan {
    /// `support`, `phone`, or the name of one of several desks: the first word of its figures.
    pub name: String,
    /// Chat desk or phone pool.
    pub kind: DeskKind,
    /// When its own visitors come (a phone pool may have none but those escalated to it).
    pub arrivals: ArrivalPlan,
    /// Where its visitors ask first. Of a phone pool, or without one: all where they are.
    pub start: ChannelMix,
    /// The share of its visitors who cannot or will not phone: they stay in the chat whatever it costs.
    pub cannot_call: f64,
    /// What its visitors type on. At least one; the shares add up to 1.
    pub devices: Vec<DevicePlan>,
    /// How long a visitor waits in the queue; `None`: for ever.
    pub patience: Option<Law>,
    /// How long a visitor stays in a conversation before walking out of it; `None`: to the end.
    pub walk_out: Option<Law>,
    /// How they give up otherwise.
    pub leaving: LeavingPlan,
    /// Who of those who gave up comes back; `None`: nobody.
    pub retry: Option<RetryPlan>,
    /// What visitors come for. At least one; the shares add up to 1. A phone pool has two: 0 are the calls, 1 the
    /// callbacks, which come with a share of 0.
    pub topics: Vec<TopicPlan>,
    /// The share of visitors who name the wrong topic, where there are several: the first agent finds out, and
    /// transfers them unless able to serve the right one.
    pub mistaken: f64,
    /// Where the escalated go.
    pub escalation: EscalationPlan,
    /// How a conversation is carried in `run`.
    pub messages: MessagePlan,
    /// Who serves. At least one group, at least one agent. Groups of dual agents come last.
    pub groups: Vec<GroupPlan>,
    /// How its agents go about it.
    pub manners: MannersPlan,
    /// What its conversations sell, to its own visitors, on whichever channel; `None`: nothing.
    pub sales: Option<SalesPlan>,
    /// Which agent gets a conversation when several could.
    pub routing: Routing,
    /// What counts as served in time.
    pub service_level: ServiceLevelPlan,
    /// What a second on the line costs, in the scenario's money; 0 at a chat desk.
    pub toll_per_sec: f64,
}

/// Where visitors ask first: probabilities that add up to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChannelMix {
    /// At the desk.
    pub chat: f64,
    /// They call the phone pool.
    pub phone: f64,
    /// They ask the phone pool to be called back.
    pub callback: f64,
}

impl ChannelMix {
    /// Everybody at the desk.
    pub const HERE: Self = Self { chat: 1.0, phone: 0.0, callback: 0.0 };
}

/// Something to type on.
#[derive(Clone, Debug, PartialEq)]
pub struct DevicePlan {
    /// The share of the desk's visitors.
    pub share: f64,
    /// Words a second, composing.
    pub words_per_sec: f64,
}

/// How visitors give up, besides running out of patience in the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct LeavingPlan {
    /// The probability that one who gives up does so without a word, and leaves a ghost behind.
    pub silent: f64,
    /// How long an agent waits for an answer before taking the visitor for a ghost.
    pub ghost_timeout: Span,
    /// How long a visitor waits for a reply in the chat before walking out; `None`: for ever.
    pub reply_patience: Option<Law>,
    /// A visitor who would be further back in the queue than this does not join it; `None`: all join.
    pub balk_over: Option<u32>,
}

impl LeavingPlan {
    /// Nobody gives up but in the queue, and whoever does says so.
    #[must_use]
    pub const fn told() -> Self {
        Self { silent: 0.0, ghost_timeout: Span::NEVER, reply_patience: None, balk_over: None }
    }
}

/// What conversations sell. Prices are in the scenario's money.
#[derive(Clone, Debug, PartialEq)]
pub struct SalesPlan {
    /// The share of visitors who come to buy.
    pub intent: f64,
    /// The part of a sale that is left after the cost of the goods.
    pub margin: f64,
    /// In a chat.
    pub chat: OfferPlan,
    /// On the phone, called or calling.
    pub phone: OfferPlan,
}

/// What is sold on a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferPlan {
    /// The probability that one who came to buy and was served does.
    pub conversion: f64,
    /// What a buyer spends.
    pub basket: f64,
    /// The probability that a buyer buys something more.
    pub upsell: f64,
    /// What the further sale adds, as a part of the basket.
    pub addition: f64,
}

/// What a desk's visitors do to be served.
#[derive(Clone, Debug, PartialEq)]
pub enum DeskKind {
    /// They type.
    Chat,
    /// They call a toll-free number, or are called back.
    Phone(Option<CallbackPlan>),
}

/// Where the escalated go: probabilities that add up to 1. Without a phone pool they are only counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EscalationPlan {
    /// To the toll-free number.
    pub toll_free: f64,
    /// They ask to be called back.
    pub callback: f64,
    /// Home.
    pub give_up: f64,
}

/// What counts as served in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceLevelPlan {
    /// The threshold T.
    pub within: Span,
    /// What has to come within it.
    pub of: Served,
    /// Whoever left the queue within this long is left out of `short_excluded`. T unless told otherwise.
    pub short_abandon: Span,
}

/// What counts as being served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// An agent is assigned.
    Answer,
    /// The agent's first own message arrives.
    FirstResponse,
}

/// Calling back.
#[derive(Clone, Debug, PartialEq)]
pub struct CallbackPlan {
    /// How long a caller holds the line before a callback is offered.
    pub offer_after: Span,
    /// The share of those offered one who take it.
    pub accepted: f64,
    /// How long after the request it is given up.
    pub within: Span,
    /// The probability that a try reaches the person.
    pub reached: f64,
    /// Tries at the most; at least 1.
    pub tries: u8,
    /// How long a try that reaches nobody takes the agent.
    pub ring: Span,
    /// How long after a try that reached nobody the next may begin.
    pub again_after: Span,
}

impl DeskPlan {
    /// The topic of this number.
    #[must_use]
    pub fn topic(&self, topic: TopicId) -> &TopicPlan {
        &self.topics[topic.index()]
    }

    /// The group of this number.
    #[must_use]
    pub fn group(&self, group: GroupId) -> &GroupPlan {
        &self.groups[group.index()]
    }

    /// How many agents there are in all groups, dual agents included.
    #[must_use]
    pub fn agents(&self) -> u32 {
        self.groups.iter().map(|group| group.count).sum()
    }

    /// How many agents of its own there are: dual agents are those of other desks.
    #[must_use]
    pub fn own_agents(&self) -> u32 {
        self.groups.iter().filter(|group| group.dual.is_none()).map(|group| group.count).sum()
    }

    /// The group of agent `number`, and the agent's number in it.
    ///
    /// # Panics
    /// When the desk has no such agent of its own.
    #[must_use]
    pub fn member(&self, number: AgentId) -> (GroupId, u32) {
        let mut member = number.0;
        for (id, group) in self.groups.iter().enumerate().filter(|(_, group)| group.dual.is_none()) {
            if member < group.count {
                return (GroupId(id as u16), member);
            }
            member -= group.count;
        }
        panic!("{} has no agent {}", self.name, number.0)
    }

    /// Whether the agents of this group get a further chat only so long after the last.
    #[must_use]
    pub fn is_paced(&self, group: GroupId) -> bool {
        self.manners.ramp_up > Span::ZERO && self.group(group).concurrency > 1
    }

    /// The topic of those who are called back, in a phone pool.
    pub const CALLED_BACK: TopicId = TopicId(1);

    /// How many conversations they can hold together.
    #[must_use]
    pub fn slots(&self) -> u32 {
        self.groups.iter().map(|group| group.count * group.concurrency).sum()
    }

    /// Whether its conversations are played message by message.
    #[must_use]
    pub fn talks(&self) -> bool {
        self.topics.iter().any(|topic| matches!(topic.content, Content::Talk(_)))
    }

    /// Whether any of its conversations ends on the phone.
    #[must_use]
    pub fn escalates(&self) -> bool {
        self.topics.iter().any(|topic| topic.share > 0.0 && topic.escalation > 0.0)
    }

    /// Whether its agents' time, or its line, costs anything.
    #[must_use]
    pub fn costs(&self) -> bool {
        self.toll_per_sec > 0.0 || self.groups.iter().any(|group| group.wage_per_sec > 0.0)
    }

    /// Whether this is the phone pool.
    #[must_use]
    pub fn is_phone(&self) -> bool {
        matches!(self.kind, DeskKind::Phone(_))
    }

    /// Its callbacks, where it is a phone pool that has them.
    #[must_use]
    pub fn callback(&self) -> Option<&CallbackPlan> {
        match &self.kind {
            DeskKind::Phone(callback) => callback.as_ref(),
            DeskKind::Chat => None,
        }
    }
}
