//! What the server's lines are as events.

use super::super::Output;
use super::super::messenger::{Event, LONGEST_NAME};
use super::line::Line;
use super::name::{self, Mapping};
use super::reader::LONGEST;
use super::registration::Step;
use super::room::Reading;
use super::session::{STREAM, Session, State, send};
use super::{CTCP, Login, refusal};
use crate::base::time::RealMoment;

/// What is believed of a server that says how many bytes a channel's name may have.
const CHANNEL_BYTES: std::ops::RangeInclusive<usize> = 16..=100;

impl Session {
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
            ("PONG", State::Leaving) => self.taken_in(line, out),
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

    /// Somebody said something: to this person, or in the room.
    fn message(&mut self, now: RealMoment, line: &Line<'_>, out: &mut Vec<Output<Event>>) {
        let (Some(target), Some(text)) = (line.parameter(0), line.parameter(1)) else { return };
        if line.source.len() > LONGEST_NAME {
            return;
        }
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

    /// An answer came.
    fn taken_in(&mut self, line: &Line<'_>, out: &mut Vec<Output<Event>>) {
        let sent = self.pulse.answered(line.parameters().last().copied().unwrap_or_default());
        out.extend(sent.map(|sent| Output::Event(Event::TakenIn { sent })));
    }

    fn hear_news(&mut self, now: RealMoment, line: &Line<'_>, out: &mut Vec<Output<Event>>) {
        let reading = Reading { nickname: &self.nickname, mapping: self.mapping };
        match line.command {
            "PONG" => {
                self.taken_in(line, out);
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
            "401" | "404" => out.push(not_said(line)),
            number if refusal::is_throttle(number) => {
                let why = refusal::words(&line.text());
                let is_of_entering = self.room.is_closed_by(line, reading);
                out.push(throttled(why.clone()));
                out.extend(is_of_entering.then_some(Output::Event(Event::Refused { why })));
            }
            _ => out.extend(self.room.hear(line, reading).map(Output::Event)),
        }
    }

    /// The server closes the connection, and says why.
    fn error(&mut self, line: &Line<'_>, out: &mut Vec<Output<Event>>) {
        self.leave_unanswered(out);
        let why = refusal::words(&line.text());
        let is_login = matches!(self.state, State::Registering(_));
        let is_throttle = refusal::speaks_of_throttling(&why);
        if is_throttle {
            out.push(throttled(why.clone()));
        } else if is_login || refusal::speaks_of_banning(&why) {
            out.push(Output::Event(Event::Refused { why: why.clone() }));
        }
        if is_throttle || !is_login {
            out.push(Output::Event(Event::Gone(Some(why).filter(|why| !why.is_empty()))));
        }
        self.close(out);
    }
}

fn throttled(why: String) -> Output<Event> {
    let retry_after = refusal::retry_after(&why);
    Output::Event(Event::Throttled { why, retry_after })
}

/// A message was for nobody (401), or not taken in by a room (404), which may be because there were too many.
fn not_said(line: &Line<'_>) -> Output<Event> {
    let why = refusal::words(&line.text());
    if refusal::speaks_of_throttling(&why) { throttled(why) } else { Output::Event(Event::Failed { why }) }
}
