//! Scalars and lists by what their key takes. Each value that is read leaves its row for `check --explain`.

use std::ops::RangeInclusive;

use super::Findings;
use super::section::{Field, Section, join};
use crate::base::time::Span;
use crate::scenario::format::Takes;
use crate::scenario::node::{Node, Value};
use crate::scenario::problem::nearest;
use crate::scenario::quantity::{self, Misfit};

impl Findings<'_> {
    /// The text of `field`, read; `None` when it is none or `read` refuses it, and that is noted.
    pub(super) fn read<T>(
        &mut self,
        field: &Field,
        read: impl FnOnce(&str) -> Result<T, Misfit>,
    ) -> Option<T> {
        // A value that is no text is refused in the words in which an empty text is.
        let result = read(field.text().unwrap_or_default());
        match (result, field.text()) {
            (Ok(value), Some(_)) => Some(value),
            (Err(misfit), Some(_)) => {
                self.misfit(field, misfit);
                None
            }
            (Ok(_), None) => {
                self.misfit(field, Misfit::new("a plain value"));
                None
            }
            (Err(misfit), None) => {
                self.misfit(field, Misfit { found: None, hint: None, ..misfit });
                None
            }
        }
    }

    /// The same, leaving a row.
    fn noted<T>(
        &mut self,
        field: &Field,
        read: impl FnOnce(&str) -> Result<T, Misfit>,
        text: impl FnOnce(&T) -> String,
    ) -> Option<T> {
        let value = self.read(field, read)?;
        self.row(&field.path, text(&value), field.origin);
        Some(value)
    }

    pub(super) fn duration(&mut self, field: &Field) -> Option<Span> {
        self.noted(field, reader_of_duration(field), |span| quantity::duration_text(*span))
    }

    /// A duration that is a parameter of something that leaves its own row.
    pub(super) fn duration_within(&mut self, field: &Field) -> Option<Span> {
        self.read(field, reader_of_duration(field))
    }

    pub(super) fn share(&mut self, field: &Field) -> Option<f64> {
        self.noted(field, quantity::share, |share| quantity::share_text(*share))
    }

    pub(super) fn rate(&mut self, field: &Field) -> Option<f64> {
        self.noted(field, quantity::rate, |rate| quantity::rate_text(*rate))
    }

    pub(super) fn variation(&mut self, field: &Field) -> Option<f64> {
        self.noted(field, quantity::variation, |cv| quantity::share_text(*cv))
    }

    /// A coefficient of variation that is a parameter of a law.
    pub(super) fn variation_within(&mut self, field: &Field) -> Option<f64> {
        self.read(field, quantity::variation)
    }

    pub(super) fn factor(&mut self, field: &Field) -> Option<f64> {
        self.noted(field, quantity::factor, |factor| quantity::plain(*factor))
    }

    /// A number above zero that is a parameter of something that leaves its own row.
    pub(super) fn factor_within(&mut self, field: &Field) -> Option<f64> {
        self.read(field, quantity::factor)
    }

    /// A number from zero that is a parameter of something that leaves its own row.
    pub(super) fn number_within(&mut self, field: &Field) -> Option<f64> {
        self.read(field, quantity::from_zero)
    }

    /// Words a second.
    pub(super) fn pace(&mut self, field: &Field) -> Option<f64> {
        self.noted(field, quantity::pace, |pace| quantity::pace_text(*pace))
    }

    /// A plain number in a range.
    pub(super) fn number_from(&mut self, field: &Field, range: RangeInclusive<f64>) -> Option<f64> {
        let value = self.shape_within(field, range)?;
        self.row(&field.path, quantity::plain(value), field.origin);
        Some(value)
    }

    /// A shape: a plain number in a range.
    pub(super) fn shape_within(&mut self, field: &Field, range: RangeInclusive<f64>) -> Option<f64> {
        let expected = format!("a plain number from {} to {}", range.start(), range.end());
        self.read(field, |text| {
            quantity::number(text).filter(|x| range.contains(x)).ok_or_else(|| Misfit::new(&expected))
        })
    }

    /// A whole number that is a parameter of something that leaves its own row.
    pub(super) fn whole_within<T: TryFrom<u64>>(&mut self, field: &Field) -> Option<T> {
        let Takes::Whole(what, least, most) = field.takes else { unreachable!("{}: no number", field.path) };
        T::try_from(self.read(field, |text| quantity::whole(text, *least..=*most, what))?).ok()
    }

    /// A whole number. The table bounds it, so that the conversion to `T` cannot fail.
    pub(super) fn whole<T: TryFrom<u64>>(&mut self, field: &Field) -> Option<T> {
        let Takes::Whole(what, least, most) = field.takes else { unreachable!("{}: no number", field.path) };
        let value = self.noted(field, |text| quantity::whole(text, *least..=*most, what), u64::to_string)?;
        T::try_from(value).ok()
    }

    pub(super) fn string(&mut self, field: &Field) -> Option<String> {
        self.noted(field, any_text, Clone::clone)
    }

    pub(super) fn string_within(&mut self, field: &Field) -> Option<String> {
        self.read(field, any_text)
    }

    /// One of the words of the table, by its position.
    pub(super) fn word(&mut self, field: &Field) -> Option<usize> {
        let Takes::Word(words) = field.takes else { unreachable!("{}: no word", field.path) };
        self.noted(field, |text| position(words, text), |i| words[*i].to_owned())
    }

    /// The same, as a part of something that leaves its own row.
    pub(super) fn word_within(&mut self, field: &Field) -> Option<usize> {
        let Takes::Word(words) = field.takes else { unreachable!("{}: no word", field.path) };
        self.read(field, |text| position(words, text))
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, field: &Field) -> Option<bool> {
        self.noted(field, |text| position(&["false", "true"], text).map(|i| i == 1), bool::to_string)
    }

    /// The elements of a list, each with what the table says that it takes.
    pub(super) fn list(&mut self, field: Field) -> Option<Vec<Field>> {
        let Takes::List(each) = field.takes else { unreachable!("{}: no list", field.path) };
        let Value::List(items) = field.node.value else {
            self.misfit(&field, Misfit::new("a list").hint("write it in brackets: [a, b]"));
            return None;
        };
        let element = |(i, node): (usize, Node)| Field {
            node,
            takes: each,
            path: format!("{}[{i}]", field.path),
            origin: field.origin,
        };
        Some(items.into_iter().enumerate().map(element).collect())
    }

    /// A set of texts, sorted.
    pub(super) fn set(&mut self, field: Field) -> Option<Vec<String>> {
        let (path, origin) = (field.path.clone(), field.origin);
        let items = self.list(field)?;
        let read: Vec<Option<String>> = items.iter().map(|item| self.string_within(item)).collect();
        let mut set: Vec<String> = read.into_iter().collect::<Option<_>>()?;
        set.sort_unstable();
        set.dedup();
        self.row(&path, format!("[{}]", set.join(", ")), origin);
        Some(set)
    }

    /// A map that needs opening, if the key is there or has a default.
    pub(super) fn section(&mut self, parent: &mut Section, name: &'static str) -> Option<Section> {
        let field = parent.take(self, name)?;
        Section::open(self, field)
    }

    /// Notes that shares do not add up, unless they do within 0.01 points. `shares` are fractions.
    pub(super) fn adds_up(&mut self, parent: &Section, name: &str, shares: &[f64]) -> bool {
        let sum: f64 = shares.iter().sum();
        let good = (sum - 1.0).abs() <= 1e-4;
        if !good {
            let found = format!("shares that add up to {}", quantity::share_text(sum));
            let path = join(parent.path(), name);
            self.problem(parent.place(name), &path, found, "shares that add up to 100%".into(), None);
        }
        good
    }
}

fn reader_of_duration(field: &Field) -> fn(&str) -> Result<Span, Misfit> {
    match field.takes {
        Takes::PositiveDuration => quantity::positive_duration,
        _ => quantity::duration,
    }
}

fn any_text(text: &str) -> Result<String, Misfit> {
    let misfit = Misfit::new("a text of 1 to 200 characters");
    let good = (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if good { Ok(text.to_owned()) } else { Err(misfit) }
}

fn position(words: &[&str], text: &str) -> Result<usize, Misfit> {
    words.iter().position(|word| *word == text).ok_or_else(|| {
        let misfit = Misfit::new(&format!("one of: {}", words.join(", ")));
        match nearest(text, words.iter().copied()) {
            Some(word) => misfit.hint(format!("did you mean `{word}`?")),
            None => misfit,
        }
    })
}
