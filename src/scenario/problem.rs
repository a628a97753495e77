//! What is wrong with a scenario: where, what was found, what was expected, and what to do about it.
//!
//! Rendered to be read at 80 columns without colour. What a file says is quoted bounded and without control
//! characters: a scenario can come from anywhere, and a terminal obeys escape sequences.

use std::cmp::Ordering;
use std::fmt::{self, Write as _};

/// How wide a rendered problem is at the most, in characters.
const WIDTH: usize = 80;

/// A place in a file. Lines and columns count from 1; line 0 is the file as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, as it was named.
    pub file: String,
    /// Where in the file.
    pub place: Place,
    /// The line of the file, where it has one.
    pub source: Option<String>,
    /// The key, from the top of the scenario: `support.agents.count`. Empty for the file as a whole.
    pub path: String,
    /// What is there.
    pub found: String,
    /// What should be.
    pub expected: String,
    /// What to do.
    pub hint: Option<String>,
}

/// Problems told at the most: who has more than these has another file in mind.
pub(super) const MOST: usize = 100;

/// Everything that is wrong with a scenario, in the order of the file, each thing once. Not empty; where there are more
/// than a hundred, the first hundred that were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Sorts and removes what is said twice. `None` when there is nothing wrong.
    pub(super) fn collect(mut problems: Vec<Problem>) -> Option<Self> {
        problems.sort_by(in_order);
        problems.dedup();
        (!problems.is_empty()).then_some(Self(problems))
    }

    /// One problem alone.
    pub(super) fn one(problem: Problem) -> Self {
        Self(vec![problem])
    }

    /// The problems, in the order of the file.
    #[must_use]
    pub fn all(&self) -> &[Problem] {
        &self.0
    }
}

/// By place; what lies in other files (forecasts, observations) comes by name after the places of one file.
fn in_order(a: &Problem, b: &Problem) -> Ordering {
    (&a.file, a.place, &a.path, &a.found).cmp(&(&b.file, b.place, &b.path, &b.found))
}

impl std::error::Error for Problems {}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(f, "{problem}")?;
        }
        match self.0.len() {
            1 => write!(f, "1 problem"),
            MOST.. => write!(f, "{MOST} problems, and perhaps more"),
            n => write!(f, "{n} problems"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { String::new() } else { format!("{}: ", self.path) };
        wrapped(f, "error: ", &format!("{path}found {}, expected {}", self.found, self.expected))?;
        if self.place.line == 0 {
            writeln!(f, " --> {}", printable(&self.file))?;
        } else {
            writeln!(f, " --> {}:{}:{}", printable(&self.file), self.place.line, self.place.column)?;
        }
        if let Some(source) = &self.source {
            snippet(f, source, self.place)?;
        }
        self.hint.as_deref().map_or(Ok(()), |hint| wrapped(f, "hint: ", hint))
    }
}

/// The line of the file, cut to the width around the caret below it.
fn snippet(f: &mut fmt::Formatter<'_>, source: &str, place: Place) -> fmt::Result {
    let number = place.line.to_string();
    let margin = " ".repeat(number.len());
    let room = WIDTH - number.len() - 4;
    let line: Vec<char> = source.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let caret = (place.column.max(1) as usize - 1).min(line.len());
    let from = if caret < room { 0 } else { caret - room / 2 };
    let shown: String = line[from..line.len().min(from + room)].iter().collect();
    writeln!(f, "{margin} |")?;
    writeln!(f, "{number} | {}", shown.trim_end())?;
    writeln!(f, "{margin} | {}^", " ".repeat(caret - from))
}

/// `text` after `label`, broken at spaces, continued under its beginning.
fn wrapped(f: &mut fmt::Formatter<'_>, label: &str, text: &str) -> fmt::Result {
    let mut line = label.to_owned();
    let mut empty = true;
    for word in text.split(' ') {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            writeln!(f, "{line}")?;
            line = " ".repeat(label.len());
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    writeln!(f, "{line}")
}

fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| if c.is_control() { c.escape_default().collect::<Vec<_>>() } else { vec![c] })
        .collect()
}

/// What a file says, as a problem quotes it: in backquotes, at most 40 characters, control characters escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("`");
    for (i, c) in text.chars().enumerate() {
        if i == 40 {
            out.push('…');
            break;
        }
        let _ = if c.is_control() { write!(out, "{}", c.escape_default()) } else { write!(out, "{c}") };
    }
    out.push('`');
    out
}

/// The candidate that `typed` is most likely a slip of, if one is near enough: at most a third of its letters wrong.
pub(super) fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if typed.chars().count() > 60 {
        return None;
    }
    let near = |candidate: &&str| {
        let distance = edit_distance(typed, candidate);
        (distance <= candidate.chars().count().max(typed.chars().count()).div_ceil(3)).then_some(distance)
    };
    candidates.into_iter().filter_map(|c| near(&c).map(|d| (d, c))).min_by_key(|(d, _)| *d).map(|(_, c)| c)
}

/// Insertions, deletions, substitutions and swaps of neighbours between two words, upper and lower case alike, `_`, `-`
/// and space alike (the optimal string alignment distance).
fn edit_distance(a: &str, b: &str) -> usize {
    let letters = |s: &str| -> Vec<char> {
        s.chars().map(|c| if matches!(c, '-' | ' ') { '_' } else { c.to_ascii_lowercase() }).collect()
    };
    let (a, b) = (letters(a), letters(b));
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let changed = usize::from(a[i - 1] != b[j - 1]);
                let mut best = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + changed);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_their_key_and_strangers_do_not() {
        let keys = ["patience", "arrivals", "warm_up", "agents"];
        assert_eq!(nearest("pateince", keys), Some("patience"));
        assert_eq!(nearest("warm-up", keys), Some("warm_up"));
        assert_eq!(nearest("Agent", keys), Some("agents"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest(&"a".repeat(100_000), keys), None);
    }

    #[test]
    fn a_problem_fits_the_terminal_and_points_at_its_place() {
        let problem = Problem {
            file: "day.yaml".into(),
            place: Place { line: 12, column: 100 },
            source: Some(format!("{}BAD: \u{1b}[31m", "x".repeat(99))),
            path: "support.agents.count".into(),
            found: quoted("\u{1b}[31mtwenty"),
            expected: "a whole number, and then a long explanation that does not fit on one line".into(),
            hint: Some("write 20".into()),
        };
        let text = problem.to_string();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
        let lines: Vec<&str> = text.lines().collect();
        let caret = lines.iter().position(|line| line.ends_with('^')).unwrap();
        let column = lines[caret].chars().count() - 1;
        assert_eq!(lines[caret - 1].chars().nth(column), Some('B'), "{text}");
        assert!(text.contains(" --> day.yaml:12:100\n"));
        assert!(text.ends_with("hint: write 20\n"));
    }
}
