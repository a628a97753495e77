mod naive;

use super::*;

const T0: Moment = Moment::ZERO;

fn at(secs: u64) -> Moment {
    Moment::from_nanos(secs * 1_000_000_000)
}

/// A desk of `agents` agents with `slots` slots each and one topic.
fn desk(routing: Routing, agents: u32, slots: u32) -> Desk {
    let mut desk = Desk::new(routing);
    desk.add_topic(Vec::new());
    let group = desk.add_group(Vec::new());
    for agent in 0..agents {
        desk.enter(T0, AgentId(agent), group, slots, false);
    }
    desk
}

fn join(desk: &mut Desk, now: u64, ticket: u32) -> Option<u32> {
    match desk.join(at(now), Ticket(ticket), TopicId(0)) {
        Placement::Assigned(agent) => Some(agent.0),
        Placement::Queued => None,
    }
}

#[test]
fn at_time_zero_the_lowest_index_goes_first_then_who_has_been_idle_longest() {
    let mut desk = desk(Routing::LeastBusy, 3, 1);
    assert_eq!(join(&mut desk, 1, 0), Some(0));
    assert_eq!(join(&mut desk, 2, 1), Some(1));
    desk.free(at(3), Ticket(1));
    desk.free(at(4), Ticket(0));
    assert_eq!(join(&mut desk, 5, 2), Some(2));
    assert_eq!(join(&mut desk, 6, 3), Some(1));
    assert_eq!(join(&mut desk, 7, 4), Some(0));
}

#[test]
fn those_freed_at_the_same_instant_are_taken_by_index() {
    let mut desk = desk(Routing::LeastBusy, 2, 1);
    join(&mut desk, 1, 0);
    join(&mut desk, 1, 1);
    desk.free(at(2), Ticket(1));
    desk.free(at(2), Ticket(0));
    assert_eq!(join(&mut desk, 3, 2), Some(0));
}

#[test]
fn least_busy_spreads_and_most_busy_fills() {
    let mut spread = desk(Routing::LeastBusy, 2, 2);
    let got: Vec<_> = (0..5).map(|i| join(&mut spread, i, i as u32)).collect();
    assert_eq!(got, [Some(0), Some(1), Some(0), Some(1), None]);
    let mut fill = desk(Routing::MostBusy, 2, 2);
    let got: Vec<_> = (0..5).map(|i| join(&mut fill, i, i as u32)).collect();
    assert_eq!(got, [Some(0), Some(0), Some(1), Some(1), None]);
}

#[test]
fn longest_idle_looks_at_time_alone_and_round_robin_at_the_turn() {
    let mut idle = desk(Routing::LongestIdle, 2, 3);
    assert_eq!(join(&mut idle, 1, 0), Some(0));
    assert_eq!(join(&mut idle, 2, 1), Some(1));
    assert_eq!(join(&mut idle, 3, 2), Some(0));
    idle.free(at(4), Ticket(1));
    assert_eq!(join(&mut idle, 5, 3), Some(0), "whose load changed at 3, not at 4");
    let mut turn = desk(Routing::RoundRobin, 3, 2);
    let got: Vec<_> = (0..4).map(|i| join(&mut turn, i, i as u32)).collect();
    assert_eq!(got, [Some(0), Some(1), Some(2), Some(0)]);
    turn.exit(AgentId(1));
    assert_eq!(join(&mut turn, 9, 9), Some(2));
}

#[test]
fn the_queue_is_served_in_order_and_leaving_it_leaves_no_trace() {
    let mut desk = desk(Routing::LeastBusy, 1, 1);
    for ticket in 0..4 {
        join(&mut desk, u64::from(ticket), ticket);
    }
    assert_eq!(desk.waiting(), 3);
    assert_eq!(desk.leave(Ticket(1)), Departure::Queue);
    assert_eq!(desk.leave(Ticket(1)), Departure::Nothing);
    assert_eq!(desk.leave(Ticket(0)), Departure::Conversation(AgentId(0)));
    assert_eq!(desk.next_for(at(5), AgentId(0)), None, "the slot is taken until it is closed");
    assert_eq!(desk.free(at(5), Ticket(0)), Some(AgentId(0)));
    let next = desk.next_for(at(5), AgentId(0));
    assert_eq!(next, Some(Assignment { ticket: Ticket(2), agent: AgentId(0) }));
    assert_eq!(desk.free(at(6), Ticket(3)), None, "the third still waits");
    assert_eq!(desk.waiting(), 1);
}

#[test]
fn nobody_is_served_by_an_agent_without_the_skill() {
    let mut desk = Desk::new(Routing::LeastBusy);
    let easy = desk.add_topic(vec![]);
    let hard = desk.add_topic(vec!["technical".into()]);
    let juniors = desk.add_group(vec![]);
    let experts = desk.add_group(vec!["technical".into()]);
    desk.enter(T0, AgentId(0), juniors, 1, false);
    assert_eq!(desk.join(at(1), Ticket(0), hard), Placement::Queued);
    assert_eq!(desk.join(at(2), Ticket(1), easy), Placement::Assigned(AgentId(0)));
    assert_eq!(desk.join(at(3), Ticket(2), easy), Placement::Queued);
    desk.enter(at(4), AgentId(1), experts, 2, false);
    let taken = [desk.next_for(at(4), AgentId(1)), desk.next_for(at(4), AgentId(1))];
    assert_eq!(taken.map(|a| a.map(|a| a.ticket)), [Some(Ticket(0)), Some(Ticket(2))]);
    assert_eq!(desk.next_for(at(4), AgentId(1)), None);
}

#[test]
fn who_goes_off_duty_keeps_what_is_in_hand_and_gets_nothing_more() {
    let mut desk = desk(Routing::LeastBusy, 1, 2);
    assert_eq!(join(&mut desk, 1, 0), Some(0));
    desk.exit(AgentId(0));
    assert_eq!(join(&mut desk, 2, 1), None);
    assert_eq!(desk.free(at(3), Ticket(0)), Some(AgentId(0)));
    assert_eq!(desk.next_for(at(3), AgentId(0)), None);
}

#[test]
fn a_paced_seat_gets_nothing_more_until_it_says_so_or_holds_nothing() {
    let mut desk = Desk::new(Routing::LeastBusy);
    desk.add_topic(Vec::new());
    let group = desk.add_group(Vec::new());
    desk.enter(T0, AgentId(0), group, 3, true);
    assert_eq!(join(&mut desk, 1, 0), Some(0));
    assert_eq!(join(&mut desk, 1, 1), None);
    assert_eq!(desk.next_for(at(2), AgentId(0)), None);
    desk.more(AgentId(0));
    let next = desk.next_for(at(3), AgentId(0));
    assert_eq!(next, Some(Assignment { ticket: Ticket(1), agent: AgentId(0) }));
    assert_eq!(join(&mut desk, 4, 2), None);
    desk.free(at(5), Ticket(0));
    assert_eq!(desk.next_for(at(5), AgentId(0)), None, "one is still in hand");
    desk.free(at(6), Ticket(1));
    assert!(desk.next_for(at(6), AgentId(0)).is_some());
}

#[test]
fn who_is_passed_on_keeps_the_place_that_arrival_gave() {
    let mut desk = desk(Routing::LeastBusy, 1, 2);
    for ticket in 0..4 {
        join(&mut desk, u64::from(ticket), ticket);
    }
    assert_eq!(desk.queue(), [Ticket(2), Ticket(3)]);
    assert_eq!(desk.transfer(at(5), Ticket(1), TopicId(0)), Some(Placement::Queued), "there is nobody else");
    assert_eq!(desk.queue(), [Ticket(1), Ticket(2), Ticket(3)]);
    assert_eq!(desk.held(AgentId(0)), 1);
    desk.enter(at(6), AgentId(1), GroupId(0), 1, false);
    assert_eq!(desk.next_for(at(6), AgentId(1)).map(|a| a.ticket), Some(Ticket(1)));
    desk.free(at(7), Ticket(1));
    assert_eq!(desk.transfer(at(7), Ticket(0), TopicId(0)), Some(Placement::Assigned(AgentId(1))));
    assert_eq!(desk.transfer(at(7), Ticket(2), TopicId(0)), None, "who waits is in no conversation");
}

#[test]
fn who_moves_to_another_line_keeps_the_place_that_arrival_gave() {
    let mut desk = Desk::new(Routing::LeastBusy);
    let calls = desk.add_topic(vec!["call".into()]);
    let callbacks = desk.add_topic(vec!["callback".into()]);
    let group = desk.add_group(vec!["callback".into()]);
    for ticket in 0..2 {
        desk.join(at(1), Ticket(ticket), calls);
    }
    desk.join(at(2), Ticket(2), callbacks);
    assert_eq!(desk.requeue(at(3), Ticket(1), callbacks), Some(Placement::Queued));
    assert_eq!(desk.queue(), [Ticket(0), Ticket(1), Ticket(2)]);
    desk.enter(at(4), AgentId(0), group, 1, false);
    assert_eq!(desk.next_for(at(4), AgentId(0)).map(|a| a.ticket), Some(Ticket(1)));
    assert_eq!(desk.requeue(at(5), Ticket(1), calls), None);
    desk.free(at(5), Ticket(1));
    assert_eq!(desk.requeue(at(5), Ticket(0), callbacks), Some(Placement::Assigned(AgentId(0))));
}
