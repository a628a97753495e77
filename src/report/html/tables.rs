//! Tables of the page. Every text from outside goes through `escape` here.

use std::fmt::Write as _;

use crate::base::figures::{Entry, names};
use crate::record::figures::Figure;
use crate::report::outline::{Block, Row, Rows, Ruled};
use crate::report::xml::escape;
use crate::report::{Report, number};

/// A table: its columns (the first a heading of its row), and its rows.
pub(super) fn table(caption: &str, columns: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = format!("<div class=scroll><table><caption>{}</caption><thead><tr>", escape(caption));
    for column in columns {
        let _ = write!(out, "<th scope=col>{}</th>", escape(column));
    }
    out.push_str("</tr></thead><tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (i, cell) in row.iter().enumerate() {
            let cell = escape(cell);
            let _ = if i == 0 {
                write!(out, "<th scope=row>{}</th>", breakable(&cell))
            } else {
                write!(out, "<td>{cell}</td>")
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

/// The name of a figure may go on in the next line after a dot.
fn breakable(escaped: &str) -> String {
    escaped.replace('.', ".<wbr>")
}

/// A block of the outline.
pub(super) fn block(block: &Block) -> String {
    match &block.rows {
        Rows::Figures(rows) => {
            let rows: Vec<Vec<String>> = rows.iter().map(|(label, figure)| row(label, figure)).collect();
            let with_days = rows.iter().any(|row| !row[3].is_empty());
            let with_interval = rows.iter().any(|row| !row[2].is_empty());
            let wide = 2 + usize::from(with_interval) + usize::from(with_days);
            let columns = ["", "value", "95 % interval", "days, p10 to p90"];
            let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row[..wide].to_vec()).collect();
            table(&block.title, &columns[..wide], &rows)
        }
        Rows::Table { columns, rows } => {
            let heads: Vec<&str> = [""].into_iter().chain(columns.iter().copied()).collect();
            let cell = |figure: &Option<&Figure>| {
                figure.map_or(String::new(), |figure| number::value(figure.value, figure.unit))
            };
            let cells =
                |row: &Row| [row.label.to_string()].into_iter().chain(row.cells.iter().map(cell)).collect();
            table(&block.title, &heads, &rows.iter().map(cells).collect::<Vec<Vec<String>>>())
        }
        Rows::Rules(rows) => {
            let heads: Vec<&str> = [""].into_iter().chain(Ruled::COLUMNS).collect();
            let cells = |row: &Ruled| {
                vec![row.label.to_owned(), row.value.clone(), row.limit.clone(), row.word().to_lowercase()]
            };
            table(&block.title, &heads, &rows.iter().map(cells).collect::<Vec<Vec<String>>>())
        }
    }
}

/// Name, value, interval, days.
fn row(label: &str, figure: &Figure) -> Vec<String> {
    vec![
        label.to_owned(),
        number::value(figure.value, figure.unit),
        number::interval(figure.low, figure.high, figure.unit).unwrap_or_default(),
        days(figure),
    ]
}

/// How the value differs from day to day; empty of one day.
pub(super) fn days(figure: &Figure) -> String {
    let spread = figure.days.and_then(|days| number::interval(Some(days.p10), Some(days.p90), figure.unit));
    spread.unwrap_or_default()
}

/// Every figure that the record has, in the catalogue's order, each kind under its definition.
pub(super) fn everything(report: &Report) -> String {
    let known = report.record.header.setting.known();
    let mut out = String::from(
        "<div class=scroll><table class=all><caption>Every figure</caption><thead><tr><th scope=col>name</th>\
         <th scope=col>value</th><th scope=col>95 % interval</th><th scope=col>days, p10 to p90</th>\
         <th scope=col>n</th></tr></thead>\n",
    );
    let mut under: Option<&'static Entry> = None;
    for (name, entry) in names(&known) {
        let Some(figure) = report.figure(&name) else { continue };
        if under.is_none_or(|under| !std::ptr::eq(under, entry)) {
            out.push_str(if under.is_some() { "</tbody>" } else { "" });
            under = Some(entry);
            let definition = escape(entry.definition);
            let _ = writeln!(
                out,
                "<tbody><tr><th scope=rowgroup colspan=5>{definition} ({})</th></tr>",
                entry.unit
            );
        }
        let _ = write!(out, "<tr><th scope=row>{}</th>", breakable(&escape(&name)));
        let value = report.value(figure.value, figure.unit);
        let rest = [&row("", figure)[2..], &[number::count(figure.n)]].concat();
        for cell in [value].iter().chain(&rest) {
            let _ = write!(out, "<td>{}</td>", escape(cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str(if under.is_some() { "</tbody></table></div>\n" } else { "</table></div>\n" });
    out
}
