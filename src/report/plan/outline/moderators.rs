//! How many moderators, and what they do.

use crate::report::number;
use crate::report::plan::asked;
use crate::study::plan::{Moderators, Needed, Reviewed, Unmoderated, Wanted};

use super::{Section, heads, hourly, interval, today};

pub(super) fn moderators(
    moderators: &Result<Moderators, Unmoderated>,
    wanted: Wanted,
    currency: Option<&str>,
) -> Section {
    let within = number::bound(wanted.within.secs());
    let cost =
        currency.map_or("message".to_owned(), |currency| format!("{}/message", number::plain(currency)));
    let mut heads = heads(&["number", "", "95 % interval", "by formula", "busy", &cost]);
    heads[1] = format!("within {within}");
    let (title, caption) = ("moderators", "By their number");
    let plan = match moderators {
        Ok(plan) => plan,
        Err(why) => {
            let said = match why {
                Unmoderated::NoReviews => "Nothing is ever reviewed: there are no moderators to plan.",
                Unmoderated::NoMessages => {
                    "Nobody said anything that is reviewed: there are no moderators to plan."
                }
            };
            return Section { title, said: vec![said.to_owned()], caption, heads, rows: Vec::new() };
        }
    };
    let levels = plan.levels.iter().map(|level| {
        vec![
            number::count(level.moderators.into()) + today(level.moderators == plan.today),
            number::share(level.in_time.value),
            interval(level.in_time),
            level.formula.map(number::share).unwrap_or_default(),
            number::share(level.busy),
            level.cost_per_message.map(number::money).unwrap_or_default(),
        ]
    });
    Section { title, said: of_moderators(plan, wanted), caption, heads, rows: levels.collect() }
}

fn of_moderators(plan: &Moderators, wanted: Wanted) -> Vec<String> {
    let order = match plan.reviewed {
        Reviewed::First => "Messages are published once they are reviewed",
        Reviewed::Flagged => "Messages that the filter flags are published once they are reviewed",
        Reviewed::Later => "Messages are reviewed once they are out",
        Reviewed::Reported => "Messages are reviewed once somebody has reported them",
    };
    let done = if plan.reviewed.is_first() { "published" } else { "reviewed" };
    let (share, within) = (asked(wanted.of), number::bound(wanted.within.secs()));
    let people = |n: u32| number::of(n.into(), "moderator");
    let formula = match (&plan.formula, plan.needed) {
        (Ok(Some(formula)), _) => format!(", by formula {}", number::count((*formula).into())),
        _ => String::new(),
    };
    let mut said = vec![
        format!(
            "{order}: {} messages/h while it is open, {} of work each.",
            hourly(plan.per_sec),
            number::bound(plan.review_secs)
        ),
        match plan.needed {
            Needed::Moderators(n) => format!(
                "{share} are {done} within {within} with {}{formula}; today there {} {}.",
                people(n),
                if plan.today == 1 { "is" } else { "are" },
                number::count(plan.today.into())
            ),
            Needed::Never => format!(
                "{share} are never {done} within {within}, however many moderators there are: a message takes longer even \
                 where nobody waits."
            ),
            Needed::MoreThan(most) => {
                format!("{share} are not {done} within {within} with {}.", people(most))
            }
        },
    ];
    if let Err(why) = &plan.formula {
        said.push(format!("No formula holds: {}.", why.join(", ")));
    }
    said
}
