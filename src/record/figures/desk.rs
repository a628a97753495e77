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
pub(super) fn chat(
    sheet: &mut Sheet,
    desk: &DeskSetting,
    tallies: &[&Desk],
    section_nanos: u128,
    with_first_response: bool,
) {
    let name = &desk.name;
    let visits = all_visits(tallies);
    of_visits(sheet, name, &visits);
    service_levels(sheet, name, &visits);
    let offered_wait = Times::with_censored(
        visits.iter().map(|v| &v.speed_of_answer),
        visits.iter().map(|v| &v.gave_up_after),
    );
    sheet.times(&format!("{name}.offered_wait"), &[P50, P90, P95], &offered_wait);
    of_agents(sheet, name, &all_agents(tallies));
    let in_service: Vec<(u128, u128)> = tallies.iter().map(|t| (t.in_service_nanos, section_nanos)).collect();
    let served = visits.iter().map(|v| v.served()).sum();
    sheet.ratio(format!("{name}.in_service.mean"), Unit::Number, served, &in_service);
    if with_first_response {
        let times = Times::of(tallies.iter().map(|t| Cow::Borrowed(&t.first_response)).collect());
        sheet.times(&format!("{name}.first_response"), STATS, &times);
    }
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

/// The phone pool, and its callbacks.
pub(super) fn phone(sheet: &mut Sheet, name: &str, tallies: &[&Desk]) {
    let visits = all_visits(tallies);
    sheet.per_replication(format!("{name}.offered"), visits.iter().map(|v| v.offered));
    sheet.share(format!("{name}.abandoned.share"), visits.iter().map(|v| (gave_up(v), v.offered)));
    sheet.times(&format!("{name}.queue_time"), STATS, &queue_times(&visits));
    service_levels(sheet, name, &visits);
    engaged(sheet, format!("{name}.engaged.share"), &all_agents(tallies));
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

/// Who gave up before being served.
fn gave_up(visits: &Visits) -> u64 {
    visits.ended(Ending::AbandonedQueue)
}

/// What holds of a desk's visits, and of a topic's.
fn of_visits(sheet: &mut Sheet, name: &str, visits: &[Visits]) {
    sheet.per_replication(format!("{name}.offered"), visits.iter().map(|v| v.offered));
    let endings = [
        Ending::Resolved,
        Ending::Unresolved,
        Ending::Escalated,
        Ending::AbandonedQueue,
        Ending::AbandonedChat,
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
    let answered = Times::of(visits.iter().map(|v| Cow::Borrowed(&v.speed_of_answer)).collect());
    sheet.times(&format!("{name}.speed_of_answer"), STATS, &answered);
    let handled = Times::of(visits.iter().map(|v| Cow::Borrowed(&v.handling_time)).collect());
    sheet.times(&format!("{name}.handling_time"), STATS, &handled);
}

/// The four service levels side by side: threshold T; N offered, S served, S_T served within T, A_T abandoned within T.
fn service_levels(sheet: &mut Sheet, name: &str, visits: &[Visits]) {
    let mut level = |of: &str, share: fn(&TopicTally<Distribution>) -> (u64, u64)| {
        sheet.share(format!("{name}.service_level.{of}.share"), visits.iter().map(|v| share(v)));
    };
    level("answered", |v| (v.served_within, v.served()));
    level("offered", |v| (v.served_within, v.offered));
    level("waited", |v| (v.served_within + v.abandoned_within, v.offered));
    level("short_excluded", |v| (v.served_within, v.offered - v.abandoned_short.min(v.offered)));
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
