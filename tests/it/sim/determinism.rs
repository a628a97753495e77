//! The same plan and seed give the same to the bit, however many threads there are.

use crate::plans::simulated;

use super::visitors::busy_day;

#[test]
fn the_number_of_threads_changes_nothing() {
    let mut plan = busy_day(9);
    plan.replications = 7;
    let alone = simulated(&plan, 1);
    assert_eq!(alone.sections.len(), 7);
    assert!(!alone.outcomes.is_empty());
    for threads in [1, 2, 3] {
        let again = simulated(&plan, threads);
        assert!(again.sections == alone.sections, "sections differ on {threads} threads");
        assert!(again.timeline == alone.timeline, "timelines differ on {threads} threads");
        assert!(again.outcomes == alone.outcomes, "outcomes differ on {threads} threads");
        assert_eq!((again.visitors, again.events), (alone.visitors, alone.events));
    }
}

#[test]
fn more_replications_leave_the_first_ones_as_they_were() {
    let mut plan = busy_day(9);
    plan.replications = 3;
    let few = simulated(&plan, 2);
    plan.replications = 5;
    let more = simulated(&plan, 2);
    assert!(more.sections[..3] == few.sections);
    assert!(more.outcomes == few.outcomes);
    assert!(few.sections[0].desks != few.sections[1].desks, "replications are not copies of each other");
}

#[test]
fn another_seed_is_another_day() {
    let plan = busy_day(9);
    let mut other = plan.clone();
    other.seed += 1;
    assert!(simulated(&plan, 1).outcomes != simulated(&other, 1).outcomes);
}
