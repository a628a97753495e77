//! Gates as typed: a figure, a comparison, a limit with its unit. Figure and unit are checked against the catalogue when
//! the scenario is read, so that a slip is found before anything runs.

use crate::base::figures::{self, Known, KnownDesk, KnownVenue, Unit, VenueWord};
use crate::base::time::Span;

use super::plan::DeskPlan;
use super::plan::rooms::{VenueKind, VenuePlan};
use super::plan::site::SitePlan;
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

/// What a figure is taken over before it is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scope {
    /// All of the scenario, every replication together.
    Whole,
    /// Each interval of this width, one after the other from the scenario's start, every replication together. All of
    /// them must be on the right side.
    Every(Span),
    /// Each replication alone. At least this share of them must be on the right side.
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
    /// What the figure is taken over.
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

/// What a gate is checked against.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Terms<'a> {
    /// The scenario's names; `None`, when its desks could not be resolved: then only the form of a gate is looked at.
    pub(super) known: Option<&'a Known>,
    /// The scenario's currency, where it has one.
    pub(super) currency: Option<&'a str>,
    /// The scenario's length, where it makes sense.
    pub(super) length: Option<Span>,
}

/// Reads a gate: its figure must be one of the scenario, its limit in the figure's unit.
pub(super) fn parse(text: &str, terms: &Terms<'_>) -> Result<Gate, Misfit> {
    let misfit = || {
        Misfit::new("a figure, one of < <= > >= ==, and a limit with its unit").hint(
            "for example \"support.abandoned.share < 5%\", and perhaps `in every 30m` or `on 90% of days`",
        )
    };
    let sign = text.find(['<', '>', '=']).ok_or_else(misfit)?;
    let (figure, rest) = text.split_at(sign);
    let (word, comparison) =
        COMPARISONS.into_iter().find(|(word, _)| rest.starts_with(word)).ok_or_else(misfit)?;
    let (typed, scope) = scope(&rest[word.len()..], terms)?;
    let figure = figure.trim();
    if figure.is_empty() || figure.contains(char::is_whitespace) || typed.is_empty() {
        return Err(misfit());
    }
    let limit = match terms.known {
        Some(known) => limit(&typed, unit(figure, known)?, figure, terms)?,
        None => [Unit::Share, Unit::Seconds, Unit::Number, Unit::Money, Unit::Bytes]
            .into_iter()
            .find_map(|unit| limit(&typed, unit, figure, terms).ok())
            .ok_or_else(misfit)?,
    };
    Ok(Gate { text: text.to_owned(), figure: figure.to_owned(), comparison, limit, scope })
}

/// What follows the comparison: the limit as typed, and what the figure is taken over.
fn scope(rest: &str, terms: &Terms<'_>) -> Result<(String, Scope), Misfit> {
    let rest = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((limit, width)) = rest.split_once(" in every ") {
        return Ok((limit.to_owned(), Scope::Every(interval(width, terms.length)?)));
    }
    if let Some((limit, share)) = rest.split_once(" on ") {
        return Ok((limit.to_owned(), Scope::Days(days(share)?)));
    }
    Ok((rest, Scope::Whole))
}

fn interval(typed: &str, length: Option<Span>) -> Result<Span, Misfit> {
    let found =
        |misfit: Misfit| Misfit { found: Some(format!("{} as the interval", quoted(typed))), ..misfit };
    let width = quantity::duration(typed).map_err(found)?;
    if width < Span::from_whole_secs(1) {
        return Err(found(Misfit::new("an interval of at least 1s").hint("in every 30m")));
    }
    match length.filter(|length| width > *length) {
        Some(length) => {
            let expected =
                format!("an interval no longer than the scenario, {}", quantity::duration_text(length));
            Err(found(Misfit::new(&expected)))
        }
        None => Ok(width),
    }
}

/// `90% of days`.
fn days(typed: &str) -> Result<f64, Misfit> {
    let share = typed.strip_suffix("of days").and_then(|share| quantity::share(share.trim()).ok());
    share.filter(|share| *share > 0.0).ok_or_else(|| Misfit {
        found: Some(format!("on {typed}")),
        ..Misfit::new("a share of the days, above 0%").hint("on 90% of days")
    })
}

fn unit(figure: &str, known: &Known) -> Result<Unit, Misfit> {
    figures::lookup(figure, known).map(|entry| entry.unit).map_err(|unknown| Misfit {
        found: Some(format!("a figure that does not exist, {}", quoted(figure))),
        expected: "a figure of the catalogue, of this scenario's desks, topics, groups, rooms and pages"
            .into(),
        hint: unknown.nearest.map(|name| format!("did you mean `{name}`?")),
    })
}

fn limit(typed: &str, unit: Unit, figure: &str, terms: &Terms<'_>) -> Result<f64, Misfit> {
    let currency = terms.currency.map_or(String::new(), |currency| format!(" in {currency}"));
    let in_money = format!("an amount{currency}, since it is one");
    let (limit, expected) = match unit {
        Unit::Share => (quantity::share(typed).ok(), "a limit from 0% to 100%, since it is a share"),
        Unit::Seconds => (
            quantity::duration(typed).map(|span| span.secs()).ok(),
            "a limit such as 90s or 2m, since it is a time",
        ),
        Unit::Number => (quantity::number(typed).filter(|x| *x >= 0.0), "a plain number, since it is one"),
        Unit::Money => (
            quantity::amount(typed)
                .ok()
                .filter(|money| terms.currency.is_none_or(|currency| currency == money.currency))
                .map(|money| money.value),
            in_money.as_str(),
        ),
        Unit::Bytes => (quantity::memory(typed).ok(), "a limit such as 500 MB or 2 GB, since it is memory"),
    };
    limit.ok_or_else(|| Misfit {
        found: Some(format!("{} as the limit of {figure}", quoted(typed))),
        expected: expected.to_owned(),
        hint: None,
    })
}

/// The names that figures of these desks and venues, and of the site, are made of.
pub(super) fn known(desks: &[DeskPlan], venues: &[VenuePlan], site: Option<&SitePlan>) -> Known {
    let desks = desks.iter().map(|desk| KnownDesk {
        name: desk.name.clone(),
        topics: desk.topics.iter().filter_map(|topic| topic.name.clone()).collect(),
        groups: desk.groups.iter().filter_map(|group| group.name.clone()).collect(),
        phone: desk.is_phone(),
        costs: desk.costs(),
        sells: desk.sales.is_some(),
    });
    let venues = venues.iter().map(|venue| KnownVenue {
        word: match venue.kind {
            VenueKind::Room => VenueWord::Room,
            VenueKind::Portal { .. } => VenueWord::Portal,
        },
        name: venue.name.clone(),
        costs: venue.costs(),
        deflects: venue.deflects.is_some(),
    });
    let pages = site.iter().flat_map(|site| &site.pages).map(|page| page.name.clone());
    Known { desks: desks.collect(), venues: venues.collect(), pages: pages.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn support() -> Known {
        let desk = KnownDesk { name: "support".into(), ..KnownDesk::default() };
        Known { desks: vec![desk], ..Known::default() }
    }

    fn of(known: &Known) -> Terms<'_> {
        Terms { known: Some(known), currency: Some("EUR"), length: Some(Span::from_whole_secs(7_200)) }
    }

    #[test]
    fn a_gate_may_be_on_every_interval_or_on_days() {
        for (text, scope) in [
            ("support.abandoned.share < 5%", Scope::Whole),
            ("support.abandoned.share < 5% in every 30m", Scope::Every(Span::from_whole_secs(1_800))),
            ("support.abandoned.share < 5%  in  every 1h 30m", Scope::Every(Span::from_whole_secs(5_400))),
            ("support.queue_time.p95 < 1m 30s on 90% of days", Scope::Days(0.9)),
            ("support.offered > 3 on 100 % of days", Scope::Days(1.0)),
        ] {
            assert_eq!(parse(text, &of(&support())).unwrap().scope, scope, "{text}");
        }
    }

    #[test]
    fn a_limit_in_money_is_in_the_currency_of_the_scenario() {
        let read = |typed: &str, currency| {
            limit(typed, Unit::Money, "cost", &Terms { currency, ..Terms::default() })
        };
        assert_eq!(read("6.50 EUR", Some("EUR")).unwrap(), 6.5);
        for typed in ["6.50", "6.50 USD", "6.50 EUR/h", "650%"] {
            assert!(read(typed, Some("EUR")).is_err(), "{typed}");
        }
        assert!(read("6.50 USD", Some("EUR")).unwrap_err().expected.contains("EUR"));
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
            let gate = parse(text, &of(&support())).unwrap();
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
            "support.abandoned.share < 5% in every 3h",
            "support.abandoned.share < 5% in every 500ms",
            "support.abandoned.share < 5% in every day",
            "support.abandoned.share < 5% in every",
            "support.abandoned.share < 5% on 90 of days",
            "support.abandoned.share < 5% on 0% of days",
            "support.abandoned.share < 5% on 110% of days",
            "support.abandoned.share < 5% on days",
            "support.abandoned.share in every 30m",
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
            assert!(parse(text, &of(&support())).is_err(), "{text}");
        }
        let misspelt = parse("support.abandonned.share < 5%", &of(&support())).unwrap_err();
        assert_eq!(misspelt.hint.as_deref(), Some("did you mean `support.abandoned.share`?"));
        assert!(parse("whatever.there.is < 5%", &Terms::default()).is_ok());
        assert!(parse("whatever.there.is < 5 parsecs", &Terms::default()).is_err());
    }
}
