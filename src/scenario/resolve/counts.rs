//! Laws of counts: how many exchanges a conversation takes.

use super::Findings;
use super::section::{Field, Section};
use crate::base::count::CountLaw;
use crate::scenario::format::Takes;
use crate::scenario::keys::{COUNTS, MOST_EXCHANGES};
use crate::scenario::node::Value;
use crate::scenario::quantity::{Misfit, number, plain};

/// A law of a count and how it reads.
pub(super) struct Worded {
    pub(super) law: CountLaw,
    pub(super) text: String,
}

/// The law in `field`, a whole number or a map; leaves a row.
pub(super) fn count(findings: &mut Findings<'_>, field: Field) -> Option<Worded> {
    let (path, origin) = (field.path.clone(), field.origin);
    let worded = match &field.node.value {
        Value::Scalar(_) => {
            static CONSTANT: Takes = Takes::Whole("exchanges", 1, MOST_EXCHANGES);
            constant(findings, &Field { takes: &CONSTANT, ..field })
        }
        Value::Map(_) => Section::of(findings, field, &COUNTS).and_then(|section| named(findings, section)),
        Value::Nothing | Value::List(_) => {
            let expected = "a whole number such as 5, or a law such as {geometric: {mean: 5}}";
            findings.misfit(&field, Misfit::new(expected));
            None
        }
    }?;
    findings.row(&path, worded.text.clone(), origin);
    Some(worded)
}

fn named(findings: &mut Findings<'_>, mut section: Section) -> Option<Worded> {
    let name = section.chosen();
    let field = section.take(findings, name)?;
    if name == "constant" {
        return constant(findings, &field);
    }
    let mut of = Section::open(findings, field)?;
    let mean = mean(findings, &mut of);
    if name == "geometric" {
        let mean = mean?;
        return Some(Worded {
            law: CountLaw::geometric(mean),
            text: format!("geometric, mean {}", plain(mean)),
        });
    }
    let shape = of.take(findings, "shape").and_then(|field| findings.shape_within(&field, 0.1..=100.0));
    let (mean, shape) = (mean?, shape?);
    let text = format!("negative binomial, mean {}, shape {}", plain(mean), plain(shape));
    Some(Worded { law: CountLaw::negative_binomial(mean, shape), text })
}

fn constant(findings: &mut Findings<'_>, field: &Field) -> Option<Worded> {
    let count: u32 = findings.whole_within(field)?;
    Some(Worded { law: CountLaw::constant(count), text: format!("constant {count}") })
}

/// A conversation has at least its opening question and the reply to it.
fn mean(findings: &mut Findings<'_>, section: &mut Section) -> Option<f64> {
    let field = section.take(findings, "mean")?;
    let range = 1.0..=MOST_EXCHANGES as f64;
    let expected = format!("a plain number from 1 to {MOST_EXCHANGES}");
    findings.read(&field, |text| {
        number(text).filter(|mean| range.contains(mean)).ok_or_else(|| {
            Misfit::new(&expected).hint("the opening question and the reply to it are the first exchange")
        })
    })
}
