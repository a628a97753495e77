//! Where a person stands with a room: outside, asking, being told who is there, or in it.

use super::super::messenger::Event;
use super::line::Line;
use super::name::Mapping;
use super::refusal;
use crate::base::time::{RealMoment, RealSpan};

/// How long a server may take over letting somebody in, and saying who is there.
pub(super) const ENTERING: RealSpan = RealSpan::from_whole_secs(10);

/// Marks that stand before a nickname in a list of who is there: operators and the like.
const RANKS: &[u8] = b"~&@%+!";

/// One room at a time. Lines about other channels are not ours.
#[derive(Debug, Default)]
pub(super) struct Room {
    place: Place,
    /// By then whoever has asked is in.
    until: RealMoment,
    /// Goodbyes that the server has not answered. Until then what it says is about rooms left.
    goodbyes: u32,
}

#[derive(Debug, Default)]
enum Place {
    /// In none.
    #[default]
    Out,
    /// Has asked to enter this channel.
    Asked(String),
    /// Is in it, and being told who else is.
    Listing {
        /// The channel.
        channel: String,
        /// So many of them so far.
        others: u32,
        /// A list has begun. Whoever came before is in it.
        has_begun: bool,
    },
    /// In this channel.
    In(String),
}

/// What a line about the room is read with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<'a> {
    /// What the server calls this person.
    pub(super) nickname: &'a str,
    /// Which names are the same.
    pub(super) mapping: Mapping,
}

impl Reading<'_> {
    pub(super) fn is_me(self, nickname: &[u8]) -> bool {
        self.mapping.same(nickname, self.nickname.as_bytes())
    }
}

impl Room {
    /// The channel that one is in, and has been told so.
    pub(super) fn entered(&self) -> Option<&str> {
        match &self.place {
            Place::In(channel) => Some(channel),
            Place::Out | Place::Asked(_) | Place::Listing { .. } => None,
        }
    }

    /// Asks to enter a channel.
    pub(super) fn enter(&mut self, now: RealMoment, channel: String) {
        (self.place, self.until) = (Place::Asked(channel), now + ENTERING);
    }

    /// By when the server has to let in whoever has asked.
    pub(super) fn deadline(&self) -> Option<RealMoment> {
        matches!(self.place, Place::Asked(_) | Place::Listing { .. }).then_some(self.until)
    }

    /// Leaves; gives the channel to say goodbye to.
    pub(super) fn leave(&mut self) -> Option<String> {
        match std::mem::take(&mut self.place) {
            Place::Out => None,
            Place::Asked(channel) | Place::Listing { channel, .. } | Place::In(channel) => {
                self.goodbyes += 1;
                Some(channel)
            }
        }
    }

    fn is(&self, reading: Reading<'_>, name: Option<&[u8]>) -> bool {
        match &self.place {
            Place::Out => false,
            Place::Asked(channel) | Place::Listing { channel, .. } | Place::In(channel) => {
                name.is_some_and(|name| reading.mapping.same(name, channel.as_bytes()))
            }
        }
    }

    /// Takes in a line about who comes and goes, and gives what the person is to be told of it.
    pub(super) fn hear(&mut self, line: &Line<'_>, reading: Reading<'_>) -> Option<Event> {
        let is_ours = |number| self.is(reading, line.parameter(number));
        match line.command {
            _ if self.goodbyes > 0 => self.answer_goodbye(line, reading),
            "JOIN" if is_ours(0) => self.came(reading.is_me(line.source)),
            "PART" if is_ours(0) => self.went(reading.is_me(line.source), line),
            "KICK" if is_ours(0) => self.went(reading.is_me(line.parameter(1)?), line),
            // Who leaves the server is named only to those who were in a room with them.
            "QUIT" if !reading.is_me(line.source) => self.went(false, line),
            "353" if is_ours(line.parameters().len().checked_sub(2)?) => self.list(line, reading),
            "366" if is_ours(1) => self.listed(),
            number if refusal::is_of_room(number) && self.is_closed_by(line, reading) => {
                Some(Event::Refused { why: refusal::words(&line.text()) })
            }
            _ => None,
        }
    }

    /// A goodbye is repeated, or answered by there being no such channel (403), or by not being in it (442).
    fn answer_goodbye(&mut self, line: &Line<'_>, reading: Reading<'_>) -> Option<Event> {
        if matches!(line.command, "403" | "442") || line.command == "PART" && reading.is_me(line.source) {
            self.goodbyes -= 1;
        }
        None
    }

    fn came(&mut self, is_me: bool) -> Option<Event> {
        match &mut self.place {
            Place::Asked(channel) if is_me => {
                let channel = std::mem::take(channel);
                self.place = Place::Listing { channel, others: 0, has_begun: false };
                None
            }
            Place::Listing { others, .. } if !is_me => {
                *others = others.saturating_add(1);
                None
            }
            Place::In(_) if !is_me => Some(Event::Joined),
            Place::Out | Place::Asked(_) | Place::Listing { .. } | Place::In(_) => None,
        }
    }

    /// Somebody is gone. When it is this person, who has not said goodbye, that was the server's will.
    fn went(&mut self, is_me: bool, line: &Line<'_>) -> Option<Event> {
        match &mut self.place {
            Place::Listing { .. } | Place::In(_) if is_me => {
                self.place = Place::Out;
                Some(Event::Refused { why: refusal::words(&line.text()) })
            }
            Place::Listing { others, .. } => {
                *others = others.saturating_sub(1);
                None
            }
            Place::In(_) => Some(Event::Parted),
            Place::Out | Place::Asked(_) => None,
        }
    }

    fn list(&mut self, line: &Line<'_>, reading: Reading<'_>) -> Option<Event> {
        if let Place::Listing { others, has_begun, .. } = &mut self.place {
            let names = line.parameters().last()?.split(|byte| *byte == b' ');
            let bare = |name: &[u8]| name.iter().take_while(|byte| RANKS.contains(byte)).count();
            let here = names
                .map(|name| &name[bare(name)..])
                .filter(|name| !name.is_empty() && !reading.is_me(name))
                .count();
            let before = if *has_begun { *others } else { 0 };
            *others = before.saturating_add(u32::try_from(here).unwrap_or(u32::MAX));
            *has_begun = true;
        }
        None
    }

    fn listed(&mut self) -> Option<Event> {
        let Place::Listing { channel, others, .. } = &mut self.place else { return None };
        let (channel, others) = (std::mem::take(channel), *others);
        self.place = Place::In(channel);
        Some(Event::Entered { others })
    }

    /// Whether a refusal answers the request to enter; then nothing comes of it any more. Some name the channel, some the request.
    pub(super) fn is_closed_by(&mut self, line: &Line<'_>, reading: Reading<'_>) -> bool {
        let about = line.parameter(1);
        let is_asked = self.goodbyes == 0 && matches!(self.place, Place::Asked(_));
        let is_answer = is_asked && (about == Some(b"JOIN") || self.is(reading, about));
        if is_answer {
            self.place = Place::Out;
        }
        is_answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READING: Reading<'_> = Reading { nickname: "anna", mapping: Mapping::Rfc1459 };

    fn hear(room: &mut Room, line: &str) -> Option<Event> {
        room.hear(&Line::parse(line.as_bytes()).unwrap(), READING)
    }

    fn room(place: Place) -> Room {
        Room { place, ..Room::default() }
    }

    fn inside() -> Room {
        room(Place::In("#lobby".into()))
    }

    fn asking() -> Room {
        room(Place::Asked("#lobby".into()))
    }

    #[test]
    fn a_visit_to_a_room() {
        let mut room = asking();
        assert_eq!(hear(&mut room, ":bert!b@h PART #lobby"), None, "not in it yet");
        assert_eq!(hear(&mut room, ":Anna!a@h JOIN :#Lobby"), None);
        assert_eq!(hear(&mut room, ":irc 353 anna = #lobby :anna @bert +%carla "), None);
        assert_eq!(hear(&mut room, ":irc 353 anna = #lobby :dora"), None);
        assert_eq!(hear(&mut room, ":irc 366 anna #lobby :End"), Some(Event::Entered { others: 3 }));
        assert_eq!(hear(&mut room, ":emil!e@h JOIN #LOBBY"), Some(Event::Joined));
        assert_eq!(hear(&mut room, ":emil!e@h PART #lobby :bye"), Some(Event::Parted));
        assert_eq!(hear(&mut room, ":bert!b@h QUIT :bye"), Some(Event::Parted));
        assert_eq!(hear(&mut room, ":bert!b@h KICK #lobby carla :out"), Some(Event::Parted));
        for other in [
            ":a JOIN #other",
            ":a PART #other",
            ":a KICK #other anna",
            ":irc 366 anna #lobby",
            ":anna!a@h QUIT",
        ] {
            assert_eq!(hear(&mut room, other), None, "{other}");
        }
        let out = hear(&mut room, ":bert!b@h KICK #lobby ANNA :enough");
        assert_eq!(out, Some(Event::Refused { why: "enough".into() }));
        assert_eq!(hear(&mut room, ":dora!d@h PART #lobby"), None);
        let mut room = inside();
        assert!(matches!(hear(&mut room, ":anna!a@h PART #lobby"), Some(Event::Refused { .. })));
    }

    #[test]
    fn who_comes_while_being_listed_is_counted_once() {
        let mut room = asking();
        for line in [
            ":anna!a@h JOIN #lobby",
            ":bert!b@h JOIN #lobby",
            ":irc 353 anna = #lobby :anna bert",
            ":carla!c@h JOIN #lobby",
            ":dora!d@h JOIN #lobby",
            ":carla!c@h QUIT",
        ] {
            assert_eq!(hear(&mut room, line), None);
        }
        assert_eq!(hear(&mut room, ":irc 366 anna #lobby :End"), Some(Event::Entered { others: 2 }));
    }

    #[test]
    fn hostile_lists_are_numbers() {
        let mut room =
            room(Place::Listing { channel: "#lobby".into(), others: u32::MAX - 1, has_begun: true });
        for _ in 0..3 {
            assert_eq!(hear(&mut room, ":irc 353 anna = #lobby :a b @ @@  c"), None);
        }
        for line in [
            "353",
            ":irc 353",
            ":irc 353 anna",
            "366",
            "366 anna",
            "JOIN",
            "PART",
            "KICK",
            "KICK #lobby",
            "QUIT",
        ] {
            assert_eq!(hear(&mut room, line), None, "{line}");
        }
        assert_eq!(hear(&mut room, "366 anna #lobby"), Some(Event::Entered { others: u32::MAX - 1 }));
    }

    #[test]
    fn a_refusal_answers_a_request_for_this_room() {
        let closes =
            |room: &mut Room, line: &str| room.is_closed_by(&Line::parse(line.as_bytes()).unwrap(), READING);
        assert!(closes(&mut asking(), ":irc 471 anna #Lobby :full"));
        assert!(closes(&mut asking(), ":irc 263 anna JOIN :later"));
        assert!(!closes(&mut asking(), ":irc 471 anna #other :full"));
        assert!(!closes(&mut asking(), ":irc 471 anna"));
        assert!(!closes(&mut inside(), ":irc 471 anna #lobby :full"));
    }

    #[test]
    fn what_is_said_of_a_room_left_is_not_about_the_next() {
        let mut room = inside();
        for goodbye in
            [":anna!a@h PART #lobby", ":irc 442 anna #lobby :not there", ":irc 403 anna #lobby :no such"]
        {
            assert_eq!(room.leave().as_deref(), Some("#lobby"));
            room.enter(RealMoment::ZERO, "#lobby".into());
            for before in [
                ":anna!a@h JOIN #lobby",
                ":irc 366 anna #lobby",
                ":irc 471 anna #lobby",
                ":b!b@h PART #lobby",
            ] {
                assert_eq!(hear(&mut room, before), None);
            }
            assert_eq!(hear(&mut room, goodbye), None);
            assert_eq!(hear(&mut room, ":anna!a@h JOIN #lobby"), None);
            assert_eq!(hear(&mut room, ":irc 366 anna #lobby"), Some(Event::Entered { others: 0 }));
        }
        assert_eq!((room.leave().is_some(), room.leave()), (true, None));
    }
}
