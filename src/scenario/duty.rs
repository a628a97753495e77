//! Who is on duty when, as planned: shifts less breaks, everybody present and breaks taken on time.

use std::collections::BTreeMap;

use crate::base::time::{Moment, Span};

use super::plan::{GroupPlan, Plan, ShiftPlan};
use super::quantity::duration_text;

/// How many agents are on duty, over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// From each of these instants on, so many; before the first, nobody.
    steps: Vec<(Moment, u32)>,
}

impl Duty {
    /// Of these groups together.
    #[must_use]
    pub fn of(groups: &[GroupPlan]) -> Self {
        let mut changes: BTreeMap<Moment, i64> = BTreeMap::new();
        for shift in groups.iter().flat_map(|group| &group.shifts) {
            note(&mut changes, shift);
        }
        let mut present = 0;
        let steps = changes.into_iter().map(|(at, change)| {
            present += change;
            (at, u32::try_from(present).unwrap_or_default())
        });
        Self { steps: steps.collect() }
    }

    /// Each stretch of [0, `length`) and how many are on duty in it.
    pub fn stretches(&self, length: Span) -> impl Iterator<Item = (Moment, Moment, u32)> {
        let end = Moment::ZERO + length;
        let froms = std::iter::once((Moment::ZERO, 0)).chain(self.steps.iter().copied());
        let tos = self.steps.iter().map(|(at, _)| *at).chain([Moment::NEVER]);
        froms
            .zip(tos)
            .map(move |((from, present), to)| (from.min(end), to.min(end), present))
            .filter(|(from, to, _)| from < to)
    }

    /// How many are on duty on average over [0, `length`).
    #[must_use]
    pub fn mean(&self, length: Span) -> f64 {
        let stretches = self.stretches(length);
        let secs: f64 = stretches.map(|(from, to, present)| to.since(from).secs() * f64::from(present)).sum();
        secs / length.secs()
    }

    /// How many are on duty at the most.
    #[must_use]
    pub fn most(&self, length: Span) -> u32 {
        self.stretches(length).map(|(_, _, present)| present).max().unwrap_or_default()
    }
}

fn note(changes: &mut BTreeMap<Moment, i64>, shift: &ShiftPlan) {
    let mut change = |at: Moment, by: i64| *changes.entry(at).or_default() += by;
    change(shift.from, i64::from(shift.count));
    change(shift.to, -i64::from(shift.count));
    for pause in &shift.breaks {
        for number in 0..shift.count {
            let at = pause.taken_at(number, shift.count);
            change(at, -1);
            change(at + pause.length, 1);
        }
    }
}

impl Plan {
    /// The first time within the length at which nobody is on duty, desk by desk: sensible at night, and a slip of a
    /// shift by day.
    #[must_use]
    pub fn unattended(&self) -> Vec<String> {
        let gap = |name: &str, groups: &[GroupPlan]| {
            let duty = Duty::of(groups);
            // Stretches of nobody that touch are one.
            let mut gap: Option<(Moment, Moment)> = None;
            for (from, to, _) in duty.stretches(self.length).filter(|(_, _, present)| *present == 0) {
                match &mut gap {
                    None => gap = Some((from, to)),
                    Some((_, end)) if *end == from => *end = to,
                    Some(_) => break,
                }
            }
            let (from, to) = gap?;
            let (from, to) = (from.since(Moment::ZERO), to.since(Moment::ZERO));
            Some(format!(
                "{name}: nobody is on duty from {} to {} after the start",
                duration_text(from),
                duration_text(to)
            ))
        };
        self.desks.iter().filter_map(|desk| gap(&desk.name, &desk.groups)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::plan::BreakPlan;

    fn at(secs: u64) -> Moment {
        Moment::ZERO + Span::from_whole_secs(secs)
    }

    fn group(shifts: Vec<ShiftPlan>) -> GroupPlan {
        GroupPlan {
            name: None,
            count: shifts.iter().map(|shift| shift.count).sum(),
            shifts,
            concurrency: 1,
            stretch: vec![1.0],
            skills: Vec::new(),
            writing: None,
            wage_per_sec: 0.0,
            dual: None,
        }
    }

    #[test]
    fn shifts_less_breaks_are_on_duty() {
        let pause =
            BreakPlan { at: at(100), length: Span::from_whole_secs(50), stagger: Span::from_whole_secs(100) };
        let early = ShiftPlan { count: 2, from: at(0), to: at(300), breaks: vec![pause] };
        let late = ShiftPlan { count: 1, from: at(400), to: Moment::NEVER, breaks: Vec::new() };
        let duty = Duty::of(&[group(vec![early, late])]);
        let seen: Vec<(f64, f64, u32)> = duty
            .stretches(Span::from_whole_secs(500))
            .map(|(from, to, present)| (from.secs(), to.secs(), present))
            .collect();
        let expected = [
            (0.0, 100.0, 2),
            // The first of the two goes at 100, the second at 150, when the first is back.
            (100.0, 150.0, 1),
            (150.0, 200.0, 1),
            (200.0, 300.0, 2),
            (300.0, 400.0, 0),
            (400.0, 500.0, 1),
        ];
        assert_eq!(seen, expected);
        assert_eq!(duty.most(Span::from_whole_secs(500)), 2);
        assert!((duty.mean(Span::from_whole_secs(500)) - 600.0 / 500.0).abs() < 1e-12);
        assert_eq!(Duty::of(&[]).mean(Span::from_whole_secs(10)), 0.0);
    }
}
