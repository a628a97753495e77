//! Who is there when: shifts and their breaks, by the time of day or after the start.
//!
//! A shift by the time of day comes again on every day of the scenario, with agents of its own each day. One that began
//! before the scenario's start is there from its start on.

use jiff::civil::Time;

use super::Findings;
use super::breaks;
use super::calendar::{Calendar, Timed, timed};
use super::names::named;
use super::section::{Field, Section};
use crate::base::time::{Moment, Span};
use crate::scenario::plan::ShiftPlan;
use crate::scenario::quantity::{Misfit, duration_text};

/// The shifts of the group with this number.
pub(super) type OfGroup = (usize, Vec<ShiftPlan>);

/// Every shift, with the number of its group among `groups`. `None` when one of them is wrong.
pub(super) fn shifts(
    findings: &mut Findings<'_>,
    field: &Field,
    groups: &[String],
    calendar: &Calendar,
) -> Option<Vec<OfGroup>> {
    let all: Vec<Option<OfGroup>> = named(findings, field)?
        .into_iter()
        .map(|(_, _, field)| shift(findings, field, groups, calendar))
        .collect();
    all.into_iter().collect()
}

fn shift(
    findings: &mut Findings<'_>,
    field: Field,
    groups: &[String],
    calendar: &Calendar,
) -> Option<OfGroup> {
    let mut section = Section::open(findings, field)?;
    let group = group(findings, &mut section, groups);
    let count = section.take(findings, "count").and_then(|field| findings.whole::<u32>(&field));
    let (from_field, to_field) = (section.take(findings, "from"), section.take(findings, "to"));
    let from = from_field.as_ref().and_then(|field| time(findings, field, calendar));
    let to = to_field.as_ref().and_then(|field| time(findings, field, calendar));
    let breaks = breaks::breaks(findings, &mut section, calendar);
    let (from_field, to_field) = (from_field?, to_field?);
    let from = from?;
    let by_day = matches!(from, Timed::OfDay(_));
    let days = days(findings, &from_field, from, &to_field, to?, calendar)?;
    let (count, breaks) = (count?, breaks?);
    if !breaks::sound(findings, days[0], by_day, &breaks, calendar) {
        return None;
    }
    // What holds of one day holds of all, but for an hour where the clocks change.
    let plan = |day: &Day| {
        // What is negative becomes the start.
        let moment = |secs: f64| Moment::ZERO + Span::from_secs(secs);
        let breaks = breaks::on(*day, &breaks, calendar);
        ShiftPlan { count, from: moment(day.from), to: moment(day.to), breaks }
    };
    Some((group?, days.iter().map(plan).collect()))
}

/// Whose shift it is; nobody's name where all agents are alike.
fn group(findings: &mut Findings<'_>, section: &mut Section, groups: &[String]) -> Option<usize> {
    if groups.is_empty() {
        section.refuse(findings, "group", "without `groups`");
        return Some(0);
    }
    let Some(field) = section.take(findings, "group") else {
        if groups.len() == 1 {
            return Some(0);
        }
        section.missing(findings, "group");
        return None;
    };
    let name = findings.string(&field)?;
    let found = groups.iter().position(|group| *group == name);
    if found.is_none() {
        findings.misfit(&field, Misfit::new(&format!("one of the groups: {}", groups.join(", "))));
    }
    found
}

/// A time as typed, with its row.
pub(super) fn time(findings: &mut Findings<'_>, field: &Field, calendar: &Calendar) -> Option<Timed> {
    let text = findings.string_within(field)?;
    match timed(calendar, &text) {
        Ok(when) => {
            let text = match &when {
                Timed::OfDay(time) => time.strftime("%H:%M").to_string(),
                Timed::After(span) => duration_text(*span),
            };
            findings.row(&field.path, text, field.origin);
            Some(when)
        }
        Err(misfit) => {
            findings.misfit(field, misfit);
            None
        }
    }
}

/// When a shift is on, on one of its days: the day after that of the start, and seconds from the start, which may be
/// negative.
#[derive(Clone, Copy)]
pub(super) struct Day {
    pub(super) number: i64,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// Every day on which the shift is on within the scenario; at least one.
fn days(
    findings: &mut Findings<'_>,
    from_field: &Field,
    from: Timed,
    to_field: &Field,
    to: Timed,
    calendar: &Calendar,
) -> Option<Vec<Day>> {
    let backwards = |findings: &mut Findings<'_>| {
        let from = from_field.text().unwrap_or_default();
        findings.misfit(to_field, Misfit::new(&format!("a time after the shift's `from`, {from}")));
        None
    };
    let days = match (from, to) {
        (Timed::After(from), Timed::After(to)) if to <= from => return backwards(findings),
        (Timed::After(from), Timed::After(to)) => {
            vec![Day { number: 0, from: from.secs(), to: to.secs() }]
        }
        (Timed::OfDay(from), Timed::OfDay(to)) => {
            let overnight = to < from && calendar.length > Span::from_whole_secs(86_400);
            if to == from || (to < from && !overnight && calendar.first(to)? <= calendar.first(from)?) {
                return backwards(findings);
            }
            by_day(calendar, from, to)
        }
        _ => {
            let expected = "both times of day, or both times after the start";
            findings.misfit(to_field, Misfit::new(expected));
            return None;
        }
    };
    if days.first().is_none_or(|day| day.from >= calendar.length.secs()) {
        let expected = "a shift that is on at some time within the scenario";
        let length = duration_text(calendar.length);
        findings
            .misfit(from_field, Misfit::new(expected).hint(format!("the scenario is over after {length}")));
        return None;
    }
    Some(days)
}

/// A shift by the time of day, on every day that it reaches into the scenario: one that ends by an earlier time of day
/// than it begins ends on the day after.
fn by_day(calendar: &Calendar, from: Time, to: Time) -> Vec<Day> {
    let mut days = Vec::new();
    for number in -1.. {
        let of = |time, number| calendar.seconds(time, number);
        let (Some(from), Some(to)) = (of(from, number), of(to, number + i64::from(to < from))) else { break };
        if from >= calendar.length.secs() {
            break;
        }
        if to > 0.0 {
            days.push(Day { number, from, to });
        }
    }
    days
}
