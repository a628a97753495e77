//! Plans written in code, as small as theory takes them: one desk, one topic, agents who are alike, nothing else.

use std::sync::atomic::AtomicBool;

use causerie::base::count::CountLaw;
use causerie::base::dist::Law;
use causerie::base::figures::Command;
use causerie::base::id::DeskId;
use causerie::base::time::{Moment, Span};
use causerie::metrics::recorder::Layout;
use causerie::record::Setting;
use causerie::scenario::plan::rooms::{
    HarmPlan, ModerationMode, ModerationPlan, QuestionPlan, VenueKind, VenuePlan,
};
use causerie::scenario::plan::{
    ArrivalPlan, AtClose, CallbackPlan, ChannelMix, Content, DeskKind, DeskPlan, DevicePlan, EscalationPlan,
    FatiguePlan, GroupPlan, LeavingPlan, MannersPlan, MessagePlan, Plan, RatePiece, ReplyPlan, Routing,
    RunPlan, Served, ServiceLevelPlan, ShiftPlan, TalkPlan, TopicPlan, ValidPlan,
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
    about(Content::Work(handling_time))
}

/// Something to come for that takes this, helps always and needs no skill.
pub(crate) fn about(content: Content) -> TopicPlan {
    TopicPlan { name: None, share: 1.0, content, escalation: 0.0, resolution: 1.0, skills: Vec::new() }
}

/// A conversation of so many exchanges, in which a reply takes `reply` and everything else no time at all (messages of
/// one word, which is typed at once on the devices of [`talking_desk`]); no reply is canned, and typing does not tire.
pub(crate) fn talk(exchanges: CountLaw, reply: Law) -> TalkPlan {
    TalkPlan {
        exchanges,
        words: Law::constant(1.0),
        think: Law::constant(0.0),
        reply: ReplyPlan::Time(reply),
        canned: 0.0,
        canned_time: Law::constant(0.0),
        fatigue: FatiguePlan { hazard: 0.0, per_word: 0.0 },
    }
}

/// A chat desk like [`desk`] whose conversations are played message by message. Its visitors type in no time.
pub(crate) fn talking_desk(name: &str, arrivals_per_sec: f64, talk: TalkPlan, group: GroupPlan) -> DeskPlan {
    DeskPlan {
        topics: vec![about(Content::Talk(talk))],
        devices: vec![DevicePlan { share: 1.0, words_per_sec: 1e12 }],
        ..desk(name, arrivals_per_sec, Law::constant(1.0), group)
    }
}

/// So many agents who hold up to `concurrency` chats each, and are no slower for it but for what they say.
pub(crate) fn chatters(count: u32, concurrency: u32) -> GroupPlan {
    group(count, &vec![1.0; concurrency as usize])
}

/// So many agents, as many slots each as `stretch` is long, without skills.
pub(crate) fn group(count: u32, stretch: &[f64]) -> GroupPlan {
    GroupPlan {
        name: None,
        count,
        shifts: vec![ShiftPlan::throughout(count)],
        concurrency: stretch.len() as u32,
        stretch: stretch.to_vec(),
        skills: Vec::new(),
        writing: None,
        wage_per_sec: 0.0,
        dual: None,
    }
}

/// A chat desk of one topic and one group: everybody waits for ever and nobody comes back.
pub(crate) fn desk(name: &str, arrivals_per_sec: f64, handling_time: Law, group: GroupPlan) -> DeskPlan {
    DeskPlan {
        name: name.into(),
        kind: DeskKind::Chat,
        arrivals: steady(arrivals_per_sec),
        start: ChannelMix::HERE,
        cannot_call: 0.0,
        devices: vec![DevicePlan { share: 1.0, words_per_sec: 1.0 }],
        patience: None,
        walk_out: None,
        leaving: LeavingPlan::told(),
        retry: None,
        topics: vec![topic(handling_time)],
        mistaken: 0.0,
        escalation: EscalationPlan { toll_free: 1.0, callback: 0.0, give_up: 0.0 },
        messages: MessagePlan::Every(Span::from_whole_secs(30)),
        groups: vec![group],
        manners: MannersPlan::plain(),
        sales: None,
        routing: Routing::LeastBusy,
        service_level: level(20.0, 20.0),
        toll_per_sec: 0.0,
    }
}

/// A phone pool whose topics are calls and callbacks, whichever of its agents answer.
pub(crate) fn phone_desk(
    calls_per_sec: f64,
    handling_time: Law,
    callback: Option<CallbackPlan>,
    mut lines: GroupPlan,
) -> DeskPlan {
    let of = |channel: &str, share| TopicPlan {
        name: Some(channel.to_owned()),
        share,
        skills: vec![channel.to_owned()],
        ..topic(handling_time.clone())
    };
    lines.skills = vec!["call".to_owned(), "callback".to_owned()];
    let topics = vec![of("call", 1.0), of("callback", 0.0)];
    DeskPlan { kind: DeskKind::Phone(callback), topics, ..desk("phone", calls_per_sec, handling_time, lines) }
}

/// A service level, both times in seconds.
pub(crate) fn level(within: f64, short_abandon: f64) -> ServiceLevelPlan {
    ServiceLevelPlan {
        within: Span::from_secs(within),
        of: Served::Answer,
        short_abandon: Span::from_secs(short_abandon),
    }
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
        venues: Vec::new(),
        phone: phone.map(|desk| DeskId(desk as u16)),
        close: AtClose::Serve,
        money: None,
        run: RunPlan {
            speed: 1.0,
            length,
            warm_up,
            drain: length,
            reconnect: None,
            target: None,
            site: None,
            faults: None,
            valid: ValidPlan::default(),
        },
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

/// A room where so many come a second and stay so long: they read, and nothing is said.
pub(crate) fn room(name: &str, arrivals_per_sec: f64, stay: Law) -> VenuePlan {
    VenuePlan {
        name: name.into(),
        kind: VenueKind::Room,
        arrivals: steady(arrivals_per_sec),
        open: None,
        stay,
        alone_patience: None,
        roles: [1.0, 0.0, 0.0],
        talk_per_sec: [0.0; 3],
        words: Law::constant(8.0),
        questions: QuestionPlan { share: 0.0, answered_by: 0.0, after: Law::constant(1.0) },
        harm: HarmPlan { share: 0.0, screen: 30, reported_by: 0.0, after: Law::constant(1.0) },
        moderation: ModerationPlan {
            mode: ModerationMode::None { hidden_after: None },
            filter: None,
            moderators: 0,
            wage_per_sec: 0.0,
            review: Law::constant(60.0),
        },
        returns: None,
        deflects: None,
        alive: 0.5,
    }
}

/// A plan of these rooms and no desk, times in seconds.
pub(crate) fn rooms(venues: Vec<VenuePlan>, warm_up: f64, length: f64, replications: u32) -> Plan {
    Plan { venues, ..plan(Vec::new(), warm_up, length, replications) }
}
