//! Whether there can be a run, and whether it went on as it was meant to. What its figures say about that is in `gates::validity`.

use super::collector::{Complaint, Complaints};
use crate::base::id::{DeskId, VenueId};
use crate::base::time::RealSpan;
use crate::record::Body;
use crate::scenario::plan::rooms::VenuePlan;
use crate::scenario::plan::target::{Dialect, TargetPlan};
use crate::scenario::plan::{DeskPlan, MessagePlan, Plan};

/// The shortest real time from one message of a conversation to the next.
const SHORTEST_TURN: RealSpan = RealSpan::from_nanos(5_000_000);

/// Why no run can carry the conversations of `plan` at that speed, if so.
pub(super) fn why_unplayable(plan: &Plan, speed: f64) -> Option<String> {
    let limit = SHORTEST_TURN.secs();
    let guests = plan.venues.iter().find_map(|venue| {
        let every_secs = 1.0 / (venue.talk_per_sec.into_iter().fold(0.0, f64::max) * speed);
        (every_secs < limit).then(|| {
            format!(
                "a message every {:.3} ms of one guest: that is what `{}` comes to at speed {speed}, and {:.0} ms is the \
                 least",
                every_secs * 1e3,
                venue.name,
                limit * 1e3
            )
        })
    });
    // Conversations that are played message by message have people's own pace.
    let desks = plan.desks.iter().filter(|desk| !desk.talks()).find_map(|desk| match desk.messages {
        MessagePlan::Every(every) if every.secs() / speed < limit => Some(format!(
            "a message every {:.3} ms: that is what `{}` comes to at speed {speed}, and {:.0} ms is the least",
            every.secs() / speed * 1e3,
            desk.name,
            limit * 1e3,
        )),
        MessagePlan::Every(_) | MessagePlan::Count(_) => None,
    });
    guests.or(desks)
}

/// Somebody who serves, and lost the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// An agent of this desk.
    Agent(DeskId),
    /// A moderator of this venue.
    Moderator(VenueId),
}

/// Which desk or venue went on with less than half of those who serve there, if one did.
pub(super) fn why_unstaffed(plan: &Plan, lost: &[Lost]) -> Option<String> {
    let missed = |of: Lost, all: u32, who: &str, name: &str| {
        let gone = lost.iter().filter(|lost| **lost == of).count();
        (2 * gone > all as usize).then(|| format!("the target cut off {gone} of the {all} {who} of `{name}`"))
    };
    let desk =
        |(id, desk): (DeskId, &DeskPlan)| missed(Lost::Agent(id), desk.own_agents(), "agents", &desk.name);
    let venue = |(id, venue): (VenueId, &VenuePlan)| {
        missed(Lost::Moderator(id), venue.moderation.moderators, "moderators", &venue.name)
    };
    plan.desk_ids().find_map(desk).or_else(|| plan.venue_ids().find_map(venue))
}

/// What a reader should know of a server that slows people down, does not do what it is asked or does what it should not, if it did:
/// what it said, and what its settings are called.
pub(super) fn remarks_on(target: &TargetPlan, body: &Body, complaints: &Complaints) -> Vec<String> {
    let Complaints { throttled, unwilling, broke_off, nonsense, beyond_slots } = complaints;
    let held_back: u64 = body
        .sections
        .iter()
        .flat_map(|section| &section.traffic)
        .map(|traffic| traffic.messages.held_back)
        .sum();
    let hint = throttles_of(target);
    let said = |complaint: &Complaint, remark: &dyn Fn(u64, String) -> String| {
        (complaint.times > 0).then(|| remark(complaint.times, plain(&complaint.words)))
    };
    [
        said(throttled, &|times, words| {
            format!("The target throttled {}, in its words: {words}. Its settings: {hint}.", counted(times, "time"))
        }),
        (held_back > 0).then(|| {
            format!(
                "The target held {} back to slow people down: a throttle, and in no time of delivery. \
                 Its settings: {hint}.",
                counted(held_back, "message")
            )
        }),
        said(unwilling, &|times, words| {
            format!("What was asked of the target came to nothing {}; the first: {words}.", counted(times, "time"))
        }),
        said(broke_off, &|times, words| {
            format!("{} broke off; the first: {words}.", counted(times, "connection"))
        }),
        said(nonsense, &|times, words| {
            format!("The target broke the rules of its protocol on {}; the first: {words}.", counted(times, "connection"))
        }),
        (*beyond_slots > 0).then(|| {
            format!(
                "The target gave agents {} beyond their slots, which waited in the agents' lists. A product that takes a slot \
                 for free as soon as the visitor leaves does so during the wrap-up; its twin does not. A desk without one has \
                 `wrap_up: 0s`.",
                counted(*beyond_slots, "conversation")
            )
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `1 message`, `2 messages`.
fn counted(many: u64, what: &str) -> String {
    format!("{many} {what}{}", if many == 1 { "" } else { "s" })
}

/// Where nothing is known of the server.
const OF_SOME: &str = "as its documentation calls them; docs/targets.md has those of some servers";

/// What the settings are called that slow people down, at servers of this kind.
pub(super) fn throttles_of(target: &TargetPlan) -> &'static str {
    match target.chat().map(|chat| &chat.dialect) {
        Some(Dialect::Irc) => {
            "ngircd: MaxPenaltyTime, MaxConnectionsIP, MaxConnections, MaxJoins in [Limits]"
        }
        Some(Dialect::Xmpp) => "Prosody: the module `limits`; ejabberd: c2s_shaper, registration_timeout",
        Some(Dialect::Declared(declared)) => match declared.plan.name.as_str() {
            "matrix" => "Synapse: rc_message, rc_registration, rc_login, rc_joins, rc_room_creation",
            "odoo-livechat" => {
                "Odoo: websocket_rate_limit_burst, websocket_rate_limit_delay, db_maxconn, db_maxconn_gevent"
            }
            _ => OF_SOME,
        },
        None => OF_SOME,
    }
}

/// The beginning of what a server said, without what is no text.
fn plain(said: &str) -> String {
    said.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_said_of_a_server_is_said_in_its_words_and_counted() {
        let complaint = |times, words: &str| Complaint { times, words: words.into() };
        let complaints = Complaints {
            throttled: complaint(2, "less, please"),
            broke_off: complaint(1, "it closed\u{1b} the connection"),
            beyond_slots: 3,
            ..Complaints::default()
        };
        let remarks = remarks_on(&TargetPlan::causerie("ws://desk".into()), &Body::default(), &complaints);
        let starts = [
            "The target throttled 2 times, in its words: less, please. Its settings:",
            "1 connection broke off; the first: it closed the connection.",
            "The target gave agents 3 conversations beyond their slots",
        ];
        assert_eq!(remarks.len(), starts.len(), "{remarks:?}");
        for (remark, start) in remarks.iter().zip(starts) {
            assert!(remark.starts_with(start), "{remark}");
        }
        assert_eq!(
            remarks_on(&TargetPlan::causerie("ws://desk".into()), &Body::default(), &Complaints::default()),
            [""; 0]
        );
    }
}
