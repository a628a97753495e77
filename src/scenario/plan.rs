//! The plan: a scenario resolved. Every default is filled in, every name is an index, every unit is gone, and what
//! makes no sense cannot be written down. Nothing downstream of `scenario` sees the YAML.

use crate::base::dist::Law;
use crate::base::id::{DeskId, GroupId, TopicId};
use crate::base::time::{Moment, Span};

use super::gate::Gate;

/// Replications at the most: the record keeps a section of each.
pub const MOST_REPLICATIONS: u32 = 100_000;
/// The most visitors that all bursts of a population may have: they are held in memory.
pub const MOST_IN_BURSTS: u64 = 5_000_000;

/// What a scenario says, resolved.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The scenario's name.
    pub name: String,
    /// The seed of every draw.
    pub seed: u64,
    /// Arrivals come in [0, length).
    pub length: Span,
    /// The cohort of every figure are those who were meant to start in [warm_up, length).
    pub warm_up: Span,
    /// How many independent replications `simulate` runs; at least 1.
    pub replications: u32,
    /// When the scenario starts, where it says so: its calendar, for labels and for profiles.
    pub start: Option<jiff::Zoned>,
    /// The desks, the phone pool last. At least one.
    pub desks: Vec<DeskPlan>,
    /// The phone pool, where there is one.
    pub phone: Option<DeskId>,
    /// What `run` does unless told otherwise.
    pub run: RunPlan,
    /// The thresholds, in the order in which they were typed.
    pub gates: Vec<Gate>,
}

/// A desk: its visitors, what they want, and who serves them. The phone pool is a desk too, whose visitors call.
#[derive(Clone, Debug)]
pub struct DeskPlan {
    /// `support`, `phone`, or the name of one of several desks: the first word of its figures.
    pub name: String,
    /// Chat desk or phone pool.
    pub kind: DeskKind,
    /// When its own visitors come (a phone pool may have none but those escalated to it).
    pub arrivals: ArrivalPlan,
    /// How long a visitor waits in the queue; `None`: for ever.
    pub patience: Option<Law>,
    /// How long a visitor stays in a conversation before walking out of it; `None`: to the end.
    pub walk_out: Option<Law>,
    /// Who of those who gave up comes back; `None`: nobody.
    pub retry: Option<RetryPlan>,
    /// What visitors come for. At least one; the shares add up to 1.
    pub topics: Vec<TopicPlan>,
    /// Where the escalated go.
    pub escalation: EscalationPlan,
    /// How a conversation is carried in `run`.
    pub messages: MessagePlan,
    /// Who serves. At least one group, at least one agent.
    pub groups: Vec<GroupPlan>,
    /// Which agent gets a conversation when several could.
    pub routing: Routing,
    /// What counts as served in time.
    pub service_level: ServiceLevelPlan,
}

/// What a desk's visitors do to be served.
#[derive(Clone, Debug, PartialEq)]
pub enum DeskKind {
    /// They type.
    Chat,
    /// They call a toll-free number, or are called back.
    Phone(Option<CallbackPlan>),
}

/// When visitors come: a Poisson process whose rate is piecewise linear, and bursts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArrivalPlan {
    /// The rate, piece after piece, without gaps, from 0 on; after the last piece nobody comes. Empty: nobody at all.
    pub pieces: Vec<RatePiece>,
    /// The coefficient of variation of the Gamma factor (mean 1) that multiplies every rate of a replication; 0: none.
    pub busyness_cv: f64,
    /// Crowds that come at once.
    pub bursts: Vec<Burst>,
}

/// A stretch of time in which the rate goes linearly from `from_per_sec` to `to_per_sec`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatePiece {
    /// Its start.
    pub from: Moment,
    /// Its end.
    pub to: Moment,
    /// Visitors per second at its start.
    pub from_per_sec: f64,
    /// Visitors per second at its end.
    pub to_per_sec: f64,
}

/// `count` visitors who come at independent uniform instants of [at, at + within].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Burst {
    /// When it begins.
    pub at: Moment,
    /// How many come.
    pub count: u64,
    /// In how long.
    pub within: Span,
}

/// Who of those who gave up (left the queue, or were refused) comes back, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPlan {
    /// The probability of coming back after each attempt.
    pub share: f64,
    /// How long after giving up.
    pub after: Law,
    /// Returns at the most.
    pub most: u8,
}

/// Something that visitors come for.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicPlan {
    /// Its name; `None` for the one topic of a desk that names none.
    pub name: Option<String>,
    /// The share of the desk's visitors.
    pub share: f64,
    /// How long an agent with nothing else to do takes over it.
    pub handling_time: Law,
    /// The probability that the conversation ends on the phone.
    pub escalation: f64,
    /// The probability that a conversation that does not, helps.
    pub resolution: f64,
    /// The skills it takes, sorted.
    pub skills: Vec<String>,
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

/// How a conversation with a handling time is carried in `run`: turn and turn about, visitor first, from the moment of
/// assignment. `simulate` does not play them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MessagePlan {
    /// A message every so long.
    Every(Span),
    /// This many messages, evenly over the handling time.
    Count(u32),
}

/// Agents who are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupPlan {
    /// Its name; `None` for the one group of a desk that names none.
    pub name: Option<String>,
    /// How many agents. At least 1.
    pub count: u32,
    /// Conversations at once, at the most: slots. At least 1.
    pub concurrency: u32,
    /// `stretch[k - 1]`: how much longer a conversation takes while its agent holds k. As long as `concurrency`, first
    /// entry at least 1, never falling.
    pub stretch: Vec<f64>,
    /// What they can do, sorted.
    pub skills: Vec<String>,
}

/// Which agent gets a conversation when several could. Ties: who has held the present number of conversations longest,
/// then the lowest index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routing {
    /// Who holds fewest.
    LeastBusy,
    /// Who holds most and has a slot.
    MostBusy,
    /// Whose load changed longest ago.
    LongestIdle,
    /// The next in turn.
    RoundRobin,
}

/// What counts as served in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceLevelPlan {
    /// The threshold T.
    pub within: Span,
    /// Whoever left the queue within this long is left out of `short_excluded`. T unless told otherwise.
    pub short_abandon: Span,
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

/// What `run` does unless told otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct RunPlan {
    /// Scenario seconds in a real second.
    pub speed: f64,
    /// Instead of the scenario's length.
    pub length: Span,
    /// Instead of the scenario's warm-up.
    pub warm_up: Span,
    /// How long, in scenario time, everybody is let finish after `length`.
    pub drain: Span,
    /// The chat server; `None`: the embedded one.
    pub target: Option<String>,
}

impl Plan {
    /// The desk of this number.
    #[must_use]
    pub fn desk(&self, desk: DeskId) -> &DeskPlan {
        &self.desks[desk.index()]
    }

    /// Every desk with its number.
    pub fn desk_ids(&self) -> impl Iterator<Item = (DeskId, &DeskPlan)> {
        self.desks.iter().enumerate().map(|(i, desk)| (DeskId(i as u16), desk))
    }

    /// The same plan as `run` plays it: its length and its warm-up.
    #[must_use]
    pub fn as_run(mut self) -> Self {
        self.length = self.run.length;
        self.warm_up = self.run.warm_up;
        self
    }

    /// The same plan with `factor` times the arrivals; the agents stay.
    ///
    /// # Errors
    /// In words, when a population's bursts would be of more than [`MOST_IN_BURSTS`].
    pub fn scaled(mut self, factor: f64) -> Result<Self, String> {
        for desk in &mut self.desks {
            for piece in &mut desk.arrivals.pieces {
                piece.from_per_sec *= factor;
                piece.to_per_sec *= factor;
            }
            for burst in &mut desk.arrivals.bursts {
                burst.count = (burst.count as f64 * factor).round() as u64;
            }
            let visitors = desk.arrivals.in_bursts();
            if visitors > MOST_IN_BURSTS {
                return Err(format!(
                    "{}: bursts of {visitors} visitors; at most {MOST_IN_BURSTS} in all bursts of a desk are possible",
                    desk.name
                ));
            }
        }
        Ok(self)
    }
}

impl ArrivalPlan {
    /// How many visitors are expected in [`from`, `to`): busyness has mean 1, so it changes nothing.
    #[must_use]
    pub fn expected(&self, from: Moment, to: Moment) -> f64 {
        let pieces = self.pieces.iter().map(|piece| piece.expected(from, to));
        let bursts = self.bursts.iter().map(|burst| burst.count as f64 * burst.part(from, to));
        pieces.chain(bursts).sum()
    }

    /// How many visitors all bursts have.
    #[must_use]
    pub fn in_bursts(&self) -> u64 {
        self.bursts.iter().fold(0, |sum, burst| sum.saturating_add(burst.count))
    }

    /// Whether anybody is ever expected.
    #[must_use]
    pub fn comes(&self) -> bool {
        self.expected(Moment::ZERO, Moment::NEVER) > 0.0
    }
}

impl RatePiece {
    /// How many visitors are expected in what lies of it in [`from`, `to`).
    fn expected(&self, from: Moment, to: Moment) -> f64 {
        let whole = self.to.since(self.from).secs();
        let (a, b) = (from.max(self.from).since(self.from).secs(), to.min(self.to).since(self.from).secs());
        let slope = (self.to_per_sec - self.from_per_sec) / whole;
        if a < b { (b - a) * (self.from_per_sec + 0.5 * slope * (a + b)) } else { 0.0 }
    }
}

impl Burst {
    /// The part of its visitors expected in [`from`, `to`).
    fn part(&self, from: Moment, to: Moment) -> f64 {
        let end = self.at + self.within;
        if self.within == Span::ZERO {
            return f64::from(u8::from(from <= self.at && self.at < to));
        }
        to.min(end).since(from.max(self.at)).secs() / self.within.secs()
    }
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

    /// How many agents there are in all groups.
    #[must_use]
    pub fn agents(&self) -> u32 {
        self.groups.iter().map(|group| group.count).sum()
    }

    /// How many conversations they can hold together.
    #[must_use]
    pub fn slots(&self) -> u32 {
        self.groups.iter().map(|group| group.count * group.concurrency).sum()
    }

    /// Whether any of its conversations ends on the phone.
    #[must_use]
    pub fn escalates(&self) -> bool {
        self.topics.iter().any(|topic| topic.share > 0.0 && topic.escalation > 0.0)
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

impl GroupPlan {
    /// Whether these agents have every skill that a topic takes.
    #[must_use]
    pub fn can_serve(&self, topic: &TopicPlan) -> bool {
        topic.skills.iter().all(|skill| self.skills.binary_search(skill).is_ok())
    }
}
