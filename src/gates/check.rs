//! Gates judged: the value against the limit. The interval only says how sure the verdict is.

use serde::Serialize;

use super::parts::Parts;
use crate::base::figures::{Command, Known, Unit, lookup};
use crate::metrics::interval::needed;
use crate::record::figures::{Figure, Figures};
use crate::record::{Body, Setting};
use crate::scenario::gate::{Gate, Scope};

/// A share of fewer observations than that is uncertain, whatever it is: its interval, where it has one, is no better.
pub const FEW: u64 = 30;
/// Why there is no verdict on what has no observations.
pub(super) const NOTHING: &str = "nothing was observed";

/// What became of a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Outcome {
    /// The value is on the right side.
    Passed,
    /// It is not.
    Failed,
    /// This command, or this record, has no such value.
    NotJudged {
        /// Why.
        reason: String,
    },
    /// A percentile of too little.
    TooFewSamples {
        /// Observations that it takes.
        need: u64,
        /// Observations that there are.
        have: u64,
    },
}

impl Outcome {
    /// Of a gate that was judged.
    pub(super) const fn of(held: bool) -> Self {
        if held { Self::Passed } else { Self::Failed }
    }
}

/// What the value of a verdict is of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "of")]
pub enum Part {
    /// The whole record.
    Whole,
    /// The slice of the day that held the gate least, all replications together. In seconds of scenario time.
    Slice {
        /// Its start.
        from_s: f64,
        /// Its end.
        to_s: f64,
        /// In how many slices the gate held.
        held: usize,
        /// How many had observations.
        slices: usize,
    },
    /// The day that decides: so many of the days as the gate asks for were no worse.
    Days {
        /// The share of days that the gate asks for.
        share: f64,
        /// On how many days the gate held.
        held: usize,
        /// How many had observations.
        days: usize,
    },
}

/// A gate with what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// The gate as typed.
    pub gate: String,
    /// The figure's full name.
    pub figure: String,
    /// The limit, in the figure's unit.
    pub limit: f64,
    /// The figure's value, of `part`.
    pub value: Option<f64>,
    /// The lower end of its interval.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// The number of observations behind the value.
    pub n: u64,
    /// What the value is of.
    pub part: Part,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether another seed might turn it: the interval straddles the limit, or there is too little to go by.
    pub uncertain: bool,
    /// Whether there is too little to go by.
    pub few: bool,
}

/// What became of all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// None failed (or there are none).
    Passed,
    /// At least one failed.
    Failed,
    /// None failed, but a percentile had too few observations, or none of several could be judged; or the run is invalid.
    Invalid,
}

/// Judges every gate of a setting, in order. `figures` are those of `body`, and `command` made it.
#[must_use]
pub fn judge(setting: &Setting, body: &Body, figures: &Figures, command: Command) -> Vec<Verdict> {
    let known = setting.known();
    let parts = Parts::of(setting, body);
    let verdict = |gate: &Gate| {
        if !figures.contains_key(&gate.figure) {
            return Verdict::not_judged(gate, why_missing(gate, &known, command));
        }
        match gate.scope {
            Scope::Whole => whole(gate, &figures[&gate.figure]),
            Scope::Every(width) => parts.every(gate, width),
            Scope::Days(share) => parts.days(gate, share),
        }
    };
    setting.gates.iter().map(verdict).collect()
}

/// The same of a record that is not to be relied on: none of them is judged.
#[must_use]
pub fn unjudged(setting: &Setting) -> Vec<Verdict> {
    let why = "the run is invalid";
    setting.gates.iter().map(|gate| Verdict::not_judged(gate, why.to_owned())).collect()
}

/// The verdict on all: a failure outweighs what could not be judged.
#[must_use]
pub fn overall(verdicts: &[Verdict]) -> Overall {
    let any = |is: fn(&Outcome) -> bool| verdicts.iter().any(|verdict| is(&verdict.outcome));
    if any(|outcome| *outcome == Outcome::Failed) {
        Overall::Failed
    } else if any(|outcome| matches!(outcome, Outcome::TooFewSamples { .. })) {
        Overall::Invalid
    } else if verdicts.is_empty() || any(|outcome| *outcome == Outcome::Passed) {
        Overall::Passed
    } else {
        Overall::Invalid
    }
}

fn whole(gate: &Gate, figure: &Figure) -> Verdict {
    let outcome = outcome(gate, figure);
    let judged = matches!(outcome, Outcome::Passed | Outcome::Failed);
    let few = judged && is_of_few(&gate.figure, figure);
    Verdict {
        outcome,
        few,
        uncertain: few || (judged && straddles(gate, figure)),
        ..Verdict::on(gate, figure)
    }
}

impl Verdict {
    /// With the value of this figure, and nothing said of it yet.
    pub(super) fn on(gate: &Gate, figure: &Figure) -> Self {
        let Figure { value, low, high, n, .. } = *figure;
        Self { value, low, high, n, ..Self::not_judged(gate, String::new()) }
    }

    /// Why there is none.
    pub(super) fn not_judged(gate: &Gate, reason: String) -> Self {
        Self {
            gate: gate.text.clone(),
            figure: gate.figure.clone(),
            limit: gate.limit,
            value: None,
            low: None,
            high: None,
            n: 0,
            part: Part::Whole,
            outcome: Outcome::NotJudged { reason },
            uncertain: false,
            few: false,
        }
    }
}

/// Whether a value is of so few observations that it says little: a share of fewer than [`FEW`], a percentile of fewer than
/// it takes.
pub(super) fn is_of_few(name: &str, figure: &Figure) -> bool {
    quantile_of(name).is_some_and(|q| figure.n < needed(q)) || (figure.unit == Unit::Share && figure.n < FEW)
}

fn outcome(gate: &Gate, figure: &Figure) -> Outcome {
    if let Some(q) = quantile_of(&gate.figure) {
        let need = needed(q);
        if figure.n < need {
            return Outcome::TooFewSamples { need, have: figure.n };
        }
    }
    match figure.value {
        None if figure.n == 0 => Outcome::NotJudged { reason: NOTHING.to_owned() },
        None => Outcome::NotJudged { reason: "the estimate does not reach it".to_owned() },
        Some(value) => Outcome::of(gate.comparison.holds(value, gate.limit)),
    }
}

fn why_missing(gate: &Gate, known: &Known, command: Command) -> String {
    match lookup(&gate.figure, known) {
        Ok(entry) if !entry.by(command) => {
            let others: Vec<&str> = entry.produced_by.iter().map(|by| by.name()).collect();
            format!("{command} does not produce it, {} does", others.join(" and "))
        }
        Ok(_) => "the record does not hold it".to_owned(),
        Err(_) => "the record's scenario has no such figure".to_owned(),
    }
}

/// Whether somewhere in the interval the verdict would be another.
fn straddles(gate: &Gate, figure: &Figure) -> bool {
    let (Some(value), Some(low), Some(high)) = (figure.value, figure.low, figure.high) else { return false };
    let held = gate.comparison.holds(value, gate.limit);
    let elsewhere = |at: f64| gate.comparison.holds(at, gate.limit) != held;
    elsewhere(low) || elsewhere(high) || (low < gate.limit && gate.limit < high)
}

/// The q of `….pNN`.
fn quantile_of(figure: &str) -> Option<f64> {
    let (_, statistic) = figure.rsplit_once('.')?;
    let percent: u32 = statistic.strip_prefix('p')?.parse().ok()?;
    (percent < 100).then(|| f64::from(percent) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::sample;
    use crate::scenario::gate::Comparison;

    fn gate(figure: &str, comparison: Comparison, limit: f64) -> Gate {
        let text = format!("{figure} as typed");
        Gate { text, figure: figure.to_owned(), comparison, limit, scope: Scope::Whole }
    }

    fn figure(value: f64, half: f64, n: u64) -> Figure {
        let (low, high) = (Some(value - half), Some(value + half));
        Figure { value: Some(value), unit: Unit::Seconds, low, high, n, days: None }
    }

    fn judged(gate: &Gate, figure: Option<Figure>) -> Verdict {
        let setting = Setting { gates: vec![gate.clone()], ..sample::setting(1, 1) };
        let figures: Figures = figure.into_iter().map(|figure| (gate.figure.clone(), figure)).collect();
        judge(&setting, &Body::default(), &figures, Command::Simulate).remove(0)
    }

    #[test]
    fn the_value_decides_and_the_interval_doubts() {
        let below = gate("support.queue_time.mean", Comparison::Below, 10.0);
        let clear = judged(&below, Some(figure(8.0, 1.0, 5)));
        assert_eq!((clear.outcome, clear.uncertain), (Outcome::Passed, false));
        let doubtful = judged(&below, Some(figure(9.5, 1.0, 5)));
        assert_eq!((doubtful.outcome, doubtful.uncertain), (Outcome::Passed, true));
        let failed = judged(&below, Some(figure(10.0, 0.0, 5)));
        assert_eq!((failed.outcome, failed.uncertain), (Outcome::Failed, false));
        let just = judged(&gate("support.offered", Comparison::Equal, 3.0), Some(figure(3.0, 0.5, 3)));
        assert_eq!((just.outcome, just.uncertain), (Outcome::Passed, true));
    }

    #[test]
    fn a_share_of_few_is_uncertain_however_far_it_is_from_the_limit() {
        let below = gate("support.abandoned.share", Comparison::Below, 0.5);
        let share = |n| Figure { unit: Unit::Share, ..figure(0.01, 0.0, n) };
        let few = judged(&below, Some(share(29)));
        assert_eq!((few.outcome, few.uncertain, few.few), (Outcome::Passed, true, true));
        let enough = judged(&below, Some(share(30)));
        assert_eq!((enough.outcome, enough.uncertain, enough.few), (Outcome::Passed, false, false));
    }

    #[test]
    fn a_percentile_needs_its_samples() {
        let p99 = gate("support.queue_time.p99", Comparison::Below, 10.0);
        assert_eq!(
            judged(&p99, Some(figure(1.0, 0.0, 999))).outcome,
            Outcome::TooFewSamples { need: 1000, have: 999 }
        );
        assert_eq!(judged(&p99, Some(figure(1.0, 0.0, 1000))).outcome, Outcome::Passed);
    }

    #[test]
    fn what_is_not_there_is_not_judged_and_says_why() {
        let reason = |gate: &Gate, figure| match judged(gate, figure).outcome {
            Outcome::NotJudged { reason } => reason,
            other => panic!("{other:?}"),
        };
        let delivery = gate("delivery.p95", Comparison::Below, 0.1);
        assert_eq!(reason(&delivery, None), "simulate does not produce it, run does");
        let unreached = Figure { value: None, ..figure(0.0, 0.0, 500) };
        let wait = gate("support.offered_wait.p90", Comparison::Below, 0.1);
        assert_eq!(reason(&wait, Some(unreached)), "the estimate does not reach it");
    }

    #[test]
    fn a_failure_outweighs_what_could_not_be_judged() {
        let of = |outcomes: &[Outcome]| {
            let below = gate("support.queue_time.mean", Comparison::Below, 10.0);
            let plain = judged(&below, Some(figure(8.0, 1.0, 5)));
            let verdicts: Vec<Verdict> = outcomes
                .iter()
                .map(|outcome| Verdict { outcome: outcome.clone(), ..plain.clone() })
                .collect();
            overall(&verdicts)
        };
        let too_few = Outcome::TooFewSamples { need: 2, have: 1 };
        let not = Outcome::NotJudged { reason: String::new() };
        assert_eq!(of(&[]), Overall::Passed);
        assert_eq!(of(&[Outcome::Passed, not.clone()]), Overall::Passed);
        assert_eq!(of(&[Outcome::Failed, too_few.clone(), not.clone()]), Overall::Failed);
        assert_eq!(of(&[Outcome::Passed, too_few]), Overall::Invalid);
        assert_eq!(of(&[not.clone(), not]), Overall::Invalid);
    }
}
