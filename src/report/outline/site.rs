//! The site around the chat: how its pages came.

use std::borrow::Cow;

use super::{About, Block, Part, Row, Rows};
use crate::report::{Report, number};

/// The columns of the table of pages: their heads, and what they show of a page.
const COLUMNS: [(&str, &str); 6] = [
    ("requests", "requests"),
    ("errors", "errors.share"),
    ("mean", "mean"),
    ("p50", "p50"),
    ("p95", "p95"),
    ("p99", "p99"),
];

impl Report<'_> {
    /// Page by page; `None` where there is no site, or nobody asked for any of it.
    pub(super) fn site(&self) -> Option<Part<'_>> {
        let site = self.record.header.setting.site.as_ref()?;
        let row = |page| {
            let cell = |(_, what): &(&str, &str)| self.figure(&format!("site.{page}.{what}"));
            let cells = COLUMNS.iter().map(cell).collect::<Vec<_>>();
            cells[0]?.value?;
            Some(Row { label: Cow::Borrowed(page), cells })
        };
        let rows: Vec<Row> = site.pages.iter().filter_map(|page| row(page.as_str())).collect();
        if rows.is_empty() {
            return None;
        }
        let host = site.host.as_deref().map_or("the embedded server's pages".to_owned(), number::plain);
        let visitors = number::of(site.visitors.into(), "visitor");
        let note = format!(
            "{visitors} at once on {host}, in real time whatever the speed. Times run from asking to the last byte and are kept \
             to 0.1 % (Goose's buckets, up to 0.8 % off, are not used); errors have none. Each asks for one thing after the \
             other, and so less often while the site is slow: a stall counts once for each of them, not for all that would have \
             been asked for meanwhile."
        );
        let columns = COLUMNS.iter().map(|(head, _)| *head).collect();
        let pages = Block { title: "Pages".to_owned(), rows: Rows::Table { columns, rows } };
        Some(Part { about: About::Site, title: "Site".to_owned(), note, blocks: vec![pages] })
    }
}
