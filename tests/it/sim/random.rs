//! Random scenarios: two hours of one or two chat desks, perhaps with a phone pool, with everything in them that can be
//! said of a desk.

use causerie::base::count::CountLaw;
use causerie::base::dist::Law;
use causerie::base::id::{DeskId, GroupId};
use causerie::base::time::{Moment, Span};
use causerie::scenario::plan::{
    AtClose, AtShiftEnd, BreakPlan, CallPolicy, CallbackPlan, ChannelMix, Content, DeskPlan, DevicePlan,
    DualPlan, EscalationPlan, FatiguePlan, GroupPlan, LeavingPlan, MannersPlan, OfferPlan, Plan, ReplyPlan,
    RetryPlan, Routing, SalesPlan, ShiftPlan, TalkPlan, TopicPlan,
};
use proptest::prelude::*;

use crate::plans::{about, desk, group, per_hour, phone_desk, plan, steady};

const LENGTH_SECS: f64 = 7_200.0;

fn at(secs: u64) -> Moment {
    Moment::ZERO + Span::from_whole_secs(secs)
}

pub(super) fn laws(mean: std::ops::Range<f64>) -> impl Strategy<Value = Law> {
    (mean, 0..5u8).prop_map(|(mean, kind)| match kind {
        0 => Law::constant(mean.round()),
        1 => Law::exponential(mean),
        2 => Law::lognormal(mean, 1.3),
        3 => Law::gamma(mean, 0.7),
        _ => Law::uniform(0.0, 2.0 * mean),
    })
}

/// A share that is often none or all.
pub(super) fn shares() -> impl Strategy<Value = f64> {
    prop_oneof![2 => Just(0.0), 3 => 0.0..1.0, 1 => Just(1.0)]
}

fn counts() -> impl Strategy<Value = CountLaw> {
    prop_oneof![
        (1..8u32).prop_map(CountLaw::constant),
        (1.0..8.0).prop_map(CountLaw::geometric),
        (1.0..8.0, 0.5..3.0).prop_map(|(mean, shape)| CountLaw::negative_binomial(mean, shape)),
    ]
}

fn talks() -> impl Strategy<Value = TalkPlan> {
    let reply = prop_oneof![
        (2.0..6.0, 0.2..1.5)
            .prop_map(|(read_per_sec, type_per_sec)| ReplyPlan::Words { read_per_sec, type_per_sec }),
        laws(5.0..60.0).prop_map(ReplyPlan::Time),
    ];
    let hazard = prop_oneof![Just(0.0), 0.0..0.3, Just(1e9)];
    let fatigue = (hazard, prop_oneof![Just(0.0), Just(0.02)]);
    let times = (laws(1.0..30.0), laws(1.0..90.0), laws(1.0..20.0));
    (counts(), times, reply, shares(), fatigue).prop_map(
        |(exchanges, (words, think, canned_time), reply, canned, (hazard, per_word))| TalkPlan {
            exchanges,
            words,
            think,
            reply,
            canned,
            canned_time,
            fatigue: FatiguePlan { hazard, per_word },
        },
    )
}

fn topics(contents: impl Strategy<Value = Content>) -> impl Strategy<Value = Vec<TopicPlan>> {
    prop::collection::vec((contents, 0.0..0.5, any::<bool>()), 1..4).prop_map(|topics| {
        let share = 1.0 / topics.len() as f64;
        let made = topics.into_iter().enumerate().map(|(i, (content, escalation, hard))| TopicPlan {
            name: Some(format!("topic {i}")),
            share,
            escalation,
            resolution: 0.8,
            skills: if hard { vec!["technical".into()] } else { Vec::new() },
            ..about(content)
        });
        made.collect()
    })
}

/// Everybody from the start to the end, or two shifts that need not cover the day, with up to two breaks.
fn shifts() -> impl Strategy<Value = Vec<ShiftPlan>> {
    let breaks = prop::collection::vec((0..1_500u64, 60..600u64, 0..600u64), 0..3);
    let shift =
        (0..3_000u64, 600..6_000u64, any::<bool>(), breaks).prop_map(|(from, length, open, breaks)| {
            let mut begins = from;
            let of_break = |(after, length, stagger): (u64, u64, u64)| {
                begins += after;
                BreakPlan {
                    at: at(begins),
                    length: Span::from_whole_secs(length),
                    stagger: Span::from_whole_secs(stagger),
                }
            };
            let breaks = breaks.into_iter().map(of_break).collect();
            ShiftPlan {
                count: 1,
                from: at(from),
                to: if open { Moment::NEVER } else { at(from + length) },
                breaks,
            }
        });
    prop_oneof![1 => Just(vec![ShiftPlan::throughout(1)]), 1 => prop::collection::vec(shift, 1..3)]
}

/// One to three groups, of which the first can do everything; half of the time every agent is a group, so that what
/// holds of a group holds of an agent.
fn groups() -> impl Strategy<Value = Vec<GroupPlan>> {
    let writing = prop::option::of(Just(Law::uniform(0.05, 1.8)));
    let one = (1..4u32, 1..4usize, any::<bool>(), shifts(), writing);
    (prop::collection::vec(one, 1..4), any::<bool>()).prop_map(|(groups, alone)| {
        let mut made = Vec::new();
        for (i, (count, slots, expert, mut shifts, writing)) in groups.into_iter().enumerate() {
            let each = if alone { 1 } else { count };
            shifts.iter_mut().for_each(|shift| shift.count = each);
            let of_all = each * shifts.len() as u32;
            for j in 0..count / each {
                made.push(GroupPlan {
                    name: Some(format!("group {i}.{j}")),
                    skills: if expert || i == 0 { vec!["technical".into()] } else { Vec::new() },
                    shifts: shifts.clone(),
                    writing: writing.clone(),
                    ..group(of_all, &[1.0, 1.25, 1.6][..slots])
                });
            }
        }
        if alone { made.iter().flat_map(one_shift_each).collect() } else { made }
    })
}

/// A group of its own for every shift.
fn one_shift_each(of: &GroupPlan) -> Vec<GroupPlan> {
    let name = of.name.clone().unwrap_or_default();
    let shifts = of.shifts.iter().enumerate();
    let each = |(i, shift): (usize, &ShiftPlan)| GroupPlan {
        name: Some(format!("{name}.{i}")),
        count: shift.count,
        shifts: vec![shift.clone()],
        ..of.clone()
    };
    shifts.map(each).collect()
}

fn routings() -> impl Strategy<Value = Routing> {
    prop::sample::select(vec![
        Routing::LeastBusy,
        Routing::MostBusy,
        Routing::LongestIdle,
        Routing::RoundRobin,
    ])
}

fn retries() -> impl Strategy<Value = RetryPlan> {
    (0.0..=1.0, laws(1.0..600.0), 0..4u8).prop_map(|(share, after, most)| RetryPlan { share, after, most })
}

fn leavings() -> impl Strategy<Value = LeavingPlan> {
    (shares(), 10..300u64, prop::option::of(laws(5.0..300.0)), prop::option::of(0..5u32)).prop_map(
        |(silent, ghost_timeout, reply_patience, balk_over)| LeavingPlan {
            silent,
            ghost_timeout: Span::from_whole_secs(ghost_timeout),
            reply_patience,
            balk_over,
        },
    )
}

fn manners() -> impl Strategy<Value = MannersPlan> {
    let (accept, wrap_up) = (prop::option::of(laws(1.0..30.0)), prop::option::of(laws(5.0..120.0)));
    let ramp_up = prop_oneof![Just(0u64), 1..200u64];
    let shrinkage = prop_oneof![3 => Just(0.0), 1 => Just(0.3)];
    (accept, wrap_up, ramp_up, any::<bool>(), shrinkage).prop_map(
        |(accept, wrap_up, ramp_up, finish, shrinkage)| MannersPlan {
            accept,
            wrap_up,
            ramp_up: Span::from_whole_secs(ramp_up),
            at_shift_end: if finish { AtShiftEnd::Finish } else { AtShiftEnd::HandOver },
            shrinkage,
        },
    )
}

fn sales() -> impl Strategy<Value = SalesPlan> {
    let offer = |conversion| OfferPlan { conversion, basket: 60.0, upsell: 0.3, addition: 0.3 };
    (shares(), 0.0..1.0).prop_map(move |(intent, conversion)| SalesPlan {
        intent,
        margin: 0.3,
        chat: offer(0.5 * conversion),
        phone: offer(conversion),
    })
}

/// A desk with nobody at it: of handling times, or, more often, of conversations with all that belongs to them.
fn contents(name: &'static str) -> impl Strategy<Value = DeskPlan> {
    let plain = desk(name, 0.0, Law::constant(1.0), group(1, &[1.0]));
    let (worked, talked) = (plain.clone(), plain);
    let working = topics(laws(20.0..400.0).prop_map(Content::Work));
    let talking = (topics(talks().prop_map(Content::Talk)), leavings(), shares(), shares());
    prop_oneof![
        1 => working.prop_map(move |topics| DeskPlan { topics, ..worked.clone() }),
        2 => talking.prop_map(move |(topics, leaving, mistaken, cannot_call)| {
            let device = |share, words_per_sec| DevicePlan { share, words_per_sec };
            let devices = vec![device(0.4, 0.32), device(0.6, 0.27)];
            DeskPlan { topics, leaving, mistaken, cannot_call, devices, ..talked.clone() }
        }),
    ]
}

fn chat_desks(name: &'static str) -> impl Strategy<Value = DeskPlan> {
    let people = (10.0..300.0, prop::option::of(laws(5.0..300.0)), prop::option::of(laws(50.0..600.0)));
    let staff = (groups(), routings(), manners());
    (contents(name), people, prop::option::of(retries()), staff, prop::option::of(sales())).prop_map(
        |(desk, (rate, patience, walk_out), retry, (groups, routing, manners), sales)| {
            let arrivals = steady(per_hour(rate));
            DeskPlan { arrivals, patience, walk_out, retry, groups, routing, manners, sales, ..desk }
        },
    )
}

fn callbacks() -> impl Strategy<Value = CallbackPlan> {
    (0..300u64, 0.0..=1.0, 300..7_200u64, 0.0..=1.0, 1..4u8).prop_map(
        |(offer_after, accepted, within, reached, tries)| CallbackPlan {
            offer_after: Span::from_whole_secs(offer_after),
            accepted,
            within: Span::from_whole_secs(within),
            reached,
            tries,
            ring: Span::from_whole_secs(30),
            again_after: Span::from_whole_secs(600),
        },
    )
}

/// A phone pool whose lines do everything, calls or callbacks.
fn phones() -> impl Strategy<Value = DeskPlan> {
    let lines = prop::collection::vec((1..4u32, 0..3u8), 1..3);
    let calls = (0.0..60.0, laws(30.0..400.0), laws(100.0..600.0), lines);
    (calls, prop::option::of(callbacks()), prop::option::of(retries())).prop_map(
        |((rate, patience, handling_time, lines), callback, retry)| {
            let line = |(i, (count, kind)): (usize, (u32, u8))| GroupPlan {
                name: Some(format!("lines {i}")),
                skills: channels(if i == 0 { 0 } else { kind }),
                ..group(count, &[1.0])
            };
            DeskPlan {
                patience: Some(patience),
                retry,
                groups: lines.into_iter().enumerate().map(line).collect(),
                ..phone_desk(per_hour(rate), handling_time, callback, group(1, &[1.0]))
            }
        },
    )
}

/// Both channels, or one of them.
fn channels(kind: u8) -> Vec<String> {
    let channels: &[&str] = match kind {
        0 => &["call", "callback"],
        1 => &["call"],
        _ => &["callback"],
    };
    channels.iter().map(|channel| (*channel).to_owned()).collect()
}

/// Which groups of the first desk take calls too, and how.
#[derive(Clone, Debug)]
struct Blending {
    groups: usize,
    call: CallPolicy,
    reserve: u32,
    channels: Vec<String>,
}

fn blendings() -> impl Strategy<Value = Blending> {
    let call = prop::sample::select(vec![CallPolicy::WaitsForChats, CallPolicy::PausesChats]);
    (1..3usize, call, 0..3u32, 0..3u8).prop_map(|(groups, call, reserve, kind)| Blending {
        groups,
        call,
        reserve,
        channels: channels(kind),
    })
}

impl Blending {
    fn duals_of(&self, desk: DeskId, plan: &DeskPlan) -> Vec<GroupPlan> {
        let groups = plan.groups.iter().enumerate().take(self.groups);
        let duals = |(number, of): (usize, &GroupPlan)| GroupPlan {
            name: of.name.clone(),
            shifts: of.shifts.clone(),
            skills: self.channels.clone(),
            dual: Some(DualPlan {
                desk,
                group: GroupId(number as u16),
                call: self.call,
                reserve: self.reserve,
            }),
            ..group(of.count, &[1.0])
        };
        groups.map(duals).collect()
    }
}

/// Where visitors start, and where the escalated go, if there is a phone pool that calls back or not.
fn connect(desk: &mut DeskPlan, mix: (f64, f64), calls_back: bool) {
    let (phone, callback) = (0.4 * mix.0, if calls_back { 0.4 * mix.1 } else { 0.0 });
    desk.start = ChannelMix { chat: 1.0 - phone - callback, phone, callback };
    let callback = if calls_back { 0.3 } else { 0.0 };
    desk.escalation = EscalationPlan { toll_free: 0.5, callback, give_up: 0.5 - callback };
}

/// Two hours of one or two chat desks, perhaps with a phone pool, perhaps with agents who serve both.
pub(super) fn plans() -> impl Strategy<Value = Plan> {
    let pool = (phones(), prop::option::of(blendings()), (shares(), shares()));
    let others = (prop::option::of(chat_desks("sales")), prop::option::of(pool), any::<bool>());
    (any::<u64>(), chat_desks("support"), others).prop_map(|(seed, support, (sales, pool, serve))| {
        let mut desks: Vec<DeskPlan> = std::iter::once(support).chain(sales).collect();
        if let Some((mut phone, blending, mix)) = pool {
            let calls_back = phone.callback().is_some();
            desks.iter_mut().for_each(|desk| connect(desk, mix, calls_back));
            if let Some(blending) = blending {
                phone.groups.extend(blending.duals_of(DeskId(0), &desks[0]));
            }
            desks.push(phone);
        }
        let close = if serve { AtClose::Serve } else { AtClose::Dismiss };
        Plan { seed, close, ..plan(desks, 600.0, LENGTH_SECS, 1) }
    })
}
