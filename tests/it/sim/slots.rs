//! Laws of the agents that hold in every scenario: no slot is taken twice, nobody waits for an agent who could serve, and
//! agents do one thing at a time.
//!
//! Observations name groups, not agents. Half of the random plans have groups of one: what is said of their groups is
//! said of each agent.

use std::collections::BTreeMap;

use causerie::base::id::{DeskId, GroupId};
use causerie::base::time::{Moment, Span};
use causerie::base::words::{Channel, Ending, Outcome};
use causerie::scenario::plan::{CallPolicy, Plan};

use super::conservation::{is_always_staffed, persona, transfers};
use super::witness::{Replication, Stretch};

/// What changes at one instant at one desk: slots of a group, agents on duty, or people waiting about a topic.
#[derive(Clone, Copy, Debug)]
enum Step {
    Slots(usize, i64),
    Staff(usize, i64),
    Waiting(usize, i64),
}

/// Whether it is known when the visit waited: of a callback that was tried more than once, or never answered, it is not.
fn waited_once(visit: &Outcome) -> bool {
    let tried_again = matches!(visit.channel, Channel::Callback { tried } if tried > 0);
    visit.ending != Ending::Unreached && visit.ending != Ending::Balked && !tried_again
}

/// Every stretch for which a slot was taken.
fn taken(of: &Replication) -> impl Iterator<Item = Stretch> {
    let handled = of.seen.handled.iter();
    let freed = |one: &super::witness::Handled| Stretch {
        desk: one.desk,
        group: one.group,
        from: one.assigned,
        to: one.freed,
    };
    handled.map(freed).chain(of.seen.held.iter().copied())
}

/// The topic in whose line the visit was in the end: the one that the visitor gave, or that of the callbacks.
fn line_of(plan: &Plan, visit: &Outcome) -> usize {
    let persona = persona(plan, visit.visit.population, visit.visit.index);
    persona.named_topic(visit.desk, visit.channel).index()
}

/// All of a desk's steps, in order of time.
fn steps(plan: &Plan, desk: DeskId, of: &Replication) -> BTreeMap<Moment, Vec<Step>> {
    let mut steps: BTreeMap<Moment, Vec<Step>> = BTreeMap::new();
    let mut during = |from: Moment, to: Moment, step: &dyn Fn(i64) -> Step| {
        steps.entry(from).or_default().push(step(1));
        steps.entry(to).or_default().push(step(-1));
    };
    for one in taken(of).filter(|one| one.desk == desk) {
        during(one.from, one.to, &|change| Step::Slots(one.group.index(), change));
    }
    for one in of.seen.staffed.iter().filter(|one| one.desk == desk) {
        during(one.from, one.to, &|change| Step::Staff(one.group.index(), change));
    }
    for visit in of.seen.visits.iter().filter(|visit| visit.desk == desk && waited_once(visit)) {
        // Of a caller who takes a callback, the line changes then.
        let until = visit.assigned.unwrap_or(visit.ended);
        let request = visit.callback_from.filter(|_| !visit.outright);
        if let Some(request) = request {
            during(visit.start, request, &|change| Step::Waiting(0, change));
        }
        let (from, line) = (request.unwrap_or(visit.start), line_of(plan, visit));
        during(from, until, &|change| Step::Waiting(line, change));
    }
    steps
}

/// How a desk stands at the end of an instant.
struct Standing {
    held: Vec<i64>,
    staff: Vec<i64>,
    waiting: Vec<i64>,
}

/// Shows how a desk stands at the end of every instant at which anything changes. Within an instant anything may be on
/// its way; what counts is where it ends.
fn watch(plan: &Plan, id: DeskId, of: &Replication, mut look: impl FnMut(Moment, &Standing)) {
    let desk = plan.desk(id);
    let none = |n: usize| vec![0i64; n];
    let (groups, topics) = (desk.groups.len(), desk.topics.len());
    let mut now = Standing { held: none(groups), staff: none(groups), waiting: none(topics) };
    for (at, steps) in steps(plan, id, of) {
        for step in steps {
            match step {
                Step::Slots(group, change) => now.held[group] += change,
                Step::Staff(group, change) => now.staff[group] += change,
                Step::Waiting(topic, change) => now.waiting[topic] += change,
            }
        }
        look(at, &now);
    }
    let left = now.held.iter().chain(&now.staff).chain(&now.waiting);
    assert!(left.clone().all(|left| *left == 0), "everybody goes home");
}

/// Whether somebody waits whom this group could serve.
fn waits_for(plan: &Plan, desk: DeskId, group: usize, now: &Standing) -> Option<usize> {
    let desk = plan.desk(desk);
    let able = |topic: &usize| desk.groups[group].can_serve(&desk.topics[*topic]);
    (0..desk.topics.len()).filter(able).find(|topic| now.waiting[*topic] > 0)
}

/// Whether any agent of this desk serves another as well.
fn blends(plan: &Plan, desk: DeskId) -> bool {
    let duals = plan.phone.into_iter().flat_map(|phone| &plan.desk(phone).groups).filter_map(|g| g.dual);
    plan.desk(desk).groups.iter().any(|group| group.dual.is_some())
        || duals.into_iter().any(|dual| dual.desk == desk)
}

/// No group holds more than its slots, and where everybody is there, and may take what comes, nobody waits while an able
/// group has a slot to spare.
pub(super) fn are_used_and_not_overused(plan: &Plan, of: &Replication) {
    for (id, desk) in plan.desk_ids() {
        let busy = is_always_staffed(plan, id) && desk.manners.ramp_up == Span::ZERO && !blends(plan, id);
        watch(plan, id, of, |at, now| {
            for (number, group) in desk.groups.iter().enumerate() {
                let (held, slots) = (now.held[number], i64::from(group.count * group.concurrency));
                assert!(held <= slots, "{at:?}: {held} in the {slots} slots of group {number}");
                let in_vain = waits_for(plan, id, number, now).filter(|_| busy && held < slots);
                assert!(in_vain.is_none(), "{at:?}: group {number} has a slot for topic {in_vain:?}");
            }
        });
    }
}

/// Whatever the shifts and the ramp-up: an agent who is there and has nothing in hand leaves nobody waiting.
pub(super) fn idle_agents_leave_nobody_waiting(plan: &Plan, of: &Replication) {
    for (id, desk) in plan.desk_ids().filter(|(id, _)| !blends(plan, *id)) {
        watch(plan, id, of, |at, now| {
            for (number, _) in desk.groups.iter().enumerate().filter(|(_, group)| group.count == 1) {
                let idle = now.staff[number] == 1 && now.held[number] == 0;
                let in_vain = waits_for(plan, id, number, now).filter(|_| idle);
                assert!(in_vain.is_none(), "{at:?}: group {number} is idle, topic {in_vain:?} waits");
            }
        });
    }
}

/// An agent takes whoever came first among those whom the agent can serve.
pub(super) fn first_come_first_served(plan: &Plan, of: &Replication) {
    let handled = of.seen.handled.iter();
    let handled: BTreeMap<_, _> = handled.map(|one| ((one.desk, one.visit), one.group)).collect();
    let waits = |desk: DeskId| of.seen.visits.iter().filter(move |v| v.desk == desk && waited_once(v));
    for (id, desk) in plan.desk_ids().filter(|(id, _)| !transfers(plan, *id)) {
        for served in waits(id) {
            let Some(at) = served.assigned else { continue };
            let group = desk.group(handled[&(id, served.visit)]);
            let passed_over = waits(id).find(|other| {
                let until = other.assigned.unwrap_or(other.ended);
                let could = |topic: usize| group.can_serve(&desk.topics[topic]);
                // One who takes a callback waits about something else from then on.
                let changed = other.callback_from.is_some() && !other.outright;
                let able = could(line_of(plan, other)) && (!changed || could(0));
                other.start < served.start && until > at && able
            });
            assert!(passed_over.is_none(), "{served:?} is served before {passed_over:?}");
        }
    }
}

/// What holds of every agent who is a group of one.
pub(super) fn agents_keep_their_rules(plan: &Plan, of: &Replication) {
    for (id, desk) in plan.desk_ids() {
        for (number, group) in desk.groups.iter().enumerate().filter(|(_, group)| group.count == 1) {
            let seat = (id, GroupId(number as u16));
            match group.dual {
                Some(dual) => a_call_comes_alone(of, seat, (dual.desk, dual.group), dual.call),
                None => on_duty_and_one_thing_at_a_time(plan, of, seat),
            }
        }
    }
}

fn at_seat(stretches: impl Iterator<Item = Stretch>, seat: (DeskId, GroupId)) -> Vec<Stretch> {
    let mut here: Vec<_> = stretches.filter(|one| (one.desk, one.group) == seat).collect();
    here.sort_unstable_by_key(|one| (one.from, one.to));
    here
}

/// Chats are held on duty only, replies are composed one at a time while something is in hand, and the next chat comes
/// when the ramp-up is over.
fn on_duty_and_one_thing_at_a_time(plan: &Plan, of: &Replication, seat: (DeskId, GroupId)) {
    let staffed = at_seat(of.seen.staffed.iter().copied(), seat);
    let engaged = at_seat(of.seen.engaged.iter().copied(), seat);
    let attended = at_seat(of.seen.attended.iter().copied(), seat);
    let chats = at_seat(taken(of), seat);
    let within = |all: &[Stretch], one: &Stretch| all.iter().any(|s| s.from <= one.from && one.to <= s.to);
    for one in chats.iter().chain(&engaged) {
        assert!(within(&staffed, one), "{one:?} off duty: {staffed:?}");
    }
    for one in chats.iter().chain(&attended) {
        assert!(within(&engaged, one), "{one:?} without being engaged: {engaged:?}");
    }
    for one_after_another in [&staffed, &engaged, &attended] {
        let overlap = one_after_another.windows(2).find(|pair| pair[1].from < pair[0].to);
        assert!(overlap.is_none(), "{overlap:?}");
    }
    let desk = plan.desk(seat.0);
    let shift = &desk.group(seat.1).shifts[0];
    for stint in &staffed {
        assert!(stint.from >= shift.from && stint.from <= shift.to, "{stint:?} of {shift:?}");
    }
    let doors_close = Moment::ZERO + plan.length;
    for (i, chat) in chats.iter().enumerate() {
        // Who is there when the doors close may stay on.
        assert!(chat.from <= shift.to || shift.to >= doors_close, "{chat:?} after {shift:?}");
        if desk.is_paced(seat.1) {
            let busy = chats[..i].iter().any(|other| other.from < chat.from && chat.from < other.to);
            let last = chats[..i].iter().map(|other| other.from).max();
            let early = busy && last.is_some_and(|last| chat.from.since(last) < desk.manners.ramp_up);
            assert!(!early, "{chat:?} comes too early after {last:?}");
        }
    }
}

/// On a call nobody gets chats or replies to any; where calls wait for chats, none comes while there is one in hand.
fn a_call_comes_alone(of: &Replication, line: (DeskId, GroupId), own: (DeskId, GroupId), policy: CallPolicy) {
    let calls = at_seat(taken(of), line);
    let chats = at_seat(taken(of), own);
    let attended = at_seat(of.seen.attended.iter().copied(), own);
    let staffed = at_seat(of.seen.staffed.iter().copied(), own);
    for call in &calls {
        assert!(staffed.iter().any(|s| s.from <= call.from && call.to <= s.to), "{call:?} off duty");
        let during = |at: Moment| call.from < at && at < call.to;
        let chat = chats.iter().find(|chat| during(chat.from));
        assert!(chat.is_none(), "{chat:?} is given during {call:?}");
        let reply = attended.iter().find(|reply| reply.from < call.to && call.from < reply.to);
        assert!(reply.is_none(), "{reply:?} during {call:?}");
        let paused = chats.iter().find(|chat| chat.from < call.from && call.from < chat.to);
        assert!(policy == CallPolicy::PausesChats || paused.is_none(), "{call:?} in between {paused:?}");
    }
}
