//! Agents: their seats, and what they do there. One who has two seats takes chats at the first and calls at the second.

use super::super::limits;
use super::super::station::{Duals, Entrant};
use super::chats::Stage;
use super::{Client, ClientId, Hall, Part, Refusal, StationKey, nonsense};
use crate::base::id::{AgentId, GroupId};
use crate::base::time::Moment;
use crate::platform::blend::{Blend, SeatKind, Switch};
use crate::wire::ChatId;
use crate::wire::json::frame::{Beside, ClientFrame, How, ServerFrame};

/// Seats that one agent can have.
const SEATS: usize = 2;

/// A seat at a desk.
#[derive(Clone, Debug)]
pub(super) struct Post {
    key: StationKey,
    agent: AgentId,
    group: GroupId,
    on_duty: bool,
}

/// What an agent offers a desk.
#[derive(Debug)]
struct Offer {
    group: Entrant,
    slots: u32,
    paced: bool,
    beside: Option<Beside>,
}

impl Hall {
    pub(super) fn hear_agent(
        &mut self,
        now: Moment,
        id: ClientId,
        run: u32,
        frame: ClientFrame,
    ) -> Result<(), Refusal> {
        use ClientFrame as F;
        let has_seat = !self.posts(id).is_empty();
        match frame {
            F::Ready { desk, group, slots, skills, paced, beside } => {
                let group = Entrant { name: group, skills };
                return self.ready(now, id, &(run, desk), &Offer { group, slots, paced, beside });
            }
            F::Rest if has_seat => self.rest(now, id),
            F::More if has_seat => self.more(now, id),
            F::Say { chat: Some(chat), text } if has_seat => {
                self.own(id, chat, Stage::Held(id))?;
                self.tell_visitor(chat, ServerFrame::Said { chat, text });
            }
            F::Typing { chat: Some(chat) } if has_seat => {
                self.own(id, chat, Stage::Held(id))?;
                self.tell_visitor(chat, ServerFrame::Typing { chat });
            }
            F::Transfer { chat, topic, skills, token } if has_seat => {
                self.own(id, chat, Stage::Held(id))?;
                return self.transfer(now, chat, Entrant { name: topic, skills }, token);
            }
            F::Close { chat, how, free, said } if has_seat => {
                self.own(id, chat, Stage::Held(id))?;
                self.close(chat, how, said);
                if free {
                    self.free(now, chat);
                }
            }
            F::Free { chat } if has_seat => {
                self.own(id, chat, Stage::WrapUp(id))?;
                self.free(now, chat);
            }
            frame => {
                let who = if has_seat { "an agent on duty" } else { "an agent who is not on duty" };
                return Err(nonsense(&frame, who));
            }
        }
        Ok(())
    }

    fn posts(&self, id: ClientId) -> &[Post] {
        match self.clients.get(&id) {
            Some(Client { part: Part::Agent(posts), .. }) => posts,
            _ => &[],
        }
    }

    fn posts_mut(&mut self, id: ClientId) -> Option<&mut Vec<Post>> {
        match self.clients.get_mut(&id) {
            Some(Client { part: Part::Agent(posts), .. }) => Some(posts),
            _ => None,
        }
    }

    /// Whether `chat` is agent `id`'s, and stands so.
    fn own(&self, id: ClientId, chat: ChatId, stage: Stage) -> Result<(), Refusal> {
        match self.chats.get(&chat).map(|chat| chat.stage) {
            Some(present) if present == stage => Ok(()),
            Some(Stage::Held(agent)) if agent == id => Err(format!("conversation {} is not closed", chat.0)),
            Some(Stage::WrapUp(agent)) if agent == id => Err(format!("conversation {} is closed", chat.0)),
            _ => Err(format!("conversation {} is not yours", chat.0)),
        }
    }

    /// An agent comes on duty, for the first time or again, at the first desk or at a second.
    fn ready(&mut self, now: Moment, id: ClientId, key: &StationKey, offer: &Offer) -> Result<(), Refusal> {
        if offer.slots == 0 || offer.slots > limits::SLOTS {
            return Err(format!("{} slots; between 1 and {} are possible", offer.slots, limits::SLOTS));
        }
        let posts = self.posts(id);
        let number = posts.iter().position(|post| post.key == *key).unwrap_or(posts.len());
        let known = posts.get(number).cloned();
        if known.as_ref().is_some_and(|post| post.on_duty) {
            return Err(format!("you are on duty at `{}`", key.1));
        }
        if number >= SEATS {
            return Err(format!("one agent can serve {SEATS} desks"));
        }
        if offer.beside.is_some() != (number > 0) {
            return Err("`beside` is for the second desk that one agent serves, and for no other".into());
        }
        let station = self.stations.at(key)?;
        let group = station.group(&offer.group)?;
        if let Some(beside) = offer.beside {
            let of_group = station.duals.entry(group).or_insert_with(|| Duals::new(beside));
            if of_group.beside != beside {
                return Err("others of this group go about calls in another way".into());
            }
        }
        let agent = known.map_or_else(|| station.seat(id), |post| Ok(post.agent))?;
        station.desk.enter(now, agent, group, offer.slots, offer.paced);
        if let Some(posts) = self.posts_mut(id) {
            let post = Post { key: key.clone(), agent, group, on_duty: true };
            match posts.get_mut(number) {
                Some(known) => *known = post,
                None => posts.push(post),
            }
        }
        self.send(id, ServerFrame::OnDuty { agent: agent.0 });
        self.couple(now, id);
        self.serve_next(now, key, agent);
        Ok(())
    }

    /// Where an agent is on duty at both desks, each seat takes account of the other from now on.
    fn couple(&mut self, now: Moment, id: ClientId) {
        let [chat, phone] = self.posts(id) else { return };
        if !(chat.on_duty && phone.on_duty) {
            return;
        }
        let (chat, phone) = (chat.clone(), phone.clone());
        let mut held = |post: &Post| self.stations.get(&post.key).map_or(0, |s| s.desk.held(post.agent));
        let (chats, calls) = (held(&chat), held(&phone));
        self.blend(now, id, |blend, member, switches| {
            blend.enter(member, switches);
            blend.chats(member, chats, switches);
            blend.call(member, calls > 0, switches);
        });
    }

    /// An agent goes off duty at every desk; what is in hand goes on.
    fn rest(&mut self, now: Moment, id: ClientId) {
        let Some(posts) = self.posts_mut(id) else { return };
        let seats: Vec<(StationKey, AgentId)> = posts
            .iter_mut()
            .map(|post| {
                post.on_duty = false;
                (post.key.clone(), post.agent)
            })
            .collect();
        for (key, agent) in seats {
            if let Some(station) = self.stations.get(&key) {
                station.desk.exit(agent);
            }
        }
        self.blend(now, id, |blend, member, switches| blend.leave(member, switches));
    }

    fn more(&mut self, now: Moment, id: ClientId) {
        for Post { key, agent, .. } in self.posts(id).to_vec() {
            if let Some(station) = self.stations.get(&key) {
                station.desk.more(agent);
            }
            self.serve_next(now, &key, agent);
        }
    }

    /// An agent's connection is gone: what was in hand is over.
    pub(super) fn vacate(&mut self, now: Moment, id: ClientId) {
        self.rest(now, id);
        let in_hand = |stage| stage == Stage::Held(id) || stage == Stage::WrapUp(id);
        let held = self.chats.iter().filter(|(_, chat)| in_hand(chat.stage));
        for chat in held.map(|(chat, _)| *chat).collect::<Vec<_>>() {
            self.close(chat, How::Unresolved, None);
            self.free(now, chat);
        }
        for Post { key, agent, .. } in self.posts_mut(id).map(std::mem::take).unwrap_or_default() {
            if let Some(station) = self.stations.get(&key) {
                station.vacate(agent);
            }
            self.stations.tidy(&key);
        }
    }

    /// Gives `agent` whoever waits and can be served now.
    fn serve_next(&mut self, now: Moment, key: &StationKey, agent: AgentId) {
        while let Some(station) = self.stations.get(key)
            && let Some(next) = station.desk.next_for(now, agent)
            && let Some(chat) = station.chat_of(next.ticket)
        {
            self.assign(now, chat, next.agent);
        }
    }

    /// A seat has a slot again.
    pub(super) fn freed(&mut self, now: Moment, key: &StationKey, agent: AgentId) {
        self.load_changed(now, key, agent);
        self.serve_next(now, key, agent);
    }

    /// A seat holds more, or less, than before: the agent's other seat may have to open or close.
    pub(super) fn load_changed(&mut self, now: Moment, key: &StationKey, agent: AgentId) {
        let Some(station) = self.stations.get(key) else { return };
        let held = station.desk.held(agent);
        let Some(client) = station.client_of(agent) else { return };
        let [chat, _] = self.posts(client) else { return };
        if chat.key == *key {
            self.blend(now, client, |blend, member, switches| blend.chats(member, held, switches));
        } else {
            self.blend(now, client, |blend, member, switches| blend.call(member, held > 0, switches));
        }
    }

    /// Something changes for an agent with two seats: those of the group are closed and opened, and those opened offered
    /// to whoever waits.
    fn blend(&mut self, now: Moment, id: ClientId, change: impl FnOnce(&mut Blend, u32, &mut Vec<Switch>)) {
        let [_, phone] = self.posts(id) else { return };
        let Post { key, agent, group, .. } = phone.clone();
        let Some(duals) = self.stations.get(&key).and_then(|station| station.duals.get_mut(&group)) else {
            return;
        };
        let mut switches = Vec::new();
        change(&mut duals.blend, agent.0, &mut switches);
        let mut opened = Vec::new();
        for switch in switches {
            let member = AgentId(switch.member);
            let owner = self.stations.get(&key).and_then(|station| station.client_of(member));
            let Some([chat, phone]) = owner.map(|owner| self.posts(owner)) else { continue };
            let seat = match switch.seat {
                SeatKind::Chat => chat,
                SeatKind::Phone => phone,
            };
            let (key, agent) = (seat.key.clone(), seat.agent);
            let Some(station) = self.stations.get(&key) else { continue };
            if switch.open {
                station.desk.resume(agent);
                opened.push((key, agent));
            } else {
                station.desk.suspend(agent);
            }
        }
        for (key, agent) in opened {
            self.serve_next(now, &key, agent);
        }
    }
}
