//! One connection of one person, from the login to the goodbye, and what their acts are as lines. What the server's lines are as events
//! is in [`super::hearing`].

use super::super::messenger::{Act, Event};
use super::super::{Output, Transport, http};
use super::name::{self, Mapping};
use super::pulse::Pulse;
use super::reader::Reader;
use super::registration::{Abilities, Registration};
use super::room::{ENTERING, Room};
use super::speech::{self, Joiner};
use super::{Login, MAX_LINE, line};
use crate::base::hash::fnv1a;
use crate::base::time::{RealMoment, RealSpan};

/// The one transport.
pub(super) const STREAM: Transport = Transport(0);

/// How long a server may take over a login.
const LOGIN: RealSpan = RealSpan::from_whole_secs(10);

/// Bytes of a channel's name at the most, unless the server says otherwise (RFC 2812, section 1.3).
const CHANNEL_BYTES_MAX: usize = 50;

/// Bytes of what a server makes of a user's and a host's name at the most. RFC 2812 has 63 for a host, InspIRCd one more.
const USER_BYTES_MAX: usize = 11;
const HOST_BYTES_MAX: usize = 64;

/// Nobody is told more often that somebody types (IRCv3, typing).
const TYPING: RealSpan = RealSpan::from_whole_secs(3);

/// Where the connection stands.
#[derive(Debug, Default)]
pub(super) enum State {
    /// There is none, or it is being closed.
    #[default]
    Down,
    /// The transport is being opened.
    Opening,
    /// Logging in.
    Registering(Registration),
    /// Logged in.
    Up,
    /// This person has hung up. What still arrives concerns messages alone.
    Leaving,
}

/// What there is for as long as a connection lasts.
#[derive(Debug, Default)]
pub(super) struct Session {
    pub(super) state: State,
    pub(super) reader: Reader,
    /// What the server calls us.
    pub(super) nickname: String,
    pub(super) mapping: Mapping,
    pub(super) channel_bytes_max: Option<usize>,
    pub(super) abilities: Abilities,
    pub(super) room: Room,
    pub(super) joiner: Joiner,
    pub(super) pulse: Pulse,
    /// Whom this person last typed to, and when.
    typed: Option<(String, RealMoment)>,
}

impl Session {
    pub(super) fn opened(&mut self, now: RealMoment, login: &Login, out: &mut Vec<Output<Event>>) {
        if matches!(self.state, State::Opening) {
            self.state = State::Registering(Registration::new(now + LOGIN));
            self.nickname.clone_from(&login.nickname);
            out.push(Output::Send(STREAM, Registration::greeting(login)));
        }
    }

    pub(super) fn closed(&mut self, out: &mut Vec<Output<Event>>) {
        self.leave_unanswered(out);
        if !matches!(self.state, State::Down | State::Leaving) {
            out.push(Output::Event(Event::Gone(None)));
        }
        *self = Self::default();
    }

    pub(super) fn tick(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        match &self.state {
            State::Registering(registration) if now >= registration.deadline => {
                self.give_up(&format!("no welcome within {} s", LOGIN.secs()), out);
            }
            State::Up => {
                if self.room.deadline().is_some_and(|deadline| deadline <= now) {
                    let why = format!("not let in within {} s", ENTERING.secs());
                    out.push(Output::Event(Event::Refused { why }));
                    self.leave(out);
                }
                self.ask(now, out);
            }
            State::Registering(_) | State::Down | State::Opening | State::Leaving => {}
        }
    }

    pub(super) fn next_deadline(&self) -> Option<RealMoment> {
        match &self.state {
            State::Registering(registration) => Some(registration.deadline),
            State::Up => self.pulse.deadline().into_iter().chain(self.room.deadline()).min(),
            State::Down | State::Opening | State::Leaving => None,
        }
    }

    pub(super) fn act(&mut self, now: RealMoment, act: &Act, out: &mut Vec<Output<Event>>) {
        match (act, &self.state) {
            (Act::Connect, State::Down | State::Leaving) => {
                *self = Self { state: State::Opening, ..Self::default() };
                out.push(Output::Open(STREAM, http::Opening::default()));
            }
            (Act::Disconnect, State::Opening) => self.close(out),
            (Act::Disconnect, State::Registering(_) | State::Up) => {
                self.state = State::Leaving;
                ask(self.pulse.ask_last(now), out);
                send(&["QUIT"], None, out);
                out.push(Output::Close(STREAM));
            }
            (Act::Open { .. } | Act::Ready { .. } | Act::Rest, _) => {
                debug_assert!(false, "there is no queue on IRC");
            }
            // Nobody is called what cannot be a nickname.
            (Act::Tell { peer, text }, State::Up) => {
                name::nickname(peer.as_bytes()).into_iter().for_each(|peer| self.say(now, peer, text, out));
            }
            (Act::Compose { peer }, State::Up) => {
                name::nickname(peer.as_bytes()).into_iter().for_each(|peer| self.compose(now, peer, out));
            }
            (Act::Enter { room }, State::Up) => {
                self.leave(out);
                let channel = name::channel(room, self.channel_bytes_max.unwrap_or(CHANNEL_BYTES_MAX));
                send(&["JOIN", &channel], None, out);
                self.room.enter(now, channel);
            }
            (Act::Post { text }, State::Up) => {
                let channel = self.room.entered().map(str::to_owned);
                channel.into_iter().for_each(|channel| self.say(now, &channel, text, out));
            }
            (Act::Leave, State::Up) => self.leave(out),
            (Act::Ask, State::Up) => {
                ask(self.pulse.said(now), out);
            }
            // What is said into a connection that has just gone is lost with it.
            (
                Act::Tell { .. }
                | Act::Compose { .. }
                | Act::Enter { .. }
                | Act::Post { .. }
                | Act::Leave
                | Act::Ask,
                State::Down | State::Opening | State::Registering(_) | State::Leaving,
            )
            | (Act::Connect | Act::Disconnect | Act::Meet { .. } | Act::Part { .. }, _) => {}
        }
    }

    fn leave(&mut self, out: &mut Vec<Output<Event>>) {
        self.room.leave().into_iter().for_each(|channel| send(&["PART", &channel], None, out));
    }

    fn say(&mut self, now: RealMoment, target: &str, text: &str, out: &mut Vec<Output<Event>>) {
        // What the server makes of a line: ":nick!user@host PRIVMSG target :text".
        let names = self.nickname.len() + USER_BYTES_MAX + HOST_BYTES_MAX + target.len();
        let around = ":!@ PRIVMSG  :\r\n".len() + names;
        let parts = speech::split(text, MAX_LINE - around);
        let mut lines = String::new();
        parts.iter().for_each(|part| line::write(&mut lines, &["PRIVMSG", target], Some(part)));
        if self.abilities.echo() {
            let hash = |part: Option<&String>| {
                self.hash(target.as_bytes(), part.map(String::as_bytes).unwrap_or_default())
            };
            self.pulse.will_come_back(now, hash(parts.first()), hash(parts.last()));
        } else if let Some(number) = self.pulse.said(now) {
            line::write(&mut lines, &["PING", &number.to_string()], None);
        }
        out.push(Output::Send(STREAM, lines));
    }

    pub(super) fn ask(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        ask(self.pulse.ask(now), out);
    }

    fn compose(&mut self, now: RealMoment, peer: &str, out: &mut Vec<Output<Event>>) {
        let is_known = |(to, when): &(String, RealMoment)| to == peer && now.since(*when) < TYPING;
        if self.abilities.tags() && !self.typed.as_ref().is_some_and(is_known) {
            send(&["@+typing=active", "TAGMSG", peer], None, out);
            self.typed = Some((peer.to_owned(), now));
        }
    }

    /// What stands for a message that will come back.
    pub(super) fn hash(&self, target: &[u8], text: &[u8]) -> u64 {
        fnv1a(&[&self.mapping.fold(target), &b" "[..], text].concat())
    }

    /// The connection is over, and so is waiting for answers.
    pub(super) fn leave_unanswered(&self, out: &mut Vec<Output<Event>>) {
        out.extend(self.pulse.unanswered().map(|sent| Output::Event(Event::Unanswered { sent })));
    }

    pub(super) fn give_up(&mut self, why: &str, out: &mut Vec<Output<Event>>) {
        self.leave_unanswered(out);
        out.push(Output::Event(Event::Broken { why: why.to_owned() }));
        self.close(out);
    }

    pub(super) fn close(&mut self, out: &mut Vec<Output<Event>>) {
        *self = Self::default();
        out.push(Output::Close(STREAM));
    }
}

/// Asks the question of this number, if there is one to ask.
fn ask(number: Option<u64>, out: &mut Vec<Output<Event>>) {
    number.into_iter().for_each(|number| send(&["PING", &number.to_string()], None, out));
}

pub(super) fn send(words: &[&str], text: Option<&str>, out: &mut Vec<Output<Event>>) {
    let mut lines = String::new();
    line::write(&mut lines, words, text);
    out.push(Output::Send(STREAM, lines));
}
