use super::super::script::{Script, room};
use super::*;
use crate::base::draw::Draws;
use crate::base::id::{PopulationId, VisitId};
use crate::base::time::Span;
use crate::base::words::rooms::{PostId, PostKind};
use crate::scenario::plan::Plan;
use crate::scenario::plan::rooms::Opening;

fn at(secs: u64) -> Moment {
    Moment::ZERO + Span::from_whole_secs(secs)
}

fn message(harmful: bool) -> Post {
    let author = VisitId { population: PopulationId(1), index: 3, attempt: 0 };
    let draws = Draws::of_population(1, 0, "fans").visitor(3);
    let id = PostId { author, number: 2 };
    Post { id, draws, kind: PostKind::Talk, words: 8, harmful, suspect: false }
}

struct Stage<'a> {
    scene: Scene<'a>,
    moderator: Moderator,
    script: Script<ModeratorAct>,
}

impl<'a> Stage<'a> {
    fn new(plan: &'a Plan) -> Self {
        let scene = Scene { plan, replication: 0, messages: false };
        Self { scene, moderator: Moderator::new(VenueId(0), ModeratorId(0)), script: Script::new() }
    }

    fn tell(&mut self, secs: u64, event: ModeratorEvent) -> &mut Self {
        self.moderator.handle(at(secs), event, &self.scene, &mut self.script);
        self
    }

    /// Is given a message that was sent 5 s before.
    fn given(&mut self, secs: u64, harmful: bool) -> &mut Self {
        let given = ModeratorNews::Given { post: message(harmful), posted: at(secs - 5), held: true };
        self.tell(secs, ModeratorEvent::News(given))
    }

    fn reviewed(&mut self) -> &mut Self {
        let due = self.script.due(Timer::own(Reason::Reviewed)).expect("a message is in hand");
        self.tell(due.nanos() / 1_000_000_000, ModeratorEvent::Timer(Reason::Reviewed))
    }

    /// The stretches that were paid for, in seconds.
    fn watched(&self) -> Vec<(f64, f64)> {
        let watched = |seen: Observation| match seen {
            Observation::Room(RoomObservation::Watched { from, to, .. }) => Some((from.secs(), to.secs())),
            _ => None,
        };
        self.script.observed().into_iter().filter_map(watched).collect()
    }
}

#[test]
fn harm_is_removed_and_all_else_passes() {
    let plan = room();
    let mut stage = Stage::new(&plan);
    stage.tell(0, ModeratorEvent::Start).given(10, true).reviewed().given(40, false).reviewed();
    let post = message(false).id;
    let decide = |verdict| ModeratorAct::Decide { post, verdict };
    assert_eq!(stage.script.acts(), [ModeratorAct::Ready, decide(Verdict::Remove), decide(Verdict::Pass)]);
    let reviewed = RoomObservation::Reviewed {
        venue: VenueId(0),
        posted: at(5),
        from: at(10),
        to: at(40),
        held: true,
        verdict: Verdict::Remove,
    };
    assert_eq!(stage.script.observed()[0], Observation::Room(reviewed));
}

#[test]
fn the_whole_length_is_paid_for_where_it_is_always_open() {
    let plan = room();
    let mut stage = Stage::new(&plan);
    stage.tell(0, ModeratorEvent::Start).given(990, false).reviewed();
    assert_eq!(stage.watched(), [], "a review within the opening is paid with it");
    stage.tell(1_100, ModeratorEvent::Horizon);
    assert_eq!(stage.watched(), [(0.0, 1_000.0)]);
}

#[test]
fn what_of_a_review_lies_outside_the_opening_hours_is_paid_for_too() {
    let mut plan = room();
    let open = [(0, 100), (110, 200)].map(|(from, to)| Opening { from: at(from), to: at(to) });
    plan.venues[0].open = Some(open.to_vec());
    let mut stage = Stage::new(&plan);
    // From 90 to 120: between the openings from 100 to 110.
    stage.tell(0, ModeratorEvent::Start).given(90, false).reviewed();
    assert_eq!(stage.watched(), [(100.0, 110.0)]);
    // From 190 to 220, and from 300 to 330: after the last.
    stage.given(190, false).reviewed().given(300, false).reviewed();
    assert_eq!(stage.watched()[1..], [(200.0, 220.0), (300.0, 330.0)]);
    stage.tell(400, ModeratorEvent::Horizon);
    assert_eq!(stage.watched()[3..], [(0.0, 100.0), (110.0, 200.0)]);
}

#[test]
fn at_the_horizon_what_is_in_hand_is_dropped() {
    let plan = room();
    let mut stage = Stage::new(&plan);
    stage.tell(0, ModeratorEvent::Start).given(500, true).tell(510, ModeratorEvent::Horizon);
    assert_eq!(stage.script.due(Timer::own(Reason::Reviewed)), None);
    stage.tell(530, ModeratorEvent::Timer(Reason::Reviewed));
    assert_eq!(stage.script.acts(), [ModeratorAct::Ready], "nothing is decided");
    assert_eq!(stage.watched(), [(0.0, 510.0)]);
}

#[test]
fn one_whom_the_platform_forgot_reviews_what_comes_next() {
    let plan = room();
    let mut stage = Stage::new(&plan);
    stage.tell(0, ModeratorEvent::Start).given(10, false).tell(15, ModeratorEvent::Forgotten);
    assert_eq!(stage.script.due(Timer::own(Reason::Reviewed)), None);
    assert_eq!(stage.script.acts(), [ModeratorAct::Ready, ModeratorAct::Ready]);
    stage.given(20, true).reviewed();
    assert!(matches!(
        stage.script.acts().last(),
        Some(ModeratorAct::Decide { verdict: Verdict::Remove, .. })
    ));
}
