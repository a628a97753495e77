//! The codec of a client of the causerie protocol: a visitor's, an agent's, a guest's or a moderator's side.

use super::super::token::RunId;
use super::super::{Act, Codec, Event, Input, Output, http};
use super::frame::{self, ClientFrame, Resume, Role, ServerFrame, same_speed};
use super::lifeline::Lifeline;
use super::translate::{event, request};
use super::{MAX_FRAME, SOCKET, VERSION};
use crate::base::time::{RealMoment, RealSpan};

/// How long a server may take over the greeting.
const GREETING: RealSpan = RealSpan::from_whole_secs(10);

/// Where the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// There is none, or it is being closed.
    Down,
    /// The transport is being opened.
    Opening,
    /// The greeting is out; the answer is due by then.
    Greeting(RealMoment),
    /// Up.
    Up,
}

/// One person's side of one connection at a time.
#[derive(Clone, Debug)]
pub struct Client {
    role: Role,
    speed: f64,
    run: RunId,
    state: State,
    /// Where others reach this person, if that is on another server.
    address: Option<String>,
    /// Of a client who reconnects.
    lifeline: Option<Lifeline>,
}

impl Client {
    /// A client that is not connected.
    #[must_use]
    pub fn new(role: Role, speed: f64, run: RunId) -> Self {
        Self { role, speed, run, state: State::Down, address: None, lifeline: None }
    }

    /// The same of one who reconnects when the connection breaks: then [`Act::Connect`] goes on where it broke, if the server can.
    #[must_use]
    pub fn resumable(self) -> Self {
        Self { lifeline: Some(Lifeline::default()), ..self }
    }

    /// Says in its greeting where others reach this person. Who is reached elsewhere than before begins anew.
    pub fn reached_at(&mut self, address: String) {
        if self.address.as_ref().is_some_and(|before| *before != address) {
            self.lifeline = self.lifeline.take().map(|_| Lifeline::default());
        }
        self.address = Some(address);
    }

    /// Who the client is.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    fn opened(&mut self, now: RealMoment, out: &mut Vec<Output>) {
        self.state = State::Greeting(now + GREETING);
        let (role, speed, run) = (self.role, self.speed, self.run.number());
        let resume = self.lifeline.as_ref().map(Lifeline::greeting);
        let hello =
            ClientFrame::Hello { v: VERSION, role, speed, run, resume, address: self.address.clone() };
        out.push(Output::Send(SOCKET, frame::write(&hello)));
    }

    fn act(&mut self, act: &Act, out: &mut Vec<Output>) {
        match (act, self.state) {
            (Act::Connect, State::Down) => {
                self.state = State::Opening;
                out.push(Output::Open(SOCKET, http::Opening::default()));
            }
            (Act::Disconnect, state) if state != State::Down => {
                self.state = State::Down;
                // Who hangs up does not come back to that.
                self.lifeline = self.lifeline.take().map(|_| Lifeline::default());
                out.push(Output::Close(SOCKET));
            }
            (Act::Connect | Act::Disconnect | Act::Ask, _) => {}
            (act, state) => match request(act) {
                Some(frame) => self.say(&frame, state == State::Up, out),
                None => debug_assert!(false, "connecting and disconnecting are no requests"),
            },
        }
    }

    /// What is said into a connection that has just gone is lost with it, unless it is taken up again; the driver hears that it is
    /// gone.
    fn say(&mut self, frame: &ClientFrame, is_up: bool, out: &mut Vec<Output>) {
        if !is_up && self.lifeline.is_none() {
            return;
        }
        let text = frame::write(frame);
        self.lifeline.iter_mut().for_each(|lifeline| lifeline.say(&text));
        if is_up {
            out.push(Output::Send(SOCKET, text));
        }
    }

    fn hear(&mut self, text: &str, out: &mut Vec<Output>) {
        let frame = match frame::read::<ServerFrame>(text) {
            Ok(frame) => frame,
            Err(why) => return self.give_up(format!("a frame that cannot be read: {why}"), out),
        };
        if let (State::Up, Some(lifeline)) = (self.state, &mut self.lifeline) {
            lifeline.hear();
        }
        match (frame, self.state) {
            (ServerFrame::Welcome { v, speed, resume }, State::Greeting(_)) => {
                if v != VERSION {
                    return self.give_up(format!("it speaks version {v}, we speak {VERSION}"), out);
                }
                if !same_speed(speed, self.speed) {
                    return self.give_up(format!("it runs at speed {speed}, we at {}", self.speed), out);
                }
                self.go_on(resume.unwrap_or_default(), out);
            }
            (ServerFrame::Refused { why }, State::Greeting(_)) => {
                out.push(Output::Event(Event::Refused { why }));
                self.state = State::Down;
                out.push(Output::Close(SOCKET));
            }
            (frame, State::Up) => match event(frame, self.role) {
                Ok(event) => out.push(Output::Event(event)),
                Err(why) => self.give_up(why, out),
            },
            (_, State::Greeting(_)) => self.give_up("it did not answer the greeting first".into(), out),
            // What still arrives while the connection is being closed concerns messages alone.
            (frame @ (ServerFrame::Said { .. } | ServerFrame::Posted { .. }), State::Down) => {
                out.extend(event(frame, self.role).ok().map(Output::Event));
            }
            (_, State::Down | State::Opening) => {}
        }
    }

    /// Is welcome: again, where the server takes up what broke off.
    fn go_on(&mut self, answer: Resume, out: &mut Vec<Output>) {
        let again = match self.lifeline.as_mut().map(|lifeline| lifeline.answered(answer)) {
            Some(Err(why)) => return self.give_up(why, out),
            Some(Ok(again)) => again,
            None => None,
        };
        self.state = State::Up;
        out.push(Output::Event(Event::Welcome { resumed: again.is_some() }));
        out.extend(again.into_iter().flatten().map(|text| Output::Send(SOCKET, text)));
    }

    fn give_up(&mut self, why: String, out: &mut Vec<Output>) {
        self.state = State::Down;
        out.push(Output::Event(Event::Broken { why }));
        out.push(Output::Close(SOCKET));
    }
}

impl Codec for Client {
    type Act = Act;
    type Event = Event;

    fn handle(&mut self, now: RealMoment, input: Input<'_>, out: &mut Vec<Output>) {
        match input {
            Input::Opened(SOCKET) if self.state == State::Opening => self.opened(now, out),
            Input::Frame(SOCKET, text) if text.len() > MAX_FRAME && self.state != State::Down => {
                self.give_up(format!("a frame of {} bytes", text.len()), out);
            }
            Input::Frame(SOCKET, text) => self.hear(text, out),
            Input::Closed(SOCKET, _) => {
                if self.state != State::Down {
                    out.push(Output::Event(Event::Gone(None)));
                }
                self.state = State::Down;
            }
            Input::Act(act) => self.act(act, out),
            Input::Tick => {
                if let State::Greeting(deadline) = self.state
                    && now >= deadline
                {
                    self.give_up(format!("no answer to the greeting within {} s", GREETING.secs()), out);
                }
            }
            // What happens to transports that it does not have.
            _ => {}
        }
    }

    fn next_deadline(&self) -> Option<RealMoment> {
        match self.state {
            State::Greeting(deadline) => Some(deadline),
            State::Down | State::Opening | State::Up => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::{ChatId, MessageId};
    use super::*;
    use crate::base::words::Closing;
    use crate::base::words::rooms::Verdict;

    const T0: RealMoment = RealMoment::ZERO;

    fn client(role: Role) -> Client {
        Client::new(role, 60.0, RunId::new(5))
    }

    fn feed(client: &mut Client, input: Input<'_>) -> Vec<Output> {
        let mut out = Vec::new();
        client.handle(T0, input, &mut out);
        out
    }

    fn hear(client: &mut Client, text: &str) -> Vec<Output> {
        feed(client, Input::Frame(SOCKET, text))
    }

    fn up(role: Role) -> Client {
        let mut client = client(role);
        assert_eq!(
            feed(&mut client, Input::Act(&Act::Connect)),
            [Output::Open(SOCKET, http::Opening::default())]
        );
        let hello = feed(&mut client, Input::Opened(SOCKET));
        assert!(matches!(&hello[..], [Output::Send(SOCKET, text)] if text.contains("hello")), "{hello:?}");
        let welcome = hear(&mut client, r#"{"type":"welcome","v":1,"speed":60}"#);
        assert_eq!(welcome, [Output::Event(Event::Welcome { resumed: false })]);
        client
    }

    /// The event of a client that gave up; anything else fails.
    fn broken(out: &[Output]) -> &str {
        match out {
            [Output::Event(Event::Broken { why }), Output::Close(SOCKET)] => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_visit_from_greeting_to_goodbye() {
        let mut client = up(Role::Visitor);
        let queued = hear(&mut client, r#"{"type":"queued","position":3}"#);
        assert_eq!(queued, [Output::Event(Event::Queued { waiting: 3 })]);
        let assigned = hear(&mut client, r#"{"type":"assigned","chat":9,"agent":0}"#);
        assert_eq!(assigned, [Output::Event(Event::Assigned { chat: ChatId(9), address: None })]);
        let passed_on = hear(&mut client, r#"{"type":"transferred","chat":9}"#);
        assert_eq!(passed_on, [Output::Event(Event::Transferred { chat: ChatId(9) })]);
        let typing = hear(&mut client, r#"{"type":"typing","chat":9}"#);
        assert_eq!(typing, [Output::Event(Event::Typing { chat: ChatId(9) })]);
        let closed = hear(&mut client, r#"{"type":"closed","chat":9,"how":"resolved"}"#);
        let event = Event::Closed { chat: ChatId(9), closing: Closing::Resolved, said: None };
        assert_eq!(closed, [Output::Event(event)]);
        assert_eq!(feed(&mut client, Input::Act(&Act::Disconnect)), [Output::Close(SOCKET)]);
        assert_eq!(feed(&mut client, Input::Closed(SOCKET, None)), [], "we asked for that");
    }

    #[test]
    fn a_server_of_another_version_or_speed_is_left() {
        for (welcome, word) in [
            (r#"{"type":"welcome","v":2,"speed":60}"#, "version"),
            (r#"{"type":"welcome","v":1,"speed":1}"#, "speed"),
            (r#"{"type":"queued","position":1}"#, "greeting"),
            ("welcome!", "cannot be read"),
        ] {
            let mut client = client(Role::Visitor);
            feed(&mut client, Input::Act(&Act::Connect));
            feed(&mut client, Input::Opened(SOCKET));
            let out = hear(&mut client, welcome);
            assert!(broken(&out).contains(word), "{out:?}");
            assert_eq!(client.next_deadline(), None);
        }
    }

    #[test]
    fn a_silent_server_is_left_at_the_deadline() {
        let mut client = client(Role::Agent);
        feed(&mut client, Input::Act(&Act::Connect));
        feed(&mut client, Input::Opened(SOCKET));
        let deadline = client.next_deadline().unwrap();
        assert_eq!(feed(&mut client, Input::Tick), [], "not yet");
        let mut out = Vec::new();
        client.handle(deadline, Input::Tick, &mut out);
        assert!(broken(&out).contains("greeting"));
    }

    #[test]
    fn what_is_meant_for_the_other_role_breaks_the_connection() {
        assert!(broken(&hear(&mut up(Role::Visitor), r#"{"type":"left","chat":1}"#)).contains("visitor"));
        assert!(broken(&hear(&mut up(Role::Agent), r#"{"type":"queued","position":1}"#)).contains("agent"));
        assert!(broken(&hear(&mut up(Role::Visitor), r#"{"type":"company"}"#)).contains("visitor"));
        assert!(broken(&hear(&mut up(Role::Guest), r#"{"type":"queued","position":1}"#)).contains("guest"));
        assert!(broken(&hear(&mut up(Role::Moderator), r#"{"type":"alone"}"#)).contains("moderator"));
        assert!(broken(&hear(&mut up(Role::Guest), r#"{"type":"entered","others":-1}"#)).contains("read"));
        assert!(
            broken(&hear(&mut up(Role::Agent), r#"{"type":"welcome","v":1,"speed":60}"#)).contains("twice")
        );
        let huge = format!(r#"{{"type":"said","chat":1,"text":"{}"}}"#, "x".repeat(MAX_FRAME));
        assert!(broken(&hear(&mut up(Role::Agent), &huge)).contains("bytes"));
    }

    #[test]
    fn a_visit_to_a_room() {
        let mut client = up(Role::Guest);
        assert_eq!(
            hear(&mut client, r#"{"type":"entered","others":4294967295}"#),
            [Output::Event(Event::Entered { others: u32::MAX })]
        );
        assert_eq!(hear(&mut client, r#"{"type":"alone"}"#), [Output::Event(Event::Alone)]);
        assert_eq!(hear(&mut client, r#"{"type":"company"}"#), [Output::Event(Event::Company)]);
        let (message, scrolled) = (MessageId(u64::MAX), Some(MessageId(0)));
        let posted =
            hear(&mut client, r#"{"type":"posted","message":18446744073709551615,"text":"hi","scrolled":0}"#);
        let text = "hi".to_owned();
        assert_eq!(posted, [Output::Event(Event::Posted { message, text, scrolled })]);
        let hidden = hear(&mut client, r#"{"type":"hidden","message":3}"#);
        assert_eq!(hidden, [Output::Event(Event::Hidden { message: MessageId(3) })]);
        feed(&mut client, Input::Act(&Act::Disconnect));
        let late = hear(&mut client, r#"{"type":"posted","message":4,"text":"hi"}"#);
        assert!(matches!(late[..], [Output::Event(Event::Posted { scrolled: None, .. })]));
        assert_eq!(hear(&mut client, r#"{"type":"hidden","message":3}"#), []);
    }

    #[test]
    fn a_moderator_at_work() {
        let mut client = up(Role::Moderator);
        let on_duty = hear(&mut client, r#"{"type":"moderating","moderator":0}"#);
        assert_eq!(on_duty, [Output::Event(Event::OnDuty)]);
        let given = hear(&mut client, r#"{"type":"review","message":5,"text":"hi","held":true}"#);
        let review = Event::Review { message: MessageId(5), text: "hi".into(), held: true };
        assert_eq!(given, [Output::Event(review)]);
        let decides = Act::Decide { message: MessageId(5), verdict: Verdict::Remove };
        let decided = feed(&mut client, Input::Act(&decides));
        let frame = r#"{"type":"decide","message":5,"verdict":"remove"}"#.to_owned();
        assert_eq!(decided, [Output::Send(SOCKET, frame)]);
    }

    #[test]
    fn a_message_that_crosses_with_the_goodbye_is_still_heard() {
        let mut client = up(Role::Visitor);
        feed(&mut client, Input::Act(&Act::Disconnect));
        let said = hear(&mut client, r#"{"type":"said","chat":1,"text":"hello?"}"#);
        assert!(matches!(said[..], [Output::Event(Event::Said { .. })]));
        assert_eq!(hear(&mut client, r#"{"type":"queued","position":1}"#), []);
        assert_eq!(hear(&mut client, "nonsense").len(), 2, "and nonsense is still named");
    }

    #[test]
    fn a_connection_that_breaks_is_news() {
        let mut client = up(Role::Agent);
        assert_eq!(feed(&mut client, Input::Closed(SOCKET, None)), [Output::Event(Event::Gone(None))]);
        assert_eq!(feed(&mut client, Input::Act(&Act::Leave)), [], "and what is said into it is lost");
    }

    #[test]
    fn a_server_that_closes_before_it_answers_the_greeting_is_gone() {
        for is_open in [false, true] {
            let mut client = client(Role::Visitor);
            feed(&mut client, Input::Act(&Act::Connect));
            if is_open {
                feed(&mut client, Input::Opened(SOCKET));
            }
            assert_eq!(feed(&mut client, Input::Closed(SOCKET, None)), [Output::Event(Event::Gone(None))]);
            assert_eq!((client.next_deadline(), client.state), (None, State::Down));
        }
    }

    /// A client who reconnects, greeted for the first time.
    fn lasting() -> Client {
        let mut client = client(Role::Visitor).resumable();
        feed(&mut client, Input::Act(&Act::Connect));
        let hello = feed(&mut client, Input::Opened(SOCKET));
        assert!(
            matches!(&hello[..], [Output::Send(_, text)] if text.contains(r#""resume":{}"#)),
            "{hello:?}"
        );
        hear(&mut client, r#"{"type":"welcome","v":1,"speed":60,"resume":{"token":"abc"}}"#);
        client
    }

    /// What is sent.
    fn sent(out: &[Output]) -> Vec<&str> {
        let sent = out.iter().filter(|output| matches!(output, Output::Send(..)));
        sent.map(|output| if let Output::Send(_, text) = output { text.as_str() } else { "" }).collect()
    }

    #[test]
    fn a_connection_that_is_taken_up_again_goes_on_where_it_broke() {
        let mut client = lasting();
        hear(&mut client, r#"{"type":"queued","position":3}"#);
        feed(&mut client, Input::Act(&Act::Type));
        assert_eq!(feed(&mut client, Input::Closed(SOCKET, None)), [Output::Event(Event::Gone(None))]);
        assert_eq!(feed(&mut client, Input::Act(&Act::Leave)), [], "there is no connection");
        feed(&mut client, Input::Act(&Act::Connect));
        let hello = feed(&mut client, Input::Opened(SOCKET));
        assert!(sent(&hello)[0].ends_with(r#""resume":{"token":"abc","heard":1}}"#), "{hello:?}");
        let again =
            hear(&mut client, r#"{"type":"welcome","v":1,"speed":60,"resume":{"token":"abc","heard":1}}"#);
        assert_eq!(again[0], Output::Event(Event::Welcome { resumed: true }));
        assert_eq!(sent(&again), [r#"{"type":"leave"}"#], "the server had heard of the typing");
    }

    #[test]
    fn who_hangs_up_or_is_forgotten_begins_anew() {
        let mut client = lasting();
        feed(&mut client, Input::Closed(SOCKET, None));
        feed(&mut client, Input::Act(&Act::Connect));
        feed(&mut client, Input::Opened(SOCKET));
        let welcome = hear(&mut client, r#"{"type":"welcome","v":1,"speed":60,"resume":{"token":"def"}}"#);
        assert_eq!(welcome, [Output::Event(Event::Welcome { resumed: false })]);
        feed(&mut client, Input::Act(&Act::Disconnect));
        feed(&mut client, Input::Closed(SOCKET, None));
        feed(&mut client, Input::Act(&Act::Connect));
        let hello = feed(&mut client, Input::Opened(SOCKET));
        assert!(sent(&hello)[0].contains(r#""resume":{}"#), "{hello:?}");
        let lie = hear(&mut client, r#"{"type":"welcome","v":1,"speed":60,"resume":{"heard":1}}"#);
        assert!(broken(&lie).contains("never broke off"));
    }

    proptest! {
        #[test]
        fn no_frame_makes_a_client_panic(text in ".{0,200}", role in 0usize..4) {
            let role = [Role::Visitor, Role::Agent, Role::Guest, Role::Moderator][role];
            hear(&mut up(role), &text);
            hear(&mut client(role), &text);
        }

        #[test]
        fn no_frame_cut_short_makes_sense(cut in 0usize..60) {
            let whole = r#"{"type":"given","chat":1,"token":"abc","channel":"callback","tried":2,"topic":"x"}"#;
            let out = hear(&mut up(Role::Agent), &whole[..cut]);
            broken(&out);
        }
    }
}
