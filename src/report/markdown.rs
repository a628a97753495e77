//! `summary.md`: what a CI job shows beside its log. GitHub's dialect of tables; nothing in it is HTML.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::record::figures::Figure;

use super::Report;
use super::number::{self, NONE, glued};
use super::outline::{Block, Rows, Ruled};

/// Writes the summary.
pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut text = format!("# {}\n\n{}\n\n", cell(&report.title()), report.terms().join(" · "));
    for sentence in report.circumstances() {
        let _ = writeln!(text, "{}", cell(&sentence));
    }
    for (nth, remark) in report.remarks().enumerate() {
        let _ = writeln!(text, "{}- {}", if nth == 0 { "\n" } else { "" }, cell(&remark));
    }
    let objections = report.objections();
    if !objections.is_empty() {
        let _ = writeln!(text, "\n**{}**\n", report.standing().name().to_uppercase());
        for objection in objections {
            let _ = writeln!(text, "- {}", cell(&objection));
        }
    }
    gates(report, &mut text);
    for part in report.outline() {
        let _ = writeln!(text, "\n## {}\n\n{}", cell(&part.title), cell(&part.note));
        part.blocks.iter().for_each(|each| block(each, &mut text));
    }
    twin(report, &mut text);
    out.write_all(text.as_bytes())
}

fn gates(report: &Report, text: &mut String) {
    if report.verdicts.is_empty() {
        return;
    }
    text.push_str("\n## Gates\n\n| | gate | value | |\n|---|---|---:|---|\n");
    for judged in report.judged() {
        let (mark, gate) = (judged.mark.word(), cell(&judged.gate));
        let _ = writeln!(text, "| {mark} | {gate} | {} | {} |", glued(&judged.value), cell(&judged.remark));
    }
}

fn block(block: &Block, text: &mut String) {
    match &block.rows {
        Rows::Figures(rows) => {
            let _ = writeln!(text, "\n| {} | | 95 % interval |\n|---|---:|---:|", cell(&block.title));
            for (label, figure) in rows {
                let value = glued(&number::value(figure.value, figure.unit));
                let interval = number::interval(figure.low, figure.high, figure.unit).unwrap_or_default();
                let _ = writeln!(text, "| {label} | {value} | {} |", glued(&interval));
            }
        }
        Rows::Table { columns, rows } => {
            let _ = writeln!(text, "\n| {} | {} |", cell(&block.title), columns.join(" | "));
            let _ = writeln!(text, "|---|{}", "---:|".repeat(columns.len()));
            for row in rows {
                let value = |figure: &Option<&Figure>| {
                    figure.map_or(String::new(), |figure| glued(&number::value(figure.value, figure.unit)))
                };
                let values: Vec<String> = row.cells.iter().map(value).collect();
                let _ = writeln!(text, "| {} | {} |", cell(&row.label), values.join(" | "));
            }
        }
        Rows::Rules(rows) => {
            let _ = writeln!(text, "\n| {} | {} |", cell(&block.title), Ruled::COLUMNS.join(" | "));
            text.push_str("|---|---:|---:|---|\n");
            for row in rows {
                let [value, limit] = [&row.value, &row.limit].map(|shown| glued(shown));
                let _ = writeln!(text, "| {} | {value} | {limit} | {} |", row.label, row.word());
            }
        }
    }
}

fn twin(report: &Report, text: &mut String) {
    let rows = report.twin_rows();
    if report.record.twin.is_none() {
        return;
    }
    text.push_str("\n## Twin: the very same people in virtual time\n\n| | run | twin | difference |\n");
    text.push_str("|---|---:|---:|---:|\n");
    for row in rows {
        let [run, twin] = [row.run, row.twin].map(|value| glued(&number::value(value, row.unit)));
        let difference = glued(&number::difference(row.difference(), row.unit));
        let _ = writeln!(text, "| {} | {run} | {twin} | {difference} |", cell(&row.figure));
    }
    for (title, rows) in
        [("ended the same way", report.agreement()), ("met the same people", report.same_company())]
    {
        if !rows.is_empty() {
            let _ = writeln!(text, "\n| {title} | share | of |\n|---|---:|---:|");
        }
        for row in rows {
            let share = row.share().map_or(NONE.to_owned(), |share| glued(&number::share(share)));
            let _ = writeln!(text, "| {} | {share} | {} |", cell(&row.among), number::count(row.of));
        }
    }
}

/// A text as it can stand anywhere in Markdown, in a table too: whatever could mean something is escaped, and numbers stay
/// with their units.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in glued(&number::plain(text)).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;
    use crate::report::sample;

    fn text(record: &Record) -> String {
        let mut out = Vec::new();
        write(&Report::of(record), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_run_reads_so() {
        insta::assert_snapshot!(text(&sample::run()));
    }

    #[test]
    fn a_simulation_reads_so() {
        insta::assert_snapshot!(text(&sample::simulation(20)));
    }

    #[test]
    fn a_hostile_name_stays_a_name() {
        let mut record = sample::simulation(1);
        record.header.scenario = "<img src=x>|[a](b)\n# c".to_owned();
        let first = text(&record).lines().next().unwrap().to_owned();
        assert_eq!(first, "# simulation of \\<img src=x\\>\\|\\[a\\](b) \\# c");
    }
}
