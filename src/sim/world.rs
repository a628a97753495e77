//! The scene in virtual time: everybody on it, the platform between them, and what happens in one instant.

use crate::base::draw::Draws;
use crate::base::id::{AgentId, ConversationId, DeskId, GroupId};
use crate::base::time::Moment;
use crate::base::words::{AgentAct, AgentNews, Observation, VisitorAct, VisitorNews};
use crate::people::agent::{Agent, AgentEvent};
use crate::people::reason::Timer;
use crate::people::visitor::{Visitor, VisitorEvent};
use crate::people::{Effects, Scene};
use crate::platform::desk::{Departure, Desk, Placement, Ticket};
use crate::scenario::plan::GroupPlan;

use super::engine::Witness;
use super::timers::{Key, Owner, Timers};

/// What the platform has to say, and to whom.
#[derive(Clone, Copy, Debug)]
enum Message {
    ToVisitor(ConversationId, VisitorNews),
    /// The conversation begins: the agent has it, and the visitor is told.
    Begin(DeskId, AgentId, ConversationId),
    /// The visitor has left the agent.
    Left(DeskId, AgentId, ConversationId),
}

/// Everybody, and everything they act upon.
pub(super) struct World<'a, W> {
    scene: Scene<'a>,
    visitors: Vec<Visitor>,
    /// Conversations whose visitor is gone: their numbers are used again.
    vacant: Vec<ConversationId>,
    /// `agents[desk][agent]`.
    agents: Vec<Vec<Agent>>,
    stage: Stage<'a, W>,
}

/// Everything that people act upon, apart from the people, so that both can be held at once.
struct Stage<'a, W> {
    scene: Scene<'a>,
    now: Moment,
    desks: Vec<Desk>,
    /// At which desk each conversation is.
    at_desk: Vec<DeskId>,
    timers: Timers,
    /// What was said in this instant, in order.
    mail: Vec<Message>,
    witness: &'a mut W,
}

impl<'a, W: Witness> World<'a, W> {
    /// The scene before time 0: everybody on shift, nobody there to be served.
    pub(super) fn new(scene: Scene<'a>, witness: &'a mut W) -> Self {
        let mut world = Self {
            scene,
            visitors: Vec::new(),
            vacant: Vec::new(),
            agents: scene.plan.desk_ids().map(|(id, desk)| staff(id, &desk.groups)).collect(),
            stage: Stage {
                scene,
                now: Moment::ZERO,
                desks: scene.plan.desks.iter().map(Desk::of_plan).collect(),
                at_desk: Vec::new(),
                timers: Timers::default(),
                mail: Vec::new(),
                witness,
            },
        };
        world.each_agent(AgentEvent::Start);
        world.settle();
        world
    }

    fn each_agent(&mut self, event: AgentEvent) {
        for (desk, agents) in self.agents.iter_mut().enumerate() {
            for (index, agent) in agents.iter_mut().enumerate() {
                let (desk, id) = (DeskId(desk as u16), AgentId(index as u32));
                let group = agent.group();
                let mut fx = AgentHands { stage: &mut self.stage, desk, agent: id, group };
                agent.handle(fx.stage.now, event, &self.scene, &mut fx);
            }
        }
    }

    /// A visitor comes, and with that everything that follows in the same instant.
    pub(super) fn arrive(&mut self, now: Moment, population: DeskId, index: u64, draws: Draws) {
        self.stage.now = now;
        let visitor = Visitor::new(&self.scene, population, index, draws);
        let conversation = match self.vacant.pop() {
            Some(conversation) => {
                self.visitors[conversation.index()] = visitor;
                conversation
            }
            None => {
                let conversation = ConversationId(self.visitors.len() as u32);
                self.visitors.push(visitor);
                self.stage.at_desk.push(population);
                self.stage.timers.admit(conversation);
                conversation
            }
        };
        self.tell_visitor(conversation, VisitorEvent::Start);
        self.settle();
    }

    /// When the next timer is due.
    pub(super) fn next_timer_at(&self) -> Option<Moment> {
        self.stage.timers.next_at()
    }

    /// The next timer fires, and with that everything that follows in the same instant.
    pub(super) fn fire_timer(&mut self) {
        let Some((due, Some(key))) = self.stage.timers.pop() else { return };
        self.stage.now = due;
        let Key { conversation, owner, reason } = key;
        match owner {
            Owner::Visitor => self.tell_visitor(conversation, VisitorEvent::Timer(reason)),
            Owner::Agent => {
                let desk = self.stage.at_desk[conversation.index()];
                let ticket = Ticket(conversation.0);
                if let Some(agent) = self.stage.desks[desk.index()].server_of(ticket) {
                    self.tell_agent(desk, agent, AgentEvent::Timer(conversation, reason));
                }
            }
        }
        self.settle();
    }

    /// The run is over, at `now`.
    pub(super) fn close(&mut self, now: Moment) {
        self.stage.now = now;
        for index in 0..self.visitors.len() {
            self.tell_visitor(ConversationId(index as u32), VisitorEvent::Horizon);
        }
        self.each_agent(AgentEvent::Horizon);
    }

    /// How many events went through the queue.
    pub(super) fn planned(&self) -> u64 {
        self.stage.timers.planned()
    }

    /// Delivers what the platform has to say until it has nothing more to say in this instant.
    fn settle(&mut self) {
        let mut delivered = 0;
        while let Some(message) = self.stage.mail.get(delivered) {
            delivered += 1;
            match *message {
                Message::ToVisitor(conversation, news) => {
                    self.tell_visitor(conversation, VisitorEvent::News(news));
                }
                Message::Begin(desk, agent, conversation) => {
                    let visitor = &self.visitors[conversation.index()];
                    let news = AgentNews::Given {
                        conversation,
                        draws: visitor.draws(),
                        visit: visitor.visit(),
                        channel: visitor.channel(),
                        so_far: crate::base::words::Progress::NONE,
                    };
                    self.tell_agent(desk, agent, AgentEvent::News(news));
                    self.tell_visitor(conversation, VisitorEvent::News(VisitorNews::Assigned));
                }
                Message::Left(desk, agent, conversation) => {
                    self.tell_agent(desk, agent, AgentEvent::News(AgentNews::Left(conversation)));
                }
            }
        }
        self.stage.mail.clear();
        self.stage.timers.settle();
    }

    fn tell_visitor(&mut self, conversation: ConversationId, event: VisitorEvent) {
        let visitor = &mut self.visitors[conversation.index()];
        if visitor.is_gone() {
            return;
        }
        let mut fx = VisitorHands { stage: &mut self.stage, conversation };
        visitor.handle(fx.stage.now, event, &self.scene, &mut fx);
        if visitor.is_gone() {
            self.vacant.push(conversation);
        }
    }

    fn tell_agent(&mut self, desk: DeskId, agent: AgentId, event: AgentEvent) {
        let person = &mut self.agents[desk.index()][agent.index()];
        let group = person.group();
        let mut fx = AgentHands { stage: &mut self.stage, desk, agent, group };
        person.handle(fx.stage.now, event, &self.scene, &mut fx);
    }
}

/// The agents of a desk, group after group.
fn staff(desk: DeskId, groups: &[GroupPlan]) -> Vec<Agent> {
    let of_group = |(id, group): (usize, &GroupPlan)| {
        std::iter::repeat_n(Agent::new(desk, GroupId(id as u16)), group.count as usize)
    };
    groups.iter().enumerate().flat_map(of_group).collect()
}

impl<W: Witness> Stage<'_, W> {
    /// Gives `agent` whoever waits, for as long as there is a slot.
    fn keep_busy(&mut self, desk: DeskId, agent: AgentId) {
        while let Some(next) = self.desks[desk.index()].next_for(self.now, agent) {
            self.mail.push(Message::Begin(desk, next.agent, ConversationId(next.ticket.0)));
        }
    }
}

/// A visitor's effects.
struct VisitorHands<'s, 'a, W> {
    stage: &'s mut Stage<'a, W>,
    conversation: ConversationId,
}

impl<W> VisitorHands<'_, '_, W> {
    fn key(&self, timer: Timer) -> Key {
        Key { conversation: self.conversation, owner: Owner::Visitor, reason: timer.reason }
    }
}

impl<W: Witness> Effects<VisitorAct> for VisitorHands<'_, '_, W> {
    fn act(&mut self, act: VisitorAct) {
        let ticket = Ticket(self.conversation.0);
        let stage = &mut *self.stage;
        match act {
            VisitorAct::Open { desk, topic, .. } => {
                stage.at_desk[self.conversation.index()] = desk;
                match stage.desks[desk.index()].join(stage.now, ticket, topic) {
                    Placement::Assigned(agent) => {
                        stage.mail.push(Message::Begin(desk, agent, self.conversation));
                    }
                    Placement::Queued => {
                        let news = Message::ToVisitor(self.conversation, VisitorNews::Queued { waiting: 1 });
                        stage.mail.push(news);
                    }
                }
            }
            VisitorAct::Leave => {
                let desk = stage.at_desk[self.conversation.index()];
                if let Departure::Conversation(agent) = stage.desks[desk.index()].leave(ticket) {
                    stage.mail.push(Message::Left(desk, agent, self.conversation));
                }
            }
            // The place in the line stays; messages are not played.
            VisitorAct::TakeCallback { .. } | VisitorAct::Type | VisitorAct::Say { .. } => {}
        }
    }

    fn arm(&mut self, timer: Timer, due: Moment) {
        self.stage.timers.arm(self.key(timer), due);
    }

    fn arm_with(&mut self, timer: Timer, due: impl FnOnce() -> Moment) {
        let desk = self.stage.at_desk[self.conversation.index()];
        if self.stage.desks[desk.index()].server_of(Ticket(self.conversation.0)).is_none() {
            self.arm(timer, due());
        }
    }

    fn cancel(&mut self, timer: Timer) {
        self.stage.timers.cancel(self.key(timer));
    }

    fn observe(&mut self, observation: Observation) {
        self.stage.witness.note(&observation);
    }
}

/// An agent's effects.
struct AgentHands<'s, 'a, W> {
    stage: &'s mut Stage<'a, W>,
    desk: DeskId,
    agent: AgentId,
    group: GroupId,
}

impl<W: Witness> Effects<AgentAct> for AgentHands<'_, '_, W> {
    fn act(&mut self, act: AgentAct) {
        let (desk, stage) = (self.desk, &mut *self.stage);
        match act {
            AgentAct::Ready => {
                let slots = stage.scene.plan.desk(desk).group(self.group).concurrency;
                stage.desks[desk.index()].enter(stage.now, self.agent, self.group, slots, false);
                stage.keep_busy(desk, self.agent);
            }
            AgentAct::Close { conversation, closing } => {
                stage.desks[desk.index()].free(stage.now, Ticket(conversation.0));
                stage.mail.push(Message::ToVisitor(conversation, VisitorNews::Closed(closing)));
                stage.keep_busy(desk, self.agent);
            }
            _ => {}
        }
    }

    fn arm(&mut self, timer: Timer, due: Moment) {
        if let Some(conversation) = timer.conversation {
            self.stage.timers.arm(Key { conversation, owner: Owner::Agent, reason: timer.reason }, due);
        }
    }

    fn cancel(&mut self, timer: Timer) {
        if let Some(conversation) = timer.conversation {
            self.stage.timers.cancel(Key { conversation, owner: Owner::Agent, reason: timer.reason });
        }
    }

    fn observe(&mut self, observation: Observation) {
        self.stage.witness.note(&observation);
    }
}
