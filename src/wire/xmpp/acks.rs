//! How long a server lets lie what it was sent: after messages it is asked whether it has taken them in, at most once a second and one
//! question at a time. By an acknowledgement (XEP-0198) where it offers those, else by a ping (XEP-0199): both wait behind all that
//! was sent before. Many servers hold back who says too much by not reading on, and say nothing of it; so this is seen.

use std::collections::VecDeque;

use super::super::messenger::Event;
use super::element::{Element, Escaped, ns};
use super::pen::Pen;
use crate::base::time::{RealMoment, RealSpan};

/// Between questions at the least.
const PAUSE: RealSpan = RealSpan::from_whole_secs(1);

/// How the server is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Acknowledgements were asked for, and until the server says so it gives none.
    Undecided,
    /// By an acknowledgement.
    Acknowledgement,
    /// By a ping.
    Ping,
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Acks {
    way: Way,
    /// How many stanzas had been sent when acknowledgements were asked for.
    before: u32,
    /// Stanzas heard since they were granted, as a number that comes round.
    heard: u32,
    /// Pings so far.
    pings: u32,
    /// The questions that have no answer yet, and when they went out: of which ping, or of how many stanzas. One, and one more at the end.
    asked: VecDeque<(u32, RealMoment)>,
    /// When the next one may.
    next: RealMoment,
    /// Whether there is something to ask about.
    is_due: bool,
}

impl Acks {
    /// Of a session that begins; asks for acknowledgements where they are `offered`.
    pub(super) fn begin(offered: bool, pen: &mut Pen<'_>) -> Self {
        let way = if offered {
            pen.send(format_args!("<enable xmlns='{}'/>", ns::MANAGEMENT));
            Way::Undecided
        } else {
            Way::Ping
        };
        let (before, next) = (pen.stanzas(), RealMoment::ZERO);
        Self { way, before, heard: 0, pings: 0, asked: VecDeque::new(), next, is_due: false }
    }

    /// A stanza was heard.
    pub(super) const fn hear(&mut self) {
        self.heard = self.heard.wrapping_add(1);
    }

    /// A message was sent, about which the server is to be asked.
    pub(super) fn said(&mut self, now: RealMoment, domain: &str, pen: &mut Pen<'_>) {
        self.is_due = true;
        self.ask(now, domain, pen);
    }

    /// When [`Self::ask`] would ask.
    pub(super) fn deadline(&self) -> Option<RealMoment> {
        (self.is_due && self.asked.is_empty() && self.way != Way::Undecided).then_some(self.next)
    }

    /// Asks, if there is something to ask about and it is time.
    pub(super) fn ask(&mut self, now: RealMoment, domain: &str, pen: &mut Pen<'_>) {
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            self.question(now, domain, pen);
        }
    }

    /// Asks for the last time, where anything was said since the question before.
    pub(super) fn ask_last(&mut self, now: RealMoment, domain: &str, pen: &mut Pen<'_>) {
        if std::mem::take(&mut self.is_due) {
            self.question(now, domain, pen);
        }
    }

    fn question(&mut self, now: RealMoment, domain: &str, pen: &mut Pen<'_>) {
        let mark = match self.way {
            Way::Undecided => return,
            Way::Acknowledgement => {
                let until = pen.stanzas().wrapping_sub(self.before);
                pen.send(format_args!("<r xmlns='{}'/>", ns::MANAGEMENT));
                until
            }
            Way::Ping => {
                self.pings = self.pings.wrapping_add(1);
                let (number, domain) = (self.pings, Escaped(domain));
                let ping = format_args!("<ping xmlns='{}'/>", ns::PING);
                pen.stanza("iq", format_args!("type='get' id='ping-{number}' to='{domain}'"), ping);
                number
            }
        };
        self.asked.push_back((mark, now));
        (self.next, self.is_due) = (now + PAUSE, false);
    }

    /// When the oldest question went out that has no answer yet.
    pub(super) fn unanswered(&self) -> Option<RealMoment> {
        self.asked.front().map(|(_, sent)| *sent)
    }

    /// The answer to a question of this id came, whoever asked it.
    pub(super) fn answered(&mut self, id: &str, now: RealMoment, domain: &str, pen: &mut Pen<'_>) {
        let number: Option<u32> = id.strip_prefix("ping-").and_then(|number| number.parse().ok());
        if let (Way::Ping, Some(number)) = (self.way, number)
            && let Some(place) = self.asked.iter().position(|(mark, _)| *mark == number)
        {
            self.taken_in(place + 1, now, domain, pen);
        }
    }

    /// An element of stream management came.
    ///
    /// # Errors
    /// Says what makes no sense in it, for a person to read.
    pub(super) fn manage(
        &mut self,
        element: &Element,
        now: RealMoment,
        domain: &str,
        pen: &mut Pen<'_>,
    ) -> Result<(), String> {
        match (element.name(), self.way) {
            ("enabled", Way::Undecided) => {
                (self.way, self.heard) = (Way::Acknowledgement, 0);
                self.ask(now, domain, pen);
                Ok(())
            }
            ("failed", Way::Undecided) => {
                self.way = Way::Ping;
                self.ask(now, domain, pen);
                Ok(())
            }
            ("r", Way::Acknowledgement) => {
                pen.send(format_args!("<a xmlns='{}' h='{}'/>", ns::MANAGEMENT, self.heard));
                Ok(())
            }
            ("a", Way::Acknowledgement) => {
                let heard = element.attribute("h").and_then(|heard| heard.parse().ok());
                let heard: u32 = heard.ok_or("an acknowledgement of no number")?;
                let sent = pen.stanzas().wrapping_sub(self.before);
                // That is small where the server is right, whatever the counts went past.
                if sent.wrapping_sub(heard) > u32::MAX / 2 {
                    return Err(format!("it heard {heard} stanzas, and so many were never sent"));
                }
                let is_answered = |until: u32| heard.wrapping_sub(until) <= u32::MAX / 2;
                let answered = self.asked.iter().take_while(|(until, _)| is_answered(*until)).count();
                self.taken_in(answered, now, domain, pen);
                Ok(())
            }
            (name, _) => Err(format!("a `{name}` of stream management where there is none")),
        }
    }

    /// So many of the questions that are out have their answer.
    fn taken_in(&mut self, answered: usize, now: RealMoment, domain: &str, pen: &mut Pen<'_>) {
        self.asked.drain(..answered).for_each(|(_, sent)| pen.tell(Event::TakenIn { sent }));
        self.ask(now, domain, pen);
    }
}
