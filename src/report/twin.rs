//! A run and its twin side by side: which figures, and how far the two agree. Every format shows the same
//! rows.

use crate::base::figures::Unit;

use super::Report;

/// A figure in both.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// Its full name.
    pub(super) figure: String,
    pub(super) unit: Unit,
    pub(super) run: Option<f64>,
    pub(super) twin: Option<f64>,
}

impl Row {
    /// By how much the run's value is greater.
    pub(super) fn difference(&self) -> Option<f64> {
        self.run.zip(self.twin).map(|(run, twin)| run - twin)
    }
}

/// How many of those who can be compared are the same in both.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Agreement {
    /// Who.
    pub(super) among: String,
    pub(super) same: u64,
    pub(super) of: u64,
}

impl Agreement {
    /// The share of them; `None` of nobody.
    pub(super) fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| self.same as f64 / self.of as f64)
    }
}

/// What tells a run from its twin soonest, of a chat desk.
const OF_A_DESK: [&str; 10] = [
    "offered",
    "resolved.share",
    "escalated.share",
    "abandoned.share",
    "delayed.share",
    "queue_time.mean",
    "queue_time.p50",
    "queue_time.p95",
    "handling_time.mean",
    "agents.engaged.share",
];

/// The same of the phone pool.
const OF_THE_PHONE: [&str; 5] =
    ["offered", "abandoned.share", "queue_time.mean", "queue_time.p95", "engaged.share"];

/// The same of a room or a portal.
const OF_A_ROOM: [&str; 8] = [
    "visits",
    "empty_on_arrival.share",
    "never_met.share",
    "frustrated.share",
    "present.mean",
    "empty.share",
    "answered.share",
    "moderation.hold_time.mean",
];

impl Report<'_> {
    /// Figure by figure; empty without a twin.
    pub(super) fn twin_rows(&self) -> Vec<Row> {
        let Some(twin) = &self.twin_figures else { return Vec::new() };
        let desks = self.desks().flat_map(|(_, desk)| {
            let wanted: &[&str] = if desk.phone { &OF_THE_PHONE } else { &OF_A_DESK };
            wanted.iter().map(|what| format!("{}.{what}", desk.name))
        });
        let rooms = self
            .venues()
            .flat_map(|(_, venue)| OF_A_ROOM.iter().map(|what| format!("{}.{what}", venue.prefix())));
        let row = |name: String| {
            let (run, twin) = (self.figure(&name)?, twin.get(&name)?);
            // Of what never happened in either there is nothing to compare.
            let observed = run.value.is_some() || twin.value.is_some();
            observed.then_some(Row { unit: run.unit, run: run.value, twin: twin.value, figure: name })
        };
        desks.chain(rooms).filter_map(row).collect()
    }

    /// How far run and twin agree, and how far two sets of strangers would: who ended the same way. Empty without a
    /// twin.
    pub(super) fn agreement(&self) -> Vec<Agreement> {
        let Some(twin) = &self.record.twin else { return Vec::new() };
        let c = &twin.comparison;
        let row = |among: &str, same, of| Agreement { among: among.to_owned(), same, of };
        let others = format!("with other people (seed {})", c.unrelated_seed);
        let at_desks = [
            row("all visits in both", c.same_ending, c.paired),
            row("those who queued in either", c.queued_same, c.queued_paired),
            row(&others, c.unrelated_same, c.unrelated_paired),
        ];
        let in_rooms = [
            row("all visits to rooms in both", c.rooms.same_ending, c.rooms.paired),
            row(&others, c.unrelated_rooms.same_ending, c.unrelated_rooms.paired),
        ];
        let setting = &self.record.header.setting;
        let at_desks = at_desks.into_iter().filter(|_| !setting.desks.is_empty());
        at_desks.chain(in_rooms.into_iter().filter(|_| !setting.venues.is_empty())).collect()
    }

    /// Who of the guests of rooms met whom, and how far two sets of strangers would agree in that; empty without a twin, and
    /// without rooms.
    pub(super) fn same_company(&self) -> Vec<Agreement> {
        let Some(twin) = &self.record.twin else { return Vec::new() };
        if self.record.header.setting.venues.is_empty() {
            return Vec::new();
        }
        let (rooms, by_chance) = (&twin.comparison.rooms, &twin.comparison.unrelated_rooms);
        let others = format!("with other people (seed {})", twin.comparison.unrelated_seed);
        let row = |among: &str, same, of| Agreement { among: among.to_owned(), same, of };
        vec![
            row("met somebody, or nobody, in both", rooms.same_company, rooms.paired),
            row(&others, by_chance.same_company, by_chance.paired),
            row("any two who met: met in both", rooms.met_in_both, rooms.met_in_either()),
            row(&others, by_chance.met_in_both, by_chance.met_in_either()),
        ]
    }
}
