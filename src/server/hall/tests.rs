use super::*;
use crate::wire::json::frame::{Beside, Call, How, Line};

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
    let now = Moment::ZERO;
    let (agent, _to_agent) = hall.join(Role::Agent, 1);
    let (first, _to_first) = hall.join(Role::Visitor, 1);
    let (second, mut to_second) = hall.join(Role::Visitor, 1);
    hall.hear(now, agent, ready(1)).unwrap();
    hall.hear(now, first, open("support")).unwrap();
    hall.hear(now, second, open("support")).unwrap();
    assert_eq!(to_second.try_recv(), Ok(ServerFrame::Queued { position: 1 }));
    hall.leave(now, first);
    assert_eq!(hall.chats.len(), 2, "the agent has yet to close the first");
    let chat = *hall.chats.keys().next().unwrap();
    hall.hear(now, agent, ClientFrame::Close { chat, how: How::Abandoned, free: true }).unwrap();
    assert!(matches!(to_second.try_recv(), Ok(ServerFrame::Assigned { agent: 0, .. })));
    hall.leave(now, agent);
    assert!(matches!(to_second.try_recv(), Ok(ServerFrame::Closed { how: How::Unresolved, .. })));
    hall.leave(now, second);
    assert!(hall.chats.is_empty() && hall.clients.is_empty());
    assert_eq!(hall.stations.len(), 0);
}

#[test]
fn requests_that_are_turned_down_leave_no_desk_behind() {
    let mut hall = Hall::default();
    let (agent, _frames) = hall.join(Role::Agent, 1);
    for slots in [0, limits::SLOTS + 1] {
        assert!(hall.hear(Moment::ZERO, agent, ready(slots)).is_err());
    }
    let (visitor, _frames) = hall.join(Role::Visitor, 1);
    let skills = vec![String::new(); limits::SKILLS + 1];
    let mut frame = open("support");
    if let ClientFrame::Open { skills: asked, .. } = &mut frame {
        *asked = skills;
    }
    assert!(hall.hear(Moment::ZERO, visitor, frame).is_err());
    assert_eq!(hall.stations.len(), 0);
}
