//! A visitor in a run: the person, and a connection for as long as they are at a desk.

use std::sync::Arc;

use super::holds::Hold;
use super::ledger::Toward;
use super::link::{Connected, Trouble};
use super::notes::{Note, Whereabouts};
use super::place::{Happening, Loss, Place};
use super::stage::{Curtain, Sink, Stage};
use super::text;
use super::timers::Timers;
use super::voices::Who;
use crate::base::id::{DeskId, PopulationId, TopicId, VisitId};
use crate::base::time::{Moment, RealMoment};
use crate::base::words::{Channel, Closing, Progress, VisitorAct, VisitorNews};
use crate::metrics::tally::Direction;
use crate::net::clock::Pace;
use crate::people::visitor::{Visitor, VisitorEvent};
use crate::wire::token::{Part, Token};
use crate::wire::{Act, Event, Opening};

/// One visitor, from the intended start to the end of the last visit.
pub(super) struct VisitorSession {
    visitor: Visitor,
    place: Place,
    acts: Vec<VisitorAct>,
    whereabouts: Whereabouts,
    /// The desk that was asked last, when that was meant, and for what.
    desk: DeskId,
    asked: (Moment, TopicId, Channel),
    /// Whether the platform has a request for which there is no agent now: the first one, or after a transfer.
    in_line: bool,
    /// Whether an agent passed the conversation on, and nobody has taken it since.
    passed_on: bool,
    /// The visit whose conversation this is or was, and how many messages were sent in it.
    conversation: Option<(VisitId, u32)>,
    /// The last visit that was meant to be a chat, and how many messages of agents were heard in it. Messages of earlier
    /// ones, where a ghost came back, may still be on their way.
    chatted: Option<(VisitId, u32)>,
    /// Whether the conversation ended by the agent's word: then everything sent before it was received before it.
    whole: bool,
    /// What the visitor does once there is a connection, and when it was meant.
    held: Vec<(Moment, VisitorAct)>,
    /// Whether the intended start has come.
    has_come: bool,
    /// Whether this is somebody new, and no guest who came long ago.
    is_new: bool,
}

impl VisitorSession {
    /// Visitor `index` of `population`, not there yet.
    pub(super) fn new(stage: Arc<Stage>, pace: Pace, population: PopulationId, index: u64) -> Self {
        let draws = stage.populations[population.index()].visitor(index);
        let visitor = Visitor::new(&stage.scene(), population, index, draws);
        let desk = stage.plan.desk_of(population).unwrap_or_default();
        let who = if visitor.channel() == Channel::Chat { Who::Visitor } else { Who::Caller };
        let link = stage.link(who);
        let asked = (Moment::ZERO, TopicId::default(), visitor.channel());
        let place = Place::new(stage, pace, draws, link, Timers::default(), Curtain::Falling);
        let (acts, whereabouts) = (Vec::new(), Whereabouts::Away);
        Self {
            visitor,
            place,
            acts,
            whereabouts,
            desk,
            asked,
            in_line: false,
            passed_on: false,
            conversation: None,
            chatted: None,
            whole: false,
            held: Vec::new(),
            has_come: false,
            is_new: true,
        }
    }

    /// The same of a guest of a room, who turns to its venue's desk.
    pub(super) fn turning(stage: Arc<Stage>, pace: Pace, population: PopulationId, index: u64) -> Self {
        let mut session = Self::new(stage, pace, population, index);
        session.is_new = false;
        session
    }

    /// Plays the visitor, who is meant to start at `start`.
    pub(super) async fn play(mut self, start: Moment) {
        if !self.place.connect_ahead(start).await {
            return;
        }
        if !self.place.begin(start).await {
            return self.hang_up().await;
        }
        self.has_come = true;
        if self.is_new {
            self.place.stage.notes.put(Note::Arrived);
        }
        self.tell(start, VisitorEvent::Start).await;
        while !self.visitor.is_gone() {
            match self.place.next().await {
                Happening::Timer(due, timer) => self.tell(due, VisitorEvent::Timer(timer.reason)).await,
                Happening::Heard(at, read, event) => self.hear(at, read, event).await,
                Happening::HeldBack(hold) => self.was_held_back(hold),
                Happening::Connected(connected) => self.settle(connected).await,
                Happening::CameBack { at, resumed } => self.come_back(at, resumed).await,
                Happening::Lost(at) => self.lose_connection(at).await,
                Happening::DoorsClose(now) => self.stand_before_closed_doors(now).await,
                Happening::Curtain(now) => self.tell(now, VisitorEvent::Horizon).await,
            }
        }
    }

    /// The server has let lie what the visitor said.
    fn was_held_back(&self, hold: Hold) {
        if let Some((visit, _)) = self.conversation {
            self.place.stage.notes.put(Note::HeldBack(visit, Direction::ToAgent, hold));
        }
    }

    /// Tells the visitor, and does what the visitor does about it.
    async fn tell(&mut self, now: Moment, event: VisitorEvent) {
        self.handle(now, event);
        if self.visitor.is_ghost() && self.whereabouts != Whereabouts::Away {
            self.move_to(Whereabouts::Away);
        }
        for act in std::mem::take(&mut self.acts) {
            self.perform(now, act).await;
        }
        // A ghost's connection stays: that is what makes it one.
        let is_away = self.whereabouts == Whereabouts::Away && !self.visitor.is_ghost();
        if self.visitor.is_gone() || is_away {
            self.hang_up().await;
        }
    }

    /// Whoever waits is sent away, but those who were promised a call.
    async fn stand_before_closed_doors(&mut self, now: Moment) {
        if self.in_line && !matches!(self.visitor.channel(), Channel::Callback { .. }) {
            self.perform(now, VisitorAct::Leave).await;
            self.tell(now, VisitorEvent::News(VisitorNews::Refused)).await;
        }
    }

    fn handle(&mut self, now: Moment, event: VisitorEvent) {
        let stage = self.place.stage.clone();
        let mut sink = Sink { acts: &mut self.acts, timers: &mut self.place.timers, notes: &stage.notes };
        self.visitor.handle(now, event, &stage.scene(), &mut sink);
    }

    /// Does one thing that the visitor meant to do at `meant`, or holds it back until there is a connection: the
    /// visitor's time goes on meanwhile.
    async fn perform(&mut self, meant: Moment, act: VisitorAct) {
        match act {
            VisitorAct::Open { desk, topic, channel } => {
                self.move_to(Whereabouts::Waiting);
                (self.desk, self.in_line) = (desk, true);
                self.asked = (meant, topic, channel);
                if !self.place.is_connecting() && !self.place.link.is_up() {
                    self.place.connect(meant);
                }
            }
            VisitorAct::Leave => {
                self.move_to(Whereabouts::Away);
                self.in_line = false;
                self.place.give_up_connecting();
                self.held.clear();
            }
            VisitorAct::TakeCallback { topic } => self.asked = (meant, topic, self.visitor.channel()),
            VisitorAct::Type | VisitorAct::Say { .. } => {}
        }
        if self.place.is_connecting() {
            self.held.push((meant, act));
        } else {
            self.carry_out(meant, act).await;
        }
    }

    /// Does one thing over the connection that there is.
    async fn carry_out(&mut self, meant: Moment, act: VisitorAct) {
        match act {
            VisitorAct::Open { channel, .. } => {
                self.begin_conversation(channel);
                self.ask().await;
            }
            VisitorAct::TakeCallback { topic } => {
                let subject = self.place.stage.subject(self.desk, topic);
                self.asks(self.visitor.visit());
                self.place.act(&Act::TakeCallback(subject)).await;
            }
            VisitorAct::Type => self.place.act(&Act::Type).await,
            VisitorAct::Say { words } => self.say(meant, words).await,
            VisitorAct::Leave => self.place.act(&Act::Leave).await,
        }
    }

    fn begin_conversation(&mut self, channel: Channel) {
        self.end_conversation();
        self.whole = false;
        if channel == Channel::Chat {
            let visit = self.visitor.visit();
            self.conversation = Some((visit, 0));
            self.chatted = Some((visit, 0));
        }
    }

    /// Tells the platform what the visitor wants, for the first time or once more.
    async fn ask(&mut self) {
        let (meant, topic, channel) = self.asked;
        let (stage, visit) = (&self.place.stage, self.visitor.visit());
        let intended = self.place.pace.real(meant);
        let token = stage.token(visit, Part::Opening(Progress::NONE), intended).encode();
        let subject = stage.subject(self.desk, topic);
        let opening = Opening { desk: stage.plan.desk(self.desk).name.clone(), subject, channel, token };
        self.asks(visit);
        self.place.act(&Act::Open(opening)).await;
    }

    fn asks(&self, visit: VisitId) {
        let stage = &self.place.stage;
        stage.notes.put(Note::Asks(visit, stage.clock.now()));
    }

    /// Connecting came to this: now is done what was held back, or the visitor stands before a closed door.
    async fn settle(&mut self, connected: Result<Connected, Trouble>) {
        match self.place.count(connected) {
            Ok(()) => self.do_what_was_held().await,
            Err(failure) => {
                self.stand_back();
                // For want of a socket of our own nobody was turned away.
                let event = failure.map_or(VisitorEvent::Lost, |_| VisitorEvent::News(VisitorNews::Refused));
                let now = self.place.now();
                self.tell(now, event).await;
            }
        }
    }

    async fn do_what_was_held(&mut self) {
        for (meant, act) in std::mem::take(&mut self.held) {
            self.carry_out(meant, act).await;
        }
    }

    /// There is a connection again. Where the platform knows the visitor no more, one who waited asks anew, and a conversation is
    /// over.
    async fn come_back(&mut self, at: Moment, resumed: bool) {
        if !resumed && self.whereabouts != Whereabouts::Waiting {
            return self.lose_connection(at).await;
        }
        if let Some((visit, _)) = self.conversation {
            self.place.stage.notes.put(Note::Back(visit, Toward::Visitor));
        }
        if resumed {
            self.do_what_was_held().await;
        } else {
            self.held.clear();
            self.ask().await;
        }
    }

    /// Whatever the visitor was in the middle of is over.
    async fn lose_connection(&mut self, at: Moment) {
        self.stand_back();
        self.tell(at, VisitorEvent::Lost).await;
    }

    async fn say(&mut self, meant: Moment, words: u32) {
        let Some((visit, said)) = &mut self.conversation else { return };
        let (visit, number) = (*visit, *said);
        *said += 1;
        let token =
            self.place.stage.token(visit, Part::OfVisitor(number), self.place.pace.real(meant)).encode();
        self.place.stage.notes.put(Note::Sent(visit, Toward::Agent, number, meant));
        self.place.act(&Act::Say { text: text::message(&token, words) }).await;
    }

    async fn hear(&mut self, at: Moment, read: RealMoment, event: Event) {
        let news = match event {
            Event::Queued { waiting } => VisitorNews::Queued { waiting },
            Event::Transferred { .. } => {
                (self.in_line, self.passed_on) = (true, true);
                VisitorNews::Transferred
            }
            Event::Typing { .. } => VisitorNews::Typing,
            Event::Assigned { .. } => {
                (self.in_line, self.passed_on) = (false, false);
                if self.whereabouts == Whereabouts::Waiting {
                    self.move_to(Whereabouts::InChat);
                }
                VisitorNews::Assigned
            }
            Event::Throttled { .. } | Event::Failed { .. } => {
                self.place.suffer(&event);
                return;
            }
            Event::Refused { .. } => {
                self.place.suffer(&event);
                self.stand_back();
                VisitorNews::Refused
            }
            Event::Said { text, .. } => {
                if !self.receive(read, &text) {
                    return;
                }
                VisitorNews::Said
            }
            Event::Closed { closing, .. } => {
                self.whole = self.whereabouts == Whereabouts::InChat || self.visitor.is_ghost();
                self.stand_back();
                VisitorNews::Closed(self.believed(closing))
            }
            Event::Gone(_) | Event::Broken { .. } => {
                if self.place.suffer(&event) == Loss::ForNow {
                    if let Some((visit, _)) = self.conversation {
                        self.place.stage.notes.put(Note::Away(visit, Toward::Visitor));
                    }
                    return;
                }
                return self.lose_connection(at).await;
            }
            // What the codec lets nobody tell a visitor.
            _ => return,
        };
        self.tell(at, VisitorEvent::News(news)).await;
    }

    /// Only a callback can reach nobody; who chats, or holds the line, was left without an answer.
    fn believed(&mut self, closing: Closing) -> Closing {
        match (closing, self.visitor.channel()) {
            (Closing::Unreached, Channel::Chat | Channel::Call) => {
                self.place.object("it said that a visitor who waits could not be reached");
                Closing::Unresolved
            }
            _ => closing,
        }
    }

    /// Whether that is the agent's next message in this visitor's conversation.
    fn receive(&mut self, read: RealMoment, text: &str) -> bool {
        let Some((present, heard)) = self.chatted else {
            let _ = self.place.receive(read, text, |_| false);
            return false;
        };
        let ours = |token: &Token| {
            let of_visitor = VisitId { attempt: token.visit.attempt.min(present.attempt), ..present };
            matches!(token.part, Part::OfAgent(_)) && token.visit == of_visitor
        };
        match self.place.receive(read, text, ours) {
            Some(Token { visit, part: Part::OfAgent(number), .. }) if visit == present && number >= heard => {
                self.chatted = Some((present, number + 1));
                true
            }
            _ => false,
        }
    }

    /// The platform has no request of this visitor any more.
    fn stand_back(&mut self) {
        self.in_line = false;
        self.move_to(Whereabouts::Away);
    }

    fn move_to(&mut self, there: Whereabouts) {
        self.place.stage.notes.put(Note::Moved(self.whereabouts, there));
        self.whereabouts = there;
    }

    /// Nothing more is said in this conversation.
    fn end_conversation(&mut self) {
        if let Some((visit, _)) = self.conversation.take() {
            self.place.stage.notes.put(Note::Over(visit, Toward::Visitor, self.whole));
            if std::mem::take(&mut self.passed_on) {
                self.place.stage.notes.put(Note::Over(visit, Toward::Agent, false));
            }
        }
    }

    /// Nobody is at the desk any more: the connection goes, and what was on its way to it is still received.
    async fn hang_up(&mut self) {
        if self.whereabouts != Whereabouts::Away {
            self.move_to(Whereabouts::Away);
        }
        self.place.stop_connecting();
        self.held.clear();
        if self.place.link.is_up() {
            self.place.disconnect().await;
            while let Some(left) = self.place.next_left() {
                match left {
                    Happening::Heard(_, read, Event::Said { text, .. }) => {
                        self.receive(read, &text);
                    }
                    Happening::HeldBack(hold) => self.was_held_back(hold),
                    _ => {}
                }
            }
            self.place.stage.notes.put(Note::Disconnected);
        }
        self.end_conversation();
    }
}

/// One who is cut off has an ending too.
impl Drop for VisitorSession {
    fn drop(&mut self) {
        if !self.has_come {
            return;
        }
        if !self.visitor.is_gone() {
            let now = self.place.now();
            self.handle(now, VisitorEvent::Horizon);
            self.move_to(Whereabouts::Away);
        }
        if self.is_new {
            self.place.stage.notes.put(Note::Done);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::stage::tests::stage;
    use super::*;
    use crate::base::words::{Ending, Observation};

    #[tokio::test]
    async fn one_who_is_cut_off_is_unfinished() {
        // It takes connections, and answers nobody.
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (stage, mut notes, _curtain) = stage(&format!("ws://{}", listener.local_addr().unwrap()));
        let session = VisitorSession::new(stage, Pace::new(RealMoment::ZERO, 60.0), PopulationId(0), 0);
        let playing = tokio::spawn(session.play(Moment::ZERO));
        while !matches!(notes.recv().await, Some(Note::Arrived)) {}
        playing.abort();
        assert!(playing.await.unwrap_err().is_cancelled());
        let mut endings = Vec::new();
        loop {
            match notes.recv().await {
                Some(Note::Observed(Observation::Visit(outcome))) => endings.push(outcome.ending),
                Some(Note::Done) => break,
                Some(_) => {}
                None => panic!("nobody is done"),
            }
        }
        assert_eq!(endings, [Ending::Unfinished]);
    }
}
