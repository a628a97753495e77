//! What was solved for a scenario, not typed: how typing tires, and how long visitors think.
//!
//! A what-if holds it: people stay who they are when the staffing, the topics or the tools change, and that an escalation
//! rate or a handling time then moves is what is asked for. Solved anew for every what-if, the rate would stay where it was
//! and the people would change.

use std::collections::BTreeMap;

/// What was solved, by the path of the desk or topic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Solved {
    /// h0: the hazard of asking for the phone with nothing typed, at no complexity.
    pub(super) hazards: BTreeMap<String, f64>,
    /// How many times as long as typed visitors think.
    pub(super) thinking: BTreeMap<String, f64>,
}

impl Solved {
    /// The same without what these keys are there to determine, where they are given beside the scenario.
    pub(super) fn but_for(&self, amendments: &[(String, String)]) -> Self {
        let mut held = self.clone();
        for (key, _) in amendments {
            let desk = desk_of(key);
            if key.contains(".escalation")
                && !key.contains(".escalation.per_")
                && !key.contains(".escalation.to")
            {
                held.hazards.retain(|path, _| desk_of(path) != desk);
            }
            if key.contains(".calibrate") {
                held.thinking.retain(|path, _| desk_of(path) != desk);
            }
        }
        held
    }
}

/// The part of a path that says which desk it is about: `support`, `desks.sales`.
fn desk_of(path: &str) -> &str {
    let parts = if path.starts_with("desks.") { 2 } else { 1 };
    path.match_indices('.').nth(parts - 1).map_or(path, |(end, _)| &path[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_anew_is_solved_anew() {
        let mut solved = Solved::default();
        for path in ["support.topics.a", "desks.sales.topics.b"] {
            solved.hazards.insert(path.to_owned(), 0.1);
        }
        solved.thinking.insert("support".to_owned(), 2.0);
        let left = |key: &str| {
            let held = solved.but_for(&[(key.to_owned(), String::new())]);
            (held.hazards.len(), held.thinking.len())
        };
        assert_eq!(left("support.topics.a.complexity"), (2, 1));
        assert_eq!(left("support.escalation.per_word"), (2, 1));
        assert_eq!(left("support.topics.a.escalation.rate"), (1, 1));
        assert_eq!(left("desks.sales.escalation"), (1, 1));
        assert_eq!(left("support.conversation.calibrate.handling_time"), (2, 0));
    }
}
