//! The codec of one person on IRC.

use super::super::messenger::{Act, Event};
use super::super::{Codec, Input, Output};
use super::Login;
use super::session::{STREAM, Session};
use crate::base::time::RealMoment;

/// One person's side of one connection at a time.
#[derive(Debug)]
pub struct Irc {
    login: Login,
    session: Session,
}

impl Irc {
    /// Somebody who is not connected.
    #[must_use]
    pub fn new(login: Login) -> Self {
        Self { login, session: Session::default() }
    }
}

impl Codec for Irc {
    type Act = Act;
    type Event = Event;

    fn handle(&mut self, now: RealMoment, input: Input<'_, Act>, out: &mut Vec<Output<Event>>) {
        let session = &mut self.session;
        match input {
            Input::Opened(STREAM) => session.opened(now, &self.login, out),
            Input::Bytes(STREAM, bytes) => session.read(now, bytes, &self.login, out),
            Input::Closed(STREAM, _) => session.closed(out),
            Input::Act(act) => session.act(now, act, out),
            Input::Tick => session.tick(now, out),
            // What happens to transports that it does not have.
            _ => {}
        }
    }

    fn next_deadline(&self) -> Option<RealMoment> {
        self.session.next_deadline()
    }
}
