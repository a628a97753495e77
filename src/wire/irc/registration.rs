//! Logging in: what the server can do beyond RFC 2812, a password, a nickname and a user (RFC 2812, section 3.1).
//!
//! All of it goes out at once: a server that knows nothing of capabilities goes on without, one that does waits for their end.

use super::line::{self, Line};
use super::{Login, name, refusal};
use crate::base::time::RealMoment;

/// The user's name, which is part of what the server puts before a line.
const USER: &str = "causerie";

/// What is wanted of a server beyond RFC 2812, where it offers it: <https://ircv3.net/irc/>. Nothing is read out of `server-time`;
/// who chats today has it on, and its bytes are part of the load.
const WANTED: [&str; 3] = ["echo-message", "message-tags", "server-time"];

/// Which of those there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Abilities([bool; WANTED.len()]);

impl Abilities {
    /// One's own messages come back.
    pub(super) fn echo(self) -> bool {
        self.0[0]
    }

    /// Lines carry tags, and one may say that one types.
    pub(super) fn tags(self) -> bool {
        self.0[1]
    }

    /// Those in a list of names, perhaps with values, are there from now on, or no longer.
    fn set(&mut self, names: &[u8], is_there: bool) {
        let bare = |name: &[u8]| name.iter().position(|byte| *byte == b'=').unwrap_or(name.len());
        for name in names.split(|byte| *byte == b' ') {
            let place = WANTED.iter().position(|wanted| wanted.as_bytes() == &name[..bare(name)]);
            place.into_iter().for_each(|place| self.0[place] = is_there);
        }
    }

    /// What the server has no more, it says later: `CAP <nick> DEL :<names>`.
    pub(super) fn withdraw(&mut self, line: &Line<'_>) {
        if line.parameter(1) == Some(b"DEL") {
            self.set(line.parameters().last().copied().unwrap_or_default(), false);
        }
    }
}

/// A login on its way.
#[derive(Debug)]
pub(super) struct Registration {
    /// By then it is through.
    pub(super) deadline: RealMoment,
    /// Wanted and offered.
    offered: Abilities,
    /// Other nicknames tried.
    attempts: u8,
    /// The server has said what it calls us.
    is_known: bool,
}

/// What comes of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing.
    On,
    /// This is to be said.
    Say(String),
    /// The server calls us so from now on.
    Called(String),
    /// Through.
    Done,
    /// The server will not have us.
    Refused(String),
    /// The server says what makes no sense.
    Broken(&'static str),
}

impl Registration {
    pub(super) fn new(deadline: RealMoment) -> Self {
        Self { deadline, offered: Abilities::default(), attempts: 0, is_known: false }
    }

    /// What is said first.
    pub(super) fn greeting(login: &Login) -> String {
        let mut lines = String::new();
        line::write(&mut lines, &["CAP", "LS", "302"], None);
        if let Some(password) = &login.password {
            line::write(&mut lines, &["PASS"], Some(password));
        }
        line::write(&mut lines, &["NICK", &login.nickname], None);
        line::write(&mut lines, &["USER", USER, "0", "*"], Some(USER));
        lines
    }

    /// Takes in a line that answers the greeting.
    pub(super) fn hear(&mut self, line: &Line<'_>, login: &Login, abilities: &mut Abilities) -> Step {
        match line.command {
            "CAP" => self.capabilities(line, abilities),
            "001" => {
                self.is_known = true;
                match line.parameter(0).and_then(name::nickname) {
                    Some(nickname) => Step::Called(nickname.to_owned()),
                    None => Step::Broken("it calls us by what is no nickname"),
                }
            }
            "376" | "422" if self.is_known => Step::Done,
            // A name of our own making may be none to this server; one that was given is wrong.
            "432" if self.attempts > 0 => self.try_another(line, login),
            number if refusal::is_taken(number) && !self.is_known => self.try_another(line, login),
            number if refusal::is_of_login(number) => Step::Refused(refusal::words(&line.text())),
            _ => Step::On,
        }
    }

    fn try_another(&mut self, line: &Line<'_>, login: &Login) -> Step {
        let Some(another) = name::another_nickname(&login.nickname, self.attempts) else {
            return Step::Refused(refusal::words(&line.text()));
        };
        self.attempts += 1;
        let mut lines = String::new();
        line::write(&mut lines, &["NICK", &another], None);
        Step::Say(lines)
    }

    /// Agrees upon capabilities: `CAP <nick> LS [*] :<names>`, then `ACK` or `NAK`. Where nothing is wanted, that is their end.
    fn capabilities(&mut self, line: &Line<'_>, abilities: &mut Abilities) -> Step {
        let names = line.parameters().last().copied().unwrap_or_default();
        let mut lines = String::new();
        match line.parameter(1) {
            Some(b"LS") => {
                self.offered.set(names, true);
                let has_more = line.parameter(2) == Some(b"*") && line.parameter(3).is_some();
                let offered: Vec<&str> = WANTED
                    .into_iter()
                    .zip(self.offered.0)
                    .filter_map(|(name, it)| it.then_some(name))
                    .collect();
                match &offered[..] {
                    _ if has_more => return Step::On,
                    [] => line::write(&mut lines, &["CAP", "END"], None),
                    offered => line::write(&mut lines, &["CAP", "REQ"], Some(&offered.join(" "))),
                }
            }
            Some(b"ACK") => {
                abilities.set(names, true);
                line::write(&mut lines, &["CAP", "END"], None);
            }
            Some(b"NAK") => line::write(&mut lines, &["CAP", "END"], None),
            _ => return Step::On,
        }
        Step::Say(lines)
    }
}
