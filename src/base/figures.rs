//! The catalogue of figures: every name that a record, a report or a gate may use, with its unit, what it means and
//! which command can produce it.
//!
//! A name that is not here is not a figure. `record::figures` computes exactly these (its tests hold it to that), and
//! gates are checked against them when the scenario is read. Nothing here computes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What makes a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Command {
    /// Virtual time.
    Simulate,
    /// Real time, against a server.
    Run,
}

impl Command {
    /// As typed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Simulate => "simulate",
            Self::Run => "run",
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a figure's value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A fraction from 0 to 1, shown as a percentage.
    Share,
    /// A time in seconds.
    Seconds,
    /// A plain number.
    Number,
    /// An amount of the scenario's money.
    Money,
    /// Memory.
    Bytes,
}

impl Unit {
    /// What is written after the value where it is shown: `%` (of a hundred times the value), `s`, or nothing. The
    /// currency of money is the scenario's.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Share => "%",
            Self::Seconds => "s",
            Self::Bytes => "B",
            Self::Number | Self::Money => "",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Share => "share",
            Self::Seconds => "seconds",
            Self::Number => "number",
            Self::Money => "money",
            Self::Bytes => "bytes",
        })
    }
}

/// A line of the catalogue: one figure, or several that differ in a word.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name, with `<desk>`, `<topic>`, `<group>`, `<channel>`, `<page>` for names of the scenario, `<room>` for `room.NAME` or
    /// `portal.NAME`, and `{a,b}` for alternatives.
    pub pattern: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// What it is.
    pub definition: &'static str,
    /// The commands that can produce it.
    pub produced_by: &'static [Command],
}

impl Entry {
    /// Whether `command` can produce it.
    #[must_use]
    pub fn by(&self, command: Command) -> bool {
        self.produced_by.contains(&command)
    }
}

const BOTH: &[Command] = &[Command::Simulate, Command::Run];
const RUN: &[Command] = &[Command::Run];

const fn entry(
    pattern: &'static str,
    unit: Unit,
    produced_by: &'static [Command],
    definition: &'static str,
) -> Entry {
    Entry { pattern, unit, definition, produced_by }
}

/// Every figure there is, in the order in which they are documented.
pub static CATALOGUE: &[Entry] = &{
    use Unit::{Bytes, Money, Number, Seconds, Share};
    [
        entry(
            "<desk>.offered",
            Number,
            BOTH,
            "arrivals per replication, those who came back and the balked included",
        ),
        entry(
            "<desk>.{resolved,unresolved,escalated,balked,refused,unfinished}.share",
            Share,
            BOTH,
            "who ended so, of offered",
        ),
        entry(
            "<desk>.abandoned.{queue,silent,chat}.share",
            Share,
            BOTH,
            "left the queue and said so; left it without a word; walked out of a chat; of offered",
        ),
        entry(
            "<desk>.abandoned.share",
            Share,
            BOTH,
            "gave up before being served, with or without a word, of offered (walking out of a chat is not in it)",
        ),
        entry(
            "<desk>.served.share",
            Share,
            BOTH,
            "an agent was assigned while the visitor was still there, of offered",
        ),
        entry(
            "<desk>.delayed.share",
            Share,
            BOTH,
            "no free slot on arrival (in run: the server said queued), of offered",
        ),
        entry(
            "<desk>.queue_time.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "intended start to assigned or gave up, of everybody but the balked",
        ),
        entry(
            "<desk>.speed_of_answer.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "intended start to assigned, of the served",
        ),
        entry(
            "<desk>.offered_wait.{p50,p90,p95}",
            Seconds,
            BOTH,
            "the wait that a visitor who never gives up would have had (Kaplan-Meier); null where not reached",
        ),
        entry(
            "<desk>.service_level.{answered,offered,waited,short_excluded}.share",
            Share,
            BOTH,
            "served within the threshold T (by assignment, or by the first response where the scenario says so): of the \
             served; of offered; with those who left within T, of offered; of offered less those who left early",
        ),
        entry(
            "<desk>.handling_time.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "assigned to slot freed, wrap-up included, by the agent who ended it, of chats assigned in the window, ghosts apart",
        ),
        entry(
            "<desk>.effective_handling_time.mean",
            Seconds,
            BOTH,
            "engaged agent time, that of ghosts included and that of calls not, divided by chats served",
        ),
        entry("<desk>.in_service.mean", Number, BOTH, "chats in progress, wrap-up excluded, time average"),
        entry(
            "<desk>.first_response.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "intended start to receipt of the agent's first own message; null where no messages are played",
        ),
        entry(
            "<desk>.reply_time.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "a visitor's message was meant to be sent to the agent's reply was read, of every later reply",
        ),
        entry(
            "<desk>.accept_time.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "assigned to accepted by the agent",
        ),
        entry(
            "<desk>.ghosts.share",
            Share,
            BOTH,
            "chats that ended without a word from the visitor, of chats that agents were given",
        ),
        entry(
            "<desk>.ghosts.slot_time.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "assigned to slot freed, of these chats",
        ),
        entry("<desk>.cannot_call.share", Share, BOTH, "who cannot or will not phone, of offered"),
        entry(
            "<desk>.cannot_call.resolved.share",
            Share,
            BOTH,
            "who were helped, of those who cannot or will not phone",
        ),
        entry(
            "<desk>.agents.{engaged,slots,attention,ghosts}.share",
            Share,
            BOTH,
            "with a chat or wrap-up, of staffed time; slots in use, of slots offered; reading and composing, of staffed \
             time; slots in use by ghosts, of slots offered",
        ),
        entry("<desk>.agents.concurrency.mean", Number, BOTH, "chats held while engaged with any"),
        entry("<desk>.topic.<topic>.offered", Number, BOTH, "arrivals about this topic per replication"),
        entry(
            "<desk>.topic.<topic>.{resolved,unresolved,escalated,balked,refused,unfinished}.share",
            Share,
            BOTH,
            "who ended so, of offered about this topic",
        ),
        entry(
            "<desk>.topic.<topic>.abandoned.{queue,silent,chat}.share",
            Share,
            BOTH,
            "left the queue and said so; left it without a word; walked out of a chat; of offered about this topic",
        ),
        entry(
            "<desk>.topic.<topic>.{abandoned,served,delayed}.share",
            Share,
            BOTH,
            "gave up before being served; was served; found no free slot; of offered about this topic",
        ),
        entry(
            "<desk>.topic.<topic>.{queue_time,speed_of_answer,first_response,handling_time}.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "as for the desk, of this topic",
        ),
        entry(
            "<desk>.group.<group>.{resolved,unresolved,escalated}.share",
            Share,
            BOTH,
            "chats that its agents closed so, of chats assigned to the group in the window, ghosts apart",
        ),
        entry(
            "<desk>.group.<group>.abandoned.chat.share",
            Share,
            BOTH,
            "chats that the visitor walked out of, of chats assigned to the group in the window, ghosts apart",
        ),
        entry(
            "<desk>.group.<group>.handling_time.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "as for the desk, of this group",
        ),
        entry(
            "<desk>.group.<group>.effective_handling_time.mean",
            Seconds,
            BOTH,
            "engaged time of the group divided by its chats",
        ),
        entry(
            "<desk>.group.<group>.agents.{engaged,slots,attention,ghosts}.share",
            Share,
            BOTH,
            "as for the desk, of this group",
        ),
        entry(
            "<desk>.group.<group>.agents.concurrency.mean",
            Number,
            BOTH,
            "chats held while engaged with any",
        ),
        entry(
            "platform.<desk>.served.share",
            Share,
            BOTH,
            "as the platform's own log has it, where a ghost counts as answered: an agent was assigned, of offered",
        ),
        entry(
            "platform.<desk>.service_level.{answered,offered,waited,short_excluded}.share",
            Share,
            BOTH,
            "the same of assignment within the threshold T; who left without a word is known to nobody",
        ),
        entry(
            "platform.<desk>.handling_time.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "assigned to slot freed, ghosts included",
        ),
        entry(
            "phone.offered",
            Number,
            BOTH,
            "calls per replication (callbacks asked for outright are not calls)",
        ),
        entry("phone.abandoned.share", Share, BOTH, "hung up on hold without taking a callback, of offered"),
        entry(
            "phone.queue_time.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "intended start to answered, hung up or callback taken",
        ),
        entry(
            "phone.service_level.{answered,offered,waited,short_excluded}.share",
            Share,
            BOTH,
            "as for a desk; who took a callback is offered, and neither answered nor gone",
        ),
        entry("phone.engaged.share", Share, BOTH, "on a call (or ringing a callback), of staffed time"),
        entry(
            "callback.wait.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "request to conversation; percentiles by Kaplan-Meier with the waits of the unreached censored, mean and \
             maximum of the reached",
        ),
        entry("callback.reached.share", Share, BOTH, "spoken to, of callbacks accepted"),
        entry(
            "sales.<channel>.conversion.share",
            Share,
            BOTH,
            "who bought, of those who came to buy and were served on this channel",
        ),
        entry("sales.<channel>.upsell.share", Share, BOTH, "who bought something more, of those who bought"),
        entry(
            "cost.total",
            Money,
            BOTH,
            "wages of every rostered second of the window, there or not, and the toll of every second on the line, per \
             replication; moderators' wages are their room's",
        ),
        entry("cost.per_contact", Money, BOTH, "the same, divided by the contacts served on all channels"),
        entry("cost.per_resolved", Money, BOTH, "the same, divided by the contacts that helped"),
        entry(
            "cost.<channel>.per_contact",
            Money,
            BOTH,
            "the channel's part of it, divided by its contacts served: wages by where the time went, the phone's between \
             calls and callbacks by talk time",
        ),
        entry(
            "margin.per_contact",
            Money,
            BOTH,
            "what sales leave after the cost of the goods, less the cost, divided by the contacts served",
        ),
        entry("margin.<channel>.per_contact", Money, BOTH, "the same of this channel"),
        entry(
            "<room>.visits",
            Number,
            BOTH,
            "visits per replication, those of guests who came back included",
        ),
        entry("<room>.returning.share", Share, BOTH, "of guests who had been there before, of visits"),
        entry(
            "<room>.{stayed,deserted,closed,refused,unfinished}.share",
            Share,
            BOTH,
            "stayed as long as meant to; was alone for too long; found it closed, or was there at closing time; was not let \
             in; was cut off by the end; of visits",
        ),
        entry("<room>.empty_on_arrival.share", Share, BOTH, "found nobody, of visits"),
        entry(
            "<room>.never_met.share",
            Share,
            BOTH,
            "left without ever having company, of visits (lurkers are company, moderators are not)",
        ),
        entry(
            "<room>.frustrated.share",
            Share,
            BOTH,
            "never met anybody, or left without an answer to their question, of visits",
        ),
        entry(
            "<room>.time_to_company.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "intended start to company; percentiles by Kaplan-Meier with the waits of those who met nobody censored, mean \
             and maximum of those who met somebody",
        ),
        entry("<room>.visit_time.{mean,p50,p90,p95,p99,max}", Seconds, BOTH, "in the room to gone"),
        entry(
            "<room>.present.{mean,p50,p90,p99,max}",
            Number,
            BOTH,
            "guests in a room at once, over the time that it is open (of a portal: in one of its rooms)",
        ),
        entry(
            "<room>.{empty,alone}.share",
            Share,
            BOTH,
            "nobody there; one guest alone; of the time that it is open",
        ),
        entry("<room>.questions", Number, BOTH, "questions put to a room per replication"),
        entry("<room>.answered.share", Share, BOTH, "whose author read an answer, of questions"),
        entry(
            "<room>.time_to_reply.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "question sent to first answer read, of the answered",
        ),
        entry(
            "<room>.{deflected,turned_to_desk}",
            Number,
            BOTH,
            "questions that would have gone to the desk: answered in the room; gone there after all; per replication",
        ),
        entry("<room>.messages", Number, BOTH, "messages sent per replication"),
        entry(
            "<room>.{published,kept_back,wrongly_blocked,harmful}.share",
            Share,
            BOTH,
            "published, at once or after review; stopped by the filter or a moderator; harmless and stopped by the filter; \
             harmful; of messages sent",
        ),
        entry(
            "<room>.harmful_seen",
            Number,
            BOTH,
            "a harmful message read by somebody, each message and reader counted, per replication",
        ),
        entry("<room>.harmful_seen_per_visit", Number, BOTH, "the same, divided by visits"),
        entry("<room>.reports", Number, BOTH, "reports by guests per replication"),
        entry(
            "<room>.moderation.{hold_time,review_time}.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "sent to decided by a moderator: of messages held until then; of messages public meanwhile",
        ),
        entry(
            "<room>.moderation.exposure_time.{mean,p50,p90,p95,p99,max}",
            Seconds,
            BOTH,
            "how long a harmful message was in the sight of a guest, of each message and reader",
        ),
        entry("<room>.moderation.busy.share", Share, BOTH, "reviewing, of moderators' paid time"),
        entry(
            "<room>.moderation.cost",
            Money,
            BOTH,
            "moderators' wages per replication: of the time that it is open, busy or not, and of what they finish after it",
        ),
        entry(
            "<room>.moderation.{cost_per_message,cost_per_visit}",
            Money,
            BOTH,
            "the same, divided by the messages that went public in that time, whenever they were sent; by visits",
        ),
        entry(
            "<room>.alive.share",
            Share,
            BOTH,
            "in which enough visits met somebody (the scenario says how many), of the rooms",
        ),
        entry(
            "delivery.{mean,p50,p90,p95,p99,max}",
            Seconds,
            RUN,
            "intended send to receipt, in real time, of every message; of what a moderator had to pass, from the intended decision",
        ),
        entry(
            "delivery.{to_agent,to_visitor}.{mean,p50,p90,p95,p99,max}",
            Seconds,
            RUN,
            "intended send to receipt, in real time, by direction",
        ),
        entry(
            "delivery.to_guest.{mean,p50,p90,p95,p99,max}",
            Seconds,
            RUN,
            "intended send to receipt, in real time, of guests' messages, by each of those in the room; of what a moderator had \
             to pass, from the intended decision",
        ),
        entry(
            "fanout.{mean,p50,p90,p95,p99,max}",
            Seconds,
            RUN,
            "intended send to receipt by the last of those in the room, in real time; of what a moderator had to pass, from the \
             intended decision",
        ),
        entry(
            "connect.{tcp,tls,upgrade,login}.{mean,p50,p90,p95,p99,max}",
            Seconds,
            RUN,
            "each stage of connecting, in real time; TLS where the target speaks it",
        ),
        entry(
            "routing.{mean,p50,p90,p95,p99,max}",
            Seconds,
            RUN,
            "an agent's slot free and a visitor waiting to the agent told of the visitor, in real time, a way to the server and \
             back included; but of agents who chat and call",
        ),
        entry("messages.sent", Number, RUN, "messages handed to the network"),
        entry(
            "messages.delivered",
            Number,
            RUN,
            "recipients who got a message: one of each in a conversation, everybody else there in a room",
        ),
        entry(
            "messages.held_back",
            Number,
            RUN,
            "delivered, and let lie by the server to slow their sender down: in no time of delivery",
        ),
        entry(
            "messages.lost",
            Number,
            RUN,
            "recipients who were there from send to drain and never got it; of a room: from before it was published until \
             another got it",
        ),
        entry(
            "messages.missed",
            Number,
            RUN,
            "recipients who never got it because they were away: their connection had broken, and was taken up again or tried to \
             be",
        ),
        entry("messages.duplicated", Number, RUN, "every further receipt of a message"),
        entry(
            "messages.reordered",
            Number,
            RUN,
            "reordered as in RFC 4737, per sender and conversation, or reader",
        ),
        entry(
            "reconnects.{resumed,anew,given_up}",
            Number,
            RUN,
            "connections that broke: taken up again where they were, greeted anew by a server that knew nothing of them, lost \
             after the last try",
        ),
        entry(
            "reconnects.away.{mean,p50,p90,p95,p99,max}",
            Seconds,
            RUN,
            "the break of a connection to the next one, in real time, of those who came back",
        ),
        entry(
            "errors.{connect,refused,throttled,disconnected,protocol}.share",
            Share,
            RUN,
            "connections on which something failed so, each once, of attempts; refused also where the login was well and
             an act came to nothing",
        ),
        entry(
            "site.<page>.requests",
            Number,
            RUN,
            "requests for the page; null where the site was not visited",
        ),
        entry(
            "site.<page>.errors.share",
            Share,
            RUN,
            "that ended without a page: no answer, none in time, one that broke off or has no status of success, of requests",
        ),
        entry(
            "site.<page>.{mean,p50,p90,p95,p99,max}",
            Seconds,
            RUN,
            "asked for to the last byte, in real time, of the pages that came; each visitor asks for one after the other",
        ),
        entry(
            "generator.lag.{p99,max}",
            Seconds,
            RUN,
            "how late the generator itself was for what it had scheduled, messages and starts included, in real time, over the \
             whole run",
        ),
        entry(
            "generator.timer_resolution",
            Seconds,
            RUN,
            "how late a timer is when nothing else goes on, in real time: the median, measured before the run",
        ),
        entry(
            "generator.dropped_starts",
            Number,
            RUN,
            "visits that the generator dropped: more than a second of real time late, or without a socket",
        ),
        entry("generator.peak_open", Number, RUN, "connections open at once, at the most"),
        entry(
            "generator.cpu.share",
            Share,
            RUN,
            "processor time used by the generator, of what the machine has",
        ),
        entry(
            "generator.cpu.peak",
            Share,
            RUN,
            "the same in its busiest ten seconds of real time, or all of a shorter run",
        ),
        entry("generator.memory.max", Bytes, RUN, "resident memory of the generator, at the most"),
        entry(
            "target.cpu.cores",
            Number,
            RUN,
            "processors that the target used, by its own account: 2 is two of them, all the time; null where it does not tell",
        ),
        entry(
            "target.memory.max",
            Bytes,
            RUN,
            "resident memory of the target, by its own account, at the most",
        ),
        entry(
            "target.queue.{mean,max}",
            Number,
            RUN,
            "the length of the target's queue, by its own account, over the times that it was asked",
        ),
    ]
};

/// The names that a scenario gives to what the placeholders stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Its desks.
    pub desks: Vec<KnownDesk>,
    /// Its rooms and portals.
    pub venues: Vec<KnownVenue>,
    /// The pages of its site.
    pub pages: Vec<String>,
}

/// The first word of a venue's figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VenueWord {
    /// One room.
    Room,
    /// Many.
    Portal,
}

impl VenueWord {
    /// As written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Portal => "portal",
        }
    }
}

/// The names of one room or portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownVenue {
    /// Which of both.
    pub word: VenueWord,
    /// Its own.
    pub name: String,
    /// Whether its moderators cost anything.
    pub costs: bool,
    /// Whether it has to do with a desk.
    pub deflects: bool,
}

impl KnownVenue {
    fn has(&self, pattern: &str) -> bool {
        (self.costs || !pattern.contains("cost")) && (self.deflects || !pattern.contains("deflected"))
    }
}

impl Known {
    /// The channels that its figures of sales and money tell apart.
    pub fn channels(&self) -> impl Iterator<Item = &'static str> {
        let any = |phone: bool| self.desks.iter().any(|desk| desk.phone == phone);
        let (chat, phone) = (any(false), any(true));
        [("chat", chat), ("phone", phone), ("callback", phone)]
            .into_iter()
            .filter_map(|(name, there)| there.then_some(name))
    }
}

/// The names of one desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownDesk {
    /// The desk's own.
    pub name: String,
    /// Its named topics.
    pub topics: Vec<String>,
    /// Its named groups.
    pub groups: Vec<String>,
    /// Whether it is the phone pool, whose figures are `phone.…` and `callback.…`.
    pub phone: bool,
    /// Whether its agents' time, or its line, costs anything.
    pub costs: bool,
    /// Whether its conversations sell anything.
    pub sells: bool,
}

/// A name that is no figure of this scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The figure whose name is nearest, if one is near enough to be meant.
    pub nearest: Option<String>,
}

/// The catalogue's line for `name`.
pub fn lookup(name: &str, known: &Known) -> Result<&'static Entry, Unknown> {
    let mut nearest: Option<(usize, String)> = None;
    for (concrete, entry) in names(known) {
        if concrete == name {
            return Ok(entry);
        }
        let distance = edits(name, &concrete);
        if nearest.as_ref().is_none_or(|(least, _)| distance < *least) {
            nearest = Some((distance, concrete));
        }
    }
    let near_enough = 3 + name.len() / 4;
    Err(Unknown { nearest: nearest.filter(|(distance, _)| *distance <= near_enough).map(|(_, name)| name) })
}

/// Every figure's full name in a scenario with these names, with its line, in the catalogue's order.
pub fn names(known: &Known) -> impl Iterator<Item = (String, &'static Entry)> {
    CATALOGUE.iter().flat_map(move |entry| {
        let alternatives = alternatives(entry.pattern);
        with_names(entry.pattern, known)
            .into_iter()
            .flat_map(move |fill| alternatives.clone().into_iter().map(move |name| fill.apply(&name)))
            .map(move |name| (name, entry))
    })
}

/// What the placeholders of a pattern stand for in one of its names.
#[derive(Clone, Copy, Default)]
struct Fill<'a> {
    desk: &'a str,
    topic: &'a str,
    group: &'a str,
    channel: &'a str,
    page: &'a str,
    venue: Option<&'a KnownVenue>,
}

impl Fill<'_> {
    fn apply(&self, pattern: &str) -> String {
        // The scenario's names go in last to first, so that none is taken for a placeholder of the next.
        pattern
            .replace("<page>", self.page)
            .replace("<channel>", self.channel)
            .replace("<group>", self.group)
            .replace("<topic>", self.topic)
            .replace("<desk>", self.desk)
            .replace(
                "<room>",
                &self.venue.map(|of| format!("{}.{}", of.word.name(), of.name)).unwrap_or_default(),
            )
    }
}

fn with_names<'a>(pattern: &str, known: &'a Known) -> Vec<Fill<'a>> {
    if pattern.contains("<room>") {
        let with = known.venues.iter().filter(|venue| venue.has(pattern));
        return with.map(|venue| Fill { venue: Some(venue), ..Fill::default() }).collect();
    }
    if pattern.contains("<page>") {
        return known.pages.iter().map(|page| Fill { page, ..Fill::default() }).collect();
    }
    if !pattern.contains("<desk>") {
        return if there(pattern, known) { with_channels(pattern, known) } else { Vec::new() };
    }
    let mut fills = Vec::new();
    for desk in known.desks.iter().filter(|desk| !desk.phone) {
        let fill = Fill { desk: &desk.name, ..Fill::default() };
        if pattern.contains("<topic>") {
            fills.extend(desk.topics.iter().map(|topic| Fill { topic, ..fill }));
        } else if pattern.contains("<group>") {
            fills.extend(desk.groups.iter().map(|group| Fill { group, ..fill }));
        } else {
            fills.push(fill);
        }
    }
    fills
}

/// Whether a scenario with these desks has what a figure of no single desk is about.
fn there(pattern: &str, known: &Known) -> bool {
    let any = |is: fn(&KnownDesk) -> bool| known.desks.iter().any(is);
    match pattern.split('.').next() {
        Some("fanout") => !known.venues.is_empty(),
        Some("routing") => !known.desks.is_empty(),
        Some("delivery") if pattern.starts_with("delivery.to_guest") => !known.venues.is_empty(),
        Some("phone" | "callback") => any(|desk| desk.phone),
        Some("cost") => any(|desk| desk.costs),
        Some("sales" | "margin") => any(|desk| desk.sells),
        _ => true,
    }
}

/// The channels that a scenario has, where the pattern asks for them.
fn with_channels<'a>(pattern: &str, known: &Known) -> Vec<Fill<'a>> {
    if !pattern.contains("<channel>") {
        return vec![Fill::default()];
    }
    known.channels().map(|channel| Fill { channel, ..Fill::default() }).collect()
}

/// `a.{b,c}.d` → `a.b.d`, `a.c.d`, left to right.
fn alternatives(pattern: &str) -> Vec<String> {
    let Some((before, rest)) = pattern.split_once('{') else { return vec![pattern.to_owned()] };
    let (among, after) = rest.split_once('}').expect("the catalogue closes its braces");
    let tails = alternatives(after);
    among.split(',').flat_map(|word| tails.iter().map(move |tail| format!("{before}{word}{tail}"))).collect()
}

/// Levenshtein's distance in characters: insertions, deletions and substitutions, one each.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn known() -> Known {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
        Known {
            desks: vec![
                KnownDesk {
                    name: "support".into(),
                    topics: names(&["order", "return"]),
                    groups: names(&["senior"]),
                    costs: true,
                    ..KnownDesk::default()
                },
                KnownDesk { name: "phone".into(), phone: true, ..KnownDesk::default() },
            ],
            venues: vec![
                KnownVenue { word: VenueWord::Room, name: "fans".into(), costs: true, deflects: false },
                KnownVenue { word: VenueWord::Portal, name: "town".into(), costs: false, deflects: true },
            ],
            pages: names(&["home", "errors"]),
        }
    }

    #[test]
    fn a_name_is_found_with_its_line() {
        let found = |name| lookup(name, &known()).expect(name);
        assert_eq!(found("support.queue_time.p95").unit, Unit::Seconds);
        assert_eq!(found("support.topic.return.abandoned.share").unit, Unit::Share);
        assert_eq!(found("support.group.senior.agents.concurrency.mean").unit, Unit::Number);
        assert!(!found("delivery.to_agent.p99").by(Command::Simulate));
        assert!(found("callback.wait.p50").by(Command::Simulate));
        assert_eq!(found("platform.support.handling_time.p95").unit, Unit::Seconds);
        assert_eq!(found("cost.callback.per_contact").unit, Unit::Money);
        assert_eq!(found("room.fans.time_to_company.p50").unit, Unit::Seconds);
        assert_eq!(found("portal.town.alive.share").unit, Unit::Share);
        assert_eq!(found("site.errors.errors.share").unit, Unit::Share);
        assert!(!found("site.home.p95").by(Command::Simulate));
    }

    #[test]
    fn rooms_have_costs_where_moderators_are_paid_and_a_desk_where_they_have_to_do_with_one() {
        let there = |name| lookup(name, &known()).is_ok();
        assert!(there("room.fans.moderation.cost_per_message") && !there("portal.town.moderation.cost"));
        assert!(there("portal.town.deflected") && !there("room.fans.turned_to_desk"));
        assert!(!there("room.town.visits") && !there("portal.fans.visits"));
    }

    #[test]
    fn money_is_told_where_the_scenario_has_prices_and_of_the_channels_that_it_has() {
        assert!(lookup("margin.per_contact", &known()).is_err());
        let mut chat_alone = Known { desks: vec![known().desks.remove(0)], ..Known::default() };
        chat_alone.desks[0].sells = true;
        assert!(lookup("margin.chat.per_contact", &chat_alone).is_ok());
        assert!(lookup("sales.phone.conversion.share", &chat_alone).is_err());
        chat_alone.desks[0].costs = false;
        assert!(lookup("cost.total", &chat_alone).is_err());
    }

    #[test]
    fn what_is_no_figure_of_the_scenario_is_refused_with_the_nearest_that_is() {
        let nearest = |name| lookup(name, &known()).expect_err(name).nearest;
        assert_eq!(nearest("support.abandonned.share").as_deref(), Some("support.abandoned.share"));
        assert_eq!(nearest("support.topic.retrun.offered").as_deref(), Some("support.topic.return.offered"));
        assert_eq!(nearest("support.queue_time.p42").as_deref(), Some("support.queue_time.p50"));
        assert_eq!(nearest("xyz"), None);
        let no_phone = Known { desks: vec![known().desks[0].clone()], ..Known::default() };
        assert!(lookup("phone.offered", &no_phone).is_err());
    }

    #[test]
    fn no_name_stands_for_two_figures() {
        let known = known();
        let all: Vec<String> = names(&known).map(|(name, _)| name).collect();
        let distinct: BTreeSet<&String> = all.iter().collect();
        assert_eq!(all.len(), distinct.len());
        assert!(all.iter().all(|name| !name.contains(['<', '{', '}', '>'])), "{all:?}");
    }

    #[test]
    fn edits_are_counted() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("same", "same"), 0);
    }
}
