//! What people do, as frames, and what frames tell people.

use super::super::{Act, Event, Subject};
use super::frame::{ClientFrame, Line, Role, ServerFrame};
use super::rules::Rules;

/// The frame that says what a person does; `None` of what no frame says.
pub(super) fn request(act: &Act) -> Option<ClientFrame> {
    Some(match act {
        Act::Open(opening) => {
            let (channel, tried) = Line::split(opening.channel);
            ClientFrame::Open {
                desk: opening.desk.clone(),
                topic: opening.subject.topic.clone(),
                skills: opening.subject.skills.clone(),
                channel,
                tried,
                token: opening.token.clone(),
            }
        }
        Act::TakeCallback(Subject { topic, skills }) => {
            ClientFrame::Callback { topic: topic.clone(), skills: skills.clone() }
        }
        Act::Type => ClientFrame::Typing { chat: None },
        Act::Compose { chat } => ClientFrame::Typing { chat: Some(*chat) },
        Act::Say { text } => ClientFrame::Say { chat: None, text: text.clone() },
        Act::Answer { chat, text } => ClientFrame::Say { chat: Some(*chat), text: text.clone() },
        Act::Leave => ClientFrame::Leave,
        Act::Ready(duty) => ClientFrame::Ready {
            desk: duty.desk.clone(),
            group: duty.group.clone(),
            slots: duty.slots,
            skills: duty.skills.clone(),
            paced: duty.paced,
            beside: duty.beside.map(Into::into),
        },
        Act::Rest => ClientFrame::Rest,
        Act::More => ClientFrame::More,
        Act::Transfer { chat, subject, token } => ClientFrame::Transfer {
            chat: *chat,
            topic: subject.topic.clone(),
            skills: subject.skills.clone(),
            token: token.clone(),
        },
        Act::Close { chat, closing, free, said } => {
            ClientFrame::Close { chat: *chat, how: (*closing).into(), free: *free, said: *said }
        }
        Act::Free { chat } => ClientFrame::Free { chat: *chat },
        Act::Enter { .. }
        | Act::Post { .. }
        | Act::Report { .. }
        | Act::Moderate { .. }
        | Act::Decide { .. } => return about_rooms(act),
        // Our own server lets nothing lie: nobody asks.
        Act::Connect | Act::Disconnect | Act::Ask => return None,
    })
}

/// The same of what is done in rooms.
fn about_rooms(act: &Act) -> Option<ClientFrame> {
    Some(match act {
        Act::Enter { room, rules } => ClientFrame::Enter { room: room.clone(), rules: Some(Rules(*rules)) },
        Act::Post { text, flagged } => ClientFrame::Post { text: text.clone(), flagged: *flagged },
        Act::Report { message } => ClientFrame::Report { message: *message },
        Act::Moderate { venue, rules } => {
            ClientFrame::Moderate { venue: venue.clone(), rules: Some(Rules(*rules)) }
        }
        Act::Decide { message, verdict } => {
            ClientFrame::Decide { message: *message, verdict: (*verdict).into() }
        }
        _ => return None,
    })
}

/// What a frame tells someone of this role; an error where such a frame makes no sense.
pub(super) fn event(frame: ServerFrame, role: Role) -> Result<Event, String> {
    match frame {
        ServerFrame::Refused { why } => Ok(Event::Refused { why }),
        ServerFrame::Welcome { .. } => Err("it welcomed us twice".into()),
        frame => match role {
            Role::Visitor => to_visitor(frame),
            Role::Agent => to_agent(frame),
            Role::Guest => to_guest(frame),
            Role::Moderator => to_moderator(frame),
        },
    }
}

fn to_visitor(frame: ServerFrame) -> Result<Event, String> {
    use ServerFrame as F;
    Ok(match frame {
        F::Said { chat, text } => Event::Said { chat, text },
        F::Typing { chat } => Event::Typing { chat },
        F::Queued { position } => Event::Queued { waiting: position },
        F::Transferred { chat } => Event::Transferred { chat },
        F::Assigned { chat, address, .. } => Event::Assigned { chat, address },
        F::Closed { chat, how, said } => Event::Closed { chat, closing: how.into(), said },
        _ => return Err("it told a visitor what only others are told".into()),
    })
}

fn to_agent(frame: ServerFrame) -> Result<Event, String> {
    use ServerFrame as F;
    Ok(match frame {
        F::Said { chat, text } => Event::Said { chat, text },
        F::Typing { chat } => Event::Typing { chat },
        F::OnDuty { .. } => Event::OnDuty,
        F::Given { chat, token, channel, tried, address, .. } => {
            Event::Given { chat, token, channel: channel.channel(tried), address }
        }
        F::Left { chat } => Event::Left { chat },
        _ => return Err("it told an agent what only others are told".into()),
    })
}

fn to_guest(frame: ServerFrame) -> Result<Event, String> {
    use ServerFrame as F;
    Ok(match frame {
        F::Entered { others } => Event::Entered { others },
        F::Company => Event::Company,
        F::Alone => Event::Alone,
        F::Posted { message, text, scrolled } => Event::Posted { message, text, scrolled },
        F::Hidden { message } => Event::Hidden { message },
        _ => return Err("it told a guest what only others are told".into()),
    })
}

fn to_moderator(frame: ServerFrame) -> Result<Event, String> {
    use ServerFrame as F;
    Ok(match frame {
        F::Moderating { .. } => Event::OnDuty,
        F::Review { message, text, held } => Event::Review { message, text, held },
        _ => return Err("it told a moderator what only others are told".into()),
    })
}
