//! The platform of the scene and everything else that people act upon, apart from the people, so that both can be held
//! at once.

use crate::base::id::{AgentId, ConversationId, DeskId, GroupId, TopicId};
use crate::base::time::Moment;
use crate::base::words::{Channel, Progress, VisitorNews};
use crate::people::Scene;
use crate::platform::blend::{Blend, SeatKind, Switch};
use crate::platform::desk::{Departure, Desk, Placement, Ticket};

use super::engine::Witness;
use super::parlour::Parlour;
use super::timers::Timers;

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) struct $name(pub(super) u32);

        impl $name {
            pub(super) const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

numbers! {
    /// A visitor on the scene. Used again once they are gone.
    VisitorId;
    /// An agent, counted through all desks.
    PersonId;
    /// A guest of a room. Used again once they come back no more.
    GuestId;
}

/// What the platform has to say, and to whom.
#[derive(Clone, Copy, Debug)]
pub(super) enum Message {
    ToVisitor(VisitorId, VisitorNews),
    ToAgent(PersonId, ConversationId, Word),
    /// The conversation begins: the agent has it, and the visitor is told.
    Begin(PersonId, ConversationId),
}

/// What a visitor lets the agent know.
#[derive(Clone, Copy, Debug)]
pub(super) enum Word {
    Left,
    Typing,
    Said,
}

/// A request to be served, from `Open` to the end of its slot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chat {
    pub(super) desk: DeskId,
    /// `None` once the visitor has left, or the agent has ended it.
    pub(super) visitor: Option<VisitorId>,
    pub(super) channel: Channel,
    pub(super) so_far: Progress,
}

/// A seat at a desk: who sits there.
#[derive(Clone, Copy, Debug)]
struct Seat {
    person: PersonId,
    /// The number of the blend and of the member in it, where the person has a seat in the phone pool too.
    blend: Option<(u16, u32)>,
}

/// The seats of one person.
#[derive(Clone, Copy, Debug)]
struct Place {
    desk: DeskId,
    agent: AgentId,
    group: GroupId,
    /// The seat in the phone pool of one who has another elsewhere, and the group of dual agents there.
    phone: Option<(DeskId, AgentId, GroupId)>,
}

/// A group of dual agents in the phone pool.
#[derive(Debug)]
struct Duals {
    blend: Blend,
    /// Who they are, by their number in the blend.
    members: Vec<PersonId>,
}

/// Everything that people act upon.
pub(super) struct Stage<'a, W> {
    pub(super) scene: Scene<'a>,
    pub(super) now: Moment,
    pub(super) desks: Vec<Desk>,
    /// By [`ConversationId`], which is the ticket at its desk too.
    pub(super) chats: Vec<Chat>,
    /// Conversations that are over: their numbers are used again.
    vacant: Vec<ConversationId>,
    /// The present conversation of each visitor.
    present: Vec<Option<ConversationId>>,
    /// `seats[desk][agent]`.
    seats: Vec<Vec<Seat>>,
    places: Vec<Place>,
    duals: Vec<Duals>,
    /// The rooms.
    pub(super) parlour: Parlour,
    pub(super) timers: Timers,
    /// What was said in this instant, in order.
    pub(super) mail: Vec<Message>,
    pub(super) witness: &'a mut W,
}

const fn ticket(conversation: ConversationId) -> Ticket {
    Ticket(conversation.0)
}

impl<'a, W: Witness> Stage<'a, W> {
    /// Nobody is there yet.
    pub(super) fn new(scene: Scene<'a>, witness: &'a mut W) -> Self {
        let mut stage = Self {
            scene,
            now: Moment::ZERO,
            desks: scene.plan.desks.iter().map(Desk::of_plan).collect(),
            chats: Vec::new(),
            vacant: Vec::new(),
            present: Vec::new(),
            seats: scene.plan.desks.iter().map(|_| Vec::new()).collect(),
            places: Vec::new(),
            duals: Vec::new(),
            parlour: Parlour::new(scene.plan),
            timers: Timers::default(),
            mail: Vec::new(),
            witness,
        };
        stage.seat_everybody();
        (0..stage.parlour.moderators()).for_each(|number| stage.timers.admit(number));
        stage
    }

    /// Gives every agent a seat at the own desk, and dual agents another in the phone pool.
    fn seat_everybody(&mut self) {
        for (desk, plan) in self.scene.plan.desk_ids() {
            for number in 0..plan.own_agents() {
                let person = PersonId(self.places.len() as u32);
                let (agent, (group, _)) = (AgentId(number), plan.member(AgentId(number)));
                self.places.push(Place { desk, agent, group, phone: None });
                self.seats[desk.index()].push(Seat { person, blend: None });
                self.timers.admit(person.0);
            }
        }
        let Some(phone) = self.scene.plan.phone else { return };
        let groups = self.scene.plan.desk(phone).groups.iter().enumerate();
        for (number, dual) in groups.filter_map(|(number, group)| Some((number, group.dual?))) {
            let is_theirs = |place: &Place| (place.desk, place.group) == (dual.desk, dual.group);
            let members: Vec<PersonId> = (0..self.places.len() as u32)
                .map(PersonId)
                .filter(|p| is_theirs(&self.places[p.index()]))
                .collect();
            for (member, person) in members.iter().enumerate() {
                let agent = AgentId(self.seats[phone.index()].len() as u32);
                let place = &mut self.places[person.index()];
                place.phone = Some((phone, agent, GroupId(number as u16)));
                let blend = Some((self.duals.len() as u16, member as u32));
                self.seats[place.desk.index()][place.agent.index()].blend = blend;
                self.seats[phone.index()].push(Seat { person: *person, blend });
            }
            self.duals.push(Duals { blend: Blend::new(dual.call, dual.reserve), members });
        }
    }

    /// Makes room for a further visitor.
    pub(super) fn admit_visitor(&mut self, visitor: VisitorId) {
        self.present.push(None);
        self.timers.admit(visitor.0);
    }

    /// The visitor has nothing to do with any conversation any more.
    pub(super) fn forget(&mut self, visitor: VisitorId) {
        if let Some(conversation) = self.present[visitor.index()].take() {
            self.chats[conversation.index()].visitor = None;
        }
    }

    /// Who has the conversation, if an agent has.
    pub(super) fn person_with(&self, conversation: ConversationId) -> Option<PersonId> {
        let desk = self.chats[conversation.index()].desk.index();
        let agent = self.desks[desk].server_of(ticket(conversation))?;
        Some(self.seats[desk][agent.index()].person)
    }

    /// Whether a visitor waits for nobody any more: an agent has been found.
    pub(super) fn is_assigned(&self, visitor: VisitorId) -> bool {
        self.present[visitor.index()].is_some_and(|conversation| {
            let desk = &self.desks[self.chats[conversation.index()].desk.index()];
            desk.server_of(ticket(conversation)).is_some()
        })
    }

    /// A visitor asks to be served.
    pub(super) fn open(&mut self, visitor: VisitorId, desk: DeskId, topic: TopicId, channel: Channel) {
        let chat = Chat { desk, visitor: Some(visitor), channel, so_far: Progress::NONE };
        let conversation = match self.vacant.pop() {
            Some(conversation) => {
                self.chats[conversation.index()] = chat;
                conversation
            }
            None => {
                let conversation = ConversationId(self.chats.len() as u32);
                self.chats.push(chat);
                self.timers.admit(conversation.0);
                conversation
            }
        };
        self.present[visitor.index()] = Some(conversation);
        let of = &mut self.desks[desk.index()];
        match of.join(self.now, ticket(conversation), topic) {
            Placement::Assigned(agent) => self.begin(desk, agent, conversation),
            Placement::Queued => {
                let waiting = of.waiting() as u32;
                self.mail.push(Message::ToVisitor(visitor, VisitorNews::Queued { waiting }));
            }
        }
    }

    /// A caller becomes one who is called back.
    pub(super) fn call_back(&mut self, visitor: VisitorId, topic: TopicId) {
        let Some(conversation) = self.present[visitor.index()] else { return };
        let chat = &mut self.chats[conversation.index()];
        chat.channel = Channel::Callback { tried: 0 };
        let desk = chat.desk;
        let placement = self.desks[desk.index()].requeue(self.now, ticket(conversation), topic);
        if let Some(Placement::Assigned(agent)) = placement {
            self.begin(desk, agent, conversation);
        }
    }

    /// A visitor leaves, and says so.
    pub(super) fn leave(&mut self, visitor: VisitorId) {
        let Some(conversation) = self.present[visitor.index()].take() else { return };
        let chat = &mut self.chats[conversation.index()];
        chat.visitor = None;
        match self.desks[chat.desk.index()].leave(ticket(conversation)) {
            Departure::Queue => self.vacant.push(conversation),
            Departure::Conversation(_) => self.tell_agent(conversation, Word::Left),
            Departure::Nothing => {}
        }
    }

    /// A visitor says something.
    pub(super) fn say(&mut self, visitor: VisitorId) {
        let Some(conversation) = self.present[visitor.index()] else { return };
        // While it waits for another agent, the next one will see it.
        self.chats[conversation.index()].so_far.owed = true;
        self.tell_agent(conversation, Word::Said);
    }

    /// A visitor begins to type.
    pub(super) fn begin_to_type(&mut self, visitor: VisitorId) {
        if let Some(conversation) = self.present[visitor.index()] {
            self.tell_agent(conversation, Word::Typing);
        }
    }

    fn tell_agent(&mut self, conversation: ConversationId, word: Word) {
        if let Some(person) = self.person_with(conversation) {
            self.mail.push(Message::ToAgent(person, conversation, word));
        }
    }

    /// Tells the visitor of a conversation, who may have left it.
    pub(super) fn tell_visitor(&mut self, conversation: ConversationId, news: VisitorNews) {
        if let Some(visitor) = self.chats[conversation.index()].visitor {
            self.mail.push(Message::ToVisitor(visitor, news));
        }
    }

    /// The conversation is `agent`'s.
    fn begin(&mut self, desk: DeskId, agent: AgentId, conversation: ConversationId) {
        let seat = self.seats[desk.index()][agent.index()];
        self.mail.push(Message::Begin(seat.person, conversation));
        self.load_changed(desk, agent, seat);
    }

    /// An agent is ready, at every seat.
    pub(super) fn ready(&mut self, person: PersonId) {
        let Place { desk, agent, group, phone } = self.places[person.index()];
        let plan = self.scene.plan.desk(desk);
        let slots = plan.group(group).concurrency;
        self.desks[desk.index()].enter(self.now, agent, group, slots, plan.is_paced(group));
        if let Some((phone, line, duals)) = phone {
            self.desks[phone.index()].enter(self.now, line, duals, 1, false);
            self.blend(desk, agent, |blend, member, switches| blend.enter(member, switches));
            self.keep_busy(phone, line);
        }
        self.keep_busy(desk, agent);
    }

    /// An agent takes nothing more.
    pub(super) fn rest(&mut self, person: PersonId) {
        let Place { desk, agent, phone, .. } = self.places[person.index()];
        self.desks[desk.index()].exit(agent);
        if let Some((phone, line, _)) = phone {
            self.desks[phone.index()].exit(line);
            self.blend(desk, agent, |blend, member, switches| blend.leave(member, switches));
        }
    }

    /// An agent may be given another conversation.
    pub(super) fn more(&mut self, person: PersonId) {
        let Place { desk, agent, .. } = self.places[person.index()];
        self.desks[desk.index()].more(agent);
        self.keep_busy(desk, agent);
    }

    /// An agent passes a conversation on.
    pub(super) fn transfer(&mut self, conversation: ConversationId, topic: TopicId, so_far: Progress) {
        let desk = self.chats[conversation.index()].desk;
        let Some(from) = self.desks[desk.index()].server_of(ticket(conversation)) else { return };
        self.chats[conversation.index()].so_far = so_far;
        match self.desks[desk.index()].transfer(self.now, ticket(conversation), topic) {
            Some(Placement::Assigned(agent)) => self.begin(desk, agent, conversation),
            Some(Placement::Queued) => self.tell_visitor(conversation, VisitorNews::Transferred),
            None => {}
        }
        self.freed(desk, from);
    }

    /// An agent ends a conversation for its visitor.
    pub(super) fn end(&mut self, conversation: ConversationId, news: VisitorNews) {
        self.tell_visitor(conversation, news);
        if let Some(visitor) = self.chats[conversation.index()].visitor.take() {
            self.present[visitor.index()] = None;
        }
    }

    /// The slot of a conversation that was ended is free.
    pub(super) fn free(&mut self, conversation: ConversationId) {
        let desk = self.chats[conversation.index()].desk;
        if let Some(agent) = self.desks[desk.index()].free(self.now, ticket(conversation)) {
            self.vacant.push(conversation);
            self.freed(desk, agent);
        }
    }

    fn freed(&mut self, desk: DeskId, agent: AgentId) {
        let seat = self.seats[desk.index()][agent.index()];
        self.load_changed(desk, agent, seat);
        self.keep_busy(desk, agent);
    }

    /// Sends everybody away who waits, but those who were promised a call.
    pub(super) fn dismiss(&mut self) {
        for desk in 0..self.desks.len() {
            for Ticket(number) in self.desks[desk].queue() {
                let conversation = ConversationId(number);
                if matches!(self.chats[conversation.index()].channel, Channel::Callback { .. }) {
                    continue;
                }
                self.desks[desk].leave(Ticket(number));
                self.end(conversation, VisitorNews::Refused);
                self.vacant.push(conversation);
            }
        }
    }

    /// Gives `agent` whoever waits, for as long as there is a slot.
    fn keep_busy(&mut self, desk: DeskId, agent: AgentId) {
        while let Some(next) = self.desks[desk.index()].next_for(self.now, agent) {
            self.begin(desk, next.agent, ConversationId(next.ticket.0));
        }
    }

    /// A seat holds more, or less, than before.
    #[inline]
    fn load_changed(&mut self, desk: DeskId, agent: AgentId, seat: Seat) {
        if seat.blend.is_none() {
            return;
        }
        let held = self.desks[desk.index()].held(agent);
        if self.scene.plan.phone == Some(desk) {
            self.blend(desk, agent, |blend, member, switches| blend.call(member, held > 0, switches));
        } else {
            self.blend(desk, agent, |blend, member, switches| blend.chats(member, held, switches));
        }
    }

    /// Something changes for a dual agent: seats are closed and opened, and those opened offered to whoever waits.
    #[cold]
    fn blend(
        &mut self,
        desk: DeskId,
        agent: AgentId,
        change: impl FnOnce(&mut Blend, u32, &mut Vec<Switch>),
    ) {
        let Some((number, member)) = self.seats[desk.index()][agent.index()].blend else { return };
        let duals = &mut self.duals[usize::from(number)];
        let mut switches = Vec::new();
        change(&mut duals.blend, member, &mut switches);
        let mut opened = Vec::new();
        for switch in switches {
            let place = self.places[duals.members[switch.member as usize].index()];
            let (desk, agent) = match (switch.seat, place.phone) {
                (SeatKind::Phone, Some((phone, line, _))) => (phone, line),
                _ => (place.desk, place.agent),
            };
            if switch.open {
                self.desks[desk.index()].resume(agent);
                opened.push((desk, agent));
            } else {
                self.desks[desk.index()].suspend(agent);
            }
        }
        for (desk, agent) in opened {
            self.keep_busy(desk, agent);
        }
    }
}
