//! Breaks of a shift: as typed, and on each of its days.

use super::Findings;
use super::calendar::{Calendar, Timed};
use super::section::{Field, Section};
use super::shifts::{Day, time};
use crate::base::time::{Moment, Span};
use crate::scenario::plan::BreakPlan;
use crate::scenario::problem::quoted;
use crate::scenario::quantity::{Misfit, duration_text};

/// A break as typed.
pub(super) struct Typed {
    field: Field,
    when: Timed,
    length: f64,
    stagger: f64,
}

pub(super) fn breaks(
    findings: &mut Findings<'_>,
    shift: &mut Section,
    calendar: &Calendar,
) -> Option<Vec<Typed>> {
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

/// The breaks on one day of a shift, in the order in which they were typed. A time of day before the shift's begins is
/// one of the next morning.
fn placed(day: Day, breaks: &[Typed], calendar: &Calendar) -> Vec<Away> {
    let place = |typed: &Typed| {
        let at = match typed.when {
            Timed::After(span) => Some(span.secs()),
            Timed::OfDay(time) => {
                let same = calendar.seconds(time, day.number).filter(|at| *at >= day.from);
                same.or_else(|| calendar.seconds(time, day.number + 1))
            }
        };
        // No day that is played lies beyond what a calendar can say.
        at.map(|at| Away { at, length: typed.length, stagger: typed.stagger })
    };
    breaks.iter().filter_map(place).collect()
}

/// Whether the breaks lie within the shift and come one after the other for each agent; notes it where they do not.
/// `by_day`: whether the shift's times are times of day.
pub(super) fn sound(
    findings: &mut Findings<'_>,
    day: Day,
    by_day: bool,
    breaks: &[Typed],
    calendar: &Calendar,
) -> bool {
    let placed = placed(day, breaks, calendar);
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
    good
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

/// The breaks on one day of a shift, in order. Those that began before the scenario are none of its business.
pub(super) fn on(day: Day, breaks: &[Typed], calendar: &Calendar) -> Vec<BreakPlan> {
    let mut breaks: Vec<BreakPlan> = placed(day, breaks, calendar)
        .into_iter()
        .filter(|away| away.at >= 0.0)
        .map(|away| BreakPlan {
            at: Moment::ZERO + Span::from_secs(away.at),
            length: Span::from_secs(away.length),
            stagger: Span::from_secs(away.stagger),
        })
        .collect();
    breaks.sort_by_key(|away| away.at);
    breaks
}
