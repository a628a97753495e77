//! The twin of a run: the very same people in virtual time, paired with the run visit by visit.
//!
//! What differs is what the server, the network or the generator did, for everything else is the same: the draws, the
//! people, the platform. A third simulation, of other people under the same scenario, says how much of the agreement
//! chance alone would give.

use std::collections::BTreeMap;

use super::company::company;
use crate::base::id::{DeskId, VisitId};
use crate::base::time::Moment;
use crate::base::words::{Ending, Outcome};
use crate::record::twin::Differing;
use crate::record::{Body, Comparison, Setting, Twin};
use crate::scenario::plan::Plan;
use crate::sim::replicate::simulate_one;

/// Simulates the people of a run, and pairs them with it. `plan` is what was run, `setting` its bones, `cut` when the run
/// ended if that was before its time: the twin then ends there too. `assumed` is what the twin takes for granted of the
/// target, in sentences.
#[must_use]
pub fn twin(plan: &Plan, setting: &Setting, run: &Body, cut: Option<Moment>, assumed: Vec<String>) -> Twin {
    let mut plan = plan.clone();
    let mut horizon = Moment::ZERO + plan.length + plan.run.drain;
    if let Some(cut) = cut {
        plan.length = plan.length.min(cut.since(Moment::ZERO));
        horizon = horizon.min(cut);
    }
    let body = simulated(&plan, setting, horizon);
    let unrelated_seed = plan.seed.wrapping_add(1_000_003);
    let others = simulated(&Plan { seed: unrelated_seed, ..plan }, setting, horizon);
    let mut comparison = compare(run, &body);
    let chance = compare(run, &others);
    comparison.unrelated_seed = unrelated_seed;
    comparison.unrelated_paired = chance.paired;
    comparison.unrelated_same = chance.same_ending;
    comparison.rooms = company(&run.guests, &body.guests);
    comparison.unrelated_rooms = company(&run.guests, &others.guests);
    comparison.assumed = assumed;
    Twin { body, comparison }
}

/// Replication 0 of `plan`, recorded as a run is.
fn simulated(plan: &Plan, setting: &Setting, horizon: Moment) -> Body {
    let one = simulate_one(plan, &setting.layout(), setting.sectioning(0), horizon);
    let mut body = Body::default();
    body.add_delta(&one.sections, &one.timeline);
    body.add_outcomes(&one.outcomes);
    body.add_guests(&one.guests);
    body.outcomes_truncated |= one.outcomes_truncated;
    body
}

/// Pairs the visits of a run with those of a simulation.
fn compare(run: &Body, twin: &Body) -> Comparison {
    let mut left: BTreeMap<(DeskId, VisitId), &Outcome> = by_visit(twin);
    let mut comparison = Comparison::default();
    for (key, in_run) in by_visit(run) {
        let Some(in_twin) = left.remove(&key) else {
            comparison.only_in_run += 1;
            continue;
        };
        let same = in_run.ending == in_twin.ending;
        let queued = in_run.delayed || in_twin.delayed;
        comparison.paired += 1;
        comparison.same_ending += u64::from(same);
        comparison.queued_paired += u64::from(queued);
        comparison.queued_same += u64::from(queued && same);
        if !same && comparison.differing.len() < Comparison::MOST_DIFFERING {
            comparison.differing.push(differing(in_run, in_twin));
        }
    }
    comparison.only_in_twin = left.len() as u64;
    comparison
}

fn by_visit(body: &Body) -> BTreeMap<(DeskId, VisitId), &Outcome> {
    body.outcomes.iter().map(|outcome| ((outcome.desk, outcome.visit), outcome)).collect()
}

fn differing(in_run: &Outcome, in_twin: &Outcome) -> Differing {
    let word = |ending: Ending| ending.name().to_owned();
    Differing {
        desk: in_run.desk.0,
        visit: in_run.visit.to_string(),
        start_nanos: in_run.start.nanos(),
        in_run: word(in_run.ending),
        in_run_nanos: in_run.ended.nanos(),
        in_twin: word(in_twin.ending),
        in_twin_nanos: in_twin.ended.nanos(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::TopicId;
    use crate::base::words::{Channel, Sale};

    fn visit(index: u64, ending: Ending, delayed: bool) -> Outcome {
        Outcome {
            desk: DeskId(0),
            visit: VisitId { population: crate::base::id::PopulationId(0), index, attempt: 0 },
            topic: TopicId(0),
            channel: Channel::Chat,
            start: Moment::from_nanos(index),
            delayed,
            assigned: None,
            responded: None,
            cannot_call: false,
            sale: Sale::NoIntent,
            callback_from: None,
            outright: false,
            ended: Moment::from_nanos(100 + index),
            ending,
        }
    }

    fn body(outcomes: Vec<Outcome>) -> Body {
        Body { outcomes, ..Body::default() }
    }

    #[test]
    fn visits_are_paired_by_key_whatever_their_order() {
        let run = body(vec![
            visit(2, Ending::AbandonedQueue, true),
            visit(0, Ending::Resolved, false),
            visit(1, Ending::Resolved, true),
            visit(7, Ending::Resolved, false),
        ]);
        let twin = body(vec![
            visit(0, Ending::Resolved, false),
            visit(1, Ending::Resolved, false),
            visit(2, Ending::Resolved, true),
            visit(9, Ending::Resolved, false),
        ]);
        let comparison = compare(&run, &twin);
        assert_eq!((comparison.paired, comparison.same_ending), (3, 2));
        assert_eq!((comparison.queued_paired, comparison.queued_same), (2, 1));
        assert_eq!((comparison.only_in_run, comparison.only_in_twin), (1, 1));
        assert_eq!(comparison.differing.len(), 1);
        assert_eq!(comparison.differing[0].in_run, "abandoned.queue");
    }
}
