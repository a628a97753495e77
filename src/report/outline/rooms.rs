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
        let mut times = self.times(
            "Times",
            &[
                ("of a visit", of("visit_time")),
                ("to an answer", of("time_to_reply")),
                ("held for review", of("moderation.hold_time")),
                ("public until review", of("moderation.review_time")),
                ("harm in sight", of("moderation.exposure_time")),
            ],
        );
        if let Rows::Table { rows, .. } = &mut times.rows {
            rows.splice(0..0, self.to_company(&name));
        }
        let blocks = vec![
            self.company(venue),
            times,
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
            self.care(venue),
        ];
        Part { about: About::Room, title: number::plain(&venue.name), note: described(venue), blocks }
    }

    /// Mean and maximum are of those who met somebody; percentiles are of everybody, had they waited on.
    fn to_company(&self, name: &str) -> Vec<Row<'_>> {
        let of = |label, stats: &[&str]| {
            let cell = |stat: &&str| {
                let shown = stats.contains(stat);
                shown.then(|| self.figure(&format!("{name}.time_to_company.{stat}"))).flatten()
            };
            let cells: Vec<Option<&Figure>> = super::STATS.iter().map(cell).collect();
            let observed = cells.iter().flatten().any(|figure| figure.n > 0 && figure.value.is_some());
            observed.then_some(Row { label: Cow::Borrowed(label), cells })
        };
        let all = [
            of("to company, who met", &["mean", "max"]),
            of("if nobody gave up", &["p50", "p90", "p95", "p99"]),
        ];
        all.into_iter().flatten().collect()
    }

    fn company(&self, venue: &VenueSetting) -> Block<'_> {
        let name = venue.prefix();
        let mut wanted = vec![
            (each(self, "visits", "visits a replication"), "visits"),
            ("found nobody", "empty_on_arrival.share"),
            ("never met anybody", "never_met.share"),
            ("left frustrated", "frustrated.share"),
        ];
        // What few rooms have is not listed where nobody did it.
        let rare = [
            ("left when alone too long", "deserted.share"),
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
            wanted.push((each(self, "messages", "messages a replication"), "messages"));
            wanted.push(("of these published", "published.share"));
        }
        if there("questions") {
            wanted.push((each(self, "questions", "questions a replication"), "questions"));
            wanted.push(("of these answered", "answered.share"));
        }
        wanted.extend([
            (each(self, "kept from the desk", "kept from the desk, each"), "deflected"),
            (each(self, "turned to the desk", "turned to the desk, each"), "turned_to_desk"),
        ]);
        self.of_room("Talk", &name, &wanted)
    }

    fn harm(&self, venue: &VenueSetting) -> Block<'_> {
        let name = venue.prefix();
        let there = |figure: &str| self.is_above_zero(&format!("{name}.{figure}"));
        let mut wanted = Vec::new();
        if there("harmful.share") {
            wanted.push(("harmful, of messages", "harmful.share"));
            wanted.push((each(self, "harm read", "harm read a replication"), "harmful_seen"));
            wanted.push(("harm read a visit", "harmful_seen_per_visit"));
        }
        let rare = [
            (each(self, "reports", "reports a replication"), "reports"),
            ("kept back, of messages", "kept_back.share"),
            ("harmless, and blocked", "wrongly_blocked.share"),
        ];
        wanted.extend(rare.iter().filter(|(_, what)| there(what)));
        if venue.moderators > 0 {
            wanted.push(("moderators busy", "moderation.busy.share"));
        }
        self.of_room("Harm and moderation", &name, &wanted)
    }

    fn care(&self, venue: &VenueSetting) -> Block<'_> {
        let wanted = [
            (each(self, "wages", "wages a replication"), "moderation.cost"),
            ("for a published message", "moderation.cost_per_message"),
            ("for a visit", "moderation.cost_per_visit"),
        ];
        let currency = self.record.header.setting.money.as_deref().map_or(String::new(), number::plain);
        self.of_room(&format!("What moderating costs, in {currency}"), &venue.prefix(), &wanted)
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

/// What a count is called: of replications, where there are several, it is a mean.
fn each(report: &Report, one: &'static str, many: &'static str) -> &'static str {
    if report.is_replicated() { many } else { one }
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
