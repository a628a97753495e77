//! What is on its way to one client: in order, each frame for as long as its latency takes, and messages with what befalls
//! them. Sans-IO: it is told the time, and says what is to be sent next.
//!
//! A message that is to be reordered is put aside when its turn comes, and goes after the sender's next message, when its
//! wait is over, or before anything that is neither a message nor typing: what ends a conversation never overtakes what was
//! said in it. Of one sender at most one message is aside.

use std::collections::VecDeque;

use super::account::Deed;
use super::faults::{Fate, Faulty};
use super::hall::Parcel;
use super::limits;
use crate::base::id::VisitId;
use crate::base::time::RealMoment;
use crate::wire::token::{Part, Token};

/// One frame on its way.
#[derive(Debug)]
struct Bound {
    /// When it goes; of one that is put aside, when it has waited for long enough.
    due: RealMoment,
    parcel: Parcel,
    message: Option<Token>,
    /// Whether it is to be put aside.
    yields: bool,
    /// Whether it is the second of two.
    is_copy: bool,
}

/// What is to be sent now, and what the account says of it.
pub(super) type Due = (Parcel, Option<Deed>);

/// See the module.
#[derive(Debug)]
pub(super) struct Dispatch {
    client: u64,
    line: VecDeque<Bound>,
    aside: Vec<Bound>,
    /// Nothing goes before the last that was taken in.
    last: RealMoment,
    /// Frames taken in that are no messages.
    frames: u64,
}

impl Dispatch {
    /// Nothing yet, to the client of this number.
    pub(super) fn new(client: u64) -> Self {
        Self { client, line: VecDeque::new(), aside: Vec::new(), last: RealMoment::ZERO, frames: 0 }
    }

    /// Whether it can take in another.
    pub(super) fn has_room(&self) -> bool {
        self.line.len() + self.aside.len() < limits::BACKLOG
    }

    /// Takes in what the client is to be told.
    pub(super) fn take(&mut self, now: RealMoment, parcel: Parcel, faults: &Faulty, note: impl Fn(Deed)) {
        let message = parcel.token();
        let (fate, latency) = match &message {
            Some(token) => (faults.fate(token, self.client), faults.latency(token, self.client)),
            None => {
                self.frames += 1;
                (Fate::Passes, faults.latency_of_frame(self.client, self.frames))
            }
        };
        if let (Some(token), Fate::Dropped) = (&message, fate) {
            return note(Deed::Dropped { token: token.encode(), client: self.client });
        }
        let due = self.last.max(now + latency);
        self.last = due;
        if let Some(token) = &message
            && due > now
        {
            note(self.held(token, due));
        }
        let yields = fate == Fate::Reordered;
        let copy = (fate == Fate::Duplicated).then(|| parcel.clone());
        self.line.push_back(Bound { due, parcel, message, yields, is_copy: false });
        self.line.extend(copy.map(|parcel| Bound { due, parcel, message, yields: false, is_copy: true }));
    }

    /// When the next is due; never, where there is none.
    pub(super) fn due(&self) -> RealMoment {
        let front = self.line.front().map(|bound| bound.due);
        front.into_iter().chain(self.aside.iter().map(|bound| bound.due)).min().unwrap_or(RealMoment::NEVER)
    }

    /// What is to be sent at `now`, if anything is.
    pub(super) fn next(&mut self, now: RealMoment, faults: &Faulty, note: impl Fn(Deed)) -> Option<Due> {
        loop {
            if let Some(place) = self.aside.iter().position(|bound| bound.due <= now) {
                let bound = self.aside.remove(place);
                return Some(self.send(bound));
            }
            let mut bound = self.line.pop_front_if(|bound| bound.due <= now)?;
            let overtaken = self.aside.iter().position(|aside| bound.follows(aside));
            match (&bound.message, overtaken) {
                (Some(token), None) if bound.yields => {
                    bound.due = now + faults.wait();
                    note(self.held(token, bound.due));
                    self.aside.push(bound);
                }
                (Some(_), Some(place)) => {
                    let mut aside = self.aside.remove(place);
                    (aside.due, aside.yields) = (now, false);
                    self.line.push_front(aside);
                    return Some(self.send(bound));
                }
                (None, _) if !self.aside.is_empty() && !bound.parcel.is_typing() => {
                    self.line.push_front(bound);
                    let aside = self.aside.remove(0);
                    return Some(self.send(aside));
                }
                _ => return Some(self.send(bound)),
            }
        }
    }

    fn send(&self, bound: Bound) -> Due {
        let client = self.client;
        let deed = bound.message.map(|token| match (token.encode(), bound.is_copy) {
            (token, false) => Deed::Forwarded { token, client },
            (token, true) => Deed::Duplicated { token, client },
        });
        (bound.parcel, deed)
    }

    fn held(&self, token: &Token, until: RealMoment) -> Deed {
        Deed::Held { token: token.encode(), client: self.client, until: until.nanos() }
    }

    /// The connection is gone, and with it the messages that were on their way. Gives what else was.
    pub(super) fn end(self, note: impl Fn(Deed)) -> VecDeque<Parcel> {
        let bound = self.line.into_iter().chain(self.aside).filter(|bound| !bound.is_copy);
        let rest = bound.filter_map(|bound| {
            let Some(token) = bound.message else { return Some(bound.parcel) };
            note(Deed::Unsent { token: token.encode(), client: self.client });
            None
        });
        rest.filter(|parcel| !parcel.is_welcome()).collect()
    }
}

impl Bound {
    /// Whether it is of the same sender in the same conversation.
    fn follows(&self, other: &Self) -> bool {
        let sender = |bound: &Self| bound.message.map(|token| sender(&token));
        sender(self) == sender(other)
    }
}

/// Whose message it is: the visit, and whether it is the visitor's, the agent's or the guest's.
fn sender(token: &Token) -> (VisitId, u8) {
    let kind = match token.part {
        Part::Opening(_) => 0,
        Part::OfVisitor(_) => 1,
        Part::OfAgent(_) => 2,
        Part::OfGuest(_) => 3,
    };
    (token.visit, kind)
}

#[cfg(test)]
mod tests;
