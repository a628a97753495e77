//! Talk, questions and answers, harm and reports.

use super::*;
use crate::base::words::rooms::Fate;
use crate::scenario::plan::rooms::{FilterPlan, ModerationMode};

/// A room whose guests all put a question.
fn asking() -> Plan {
    with(|venue| venue.questions.share = 1.0)
}

fn answer(index: u64, question: PostId) -> GuestNews {
    GuestNews::Heard(heard(post_id(index, 4), PostKind::Answer(question)))
}

fn question(index: u64) -> GuestNews {
    GuestNews::Heard(heard(post_id(index, 0), PostKind::Question))
}

#[test]
fn a_question_is_put_on_entering_and_answered_by_the_first() {
    let plan = asking();
    let mut stage = Stage::entered(&plan, 5, 1);
    assert_eq!(stage.said(), [(0, PostKind::Question)]);
    // Somebody else's answer, then two of one's own.
    stage
        .news(6, answer(2, post_id(1, 0)))
        .news(9, answer(2, post_id(0, 0)))
        .news(12, answer(3, post_id(0, 0)));
    stage.rings(Reason::Stayed);
    let asked = stage.visits()[0].asked.expect("a question");
    assert_eq!((asked.at, asked.answered), (at(5), Some(at(9))));
    assert!(!stage.visits()[0].frustrated());
}

#[test]
fn who_is_left_without_an_answer_is_frustrated_in_company_too() {
    let plan = asking();
    let mut stage = Stage::entered(&plan, 5, 1);
    stage.news(
        6,
        GuestNews::Heard(Post { harmful: true, ..heard(post_id(2, 1), PostKind::Answer(post_id(0, 0))) }),
    );
    stage.rings(Reason::Stayed);
    let visit = stage.visits()[0];
    assert!(visit.unanswered() && visit.frustrated() && visit.met.is_some(), "harm is no answer: {visit:?}");
}

#[test]
fn the_active_answer_unless_somebody_has() {
    let plan = room();
    let mut stage = Stage::entered(&plan, 0, 3);
    stage.news(10, question(1)).news(12, question(2)).news(13, question(3));
    assert_eq!(stage.due(Reason::Reply), Some(15));
    stage.news(14, answer(4, post_id(2, 0))).rings(Reason::Reply);
    assert_eq!(stage.said(), [(0, PostKind::Answer(post_id(1, 0)))]);
    assert_eq!(stage.due(Reason::Reply), Some(18), "the second is answered by somebody else");
    stage.news(16, answer(4, post_id(3, 0)));
    assert_eq!(stage.due(Reason::Reply), None);
}

#[test]
fn two_answers_that_are_due_at_once_are_both_given() {
    let plan = room();
    let mut stage = Stage::entered(&plan, 0, 3);
    stage.news(10, question(1)).news(10, question(2)).rings(Reason::Reply);
    let answers = [1, 2].map(|index| PostKind::Answer(post_id(index, 0)));
    assert_eq!(stage.said(), [(0, answers[0]), (1, answers[1])]);
    assert_eq!(stage.due(Reason::Reply), None);
}

#[test]
fn lurkers_and_those_who_do_not_know_answer_nothing() {
    for plan in [with(|venue| venue.roles = [1.0, 0.0, 0.0]), with(|venue| venue.questions.answered_by = 0.0)]
    {
        let mut stage = Stage::entered(&plan, 0, 3);
        stage.news(10, question(1));
        assert_eq!(stage.due(Reason::Reply), None);
    }
}

#[test]
fn talk_needs_company() {
    let plan = with(|venue| venue.talk_per_sec = [0.0, 0.0, 0.05]);
    let mut stage = Stage::entered(&plan, 0, 0);
    let talks = |stage: &Stage<'_>| stage.script.due(Timer::own(Reason::Talk));
    assert_eq!(talks(&stage), None);
    stage.news(1, GuestNews::Company);
    let first = talks(&stage).expect("has something to say");
    stage.rings(Reason::Talk);
    assert_eq!(stage.said(), [(0, PostKind::Talk)]);
    let second = talks(&stage).expect("has something more to say");
    assert_ne!(first.since(at(1)), second.since(first));
    stage.news(2, GuestNews::Alone);
    assert_eq!(talks(&stage), None);
}

#[test]
fn the_fate_of_a_message_is_that_of_the_rules() {
    let filter = |holds| Some(FilterPlan { catches: 0.0, mistakes: 1.0, holds });
    for (mode, filter, expected) in [
        (ModerationMode::None { hidden_after: None }, None, Fate::Published),
        (ModerationMode::After { reported_only: false }, None, Fate::Published),
        (ModerationMode::Before, None, Fate::Held),
        (ModerationMode::Before, filter(false), Fate::Blocked),
        (ModerationMode::After { reported_only: true }, filter(true), Fate::Held),
    ] {
        let mut plan = asking();
        (plan.venues[0].moderation.mode, plan.venues[0].moderation.filter) = (mode, filter);
        let stage = Stage::entered(&plan, 3, 1);
        let (venue, room) = (VenueId(0), RoomId(0));
        let posted = RoomObservation::Posted { venue, room, at: at(3), fate: expected, harmful: false };
        assert_eq!(stage.script.observed().last(), Some(&Observation::Room(posted)));
    }
}

#[test]
fn harm_is_seen_reported_and_lost_from_sight() {
    let plan = room();
    let mut stage = Stage::entered(&plan, 0, 1);
    let (first, second) = (post_id(1, 1), post_id(1, 2));
    stage.news(10, GuestNews::Heard(harm(first))).news(12, GuestNews::Heard(harm(second)));
    assert_eq!(stage.due(Reason::Report), Some(13));
    stage.rings(Reason::Report);
    assert_eq!(stage.script.acts().last(), Some(&GuestAct::Report(first)));
    let reported = RoomObservation::Reported { venue: VenueId(0), at: at(13) };
    assert_eq!(stage.script.observed().last(), Some(&Observation::Room(reported)));
    // The second is removed before it is reported.
    stage.news(14, GuestNews::OutOfSight(second));
    assert_eq!(stage.due(Reason::Report), None);
    // What was never in sight does not go out of it; what is, stays until the guest leaves.
    stage.news(15, GuestNews::OutOfSight(post_id(7, 7))).rings(Reason::Stayed);
    assert_eq!(stage.exposures(), [(12, 14), (10, 100)]);
}

#[test]
fn not_everybody_reports() {
    let plan = with(|venue| venue.harm.reported_by = 0.0);
    let mut stage = Stage::entered(&plan, 0, 1);
    stage.news(10, GuestNews::Heard(harm(post_id(1, 1))));
    assert_eq!(stage.due(Reason::Report), None);
    stage.tell(20, GuestEvent::Horizon);
    assert_eq!(stage.exposures(), [(10, 20)]);
}
