//! One connection of one person, from the login to the goodbye: what their acts are as lines, and the server's lines as events.

use super::super::messenger::{Act, Event};
use super::super::{Output, Transport, http};
use super::line::{self, Line};
use super::name::{self, Mapping};
use super::pulse::Pulse;
use super::reader::{LONGEST, Reader};
use super::registration::{Abilities, Registration, Step, USER};
use super::room::{Reading, Room};
use super::speech::{self, Joiner};
use super::{CTCP, Login, MAX_LINE, refusal};
use crate::base::hash::fnv1a;
use crate::base::time::{RealMoment, RealSpan};

/// The one transport.
pub(super) const STREAM: Transport = Transport(0);

/// How long a server may take over a login.
const LOGIN: RealSpan = RealSpan::from_whole_secs(10);

/// Bytes of a channel's name at the most, unless the server says otherwise (RFC 2812, section 1.3), and what is believed of it.
const CHANNEL_BYTES_MAX: usize = 50;
const CHANNEL_BYTES: std::ops::RangeInclusive<usize> = 16..=100;

/// Bytes of a host's name at the most (RFC 2812, section 2.3.1).
const HOST_BYTES_MAX: usize = 63;

/// Nobody is told more often that somebody types (IRCv3, typing).
const TYPING: RealSpan = RealSpan::from_whole_secs(3);

/// Where the connection stands.
#[derive(Debug, Default)]
enum State {
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
    state: State,
    reader: Reader,
    /// What the server calls us.
    nickname: String,
    mapping: Mapping,
    channel_bytes_max: Option<usize>,
    abilities: Abilities,
    room: Room,
    joiner: Joiner,
    pulse: Pulse,
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
        if !matches!(self.state, State::Down | State::Leaving) {
            out.push(Output::Event(Event::Gone));
        }
        *self = Self::default();
    }

    pub(super) fn tick(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        match &self.state {
            State::Registering(registration) if now >= registration.deadline => {
                self.give_up(&format!("no welcome within {} s", LOGIN.secs()), out);
            }
            State::Up => self.ask(now, out),
            State::Registering(_) | State::Down | State::Opening | State::Leaving => {}
        }
    }

    pub(super) fn next_deadline(&self) -> Option<RealMoment> {
        match &self.state {
            State::Registering(registration) => Some(registration.deadline),
            State::Up => self.pulse.deadline(),
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
                self.room.enter(channel);
            }
            (Act::Post { text }, State::Up) => {
                let channel = self.room.entered().map(str::to_owned);
                channel.into_iter().for_each(|channel| self.say(now, &channel, text, out));
            }
            (Act::Leave, State::Up) => self.leave(out),
            // What is said into a connection that has just gone is lost with it.
            (
                Act::Tell { .. } | Act::Compose { .. } | Act::Enter { .. } | Act::Post { .. } | Act::Leave,
                State::Down | State::Opening | State::Registering(_) | State::Leaving,
            )
            | (Act::Connect | Act::Disconnect | Act::Meet { .. } | Act::Part { .. }, _) => {}
        }
    }

    fn leave(&mut self, out: &mut Vec<Output<Event>>) {
        self.room.leave().into_iter().for_each(|channel| send(&["PART", &channel], None, out));
    }

    fn say(&mut self, now: RealMoment, target: &str, text: &str, out: &mut Vec<Output<Event>>) {
        // What the server makes of a line: ":nick!~user@host PRIVMSG target :text".
        let around =
            ":!~@  PRIVMSG  :\r\n".len() + self.nickname.len() + USER.len() + HOST_BYTES_MAX + target.len();
        let parts = speech::split(text, MAX_LINE - around);
        let mut lines = String::new();
        parts.iter().for_each(|part| line::write(&mut lines, &["PRIVMSG", target], Some(part)));
        if self.abilities.echo() {
            let last = parts.last().map(String::as_bytes).unwrap_or_default();
            self.pulse.will_come_back(now, self.hash(target.as_bytes(), last));
        } else if let Some(number) = self.pulse.said(now) {
            line::write(&mut lines, &["PING", &number.to_string()], None);
        }
        out.push(Output::Send(STREAM, lines));
    }

    fn ask(&mut self, now: RealMoment, out: &mut Vec<Output<Event>>) {
        let number = self.pulse.ask(now);
        number.into_iter().for_each(|number| send(&["PING", &number.to_string()], None, out));
    }

    fn compose(&mut self, now: RealMoment, peer: &str, out: &mut Vec<Output<Event>>) {
        let is_known = |(to, when): &(String, RealMoment)| to == peer && now.since(*when) < TYPING;
        if self.abilities.tags() && !self.typed.as_ref().is_some_and(is_known) {
            send(&["@+typing=active", "TAGMSG", peer], None, out);
            self.typed = Some((peer.to_owned(), now));
        }
    }

    /// Takes in what came of the stream.
    pub(super) fn read(
        &mut self,
        now: RealMoment,
        mut bytes: &[u8],
        login: &Login,
        out: &mut Vec<Output<Event>>,
    ) {
        while !matches!(self.state, State::Down | State::Opening) {
            match self.reader.next(&mut bytes) {
                Ok(Some(line)) => {
                    if let Some(line) = Line::parse(&line) {
                        self.hear(now, &line, login, out);
                    }
                }
                Ok(None) => return,
                Err(_) => self.give_up(&format!("a line of more than {LONGEST} bytes"), out),
            }
        }
    }

    fn hear(&mut self, now: RealMoment, line: &Line<'_>, login: &Login, out: &mut Vec<Output<Event>>) {
        match (line.command, &mut self.state) {
            ("PRIVMSG", State::Up | State::Leaving) => self.message(now, line, out),
            (_, State::Leaving | State::Down | State::Opening) => {}
            ("PING", _) => {
                let token = line.parameter(0).map(String::from_utf8_lossy).unwrap_or_default();
                send(&["PONG"], Some(&token), out);
            }
            ("ERROR", _) => self.error(line, out),
            ("005", _) => self.learn(line),
            (_, State::Registering(registration)) => {
                let step = registration.hear(line, login, &mut self.abilities);
                self.register(step, out);
            }
            (_, State::Up) => self.hear_news(now, line, out),
        }
    }

    fn register(&mut self, step: Step, out: &mut Vec<Output<Event>>) {
        match step {
            Step::On => {}
            Step::Say(lines) => out.push(Output::Send(STREAM, lines)),
            Step::Called(nickname) => self.nickname = nickname,
            Step::Done => {
                self.state = State::Up;
                let (address, typing) = (self.nickname.clone(), self.abilities.tags());
                out.push(Output::Event(Event::Welcome { address, typing }));
            }
            Step::Refused(why) => {
                out.push(Output::Event(Event::Refused { why }));
                self.close(out);
            }
            Step::Broken(why) => self.give_up(why, out),
        }
    }

    /// What the server says of itself: `005 <nick> <key>=<value>… :are supported`.
    fn learn(&mut self, line: &Line<'_>) {
        for parameter in line.parameters() {
            if let Some(name) = parameter.strip_prefix(b"CASEMAPPING=") {
                self.mapping = Mapping::called(name);
            } else if let Some(bytes) = parameter.strip_prefix(b"CHANNELLEN=") {
                let bytes = std::str::from_utf8(bytes).ok().and_then(|bytes| bytes.parse::<usize>().ok());
                self.channel_bytes_max =
                    bytes.map(|bytes| bytes.clamp(*CHANNEL_BYTES.start(), *CHANNEL_BYTES.end()));
            }
        }
    }

    fn reading(&self) -> Reading<'_> {
        Reading { nickname: &self.nickname, mapping: self.mapping }
    }

    fn hash(&self, target: &[u8], text: &[u8]) -> u64 {
        fnv1a(&[&self.mapping.fold(target), &b" "[..], text].concat())
    }

    /// Somebody said something: to this person, or in the room.
    fn message(&mut self, now: RealMoment, line: &Line<'_>, out: &mut Vec<Output<Event>>) {
        let (Some(target), Some(text)) = (line.parameter(0), line.parameter(1)) else { return };
        if self.reading().is_me(line.source) {
            let sent = self.pulse.came_back(self.hash(target, text));
            return out.extend(sent.map(|sent| Output::Event(Event::TakenIn { sent })));
        }
        let text = String::from_utf8_lossy(text);
        let text = match text.strip_prefix(CTCP).map(|request| request.strip_prefix("ACTION ")) {
            None => &*text,
            Some(Some(deed)) => deed.strip_suffix(CTCP).unwrap_or(deed),
            // A question to the client, as for its version.
            Some(None) => return,
        };
        let is_room = |channel: &str| self.mapping.same(channel.as_bytes(), target);
        if self.room.entered().is_some_and(is_room) {
            let text = self.joiner.hear(now, self.mapping, (true, line.source), text);
            out.extend(text.map(|text| Output::Event(Event::Posted { text })));
        } else if let (true, Some(peer)) = (self.reading().is_me(target), name::nickname(line.source)) {
            let text = self.joiner.hear(now, self.mapping, (false, line.source), text);
            out.extend(text.map(|text| Output::Event(Event::Told { peer: peer.to_owned(), text })));
        }
    }

    fn hear_news(&mut self, now: RealMoment, line: &Line<'_>, out: &mut Vec<Output<Event>>) {
        let reading = Reading { nickname: &self.nickname, mapping: self.mapping };
        match line.command {
            "PONG" => {
                let sent = self.pulse.answered(line.parameters().last().copied().unwrap_or_default());
                out.extend(sent.map(|sent| Output::Event(Event::TakenIn { sent })));
                self.ask(now, out);
            }
            "TAGMSG" => {
                let is_to_me = line.parameter(0).is_some_and(|target| reading.is_me(target));
                let is_typing = line.tag("+typing") == Some(b"active") && !reading.is_me(line.source);
                if let (true, Some(peer)) = (is_to_me && is_typing, name::nickname(line.source)) {
                    out.push(Output::Event(Event::Typing { peer: peer.to_owned() }));
                }
            }
            "NICK" if reading.is_me(line.source) => {
                if let Some(nickname) = line.parameter(0).and_then(name::nickname) {
                    self.nickname = nickname.to_owned();
                }
            }
            "CAP" => self.abilities.withdraw(line),
            "404" => self.not_said(line, out),
            number if refusal::is_throttle(number) => {
                let why = refusal::words(&line.text());
                let is_of_entering = self.room.is_closed_by(line, reading);
                out.push(throttled(why.clone()));
                out.extend(is_of_entering.then_some(Output::Event(Event::Refused { why })));
            }
            _ => out.extend(self.room.hear(line, reading).map(Output::Event)),
        }
    }

    /// The room did not take a message in.
    fn not_said(&self, line: &Line<'_>, out: &mut Vec<Output<Event>>) {
        let target = line.parameter(1).unwrap_or_default();
        if self.room.entered().is_some_and(|channel| self.mapping.same(channel.as_bytes(), target)) {
            let why = refusal::words(&line.text());
            let is_throttle = refusal::speaks_of_throttling(&why);
            out.push(if is_throttle { throttled(why) } else { Output::Event(Event::Refused { why }) });
        }
    }

    /// The server closes the connection, and says why.
    fn error(&mut self, line: &Line<'_>, out: &mut Vec<Output<Event>>) {
        let why = refusal::words(&line.text());
        let is_login = matches!(self.state, State::Registering(_));
        if refusal::speaks_of_throttling(&why) {
            out.extend([throttled(why), Output::Event(Event::Gone)]);
        } else if is_login || refusal::speaks_of_banning(&why) {
            out.push(Output::Event(Event::Refused { why }));
        } else {
            out.push(Output::Event(Event::Gone));
        }
        self.close(out);
    }

    fn give_up(&mut self, why: &str, out: &mut Vec<Output<Event>>) {
        out.push(Output::Event(Event::Broken { why: why.to_owned() }));
        self.close(out);
    }

    fn close(&mut self, out: &mut Vec<Output<Event>>) {
        *self = Self::default();
        out.push(Output::Close(STREAM));
    }
}

fn send(words: &[&str], text: Option<&str>, out: &mut Vec<Output<Event>>) {
    let mut lines = String::new();
    line::write(&mut lines, words, text);
    out.push(Output::Send(STREAM, lines));
}

fn throttled(why: String) -> Output<Event> {
    let retry_after = refusal::retry_after(&why);
    Output::Event(Event::Throttled { why, retry_after })
}
