//! Which figures a summary shows, in which order and by which words: the same in the terminal, in Markdown
//! and in HTML.
//!
//! An outline only names and groups; each format lays it out in its own way. A figure that the record does
//! not have is left out, and a block of nothing with it.

use crate::base::words::Ending;
use crate::metrics::tally::Failure;
use crate::record::figures::Figure;

use super::{Report, number};

/// The statistics of times that a table shows, left to right.
pub(super) const STATS: [&str; 6] = ["mean", "p50", "p90", "p95", "p99", "max"];

/// What belongs together.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    /// What about: a desk, the phone pool, the network.
    pub(super) title: String,
    /// A sentence on it.
    pub(super) note: String,
    /// Its blocks.
    pub(super) blocks: Vec<Block<'a>>,
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
    /// The statistics of times, in the order of [`STATS`].
    Times(Vec<(&'static str, [Option<&'a Figure>; STATS.len()])>),
}

impl<'a> Report<'a> {
    /// The whole outline: desk by desk, then what only a run has.
    pub(super) fn outline(&self) -> Vec<Part<'_>> {
        let mut parts: Vec<Part> = self.desks().map(|(number, _)| self.desk_part(number)).collect();
        if self.is_run() {
            parts.push(self.network());
            parts.push(self.generator());
        }
        for part in &mut parts {
            part.blocks.retain(|block| match &block.rows {
                Rows::Figures(rows) => !rows.is_empty(),
                Rows::Times(rows) => !rows.is_empty(),
            });
        }
        parts
    }

    fn desk_part(&self, number: usize) -> Part<'_> {
        let desk = &self.record.header.setting.desks[number];
        let name = &desk.name;
        let within = number::bound(desk.within_nanos as f64 / 1e9);
        let levels = Block {
            title: format!("Service level: served within {within}"),
            rows: self.rows(&[
                ("of the served", format!("{name}.service_level.answered.share")),
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
            vec![self.endings(name), self.waits(name), levels, self.agents(name)]
        };
        let (agents, slots) = (desk.agents(), desk.slots());
        let staff = if slots == agents {
            number::of(agents.into(), "agent")
        } else {
            format!("{}, {slots} chats at once at the most", number::of(agents.into(), "agent"))
        };
        let note = format!("{staff}; patience: {}", number::plain(&desk.patience));
        Part { title: number::plain(name), note, blocks }
    }

    fn endings(&self, name: &str) -> Block<'_> {
        let words = |ending: Ending| match ending {
            Ending::AbandonedQueue => "left the queue",
            Ending::AbandonedChat => "walked out of the chat",
            other => other.name(),
        };
        let mut wanted: Vec<(&'static str, String)> = vec![(self.offered_label(), format!("{name}.offered"))];
        for ending in Ending::ALL {
            wanted.push((words(ending), format!("{name}.{}.share", ending.name())));
        }
        wanted.push(("served at all", format!("{name}.served.share")));
        wanted.push(("had to queue", format!("{name}.delayed.share")));
        Block { title: "How visits ended".to_owned(), rows: self.rows(&wanted) }
    }

    fn waits(&self, name: &str) -> Block<'_> {
        let of = |what: &str| format!("{name}.{what}");
        self.times(
            "Times",
            &[
                ("in queue, everybody", of("queue_time")),
                ("in queue, the served", of("speed_of_answer")),
                ("wait if never left", of("offered_wait")),
                ("first response", of("first_response")),
                ("handling", of("handling_time")),
            ],
        )
    }

    fn agents(&self, name: &str) -> Block<'_> {
        let of = |what: &str| format!("{name}.{what}");
        let rows = self.rows(&[
            ("engaged, of staffed time", of("agents.engaged.share")),
            ("slots in use", of("agents.slots.share")),
            ("chats held while engaged", of("agents.concurrency.mean")),
            ("chats in progress", of("in_service.mean")),
            ("engaged time per chat", of("effective_handling_time.mean")),
        ]);
        Block { title: "Agents".to_owned(), rows }
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
                ],
            ),
            self.times(
                "Connecting",
                &[
                    ("TCP", of("connect.tcp")),
                    ("WebSocket", of("connect.upgrade")),
                    ("login", of("connect.login")),
                ],
            ),
            Block {
                title: "Messages".to_owned(),
                rows: self.rows(&[
                    ("sent", of("messages.sent")),
                    ("delivered", of("messages.delivered")),
                    ("lost", of("messages.lost")),
                    ("duplicated", of("messages.duplicated")),
                    ("reordered", of("messages.reordered")),
                ]),
            },
            Block { title: "Connections that failed".to_owned(), rows: self.rows(&errors) },
        ];
        let note = format!("real time, from the intended send to receipt, against {}", number::plain(target));
        Part { title: "Network and server".to_owned(), note, blocks }
    }

    fn generator(&self) -> Part<'_> {
        let of = |name: &str| name.to_owned();
        let rows = self.rows(&[
            ("lag p99", of("generator.lag.p99")),
            ("lag max", of("generator.lag.max")),
            ("visitors not started", of("generator.dropped_starts")),
            ("connections at once", of("generator.peak_open")),
            ("processor", of("generator.cpu.share")),
        ]);
        Part {
            title: "The generator itself".to_owned(),
            note: "how late it was for what it had scheduled, real time".to_owned(),
            blocks: vec![Block { title: "Generator".to_owned(), rows }],
        }
    }

    fn rows(&self, wanted: &[(&'static str, String)]) -> Rows<'_> {
        Rows::Figures(wanted.iter().filter_map(|(label, name)| Some((*label, self.figure(name)?))).collect())
    }

    fn times(&self, title: &str, wanted: &[(&'static str, String)]) -> Block<'_> {
        let row = |(label, prefix): &(&'static str, String)| {
            let stats = STATS.map(|stat| self.figure(&format!("{prefix}.{stat}")));
            let observed = stats.iter().flatten().any(|figure| figure.n > 0);
            observed.then_some((*label, stats))
        };
        Block { title: title.to_owned(), rows: Rows::Times(wanted.iter().filter_map(row).collect()) }
    }
}
