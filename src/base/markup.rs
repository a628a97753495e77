//! The characters that markup gives a meaning, and how they are written where they have none.

/// The reference for a character that may not stand for itself in an element or in a quoted attribute, of XML 1.0 and of HTML.
#[must_use]
pub const fn reference(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    }
}
