//! Lines out of a stream that is cut anywhere.

use std::borrow::Cow;

use super::MAX_LINE;

/// Bytes of message tags before a line at the most (IRCv3, message tags).
const MAX_TAGS: usize = 8191;

/// What the server sends without an end of a line is kept up to so many bytes.
pub(super) const LONGEST: usize = MAX_TAGS + MAX_LINE;

/// The beginning of a line whose end has not come.
#[derive(Debug, Default)]
pub(super) struct Reader {
    begun: Vec<u8>,
}

/// A line is longer than any may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Endless;

impl Reader {
    /// The next line of `bytes`, which go on after it: with what was kept of earlier ones before it. Nothing, once the rest has no
    /// end; then it is kept.
    pub(super) fn next<'b>(&mut self, bytes: &mut &'b [u8]) -> Result<Option<Cow<'b, [u8]>>, Endless> {
        let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        let piece = &bytes[..end.unwrap_or(bytes.len())];
        if self.begun.len() + piece.len() > LONGEST {
            return Err(Endless);
        }
        // Two ends after another are an empty line, which is none.
        *bytes = end.map_or(&[], |end| &bytes[end + 1..]);
        if end.is_some() && self.begun.is_empty() {
            return Ok(Some(Cow::Borrowed(piece)));
        }
        self.begun.extend_from_slice(piece);
        Ok(end.map(|_| Cow::Owned(std::mem::take(&mut self.begun))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(reader: &mut Reader, mut bytes: &[u8]) -> Result<Vec<Vec<u8>>, Endless> {
        let mut lines = Vec::new();
        while let Some(line) = reader.next(&mut bytes)? {
            lines.push(line.into_owned());
        }
        Ok(lines.into_iter().filter(|line| !line.is_empty()).collect())
    }

    #[test]
    fn lines_end_in_any_way_and_come_in_any_pieces() {
        let mut reader = Reader::default();
        assert_eq!(
            lines(&mut reader, b"one\r\ntwo\nthree\rfo"),
            Ok(vec![b"one".into(), b"two".into(), b"three".into()])
        );
        assert_eq!(lines(&mut reader, b"u"), Ok(vec![]));
        assert_eq!(lines(&mut reader, b"r\r"), Ok(vec![b"four".into()]));
        assert_eq!(lines(&mut reader, b"\n\n"), Ok(vec![]));
    }

    #[test]
    fn a_line_without_an_end_is_not_kept() {
        let mut reader = Reader::default();
        assert_eq!(lines(&mut reader, &[b'x'; LONGEST]), Ok(vec![]));
        assert_eq!(lines(&mut reader, b"\r\n"), Ok(vec![vec![b'x'; LONGEST]]));
        assert_eq!(lines(&mut reader, &[b'x'; LONGEST]), Ok(vec![]));
        assert_eq!(lines(&mut reader, b"x"), Err(Endless));
        assert_eq!(lines(&mut Reader::default(), &[b'x'; LONGEST + 1]), Err(Endless));
    }
}
