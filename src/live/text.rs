//! The text of a message: its token, that of the message which it answers in a room, then words. What they are does not matter; how many does.

/// Words of everyday length.
const WORDS: [&str; 16] = [
    "my",
    "order",
    "has",
    "not",
    "arrived",
    "yet",
    "and",
    "the",
    "page",
    "says",
    "it",
    "was",
    "delivered",
    "on",
    "monday",
    "please",
];

/// A message that begins with `token` and has so many words after it.
pub(super) fn message(token: &str, words: u32) -> String {
    let mut text = String::with_capacity(token.len() + 6 * words as usize);
    text.push_str(token);
    for word in WORDS.iter().cycle().take(words as usize) {
        text.push(' ');
        text.push_str(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_its_token_and_so_many_words() {
        assert_eq!(message("abc", 0), "abc");
        assert_eq!(message("abc", 20).split(' ').count(), 21);
    }
}
