//! Secrets taken out of what is shown.

use std::fmt::Write as _;

use serde_json::Value;

use super::escape;
use super::jar::Jar;

/// What stands for a secret.
const MASK: &str = "***";
/// A shorter secret is in everything: it is not looked for.
const SHORTEST: usize = 4;

/// `text` without these values, however they are escaped in it, and without cookies.
pub(super) fn masked<'a>(text: &str, secrets: impl Iterator<Item = &'a Value>, jar: &Jar) -> String {
    let mut words: Vec<String> = Vec::new();
    for secret in secrets {
        if let Value::String(secret) = secret {
            words.extend(spellings(secret));
        }
    }
    words.extend(jar.values().map(str::to_owned));
    words.retain(|word| word.len() >= SHORTEST);
    // The longest first: one may be in another.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    printable(&words.iter().fold(text.to_owned(), |text, word| text.replace(word.as_str(), MASK)))
}

/// How a secret may be spelt in a frame.
fn spellings(secret: &str) -> Vec<String> {
    let quoted = Value::from(secret).to_string();
    let json = quoted[1..quoted.len() - 1].to_owned();
    vec![escape::url(secret), escape::base64(secret), escape::html(secret), json, secret.to_owned()]
}

/// Without control characters: a terminal obeys escape sequences.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            let _ = write!(out, "{}", c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_taken_out_however_it_is_spelt() {
        let secret = Value::from("p\"w/d&é!");
        let spelt = format!(
            "{{\"password\":\"p\\\"w/d&é!\"}} ?p={} basic {} {}",
            escape::url("p\"w/d&é!"),
            escape::base64("p\"w/d&é!"),
            escape::html("p\"w/d&é!")
        );
        let shown = masked(&spelt, [&secret].into_iter(), &Jar::default());
        assert_eq!(shown, "{\"password\":\"***\"} ?p=*** basic *** ***");
    }

    #[test]
    fn what_is_shown_obeys_nobody() {
        let shown = masked("a\u{1b}[31mb\n", [&Value::Null, &Value::from("ab")].into_iter(), &Jar::default());
        assert_eq!(shown, "a\\u{1b}[31mb\\n");
    }
}
