//! Cookies: what one server sets, sent back to it with everything. Where they hold and until when is not looked at: a connection has one
//! server and does not last for days.

use crate::base::http::Answer;

/// Cookies at the most; who sets more than these loses the oldest.
const MOST: usize = 50;
/// Bytes of a cookie at the most, name included; a longer one is not taken.
const LONGEST: usize = 4096;

/// The cookies of one connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Jar(Vec<(String, String)>);

impl Jar {
    /// Takes what an answer sets.
    pub(super) fn take(&mut self, answer: &Answer) {
        for (name, value) in &answer.headers {
            if name == "set-cookie" {
                self.set(value);
            }
        }
    }

    fn set(&mut self, header: &str) {
        let mut parts = header.split(';');
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        let (name, value) = (name.trim(), value.trim());
        let odd = |c: char| c.is_control() || c == ' ';
        if name.is_empty()
            || name.len() + value.len() > LONGEST
            || (name.contains(odd) || value.contains(odd))
        {
            return;
        }
        self.0.retain(|(known, _)| known != name);
        let over = parts.any(|part| part.trim().eq_ignore_ascii_case("max-age=0"));
        if over || value.is_empty() {
            return;
        }
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// The value of a cookie.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The header `Cookie`, where there are any.
    pub(super) fn header(&self) -> Option<String> {
        let pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// All values.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jar(headers: &[&str]) -> Jar {
        let headers = headers.iter().map(|value| ("set-cookie".to_owned(), (*value).to_owned())).collect();
        let mut jar = Jar::default();
        jar.take(&Answer { headers, ..Answer::default() });
        jar
    }

    #[test]
    fn cookies_are_kept_replaced_and_dropped() {
        let kept = jar(&["a=1; Path=/; HttpOnly", "b=x=y", "a=2", "nothing", "=3"]);
        assert_eq!(kept.header().unwrap(), "b=x=y; a=2");
        assert_eq!(kept.get("b"), Some("x=y"));
        assert_eq!(jar(&["a=1", "a=; Max-Age=0"]).header(), None);
        assert_eq!(jar(&["a=1", "a=gone; max-age=0"]).header(), None);
    }

    #[test]
    fn what_a_server_sets_is_bounded() {
        let many: Vec<String> = (0..500).map(|i| format!("c{i}={i}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(jar(&many).values().count(), MOST);
        assert_eq!(jar(&[&format!("a={}", "x".repeat(5000)), "b=1\r\nX: y"]).header(), None);
    }
}
