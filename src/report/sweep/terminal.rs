//! A sweep on standard output: at most 80 columns, ASCII but for what the scenario says, and complete without colour. One
//! table a figure: of one key with its intervals and differences, of two with a column a value of the second, of three as
//! many of those as the first has values.

use std::io::{self, Write};
use std::path::Path;

use crate::report::number;
use crate::report::terminal::{Look, Page, Tone, WIDTH, clipped};
use crate::study::sweep::{Cell, Sweep};

use super::{
    AS_IT_STANDS, difference, extent, has_gates, heading, interval, labels, reading, shown, value, verdict,
};

/// Columns of the first column at the most.
const FIRST: usize = 26;

/// Writes the tables. `files` is where the other formats are.
pub fn write(sweep: &Sweep, files: &Path, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { text: String::new(), look };
    headline(&mut page, sweep);
    let tables: Vec<(String, Entries)> = (0..sweep.chosen.len())
        .map(|figure| (heading(sweep, figure), Entries { sweep, figure: Some(figure) }))
        .chain(has_gates(sweep).then(|| ("gates".to_owned(), Entries { sweep, figure: None })))
        .collect();
    for (name, entries) in tables {
        let heading = page.toned(&clipped(&name, WIDTH), Tone::Heading);
        page.line(&heading);
        match sweep.grid.axes().len() {
            1 => entries.list(&mut page),
            _ => entries.pivots(&mut page),
        }
        page.line("");
    }
    closing(&mut page, sweep);
    page.line(&format!("Files: {}", number::plain(&files.display().to_string())));
    out.write_all(page.text.as_bytes())
}

fn headline(page: &mut Page, sweep: &Sweep) {
    let header = &sweep.header;
    let title =
        page.toned(&clipped(&number::plain(&format!("sweep of {}", header.scenario)), WIDTH), Tone::Heading);
    page.line(&title);
    let replications = number::of(header.setting.replications.into(), "replication");
    page.paragraph(&format!("{}, {replications} each, seed {}.", extent(sweep), header.seed), 0);
    for axis in sweep.grid.axes() {
        page.paragraph(&number::plain(&format!("{} = {}", axis.key, axis.values.join(", "))), 2);
    }
    if sweep.interrupted {
        page.line("");
        let word = page.toned("INTERRUPTED", Tone::Doubtful);
        page.line(&word);
        page.paragraph("It was stopped before its end; what is not done is left out.", 2);
    }
    page.line("");
}

fn closing(page: &mut Page, sweep: &Sweep) {
    if let Some(base) = sweep.base() {
        let is = match base.cell {
            Some(number) => sweep.grid.name(number),
            None => "no combination of these".to_owned(),
        };
        page.paragraph(&number::plain(&format!("The scenario as it stands is {is}.")), 0);
        if sweep.grid.axes().len() > 1 {
            page.paragraph("It is marked *; what does not differ from it by more than chance, =.", 0);
        }
    }
    reading(sweep).iter().for_each(|sentence| page.paragraph(sentence, 0));
}

/// The entries of one table: of a figure, or of the gates.
struct Entries<'a> {
    sweep: &'a Sweep,
    figure: Option<usize>,
}

impl Entries<'_> {
    /// What a combination has.
    fn entry(&self, cell: Option<&Cell>) -> String {
        match (self.figure, cell) {
            (Some(figure), _) => shown(value(cell, figure)),
            (None, Some(cell)) => verdict(cell).unwrap_or(number::NONE).to_owned(),
            (None, None) => number::NONE.to_owned(),
        }
    }

    /// The entry with its mark: `*` of the base, `=` of what is the same as far as chance lets one see.
    fn marked(&self, cell: Option<&Cell>) -> String {
        let figure = self.figure.and_then(|figure| value(cell, figure));
        let same =
            figure.and_then(|value| value.difference).is_some_and(|d| d.low.is_some() && !d.is_clear());
        let mark = match cell {
            Some(cell) if cell.is_base => '*',
            _ if same => '=',
            _ => ' ',
        };
        format!("{}{mark}", self.entry(cell))
    }

    /// A line a value of the one key.
    fn list(&self, page: &mut Page) {
        let sweep = self.sweep;
        let label = clipped(&labels(sweep)[0], FIRST);
        let named = |cell: &Cell| match cell.cell {
            Some(number) => number::plain(&sweep.grid.axes()[0].values[number]),
            None => AS_IT_STANDS.to_owned(),
        };
        let rows: Vec<Vec<String>> = sweep
            .cells
            .iter()
            .map(|cell| {
                let first = clipped(&named(cell), FIRST);
                let Some(figure) = self.figure else { return vec![first, self.entry(Some(cell))] };
                let value = value(Some(cell), figure);
                let by = if cell.is_base { AS_IT_STANDS.to_owned() } else { difference(value) };
                vec![first, self.entry(Some(cell)), interval(value), by]
            })
            .collect();
        let heads = match self.figure {
            Some(_) => vec![label, "value".to_owned(), "95 % interval".to_owned(), "difference".to_owned()],
            None => vec![label, "verdict".to_owned()],
        };
        page.table(&heads, &rows);
    }

    /// A table of the last two keys for each value of the first, where there are three.
    fn pivots(&self, page: &mut Page) {
        let sweep = self.sweep;
        let (axes, labels) = (sweep.grid.axes(), labels(sweep));
        let outside = sweep.cells.iter().find(|cell| cell.cell.is_none());
        if let Some(cell) = outside {
            page.paragraph(&format!("{AS_IT_STANDS}: {}", self.entry(Some(cell))), 2);
        }
        let [.., rows, columns] = axes else { return };
        let facets: Vec<Vec<usize>> = match axes {
            [first, _, _] => (0..first.values.len()).map(|at| vec![at]).collect(),
            _ => vec![Vec::new()],
        };
        let [.., row_label, column_label] = labels.as_slice() else { return };
        for facet in facets {
            if let Some(at) = facet.first() {
                page.paragraph(&number::plain(&format!("{} = {}", labels[0], axes[0].values[*at])), 0);
            }
            let body: Vec<Vec<String>> = (0..rows.values.len())
                .map(|row| {
                    (0..columns.values.len())
                        .map(|column| {
                            let place: Vec<usize> = facet.iter().copied().chain([row, column]).collect();
                            self.marked(sweep.at(sweep.grid.cell(&place)))
                        })
                        .collect()
                })
                .collect();
            let heads = columns.values.iter().map(|value| format!("{} ", number::plain(value)));
            let first = rows.values.iter().map(|value| clipped(&number::plain(value), FIRST));
            pivot(
                page,
                (row_label, column_label),
                &first.collect::<Vec<_>>(),
                &heads.collect::<Vec<_>>(),
                &body,
            );
        }
    }
}

/// A table of two keys; in parts, one below the other, where it is too wide.
fn pivot(
    page: &mut Page,
    (rows, columns): (&str, &str),
    first: &[String],
    heads: &[String],
    body: &[Vec<String>],
) {
    let rows = clipped(rows, FIRST);
    let wide = |text: &String| text.chars().count();
    let margin = first.iter().chain([&rows]).map(wide).max().unwrap_or(0) + 2;
    let widest = body.iter().flatten().chain(heads).map(wide).max().unwrap_or(1).min(WIDTH - margin - 1);
    let part = ((WIDTH - margin) / (widest + 1)).max(1);
    for from in (0..heads.len()).step_by(part) {
        let range = from..heads.len().min(from + part);
        let title = clipped(columns, WIDTH - margin - 1);
        page.line(&format!("  {:margin$}{title}", ""));
        let line = |first: &str, cells: &[String]| {
            let cells: String =
                cells.iter().map(|cell| format!(" {:>widest$}", clipped(cell, widest))).collect();
            format!("  {first:>width$}{cells}", width = margin - 2)
        };
        page.line(&line(&rows, &heads[range.clone()]));
        for (first, body) in first.iter().zip(body) {
            page.line(&line(first, &body[range.clone()]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sweep::sample;

    fn text(sweep: &Sweep) -> String {
        let mut out = Vec::new();
        write(sweep, Path::new("reports/x"), Look::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    const TWO: [&str; 2] = ["support.agents.count=8..10", "support.agents.concurrency=1..4"];

    #[test]
    fn one_key_reads_so() {
        insta::assert_snapshot!(text(&sample::sweep(&["support.agents.count=8..10"])));
    }

    #[test]
    fn two_keys_read_so() {
        insta::assert_snapshot!(text(&sample::sweep(&TWO)));
    }

    #[test]
    fn it_is_ascii_and_80_columns_wide_however_much_there_is() {
        let long = "support.conversation.canned.share_of_all_that_is_said=0%..100%:5%";
        for axes in [&TWO[..], &[long], &[long, TWO[0]], &[TWO[0], long], &[TWO[0], TWO[1], long]] {
            let mut sweep = sample::sweep(axes);
            sweep.header.scenario = "a name\u{1b}[31m ".repeat(20);
            let text = text(&sweep);
            assert!(text.is_ascii() && !text.contains('\u{1b}'), "{text}");
            let wide = text.lines().find(|line| line.len() > WIDTH);
            assert_eq!(wide, None, "{text}");
        }
    }

    #[test]
    fn what_was_stopped_says_what_is_missing() {
        let mut sweep = sample::sweep(&TWO);
        sweep.interrupted = true;
        sweep.cells.truncate(3);
        let text = text(&sweep);
        assert!(text.contains("INTERRUPTED") && text.contains("of 12 combinations"), "{text}");
    }
}
