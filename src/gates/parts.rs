//! Gates that must hold in every slice of the day, or on so many days.

use std::collections::BTreeMap;

use super::check::{NOTHING, Outcome, Part, Verdict, is_of_few};
use crate::base::time::Span;
use crate::metrics::interval::wilson;
use crate::record::figures::{self, Figure, Slice};
use crate::record::{Body, Setting};
use crate::scenario::gate::{Comparison, Gate, Scope};

/// What gates on parts of the record are judged by: computed once, and only what is asked for.
pub(super) struct Parts<'a> {
    setting: &'a Setting,
    /// By width in nanoseconds.
    slices: BTreeMap<u64, Vec<Slice>>,
    /// By figure.
    days: BTreeMap<String, Vec<f64>>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(setting: &'a Setting, body: &Body) -> Self {
        let of_width = |width: Span| Some((width.nanos(), figures::slices(setting, body, width)?));
        let wanted: Vec<&str> = setting
            .gates
            .iter()
            .filter(|gate| matches!(gate.scope, Scope::Days(_)))
            .map(|gate| gate.figure.as_str())
            .collect();
        let days = if wanted.is_empty() { BTreeMap::new() } else { figures::days(setting, body, &wanted) };
        Self { setting, slices: setting.slice_widths().into_iter().filter_map(of_width).collect(), days }
    }

    /// Holds when it does in every slice that has observations; tells of the one where it holds least.
    pub(super) fn every(&self, gate: &Gate, width: Span) -> Verdict {
        let Some(slices) = self.slices.get(&width.nanos()) else {
            let reason =
                if self.setting.can_slice(width) { "the record has no slices" } else { "too many slices" };
            return Verdict::not_judged(gate, reason.to_owned());
        };
        if slices.iter().all(|slice| !slice.figures.contains_key(&gate.figure)) && !slices.is_empty() {
            return Verdict::not_judged(gate, "it is not counted by slices".to_owned());
        }
        let observed: Vec<(&Slice, &Figure, f64)> =
            slices.iter().filter_map(|slice| observed(slice, &gate.figure)).collect();
        let miss = |value: f64| miss(gate.comparison, value, gate.limit);
        // Of slices that are equally bad, the first.
        let worst = observed.iter().min_by(|a, b| miss(b.2).total_cmp(&miss(a.2)));
        let Some(&(slice, figure, value)) = worst else {
            return Verdict::not_judged(gate, NOTHING.to_owned());
        };
        let held = observed.iter().filter(|(.., value)| gate.comparison.holds(*value, gate.limit)).count();
        let few = is_of_few(&gate.figure, figure);
        Verdict {
            part: Part::Slice { from_s: slice.from_secs, to_s: slice.to_secs, held, slices: observed.len() },
            outcome: Outcome::of(gate.comparison.holds(value, gate.limit)),
            uncertain: few,
            few,
            ..Verdict::on(gate, figure)
        }
    }

    /// Holds when it does on at least `share` of the days that have observations; tells of the day that decides.
    pub(super) fn days(&self, gate: &Gate, share: f64) -> Verdict {
        if self.setting.batches > 1 {
            return Verdict::not_judged(gate, "a run is one day; simulate plays several".to_owned());
        }
        let mut days = self.days.get(&gate.figure).cloned().unwrap_or_default();
        if days.is_empty() {
            return Verdict::not_judged(gate, NOTHING.to_owned());
        }
        let miss = |value: &f64| miss(gate.comparison, *value, gate.limit);
        days.sort_by(|a, b| miss(a).total_cmp(&miss(b)));
        // A hair less, so that 90 % of ten days are nine.
        let needed = ((share * days.len() as f64 - 1e-9).ceil() as usize).clamp(1, days.len());
        let value = days[needed - 1];
        let held = days.iter().filter(|value| gate.comparison.holds(**value, gate.limit)).count();
        let (low, high) = wilson(held as u64, days.len() as u64).unwrap_or((0.0, 1.0));
        Verdict {
            value: Some(value),
            n: days.len() as u64,
            part: Part::Days { share, held, days: days.len() },
            outcome: Outcome::of(gate.comparison.holds(value, gate.limit)),
            uncertain: low < share && share < high,
            ..Verdict::not_judged(gate, String::new())
        }
    }
}

/// A slice with its value of a figure, where something was observed in it.
fn observed<'s>(slice: &'s Slice, figure: &str) -> Option<(&'s Slice, &'s Figure, f64)> {
    let figure = slice.figures.get(figure).filter(|figure| figure.n > 0)?;
    Some((slice, figure, figure.value?))
}

/// By how much a value misses its limit; negative where it keeps it.
fn miss(comparison: Comparison, value: f64, limit: f64) -> f64 {
    match comparison {
        Comparison::Below | Comparison::AtMost => value - limit,
        Comparison::Above | Comparison::AtLeast => limit - value,
        Comparison::Equal => (value - limit).abs(),
    }
}

#[cfg(test)]
mod tests;
