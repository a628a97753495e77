//! Rust sources as names and punctuation: just enough to read paths.

/// A name or a mark, and the line it stands in. `::` is one mark, any other is one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) line: usize,
}

/// The tokens of `source` without comments, strings, characters, lifetimes and numbers.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let (length, is_token) = next(rest, first);
        if is_token {
            tokens.push(Token { text: &rest[..length], line });
        }
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

/// How many bytes the lexeme at the start of `rest` takes, and whether it is a token.
fn next(rest: &str, first: char) -> (usize, bool) {
    match first {
        _ if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), false),
        _ if rest.starts_with("/*") => (comment(rest), false),
        _ if rest.starts_with("::") => (2, true),
        '"' => (quoted(rest, '"'), false),
        '\'' => (quote(rest), false),
        _ if first.is_alphanumeric() || first == '_' => {
            let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            match raw_string(&rest[name..]) {
                Some(string) if matches!(&rest[..name], "r" | "br" | "cr") => (name + string, false),
                _ => (name, !first.is_numeric()),
            }
        }
        _ => (first.len_utf8(), !first.is_whitespace()),
    }
}

/// The length of a block comment; they nest.
fn comment(rest: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < rest.len() {
        let tail = &rest[at..];
        if tail.starts_with("/*") {
            (at, depth) = (at + 2, depth + 1);
        } else if tail.starts_with("*/") {
            (at, depth) = (at + 2, depth - 1);
            if depth == 0 {
                break;
            }
        } else {
            at += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

/// The length of a literal between two `mark`s, in which a backslash escapes.
fn quoted(rest: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == mark => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of what begins with an apostrophe: a character, or a lifetime's mark alone.
fn quote(rest: &str) -> usize {
    let mut inside = rest.chars().skip(1);
    match (inside.next(), inside.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted(rest, '\''),
        _ => 1,
    }
}

/// The length of `#"…"#` (as many marks at the end as at the start), where `rest` is one.
fn raw_string(rest: &str) -> Option<usize> {
    let marks = rest.len() - rest.trim_start_matches('#').len();
    let inside = rest[marks..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(marks));
    Some(inside.find(&end).map_or(rest.len(), |at| marks + 1 + at + end.len()))
}
