//! Lines of IRC: taken apart as they come, put together so that nothing breaks out of them.

use super::MAX_LINE;

/// Parameters of a line at the most; the last takes in what would be beyond it (RFC 2812, section 2.3.1).
const PARAMETERS: usize = 15;

/// A line of the server's. Names are bytes: what is not UTF-8 is no name that we could write back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    tags: &'a [u8],
    /// The nickname before the line, or the server's name; empty where nobody is named.
    pub(super) source: &'a [u8],
    pub(super) command: &'a str,
    parameters: [&'a [u8]; PARAMETERS],
    count: usize,
}

impl<'a> Line<'a> {
    /// Takes a line apart; nothing, where it has no command.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (tags, rest) = lead(bytes, b'@');
        let (source, rest) = lead(rest, b':');
        let (command, mut rest) = word(rest);
        let command = std::str::from_utf8(command).ok().filter(|command| !command.is_empty())?;
        let mut line = Self {
            tags,
            source: source.split(|byte| *byte == b'!').next().unwrap_or_default(),
            command,
            parameters: [&[]; PARAMETERS],
            count: 0,
        };
        while !rest.is_empty() && line.count < PARAMETERS {
            let parameter = if let Some(text) = rest.strip_prefix(b":") {
                rest = &[];
                text
            } else if line.count == PARAMETERS - 1 {
                std::mem::take(&mut rest)
            } else {
                let (parameter, after) = word(rest);
                rest = after;
                parameter
            };
            line.parameters[line.count] = parameter;
            line.count += 1;
        }
        Some(line)
    }

    pub(super) fn parameters(&self) -> &[&'a [u8]] {
        &self.parameters[..self.count]
    }

    /// The parameter of this number, from 0; nothing, where the line has fewer.
    pub(super) fn parameter(&self, number: usize) -> Option<&'a [u8]> {
        self.parameters().get(number).copied()
    }

    /// The last parameter as text, which is what a person is to read in most lines.
    pub(super) fn text(&self) -> std::borrow::Cow<'a, str> {
        String::from_utf8_lossy(self.parameters().last().copied().unwrap_or_default())
    }

    /// The value of a message tag, as it stands there.
    pub(super) fn tag(&self, name: &str) -> Option<&'a [u8]> {
        self.tags.split(|byte| *byte == b';').find_map(|tag| {
            let mut halves = tag.splitn(2, |byte| *byte == b'=');
            (halves.next() == Some(name.as_bytes())).then(|| halves.next().unwrap_or_default())
        })
    }
}

/// The word that begins with this mark, without the mark, if there is one; and what comes after.
fn lead(bytes: &[u8], mark: u8) -> (&[u8], &[u8]) {
    match bytes.strip_prefix(&[mark]) {
        Some(rest) => word(rest),
        None => (&[], bytes),
    }
}

/// What stands before the next spaces, and what comes after them.
fn word(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b' ').unwrap_or(bytes.len());
    let rest = &bytes[end..];
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    (&bytes[..end], &rest[spaces..])
}

/// Appends a line of words, and of a text after them. A word stays one word, and a line one line, whatever is in them; what does
/// not fit into a line is left off.
pub(super) fn write(lines: &mut String, words: &[&str], text: Option<&str>) {
    let start = lines.len();
    for (number, word) in words.iter().enumerate() {
        if number > 0 {
            lines.push(' ');
        }
        lines.extend(word.chars().map(|c| if matches!(c, '\r' | '\n' | '\0' | ' ') { '_' } else { c }));
    }
    if let Some(text) = text {
        lines.push_str(" :");
        lines.extend(text.chars().map(|c| if matches!(c, '\r' | '\n' | '\0') { ' ' } else { c }));
    }
    let end = lines.floor_char_boundary(start + MAX_LINE - "\r\n".len());
    lines.truncate(end);
    lines.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Line<'_> {
        Line::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_line_has_tags_a_source_a_command_and_parameters() {
        let line = parsed("@time=2026;+typing=active;flag :anna!~a@host  PRIVMSG   #room  ::) and more ");
        assert_eq!((line.source, line.command), (&b"anna"[..], "PRIVMSG"));
        assert_eq!(line.parameters(), [&b"#room"[..], b":) and more "]);
        assert_eq!(line.tag("+typing"), Some(&b"active"[..]));
        assert_eq!((line.tag("flag"), line.tag("typing")), (Some(&b""[..]), None));
        assert_eq!(parsed("PING x").parameters(), [b"x"]);
        assert_eq!(parsed(":irc.example 376").parameter(0), None);
        assert_eq!(parsed("PRIVMSG a :").parameters(), [&b"a"[..], b""]);
        assert_eq!(parsed(":irc.example 376").text(), "");
    }

    #[test]
    fn what_is_no_line_is_none_and_too_many_parameters_are_one() {
        for text in ["", " ", ":", ":source", "@tags", "@tags :source ", "\u{0}"] {
            let line = Line::parse(text.as_bytes());
            assert!(line.is_none_or(|line| line.command == "\0"), "{text:?}");
        }
        assert_eq!(Line::parse(b"PRIVM\xFFSG a :b"), None);
        let line = parsed("005 a b c d e f g h i j k l m n o p :q");
        assert_eq!(line.parameters().len(), PARAMETERS);
        assert_eq!(line.text(), "o p :q");
    }

    #[test]
    fn nothing_breaks_out_of_a_line() {
        let mut lines = String::new();
        write(&mut lines, &["PRIVMSG", "an na\r\n"], Some(":hi\r\nQUIT\0"));
        write(&mut lines, &["PING", "7"], None);
        assert_eq!(lines, "PRIVMSG an_na__ ::hi  QUIT \r\nPING 7\r\n");
        for odd in ["é", "xé", "…x", "xx…"] {
            let mut line = String::from("PING 7\r\n");
            write(&mut line, &["PRIVMSG", "anna"], Some(&odd.repeat(400)));
            assert!((MAX_LINE - 3..=MAX_LINE).contains(&(line.len() - 8)) && line.ends_with("\r\n"));
        }
    }
}
