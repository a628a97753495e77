//! The traffic of a run: messages, connections, and how the generator itself fared.

use serde::{Deserialize, Serialize};

use super::super::histogram::{Distribution, Timing};
use super::{MOST_COUNTED, MOST_NANOS, PageTally};
use crate::base::time::RealSpan;

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
    /// People connected at once, at the most.
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
    pub(super) fn is_empty(&self) -> bool {
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
