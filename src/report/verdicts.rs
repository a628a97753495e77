//! Verdicts in words, the same in every format.

use crate::base::figures::Unit;
use crate::base::time::NANOS;
use crate::gates::check::{Outcome, Part, Verdict};

use super::clock::{instant, start};
use super::{Report, number};

/// A verdict as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    /// The gate as typed, as one harmless line.
    pub(super) gate: String,
    pub(super) mark: Mark,
    /// The figure's value; empty where there is none.
    pub(super) value: String,
    /// Why it was not judged, or how sure the verdict is; empty where there is nothing to say.
    pub(super) remark: String,
}

/// A verdict in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Passed,
    /// Passed, and another seed might turn it.
    JustPassed,
    Failed,
    /// Failed, and another seed might turn it.
    JustFailed,
    TooFew,
    NotJudged,
}

impl Mark {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::JustPassed => "passed?",
            Self::Failed => "FAILED",
            Self::JustFailed => "FAILED?",
            Self::TooFew => "too few",
            Self::NotJudged => "not judged",
        }
    }

    fn of(verdict: &Verdict) -> Self {
        match (&verdict.outcome, verdict.uncertain) {
            (Outcome::Passed, false) => Self::Passed,
            (Outcome::Passed, true) => Self::JustPassed,
            (Outcome::Failed, false) => Self::Failed,
            (Outcome::Failed, true) => Self::JustFailed,
            (Outcome::TooFewSamples { .. }, _) => Self::TooFew,
            (Outcome::NotJudged { .. }, _) => Self::NotJudged,
        }
    }
}

impl Report<'_> {
    /// Every gate, in the order in which they were typed.
    pub(super) fn judged(&self) -> Vec<Judged> {
        let judged = |verdict: &Verdict| {
            let unit = self.figure(&verdict.figure).map(|figure| figure.unit);
            let shown = unit.filter(|_| verdict.value.is_some());
            Judged {
                gate: number::plain(&verdict.gate),
                mark: Mark::of(verdict),
                value: shown.map_or(String::new(), |unit| self.value(verdict.value, unit)),
                remark: self.remark(verdict, unit),
            }
        };
        self.verdicts.iter().map(judged).collect()
    }

    fn remark(&self, verdict: &Verdict, unit: Option<Unit>) -> String {
        match &verdict.outcome {
            Outcome::NotJudged { reason } => reason.clone(),
            Outcome::TooFewSamples { need, have } => {
                format!("it takes {} observations, there are {}", number::count(*need), number::count(*have))
            }
            Outcome::Passed | Outcome::Failed => {
                let sentences = [self.of_part(verdict), doubt(verdict, unit)];
                let said: Vec<String> = sentences.into_iter().filter(|text| !text.is_empty()).collect();
                said.join("; ")
            }
        }
    }

    /// Which slice, or which day, the value is of; empty of the whole.
    fn of_part(&self, verdict: &Verdict) -> String {
        let header = &self.record.header;
        let (start, length) = (start(header), header.setting.length_nanos / NANOS);
        match verdict.part {
            Part::Whole => String::new(),
            Part::Slice { from_s, to_s, held, slices } => {
                let [from, to] = [from_s, to_s].map(|secs| instant(secs as u64, start.as_ref(), length));
                format!(
                    "at its worst from {from} to {to}; held in {held} of {}",
                    number::of(slices as u64, "slice")
                )
            }
            Part::Days { share, held, days } => format!(
                "on the day that decides; held on {held} of {}, {} % are asked for",
                number::of(days as u64, "day"),
                number::number(share * 100.0)
            ),
        }
    }
}

/// How sure the verdict is; empty where there is nothing to say.
fn doubt(verdict: &Verdict, unit: Option<Unit>) -> String {
    if verdict.few {
        return format!("uncertain: of {} only", number::of(verdict.n, "observation"));
    }
    if let Part::Days { .. } = verdict.part {
        let few = "uncertain: with so few days the share of all days may lie on the other side";
        return if verdict.uncertain { few.to_owned() } else { String::new() };
    }
    let interval = unit.and_then(|unit| number::interval(verdict.low, verdict.high, unit));
    match (verdict.uncertain, interval) {
        (true, Some(interval)) => format!("uncertain: the limit lies inside the 95 % interval, {interval}"),
        (true, None) => "uncertain: the limit lies inside the 95 % interval".to_owned(),
        (false, Some(interval)) => format!("95 % interval: {interval}"),
        (false, None) => String::new(),
    }
}
