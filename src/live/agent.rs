//! An agent in a run: the person, and one connection to after the end.

use std::collections::VecDeque;

use super::holds::Hold;
use super::ledger::Toward;
use super::notes::Note;
use super::place::{Happening, Loss, Place};
use super::slots::Slots;
use super::stage::Sink;
use super::text;
use crate::base::draw::Draws;
use crate::base::id::{ConversationId, DeskId, VisitId};
use crate::base::time::{Moment, RealMoment};
use crate::base::words::{AgentAct, AgentNews, Channel, Closing, Progress};
use crate::metrics::tally::{Direction, Failure};
use crate::people::agent::{Agent, AgentEvent};
use crate::wire::token::{Part, Token};
use crate::wire::{Act, ChatId, Duty, Event};

/// How many conversations an agent remembers after their end. What crosses with an end comes soon after it.
const CLOSED_KEPT: usize = 64;

/// A conversation in hand.
#[derive(Clone, Copy, Debug)]
struct Talk {
    chat: ChatId,
    visit: VisitId,
    /// At which of the agent's seats.
    seat: usize,
    /// Messages sent, by earlier agents too.
    said: u32,
    /// One more than the number of the visitor's last message.
    heard: u32,
    /// Closed, its slot still taken.
    is_over: bool,
}

/// One agent on duty.
pub(super) struct AgentSession {
    agent: Agent,
    desk: DeskId,
    duties: Vec<Duty>,
    /// The run is over for the agent, who only receives what is still on its way.
    is_home: bool,
    place: Place,
    acts: Vec<AgentAct>,
    /// What the agent does once the connection is back, and when it was meant.
    held: Vec<(Moment, AgentAct)>,
    /// By [`ConversationId`].
    talks: Vec<Option<Talk>>,
    /// The last that were closed or passed on: a message may cross with that.
    closed: VecDeque<Talk>,
    /// Of the one seat; `None` of an agent with two.
    slots: Option<Slots>,
}

impl AgentSession {
    /// An agent of `desk` with a seat for each of the duties, connected at `place`.
    pub(super) fn new(agent: Agent, desk: DeskId, duties: Vec<Duty>, place: Place) -> Self {
        let (acts, held, talks, closed) = (Vec::new(), Vec::new(), Vec::new(), VecDeque::new());
        let slots = slots(&duties);
        Self { agent, desk, duties, is_home: false, place, acts, held, talks, closed, slots }
    }

    /// Plays the agent to the end of the run; gives the desk, if the connection was lost before that.
    pub(super) async fn play(mut self) -> Option<DeskId> {
        loop {
            match self.place.next().await {
                Happening::Timer(due, timer) => {
                    let event = timer.conversation.map_or(AgentEvent::Own(timer.reason), |conversation| {
                        AgentEvent::Timer(conversation, timer.reason)
                    });
                    self.tell(due, event).await;
                }
                Happening::Heard(at, read, event) => match self.hear(at, read, event).await {
                    Loss::Nothing => {}
                    Loss::ForNow => self.go_away(),
                    Loss::ForGood => return self.lose_connection(at),
                },
                Happening::HeldBack(hold) => self.tell_of_sender(hold),
                Happening::CameBack { at, resumed } => self.come_back(at, resumed).await,
                Happening::Lost(at) => return self.lose_connection(at),
                // Those who hang up from here on do so because the run is over.
                Happening::Curtain(now) if !self.is_home && !self.place.is_down() => self.go_home(now),
                Happening::Curtain(now) => {
                    self.go_home(now);
                    if !self.place.link.is_up() {
                        return None;
                    }
                    self.place.disconnect().await;
                    while let Some((read, event)) = self.place.link.next_event() {
                        if let Event::Said { chat, text } = event {
                            self.receive(read, chat, &text);
                        }
                    }
                    self.place.stage.notes.put(Note::Disconnected);
                    return None;
                }
                // An agent connects before the run, and goes by the shift.
                Happening::Connected(_) | Happening::DoorsClose(_) => {}
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
        let acts = std::mem::take(&mut self.acts);
        self.held.extend(acts.into_iter().map(|act| (now, act)));
        if !self.place.is_away() {
            self.do_what_was_held().await;
        }
    }

    async fn do_what_was_held(&mut self) {
        let held = std::mem::take(&mut self.held);
        for (place, (meant, act)) in held.iter().enumerate() {
            let frees = matches!(*act, AgentAct::Close { conversation, .. }
                if held[place..].contains(&(*meant, AgentAct::Free { conversation })));
            self.perform(*meant, *act, frees).await;
        }
    }

    /// Does one thing. `frees`: a conversation that is closed has its slot freed at once.
    async fn perform(&mut self, meant: Moment, act: AgentAct, frees: bool) {
        let act = match act {
            AgentAct::Ready => {
                self.may_be_given();
                for duty in self.duties.clone() {
                    self.place.act(&Act::Ready(duty)).await;
                }
                return;
            }
            AgentAct::Rest => Some(Act::Rest),
            AgentAct::More => {
                self.may_be_given();
                Some(Act::More)
            }
            AgentAct::Type { conversation } => {
                self.talk_of(conversation).map(|talk| Act::Compose { chat: talk.chat })
            }
            AgentAct::Say { conversation, words } => self.say(meant, conversation, words),
            AgentAct::Transfer { conversation, topic, so_far } => self.let_go(conversation).map(|talk| {
                let intended = self.place.pace.real(meant);
                let stage = &self.place.stage;
                let token = stage.token(talk.visit, Part::Opening(so_far), intended).encode();
                stage.notes.put(Note::Asks(talk.visit, stage.clock.now()));
                Act::Transfer { chat: talk.chat, subject: stage.subject(self.desk, topic), token }
            }),
            AgentAct::Close { conversation, closing } => self.close(conversation, closing, frees),
            AgentAct::Free { conversation } => {
                self.let_go(conversation).map(|talk| Act::Free { chat: talk.chat })
            }
        };
        if let Some(act) = act {
            self.place.act(&act).await;
        }
    }

    /// The platform is about to be told that the agent takes a conversation.
    fn may_be_given(&mut self) {
        let now = self.place.stage.clock.now();
        self.slots.iter_mut().for_each(|slots| slots.ready(now));
    }

    fn talk_of(&mut self, conversation: ConversationId) -> Option<&mut Talk> {
        self.talks.get_mut(conversation.index())?.as_mut()
    }

    fn say(&mut self, meant: Moment, conversation: ConversationId, words: u32) -> Option<Act> {
        let talk = self.talk_of(conversation)?;
        let (chat, visit, number) = (talk.chat, talk.visit, talk.said);
        talk.said += 1;
        let intended = self.place.pace.real(meant);
        let token = self.place.stage.token(visit, Part::OfAgent(number), intended).encode();
        self.place.stage.notes.put(Note::Sent(visit, Toward::Visitor, number, meant));
        Some(Act::Answer { chat, text: text::message(&token, words) })
    }

    fn close(&mut self, conversation: ConversationId, closing: Closing, free: bool) -> Option<Act> {
        let talk = self.talk_of(conversation)?;
        talk.is_over = true;
        let (chat, visit) = (talk.chat, talk.visit);
        self.place.stage.notes.put(Note::Over(visit, Toward::Agent, true));
        if free {
            self.let_go(conversation);
        }
        Some(Act::Close { chat, closing, free, said: None })
    }

    /// The slot of a conversation is free again; what crosses with that is still known for a while.
    fn let_go(&mut self, conversation: ConversationId) -> Option<Talk> {
        let talk = self.talks.get_mut(conversation.index()).and_then(Option::take)?;
        if self.closed.len() == CLOSED_KEPT {
            self.closed.pop_front();
        }
        self.closed.push_back(talk);
        let (now, was_last) = (self.place.stage.clock.now(), self.talks.iter().all(Option::is_none));
        self.slots.iter_mut().for_each(|slots| slots.freed(now, was_last));
        self.place.stage.notes.put(Note::LetGo);
        Some(talk)
    }

    async fn hear(&mut self, at: Moment, read: RealMoment, event: Event) -> Loss {
        match event {
            Event::Given { .. } | Event::Left { .. } if self.is_home => {}
            Event::Given { chat, token, channel, .. } => self.take((at, read), chat, &token, channel).await,
            Event::Left { chat } => {
                if let Some(conversation) = self.conversation_of(chat) {
                    self.tell(at, AgentEvent::News(AgentNews::Left(conversation))).await;
                } else if let Some(talk) = self.closed.iter().find(|talk| talk.chat == chat && !talk.is_over)
                {
                    // The visitor left before the transfer came about: nobody else will have the conversation.
                    self.place.stage.notes.put(Note::Over(talk.visit, Toward::Agent, true));
                }
            }
            Event::Typing { .. } if self.is_home => {}
            Event::Typing { chat } => {
                if let Some(conversation) = self.conversation_of(chat) {
                    self.tell(at, AgentEvent::News(AgentNews::Typing(conversation))).await;
                }
            }
            Event::Said { chat, text } => {
                if let Some(conversation) = self.receive(read, chat, &text)
                    && !self.is_home
                {
                    self.tell(at, AgentEvent::News(AgentNews::Said(conversation))).await;
                }
            }
            // Among the rest is what the codec lets nobody tell an agent.
            other => return self.place.suffer(&other),
        }
        Loss::Nothing
    }

    /// Takes a conversation that was given at that instant, in both times.
    async fn take(&mut self, (at, read): (Moment, RealMoment), chat: ChatId, token: &str, channel: Channel) {
        if self.conversation_of(chat).is_some() {
            return self.place.fail(Failure::Protocol);
        }
        let Some((talk, so_far, draws)) = self.expected(chat, token, channel) else {
            // Nothing is known of what they want, or there is no room for them.
            self.place.fail(Failure::Protocol);
            let close = Act::Close { chat, closing: Closing::Unresolved, free: true, said: None };
            return self.place.act(&close).await;
        };
        let free = self.talks.iter().position(Option::is_none).unwrap_or_else(|| {
            self.talks.push(None);
            self.talks.len() - 1
        });
        self.talks[free] = Some(talk);
        let free_since = self.slots.as_mut().and_then(Slots::take);
        if let Some(until) = self.place.came_back() {
            // It may have been given to one who was away.
            self.place.stage.notes.put(Note::WasAway(talk.visit, Toward::Agent, until));
        }
        self.place.stage.notes.put(Note::Given(talk.visit, free_since, read));
        self.place.stage.notes.put(Note::Took);
        let (conversation, visit) = (ConversationId(free as u32), talk.visit);
        let news = AgentNews::Given { conversation, draws, visit, channel, so_far };
        self.tell(at, AgentEvent::News(news)).await;
    }

    /// Who that is, provided that they are of this run, and that there is a slot for them at that seat.
    fn expected(&self, chat: ChatId, token: &str, channel: Channel) -> Option<(Talk, Progress, Draws)> {
        let stage = &self.place.stage;
        let token = Token::decode(token)?;
        let Part::Opening(so_far) = token.part else { return None };
        let seat = if channel == Channel::Chat { 0 } else { self.duties.len() - 1 };
        let taken = self.talks.iter().flatten().filter(|talk| talk.seat == seat).count();
        let has_room = taken < self.duties[seat].slots as usize;
        let draws = stage.draws(token.visit).filter(|_| token.run == stage.run && has_room)?;
        let (visit, said) = (token.visit, so_far.replies);
        Some((Talk { chat, visit, seat, said, heard: 0, is_over: false }, so_far, draws))
    }

    fn conversation_of(&self, chat: ChatId) -> Option<ConversationId> {
        let place = self.talks.iter().position(|talk| talk.is_some_and(|talk| talk.chat == chat))?;
        Some(ConversationId(place as u32))
    }

    /// Counts a message of the visitor of this conversation, which may just be over. Gives the conversation when that
    /// is news: the next message in it, and not the opening question, of which the agent knows.
    fn receive(&mut self, read: RealMoment, chat: ChatId, text: &str) -> Option<ConversationId> {
        let known = self.talks.iter().flatten().chain(&self.closed).find(|talk| talk.chat == chat);
        let visit = known.map(|talk| talk.visit);
        let ours = |token: &Token| matches!(token.part, Part::OfVisitor(_)) && Some(token.visit) == visit;
        let Part::OfVisitor(number) = self.place.receive(read, text, ours)?.part else { return None };
        let conversation = self.conversation_of(chat)?;
        let talk = self.talk_of(conversation)?;
        let is_next = number >= talk.heard.max(1);
        talk.heard = talk.heard.max(number + 1);
        is_next.then_some(conversation)
    }

    /// The connection broke, and is tried again.
    fn go_away(&mut self) {
        self.tell_of_recipient(|visit| Note::Away(visit, Toward::Agent));
    }

    /// There is a connection again. Where the platform knows the agent no more, the shift begins anew, with empty hands.
    async fn come_back(&mut self, at: Moment, resumed: bool) {
        if resumed {
            self.tell_of_recipient(|visit| Note::Back(visit, Toward::Agent));
            self.may_be_given();
            return self.do_what_was_held().await;
        }
        self.held.clear();
        self.drop_everything();
        self.closed.clear();
        self.slots = slots(&self.duties);
        if !self.is_home {
            self.tell(at, AgentEvent::Forgotten).await;
        }
    }

    /// Notes that what the agent said was held back, to whomever.
    fn tell_of_sender(&self, hold: Hold) {
        for talk in self.talks.iter().flatten().chain(&self.closed) {
            self.place.stage.notes.put(Note::HeldBack(talk.visit, Direction::ToVisitor, hold));
        }
    }

    /// Notes something of every conversation in which messages to the agent may be on their way.
    fn tell_of_recipient(&self, note: impl Fn(VisitId) -> Note) {
        let talks = self.talks.iter().flatten().chain(&self.closed);
        talks.for_each(|talk| self.place.stage.notes.put(note(talk.visit)));
    }

    /// Whatever was in hand is over.
    fn drop_everything(&mut self) {
        for talk in std::mem::take(&mut self.talks).into_iter().flatten() {
            self.place.stage.notes.put(Note::LetGo);
            self.place.stage.notes.put(Note::Over(talk.visit, Toward::Agent, false));
        }
    }

    /// The connection is lost for good; gives the desk, if that was before the end.
    fn lose_connection(&mut self, at: Moment) -> Option<DeskId> {
        let was_on_duty = !self.is_home;
        self.drop_everything();
        self.go_home(at);
        was_on_duty.then_some(self.desk)
    }
}

/// The slots of one with these duties, all free; `None` of one with two seats.
fn slots(duties: &[Duty]) -> Option<Slots> {
    match duties {
        [duty] => Some(Slots::new(duty.slots, duty.paced)),
        _ => None,
    }
}

/// One who is cut off was on duty until then.
impl Drop for AgentSession {
    fn drop(&mut self) {
        let now = self.place.now();
        self.go_home(now);
    }
}
