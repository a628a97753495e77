//! Who is there when: shifts and their breaks, by the time of day or after the start.
//!
//! A shift by the time of day comes again on every day of the scenario, with agents of its own each day. One that began
//! before the scenario's start is there from its start on.

use jiff::civil::Time;

use super::Findings;
use super::calendar::{Calendar, Timed, timed};
use super::names::named;
use super::section::{Field, Section};
use crate::base::time::{Moment, Span};
use crate::scenario::plan::{BreakPlan, ShiftPlan};
use crate::scenario::problem::quoted;
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
    let breaks = breaks(findings, &mut section, calendar);
    let (from_field, to_field) = (from_field?, to_field?);
    let from = from?;
    let by_day = matches!(from, Timed::OfDay(_));
    let days = days(findings, &from_field, from, &to_field, to?, calendar)?;
    let (count, breaks) = (count?, breaks?);
    let first = sound(findings, days[0], by_day, &breaks, calendar)?;
    let mut plans = Vec::with_capacity(days.len());
    for day in &days {
        // What holds of one day holds of all, but for an hour where the clocks change.
        let breaks = placed(*day, &breaks, calendar).unwrap_or_else(|| first.clone());
        plans.push(plan(*day, count, &breaks));
    }
    Some((group?, plans))
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
fn time(findings: &mut Findings<'_>, field: &Field, calendar: &Calendar) -> Option<Timed> {
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
struct Day {
    number: i64,
    from: f64,
    to: f64,
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

/// A break as typed.
struct Typed {
    field: Field,
    when: Timed,
    length: f64,
    stagger: f64,
}

fn breaks(findings: &mut Findings<'_>, shift: &mut Section, calendar: &Calendar) -> Option<Vec<Typed>> {
    let Some(field) = shift.take(findings, "breaks") else { return Some(Vec::new()) };
    let breaks: Vec<Option<Typed>> =
        findings.list(field)?.into_iter().map(|field| one_break(findings, field, calendar)).collect();
    breaks.into_iter().collect()
}

fn one_break(findings: &mut Findings<'_>, field: Field, calendar: &Calendar) -> Option<Typed> {
    let mut section = Section::open(findings, field)?;
    let at = section.take(findings, "at");
    let when = at.as_ref().and_then(|field| time(findings, field, calendar));
    let length = section.take(findings, "for").and_then(|field| findings.duration(&field));
    let stagger = section.take(findings, "stagger").and_then(|field| findings.duration(&field));
    Some(Typed { field: at?, when: when?, length: length?.secs(), stagger: stagger?.secs() })
}

/// A break on one day, in seconds from the start.
#[derive(Clone, Copy)]
struct Away {
    at: f64,
    length: f64,
    stagger: f64,
}

/// The breaks on one day of the shift, in the order in which they were typed; `None` when a time does not exist.
fn placed(day: Day, breaks: &[Typed], calendar: &Calendar) -> Option<Vec<Away>> {
    let place = |typed: &Typed| {
        let at = match typed.when {
            Timed::After(span) => span.secs(),
            Timed::OfDay(time) => {
                let same = calendar.seconds(time, day.number)?;
                if same < day.from { calendar.seconds(time, day.number + 1)? } else { same }
            }
        };
        Some(Away { at, length: typed.length, stagger: typed.stagger })
    };
    breaks.iter().map(place).collect()
}

/// The breaks of the shift's first day, if they lie within it and come one after the other for each agent; notes it
/// where they do not.
fn sound(
    findings: &mut Findings<'_>,
    day: Day,
    by_day: bool,
    breaks: &[Typed],
    calendar: &Calendar,
) -> Option<Vec<Away>> {
    let placed = placed(day, breaks, calendar)?;
    let mut good = true;
    for (i, (typed, away)) in breaks.iter().zip(&placed).enumerate() {
        let over = away.at + away.stagger + away.length;
        let misfit = if matches!(typed.when, Timed::OfDay(_)) != by_day {
            let as_shift = if by_day { "a time of day" } else { "a time after the start" };
            Misfit::new(&format!("{as_shift}, as its shift"))
        } else if away.at < day.from || over > day.to {
            let misfit = Misfit::new("a break within its shift");
            if away.at >= day.from && away.at < day.to {
                let late = duration_text(Span::from_secs(over - day.to));
                misfit.hint(format!("the last to go (`stagger`) would be back {late} after the shift"))
            } else {
                misfit
            }
        } else if let Some(before) =
            breaks.iter().zip(&placed).take(i).find(|(_, other)| overlap(other, away))
        {
            let other = quoted(before.0.field.text().unwrap_or_default());
            Misfit::new("breaks that do not overlap")
                .hint(format!("some agents would still be on, or already on, the break at {other}"))
        } else {
            continue;
        };
        findings.misfit(&typed.field, misfit);
        good = false;
    }
    good.then_some(placed)
}

/// Whether two breaks meet for some agent: the first to go, or the last.
fn overlap(a: &Away, b: &Away) -> bool {
    let meet = |part: f64| {
        let (a_at, b_at) = (a.at + part * a.stagger, b.at + part * b.stagger);
        a_at < b_at + b.length && b_at < a_at + a.length
    };
    // In between, one cannot overtake the other without meeting at an end, unless they change places.
    meet(0.0) || meet(1.0) || (a.at < b.at) != (a.at + a.stagger < b.at + b.stagger)
}

fn plan(day: Day, count: u32, breaks: &[Away]) -> ShiftPlan {
    let moment = |secs: f64| Moment::ZERO + Span::from_secs(secs);
    let mut breaks: Vec<BreakPlan> = breaks
        .iter()
        // Breaks that began before the scenario are none of its business.
        .filter(|away| away.at >= 0.0)
        .map(|away| BreakPlan {
            at: moment(away.at),
            length: Span::from_secs(away.length),
            stagger: Span::from_secs(away.stagger),
        })
        .collect();
    breaks.sort_by_key(|away| away.at);
    ShiftPlan { count, from: moment(day.from), to: moment(day.to), breaks }
}
