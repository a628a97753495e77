//! Plans written in code, as small as theory takes them: one desk, one topic, agents who are alike, nothing else.

use std::sync::atomic::AtomicBool;

use causerie::base::dist::Law;
use causerie::base::figures::Command;
use causerie::base::id::DeskId;
use causerie::base::time::{Moment, Span};
use causerie::metrics::recorder::Layout;
use causerie::record::Setting;
use causerie::scenario::plan::{
    ArrivalPlan, DeskKind, DeskPlan, EscalationPlan, GroupPlan, MessagePlan, Plan, RatePiece, Routing,
    RunPlan, ServiceLevelPlan, TopicPlan,
};
use causerie::sim::replicate::{Simulated, simulate};

/// Visitors per second of a rate per hour.
pub(crate) const fn per_hour(rate: f64) -> f64 {
    rate / 3600.0
}

/// A constant rate for ever.
pub(crate) fn steady(arrivals_per_sec: f64) -> ArrivalPlan {
    let for_ever = RatePiece {
        from: Moment::ZERO,
        to: Moment::NEVER,
        from_per_sec: arrivals_per_sec,
        to_per_sec: arrivals_per_sec,
    };
    ArrivalPlan { pieces: vec![for_ever], ..ArrivalPlan::default() }
}

/// Something to come for that takes this long, helps always and needs no skill.
pub(crate) fn topic(handling_time: Law) -> TopicPlan {
    TopicPlan { name: None, share: 1.0, handling_time, escalation: 0.0, resolution: 1.0, skills: Vec::new() }
}

/// So many agents, as many slots each as `stretch` is long, without skills.
pub(crate) fn group(count: u32, stretch: &[f64]) -> GroupPlan {
    GroupPlan {
        name: None,
        count,
        concurrency: stretch.len() as u32,
        stretch: stretch.to_vec(),
        skills: Vec::new(),
    }
}

/// A chat desk of one topic and one group: everybody waits for ever and nobody comes back.
pub(crate) fn desk(name: &str, arrivals_per_sec: f64, handling_time: Law, group: GroupPlan) -> DeskPlan {
    DeskPlan {
        name: name.into(),
        kind: DeskKind::Chat,
        arrivals: steady(arrivals_per_sec),
        patience: None,
        walk_out: None,
        retry: None,
        topics: vec![topic(handling_time)],
        escalation: EscalationPlan { toll_free: 1.0, callback: 0.0, give_up: 0.0 },
        messages: MessagePlan::Every(Span::from_whole_secs(30)),
        groups: vec![group],
        routing: Routing::LeastBusy,
        service_level: level(20.0, 20.0),
    }
}

/// A service level, both times in seconds.
pub(crate) fn level(within: f64, short_abandon: f64) -> ServiceLevelPlan {
    ServiceLevelPlan { within: Span::from_secs(within), short_abandon: Span::from_secs(short_abandon) }
}

/// A plan of these desks, times in seconds; the phone pool, where there is one, is the last of them.
pub(crate) fn plan(desks: Vec<DeskPlan>, warm_up: f64, length: f64, replications: u32) -> Plan {
    let (warm_up, length) = (Span::from_secs(warm_up), Span::from_secs(length));
    let phone = desks.iter().position(DeskPlan::is_phone);
    Plan {
        name: "a test".into(),
        seed: 1,
        length,
        warm_up,
        replications,
        start: None,
        desks,
        phone: phone.map(|desk| DeskId(desk as u16)),
        run: RunPlan { speed: 1.0, length, warm_up, drain: length, target: None },
        gates: Vec::new(),
    }
}

/// What there is to record of a plan.
pub(crate) fn layout(plan: &Plan) -> Layout {
    Setting::of(plan, Command::Simulate).layout()
}

/// Simulates a plan on so many threads.
pub(crate) fn simulated(plan: &Plan, threads: usize) -> Simulated {
    let never = AtomicBool::new(false);
    simulate(plan, &layout(plan), threads, &never, &|_| ()).expect("threads can be started")
}
