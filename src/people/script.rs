//! What a person does, written down: the effects of a script of events.

use crate::base::count::CountLaw;
use crate::base::dist::Law;
use crate::base::id::DeskId;
use crate::base::time::{Moment, Span};
use crate::base::words::Observation;
use crate::scenario::plan::rooms::{
    HarmPlan, ModerationMode, ModerationPlan, QuestionPlan, VenueKind, VenuePlan,
};
use crate::scenario::plan::{
    ArrivalPlan, AtClose, CallbackPlan, ChannelMix, Content, DeskKind, DeskPlan, DevicePlan, EscalationPlan,
    FatiguePlan, GroupPlan, LeavingPlan, MannersPlan, MessagePlan, Plan, ReplyPlan, Routing, RunPlan, Served,
    ServiceLevelPlan, ShiftPlan, TalkPlan, TopicPlan, ValidPlan,
};

use super::Effects;
use super::reason::Timer;

/// One effect.
#[derive(Clone, Debug, PartialEq)]
enum Effect<Act> {
    Act(Act),
    Arm(Timer, Moment),
    Cancel(Timer),
    Observe(Observation),
}

/// Every effect in order.
#[derive(Debug)]
pub(super) struct Script<Act>(Vec<Effect<Act>>);

impl<Act: Copy> Script<Act> {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    /// What was done.
    pub(super) fn acts(&self) -> Vec<Act> {
        let acts = self.0.iter().filter_map(|e| if let Effect::Act(act) = e { Some(*act) } else { None });
        acts.collect()
    }

    /// When `timer` is due, as last armed and not cancelled since.
    pub(super) fn due(&self, timer: Timer) -> Option<Moment> {
        self.0.iter().rev().find_map(|effect| match effect {
            Effect::Arm(t, due) if *t == timer => Some(Some(*due)),
            Effect::Cancel(t) if *t == timer => Some(None),
            _ => None,
        })?
    }

    /// The timer that is due first, of those armed and neither cancelled nor fired; of several the one armed first.
    pub(super) fn first(&self) -> Option<(Moment, Timer)> {
        let mut armed: Vec<(Moment, Timer)> = Vec::new();
        for effect in &self.0 {
            match effect {
                Effect::Arm(timer, due) => {
                    armed.retain(|(_, other)| other != timer);
                    armed.push((*due, *timer));
                }
                Effect::Cancel(timer) => armed.retain(|(_, other)| other != timer),
                Effect::Act(_) | Effect::Observe(_) => {}
            }
        }
        armed.into_iter().min_by_key(|(due, _)| *due)
    }

    /// A timer has fired.
    pub(super) fn fired(&mut self, timer: Timer) {
        self.0.push(Effect::Cancel(timer));
    }

    /// What was observed.
    pub(super) fn observed(&self) -> Vec<Observation> {
        let seen = self.0.iter().filter_map(|e| if let Effect::Observe(o) = e { Some(*o) } else { None });
        seen.collect()
    }
}

impl<Act> Effects<Act> for Script<Act> {
    fn act(&mut self, act: Act) {
        self.0.push(Effect::Act(act));
    }
    fn arm(&mut self, timer: Timer, due: Moment) {
        self.0.push(Effect::Arm(timer, due));
    }
    fn cancel(&mut self, timer: Timer) {
        self.0.push(Effect::Cancel(timer));
    }
    fn observe(&mut self, observation: Observation) {
        self.0.push(Effect::Observe(observation));
    }
}

/// The same, but conversations are talked over: so many exchanges, 20 s to think, 10 words typed at a word a second, 5 s a
/// reply, 3 s a canned one; agents accept at once, ghosts are given up after 60 s, wrapping up takes 7 s.
pub(super) fn talking(exchanges: u32) -> Plan {
    let mut plan = plan(None);
    let desk = &mut plan.desks[0];
    desk.topics[0].content = Content::Talk(TalkPlan {
        exchanges: CountLaw::constant(exchanges),
        words: Law::constant(10.0),
        think: Law::constant(20.0),
        reply: ReplyPlan::Time(Law::constant(5.0)),
        canned: 0.0,
        canned_time: Law::constant(3.0),
        fatigue: FatiguePlan { hazard: 0.0, per_word: 0.0 },
    });
    desk.groups[0].stretch = vec![1.0, 1.0];
    desk.leaving.ghost_timeout = Span::from_secs(60.0);
    desk.manners.wrap_up = Some(Law::constant(7.0));
    plan
}

/// The same, with a room beside the desk: guests stay for 100 s in company and 40 s alone and say nothing, answers take
/// 5 s and reports 3 s where there are any, reviews 30 s.
pub(super) fn room() -> Plan {
    let mut plan = plan(None);
    plan.venues.push(VenuePlan {
        name: "fans".into(),
        kind: VenueKind::Room,
        arrivals: ArrivalPlan::default(),
        open: None,
        stay: Law::constant(100.0),
        alone_patience: Some(Law::constant(40.0)),
        roles: [0.0, 0.0, 1.0],
        talk_per_sec: [0.0; 3],
        words: Law::constant(8.0),
        questions: QuestionPlan { share: 0.0, answered_by: 1.0, after: Law::constant(5.0) },
        harm: HarmPlan { share: 0.0, screen: 30, reported_by: 1.0, after: Law::constant(3.0) },
        moderation: ModerationPlan {
            mode: ModerationMode::None { hidden_after: None },
            filter: None,
            moderators: 1,
            wage_per_sec: 0.0,
            review: Law::constant(30.0),
        },
        returns: None,
        deflects: None,
        alive: 0.5,
    });
    plan
}

/// A plan of one chat desk (one group, concurrency 2 at stretch 1 and 1.5, work of 100 s, patience of 60 s) and, where
/// `callback` says so, a phone pool (work of 50 s, patience of 30 s).
pub(super) fn plan(callback: Option<CallbackPlan>) -> Plan {
    let desk = |name: &str, kind: DeskKind, patience: f64, work: f64| DeskPlan {
        name: name.into(),
        kind,
        arrivals: ArrivalPlan::default(),
        start: ChannelMix::HERE,
        cannot_call: 0.0,
        devices: vec![DevicePlan { share: 1.0, words_per_sec: 1.0 }],
        patience: Some(Law::constant(patience)),
        walk_out: None,
        leaving: LeavingPlan::told(),
        retry: None,
        topics: vec![TopicPlan {
            name: None,
            share: 1.0,
            content: Content::Work(Law::constant(work)),
            escalation: 0.0,
            resolution: 1.0,
            skills: Vec::new(),
        }],
        mistaken: 0.0,
        escalation: EscalationPlan { toll_free: 1.0, callback: 0.0, give_up: 0.0 },
        messages: MessagePlan::Every(Span::from_secs(10.0)),
        groups: vec![GroupPlan {
            name: None,
            count: 1,
            shifts: vec![ShiftPlan::throughout(1)],
            concurrency: 2,
            stretch: vec![1.0, 1.5],
            skills: Vec::new(),
            writing: None,
            wage_per_sec: 0.0,
            dual: None,
        }],
        manners: MannersPlan::plain(),
        sales: None,
        routing: Routing::LeastBusy,
        service_level: ServiceLevelPlan {
            within: Span::from_secs(20.0),
            of: Served::Answer,
            short_abandon: Span::from_secs(20.0),
        },
        toll_per_sec: 0.0,
    };
    let mut desks = vec![desk("support", DeskKind::Chat, 60.0, 100.0)];
    let phone = callback.map(|callback| {
        desks.push(desk("phone", DeskKind::Phone(Some(callback)), 30.0, 50.0));
        DeskId(1)
    });
    let length = Span::from_secs(1000.0);
    let run = RunPlan {
        speed: 1.0,
        length,
        warm_up: Span::ZERO,
        drain: length,
        reconnect: None,
        target: None,
        site: None,
        faults: None,
        valid: ValidPlan::default(),
    };
    Plan {
        name: "script".into(),
        seed: 1,
        length,
        warm_up: Span::ZERO,
        replications: 1,
        start: None,
        desks,
        venues: Vec::new(),
        phone,
        close: AtClose::Serve,
        money: None,
        run,
        gates: Vec::new(),
    }
}
