//! Floor 6: what people and machines are given to read. Every format is a pure function of a record:
//! [`Report::of`] computes the figures and the verdicts once, and each format turns them into bytes.
//!
//! Nothing here measures, reads a clock, opens a socket or knows where the record came from. What a scenario
//! or a server said is hostile: HTML and XML are escaped, spreadsheets get no formulas, terminals get no
//! control characters.

mod bins;
mod clock;
pub mod csv;
#[cfg(test)]
mod cut;
pub mod files;
mod headline;
pub mod hlog;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod number;
mod outline;
pub mod plan;
#[cfg(test)]
mod sample;
pub mod sweep;
pub mod terminal;
mod twin;
mod verdicts;
mod xml;

use crate::base::figures::{Command, Unit};
use crate::base::id::{DeskId, VenueId};
use crate::base::time::NANOS;
use crate::base::words::Ending;
use crate::base::words::rooms::GuestEnding;
use crate::gates::check::{Overall, Verdict, judge, overall, unjudged};
use crate::gates::validity::{Ruling, rulings};
use crate::metrics::tally::Section;
use crate::metrics::timeline::{MachineInterval, SiteInterval, TargetInterval, Timeline, TrafficInterval};
use crate::record::figures::{Figure, Figures, figures};
use crate::record::setting::{DeskSetting, VenueSetting};
use crate::record::{Body, Record, Setting};

/// A record, and everything that is computed from it once for all formats.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its figures.
    pub figures: Figures,
    /// The figures of its twin, where it has one.
    pub twin_figures: Option<Figures>,
    /// What became of its gates, in the order in which they were typed.
    pub verdicts: Vec<Verdict>,
    /// What makes a run valid, rule by rule; none of a simulation.
    pub rulings: Vec<Ruling>,
    /// All sections in one.
    totals: Section,
    /// The same of the twin.
    twin_totals: Option<Section>,
}

/// One interval of a run as the generator saw it, as the target told it, and as the site's visitors met with it.
#[derive(Clone, Copy, Debug)]
struct GeneratorInterval {
    traffic: TrafficInterval,
    machine: MachineInterval,
    target: TargetInterval,
    site: SiteInterval,
}

/// Whether a record can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// To its end, and nothing that makes it unreliable.
    Valid,
    /// Something makes it unreliable: see the trailer.
    Invalid,
    /// Somebody stopped it; it covers what came before.
    Interrupted,
    /// It breaks off without a trailer: its writer died, or the file was cut.
    Incomplete,
}

impl Standing {
    /// In a word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Interrupted => "interrupted",
            Self::Incomplete => "incomplete",
        }
    }
}

impl<'a> Report<'a> {
    /// Computes everything that the formats share.
    #[must_use]
    pub fn of(record: &'a Record) -> Self {
        let setting = &record.header.setting;
        let all = figures(setting, &record.body);
        let trailer = record.trailer.as_ref();
        let verdicts = if trailer.is_some_and(|trailer| !trailer.invalid.is_empty()) {
            unjudged(setting)
        } else {
            judge(setting, &record.body, &all, record.header.command)
        };
        let cut_short = trailer.is_none_or(|trailer| trailer.interrupted);
        let twin = record.twin.as_ref();
        Self {
            record,
            verdicts,
            rulings: rulings(setting, &record.body, cut_short),
            figures: all,
            twin_figures: twin.map(|twin| figures(setting, &twin.body)),
            totals: totals(setting, &record.body),
            twin_totals: twin.map(|twin| totals(setting, &twin.body)),
        }
    }

    /// Whether it can be relied on. What is both interrupted and invalid is invalid.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match &self.record.trailer {
            None => Standing::Incomplete,
            Some(trailer) if !trailer.invalid.is_empty() => Standing::Invalid,
            Some(trailer) if trailer.interrupted => Standing::Interrupted,
            Some(_) => Standing::Valid,
        }
    }

    /// Why it cannot be relied on, or not fully, in sentences; empty when it can.
    #[must_use]
    pub fn objections(&self) -> Vec<String> {
        let Some(trailer) = &self.record.trailer else {
            let breaks_off = "The record breaks off: whoever wrote it did not come to the end.";
            return vec![format!("{breaks_off} {}", self.how_far())];
        };
        let mut all = trailer.invalid.clone();
        if trailer.interrupted {
            all.push(
                if !self.is_run() && self.record.body.sections.is_empty() {
                    "It was stopped before the first replication was over: nothing is counted."
                } else {
                    "It was stopped before its end and covers what came before."
                }
                .to_owned(),
            );
        }
        all.extend(self.mostly_unfinished());
        all
    }

    /// How far a record goes that breaks off.
    fn how_far(&self) -> String {
        let setting = &self.record.header.setting;
        let (reached, planned) = (self.record.body.sections.len() as u64, u64::from(setting.replications));
        if !self.is_run() {
            return format!("{} of {planned} were over.", number::of(reached, "replication"));
        }
        let length_secs = setting.length_nanos as f64 / NANOS as f64;
        let length = number::bound(length_secs);
        match self.reached_secs() {
            secs if secs >= length_secs => format!("It covers all {length} in which people came."),
            secs => format!("It covers {} of {length}.", number::bound(secs)),
        }
    }

    /// How far the record goes, in seconds of scenario time, as finely as its timeline is: of replications, each of them does.
    #[must_use]
    pub fn reached_secs(&self) -> f64 {
        self.record.body.timeline.reached_secs() as f64
    }

    /// That most visits were cut off, where they were: what is known of the others says little.
    fn mostly_unfinished(&self) -> Option<String> {
        let visitors = self.totals.desks.iter().map(|desk| {
            let visits = desk.visits();
            (visits.ended(Ending::Unfinished), visits.offered)
        });
        let guests =
            self.totals.venues.iter().map(|venue| (venue.ended(GuestEnding::Unfinished), venue.visits));
        let (unfinished, offered) = visitors.chain(guests).fold((0, 0), |(x, y), (a, b)| (x + a, y + b));
        (2 * unfinished > offered).then(|| {
            format!(
                "Of {}, {} had not come to an end: the figures are of those who were quick.",
                number::of(offered, "visit"),
                number::count(unfinished)
            )
        })
    }

    /// The verdict on all gates. Of an invalid record there is none.
    #[must_use]
    pub fn overall(&self) -> Overall {
        match self.standing() {
            Standing::Invalid => Overall::Invalid,
            _ => overall(&self.verdicts),
        }
    }

    /// The figure of this name, where the record has it.
    #[must_use]
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.get(name)
    }

    /// A value in its unit; money with the scenario's currency.
    fn value(&self, value: Option<f64>, unit: Unit) -> String {
        let text = number::value(value, unit);
        match (&self.record.header.setting.money, unit) {
            (Some(currency), Unit::Money) if value.is_some() => format!("{text} {}", number::plain(currency)),
            _ => text,
        }
    }

    /// How long it took on the wall, in seconds; unknown of what breaks off.
    #[must_use]
    pub fn took_secs(&self) -> Option<f64> {
        let ended = self.record.trailer.as_ref()?.ended_unix_ms;
        Some(ended.saturating_sub(self.record.header.epoch_unix_ms) as f64 / 1e3)
    }

    fn is_run(&self) -> bool {
        self.record.header.command == Command::Run
    }

    /// Whether counts are means over replications.
    fn is_replicated(&self) -> bool {
        !self.is_run() && self.record.header.setting.replications > 1
    }

    /// The desks of the scenario, each with its number.
    fn desks(&self) -> impl Iterator<Item = (usize, &'a DeskSetting)> {
        self.record.header.setting.desks.iter().enumerate()
    }

    /// The rooms and portals of the scenario, each with its number.
    fn venues(&self) -> impl Iterator<Item = (usize, &'a VenueSetting)> {
        self.record.header.setting.venues.iter().enumerate()
    }

    /// What was delivered and what the generator took, interval by interval of `timeline`; none of a simulation.
    fn generator_intervals(&self, timeline: &Timeline) -> Vec<GeneratorInterval> {
        if !self.is_run() {
            return Vec::new();
        }
        let (traffic, machine) = (timeline.traffic(), timeline.machine());
        let (target, site) = (timeline.target(), timeline.site());
        let interval = |i| GeneratorInterval {
            traffic: traffic.get(i).copied().unwrap_or_default(),
            machine: machine.get(i).copied().unwrap_or_default(),
            target: target.get(i).copied().unwrap_or_default(),
            site: site.get(i).copied().unwrap_or_default(),
        };
        let longest = [traffic.len(), machine.len(), target.len(), site.len()].into_iter().max();
        (0..longest.unwrap_or(0)).map(interval).collect()
    }

    /// By how much sums over the timeline are to be divided.
    fn replications(&self) -> usize {
        self.record.header.setting.replications_in(&self.record.body)
    }
}

fn totals(setting: &Setting, body: &Body) -> Section {
    let desks = (0..setting.desks.len()).map(|desk| body.desk(DeskId(desk as u16))).collect();
    let venues = (0..setting.venues.len()).map(|venue| body.venue(VenueId(venue as u16))).collect();
    Section { index: 0, desks, venues, traffic: body.traffic() }
}
