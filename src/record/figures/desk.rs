//! The figures of a desk: of its visits, its agents, its topics and groups; and of the phone pool.

use std::borrow::Cow;

use super::sheet::{P50, P90, P95, STATS, Sheet, Times};
use crate::base::figures::Unit;
use crate::base::words::{Closing, Ending};
use crate::metrics::histogram::Distribution;
use crate::metrics::tally::{DeskTally, GroupTally, TopicTally};
use crate::record::setting::DeskSetting;

type Desk = DeskTally<Distribution>;
type Visits<'a> = Cow<'a, TopicTally<Distribution>>;
type Agents<'a> = Cow<'a, GroupTally<Distribution>>;

/// A chat desk, of one tally a section, each covering `section_nanos` of scenario time.
pub(super) fn chat(sheet: &mut Sheet, desk: &DeskSetting, tallies: &[&Desk]) {
    let name = &desk.name;
    let visits = all_visits(tallies);
    of_visits(sheet, name, &visits);
    service_levels(sheet, desk, &visits);
    let offered_wait = Times::with_censored(
        visits.iter().map(|v| &v.speed_of_answer),
        visits.iter().map(|v| &v.gave_up_after),
    );
    sheet.times(&format!("{name}.offered_wait"), &[P50, P90, P95], &offered_wait);
    let cannot_call = visits.iter().map(|v| (v.cannot_call, v.offered));
    sheet.share(format!("{name}.cannot_call.share"), cannot_call);
    let of_these = visits.iter().map(|v| (v.cannot_call_resolved, v.cannot_call));
    sheet.share(format!("{name}.cannot_call.resolved.share"), of_these);
    let mut times = |what: &str, of: fn(&Desk) -> &Distribution| {
        let times = Times::of(tallies.iter().map(|t| Cow::Borrowed(of(t))).collect());
        sheet.times(&format!("{name}.{what}"), STATS, &times);
    };
    times("reply_time", |t| &t.reply_time);
    times("accept_time", |t| &t.accept_time);
    let agents = all_agents(tallies);
    of_agents(sheet, name, &agents);
    let ghosts = agents.iter().map(|a| (a.closed(Closing::Silent), a.given()));
    sheet.share(format!("{name}.ghosts.share"), ghosts);
    let haunted = Times::of(visits.iter().map(|v| Cow::Borrowed(&v.ghost_time)).collect());
    sheet.times(&format!("{name}.ghosts.slot_time"), STATS, &haunted);
    let section_nanos = sheet.coverage.section_nanos;
    let in_service: Vec<(u128, u128)> = tallies.iter().map(|t| (t.in_service_nanos, section_nanos)).collect();
    let served = visits.iter().map(|v| v.served()).sum();
    sheet.ratio(format!("{name}.in_service.mean"), Unit::Number, served, &in_service);
    for (number, topic) in desk.topics.iter().enumerate() {
        if let Some(topic) = topic {
            let visits: Vec<Visits> =
                tallies.iter().filter_map(|t| t.topics.get(number)).map(Cow::Borrowed).collect();
            of_visits(sheet, &format!("{name}.topic.{topic}"), &visits);
        }
    }
    for (number, group) in desk.groups.iter().enumerate() {
        if let Some(group) = &group.name {
            of_group(sheet, &format!("{name}.group.{group}"), tallies, number);
        }
    }
}

/// The phone pool, and its callbacks. Dual agents are engaged and on duty at their own desk.
pub(super) fn phone(sheet: &mut Sheet, desk: &DeskSetting, tallies: &[&Desk]) {
    let name = &desk.name;
    let visits = all_visits(tallies);
    sheet.per_replication(format!("{name}.offered"), visits.iter().map(|v| v.offered));
    sheet.share(format!("{name}.abandoned.share"), visits.iter().map(|v| (gave_up(v), v.offered)));
    sheet.times(&format!("{name}.queue_time"), STATS, &queue_times(&visits));
    service_levels(sheet, desk, &visits);
    engaged(sheet, format!("{name}.engaged.share"), &own_agents(desk, tallies));
    let waits = Times::with_censored(
        tallies.iter().map(|t| &t.callbacks.wait),
        tallies.iter().map(|t| &t.callbacks.gave_up_after),
    );
    sheet.times("callback.wait", STATS, &waits);
    sheet.share(
        "callback.reached.share".to_owned(),
        tallies.iter().map(|t| (t.callbacks.reached, t.callbacks.accepted)),
    );
}

/// The agents of a phone pool who are of no other desk.
fn own_agents<'a>(desk: &DeskSetting, tallies: &[&'a Desk]) -> Vec<Agents<'a>> {
    if desk.duals() == 0 {
        return all_agents(tallies);
    }
    let own = |tally: &&Desk| {
        let mut all = GroupTally::default();
        let groups = tally.groups.iter().zip(&desk.groups).filter(|(_, group)| group.dual.is_none());
        groups.for_each(|(group, _)| all.merge(group));
        Cow::Owned(all)
    };
    tallies.iter().map(own).collect()
}

fn all_visits<'a>(tallies: &[&'a Desk]) -> Vec<Visits<'a>> {
    let of = |tally: &'a Desk| match tally.topics.as_slice() {
        [alone] => Cow::Borrowed(alone),
        _ => Cow::Owned(tally.visits()),
    };
    tallies.iter().map(|tally| of(tally)).collect()
}

fn all_agents<'a>(tallies: &[&'a Desk]) -> Vec<Agents<'a>> {
    let of = |tally: &'a Desk| match tally.groups.as_slice() {
        [alone] => Cow::Borrowed(alone),
        _ => Cow::Owned(tally.agents()),
    };
    tallies.iter().map(|tally| of(tally)).collect()
}

fn queue_times<'a>(visits: &[Visits<'a>]) -> Times<'a> {
    Times::of(visits.iter().map(|v| Cow::Owned(v.queue_time())).collect())
}

/// Who gave up before being served, with or without a word.
fn gave_up(visits: &Visits) -> u64 {
    visits.ended(Ending::AbandonedQueue) + visits.ended(Ending::AbandonedSilent)
}

/// What holds of a desk's visits, and of a topic's.
fn of_visits(sheet: &mut Sheet, name: &str, visits: &[Visits]) {
    sheet.per_replication(format!("{name}.offered"), visits.iter().map(|v| v.offered));
    let endings = [
        Ending::Resolved,
        Ending::Unresolved,
        Ending::Escalated,
        Ending::AbandonedQueue,
        Ending::AbandonedSilent,
        Ending::AbandonedChat,
        Ending::Balked,
        Ending::Refused,
        Ending::Unfinished,
    ];
    for ending in endings {
        let share = visits.iter().map(|v| (v.ended(ending), v.offered));
        sheet.share(format!("{name}.{}.share", ending.name()), share);
    }
    sheet.share(format!("{name}.abandoned.share"), visits.iter().map(|v| (gave_up(v), v.offered)));
    sheet.share(format!("{name}.served.share"), visits.iter().map(|v| (v.served(), v.offered)));
    sheet.share(format!("{name}.delayed.share"), visits.iter().map(|v| (v.delayed, v.offered)));
    sheet.times(&format!("{name}.queue_time"), STATS, &queue_times(visits));
    let mut times = |what: &str, of: for<'v> fn(&'v TopicTally<Distribution>) -> &'v Distribution| {
        let times = Times::of(visits.iter().map(|v| Cow::Borrowed(of(v))).collect());
        sheet.times(&format!("{name}.{what}"), STATS, &times);
    };
    times("speed_of_answer", |v| &v.speed_of_answer);
    times("first_response", |v| &v.first_response);
    times("handling_time", |v| &v.handling_time);
}

/// What the service levels of a section are made of: threshold T; N offered, S served, S_T served within T, A_T gave up within
/// T before being served, A_s left the queue too early to be held against the desk.
#[derive(Clone, Copy, Default)]
struct Level {
    offered: u64,
    served: u64,
    served_within: u64,
    gave_up_within: u64,
    left_early: u64,
}

impl Level {
    /// Served is who was assigned to an agent.
    fn of_answer(v: &TopicTally<Distribution>) -> Self {
        Self {
            offered: v.offered,
            served: v.served(),
            served_within: v.served_within,
            gave_up_within: v.abandoned_within,
            left_early: v.abandoned_short,
        }
    }

    /// Served is who received a message of the agent.
    fn of_first_response(v: &TopicTally<Distribution>) -> Self {
        Self {
            served: v.first_response.count,
            served_within: v.responded_within,
            gave_up_within: v.abandoned_within + v.walked_within,
            ..Self::of_answer(v)
        }
    }
}

/// The four service levels side by side.
fn service_levels(sheet: &mut Sheet, desk: &DeskSetting, visits: &[Visits]) {
    let of = if desk.of_first_response { Level::of_first_response } else { Level::of_answer };
    let mut levels: Vec<Level> = visits.iter().map(|v| of(v)).collect();
    // Where conversations are carried without messages, nobody knows when the first one came.
    let silent = levels.iter().all(|level| level.served == 0) && visits.iter().any(|v| v.served() > 0);
    if silent {
        levels.fill(Level::default());
    }
    let mut level = |of: &str, share: fn(&Level) -> (u64, u64)| {
        sheet.share(format!("{}.service_level.{of}.share", desk.name), levels.iter().map(share));
    };
    level("answered", |l| (l.served_within, l.served));
    level("offered", |l| (l.served_within, l.offered));
    level("waited", |l| (l.served_within + l.gave_up_within, l.offered));
    level("short_excluded", |l| (l.served_within, l.offered.saturating_sub(l.left_early)));
}

/// What holds of a desk's agents, and of a group's.
fn of_agents(sheet: &mut Sheet, name: &str, agents: &[Agents]) {
    let chats = agents.iter().map(|a| a.served()).sum();
    let pairs = |of: fn(&GroupTally<Distribution>) -> (u128, u128)| -> Vec<(u128, u128)> {
        agents.iter().map(|a| of(a)).collect()
    };
    sheet.ratio(
        format!("{name}.effective_handling_time.mean"),
        Unit::Seconds,
        chats,
        &pairs(|a| (a.engaged_nanos, a.served().into())),
    );
    engaged(sheet, format!("{name}.agents.engaged.share"), agents);
    sheet.ratio(
        format!("{name}.agents.slots.share"),
        Unit::Share,
        chats,
        &pairs(|a| (a.slot_nanos, a.slot_staffed_nanos)),
    );
    // With a handling time nobody reads or composes anything: that is not to be taken for leisure.
    let attended = agents.iter().any(|a| a.attention_nanos > 0);
    let attention = if attended { pairs(|a| (a.attention_nanos, a.staffed_nanos)) } else { Vec::new() };
    let n = if attended { chats } else { 0 };
    sheet.ratio(format!("{name}.agents.attention.share"), Unit::Share, n, &attention);
    sheet.ratio(
        format!("{name}.agents.ghosts.share"),
        Unit::Share,
        agents.iter().map(|a| a.given()).sum(),
        &pairs(|a| (a.ghost_nanos, a.slot_staffed_nanos)),
    );
    sheet.ratio(
        format!("{name}.agents.concurrency.mean"),
        Unit::Number,
        chats,
        &pairs(|a| (a.slot_nanos, a.engaged_nanos)),
    );
}

fn engaged(sheet: &mut Sheet, name: String, agents: &[Agents]) {
    let chats = agents.iter().map(|a| a.served()).sum();
    let pairs: Vec<(u128, u128)> = agents.iter().map(|a| (a.engaged_nanos, a.staffed_nanos)).collect();
    sheet.ratio(name, Unit::Share, chats, &pairs);
}

fn of_group(sheet: &mut Sheet, name: &str, tallies: &[&Desk], number: usize) {
    let there = || tallies.iter().filter(|tally| number < tally.groups.len());
    let agents: Vec<Agents> = there().map(|tally| Cow::Borrowed(&tally.groups[number])).collect();
    let closings = [
        (Closing::Resolved, "resolved"),
        (Closing::Unresolved, "unresolved"),
        (Closing::Escalated, "escalated"),
        (Closing::Abandoned, "abandoned.chat"),
    ];
    for (closing, word) in closings {
        sheet.share(format!("{name}.{word}.share"), agents.iter().map(|a| (a.closed(closing), a.served())));
    }
    let handled = Times::of(there().map(|tally| Cow::Owned(tally.group_handling_time(number))).collect());
    sheet.times(&format!("{name}.handling_time"), STATS, &handled);
    of_agents(sheet, name, &agents);
}
