//! Gates as typed: a figure, a comparison, a limit with its unit. Figure and unit are checked against the catalogue when
//! the scenario is read, so that a slip is found before anything runs.

use crate::base::figures::{self, Known, KnownDesk, Unit};
use crate::base::time::Span;

use super::plan::DeskPlan;
use super::problem::quoted;
use super::quantity::{self, Misfit};

/// How a figure is compared with its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
}

impl Comparison {
    /// Whether `value` is on the right side of `limit`.
    #[must_use]
    pub fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Self::Below => value < limit,
            Self::AtMost => value <= limit,
            Self::Above => value > limit,
            Self::AtLeast => value >= limit,
            Self::Equal => value == limit,
        }
    }
}

/// Over what a gate must hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scope {
    /// The whole of it.
    Whole,
    /// Every slice of the day that is so wide.
    Every(Span),
    /// At least this share of days: of replications.
    Days(f64),
}

/// A threshold on a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// As typed.
    pub text: String,
    /// The figure's full name; it is in the catalogue.
    pub figure: String,
    /// The comparison.
    pub comparison: Comparison,
    /// The limit, in the figure's unit.
    pub limit: f64,
    /// Over what it must hold.
    pub scope: Scope,
}

/// The comparisons, those of two characters first.
const COMPARISONS: [(&str, Comparison); 5] = [
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("==", Comparison::Equal),
    ("<", Comparison::Below),
    (">", Comparison::Above),
];

/// Reads a gate. With `known`, its figure must be one of that scenario and the limit in the figure's unit; without (the
/// desks could not be resolved), only its form is looked at.
pub(super) fn parse(text: &str, known: Option<&Known>) -> Result<Gate, Misfit> {
    let misfit = || {
        Misfit::new("a figure, one of < <= > >= ==, and a limit with its unit")
            .hint("for example \"support.abandoned.share < 5%\"")
    };
    let sign = text.find(['<', '>', '=']).ok_or_else(misfit)?;
    let (figure, rest) = text.split_at(sign);
    let (word, comparison) =
        COMPARISONS.into_iter().find(|(word, _)| rest.starts_with(word)).ok_or_else(misfit)?;
    let (figure, typed) = (figure.trim(), rest[word.len()..].trim());
    if figure.is_empty() || figure.contains(char::is_whitespace) || typed.is_empty() {
        return Err(misfit());
    }
    let limit = match known {
        Some(known) => limit(typed, unit(figure, known)?, figure)?,
        None => [Unit::Share, Unit::Seconds, Unit::Number]
            .into_iter()
            .find_map(|unit| limit(typed, unit, figure).ok())
            .ok_or_else(misfit)?,
    };
    Ok(Gate { text: text.to_owned(), figure: figure.to_owned(), comparison, limit, scope: Scope::Whole })
}

fn unit(figure: &str, known: &Known) -> Result<Unit, Misfit> {
    figures::lookup(figure, known).map(|entry| entry.unit).map_err(|unknown| Misfit {
        found: Some(format!("a figure that does not exist, {}", quoted(figure))),
        expected: "a figure of the catalogue, of this scenario's desks, topics and groups".into(),
        hint: unknown.nearest.map(|name| format!("did you mean `{name}`?")),
    })
}

fn limit(typed: &str, unit: Unit, figure: &str) -> Result<f64, Misfit> {
    let (limit, expected) = match unit {
        Unit::Share => (quantity::share(typed).ok(), "a limit from 0% to 100%, since it is a share"),
        Unit::Seconds => (
            quantity::duration(typed).map(|span| span.secs()).ok(),
            "a limit such as 90s or 2m, since it is a time",
        ),
        Unit::Money => (quantity::number(typed), "a plain amount, since it is money"),
        Unit::Number => (quantity::number(typed).filter(|x| *x >= 0.0), "a plain number, since it is one"),
    };
    limit.ok_or_else(|| Misfit {
        found: Some(format!("{} as the limit of {figure}", quoted(typed))),
        expected: expected.to_owned(),
        hint: None,
    })
}

/// The names that figures of these desks are made of.
pub(super) fn known(desks: &[DeskPlan]) -> Known {
    let desks = desks.iter().map(|desk| KnownDesk {
        name: desk.name.clone(),
        topics: desk.topics.iter().filter_map(|topic| topic.name.clone()).collect(),
        groups: desk.groups.iter().filter_map(|group| group.name.clone()).collect(),
        phone: desk.is_phone(),
        costs: desk.costs(),
        sells: desk.sales.is_some(),
    });
    Known { desks: desks.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn support() -> Known {
        Known { desks: vec![KnownDesk { name: "support".into(), ..KnownDesk::default() }] }
    }

    #[test]
    fn a_gate_has_its_limit_in_the_unit_of_its_figure() {
        for (text, comparison, limit) in [
            ("support.abandoned.share < 5%", Comparison::Below, 0.05),
            ("support.abandoned.share<=5 %", Comparison::AtMost, 0.05),
            ("support.queue_time.p95 <= 2m", Comparison::AtMost, 120.0),
            ("support.queue_time.p95 > 250ms", Comparison::Above, 0.25),
            ("support.offered >= 800", Comparison::AtLeast, 800.0),
            ("support.in_service.mean == 12.5", Comparison::Equal, 12.5),
        ] {
            let gate = parse(text, Some(&support())).unwrap();
            assert_eq!((gate.comparison, gate.limit), (comparison, limit), "{text}");
            assert_eq!(gate.text, text);
        }
    }

    #[test]
    fn what_is_no_gate_is_refused() {
        for text in [
            "",
            "<",
            "support.abandoned.share",
            "support.abandoned.share 5%",
            "support.abandoned.share = 5%",
            "support.abandoned.share < ",
            "< 5%",
            "support.abandoned.share < 5% in every 30m",
            "support.abandoned.share < 5",
            "support.abandoned.share < 30s",
            "support.abandoned.share < -1%",
            "support.queue_time.p95 < 20",
            "support.queue_time.p95 < 20%",
            "support.queue_time.p95 < nan",
            "support.offered < 20s",
            "support.offered < inf",
            "phone.offered > 3",
        ] {
            assert!(parse(text, Some(&support())).is_err(), "{text}");
        }
        let misspelt = parse("support.abandonned.share < 5%", Some(&support())).unwrap_err();
        assert_eq!(misspelt.hint.as_deref(), Some("did you mean `support.abandoned.share`?"));
        assert!(parse("whatever.there.is < 5%", None).is_ok());
        assert!(parse("whatever.there.is < 5 parsecs", None).is_err());
    }
}
