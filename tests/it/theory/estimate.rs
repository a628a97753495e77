//! What a simulation says of a desk, and how sure it is: ratios of sums over independent replications.

use causerie::base::words::Ending;
use causerie::metrics::histogram::Distribution;
use causerie::metrics::tally::{DeskTally, Section, TopicTally};

/// Numerator and denominator of a figure, as one replication counted them.
pub(super) type Ratio = fn(&DeskTally<Distribution>) -> (f64, f64);

/// A value and its standard error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimate {
    pub(super) value: f64,
    pub(super) standard_error: f64,
}

impl Estimate {
    /// Of Σx / Σy, from one pair (x, y) a replication, by linearisation: se² = k/(k−1) · Σ(x − ry)² / (Σy)²
    /// (Cochran, Sampling Techniques, 1977, section 6.4). Written apart from the product's own intervals, so that a
    /// mistake there does not excuse one here.
    pub(super) fn of(pairs: &[(f64, f64)]) -> Self {
        let k = pairs.len() as f64;
        let sum_y: f64 = pairs.iter().map(|(_, y)| y).sum();
        let value = pairs.iter().map(|(x, _)| x).sum::<f64>() / sum_y;
        let squares: f64 = pairs.iter().map(|(x, y)| (x - value * y) * (x - value * y)).sum();
        Self { value, standard_error: (k / (k - 1.0) * squares).sqrt() / sum_y }
    }

    /// Of a figure of one desk.
    pub(super) fn of_desk(sections: &[Section], desk: usize, ratio: Ratio) -> Self {
        let pairs: Vec<_> = sections.iter().map(|section| ratio(&section.desks[desk])).collect();
        Self::of(&pairs)
    }
}

/// The sum of some times, in seconds.
fn secs(times: &Distribution) -> f64 {
    times.sum_nanos as f64 / 1e9
}

fn of_offered(visits: &TopicTally<Distribution>, count: u64) -> (f64, f64) {
    (count as f64, visits.offered as f64)
}

/// No free slot on arrival.
pub(super) fn delayed(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let visits = desk.visits();
    of_offered(&visits, visits.delayed)
}

/// Left the queue.
pub(super) fn abandoned(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let visits = desk.visits();
    of_offered(&visits, visits.ended(Ending::AbandonedQueue))
}

/// Walked out of a chat.
pub(super) fn walked_out(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let visits = desk.visits();
    of_offered(&visits, visits.ended(Ending::AbandonedChat))
}

/// The mean time in the queue of everybody.
pub(super) fn queue_time(desk: &DeskTally<Distribution>) -> (f64, f64) {
    of_visits(&desk.visits())
}

fn of_visits(visits: &TopicTally<Distribution>) -> (f64, f64) {
    (secs(&visits.speed_of_answer) + secs(&visits.gave_up_after), visits.offered as f64)
}

/// Served or gone within T, of offered.
pub(super) fn waited(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let visits = desk.visits();
    of_offered(&visits, visits.served_within + visits.abandoned_within)
}

/// Served within T, of offered.
pub(super) fn offered(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let visits = desk.visits();
    of_offered(&visits, visits.served_within)
}

/// Served within T, of served.
pub(super) fn answered(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let visits = desk.visits();
    (visits.served_within as f64, visits.served() as f64)
}

/// Served within T, of those who did not leave early.
pub(super) fn short_excluded(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let visits = desk.visits();
    (visits.served_within as f64, (visits.offered - visits.abandoned_short) as f64)
}

/// Conversations in progress, averaged over the agents' time on duty times their number. (Which gives the average over
/// time once it is multiplied by the number of agents.)
pub(super) fn in_service_an_agent(desk: &DeskTally<Distribution>) -> (f64, f64) {
    (desk.in_service_nanos as f64, desk.agents().staffed_nanos as f64)
}

/// The share of the agents' time in which they hold at least one conversation.
pub(super) fn engaged(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let agents = desk.agents();
    (agents.engaged_nanos as f64, agents.staffed_nanos as f64)
}

/// Callbacks taken or asked for, of calls.
pub(super) fn called_back(desk: &DeskTally<Distribution>) -> (f64, f64) {
    of_offered(&desk.visits(), desk.callbacks.accepted)
}

/// The mean wait for a callback, from the request to the conversation.
pub(super) fn callback_wait(desk: &DeskTally<Distribution>) -> (f64, f64) {
    (secs(&desk.callbacks.wait), desk.callbacks.reached as f64)
}

/// Left the queue, of those who came about topic `N`.
pub(super) fn topic_abandoned<const N: usize>(desk: &DeskTally<Distribution>) -> (f64, f64) {
    of_offered(&desk.topics[N], desk.topics[N].ended(Ending::AbandonedQueue))
}

/// No free able slot on arrival, of those who came about topic `N`.
pub(super) fn topic_delayed<const N: usize>(desk: &DeskTally<Distribution>) -> (f64, f64) {
    of_offered(&desk.topics[N], desk.topics[N].delayed)
}

/// The mean time in the queue of everybody who came about topic `N`.
pub(super) fn topic_queue_time<const N: usize>(desk: &DeskTally<Distribution>) -> (f64, f64) {
    of_visits(&desk.topics[N])
}

/// The share of the time in which group `N` is engaged.
pub(super) fn group_engaged<const N: usize>(desk: &DeskTally<Distribution>) -> (f64, f64) {
    (desk.groups[N].engaged_nanos as f64, desk.groups[N].staffed_nanos as f64)
}

/// Returns, of those who left the queue.
pub(super) fn returned(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let visits = desk.visits();
    (visits.returns as f64, visits.ended(Ending::AbandonedQueue) as f64)
}

/// The share of the agents' time in which they read or compose.
pub(super) fn attending(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let agents = desk.agents();
    (agents.attention_nanos as f64, agents.staffed_nanos as f64)
}

/// Replies but the first of each chat, by the second that an agent is on duty.
pub(super) fn replies_a_sec(desk: &DeskTally<Distribution>) -> (f64, f64) {
    (desk.reply_time.count as f64, desk.agents().staffed_nanos as f64 / 1e9)
}

/// The mean time that a slot was taken by a chat with somebody.
pub(super) fn handling_time(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let taken = desk.visits().handling_time;
    (secs(&taken), taken.count as f64)
}

/// The attention that a visitor takes, in seconds.
pub(super) fn attention_a_visitor(desk: &DeskTally<Distribution>) -> (f64, f64) {
    (desk.agents().attention_nanos as f64 / 1e9, desk.visits().offered as f64)
}

/// Asked for the phone, of those whose conversation was played to its end.
pub(super) fn escalated(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let visits = desk.visits();
    let ended = |ending| visits.ended(ending) as f64;
    let played = [Ending::Resolved, Ending::Unresolved, Ending::Escalated].map(ended);
    (played[2], played.iter().sum())
}

/// The same, of those who came about topic `N`.
pub(super) fn topic_escalated<const N: usize>(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let ended = |ending| desk.topics[N].ended(ending) as f64;
    let played = [Ending::Resolved, Ending::Unresolved, Ending::Escalated].map(ended);
    (played[2], played.iter().sum())
}

/// Left the queue without a word.
pub(super) fn silent(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let visits = desk.visits();
    of_offered(&visits, visits.ended(Ending::AbandonedSilent))
}

/// The mean time that a slot was taken by a ghost.
pub(super) fn ghost_time(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let taken = desk.visits().ghost_time;
    (secs(&taken), taken.count as f64)
}

/// The share of the slots' time that ghosts took.
pub(super) fn ghost_share(desk: &DeskTally<Distribution>) -> (f64, f64) {
    let agents = desk.agents();
    (agents.ghost_nanos as f64, agents.slot_staffed_nanos as f64)
}
