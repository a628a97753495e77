//! `summary.json`: the figures and verdicts for programs. Its JSON Schema is `reports/summary.schema.json`.
//!
//! Shares are fractions from 0 to 1 and times are in seconds, unrounded. The types here are the format: a
//! field that changes its meaning or goes away makes a new [`FORMAT`], a further field does not.

use std::io::{self, Write};

use serde::Serialize;

use crate::base::figures::Unit;
use crate::base::time::NANOS;
use crate::gates::check::{Overall, Verdict};
use crate::gates::validity::Ruling;
use crate::record::Company;
use crate::record::figures::Figures;
use crate::record::setting::SiteSetting;

use super::Report;

/// The version of the format.
pub const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Summary<'a> {
    format: u32,
    causerie: &'a str,
    command: &'a str,
    scenario: Scenario<'a>,
    seed: u64,
    speed: f64,
    scale: f64,
    stripe: [u32; 2],
    target: Option<&'a str>,
    site: Option<&'a SiteSetting>,
    host: &'a str,
    machine: &'a str,
    start: Option<&'a str>,
    started_unix_ms: u64,
    ended_unix_ms: Option<u64>,
    window: Window,
    /// Whether the record has its end.
    complete: bool,
    /// How far it goes, in scenario time.
    reached_s: f64,
    interrupted: bool,
    /// Why it cannot be relied on; empty: it can.
    invalid: &'a [String],
    /// What else there is to know, in sentences.
    remarks: &'a [String],
    /// The rules that make a run valid; none of a simulation.
    validity: Vec<Rule>,
    gates: Gates<'a>,
    figures: &'a Figures,
    twin: Option<Twin<'a>>,
}

#[derive(Serialize)]
struct Scenario<'a> {
    name: &'a str,
    hash: &'a str,
    plan_hash: &'a str,
}

#[derive(Serialize)]
struct Window {
    warm_up_s: f64,
    length_s: f64,
    replications: usize,
    sections: usize,
}

#[derive(Serialize)]
struct Rule {
    rule: &'static str,
    unit: Unit,
    value: Option<f64>,
    limit: f64,
    holds: bool,
}

impl Rule {
    fn of(ruling: &Ruling) -> Self {
        let Ruling { rule, value, limit } = *ruling;
        Self { rule: rule.name(), unit: rule.unit(), value, limit, holds: ruling.holds() }
    }
}

#[derive(Serialize)]
struct Gates<'a> {
    overall: Overall,
    verdicts: &'a [Verdict],
}

#[derive(Serialize)]
struct Twin<'a> {
    figures: &'a Figures,
    paired: Agreement,
    queued: Agreement,
    unrelated: Unrelated,
    only_in_run: u64,
    only_in_twin: u64,
    rooms: Option<Rooms>,
    assumed: &'a [String],
}

/// Guests of rooms.
#[derive(Serialize)]
struct Rooms {
    paired: Company,
    unrelated: Company,
}

#[derive(Serialize)]
struct Agreement {
    visits: u64,
    same_ending: u64,
    share: Option<f64>,
}

#[derive(Serialize)]
struct Unrelated {
    seed: u64,
    #[serde(flatten)]
    agreement: Agreement,
}

impl Agreement {
    fn of(same_ending: u64, visits: u64) -> Self {
        let share = (visits > 0).then(|| same_ending as f64 / visits as f64);
        Self { visits, same_ending, share }
    }
}

/// Writes the summary, indented, ended by a line feed.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &summary(report))?;
    out.write_all(b"\n")
}

fn summary<'a>(report: &'a Report) -> Summary<'a> {
    let header = &report.record.header;
    let trailer = report.record.trailer.as_ref();
    let secs = |nanos: u64| nanos as f64 / NANOS as f64;
    Summary {
        format: FORMAT,
        causerie: &header.causerie,
        command: header.command.name(),
        scenario: Scenario {
            name: &header.scenario,
            hash: &header.scenario_hash,
            plan_hash: &header.plan_hash,
        },
        seed: header.seed,
        speed: header.speed,
        scale: header.scale,
        stripe: [header.stripe.0, header.stripe.1],
        target: header.target.as_deref(),
        site: header.setting.site.as_ref(),
        host: &header.host,
        machine: &header.machine,
        start: header.start.as_deref(),
        started_unix_ms: header.epoch_unix_ms,
        ended_unix_ms: trailer.map(|trailer| trailer.ended_unix_ms),
        window: Window {
            warm_up_s: secs(header.setting.warm_up_nanos),
            length_s: secs(header.setting.length_nanos),
            replications: report.replications(),
            sections: report.record.body.sections.len(),
        },
        complete: trailer.is_some(),
        reached_s: report.reached_secs(),
        interrupted: trailer.is_some_and(|trailer| trailer.interrupted),
        invalid: trailer.map_or(&[], |trailer| &trailer.invalid),
        remarks: trailer.map_or(&[], |trailer| &trailer.remarks),
        validity: report.rulings.iter().map(Rule::of).collect(),
        gates: Gates { overall: report.overall(), verdicts: &report.verdicts },
        figures: &report.figures,
        twin: twin(report),
    }
}

fn twin<'a>(report: &'a Report) -> Option<Twin<'a>> {
    let c = &report.record.twin.as_ref()?.comparison;
    Some(Twin {
        figures: report.twin_figures.as_ref()?,
        paired: Agreement::of(c.same_ending, c.paired),
        queued: Agreement::of(c.queued_same, c.queued_paired),
        unrelated: Unrelated {
            seed: c.unrelated_seed,
            agreement: Agreement::of(c.unrelated_same, c.unrelated_paired),
        },
        only_in_run: c.only_in_run,
        only_in_twin: c.only_in_twin,
        rooms: (!report.record.header.setting.venues.is_empty())
            .then_some(Rooms { paired: c.rooms, unrelated: c.unrelated_rooms }),
        assumed: &c.assumed,
    })
}

#[cfg(test)]
mod tests;
