//! What a summary shows of rooms and portals: of each by itself, and of several side by side.

use std::borrow::Cow;

use crate::record::figures::Figure;
use crate::record::setting::VenueSetting;
use crate::report::{Report, number};

use super::{About, Block, Part, Row, Rows};

impl<'a> Report<'a> {
    /// Every room and portal, and where there are several all of them side by side.
    pub(super) fn room_parts(&self) -> Vec<Part<'_>> {
        let mut parts: Vec<Part> = self.venues().map(|(_, venue)| self.room_part(venue)).collect();
        if parts.len() > 1 {
            parts.push(self.side_by_side());
        }
        parts
    }

    fn room_part(&self, venue: &'a VenueSetting) -> Part<'_> {
        let name = venue.prefix();
        let of = |what: &str| format!("{name}.{what}");
        let blocks = vec![
            self.company(venue),
            self.times(
                "Times",
                &[
                    ("to company", of("time_to_company")),
                    ("of a visit", of("visit_time")),
                    ("to an answer", of("time_to_reply")),
                    ("held for review", of("moderation.hold_time")),
                    ("public until review", of("moderation.review_time")),
                    ("harm in sight", of("moderation.exposure_time")),
                ],
            ),
            Block {
                title: "Guests at once, while open".to_owned(),
                rows: self.rows(&[
                    ("in a room, mean", of("present.mean")),
                    ("nobody, of the time", of("empty.share")),
                    ("one alone, of the time", of("alone.share")),
                    ("90th percentile", of("present.p90")),
                    ("at the most", of("present.max")),
                ]),
            },
            self.talk(venue),
            self.harm(venue),
        ];
        Part { about: About::Room, title: number::plain(&venue.name), note: described(venue), blocks }
    }

    fn company(&self, venue: &VenueSetting) -> Block<'_> {
        let name = venue.prefix();
        let mut wanted = vec![
            (if self.is_replicated() { "visits a replication" } else { "visits" }, "visits"),
            ("found nobody", "empty_on_arrival.share"),
            ("never met anybody", "never_met.share"),
            ("left frustrated", "frustrated.share"),
        ];
        // What few rooms have is not listed where nobody did it.
        let rare = [
            ("left since nobody came", "deserted.share"),
            ("were there at closing time", "closed.share"),
            ("refused", "refused.share"),
            ("unfinished", "unfinished.share"),
            ("by guests who came back", "returning.share"),
        ];
        wanted.extend(rare.iter().filter(|(_, what)| self.is_above_zero(&format!("{name}.{what}"))));
        if venue.portal {
            wanted.push(("rooms that are alive", "alive.share"));
        }
        self.of_room("Visits and company", &name, &wanted)
    }

    fn talk(&self, venue: &VenueSetting) -> Block<'_> {
        let name = venue.prefix();
        let there = |figure: &str| self.is_above_zero(&format!("{name}.{figure}"));
        let mut wanted = Vec::new();
        if there("messages") {
            let each = self.is_replicated();
            wanted.push((if each { "messages a replication" } else { "messages" }, "messages"));
            wanted.push(("of these published", "published.share"));
        }
        if there("questions") {
            wanted.push(("questions", "questions"));
            wanted.push(("of these answered", "answered.share"));
        }
        wanted.extend([("kept from the desk", "deflected"), ("turned to the desk", "turned_to_desk")]);
        self.of_room("Talk", &name, &wanted)
    }

    fn harm(&self, venue: &VenueSetting) -> Block<'_> {
        let name = venue.prefix();
        let there = |figure: &str| self.is_above_zero(&format!("{name}.{figure}"));
        let mut wanted = Vec::new();
        if there("harmful.share") {
            wanted.push(("harmful, of messages", "harmful.share"));
            wanted.push(("harm seen, each by each", "harmful_seen"));
            wanted.push(("harm seen a visit", "harmful_seen_per_visit"));
        }
        let rare = [
            ("reports", "reports"),
            ("kept back, of messages", "kept_back.share"),
            ("harmless, and blocked", "wrongly_blocked.share"),
        ];
        wanted.extend(rare.iter().filter(|(_, what)| there(what)));
        if venue.moderators > 0 {
            wanted.extend([
                ("moderators busy", "moderation.busy.share"),
                ("cost", "moderation.cost"),
                ("cost of a published message", "moderation.cost_per_message"),
                ("cost of a visit", "moderation.cost_per_visit"),
            ]);
        }
        self.of_room("Harm and moderation", &name, &wanted)
    }

    fn of_room(&self, title: &str, name: &str, wanted: &[(&'static str, &str)]) -> Block<'_> {
        let wanted: Vec<(&'static str, String)> =
            wanted.iter().map(|(label, what)| (*label, format!("{name}.{what}"))).collect();
        Block { title: title.to_owned(), rows: self.rows(&wanted) }
    }

    fn side_by_side(&self) -> Part<'_> {
        let tables: [(&str, &[(&'static str, &str)]); 2] = [
            (
                "Who meets whom",
                &[
                    ("visits", "visits"),
                    ("at once", "present.mean"),
                    ("empty", "empty.share"),
                    ("met none", "never_met.share"),
                    ("frustr.", "frustrated.share"),
                    ("answered", "answered.share"),
                ],
            ),
            (
                "What harm and care cost",
                &[
                    ("to reply", "time_to_reply.mean"),
                    ("held", "moderation.hold_time.mean"),
                    ("in sight", "moderation.exposure_time.mean"),
                    ("seen", "harmful_seen"),
                    ("cost/msg", "moderation.cost_per_message"),
                    ("cost/vis", "moderation.cost_per_visit"),
                ],
            ),
        ];
        let table = |(title, columns): &(&str, &[(&'static str, &str)])| {
            let row = |(_, venue): (usize, &'a VenueSetting)| {
                let cell = |(_, what): &(&str, &str)| self.figure(&format!("{}.{what}", venue.prefix()));
                let cells: Vec<Option<&Figure>> = columns.iter().map(cell).collect();
                Row { label: Cow::Borrowed(venue.name.as_str()), cells }
            };
            let heads = columns.iter().map(|(head, _)| *head).collect();
            let rows = Rows::Table { columns: heads, rows: self.venues().map(row).collect() };
            Block { title: (*title).to_owned(), rows }
        };
        let note = "mean times; seen is a harmful message read by somebody, each message and reader; cost/msg is a \
                    published message's, cost/vis a visit's part of the moderators' wages";
        Part {
            about: About::Rooms,
            title: "Rooms side by side".to_owned(),
            note: note.to_owned(),
            blocks: tables.iter().map(table).collect(),
        }
    }
}

/// What kind of a room it is, in a line.
fn described(venue: &VenueSetting) -> String {
    let rooms = if venue.portal { number::of(venue.rooms.into(), "room") } else { "one room".to_owned() };
    let open = match &venue.open {
        None => "always open".to_owned(),
        Some(openings) => {
            let secs: u64 = openings.iter().map(|(from, to)| to - from).sum::<u64>() / 1_000_000_000;
            format!("open for {} in all", number::bound(secs as f64))
        }
    };
    let moderators = number::of(venue.moderators.into(), "moderator");
    let care = match venue.moderation.as_str() {
        "none" if venue.moderators == 0 => "nothing is moderated".to_owned(),
        "none" => format!("{moderators} for what the filter holds"),
        "before" => format!("{moderators} before messages are published"),
        _ => format!("{moderators} after messages are published"),
    };
    format!("{rooms}, {open}; {care}")
}
