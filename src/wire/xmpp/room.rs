//! The room that a person is in, or enters (XEP-0045).

use super::super::messenger::Event;
use super::complaint::Complaint;
use super::element::{Element, Escaped, ns};
use super::pen::Pen;
use crate::base::hash::fnv1a;

/// Others in a room at the most: who tells of more is not taken at their word.
const MOST_OTHERS: usize = 65_536;
/// How often another nick is tried, where one is taken.
const MOST_NICKS: u32 = 3;

/// What became of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It goes on.
    Here,
    /// Out of the room.
    Out,
    /// The server makes no sense.
    Broken(String),
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Room {
    /// Without a nick.
    address: String,
    nick: String,
    nicks: u32,
    is_entered: bool,
    /// The nicks of the others, hashed and sorted: a room of thousands has as many of these as there are guests in it. Two of one hash
    /// count as one, which at two thousand is the case in one room of two thousand.
    others: Vec<u32>,
}

impl Room {
    /// The room of this name at a service.
    pub(super) fn new(name: &str, service: &str, nick: String) -> Self {
        Self {
            address: format!("{}@{service}", node(name)),
            nick,
            nicks: 0,
            is_entered: false,
            others: Vec::new(),
        }
    }

    pub(super) fn enter(&self, pen: &mut Pen<'_>) {
        let (room, nick) = (Escaped(&self.address), Escaped(&self.nick));
        let without_history = format_args!("<x xmlns='{}'><history maxstanzas='0'/></x>", ns::MUC);
        pen.stanza("presence", format_args!("to='{room}/{nick}'"), without_history);
    }

    pub(super) fn leave(&self, pen: &mut Pen<'_>) {
        let (room, nick) = (Escaped(&self.address), Escaped(&self.nick));
        pen.stanza("presence", format_args!("to='{room}/{nick}' type='unavailable'"), "");
    }

    /// Where a message to everybody goes, once there.
    pub(super) fn audience(&self) -> Option<&str> {
        self.is_entered.then_some(&self.address)
    }

    /// Who in this room it is from: nobody's is the room's own, `None` what comes from elsewhere.
    pub(super) fn sender<'a>(&self, from: &'a str) -> Option<&'a str> {
        match from.strip_prefix(self.address.as_str())? {
            "" => Some(""),
            rest => rest.strip_prefix('/'),
        }
    }

    /// A presence of somebody in the room, the person included.
    pub(super) fn presence(&mut self, nick: &str, stanza: &Element, pen: &mut Pen<'_>) -> Outcome {
        // A service that gives another nick than it was asked for says so (7.2.3).
        let is_own = nick == self.nick || (has_status(stanza, "110") && has_status(stanza, "210"));
        match stanza.attribute("type") {
            Some("error") if !self.is_entered && (is_own || nick.is_empty()) => self.kept_out(stanza, pen),
            Some("error") => Outcome::Here,
            Some("unavailable") if is_own => {
                let complaint = Complaint::of_removal(stanza);
                pen.tell(complaint.event());
                Outcome::Out
            }
            Some("unavailable") => {
                self.part(nick, pen);
                Outcome::Here
            }
            None if is_own => {
                nick.clone_into(&mut self.nick);
                if has_status(stanza, "201") {
                    self.unlock(pen);
                }
                if !self.is_entered {
                    self.is_entered = true;
                    self.others.shrink_to_fit();
                    pen.tell(Event::Entered { others: u32::try_from(self.others.len()).unwrap_or(u32::MAX) });
                }
                Outcome::Here
            }
            None => self.join(nick, pen),
            Some(_) => Outcome::Here,
        }
    }

    /// A message in the room.
    pub(super) fn message(&self, nick: &str, stanza: &Element, pen: &mut Pen<'_>) -> Outcome {
        if stanza.attribute("type") == Some("error") {
            let complaint = Complaint::in_stanza(stanza);
            // Who is not in the room, whatever the reason, cannot say anything there (7.4).
            let is_out = complaint.condition == "not-acceptable" && !complaint.is_throttle();
            pen.tell(if is_out { complaint.event() } else { complaint.of_message() });
            return if is_out { Outcome::Out } else { Outcome::Here };
        }
        let is_old = stanza.child("delay", ns::DELAY).is_some();
        let is_others = nick != self.nick && !nick.is_empty();
        if let Some(body) = stanza.child("body", ns::CLIENT)
            && self.is_entered
            && is_others
            && !is_old
        {
            pen.tell(Event::Posted { text: body.text.clone() });
        }
        Outcome::Here
    }

    fn kept_out(&mut self, stanza: &Element, pen: &mut Pen<'_>) -> Outcome {
        let complaint = Complaint::in_stanza(stanza);
        if complaint.condition == "conflict" && self.nicks < MOST_NICKS {
            self.nicks += 1;
            self.nick = format!("{}-{}", self.nick, self.nicks);
            self.enter(pen);
            return Outcome::Here;
        }
        if complaint.is_throttle() {
            pen.tell(complaint.clone().event());
        }
        pen.tell(Event::Refused { why: complaint.why() });
        Outcome::Out
    }

    /// Whoever comes first finds the room locked on some servers, until it says that it is all right as it is (10.1.2).
    fn unlock(&self, pen: &mut Pen<'_>) {
        let room = Escaped(&self.address);
        let as_it_is =
            format_args!("<query xmlns='{}'><x xmlns='jabber:x:data' type='submit'/></query>", ns::MUC_OWNER);
        pen.stanza("iq", format_args!("type='set' id='room' to='{room}'"), as_it_is);
    }

    /// Somebody else is there: new, or in another state.
    fn join(&mut self, nick: &str, pen: &mut Pen<'_>) -> Outcome {
        let hash = short_hash(nick);
        if let Err(place) = self.others.binary_search(&hash) {
            if self.others.len() == MOST_OTHERS {
                return Outcome::Broken(format!("a room with more than {MOST_OTHERS} others in it"));
            }
            self.others.insert(place, hash);
            if self.is_entered {
                pen.tell(Event::Joined);
            }
        }
        Outcome::Here
    }

    fn part(&mut self, nick: &str, pen: &mut Pen<'_>) {
        if let Ok(place) = self.others.binary_search(&short_hash(nick)) {
            self.others.remove(place);
            if self.is_entered {
                pen.tell(Event::Parted);
            }
        }
    }
}

/// The scenario's name of a room as the part of an address before the `@`: what is not taken everywhere is written as a number.
fn node(name: &str) -> String {
    let mut node = String::new();
    for character in name.chars() {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' => node.push(character.to_ascii_lowercase()),
            _ => node.push_str(&format!("_{:x}", u32::from(character))),
        }
    }
    node
}

fn short_hash(nick: &str) -> u32 {
    let hash = fnv1a(nick.as_bytes());
    (hash ^ (hash >> 32)) as u32
}

fn has_status(stanza: &Element, code: &str) -> bool {
    let Some(x) = stanza.child("x", ns::MUC_USER) else { return false };
    x.children.iter().any(|child| child.is("status", ns::MUC_USER) && child.attribute("code") == Some(code))
}
