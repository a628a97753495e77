//! Laws of durations. Whatever would make no sense as a law is noted where it was typed, and never gets as far as the
//! constructors of [`crate::base::dist`].

use super::Findings;
use super::section::{Field, Section};
use crate::base::dist::Law;
use crate::base::hash::fingerprint;
use crate::base::time::Span;
use crate::scenario::input;
use crate::scenario::keys::LAWS;
use crate::scenario::node::Value;
use crate::scenario::problem::{Place, Problem};
use crate::scenario::quantity::{Misfit, duration, duration_text, number, plain};

/// A law and how it reads.
pub(super) struct Worded {
    pub(super) law: Law,
    pub(super) text: String,
}

/// The law in `field`; leaves a row.
pub(super) fn law(findings: &mut Findings<'_>, field: Field) -> Option<Law> {
    worded(findings, field, None).map(|worded| worded.law)
}

/// A law whose mean is not zero, such as that of a handling time; leaves a row.
pub(super) fn positive(findings: &mut Findings<'_>, field: Field) -> Option<Worded> {
    let blank = field.clone();
    let worded = worded(findings, field, None)?;
    if worded.law.mean() > 0.0 {
        return Some(worded);
    }
    findings.misfit(&blank, Misfit::new("a duration that is not always zero"));
    None
}

/// A law, or that word instead: `Some(None)` for the word. Leaves a row.
pub(super) fn law_or(findings: &mut Findings<'_>, field: Field, word: &'static str) -> Option<Option<Law>> {
    if field.text() == Some(word) {
        findings.row(&field.path, word, field.origin);
        return Some(None);
    }
    worded(findings, field, Some(word)).map(|worded| Some(worded.law))
}

/// `or`: what else may stand there.
fn worded(findings: &mut Findings<'_>, field: Field, or: Option<&str>) -> Option<Worded> {
    let (path, origin) = (field.path.clone(), field.origin);
    let law = "a duration such as 90s, or a law such as {exponential: {mean: 300s}}";
    let expected = or.map_or(law.to_owned(), |word| format!("{word}, {law}"));
    let worded = match &field.node.value {
        Value::Scalar(text) => match duration(text) {
            Ok(span) => constant(span),
            Err(misfit) => {
                findings.misfit(&field, Misfit { expected, ..misfit });
                return None;
            }
        },
        Value::Map(_) => {
            let mut section = Section::of(findings, field, &LAWS)?;
            named(findings, &mut section)?
        }
        Value::Nothing | Value::List(_) => {
            findings.misfit(&field, Misfit::new(&expected));
            return None;
        }
    };
    findings.row(&path, worded.text.clone(), origin);
    Some(worded)
}

fn constant(span: Span) -> Worded {
    Worded { law: Law::constant(span.secs()), text: format!("constant {}", duration_text(span)) }
}

fn named(findings: &mut Findings<'_>, section: &mut Section) -> Option<Worded> {
    let name = section.chosen();
    let field = section.take(findings, name)?;
    if name == "constant" {
        return findings.duration_within(&field).map(constant);
    }
    let mut of = Section::open(findings, field)?;
    let of = &mut of;
    match name {
        "exponential" => {
            let mean = parameter(findings, of, "mean")?;
            Some(Worded {
                law: Law::exponential(mean.secs()),
                text: format!("exponential, mean {}", duration_text(mean)),
            })
        }
        "lognormal" => lognormal(findings, of),
        "weibull" => shaped(findings, of, name, Law::weibull),
        "gamma" => shaped(findings, of, name, Law::gamma),
        "uniform" => uniform(findings, of),
        "empirical" => empirical(findings, of),
        other => unreachable!("the table has a law {other}"),
    }
}

fn parameter(findings: &mut Findings<'_>, section: &mut Section, name: &'static str) -> Option<Span> {
    let field = section.take(findings, name)?;
    findings.duration_within(&field)
}

fn lognormal(findings: &mut Findings<'_>, section: &mut Section) -> Option<Worded> {
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
    let middle = parameter(findings, section, by);
    let (cv, middle) = (cv?, middle?);
    if cv == 0.0 {
        let misfit = Misfit::new("a coefficient of variation above 0");
        let misfit = misfit.hint(format!("without variation it is {{constant: {}}}", duration_text(middle)));
        cv_field.iter().for_each(|field| findings.misfit(field, misfit.clone()));
        return None;
    }
    let make = if by == "mean" { Law::lognormal } else { Law::lognormal_of_median };
    let text = format!("lognormal, {by} {}, cv {}", duration_text(middle), plain(cv));
    Some(Worded { law: make(middle.secs(), cv), text })
}

fn shaped(
    findings: &mut Findings<'_>,
    section: &mut Section,
    name: &str,
    make: fn(f64, f64) -> Law,
) -> Option<Worded> {
    let mean = parameter(findings, section, "mean");
    let shape = section.take(findings, "shape").and_then(|field| findings.shape_within(&field, 0.1..=100.0));
    let (mean, shape) = (mean?, shape?);
    let text = format!("{name}, mean {}, shape {}", duration_text(mean), plain(shape));
    Some(Worded { law: make(mean.secs(), shape), text })
}

fn uniform(findings: &mut Findings<'_>, section: &mut Section) -> Option<Worded> {
    let min = parameter(findings, section, "min");
    let max = section.take(findings, "max");
    let (min, max_field) = (min?, max?);
    let max = findings.duration_within(&max_field)?;
    if min >= max {
        let expected = format!("a longest above the shortest, {}", duration_text(min));
        findings.misfit(&max_field, Misfit::new(&expected));
        return None;
    }
    let text = format!("uniform, {} to {}", duration_text(min), duration_text(max));
    Some(Worded { law: Law::uniform(min.secs(), max.secs()), text })
}

/// How many problems of one file are told before the rest is left.
const TOLD: usize = 5;

fn empirical(findings: &mut Findings<'_>, section: &mut Section) -> Option<Worded> {
    let field = section.take(findings, "file")?;
    let name = findings.string_within(&field)?;
    let text = match input::read_text(
        &findings.source.directory.join(&name),
        "a file of one duration in seconds a line",
    ) {
        Ok(text) => text,
        Err(misfit) => {
            findings.misfit(&field, misfit);
            return None;
        }
    };
    let (mut seconds, mut problems) = (Vec::new(), Vec::new());
    for (i, line) in text.lines().enumerate() {
        let typed = line.trim();
        if typed.is_empty() || typed.starts_with('#') {
            continue;
        }
        match number(typed).filter(|secs| (0.0..=3650.0 * 86_400.0).contains(secs)) {
            Some(secs) => seconds.push(secs),
            None => problems.push(Problem {
                file: name.clone(),
                place: Place { line: i as u32 + 1, column: 1 },
                source: Some(line.to_owned()),
                path: field.path.clone(),
                found: crate::scenario::problem::quoted(typed),
                expected: "a duration in seconds: a plain number that is not negative".into(),
                hint: None,
            }),
        }
    }
    if !problems.is_empty() {
        findings.problems.extend(problems.into_iter().take(TOLD));
        return None;
    }
    if seconds.is_empty() {
        let found = Some("a file without a duration in it".to_owned());
        findings.misfit(&field, Misfit { found, ..Misfit::new("one duration in seconds a line") });
        return None;
    }
    let count = seconds.len();
    let hash = fingerprint(&text);
    let law = Law::empirical(seconds);
    let text = format!("empirical, {count} observations, mean {}s, {hash}", plain(law.mean()));
    Some(Worded { law, text })
}
