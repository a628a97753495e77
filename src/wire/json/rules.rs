//! What a venue does with messages, as written.

use serde::{Deserialize, Serialize};

use crate::scenario::plan::rooms::{self, ModerationMode};

/// What becomes of messages in a room of which nobody has said more.
pub const UNTOLD: rooms::Rules =
    rooms::Rules { mode: ModerationMode::None { hidden_after: None }, filter_holds: false, screen: SCREEN };

/// Messages on a screen, unless told otherwise.
const SCREEN: u32 = 30;

/// See [`rooms::Rules`]; only what makes sense can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Rules(pub rooms::Rules);

/// When messages are reviewed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Moderation {
    #[default]
    None,
    Before,
    After,
    /// After publication, and only what was reported.
    Reported,
}

const fn screen() -> u32 {
    SCREEN
}

#[derive(Serialize, Deserialize)]
struct Written {
    #[serde(default)]
    moderation: Moderation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hidden_after: Option<u32>,
    #[serde(default)]
    filter_holds: bool,
    #[serde(default = "screen")]
    screen: u32,
}

impl From<Rules> for Written {
    fn from(Rules(rules): Rules) -> Self {
        let (moderation, hidden_after) = match rules.mode {
            ModerationMode::None { hidden_after } => (Moderation::None, hidden_after),
            ModerationMode::Before => (Moderation::Before, None),
            ModerationMode::After { reported_only: false } => (Moderation::After, None),
            ModerationMode::After { reported_only: true } => (Moderation::Reported, None),
        };
        Self { moderation, hidden_after, filter_holds: rules.filter_holds, screen: rules.screen }
    }
}

impl TryFrom<Written> for Rules {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let Written { moderation, hidden_after, filter_holds, screen } = written;
        if screen == 0 {
            return Err("a `screen` of 0 messages shows nothing");
        }
        if hidden_after == Some(0) {
            return Err("`hidden_after` 0 reports hides everything");
        }
        let mode = match (moderation, hidden_after) {
            (Moderation::None, hidden_after) => ModerationMode::None { hidden_after },
            (_, Some(_)) => return Err("`hidden_after` goes with no moderation"),
            (Moderation::Before, None) => ModerationMode::Before,
            (Moderation::After, None) => ModerationMode::After { reported_only: false },
            (Moderation::Reported, None) => ModerationMode::After { reported_only: true },
        };
        Ok(Self(rooms::Rules { mode, filter_holds, screen }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame::{read, write};
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for mode in [
            ModerationMode::None { hidden_after: None },
            ModerationMode::None { hidden_after: Some(3) },
            ModerationMode::Before,
            ModerationMode::After { reported_only: false },
            ModerationMode::After { reported_only: true },
        ] {
            let rules = Rules(rooms::Rules { mode, filter_holds: true, screen: 7 });
            assert_eq!(read::<Rules>(&write(&rules)).unwrap(), rules);
        }
        assert_eq!(read::<Rules>("{}").unwrap(), Rules(UNTOLD));
        let written = write(&Rules(rooms::Rules { mode: ModerationMode::Before, ..UNTOLD }));
        assert_eq!(written, r#"{"moderation":"before","filter_holds":false,"screen":30}"#);
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_a_reason() {
        for (text, word) in [
            (r#"{"screen":0}"#, "screen"),
            (r#"{"hidden_after":0}"#, "hidden_after"),
            (r#"{"moderation":"before","hidden_after":2}"#, "moderation"),
            (r#"{"moderation":"sometimes"}"#, "sometimes"),
        ] {
            let why = read::<Rules>(text).unwrap_err();
            assert!(why.contains(word), "{text}: {why}");
        }
    }
}
