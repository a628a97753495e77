//! The plan: a scenario resolved. Every default is filled in, every name is an index, every unit is gone, and what
//! makes no sense cannot be written down. Nothing downstream of `scenario` sees the YAML.

pub mod against;
pub mod dialect;
pub mod faults;
pub mod reconnect;
pub mod rooms;
pub mod site;
pub mod target;
mod valid;

use crate::base::count::CountLaw;
use crate::base::dist::Law;
use crate::base::id::{AgentId, DeskId, GroupId, ModeratorId, PopulationId, TopicId, VenueId};
use crate::base::time::{Moment, Span};

use super::gate::Gate;
use faults::Faults;
use reconnect::ReconnectPlan;
use rooms::VenuePlan;
use site::SitePlan;
use target::TargetPlan;
pub use valid::ValidPlan;

/// Replications at the most: the record keeps a section of each.
pub const MOST_REPLICATIONS: u32 = 100_000;
/// No message has more words.
pub const MOST_WORDS: f64 = 200.0;
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
    /// The desks, the phone pool last. At least one desk, or one venue.
    pub desks: Vec<DeskPlan>,
    /// The rooms and the portals of many rooms.
    pub venues: Vec<VenuePlan>,
    /// The phone pool, where there is one.
    pub phone: Option<DeskId>,
    /// What becomes of those who wait when the doors close, at `length`.
    pub close: AtClose,
    /// The currency of every cost and price, where there are any: `EUR`.
    pub money: Option<String>,
    /// What `run` does unless told otherwise.
    pub run: RunPlan,
    /// The thresholds, in the order in which they were typed.
    pub gates: Vec<Gate>,
}

/// What becomes of those who wait when the doors close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtClose {
    /// They are served: who is on duty then stays until nobody waits.
    Serve,
    /// They are sent away: refused.
    Dismiss,
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

/// How agents go about it.
#[derive(Clone, Debug, PartialEq)]
pub struct MannersPlan {
    /// From assignment to acceptance; `None`: at once.
    pub accept: Option<Law>,
    /// How long a slot stays taken after a chat in which the agent has said something; `None`: not at all.
    pub wrap_up: Option<Law>,
    /// An agent who holds a chat gets no other for this long after the last one was assigned.
    pub ramp_up: Span,
    /// What becomes of the chats in hand when a shift ends.
    pub at_shift_end: AtShiftEnd,
    /// The probability that an agent is not there for a shift that is paid for.
    pub shrinkage: f64,
}

impl MannersPlan {
    /// They take what they are given at once, and are done with it when it is over.
    #[must_use]
    pub const fn plain() -> Self {
        Self {
            accept: None,
            wrap_up: None,
            ramp_up: Span::ZERO,
            at_shift_end: AtShiftEnd::Finish,
            shrinkage: 0.0,
        }
    }
}

/// What becomes of the chats in hand when a shift ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtShiftEnd {
    /// The agent stays until they are over.
    Finish,
    /// They are transferred.
    HandOver,
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
    /// What it takes.
    pub content: Content,
    /// The probability that the conversation ends on the phone. Of a [`Content::Talk`] this is what its hazard was
    /// solved for, those who cannot call included.
    pub escalation: f64,
    /// The probability that a conversation that does not, helps.
    pub resolution: f64,
    /// The skills it takes, sorted.
    pub skills: Vec<String>,
}

/// What a conversation takes. All topics of a desk are of the same kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// So much of an agent's time, with nothing else to do: it is not played message by message.
    Work(Law),
    /// A conversation, message by message.
    Talk(TalkPlan),
}

impl Content {
    /// What it takes an agent with nothing else to do, on average, in seconds.
    #[must_use]
    pub fn mean_work_secs(&self) -> f64 {
        match self {
            Self::Work(law) => law.mean(),
            Self::Talk(talk) => talk.mean_work_secs(),
        }
    }
}

/// A conversation message by message. An exchange is a message of the visitor and the agent's reply; the first message
/// comes with the request.
#[derive(Clone, Debug, PartialEq)]
pub struct TalkPlan {
    /// How many exchanges it takes until the question is dealt with (the topic's complexity is in it).
    pub exchanges: CountLaw,
    /// Words in a message, of either side (the topic's complexity is in it).
    pub words: Law,
    /// How long the visitor reads and thinks before typing.
    pub think: Law,
    /// What a reply of the agent's own takes.
    pub reply: ReplyPlan,
    /// The share of replies that are canned ones.
    pub canned: f64,
    /// How long it takes to pick a canned reply and make it fit, or to hand over to the phone.
    pub canned_time: Law,
    /// How typing tires.
    pub fatigue: FatiguePlan,
}

impl TalkPlan {
    /// The agent's attention that a conversation takes on average when it is played to its end, in seconds.
    #[must_use]
    pub fn mean_work_secs(&self) -> f64 {
        let own = match &self.reply {
            ReplyPlan::Words { read_per_sec, type_per_sec } => {
                self.words.mean() / read_per_sec + self.words.mean() / type_per_sec
            }
            ReplyPlan::Time(law) => law.mean(),
        };
        self.exchanges.mean() * (self.canned * self.canned_time.mean() + (1.0 - self.canned) * own)
    }
}

/// The words of a message of which a law says so many: a whole number, at least one.
#[must_use]
pub fn words_said(drawn: f64) -> u32 {
    (drawn + 0.5).clamp(1.0, MOST_WORDS) as u32
}

/// What a reply of the agent's own takes. Writing skill divides it.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplyPlan {
    /// Reading the visitor's words and typing one's own.
    Words {
        /// Words a second, reading.
        read_per_sec: f64,
        /// Words a second, composing.
        type_per_sec: f64,
    },
    /// So long, whatever is said.
    Time(Law),
}

/// How typing tires: after the visitor's k-th message the hazard of asking for the phone is
/// `hazard · exp(per_word · words typed so far)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FatiguePlan {
    /// With nothing typed: h0 · exp(b · complexity).
    pub hazard: f64,
    /// c.
    pub per_word: f64,
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
    /// How many agents, in all shifts. At least 1.
    pub count: u32,
    /// Who is there when: the agents are numbered through the shifts in their order. Their counts add up to `count`.
    pub shifts: Vec<ShiftPlan>,
    /// Conversations at once, at the most: slots. At least 1.
    pub concurrency: u32,
    /// `stretch[k - 1]`: how much longer a [`Content::Work`] takes while its agent holds k. As long as `concurrency`,
    /// first entry at least 1, never falling. All 1 where conversations are played message by message.
    pub stretch: Vec<f64>,
    /// What they can do, sorted. In a phone pool: the channels that they serve.
    pub skills: Vec<String>,
    /// How well each of them writes: 1 is the mean. `None`: all alike.
    pub writing: Option<Law>,
    /// What a paid second of each costs, in the scenario's money.
    pub wage_per_sec: f64,
    /// Where the group is one of dual agents in the phone pool: agents of a chat desk who take calls too.
    pub dual: Option<DualPlan>,
}

/// Agents of a chat desk who take calls too: a group of the phone pool whose agents are those of a group of the desk,
/// number by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DualPlan {
    /// Their desk.
    pub desk: DeskId,
    /// Their group there.
    pub group: GroupId,
    /// What a call does to their chats.
    pub call: CallPolicy,
    /// So many of those of the group who are on duty are kept off the phone.
    pub reserve: u32,
}

/// What a call does to the chats of an agent who takes both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallPolicy {
    /// A call is given to the agent only when there is no chat in hand.
    WaitsForChats,
    /// The chats in hand stand still during the call.
    PausesChats,
}

/// So many agents who come and go together.
#[derive(Clone, Debug, PartialEq)]
pub struct ShiftPlan {
    /// How many. At least 1.
    pub count: u32,
    /// When they come.
    pub from: Moment,
    /// When they go; [`Moment::NEVER`]: at the end.
    pub to: Moment,
    /// When they are away in between, in order, within the shift.
    pub breaks: Vec<BreakPlan>,
}

/// A break. Agent j of n of the shift takes it at `at` + `stagger` · j / n, or as soon as the chats in hand are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakPlan {
    /// When the first of them takes it.
    pub at: Moment,
    /// How long.
    pub length: Span,
    /// Over how long it is spread.
    pub stagger: Span,
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
    /// How those come back whose connection breaks; `None`: they do not.
    pub reconnect: Option<ReconnectPlan>,
    /// The chat server; `None`: the embedded one.
    pub target: Option<TargetPlan>,
    /// The site around the chat, where it is visited too.
    pub site: Option<SitePlan>,
    /// What the embedded one does wrong, on purpose.
    pub faults: Option<Faults>,
    /// What makes it valid.
    pub valid: ValidPlan,
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

    /// The venue of this number.
    #[must_use]
    pub fn venue(&self, venue: VenueId) -> &VenuePlan {
        &self.venues[venue.index()]
    }

    /// Every venue with its number.
    pub fn venue_ids(&self) -> impl Iterator<Item = (VenueId, &VenuePlan)> {
        self.venues.iter().enumerate().map(|(i, venue)| (VenueId(i as u16), venue))
    }

    /// Every moderator, with the venue.
    pub fn moderator_ids(&self) -> impl Iterator<Item = (VenueId, ModeratorId)> {
        self.venue_ids()
            .flat_map(|(id, venue)| (0..venue.moderation.moderators).map(move |n| (id, ModeratorId(n))))
    }

    /// Everybody who serves, on duty or not: agents, and moderators.
    #[must_use]
    pub fn staff(&self) -> u64 {
        let agents: u64 = self.desks.iter().map(|desk| u64::from(desk.own_agents())).sum();
        agents + self.moderator_ids().count() as u64
    }

    /// Those who come to a desk.
    #[must_use]
    pub const fn visitors_of(desk: DeskId) -> PopulationId {
        PopulationId(desk.0)
    }

    /// Those who come to a venue.
    #[must_use]
    pub fn guests_of(&self, venue: VenueId) -> PopulationId {
        PopulationId(self.desks.len() as u16 + venue.0)
    }

    /// The venue whose guests these are; `None` of a desk's visitors.
    #[must_use]
    pub fn venue_of(&self, population: PopulationId) -> Option<VenueId> {
        let venue = population.index().checked_sub(self.desks.len())?;
        (venue < self.venues.len()).then_some(VenueId(venue as u16))
    }

    /// The desk at which a population asks to be served: its own, or the one to which a venue's guests turn. `None`: none
    /// at all.
    #[must_use]
    pub fn desk_of(&self, population: PopulationId) -> Option<DeskId> {
        match self.venue_of(population) {
            Some(venue) => self.venue(venue).deflects.as_ref().map(|deflects| deflects.desk),
            None => (population.index() < self.desks.len()).then_some(DeskId(population.0)),
        }
    }

    /// The name and the arrivals of every population, in their order.
    pub fn populations(&self) -> impl Iterator<Item = (&str, &ArrivalPlan)> {
        let desks = self.desks.iter().map(|desk| (desk.name.as_str(), &desk.arrivals));
        desks.chain(self.venues.iter().map(|venue| (venue.name.as_str(), &venue.arrivals)))
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
        let desks = self.desks.iter_mut().map(|desk| (&desk.name, &mut desk.arrivals));
        let venues = self.venues.iter_mut().map(|venue| (&venue.name, &mut venue.arrivals));
        for (name, arrivals) in desks.chain(venues) {
            arrivals.scale(factor);
            let visitors = arrivals.in_bursts();
            if visitors > MOST_IN_BURSTS {
                return Err(format!(
                    "{name}: bursts of {visitors} visitors; at most {MOST_IN_BURSTS} in all bursts together are possible"
                ));
            }
        }
        Ok(self)
    }
}

impl ArrivalPlan {
    /// Makes it `factor` times as many, bursts to the nearest visitor.
    pub fn scale(&mut self, factor: f64) {
        for piece in &mut self.pieces {
            piece.from_per_sec *= factor;
            piece.to_per_sec *= factor;
        }
        for burst in &mut self.bursts {
            burst.count = (burst.count as f64 * factor).round() as u64;
        }
    }

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
    pub(super) fn expected(&self, from: Moment, to: Moment) -> f64 {
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

impl ShiftPlan {
    /// So many who are there from the start to the end.
    #[must_use]
    pub const fn throughout(count: u32) -> Self {
        Self { count, from: Moment::ZERO, to: Moment::NEVER, breaks: Vec::new() }
    }
}

impl BreakPlan {
    /// When agent `number` of the `count` of the shift takes it, the chats in hand permitting.
    #[must_use]
    pub fn taken_at(&self, number: u32, count: u32) -> Moment {
        let late = u128::from(self.stagger.nanos()) * u128::from(number) / u128::from(count.max(1));
        self.at + Span::from_nanos(u64::try_from(late).unwrap_or(u64::MAX))
    }
}

impl GroupPlan {
    /// The shift of its agent number `member`, and the agent's number in it.
    #[must_use]
    pub fn shift_of(&self, member: u32) -> Option<(&ShiftPlan, u32)> {
        let mut number = member;
        for shift in &self.shifts {
            if number < shift.count {
                return Some((shift, number));
            }
            number -= shift.count;
        }
        None
    }

    /// Whether these agents have every skill that a topic takes.
    #[must_use]
    pub fn can_serve(&self, topic: &TopicPlan) -> bool {
        topic.skills.iter().all(|skill| self.skills.binary_search(skill).is_ok())
    }
}
