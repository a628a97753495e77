//! An agent in a run: the person, and one connection to after the end.

mod hands;

use super::holds::Hold;
use super::ledger::Toward;
use super::notes::Note;
use super::place::{Happening, Loss, Place};
use super::slots::Slots;
use super::stage::Sink;
use super::text;
use crate::base::id::{ConversationId, DeskId, VisitId};
use crate::base::time::{Moment, RealMoment};
use crate::base::words::{AgentAct, AgentNews, Channel, Closing};
use crate::metrics::tally::Direction;
use crate::people::agent::{Agent, AgentEvent};
use crate::wire::token::{Part, Token};
use crate::wire::{Act, ChatId, Duty, Event};
use hands::{Given, Hands, Talk};

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
    hands: Hands,
    /// Of the one seat; `None` of an agent with two.
    slots: Option<Slots>,
}

impl AgentSession {
    /// An agent of `desk` with a seat for each of the duties, connected at `place`.
    pub(super) fn new(agent: Agent, desk: DeskId, duties: Vec<Duty>, place: Place) -> Self {
        let (acts, held) = (Vec::new(), Vec::new());
        let (hands, slots) = (Hands::new(&duties), slots(&duties));
        Self { agent, desk, duties, is_home: false, place, acts, held, hands, slots }
    }

    /// Plays the agent to the end of the run; gives the desk, if the connection was lost before that.
    pub(super) async fn play(mut self) -> Option<DeskId> {
        loop {
            self.take_up_what_waits().await;
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
                    while let Some(left) = self.place.next_left() {
                        match left {
                            Happening::Heard(_, read, Event::Said { chat, text }) => {
                                self.receive(read, chat, &text);
                            }
                            Happening::HeldBack(hold) => self.tell_of_sender(hold),
                            _ => {}
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
                self.hands.talk_of(conversation).map(|talk| Act::Compose { chat: talk.chat })
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

    fn say(&mut self, meant: Moment, conversation: ConversationId, words: u32) -> Option<Act> {
        let talk = self.hands.talk_of(conversation)?;
        let (chat, visit, number) = (talk.chat, talk.visit, talk.said);
        talk.said += 1;
        let intended = self.place.pace.real(meant);
        let token = self.place.stage.token(visit, Part::OfAgent(number), intended).encode();
        self.place.stage.notes.put(Note::Sent(visit, Toward::Visitor, number, meant));
        Some(Act::Answer { chat, text: text::message(&token, words) })
    }

    fn close(&mut self, conversation: ConversationId, closing: Closing, free: bool) -> Option<Act> {
        let talk = self.hands.talk_of(conversation)?;
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
        let talk = self.hands.let_go(conversation)?;
        let (now, was_last) = (self.place.stage.clock.now(), self.hands.are_empty());
        self.slots.iter_mut().for_each(|slots| slots.freed(now, was_last));
        self.place.stage.notes.put(Note::LetGo);
        Some(talk)
    }

    async fn hear(&mut self, at: Moment, read: RealMoment, event: Event) -> Loss {
        match event {
            Event::Given { .. } | Event::Left { .. } if self.is_home => {}
            Event::Given { chat, token, channel, .. } => self.take((at, read), chat, &token, channel).await,
            Event::Left { chat } => self.hear_of_leaving(at, chat).await,
            Event::Typing { .. } if self.is_home => {}
            Event::Typing { chat } => {
                if let Some(conversation) = self.hands.conversation_of(chat) {
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

    async fn hear_of_leaving(&mut self, at: Moment, chat: ChatId) {
        if let Some(conversation) = self.hands.conversation_of(chat) {
            return self.tell(at, AgentEvent::News(AgentNews::Left(conversation))).await;
        }
        if let Some(given) = self.hands.strike(chat) {
            self.place.stage.notes.put(Note::Over(given.talk.visit, Toward::Agent, true));
            return self.place.act(&Act::Free { chat }).await;
        }
        let over = self.hands.let_go_last().find(|talk| talk.chat == chat && !talk.is_over);
        // The visitor left before the transfer came about: nobody else will have the conversation.
        over.into_iter()
            .for_each(|talk| self.place.stage.notes.put(Note::Over(talk.visit, Toward::Agent, true)));
    }

    /// Takes a conversation that was given at that instant, in both times.
    async fn take(&mut self, (at, read): (Moment, RealMoment), chat: ChatId, token: &str, channel: Channel) {
        if self.hands.have(chat) {
            return self.place.object("it gave an agent the same conversation twice");
        }
        let Some(given) = self.expected(chat, token, channel).filter(|_| self.hands.has_list()) else {
            // Nothing is known of what they want, or there is no room for them.
            self.place.object("it gave an agent a conversation of which nothing is known, or far too many");
            let close = Act::Close { chat, closing: Closing::Unresolved, free: true, said: None };
            return self.place.act(&close).await;
        };
        let has_slot = self.hands.has_slot(given.talk.seat);
        let free_since = self.slots.as_mut().filter(|_| has_slot).and_then(Slots::take);
        if let Some(until) = self.place.came_back() {
            // It may have been given to one who was away.
            self.place.stage.notes.put(Note::WasAway(given.talk.visit, Toward::Agent, until));
        }
        self.place.stage.notes.put(Note::Given(given.talk.visit, free_since, read));
        if has_slot {
            return self.begin(at, given).await;
        }
        self.place.stage.notes.put(Note::BeyondSlots);
        self.hands.put_on_list(given);
    }

    /// Begins with a conversation, for which there is a slot.
    async fn begin(&mut self, at: Moment, Given { talk, channel, so_far, draws }: Given) {
        let conversation = self.hands.take(talk);
        self.place.stage.notes.put(Note::Took);
        let news = AgentNews::Given { conversation, draws, visit: talk.visit, channel, so_far };
        self.tell(at, AgentEvent::News(news)).await;
    }

    /// Begins with what was given beyond the slots, where there is one by now.
    async fn take_up_what_waits(&mut self) {
        while !self.is_home
            && !self.place.is_away()
            && let Some(given) = self.hands.next_on_list()
        {
            self.slots.as_mut().and_then(Slots::take);
            let now = self.place.now();
            self.begin(now, given).await;
        }
    }

    /// Who that is, provided that they are of this run.
    fn expected(&self, chat: ChatId, token: &str, channel: Channel) -> Option<Given> {
        let stage = &self.place.stage;
        let token = Token::decode(token).filter(|token| token.run == stage.run)?;
        let Part::Opening(so_far) = token.part else { return None };
        let seat = if channel == Channel::Chat { 0 } else { self.duties.len() - 1 };
        let draws = stage.draws(token.visit)?;
        let (visit, said) = (token.visit, so_far.replies);
        let talk = Talk { chat, visit, seat, said, heard: 0, is_over: false };
        Some(Given { talk, channel, so_far, draws })
    }

    /// Counts a message of the visitor of this conversation, which may just be over. Gives the conversation when that
    /// is news: the next message in it, and not the opening question, of which the agent knows.
    fn receive(&mut self, read: RealMoment, chat: ChatId, text: &str) -> Option<ConversationId> {
        let visit = self.hands.known().find(|talk| talk.chat == chat).map(|talk| talk.visit);
        let ours = |token: &Token| matches!(token.part, Part::OfVisitor(_)) && Some(token.visit) == visit;
        let Part::OfVisitor(number) = self.place.receive(read, text, ours)?.part else { return None };
        let conversation = self.hands.conversation_of(chat)?;
        let talk = self.hands.talk_of(conversation)?;
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
        self.slots = slots(&self.duties);
        if !self.is_home {
            self.tell(at, AgentEvent::Forgotten).await;
        }
    }

    /// Notes that what the agent said was held back, to whomever.
    fn tell_of_sender(&self, hold: Hold) {
        for talk in self.hands.in_slots().chain(self.hands.let_go_last()) {
            self.place.stage.notes.put(Note::HeldBack(talk.visit, Direction::ToVisitor, hold));
        }
    }

    /// Notes something of every conversation in which messages to the agent may be on their way.
    fn tell_of_recipient(&self, note: impl Fn(VisitId) -> Note) {
        self.hands.known().for_each(|talk| self.place.stage.notes.put(note(talk.visit)));
    }

    /// Whatever was in hand is over.
    fn drop_everything(&mut self) {
        let hands = std::mem::replace(&mut self.hands, Hands::new(&self.duties));
        let notes = &self.place.stage.notes;
        hands.in_slots().for_each(|_| notes.put(Note::LetGo));
        for talk in hands.in_slots().chain(hands.on_list()) {
            notes.put(Note::Over(talk.visit, Toward::Agent, false));
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
