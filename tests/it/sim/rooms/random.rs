//! Random rooms: five hours of one or two venues, perhaps beside a desk.

use causerie::base::dist::Law;
use causerie::base::id::DeskId;
use causerie::base::time::{Moment, Span};
use causerie::scenario::plan::rooms::{
    DeflectPlan, FilterPlan, HarmPlan, ModerationMode, ModerationPlan, Opening, QuestionPlan, ReturnPlan,
    VenueKind, VenuePlan,
};
use causerie::scenario::plan::{ArrivalPlan, Burst, Plan, RatePiece};
use proptest::prelude::*;

use crate::plans::{desk, group, per_hour, plan, room};
use crate::sim::random::{laws, shares};

const LENGTH_SECS: f64 = 18_000.0;

fn at(secs: u64) -> Moment {
    Moment::ZERO + Span::from_whole_secs(secs)
}

fn modes() -> impl Strategy<Value = ModerationMode> {
    prop_oneof![
        prop::option::of(1..4u32).prop_map(|hidden_after| ModerationMode::None { hidden_after }),
        Just(ModerationMode::Before),
        any::<bool>().prop_map(|reported_only| ModerationMode::After { reported_only }),
    ]
}

fn moderations() -> impl Strategy<Value = ModerationPlan> {
    let filter = prop::option::of((shares(), 0.0..0.3, any::<bool>()));
    (modes(), filter, 1..4u32, laws(5.0..200.0)).prop_map(|(mode, filter, moderators, review)| {
        let filter = filter.map(|(catches, mistakes, holds)| FilterPlan { catches, mistakes, holds });
        ModerationPlan { mode, filter, moderators, wage_per_sec: 0.0, review }
    })
}

fn openings() -> impl Strategy<Value = Option<Vec<Opening>>> {
    prop::option::of(prop_oneof![
        Just(vec![Opening { from: at(3_600), to: at(9_000) }]),
        Just(vec![Opening { from: at(0), to: at(4_000) }, Opening { from: at(9_000), to: at(30_000) }]),
    ])
}

/// So many a second while it is open.
fn arrivals(per_sec: f64, open: Option<&[Opening]>) -> ArrivalPlan {
    let always = [Opening { from: Moment::ZERO, to: Moment::NEVER }];
    let mut pieces = Vec::new();
    let mut from = Moment::ZERO;
    let mut piece = |from, to, rate| {
        if from < to {
            pieces.push(RatePiece { from, to, from_per_sec: rate, to_per_sec: rate });
        }
    };
    for opening in open.unwrap_or(&always) {
        piece(from, opening.from, 0.0);
        piece(opening.from, opening.to, per_sec);
        from = opening.to;
    }
    ArrivalPlan { pieces, ..ArrivalPlan::default() }
}

/// So many in one and the same instant, while every room is open.
fn at_once(count: u32) -> Vec<Burst> {
    let burst = Burst { at: at(3_700), count: count.into(), within: Span::ZERO };
    if count > 0 { vec![burst] } else { Vec::new() }
}

fn questions() -> impl Strategy<Value = QuestionPlan> {
    (shares(), shares(), laws(5.0..200.0)).prop_map(|(share, answered_by, after)| QuestionPlan {
        share,
        answered_by,
        after,
    })
}

fn harms() -> impl Strategy<Value = HarmPlan> {
    (shares(), 1..12u32, shares(), laws(2.0..60.0)).prop_map(|(share, screen, reported_by, after)| HarmPlan {
        share,
        screen,
        reported_by,
        after,
    })
}

fn returns() -> impl Strategy<Value = ReturnPlan> {
    ((0.0..0.8, 0.0..0.8, 0.0..0.8), laws(60.0..6_000.0))
        .prop_map(|((met, unanswered, alone), after)| ReturnPlan { met, unanswered, alone, after })
}

fn kinds() -> impl Strategy<Value = VenueKind> {
    let portal = (1..6u32, 0.0..2.0).prop_map(|(rooms, exponent)| VenueKind::Portal { rooms, exponent });
    prop_oneof![Just(VenueKind::Room), portal]
}

fn venues(name: &'static str) -> impl Strategy<Value = VenuePlan> {
    let stays = prop_oneof![laws(30.0..2_000.0), Just(Law::constant(600.0))];
    let company = (1.0..60.0, stays, prop::option::of(laws(10.0..600.0)), openings(), 0..5u32);
    let talk = (0.0..1.0, 0.0..0.5, 0.0..60.0, 0.0..200.0);
    let care = (questions(), harms(), moderations(), prop::option::of(returns()));
    (kinds(), company, talk, care).prop_map(
        |(kind, company, talk, (questions, harm, moderation, returns))| {
            let (an_hour, stay, alone_patience, open, together) = company;
            let (lurkers, others, occasional, regular) = talk;
            let active = 1.0 - lurkers;
            VenuePlan {
                kind,
                arrivals: ArrivalPlan {
                    bursts: at_once(together),
                    ..arrivals(per_hour(an_hour), open.as_deref())
                },
                open,
                alone_patience,
                roles: [lurkers, active * others, active * (1.0 - others)],
                talk_per_sec: [0.0, per_hour(occasional), per_hour(regular)],
                questions,
                harm,
                moderation,
                returns,
                ..room(name, 0.0, stay)
            }
        },
    )
}

/// See the module.
pub(super) fn plans() -> impl Strategy<Value = Plan> {
    let other = prop::option::of(venues("others"));
    (any::<u64>(), venues("fans"), other, prop::option::of(shares())).prop_map(
        |(seed, fans, others, deflects)| {
            let support = desk("support", per_hour(20.0), Law::exponential(300.0), group(2, &[1.0, 1.3]));
            let desks = deflects.map(|_| support).into_iter().collect();
            let deflects = deflects.map(|share| DeflectPlan { share, desk: DeskId(0) });
            let venues = std::iter::once(VenuePlan { deflects, ..fans }).chain(others).collect();
            Plan { seed, venues, ..plan(desks, 600.0, LENGTH_SECS, 1) }
        },
    )
}
