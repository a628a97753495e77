//! Small days that can be followed by hand: shifts, breaks, pacing, ghosts, calls in between, hand-overs.

use causerie::base::count::CountLaw;
use causerie::base::dist::Law;
use causerie::base::id::{DeskId, GroupId};
use causerie::base::time::{Moment, Span};
use causerie::base::words::{Closing, Ending};
use causerie::scenario::plan::{
    AtClose, AtShiftEnd, BreakPlan, Burst, CallPolicy, DeskPlan, DualPlan, GroupPlan, Plan, RetryPlan,
    ShiftPlan, TalkPlan,
};

use super::witness::{Replication, Stretch, observed};
use crate::plans::{chatters, desk, group, phone_desk, plan, talk, talking_desk};

fn at(secs: f64) -> Moment {
    Moment::ZERO + Span::from_secs(secs)
}

/// Visitors at these instants and no others.
fn come(desk: &mut DeskPlan, instants: &[f64]) {
    desk.arrivals.pieces.clear();
    let one = |secs: &f64| Burst { at: at(*secs), count: 1, within: Span::ZERO };
    desk.arrivals.bursts = instants.iter().map(one).collect();
}

/// A desk whose chats take so many replies of 10 s, after 20 s of thinking each.
fn talks(exchanges: u32, group: GroupPlan) -> DeskPlan {
    let slow =
        TalkPlan { think: Law::constant(20.0), ..talk(CountLaw::constant(exchanges), Law::constant(10.0)) };
    talking_desk("support", 0.0, slow, group)
}

fn day(desks: Vec<DeskPlan>) -> Plan {
    plan(desks, 0.0, 1_000.0, 1)
}

/// When slots were taken and freed.
fn slots(of: &Replication) -> Vec<(f64, f64)> {
    let mut slots: Vec<_> =
        of.seen.handled.iter().map(|one| (one.assigned.secs(), one.freed.secs())).collect();
    slots.sort_by(|a, b| a.0.total_cmp(&b.0));
    slots
}

fn stretches(of: &[Stretch]) -> Vec<(f64, f64)> {
    of.iter().map(|one| (one.from.secs(), one.to.secs())).collect()
}

#[test]
fn two_chats_share_one_attention_turn_and_turn_about() {
    let mut desk = talks(2, chatters(1, 2));
    come(&mut desk, &[0.0, 4.0]);
    let of = observed(&day(vec![desk]));
    // Replies 0–10 and 10–20; both answer 20 s later, at 30 and 40: replies 30–40 and 40–50.
    assert_eq!(stretches(&of.seen.attended), [(0.0, 10.0), (10.0, 20.0), (30.0, 40.0), (40.0, 50.0)]);
    assert_eq!(slots(&of), [(0.0, 40.0), (4.0, 50.0)]);
    let replied: Vec<_> = of.seen.replied.iter().map(|(asked, at)| (asked.secs(), at.secs())).collect();
    assert_eq!(replied, [(30.0, 40.0), (40.0, 50.0)]);
    let responded: Vec<_> = of.seen.visits.iter().map(|visit| visit.responded).collect();
    assert_eq!(responded, [Some(at(10.0)), Some(at(20.0))]);
}

#[test]
fn accepting_and_wrapping_up_take_the_slot_and_not_the_attention() {
    let mut desk = talks(1, chatters(1, 2));
    come(&mut desk, &[0.0, 0.0]);
    desk.manners.accept = Some(Law::constant(3.0));
    desk.manners.wrap_up = Some(Law::constant(100.0));
    let of = observed(&day(vec![desk]));
    assert_eq!(stretches(&of.seen.attended), [(3.0, 13.0), (13.0, 23.0)]);
    assert_eq!(slots(&of), [(0.0, 113.0), (0.0, 123.0)]);
    assert!(of.seen.visits.iter().all(|visit| visit.ending == Ending::Resolved));
}

#[test]
fn the_next_chat_comes_when_the_ramp_up_is_over_or_the_hands_are_empty() {
    let mut desk = talks(3, chatters(1, 3));
    come(&mut desk, &[0.0, 1.0, 2.0, 3.0]);
    desk.manners.ramp_up = Span::from_secs(50.0);
    let of = observed(&day(vec![desk]));
    let assigned: Vec<f64> = slots(&of).iter().map(|slot| slot.0).collect();
    assert_eq!(assigned[..3], [0.0, 50.0, 100.0]);

    let mut desk = talks(1, chatters(1, 3));
    come(&mut desk, &[0.0, 1.0]);
    desk.manners.ramp_up = Span::from_secs(50.0);
    let of = observed(&day(vec![desk]));
    assert_eq!(slots(&of), [(0.0, 10.0), (10.0, 20.0)], "an agent with nothing in hand is not spared");
}

/// One agent from 100 to 500, with a break of 60 s at 200.
fn with_a_break(exchanges: u32) -> DeskPlan {
    let pause = BreakPlan { at: at(200.0), length: Span::from_secs(60.0), stagger: Span::ZERO };
    let shift = ShiftPlan { count: 1, from: at(100.0), to: at(500.0), breaks: vec![pause] };
    let mut desk = talks(exchanges, GroupPlan { shifts: vec![shift], ..chatters(1, 2) });
    come(&mut desk, &[0.0, 195.0, 210.0, 495.0, 510.0]);
    desk
}

#[test]
fn agents_come_take_their_breaks_when_their_hands_are_free_and_go() {
    let of = observed(&day(vec![with_a_break(1)]));
    // At 205 the hands are free: the break lasts till 265. Who comes at 495 is served to the end, at 510 nobody is there.
    assert_eq!(slots(&of), [(100.0, 110.0), (195.0, 205.0), (265.0, 275.0), (495.0, 505.0)]);
    assert_eq!(stretches(&of.seen.staffed), [(100.0, 205.0), (265.0, 505.0)]);
    let last = of.seen.visits.last().expect("five came");
    assert_eq!((last.ending, last.start), (Ending::Unfinished, at(510.0)));
}

#[test]
fn the_doors_close_on_those_who_wait_or_they_are_served() {
    let mut desk = talks(1, chatters(1, 1));
    come(&mut desk, &[990.0, 991.0, 992.0]);
    desk.groups[0].shifts[0].to = at(1_000.0);
    let mut plan = day(vec![desk]);
    let served = observed(&plan);
    assert_eq!(slots(&served), [(990.0, 1_000.0), (1_000.0, 1_010.0), (1_010.0, 1_020.0)]);
    plan.close = AtClose::Dismiss;
    plan.desks[0].groups[0].shifts[0].to = Moment::NEVER;
    come(&mut plan.desks[0], &[995.0, 996.0, 997.0]);
    let dismissed = observed(&plan);
    assert_eq!(slots(&dismissed), [(995.0, 1_005.0)]);
    let endings: Vec<_> = dismissed.seen.visits.iter().map(|v| (v.ending, v.ended.secs())).collect();
    let refused = (Ending::Refused, 1_000.0);
    assert_eq!(endings, [refused, refused, (Ending::Resolved, 1_005.0)]);
}

#[test]
fn who_goes_hands_over_to_who_stays() {
    let shift = |from, to| ShiftPlan { count: 1, from: at(from), to, breaks: Vec::new() };
    let shifts = vec![shift(0.0, at(35.0)), shift(35.0, Moment::NEVER)];
    let mut desk = talks(3, GroupPlan { shifts, ..chatters(2, 1) });
    come(&mut desk, &[0.0]);
    desk.manners.at_shift_end = AtShiftEnd::HandOver;
    let of = observed(&day(vec![desk]));
    // Replies at 0–10 and 30–35, of which nothing is left; the second agent begins it anew: 35–45, then 65–75.
    assert_eq!(stretches(&of.seen.held), [(0.0, 35.0)]);
    assert_eq!(slots(&of), [(35.0, 75.0)]);
    let visit = of.seen.visits[0];
    assert_eq!((visit.assigned, visit.ended, visit.ending), (Some(at(0.0)), at(75.0), Ending::Resolved));
}

#[test]
fn a_ghost_takes_a_reply_and_the_time_to_find_out() {
    let mut desk = talks(3, chatters(1, 1));
    come(&mut desk, &[0.0, 1.0]);
    desk.patience = Some(Law::constant(30.0));
    desk.leaving.silent = 1.0;
    desk.leaving.ghost_timeout = Span::from_secs(120.0);
    desk.manners.wrap_up = Some(Law::constant(7.0));
    let of = observed(&day(vec![desk]));
    // The first is served in 70 s and wrapped up; the second left at 31 and nobody knows until 77 + 10 + 120.
    assert_eq!(slots(&of), [(0.0, 77.0), (77.0, 207.0)]);
    assert_eq!(of.seen.handled[1].closing, Closing::Silent);
    let gone = of.seen.visits[0];
    assert_eq!((gone.ending, gone.ended), (Ending::AbandonedSilent, at(31.0)));
    assert_eq!((of.seen.haunted[0].start, of.seen.haunted[0].at), (at(1.0), at(77.0)));
}

#[test]
fn one_who_comes_back_to_an_empty_line_takes_the_slot_of_the_own_ghost() {
    let mut desk = talks(3, chatters(1, 1));
    come(&mut desk, &[0.0, 1.0]);
    desk.patience = Some(Law::constant(30.0));
    desk.leaving.silent = 1.0;
    desk.leaving.ghost_timeout = Span::from_secs(120.0);
    desk.leaving.balk_over = Some(1);
    desk.retry = Some(RetryPlan { share: 1.0, after: Law::constant(60.0), most: 1 });
    // The ghost of the second is with the agent from 70 on when the second comes back at 91.
    let of = observed(&day(vec![desk]));
    assert_eq!(slots(&of), [(0.0, 70.0), (70.0, 91.0), (91.0, 161.0)]);
    assert_eq!(of.seen.handled[1].closing, Closing::Abandoned);
}

#[test]
fn one_whose_hands_are_full_until_the_end_of_the_shift_hands_over_too() {
    let mut desk = with_a_break(20);
    desk.manners.at_shift_end = AtShiftEnd::HandOver;
    come(&mut desk, &[150.0]);
    let of = observed(&day(vec![desk]));
    // The break is due at 200, but the chat goes on until the shift is over.
    assert_eq!(stretches(&of.seen.held), [(150.0, 500.0)]);
    assert_eq!(stretches(&of.seen.staffed), [(100.0, 500.0)]);
}

/// A chat of two replies at 0 and a call of 100 s at 5, one agent for both.
fn called(call: CallPolicy) -> Replication {
    let mut chat = talks(2, chatters(1, 2));
    come(&mut chat, &[0.0, 50.0]);
    let mut phone = phone_desk(0.0, Law::constant(100.0), None, group(1, &[1.0]));
    come(&mut phone, &[5.0]);
    phone.groups[0].dual = Some(DualPlan { desk: DeskId(0), group: GroupId(0), call, reserve: 0 });
    observed(&day(vec![chat, phone]))
}

#[test]
fn a_call_makes_the_chats_stand_still_or_waits_for_them() {
    let paused = called(CallPolicy::PausesChats);
    // Half of the first reply is done at 5, the rest 105–110; who comes at 50 is taken at 105.
    assert_eq!(stretches(&paused.seen.attended)[..3], [(0.0, 5.0), (105.0, 110.0), (110.0, 120.0)]);
    assert!(slots(&paused).contains(&(5.0, 105.0)) && slots(&paused).contains(&(105.0, 150.0)));

    let waiting = called(CallPolicy::WaitsForChats);
    // The chat is over at 40, and then the call comes; who comes at 50 waits for its end.
    assert_eq!(slots(&waiting), [(0.0, 40.0), (40.0, 140.0), (140.0, 180.0)]);
}

#[test]
fn work_that_is_given_by_time_stands_still_for_a_call_too() {
    let mut chat = desk("support", 0.0, Law::constant(60.0), group(1, &[1.0, 1.5]));
    come(&mut chat, &[0.0]);
    let mut phone = phone_desk(0.0, Law::constant(100.0), None, group(1, &[1.0]));
    come(&mut phone, &[20.0]);
    let call = CallPolicy::PausesChats;
    phone.groups[0].dual = Some(DualPlan { desk: DeskId(0), group: GroupId(0), call, reserve: 0 });
    let of = observed(&day(vec![chat, phone]));
    assert_eq!(slots(&of), [(0.0, 160.0), (20.0, 120.0)]);
}
