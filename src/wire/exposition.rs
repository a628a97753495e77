//! What a process says of itself in the text format of Prometheus, version 0.0.4: read as far as some metrics are wanted, and written.
//!
//! The format: <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>; the names of what every process
//! has: <https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics>.

use std::fmt;

/// The type that a reader asks for and a writer names.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Processor time that a process has used, in seconds: a counter.
pub const CPU_SECONDS: &str = "process_cpu_seconds_total";
/// Resident memory of a process, in bytes.
pub const RESIDENT_BYTES: &str = "process_resident_memory_bytes";

/// Bytes of a line at the most.
const LONGEST_LINE: usize = 16 << 10;
/// Lines at the most.
const MOST_LINES: usize = 100_000;

/// What makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonsense {
    /// In which line, from 1.
    pub line: usize,
    what: &'static str,
}

impl fmt::Display for Nonsense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for Nonsense {}

/// The values of the metrics of these names, each the sum over its labels; `None` of what is not there, or no number.
///
/// # Errors
/// When any line is not of the format: then it is something else, and so are its numbers.
pub fn read<const N: usize>(text: &[u8], wanted: [&str; N]) -> Result<[Option<f64>; N], Nonsense> {
    let mut sums = [None; N];
    for (i, line) in text.split(|byte| *byte == b'\n').enumerate() {
        let nonsense = |what| Nonsense { line: i + 1, what };
        if i >= MOST_LINES {
            return Err(nonsense("too many lines"));
        }
        if line.len() > LONGEST_LINE {
            return Err(nonsense("too long"));
        }
        let line =
            std::str::from_utf8(line).map_err(|_| nonsense("no UTF-8"))?.trim_matches([' ', '\t', '\r']);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = sample(line).ok_or_else(|| nonsense("neither a metric nor a comment"))?;
        if let Some(which) = wanted.iter().position(|wanted| *wanted == name)
            && value.is_finite()
        {
            *sums[which].get_or_insert(0.0) += value;
        }
    }
    // Numbers that are none too large may add up to one that is.
    Ok(sums.map(|sum| sum.filter(|sum: &f64| sum.is_finite())))
}

/// `name{label="value",…} value timestamp`: the name and the value.
fn sample(line: &str) -> Option<(&str, f64)> {
    let (name, rest) = name(line)?;
    let rest = match rest.trim_start_matches([' ', '\t']).strip_prefix('{') {
        Some(labels) => after_labels(labels)?,
        None => rest,
    };
    let mut fields = rest.split_ascii_whitespace();
    let value = fields.next()?.parse().ok()?;
    if let Some(stamp) = fields.next() {
        stamp.parse::<i64>().ok()?;
    }
    fields.next().is_none().then_some((name, value))
}

/// A name at the beginning, and what comes after it.
fn name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    name.starts_with(|c: char| !c.is_ascii_digit()).then_some((name, rest))
}

/// What comes after the labels whose brace is open.
fn after_labels(mut rest: &str) -> Option<&str> {
    let blank = [' ', '\t'];
    loop {
        rest = rest.trim_start_matches(blank);
        if let Some(after) = rest.strip_prefix('}') {
            return Some(after);
        }
        rest = name(rest)?.1.trim_start_matches(blank).strip_prefix('=')?;
        rest = after_text(rest.trim_start_matches(blank).strip_prefix('"')?)?.trim_start_matches(blank);
        rest = match rest.strip_prefix(',') {
            Some(after) => after,
            None => return rest.strip_prefix('}'),
        };
    }
}

/// What comes after the text whose quotation mark is open.
fn after_text(text: &str) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' if !escaped => return Some(&text[at + 1..]),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// What a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
}

/// Appends a metric without labels.
pub fn write(out: &mut String, name: &str, kind: Kind, help: &str, value: f64) {
    use fmt::Write as _;

    let kind = match kind {
        Kind::Counter => "counter",
        Kind::Gauge => "gauge",
    };
    // Writing to a string never fails.
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(text: &str) -> Option<f64> {
        read(text.as_bytes(), ["a"]).unwrap()[0]
    }

    #[test]
    fn the_example_of_the_format_is_read() {
        let text = "\
# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000
http_requests_total{method=\"post\",code=\"400\"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path=\"C:\\\\DIR\\\\FILE.TXT\",error=\"Cannot find file:\\n\\\"FILE.TXT\\\"\"} 1.458255915e9
metric_without_timestamp_and_labels 12.47
something_weird{problem=\"division by zero\"} +Inf -3982045
http_request_duration_seconds_bucket{le=\"+Inf\"} 144320
rpc_duration_seconds{quantile=\"0.01\",} 3102
";
        let wanted =
            ["http_requests_total", "metric_without_timestamp_and_labels", "something_weird", "nothing"];
        assert_eq!(read(text.as_bytes(), wanted), Ok([Some(1_030.0), Some(12.47), None, None]));
    }

    #[test]
    fn what_is_no_number_is_not_told() {
        assert_eq!(one("a NaN\n"), None);
        assert_eq!(one("a{x=\"1\"} -Inf\na{x=\"2\"} 3\n"), Some(3.0));
        assert_eq!(one("a 1e308\na 1e308\n"), None);
        assert_eq!(one("ab 1\nb{a=\"a 7\"} 2\r\n"), None);
        assert_eq!(one("a { x = \"}\" , } 2"), Some(2.0));
        assert_eq!(one(""), None);
    }

    #[test]
    fn what_is_something_else_is_refused_with_its_line() {
        let long = format!("b 1\na{{x=\"{}\"}} 1", "y".repeat(LONGEST_LINE));
        let many = "b 1\n".repeat(MOST_LINES + 1);
        for (text, line) in [
            ("<html>", 1),
            ("a 1\na", 2),
            ("a one", 1),
            ("a 1 2 3", 1),
            ("a 1 soon", 1),
            ("a{x=\"1\" 1", 1),
            ("a{x=1} 1", 1),
            ("a{x=\"1} 1", 1),
            ("a{,} 1", 1),
            ("{x=\"1\"} 1", 1),
            ("1a 1", 1),
            (long.as_str(), 2),
            (many.as_str(), MOST_LINES + 1),
        ] {
            let found = read(text.as_bytes(), ["a"]).map_err(|nonsense| nonsense.line);
            assert_eq!(found, Err(line), "{}", &text[..text.len().min(40)]);
        }
        assert!(read(b"a 1\n\xff 1", ["a"]).is_err());
    }

    proptest! {
        #[test]
        fn nothing_that_is_read_breaks_anything(
            text in prop::collection::vec(prop::sample::select(&b"ab_ 1e9.+-NaIf{}=\",\\\n#\t\r\xc3"[..]), 0..200),
        ) {
            let _ = read(&text, ["a", "b"]);
        }

        #[test]
        fn what_is_written_is_read(value in any::<i32>(), more in any::<u32>()) {
            let mut text = String::new();
            write(&mut text, "a", Kind::Gauge, "some", value.into());
            write(&mut text, CPU_SECONDS, Kind::Counter, "more", more.into());
            prop_assert_eq!(read(text.as_bytes(), ["a", CPU_SECONDS]), Ok([Some(value.into()), Some(more.into())]));
        }
    }
}
