//! What is counted, in integers: per desk, per topic, per group of agents, and of the traffic of a run.
//!
//! A tally of [`Timing`]s is being recorded; a tally of [`Distribution`]s is frozen, and merges: field by field,
//! associative, commutative, with the default as identity (lists of unequal length are filled up with defaults).
//! Every person and every nanosecond is counted once: what holds for a desk is the sum over its topics, or over its groups.

use serde::{Deserialize, Serialize};

pub use levels::Levels;
pub use page::PageTally;
pub use venue::{RoomTally, VenueTally};

use super::histogram::{Distribution, Timing};
use crate::base::time::RealSpan;
use crate::base::words::{Channel, Closing, Ending, Sale};

/// A stretch of the recorded: one replication of `simulate`, or one batch of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The number of the replication or the batch.
    pub index: u32,
    /// The desks, in the plan's order.
    pub desks: Vec<DeskTally<Distribution>>,
    /// The rooms and portals, in the plan's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub venues: Vec<VenueTally<Distribution>>,
    /// What only a run has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traffic: Option<TrafficTally<Distribution>>,
}

/// One desk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskTally<T> {
    /// Visits, by topic.
    pub topics: Vec<TopicTally<T>>,
    /// Agents' time and work, by group.
    pub groups: Vec<GroupTally<T>>,
    /// Time in conversation, wrap-up excluded, summed over visits, within the window.
    pub in_service_nanos: u128,
    /// The visitor's message was meant to be sent → the agent's reply was read; the first replies apart.
    pub reply_time: T,
    /// Assigned → accepted.
    pub accept_time: T,
    /// Callbacks of a phone pool.
    pub callbacks: CallbackTally<T>,
    /// What its own visitors bought in chats, by [`Sold`].
    pub chat_sales: [u64; Sold::KINDS],
    /// The same on the phone.
    pub phone_sales: [u64; Sold::KINDS],
    /// The same when called back.
    pub callback_sales: [u64; Sold::KINDS],
    /// Time on the line, from the first ring on hold to the end, of visits that ended as calls.
    pub call_line_nanos: u128,
    /// The same of visits that ended as callbacks, which are on the line while holding it and from dialling on.
    pub callback_line_nanos: u128,
}

/// What came of the conversations with those who came to buy, on one channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sold {
    /// Those who came to buy and were served.
    pub intent: u64,
    /// Of these, who bought.
    pub bought: u64,
    /// Of these, who bought something more.
    pub upsold: u64,
}

impl Sold {
    /// A sale is missed, made, or made and added to: the tallies hold one count of each.
    const KINDS: usize = 3;

    const fn of([missed, bought, upsold]: [u64; Self::KINDS]) -> Self {
        Self { intent: missed + bought + upsold, bought: bought + upsold, upsold }
    }

    /// The place of a sale in a tally; `None` of a visit that nothing could be sold to.
    #[must_use]
    pub const fn index(sale: Sale) -> Option<usize> {
        match sale {
            Sale::NoIntent => None,
            Sale::Missed => Some(0),
            Sale::Bought => Some(1),
            Sale::Upsold => Some(2),
        }
    }
}

/// Visits about one topic whose intended start lies in the window (handling times: whose assignment does).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicTally<T> {
    /// Visits, returns included.
    pub offered: u64,
    /// Visits of people who had given up before.
    pub returns: u64,
    /// No free slot on arrival.
    pub delayed: u64,
    /// How they ended, in the order of [`Ending::ALL`]. They add up to `offered`.
    pub endings: [u64; Ending::ALL.len()],
    /// Visits of people who cannot or will not phone.
    pub cannot_call: u64,
    /// Of these, those who were helped.
    pub cannot_call_resolved: u64,
    /// Served within the threshold T.
    pub served_within: u64,
    /// Received the agent's first own message within T.
    pub responded_within: u64,
    /// Left the queue within T, the silent included.
    pub abandoned_within: u64,
    /// Of these, the silent.
    pub silent_within: u64,
    /// Walked out of the conversation within T, before any message of the agent.
    pub walked_within: u64,
    /// Left the queue too early to be held against the desk, the silent included.
    pub abandoned_short: u64,
    /// Of these, the silent.
    pub silent_short: u64,
    /// Ghosts that an agent was assigned within T.
    pub ghosts_within: u64,
    /// Intended start → assigned.
    pub speed_of_answer: T,
    /// Intended start → receipt of the agent's first own message.
    pub first_response: T,
    /// Intended start → the end of a wait that no agent ended: left, refused, callback taken, cut off. Who did not join
    /// the queue has not waited.
    pub gave_up_after: T,
    /// Intended start → assigned, of those who had left without a word by then: ghosts.
    pub ghost_wait: T,
    /// Assigned → slot freed, of chats with somebody.
    pub handling_time: T,
    /// Assigned → slot freed, of chats that ended without a word from the visitor.
    pub ghost_time: T,
}

/// The agents of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupTally<T> {
    /// How its agents ended the conversations that were assigned in the window, in the order of [`Closing::ALL`].
    pub closings: [u64; Closing::ALL.len()],
    /// Assigned → slot freed, but of ghosts. Empty where the desk has this group alone: see
    /// [`DeskTally::group_handling_time`].
    pub handling_time: T,
    /// Agents' time with at least one conversation, within the window.
    pub engaged_nanos: u128,
    /// Slots' time in use, within the window.
    pub slot_nanos: u128,
    /// Of these, slots' time in use by ghosts.
    pub ghost_nanos: u128,
    /// Agents' time reading and composing, within the window.
    pub attention_nanos: u128,
    /// Agents' time on duty, within the window.
    pub staffed_nanos: u128,
    /// Slots' time on offer, within the window.
    pub slot_staffed_nanos: u128,
}

/// Callbacks whose visit's intended start lies in the window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackTally<T> {
    /// Asked for or taken.
    pub accepted: u64,
    /// Spoken to.
    pub reached: u64,
    /// Asked for without ever holding the line, and helped: no topic's endings count these.
    pub outright_resolved: u64,
    /// Request → conversation.
    pub wait: T,
    /// Request → the last of a callback that never came to be.
    pub gave_up_after: T,
}

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// From a visitor.
    ToAgent,
    /// From an agent.
    ToVisitor,
    /// From a guest, to each of the others in the room.
    ToGuest,
}

/// What went wrong with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No connection came about.
    Connect,
    /// The server would not have us.
    Refused,
    /// The server told us to slow down.
    Throttled,
    /// The connection broke.
    Disconnected,
    /// The server said what the protocol does not allow.
    Protocol,
}

impl Failure {
    /// Every kind, in the order in which they are counted.
    pub const ALL: [Self; 5] =
        [Self::Connect, Self::Refused, Self::Throttled, Self::Disconnected, Self::Protocol];

    /// The word used in figures.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Refused => "refused",
            Self::Throttled => "throttled",
            Self::Disconnected => "disconnected",
            Self::Protocol => "protocol",
        }
    }
}

/// The traffic of a run: times are real. Counted by the intended instant, within the window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrafficTally<T> {
    /// Intended send → receipt, by visitors' messages.
    pub to_agent: T,
    /// Intended send → receipt, by agents' messages.
    pub to_visitor: T,
    /// Intended send → receipt, by guests' messages: each of those who get one counts. What a moderator had to pass is
    /// measured from the intended decision: a review is no latency.
    #[serde(default)]
    pub to_guest: T,
    /// The same to the receipt by the last of those who get a guest's message.
    #[serde(default)]
    pub fanout: T,
    /// The ledger of messages.
    pub messages: MessageTally,
    /// Opening the transport.
    pub connect_tcp: T,
    /// The TLS handshake, where there is one.
    #[serde(default)]
    pub connect_tls: T,
    /// The WebSocket handshake.
    pub connect_upgrade: T,
    /// The protocol's own greeting.
    pub connect_login: T,
    /// A slot free and a visitor waiting → assigned.
    #[serde(default)]
    pub routing: T,
    /// Connections tried.
    pub attempts: u64,
    /// Failures, in the order of [`Failure::ALL`].
    pub errors: [u64; Failure::ALL.len()],
    /// Connections that broke and were taken up again, or were tried to be: counted where they broke.
    #[serde(default)]
    pub reconnects: ReconnectTally<T>,
    /// The pages of the site, in the plan's order, as far as any was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub site: Vec<PageTally<T>>,
    /// The generator itself, over the whole run: it stands in the first section alone.
    pub generator: GeneratorTally<T>,
}

/// What became of those whose connection broke, where they reconnect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconnectTally<T> {
    /// Came back to where they had been.
    pub resumed: u64,
    /// Came back to a server that knew nothing of them any more.
    pub anew: u64,
    /// Tried as often as they would, and were lost.
    pub given_up: u64,
    /// The connection's break → another, of those who came back.
    pub away: T,
}

/// What became of the messages.
///
/// A message of a conversation has one recipient, one in a room has many. `sent` counts messages, and the others count
/// recipients: `delivered` of 3 messages in a room of 10 is 27.
///
/// A guest is expected to get what another says if the guest was in the room (had been told so) before it was published:
/// before it was sent, or, where a moderator had to pass it, before that was decided. Who leaves before anybody got it is
/// not, since the two may have crossed, unless that is [`MessageTally::SURELY`] after it was published; nor is one whose
/// connection broke. Who was not expected, and gets it all the same, counts as delivered to. What is held, blocked or
/// removed unpublished is expected by nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageTally {
    /// Handed to the network.
    pub sent: u64,
    /// Received, each counted once.
    pub delivered: u64,
    /// Of those, which the server held back to slow somebody down: they are in no time of delivery.
    #[serde(default)]
    pub held_back: u64,
    /// Never received by a recipient who was there for it.
    pub lost: u64,
    /// Never received by a recipient who was away meanwhile: whose connection broke, and who came back or tried to.
    #[serde(default)]
    pub missed: u64,
    /// Further receipts.
    pub duplicated: u64,
    /// Received after one that was sent later. What a moderator had to pass is left out: the order is the moderators'.
    pub reordered: u64,
}

impl MessageTally {
    /// By then a message that was published has reached whoever is there, or it never will.
    pub const SURELY: RealSpan = RealSpan::from_whole_secs(2);
}

/// How the generator itself fared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneratorTally<T> {
    /// How late it did what it had scheduled: every start, every message, and whatever else a person has a timer for.
    pub lag: T,
    /// Visits that it was to begin.
    #[serde(default)]
    pub starts: u64,
    /// Of these, those that it dropped: they came too late to be meant, or there was no socket for them.
    pub dropped_starts: u64,
    /// Of these, those that came too late.
    #[serde(default)]
    pub late_starts: u64,
    /// Connections tried.
    #[serde(default)]
    pub connections: u64,
    /// Of these, those that did not come about.
    #[serde(default)]
    pub unconnected: u64,
    /// Connections open at once, at the most.
    pub peak_open: u64,
    /// Processor time used.
    pub cpu_nanos: u128,
    /// Processor time there was: time on the wall × processors.
    pub cpu_available_nanos: u128,
    /// The share of the processors that it used when it was busiest, in parts per million; 0 where nobody told.
    #[serde(default)]
    pub cpu_peak_ppm: u64,
    /// Resident memory at the most, in KiB; 0 where nobody told.
    #[serde(default)]
    pub memory_max_kib: u64,
    /// How late a timer is when nothing else goes on, in real nanoseconds: measured before the run.
    #[serde(default)]
    pub timer_nanos: u64,
}

/// The position of an ending in `endings`.
#[must_use]
pub const fn ending_index(ending: Ending) -> usize {
    ending as usize
}

impl<T> TopicTally<T> {
    /// How many ended so.
    #[must_use]
    pub fn ended(&self, ending: Ending) -> u64 {
        self.endings[ending_index(ending)]
    }
}

impl<T> GroupTally<T> {
    /// How many its agents closed so.
    #[must_use]
    pub fn closed(&self, closing: Closing) -> u64 {
        self.closings[closing as usize]
    }

    /// Conversations that agents were given (a callback that nobody picked up is none).
    #[must_use]
    pub fn given(&self) -> u64 {
        self.closings.iter().sum::<u64>() - self.closed(Closing::Unreached)
    }

    /// Conversations with somebody: all but the ghosts.
    #[must_use]
    pub fn served(&self) -> u64 {
        self.given() - self.closed(Closing::Silent)
    }
}

impl<T> DeskTally<T> {
    /// What its own visitors bought on a channel.
    #[must_use]
    pub fn sold(&self, channel: Channel) -> Sold {
        Sold::of(match channel {
            Channel::Chat => self.chat_sales,
            Channel::Call => self.phone_sales,
            Channel::Callback { .. } => self.callback_sales,
        })
    }

    /// The counts behind [`Self::sold`].
    pub fn sales_mut(&mut self, channel: Channel) -> &mut [u64; Sold::KINDS] {
        match channel {
            Channel::Chat => &mut self.chat_sales,
            Channel::Call => &mut self.phone_sales,
            Channel::Callback { .. } => &mut self.callback_sales,
        }
    }
}

impl DeskTally<Distribution> {
    /// All visits of the desk, whatever they were about.
    #[must_use]
    pub fn visits(&self) -> TopicTally<Distribution> {
        let mut all = TopicTally::default();
        self.topics.iter().for_each(|topic| all.merge(topic));
        all
    }

    /// All agents of the desk (their handling times apart: those are in the visits).
    #[must_use]
    pub fn agents(&self) -> GroupTally<Distribution> {
        let mut all = GroupTally::default();
        self.groups.iter().for_each(|group| all.merge(group));
        all
    }

    /// The handling times of one group.
    #[must_use]
    pub fn group_handling_time(&self, group: usize) -> Distribution {
        if self.groups.len() == 1 {
            self.visits().handling_time
        } else {
            self.groups[group].handling_time.clone()
        }
    }
}

impl TopicTally<Distribution> {
    /// An agent was assigned while the visitor was still there.
    #[must_use]
    pub fn served(&self) -> u64 {
        self.speed_of_answer.count
    }

    /// Every wait: intended start → assigned or gave up. Of everybody but the balked.
    #[must_use]
    pub fn queue_time(&self) -> Distribution {
        self.speed_of_answer.clone().merged(&self.gave_up_after)
    }
}

/// The most that any one count may be in a tally that is read: so many can be added up by the million without overflow.
const MOST_COUNTED: u128 = 1 << 40;
/// The same for nanoseconds: as much for everybody who is counted.
const MOST_NANOS: u128 = MOST_COUNTED << 64;

/// Merging, draining and checking are the same walk over the fields; this writes it once a type.
macro_rules! walks {
    ($name:ident { add: [$($add:ident),*], nanos: [$($nanos:ident),*], each: [$($each:ident),*], max: [$($max:ident),*], times: [$($time:ident),*], nested: [$($nested:ident),*], lists: [$($list:ident),*] }) => {
        impl $name<Distribution> {
            /// Adds everything that `other` counted.
            pub fn merge(&mut self, other: &Self) {
                $(self.$add += other.$add;)*
                $(self.$nanos += other.$nanos;)*
                $(self.$each.iter_mut().zip(other.$each).for_each(|(a, b)| *a += b);)*
                $(self.$max = self.$max.max(other.$max);)*
                $(self.$time.merge(&other.$time);)*
                $(self.$nested.merge(&other.$nested);)*
                $(
                    if self.$list.len() < other.$list.len() {
                        self.$list.resize_with(other.$list.len(), Default::default);
                    }
                    self.$list.iter_mut().zip(&other.$list).for_each(|(a, b)| a.merge(b));
                )*
            }

            /// Whether its numbers are such that it can be merged with a million others.
            pub(super) fn is_bounded(&self) -> bool {
                let counts: &[u64] = &[$(self.$add,)* $(self.$max,)* $(self.$time.count,)*];
                let nanos: &[u128] = &[$(self.$nanos,)* $(self.$time.sum_nanos,)*];
                counts.iter().copied()$(.chain(self.$each))*.all(|count| u128::from(count) <= MOST_COUNTED)
                    && nanos.iter().all(|nanos| *nanos <= MOST_NANOS)
                    $(&& self.$nested.is_bounded())*
                    $(&& self.$list.iter().all(|part| part.is_bounded()))*
            }
        }

        impl $name<Timing> {
            /// What was counted since the last call; starts anew.
            pub fn drain(&mut self) -> $name<Distribution> {
                $name {
                    $($add: std::mem::take(&mut self.$add),)*
                    $($nanos: std::mem::take(&mut self.$nanos),)*
                    $($each: std::mem::take(&mut self.$each),)*
                    $($max: std::mem::take(&mut self.$max),)*
                    $($time: self.$time.drain(),)*
                    $($nested: self.$nested.drain(),)*
                    $($list: self.$list.iter_mut().map(|part| part.drain()).collect(),)*
                }
            }
        }
    };
}

mod levels;
mod page;
mod venue;

walks! { DeskTally {
    add: [], nanos: [in_service_nanos, call_line_nanos, callback_line_nanos],
    each: [chat_sales, phone_sales, callback_sales], max: [],
    times: [reply_time, accept_time], nested: [callbacks], lists: [topics, groups]
} }
walks! { TopicTally {
    add: [
        offered, returns, delayed, cannot_call, cannot_call_resolved, served_within, responded_within,
        abandoned_within, silent_within, walked_within, abandoned_short, silent_short, ghosts_within
    ],
    nanos: [], each: [endings], max: [],
    times: [speed_of_answer, first_response, gave_up_after, ghost_wait, handling_time, ghost_time],
    nested: [], lists: []
} }
walks! { GroupTally {
    add: [],
    nanos: [engaged_nanos, slot_nanos, ghost_nanos, attention_nanos, staffed_nanos, slot_staffed_nanos],
    each: [closings], max: [],
    times: [handling_time], nested: [], lists: []
} }
walks! { CallbackTally {
    add: [accepted, reached, outright_resolved], nanos: [], each: [], max: [],
    times: [wait, gave_up_after], nested: [], lists: []
} }
walks! { TrafficTally {
    add: [attempts], nanos: [], each: [errors], max: [],
    times: [to_agent, to_visitor, to_guest, fanout, connect_tcp, connect_tls, connect_upgrade, connect_login, routing],
    nested: [messages, reconnects, generator], lists: [site]
} }
walks! { ReconnectTally {
    add: [resumed, anew, given_up], nanos: [], each: [], max: [], times: [away], nested: [], lists: []
} }
walks! { GeneratorTally {
    add: [starts, dropped_starts, late_starts, connections, unconnected],
    nanos: [cpu_nanos, cpu_available_nanos], each: [],
    max: [peak_open, cpu_peak_ppm, memory_max_kib, timer_nanos],
    times: [lag], nested: [], lists: []
} }

impl MessageTally {
    fn merge(&mut self, other: &Self) {
        self.sent += other.sent;
        self.delivered += other.delivered;
        self.held_back += other.held_back;
        self.lost += other.lost;
        self.missed += other.missed;
        self.duplicated += other.duplicated;
        self.reordered += other.reordered;
    }

    fn drain(&mut self) -> Self {
        std::mem::take(self)
    }

    fn is_bounded(&self) -> bool {
        let received = [self.delivered, self.held_back, self.duplicated, self.reordered];
        let mut counts = received.into_iter().chain([self.sent, self.lost, self.missed]);
        counts.all(|count| u128::from(count) <= MOST_COUNTED)
    }
}

impl TrafficTally<Distribution> {
    /// Every message's delivery time, whichever way it went.
    #[must_use]
    pub fn delivery(&self) -> Distribution {
        self.to_agent.clone().merged(&self.to_visitor).merged(&self.to_guest)
    }

    /// Whether it counted nothing.
    fn is_empty(&self) -> bool {
        let site = vec![PageTally::default(); self.site.len()];
        *self == Self { site, ..Self::default() }
    }
}

impl<T> GeneratorTally<T> {
    /// [`Self::cpu_peak_ppm`] as a fraction.
    #[must_use]
    pub fn cpu_peak(&self) -> f64 {
        self.cpu_peak_ppm as f64 / 1e6
    }
}

impl TrafficTally<Timing> {
    /// Records one failure.
    pub fn fail(&mut self, failure: Failure) {
        self.errors[failure as usize] += 1;
    }
}

impl Section {
    /// Whether its numbers are such that it can be merged with a million others: what was counted always is.
    #[must_use]
    pub fn is_bounded(&self) -> bool {
        self.desks.iter().all(DeskTally::is_bounded)
            && self.venues.iter().all(VenueTally::is_bounded)
            && self.traffic.as_ref().is_none_or(TrafficTally::is_bounded)
    }

    /// Whether it counted nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let nothing = |desk: &DeskTally<Distribution>| {
            desk.visits() == TopicTally::default()
                && desk.agents() == GroupTally::default()
                && *desk
                    == DeskTally {
                        topics: desk.topics.clone(),
                        groups: desk.groups.clone(),
                        ..DeskTally::default()
                    }
        };
        self.desks.iter().all(nothing)
            && self.venues.iter().all(VenueTally::is_empty)
            && self.traffic.as_ref().is_none_or(TrafficTally::is_empty)
    }

    /// Adds what `other`, a part of the same section, counted.
    pub fn merge(&mut self, other: &Self) {
        if self.desks.len() < other.desks.len() {
            self.desks.resize_with(other.desks.len(), Default::default);
        }
        self.desks.iter_mut().zip(&other.desks).for_each(|(a, b)| a.merge(b));
        if self.venues.len() < other.venues.len() {
            self.venues.resize_with(other.venues.len(), Default::default);
        }
        self.venues.iter_mut().zip(&other.venues).for_each(|(a, b)| a.merge(b));
        match (&mut self.traffic, &other.traffic) {
            (Some(a), Some(b)) => a.merge(b),
            (None, Some(b)) => self.traffic = Some(b.clone()),
            (_, None) => {}
        }
    }
}
