//! How long a server lets lie what it was sent: after messages it is asked whether it has taken them in, at most once a second and one
//! question at a time. By an acknowledgement (XEP-0198) where it offers those, else by a ping (XEP-0199): both wait behind all that
//! was sent before. Many servers hold back who says too much by not reading on, and say nothing of it; so this is seen.

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
    /// By an acknowledgement of so many stanzas, once there is a question.
    Acknowledgement { until: u32 },
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
    /// When the question went out that has no answer yet.
    asked: Option<RealMoment>,
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
        Self { way, before, heard: 0, pings: 0, asked: None, next, is_due: false }
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
        (self.is_due && self.asked.is_none() && self.way != Way::Undecided).then_some(self.next)
    }

    /// Asks, if there is something to ask about and it is time.
    pub(super) fn ask(&mut self, now: RealMoment, domain: &str, pen: &mut Pen<'_>) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        match self.way {
            Way::Undecided => return,
            Way::Acknowledgement { .. } => {
                self.way = Way::Acknowledgement { until: pen.stanzas().wrapping_sub(self.before) };
                pen.send(format_args!("<r xmlns='{}'/>", ns::MANAGEMENT));
            }
            Way::Ping => {
                self.pings = self.pings.wrapping_add(1);
                let (number, domain) = (self.pings, Escaped(domain));
                let ping = format_args!("<ping xmlns='{}'/>", ns::PING);
                pen.stanza("iq", format_args!("type='get' id='ping-{number}' to='{domain}'"), ping);
            }
        }
        (self.asked, self.next, self.is_due) = (Some(now), now + PAUSE, false);
    }

    /// Asks for the last time: after all that was said, but where a question is out already, which must do.
    pub(super) fn ask_last(&mut self, now: RealMoment, domain: &str, pen: &mut Pen<'_>) {
        self.next = now;
        self.ask(now, domain, pen);
        self.is_due = false;
    }

    /// When the question went out that has no answer yet.
    pub(super) const fn unanswered(&self) -> Option<RealMoment> {
        self.asked
    }

    /// The answer to a question of this id came, whoever asked it.
    pub(super) fn answered(&mut self, id: &str, now: RealMoment, domain: &str, pen: &mut Pen<'_>) {
        let number = id.strip_prefix("ping-").and_then(|number| number.parse().ok());
        if number == Some(self.pings) && self.way == Way::Ping {
            self.taken_in(now, domain, pen);
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
                (self.way, self.heard) = (Way::Acknowledgement { until: 0 }, 0);
                self.ask(now, domain, pen);
                Ok(())
            }
            ("failed", Way::Undecided) => {
                self.way = Way::Ping;
                self.ask(now, domain, pen);
                Ok(())
            }
            ("r", Way::Acknowledgement { .. }) => {
                pen.send(format_args!("<a xmlns='{}' h='{}'/>", ns::MANAGEMENT, self.heard));
                Ok(())
            }
            ("a", Way::Acknowledgement { until }) => {
                let heard = element.attribute("h").and_then(|heard| heard.parse().ok());
                let heard: u32 = heard.ok_or("an acknowledgement of no number")?;
                let sent = pen.stanzas().wrapping_sub(self.before);
                let (behind, missing) = (sent.wrapping_sub(heard), until.wrapping_sub(heard));
                // Both are small where the server is right, whatever the counts went past.
                if behind > u32::MAX / 2 {
                    return Err(format!("it heard {heard} stanzas, and so many were never sent"));
                }
                if missing == 0 || missing > u32::MAX / 2 {
                    self.taken_in(now, domain, pen);
                }
                Ok(())
            }
            (name, _) => Err(format!("a `{name}` of stream management where there is none")),
        }
    }

    /// The question that is out has its answer, if one is.
    fn taken_in(&mut self, now: RealMoment, domain: &str, pen: &mut Pen<'_>) {
        if let Some(sent) = self.asked.take() {
            pen.tell(Event::TakenIn { sent });
            self.ask(now, domain, pen);
        }
    }
}
