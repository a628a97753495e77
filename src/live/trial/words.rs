//! What is said in a trial, and whether it came as it was sent: to the other, once, to the letter.

use crate::base::words::Closing;
use crate::wire::beside::last_words;

/// Characters of a text that are quoted around where two differ, and of those the ones before it.
const QUOTED: usize = 40;
const BEFORE: usize = 11;

/// All that was said.
#[derive(Debug)]
pub(super) struct Words {
    /// Tells this trial's messages from those of others.
    number: u64,
    said: Vec<Said>,
}

/// One message.
#[derive(Debug)]
struct Said {
    by: usize,
    text: String,
    /// By which it is known, whatever became of the rest.
    mark: String,
    arrived: bool,
}

/// What is wrong with a message that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Amiss {
    /// It is one's own.
    Echo,
    /// It came before.
    Twice,
    /// It is not what was sent: how it came there, and how it was sent.
    Differs(String, String),
}

impl Words {
    pub(super) const fn new(number: u64) -> Self {
        Self { number, said: Vec::new() }
    }

    /// A room that nobody else has.
    pub(super) fn room(&self) -> String {
        format!("causerie-try-{}", self.number % 1_000_000)
    }

    /// From which the connections of the visitor of this number draw.
    pub(super) const fn seed(&self, nth: u64) -> u64 {
        self.number.wrapping_add(nth << 8)
    }

    /// A message such as those of a run, with what markup and JSON stumble over; and its number.
    pub(super) fn message(&mut self, by: usize) -> (usize, String) {
        let nth = self.said.len() + 1;
        let mark = token(self.number, nth as u64);
        self.say(by, format!("{mark} this is message {nth} & \"all\" is <well>"), mark)
    }

    /// The last words of an agent, which have no token.
    pub(super) fn last(&mut self, by: usize) -> (usize, String) {
        let text = last_words(Closing::Resolved);
        self.say(by, text.clone(), text)
    }

    fn say(&mut self, by: usize, text: String, mark: String) -> (usize, String) {
        self.said.push(Said { by, text: text.clone(), mark, arrived: false });
        (self.said.len() - 1, text)
    }

    /// Whether the message of this number has arrived.
    pub(super) fn has_arrived(&self, number: usize) -> bool {
        self.said.get(number).is_some_and(|said| said.arrived)
    }

    /// `who` is told `text`: whether that is one of ours.
    pub(super) fn hear(&mut self, who: usize, text: &str) -> Result<bool, Amiss> {
        let ours = self.said.iter_mut().rev().find(|said| text.contains(&said.mark));
        let Some(said) = ours else { return Ok(false) };
        if said.by == who {
            return Err(Amiss::Echo);
        }
        if std::mem::replace(&mut said.arrived, true) {
            return Err(Amiss::Twice);
        }
        match difference(text, &said.text) {
            Some((came, sent)) => Err(Amiss::Differs(came, sent)),
            None => Ok(true),
        }
    }
}

/// Where two texts differ, as it is in each.
fn difference(came: &str, sent: &str) -> Option<(String, String)> {
    if came == sent {
        return None;
    }
    let same = came.chars().zip(sent.chars()).take_while(|(one, other)| one == other).count();
    let from = same.saturating_sub(BEFORE);
    Some((excerpt(came, from), excerpt(sent, from)))
}

fn excerpt(text: &str, from: usize) -> String {
    let all = text.chars().count();
    let shown: String = text.chars().skip(from).take(QUOTED).collect();
    let (before, after) = (if from > 0 { "…" } else { "" }, if from + QUOTED < all { "…" } else { "" });
    format!("{before}{shown}{after}")
}

/// A token such as those of a run: 32 letters and digits.
fn token(number: u64, nth: u64) -> String {
    let letters = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut bits = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(nth);
    let letter = |_| {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(letters[(bits >> 59) as usize])
    };
    (0..32).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_once_to_the_other_and_to_the_letter() {
        let mut words = Words::new(7);
        let (first, text) = words.message(0);
        assert!(!words.has_arrived(first));
        assert_eq!(words.hear(1, "Hello, how can I help?"), Ok(false), "nobody of us said that");
        assert_eq!(words.hear(0, &text), Err(Amiss::Echo));
        assert!(!words.has_arrived(first), "an echo is no arrival");
        assert_eq!(words.hear(1, &text), Ok(true));
        assert!(words.has_arrived(first));
        assert_eq!(words.hear(1, &text), Err(Amiss::Twice));
    }

    #[test]
    fn where_a_message_differs_is_shown() {
        let mut words = Words::new(7);
        let (_, text) = words.message(1);
        let came = text.replace('&', "&amp;");
        let (came, sent) = match words.hear(0, &came) {
            Err(Amiss::Differs(came, sent)) => (came, sent),
            other => panic!("{other:?}"),
        };
        assert_eq!(came, "…message 1 &amp; \"all\" is <well>");
        assert_eq!(sent, "…message 1 & \"all\" is <well>");
    }

    #[test]
    fn last_words_are_the_same_each_time_and_told_apart() {
        let mut words = Words::new(7);
        for _ in 0..2 {
            let (number, text) = words.last(1);
            assert!(!words.has_arrived(number));
            assert_eq!(words.hear(0, &text), Ok(true));
            assert!(words.has_arrived(number));
        }
    }

    #[test]
    fn no_two_messages_are_alike() {
        let mut words = Words::new(1);
        let (first, second) = (words.message(0).1, words.message(0).1);
        assert_ne!(first[..32], second[..32]);
    }
}
