//! Templates, what is kept of them, and conditions.

use super::Reader;
use super::expression::{each, placeholder, unquoted};
use super::names::Document;
use crate::base::time::RealSpan;
use crate::scenario::node::Value;
use crate::scenario::plan::dialect::Lasting;
use crate::scenario::plan::dialect::path::Each;
use crate::scenario::plan::dialect::template::{Condition, Piece, Target, Template, Test};
use crate::scenario::problem::quoted;
use crate::scenario::quantity::{self, Misfit};
use crate::scenario::resolve::section::Field;

/// The words after `is`.
const STATES: [(&str, Test); 4] =
    [("present", Test::Present), ("absent", Test::Absent), ("empty", Test::Empty), ("filled", Test::Filled)];
/// How a value is tested, where it is not by what it reads.
const TESTS: [&str; 5] = ["not", "in", "has", "starts", "is"];

impl Reader<'_, '_> {
    /// A text with placeholders.
    pub(super) fn template(&mut self, field: &Field) -> Option<Template> {
        let Some(text) = field.text() else {
            let misfit = Misfit::new("a text, in which {{name}} stands for what is put there");
            let misfit = match field.node.value {
                Value::Map(_) => misfit.hint("where it begins with {{ it needs quotes: \"{{name}}\""),
                _ => misfit,
            };
            return self.refuse(field, misfit);
        };
        let text = text.to_owned();
        match self.pieces(&text) {
            Ok(template) => Some(template),
            Err(misfit) => self.refuse(field, misfit),
        }
    }

    fn pieces(&mut self, text: &str) -> Result<Template, Misfit> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            pieces.extend(self.plain(before)?);
            let end = closing(after).ok_or_else(|| {
                let misfit = Misfit::new("}} after every {{");
                match after.contains("}}") {
                    true => misfit.hint("it stands in quotes here: in them, a double quote is written \\\""),
                    false => misfit,
                }
            })?;
            pieces.push(Piece::Put(placeholder(&after[..end], &mut self.names)?));
            rest = &after[end + 2..];
        }
        pieces.extend(self.plain(rest)?);
        Ok(Template(pieces))
    }

    /// A piece of text in which nothing is put; nothing, where it is empty. What looks like a placeholder with one brace is refused.
    fn plain(&self, text: &str) -> Result<Option<Piece>, Misfit> {
        let braced = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
        let meant = braced.into_iter().find(|name| name.starts_with('$') || self.names.source(name).is_ok());
        if let Some(name) = meant {
            let found = Some(quoted(&format!("{{{name}}}")));
            let hint = format!("write {{{{{name}}}}}");
            return Err(Misfit { found, ..Misfit::new("two braces around what is put there") }.hint(hint));
        }
        Ok((!text.is_empty()).then(|| Piece::Text(text.to_owned())))
    }

    /// A length of time, or a template that comes to one.
    pub(super) fn lasting(&mut self, field: &Field) -> Option<Lasting> {
        let template = self.template(field)?;
        match template.fixed().map(quantity::positive_duration) {
            None => Some(Lasting::Said(template)),
            Some(Ok(span)) => Some(Lasting::Fixed(RealSpan::from_nanos(span.nanos()))),
            Some(Err(misfit)) => self.refuse(field, misfit),
        }
    }

    /// Names with templates: headers, a form.
    pub(super) fn named_templates(&mut self, field: Option<Field>) -> Option<Vec<(String, Template)>> {
        let Some(field) = field else { return Some(Vec::new()) };
        let pairs = self.pairs(field)?;
        let read: Vec<_> =
            pairs.iter().map(|(name, field)| Some((name.clone(), self.template(field)?))).collect();
        read.into_iter().collect()
    }

    /// What is set: of these steps (`let`), then of the connection (`keep`), each from what is known by then.
    pub(super) fn set(
        &mut self,
        lets: Option<Field>,
        keeps: Option<Field>,
    ) -> Option<Vec<(Target, Template)>> {
        let mut set = Vec::new();
        let mut good = true;
        for (field, local) in [(lets, true), (keeps, false)] {
            let Some(field) = field else { continue };
            let Some(pairs) = self.pairs(field) else {
                good = false;
                continue;
            };
            for (name, below) in pairs {
                let template = self.template(&below);
                let target = if local { self.names.let_be(&name) } else { self.names.kept(&name) };
                let target = match target {
                    Ok(target) => Some(target),
                    Err(misfit) => self.refuse(&below, misfit),
                };
                match template.zip(target) {
                    Some((template, target)) => set.push((target, template)),
                    None => good = false,
                }
            }
        }
        good.then_some(set)
    }

    /// Conditions, all of which are to hold.
    pub(super) fn conditions(&mut self, field: Option<Field>) -> Option<Vec<Condition>> {
        let Some(field) = field else { return Some(Vec::new()) };
        if !matches!(field.node.value, Value::Map(_)) {
            let misfit = Misfit::new("a map of what is to hold").hint("write when: {$.type: message}");
            return self.refuse(&field, misfit);
        }
        let pairs = self.pairs(field)?;
        let read: Vec<_> = pairs.into_iter().map(|(of, field)| self.condition(&of, &field)).collect();
        read.into_iter().collect()
    }

    fn condition(&mut self, of: &str, field: &Field) -> Option<Condition> {
        let test = self.test(field.clone());
        match placeholder(of, &mut self.names) {
            Ok(of) => Some(Condition { of, test: test? }),
            Err(misfit) => self.refuse(field, misfit),
        }
    }

    fn test(&mut self, field: Field) -> Option<Test> {
        if matches!(field.node.value, Value::Scalar(_)) {
            return self.template(&field).map(Test::Is);
        }
        let expected = format!("a text, or one of {} with a text: {{not: \"…\"}}", TESTS.join(", "));
        let misfit = Misfit::new(&expected);
        let Value::Map(entries) = &field.node.value else {
            return self
                .refuse(&field, misfit.hint("whether it is there at all: {is: present}, {is: absent}"));
        };
        let [entry] = &entries[..] else { return self.refuse(&field, misfit) };
        if !TESTS.contains(&entry.key.as_str()) {
            let braces = misfit.hint("what begins with {{ needs quotes: \"{{name}}\"");
            return self.refuse(&field, braces);
        }
        let (_, below) = self.pairs(field)?.pop()?;
        match entry_key(&below.path) {
            "not" => self.template(&below).map(Test::Not),
            "has" => self.template(&below).map(Test::Has),
            "starts" => self.template(&below).map(Test::Starts),
            "in" => {
                let some = self.some(below);
                let read: Vec<_> = some.iter().map(|one| self.template(one)).collect();
                read.into_iter().collect::<Option<_>>().map(Test::In)
            }
            _ => self.state(&below),
        }
    }

    fn state(&mut self, field: &Field) -> Option<Test> {
        let word = field.text().unwrap_or_default();
        match STATES.iter().find(|(name, _)| *name == word) {
            Some((_, test)) => Some(test.clone()),
            None => self.refuse(field, Misfit::new("one of present, absent, empty, filled")),
        }
    }

    /// Where in a frame to look.
    pub(super) fn each(&mut self, field: Option<Field>) -> Option<Option<Each>> {
        let Some(field) = field else { return Some(None) };
        let Some(text) = field.text() else {
            return self.refuse(&field, Misfit::new("a path such as $.rooms.*"));
        };
        match each(text, &mut self.names) {
            Ok(each) => Some(Some(each)),
            Err(misfit) => self.refuse(&field, misfit),
        }
    }

    /// Reads something for which `$` means this.
    pub(super) fn with<T>(&mut self, document: Document, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.names.document, document);
        let read = read(self);
        self.names.document = before;
        read
    }
}

/// The last name of a dotted path.
fn entry_key(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Where the placeholder ends that begins here: at the first `}}` in no quotes.
fn closing(text: &str) -> Option<usize> {
    unquoted(text).map(|(at, _)| at).find(|at| text[*at..].starts_with("}}"))
}
