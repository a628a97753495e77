//! A desk as its platform's own log would show it: a chat that was given to an agent was answered, whether or not anybody was
//! still there. What a manager reads off the platform is this; what visitors met with is `desk`.

use std::borrow::Cow;

use super::sheet::{STATS, Sheet, Times};
use crate::metrics::histogram::Distribution;
use crate::metrics::tally::{DeskTally, TopicTally};

type Visits = TopicTally<Distribution>;

pub(super) fn platform(sheet: &mut Sheet, desk: &str, tallies: &[&DeskTally<Distribution>]) {
    let name = format!("platform.{desk}");
    let visits: Vec<Visits> = tallies.iter().map(|tally| tally.visits()).collect();
    sheet.share(format!("{name}.served.share"), visits.iter().map(|v| (answered(v), v.offered)));
    let mut level = |of: &str, share: fn(&Visits) -> (u64, u64)| {
        sheet.share(format!("{name}.service_level.{of}.share"), visits.iter().map(share));
    };
    level("answered", |v| (in_time(v), answered(v)));
    level("offered", |v| (in_time(v), v.offered));
    level("waited", |v| (in_time(v) + v.abandoned_within.saturating_sub(v.silent_within), v.offered));
    level("short_excluded", |v| {
        let seen_leaving = v.abandoned_short.saturating_sub(v.silent_short);
        (in_time(v), v.offered.saturating_sub(seen_leaving))
    });
    let handled = visits.iter().map(|v| Cow::Owned(v.handling_time.clone().merged(&v.ghost_time)));
    sheet.times(&format!("{name}.handling_time"), STATS, &Times::of(handled.collect()));
}

fn answered(visits: &Visits) -> u64 {
    visits.served() + visits.ghost_wait.count
}

fn in_time(visits: &Visits) -> u64 {
    visits.served_within + visits.ghosts_within
}
