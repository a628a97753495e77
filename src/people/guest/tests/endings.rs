//! How a visit ends, and what follows.

use super::*;
use crate::base::dist::Law;
use crate::base::id::DeskId;
use crate::scenario::plan::rooms::{DeflectPlan, Opening, ReturnPlan};

fn open(openings: &[(u64, u64)]) -> Option<Vec<Opening>> {
    Some(openings.iter().map(|(from, to)| Opening { from: at(*from), to: at(*to) }).collect())
}

fn returns(met: f64, unanswered: f64, alone: f64, after: f64) -> Option<ReturnPlan> {
    Some(ReturnPlan { met, unanswered, alone, after: Law::constant(after) })
}

#[test]
fn the_room_closes_on_those_who_are_in_it() {
    let plan = with(|venue| venue.open = open(&[(0, 500)]));
    let mut stage = Stage::entered(&plan, 450, 1);
    stage.rings(Reason::ClosingTime);
    assert_eq!(stage.endings(), [(GuestEnding::Closed, 500)]);
    assert_eq!(stage.script.acts().last(), Some(&GuestAct::Leave));
    assert_eq!(stage.script.first(), None);
}

#[test]
fn who_comes_while_it_is_closed_never_enters() {
    let plan = with(|venue| venue.open = open(&[(0, 500)]));
    let mut stage = Stage::new(&plan);
    stage.tell(500, GuestEvent::Start);
    assert_eq!(stage.endings(), [(GuestEnding::Closed, 500)]);
    assert_eq!((stage.script.acts(), stage.visits()[0].entered), (Vec::new(), None));
}

#[test]
fn who_comes_back_depends_on_how_it_was() {
    let outcome = |returns, asks: f64, others| {
        let plan = with(|venue| (venue.returns, venue.questions.share) = (returns, asks));
        let mut stage = Stage::entered(&plan, 0, others);
        stage.rings(if others > 0 { Reason::Stayed } else { Reason::Deserted });
        stage.due(Reason::Revisit)
    };
    assert_eq!(outcome(returns(1.0, 0.0, 0.0, 60.0), 0.0, 1), Some(160));
    assert_eq!(outcome(returns(0.0, 1.0, 1.0, 60.0), 0.0, 1), None);
    assert_eq!(outcome(returns(0.0, 1.0, 0.0, 60.0), 1.0, 1), Some(160));
    assert_eq!(outcome(returns(1.0, 0.0, 1.0, 60.0), 1.0, 1), None);
    assert_eq!(outcome(returns(0.0, 0.0, 1.0, 60.0), 0.0, 0), Some(100));
    assert_eq!(outcome(returns(1.0, 1.0, 0.0, 60.0), 1.0, 0), None, "unanswered, for nobody was there");
}

#[test]
fn a_return_is_a_further_visit_of_the_same_guest() {
    let plan = with(|venue| venue.returns = returns(1.0, 1.0, 1.0, 60.0));
    let mut stage = Stage::entered(&plan, 0, 1);
    stage.rings(Reason::Stayed).rings(Reason::Revisit);
    let enter = GuestAct::Enter { venue: VenueId(0), room: RoomId(0) };
    assert_eq!(stage.script.acts(), [enter, GuestAct::Leave, enter]);
    stage.news(160, GuestNews::Entered { others: 0 }).rings(Reason::Deserted);
    let visits = stage.visits();
    assert_eq!(stage.endings(), [(GuestEnding::Stayed, 100), (GuestEnding::Deserted, 200)]);
    assert_eq!((visits[0].visit.attempt, visits[1].visit.attempt), (0, 1));
    assert_eq!((visits[1].start, visits[1].met), (at(160), None), "nothing is left of the first visit");
    assert!(!stage.guest.is_gone());
}

#[test]
fn nobody_comes_back_once_the_doors_are_closed() {
    let plan = with(|venue| venue.returns = returns(1.0, 1.0, 1.0, 900.0));
    let mut stage = Stage::entered(&plan, 0, 1);
    stage.rings(Reason::Stayed);
    assert!(stage.guest.is_gone());
}

#[test]
fn who_would_come_back_to_a_closed_room_comes_to_its_next_opening() {
    let plan = with(|venue| {
        venue.returns = returns(1.0, 1.0, 1.0, 300.0);
        venue.open = open(&[(0, 200), (500, 600), (700, 900)]);
    });
    let mut stage = Stage::entered(&plan, 0, 1);
    stage.rings(Reason::Stayed);
    let due = stage.due(Reason::Revisit).expect("comes back");
    assert!((500..600).contains(&due), "{due}");
    stage.rings(Reason::Revisit);
    assert_eq!(stage.due(Reason::ClosingTime), Some(600));

    let closed_for_good = with(|venue| {
        venue.returns = returns(1.0, 1.0, 1.0, 300.0);
        venue.open = open(&[(0, 200)]);
    });
    let mut stage = Stage::entered(&closed_for_good, 0, 1);
    stage.rings(Reason::Stayed);
    assert!(stage.guest.is_gone());
}

/// A room whose guests all put a question that would go to the desk, and come back.
fn deflecting() -> Plan {
    with(|venue| {
        venue.questions.share = 1.0;
        venue.deflects = Some(DeflectPlan { share: 1.0, desk: DeskId(0) });
        venue.returns = returns(1.0, 1.0, 1.0, 60.0);
    })
}

fn turns(stage: &Stage<'_>) -> usize {
    stage.script.acts().iter().filter(|act| matches!(act, GuestAct::TurnToDesk(_))).count()
}

#[test]
fn who_was_not_answered_turns_to_the_desk_after_every_visit_as_another() {
    let plan = deflecting();
    let mut stage = Stage::entered(&plan, 0, 1);
    stage.rings(Reason::Stayed);
    let first = stage.visits()[0].visit;
    assert_eq!(stage.script.acts()[2..], [GuestAct::Leave, GuestAct::TurnToDesk(first.at_desk())]);
    stage.rings(Reason::Revisit).news(160, GuestNews::Entered { others: 1 }).rings(Reason::Stayed);
    let asked: Vec<_> = stage.visits().iter().filter_map(|visit| visit.asked).collect();
    assert_eq!(
        asked.iter().map(|asked| (asked.desk_bound, asked.turned)).collect::<Vec<_>>(),
        [(true, true), (true, true)]
    );
    let turned: Vec<VisitId> = stage.visits().iter().map(|visit| visit.visit.at_desk()).collect();
    assert_eq!(turns(&stage), 2);
    assert!(!turned[0].same_person(turned[1]), "another question is another visitor: {turned:?}");
}

#[test]
fn who_was_answered_or_stays_until_the_doors_are_closed_does_not_turn_to_the_desk() {
    let plan = deflecting();
    let mut stage = Stage::entered(&plan, 0, 1);
    let answer = heard(post_id(1, 2), PostKind::Answer(post_id(0, 0)));
    stage.news(3, GuestNews::Heard(answer)).rings(Reason::Stayed);
    assert_eq!(turns(&stage), 0);
    let mut stage = Stage::entered(&plan, 950, 1);
    stage.rings(Reason::Stayed);
    assert_eq!((turns(&stage), stage.endings()), (0, vec![(GuestEnding::Stayed, 1_050)]));
}

#[test]
fn who_is_refused_does_not_come_back() {
    let plan = with(|venue| venue.returns = returns(1.0, 1.0, 1.0, 60.0));
    let mut stage = Stage::new(&plan);
    stage.tell(0, GuestEvent::Start).news(2, GuestNews::Refused);
    assert_eq!(stage.endings(), [(GuestEnding::Refused, 2)]);
    for others in [0, 3] {
        let mut stage = Stage::entered(&plan, 0, others);
        stage.news(5, GuestNews::Refused);
        assert_eq!(stage.endings(), [(GuestEnding::Refused, 5)], "put out");
        assert_eq!((stage.guest.is_gone(), stage.script.first()), (true, None));
    }
    assert!(stage.guest.is_gone());
}

#[test]
fn whatever_state_the_end_finds_a_guest_in() {
    let plan = with(|venue| {
        venue.returns = returns(1.0, 1.0, 1.0, 60.0);
        venue.talk_per_sec = [0.0, 0.0, 0.01];
        venue.open = open(&[(0, 900)]);
    });
    let cut_off: [fn(&mut Stage<'_>); 5] = [
        |_| {},
        |stage| {
            stage.tell(0, GuestEvent::Start);
        },
        |stage| {
            stage.tell(0, GuestEvent::Start).news(0, GuestNews::Entered { others: 0 });
        },
        |stage| {
            stage.tell(0, GuestEvent::Start).news(0, GuestNews::Entered { others: 1 });
            stage.news(5, GuestNews::Heard(heard(post_id(1, 0), PostKind::Question)));
            stage.news(6, GuestNews::Heard(harm(post_id(1, 1))));
        },
        |stage| {
            stage.tell(0, GuestEvent::Start).news(0, GuestNews::Entered { others: 0 });
            stage.news(0, GuestNews::Company).rings(Reason::Stayed);
        },
    ];
    for end in [GuestEvent::Lost, GuestEvent::Horizon] {
        let unfinished: [Vec<(GuestEnding, u64)>; 5] = cut_off.map(|until| {
            let mut stage = Stage::new(&plan);
            until(&mut stage);
            let before = stage.visits().len();
            stage.tell(300, end);
            assert!(stage.guest.is_gone());
            assert_eq!(stage.script.first(), None, "a timer is left");
            let acts = stage.script.acts();
            stage.tell(301, GuestEvent::Horizon);
            assert_eq!(stage.script.acts(), acts, "one who is gone does nothing");
            stage.visits()[before..].iter().map(|visit| (visit.ending, whole_secs(visit.ended))).collect()
        });
        let visit = vec![(GuestEnding::Unfinished, 300)];
        assert_eq!(unfinished, [vec![], visit.clone(), visit.clone(), visit, vec![]], "{end:?}");
    }
}
