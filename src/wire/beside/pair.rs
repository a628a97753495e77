//! A messenger, and the desk beside it where there is one: connected one after the other, broken together.

use std::collections::VecDeque;

use super::super::json::client::Client;
use super::super::messenger::{self, Messenger};
use super::super::{Act, Codec, Event, Input, Output, Transport};
use super::phone::{of_desk, to_desk};
use crate::base::time::RealMoment;

/// The transport to the desk; those before it are the messenger's.
pub const DESK: Transport = Transport(7);

/// What is kept at the most of what a messenger tells before the desk has answered.
const EARLY: usize = 64;

/// How far connecting has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Down,
    /// The messenger logs in.
    LoggingIn,
    /// The desk is greeted.
    Greeting,
    Up,
}

/// What one of the two says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Heard {
    /// The messenger; not whether the connection is up.
    Talk(messenger::Event),
    /// The desk; or either of the two, where it is about the connection.
    Desk(Event),
}

/// Somebody who has a pair, and is with it a codec of everything that such people do.
pub(super) trait Side: std::fmt::Debug {
    /// What they have.
    fn pair(&mut self) -> &mut Pair;
    /// They do something.
    fn act(&mut self, now: RealMoment, act: &Act, out: &mut Vec<Output>);
    /// One of the two says something.
    fn hear(&mut self, now: RealMoment, heard: Heard, out: &mut Vec<Output>);
    /// Everything was heard that there was.
    fn settle(&mut self, _now: RealMoment, _out: &mut Vec<Output>) {}
    /// When [`Self::settle`] has something to do.
    fn next_deadline(&self) -> Option<RealMoment>;
}

impl<S: Side> Codec for S {
    type Act = Act;
    type Event = Event;

    fn handle(&mut self, now: RealMoment, input: Input<'_>, out: &mut Vec<Output>) {
        match input {
            Input::Act(act) => self.act(now, act, out),
            input => self.pair().take_in(now, input, out),
        }
        while let Some(heard) = self.pair().next() {
            self.hear(now, heard, out);
        }
        self.settle(now, out);
    }

    fn next_deadline(&self) -> Option<RealMoment> {
        Side::next_deadline(self)
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct Pair {
    talk: Box<Messenger>,
    desk: Option<Client>,
    state: State,
    /// Whether the messenger tells others of typing.
    types: bool,
    heard: VecDeque<Heard>,
    /// What the messenger told while the desk was greeted: one who comes back is told of what was said meanwhile.
    early: Vec<messenger::Event>,
    of_talk: Vec<Output<messenger::Event>>,
    of_desk: Vec<Output>,
}

impl Pair {
    pub(super) fn new(talk: Box<Messenger>, desk: Option<Client>) -> Self {
        let (of_talk, of_desk) = (Vec::new(), Vec::new());
        let (heard, early) = (VecDeque::new(), Vec::new());
        Self { talk, desk, state: State::Down, types: false, heard, early, of_talk, of_desk }
    }

    /// What was said and not taken out yet.
    pub(super) fn next(&mut self) -> Option<Heard> {
        self.heard.pop_front()
    }

    pub(super) fn next_deadline(&self) -> Option<RealMoment> {
        let desk = self.desk.as_ref().and_then(Client::next_deadline);
        self.talk.next_deadline().into_iter().chain(desk).min()
    }

    /// Whether both are connected.
    pub(super) fn is_up(&self) -> bool {
        self.state == State::Up
    }

    /// Takes in whatever is no act.
    pub(super) fn take_in(&mut self, now: RealMoment, input: Input<'_>, out: &mut Vec<Output>) {
        match input {
            Input::Tick => {
                if self.talk.next_deadline().is_some_and(|deadline| deadline <= now) {
                    self.feed_talk(now, Input::Tick, out);
                }
                if self.desk.as_ref().and_then(Client::next_deadline).is_some_and(|deadline| deadline <= now)
                {
                    self.feed_desk(now, Input::Tick, out);
                }
            }
            Input::Opened(DESK) | Input::Frame(DESK, _) | Input::Closed(DESK, _) => {
                self.feed_desk(now, of_desk(input), out);
            }
            Input::Opened(transport) => self.feed_talk(now, Input::Opened(transport), out),
            Input::Secured(transport) => self.feed_talk(now, Input::Secured(transport), out),
            Input::Frame(transport, text) => self.feed_talk(now, Input::Frame(transport, text), out),
            Input::Bytes(transport, bytes) => self.feed_talk(now, Input::Bytes(transport, bytes), out),
            Input::Answered(transport, number, answer) => {
                self.feed_talk(now, Input::Answered(transport, number, answer), out);
            }
            Input::Closed(transport, goodbye) => {
                self.feed_talk(now, Input::Closed(transport, goodbye), out);
            }
            Input::Act(_) => debug_assert!(false, "acts are somebody's in particular"),
        }
    }

    pub(super) fn connect(&mut self, now: RealMoment, out: &mut Vec<Output>) {
        if self.state == State::Down {
            self.state = State::LoggingIn;
            self.early.clear();
            self.talk(now, &messenger::Act::Connect, out);
        }
    }

    pub(super) fn disconnect(&mut self, now: RealMoment, out: &mut Vec<Output>) {
        self.state = State::Down;
        self.talk(now, &messenger::Act::Disconnect, out);
        self.desk(now, &Act::Disconnect, out);
    }

    /// Whether typing goes over the messenger. Where the server has no word for it, those who talk see it at the desk: nobody who
    /// writes at length is to be taken for one who has gone.
    pub(super) const fn types(&self) -> bool {
        self.types || self.desk.is_none()
    }

    /// The person does something over the messenger.
    pub(super) fn talk(&mut self, now: RealMoment, act: &messenger::Act, out: &mut Vec<Output>) {
        self.feed_talk(now, Input::Act(act), out);
    }

    /// The person does something at the desk, where there is one.
    pub(super) fn desk(&mut self, now: RealMoment, act: &Act, out: &mut Vec<Output>) {
        self.feed_desk(now, Input::Act(act), out);
    }

    fn feed_talk(&mut self, now: RealMoment, input: Input<'_, messenger::Act>, out: &mut Vec<Output>) {
        let mut said = std::mem::take(&mut self.of_talk);
        self.talk.handle(now, input, &mut said);
        for output in said.drain(..) {
            match output {
                Output::Event(event) => self.hear_talk(now, event, out),
                Output::Open(transport, opening) => out.push(Output::Open(transport, opening)),
                Output::Secure(transport) => out.push(Output::Secure(transport)),
                Output::Send(transport, text) => out.push(Output::Send(transport, text)),
                Output::Ask(transport, number, question) => {
                    out.push(Output::Ask(transport, number, question));
                }
                Output::Close(transport) => out.push(Output::Close(transport)),
            }
        }
        self.of_talk = said;
    }

    fn feed_desk(&mut self, now: RealMoment, input: Input<'_>, out: &mut Vec<Output>) {
        let Some(desk) = &mut self.desk else { return };
        let mut said = std::mem::take(&mut self.of_desk);
        desk.handle(now, input, &mut said);
        for output in said.drain(..) {
            match output {
                Output::Event(event) => self.hear_desk(event),
                output => out.push(to_desk(output)),
            }
        }
        self.of_desk = said;
    }

    fn hear_talk(&mut self, now: RealMoment, event: messenger::Event, out: &mut Vec<Output>) {
        use messenger::Event as Talk;
        match event {
            Talk::Welcome { address, typing } => {
                self.types = typing;
                if self.state != State::LoggingIn {
                    return;
                }
                match &mut self.desk {
                    Some(desk) => {
                        desk.reached_at(address);
                        self.state = State::Greeting;
                        self.desk(now, &Act::Connect, out);
                    }
                    None => self.come_up(Event::Welcome { resumed: false }),
                }
            }
            Talk::Gone(why) => self.go_down(Event::Gone(why)),
            Talk::Broken { why } => self.go_down(Event::Broken { why }),
            Talk::Refused { why } => self.turn_away(Event::Refused { why }),
            Talk::Throttled { why, .. } => self.heard.push_back(Heard::Desk(Event::Throttled { why })),
            Talk::Failed { why } => self.heard.push_back(Heard::Desk(Event::Failed { why })),
            Talk::TakenIn { sent } => self.heard.push_back(Heard::Desk(Event::TakenIn { said: sent })),
            Talk::Unanswered { sent } => self.heard.push_back(Heard::Desk(Event::Unanswered { said: sent })),
            Talk::PutOff { since } => self.heard.push_back(Heard::Desk(Event::PutOff { since })),
            Talk::Withheld { since, until } => {
                self.heard.push_back(Heard::Desk(Event::Withheld { since, until }));
            }
            event if self.state == State::Greeting => {
                if self.early.len() < EARLY {
                    self.early.push(event);
                }
            }
            event => self.heard.push_back(Heard::Talk(event)),
        }
    }

    fn hear_desk(&mut self, event: Event) {
        match event {
            Event::Welcome { .. } => self.come_up(event),
            Event::Gone(_) => self.go_down(event),
            Event::Refused { .. } => self.turn_away(event),
            Event::Broken { why } => {
                self.go_down(Event::Broken { why: format!("the desk beside the target: {why}") });
            }
            event => self.heard.push_back(Heard::Desk(event)),
        }
    }

    fn come_up(&mut self, welcome: Event) {
        self.state = State::Up;
        self.heard.push_back(Heard::Desk(welcome));
        self.heard.extend(std::mem::take(&mut self.early).into_iter().map(Heard::Talk));
    }

    /// Whoever is refused while connecting is not connected, and may try again.
    fn turn_away(&mut self, event: Event) {
        if matches!(self.state, State::LoggingIn | State::Greeting) {
            self.state = State::Down;
        }
        self.heard.push_back(Heard::Desk(event));
    }

    /// Where one is gone the other is of no use; it is told once.
    fn go_down(&mut self, event: Event) {
        if std::mem::replace(&mut self.state, State::Down) != State::Down {
            self.heard.push_back(Heard::Desk(event));
        }
    }
}
