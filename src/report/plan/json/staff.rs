//! Moderators, in `plan.json`.

use serde::Serialize;

use crate::study::plan::{Level, Moderators, Needed, Reviewed};

use super::AN_HOUR;
use super::company::{Value, value};

#[derive(Serialize)]
pub(super) struct Staff<'a> {
    /// `first` and `flagged`, before publishing; `later` and `reported`, after.
    reviewed: &'static str,
    today: u32,
    messages_per_hour: f64,
    review_seconds: f64,
    unevenness: Option<f64>,
    /// None where so many as were tried are too few.
    needed: Option<u32>,
    formula: Option<u32>,
    no_formula: &'a [String],
    levels: Vec<Moderated>,
}

#[derive(Serialize)]
pub(super) struct Moderated {
    moderators: u32,
    in_time: Value,
    formula: Option<f64>,
    busy_share: f64,
    cost_per_message: Option<f64>,
}

pub(super) fn staff(plan: &Moderators) -> Staff<'_> {
    let level = |level: &Level| Moderated {
        moderators: level.moderators,
        in_time: value(level.in_time),
        formula: level.formula,
        busy_share: level.busy,
        cost_per_message: level.cost_per_message,
    };
    Staff {
        reviewed: match plan.reviewed {
            Reviewed::First => "first",
            Reviewed::Flagged => "flagged",
            Reviewed::Later => "later",
            Reviewed::Reported => "reported",
        },
        today: plan.today,
        messages_per_hour: plan.per_sec * AN_HOUR,
        review_seconds: plan.review_secs,
        unevenness: plan.unevenness,
        needed: match plan.needed {
            Needed::Moderators(n) => Some(n),
            Needed::Never | Needed::MoreThan(_) => None,
        },
        formula: plan.formula.as_ref().ok().copied().flatten(),
        no_formula: plan.formula.as_ref().err().map_or(&[], Vec::as_slice),
        levels: plan.levels.iter().map(level).collect(),
    }
}
