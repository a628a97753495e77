//! What the server's one moderator has to pass.

use std::collections::VecDeque;

use causerie::base::words::rooms::Fate;
use serde_json::{Value, json};

use super::Line;

/// See the module.
#[derive(Default)]
pub(super) struct Reviews {
    holds_all: bool,
    filter_holds: bool,
    moderator: Option<Line>,
    /// The first is in the moderator's hands: its author, and its text.
    waiting: VecDeque<(usize, String)>,
    given: u64,
}

impl Reviews {
    /// A guest says what the rules are.
    pub(super) fn agree(&mut self, rules: &Value) {
        self.holds_all = rules["moderation"] == "before";
        self.filter_holds = rules["filter_holds"] == true;
    }

    pub(super) fn fate(&self, is_flagged: bool) -> Fate {
        match (is_flagged, self.filter_holds, self.holds_all) {
            (true, false, _) => Fate::Blocked,
            (true, true, _) | (false, _, true) => Fate::Held,
            (false, _, false) => Fate::Published,
        }
    }

    pub(super) fn moderator(&mut self, line: Line) {
        self.moderator = Some(line);
    }

    pub(super) fn hold(&mut self, author: usize, text: String) {
        self.waiting.push_back((author, text));
        if self.waiting.len() == 1 {
            self.give();
        }
    }

    /// The message in the moderator's hands, which was decided.
    pub(super) fn decided(&mut self) -> (usize, String) {
        let decided = self.waiting.pop_front().unwrap();
        self.give();
        decided
    }

    fn give(&mut self) {
        let (Some(moderator), Some((_, text))) = (&self.moderator, self.waiting.front()) else { return };
        self.given += 1;
        let review = json!({"type": "review", "message": self.given, "text": text, "held": true});
        let _ = moderator.send(review);
    }
}
