//! Visitors who think for so long that the agent takes them for ghosts: the chat is closed on somebody who is there. That
//! happens at real desks, but to few; where it happens to many, `ghost_timeout` and `think` do not go together, or
//! `calibrate` had to solve for more thinking than anybody waits for.

use crate::base::dist::Law;
use crate::base::time::Span;

use super::plan::{Content, DeskPlan, Plan, TalkPlan};
use super::quantity::{duration_text, share_text};

/// What may happen to so many chats without a word about it.
const FEW: f64 = 0.02;
/// The probability of a longer conversation that is not looked at.
const TAIL: f64 = 1e-4;
/// The most exchanges that are looked at.
const MOST: u32 = 10_000;

impl Plan {
    /// The desks whose agents would take more than a few of their visitors for ghosts.
    #[must_use]
    pub fn taken_for_ghosts(&self) -> Vec<String> {
        let many = |desk: &DeskPlan| {
            let timeout = desk.leaving.ghost_timeout;
            let share: f64 =
                desk.topics.iter().map(|topic| topic.share * closed_on(&topic.content, timeout)).sum();
            (share > FEW).then(|| {
                format!(
                    "{}: {} of the chats would be closed on visitors who are there, and think for longer than \
                     ghost_timeout ({}): they end unresolved, and are taken for ghosts",
                    desk.name,
                    share_text((share * 100.0).round() / 100.0),
                    duration_text(timeout)
                )
            })
        };
        self.desks.iter().filter_map(many).collect()
    }
}

/// The share of chats played to their end in which the visitor once thinks for longer than that.
fn closed_on(content: &Content, timeout: Span) -> f64 {
    match content {
        Content::Talk(talk) if timeout != Span::NEVER => {
            1.0 - spared(talk, within(&talk.think, timeout.secs()))
        }
        _ => 0.0,
    }
}

/// The share of chats in which each thought, one before every message but the first, is in time with this probability.
fn spared(talk: &TalkPlan, in_time: f64) -> f64 {
    let (mut spared, mut all_in_time, mut seen) = (0.0, 1.0, 0.0);
    for exchanges in 1..=MOST {
        let p = talk.exchanges.probability(exchanges);
        spared += p * all_in_time;
        seen += p;
        all_in_time *= in_time;
        if 1.0 - seen < TAIL || all_in_time < TAIL {
            break;
        }
    }
    // What is not looked at is counted as spared.
    spared + if all_in_time < TAIL { 0.0 } else { (1.0 - seen).max(0.0) }
}

/// The probability that a law gives no more than `secs`, by halving: of its quantiles, which never fall.
fn within(law: &Law, secs: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        *(if law.quantile(middle) <= secs { &mut low } else { &mut high }) = middle;
    }
    low
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::parse;

    fn warned(conversation: &str) -> Vec<String> {
        let text = format!(
            "name: x\nlength: 2h\nsupport:\n  arrivals: {{rate: 6/h}}\n  patience: never\n  ghost_timeout: 2m\n  \
             conversation: {conversation}\n  agents: {{count: 10}}\n"
        );
        let scenario = parse("x.yaml", text, Path::new("."));
        scenario.unwrap_or_else(|problems| panic!("{problems}")).plan.taken_for_ghosts()
    }

    #[test]
    fn the_share_is_that_of_chats_with_one_thought_too_long() {
        assert!((within(&Law::exponential(60.0), 120.0) - (1.0 - libm::exp(-2.0))).abs() < 1e-9);
        // With e^−2 of the thoughts too long and 3 exchanges, 1 − (1 − e^−2)² = 25.2 % of the chats are.
        let some = warned("{exchanges: 3, think: {exponential: {mean: 60s}}}");
        assert!(some[0].starts_with("support: 25% of the chats"), "{some:?}");
        // Geometric of mean 5: all but one in five have a second message.
        assert!(warned("{think: 121s}")[0].starts_with("support: 80% of the chats"));
        assert_eq!(warned("{think: 120s}"), Vec::<String>::new());
        assert_eq!(warned("{exchanges: 1, think: 10m}"), Vec::<String>::new());
        assert_eq!(warned("{}"), Vec::<String>::new());
    }

    #[test]
    fn calibration_that_needs_such_thoughts_is_told_of() {
        assert_eq!(warned("{calibrate: {handling_time: 660s, at_concurrency: 1}}").len(), 1);
        assert_eq!(warned("{calibrate: {handling_time: 360s, at_concurrency: 1}}").len(), 0);
    }
}
