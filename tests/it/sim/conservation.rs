//! Laws of the people that hold in every scenario, over random plans: nobody is lost or counted twice, and what the
//! visitors' side and the agents' side know of a conversation fits together.

use std::collections::{BTreeMap, BTreeSet};

use causerie::base::draw::Draws;
use causerie::base::id::{DeskId, PopulationId, VisitId};
use causerie::base::time::{Moment, Span};
use causerie::base::words::{Channel, Closing, Ending, Outcome, Sale};
use causerie::people::persona::{AfterEscalation, Persona};
use causerie::scenario::plan::{AtClose, AtShiftEnd, Plan, ShiftPlan};
use proptest::prelude::*;

use super::random::plans;
use super::slots;
use super::witness::{Handled, Replication, observed};

/// Who a visitor is.
pub(super) fn persona(plan: &Plan, population: PopulationId, index: u64) -> Persona<'_> {
    let draws = Draws::of_population(plan.seed, 0, plan.populations().nth(population.index()).unwrap().0)
        .visitor(index);
    Persona::new(plan, population, draws)
}

/// Whether conversations of this desk may be passed on.
pub(super) fn transfers(plan: &Plan, desk: DeskId) -> bool {
    let desk = plan.desk(desk);
    desk.talks() && (desk.mistaken > 0.0 || desk.manners.at_shift_end == AtShiftEnd::HandOver)
}

/// Whether every agent of a desk is there from the start to the end.
pub(super) fn is_always_staffed(plan: &Plan, desk: DeskId) -> bool {
    let of_groups = || plan.desk(desk).groups.iter();
    let hosts =
        of_groups().filter_map(|group| group.dual).all(|dual| plan.desk(dual.desk).manners.shrinkage == 0.0);
    hosts
        && plan.desk(desk).manners.shrinkage == 0.0
        && of_groups()
            .all(|group| group.shifts.iter().all(|shift| *shift == ShiftPlan::throughout(shift.count)))
}

fn gave_up(ending: Ending) -> bool {
    matches!(ending, Ending::AbandonedQueue | Ending::AbandonedSilent | Ending::Balked | Ending::Refused)
}

/// Everything that a person did, in order of time.
fn by_person(visits: &[Outcome]) -> BTreeMap<(PopulationId, u64), Vec<Outcome>> {
    let mut persons: BTreeMap<_, Vec<Outcome>> = BTreeMap::new();
    for visit in visits {
        persons.entry((visit.visit.population, visit.visit.index)).or_default().push(*visit);
    }
    persons.values_mut().for_each(|visits| visits.sort_by_key(|visit| (visit.start, visit.ended)));
    persons
}

/// Nobody is lost: everybody who came comes once for the first time; whatever follows is a further attempt of one who
/// gave up, or the phone after the chat; and each of these ends once.
fn everybody_ends_once(plan: &Plan, of: &Replication) {
    let persons = by_person(&of.seen.visits);
    assert_eq!(persons.len() as u64, of.played.visitors);
    let doors_close = Moment::ZERO + plan.length;
    for ((population, index), visits) in &persons {
        let persona = persona(plan, *population, *index);
        assert_eq!((visits[0].desk, visits[0].visit.attempt), (persona.start().0, 0));
        assert!(visits[0].start < doors_close, "{index} comes after the doors are closed");
        for pair in visits.windows(2) {
            let (before, after) = (&pair[0], &pair[1]);
            assert!(after.start >= before.ended, "{before:?} is not over when {after:?} begins");
            if after.desk == before.desk {
                assert!(gave_up(before.ending), "{after:?} without having given up: {before:?}");
                assert_eq!(after.visit.attempt, before.visit.attempt + 1);
                let most = plan.desk(after.desk).retry.as_ref().map_or(0, |retry| retry.most);
                assert!(after.visit.attempt <= most && after.start < doors_close, "{after:?}");
            } else {
                assert_eq!((before.ending, after.visit.attempt), (Ending::Escalated, 0), "{after:?}");
                assert_eq!((Some(after.desk), after.start), (plan.phone, before.ended), "{after:?}");
            }
        }
        let last = visits[visits.len() - 1];
        if last.ending == Ending::Escalated {
            let after = persona.after_escalation(&plan.desk(last.desk).escalation);
            let goes_on = plan.phone.is_some() && after != AfterEscalation::GivesUp;
            assert!(!goes_on, "{last:?} should have called");
            assert!(!(plan.desk(last.desk).talks() && persona.cannot_call()), "{last:?} cannot call");
        }
    }
}

/// What is counted is what happened.
fn counts_add_up(plan: &Plan, of: &Replication) {
    let window = Moment::ZERO + plan.warm_up..Moment::ZERO + plan.length;
    for (desk, of_desk) in plan.desk_ids() {
        let tally = &of.section.desks[desk.index()];
        let visits = tally.visits();
        assert_eq!(visits.offered, visits.endings.iter().sum::<u64>());
        assert_eq!(visits.offered - visits.ended(Ending::Balked), visits.queue_time().count);
        let here = of.seen.visits.iter().filter(|visit| visit.desk == desk && window.contains(&visit.start));
        let (outright, held): (Vec<&Outcome>, Vec<&Outcome>) = here.partition(|visit| visit.outright);
        assert_eq!(visits.offered, held.len() as u64, "everybody who held the line, and nobody else");
        let callbacks = held.iter().filter(|visit| visit.callback_from.is_some()).count() + outright.len();
        assert_eq!(tally.callbacks.accepted, callbacks as u64);
        let reached = tally.callbacks.reached;
        assert_eq!(tally.callbacks.wait.count, reached);
        assert_eq!(tally.callbacks.accepted, reached + tally.callbacks.gave_up_after.count);
        let ghosts = of
            .seen
            .haunted
            .iter()
            .filter(|ghost| ghost.desk == desk && window.contains(&ghost.start))
            .count();
        assert_eq!(visits.ghost_wait.count, ghosts as u64);
        let agents = tally.agents();
        assert!(agents.engaged_nanos <= agents.staffed_nanos);
        assert!(agents.attention_nanos <= agents.engaged_nanos);
        assert!(agents.ghost_nanos <= agents.slot_nanos);
        // Dual agents are on duty at their own desk, and engaged there even when they are on a call.
        if of_desk.groups.iter().all(|group| group.dual.is_none()) {
            assert!(agents.slot_nanos <= agents.slot_staffed_nanos);
            let shares_agents = plan.phone.is_some_and(|phone| {
                plan.desk(phone).groups.iter().any(|g| g.dual.is_some_and(|dual| dual.desk == desk))
            });
            assert!(shares_agents || agents.engaged_nanos <= agents.slot_nanos, "engaged without a chat");
        }
    }
}

/// Each visit runs forward in time and its ending fits it.
fn visits_make_sense(plan: &Plan, of: &Replication) {
    for visit in &of.seen.visits {
        let desk = plan.desk(visit.desk);
        assert!(visit.ended >= visit.start, "{visit:?}");
        assert!(visit.assigned.is_none_or(|at| visit.start <= at && at <= visit.ended), "{visit:?}");
        assert!(
            visit.responded.is_none_or(|at| visit.assigned <= Some(at) && at <= visit.ended),
            "{visit:?}"
        );
        assert!(visit.callback_from.is_none_or(|at| visit.start <= at && at <= visit.ended), "{visit:?}");
        let served = visit.assigned.is_some();
        let talked = served && desk.talks() && visit.channel == Channel::Chat;
        match visit.ending {
            Ending::Resolved | Ending::Unresolved | Ending::Escalated => {
                assert!(served, "{visit:?}");
                // Whom the doors close on between two agents need not have heard from any.
                let sent_away = visit.ending == Ending::Unresolved && plan.close == AtClose::Dismiss;
                assert!(!talked || visit.responded.is_some() || sent_away, "{visit:?}");
            }
            Ending::AbandonedChat => assert!(served, "{visit:?}"),
            Ending::AbandonedQueue => assert!(!served && desk.patience.is_some(), "{visit:?}"),
            Ending::AbandonedSilent => {
                assert!(!served && desk.patience.is_some() && desk.leaving.silent > 0.0, "{visit:?}");
            }
            Ending::Balked => {
                let joins_not = !served && desk.leaving.balk_over.is_some() && visit.delayed;
                assert!(joins_not && visit.ended == visit.start, "{visit:?}");
            }
            Ending::Unreached => assert!(matches!(visit.channel, Channel::Callback { .. }), "{visit:?}"),
            Ending::Refused => {
                let closed = visit.ended == Moment::ZERO + plan.length;
                assert!(!served && plan.close == AtClose::Dismiss && closed, "{visit:?}");
            }
            Ending::Unfinished => {
                assert!(!served || transfers(plan, visit.desk), "{visit:?}");
                assert!(desk.patience.is_none() || served, "{visit:?} waits for ever");
                assert!(!is_always_staffed(plan, visit.desk), "{visit:?} is let wait");
            }
        }
        let bought = matches!(visit.ending, Ending::Resolved | Ending::Unresolved);
        assert!(bought || visit.sale == Sale::NoIntent, "{visit:?} without having been served");
    }
}

/// Whether an agent who closes so, and a visit that ends so, can be of the same conversation.
fn fits(closing: Closing, ending: Ending) -> bool {
    // Whoever left without a word during the last reply, or before the only one, is not missed.
    let left = matches!(ending, Ending::AbandonedChat | Ending::AbandonedSilent);
    match closing {
        Closing::Resolved => ending == Ending::Resolved || left,
        Closing::Escalated => ending == Ending::Escalated || left,
        Closing::Unresolved => ending == Ending::Unresolved || left,
        Closing::Unreached => false,
        // The agent gave the visitor up, rightly or not; a ghost who asks anew has left.
        Closing::Abandoned | Closing::Silent => left || ending == Ending::Unresolved,
    }
}

/// Whoever was served had one agent to the end, who had nobody else in their name; where conversations can be passed on,
/// one agent after another.
fn served_means_handled(plan: &Plan, of: &Replication) {
    let visits: BTreeMap<(DeskId, VisitId), &Outcome> =
        of.seen.visits.iter().map(|visit| ((visit.desk, visit.visit), visit)).collect();
    assert_eq!(visits.len(), of.seen.visits.len(), "a visit ends twice");
    let mut handled: BTreeMap<(DeskId, VisitId), &Handled> = BTreeMap::new();
    for one in of.seen.handled.iter().filter(|one| one.closing != Closing::Unreached) {
        assert!(handled.insert((one.desk, one.visit), one).is_none(), "{one:?} is served twice");
        let visit = visits[&(one.desk, one.visit)];
        assert!(fits(one.closing, visit.ending), "{one:?} of {visit:?}");
        // Nothing is left to note of those to whom nothing was said; the slot of a ghost is free after the ghost is.
        assert!(one.freed >= visit.ended || visit.ending == Ending::AbandonedSilent, "{one:?} of {visit:?}");
        let wraps_up = plan.desk(one.desk).manners.wrap_up.is_some() && visit.channel == Channel::Chat;
        let told = visit.ending != Ending::AbandonedSilent && one.closing != Closing::Silent;
        let walked = visit.ending == Ending::AbandonedChat && plan.desk(one.desk).leaving.silent > 0.0;
        assert!(!told || wraps_up || walked || one.freed == visit.ended, "{one:?} of {visit:?}");
    }
    for ((desk, visit), of_visit) in &visits {
        let Some(assigned) = of_visit.assigned.filter(|_| of_visit.ending != Ending::Unreached) else {
            continue;
        };
        match handled.get(&(*desk, *visit)) {
            Some(one) if transfers(plan, *desk) => {
                assert!(assigned <= one.assigned, "{one:?} of {of_visit:?}");
            }
            Some(one) => assert_eq!(assigned, one.assigned),
            None => assert!(transfers(plan, *desk), "{of_visit:?} was with nobody"),
        }
    }
    let passed_on = plan.desk_ids().any(|(desk, _)| transfers(plan, desk));
    assert!(passed_on || of.seen.held.is_empty(), "somebody is never let go");
}

/// Whoever leaves the queue without a word is a ghost until an agent has found out, the doors close, or the visitor asks
/// anew; the slot of each is freed.
fn ghosts_are_laid(plan: &Plan, of: &Replication) {
    let mut given: BTreeMap<(DeskId, Moment), u32> = BTreeMap::new();
    for ghost in &of.seen.haunted {
        assert!(ghost.at >= ghost.start);
        *given.entry((ghost.desk, ghost.start)).or_default() += 1;
    }
    let closings: BTreeMap<_, _> =
        of.seen.handled.iter().map(|one| ((one.desk, one.visit), one.closing)).collect();
    let all: BTreeSet<_> = of.seen.visits.iter().map(|visit| (visit.desk, visit.visit)).collect();
    for visit in of.seen.visits.iter().filter(|visit| visit.ending == Ending::AbandonedSilent) {
        let haunts = given.get_mut(&(visit.desk, visit.start)).filter(|left| **left > 0);
        let again = VisitId { attempt: visit.visit.attempt + 1, ..visit.visit };
        let returned = all.contains(&(visit.desk, again));
        let closing = closings.get(&(visit.desk, visit.visit));
        let Some(left) = haunts else {
            assert_eq!(closing, None, "{visit:?} was never given to anybody");
            let sent_away = plan.close == AtClose::Dismiss || !is_always_staffed(plan, visit.desk);
            assert!(returned || sent_away, "{visit:?} is never found out");
            continue;
        };
        *left -= 1;
        match closing {
            Some(Closing::Silent) => {}
            // One whose question takes a single reply is not missed.
            Some(Closing::Resolved | Closing::Unresolved | Closing::Escalated) => {}
            Some(Closing::Abandoned) => assert!(returned, "{visit:?}"),
            other => assert!(other.is_none() && transfers(plan, visit.desk), "{visit:?}: {other:?}"),
        }
    }
    assert!(given.values().all(|left| *left == 0), "a ghost of nobody: {given:?}");
}

/// Every ghost holds its slot until the agent has waited for long enough.
fn ghosts_take_their_time(plan: &Plan, of: &Replication) {
    for one in of.seen.handled.iter().filter(|one| one.closing == Closing::Silent) {
        let timeout = plan.desk(one.desk).leaving.ghost_timeout;
        assert!(one.freed.since(one.assigned) >= timeout, "{one:?}");
    }
    assert!(of.seen.replied.iter().chain(&of.seen.accepted).all(|(from, to)| from <= to));
    let longest = of.seen.visits.iter().map(|visit| visit.ended).max().unwrap_or(Moment::ZERO);
    assert!(longest.since(Moment::ZERO) < Span::from_whole_secs(100 * 86_400), "somebody stays for ever");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_laws_hold_in_every_scenario(plan in plans()) {
        let of = observed(&plan);
        everybody_ends_once(&plan, &of);
        counts_add_up(&plan, &of);
        visits_make_sense(&plan, &of);
        served_means_handled(&plan, &of);
        ghosts_are_laid(&plan, &of);
        ghosts_take_their_time(&plan, &of);
        slots::are_used_and_not_overused(&plan, &of);
        slots::idle_agents_leave_nobody_waiting(&plan, &of);
        slots::first_come_first_served(&plan, &of);
        slots::agents_keep_their_rules(&plan, &of);
    }
}
