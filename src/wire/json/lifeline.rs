//! What a client keeps so that a connection that breaks can be taken up again: what the server knows it by, how many frames were
//! heard, and the last that were said.
//!
//! Neither side knows what of that reached the other before the break; in the greetings both say how many frames they read,
//! and what the other did not is said again. So everything that a client says is heard once.

use std::collections::VecDeque;

use super::frame::Resume;

/// Frames said that are kept. A server that has read none of the last 64 when the connection breaks never reads those before.
const KEPT: usize = 64;
/// Bytes of a token at the most: a server's are far shorter.
const TOKEN: usize = 128;

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Lifeline {
    token: Option<String>,
    /// Frames heard.
    heard: u64,
    /// The last frames said.
    said: VecDeque<String>,
    /// How many were said before those.
    before: u64,
}

impl Lifeline {
    /// What the greeting says.
    pub(super) fn greeting(&self) -> Resume {
        Resume { token: self.token.clone(), heard: self.token.as_ref().map(|_| self.heard) }
    }

    /// A frame was heard.
    pub(super) fn hear(&mut self) {
        self.heard += 1;
    }

    /// A frame is said, or would be if there were a connection.
    pub(super) fn say(&mut self, frame: &str) {
        if self.token.is_none() {
            return;
        }
        if self.said.len() == KEPT {
            self.said.pop_front();
            self.before += 1;
        }
        self.said.push_back(frame.to_owned());
    }

    /// The answer to the greeting. What is to be said again, where the server takes up what broke off; `None` where this is a
    /// beginning.
    ///
    /// # Errors
    /// Says what makes no sense in it, for a person to read.
    pub(super) fn answered(&mut self, answer: Resume) -> Result<Option<Vec<String>>, String> {
        if let Some(token) = answer.token.as_ref().filter(|token| token.len() > TOKEN) {
            return Err(format!("a token of {} bytes to resume by", token.len()));
        }
        let Some(heard) = answer.heard else {
            *self = Self { token: answer.token, ..Self::default() };
            return Ok(None);
        };
        if self.token.is_none() {
            return Err("it takes up what never broke off".into());
        }
        if heard > self.before + self.said.len() as u64 {
            return Err(format!("it heard {heard} frames, and so many were never said"));
        }
        let known = heard.saturating_sub(self.before) as usize;
        self.said.drain(..known);
        self.before = heard;
        Ok(Some(self.said.iter().cloned().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(token: Option<&str>, heard: Option<u64>) -> Resume {
        Resume { token: token.map(str::to_owned), heard }
    }

    fn begun() -> Lifeline {
        let mut lifeline = Lifeline::default();
        assert_eq!(lifeline.greeting(), answer(None, None));
        assert_eq!(lifeline.answered(answer(Some("abc"), None)), Ok(None));
        lifeline
    }

    #[test]
    fn what_the_server_did_not_hear_is_said_again() {
        let mut lifeline = begun();
        lifeline.hear();
        for frame in ["one", "two", "three"] {
            lifeline.say(frame);
        }
        assert_eq!(lifeline.greeting(), answer(Some("abc"), Some(1)));
        let again = lifeline.answered(answer(None, Some(1))).unwrap().unwrap();
        assert_eq!(again, ["two", "three"]);
        let again = lifeline.answered(answer(None, Some(3))).unwrap().unwrap();
        assert!(again.is_empty());
    }

    #[test]
    fn a_server_that_knows_nothing_more_begins_anew() {
        let mut lifeline = begun();
        lifeline.hear();
        lifeline.say("one");
        assert_eq!(lifeline.answered(answer(Some("def"), None)), Ok(None));
        assert_eq!(lifeline.greeting(), answer(Some("def"), Some(0)));
        assert_eq!(lifeline.answered(answer(None, Some(0))), Ok(Some(Vec::new())));
    }

    #[test]
    fn no_more_is_kept_than_the_last_few() {
        let mut lifeline = begun();
        for number in 0..KEPT + 6 {
            lifeline.say(&number.to_string());
        }
        let again = lifeline.answered(answer(None, Some(2))).unwrap().unwrap();
        assert_eq!((again.len(), again[0].as_str()), (KEPT, "6"), "four were never heard, and are gone");
        lifeline.say("more");
        let again = lifeline.answered(answer(None, Some(2 + KEPT as u64))).unwrap().unwrap();
        assert_eq!(again, ["more"], "the server counts what it heard");
    }

    #[test]
    fn a_server_that_makes_no_sense_is_named() {
        let why = |answer| begun().answered(answer).unwrap_err();
        assert!(why(answer(None, Some(1))).contains("never said"));
        assert!(why(answer(Some(&"x".repeat(TOKEN + 1)), None)).contains("bytes"));
        let never = Lifeline::default().answered(answer(None, Some(0)));
        assert!(never.unwrap_err().contains("never broke off"));
    }
}
