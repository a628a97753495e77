//! What is counted, in integers: per desk, per topic, per group of agents, and of the traffic of a run.
//!
//! A tally of [`Timing`]s is being recorded; a tally of [`Distribution`]s is frozen, and merges: field by field,
//! associative, commutative, with the default as identity (lists of unequal length are filled up with defaults).
//! Every person and every nanosecond is counted once: what holds for a desk is the sum over its topics, or over its groups.

use serde::{Deserialize, Serialize};

pub use levels::Levels;
pub use page::PageTally;
pub use traffic::{Direction, Failure, GeneratorTally, MessageTally, ReconnectTally, TrafficTally};
pub use venue::{RoomTally, VenueTally};

use super::histogram::{Distribution, Timing};
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
mod traffic;
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
