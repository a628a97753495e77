//! What a visitor does, event by event.

use super::super::script::{Script, plan};
use super::*;
use crate::base::dist::Law;
use crate::base::time::Span;
use crate::scenario::plan::{CallbackPlan, Plan, RetryPlan};

fn at(secs: u64) -> Moment {
    Moment::from_nanos(secs * 1_000_000_000)
}

fn callback() -> CallbackPlan {
    CallbackPlan {
        offer_after: Span::from_secs(10.0),
        accepted: 1.0,
        within: Span::from_secs(500.0),
        reached: 0.0,
        tries: 2,
        ring: Span::from_secs(5.0),
        again_after: Span::from_secs(40.0),
    }
}

struct Stage<'a> {
    scene: Scene<'a>,
    visitor: Visitor,
    script: Script<VisitorAct>,
}

impl<'a> Stage<'a> {
    fn new(plan: &'a Plan) -> Self {
        let scene = Scene { plan, replication: 0, messages: true };
        let draws = Draws::of_population(1, 0, "support").visitor(0);
        let visitor = Visitor::new(&scene, crate::base::id::PopulationId(0), 0, draws);
        Self { scene, visitor, script: Script::new() }
    }

    fn tell(&mut self, secs: u64, event: VisitorEvent) -> &mut Self {
        self.visitor.handle(at(secs), event, &self.scene, &mut self.script);
        self
    }

    fn news(&mut self, secs: u64, news: VisitorNews) -> &mut Self {
        self.tell(secs, VisitorEvent::News(news))
    }

    fn rings(&mut self, reason: Reason) -> &mut Self {
        let due = self.script.due(Timer::own(reason)).expect("the timer is armed");
        self.tell(due.nanos() / 1_000_000_000, VisitorEvent::Timer(reason))
    }

    fn endings(&self) -> Vec<(Ending, u64)> {
        let ending = |seen: Observation| match seen {
            Observation::Visit(outcome) => (outcome.ending, outcome.ended.nanos() / 1_000_000_000),
            other => panic!("a visitor does not observe {other:?}"),
        };
        self.script.observed().into_iter().map(ending).collect()
    }
}

#[test]
fn patience_runs_from_the_intended_start_and_ends_with_a_word() {
    let plan = plan(None);
    let mut stage = Stage::new(&plan);
    stage.tell(5, VisitorEvent::Start).news(7, VisitorNews::Queued { waiting: 1 }).rings(Reason::Patience);
    assert_eq!(stage.endings(), [(Ending::AbandonedQueue, 65)]);
    assert_eq!(stage.script.acts().last(), Some(&VisitorAct::Leave));
    assert!(stage.visitor.is_gone());
    // What was on its way finds nobody.
    stage.news(66, VisitorNews::Assigned).tell(99, VisitorEvent::Horizon);
    assert_eq!(stage.endings().len(), 1);
}

#[test]
fn a_ghost_is_counted_once_however_many_agents_have_it() {
    let mut plan = plan(None);
    plan.desks[0].leaving.silent = 1.0;
    let mut stage = Stage::new(&plan);
    stage.tell(0, VisitorEvent::Start).rings(Reason::Patience);
    assert!(stage.visitor.is_ghost());
    stage.news(70, VisitorNews::Assigned).news(90, VisitorNews::Transferred).news(95, VisitorNews::Assigned);
    let (desk, topic) = (DeskId(0), TopicId(0));
    let haunted = Observation::Haunted { desk, topic, start: at(0), at: at(70) };
    assert_eq!(stage.script.observed()[1..], [haunted]);
    stage.news(200, VisitorNews::Closed(Closing::Silent));
    assert!(stage.visitor.is_gone());
}

#[test]
fn one_who_is_served_speaks_first_and_in_turn() {
    let plan = plan(None);
    let mut stage = Stage::new(&plan);
    stage.tell(0, VisitorEvent::Start).news(1, VisitorNews::Assigned);
    assert_eq!(stage.script.due(Timer::own(Reason::Patience)), None);
    stage.rings(Reason::Message);
    assert_eq!(stage.script.due(Timer::own(Reason::Message)), Some(at(21)));
    stage.news(30, VisitorNews::Closed(Closing::Resolved));
    assert_eq!(stage.script.due(Timer::own(Reason::Message)), None);
    assert_eq!(stage.endings(), [(Ending::Resolved, 30)]);
}

#[test]
fn one_who_gave_up_comes_back_as_often_as_the_plan_allows() {
    let mut plan = plan(None);
    let after = Law::constant(100.0);
    plan.desks[0].retry = Some(RetryPlan { share: 1.0, after, most: 1 });
    let mut stage = Stage::new(&plan);
    stage.tell(0, VisitorEvent::Start).rings(Reason::Patience);
    assert!(!stage.visitor.is_gone());
    stage.rings(Reason::Return).rings(Reason::Patience);
    assert_eq!(stage.endings(), [(Ending::AbandonedQueue, 60), (Ending::AbandonedQueue, 220)]);
    assert!(stage.visitor.is_gone());
    assert_eq!(stage.visitor.visit().attempt, 1);
}

#[test]
fn nobody_comes_back_once_the_doors_are_closed() {
    let mut plan = plan(None);
    plan.desks[0].retry = Some(RetryPlan { share: 1.0, after: Law::constant(940.0), most: 9 });
    let mut stage = Stage::new(&plan);
    stage.tell(0, VisitorEvent::Start).rings(Reason::Patience);
    assert!(stage.visitor.is_gone());
}

#[test]
fn the_escalated_call_take_the_callback_and_are_given_up_after_the_last_try() {
    let plan = plan(Some(callback()));
    let mut stage = Stage::new(&plan);
    stage.tell(0, VisitorEvent::Start).news(0, VisitorNews::Assigned);
    stage.news(100, VisitorNews::Closed(Closing::Escalated));
    let call = VisitorAct::Open { desk: DeskId(1), topic: TopicId(0), channel: Channel::Call };
    assert_eq!(stage.script.acts().last(), Some(&call));
    stage.rings(Reason::CallbackOffer);
    assert_eq!(stage.script.acts().last(), Some(&VisitorAct::TakeCallback { topic: DeskPlan::CALLED_BACK }));
    assert_eq!(stage.script.due(Timer::own(Reason::Patience)), None);
    stage.news(120, VisitorNews::Assigned).news(125, VisitorNews::Closed(Closing::Unreached));
    stage.rings(Reason::CallbackAgain);
    let again = Channel::Callback { tried: 1 };
    let open = VisitorAct::Open { desk: DeskId(1), topic: DeskPlan::CALLED_BACK, channel: again };
    assert_eq!(stage.script.acts().last(), Some(&open));
    stage.news(170, VisitorNews::Assigned).news(175, VisitorNews::Closed(Closing::Unreached));
    assert_eq!(stage.endings(), [(Ending::Escalated, 100), (Ending::Unreached, 175)]);
    assert!(stage.visitor.is_gone());
}

#[test]
fn a_callback_that_nobody_makes_in_time_expires() {
    let plan = plan(Some(callback()));
    let mut stage = Stage::new(&plan);
    stage.tell(0, VisitorEvent::Start).news(0, VisitorNews::Assigned);
    stage.news(100, VisitorNews::Closed(Closing::Escalated)).rings(Reason::CallbackOffer);
    stage.rings(Reason::CallbackExpiry);
    assert_eq!(stage.endings().last(), Some(&(Ending::Unreached, 610)));
    assert_eq!(stage.script.acts().last(), Some(&VisitorAct::Leave));
}

#[test]
fn a_callback_whose_time_is_over_while_it_rings_is_given_up_then_and_not_before() {
    let plan = plan(Some(callback()));
    let mut stage = Stage::new(&plan);
    stage.tell(0, VisitorEvent::Start).news(0, VisitorNews::Assigned);
    stage.news(100, VisitorNews::Closed(Closing::Escalated)).rings(Reason::CallbackOffer);
    stage.news(600, VisitorNews::Assigned).news(630, VisitorNews::Closed(Closing::Unreached));
    assert_eq!(stage.endings().last(), Some(&(Ending::Unreached, 630)));
    assert!(stage.visitor.is_gone());
}

#[test]
fn the_horizon_leaves_nobody_without_an_ending() {
    let plan = plan(None);
    let mut stage = Stage::new(&plan);
    stage
        .tell(0, VisitorEvent::Start)
        .news(1, VisitorNews::Queued { waiting: 1 })
        .tell(9, VisitorEvent::Horizon);
    assert_eq!(stage.endings(), [(Ending::Unfinished, 9)]);
    assert!(stage.visitor.is_gone());
}
