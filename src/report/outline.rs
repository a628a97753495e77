//! Which figures a summary shows, in which order and by which words: the same in the terminal, in Markdown
//! and in HTML.
//!
//! An outline only names and groups; each format lays it out in its own way. A figure that the record does
//! not have is left out, and a block of nothing with it.

mod generator;
mod rooms;
mod site;

use std::borrow::Cow;

use crate::base::words::Ending;
use crate::metrics::tally::Failure;
use crate::record::figures::Figure;
use crate::record::setting::DeskSetting;

use super::{Report, number};
pub(super) use generator::Ruled;

/// The statistics of times that a table shows, left to right.
const STATS: [&str; 6] = ["mean", "p50", "p90", "p95", "p99", "max"];

/// What belongs together.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    pub(super) about: About,
    pub(super) title: String,
    /// A sentence on it.
    pub(super) note: String,
    /// Its blocks.
    pub(super) blocks: Vec<Block<'a>>,
}

/// What a part is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// A desk or the phone pool.
    Desk,
    /// A room or a portal.
    Room,
    /// Several of them.
    Rooms,
    Money,
    Network,
    Site,
    Generator,
}

/// A table.
#[derive(Clone, Debug)]
pub(super) struct Block<'a> {
    pub(super) title: String,
    pub(super) rows: Rows<'a>,
}

/// Its rows.
#[derive(Clone, Debug)]
pub(super) enum Rows<'a> {
    /// One figure a row.
    Figures(Vec<(&'static str, &'a Figure)>),
    /// Several figures a row, one a column: six at the most, whose heads are of eight letters at the most.
    Table { columns: Vec<&'static str>, rows: Vec<Row<'a>> },
    /// A rule a row, with what was measured and the most that it may be.
    Rules(Vec<Ruled>),
}

/// A row of several figures.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    pub(super) label: Cow<'a, str>,
    pub(super) cells: Vec<Option<&'a Figure>>,
}

impl<'a> Report<'a> {
    /// The whole outline: desk by desk, room by room, the money, then what only a run has.
    pub(super) fn outline(&self) -> Vec<Part<'_>> {
        let mut parts: Vec<Part> = self.desks().map(|(number, _)| self.desk_part(number)).collect();
        parts.extend(self.room_parts());
        parts.extend(self.money());
        if self.is_run() {
            parts.push(self.network());
            parts.extend(self.site());
            parts.push(self.generator());
        }
        for part in &mut parts {
            part.blocks.retain(|block| match &block.rows {
                Rows::Figures(rows) => !rows.is_empty(),
                Rows::Table { rows, .. } => !rows.is_empty(),
                Rows::Rules(rows) => !rows.is_empty(),
            });
        }
        parts
    }

    fn desk_part(&self, number: usize) -> Part<'_> {
        let desk = &self.record.header.setting.desks[number];
        let name = &desk.name;
        let within = number::bound(desk.within_nanos as f64 / 1e9);
        let (what, of_served) = served(desk);
        let levels = Block {
            title: format!("Service level: {what} within {within}"),
            rows: self.rows(&[
                (of_served, format!("{name}.service_level.answered.share")),
                ("of offered", format!("{name}.service_level.offered.share")),
                ("or left within, of offered", format!("{name}.service_level.waited.share")),
                ("of offered but early leavers", format!("{name}.service_level.short_excluded.share")),
            ]),
        };
        let blocks = if desk.phone {
            vec![
                Block {
                    title: "Calls".to_owned(),
                    rows: self.rows(&[
                        (self.offered_label(), format!("{name}.offered")),
                        ("hung up on hold", format!("{name}.abandoned.share")),
                        ("agents engaged", format!("{name}.engaged.share")),
                        ("callbacks reached", "callback.reached.share".to_owned()),
                    ]),
                },
                self.times(
                    "Waits",
                    &[("on hold", format!("{name}.queue_time")), ("callback", "callback.wait".to_owned())],
                ),
                levels,
            ]
        } else {
            vec![
                self.endings(name),
                self.waits(name),
                levels,
                self.agents(name),
                self.ghosts(name),
                self.platform(desk),
                self.topics(desk),
                self.groups(desk),
            ]
        };
        Part { about: About::Desk, title: number::plain(name), note: staff(desk), blocks }
    }

    fn endings(&self, name: &str) -> Block<'_> {
        let mut wanted: Vec<(&'static str, String)> = vec![(self.offered_label(), format!("{name}.offered"))];
        for ending in Ending::ALL {
            let figure = format!("{name}.{}.share", ending.name());
            // What few scenarios have is not listed where nobody did it.
            let rare = matches!(ending, Ending::AbandonedSilent | Ending::Balked);
            if !rare || self.is_above_zero(&figure) {
                wanted.push((in_words(ending), figure));
            }
        }
        wanted.push(("served at all", format!("{name}.served.share")));
        wanted.push(("had to queue", format!("{name}.delayed.share")));
        if self.is_above_zero(&format!("{name}.cannot_call.share")) {
            wanted.push(("cannot phone", format!("{name}.cannot_call.share")));
            wanted.push(("of these resolved", format!("{name}.cannot_call.resolved.share")));
        }
        Block { title: "How visits ended".to_owned(), rows: self.rows(&wanted) }
    }

    fn is_above_zero(&self, figure: &str) -> bool {
        self.figure(figure).and_then(|figure| figure.value).is_some_and(|value| value > 0.0)
    }

    fn waits(&self, name: &str) -> Block<'_> {
        let of = |what: &str| format!("{name}.{what}");
        self.times(
            "Times",
            &[
                ("in queue, everybody", of("queue_time")),
                ("in queue, the served", of("speed_of_answer")),
                ("wait if never left", of("offered_wait")),
                ("to accept", of("accept_time")),
                ("first response", of("first_response")),
                ("later replies", of("reply_time")),
                ("handling", of("handling_time")),
                ("slot held by a ghost", of("ghosts.slot_time")),
            ],
        )
    }

    fn agents(&self, name: &str) -> Block<'_> {
        let of = |what: &str| format!("{name}.{what}");
        let mut wanted = vec![("engaged, of staffed time", of("agents.engaged.share"))];
        if self.is_above_zero(&of("agents.attention.share")) {
            wanted.push(("reading and composing", of("agents.attention.share")));
        }
        wanted.extend([
            ("slots in use", of("agents.slots.share")),
            ("chats held while engaged", of("agents.concurrency.mean")),
            ("chats in progress", of("in_service.mean")),
            ("engaged time per chat", of("effective_handling_time.mean")),
        ]);
        Block { title: "Agents".to_owned(), rows: self.rows(&wanted) }
    }

    /// What those cost who left without a word; of nobody, nothing.
    fn ghosts(&self, name: &str) -> Block<'_> {
        let of = |what: &str| format!("{name}.{what}");
        let wanted = [
            ("of the chats that agents got", of("ghosts.share")),
            ("slot time of one, mean", of("ghosts.slot_time.mean")),
            ("slots in use by ghosts", of("agents.ghosts.share")),
        ];
        let there = self.is_above_zero(&wanted[0].1);
        let rows = if there { self.rows(&wanted) } else { Rows::Figures(Vec::new()) };
        Block { title: "Ghosts: left without a word".to_owned(), rows }
    }

    /// What visitors met with beside what the platform's own log says; where there are no ghosts the two are the same. The log
    /// knows service levels by assignment: they stand beside those of visitors where these are of the same.
    fn platform(&self, desk: &DeskSetting) -> Block<'_> {
        let name = &desk.name;
        let wanted = [
            ("served", "served.share"),
            ("in time, of served", "service_level.answered.share"),
            ("in time, of offered", "service_level.offered.share"),
            ("handling, mean", "handling_time.mean"),
            ("handling, p95", "handling_time.p95"),
        ];
        let there = self.is_above_zero(&format!("{name}.ghosts.share"));
        let row = |(label, what): &(&'static str, &str)| Row {
            label: Cow::Borrowed(label),
            cells: ["", "platform."].map(|of| self.figure(&format!("{of}{name}.{what}"))).to_vec(),
        };
        let alike = |what: &str| !(desk.of_first_response && what.starts_with("service_level"));
        let rows = wanted.iter().filter(|(_, what)| there && alike(what)).map(row).collect();
        let columns = vec!["visitors", "its log"];
        Block { title: "The platform's own log".to_owned(), rows: Rows::Table { columns, rows } }
    }

    fn topics(&self, desk: &'a DeskSetting) -> Block<'_> {
        let columns = [
            ("offered", "offered"),
            ("resolved", "resolved.share"),
            ("to phone", "escalated.share"),
            ("gave up", "abandoned.share"),
            ("in queue", "queue_time.mean"),
            ("handling", "handling_time.mean"),
        ];
        let topics = desk.topics.iter().flatten();
        self.named("By topic (mean times)", &format!("{}.topic", desk.name), topics, &columns)
    }

    fn groups(&self, desk: &'a DeskSetting) -> Block<'_> {
        let columns = [
            ("engaged", "agents.engaged.share"),
            ("replying", "agents.attention.share"),
            ("slots", "agents.slots.share"),
            ("ghosts", "agents.ghosts.share"),
            ("chats", "agents.concurrency.mean"),
            ("handling", "handling_time.mean"),
        ];
        let groups = desk.groups.iter().filter_map(|group| group.name.as_ref());
        self.named("By group of agents", &format!("{}.group", desk.name), groups, &columns)
    }

    /// A row for each of some things that the scenario has named.
    fn named(
        &self,
        title: &str,
        prefix: &str,
        names: impl Iterator<Item = &'a String>,
        columns: &[(&'static str, &str)],
    ) -> Block<'_> {
        let row = |name: &'a String| {
            let cell = |(_, what): &(&str, &str)| self.figure(&format!("{prefix}.{name}.{what}"));
            Row { label: Cow::Borrowed(name), cells: columns.iter().map(cell).collect() }
        };
        let rows = names.map(row).collect();
        let columns = columns.iter().map(|(head, _)| *head).collect();
        Block { title: title.to_owned(), rows: Rows::Table { columns, rows } }
    }

    /// What it cost and what it left; `None` where the scenario has no prices.
    fn money(&self) -> Option<Part<'_>> {
        let of = |name: &str| name.to_owned();
        let rows = self.rows(&[
            (if self.is_replicated() { "cost, a replication" } else { "cost" }, of("cost.total")),
            ("cost of a contact", of("cost.per_contact")),
            ("cost of a resolved one", of("cost.per_resolved")),
            ("margin of a contact", of("margin.per_contact")),
        ]);
        let channels: Vec<&'static str> = self.record.header.setting.known().channels().collect();
        let wanted = [
            ("cost of a contact", "cost", "per_contact"),
            ("margin of a contact", "margin", "per_contact"),
            ("bought, who came to", "sales", "conversion.share"),
            ("bought more, of these", "sales", "upsell.share"),
        ];
        let row = |(label, what, of): &(&'static str, &str, &str)| {
            let cell = |channel: &&str| self.figure(&format!("{what}.{channel}.{of}"));
            let cells: Vec<Option<&Figure>> = channels.iter().map(cell).collect();
            cells.iter().any(Option::is_some).then_some(Row { label: Cow::Borrowed(label), cells })
        };
        let by_channel = wanted.iter().filter_map(row).collect();
        let there = !matches!(&rows, Rows::Figures(rows) if rows.is_empty());
        let currency = self.record.header.setting.money.as_deref().map(number::plain);
        there.then(|| Part {
            about: About::Money,
            title: currency.map_or("Money".to_owned(), |currency| format!("Money, in {currency}")),
            note: "wages of all rostered time and tolls; a contact is a chat or call that was served, margins are \
                   what sales leave less the cost"
                .to_owned(),
            blocks: vec![
                Block { title: "In all".to_owned(), rows },
                Block {
                    title: "By channel".to_owned(),
                    rows: Rows::Table { columns: channels.clone(), rows: by_channel },
                },
            ],
        })
    }

    fn network(&self) -> Part<'_> {
        let target = self.record.header.target.as_deref().unwrap_or("unnamed");
        let errors: Vec<(&'static str, String)> = Failure::ALL
            .iter()
            .map(|failure| (failure.name(), format!("errors.{}.share", failure.name())))
            .collect();
        let of = |name: &str| name.to_owned();
        let blocks = vec![
            self.times(
                "Delivery",
                &[
                    ("all messages", of("delivery")),
                    ("to agents", of("delivery.to_agent")),
                    ("to visitors", of("delivery.to_visitor")),
                    ("to guests", of("delivery.to_guest")),
                    ("to the last guest", of("fanout")),
                    ("slot free to assigned", of("routing")),
                ],
            ),
            self.times(
                "Connecting",
                &[
                    ("TCP", of("connect.tcp")),
                    ("TLS", of("connect.tls")),
                    ("WebSocket", of("connect.upgrade")),
                    ("login", of("connect.login")),
                    ("again, after a break", of("reconnects.away")),
                ],
            ),
            Block {
                title: "Messages".to_owned(),
                rows: self.rows(&[
                    ("sent", of("messages.sent")),
                    ("delivered", of("messages.delivered")),
                    ("of those held back", of("messages.held_back")),
                    ("lost", of("messages.lost")),
                    ("missed", of("messages.missed")),
                    ("duplicated", of("messages.duplicated")),
                    ("reordered", of("messages.reordered")),
                ]),
            },
            Block { title: "Connections on which something failed".to_owned(), rows: self.rows(&errors) },
            self.target(),
        ];
        let blocks = blocks.into_iter().chain(self.reconnects()).collect();
        let note = format!("real time, from the intended send to receipt, against {}", number::plain(target));
        Part { about: About::Network, title: "Network and server".to_owned(), note, blocks }
    }

    /// What became of connections that broke; nothing where none was taken up again, or tried to be.
    fn reconnects(&self) -> Option<Block<'_>> {
        let wanted = [("resumed", "resumed"), ("greeted anew", "anew"), ("given up", "given_up")];
        let wanted = wanted.map(|(label, name)| (label, format!("reconnects.{name}")));
        let counted =
            |(_, name): &(_, String)| self.figure(name).is_some_and(|figure| figure.value > Some(0.0));
        let any = wanted.iter().any(counted);
        any.then(|| Block { title: "Connections that broke".to_owned(), rows: self.rows(&wanted) })
    }

    fn rows(&self, wanted: &[(&'static str, String)]) -> Rows<'_> {
        Rows::Figures(wanted.iter().filter_map(|(label, name)| Some((*label, self.figure(name)?))).collect())
    }

    fn times(&self, title: &str, wanted: &[(&'static str, String)]) -> Block<'_> {
        let row = |(label, prefix): &(&'static str, String)| {
            let stats = STATS.map(|stat| self.figure(&format!("{prefix}.{stat}")));
            let observed = stats.iter().flatten().any(|figure| figure.n > 0);
            observed.then_some(Row { label: Cow::Borrowed(label), cells: stats.to_vec() })
        };
        let rows = wanted.iter().filter_map(row).collect();
        Block { title: title.to_owned(), rows: Rows::Table { columns: STATS.to_vec(), rows } }
    }
}

/// How visits ended, in a few words.
pub(super) const fn in_words(ending: Ending) -> &'static str {
    match ending {
        Ending::AbandonedQueue => "left the queue",
        Ending::AbandonedSilent => "left without a word",
        Ending::AbandonedChat => "walked out of the chat",
        Ending::Balked => "did not join the queue",
        other => other.name(),
    }
}

/// What counts as served in time, and of whom.
pub(super) const fn served(desk: &DeskSetting) -> (&'static str, &'static str) {
    if desk.of_first_response {
        ("first response", "of those who got one")
    } else {
        ("served", "of the served")
    }
}

fn staff(desk: &DeskSetting) -> String {
    let (agents, slots) = (desk.agents(), desk.slots());
    let mut staff = number::of(agents.into(), "agent");
    if slots != agents {
        staff = format!("{staff}, {slots} chats at once at the most");
    }
    if desk.duals() > 0 {
        staff = format!("{staff}, and {} of other desks", desk.duals());
    }
    format!("{staff}; patience: {}", number::plain(&desk.patience))
}
