//! Quantities as people write them, with their units: `90s`, `1h 30m`, `240/h`, `100/30min`, `40%`.
//!
//! Reading is strict: a number without its unit, a negative or an endless one never becomes a quantity. Each quantity
//! can also be written back, in one way only, for `check --explain` and for the plan's hash.

use crate::base::time::Span;

/// Why a text is not what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    /// What is there, when the text itself does not say it best.
    pub(super) found: Option<String>,
    pub(super) expected: String,
    pub(super) hint: Option<String>,
}

impl Misfit {
    pub(super) fn new(expected: &str) -> Self {
        Self { found: None, expected: expected.to_owned(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// No time in a scenario is longer: ten years of 365 days.
const LONGEST_SECS: f64 = 3650.0 * 86_400.0;

/// The units of time, with the word that is written back first.
const UNITS: [(&str, f64); 12] = [
    ("d", 86_400.0),
    ("h", 3_600.0),
    ("m", 60.0),
    ("s", 1.0),
    ("ms", 0.001),
    ("min", 60.0),
    ("sec", 1.0),
    ("day", 86_400.0),
    ("days", 86_400.0),
    ("hour", 3_600.0),
    ("minute", 60.0),
    ("second", 1.0),
];

fn unit_secs(word: &str) -> Option<f64> {
    UNITS.iter().find(|(name, _)| *name == word).map(|(_, secs)| *secs)
}

/// A plain decimal number: digits, a point, a sign. Not the `1e3`, `inf` and `nan` that floats may be written as.
pub(super) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    if plain { text.parse().ok().filter(|x: &f64| x.is_finite()) } else { None }
}

const A_DURATION: &str = "a duration with its unit, such as 90s, 45m or 1h 30m";

/// A length of time, zero included.
pub(super) fn duration(text: &str) -> Result<Span, Misfit> {
    let misfit = || Misfit::new(A_DURATION);
    if let Some(x) = number(text) {
        let hint = if x < 0.0 { "time does not run backwards".into() } else { format!("write {text}s") };
        return Err(misfit().hint(hint));
    }
    if text.starts_with('-') {
        return Err(misfit().hint("time does not run backwards"));
    }
    let mut rest = text.trim();
    let (mut secs, mut last_unit) = (0.0, f64::INFINITY);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (amount, tail) = rest.split_at(digits);
        let tail = tail.trim_start();
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (word, after) = tail.split_at(letters);
        let amount = number(amount).ok_or_else(misfit)?;
        let unit =
            unit_secs(word).ok_or_else(|| misfit().hint("the units are ms, s, m (or min), h and d"))?;
        if unit >= last_unit {
            return Err(misfit().hint("write the larger unit first, each unit once"));
        }
        secs += amount * unit;
        last_unit = unit;
        rest = after.trim_start();
    }
    if last_unit == f64::INFINITY {
        return Err(misfit());
    }
    if secs > LONGEST_SECS {
        return Err(Misfit::new("a duration of at most 3650d"));
    }
    Ok(Span::from_secs(secs))
}

/// A duration that is not zero.
pub(super) fn positive_duration(text: &str) -> Result<Span, Misfit> {
    let span = duration(text)?;
    if span == Span::ZERO {
        return Err(Misfit::new("a duration longer than zero"));
    }
    Ok(span)
}

/// A duration, written back.
pub(super) fn duration_text(span: Span) -> String {
    let (mut secs, nanos) = (span.nanos() / 1_000_000_000, span.nanos() % 1_000_000_000);
    let mut parts = Vec::new();
    for (word, length) in [("d", 86_400), ("h", 3_600), ("m", 60)] {
        if secs >= length {
            parts.push(format!("{}{word}", secs / length));
            secs %= length;
        }
    }
    if span < Span::from_whole_secs(1) && nanos > 0 {
        return format!("{}ms", plain(nanos as f64 / 1e6));
    }
    if secs > 0 || nanos > 0 || parts.is_empty() {
        parts.push(if nanos == 0 {
            format!("{secs}s")
        } else {
            format!("{}s", secs as f64 + nanos as f64 / 1e9)
        });
    }
    parts.join(" ")
}

const A_RATE: &str = "a rate with its unit, such as 240/h, 4/min or 100/30min";
/// No rate in a scenario is higher: a million a second.
const HIGHEST_PER_SEC: f64 = 1e6;

/// How many a second.
pub(super) fn rate(text: &str) -> Result<f64, Misfit> {
    let misfit = || Misfit::new(A_RATE);
    if let Some(x) = number(text) {
        let hint = if x < 0.0 { "nobody can come less than never".into() } else { format!("write {text}/h") };
        return Err(misfit().hint(hint));
    }
    let (amount, per) = text.split_once('/').ok_or_else(misfit)?;
    let amount = number(amount.trim()).ok_or_else(misfit)?;
    if amount < 0.0 {
        return Err(misfit().hint("nobody can come less than never"));
    }
    let per = per.trim();
    let secs = match unit_secs(per) {
        Some(secs) => secs,
        None => positive_duration(per)
            .map_err(|_| misfit().hint("after the / stands s, min, h, d, or a duration"))?
            .secs(),
    };
    if amount / secs > HIGHEST_PER_SEC {
        return Err(Misfit::new("a rate of at most 1000000/s"));
    }
    Ok(amount / secs)
}

/// A rate, written back by the hour, to nine digits: what is typed by the minute or the half-hour reads back plainly.
pub(super) fn rate_text(per_sec: f64) -> String {
    format!("{}/h", plain(per_sec * 3600.0))
}

/// A number to twelve significant digits, without the noise of binary fractions.
pub(super) fn plain(x: f64) -> String {
    let rounded: f64 = format!("{x:.11e}").parse().unwrap_or(x);
    rounded.to_string()
}

const A_SHARE: &str = "a share from 0% to 100%";

/// A fraction from 0 to 1, typed as a percentage.
pub(super) fn share(text: &str) -> Result<f64, Misfit> {
    let misfit = || Misfit::new(A_SHARE);
    if let Some(x) = number(text) {
        return Err(match x {
            x if !(0.0..=100.0).contains(&x) => misfit(),
            x if x <= 1.0 => misfit().hint(format!("write {}%", plain(x * 100.0))),
            _ => misfit().hint(format!("write {text}%")),
        });
    }
    let percent = text.strip_suffix('%').and_then(|digits| number(digits.trim())).ok_or_else(misfit)?;
    if !(0.0..=100.0).contains(&percent) {
        return Err(misfit());
    }
    Ok(percent / 100.0)
}

/// A share, written back.
pub(super) fn share_text(share: f64) -> String {
    format!("{}%", plain(share * 100.0))
}

/// An amount of money, or what a second costs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Money {
    pub(super) value: f64,
    pub(super) currency: String,
}

/// No amount in a scenario is larger.
const LARGEST_AMOUNT: f64 = 1e9;

/// A currency by its ISO 4217 code. Which codes there are is not looked up: a shop's own points will do.
pub(super) fn currency(text: &str) -> Result<String, Misfit> {
    let misfit = || Misfit::new("a currency of three capital letters, such as EUR");
    if text.len() == 3 && text.chars().all(|c| c.is_ascii_uppercase()) {
        return Ok(text.to_owned());
    }
    let capital = text.len() == 3 && text.chars().all(|c| c.is_ascii_alphabetic());
    Err(if capital { misfit().hint(format!("write {}", text.to_ascii_uppercase())) } else { misfit() })
}

/// `6.50 EUR`.
pub(super) fn amount(text: &str) -> Result<Money, Misfit> {
    let misfit = || Misfit::new("an amount of money with its currency, such as 74 EUR");
    if let Some(x) = number(text) {
        return Err(if x < 0.0 { misfit() } else { misfit().hint(format!("write {text} EUR")) });
    }
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (value, code) = text.split_at(digits);
    let value = number(value).ok_or_else(misfit)?;
    let currency = currency(code.trim()).map_err(|code| Misfit { hint: code.hint, ..misfit() })?;
    if value > LARGEST_AMOUNT {
        return Err(Misfit::new("an amount of at most 1000000000"));
    }
    Ok(Money { value, currency })
}

/// An amount, written back.
pub(super) fn amount_text(money: &Money) -> String {
    format!("{} {}", plain(money.value), money.currency)
}

/// `24 EUR/h`, by the second.
pub(super) fn price(text: &str) -> Result<Money, Misfit> {
    let misfit = || Misfit::new("what a length of time costs, such as 24 EUR/h or 0.04 EUR/min");
    let Some((amount_of, per)) = text.split_once('/') else {
        let hint = amount(text).ok().map(|_| format!("write {text}/h"));
        return Err(Misfit { hint, ..misfit() });
    };
    let money = amount(amount_of.trim()).map_err(|amount| Misfit { hint: amount.hint, ..misfit() })?;
    let per = per.trim();
    let secs = match unit_secs(per) {
        Some(secs) => secs,
        None => positive_duration(per)
            .map_err(|_| misfit().hint("after the / stands s, min, h, d, or a duration"))?
            .secs(),
    };
    Ok(Money { value: money.value / secs, ..money })
}

/// A price, written back by the hour.
pub(super) fn price_text(per_sec: &Money) -> String {
    format!("{} {}/h", plain(per_sec.value * 3600.0), per_sec.currency)
}

/// An amount of memory in bytes, typed in powers of a thousand.
pub(super) fn memory(text: &str) -> Result<f64, Misfit> {
    let misfit = || Misfit::new("an amount of memory with its unit, such as 500 MB or 2 GB");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let units = [("B", 1.0), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12)];
    let unit = units.iter().find(|(name, _)| *name == &text[digits.len()..]);
    let amount = number(digits.trim()).filter(|amount| *amount >= 0.0);
    amount.zip(unit).map(|(amount, (_, bytes))| amount * bytes).ok_or_else(misfit)
}

/// A coefficient of variation: a share or a plain number, not negative.
pub(super) fn variation(text: &str) -> Result<f64, Misfit> {
    let misfit = || Misfit::new("a coefficient of variation, such as 0.9 or 10%");
    let x = match text.strip_suffix('%') {
        Some(digits) => number(digits.trim()).ok_or_else(misfit)? / 100.0,
        None => number(text).ok_or_else(misfit)?,
    };
    if !(0.0..=100.0).contains(&x) {
        return Err(misfit().hint("it is the standard deviation over the mean: from 0 to 100"));
    }
    Ok(x)
}

/// A whole number within `range`, the `what`.
pub(super) fn whole(text: &str, range: std::ops::RangeInclusive<u64>, what: &str) -> Result<u64, Misfit> {
    let misfit = || Misfit::new(&format!("{what}: a whole number from {} to {}", range.start(), range.end()));
    let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let value: Option<u64> = if digits { text.parse().ok() } else { None };
    match value {
        Some(n) if n < *range.start() => Err(misfit().hint(format!("at least {}", range.start()))),
        Some(n) if n > *range.end() => Err(misfit().hint(format!("at most {}", range.end()))),
        Some(n) => Ok(n),
        None => Err(misfit()),
    }
}

/// A number above zero, at most a million.
pub(super) fn factor(text: &str) -> Result<f64, Misfit> {
    number(text)
        .filter(|x| *x > 0.0 && *x <= 1e6)
        .ok_or_else(|| Misfit::new("a plain number above 0, at most 1000000"))
}

/// A number from zero, at most a million.
pub(super) fn from_zero(text: &str) -> Result<f64, Misfit> {
    number(text)
        .filter(|x| (0.0..=1e6).contains(x))
        .ok_or_else(|| Misfit::new("a plain number from 0 to 1000000"))
}

/// Nobody reads or types faster than so many words a minute.
const FASTEST_PER_MIN: f64 = 10_000.0;

/// Words a second, typed as words a minute.
pub(super) fn pace(text: &str) -> Result<f64, Misfit> {
    let misfit = || Misfit::new("a pace in words a minute, such as 19 wpm");
    if let Some(x) = number(text) {
        return Err(if x > 0.0 { misfit().hint(format!("write {text} wpm")) } else { misfit() });
    }
    let per_min = text.strip_suffix("wpm").and_then(|digits| number(digits.trim())).ok_or_else(misfit)?;
    if per_min <= 0.0 {
        return Err(misfit().hint("nothing would ever be said"));
    }
    if per_min > FASTEST_PER_MIN {
        return Err(Misfit::new("a pace of at most 10000 wpm"));
    }
    Ok(per_min / 60.0)
}

/// A pace, written back.
pub(super) fn pace_text(per_sec: f64) -> String {
    format!("{} wpm", plain(per_sec * 60.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint<T: std::fmt::Debug>(result: Result<T, Misfit>) -> String {
        result.unwrap_err().hint.unwrap_or_default()
    }

    #[test]
    fn durations_are_read_with_their_units() {
        let cases = [
            ("90s", 90.0),
            ("1h 30m", 5400.0),
            ("1h30m", 5400.0),
            ("1.5h", 5400.0),
            ("45 min", 2700.0),
            ("250ms", 0.25),
            ("2d", 172_800.0),
            ("0s", 0.0),
        ];
        for (text, secs) in cases {
            assert_eq!(duration(text).unwrap(), Span::from_secs(secs), "{text}");
        }
        for text in [
            "",
            "s",
            "300",
            "0",
            "-5s",
            "5 parsecs",
            "nan",
            "NaNs",
            "infs",
            "1e9s",
            "1m 1h",
            "1s 1s",
            "99999d",
            "1..5s",
        ] {
            assert!(duration(text).is_err(), "{text}");
        }
        assert_eq!(hint(duration("300")), "write 300s");
        assert!(positive_duration("0s").is_err());
    }

    #[test]
    fn rates_are_read_with_their_units() {
        for (text, per_hour) in
            [("100/h", 100.0), ("1/min", 60.0), ("100/30min", 200.0), ("0/h", 0.0), ("2 / s", 7200.0)]
        {
            assert!((rate(text).unwrap() * 3600.0 - per_hour).abs() < 1e-9, "{text}");
        }
        for text in ["100", "-1/h", "NaN/h", "inf/h", "1e9/h", "5/", "/h", "5/0s", "5/week", "99999999999/s"]
        {
            assert!(rate(text).is_err(), "{text}");
        }
        assert_eq!(hint(rate("100")), "write 100/h");
    }

    #[test]
    fn shares_are_percentages() {
        assert!((share("40%").unwrap() - 0.4).abs() < 1e-15);
        assert_eq!(share("100%").unwrap(), 1.0);
        assert_eq!(hint(share("0.4")), "write 40%");
        assert_eq!(hint(share("40")), "write 40%");
        for text in ["140%", "-1%", "nan%", "NaN", "", "%", "1.01e2%"] {
            assert!(share(text).is_err(), "{text}");
        }
    }

    #[test]
    fn paces_are_words_a_minute() {
        assert!((pace("19 wpm").unwrap() * 60.0 - 19.0).abs() < 1e-12);
        assert!((pace("38.5wpm").unwrap() * 60.0 - 38.5).abs() < 1e-12);
        assert_eq!(hint(pace("19")), "write 19 wpm");
        for text in ["0 wpm", "-1 wpm", "wpm", "", "19 wps", "99999 wpm", "1e1 wpm", "nan wpm"] {
            assert!(pace(text).is_err(), "{text}");
        }
        assert!(from_zero("0").is_ok() && from_zero("-0.1").is_err() && from_zero("5s").is_err());
    }

    #[test]
    fn money_has_its_currency() {
        let eur = |value| Money { value, currency: "EUR".into() };
        assert_eq!(amount("6.50 EUR").unwrap(), eur(6.5));
        assert_eq!(amount("74EUR").unwrap(), eur(74.0));
        assert_eq!(price("36 EUR/h").unwrap(), eur(0.01));
        assert_eq!(price("0.6 EUR / min").unwrap(), eur(0.01));
        assert_eq!(price_text(&price("0.04 EUR/min").unwrap()), "2.4 EUR/h");
        assert_eq!(amount_text(&amount("6.50 EUR").unwrap()), "6.5 EUR");
        for text in
            ["", "EUR", "-5 EUR", "5", "5 Euro", "5 EURO", "nan EUR", "5 eur", "99999999999 EUR", "5 EUR/h"]
        {
            assert!(amount(text).is_err(), "{text}");
        }
        for text in ["24", "24 EUR", "24/h", "24 EUR/", "24 EUR/0s", "24 EUR/week", "/h", "-1 EUR/h"] {
            assert!(price(text).is_err(), "{text}");
        }
        assert_eq!(hint(amount("74")), "write 74 EUR");
        assert_eq!(hint(amount("74 eur")), "write EUR");
        assert_eq!(hint(price("24 EUR")), "write 24 EUR/h");
    }

    #[test]
    fn what_is_written_back_reads_the_same() {
        for text in ["90s", "1h 30m", "1d 1s", "1.25s", "250ms", "0.001ms", "2h", "0s"] {
            let span = duration(text).unwrap();
            assert_eq!(duration(&duration_text(span)).unwrap(), span, "{text}");
        }
        assert_eq!(duration_text(Span::from_secs(5400.0)), "1h 30m");
        assert_eq!(duration_text(Span::from_secs(0.01)), "10ms");
        assert_eq!(memory("1.5 GB").unwrap(), 1.5e9);
        assert_eq!(memory("0B").unwrap(), 0.0);
        for text in ["", "MB", "5", "-5 MB", "5 mb", "5 MiB", "nan GB"] {
            assert!(memory(text).is_err(), "{text}");
        }
        assert_eq!(rate_text(rate("100/30min").unwrap()), "200/h");
        assert_eq!(rate_text(rate("100/h").unwrap()), "100/h");
        assert_eq!(pace_text(pace("19wpm").unwrap()), "19 wpm");
        assert_eq!(share_text(share("69.5%").unwrap()), "69.5%");
    }
}
