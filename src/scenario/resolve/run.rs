//! What stands at the top of a scenario, and what `run` makes of it.

use jiff::Zoned;

use super::Findings;
use super::calendar::{self, Calendar};
use super::faults;
use super::money;
use super::reconnect;
use super::section::{Field, Section};
use super::site;
use super::target;
use crate::base::figures::Known;
use crate::base::time::{RealSpan, Span};
use crate::scenario::defaults::Origin;
use crate::scenario::gate::{self, Gate, Terms};
use crate::scenario::plan::{AtClose, RunPlan, ValidPlan};
use crate::scenario::quantity::{Misfit, duration_text};

/// The scalars at the top.
pub(super) struct Head {
    pub(super) name: Option<String>,
    pub(super) seed: Option<u64>,
    pub(super) start: Option<Zoned>,
    pub(super) length: Option<Span>,
    pub(super) warm_up: Option<Span>,
    pub(super) replications: Option<u32>,
    pub(super) close: Option<AtClose>,
}

impl Head {
    /// The calendar; that of an endless scenario where the length is wrong, so that reading can go on.
    pub(super) fn calendar(&self) -> Calendar {
        Calendar { start: self.start.clone(), length: self.length.unwrap_or(Span::from_whole_secs(86_400)) }
    }
}

pub(super) fn head(findings: &mut Findings<'_>, top: &mut Section) -> Head {
    let name = top.take(findings, "name").and_then(|field| findings.string(&field));
    let seed = top.take(findings, "seed").and_then(|field| findings.whole(&field));
    let start = top.take(findings, "start").and_then(|field| start(findings, &field));
    let length = top.take(findings, "length").and_then(|field| findings.duration(&field));
    let warm_up = top.take(findings, "warm_up").and_then(|field| warm_up(findings, &field, length));
    let replications = top.take(findings, "replications").and_then(|field| findings.whole(&field));
    money::currency(findings, top);
    let close = close(findings, top);
    Head { name, seed, start, length, warm_up, replications, close }
}

fn close(findings: &mut Findings<'_>, top: &mut Section) -> Option<AtClose> {
    let mut section = findings.section(top, "close")?;
    let queue = section.take(findings, "queue").and_then(|field| findings.word(&field));
    // The one word there is: chats in hand are never broken off.
    let chats = section.take(findings, "chats").and_then(|field| findings.word(&field));
    chats.and(queue).map(|i| [AtClose::Serve, AtClose::Dismiss][i])
}

fn start(findings: &mut Findings<'_>, field: &Field) -> Option<Zoned> {
    let text = findings.string_within(field)?;
    match calendar::start(&text) {
        Ok(start) => {
            findings.row(&field.path, calendar::start_text(&start), field.origin);
            Some(start)
        }
        Err(misfit) => {
            findings.misfit(field, misfit);
            None
        }
    }
}

fn warm_up(findings: &mut Findings<'_>, field: &Field, length: Option<Span>) -> Option<Span> {
    let warm_up = findings.duration(field)?;
    if length.is_some_and(|length| warm_up >= length) {
        findings.misfit(
            field,
            Misfit::new("a warm-up shorter than the length").hint("it is left out of every figure"),
        );
        return None;
    }
    Some(warm_up)
}

pub(super) fn run(findings: &mut Findings<'_>, top: &mut Section, head: &Head) -> Option<RunPlan> {
    let target = target::target(findings, top);
    let site = site::site(findings, top);
    let faults = match top.take(findings, "faults") {
        Some(field) => faults::faults(findings, field).map(Some),
        None => Some(None),
    };
    if faults.is_some() && top.has("faults") && top.has("target") {
        let warning = "faults: they are those of the embedded chat server; the target has its own";
        findings.warnings.push(warning.to_owned());
    }
    let mut section = findings.section(top, "run")?;
    let speed = section.take(findings, "speed").and_then(|field| findings.factor(&field));
    let length = length(findings, &mut section, head);
    let warm = match section.take(findings, "warm_up") {
        Some(field) => warm_up(findings, &field, length),
        None => {
            let inherited = if section.has("length") { Some(Span::ZERO) } else { head.warm_up };
            inherited.inspect(|span| findings.row("run.warm_up", duration_text(*span), Origin::Assumed))
        }
    };
    let drain = section.take(findings, "drain").and_then(|field| findings.duration(&field));
    let reconnect = match section.take(findings, "reconnect") {
        Some(field) => reconnect::reconnect(findings, field).map(Some),
        None => Some(None),
    };
    let valid = valid(findings, &mut section);
    Some(RunPlan {
        speed: speed?,
        length: length?,
        warm_up: warm?,
        drain: drain?,
        reconnect: reconnect?,
        target: target?,
        site: site?,
        faults: faults?,
        valid: valid?,
    })
}

fn valid(findings: &mut Findings<'_>, run: &mut Section) -> Option<ValidPlan> {
    let mut section = findings.section(run, "valid")?;
    let lag_p99 = section.take(findings, "lag_p99").and_then(|field| findings.duration(&field));
    let mut share = |name| section.take(findings, name).and_then(|field| findings.share(&field));
    let [dropped_starts, cpu, unconnected, unfinished] =
        ["dropped_starts", "cpu", "unconnected", "unfinished"].map(&mut share);
    Some(ValidPlan {
        lag_p99: RealSpan::from_nanos(lag_p99?.nanos()),
        dropped_starts: dropped_starts?,
        cpu: cpu?,
        unconnected: unconnected?,
        unfinished: unfinished?,
    })
}

fn length(findings: &mut Findings<'_>, section: &mut Section, head: &Head) -> Option<Span> {
    let Some(field) = section.take(findings, "length") else {
        return head.length.inspect(|span| findings.row("run.length", duration_text(*span), Origin::Assumed));
    };
    let length = findings.duration(&field)?;
    if head.length.is_some_and(|whole| length > whole) {
        let misfit = Misfit::new("at most the scenario's length").hint("`run` plays its beginning");
        findings.misfit(&field, misfit);
        return None;
    }
    Some(length)
}

/// The gates, in the order of the file. `known` are the names that figures are made of, unless some desk or room could not
/// be resolved.
pub(super) fn gates(
    findings: &mut Findings<'_>,
    top: &mut Section,
    known: Option<&Known>,
    length: Option<Span>,
) -> Option<Vec<Gate>> {
    let Some(field) = top.take(findings, "gates") else { return Some(Vec::new()) };
    let currency = money::code(findings);
    let terms = Terms { known, currency: currency.as_deref(), length };
    let items = findings.list(field)?;
    let gates: Vec<Option<Gate>> = items.iter().map(|item| one_gate(findings, item, &terms)).collect();
    gates.into_iter().collect()
}

fn one_gate(findings: &mut Findings<'_>, field: &Field, terms: &Terms<'_>) -> Option<Gate> {
    let text = findings.string_within(field)?;
    match gate::parse(&text, terms) {
        Ok(gate) => {
            findings.row(&field.path, text, field.origin);
            Some(gate)
        }
        Err(misfit) => {
            findings.misfit(field, misfit);
            None
        }
    }
}
