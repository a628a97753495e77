//! Laws of durations and of numbers of words. Whatever would make no sense as a law is noted where it was typed, and
//! never gets as far as the constructors of [`crate::base::dist`].

use super::Findings;
use super::section::{Field, Section};
use crate::base::dist::Law;
use crate::base::hash::fingerprint;
use crate::base::time::Span;
use crate::scenario::format::{Format, Takes};
use crate::scenario::input;
use crate::scenario::keys;
use crate::scenario::node::Value;
use crate::scenario::problem::{Place, Problem};
use crate::scenario::quantity::{self, Misfit, duration_text, number, plain};

/// A law and how it reads.
pub(super) struct Worded {
    pub(super) law: Law,
    pub(super) text: String,
}

/// What the values of a law are.
struct Measure {
    /// The table of its laws.
    laws: &'static Format,
    /// A law as it may be typed.
    expected: &'static str,
    /// What is expected of one whose mean is not zero.
    not_zero: &'static str,
    /// One value from its text.
    read: fn(&str) -> Result<f64, Misfit>,
    /// One value that is a parameter.
    parameter: fn(&mut Findings<'_>, &Field) -> Option<f64>,
    /// A value written back.
    text: fn(f64) -> String,
    /// Its unit, after a plain number.
    unit: &'static str,
    /// What a line of a file of observations holds.
    observation: &'static str,
    /// The largest that can be observed.
    most: f64,
}

/// Durations, in seconds.
static DURATIONS: Measure = Measure {
    laws: &keys::durations::LAWS,
    expected: "a duration such as 90s, or a law such as {exponential: {mean: 300s}}",
    not_zero: "a duration that is not always zero",
    read: |text| quantity::duration(text).map(Span::secs),
    parameter: |findings, field| findings.duration_within(field).map(Span::secs),
    text: |secs| duration_text(Span::from_secs(secs)),
    unit: "s",
    observation: "duration in seconds",
    most: 3650.0 * 86_400.0,
};

/// Numbers of words.
static NUMBERS: Measure = Measure {
    laws: &keys::numbers::LAWS,
    expected: "a plain number such as 11, or a law such as {lognormal: {mean: 11, cv: 0.9}}",
    not_zero: "a number that is not always zero",
    read: quantity::from_zero,
    parameter: |findings, field| match field.takes {
        Takes::Factor => findings.factor_within(field),
        _ => findings.number_within(field),
    },
    text: plain,
    unit: "",
    observation: "number",
    most: 1e6,
};

/// The law of a duration in `field`; leaves a row.
pub(super) fn law(findings: &mut Findings<'_>, field: Field) -> Option<Law> {
    worded(findings, field, &DURATIONS, None).map(|worded| worded.law)
}

/// The same, with how it reads.
pub(super) fn read(findings: &mut Findings<'_>, field: Field) -> Option<Worded> {
    worded(findings, field, &DURATIONS, None)
}

/// A law of a duration whose mean is not zero, such as that of a handling time; leaves a row.
pub(super) fn positive(findings: &mut Findings<'_>, field: Field) -> Option<Worded> {
    not_zero(findings, field, &DURATIONS)
}

/// A law of a number of words whose mean is not zero; leaves a row.
pub(super) fn words(findings: &mut Findings<'_>, field: Field) -> Option<Worded> {
    not_zero(findings, field, &NUMBERS)
}

fn not_zero(findings: &mut Findings<'_>, field: Field, measure: &Measure) -> Option<Worded> {
    let blank = field.clone();
    let worded = worded(findings, field, measure, None)?;
    if worded.law.mean() > 0.0 {
        return Some(worded);
    }
    findings.misfit(&blank, Misfit::new(measure.not_zero));
    None
}

/// A law of a duration, or that word instead: `Some(None)` for the word. Leaves a row.
pub(super) fn law_or(findings: &mut Findings<'_>, field: Field, word: &'static str) -> Option<Option<Law>> {
    if field.text() == Some(word) {
        findings.row(&field.path, word, field.origin);
        return Some(None);
    }
    worded(findings, field, &DURATIONS, Some(word)).map(|worded| Some(worded.law))
}

/// `or`: what else may stand there.
fn worded(findings: &mut Findings<'_>, field: Field, measure: &Measure, or: Option<&str>) -> Option<Worded> {
    let (path, origin) = (field.path.clone(), field.origin);
    let law = measure.expected;
    let expected = or.map_or(law.to_owned(), |word| format!("{word}, {law}"));
    let worded = match &field.node.value {
        Value::Scalar(text) => match (measure.read)(text) {
            Ok(value) => constant(measure, value),
            Err(misfit) => {
                findings.misfit(&field, Misfit { expected, ..misfit });
                return None;
            }
        },
        Value::Map(_) => {
            let mut section = Section::of(findings, field, measure.laws)?;
            named(findings, &mut section, measure)?
        }
        Value::Nothing | Value::List(_) => {
            findings.misfit(&field, Misfit::new(&expected));
            return None;
        }
    };
    findings.row(&path, worded.text.clone(), origin);
    Some(worded)
}

fn constant(measure: &Measure, value: f64) -> Worded {
    Worded { law: Law::constant(value), text: format!("constant {}", (measure.text)(value)) }
}

fn named(findings: &mut Findings<'_>, section: &mut Section, measure: &Measure) -> Option<Worded> {
    let name = section.chosen();
    let field = section.take(findings, name)?;
    if name == "constant" {
        return (measure.parameter)(findings, &field).map(|value| constant(measure, value));
    }
    let mut of = Section::open(findings, field)?;
    let of = &mut of;
    match name {
        "exponential" => {
            let mean = parameter(findings, of, measure, "mean")?;
            Some(Worded {
                law: Law::exponential(mean),
                text: format!("exponential, mean {}", (measure.text)(mean)),
            })
        }
        "lognormal" => lognormal(findings, of, measure),
        "weibull" => shaped(findings, of, measure, name, Law::weibull),
        "gamma" => shaped(findings, of, measure, name, Law::gamma),
        "uniform" => uniform(findings, of, measure),
        "empirical" => empirical(findings, of, measure),
        other => unreachable!("the table has a law {other}"),
    }
}

fn parameter(
    findings: &mut Findings<'_>,
    section: &mut Section,
    measure: &Measure,
    name: &'static str,
) -> Option<f64> {
    let field = section.take(findings, name)?;
    (measure.parameter)(findings, &field)
}

fn lognormal(findings: &mut Findings<'_>, section: &mut Section, measure: &Measure) -> Option<Worded> {
    let cv_field = section.take(findings, "cv");
    let cv = cv_field.as_ref().and_then(|field| findings.variation_within(field));
    let by = match (section.has("mean"), section.has("median")) {
        (true, false) => "mean",
        (false, true) => "median",
        (both, _) => {
            let found = if both { "both a mean and a median" } else { "neither a mean nor a median" };
            findings.problem(section.at(), section.path(), found.into(), "one of the two".into(), None);
            return None;
        }
    };
    let middle = parameter(findings, section, measure, by);
    let (cv, middle) = (cv?, middle?);
    if cv == 0.0 {
        let misfit = Misfit::new("a coefficient of variation above 0");
        let misfit = misfit.hint(format!("without variation it is {{constant: {}}}", (measure.text)(middle)));
        cv_field.iter().for_each(|field| findings.misfit(field, misfit.clone()));
        return None;
    }
    let make = if by == "mean" { Law::lognormal } else { Law::lognormal_of_median };
    let text = format!("lognormal, {by} {}, cv {}", (measure.text)(middle), plain(cv));
    Some(Worded { law: make(middle, cv), text })
}

fn shaped(
    findings: &mut Findings<'_>,
    section: &mut Section,
    measure: &Measure,
    name: &str,
    make: fn(f64, f64) -> Law,
) -> Option<Worded> {
    let mean = parameter(findings, section, measure, "mean");
    let shape = section.take(findings, "shape").and_then(|field| findings.shape_within(&field, 0.1..=100.0));
    let (mean, shape) = (mean?, shape?);
    let text = format!("{name}, mean {}, shape {}", (measure.text)(mean), plain(shape));
    Some(Worded { law: make(mean, shape), text })
}

fn uniform(findings: &mut Findings<'_>, section: &mut Section, measure: &Measure) -> Option<Worded> {
    let min = parameter(findings, section, measure, "min");
    let max = section.take(findings, "max");
    let (min, max_field) = (min?, max?);
    let max = (measure.parameter)(findings, &max_field)?;
    if min >= max {
        let expected = format!("a most above the least, {}", (measure.text)(min));
        findings.misfit(&max_field, Misfit::new(&expected));
        return None;
    }
    let text = format!("uniform, {} to {}", (measure.text)(min), (measure.text)(max));
    Some(Worded { law: Law::uniform(min, max), text })
}

/// How many problems of one file are told before the rest is left.
const TOLD: usize = 5;

fn empirical(findings: &mut Findings<'_>, section: &mut Section, measure: &Measure) -> Option<Worded> {
    let field = section.take(findings, "file")?;
    let name = findings.string_within(&field)?;
    let observation = measure.observation;
    let text = match input::read_text(
        &findings.source.directory.join(&name),
        &format!("a file of one {observation} a line"),
    ) {
        Ok(text) => text,
        Err(misfit) => {
            findings.misfit(&field, misfit);
            return None;
        }
    };
    let (mut observed, mut problems) = (Vec::new(), Vec::new());
    for (i, line) in text.lines().enumerate() {
        let typed = line.trim();
        if typed.is_empty() || typed.starts_with('#') {
            continue;
        }
        match number(typed).filter(|value| (0.0..=measure.most).contains(value)) {
            Some(value) => observed.push(value),
            None => problems.push(Problem {
                file: name.clone(),
                place: Place { line: i as u32 + 1, column: 1 },
                source: Some(line.to_owned()),
                path: field.path.clone(),
                found: crate::scenario::problem::quoted(typed),
                expected: format!("a {observation}: a plain number that is not negative"),
                hint: None,
            }),
        }
    }
    if !problems.is_empty() {
        findings.problems.extend(problems.into_iter().take(TOLD));
        return None;
    }
    if observed.is_empty() {
        let found = Some(format!("a file without a {observation} in it"));
        let expected = format!("one {observation} a line");
        findings.misfit(&field, Misfit { found, ..Misfit::new(&expected) });
        return None;
    }
    let count = observed.len();
    let hash = fingerprint(&text);
    let law = Law::empirical(observed);
    let text = format!("empirical, {count} observations, mean {}{}, {hash}", plain(law.mean()), measure.unit);
    Some(Worded { law, text })
}
