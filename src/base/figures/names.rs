//! The figures' full names in a scenario, with its own names in them, and what is near to one that there is not.

use super::{CATALOGUE, Entry};

/// The names that a scenario gives to what the placeholders stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Its desks.
    pub desks: Vec<KnownDesk>,
    /// Its rooms and portals.
    pub venues: Vec<KnownVenue>,
    /// The pages of its site.
    pub pages: Vec<String>,
}

/// The first word of a venue's figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VenueWord {
    /// One room.
    Room,
    /// Many.
    Portal,
}

impl VenueWord {
    /// As written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Portal => "portal",
        }
    }
}

/// The names of one room or portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownVenue {
    /// Which of both.
    pub word: VenueWord,
    /// Its own.
    pub name: String,
    /// Whether its moderators cost anything.
    pub costs: bool,
    /// Whether it has to do with a desk.
    pub deflects: bool,
}

impl KnownVenue {
    fn has(&self, pattern: &str) -> bool {
        (self.costs || !pattern.contains("cost")) && (self.deflects || !pattern.contains("deflected"))
    }
}

impl Known {
    /// The channels that its figures of sales and money tell apart.
    pub fn channels(&self) -> impl Iterator<Item = &'static str> {
        let any = |phone: bool| self.desks.iter().any(|desk| desk.phone == phone);
        let (chat, phone) = (any(false), any(true));
        [("chat", chat), ("phone", phone), ("callback", phone)]
            .into_iter()
            .filter_map(|(name, there)| there.then_some(name))
    }
}

/// The names of one desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownDesk {
    /// The desk's own.
    pub name: String,
    /// Its named topics.
    pub topics: Vec<String>,
    /// Its named groups.
    pub groups: Vec<String>,
    /// Whether it is the phone pool, whose figures are `phone.…` and `callback.…`.
    pub phone: bool,
    /// Whether its agents' time, or its line, costs anything.
    pub costs: bool,
    /// Whether its conversations sell anything.
    pub sells: bool,
}

/// A name that is no figure of this scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The figure whose name is nearest, if one is near enough to be meant.
    pub nearest: Option<String>,
}

/// The catalogue's line for `name`.
pub fn lookup(name: &str, known: &Known) -> Result<&'static Entry, Unknown> {
    let mut nearest: Option<(usize, String)> = None;
    for (concrete, entry) in names(known) {
        if concrete == name {
            return Ok(entry);
        }
        let distance = edits(name, &concrete);
        if nearest.as_ref().is_none_or(|(least, _)| distance < *least) {
            nearest = Some((distance, concrete));
        }
    }
    let near_enough = 3 + name.len() / 4;
    Err(Unknown { nearest: nearest.filter(|(distance, _)| *distance <= near_enough).map(|(_, name)| name) })
}

/// Every figure's full name in a scenario with these names, with its line, in the catalogue's order.
pub fn names(known: &Known) -> impl Iterator<Item = (String, &'static Entry)> {
    CATALOGUE.iter().flat_map(move |entry| {
        let alternatives = alternatives(entry.pattern);
        with_names(entry.pattern, known)
            .into_iter()
            .flat_map(move |fill| alternatives.clone().into_iter().map(move |name| fill.apply(&name)))
            .map(move |name| (name, entry))
    })
}

/// What the placeholders of a pattern stand for in one of its names.
#[derive(Clone, Copy, Default)]
struct Fill<'a> {
    desk: &'a str,
    topic: &'a str,
    group: &'a str,
    channel: &'a str,
    page: &'a str,
    venue: Option<&'a KnownVenue>,
}

impl Fill<'_> {
    fn apply(&self, pattern: &str) -> String {
        // The scenario's names go in last to first, so that none is taken for a placeholder of the next.
        pattern
            .replace("<page>", self.page)
            .replace("<channel>", self.channel)
            .replace("<group>", self.group)
            .replace("<topic>", self.topic)
            .replace("<desk>", self.desk)
            .replace(
                "<room>",
                &self.venue.map(|of| format!("{}.{}", of.word.name(), of.name)).unwrap_or_default(),
            )
    }
}

fn with_names<'a>(pattern: &str, known: &'a Known) -> Vec<Fill<'a>> {
    if pattern.contains("<room>") {
        let with = known.venues.iter().filter(|venue| venue.has(pattern));
        return with.map(|venue| Fill { venue: Some(venue), ..Fill::default() }).collect();
    }
    if pattern.contains("<page>") {
        return known.pages.iter().map(|page| Fill { page, ..Fill::default() }).collect();
    }
    if !pattern.contains("<desk>") {
        return if there(pattern, known) { with_channels(pattern, known) } else { Vec::new() };
    }
    let mut fills = Vec::new();
    for desk in known.desks.iter().filter(|desk| !desk.phone) {
        let fill = Fill { desk: &desk.name, ..Fill::default() };
        if pattern.contains("<topic>") {
            fills.extend(desk.topics.iter().map(|topic| Fill { topic, ..fill }));
        } else if pattern.contains("<group>") {
            fills.extend(desk.groups.iter().map(|group| Fill { group, ..fill }));
        } else {
            fills.push(fill);
        }
    }
    fills
}

/// Whether a scenario with these desks has what a figure of no single desk is about.
fn there(pattern: &str, known: &Known) -> bool {
    let any = |is: fn(&KnownDesk) -> bool| known.desks.iter().any(is);
    match pattern.split('.').next() {
        Some("fanout") => !known.venues.is_empty(),
        Some("routing") => !known.desks.is_empty(),
        Some("delivery") if pattern.starts_with("delivery.to_guest") => !known.venues.is_empty(),
        Some("phone" | "callback") => any(|desk| desk.phone),
        Some("cost") => any(|desk| desk.costs),
        Some("sales" | "margin") => any(|desk| desk.sells),
        _ => true,
    }
}

/// The channels that a scenario has, where the pattern asks for them.
fn with_channels<'a>(pattern: &str, known: &Known) -> Vec<Fill<'a>> {
    if !pattern.contains("<channel>") {
        return vec![Fill::default()];
    }
    known.channels().map(|channel| Fill { channel, ..Fill::default() }).collect()
}

/// `a.{b,c}.d` → `a.b.d`, `a.c.d`, left to right.
fn alternatives(pattern: &str) -> Vec<String> {
    let Some((before, rest)) = pattern.split_once('{') else { return vec![pattern.to_owned()] };
    let (among, after) = rest.split_once('}').expect("the catalogue closes its braces");
    let tails = alternatives(after);
    among.split(',').flat_map(|word| tails.iter().map(move |tail| format!("{before}{word}{tail}"))).collect()
}

/// Levenshtein's distance in characters: insertions, deletions and substitutions, one each.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{Command, Unit};
    use super::*;

    fn known() -> Known {
        let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
        Known {
            desks: vec![
                KnownDesk {
                    name: "support".into(),
                    topics: names(&["order", "return"]),
                    groups: names(&["senior"]),
                    costs: true,
                    ..KnownDesk::default()
                },
                KnownDesk { name: "phone".into(), phone: true, ..KnownDesk::default() },
            ],
            venues: vec![
                KnownVenue { word: VenueWord::Room, name: "fans".into(), costs: true, deflects: false },
                KnownVenue { word: VenueWord::Portal, name: "town".into(), costs: false, deflects: true },
            ],
            pages: names(&["home", "errors"]),
        }
    }

    #[test]
    fn a_name_is_found_with_its_line() {
        let found = |name| lookup(name, &known()).expect(name);
        assert_eq!(found("support.queue_time.p95").unit, Unit::Seconds);
        assert_eq!(found("support.topic.return.abandoned.share").unit, Unit::Share);
        assert_eq!(found("support.group.senior.agents.concurrency.mean").unit, Unit::Number);
        assert!(!found("delivery.to_agent.p99").by(Command::Simulate));
        assert!(found("callback.wait.p50").by(Command::Simulate));
        assert_eq!(found("platform.support.handling_time.p95").unit, Unit::Seconds);
        assert_eq!(found("cost.callback.per_contact").unit, Unit::Money);
        assert_eq!(found("room.fans.time_to_company.p50").unit, Unit::Seconds);
        assert_eq!(found("portal.town.alive.share").unit, Unit::Share);
        assert_eq!(found("site.errors.errors.share").unit, Unit::Share);
        assert!(!found("site.home.p95").by(Command::Simulate));
    }

    #[test]
    fn rooms_have_costs_where_moderators_are_paid_and_a_desk_where_they_have_to_do_with_one() {
        let there = |name| lookup(name, &known()).is_ok();
        assert!(there("room.fans.moderation.cost_per_message") && !there("portal.town.moderation.cost"));
        assert!(there("portal.town.deflected") && !there("room.fans.turned_to_desk"));
        assert!(!there("room.town.visits") && !there("portal.fans.visits"));
    }

    #[test]
    fn money_is_told_where_the_scenario_has_prices_and_of_the_channels_that_it_has() {
        assert!(lookup("margin.per_contact", &known()).is_err());
        let mut chat_alone = Known { desks: vec![known().desks.remove(0)], ..Known::default() };
        chat_alone.desks[0].sells = true;
        assert!(lookup("margin.chat.per_contact", &chat_alone).is_ok());
        assert!(lookup("sales.phone.conversion.share", &chat_alone).is_err());
        chat_alone.desks[0].costs = false;
        assert!(lookup("cost.total", &chat_alone).is_err());
    }

    #[test]
    fn what_is_no_figure_of_the_scenario_is_refused_with_the_nearest_that_is() {
        let nearest = |name| lookup(name, &known()).expect_err(name).nearest;
        assert_eq!(nearest("support.abandonned.share").as_deref(), Some("support.abandoned.share"));
        assert_eq!(nearest("support.topic.retrun.offered").as_deref(), Some("support.topic.return.offered"));
        assert_eq!(nearest("support.queue_time.p42").as_deref(), Some("support.queue_time.p50"));
        assert_eq!(nearest("xyz"), None);
        let no_phone = Known { desks: vec![known().desks[0].clone()], ..Known::default() };
        assert!(lookup("phone.offered", &no_phone).is_err());
    }

    #[test]
    fn no_name_stands_for_two_figures() {
        let known = known();
        let all: Vec<String> = names(&known).map(|(name, _)| name).collect();
        let distinct: BTreeSet<&String> = all.iter().collect();
        assert_eq!(all.len(), distinct.len());
        assert!(all.iter().all(|name| !name.contains(['<', '{', '}', '>'])), "{all:?}");
    }

    #[test]
    fn edits_are_counted() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("same", "same"), 0);
    }
}
