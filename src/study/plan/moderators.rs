//! Moderators: how many it takes for messages to be reviewed in time, and what that costs.

use crate::base::time::Span;
use crate::scenario::plan::Plan;
use crate::scenario::plan::rooms::{ModerationMode, VenuePlan};
use crate::staffing::review::{moderators_needed, reviewed_within};

use super::Wanted;
use super::play::{Halt, Theatre};
use super::share::Share;
use super::stage::Effort;
use super::vary::with_moderators;
use super::watch::Watch;

/// Visits to play with each number of moderators.
const VISITS: f64 = 20_000.0;
/// The most moderators that are tried.
const MOST: u32 = 1_024;
/// What more moderators gain when nobody waits for them any more.
const NOTHING: f64 = 1e-3;
/// How far from 1 the unevenness of messages may be for a formula of independent ones to hold.
const NEAR_POISSON: (f64, f64) = (0.8, 1.25);

/// What moderators are up to.
#[derive(Clone, Debug, PartialEq)]
pub struct Moderators {
    /// What is reviewed, and when.
    pub reviewed: Reviewed,
    /// How many there are today.
    pub today: u32,
    /// Messages to review a second, while the room is open, with as many as are needed.
    pub per_sec: f64,
    /// What a review takes on average, in seconds.
    pub review_secs: f64,
    /// How unevenly messages come: the variance of their number in ten reviews' time by its mean; 1: independently.
    pub unevenness: Option<f64>,
    /// What was played, by the number of moderators.
    pub levels: Vec<Level>,
    /// The fewest of those who review the wanted share in time.
    pub needed: Needed,
    /// The same by formula, where there is one; otherwise why not, in clauses.
    pub formula: Result<Option<u32>, Vec<String>>,
}

/// What moderators review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reviewed {
    /// Every message, before it is published.
    First,
    /// What the automatic filter flags, before it is published; nothing else.
    Flagged,
    /// Every message, once it is out.
    Later,
    /// What somebody has reported.
    Reported,
}

impl Reviewed {
    fn of(venue: &VenuePlan) -> Self {
        match venue.moderation.mode {
            ModerationMode::None { .. } => Self::Flagged,
            ModerationMode::Before => Self::First,
            ModerationMode::After { reported_only: false } => Self::Later,
            ModerationMode::After { reported_only: true } => Self::Reported,
        }
    }

    /// Whether nobody sees a message before.
    #[must_use]
    pub const fn is_first(self) -> bool {
        matches!(self, Self::First | Self::Flagged)
    }
}

/// How many moderators are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// So many.
    Moderators(u32),
    /// Any number is too few: messages take too long even where nobody waits for a moderator.
    Never,
    /// More than were ever tried, which is this.
    MoreThan(u32),
}

/// So many moderators.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// How many.
    pub moderators: u32,
    /// The share of messages that is reviewed in time, of those that are reviewed.
    pub in_time: Share,
    /// The same by formula, where there is one and they keep up.
    pub formula: Option<f64>,
    /// The part of the paid time that goes into reviews.
    pub busy: f64,
    /// What a published message costs, in the scenario's money; none without wages.
    pub cost_per_message: Option<f64>,
}

/// Why there is no plan of moderators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmoderated {
    /// Nothing is ever reviewed.
    NoReviews,
    /// Nobody said anything that would be.
    NoMessages,
}

/// One number of moderators, played.
struct Played {
    level: Level,
    per_sec: f64,
    unevenness: Option<f64>,
}

/// How many moderators a venue needs. The inner `Err` says why there is no answer.
pub(super) fn moderators(
    theatre: &Theatre<'_>,
    plan: &Plan,
    venue: &VenuePlan,
    wanted: Wanted,
    effort: Effort,
) -> Result<Result<Moderators, Unmoderated>, Halt> {
    if !venue.reviews() {
        return Ok(Err(Unmoderated::NoReviews));
    }
    let mut levels: Vec<Played> = Vec::new();
    let play = |moderators: u32| play(theatre, plan, venue, (moderators, wanted.within), effort);
    let mut tried = 1;
    // Twice as many until it is enough, or as good as it gets.
    let enough = loop {
        let Some(played) = play(tried)? else { return Ok(Err(Unmoderated::NoMessages)) };
        let (in_time, busy) = (played.level.in_time.value, played.level.busy);
        let gain = levels.last().map_or(1.0, |fewer| in_time - fewer.level.in_time.value);
        levels.push(played);
        if in_time >= wanted.of {
            break Ok(tried);
        }
        if busy < 0.5 && gain < NOTHING {
            break Err(Needed::Never);
        }
        if tried >= MOST {
            break Err(Needed::MoreThan(MOST));
        }
        tried *= 2;
    };
    let needed = match enough {
        Ok(enough) => {
            // Then the fewest: what is tried lies between half of them, too few, and all.
            let (mut too_few, mut fewest) = (enough / 2, enough);
            while fewest - too_few > 1 {
                let middle = too_few + (fewest - too_few) / 2;
                let Some(played) = play(middle)? else { break };
                *(if played.level.in_time.value >= wanted.of { &mut fewest } else { &mut too_few }) = middle;
                levels.push(played);
            }
            for beside in [fewest + 1, venue.moderation.moderators.max(1)] {
                if levels.iter().all(|played| played.level.moderators != beside) {
                    levels.extend(play(beside)?);
                }
            }
            Needed::Moderators(fewest)
        }
        Err(needed) => needed,
    };
    levels.sort_by_key(|played| played.level.moderators);
    Ok(Ok(summed(venue, wanted, levels, needed)))
}

fn summed(venue: &VenuePlan, wanted: Wanted, levels: Vec<Played>, needed: Needed) -> Moderators {
    let is_needed = |played: &&Played| needed == Needed::Moderators(played.level.moderators);
    let shown = levels.iter().find(is_needed).or(levels.last());
    let (per_sec, unevenness) = shown.map_or((0.0, None), |played| (played.per_sec, played.unevenness));
    let review_secs = venue.moderation.review.mean();
    let formula = match objections(venue, unevenness) {
        why if why.is_empty() => {
            Ok(moderators_needed(per_sec, review_secs, wanted.within.secs(), wanted.of, MOST))
        }
        why => Err(why),
    };
    let with_formula = formula.is_ok();
    let levels = levels.into_iter().map(|played| {
        let of = |moderators| reviewed_within(played.per_sec, review_secs, moderators, wanted.within.secs());
        Level { formula: with_formula.then(|| of(played.level.moderators)).flatten(), ..played.level }
    });
    Moderators {
        reviewed: Reviewed::of(venue),
        today: venue.moderation.moderators,
        per_sec,
        review_secs,
        unevenness,
        levels: levels.collect(),
        needed,
        formula,
    }
}

/// Why the messages' wait is not that of M/M/c, in clauses.
fn objections(venue: &VenuePlan, unevenness: Option<f64>) -> Vec<String> {
    let mut why = Vec::new();
    if Reviewed::of(venue) == Reviewed::Reported {
        why.push("a message waits for a report first".to_owned());
    }
    if venue.moderation.review.exponential_mean().is_none() {
        why.push("reviews are not exponential".to_owned());
    }
    if venue.open.is_some() {
        why.push("it is not always open".to_owned());
    }
    let (least, most) = NEAR_POISSON;
    match unevenness {
        Some(times) if (least..=most).contains(&times) => {}
        Some(times) => {
            let how = if times > most { "in clumps" } else { "evenly" };
            why.push(format!("messages come {how}, {times:.1} times as unevenly as independent ones"));
        }
        None => why.push("how evenly messages come is not known".to_owned()),
    }
    why
}

/// Plays so many moderators; the inner `None`: nothing was there to review.
fn play(
    theatre: &Theatre<'_>,
    plan: &Plan,
    venue: &VenuePlan,
    (moderators, within): (u32, Span),
    effort: Effort,
) -> Result<Option<Played>, Halt> {
    let venue = with_moderators(venue, moderators);
    let stage = effort.stage(plan, &venue, VISITS);
    let watched = theatre.play(&stage, || Watch::new(&stage, within))?;
    let pairs: Vec<(u64, u64)> = watched.iter().map(|watch| (watch.in_time, watch.reviewed)).collect();
    let Some(in_time) = Share::of(&pairs) else { return Ok(None) };
    let sum = |of: fn(&Watch) -> f64| watched.iter().map(of).sum::<f64>();
    let (paid_secs, published) = (sum(|watch| watch.paid.secs()), sum(|watch| watch.published as f64));
    let wage = venue.moderation.wage_per_sec;
    let cost_per_message = (wage > 0.0 && published > 0.0).then(|| wage * paid_secs / published);
    let level = Level {
        moderators,
        in_time,
        formula: None,
        busy: sum(|watch| watch.busy.secs()) / paid_secs,
        cost_per_message,
    };
    let per_sec = sum(|watch| watch.reviewed as f64) / sum(|watch| watch.open_secs);
    let counts: Vec<u64> = watched.iter().flat_map(Watch::by_slice).collect();
    Ok(Some(Played { level, per_sec, unevenness: unevenness(&counts) }))
}

/// The index of dispersion of counts: their variance by their mean (D. R. Cox, P. A. W. Lewis, The Statistical Analysis of
/// Series of Events, 1966, section 4.5).
fn unevenness(counts: &[u64]) -> Option<f64> {
    let n = counts.len() as f64;
    let mean = counts.iter().sum::<u64>() as f64 / n;
    let squares: f64 = counts.iter().map(|count| (*count as f64 - mean) * (*count as f64 - mean)).sum();
    (n > 1.0 && mean > 0.0).then(|| squares / (n - 1.0) / mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_clumps_is_uneven() {
        assert_eq!(unevenness(&[2, 2, 2, 2]), Some(0.0));
        assert_eq!(unevenness(&[0, 8, 0, 0]), Some(8.0));
        assert_eq!(unevenness(&[0, 0]), None);
    }
}
