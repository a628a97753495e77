use super::*;
use crate::wire::json::frame::{Beside, Call, How, Line, read};

mod rooms;

const T0: Moment = Moment::ZERO;

fn open(desk: &str) -> ClientFrame {
    ClientFrame::Open {
        desk: desk.into(),
        topic: String::new(),
        skills: Vec::new(),
        channel: Line::Chat,
        tried: 0,
        token: String::new(),
    }
}

fn ready_at(desk: &str, slots: u32, beside: Option<Beside>) -> ClientFrame {
    let (group, skills) = (String::new(), Vec::new());
    ClientFrame::Ready { desk: desk.into(), group, slots, skills, paced: false, beside }
}

fn ready(slots: u32) -> ClientFrame {
    ready_at("support", slots, None)
}

#[test]
fn nothing_is_kept_of_those_who_are_gone() {
    let mut hall = Hall::default();
    let (agent, _to_agent) = hall.join(Role::Agent, 1);
    let (first, _to_first) = hall.join(Role::Visitor, 1);
    let (second, mut to_second) = hall.join(Role::Visitor, 1);
    hall.hear(T0, agent, ready(1)).unwrap();
    hall.hear(T0, first, open("support")).unwrap();
    hall.hear(T0, second, open("support")).unwrap();
    assert_eq!(told(&mut to_second), [ServerFrame::Queued { position: 1 }]);
    hall.leave(T0, first);
    assert_eq!(hall.chats.len(), 2, "the agent has yet to close the first");
    let chat = *hall.chats.keys().next().unwrap();
    hall.hear(T0, agent, ClientFrame::Close { chat, how: How::Abandoned, free: true, said: None }).unwrap();
    assert!(matches!(told(&mut to_second)[..], [ServerFrame::Assigned { agent: 0, .. }]));
    hall.leave(T0, agent);
    assert!(matches!(told(&mut to_second)[..], [ServerFrame::Closed { how: How::Unresolved, .. }]));
    hall.leave(T0, second);
    assert!(hall.chats.is_empty() && hall.clients.is_empty());
    assert_eq!(hall.stations.len(), 0);
}

#[test]
fn requests_that_are_turned_down_leave_no_desk_behind() {
    let mut hall = Hall::default();
    let (agent, _frames) = hall.join(Role::Agent, 1);
    for slots in [0, limits::SLOTS + 1] {
        assert!(hall.hear(T0, agent, ready(slots)).is_err());
    }
    let (visitor, _frames) = hall.join(Role::Visitor, 1);
    let skills = vec![String::new(); limits::SKILLS + 1];
    let mut frame = open("support");
    if let ClientFrame::Open { skills: asked, .. } = &mut frame {
        *asked = skills;
    }
    assert!(hall.hear(T0, visitor, frame).is_err());
    assert_eq!(hall.stations.len(), 0);
}

/// Everything that was said to a client since the last look.
fn told(frames: &mut Outbox) -> Vec<ServerFrame> {
    let parcels = std::iter::from_fn(|| frames.try_recv().ok());
    let frame = |parcel| match parcel {
        Parcel::One(frame) => frame,
        Parcel::Many(text, _) => read(text.as_str()).expect("what many are told is a frame"),
    };
    parcels.map(frame).collect()
}

/// The one conversation that there is.
fn only_chat(hall: &Hall) -> ChatId {
    *hall.chats.keys().next().unwrap()
}

#[test]
fn a_slot_is_taken_until_the_wrap_up_is_over() {
    let mut hall = Hall::default();
    let (agent, mut to_agent) = hall.join(Role::Agent, 1);
    let (first, mut to_first) = hall.join(Role::Visitor, 1);
    let (second, mut to_second) = hall.join(Role::Visitor, 1);
    hall.hear(T0, agent, ready(1)).unwrap();
    hall.hear(T0, first, open("support")).unwrap();
    hall.hear(T0, second, open("support")).unwrap();
    let chat = only_chat(&hall);
    hall.hear(T0, agent, ClientFrame::Close { chat, how: How::Resolved, free: false, said: None }).unwrap();
    assert!(matches!(told(&mut to_first)[..], [_, ServerFrame::Closed { how: How::Resolved, .. }]));
    assert_eq!(told(&mut to_second), [ServerFrame::Queued { position: 1 }]);
    hall.hear(T0, first, ClientFrame::Say { chat: None, text: "thanks".into() }).unwrap();
    assert!(matches!(told(&mut to_agent).last(), Some(ServerFrame::Said { .. })), "and still can be told");
    hall.hear(T0, first, open("support")).unwrap();
    hall.hear(T0, agent, ClientFrame::Free { chat }).unwrap();
    assert!(matches!(told(&mut to_second)[..], [ServerFrame::Assigned { .. }]));
    assert!(!hall.chats.contains_key(&chat), "nobody can want to know of it any more");
    assert!(hall.hear(T0, agent, ClientFrame::Free { chat }).is_err());
    let chat = only_chat(&hall);
    assert!(hall.hear(T0, agent, ClientFrame::Free { chat }).is_err(), "it is not closed");
}

#[test]
fn who_is_passed_on_keeps_the_place_and_what_was_said_meanwhile() {
    let mut hall = Hall::default();
    let (junior, mut to_junior) = hall.join(Role::Agent, 1);
    let (visitor, mut to_visitor) = hall.join(Role::Visitor, 1);
    let (other, _to_other) = hall.join(Role::Visitor, 1);
    hall.hear(T0, junior, ready(1)).unwrap();
    hall.hear(T0, visitor, open("support")).unwrap();
    hall.hear(T0, other, open("support")).unwrap();
    let chat = only_chat(&hall);
    let skills = vec!["technical".to_owned()];
    let (topic, token) = ("modems".to_owned(), "new".to_owned());
    hall.hear(T0, junior, ClientFrame::Transfer { chat, topic, skills: skills.clone(), token }).unwrap();
    assert_eq!(told(&mut to_visitor).last(), Some(&ServerFrame::Transferred { chat }));
    let given = told(&mut to_junior);
    assert!(
        matches!(given.last(), Some(ServerFrame::Given { chat: next, .. }) if *next != chat),
        "{given:?}"
    );
    let crossing = ClientFrame::Say { chat: Some(chat), text: "wait".into() };
    assert!(hall.hear(T0, junior, crossing).is_err(), "it is in other hands");
    for _ in 0..limits::UNHEARD {
        hall.hear(T0, visitor, ClientFrame::Say { chat: None, text: "hello?".into() }).unwrap();
    }
    assert!(hall.hear(T0, visitor, ClientFrame::Say { chat: None, text: "hello?".into() }).is_err());
    let (expert, mut to_expert) = hall.join(Role::Agent, 1);
    let (desk, group) = ("support".into(), String::new());
    let ready = ClientFrame::Ready { desk, group, slots: 1, skills, paced: false, beside: None };
    hall.hear(T0, expert, ready).unwrap();
    let heard = told(&mut to_expert);
    assert!(
        matches!(&heard[1], ServerFrame::Given { token, topic, .. } if token == "new" && topic == "modems")
    );
    assert_eq!(heard.len(), 2 + limits::UNHEARD);
    assert!(matches!(told(&mut to_visitor)[..], [ServerFrame::Assigned { .. }]));
}

#[test]
fn a_transfer_that_crosses_with_the_visitors_leaving_frees_the_slot() {
    let mut hall = Hall::default();
    let (agent, _to_agent) = hall.join(Role::Agent, 1);
    let (visitor, _to_visitor) = hall.join(Role::Visitor, 1);
    hall.hear(T0, agent, ready(1)).unwrap();
    hall.hear(T0, visitor, open("support")).unwrap();
    let chat = only_chat(&hall);
    hall.leave(T0, visitor);
    let (topic, skills, token) = (String::new(), Vec::new(), String::new());
    hall.hear(T0, agent, ClientFrame::Transfer { chat, topic, skills, token }).unwrap();
    assert!(hall.chats.is_empty());
    let (next, mut to_next) = hall.join(Role::Visitor, 1);
    hall.hear(T0, next, open("support")).unwrap();
    assert!(matches!(told(&mut to_next)[..], [ServerFrame::Assigned { .. }]));
}

#[test]
fn who_rests_finishes_and_may_be_ready_again() {
    let mut hall = Hall::default();
    let (agent, mut to_agent) = hall.join(Role::Agent, 1);
    let (first, _to_first) = hall.join(Role::Visitor, 1);
    let (second, mut to_second) = hall.join(Role::Visitor, 1);
    assert!(hall.hear(T0, agent, ClientFrame::Rest).is_err(), "one who never was on duty");
    hall.hear(T0, agent, ready(2)).unwrap();
    assert!(hall.hear(T0, agent, ready(2)).is_err(), "one who is");
    hall.hear(T0, first, open("support")).unwrap();
    hall.hear(T0, agent, ClientFrame::Rest).unwrap();
    hall.hear(T0, second, open("support")).unwrap();
    assert_eq!(told(&mut to_second), [ServerFrame::Queued { position: 1 }]);
    let chat = only_chat(&hall);
    hall.hear(T0, agent, ClientFrame::Close { chat, how: How::Resolved, free: true, said: None }).unwrap();
    assert_eq!(told(&mut to_second), []);
    hall.hear(T0, agent, ready(2)).unwrap();
    let on_duty = told(&mut to_agent);
    assert!(on_duty.contains(&ServerFrame::OnDuty { agent: 0 }), "the same seat: {on_duty:?}");
    assert!(matches!(told(&mut to_second)[..], [ServerFrame::Assigned { .. }]));
}

#[test]
fn a_paced_agent_is_given_one_at_a_time() {
    let mut hall = Hall::default();
    let (agent, mut to_agent) = hall.join(Role::Agent, 1);
    let (desk, group) = ("support".into(), String::new());
    let ready = ClientFrame::Ready { desk, group, slots: 3, skills: Vec::new(), paced: true, beside: None };
    hall.hear(T0, agent, ready).unwrap();
    for _ in 0..2 {
        let (visitor, frames) = hall.join(Role::Visitor, 1);
        hall.hear(T0, visitor, open("support")).unwrap();
        drop(frames);
    }
    let given = |frames: Vec<ServerFrame>| {
        frames.iter().filter(|frame| matches!(frame, ServerFrame::Given { .. })).count()
    };
    assert_eq!(given(told(&mut to_agent)), 1);
    hall.hear(T0, agent, ClientFrame::More).unwrap();
    assert_eq!(given(told(&mut to_agent)), 1);
}

#[test]
fn chats_keep_calls_away_and_calls_keep_chats_away() {
    let mut hall = Hall::default();
    let (agent, mut to_agent) = hall.join(Role::Agent, 1);
    let beside = Some(Beside { call: Call::Waits, reserve: 0 });
    assert!(hall.hear(T0, agent, ready_at("phone", 1, beside)).is_err(), "beside what?");
    hall.hear(T0, agent, ready_at("support", 2, None)).unwrap();
    hall.hear(T0, agent, ready_at("phone", 1, beside)).unwrap();
    told(&mut to_agent);
    let (chatter, mut to_chatter) = hall.join(Role::Visitor, 1);
    let (caller, mut to_caller) = hall.join(Role::Visitor, 1);
    let (late, mut to_late) = hall.join(Role::Visitor, 1);
    hall.hear(T0, chatter, open("support")).unwrap();
    hall.hear(T0, caller, open("phone")).unwrap();
    assert_eq!(told(&mut to_caller), [ServerFrame::Queued { position: 1 }]);
    let chat = only_chat(&hall);
    assert!(matches!(told(&mut to_chatter)[..], [ServerFrame::Assigned { .. }]));
    hall.hear(T0, agent, ClientFrame::Close { chat, how: How::Resolved, free: true, said: None }).unwrap();
    assert!(matches!(told(&mut to_caller)[..], [ServerFrame::Assigned { .. }]));
    hall.hear(T0, late, open("support")).unwrap();
    assert_eq!(told(&mut to_late), [ServerFrame::Queued { position: 1 }]);
    hall.leave(T0, caller);
    let call = *hall.chats.iter().find(|(_, chat)| chat.station.1 == "phone").unwrap().0;
    hall.hear(T0, agent, ClientFrame::Close { chat: call, how: How::Abandoned, free: true, said: None })
        .unwrap();
    assert!(matches!(told(&mut to_late)[..], [ServerFrame::Assigned { .. }]));
    let (stranger, _frames) = hall.join(Role::Agent, 1);
    hall.hear(T0, stranger, ready_at("support", 1, None)).unwrap();
    let otherwise = Some(Beside { call: Call::Pauses, reserve: 0 });
    assert!(hall.hear(T0, stranger, ready_at("phone", 1, otherwise)).is_err());
    for client in [agent, stranger, chatter, late] {
        hall.leave(T0, client);
    }
    assert_eq!((hall.stations.len(), hall.chats.len()), (0, 0));
}

#[test]
fn one_who_takes_a_callback_waits_in_its_line() {
    let mut hall = Hall::default();
    let (agent, mut to_agent) = hall.join(Role::Agent, 1);
    let (caller, mut to_caller) = hall.join(Role::Visitor, 1);
    let skills = vec!["callback".to_owned()];
    let (desk, group) = ("phone".into(), String::new());
    let offer = skills.clone();
    let ready = ClientFrame::Ready { desk, group, slots: 1, skills: offer, paced: false, beside: None };
    hall.hear(T0, agent, ready).unwrap();
    let ClientFrame::Open { desk, token, .. } = open("phone") else { unreachable!() };
    let (topic, called, channel) = ("calls".to_owned(), vec!["call".to_owned()], Line::Call);
    hall.hear(T0, caller, ClientFrame::Open { desk, topic, skills: called, channel, tried: 0, token })
        .unwrap();
    assert_eq!(told(&mut to_caller), [ServerFrame::Queued { position: 1 }]);
    hall.hear(T0, caller, ClientFrame::Callback { topic: "callbacks".into(), skills }).unwrap();
    assert!(matches!(told(&mut to_caller)[..], [ServerFrame::Assigned { .. }]));
    let given = told(&mut to_agent);
    let as_callback =
        |frame: &ServerFrame| matches!(frame, ServerFrame::Given { channel: Line::Callback, .. });
    assert!(given.iter().any(as_callback), "{given:?}");
}
