use proptest::prelude::*;

use super::*;
use crate::base::id::{DeskId, GroupId, TopicId, VisitId};
use crate::base::time::{NANOS, Span};
use crate::base::words::{Channel, Closing, Ending, Sale};
use crate::metrics::tally::Sold;

fn at(secs: u64) -> Moment {
    Moment::from_nanos(secs * NANOS)
}

/// A chat desk with two topics and two groups, and a phone pool; figures over [100 s, 1100 s).
fn layout() -> Layout {
    let groups = vec![GroupLayout { slots: 1 }, GroupLayout { slots: 3 }];
    let desk = DeskLayout {
        topics: 2,
        groups,
        within: Span::from_whole_secs(20),
        short_abandon: Span::from_whole_secs(5),
    };
    let phone = DeskLayout { topics: 1, groups: vec![GroupLayout { slots: 1 }], ..desk.clone() };
    let window = Window { warm_up: at(100), length: at(1100) };
    Layout { window, desks: vec![desk, phone], venues: Vec::new(), slices: Vec::new() }
}

fn chat(index: u64, start: u64, assigned: Option<u64>, ended: u64, ending: Ending) -> Outcome {
    Outcome {
        desk: DeskId(0),
        visit: VisitId { population: crate::base::id::PopulationId(0), index, attempt: 0 },
        topic: TopicId((index % 2) as u16),
        channel: Channel::Chat,
        start: at(start),
        delayed: assigned != Some(start),
        assigned: assigned.map(at),
        responded: None,
        cannot_call: false,
        sale: Sale::NoIntent,
        callback_from: None,
        outright: false,
        ended: at(ended),
        ending,
    }
}

fn handled(group: u16, assigned: u64, freed: u64, closing: Closing) -> Observation {
    Observation::Handled {
        desk: DeskId(0),
        group: GroupId(group),
        visit: VisitId { population: crate::base::id::PopulationId(0), index: 0, attempt: 0 },
        topic: TopicId(1),
        assigned: at(assigned),
        freed: at(freed),
        closing,
    }
}

fn recorded(observations: &[Observation], sectioning: Sectioning) -> (Vec<Section>, Timeline) {
    let mut recorder = Recorder::new(layout(), sectioning);
    observations.iter().for_each(|observation| recorder.note(observation));
    recorder.finish()
}

fn whole(observations: &[Observation]) -> Section {
    recorded(observations, Sectioning::Whole { index: 0 }).0.remove(0)
}

#[test]
fn a_visit_counts_by_its_start_and_its_conversation_by_the_nanosecond() {
    let visits = [
        chat(0, 99, Some(110), 300, Ending::Resolved), // before the window, and in service within it
        chat(0, 100, Some(100), 200, Ending::Resolved),
        chat(0, 1099, Some(1110), 1200, Ending::Unresolved), // assigned after it
        chat(0, 1100, Some(1100), 1200, Ending::Resolved),
        chat(1, 500, None, 520, Ending::AbandonedQueue),
        chat(1, 500, None, 505, Ending::AbandonedQueue),
        chat(1, 500, Some(521), 600, Ending::AbandonedChat),
    ];
    let section = whole(&visits.map(Observation::Visit));
    let desk = &section.desks[0];
    let (first, second) = (&desk.topics[0], &desk.topics[1]);
    assert_eq!((first.offered, first.delayed, first.served(), first.served_within), (2, 1, 2, 2));
    assert_eq!((second.offered, second.served(), second.served_within), (3, 1, 0));
    assert_eq!((second.abandoned_within, second.abandoned_short), (2, 1));
    assert_eq!((second.ended(Ending::AbandonedQueue), second.ended(Ending::AbandonedChat)), (2, 1));
    assert_eq!(first.queue_time().sum_nanos, u128::from(11 * NANOS));
    assert_eq!(second.gave_up_after.sum_nanos, u128::from(25 * NANOS));
    assert_eq!(desk.in_service_nanos, u128::from((190 + 100 + 79) * NANOS));
    assert_eq!(section.desks[1].visits().offered, 0);
}

#[test]
fn handling_times_count_by_assignment_and_agents_time_by_the_nanosecond() {
    let (desk, group) = (DeskId(0), GroupId(1));
    let section = whole(&[
        handled(1, 50, 150, Closing::Resolved),
        handled(1, 1000, 1200, Closing::Escalated),
        handled(0, 400, 430, Closing::Unreached),
        Observation::Engaged { desk, group, from: at(50), to: at(150) },
        Observation::Staffed { desk, group, from: at(0), to: at(2000) },
    ]);
    let tally = &section.desks[0];
    let (alone, group) = (&tally.groups[0], &tally.groups[1]);
    assert_eq!((group.served(), group.closed(Closing::Escalated)), (1, 1));
    assert_eq!((alone.served(), alone.closed(Closing::Unreached)), (0, 1));
    assert_eq!(tally.group_handling_time(1).sum_nanos, u128::from(200 * NANOS));
    assert_eq!(tally.visits().handling_time.count, 1);
    assert_eq!(group.slot_nanos, u128::from((50 + 100) * NANOS));
    assert_eq!(group.engaged_nanos, u128::from(50 * NANOS));
    assert_eq!(
        (group.staffed_nanos, group.slot_staffed_nanos),
        (u128::from(1000 * NANOS), u128::from(3000 * NANOS))
    );
}

#[test]
fn what_the_end_finds_in_hand_has_taken_a_slot_and_is_not_handled() {
    let (desk, group) = (DeskId(0), GroupId(0));
    let section = whole(&[Observation::Held { desk, group, assigned: at(400), to: at(450) }]);
    let tally = &section.desks[0];
    assert_eq!(tally.groups[0].slot_nanos, u128::from(50 * NANOS));
    assert_eq!(tally.visits().handling_time.count, 0);
    assert_eq!(tally.groups[0].closings.iter().sum::<u64>(), 0);
}

#[test]
fn those_who_leave_without_a_word_gave_up_too_and_the_balked_never_waited() {
    let section = whole(&[
        Observation::Visit(chat(0, 200, None, 204, Ending::AbandonedSilent)),
        Observation::Visit(chat(0, 200, None, 230, Ending::AbandonedSilent)),
        Observation::Visit(chat(0, 200, None, 203, Ending::AbandonedQueue)),
        Observation::Visit(chat(0, 200, None, 200, Ending::Balked)),
    ]);
    let visits = section.desks[0].visits();
    assert_eq!((visits.offered, visits.queue_time().count), (4, 3));
    assert_eq!((visits.abandoned_within, visits.silent_within), (2, 1));
    assert_eq!((visits.abandoned_short, visits.silent_short), (2, 1));
    assert_eq!(visits.ended(Ending::Balked), 1);
}

#[test]
fn a_ghost_holds_a_slot_and_is_not_handled() {
    let (desk, topic) = (DeskId(0), TopicId(1));
    let section = whole(&[
        Observation::Haunted { desk, topic, start: at(200), at: at(215) },
        Observation::Haunted { desk, topic, start: at(200), at: at(260) },
        Observation::Haunted { desk, topic, start: at(99), at: at(105) },
        handled(1, 215, 335, Closing::Silent),
        handled(1, 1050, 1170, Closing::Silent),
        handled(1, 300, 400, Closing::Resolved),
    ]);
    let desk = &section.desks[0];
    let topic = &desk.topics[1];
    assert_eq!((topic.ghost_wait.count, topic.ghosts_within), (2, 1));
    assert_eq!(topic.ghost_wait.sum_nanos, u128::from((15 + 60) * NANOS));
    assert_eq!(topic.ghost_time.sum_nanos, u128::from(240 * NANOS));
    assert_eq!(topic.handling_time.sum_nanos, u128::from(100 * NANOS));
    assert_eq!(desk.group_handling_time(1).count, 1);
    let group = &desk.groups[1];
    assert_eq!((group.given(), group.served()), (3, 1));
    assert_eq!(group.ghost_nanos, u128::from((120 + 50) * NANOS));
    assert_eq!(group.slot_nanos, u128::from((120 + 50 + 100) * NANOS));
}

#[test]
fn replies_count_by_their_question_and_attention_by_the_nanosecond() {
    let (desk, group) = (DeskId(0), GroupId(1));
    let talked = Outcome { responded: Some(at(219)), ..chat(0, 200, Some(210), 400, Ending::Resolved) };
    let slow = Outcome { responded: Some(at(230)), ..chat(0, 200, Some(201), 400, Ending::AbandonedChat) };
    let section = whole(&[
        Observation::Visit(talked),
        Observation::Visit(slow),
        Observation::Visit(chat(0, 200, Some(205), 219, Ending::AbandonedChat)),
        Observation::Visit(chat(0, 200, Some(205), 221, Ending::AbandonedChat)),
        Observation::Replied { desk, asked: at(1099), at: at(1130) },
        Observation::Replied { desk, asked: at(99), at: at(130) },
        Observation::Accepted { desk, assigned: at(205), at: at(211) },
        Observation::Attended { desk, group, from: at(90), to: at(130) },
    ]);
    let desk = &section.desks[0];
    let visits = desk.visits();
    assert_eq!((visits.first_response.count, visits.responded_within, visits.walked_within), (2, 1, 1));
    assert_eq!(visits.served_within, 4);
    assert_eq!((desk.reply_time.count, desk.reply_time.sum_nanos), (1, u128::from(31 * NANOS)));
    assert_eq!(desk.accept_time.sum_nanos, u128::from(6 * NANOS));
    assert_eq!(desk.groups[1].attention_nanos, u128::from(30 * NANOS));
}

#[test]
fn sales_belong_to_the_desk_that_the_visitor_came_to_and_count_by_channel() {
    let sold = |channel, sale| {
        let outcome = chat(0, 200, Some(210), 400, Ending::Resolved);
        let desk = DeskId(u16::from(channel != Channel::Chat));
        Observation::Visit(Outcome { desk, channel, sale, topic: TopicId(0), ..outcome })
    };
    let section = whole(&[
        sold(Channel::Chat, Sale::Missed),
        sold(Channel::Chat, Sale::Bought),
        sold(Channel::Chat, Sale::NoIntent),
        sold(Channel::Call, Sale::Upsold),
    ]);
    let of = |desk: usize, channel| section.desks[desk].sold(channel);
    assert_eq!(of(0, Channel::Chat), Sold { intent: 2, bought: 1, upsold: 0 });
    assert_eq!(of(0, Channel::Call), Sold { intent: 1, bought: 1, upsold: 1 });
    assert_eq!(of(1, Channel::Call), Sold::default());
}

#[test]
fn who_cannot_phone_is_counted_apart() {
    let cannot =
        |ending| Observation::Visit(Outcome { cannot_call: true, ..chat(0, 200, Some(200), 300, ending) });
    let visits = whole(&[cannot(Ending::Resolved), cannot(Ending::Unresolved)]).desks[0].visits();
    assert_eq!((visits.cannot_call, visits.cannot_call_resolved), (2, 1));
}

#[test]
fn callers_hold_the_line_and_callbacks_wait_from_the_request() {
    let call = |population, callback_from: Option<u64>, assigned: Option<u64>, ended, ending| {
        let outright = population == 2;
        let channel = if callback_from.is_some() { Channel::Callback { tried: 0 } } else { Channel::Call };
        let visit = VisitId { population: crate::base::id::PopulationId(population), index: 0, attempt: 0 };
        let callback_from = callback_from.map(at);
        let outcome = chat(0, 200, assigned, ended, ending);
        Observation::Visit(Outcome { desk: DeskId(1), visit, channel, callback_from, outright, ..outcome })
    };
    let section = whole(&[
        call(1, None, Some(210), 300, Ending::Resolved),
        call(1, None, None, 230, Ending::AbandonedQueue),
        call(1, Some(260), Some(400), 500, Ending::Resolved), // took a callback on hold
        call(1, Some(200), Some(300), 500, Ending::Resolved), // took it at once: a call all the same
        call(0, Some(260), Some(400), 700, Ending::Unreached),
        call(2, Some(200), Some(250), 300, Ending::Resolved), // asked for one outright: no call
    ]);
    let desk = &section.desks[1];
    let line = desk.visits();
    assert_eq!((line.offered, line.served(), line.ended(Ending::AbandonedQueue)), (5, 1, 1));
    assert_eq!((line.abandoned_within, line.abandoned_short), (0, 0));
    assert_eq!(line.gave_up_after.sum_nanos, u128::from((30 + 60 + 60) * NANOS));
    let callbacks = &desk.callbacks;
    assert_eq!((callbacks.accepted, callbacks.reached), (4, 3));
    assert_eq!(callbacks.wait.sum_nanos, u128::from((140 + 100 + 50) * NANOS));
    assert_eq!(callbacks.gave_up_after.sum_nanos, u128::from(440 * NANOS));
    assert_eq!(desk.in_service_nanos, u128::from((90 + 100 + 200 + 50) * NANOS));
    // Calls are on the line from the start; callbacks while they hold it, and from dialling on where they were reached.
    assert_eq!(desk.call_line_nanos, u128::from((100 + 30) * NANOS));
    assert_eq!(desk.callback_line_nanos, u128::from((60 + 100 + 200 + 60 + 50) * NANOS));
    assert_eq!(callbacks.outright_resolved, 1);
}

#[test]
fn traffic_counts_within_the_window_and_the_generator_always() {
    let mut recorder = Recorder::new(layout(), Sectioning::Batches { count: 10 });
    assert!(recorder.traffic(at(99)).is_none() && recorder.traffic(at(1100)).is_none());
    recorder.traffic(at(1099)).unwrap().attempts += 1;
    recorder.delivered(Direction::ToAgent, at(150), RealSpan::from_nanos(5));
    recorder.delivered(Direction::ToVisitor, at(50), RealSpan::from_nanos(7));
    recorder.lagged(at(5), RealSpan::from_nanos(9));
    let (sections, timeline) = recorder.finish();
    let traffic = |i: usize| sections[i].traffic.as_ref().unwrap();
    assert_eq!(traffic(9).attempts, 1);
    assert_eq!((traffic(0).to_agent.count, traffic(0).messages.delivered), (1, 1));
    assert_eq!(traffic(0).to_visitor.count, 0);
    assert_eq!(traffic(0).generator.lag.max_nanos, 9);
    assert_eq!(timeline.traffic()[2].lag_max_nanos, 9);
    assert_eq!(timeline.traffic().iter().map(|interval| interval.delivered).sum::<u64>(), 2);
}

/// Visits that make sense, from before the window to after it, with the agents' side of them.
fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let visit = (any::<u64>(), 0u64..1300, 0u64..60, 0u64..400, 0usize..Ending::ALL.len()).prop_map(
        |(index, start, wait, talk, ending)| {
            let ending = Ending::ALL[ending];
            let unserved = matches!(
                ending,
                Ending::AbandonedQueue
                    | Ending::AbandonedSilent
                    | Ending::Balked
                    | Ending::Refused
                    | Ending::Unreached
            );
            let assigned = (!unserved).then_some(start + wait);
            let responded = assigned.filter(|_| talk > 30).map(|assigned| at(assigned + 30));
            let outcome = chat(index, start, assigned, start + wait + talk, ending);
            let sale = Sale::ALL[(index % 4) as usize];
            let visit =
                Observation::Visit(Outcome { responded, sale, cannot_call: talk % 2 == 0, ..outcome });
            let group = (index % 2) as u16;
            let (from, to) = (at(start + wait), at(start + wait + talk));
            let (desk, of) = (DeskId(0), GroupId(group));
            let engaged = Observation::Engaged { desk, group: of, from, to };
            let closing = Closing::ALL[(index % 6) as usize];
            let attended = Observation::Attended { desk, group: of, from, to };
            let replied = Observation::Replied { desk, asked: from, at: to };
            let haunted = Observation::Haunted { desk, topic: TopicId(group), start: at(start), at: from };
            let freed = handled(group, start + wait, start + wait + talk, closing);
            [visit, freed, engaged, attended, replied, haunted]
        },
    );
    prop::collection::vec(visit, 0..60).prop_map(|visits| visits.concat())
}

/// What a section of the whole window and sections of its parts must agree on.
fn sum(sections: &[Section]) -> Section {
    let mut all = Section::default();
    sections.iter().for_each(|section| all.merge(section));
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn everybody_ends_once_and_waits_once(observations in observations()) {
        let visits = whole(&observations).desks[0].visits();
        let starts = observations.iter().filter(|observation| match observation {
            Observation::Visit(outcome) => (at(100)..at(1100)).contains(&outcome.start),
            _ => false,
        });
        prop_assert_eq!(visits.offered, starts.count() as u64);
        prop_assert_eq!(visits.endings.iter().sum::<u64>(), visits.offered);
        prop_assert_eq!(visits.queue_time().count, visits.offered - visits.ended(Ending::Balked));
    }

    #[test]
    fn batches_add_up_to_the_whole(observations in observations(), count in 1u32..12) {
        let (whole, drawn) = recorded(&observations, Sectioning::Whole { index: 0 });
        let (batches, drawn_in_batches) = recorded(&observations, Sectioning::Batches { count });
        prop_assert_eq!(batches.len(), count as usize);
        prop_assert_eq!(sum(&batches), sum(&whole));
        prop_assert_eq!(drawn, drawn_in_batches);
    }

    #[test]
    fn parts_merge_to_what_is_recorded_at_once(a in observations(), b in observations()) {
        let mut recorder = Recorder::new(layout(), Sectioning::Batches { count: 4 });
        a.iter().for_each(|observation| recorder.note(observation));
        let (mut parts, mut timeline) = recorder.drain_delta();
        prop_assert!(parts.iter().all(|part| !part.is_empty()));
        b.iter().for_each(|observation| recorder.note(observation));
        let (rest, rest_of_timeline) = recorder.finish();
        parts.extend(rest);
        timeline.merge(&rest_of_timeline);
        let (at_once, drawn) = recorded(&[a, b].concat(), Sectioning::Batches { count: 4 });
        for section in &at_once {
            let mine: Vec<Section> = parts.iter().filter(|part| part.index == section.index).cloned().collect();
            prop_assert_eq!(sum(&mine).desks, section.desks.clone());
        }
        prop_assert_eq!(timeline, drawn);
    }

    #[test]
    fn sections_merge_in_any_order(a in observations(), b in observations(), c in observations()) {
        let together = whole(&[a.clone(), b.clone(), c.clone()].concat());
        let (a, b, c) = (whole(&a), whole(&b), whole(&c));
        let right = sum(&[b.clone(), c.clone()]);
        prop_assert_eq!(&sum(&[a.clone(), b.clone(), c.clone()]), &together);
        prop_assert_eq!(&sum(&[a.clone(), right]), &together);
        prop_assert_eq!(&sum(&[c, a.clone(), b]), &together);
        let mut with_nothing = a.clone();
        with_nothing.merge(&Section::default());
        prop_assert_eq!(with_nothing, a);
    }
}
