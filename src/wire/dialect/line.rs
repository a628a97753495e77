//! One transport: whether it is open, and over HTTP which question is out and which stand in line.

use std::collections::VecDeque;

use super::super::{Output, Transport};
use super::Event;
use crate::base::http::{Opening, Question};
use crate::base::time::{RealMoment, RealSpan};
use crate::scenario::plan::dialect::Kind;

/// Questions in line at the most.
pub(super) const MOST_QUESTIONS: usize = 64;

/// Whether a transport is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// It is not, or it is being closed.
    Closed,
    /// It is being opened.
    Opening,
    /// It is.
    Open,
}

/// A transport.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) kind: Kind,
    pub(super) door: Door,
    /// The question that is out.
    pub(super) out: Option<u32>,
    /// Those that wait.
    pub(super) queue: VecDeque<(u32, Question)>,
    pub(super) poll: Poll,
    /// Of a poll that the server would not answer, because it wanted less: when it asked first.
    pub(super) put_off: Option<RealMoment>,
    /// Answers one after the other that came at once to a long poll, and moved nothing but what is kept.
    pub(super) moves: u32,
    /// Whether it is closed over HTTP, and the driver has not said so yet.
    pub(super) closes: bool,
}

/// How a poll stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Poll {
    /// It does not ask.
    Off,
    /// It asks next at that instant.
    Due(RealMoment),
    /// It asked at that instant.
    Out(RealMoment),
    /// What it was answered is being heard.
    Hearing,
}

/// How long a poll waits that was answered at once and with nothing new: it would do nothing but ask.
pub(super) const LULL: RealSpan = RealSpan::from_nanos(100_000_000);
/// So many answers at once may move a cursor and nothing else; then it waits as well, since some cursors always move.
pub(super) const MOVES: u32 = 10;
/// An answer sooner than that came at once.
pub(super) const AT_ONCE: RealSpan = RealSpan::from_nanos(20_000_000);

impl Line {
    pub(super) fn new(kind: Kind) -> Self {
        let (queue, poll, put_off) = (VecDeque::new(), Poll::Off, None);
        Self { kind, door: Door::Closed, out: None, queue, poll, put_off, moves: 0, closes: false }
    }

    /// When it is to ask by itself.
    pub(super) fn next_poll(&self) -> Option<RealMoment> {
        match self.poll {
            Poll::Due(due) if self.door != Door::Opening => Some(due),
            Poll::Off | Poll::Due(_) | Poll::Out(_) | Poll::Hearing => None,
        }
    }

    /// Whether a long poll is to take a breath after an answer that came at once and told nothing; `has_moved`: it put something else
    /// into a variable. Nothing is said of an answer that was waited for, or told something.
    pub(super) fn is_idle(&mut self, has_moved: Option<bool>) -> bool {
        self.moves = match has_moved {
            None => 0,
            Some(moved) => (self.moves + u32::from(moved)).min(MOVES + 1),
        };
        has_moved == Some(false) || self.moves > MOVES
    }

    /// Puts a question in line; `false`, where the line is too long.
    pub(super) fn ask(
        &mut self,
        at: usize,
        number: u32,
        question: Question,
        out: &mut Vec<Output<Event>>,
    ) -> bool {
        if self.queue.len() >= MOST_QUESTIONS {
            return false;
        }
        self.queue.push_back((number, question));
        self.serve(at, out);
        true
    }

    /// Sends the next question, if none is out. A line that is not open is opened for it.
    pub(super) fn serve(&mut self, at: usize, out: &mut Vec<Output<Event>>) {
        if self.queue.is_empty() || self.out.is_some() {
            return;
        }
        match self.door {
            Door::Closed => {
                self.door = Door::Opening;
                out.push(Output::Open(transport(at), Opening::default()));
            }
            Door::Opening => {}
            Door::Open => {
                if let Some((number, question)) = self.queue.pop_front() {
                    self.out = Some(number);
                    out.push(Output::Ask(transport(at), number, question));
                }
            }
        }
    }

    /// Closes it, if it is open.
    pub(super) fn close(&mut self, at: usize, out: &mut Vec<Output<Event>>) {
        let closes = self.door != Door::Closed;
        out.extend(closes.then_some(Output::Close(transport(at))));
        // A WebSocket that is opened again takes the place of the one that still says goodbye.
        *self = Self { closes: closes && self.kind != Kind::WebSocket, ..Self::new(self.kind) };
    }
}

/// As the driver numbers it. There are [`crate::scenario::plan::dialect::MOST_TRANSPORTS`] at the most.
pub(super) fn transport(at: usize) -> Transport {
    Transport(at as u8)
}
