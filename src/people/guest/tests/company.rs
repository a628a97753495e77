//! The stay and the patience for being alone.

use super::*;
use crate::base::dist::Law;

#[test]
fn alone_the_clock_of_the_stay_stands_still() {
    let plan = room();
    let mut stage = Stage::entered(&plan, 0, 0);
    assert_eq!((stage.due(Reason::Deserted), stage.due(Reason::Stayed)), (Some(40), None));
    stage.news(30, GuestNews::Company);
    assert_eq!((stage.due(Reason::Deserted), stage.due(Reason::Stayed)), (None, Some(130)));
    stage.news(50, GuestNews::Alone);
    assert_eq!((stage.due(Reason::Deserted), stage.due(Reason::Stayed)), (Some(90), None));
    // 20 of the 100 s are over.
    stage.news(85, GuestNews::Company).rings(Reason::Stayed);
    assert_eq!(stage.endings(), [(GuestEnding::Stayed, 165)]);
    let visit = stage.visits()[0];
    assert_eq!((visit.found_nobody, visit.met), (true, Some(at(30))));
    assert!(!visit.frustrated());
    assert_eq!(stage.script.acts().last(), Some(&GuestAct::Leave));
    assert_eq!(stage.script.first(), None, "nothing is left to ring");
}

#[test]
fn who_finds_somebody_has_met_them() {
    let plan = room();
    let mut stage = Stage::entered(&plan, 7, 2);
    stage.rings(Reason::Stayed);
    let visit = stage.visits()[0];
    assert_eq!((visit.start, visit.entered), (at(7), Some(at(7))));
    assert_eq!((visit.found_nobody, visit.met, visit.ended), (false, Some(at(7)), at(107)));
}

#[test]
fn the_patience_for_being_alone_is_drawn_anew_each_time() {
    let law = Law::exponential(1_000.0);
    let plan = with(|venue| venue.alone_patience = Some(law.clone()));
    let mut stage = Stage::entered(&plan, 0, 0);
    let waits = |stage: &Stage<'_>, from: Moment| {
        stage.script.due(Timer::own(Reason::Deserted)).expect("waits").since(from)
    };
    let first = waits(&stage, at(0));
    stage.news(1, GuestNews::Company).news(2, GuestNews::Alone);
    let second = waits(&stage, at(2));
    let drawn = |k| law.span(&mut stage.guest.draws().stream(Purpose::AlonePatience, k));
    assert_eq!((first, second), (drawn(0), drawn(1)));
    assert_ne!(first, second);
}

#[test]
fn who_is_alone_for_too_long_leaves_frustrated() {
    let plan = room();
    let mut stage = Stage::entered(&plan, 10, 0);
    stage.rings(Reason::Deserted);
    assert_eq!(stage.endings(), [(GuestEnding::Deserted, 50)]);
    let visit = stage.visits()[0];
    assert!(visit.met.is_none() && visit.frustrated());
    assert!(stage.guest.is_gone());
    // What was on its way finds nobody.
    stage.news(51, GuestNews::Company).tell(60, GuestEvent::Horizon);
    assert_eq!(stage.visits().len(), 1);
}

#[test]
fn without_such_a_patience_the_stay_runs_in_any_case() {
    let plan = with(|venue| venue.alone_patience = None);
    let mut stage = Stage::entered(&plan, 0, 0);
    assert_eq!((stage.due(Reason::Stayed), stage.due(Reason::Deserted)), (Some(100), None));
    stage.news(30, GuestNews::Company);
    assert_eq!(stage.due(Reason::Stayed), Some(100));
    stage.news(60, GuestNews::Alone);
    assert_eq!((stage.due(Reason::Stayed), stage.due(Reason::Deserted)), (Some(100), None));
    stage.rings(Reason::Stayed);
    assert_eq!(stage.endings(), [(GuestEnding::Stayed, 100)]);
}

#[test]
fn news_that_crosses_the_own_coming_changes_nothing() {
    let plan = room();
    let mut stage = Stage::new(&plan);
    stage.tell(0, GuestEvent::Start).news(0, GuestNews::Company).news(0, GuestNews::Alone);
    assert_eq!(stage.script.first(), None);
    stage.news(1, GuestNews::Entered { others: 1 }).news(2, GuestNews::Company);
    stage.news(3, GuestNews::Entered { others: 0 });
    assert_eq!(stage.due(Reason::Stayed), Some(101));
}
