//! Texts as lines: those too long for one go in parts, which are joined again where they arrive.
//!
//! Each part but the last ends in a mark, [`MORE`], which a person sees as an ellipsis and does not type. What a line would not
//! carry (nothing at all, spaces at the end) has the mark's invisible half after it, [`GUARD`].

use std::collections::VecDeque;

use super::name::Mapping;
use crate::base::time::{RealMoment, RealSpan};

/// After a part that is not the last.
const MORE: &str = "…\u{2060}";

/// After a text that ends in what servers cut off, or in this: a word joiner, which has no width.
const GUARD: char = '\u{2060}';

/// Bytes of one text that comes in parts, and of all that one person is getting, at the most.
const TEXT_BYTES_MAX: usize = 16 * 1024;
const ALL_BYTES_MAX: usize = 64 * 1024;

/// Who may be in the middle of a text at once.
const SPEAKERS_MAX: usize = 64;

/// What has not gone on for so long never will.
const PATIENCE: RealSpan = RealSpan::from_whole_secs(60);

/// The parts of a text, each of `bytes` at the most, of which there must be room for the mark and a few letters.
pub(super) fn split(text: &str, bytes: usize) -> Vec<String> {
    let mut rest = text.replace(['\r', '\n', '\0', super::CTCP], " ");
    if rest.is_empty() || rest.ends_with([' ', '\t', GUARD]) {
        rest.push(GUARD);
    }
    let mut parts = Vec::new();
    let mut rest = rest.as_str();
    while rest.len() > bytes {
        let longest = &rest[..rest.floor_char_boundary(bytes - MORE.len())];
        let end = longest.rfind(' ').map_or(longest.len(), |space| space + 1);
        parts.push(format!("{}{MORE}", &rest[..end]));
        rest = &rest[end..];
    }
    parts.push(rest.to_owned());
    parts
}

/// A text of which parts have come.
#[derive(Debug)]
struct Begun {
    /// Who says it, in the room or to this person alone.
    speaker: (bool, Vec<u8>),
    text: String,
    /// It was too long, and is let go as a whole.
    is_lost: bool,
    last: RealMoment,
}

/// Puts texts together. Of those that have begun, the longest unheard of stands first.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    begun: VecDeque<Begun>,
}

impl Joiner {
    /// Takes in a line of a speaker's, in the room or to this person alone; gives the text that is whole with it.
    pub(super) fn hear(
        &mut self,
        now: RealMoment,
        mapping: Mapping,
        (is_in_room, speaker): (bool, &[u8]),
        line: &str,
    ) -> Option<String> {
        while self.begun.front().is_some_and(|begun| now.since(begun.last) > PATIENCE) {
            self.begun.pop_front();
        }
        let is_theirs =
            |begun: &Begun| begun.speaker.0 == is_in_room && mapping.same(&begun.speaker.1, speaker);
        let begun = self.begun.iter().position(is_theirs).and_then(|place| self.begun.remove(place));
        let Some(part) = line.strip_suffix(MORE) else {
            let last = line.strip_suffix(GUARD).unwrap_or(line);
            let Some(mut begun) = begun else { return Some(last.to_owned()) };
            begun.add(last);
            return (!begun.is_lost).then_some(begun.text);
        };
        let mut begun = begun.unwrap_or_else(|| Begun {
            speaker: (is_in_room, mapping.fold(speaker)),
            text: String::new(),
            is_lost: false,
            last: now,
        });
        begun.last = now;
        begun.add(part);
        self.begun.push_back(begun);
        self.let_go();
        None
    }

    /// Lets the oldest go where there are too many, or too much of them.
    fn let_go(&mut self) {
        if self.begun.len() > SPEAKERS_MAX {
            self.begun.pop_front();
        }
        let mut bytes = self.begun.iter().map(|begun| begun.text.len()).sum::<usize>();
        for begun in &mut self.begun {
            if bytes > ALL_BYTES_MAX {
                bytes -= begun.text.len();
                begun.lose();
            }
        }
    }
}

impl Begun {
    fn add(&mut self, part: &str) {
        if self.is_lost || self.text.len() + part.len() > TEXT_BYTES_MAX {
            self.lose();
        } else {
            self.text.push_str(part);
        }
    }

    /// Keeps nothing of it but that it is not told when it ends.
    fn lose(&mut self) {
        self.is_lost = true;
        self.text = String::new();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const T0: RealMoment = RealMoment::ZERO;

    fn hear(joiner: &mut Joiner, speaker: &str, line: &str) -> Option<String> {
        joiner.hear(T0, Mapping::Rfc1459, (true, speaker.as_bytes()), line)
    }

    proptest! {
        #[test]
        fn what_is_split_is_joined(text in "([a-z…\u{2060}é:\u{1F600}]{0,30} ?){0,40}", bytes in 20usize..480) {
            let mut joiner = Joiner::default();
            let parts = split(&text, bytes);
            let (last, others) = parts.split_last().unwrap();
            for (number, part) in others.iter().enumerate() {
                prop_assert!(part.len() <= bytes);
                // In between others speak, and one of the same name alone to this person.
                prop_assert_eq!(hear(&mut joiner, "bert", "hi"), Some("hi".to_owned()));
                let alone = joiner.hear(T0, Mapping::Rfc1459, (false, b"anna"), "hello");
                prop_assert_eq!(alone, Some("hello".to_owned()));
                prop_assert_eq!(hear(&mut joiner, if number % 2 == 0 { "Anna" } else { "anna" }, part), None);
            }
            // What comes is never empty, and has no spaces at its end that a server would cut off.
            prop_assert!(!last.is_empty() && !last.ends_with(' '));
            prop_assert_eq!(hear(&mut joiner, "anna", last), Some(text));
            prop_assert!(joiner.begun.is_empty());
        }
    }

    #[test]
    fn parts_end_at_spaces_and_a_guard_is_no_more_than_needed() {
        assert_eq!(split("hello", 20), ["hello"]);
        assert_eq!(split("…", 20), ["…"]);
        assert_eq!(split("", 20), ["\u{2060}"]);
        assert_eq!(split("bye ", 20), ["bye \u{2060}"]);
        assert_eq!(split("one two three four five", 20), ["one two three …\u{2060}", "four five"]);
        assert_eq!(split(&"x".repeat(25), 20), [format!("{}{MORE}", "x".repeat(14)), "x".repeat(11)]);
        assert_eq!(split("a\r\nQUIT\0\u{1}", 20), ["a  QUIT  \u{2060}"]);
    }

    #[test]
    fn a_text_that_is_too_long_is_let_go_as_a_whole() {
        let mut joiner = Joiner::default();
        let part = format!("{}{MORE}", "x".repeat(400));
        for _ in 0..1_000 {
            assert_eq!(hear(&mut joiner, "anna", &part), None);
            assert!(joiner.begun[0].text.capacity() <= 2 * TEXT_BYTES_MAX);
        }
        assert_eq!(hear(&mut joiner, "anna", "its end"), None);
        assert_eq!(hear(&mut joiner, "anna", "the next"), Some("the next".into()));
    }

    #[test]
    fn many_who_never_end_are_let_go_and_the_rest_is_heard() {
        let mut joiner = Joiner::default();
        let part = format!("{}{MORE}", "x".repeat(4_000));
        for speaker in 0..1_000 {
            assert_eq!(hear(&mut joiner, &format!("v{speaker}"), &part), None);
            assert!(joiner.begun.len() <= SPEAKERS_MAX);
            assert!(joiner.begun.iter().map(|begun| begun.text.len()).sum::<usize>() <= ALL_BYTES_MAX);
        }
        assert_eq!(hear(&mut joiner, "v980", "its end"), None, "too much was kept by others");
        assert!(hear(&mut joiner, "v999", "its end").is_some_and(|text| text.ends_with("xits end")));
    }

    #[test]
    fn what_does_not_go_on_is_let_go() {
        let mut joiner = Joiner::default();
        hear(&mut joiner, "anna", "and so …\u{2060}");
        let later = T0 + PATIENCE + RealSpan::from_nanos(1);
        let next = joiner.hear(later, Mapping::Rfc1459, (true, b"anna"), "on");
        assert_eq!(next, Some("on".into()));
        assert!(joiner.begun.is_empty());
    }
}
