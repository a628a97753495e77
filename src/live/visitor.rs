//! A visitor in a run: the person, and a connection for as long as they are at a desk.

use std::sync::Arc;

use super::link::Trouble;
use super::notes::{Note, Whereabouts};
use super::stage::{Curtain, Happening, Place, Sink, Stage, fallen};
use super::text;
use super::timers::Timers;
use crate::base::id::{DeskId, VisitId};
use crate::base::time::{Moment, RealMoment, RealSpan};
use crate::base::words::{Channel, VisitorAct, VisitorNews};
use crate::metrics::tally::{Direction, Failure};
use crate::net::clock::Pace;
use crate::people::visitor::{Visitor, VisitorEvent};
use crate::wire::json::frame::Role;
use crate::wire::token::Part;
use crate::wire::{Act, Event, Opening};

/// How long before the intended start the connection is opened: as a page does, which is there before its visitor asks for
/// anything. What connecting takes beyond that counts as waiting, and all of it is in `connect`'s figures.
pub(super) const CONNECT_AHEAD: RealSpan = RealSpan::from_nanos(10_000_000);

/// One visitor, from the intended start to the end of the last visit.
pub(super) struct VisitorSession {
    visitor: Visitor,
    place: Place,
    acts: Vec<VisitorAct>,
    whereabouts: Whereabouts,
    /// The visit whose conversation this is or was, and how many messages were sent in it.
    conversation: Option<(VisitId, u32)>,
    /// Whether the conversation ended by the agent's word: then everything sent before it was received before it.
    whole: bool,
    /// What will happen at the start for want of a connection.
    foreseen: Option<VisitorEvent>,
}

/// `span` before `instant`.
pub(super) fn before(instant: RealMoment, span: RealSpan) -> RealMoment {
    RealMoment::from_nanos(instant.nanos().saturating_sub(span.nanos()))
}

impl VisitorSession {
    /// Visitor `index` of `population`, not there yet.
    pub(super) fn new(stage: Arc<Stage>, pace: Pace, population: DeskId, index: u64) -> Self {
        let draws = stage.populations[population.index()].visitor(index);
        let visitor = Visitor::new(&stage.scene(), population, index, draws);
        let link = stage.link(Role::Visitor);
        let place = Place::new(stage, pace, link, Timers::default(), Curtain::Falling);
        let (acts, whereabouts) = (Vec::new(), Whereabouts::Away);
        Self { visitor, place, acts, whereabouts, conversation: None, whole: false, foreseen: None }
    }

    /// Plays the visitor, who is meant to start at `start`.
    pub(super) async fn play(mut self, start: Moment) {
        let page_opens = before(self.place.pace.real(start), CONNECT_AHEAD);
        if !self.place.sleep_until(page_opens).await {
            return;
        }
        self.foreseen = self.connect(start).await.err();
        if !self.place.begin(start).await {
            return self.hang_up().await;
        }
        self.place.stage.notes.put(Note::Arrived);
        self.tell(start, VisitorEvent::Start).await;
        while !self.visitor.is_gone() {
            match self.place.next().await {
                Happening::Timer(due, timer) => self.tell(due, VisitorEvent::Timer(timer.reason)).await,
                Happening::Heard(at, read, event) => self.hear(at, read, event).await,
                Happening::Curtain(now) => self.tell(now, VisitorEvent::Horizon).await,
            }
        }
        self.place.stage.notes.put(Note::Done);
    }

    /// Tells the visitor, and does what the visitor does about it.
    async fn tell(&mut self, now: Moment, event: VisitorEvent) {
        let mut next = Some((now, event));
        while let Some((now, event)) = next.take() {
            let stage = self.place.stage.clone();
            let mut sink = Sink { acts: &mut self.acts, timers: &mut self.place.timers, notes: &stage.notes };
            self.visitor.handle(now, event, &stage.scene(), &mut sink);
            for act in std::mem::take(&mut self.acts) {
                if let Err(event) = self.perform(now, act).await {
                    next = Some((self.place.now(), event));
                    break;
                }
            }
        }
        if self.visitor.is_gone() || self.whereabouts == Whereabouts::Away {
            self.hang_up().await;
        }
    }

    /// Does one thing that the visitor meant to do at `meant`; an error is what happens to the visitor for it.
    async fn perform(&mut self, meant: Moment, act: VisitorAct) -> Result<(), VisitorEvent> {
        match act {
            VisitorAct::Open { desk, topic, channel } => {
                self.connect(meant).await?;
                let visit = self.visitor.visit();
                self.end_conversation();
                self.whole = false;
                self.move_to(Whereabouts::Waiting);
                let intended = self.place.pace.real(meant);
                let token = self.place.stage.token(visit, Part::Opening, intended).encode();
                let plan = self.place.stage.plan.desk(desk);
                let topic = plan.topic(topic);
                let opening = Opening {
                    desk: plan.name.clone(),
                    topic: topic.name.clone().unwrap_or_default(),
                    skills: topic.skills.clone(),
                    channel,
                    token,
                };
                if channel == Channel::Chat {
                    self.conversation = Some((visit, 0));
                }
                self.place.link.act(&Act::Open(opening)).await;
            }
            VisitorAct::TakeCallback => self.place.link.act(&Act::TakeCallback).await,
            VisitorAct::Say { words } => self.say(meant, words).await,
            VisitorAct::Leave => {
                self.move_to(Whereabouts::Away);
                self.place.link.act(&Act::Leave).await;
            }
        }
        Ok(())
    }

    async fn connect(&mut self, meant: Moment) -> Result<(), VisitorEvent> {
        if let Some(event) = self.foreseen.take() {
            return Err(event);
        }
        if self.place.link.is_up() {
            return Ok(());
        }
        let mut curtain = self.place.stage.curtain.clone();
        let connected = tokio::select! {
            connected = self.place.link.connect() => Some(connected),
            () = fallen(&mut curtain, Curtain::Falling) => None,
        };
        self.place.was_kept();
        let notes = &self.place.stage.notes;
        match connected {
            Some(Ok(connected)) => {
                notes.put(Note::Connected(meant, connected));
                Ok(())
            }
            Some(Err(trouble)) => {
                notes.put(Note::NotConnected(meant, Trouble::failure(&trouble)));
                Err(VisitorEvent::Lost)
            }
            None => {
                self.place.link.drop_connection();
                Err(VisitorEvent::Horizon)
            }
        }
    }

    async fn say(&mut self, meant: Moment, words: u32) {
        let Some((visit, said)) = &mut self.conversation else { return };
        let (visit, number) = (*visit, *said);
        *said += 1;
        let token =
            self.place.stage.token(visit, Part::OfVisitor(number), self.place.pace.real(meant)).encode();
        self.place.stage.notes.put(Note::Sent(visit, Direction::ToAgent, number, meant));
        self.place.link.act(&Act::Say { text: text::message(&token, words) }).await;
    }

    async fn hear(&mut self, at: Moment, read: RealMoment, event: Event) {
        let news = match event {
            Event::Queued => VisitorNews::Queued,
            Event::Assigned { .. } => {
                if self.whereabouts == Whereabouts::Waiting {
                    self.move_to(Whereabouts::InChat);
                }
                VisitorNews::Assigned
            }
            Event::Refused { .. } => {
                self.place.stage.notes.put(Note::Failed(at, Failure::Refused));
                self.move_to(Whereabouts::Away);
                VisitorNews::Refused
            }
            Event::Said { text, .. } => {
                self.receive(read, &text);
                VisitorNews::Said
            }
            Event::Closed { closing, .. } => {
                self.whole = self.whereabouts == Whereabouts::InChat;
                self.move_to(Whereabouts::Away);
                VisitorNews::Closed(closing)
            }
            Event::Gone | Event::Broken { .. } => {
                let gone = event == Event::Gone;
                let failure = if gone { Failure::Disconnected } else { Failure::Protocol };
                self.place.stage.notes.put(Note::Failed(at, failure));
                self.place.stage.notes.put(Note::Disconnected);
                self.place.link.drop_connection();
                self.move_to(Whereabouts::Away);
                return self.tell(at, VisitorEvent::Lost).await;
            }
            Event::Welcome | Event::OnDuty | Event::Given { .. } | Event::Left { .. } => return,
        };
        self.tell(at, VisitorEvent::News(news)).await;
    }

    fn receive(&self, read: RealMoment, text: &str) {
        if let Some(token) = self.place.stage.token_of(text) {
            self.place.stage.notes.put(Note::Received(token, read));
        }
    }

    fn move_to(&mut self, there: Whereabouts) {
        self.place.stage.notes.put(Note::Moved(self.whereabouts, there));
        self.whereabouts = there;
    }

    /// Nothing more is said in this conversation.
    fn end_conversation(&mut self) {
        if let Some((visit, _)) = self.conversation.take() {
            self.place.stage.notes.put(Note::Over(visit, Direction::ToVisitor, self.whole));
        }
    }

    /// Nobody is at the desk any more: the connection goes, and what was on its way to it is still received.
    async fn hang_up(&mut self) {
        if self.whereabouts != Whereabouts::Away {
            self.move_to(Whereabouts::Away);
        }
        if self.place.link.is_up() {
            self.place.link.disconnect().await;
            self.place.was_kept();
            while let Some((read, event)) = self.place.link.next_event() {
                if let Event::Said { text, .. } = event {
                    self.receive(read, &text);
                }
            }
            self.place.stage.notes.put(Note::Disconnected);
        }
        self.end_conversation();
    }
}
