//! A visitor is the same person whatever is done around her: with more agents, another routing, another desk.

use std::collections::BTreeMap;

use causerie::base::count::CountLaw;
use causerie::base::dist::Law;
use causerie::base::id::VisitId;
use causerie::base::time::{Moment, Span};
use causerie::base::words::{Ending, Outcome};
use causerie::scenario::plan::{
    Burst, CallbackPlan, DeskPlan, DevicePlan, EscalationPlan, FatiguePlan, GroupPlan, Plan, RetryPlan,
    Routing, TalkPlan, TopicPlan,
};

use crate::plans::{chatters, desk, group, per_hour, phone_desk, plan, talk, talking_desk, topic};

use super::witness::observed;

/// A phone pool that offers callbacks.
fn phone() -> DeskPlan {
    let callback = CallbackPlan {
        offer_after: Span::from_whole_secs(60),
        accepted: 0.4,
        within: Span::from_whole_secs(3_600),
        reached: 0.8,
        tries: 3,
        ring: Span::from_whole_secs(30),
        again_after: Span::from_whole_secs(600),
    };
    DeskPlan {
        patience: Some(Law::exponential(150.0)),
        ..phone_desk(per_hour(20.0), Law::lognormal(420.0, 1.3), Some(callback), group(5, &[1.0]))
    }
}

/// Five hours of a chat desk with this many agents, one conversation each, and of its phone pool, with everything in it
/// that can happen: topics, escalation, walking out, retries, a burst, a forecast that errs.
pub(super) fn busy_day(agents: u32) -> Plan {
    let mut support = desk("support", per_hour(400.0), Law::exponential(1.0), group(agents, &[1.0]));
    support.patience = Some(Law::weibull(120.0, 0.8));
    support.walk_out = Some(Law::exponential(1_200.0));
    support.retry = Some(RetryPlan { share: 0.5, after: Law::uniform(120.0, 900.0), most: 2 });
    support.escalation = EscalationPlan { toll_free: 0.45, callback: 0.35, give_up: 0.2 };
    support.topics = vec![
        TopicPlan {
            name: Some("delivery".into()),
            share: 0.7,
            escalation: 0.05,
            resolution: 0.9,
            ..topic(Law::lognormal(90.0, 1.0))
        },
        TopicPlan {
            name: Some("returns".into()),
            share: 0.3,
            escalation: 0.4,
            resolution: 0.6,
            ..topic(Law::gamma(150.0, 2.0))
        },
    ];
    support.arrivals.busyness_cv = 0.1;
    let at = Moment::ZERO + Span::from_whole_secs(7_200);
    support.arrivals.bursts = vec![Burst { at, count: 80, within: Span::from_whole_secs(120) }];
    plan(vec![support, phone()], 1_800.0, 18_000.0, 1)
}

/// First visits to the chat desk, by visitor.
fn first_visits(plan: &Plan) -> BTreeMap<VisitId, Outcome> {
    let visits = observed(plan).seen.visits.into_iter();
    visits.filter(|visit| visit.desk.0 == 0 && visit.visit.attempt == 0).map(|v| (v.visit, v)).collect()
}

/// How long an agent had a visitor who was served to the end.
fn served_for(visit: &Outcome) -> Option<Span> {
    let to_the_end = matches!(visit.ending, Ending::Resolved | Ending::Unresolved | Ending::Escalated);
    visit.assigned.filter(|_| to_the_end).map(|assigned| visit.ended.since(assigned))
}

#[test]
fn whatever_the_staffing_a_visitor_is_the_same_person() {
    let (few, many) = (first_visits(&busy_day(9)), first_visits(&busy_day(14)));
    assert_eq!(few.len(), many.len());
    let (mut served, mut walked_out, mut gave_up) = (0, 0, 0);
    for (visit, few) in &few {
        let many = &many[visit];
        assert_eq!((few.start, few.topic), (many.start, many.topic), "{visit}");
        if let (Some(a), Some(b)) = (served_for(few), served_for(many)) {
            assert_eq!((a, few.ending), (b, many.ending), "{visit}");
            served += 1;
        }
        if few.ending == Ending::AbandonedChat && many.assigned.is_some() {
            assert_eq!(many.ending, Ending::AbandonedChat, "{visit}");
            walked_out += 1;
        }
        if few.ending == Ending::AbandonedQueue && many.ending == Ending::AbandonedQueue {
            assert_eq!(few.ended, many.ended, "{visit}");
            gave_up += 1;
        }
        if few.ending == Ending::AbandonedQueue {
            let patience = few.ended.since(few.start);
            let waited = many.assigned.unwrap_or(many.ended).since(many.start);
            assert!(waited <= patience, "{visit} waits longer than her patience");
        }
    }
    assert!(served > 500 && walked_out > 20 && gave_up > 3, "{served}, {walked_out}, {gave_up}");
    let visitor_1234 = VisitId { index: 1234, ..*few.keys().next().expect("somebody came") };
    assert!(few.contains_key(&visitor_1234));
}

/// Five hours of a desk that talks, with this many agents of one chat each.
fn talkative_day(agents: u32) -> Plan {
    let tiring = TalkPlan {
        words: Law::lognormal(11.2, 0.9),
        think: Law::lognormal(12.0, 1.0),
        canned: 0.4,
        canned_time: Law::exponential(8.0),
        fatigue: FatiguePlan { hazard: 0.03, per_word: 0.004 },
        ..talk(CountLaw::geometric(5.0), Law::lognormal(20.0, 0.7))
    };
    let mut support = talking_desk("support", per_hour(240.0), tiring, chatters(agents, 1));
    support.devices = vec![
        DevicePlan { share: 0.4, words_per_sec: 19.0 / 60.0 },
        DevicePlan { share: 0.6, words_per_sec: 16.0 / 60.0 },
    ];
    support.cannot_call = 0.12;
    support.patience = Some(Law::weibull(120.0, 0.8));
    plan(vec![support], 1_800.0, 18_000.0, 1)
}

#[test]
fn whatever_the_staffing_a_visitor_says_the_same_and_tires_alike() {
    let (few, many) = (first_visits(&talkative_day(10)), first_visits(&talkative_day(16)));
    assert_eq!(few.len(), many.len());
    let mut served = 0;
    for (visit, few) in &few {
        let many = &many[visit];
        assert_eq!((few.start, few.topic, few.cannot_call), (many.start, many.topic, many.cannot_call));
        // Alone with an agent, a conversation takes as long as its messages do: so they are the same, and as many.
        if let (Some(a), Some(b)) = (served_for(few), served_for(many)) {
            assert_eq!((a, few.ending), (b, many.ending), "{visit}");
            served += 1;
        }
    }
    assert!(served > 300, "{served}");
    // Among other chats it takes longer, and ends no other way.
    let mut crowded = talkative_day(6);
    crowded.desks[0].groups = vec![chatters(6, 3)];
    let mut longer = 0;
    for (visit, crowded) in first_visits(&crowded) {
        if let (Some(a), Some(b)) = (served_for(&crowded), served_for(&many[&visit])) {
            assert_eq!(crowded.ending, many[&visit].ending, "{visit}");
            assert!(a >= b, "{visit}");
            longer += u32::from(a > b);
        }
    }
    assert!(longer > 300, "{longer}");
}

#[test]
fn whatever_the_routing_a_visitor_is_the_same_person() {
    let plan = busy_day(9);
    let mut other = plan.clone();
    other.desks[0].routing = Routing::RoundRobin;
    assert!(
        observed(&plan).seen.visits == observed(&other).seen.visits,
        "agents with one slot are all alike"
    );
}

#[test]
fn another_desk_changes_nothing_at_this_one() {
    let alone = busy_day(9);
    let mut beside = alone.clone();
    let sales = desk("sales", per_hour(100.0), Law::exponential(200.0), group(6, &[1.0, 1.3]));
    beside.desks.insert(1, sales);
    beside.phone = Some(causerie::base::id::DeskId(2));
    assert!(first_visits(&alone) == first_visits(&beside));
}

#[test]
fn a_second_group_of_the_same_skills_is_more_of_the_same() {
    let one = busy_day(9);
    let mut two = one.clone();
    two.desks[0].groups = [4, 5]
        .map(|count| GroupPlan { name: Some(format!("group of {count}")), ..group(count, &[1.0]) })
        .into();
    assert!(observed(&one).seen.visits == observed(&two).seen.visits);
}
