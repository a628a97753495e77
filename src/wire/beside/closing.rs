//! How a conversation ends, said in it: a server's own end of a conversation has no word for that.

use crate::base::words::Closing;

const PREFIX: &str = "That is all for now: ";

/// The agent's last words.
#[must_use]
pub fn written(closing: Closing) -> String {
    format!("{PREFIX}{}", word(closing))
}

/// How the conversation ends, if these are the last words.
pub(super) fn read(text: &str) -> Option<Closing> {
    let said = text.strip_prefix(PREFIX)?;
    Closing::ALL.into_iter().find(|closing| word(*closing) == said)
}

const fn word(closing: Closing) -> &'static str {
    match closing {
        Closing::Resolved => "resolved",
        Closing::Unresolved => "unresolved",
        Closing::Escalated => "escalated",
        Closing::Unreached => "unreached",
        Closing::Abandoned => "abandoned",
        Closing::Silent => "silent",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_are_understood() {
        for closing in Closing::ALL {
            assert_eq!(read(&written(closing)), Some(closing));
        }
        assert_eq!(read("That is all for now: bye"), None);
        assert_eq!(read("resolved"), None);
    }
}
