//! The codec against transcripts of servers.

mod cut;
mod frames;
mod hostile;
mod login;
mod rooms;
mod talk;

use super::super::endpoint::Endpoint;
use super::super::messenger::{Act, Event};
use super::super::{Codec, Input, Output};
use super::pen::SERVER;
use super::{Account, Login, Tls, Xmpp, endpoint};
use crate::base::time::{RealMoment, RealSpan};

pub(super) const STREAM: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' id='1' from='example.org' version='1.0'>";
pub(super) const GUESTS: &str = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>\
    <mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>";
pub(super) const SUCCESS: &str = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
pub(super) const BINDS: &str =
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>";
pub(super) const BOUND: &str = "<iq type='result' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>\
    <jid>guest@example.org/1</jid></bind></iq>";

pub(super) fn stream() -> Endpoint {
    endpoint("xmpp://127.0.0.1:5222").unwrap()
}

pub(super) fn guest() -> Login {
    Login {
        domain: "example.org".into(),
        account: None,
        tls: Tls::Offered,
        plain_in_clear: false,
        conference: Some("rooms.example.org".into()),
    }
}

pub(super) fn agent(register: bool) -> Login {
    let account = Account { user: "user".into(), password: "pencil".into(), register };
    Login { account: Some(account), ..guest() }
}

/// A client, and all that it wanted.
pub(super) struct Talk {
    pub(super) client: Xmpp,
    pub(super) now: RealMoment,
    out: Vec<Output<Event>>,
}

impl Talk {
    /// With the transport open.
    pub(super) fn new(login: Login, endpoint: &Endpoint) -> Self {
        let client = Xmpp::new(login, endpoint, 7).unwrap();
        let mut talk = Self { client, now: RealMoment::from_nanos(1), out: Vec::new() };
        assert!(matches!(talk.act(&Act::Connect)[..], [Output::Open(SERVER, _)]));
        talk.give(Input::Opened(SERVER));
        talk
    }

    /// A guest who is logged in.
    pub(super) fn up() -> Self {
        Self::up_with(guest(), BINDS)
    }

    /// The same with this login and these features at its end.
    pub(super) fn up_with(login: Login, features: &str) -> Self {
        let mut talk = Self::new(login, &stream());
        talk.hear(&[STREAM, GUESTS].concat());
        talk.hear(SUCCESS);
        talk.hear(&[STREAM, features].concat());
        let out = talk.hear(BOUND);
        assert_eq!(
            out[0],
            Output::Event(Event::Welcome { address: "guest@example.org/1".into(), typing: true })
        );
        talk
    }

    pub(super) fn give(&mut self, input: Input<'_, Act>) -> Vec<Output<Event>> {
        self.client.handle(self.now, input, &mut self.out);
        std::mem::take(&mut self.out)
    }

    pub(super) fn hear(&mut self, text: &str) -> Vec<Output<Event>> {
        self.give(Input::Bytes(SERVER, text.as_bytes()))
    }

    pub(super) fn act(&mut self, act: &Act) -> Vec<Output<Event>> {
        self.give(Input::Act(act))
    }

    pub(super) fn wait(&mut self, span: RealSpan) -> Vec<Output<Event>> {
        self.now = self.now + span;
        if self.client.next_deadline().is_some_and(|deadline| deadline <= self.now) {
            self.give(Input::Tick)
        } else {
            Vec::new()
        }
    }

    pub(super) fn tell(&mut self, text: &str) -> Vec<Output<Event>> {
        self.act(&Act::Tell { peer: "agent@example.org/2".into(), text: text.into() })
    }
}

/// What the person is told.
pub(super) fn events(out: &[Output<Event>]) -> Vec<&Event> {
    let told =
        out.iter().filter_map(|output| if let Output::Event(event) = output { Some(event) } else { None });
    told.collect()
}

/// What is sent.
pub(super) fn sent(out: &[Output<Event>]) -> Vec<&str> {
    let sent = out
        .iter()
        .filter_map(|output| if let Output::Send(_, text) = output { Some(text.as_str()) } else { None });
    sent.collect()
}

/// Why the connection is given up; anything else fails.
pub(super) fn broken(out: &[Output<Event>]) -> &str {
    match out {
        [.., Output::Event(Event::Broken { why }), Output::Send(..), Output::Close(SERVER)] => why,
        // Where TLS has been agreed upon.
        [.., Output::Event(Event::Broken { why }), Output::Close(SERVER)] => why,
        other => panic!("{other:?}"),
    }
}

pub(super) fn throttled(why: &str) -> Event {
    Event::Throttled { why: why.into(), retry_after: None }
}

pub(super) fn refused(why: &str) -> Event {
    Event::Refused { why: why.into() }
}
