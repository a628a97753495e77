//! The plan of rooms, on plans written in code: against the formulas where there are any, and by what must hold elsewhere.

use std::sync::atomic::{AtomicBool, Ordering};

use causerie::base::dist::Law;
use causerie::base::time::{Moment, Span};
use causerie::scenario::plan::rooms::{
    ModerationMode, Opening, QuestionPlan, ReturnPlan, VenueKind, VenuePlan,
};
use causerie::scenario::plan::{ArrivalPlan, Plan, RatePiece};
use causerie::study::plan::{
    Crossing, Effort, Mass, Needed, Outlook, Part, Unmoderated, Unplanned, Wanted, plan,
};

use crate::plans::{per_hour, room, rooms};

const WANTED: Wanted = Wanted { meet: 0.8, within: Span::from_whole_secs(120), of: 0.95 };
const ENOUGH: Effort = Effort { replications: None, as_written: false };

/// The deserted room of the model.
fn sparse() -> VenuePlan {
    VenuePlan {
        alone_patience: Some(Law::exponential(120.0)),
        ..room("fans", per_hour(6.0), Law::exponential(600.0))
    }
}

fn planned_with(of: &Plan, effort: Effort, threads: usize) -> Vec<Outlook> {
    plan(of, WANTED, effort, (threads, &AtomicBool::new(false)), &|_, _| ()).expect("a plan")
}

fn planned(venue: VenuePlan) -> Outlook {
    planned_with(&rooms(vec![venue], 0.0, 86_400.0, 1), ENOUGH, 2).remove(0)
}

/// The critical rate per hour, and half its interval.
#[track_caller]
fn critical_an_hour(mass: &Mass) -> (f64, f64) {
    let Crossing::At { value, low: Some(low), high: Some(high) } = mass.critical.simulated else {
        panic!("{:?}", mass.critical);
    };
    assert!(low <= value && value <= high, "{:?}", mass.critical);
    (value * 3600.0, (high - low) / 2.0 * 3600.0)
}

#[test]
fn critical_mass_is_that_of_the_formulas() {
    let without_patience = |stay| room("fans", per_hour(6.0), stay);
    for venue in [
        sparse(),
        without_patience(Law::exponential(600.0)),
        without_patience(Law::constant(600.0)),
        without_patience(Law::lognormal(600.0, 1.5)),
        VenuePlan { alone_patience: Some(Law::constant(300.0)), ..sparse() },
    ] {
        let mass = planned(venue.clone()).mass;
        let (simulated, half) = critical_an_hour(&mass);
        let formula = mass.critical.formula.expect("a formula") * 3600.0;
        // Half an interval is two standard errors.
        assert!((simulated - formula).abs() <= 2.0 * half, "{simulated} ± {half}, not {formula}: {venue:?}");
        assert!(half < 0.05 * simulated, "{simulated} ± {half}");
        let curve = mass.formula.expect("a formula");
        assert!(curve.windows(2).all(|pair| pair[0].1 <= pair[1].1));
        assert!(
            mass.curve.windows(2).all(|pair| pair[0].met.value < pair[1].met.value + 0.005),
            "{:?}",
            mass.curve
        );
    }
}

/// Without a formula: the same room, whose guests come back so rarely that it hardly matters.
#[test]
fn where_no_formula_holds_it_is_said_and_simulated() {
    let returns = ReturnPlan { met: 1e-6, unanswered: 1e-6, alone: 1e-6, after: Law::constant(3600.0) };
    let of = |returns| rooms(vec![VenuePlan { returns, ..sparse() }], 43_200.0, 30.0 * 86_400.0, 1);
    let with_formula = planned_with(&of(None), ENOUGH, 2).remove(0).mass;
    let without = planned_with(&of(Some(returns)), ENOUGH, 2).remove(0).mass;
    assert_eq!(without.formula, Err(vec!["guests come back"]));
    assert_eq!(without.critical.formula, None);
    let ((one, half), (other, other_half)) = (critical_an_hour(&with_formula), critical_an_hour(&without));
    assert!((one - other).abs() < 2.0 * (half + other_half), "{one} ± {half}, {other} ± {other_half}");
}

#[test]
fn guests_who_come_back_to_company_lower_the_critical_mass() {
    let returns = |met, alone| ReturnPlan { met, unanswered: met, alone, after: Law::exponential(7_200.0) };
    let venue = |returns| VenuePlan { returns: Some(returns), ..sparse() };
    let of =
        |venue| planned_with(&rooms(vec![venue], 86_400.0, 20.0 * 86_400.0, 1), ENOUGH, 2).remove(0).mass;
    let (loyal, disloyal) = (of(venue(returns(0.6, 0.6))), of(venue(returns(0.0, 0.0))));
    assert!(critical_an_hour(&loyal).0 < 0.7 * critical_an_hour(&disloyal).0, "{loyal:?}");
}

#[test]
fn today_s_visits_keep_as_many_rooms_as_they_have_times_the_critical_mass() {
    let busy = VenuePlan { alive: 0.5, ..sparse() };
    let busy = VenuePlan { arrivals: room("fans", per_hour(61.0), Law::constant(1.0)).arrivals, ..busy };
    let mass = planned(busy).mass;
    let needed = mass.alive.formula.expect("a formula");
    let rooms = (per_hour(61.0) / needed) as u64;
    let kept = mass.kept.evenly;
    assert!(rooms >= 2, "{rooms}");
    assert!(kept.low.unwrap() <= rooms && rooms <= kept.high.unwrap(), "{rooms}: {kept:?}");
    for (ways, met) in &mass.kept.split {
        assert_eq!(met.value >= 0.5, *ways <= kept.value, "{ways}: {met:?}, {kept:?}");
    }
    assert_eq!(planned(sparse()).mass.kept.evenly.value, 0);
}

#[test]
fn the_rooms_of_a_portal_are_alive_as_their_popularity_says() {
    let kind = VenueKind::Portal { rooms: 40, exponent: 1.0 };
    let arrivals = room("fans", per_hour(400.0), Law::constant(1.0)).arrivals;
    let portal = VenuePlan { kind, arrivals, ..sparse() };
    let outlook = planned(portal.clone());
    assert!(outlook.hours.is_none());
    let mass = outlook.mass;
    assert!((mass.today_per_sec - per_hour(10.0)).abs() < 1e-12);
    let needed = mass.alive.formula.expect("a formula");
    let suffice =
        portal.popularity().iter().filter(|share| *share * per_hour(400.0) >= needed).count() as u64;
    let kept = mass.kept.portal.expect("a portal");
    assert!(kept.alive.low.unwrap() <= suffice && suffice <= kept.alive.high.unwrap(), "{suffice}: {kept:?}");
    assert!((i64::from(kept.alive_simulated) - suffice as i64).abs() <= 2, "{suffice}: {kept:?}");
    // As many as there may be: the least popular has enough, and would not if there were one more.
    let least = |rooms: u64| {
        let kind = VenueKind::Portal { rooms: rooms as u32, exponent: 1.0 };
        VenuePlan { kind, ..portal.clone() }.popularity().pop().unwrap() * per_hour(400.0)
    };
    let Crossing::At { value, .. } = mass.alive.simulated else { panic!() };
    assert!(least(kept.most.value) >= value && least(kept.most.value + 1) < value, "{kept:?}");
}

#[test]
fn the_same_visits_in_fewer_hours_meet() {
    let hours = planned(sparse()).hours.expect("a room").expect("hours");
    assert!((hours.visits_a_day - 144.0).abs() < 1e-9 && (hours.today - 24.0).abs() < 1e-9);
    assert!(hours.curve.windows(2).all(|pair| pair[0].at > pair[1].at));
    let met =
        |least: f64| hours.curve.iter().filter(|point| point.at < least).all(|point| point.met.value > 0.75);
    let Crossing::At { value, low: Some(low), high: Some(high) } = hours.longest else { panic!("{hours:?}") };
    assert!(low <= value && value <= high && met(value), "{hours:?}");
    // Opening hours in which the rate is the critical one, but that they begin and end empty.
    let critical = planned(sparse()).mass.critical.formula.unwrap();
    let as_dense = 144.0 / (critical * 3600.0);
    assert!((value / as_dense - 1.0).abs() < 0.1, "{value} h, {as_dense} h");
}

#[test]
fn hours_are_of_whole_days() {
    let short = |venue| planned_with(&rooms(vec![venue], 0.0, 36_000.0, 1), ENOUGH, 2).remove(0).hours;
    assert!(short(sparse()).is_some_and(|hours| hours.is_ok()), "a steady room has days enough");
    let busier = ArrivalPlan { busyness_cv: 0.3, ..sparse().arrivals };
    let why =
        short(VenuePlan { arrivals: busier, ..sparse() }).expect("a room").expect_err("shorter than a day");
    assert!(why.contains("shorter than a day"));
}

/// Guests who put one question each on coming: to review are independent messages, one a visit.
fn asking(an_hour: f64, mode: ModerationMode) -> VenuePlan {
    let mut venue = room("fans", per_hour(an_hour), Law::exponential(600.0));
    venue.questions = QuestionPlan { share: 1.0, answered_by: 0.0, after: Law::constant(1.0) };
    venue.moderation.mode = mode;
    venue.moderation.moderators = 1;
    venue.moderation.wage_per_sec = 0.005;
    venue.moderation.review = Law::exponential(60.0);
    venue
}

#[test]
fn moderators_publish_in_time_as_many_as_erlang_says() {
    for mode in [ModerationMode::Before, ModerationMode::After { reported_only: false }] {
        let plan = planned(asking(150.0, mode)).moderators.expect("moderators");
        // One in seven reviews takes longer than two minutes: of the messages 85 % are in time at best.
        assert_eq!(plan.needed, Needed::Never, "{plan:?}");
        let wanted = Wanted { of: 0.7, ..WANTED };
        let of = rooms(vec![asking(150.0, mode)], 0.0, 86_400.0, 1);
        let stop = AtomicBool::new(false);
        let plan = plan_of(&of, wanted, &stop).moderators.expect("moderators");
        assert!((plan.per_sec / per_hour(150.0) - 1.0).abs() < 0.03, "{}", plan.per_sec);
        assert_eq!(plan.reviewed.is_first(), mode == ModerationMode::Before);
        let Ok(Some(formula)) = plan.formula else { panic!("{plan:?}") };
        assert_eq!(plan.needed, Needed::Moderators(formula), "{plan:?}");
        for level in plan.levels.iter().filter(|level| level.moderators > 2) {
            let half = level.in_time.high.unwrap() - level.in_time.value;
            let formula = level.formula.expect("they keep up");
            assert!((level.in_time.value - formula).abs() < 2.5 * half, "{level:?}");
        }
        // So many paid for a message, whatever they do; where messages wait for them, of no more than they can review.
        for level in &plan.levels {
            let can = if mode == ModerationMode::Before {
                f64::from(level.moderators) / 60.0
            } else {
                f64::INFINITY
            };
            let cost = f64::from(level.moderators) * 0.005 / per_hour(150.0).min(can);
            let ratio = level.cost_per_message.expect("wages") / cost;
            assert!((ratio - 1.0).abs() < 0.05, "{level:?}: {cost}");
        }
    }
}

fn plan_of(of: &Plan, wanted: Wanted, stop: &AtomicBool) -> Outlook {
    plan(of, wanted, ENOUGH, (2, stop), &|_, _| ()).expect("a plan").remove(0)
}

#[test]
fn where_nothing_is_reviewed_there_are_no_moderators_to_plan() {
    assert_eq!(planned(sparse()).moderators, Err(Unmoderated::NoReviews));
    let mut silent = sparse();
    silent.moderation.mode = ModerationMode::Before;
    silent.moderation.moderators = 1;
    assert_eq!(planned(silent).moderators, Err(Unmoderated::NoMessages));
}

#[test]
fn what_is_not_steady_is_played_as_it_is_written() {
    // Open for two hours of the day, in which all come: the rate is that of the whole day.
    let mut venue = sparse();
    let (from, to) = (Moment::from_nanos(72_000_000_000_000), Moment::from_nanos(79_200_000_000_000));
    let piece = |from, to, rate| RatePiece { from, to, from_per_sec: rate, to_per_sec: rate };
    venue.arrivals.pieces = vec![piece(Moment::ZERO, from, 0.0), piece(from, to, per_hour(72.0))];
    venue.open = Some(vec![Opening { from, to }]);
    let outlook = planned(venue);
    assert!((outlook.mass.today_per_sec - per_hour(6.0)).abs() < 1e-12);
    assert_eq!(outlook.mass.formula, Err(vec!["it is not always open", "its traffic changes over time"]));
    assert!(outlook.mass.met_today.value > 0.9, "{:?}", outlook.mass.met_today);
    let hours = outlook.hours.expect("a room").expect("a day");
    assert!((hours.today - 2.0).abs() < 1e-9);
}

#[test]
fn what_comes_out_does_not_depend_on_the_threads() {
    let of = rooms(vec![asking(30.0, ModerationMode::Before)], 0.0, 86_400.0, 1);
    let effort = Effort { replications: Some(3), as_written: true };
    assert_eq!(planned_with(&of, effort, 1), planned_with(&of, effort, 3));
}

#[test]
fn where_nobody_comes_there_is_nothing_to_plan() {
    let of = rooms(vec![room("fans", 0.0, Law::constant(60.0))], 0.0, 86_400.0, 1);
    let why = plan(&of, WANTED, ENOUGH, (1, &AtomicBool::new(false)), &|_, _| ());
    assert!(matches!(why, Err(Unplanned::Nobody(name)) if name == "fans"));
}

#[test]
fn once_it_is_stopped_the_venues_that_are_whole_are_there() {
    let of = rooms(vec![sparse(), VenuePlan { name: "others".into(), ..sparse() }], 0.0, 86_400.0, 1);
    let stop = AtomicBool::new(false);
    let begins = |venue: &VenuePlan, part: Part| {
        if venue.name == "others" && part == Part::Hours {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let done = plan(&of, WANTED, ENOUGH, (1, &stop), &begins).expect("a part");
    assert_eq!(done.iter().map(|outlook| outlook.name.as_str()).collect::<Vec<_>>(), ["fans"]);
}
