//! The lines of the catalogue.

use super::{Command, Entry, Unit};

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
            "each stage of connecting, in real time; TLS where the target speaks it; no login that the target put off",
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
            "delivered, and held back by the server to slow somebody down: in no time of delivery",
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
        entry("generator.peak_open", Number, RUN, "people connected at once, at the most"),
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
