//! An agent in a run: the person, and one connection from before the start to after the end.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::link::{Connected, Link, Trouble};
use super::notes::Note;
use super::stage::{Curtain, Happening, Place, Sink, Stage};
use super::text;
use super::timers::Timers;
use crate::base::draw::Draws;
use crate::base::id::{ConversationId, DeskId, GroupId, VisitId};
use crate::base::time::{Moment, RealMoment};
use crate::base::words::{AgentAct, AgentNews, Channel, Closing, Progress};
use crate::metrics::tally::{Direction, Failure};
use crate::net::clock::Pace;
use crate::people::agent::{Agent, AgentEvent};
use crate::wire::json::frame::Role;
use crate::wire::token::{Part, Token};
use crate::wire::{Act, ChatId, Duty, Event};

/// How long a server may take to put an agent on duty.
const ON_DUTY: Duration = Duration::from_secs(10);

/// How many conversations an agent remembers after their end. What crosses with an end comes soon after it.
const CLOSED_KEPT: usize = 64;

/// An agent who is connected, and perhaps on duty; the run has not begun.
pub(super) struct Arrival {
    stage: Arc<Stage>,
    desk: DeskId,
    agent: Agent,
    group: GroupId,
    link: Link,
    timers: Timers,
}

impl Arrival {
    /// An agent of this group, who is not connected.
    pub(super) fn new(stage: Arc<Stage>, desk: DeskId, group: GroupId) -> Self {
        let link = stage.link(Role::Agent);
        let agent = Agent::new(&stage.scene(), desk, crate::base::id::AgentId(0));
        Self { stage, desk, agent, group, link, timers: Timers::default() }
    }

    /// Connects and greets.
    pub(super) async fn connect(&mut self) -> Result<(), Trouble> {
        let connected: Connected = self.link.connect().await?;
        self.stage.notes.put(Note::Connected(self.stage.opens(), connected));
        Ok(())
    }

    /// Goes on duty. Agents do so in their order, since ties of the routing go by it.
    pub(super) async fn go_on_duty(&mut self) -> Result<(), Trouble> {
        let stage = self.stage.clone();
        let mut acts = Vec::new();
        let mut sink = Sink { acts: &mut acts, timers: &mut self.timers, notes: &stage.notes };
        self.agent.handle(Moment::ZERO, AgentEvent::Start, &stage.scene(), &mut sink);
        debug_assert_eq!(acts, [AgentAct::Ready]);
        let plan = stage.plan.desk(self.desk);
        let group = plan.group(self.group);
        let duty = Duty {
            desk: plan.name.clone(),
            group: group.name.clone().unwrap_or_default(),
            slots: group.concurrency,
            skills: group.skills.clone(),
        };
        self.link.act(&Act::Ready(duty)).await;
        let answer = timeout(ON_DUTY, async {
            loop {
                match self.link.next_event() {
                    Some((_, event)) => return event,
                    None => {
                        let frame = self.link.receive().await;
                        self.link.take_in(frame).await;
                    }
                }
            }
        });
        match answer.await {
            Ok(Event::OnDuty) => Ok(()),
            Ok(Event::Refused { why }) => Err(Trouble::Refused(why)),
            Ok(Event::Gone) => Err(Trouble::HungUp),
            Ok(Event::Broken { why }) => Err(Trouble::Protocol(why)),
            Ok(_) => Err(Trouble::Protocol("it said something else than that the agent is on duty".into())),
            Err(_) => {
                Err(Trouble::Protocol(format!("an agent was not on duty within {} s", ON_DUTY.as_secs())))
            }
        }
    }

    /// The run begins.
    pub(super) fn begin(self, pace: Pace) -> AgentSession {
        let place = Place::new(self.stage, pace, self.link, self.timers, Curtain::Falling);
        AgentSession {
            agent: self.agent,
            desk: self.desk,
            is_home: false,
            place,
            acts: Vec::new(),
            talks: Vec::new(),
            closed: VecDeque::new(),
        }
    }
}

/// A conversation in hand.
#[derive(Clone, Copy, Debug)]
struct Talk {
    chat: ChatId,
    visit: VisitId,
    said: u32,
}

/// One agent on duty.
pub(super) struct AgentSession {
    agent: Agent,
    desk: DeskId,
    /// The run is over for the agent, who only receives what is still on its way.
    is_home: bool,
    place: Place,
    acts: Vec<AgentAct>,
    /// By [`ConversationId`].
    talks: Vec<Option<Talk>>,
    /// The last that were closed: a message may cross with the end.
    closed: VecDeque<Talk>,
}

impl AgentSession {
    /// Plays the agent to the end of the run; gives the desk, if the connection was lost before that.
    pub(super) async fn play(mut self) -> Option<DeskId> {
        loop {
            match self.place.next().await {
                Happening::Timer(due, timer) => {
                    if let Some(conversation) = timer.conversation {
                        self.tell(due, AgentEvent::Timer(conversation, timer.reason)).await;
                    }
                }
                Happening::Heard(at, read, event) => {
                    if !self.hear(at, read, event).await {
                        let was_on_duty = !self.is_home;
                        self.lose_connection(at);
                        return was_on_duty.then_some(self.desk);
                    }
                }
                // Those who hang up from here on do so because the run is over.
                Happening::Curtain(now) if !self.is_home && !self.place.is_down() => self.go_home(now),
                Happening::Curtain(now) => {
                    self.go_home(now);
                    self.place.disconnect().await;
                    while let Some((read, event)) = self.place.link.next_event() {
                        if let Event::Said { chat, text } = event {
                            self.receive(read, chat, &text);
                        }
                    }
                    self.place.stage.notes.put(Note::Disconnected);
                    return None;
                }
                // An agent connects before the run.
                Happening::Connected(_) => {}
            }
        }
    }

    fn go_home(&mut self, now: Moment) {
        if !std::mem::replace(&mut self.is_home, true) {
            self.handle(now, AgentEvent::Horizon);
            self.place.stay_behind();
        }
    }

    fn handle(&mut self, now: Moment, event: AgentEvent) {
        let stage = self.place.stage.clone();
        let mut sink = Sink { acts: &mut self.acts, timers: &mut self.place.timers, notes: &stage.notes };
        self.agent.handle(now, event, &stage.scene(), &mut sink);
    }

    async fn tell(&mut self, now: Moment, event: AgentEvent) {
        self.handle(now, event);
        for act in std::mem::take(&mut self.acts) {
            self.perform(now, act).await;
        }
    }

    async fn perform(&mut self, meant: Moment, act: AgentAct) {
        match act {
            AgentAct::Ready | AgentAct::Rest | AgentAct::More | AgentAct::Type { .. } => {}
            AgentAct::Transfer { .. } | AgentAct::Free { .. } => {}
            AgentAct::Say { conversation, words } => {
                let Some(Some(talk)) = self.talks.get_mut(conversation.index()) else { return };
                let (chat, visit, number) = (talk.chat, talk.visit, talk.said);
                talk.said += 1;
                let intended = self.place.pace.real(meant);
                let token = self.place.stage.token(visit, Part::OfAgent(number), intended).encode();
                self.place.stage.notes.put(Note::Sent(visit, Direction::ToVisitor, number, meant));
                let text = text::message(&token, words);
                self.place.act(&Act::Answer { chat, text }).await;
            }
            AgentAct::Close { conversation, closing } => {
                let talk = self.talks.get_mut(conversation.index()).and_then(Option::take);
                let Some(talk) = talk else { return };
                if self.closed.len() == CLOSED_KEPT {
                    self.closed.pop_front();
                }
                self.closed.push_back(talk);
                self.place.act(&Act::Close { chat: talk.chat, closing }).await;
                self.place.stage.notes.put(Note::Over(talk.visit, Direction::ToAgent, true));
            }
        }
    }

    /// False when the connection is gone.
    async fn hear(&mut self, at: Moment, read: RealMoment, event: Event) -> bool {
        match event {
            Event::Given { .. } | Event::Left { .. } if self.is_home => {}
            Event::Given { chat, token, channel } => self.take(at, chat, &token, channel).await,
            Event::Left { chat } => {
                if let Some(conversation) = self.conversation_of(chat) {
                    self.tell(at, AgentEvent::News(AgentNews::Left(conversation))).await;
                }
            }
            Event::Said { chat, text } => {
                if self.receive(read, chat, &text)
                    && !self.is_home
                    && let Some(conversation) = self.conversation_of(chat)
                {
                    self.tell(at, AgentEvent::News(AgentNews::Said(conversation))).await;
                }
            }
            Event::Refused { .. } => self.place.fail(Failure::Refused),
            Event::Gone => {
                self.place.fail(Failure::Disconnected);
                return false;
            }
            Event::Broken { .. } => {
                self.place.fail(Failure::Protocol);
                return false;
            }
            Event::Welcome
            | Event::OnDuty
            | Event::Queued
            | Event::Assigned { .. }
            | Event::Closed { .. } => {}
        }
        true
    }

    async fn take(&mut self, at: Moment, chat: ChatId, token: &str, channel: Channel) {
        if self.conversation_of(chat).is_some() {
            return self.place.fail(Failure::Protocol);
        }
        let Some((visit, draws)) = self.expected(token) else {
            // Nothing is known of what they want, or there is no room for them.
            self.place.fail(Failure::Protocol);
            return self.place.act(&Act::Close { chat, closing: Closing::Unresolved }).await;
        };
        let talk = Some(Talk { chat, visit, said: 0 });
        let free = self.talks.iter().position(Option::is_none).unwrap_or_else(|| {
            self.talks.push(None);
            self.talks.len() - 1
        });
        self.talks[free] = talk;
        let conversation = ConversationId(free as u32);
        self.tell(
            at,
            AgentEvent::News(AgentNews::Given {
                conversation,
                draws,
                visit,
                channel,
                so_far: Progress::NONE,
            }),
        )
        .await;
    }

    /// Who that is, provided that they are of this run, and that there is a slot for them.
    fn expected(&self, token: &str) -> Option<(VisitId, Draws)> {
        let stage = &self.place.stage;
        let token = Token::decode(token)?;
        let slots = stage.plan.desk(self.desk).group(self.agent.group()).concurrency as usize;
        let has_room = self.talks.iter().flatten().count() < slots;
        let is_ours = token.run == stage.run && token.part == Part::Opening;
        let draws = stage.draws(token.visit).filter(|_| is_ours && has_room)?;
        Some((token.visit, draws))
    }

    fn conversation_of(&self, chat: ChatId) -> Option<ConversationId> {
        let place = self.talks.iter().position(|talk| talk.is_some_and(|talk| talk.chat == chat))?;
        Some(ConversationId(place as u32))
    }

    /// Whether that is a message of the visitor of this conversation, which may just be over.
    fn receive(&mut self, read: RealMoment, chat: ChatId, text: &str) -> bool {
        let known = self.talks.iter().flatten().chain(&self.closed).find(|talk| talk.chat == chat);
        let visit = known.map(|talk| talk.visit);
        let ours = |token: &Token| matches!(token.part, Part::OfVisitor(_)) && Some(token.visit) == visit;
        self.place.receive(read, text, ours)
    }

    fn lose_connection(&mut self, at: Moment) {
        self.place.link.drop_connection();
        self.place.stage.notes.put(Note::Disconnected);
        for talk in std::mem::take(&mut self.talks).into_iter().flatten() {
            self.place.stage.notes.put(Note::Over(talk.visit, Direction::ToAgent, false));
        }
        self.go_home(at);
    }
}

/// One who is cut off was on duty until then.
impl Drop for AgentSession {
    fn drop(&mut self) {
        let now = self.place.now();
        self.go_home(now);
    }
}
