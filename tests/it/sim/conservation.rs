//! Laws that hold in every scenario, over random plans: nobody is lost or counted twice, no slot is taken twice, and
//! nobody waits for an agent who could serve.

use std::collections::{BTreeMap, BTreeSet};

use causerie::base::dist::Law;
use causerie::base::id::{DeskId, VisitId};
use causerie::base::time::{Moment, Span};
use causerie::base::words::{Channel, Closing, Ending, Outcome};
use causerie::scenario::plan::{
    CallbackPlan, DeskKind, DeskPlan, EscalationPlan, GroupPlan, Plan, RetryPlan, Routing, TopicPlan,
};
use proptest::prelude::*;

use crate::plans::{desk, group, per_hour, plan, topic};

use super::witness::{Handled, Replication, observed};

fn laws(mean: std::ops::Range<f64>) -> impl Strategy<Value = Law> {
    (mean, 0..5u8).prop_map(|(mean, kind)| match kind {
        0 => Law::constant(mean.round()),
        1 => Law::exponential(mean),
        2 => Law::lognormal(mean, 1.3),
        3 => Law::gamma(mean, 0.7),
        _ => Law::uniform(0.0, 2.0 * mean),
    })
}

fn topics() -> impl Strategy<Value = Vec<TopicPlan>> {
    let one = (laws(20.0..400.0), 0.0..0.5, any::<bool>());
    prop::collection::vec(one, 1..4).prop_map(|topics| {
        let share = 1.0 / topics.len() as f64;
        let made = topics.into_iter().enumerate().map(|(i, (handling_time, escalation, hard))| TopicPlan {
            name: Some(format!("topic {i}")),
            share,
            escalation,
            resolution: 0.8,
            skills: if hard { vec!["technical".into()] } else { Vec::new() },
            ..topic(handling_time)
        });
        made.collect()
    })
}

/// One to three groups, of which the first can do everything.
fn groups() -> impl Strategy<Value = Vec<GroupPlan>> {
    let one = (1..4u32, 1..4usize, any::<bool>());
    prop::collection::vec(one, 1..4).prop_map(|groups| {
        let made = groups.into_iter().enumerate().map(|(i, (count, slots, expert))| GroupPlan {
            name: Some(format!("group {i}")),
            skills: if expert || i == 0 { vec!["technical".into()] } else { Vec::new() },
            ..group(count, &[1.0, 1.25, 1.6][..slots])
        });
        made.collect()
    })
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

fn chat_desks(name: &'static str) -> impl Strategy<Value = DeskPlan> {
    let people = (10.0..300.0, prop::option::of(laws(5.0..300.0)), prop::option::of(laws(50.0..600.0)));
    (people, prop::option::of(retries()), topics(), groups(), routings()).prop_map(
        move |((rate, patience, walk_out), retry, topics, groups, routing)| DeskPlan {
            patience,
            walk_out,
            retry,
            topics,
            groups,
            routing,
            escalation: EscalationPlan { toll_free: 0.5, callback: 0.3, give_up: 0.2 },
            ..desk(name, per_hour(rate), Law::constant(1.0), group(1, &[1.0]))
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

fn phones() -> impl Strategy<Value = DeskPlan> {
    let calls = (0.0..60.0, laws(30.0..400.0), laws(100.0..600.0), 1..6u32);
    (calls, prop::option::of(callbacks()), prop::option::of(retries())).prop_map(
        |((rate, patience, handling_time, lines), callback, retry)| DeskPlan {
            kind: DeskKind::Phone(callback),
            patience: Some(patience),
            retry,
            ..desk("phone", per_hour(rate), handling_time, group(lines, &[1.0]))
        },
    )
}

/// Two hours of one or two chat desks, perhaps with a phone pool.
fn plans() -> impl Strategy<Value = Plan> {
    let others = (prop::option::of(chat_desks("sales")), prop::option::of(phones()));
    (any::<u64>(), chat_desks("support"), others).prop_map(|(seed, support, (sales, phone))| {
        let desks = std::iter::once(support).chain(sales).chain(phone).collect();
        Plan { seed, ..plan(desks, 600.0, 7_200.0, 1) }
    })
}

/// Visits of one person to one desk, the attempts in order.
type Persons = BTreeMap<(DeskId, DeskId, u64), Vec<Outcome>>;

fn by_person(visits: &[Outcome]) -> Persons {
    let mut persons = Persons::new();
    for visit in visits {
        let person = (visit.desk, visit.visit.population, visit.visit.index);
        persons.entry(person).or_default().push(*visit);
    }
    persons.values_mut().for_each(|attempts| attempts.sort_by_key(|attempt| attempt.visit.attempt));
    persons
}

/// Nobody is lost: everybody who came comes once for the first time, with all attempts after it, and each ends once.
fn everybody_ends_once(plan: &Plan, seen: &Replication) {
    let persons = by_person(&seen.visits);
    let came: u64 = persons.keys().filter(|(desk, population, _)| desk == population).map(|_| 1).sum();
    assert_eq!(came, seen.played.visitors);
    let doors_close = Moment::ZERO + plan.length;
    for ((desk, population, index), attempts) in &persons {
        let numbers: Vec<u8> = attempts.iter().map(|attempt| attempt.visit.attempt).collect();
        assert_eq!(numbers, (0..attempts.len() as u8).collect::<Vec<_>>(), "{index}: an attempt ends once");
        let most = plan.desk(*desk).retry.as_ref().map_or(0, |retry| retry.most);
        assert!(attempts.len() <= usize::from(most) + 1, "{index} comes back more often than anybody may");
        for pair in attempts.windows(2) {
            assert_eq!(pair[0].ending, Ending::AbandonedQueue, "{index} comes back without having given up");
            assert!(pair[1].start >= pair[0].ended, "{index} is back before having left");
        }
        let last_of_own = attempts.iter().filter(|_| desk == population);
        for attempt in last_of_own {
            assert!(attempt.start < doors_close, "{index} comes after the doors are closed");
        }
    }
    let escalated: BTreeSet<_> = persons.keys().filter(|(desk, population, _)| desk != population).collect();
    for (desk, population, index) in escalated {
        assert_eq!(Some(*desk), plan.phone);
        let at_home = &persons[&(*population, *population, *index)];
        assert_eq!(at_home.last().map(|visit| visit.ending), Some(Ending::Escalated));
    }
}

/// What is counted is what happened.
fn counts_add_up(plan: &Plan, seen: &Replication) {
    let window = Moment::ZERO + plan.warm_up..Moment::ZERO + plan.length;
    for (desk, tally) in plan.desk_ids().map(|(desk, _)| (desk, &seen.section.desks[desk.index()])) {
        let visits = tally.visits();
        assert_eq!(visits.offered, visits.endings.iter().sum::<u64>());
        assert_eq!(visits.offered, visits.queue_time().count);
        let here = seen.visits.iter().filter(|visit| visit.desk == desk && window.contains(&visit.start));
        let (outright, held): (Vec<&Outcome>, Vec<&Outcome>) = here.partition(|visit| {
            visit.callback_from == Some(visit.start) && visit.visit.population != visit.desk
        });
        assert_eq!(visits.offered, held.len() as u64, "everybody who held the line, and nobody else");
        let callbacks = held.iter().filter(|visit| visit.callback_from.is_some()).count() + outright.len();
        assert_eq!(tally.callbacks.accepted, callbacks as u64);
        let reached = tally.callbacks.reached;
        assert_eq!(tally.callbacks.wait.count, reached);
        assert_eq!(tally.callbacks.accepted, reached + tally.callbacks.gave_up_after.count);
        let agents = tally.agents();
        assert!(agents.engaged_nanos <= agents.staffed_nanos);
        assert!(agents.slot_nanos <= agents.slot_staffed_nanos);
        assert!(agents.engaged_nanos <= agents.slot_nanos, "an engaged agent has a slot in use");
    }
}

/// Each visit runs forward in time and its ending fits it.
fn visits_make_sense(plan: &Plan, seen: &Replication) {
    for visit in &seen.visits {
        assert!(visit.ended >= visit.start, "{visit:?}");
        assert!(visit.assigned.is_none_or(|at| visit.start <= at && at <= visit.ended), "{visit:?}");
        assert!(visit.callback_from.is_none_or(|at| visit.start <= at && at <= visit.ended), "{visit:?}");
        let served = visit.assigned.is_some();
        match visit.ending {
            Ending::Resolved | Ending::Unresolved | Ending::Escalated | Ending::AbandonedChat => {
                assert!(served, "{visit:?}");
            }
            Ending::AbandonedQueue => {
                assert!(!served && plan.desk(visit.desk).patience.is_some(), "{visit:?}");
            }
            Ending::Unreached => assert!(matches!(visit.channel, Channel::Callback { .. }), "{visit:?}"),
            Ending::Refused | Ending::Unfinished => panic!("everybody is let in and let finish: {visit:?}"),
        }
    }
}

/// Whoever was served had one agent, for just as long as the visit's conversation.
fn served_means_handled(seen: &Replication) {
    let mut handled: BTreeMap<(DeskId, VisitId), &Handled> = BTreeMap::new();
    for one in seen.handled.iter().filter(|one| one.closing != Closing::Unreached) {
        assert!(handled.insert((one.desk, one.visit), one).is_none(), "{one:?} is served twice");
    }
    let served =
        seen.visits.iter().filter(|visit| visit.assigned.is_some() && visit.ending != Ending::Unreached);
    let mut count = 0;
    for visit in served {
        let one = handled[&(visit.desk, visit.visit)];
        assert_eq!((visit.assigned, visit.ended), (Some(one.assigned), one.freed));
        count += 1;
    }
    assert_eq!(count, handled.len(), "nobody is served who did not come");
}

/// What changes at one instant at one desk: slots of a group, or people waiting about a topic.
#[derive(Clone, Copy, Debug)]
enum Step {
    Slots(usize, i64),
    Waiting(usize, i64),
}

/// Whether it is known when the visit waited: of a callback that was tried more than once, or never answered, it is not.
fn waited_once(visit: &Outcome) -> bool {
    visit.ending != Ending::Unreached && !matches!(visit.channel, Channel::Callback { tried } if tried > 0)
}

/// All of a desk's steps, in order of time.
fn steps(desk: DeskId, seen: &Replication) -> BTreeMap<Moment, Vec<Step>> {
    let mut steps: BTreeMap<Moment, Vec<Step>> = BTreeMap::new();
    let mut during = |from: Moment, to: Moment, step: &dyn Fn(i64) -> Step| {
        steps.entry(from).or_default().push(step(1));
        steps.entry(to).or_default().push(step(-1));
    };
    for one in seen.handled.iter().filter(|one| one.desk == desk) {
        during(one.assigned, one.freed, &|change| Step::Slots(one.group.index(), change));
    }
    for visit in seen.visits.iter().filter(|visit| visit.desk == desk && waited_once(visit)) {
        let until = visit.assigned.unwrap_or(visit.ended);
        during(visit.start, until, &|change| Step::Waiting(visit.topic.index(), change));
    }
    steps
}

/// No agent holds more than there are slots, and nobody waits while an able agent has a slot to spare. Within an instant
/// anything may be on its way; what counts is where it ends.
fn slots_are_used_and_not_overused(plan: &Plan, seen: &Replication) {
    for (id, desk) in plan.desk_ids() {
        let slots: Vec<i64> = desk.groups.iter().map(|g| i64::from(g.count * g.concurrency)).collect();
        let mut held = vec![0i64; slots.len()];
        let mut waiting = vec![0i64; desk.topics.len()];
        for (at, steps) in steps(id, seen) {
            for step in steps {
                match step {
                    Step::Slots(group, change) => held[group] += change,
                    Step::Waiting(topic, change) => waiting[topic] += change,
                }
            }
            for (group, of) in desk.groups.iter().enumerate() {
                assert!(
                    held[group] <= slots[group],
                    "{at:?}: group {group} holds {} of {slots:?}",
                    held[group]
                );
                let spare = held[group] < slots[group];
                for (topic, waiting) in waiting.iter().enumerate().filter(|_| spare) {
                    let in_vain = *waiting > 0 && of.can_serve(&desk.topics[topic]);
                    assert!(!in_vain, "{at:?}: {waiting} wait about topic {topic}, group {group} has a slot");
                }
            }
        }
        assert!(held.iter().chain(&waiting).all(|left| *left == 0), "everybody goes home");
    }
}

/// An agent takes whoever came first among those whom the agent can serve.
fn first_come_first_served(plan: &Plan, seen: &Replication) {
    let handled: BTreeMap<_, _> = seen.handled.iter().map(|one| ((one.desk, one.visit), one.group)).collect();
    let waits = || seen.visits.iter().filter(|visit| waited_once(visit));
    for served in waits() {
        let Some(at) = served.assigned else { continue };
        let desk = plan.desk(served.desk);
        let group = desk.group(handled[&(served.desk, served.visit)]);
        let passed_over = waits().find(|other| {
            let until = other.assigned.unwrap_or(other.ended);
            other.desk == served.desk
                && other.start < served.start
                && until > at
                && group.can_serve(desk.topic(other.topic))
        });
        assert!(passed_over.is_none(), "{served:?} is served before {passed_over:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_laws_hold_in_every_scenario(plan in plans()) {
        let seen = observed(&plan);
        everybody_ends_once(&plan, &seen);
        counts_add_up(&plan, &seen);
        visits_make_sense(&plan, &seen);
        served_means_handled(&seen);
        slots_are_used_and_not_overused(&plan, &seen);
        first_come_first_served(&plan, &seen);
    }
}
