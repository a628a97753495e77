//! Two sets of figures side by side: what changed, and whether for the better.
//!
//! A figure's difference counts as a change when it is greater than its own 95 % half-width, which of two independent
//! values is the root of the sum of the squares of theirs (Welch's interval, in its normal form). That is a sieve: among a
//! hundred figures that did not change, five pass it. The verdict on the whole therefore asks more of each, the more
//! figures there are (Bonferroni), so that two records of the same scenario are told apart wrongly once in twenty times.

use serde::Serialize;

use crate::base::figures::Unit;
use crate::metrics::student;
use crate::record::figures::{Figure, Figures};

/// Which way a figure should go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Good {
    Less,
    More,
}

/// What the names of figures with a good direction contain; the first that fits decides. What is not here (arrivals,
/// escalations, handling times, utilisation) is neither good nor bad in itself.
const GOOD: [(&str, Good); 33] = [
    (".unresolved.", Good::Less),
    (".resolved.", Good::More),
    (".refused.", Good::Less),
    (".unfinished.", Good::Less),
    (".abandoned.", Good::Less),
    (".served.share", Good::More),
    (".delayed.", Good::Less),
    (".queue_time.", Good::Less),
    (".speed_of_answer.", Good::Less),
    (".offered_wait.", Good::Less),
    (".service_level.", Good::More),
    (".first_response.", Good::Less),
    (".reply_time.", Good::Less),
    (".accept_time.", Good::Less),
    (".balked.", Good::Less),
    (".ghosts.", Good::Less),
    ("sales.", Good::More),
    ("cost.", Good::Less),
    ("margin.", Good::More),
    ("callback.wait.", Good::Less),
    ("callback.reached.", Good::More),
    ("delivery.", Good::Less),
    ("connect.", Good::Less),
    ("messages.held_back", Good::Less),
    ("messages.lost", Good::Less),
    ("messages.missed", Good::Less),
    ("messages.duplicated", Good::Less),
    ("messages.reordered", Good::Less),
    ("errors.", Good::Less),
    ("reconnects.", Good::Less),
    ("generator.lag.", Good::Less),
    ("generator.dropped_starts", Good::Less),
    ("generator.cpu.", Good::Less),
];

/// What became of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// For the better, by more than chance explains.
    Better,
    /// For the worse, by more than chance explains.
    Worse,
    /// By more than chance explains, and neither good nor bad in itself.
    Different,
    /// Within what chance explains.
    Same,
    /// There is no interval on either side, or no value: nobody can say.
    Unknown,
}

/// One figure in both.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Its full name.
    pub figure: String,
    /// Its unit.
    pub unit: Unit,
    /// The value in the baseline.
    pub before: Option<f64>,
    /// The value now.
    pub after: Option<f64>,
    /// By how much it grew.
    pub difference: Option<f64>,
    /// The 95 % half-width of the difference.
    pub half_width: Option<f64>,
    /// What became of it.
    pub change: Change,
}

/// Two records side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The figures that are in both, by name.
    pub rows: Vec<Row>,
    /// The figures that only the baseline has.
    pub only_before: Vec<String>,
    /// The figures that only the other has.
    pub only_after: Vec<String>,
}

impl Comparison {
    /// How many figures went so.
    #[must_use]
    pub fn count(&self, change: Change) -> usize {
        self.rows.iter().filter(|row| row.change == change).count()
    }

    /// The verdict on the whole: worse when anything is, else better when anything is, else different, same or unknown.
    #[must_use]
    pub fn verdict(&self) -> Change {
        let judged = self.rows.iter().filter(|row| row.change != Change::Unknown).count();
        if judged == 0 {
            return Change::Unknown;
        }
        let stretch = normal(1.0 - 0.025 / judged as f64) / normal(0.975);
        let stands = |row: &&Row| {
            row.difference.zip(row.half_width).is_some_and(|(by, half)| by.abs() > stretch * half)
        };
        let order = [Change::Worse, Change::Better, Change::Different];
        let found = |change: &Change| self.rows.iter().filter(stands).any(|row| row.change == *change);
        order.into_iter().find(found).unwrap_or(Change::Same)
    }
}

/// The quantile of the normal law: of Student's, of so many degrees of freedom that it is the same to six digits.
fn normal(p: f64) -> f64 {
    student::quantile(p, 10_000_000)
}

/// Compares every figure that both have.
#[must_use]
pub fn compare(before: &Figures, after: &Figures) -> Comparison {
    let missing = |here: &Figures, there: &Figures| {
        here.keys().filter(|name| !there.contains_key(*name)).cloned().collect()
    };
    let rows = before.iter().filter_map(|(name, then)| Some(row(name, then, after.get(name)?))).collect();
    Comparison { rows, only_before: missing(before, after), only_after: missing(after, before) }
}

fn row(name: &str, before: &Figure, after: &Figure) -> Row {
    let difference = before.value.zip(after.value).map(|(before, after)| after - before);
    let half_width = half_width(before).zip(half_width(after)).map(|(a, b)| (a * a + b * b).sqrt());
    let change = match (difference, half_width) {
        (Some(0.0), _) => Change::Same,
        (Some(difference), Some(half)) if difference.abs() <= half => Change::Same,
        (Some(difference), Some(_)) => direction(name, difference),
        _ => Change::Unknown,
    };
    Row {
        figure: name.to_owned(),
        unit: after.unit,
        before: before.value,
        after: after.value,
        difference,
        half_width,
        change,
    }
}

/// Half of the interval. Where an end was clipped (no share is below 0), the longer side tells.
fn half_width(figure: &Figure) -> Option<f64> {
    let (value, low, high) = (figure.value?, figure.low?, figure.high?);
    Some((value - low).max(high - value))
}

fn direction(name: &str, difference: f64) -> Change {
    let good = match name.strip_prefix("site.") {
        // What a page is called says nothing.
        Some(page) => (!page.ends_with(".requests")).then_some(Good::Less),
        None => GOOD.iter().find(|(part, _)| name.contains(part)).map(|(_, good)| *good),
    };
    match good {
        None => Change::Different,
        Some(Good::More) if difference > 0.0 => Change::Better,
        Some(Good::Less) if difference < 0.0 => Change::Better,
        Some(_) => Change::Worse,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: f64, half: Option<f64>) -> Figure {
        let low = half.map(|half| (value - half).max(0.0));
        let high = half.map(|half| value + half);
        Figure { value: Some(value), unit: Unit::Share, low, high, n: 1, days: None }
    }

    fn compared(name: &str, before: Figure, after: Figure) -> Change {
        let one = |figure| Figures::from([(name.to_owned(), figure)]);
        compare(&one(before), &one(after)).verdict()
    }

    #[test]
    fn a_page_that_takes_longer_is_for_the_worse_whatever_it_is_called() {
        assert_eq!(direction("site.sales.p95", 1.0), Change::Worse);
        assert_eq!(direction("site.resolved.errors.share", -1.0), Change::Better);
        assert_eq!(direction("site.cost.requests", 1.0), Change::Different);
    }

    #[test]
    fn a_change_is_more_than_chance_explains() {
        let name = "support.abandoned.share";
        // The half-width of the difference is √(3² + 4²) = 5 hundredths.
        let before = figure(0.10, Some(0.03));
        assert_eq!(compared(name, before, figure(0.149, Some(0.04))), Change::Same);
        assert_eq!(compared(name, before, figure(0.151, Some(0.04))), Change::Worse);
        assert_eq!(compared(name, before, figure(0.04, Some(0.04))), Change::Better);
        assert_eq!(compared(name, before, figure(0.9, None)), Change::Unknown);
    }

    #[test]
    fn what_is_good_depends_on_the_figure() {
        let (less, more) = (figure(0.2, Some(0.01)), figure(0.3, Some(0.01)));
        assert_eq!(compared("support.service_level.offered.share", less, more), Change::Better);
        assert_eq!(compared("support.topic.order.unresolved.share", less, more), Change::Worse);
        assert_eq!(compared("support.topic.order.resolved.share", less, more), Change::Better);
        assert_eq!(compared("support.escalated.share", less, more), Change::Different);
        assert_eq!(compared("delivery.to_agent.p99", more, less), Change::Better);
        assert_eq!(compared("support.agents.ghosts.share", less, more), Change::Worse);
        assert_eq!(compared("margin.chat.per_contact", less, more), Change::Better);
        assert_eq!(compared("cost.per_contact", less, more), Change::Worse);
    }

    #[test]
    fn among_many_figures_one_that_barely_changed_is_no_verdict() {
        let figures = |last: f64| -> Figures {
            let value = |i: usize| if i == 39 { last } else { 0.5 };
            (0..40).map(|i| (format!("d{i}.abandoned.share"), figure(value(i), Some(0.1)))).collect()
        };
        // A half-width of √2 tenths; among forty the bar is at 1.65 of them.
        let barely = compare(&figures(0.5), &figures(0.7));
        assert_eq!((barely.count(Change::Worse), barely.verdict()), (1, Change::Same));
        assert_eq!(compare(&figures(0.5), &figures(0.75)).verdict(), Change::Worse);
        assert_eq!(compare(&figures(0.5), &figures(0.25)).verdict(), Change::Better);
        assert_eq!(compare(&Figures::new(), &Figures::new()).verdict(), Change::Unknown);
    }

    #[test]
    fn figures_of_one_side_are_named() {
        let one = |name: &str| Figures::from([(name.to_owned(), figure(0.1, None))]);
        let comparison = compare(&one("a"), &one("b"));
        assert_eq!((comparison.only_before, comparison.only_after), (vec!["a".into()], vec!["b".into()]));
        assert!(comparison.rows.is_empty());
    }
}
