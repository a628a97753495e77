//! The figures that only a run has: delivery, connections, messages, errors, and the generator itself. Times are real.

use std::borrow::Cow;

use super::sheet::{P99, STATS, Sheet, Stat, Times};
use crate::base::figures::Unit;
use crate::base::time::NANOS;
use crate::metrics::histogram::Distribution;
use crate::metrics::tally::{Failure, TrafficTally};

type Traffic = TrafficTally<Distribution>;

/// Of one tally a batch, and of all together.
pub(super) fn traffic(sheet: &mut Sheet, all: &Traffic, tallies: &[&Traffic]) {
    let both_ways = Times::of(tallies.iter().map(|t| Cow::Owned(t.delivery())).collect());
    sheet.times("delivery", STATS, &both_ways);
    let mut times = |name: &str, of: fn(&Traffic) -> &Distribution| {
        let times = Times::of(tallies.iter().map(|t| Cow::Borrowed(of(t))).collect());
        sheet.times(name, STATS, &times);
    };
    times("delivery.to_agent", |t| &t.to_agent);
    times("delivery.to_visitor", |t| &t.to_visitor);
    times("connect.tcp", |t| &t.connect_tcp);
    times("connect.tls", |t| &t.connect_tls);
    times("connect.upgrade", |t| &t.connect_upgrade);
    times("connect.login", |t| &t.connect_login);
    times("reconnects.away", |t| &t.reconnects.away);
    sheet.total("reconnects.resumed", all.reconnects.resumed);
    sheet.total("reconnects.anew", all.reconnects.anew);
    sheet.total("reconnects.given_up", all.reconnects.given_up);
    for failure in Failure::ALL {
        let share = tallies.iter().map(|t| (t.errors[failure as usize], t.attempts));
        sheet.share(format!("errors.{}.share", failure.name()), share);
    }
    sheet.total("messages.sent", all.messages.sent);
    sheet.total("messages.delivered", all.messages.delivered);
    sheet.total("messages.held_back", all.messages.held_back);
    sheet.total("messages.lost", all.messages.lost);
    sheet.total("messages.missed", all.messages.missed);
    sheet.total("messages.duplicated", all.messages.duplicated);
    sheet.total("messages.reordered", all.messages.reordered);
    let generator = &all.generator;
    // The generator is one, however many batches there are: no interval.
    sheet.times("generator.lag", &[P99, Stat::Max], &Times::of(vec![Cow::Borrowed(&generator.lag)]));
    let observed = |value: f64, is_told: bool| is_told.then_some(value);
    let timer = observed(generator.timer_nanos as f64 / NANOS as f64, generator.timer_nanos > 0);
    sheet.one("generator.timer_resolution", Unit::Seconds, timer);
    sheet.total("generator.dropped_starts", generator.dropped_starts);
    sheet.total("generator.peak_open", generator.peak_open);
    let processor = [(generator.cpu_nanos, generator.cpu_available_nanos)];
    sheet.ratio("generator.cpu.share".to_owned(), Unit::Share, generator.lag.count, &processor);
    let peak = observed(generator.cpu_peak(), generator.cpu_available_nanos > 0);
    sheet.one("generator.cpu.peak", Unit::Share, peak);
    let memory = observed(generator.memory_max_kib as f64 * 1024.0, generator.memory_max_kib > 0);
    sheet.one("generator.memory.max", Unit::Bytes, memory);
}

/// What only desks have.
pub(super) fn at_desks(sheet: &mut Sheet, tallies: &[&Traffic]) {
    sheet.times("routing", STATS, &Times::of(tallies.iter().map(|t| Cow::Borrowed(&t.routing)).collect()));
}

/// What only rooms have.
pub(super) fn in_rooms(sheet: &mut Sheet, tallies: &[&Traffic]) {
    let mut times = |name: &str, of: fn(&Traffic) -> &Distribution| {
        let times = Times::of(tallies.iter().map(|t| Cow::Borrowed(of(t))).collect());
        sheet.times(name, STATS, &times);
    };
    times("delivery.to_guest", |t| &t.to_guest);
    times("fanout", |t| &t.fanout);
}
