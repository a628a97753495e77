//! The scene in virtual time: everybody on it, and what happens in one instant.

use crate::base::draw::Draws;
use crate::base::id::{AgentId, ConversationId, DeskId, PopulationId, VisitId};
use crate::base::time::Moment;
use crate::base::words::{AgentNews, VisitorNews};
use crate::people::Scene;
use crate::people::agent::{Agent, AgentEvent};
use crate::people::guest::GuestEvent;
use crate::people::moderator::ModeratorEvent;
use crate::people::reason::Owner;
use crate::people::visitor::{Visitor, VisitorEvent};
use crate::scenario::plan::DeskPlan;

use super::engine::Witness;
use super::hands::{AgentHands, VisitorHands};
use super::salon::Salon;
use super::stage::{GuestId, Message, PersonId, Stage, VisitorId, Word};
use super::timers::Key;

/// Everybody, and everything they act upon.
pub(super) struct World<'a, W> {
    scene: Scene<'a>,
    visitors: Vec<Visitor>,
    /// Visitors who are gone: their numbers are used again.
    vacant: Vec<VisitorId>,
    /// The agents of every desk, one after another.
    agents: Vec<Agent>,
    /// Those who come to rooms, and those who keep them clean.
    salon: Salon,
    stage: Stage<'a, W>,
}

impl<'a, W: Witness> World<'a, W> {
    /// The scene before time 0: everybody whose shift has begun is there, and nobody to be served.
    pub(super) fn new(scene: Scene<'a>, witness: &'a mut W) -> Self {
        let own = |(id, desk): (DeskId, _)| own_agents(scene, id, desk);
        let agents: Vec<Agent> = scene.plan.desk_ids().flat_map(own).collect();
        let stage = Stage::new(scene, witness);
        let mut world =
            Self { scene, visitors: Vec::new(), vacant: Vec::new(), agents, salon: Salon::new(scene), stage };
        world.each_agent(AgentEvent::Start);
        world.salon.each_moderator(&mut world.stage, ModeratorEvent::Start);
        world.settle();
        world
    }

    fn each_agent(&mut self, event: AgentEvent) {
        for person in 0..self.agents.len() as u32 {
            self.tell_agent(PersonId(person), event);
        }
    }

    /// A visitor or a guest comes, and with that everything that follows in the same instant.
    pub(super) fn arrive(&mut self, now: Moment, population: PopulationId, index: u64, draws: Draws) {
        self.stage.now = now;
        match self.scene.plan.venue_of(population) {
            None => self.receive(population, index, draws),
            Some(venue) => self.salon.arrive(&mut self.stage, venue, index, draws),
        }
        self.settle();
    }

    /// A visitor comes to a desk.
    fn receive(&mut self, population: PopulationId, index: u64, draws: Draws) {
        let visitor = Visitor::new(&self.scene, population, index, draws);
        let id = match self.vacant.pop() {
            Some(id) => {
                self.visitors[id.index()] = visitor;
                id
            }
            None => {
                let id = VisitorId(self.visitors.len() as u32);
                self.visitors.push(visitor);
                self.stage.admit_visitor(id);
                id
            }
        };
        self.tell_visitor(id, VisitorEvent::Start);
    }

    /// When the next timer is due.
    pub(super) fn next_timer_at(&self) -> Option<Moment> {
        self.stage.timers.next_at()
    }

    /// The next timer fires, and with that everything that follows in the same instant.
    pub(super) fn fire_timer(&mut self) {
        let Some((due, Some(Key { holder, reason }))) = self.stage.timers.pop() else { return };
        self.stage.now = due;
        match reason.owner() {
            Owner::Visitor => self.tell_visitor(VisitorId(holder), VisitorEvent::Timer(reason)),
            Owner::Conversation => {
                let conversation = ConversationId(holder);
                if let Some(person) = self.stage.person_with(conversation) {
                    self.tell_agent(person, AgentEvent::Timer(conversation, reason));
                }
            }
            Owner::Agent => self.tell_agent(PersonId(holder), AgentEvent::Own(reason)),
            Owner::Guest => {
                self.salon.tell_guest(&mut self.stage, GuestId(holder), GuestEvent::Timer(reason));
            }
            Owner::Moderator => {
                self.salon.tell_moderator(&mut self.stage, holder, ModeratorEvent::Timer(reason));
            }
        }
        self.settle();
    }

    /// The doors close on those who wait, at `now`.
    pub(super) fn dismiss(&mut self, now: Moment) {
        self.stage.now = now;
        self.stage.dismiss();
        self.settle();
    }

    /// The run is over, at `now`.
    pub(super) fn close(&mut self, now: Moment) {
        self.stage.now = now;
        for visitor in 0..self.visitors.len() as u32 {
            self.tell_visitor(VisitorId(visitor), VisitorEvent::Horizon);
        }
        self.each_agent(AgentEvent::Horizon);
        self.salon.close(&mut self.stage);
    }

    /// How many events went through the queue.
    pub(super) fn planned(&self) -> u64 {
        self.stage.timers.planned()
    }

    /// Delivers what the platform has to say until it has nothing more to say in this instant.
    fn settle(&mut self) {
        self.salon.settle(&mut self.stage);
        while let Some(VisitId { population, index, .. }) = self.salon.next_to_turn() {
            let Scene { plan, replication, .. } = self.scene;
            let name = plan.populations().nth(population.index()).map_or("", |(name, _)| name);
            let draws = Draws::of_population(plan.seed, replication, name).visitor(index);
            self.receive(population, index, draws);
        }
        let mut delivered = 0;
        while let Some(message) = self.stage.mail.get(delivered) {
            delivered += 1;
            match *message {
                // An agent was found in the same instant, before this was read: the visitor has not queued.
                Message::ToVisitor(visitor, VisitorNews::Queued { .. })
                    if self.stage.is_assigned(visitor) => {}
                Message::ToVisitor(visitor, news) => self.tell_visitor(visitor, VisitorEvent::News(news)),
                Message::ToAgent(person, conversation, word) => {
                    let news = match word {
                        Word::Left => AgentNews::Left(conversation),
                        Word::Typing => AgentNews::Typing(conversation),
                        Word::Said => AgentNews::Said(conversation),
                    };
                    self.tell_agent(person, AgentEvent::News(news));
                }
                Message::Begin(person, conversation) => self.begin(person, conversation),
            }
        }
        self.stage.mail.clear();
        self.stage.timers.settle();
    }

    /// The agent has the conversation, and the visitor is told.
    fn begin(&mut self, person: PersonId, conversation: ConversationId) {
        let chat = self.stage.chats[conversation.index()];
        let id = chat.visitor.expect("who leaves ends the conversation before it is given to another");
        let visitor = &self.visitors[id.index()];
        let news = AgentNews::Given {
            conversation,
            draws: visitor.draws(),
            visit: visitor.visit(),
            channel: visitor.channel(),
            so_far: chat.so_far,
        };
        self.tell_agent(person, AgentEvent::News(news));
        self.tell_visitor(id, VisitorEvent::News(VisitorNews::Assigned));
    }

    fn tell_visitor(&mut self, id: VisitorId, event: VisitorEvent) {
        let visitor = &mut self.visitors[id.index()];
        if visitor.is_gone() {
            return;
        }
        let mut fx = VisitorHands { stage: &mut self.stage, visitor: id };
        visitor.handle(fx.stage.now, event, &self.scene, &mut fx);
        if visitor.is_gone() {
            self.stage.forget(id);
            self.vacant.push(id);
        }
    }

    fn tell_agent(&mut self, person: PersonId, event: AgentEvent) {
        let mut fx = AgentHands { stage: &mut self.stage, person };
        self.agents[person.index()].handle(fx.stage.now, event, &self.scene, &mut fx);
    }
}

/// The agents of a desk, in the order of their numbers.
fn own_agents(scene: Scene<'_>, id: DeskId, desk: &DeskPlan) -> Vec<Agent> {
    (0..desk.own_agents()).map(|number| Agent::new(&scene, id, AgentId(number))).collect()
}
