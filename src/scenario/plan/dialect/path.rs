//! Paths into JSON: `$.event.content.body`, `$.0.room`, `$["a.b"]`, `$.data.post|json.message`, and with stars, for everything that is there:
//! `$.rooms.*room.timeline.*`.

use std::borrow::Cow;
use std::rc::Rc;

use serde_json::Value;

/// Bytes of a key at the most that a star binds to a name, as of any name: nothing is seen below one that is longer.
const LONGEST_KEY: usize = 200;

/// One step down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Down {
    /// To what has this key; where it is a number, to the element of a list as well.
    Key(String, Option<usize>),
    /// The text here is JSON itself: into that.
    Json,
}

/// A path to one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(pub Vec<Down>);

impl Path {
    /// What is there, if anything is.
    #[must_use]
    pub fn find<'a>(&self, document: &'a Value) -> Option<Cow<'a, Value>> {
        follow(&self.0, document)
    }
}

fn follow<'a>(steps: &[Down], from: &'a Value) -> Option<Cow<'a, Value>> {
    let mut here = from;
    for (i, step) in steps.iter().enumerate() {
        here = match (step, here) {
            (Down::Key(key, _), Value::Object(map)) => map.get(key)?,
            (Down::Key(_, Some(index)), Value::Array(list)) => list.get(*index)?,
            (Down::Key(..), _) => return None,
            (Down::Json, text) => {
                let inner: Value = serde_json::from_str(text.as_str()?).ok()?;
                return follow(&steps[i + 1..], &inner).map(|found| Cow::Owned(found.into_owned()));
            }
        };
    }
    Some(Cow::Borrowed(here))
}

/// A path to several values: to each that its stars meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Each {
    /// As far as the first star.
    pub to: Path,
    /// From there on, if there is one.
    pub star: Option<Box<Star>>,
}

/// A star, and the way on from what it meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Star {
    /// The local that takes the key, or the number of the element.
    pub key: Option<usize>,
    /// The way on.
    pub on: Each,
}

/// The locals that take keys, with those.
type Keys = Vec<(usize, String)>;

/// One value that a path with stars leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Element<'a> {
    /// The value.
    pub value: Cow<'a, Value>,
    /// The keys on the way to it, if any: those of one way are there once, however many values it leads to.
    keys: Option<Rc<Keys>>,
}

impl<'a> Element<'a> {
    /// A value on the way to which there is no star.
    #[must_use]
    pub const fn whole(value: &'a Value) -> Self {
        Self { value: Cow::Borrowed(value), keys: None }
    }

    /// The keys on the way to it that have names.
    #[must_use]
    pub fn keys(&self) -> &[(usize, String)] {
        self.keys.as_deref().map_or(&[], Vec::as_slice)
    }
}

impl Each {
    /// All that is there, in the order of the document. There are never more of them than the document has values.
    #[must_use]
    pub fn elements<'a>(&self, document: &'a Value) -> Vec<Element<'a>> {
        let mut found = Vec::new();
        self.collect(Cow::Borrowed(document), None, &mut found);
        found
    }

    fn collect<'a>(&self, from: Cow<'a, Value>, keys: Option<&Rc<Keys>>, found: &mut Vec<Element<'a>>) {
        let here = match from {
            Cow::Borrowed(from) => self.to.find(from),
            Cow::Owned(from) => self.to.find(&from).map(|here| Cow::Owned(here.into_owned())),
        };
        let Some(here) = here else { return };
        let Some(star) = &self.star else {
            return found.push(Element { value: here, keys: keys.cloned() });
        };
        let mut go_on = |key: &dyn ToString, value: Cow<'a, Value>| {
            if let Some(keys) = star.bound(key, keys) {
                star.on.collect(value, keys.as_ref(), found);
            }
        };
        match here {
            Cow::Borrowed(Value::Array(list)) => {
                list.iter().enumerate().for_each(|(i, value)| go_on(&i, Cow::Borrowed(value)));
            }
            Cow::Borrowed(Value::Object(map)) => {
                map.iter().for_each(|(key, value)| go_on(key, Cow::Borrowed(value)));
            }
            Cow::Owned(Value::Array(list)) => {
                let all = list.into_iter().enumerate();
                all.for_each(|(i, value)| go_on(&i, Cow::Owned(value)));
            }
            Cow::Owned(Value::Object(map)) => {
                map.into_iter().for_each(|(key, value)| go_on(&key, Cow::Owned(value)));
            }
            Cow::Borrowed(_) | Cow::Owned(_) => {}
        }
    }
}

impl Star {
    /// The keys with one more, where it has a name; nothing is there, where that is too long.
    fn bound(&self, key: &dyn ToString, keys: Option<&Rc<Keys>>) -> Option<Option<Rc<Keys>>> {
        let Some(local) = self.key else { return Some(keys.cloned()) };
        let key = key.to_string();
        let so_far = || keys.into_iter().flat_map(|keys| keys.iter().cloned());
        (key.len() <= LONGEST_KEY).then(|| Some(Rc::new(so_far().chain([(local, key)]).collect())))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn key(name: &str) -> Down {
        Down::Key(name.into(), name.parse().ok())
    }

    #[test]
    fn a_path_goes_through_maps_lists_and_texts_that_are_json() {
        let document = json!({"data": {"post": "{\"ids\":[\"a\",\"b\"]}"}, "list": [10, {"0": "zero"}]});
        let find = |steps: &[Down]| Path(steps.to_vec()).find(&document).map(Cow::into_owned);
        assert_eq!(find(&[]), Some(document.clone()));
        assert_eq!(find(&[key("list"), key("0")]), Some(json!(10)));
        assert_eq!(find(&[key("list"), key("1"), key("0")]), Some(json!("zero")));
        let inner = [key("data"), key("post"), Down::Json, key("ids"), key("1")];
        assert_eq!(find(&inner), Some(json!("b")));
        for missing in
            [vec![key("nothing")], vec![key("list"), key("2")], vec![key("list"), key("0"), key("x")]]
        {
            assert_eq!(find(&missing), None);
        }
        assert_eq!(find(&[key("list"), Down::Json]), None, "a list is no text");
        assert_eq!(Path(vec![Down::Json]).find(&json!("{not json")), None);
    }

    #[test]
    fn stars_meet_elements_and_keys_and_bind_them() {
        let document = json!({"rooms": {"a": {"events": [1, 2]}, "b": {}, "c": {"events": [3]}}});
        let events =
            Each { to: Path(vec![key("events")]), star: Some(Box::new(Star { key: None, on: end() })) };
        let rooms = Star { key: Some(4), on: events };
        let all = Each { to: Path(vec![key("rooms")]), star: Some(Box::new(rooms)) };
        let found = all.elements(&document);
        let told: Vec<_> =
            found.iter().map(|one| (one.value.as_i64().unwrap(), one.keys().to_vec())).collect();
        let of = |room: &str| vec![(4, room.to_owned())];
        assert_eq!(told, [(1, of("a")), (2, of("a")), (3, of("c"))]);
        assert!(all.elements(&json!({"rooms": 7})).is_empty());
        assert!(all.elements(&json!(null)).is_empty());
    }

    #[test]
    fn stars_go_through_texts_that_are_json() {
        let star = Star { key: Some(0), on: end() };
        let all = Each { to: Path(vec![Down::Json]), star: Some(Box::new(star)) };
        let document = json!("[\"x\",\"y\"]");
        let found = all.elements(&document);
        assert_eq!(found.len(), 2);
        assert_eq!((found[1].value.as_str(), found[1].keys()), (Some("y"), &[(0, "1".to_owned())][..]));
    }

    #[test]
    fn a_key_is_kept_once_and_is_no_longer_than_a_name() {
        let rooms = Star {
            key: Some(0),
            on: Each { to: Path::default(), star: Some(Box::new(Star { key: None, on: end() })) },
        };
        let all = Each { to: Path::default(), star: Some(Box::new(rooms)) };
        let (name, bomb) = ("k".repeat(LONGEST_KEY), "b".repeat(60_000));
        let document = json!({ (name.as_str()): vec![0; 60_000], (bomb.as_str()): vec![0; 60_000] });
        let found = all.elements(&document);
        assert_eq!(found.len(), 60_000, "below the longer one nothing is seen");
        assert!(found.iter().all(|one| std::ptr::eq(one.keys(), found[0].keys())));
        assert_eq!(found[0].keys(), [(0, name)]);
    }

    fn end() -> Each {
        Each { to: Path::default(), star: None }
    }
}
