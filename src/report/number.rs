//! Values as people read them: a share as a percentage, a time in the unit of its size, always with the unit.
//!
//! ASCII only, so that every terminal and every log shows them. Nothing here is read back: files for machines
//! keep the plain numbers.

use crate::base::figures::Unit;

/// What stands where there is no value.
pub const NONE: &str = "-";

/// A value in its unit; money without its currency.
#[must_use]
pub fn value(value: Option<f64>, unit: Unit) -> String {
    match (value, unit) {
        (None, _) => NONE.to_owned(),
        (Some(value), Unit::Share) => share(value),
        (Some(value), Unit::Seconds) => time(value),
        (Some(value), Unit::Number) => number(value),
        (Some(value), Unit::Money) => money(value),
        (Some(value), Unit::Bytes) => bytes(value),
    }
}

/// From here to there, in the unit; `None` unless there are two ends that read differently: an interval narrower
/// than the digits shown says no more than the value.
#[must_use]
pub fn interval(low: Option<f64>, high: Option<f64>, unit: Unit) -> Option<String> {
    let (low, high) = low.zip(high)?;
    let (low, high) = (value(Some(low), unit), value(Some(high), unit));
    if low == high {
        return None;
    }
    // A unit that both ends share is said once.
    let shared = [" %", " ms", " s"].into_iter().find(|unit| low.ends_with(unit) && high.ends_with(unit));
    let low = shared.and_then(|unit| low.strip_suffix(unit)).unwrap_or(&low);
    Some(format!("{low} to {high}"))
}

/// By how much something differs, with its sign; a difference of shares is in percentage points.
#[must_use]
pub fn difference(value: Option<f64>, unit: Unit) -> String {
    let Some(value) = value else { return NONE.to_owned() };
    let size = match unit {
        Unit::Share => format!("{:.2} pp", value.abs() * 100.0),
        Unit::Seconds => time(value.abs()),
        Unit::Number => number(value.abs()),
        Unit::Money => money(value.abs()),
        Unit::Bytes => bytes(value.abs()),
    };
    let nothing = !size.contains(|c: char| c.is_ascii_digit() && c != '0');
    let sign = if nothing {
        ""
    } else if value < 0.0 {
        "-"
    } else {
        "+"
    };
    format!("{sign}{size}")
}

/// A fraction as a percentage: `62.3 %`. More digits near both ends, where they matter: `0.04 %`, `99.97 %`.
#[must_use]
pub fn share(fraction: f64) -> String {
    let percent = fraction * 100.0;
    let to_an_end = percent.min(100.0 - percent);
    if to_an_end == 0.0 {
        format!("{percent:.0} %")
    } else if to_an_end.abs() >= 1.0 {
        format!("{percent:.1} %")
    } else if percent > 0.0 && percent < 0.005 {
        "<0.01 %".to_owned()
    } else if percent < 100.0 && percent > 99.995 {
        ">99.99 %".to_owned()
    } else {
        format!("{percent:.2} %")
    }
}

/// A length of time in seconds: `0.34 ms`, `340 ms`, `4.12 s`, `32.3 s`, `1m 20s`, `2h 05m`, `3d 04h`.
#[must_use]
pub fn time(secs: f64) -> String {
    if !secs.is_finite() {
        return NONE.to_owned();
    }
    let tenths = (secs * 10.0).round();
    if secs == 0.0 {
        "0 s".to_owned()
    } else if secs > 0.0 && secs < 5e-6 {
        "<0.01 ms".to_owned()
    } else if secs < 0.9995 {
        format!("{} ms", three_digits(secs * 1e3))
    } else if tenths < 600.0 {
        format!("{} s", three_digits(secs))
    } else {
        clock(secs)
    }
}

/// A round length of time, as bounds and thresholds are: `20 s`, `1 min`, `2h 30m`, `3 h`.
#[must_use]
pub fn bound(secs: f64) -> String {
    let text = time(secs);
    match text.split_once(' ') {
        Some((minutes, "00s")) => minutes.replace('m', " min"),
        Some((large, "00m" | "00h")) => large.replace('h', " h").replace('d', " d"),
        Some((value, unit)) if value.contains('.') => {
            format!("{} {unit}", value.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => text,
    }
}

/// A minute and more, in two units.
fn clock(secs: f64) -> String {
    let whole = secs.round() as u64;
    let minutes = (whole + 30) / 60;
    let hours = (whole + 1800) / 3600;
    if whole < 3600 {
        format!("{}m {:02}s", whole / 60, whole % 60)
    } else if minutes < 48 * 60 {
        format!("{}h {:02}m", minutes / 60, minutes % 60)
    } else {
        format!("{}d {:02}h", hours / 24, hours % 24)
    }
}

/// A plain number: whole ones with their thousands apart, others to three digits, of a small one the first two that are not 0.
#[must_use]
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        NONE.to_owned()
    } else if value.fract() == 0.0 || value.abs() >= 1000.0 {
        thousands(value)
    } else if value.abs() < 0.095 {
        two_digits(value)
    } else {
        three_digits(value)
    }
}

/// An amount of memory, in powers of a thousand: `820 B`, `4.12 MB`, `1.50 GB`.
#[must_use]
pub fn bytes(value: f64) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    // What rounds to a thousand is one of the next.
    match units.into_iter().find(|(size, _)| value >= 0.9995 * size) {
        Some((size, unit)) => format!("{} {unit}", three_digits(value / size)),
        None => format!("{value:.0} B"),
    }
}

/// Something small and not 0: the first two digits that are not 0, of six decimals at the most.
fn two_digits(value: f64) -> String {
    let zeros = -libm::log10(value.abs()).floor() as usize - 1;
    format!("{value:.digits$}", digits = (zeros + 2).min(6))
}

/// An amount of money: to the hundredth, from a thousand on to the whole; of a small one the first two digits that are not 0.
#[must_use]
pub fn money(value: f64) -> String {
    if !value.is_finite() {
        NONE.to_owned()
    } else if value.abs() >= 999.995 {
        thousands(value)
    } else if value.abs() < 5e-7 {
        "0.00".to_owned()
    } else if value.abs() < 0.095 {
        two_digits(value)
    } else {
        format!("{value:.2}")
    }
}

/// The same text, in which no line may end between a number and its unit, or between the parts of a length of time: the
/// spaces there do not break.
#[must_use]
pub fn glued(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        out.push_str(word);
        if let Some(next) = words.peek() {
            out.push(if belongs(word, next) { '\u{a0}' } else { ' ' });
        }
    }
    out
}

/// Whether `next` says what the number at the end of `word` counts.
fn belongs(word: &str, next: &str) -> bool {
    let bare = next.trim_end_matches(['.', ',', ';', ':', ')']);
    let unit = matches!(bare, "%" | "s" | "ms" | "min" | "h" | "d" | "pp")
        || (bare.len() == 3 && bare.bytes().all(|byte| byte.is_ascii_uppercase()));
    let ends_in_digit = word.ends_with(|c: char| c.is_ascii_digit());
    // `1m 20s`, `2h 05m`, `3d 04h`.
    let number =
        |text: &str| text.strip_suffix(['s', 'm', 'h', 'd']).is_some_and(|n| n.parse::<u32>().is_ok());
    (ends_in_digit && unit) || (number(word) && number(bare))
}

/// A count, with its thousands apart.
#[must_use]
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// So many of something: `1 visit`, `1,200 visits`.
#[must_use]
pub fn of(value: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(value), if value == 1 { "" } else { "s" })
}

fn thousands(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let sign = if value < 0.0 && digits != "0" { "-" } else { "" };
    format!("{sign}{}", grouped(&digits))
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Three significant digits, two decimals at the most.
fn three_digits(value: f64) -> String {
    let size = value.abs();
    if size >= 99.95 {
        format!("{value:.0}")
    } else if size >= 9.995 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

/// A text from outside as one harmless line: control characters, escape sequences of terminals among them,
/// go.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_its_own_size() {
        let of = |value: f64| bytes(value);
        assert_eq!([of(0.0), of(820.0), of(999.6), of(4_123_000.0)], ["0 B", "820 B", "1.00 kB", "4.12 MB"]);
        assert_eq!([of(312.4e6), of(1.5e9)], ["312 MB", "1.50 GB"]);
    }

    #[test]
    fn times_are_in_the_unit_of_their_size() {
        let cases = [
            (0.0, "0 s"),
            (0.000_34, "0.34 ms"),
            (0.012_34, "12.3 ms"),
            (0.34, "340 ms"),
            (0.9994, "999 ms"),
            (0.9996, "1.00 s"),
            (4.123, "4.12 s"),
            (32.31, "32.3 s"),
            (59.94, "59.9 s"),
            (59.96, "1m 00s"),
            (80.4, "1m 20s"),
            (3599.6, "1h 00m"),
            (7_490.0, "2h 05m"),
            (273_600.0, "3d 04h"),
            (f64::INFINITY, "-"),
        ];
        for (secs, text) in cases {
            assert_eq!(time(secs), text, "{secs}");
        }
    }

    #[test]
    fn bounds_are_round() {
        let texts = [20.0, 60.0, 9_000.0, 7_200.0, 0.01, 2.5].map(bound);
        assert_eq!(texts, ["20 s", "1 min", "2h 30m", "2 h", "10 ms", "2.5 s"]);
    }

    #[test]
    fn shares_do_not_pretend_to_be_nothing_or_all() {
        let cases = [
            (0.0, "0 %"),
            (0.000_01, "<0.01 %"),
            (0.0004, "0.04 %"),
            (0.623, "62.3 %"),
            (0.9997, "99.97 %"),
            (0.999_99, ">99.99 %"),
            (1.0, "100 %"),
        ];
        for (fraction, text) in cases {
            assert_eq!(share(fraction), text, "{fraction}");
        }
    }

    #[test]
    fn numbers_keep_their_thousands_apart() {
        assert_eq!(number(1_234_567.0), "1,234,567");
        assert_eq!(number(845.5), "846");
        assert_eq!(number(2.104), "2.10");
        assert_eq!(
            [0.004, -0.0312, 0.5, 1e-8, 12.0].map(money),
            ["0.0040", "-0.031", "0.50", "0.00", "12.00"]
        );
        assert_eq!(number(-12.0), "-12");
        assert_eq!(
            [0.5, 0.095, 0.05, -0.0058, 1.2e-7].map(number),
            ["0.50", "0.10", "0.050", "-0.0058", "0.000000"]
        );
        assert_eq!(count(100), "100");
    }

    #[test]
    fn an_interval_says_its_unit_once() {
        assert_eq!(interval(Some(0.112), Some(0.134), Unit::Share).unwrap(), "11.2 to 13.4 %");
        assert_eq!(interval(Some(0.5), Some(2.0), Unit::Seconds).unwrap(), "500 ms to 2.00 s");
        assert_eq!(interval(None, Some(2.0), Unit::Seconds), None);
        assert_eq!(interval(Some(0.0), Some(0.0), Unit::Share), None);
        assert_eq!(interval(Some(0.999_96), Some(0.999_97), Unit::Share), None);
        assert_eq!(interval(Some(2.9999), Some(3.001), Unit::Number), None);
    }

    #[test]
    fn a_difference_has_a_sign_unless_there_is_none() {
        assert_eq!(difference(Some(-0.004), Unit::Share), "-0.40 pp");
        assert_eq!(difference(Some(2.0), Unit::Seconds), "+2.00 s");
        assert_eq!(difference(Some(0.000_01), Unit::Share), "0.00 pp");
        assert_eq!(difference(None, Unit::Number), "-");
    }

    #[test]
    fn money_has_hundredths_while_they_matter() {
        assert_eq!(
            [6.4249, -0.35, 999.99, 0.001, 12_345.6].map(money),
            ["6.42", "-0.35", "999.99", "0.0010", "12,346"]
        );
        assert_eq!(difference(Some(-1.5), Unit::Money), "-1.50");
    }

    #[test]
    fn numbers_stay_with_their_units() {
        let glue = |text: &str| glued(text).replace('\u{a0}', "~");
        assert_eq!(glue("95 % interval: 1.2 to 3.4 %."), "95~% interval: 1.2 to 3.4~%.");
        assert_eq!(glue("from 1m 20s to 2 h, at 6.50 EUR"), "from 1m~20s to 2~h, at 6.50~EUR");
        assert_eq!(glue("45 minutes, 12 s of 3 d"), "45 minutes, 12~s of 3~d");
    }

    #[test]
    fn escape_sequences_go() {
        assert_eq!(plain("a\u{1b}[31mb\r\n"), "a [31mb  ");
    }
}
