//! Somebody who only phones: the chat server never hears of them, and the desk beside it has the calls.

use super::super::json::SOCKET;
use super::super::json::client::Client;
use super::super::{Act, Codec, Event, Input, Output};
use super::pair::DESK;
use crate::base::time::RealMoment;

/// See the module.
#[derive(Debug)]
pub struct Phone {
    desk: Client,
    said: Vec<Output>,
}

impl Phone {
    /// Somebody at that desk.
    #[must_use]
    pub const fn new(desk: Client) -> Self {
        Self { desk, said: Vec::new() }
    }
}

impl Codec for Phone {
    type Act = Act;
    type Event = Event;

    fn handle(&mut self, now: RealMoment, input: Input<'_>, out: &mut Vec<Output>) {
        self.desk.handle(now, of_desk(input), &mut self.said);
        out.extend(self.said.drain(..).map(to_desk));
    }

    fn next_deadline(&self) -> Option<RealMoment> {
        self.desk.next_deadline()
    }
}

/// What happens over the transport to the desk, as its client numbers that.
pub(super) const fn of_desk(input: Input<'_>) -> Input<'_> {
    match input {
        Input::Opened(_) => Input::Opened(SOCKET),
        Input::Frame(_, text) => Input::Frame(SOCKET, text),
        Input::Closed(_, goodbye) => Input::Closed(SOCKET, goodbye),
        other => other,
    }
}

/// What the client at the desk wants done, over the transport to it.
pub(super) fn to_desk(output: Output) -> Output {
    match output {
        Output::Open(_, opening) => Output::Open(DESK, opening),
        Output::Send(_, text) => Output::Send(DESK, text),
        Output::Close(_) => Output::Close(DESK),
        other => other,
    }
}
