//! The codec: one person's side of one connection at a time.

use super::super::endpoint::{Endpoint, Kind};
use super::super::messenger::{Act, Event};
use super::super::{Codec, Input, Output, http};
use super::complaint::{Complaint, words};
use super::element::{Element, ns};
use super::login::Login;
use super::pen::{Framing, Pen, SERVER};
use super::reader::{Piece, Reader};
use super::session::Session;
use super::setup::{Progress, Setup};
use crate::base::time::{RealMoment, RealSpan};

/// How long a server may take from the open transport to the address.
const LOGIN: RealSpan = RealSpan::from_whole_secs(10);

/// Where the connection stands.
#[derive(Debug)]
enum State {
    /// There is none, or nothing more is heard of it.
    Down,
    /// The transport is being opened.
    Opening,
    /// Logging in.
    Login(Box<Setup>),
    /// TLS begins, and logging in goes on with that.
    Securing(Box<Setup>),
    /// Logged in.
    Up(Box<Session>),
    /// The person has hung up; what still comes are messages that were on their way, and answers.
    HungUp(Box<Session>),
}

/// A client of an XMPP server.
#[derive(Debug)]
pub struct Xmpp {
    login: Login,
    framing: Framing,
    /// Whether the transport is secret from the beginning on.
    is_secret: bool,
    nonce: u128,
    /// How often it connected.
    connections: u32,
    /// Stanzas sent, as a number that comes round.
    stanzas: u32,
    state: State,
    /// Of a transport that is a stream, while it is open.
    reader: Option<Box<Reader>>,
}

impl Xmpp {
    /// A client that is not connected. The `nonce` is drawn for this client alone, so that nobody guesses it: half of it is in its
    /// nicks, all of it in what proves the password.
    ///
    /// # Errors
    /// Where XMPP does not go over what the endpoint is.
    pub fn new(login: Login, endpoint: &Endpoint, nonce: u128) -> Result<Self, String> {
        let framing = match endpoint.kind {
            Kind::Stream => Framing::Stream,
            Kind::WebSocket => Framing::Frames,
            Kind::Http => return Err("XMPP goes over a stream or a WebSocket".into()),
        };
        let is_secret = ["xmpps://", "wss://"].iter().any(|scheme| endpoint.url.starts_with(scheme));
        let state = State::Down;
        Ok(Self { login, framing, is_secret, nonce, connections: 0, stanzas: 0, state, reader: None })
    }

    /// Begins a stream: the first one, or one over what has changed since.
    fn begin(&mut self, out: &mut Vec<Output<Event>>) {
        self.reader = (self.framing == Framing::Stream).then(|| Box::new(Reader::new()));
        Pen::new(self.framing, &mut self.stanzas, out).open(&self.login.domain);
    }

    fn opened(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        self.connections = self.connections.wrapping_add(1);
        let nonce = format!("{:032x}{:x}", self.nonce, self.connections);
        self.state = State::Login(Box::new(Setup::new(now + LOGIN, self.is_secret, nonce)));
        self.begin(out);
    }

    fn secured(&mut self, out: &mut Vec<Output<Event>>) {
        let State::Securing(mut setup) = std::mem::replace(&mut self.state, State::Down) else { return };
        setup.secured();
        self.state = State::Login(setup);
        self.begin(out);
    }

    fn read(&mut self, now: RealMoment, mut bytes: &[u8], out: &mut Vec<Output<Event>>) {
        while let Some(reader) = &mut self.reader {
            if matches!(self.state, State::Securing(_)) && !bytes.is_empty() {
                return self.break_off("it went on in the clear after agreeing to TLS", out);
            }
            match reader.next(&mut bytes) {
                Ok(Some(piece)) => self.take(now, &piece, out),
                Ok(None) => return reader.rest(),
                Err(why) => return self.break_off(&why, out),
            }
        }
    }

    fn read_frame(&mut self, now: RealMoment, frame: &str, out: &mut Vec<Output<Event>>) {
        if matches!(self.state, State::Down | State::Opening) {
            return;
        }
        match Reader::frame(frame) {
            Ok(element) if element.is("open", ns::FRAMING) => self.take(now, &Piece::Opened(element), out),
            Ok(element) if element.is("close", ns::FRAMING) => self.take(now, &Piece::Ended, out),
            Ok(element) => self.take(now, &Piece::Element(element), out),
            Err(why) => self.break_off(&why, out),
        }
    }

    fn take(&mut self, now: RealMoment, piece: &Piece, out: &mut Vec<Output<Event>>) {
        let mut pen = Pen::new(self.framing, &mut self.stanzas, out);
        let made_sense = match (piece, &mut self.state) {
            (Piece::Ended, _) => return self.end([Event::Gone(None)], out),
            (Piece::Element(element), State::HungUp(session)) => {
                return late(session, element, now, (&self.login, self.stanzas), out);
            }
            (Piece::Element(element), _) if element.is("error", ns::STREAM) => {
                return self.sent_away(Complaint::of(element), out);
            }
            (piece, State::Login(setup)) => {
                let progress = setup.take(piece, &self.login, &mut pen);
                return self.go_on(progress, out);
            }
            (Piece::Element(element), State::Up(session)) => {
                session.take(element, now, &self.login, &mut pen)
            }
            (Piece::Opened(_), State::Up(_)) => Err("a stream within the stream".into()),
            _ => return,
        };
        if let Err(why) = made_sense {
            self.break_off(&why, out);
        }
    }

    fn go_on(&mut self, progress: Progress, out: &mut Vec<Output<Event>>) {
        match progress {
            Progress::Wait => {}
            Progress::Again => self.begin(out),
            Progress::Secure => {
                if let State::Login(setup) = std::mem::replace(&mut self.state, State::Down) {
                    self.state = State::Securing(setup);
                }
                Pen::new(self.framing, &mut self.stanzas, out).secure();
            }
            Progress::Done { address, management } => {
                let mut pen = Pen::new(self.framing, &mut self.stanzas, out);
                pen.tell(Event::Welcome { address, typing: true });
                let nick = format!("{:016x}{:x}", self.nonce as u64, self.connections);
                let session = Session::begin(management, nick, &self.login, &mut pen);
                self.state = State::Up(Box::new(session));
            }
            Progress::Refused(complaint) => self.refuse(complaint, out),
            Progress::Unwanted(why) => self.end([Event::Refused { why: why.into() }], out),
            Progress::Broken(why) => self.break_off(&why, out),
        }
    }

    /// The server ends the stream, and says why.
    fn sent_away(&mut self, complaint: Complaint, out: &mut Vec<Output<Event>>) {
        if complaint.is_farewell() {
            self.end([Event::Gone(Some(complaint.why()))], out);
        } else {
            self.refuse(complaint, out);
        }
    }

    /// The server will not have us, or not yet.
    fn refuse(&mut self, complaint: Complaint, out: &mut Vec<Output<Event>>) {
        let is_gone = complaint.is_throttle() || matches!(self.state, State::Up(_));
        let gone = is_gone.then(|| Event::Gone(Some(complaint.clone().why())));
        self.end(std::iter::once(complaint.event()).chain(gone), out);
    }

    fn break_off(&mut self, why: &str, out: &mut Vec<Output<Event>>) {
        self.end([Event::Broken { why: words(why) }], out);
    }

    /// The connection is over, and the person is told so.
    fn end(&mut self, events: impl IntoIterator<Item = Event>, out: &mut Vec<Output<Event>>) {
        self.leave_unanswered(out);
        if !matches!(self.state, State::HungUp(_)) {
            let mut pen = Pen::new(self.framing, &mut self.stanzas, out);
            events.into_iter().for_each(|event| pen.tell(event));
            // Once TLS is agreed upon nothing more is said in the clear.
            if !matches!(self.state, State::Securing(_)) {
                pen.end();
            }
            pen.close();
        }
        self.hang_up();
    }

    /// The connection is over, and so is waiting for an answer.
    fn leave_unanswered(&self, out: &mut Vec<Output<Event>>) {
        if let State::Up(session) | State::HungUp(session) = &self.state {
            out.extend(session.unanswered().map(|sent| Output::Event(Event::Unanswered { sent })));
        }
    }

    /// Nothing more is heard.
    fn hang_up(&mut self) {
        (self.state, self.reader) = (State::Down, None);
    }

    fn act(&mut self, act: &Act, now: RealMoment, out: &mut Vec<Output<Event>>) {
        let mut pen = Pen::new(self.framing, &mut self.stanzas, out);
        match (act, &mut self.state) {
            (Act::Connect, State::Down | State::HungUp(_)) => {
                self.hang_up();
                self.state = State::Opening;
                out.push(Output::Open(SERVER, http::Opening::default()));
            }
            (Act::Disconnect, State::Up(session)) => {
                session.hang_up(now, &self.login, &mut pen);
                pen.end();
                pen.close();
                if let State::Up(session) = std::mem::replace(&mut self.state, State::Down) {
                    self.state = State::HungUp(session);
                }
            }
            (Act::Disconnect, State::Opening | State::Login(_) | State::Securing(_)) => {
                pen.close();
                self.hang_up();
            }
            (act, State::Up(session)) => session.act(act, now, &self.login, &mut pen),
            // What is said into a connection that has just gone is lost with it; the driver hears that it is gone.
            _ => {}
        }
    }

    fn tick(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        match &mut self.state {
            State::Login(setup) | State::Securing(setup) if now >= setup.deadline => {
                self.break_off(&format!("it took longer than {} s over the login", LOGIN.secs()), out);
            }
            State::Up(session) => {
                session.tick(now, &self.login, &mut Pen::new(self.framing, &mut self.stanzas, out));
            }
            _ => {}
        }
    }

    fn closed(&mut self, out: &mut Vec<Output<Event>>) {
        self.leave_unanswered(out);
        if !matches!(self.state, State::Down | State::HungUp(_)) {
            out.push(Output::Event(Event::Gone(None)));
        }
        self.hang_up();
    }
}

/// What comes to somebody who has hung up: messages, and that what was said is taken in. Nothing is answered.
fn late(
    session: &mut Session,
    element: &Element,
    now: RealMoment,
    (login, mut stanzas): (&Login, u32),
    out: &mut Vec<Output<Event>>,
) {
    let mut late = Vec::new();
    let mut pen = Pen::new(Framing::Stream, &mut stanzas, &mut late);
    let made_sense = session.take(element, now, login, &mut pen);
    if made_sense.is_ok() {
        let is_news = |output: &Output<Event>| {
            matches!(output, Output::Event(Event::Told { .. } | Event::Posted { .. } | Event::TakenIn { .. }))
        };
        out.extend(late.into_iter().filter(is_news));
    }
}

impl Codec for Xmpp {
    type Act = Act;
    type Event = Event;

    fn handle(&mut self, now: RealMoment, input: Input<'_, Act>, out: &mut Vec<Output<Event>>) {
        match input {
            Input::Opened(SERVER) if matches!(self.state, State::Opening) => self.opened(now, out),
            Input::Secured(SERVER) => self.secured(out),
            Input::Bytes(SERVER, bytes) => self.read(now, bytes, out),
            Input::Frame(SERVER, frame) if self.framing == Framing::Frames => {
                self.read_frame(now, frame, out);
            }
            Input::Closed(SERVER, _) => self.closed(out),
            Input::Act(act) => self.act(act, now, out),
            Input::Tick => self.tick(now, out),
            // What happens to transports that it does not have.
            _ => {}
        }
    }

    fn next_deadline(&self) -> Option<RealMoment> {
        match &self.state {
            State::Login(setup) | State::Securing(setup) => Some(setup.deadline),
            State::Up(session) => session.deadline(),
            State::Down | State::Opening | State::HungUp(_) => None,
        }
    }
}
