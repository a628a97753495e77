//! Texts made fit for where they go, and the texts of what came in HTML.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::base::markup;

/// Escaped for a URL: everything but letters, digits and `-._~`.
pub(super) fn url(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            }
        }
    }
    out
}

pub(super) fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

/// Escaped for HTML.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match markup::reference(c) {
            Some(reference) => out.push_str(reference),
            None => out.push(c),
        }
    }
    out
}

/// The text of HTML: tags become spaces, the common references become what they stand for.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Behind that no tag ends, and what looks like one is text.
    let last_end = text.rfind('>').unwrap_or(0);
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (put, length) = match rest.starts_with('<') {
            true if text.len() - rest.len() < last_end => {
                (" ".to_owned(), rest.find('>').map_or(1, |end| end + 1))
            }
            true => ("<".to_owned(), 1),
            false => reference(rest),
        };
        out.push_str(&put);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// What is put for the reference that begins `rest`, and its length.
fn reference(rest: &str) -> (String, usize) {
    let itself = ("&".to_owned(), 1);
    let Some(end) = rest.bytes().take(12).position(|byte| byte == b';') else { return itself };
    let name = &rest[1..end];
    let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
        None => digits.parse().ok(),
    });
    let named = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => number.and_then(char::from_u32),
    };
    named.map_or(itself, |c| (c.to_string(), end + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn urls_html_and_base64() {
        assert_eq!(url("!room:a b/é"), "%21room%3Aa%20b%2F%C3%A9");
        assert_eq!(url("a-b.c_d~9"), "a-b.c_d~9");
        assert_eq!(html("<b a=\"1\">&'"), "&lt;b a=&quot;1&quot;&gt;&amp;&#39;");
        assert_eq!(base64("user:secret"), "dXNlcjpzZWNyZXQ=");
    }

    #[test]
    fn the_text_of_html() {
        assert_eq!(plain("<p>one <b>two</b></p>"), "one  two");
        assert_eq!(plain("a &lt;b&gt; &amp;amp; &#65;&#x42;&nbsp;"), "a <b> &amp; AB");
        assert_eq!(plain("1 < 2 & 3 &bogus; &#xFFFFFFFF;"), "1 < 2 & 3 &bogus; &#xFFFFFFFF;");
    }

    #[test]
    fn a_text_of_nothing_but_beginnings_is_read_once() {
        // Looking for an end at each would take minutes.
        let many = "<".repeat(4_000_000);
        assert_eq!(plain(&many), many);
        assert_eq!(plain(&format!("a > {many}&gt;")), format!("a > {many}>"));
        assert_eq!(plain(&format!("{many}>{many}")), many);
    }

    proptest! {
        #[test]
        fn what_is_escaped_for_html_is_read_back(text in "[^ \t\r\n\u{b}\u{c}\u{85}\u{a0}]{0,30}") {
            prop_assume!(text.trim() == text);
            prop_assert_eq!(plain(&html(&text)), text);
        }

        #[test]
        fn any_html_is_some_text(text in ".{0,60}") {
            prop_assert!(plain(&text).len() <= 2 * text.len());
        }
    }
}
