//! Whether a run says anything about the server.

use super::collector::Counted;
use crate::base::id::{DeskId, VenueId};
use crate::base::time::RealSpan;
use crate::base::words::Ending;
use crate::base::words::rooms::GuestEnding;
use crate::record::Body;
use crate::scenario::plan::rooms::VenuePlan;
use crate::scenario::plan::{DeskPlan, MessagePlan, Plan};

/// A generator later than this for one thing in a hundred has not kept up.
const LAG_LIMIT_SECS: f64 = 0.050;
/// A run of which more than one in so many went wrong says nothing of the others.
const ONE_IN: u64 = 10;
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

/// Why the figures say nothing about the server, if so.
pub(super) fn why_invalid(counted: &Counted, interrupted: bool) -> Option<String> {
    let of_generator = why_late(&counted.body);
    let of_connections = || {
        let (failed, tried) = (counted.connections.failed, counted.connections.tried);
        (failed * ONE_IN > tried).then(|| format!("{failed} of {tried} connections could not be opened"))
    };
    let of_visits = || {
        let (unfinished, all) = unfinished(&counted.body);
        (!interrupted && unfinished * ONE_IN > all).then(|| {
            format!("{unfinished} of {all} visits were unfinished at the end: the target stalled, or the drain is short")
        })
    };
    of_generator.or_else(of_connections).or_else(of_visits)
}

/// How many visits of the cohort did not come to an end, and how many there are.
fn unfinished(body: &Body) -> (u64, u64) {
    let topics = body.sections.iter().flat_map(|section| &section.desks).flat_map(|desk| &desk.topics);
    let at_desks = topics.map(|topic| (topic.ended(Ending::Unfinished), topic.offered));
    let venues = body.sections.iter().flat_map(|section| &section.venues);
    let in_rooms = venues.map(|venue| (venue.ended(GuestEnding::Unfinished), venue.visits));
    at_desks.chain(in_rooms).fold((0, 0), |(a, b), (unfinished, all)| (a + unfinished, b + all))
}

/// Whether the generator kept up.
fn why_late(body: &Body) -> Option<String> {
    let generator = &body.sections.first()?.traffic.as_ref()?.generator;
    if generator.dropped_starts > 0 {
        let dropped = generator.dropped_starts;
        return Some(format!("{dropped} visitors could not start: this machine had no socket for them"));
    }
    let p99 = generator.lag.quantile_secs(0.99)?;
    (p99 > LAG_LIMIT_SECS).then(|| {
        format!(
            "the generator could not keep up: it was {:.0} ms late or more for one thing in a hundred (limit {:.0} ms)",
            p99 * 1e3,
            LAG_LIMIT_SECS * 1e3
        )
    })
}
