//! What stands between `{{` and `}}`, and paths.
//!
//! `$.a.b`, `name`, `name[key]`, `word(argument)` or `"text"`, and then filters: `| word` or `| word(argument)`.

use super::names::{Document, Names};
use crate::scenario::plan::dialect::path::{Down, Each, Path, Star};
use crate::scenario::plan::dialect::template::{Filter, Placeholder, Source};
use crate::scenario::problem::{nearest, quoted};
use crate::scenario::quantity::Misfit;

/// What may be called, besides names.
const CALLS: [&str; 9] = ["uuid", "now", "now_ms", "now_text", "count", "status", "body", "header", "cookie"];
/// What can be made of a value.
const FILTERS: [&str; 15] = [
    "json", "url", "raw", "base64", "html", "plain", "lower", "number", "text", "length", "minus", "before",
    "after", "or", "trim",
];
/// Steps of a path at the most.
const DEEPEST: usize = 30;

/// What a placeholder says.
pub(super) fn placeholder(typed: &str, names: &mut Names) -> Result<Placeholder, Misfit> {
    let mut parts = split(typed).into_iter();
    let first = parts.next().unwrap_or_default();
    let source = source(first, names)?;
    let filters = parts.map(filter).collect::<Result<_, _>>()?;
    Ok(Placeholder { typed: typed.trim().to_owned(), source, filters })
}

/// The parts between bars that are in no quotes.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut from) = (Vec::new(), 0);
    for (at, _) in unquoted(text).filter(|(_, c)| *c == '|') {
        parts.push(text[from..at].trim());
        from = at + 1;
    }
    parts.push(text[from..].trim());
    parts
}

/// The characters that stand in no quotes, with their places. `\"` is a quote that ends none.
pub(super) fn unquoted(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let (mut quoted, mut escaped) = (false, false);
    text.char_indices().filter(move |(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = quoted && *c == '\\' && !escaped;
        quoted ^= ends;
        !quoted && !ends
    })
}

fn source(text: &str, names: &mut Names) -> Result<Source, Misfit> {
    if text.starts_with('$') {
        if names.document == Document::Nothing {
            let misfit = found(text, "a name: there is no frame and no answer here that $ could mean");
            return Err(misfit.hint("take it where it comes, with let or keep, and name it here"));
        }
        let each = each(text, names)?;
        if each.star.is_some() {
            return Err(found(text, "a path without stars: they stand after `in`"));
        }
        return Ok(Source::Path(each.to));
    }
    if let Some(literal) = in_quotes(text) {
        return Ok(Source::Literal(literal));
    }
    let (word, argument) = call(text)?;
    let of_answer =
        |source: Source, names: &Names| match names.document {
            Document::Answer => Ok(source),
            _ => Err(found(text, "a name: there is no answer here")
                .hint("it is known in ask, and in what ask lets")),
        };
    let needs = || found(text, "a word in brackets after it").hint(format!("write {word}(name)"));
    match (word, argument) {
        ("uuid", None) => Ok(Source::Uuid),
        ("now", None) => Ok(Source::Now),
        ("now_ms", None) => Ok(Source::NowMillis),
        ("now_text", None) => Ok(Source::NowText),
        ("status", None) => of_answer(Source::Status, names),
        ("body", None) => of_answer(Source::Body, names),
        ("header", Some(name)) => of_answer(Source::Header(name.to_lowercase()), names),
        ("cookie", Some(name)) => Ok(Source::Cookie(name)),
        ("count", Some(name)) => Ok(Source::Count(names.counter(&name))),
        ("count" | "header" | "cookie", None) => Err(needs()),
        (_, Some(_)) => {
            let misfit = found(text, &format!("one of {}", CALLS.join(", ")));
            Err(nearest(word, CALLS)
                .map_or(misfit.clone(), |meant| misfit.hint(format!("did you mean {meant}?"))))
        }
        ("", None) => Err(found(text, "a name or a path between {{ and }}")),
        (name, None) => names.source(name),
    }
}

/// A word, and what stands in brackets after it.
fn call(text: &str) -> Result<(&str, Option<String>), Misfit> {
    let Some((word, rest)) = text.split_once('(') else { return Ok((text, None)) };
    let argument = rest.strip_suffix(')').ok_or_else(|| found(text, "a bracket that is closed"))?.trim();
    let argument = match argument.starts_with('"') {
        true => in_quotes(argument).ok_or_else(|| {
            found(text, "a text in double quotes").hint("a double quote within is written \\\"")
        })?,
        false => argument.to_owned(),
    };
    Ok((word.trim(), Some(argument)))
}

/// What stands in double quotes, which are all around it; within, `\"` is a quote and `\\` a backslash.
fn in_quotes(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut read = String::new();
    let mut rest = inner.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => return None,
            '\\' => read.push(rest.next_if(|c| matches!(c, '"' | '\\')).unwrap_or('\\')),
            c => read.push(c),
        }
    }
    Some(read)
}

fn filter(text: &str) -> Result<Filter, Misfit> {
    let (word, argument) = call(text)?;
    let whole = |argument: String| argument.parse().map_err(|_| found(text, "a whole number in brackets"));
    Ok(match (word, argument) {
        ("json", None) => Filter::Json,
        ("url", None) => Filter::Url,
        ("raw", None) => Filter::Raw,
        ("base64", None) => Filter::Base64,
        ("html", None) => Filter::Html,
        ("plain", None) => Filter::Plain,
        ("lower", None) => Filter::Lower,
        ("trim", None) => Filter::Trim,
        ("number", None) => Filter::Number,
        ("text", None) => Filter::Text,
        ("length", None) => Filter::Length,
        ("minus", Some(argument)) => Filter::Minus(whole(argument)?),
        ("before", Some(argument)) => Filter::Before(argument),
        ("after", Some(argument)) => Filter::After(argument),
        ("or", Some(argument)) => Filter::Or(argument),
        ("minus" | "before" | "after" | "or", None) => {
            return Err(found(text, "what it takes, in brackets").hint(format!("write {word}(\"…\")")));
        }
        (word, _) if FILTERS.contains(&word) => return Err(found(text, &format!("{word} without brackets"))),
        (word, _) => {
            let misfit = found(text, &format!("one of {}", FILTERS.join(", ")));
            let meant = nearest(word, FILTERS);
            return Err(meant.map_or(misfit.clone(), |meant| misfit.hint(format!("did you mean {meant}?"))));
        }
    })
}

/// A path, with stars or without; what its stars bind becomes known.
pub(super) fn each(text: &str, names: &mut Names) -> Result<Each, Misfit> {
    let rest = text.strip_prefix('$').ok_or_else(|| {
        found(text, "a path that begins with $").hint("$ is the whole, $.room.id what has that key in it")
    })?;
    let mut parts = Vec::new();
    let mut rest = rest;
    while !rest.is_empty() {
        let (part, after) = part(rest, text)?;
        parts.push(part);
        rest = after;
        if parts.len() > DEEPEST {
            return Err(found(text, "a shorter path"));
        }
    }
    let mut whole = Each { to: Path::default(), star: None };
    let mut at = &mut whole;
    for part in parts {
        match part {
            Part::Down(down) => at.to.0.push(down),
            Part::Star(name) => {
                let key = name.map(|name| names.local(name));
                let on = Each { to: Path::default(), star: None };
                at = &mut at.star.insert(Box::new(Star { key, on })).on;
            }
        }
    }
    Ok(whole)
}

enum Part<'a> {
    Down(Down),
    Star(Option<&'a str>),
}

/// The first step of a path, and the rest.
fn part<'a>(rest: &'a str, whole: &str) -> Result<(Part<'a>, &'a str), Misfit> {
    if let Some(rest) = rest.strip_prefix("[\"") {
        let (name, rest) = rest.split_once("\"]").ok_or_else(|| found(whole, "a bracket closed by \"]"))?;
        return Ok((down(name), rest));
    }
    if let Some(rest) = rest.strip_prefix("->") {
        // What follows the arrow at once is a key: as if a point stood there.
        return Ok((Part::Down(Down::Json), rest));
    }
    let name = rest.strip_prefix('.').unwrap_or(rest);
    let end = |name: &str| {
        let arrow = name.find("->").unwrap_or(name.len());
        name[..arrow].find(['.', '[', ' ', '"', '(', ')']).unwrap_or(arrow)
    };
    let (name, rest) = name.split_at(end(name));
    match name.strip_prefix('*') {
        Some("") => Ok((Part::Star(None), rest)),
        Some(key) if super::names::is_name(key) => Ok((Part::Star(Some(key)), rest)),
        Some(_) => Err(found(whole, "a name after the star, which its key is to have")),
        None if name.is_empty() => {
            Err(found(whole, "steps such as .name, .0, .*, [\"a name\"] and ->").hint("$.rooms.0.id"))
        }
        None => Ok((down(name), rest)),
    }
}

fn down(name: &str) -> Part<'static> {
    Part::Down(Down::Key(name.to_owned(), name.parse().ok()))
}

fn found(text: &str, expected: &str) -> Misfit {
    Misfit { found: Some(quoted(text)), ..Misfit::new(expected) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::node;

    fn names() -> Names {
        let root = node::parse("settings: {team: 1}\nx: {keep: {token: a, 'channel[peer]': b}}\n").unwrap();
        let mut names = Names::of(&root);
        names.locals = vec!["peer".into(), "text".into()];
        names.document = Document::Answer;
        names
    }

    #[test]
    fn names_paths_calls_and_filters() {
        let mut names = names();
        let mut read = |text: &str| placeholder(text, &mut names).unwrap();
        assert_eq!(read("team").source, Source::Variable(0));
        assert_eq!(read(" text ").source, Source::Local(1));
        assert!(matches!(read("channel[peer]").source, Source::Table(0, _)));
        assert_eq!(read("header(Token)").source, Source::Header("token".into()));
        assert_eq!(read("count(acks)").source, Source::Count(0));
        assert_eq!(read("count(seq)").source, Source::Count(1));
        let filtered = read("$.a.0 | before(\":\") | or(\"a|b\") | minus(1)");
        assert_eq!(
            filtered.filters,
            [Filter::Before(":".into()), Filter::Or("a|b".into()), Filter::Minus(1)]
        );
        let Source::Path(Path(steps)) = filtered.source else { panic!() };
        assert_eq!(steps, [Down::Key("a".into(), None), Down::Key("0".into(), Some(0))]);
    }

    #[test]
    fn paths_have_arrows_stars_and_keys_in_quotes() {
        let mut names = names();
        let all = each("$.rooms.*room[\"a.b\"].push-id->post.*", &mut names).unwrap();
        assert_eq!(all.to, Path(vec![Down::Key("rooms".into(), None)]));
        let star = all.star.unwrap();
        assert_eq!(star.key, Some(2));
        let steps = ["a.b", "push-id"].map(|name| Down::Key(name.into(), None));
        let [a, b] = steps;
        assert_eq!(star.on.to, Path(vec![a, b, Down::Json, Down::Key("post".into(), None)]));
        assert_eq!(star.on.star.unwrap().key, None);
        assert_eq!(names.locals, ["peer", "text", "room"]);
        assert_eq!(each("$->", &mut names).unwrap().to, Path(vec![Down::Json]));
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        let mut names = names();
        for (text, word) in [
            ("tokne", "token"),
            ("", "a name or a path"),
            ("$.a.*", "without stars"),
            ("$.", "steps such as"),
            ("$[0]", "steps such as"),
            ("count", "brackets"),
            ("count(", "closed"),
            ("token | jsn", "json"),
            ("token | before", "in brackets"),
            ("token | json(1)", "without brackets"),
            ("random(3)", "one of uuid"),
            ("room[peer]", "table"),
            ("channel[pear]", "peer"),
        ] {
            let misfit = placeholder(text, &mut names).unwrap_err();
            assert!(format!("{misfit:?}").contains(word), "{text}: {misfit:?}");
        }
        names.document = Document::Frame;
        assert!(placeholder("status", &mut names).is_err());
        names.document = Document::Nothing;
        assert!(placeholder("$.a", &mut names).is_err());
    }
}
