//! Text made harmless for XML and HTML: the same five characters, and no control characters.

use crate::base::markup::reference;

/// `text` as it can stand in an element or in a quoted attribute, of XML 1.0 and of HTML.
#[must_use]
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match (reference(c), c) {
            (Some(reference), _) => out.push_str(reference),
            (None, '\n' | '\t') => out.push(c),
            // XML 1.0 has no way to write these.
            (None, c) if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            (None, c) => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_of_markup_is_left() {
        assert_eq!(escape("<a b='c' d=\"e\">&\u{0}"), "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;\u{fffd}");
    }
}
