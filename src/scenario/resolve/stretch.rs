//! How much longer a chat takes while its agent holds several.

use super::Findings;
use super::section::{Field, Section, join};
use crate::scenario::node::Value;
use crate::scenario::quantity::{Misfit, number, plain};

/// The stretch factors for 1 to `concurrency` chats, of agents whose chats have a handling time.
pub(super) fn stretch(
    findings: &mut Findings<'_>,
    section: &mut Section,
    concurrency: Option<u32>,
) -> Option<Vec<f64>> {
    let given = section.take(findings, "stretch");
    let slots = concurrency? as usize;
    match given {
        Some(field) => factors(findings, &field, slots),
        None if slots == 1 => Some(vec![1.0]),
        None => {
            let found = format!("a concurrency of {slots} without `stretch`");
            let expected = "how much longer a chat takes while its agent holds several".to_owned();
            let example: Vec<String> = (0..slots.min(4)).map(|k| plain(1.0 + 0.25 * k as f64)).collect();
            let dots = if slots > 4 { ", …" } else { "" };
            let hint = format!("stretch: [{}{dots}]; without it juggling would be free", example.join(", "));
            let path = join(section.path(), "concurrency");
            findings.problem(section.place("concurrency"), &path, found, expected, Some(hint));
            None
        }
    }
}

fn factors(findings: &mut Findings<'_>, field: &Field, slots: usize) -> Option<Vec<f64>> {
    let expected =
        format!("a list of {slots} plain numbers, the first at least 1, none below the one before");
    let misfit = Misfit::new(&expected).hint("stretch: [1, 1.25, 1.6]");
    let Value::List(items) = &field.node.value else {
        findings.misfit(field, misfit);
        return None;
    };
    let mut factors: Vec<f64> = Vec::with_capacity(slots);
    for item in items {
        let least = factors.last().copied().unwrap_or(1.0);
        let factor = if let Value::Scalar(text) = &item.value { number(text) } else { None };
        let Some(factor) = factor.filter(|factor| (least..=1000.0).contains(factor)) else {
            findings.misfit(&Field { node: item.clone(), ..field.clone() }, misfit);
            return None;
        };
        factors.push(factor);
    }
    if factors.len() < slots {
        let found = Some(format!("{} of them", factors.len()));
        findings.misfit(field, Misfit { found, ..misfit });
        return None;
    }
    factors.truncate(slots);
    let text: Vec<String> = factors.iter().map(|factor| plain(*factor)).collect();
    findings.row(&field.path, format!("[{}]", text.join(", ")), field.origin);
    Some(factors)
}
