//! What a table of keys is made of. One table drives three things, so that they cannot drift apart: which keys are
//! known (and which is meant by a misspelt one), what `check --explain` says of those left out, and the JSON Schema.

use super::defaults::Default;

/// The keys of a map.
#[derive(Debug)]
pub(super) struct Format {
    /// What the map describes, for problems and the schema.
    pub(super) what: &'static str,
    /// Its keys, in the order in which they are explained.
    pub(super) keys: &'static [Key],
    /// Whether exactly one of the keys must be there: a choice.
    pub(super) choice: bool,
    /// Keys of other maps that one may expect here, each with what to write instead.
    pub(super) foreign: &'static [(&'static str, &'static str)],
}

/// One key of a map.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    pub(super) when: When,
    pub(super) doc: &'static str,
}

/// What holds when a key is left out.
#[derive(Debug)]
pub(super) enum When {
    /// It must not be left out.
    Required,
    /// Then there is none of it.
    Optional,
    /// Then this holds, as if it had been typed.
    Default(Default),
    /// Then this holds, but only in the circumstances said in words; in others there is none of it.
    Where(Default, &'static str),
    /// Then what holds follows from other keys, said in words.
    Otherwise(&'static str),
}

/// What stands after a key.
#[derive(Debug)]
pub(super) enum Takes {
    /// Any text.
    Text,
    /// A day, a time of day and a time zone.
    Start,
    /// A time of day, or how long after the scenario's start.
    Moment,
    /// From a time of day to another.
    Hours,
    /// A length of time.
    Duration,
    /// A length of time that is not zero.
    PositiveDuration,
    /// So many in so long.
    Rate,
    /// 0% to 100%.
    Share,
    /// An amount of money.
    Amount,
    /// What a length of time costs.
    Price,
    /// A currency: three capital letters.
    Currency,
    /// A standard deviation over a mean.
    Variation,
    /// A plain number above zero.
    Factor,
    /// A plain number from zero.
    Number,
    /// So many words a minute.
    Pace,
    /// A whole number of something, at least and at most.
    Whole(&'static str, u64, u64),
    /// `true` or `false`.
    Flag,
    /// The path of a file, from the scenario's directory.
    File,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of such.
    List(&'static Takes),
    /// The stretch factors: plain numbers, the first at least 1, none below the one before.
    Stretch,
    /// A map with these keys.
    Map(&'static Format),
    /// A map whose keys are names of the user's choice: what they name, and what each takes.
    Named(&'static str, &'static Takes),
    /// A map from times to rates.
    Profile,
    /// The law of a duration: a duration, or a map with the name of the law.
    Law,
    /// The law of a number of words: a plain number, or a map with the name of the law.
    Words,
    /// The law of a count: a whole number, or a map with the name of the law.
    Count,
    /// One or the other; the first that has the shape of what is there.
    Either(&'static Takes, &'static Takes),
    /// A comparison of a figure with a limit.
    Gate,
    /// What only its own reader can tell: a template, a path, a tree of templates.
    Any,
}

impl Format {
    /// The key of this name. Panics when there is none: the resolver asks for what the table does not have.
    pub(super) fn key(&self, name: &str) -> &'static Key {
        let key = self.keys.iter().find(|key| key.name == name);
        key.unwrap_or_else(|| unreachable!("{} has no key {name} in its table", self.what))
    }
}

impl Takes {
    /// A value to show to who left it out, where one value is an example of all.
    pub(super) fn example(&self) -> Option<&'static str> {
        Some(match self {
            Self::Duration | Self::PositiveDuration => "90s",
            Self::Start => "\"2026-11-28 09:00 Europe/Paris\"",
            Self::Moment => "45m",
            Self::Hours => "\"18:00-20:00\"",
            Self::Rate => "240/h",
            Self::Share => "40%",
            Self::Amount => "74 EUR",
            Self::Price => "24 EUR/h",
            Self::Currency => "EUR",
            Self::Variation => "0.5",
            Self::Factor | Self::Number => "1",
            Self::Pace => "19 wpm",
            Self::Whole(..) => "20",
            Self::Flag => "true",
            Self::Stretch => "[1, 1.25, 1.6]",
            Self::Law => "{exponential: {mean: 300s}}",
            Self::Words => "{lognormal: {mean: 11, cv: 0.9}}",
            Self::Count => "{geometric: {mean: 5}}",
            Self::Word(words) => words[0],
            Self::Profile => "{0m: 120/h, 1h: 240/h}",
            Self::Gate => "\"support.abandoned.share < 5%\"",
            Self::Either(one, _) => return one.example(),
            Self::Text | Self::File | Self::List(_) | Self::Map(_) | Self::Named(..) | Self::Any => {
                return None;
            }
        })
    }
}
