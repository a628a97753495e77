//! A plan held against what theory says of it.

use causerie::metrics::tally::Section;
use causerie::scenario::plan::Plan;

use super::estimate::{Estimate, Ratio};
use crate::plans::simulated;

/// How far from the truth a value may be, in standard errors.
const MOST_OFF: f64 = 4.0;

/// How precisely a trial is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// For every test run: standard errors of 1 % of the truth, 2 % where it is slow.
    Short,
    /// For now and then: 0.5 %.
    Long,
}

/// Standard errors to aim at and, with that, how much is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// 1 % in a short trial.
    Usual,
    /// 2 % in a short trial: what relaxes so slowly that 1 % takes too long.
    Slow,
    /// 0.25 %: what holds is right within 1 %.
    Fine,
}

/// What a replication leaves to be held against theory.
pub(super) trait Counted: Sized {
    /// Every replication of a plan.
    fn all(plan: &Plan) -> Vec<Self>;
}

impl Counted for Section {
    fn all(plan: &Plan) -> Vec<Self> {
        simulated(plan, 2).sections
    }
}

/// Numerator and denominator of a figure, as one replication counted them.
type RatioOf<T> = Box<dyn Fn(&T) -> (f64, f64)>;

/// What theory says of one figure.
struct Expectation<T> {
    name: String,
    ratio: RatioOf<T>,
    truth: f64,
}

/// A plan, and what theory says of it.
pub(super) struct Trial<T = Section> {
    name: String,
    plan: Plan,
    pace: Pace,
    expectations: Vec<Expectation<T>>,
}

impl Trial {
    /// A figure of the first desk, and its true value.
    pub(super) fn expect(self, name: &'static str, ratio: Ratio, truth: f64) -> Self {
        self.expect_of(0, name, ratio, truth)
    }

    /// A figure of the desk of this number, and its true value.
    pub(super) fn expect_of(self, desk: usize, name: &'static str, ratio: Ratio, truth: f64) -> Self {
        self.expect_that(name, move |section| ratio(&section.desks[desk]), truth)
    }
}

impl<T: Counted> Trial<T> {
    /// Of a plan whose length and replications are those of a short trial.
    pub(super) fn new(name: impl Into<String>, plan: Plan) -> Self {
        Self { name: name.into(), plan, pace: Pace::Usual, expectations: Vec::new() }
    }

    /// The same, at another pace.
    pub(super) fn paced(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// A figure, and its true value.
    pub(super) fn expect_that(
        mut self,
        name: impl Into<String>,
        ratio: impl Fn(&T) -> (f64, f64) + 'static,
        truth: f64,
    ) -> Self {
        self.expectations.push(Expectation { name: name.into(), ratio: Box::new(ratio), truth });
        self
    }

    /// Plays the trial: every figure in a table, and whether all of them hold.
    fn play(mut self, effort: Effort) -> (String, bool) {
        let most_relative_error = match (effort, self.pace) {
            (_, Pace::Fine) => 0.0025,
            (Effort::Long, _) => 0.005,
            (Effort::Short, Pace::Usual) => 0.01,
            (Effort::Short, Pace::Slow) => 0.02,
        };
        self.plan.replications *= match (effort, self.pace) {
            (Effort::Short, _) => 1,
            (Effort::Long, Pace::Usual | Pace::Fine) => 4,
            (Effort::Long, Pace::Slow) => 16,
        };
        let replications = T::all(&self.plan);
        let mut table = format!("{}\n", self.name);
        let mut holds = true;
        for expectation in &self.expectations {
            let (line, fine) = expectation.judge(&replications, most_relative_error);
            table.push_str(&line);
            holds &= fine;
        }
        (table, holds)
    }
}

/// Plays all trials. Panics, with all figures of those that fail, unless each is within 4 standard errors of the truth
/// and the standard errors are as small as the effort promises; what is impossible must not have happened at all.
#[track_caller]
pub(super) fn hold<T: Counted>(trials: impl IntoIterator<Item = Trial<T>>, effort: Effort) {
    let mut broken = String::new();
    for trial in trials {
        let (table, holds) = trial.play(effort);
        println!("{table}");
        if !holds {
            broken.push_str(&table);
        }
    }
    assert!(broken.is_empty(), "\n{broken}");
}

impl<T> Expectation<T> {
    /// A line of the table, and whether the figure holds.
    fn judge(&self, replications: &[T], most_relative_error: f64) -> (String, bool) {
        let Self { name, ratio, truth } = self;
        let truth = *truth;
        let pairs: Vec<_> = replications.iter().map(ratio).collect();
        let Estimate { value, standard_error } = Estimate::of(&pairs);
        if truth == 0.0 {
            return (format!("{name:>24} {value:>11.6}, truth 0\n"), value == 0.0);
        }
        let (off, relative_error) = ((value - truth) / standard_error, standard_error / truth);
        let fine = off.abs() <= MOST_OFF && relative_error <= most_relative_error;
        let mark = if fine { "" } else { "  <-- does not hold" };
        let percent = 100.0 * relative_error;
        let line = format!(
            "{name:>24} {value:>11.6}, truth {truth:>11.6}: {off:+.2} standard errors of {percent:.3} %{mark}\n"
        );
        (line, fine)
    }
}
