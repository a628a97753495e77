//! What is varied, as typed: `KEY=VALUES`, where the values are written as in the scenario.
//!
//! Values are separated by commas. `FROM..TO` stands for every value from the one to the other, both included, in steps of
//! 1 of their unit; `FROM..TO:STEP` for other steps. Steps are added in decimal, so that `0..1:0.1` has no noise in it.

use std::fmt;

use super::MOST_CELLS;

/// A key of the scenario with the values that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The key, from the top of the scenario: `support.agents.count`.
    pub key: String,
    /// The values, as they would be typed there; at least one, none twice.
    pub values: Vec<String>,
}

/// Why something is not a thing to vary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse {
    /// What is wrong, in a sentence without its end.
    pub what: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Misuse {
    pub(super) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: Some(hint.into()) }
    }
}

impl Axis {
    /// Reads `KEY=VALUES`.
    ///
    /// # Errors
    /// When it is not of that form, or a range leads nowhere.
    pub fn parse(text: &str) -> Result<Self, Misuse> {
        let form = || {
            let hint =
                "for example support.agents.count=8..16 or support.patience.exponential.mean=60s,120s,240s";
            Misuse::new("a key of the scenario, = and its values are expected", hint)
        };
        let (key, typed) = text.split_once('=').ok_or_else(form)?;
        let key = key.trim();
        if key.split('.').any(|word| word.is_empty() || word.contains(char::is_whitespace)) {
            return Err(form());
        }
        let mut values: Vec<String> = Vec::new();
        for item in items(typed) {
            let more = match item.split_once("..") {
                _ if item.is_empty() => return Err(form()),
                Some((from, to)) if !item.starts_with(['[', '{', '"', '\'']) => range(item, from, to)?,
                _ => vec![item.to_owned()],
            };
            for value in more {
                if values.contains(&value) {
                    return Err(Misuse { what: format!("{value} is there twice"), hint: None });
                }
                values.push(value);
            }
        }
        Ok(Self { key: key.to_owned(), values })
    }

    /// The values as numbers, where all are of one unit and grow: how far apart they lie.
    #[must_use]
    pub fn numbers(&self) -> Option<Vec<f64>> {
        let read: Option<Vec<Quantity>> = self.values.iter().map(|value| Quantity::parse(value)).collect();
        let read = read?;
        let alike = read.windows(2).all(|pair| pair[0].unit.trim() == pair[1].unit.trim());
        let numbers: Vec<f64> = read.iter().map(Quantity::as_f64).collect();
        (alike && numbers.windows(2).all(|pair| pair[0] < pair[1])).then_some(numbers)
    }
}

/// What commas separate, those in brackets and quotes left out.
fn items(text: &str) -> impl Iterator<Item = &str> {
    let (mut depth, mut quote) = (0u32, None);
    let split = move |c: char| {
        match (c, quote) {
            (_, Some(open)) => quote = quote.filter(|_| c != open),
            ('"' | '\'', None) => quote = Some(c),
            ('[' | '{', None) => depth += 1,
            (']' | '}', None) => depth = depth.saturating_sub(1),
            (',', None) => return depth == 0,
            _ => {}
        }
        false
    };
    text.split(split).map(str::trim)
}

/// Every value of `FROM..TO` or `FROM..TO:STEP`.
fn range(typed: &str, from: &str, rest: &str) -> Result<Vec<String>, Misuse> {
    let (to, step) = match rest.split_once(':') {
        Some((to, step)) => (to, Some(step)),
        None => (rest, None),
    };
    let read = |text: &str| {
        let what = format!("{typed}: `{}` is not a number with its unit", text.trim());
        Quantity::parse(text).ok_or_else(|| {
            Misuse::new(what, "write 8..16, 0%..80%:20% or 60s..240s:60s; anything else as a list: 8,12,16")
        })
    };
    let (from, to) = (read(from)?, read(to)?);
    let one = Quantity { digits: 1, decimals: 0, unit: from.unit.clone() };
    let step = step.map_or(Ok(one), read)?;
    let unit = from.unit.trim();
    if to.unit.trim() != unit || step.unit.trim() != unit {
        let widest = [&from, &to, &step].into_iter().map(|q| q.unit.trim()).max_by_key(|unit| unit.len());
        let hint = format!("write every unit, and the same one: {}", with_unit(typed, widest.unwrap_or("")));
        return Err(Misuse::new(format!("{typed}: its ends and its step are not of one unit"), hint));
    }
    let decimals = from.decimals.max(to.decimals).max(step.decimals);
    let [first, last, by] = [&from, &to, &step].map(|quantity| quantity.digits_at(decimals));
    if by <= 0 || first >= last {
        let hint = "write the lower end first, and a step above 0";
        return Err(Misuse::new(format!("{typed}: it leads nowhere"), hint));
    }
    let steps = (last - first) / by;
    if steps as usize >= MOST_CELLS {
        let what = format!("{typed}: these are {} values, and at most {MOST_CELLS} are possible", steps + 1);
        return Err(Misuse::new(what, format!("give a step: {from}..{to}:STEP")));
    }
    let value = |i: i64| Quantity { digits: first + i * by, decimals, unit: from.unit.clone() }.to_string();
    if first + steps * by != last {
        let what = format!("{typed}: steps of {step} from {from} do not arrive at {to}");
        return Err(Misuse::new(what, format!("the last before it is {}", value(steps))));
    }
    Ok((0..=steps).map(value).collect())
}

/// The range with this unit after each of its numbers.
fn with_unit(typed: &str, unit: &str) -> String {
    let number = |text: &str| {
        let text = text.trim();
        Quantity::parse(text)
            .map_or(text.to_owned(), |q| format!("{}{unit}", Quantity { unit: String::new(), ..q }))
    };
    let (from, rest) = typed.split_once("..").unwrap_or((typed, ""));
    let rest: Vec<String> = rest.split(':').map(number).collect();
    format!("{}..{}", number(from), rest.join(":"))
}

/// A decimal number with its unit: `20%`, `1.5 EUR/h`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Quantity {
    /// The number times 10 to the power of `decimals`.
    digits: i64,
    decimals: u32,
    /// As typed, a space before it included.
    unit: String,
}

/// Digits in a number at the most, and of those after the point: sums of such numbers fit an `i64`.
const MOST_DIGITS: usize = 15;
const MOST_DECIMALS: usize = 6;

impl Quantity {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
        let (number, unit) = unsigned.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let readable = !whole.is_empty()
            && whole.len() <= MOST_DIGITS - MOST_DECIMALS
            && fraction.len() <= MOST_DECIMALS
            && !number.ends_with('.')
            && !fraction.contains('.');
        // `1h 30m` is two numbers; `100/30min` is one.
        if !readable || (!unit.starts_with('/') && unit.contains(|c: char| c.is_ascii_digit())) {
            return None;
        }
        let digits: i64 = format!("{whole}{fraction}").parse().ok()?;
        let sign = if unsigned.len() < text.len() { -1 } else { 1 };
        Some(Self { digits: sign * digits, decimals: fraction.len() as u32, unit: unit.to_owned() })
    }

    /// The number times 10 to the power of `decimals`, of which it has no more.
    fn digits_at(&self, decimals: u32) -> i64 {
        self.digits * 10i64.pow(decimals - self.decimals)
    }

    fn as_f64(&self) -> f64 {
        self.digits as f64 / 10i64.pow(self.decimals) as f64
    }
}

/// As a person would type it: no zeros at the end of a fraction.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let power = 10i64.pow(self.decimals);
        let sign = if self.digits < 0 { "-" } else { "" };
        let (whole, fraction) = (self.digits.abs() / power, self.digits.abs() % power);
        write!(f, "{sign}{whole}")?;
        if fraction > 0 {
            let fraction = format!("{fraction:0width$}", width = self.decimals as usize);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str(&self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> String {
        Axis::parse(&format!("a.b={text}")).map_or_else(|why| why.what, |axis| axis.values.join(" | "))
    }

    #[test]
    fn ranges_and_lists_give_their_values() {
        for (typed, expected) in [
            ("8..11", "8 | 9 | 10 | 11"),
            ("1..2,4, 8", "1 | 2 | 4 | 8"),
            ("0%..80%:20%", "0% | 20% | 40% | 60% | 80%"),
            ("0..1:0.25", "0 | 0.25 | 0.5 | 0.75 | 1"),
            ("0.1..0.4:0.1", "0.1 | 0.2 | 0.3 | 0.4"),
            ("24 EUR/h..26 EUR/h", "24 EUR/h | 25 EUR/h | 26 EUR/h"),
            ("100/30min..300/30min:100/30min", "100/30min | 200/30min | 300/30min"),
            ("60s,2m,1h 30m", "60s | 2m | 1h 30m"),
            ("[1, 1.3],[1, 1.2]", "[1, 1.3] | [1, 1.2]"),
            ("\"a, b\",c", "\"a, b\" | c"),
            ("least busy", "least busy"),
        ] {
            assert_eq!(values(typed), expected, "{typed}");
        }
    }

    #[test]
    fn what_leads_nowhere_is_said() {
        for (typed, says) in [
            ("16..8", "leads nowhere"),
            ("8..8", "leads nowhere"),
            ("8..16:0", "leads nowhere"),
            ("8..16:3", "steps of 3 from 8 do not arrive at 16"),
            ("0..80%:20%", "not of one unit"),
            ("0s..1h:60s", "not of one unit"),
            ("1h 30m..2h", "`1h 30m` is not a number"),
            ("..8", "`` is not a number"),
            ("8..", "`` is not a number"),
            ("1...5", "`.5` is not a number"),
            ("0..1000", "1001 values, and at most 400"),
            ("8..16,9", "9 is there twice"),
            ("99999999999..999999999999", "is not a number"),
            ("", "are expected"),
            ("8,,9", "are expected"),
        ] {
            assert!(values(typed).contains(says), "{typed}: {}", values(typed));
        }
        for text in ["", "support.agents.count", "=8", "a..b=8", "a b=8"] {
            assert!(Axis::parse(text).is_err(), "{text}");
        }
        let hint = |text: &str| Axis::parse(text).unwrap_err().hint.unwrap();
        assert!(hint("a=0..80%:20").ends_with("0%..80%:20%"));
        assert_eq!(hint("a=8..16:3"), "the last before it is 14");
    }

    #[test]
    fn values_lie_apart_by_their_numbers_where_they_have_any() {
        let numbers = |text: &str| Axis::parse(text).unwrap().numbers();
        assert_eq!(numbers("a=60s,120s,240s"), Some(vec![60.0, 120.0, 240.0]));
        assert_eq!(numbers("a=0.5..1:0.25"), Some(vec![0.5, 0.75, 1.0]));
        assert_eq!(numbers("a=60s,2m"), None);
        assert_eq!(numbers("a=2,1"), None);
        assert_eq!(numbers("a=most busy,least busy"), None);
    }
}
