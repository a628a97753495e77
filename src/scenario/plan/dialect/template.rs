//! Texts with placeholders, trees of JSON made of them, and conditions, all as they stand once read.

use serde_json::Value;

use super::path::Path;

/// A text with placeholders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template(pub Vec<Piece>);

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// As it stands.
    Text(String),
    /// What is to be put there.
    Put(Placeholder),
}

impl Template {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of a template without placeholders.
    #[must_use]
    pub fn fixed(&self) -> Option<&str> {
        match &self.0[..] {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The placeholder that is all there is.
    #[must_use]
    pub fn alone(&self) -> Option<&Placeholder> {
        match &self.0[..] {
            [Piece::Put(placeholder)] => Some(placeholder),
            _ => None,
        }
    }

    /// The placeholders.
    pub fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Put(placeholder) => Some(placeholder),
            Piece::Text(_) => None,
        })
    }
}

/// What is put into a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Placeholder {
    /// As it was typed.
    pub typed: String,
    /// Where it comes from.
    pub source: Source,
    /// What is made of it, in this order.
    pub filters: Vec<Filter>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A variable of the connection.
    Variable(usize),
    /// An entry of a table.
    Table(usize, Key),
    /// A local of these steps.
    Local(usize),
    /// The frame or the answer at hand.
    Path(Path),
    /// As it stands.
    Literal(String),
    /// A new UUID.
    Uuid,
    /// Seconds since 1970, with a fraction.
    Now,
    /// Milliseconds since 1970.
    NowMillis,
    /// Now, as RFC 3339 has it.
    NowText,
    /// The next number of a counter, from 1.
    Count(usize),
    /// The status of the answer at hand.
    Status,
    /// The text of the answer at hand.
    Body,
    /// A header of the answer at hand, by its name in lower case.
    Header(String),
    /// A cookie that the server has set.
    Cookie(String),
}

/// What an entry of a table is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// What a variable of the connection says.
    Variable(usize),
    /// What a local says.
    Local(usize),
}

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A variable of the connection.
    Variable(usize),
    /// An entry of a table.
    Table(usize, Key),
    /// A local of these steps.
    Local(usize),
}

/// What is made of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// Its JSON, quotes included.
    Json,
    /// Escaped for a URL.
    Url,
    /// As it is, in a path.
    Raw,
    /// Base64.
    Base64,
    /// Escaped for HTML.
    Html,
    /// The text of HTML: without tags, references resolved.
    Plain,
    /// In lower case.
    Lower,
    /// Without spaces around it.
    Trim,
    /// As a number.
    Number,
    /// As a text.
    Text,
    /// How many elements, keys or characters it has.
    Length,
    /// So much less.
    Minus(i64),
    /// What stands before the first of this.
    Before(String),
    /// What stands after the first of this.
    After(String),
    /// This, where nothing is there.
    Or(String),
}

/// A tree of JSON with templates for texts.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// As it stands.
    Fixed(Value),
    /// A text, or the value of the placeholder that is all there is.
    Text(Template),
    /// A list.
    List(Vec<Shape>),
    /// A map.
    Map(Vec<(Template, Shape)>),
}

/// Something that holds or does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Of what.
    pub of: Placeholder,
    /// What.
    pub test: Test,
}

/// What holds of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It reads so.
    Is(Template),
    /// It reads otherwise, or is not there.
    Not(Template),
    /// It reads like one of these.
    In(Vec<Template>),
    /// This is in it: part of the text, element of the list, key of the map.
    Has(Template),
    /// It begins with this.
    Starts(Template),
    /// It is there, and not null.
    Present,
    /// It is not there, or null.
    Absent,
    /// It is absent, or false, or without anything in it.
    Empty,
    /// The contrary of that.
    Filled,
}
