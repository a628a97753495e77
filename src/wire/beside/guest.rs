//! A guest in a room of a chat server. Whether one is in company is counted from who comes and goes; messages are numbered, and scroll
//! away, as a screen has it.

use super::super::messenger::{self, Messenger};
use super::super::{Act, Event, MessageId, Output};
use super::pair::{Heard, Pair, Side};
use crate::base::hash::fingerprint;
use crate::base::time::RealMoment;

/// Bytes of a room's name at the most, before what tells this run's from another's.
const NAME: usize = 24;

/// See the module.
#[derive(Debug)]
pub struct Guest {
    pair: Pair,
    run: u32,
    /// How many others are in the room; `None` while one is in none.
    others: Option<u32>,
    /// The number of the next message, and the places on the screen.
    next: u64,
    screen: u64,
}

impl Guest {
    /// A guest of this messenger, in the run of this number: rooms of different runs are different rooms.
    #[must_use]
    pub fn new(talk: Box<Messenger>, run: u32) -> Self {
        Self { pair: Pair::new(talk, None), run, others: None, next: 0, screen: 1 }
    }

    /// The number of one more message, and the one that has scrolled away with it.
    fn number(&mut self) -> (MessageId, Option<MessageId>) {
        let number = self.next;
        self.next += 1;
        (MessageId(number), number.checked_sub(self.screen).map(MessageId))
    }

    fn hear_talk(&mut self, event: messenger::Event, out: &mut Vec<Output>) {
        use messenger::Event as Talk;
        let event = match (event, &mut self.others) {
            (Talk::Entered { others }, inside @ None) => {
                *inside = Some(others);
                Event::Entered { others }
            }
            (Talk::Joined, Some(others)) => {
                *others = others.saturating_add(1);
                if *others > 1 {
                    return;
                }
                Event::Company
            }
            (Talk::Parted, Some(others)) if *others > 0 => {
                *others -= 1;
                if *others > 0 {
                    return;
                }
                Event::Alone
            }
            (Talk::Posted { text }, Some(_)) => {
                let (message, scrolled) = self.number();
                Event::Posted { message, text, scrolled }
            }
            _ => return,
        };
        out.push(Output::Event(event));
    }
}

/// What a room is called on the server: what every server takes, the same for the same room of the same run.
fn name(room: &str, run: u32) -> String {
    let plain: String =
        room.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    if plain == room && plain.len() <= NAME {
        return format!("{plain}-{run}");
    }
    // Where something was lost, what tells it from others is put behind it.
    let short: String = plain.chars().take(NAME).collect();
    format!("{short}-{}-{run}", fingerprint(room))
}

impl Side for Guest {
    fn pair(&mut self) -> &mut Pair {
        &mut self.pair
    }

    fn act(&mut self, now: RealMoment, act: &Act, out: &mut Vec<Output>) {
        match act {
            Act::Connect => {
                self.others = None;
                self.pair.connect(now, out);
            }
            Act::Disconnect => self.pair.disconnect(now, out),
            Act::Enter { room, rules } => {
                (self.others, self.next, self.screen) = (None, 0, rules.screen.into());
                let room = name(room, self.run);
                self.pair.talk(now, &messenger::Act::Enter { room }, out);
            }
            Act::Post { text, .. } => {
                let scrolled = self.number().1;
                out.extend(scrolled.map(|message| Output::Event(Event::Hidden { message })));
                self.pair.talk(now, &messenger::Act::Post { text: text.clone() }, out);
            }
            Act::Leave => {
                self.others = None;
                self.pair.talk(now, &messenger::Act::Leave, out);
            }
            Act::Ask => self.pair.talk(now, &messenger::Act::Ask, out),
            // Nobody reviews what is said on a server that is not ours.
            Act::Report { .. } => {}
            _ => debug_assert!(false, "no guest does that"),
        }
    }

    fn hear(&mut self, _: RealMoment, heard: Heard, out: &mut Vec<Output>) {
        match heard {
            Heard::Desk(event) => out.push(Output::Event(event)),
            Heard::Talk(event) => self.hear_talk(event, out),
        }
    }

    fn next_deadline(&self) -> Option<RealMoment> {
        self.pair.next_deadline()
    }
}
