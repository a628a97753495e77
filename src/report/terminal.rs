//! The summary for standard output: at most 80 columns, ASCII but for what the scenario is called, and
//! complete without colour. Bars are of `#` and `o`, since block characters do not survive every log and two
//! shades of them are one without colour.

mod rooms;

use std::io::{self, Write};
use std::path::Path;

use crate::metrics::histogram::Distribution;
use crate::record::figures::Figure;

use super::bins::{Cuts, Waited, waited};
use super::number::{self, NONE};
use super::outline::{Block, Row, Rows, Ruled};
use super::twin::Agreement;
use super::verdicts::Mark;
use super::{Report, Standing};

/// Columns at the most.
pub(super) const WIDTH: usize = 80;
/// Columns of a row's label.
const LABEL: usize = 32;
/// Columns of a bar at its longest.
const BAR: usize = 38;
/// Bins of a text histogram.
const BINS: usize = 12;

/// How it is to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// With ANSI colours.
    pub colour: bool,
}

/// Writes the summary. `files` is where the other formats are, if they were written.
pub fn write(report: &Report, files: Option<&Path>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { text: String::new(), look };
    page.headline(report);
    page.gates(report);
    for part in report.outline() {
        page.part(&part.title, &part.note);
        part.blocks.iter().for_each(|block| page.block(block));
    }
    page.histograms(report);
    page.twin(report);
    if let Some(files) = files {
        page.line(&format!("Files: {}", number::plain(&files.display().to_string())));
    }
    out.write_all(page.text.as_bytes())
}

/// What a stretch of text means, and so its colour.
#[derive(Clone, Copy)]
pub(super) enum Tone {
    Heading,
    Good,
    Bad,
    Doubtful,
    Quiet,
}

/// What a histogram of waits is of.
struct WaitWords {
    title: &'static str,
    /// Above its columns.
    head: &'static str,
}

/// What is written, so far.
pub(super) struct Page {
    pub(super) text: String,
    pub(super) look: Look,
}

impl Page {
    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    pub(super) fn toned(&self, text: &str, tone: Tone) -> String {
        if !self.look.colour {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Heading => "1",
            Tone::Good => "32",
            Tone::Bad => "1;31",
            Tone::Doubtful => "33",
            Tone::Quiet => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// Breaks a sentence into lines, each indented so far.
    pub(super) fn paragraph(&mut self, text: &str, indent: usize) {
        let mut line = " ".repeat(indent);
        // What belongs together stays in a line.
        for word in number::glued(text).split(' ').filter(|word| !word.is_empty()) {
            if line.trim_end().chars().count() > indent && line.chars().count() + word.chars().count() > WIDTH
            {
                self.line(&std::mem::replace(&mut line, " ".repeat(indent)));
            }
            line.extend(word.chars().map(|c| if c == '\u{a0}' { ' ' } else { c }));
            line.push(' ');
        }
        self.line(&line);
    }

    /// A table of columns as wide as they need; a column in which nothing is written is left out.
    pub(super) fn table(&mut self, heads: &[String], rows: &[Vec<String>]) {
        let columns = (0..heads.len()).filter(|column| rows.iter().any(|row| !row[*column].is_empty()));
        let columns: Vec<(usize, usize)> = columns
            .map(|column| {
                let cells = rows.iter().chain([&heads.to_vec()]).map(|row| row[column].chars().count()).max();
                (column, cells.unwrap_or(0))
            })
            .collect();
        for row in [heads].into_iter().chain(rows.iter().map(Vec::as_slice)) {
            let cells: Vec<String> =
                columns.iter().map(|&(column, wide)| format!("{:>wide$}", row[column])).collect();
            self.line(&clipped(&format!("  {}", cells.join("  ")), WIDTH));
        }
    }

    fn headline(&mut self, report: &Report) {
        let title = clipped(&report.title(), WIDTH);
        let terms = report.terms().join(", ");
        let title_toned = self.toned(&title, Tone::Heading);
        if title.chars().count() + terms.len() + 2 <= WIDTH {
            let gap = WIDTH - title.chars().count() - terms.len();
            self.line(&format!("{title_toned}{}{terms}", " ".repeat(gap)));
        } else {
            self.line(&title_toned);
            self.line(&terms);
        }
        report.circumstances().into_iter().chain(report.remarks()).for_each(|it| self.paragraph(&it, 0));
        let (standing, tone) = match report.standing() {
            Standing::Valid if report.objections().is_empty() => return self.line(""),
            Standing::Valid => ("VALID, with a reservation", Tone::Doubtful),
            Standing::Invalid => ("INVALID", Tone::Bad),
            Standing::Interrupted => ("INTERRUPTED", Tone::Doubtful),
            Standing::Incomplete => ("INCOMPLETE", Tone::Doubtful),
        };
        self.line("");
        self.line(&self.toned(standing, tone));
        report.objections().iter().for_each(|sentence| self.paragraph(&number::plain(sentence), 2));
        self.line("");
    }

    fn gates(&mut self, report: &Report) {
        if report.verdicts.is_empty() {
            return;
        }
        self.line(&self.toned("Gates", Tone::Heading));
        for judged in report.judged() {
            let tone = match judged.mark {
                Mark::Passed => Tone::Good,
                Mark::Failed | Mark::JustFailed => Tone::Bad,
                Mark::JustPassed | Mark::TooFew => Tone::Doubtful,
                Mark::NotJudged => Tone::Quiet,
            };
            let word = self.toned(&format!("{:<11}", judged.mark.word()), tone);
            let (gate, rest) = broken(&judged.gate, 53);
            self.line(&format!("  {word} {gate:<54}{:>12}", judged.value));
            if !rest.is_empty() {
                self.paragraph(rest, 14);
            }
            if !judged.remark.is_empty() {
                self.paragraph(&judged.remark, 14);
            }
        }
        self.line("");
    }

    fn part(&mut self, title: &str, note: &str) {
        self.line(&self.toned(&clipped(title, WIDTH), Tone::Heading));
        self.paragraph(note, 0);
    }

    fn block(&mut self, block: &Block) {
        match &block.rows {
            Rows::Figures(rows) => {
                let interval = |figure: &Figure| number::interval(figure.low, figure.high, figure.unit);
                let interval = rows.iter().any(|(_, figure)| interval(figure).is_some());
                let head = if interval { "95 % interval" } else { "" };
                let title = format!("  {:<LABEL$}", block.title);
                // A long title has the line to itself.
                let room = (LABEL + 12 + 20 + 2).saturating_sub(title.chars().count());
                self.line(&format!("{title}{}", self.toned(&format!("{head:>room$}"), Tone::Quiet)));
                rows.iter().for_each(|(label, figure)| self.figure(label, figure));
            }
            Rows::Table { columns, rows } => {
                let head: String = columns.iter().map(|column| format!("{column:>9}")).collect();
                let title = format!("  {:<24}", block.title);
                let room = (26 + head.len()).saturating_sub(title.chars().count());
                let head = head.trim_start();
                self.line(&format!("{title}{}", self.toned(&format!("{head:>room$}"), Tone::Quiet)));
                rows.iter().for_each(|row| self.row(row));
            }
            Rows::Rules(rows) => self.rules(&block.title, rows),
        }
        self.line("");
    }

    fn rules(&mut self, title: &str, rows: &[Ruled]) {
        let [value, limit, _] = Ruled::COLUMNS;
        let heads = self.toned(&format!("{value:>12}{limit:>12}"), Tone::Quiet);
        self.line(&format!("  {title:<LABEL$}{heads}"));
        for row in rows {
            let tone = match row.holds {
                Some(true) => Tone::Good,
                Some(false) => Tone::Bad,
                None => Tone::Quiet,
            };
            let word = self.toned(row.word(), tone);
            let label = format!("{:<width$}", row.label, width = LABEL - 2);
            self.line(&format!("    {label}{:>12}{:>12}  {word}", row.value, row.limit));
        }
    }

    fn figure(&mut self, label: &str, figure: &Figure) {
        let value = number::value(figure.value, figure.unit);
        let interval = number::interval(figure.low, figure.high, figure.unit).unwrap_or_default();
        let label = format!("{label:<width$}", width = LABEL - 2);
        self.line(&format!("    {label}{value:>12}{}", self.toned(&format!("{interval:>20}"), Tone::Quiet)));
    }

    fn row(&mut self, row: &Row) {
        let cell = |figure: &Option<&Figure>| match figure {
            Some(figure) => number::value(figure.value, figure.unit),
            None => String::new(),
        };
        let cells: String = row.cells.iter().map(|figure| format!("{:>9}", cell(figure))).collect();
        self.line(&format!("    {:<22}{cells}", clipped(&number::plain(&row.label), 21)));
        let half = |figure: &Option<&Figure>| {
            let shown = |f: &&&Figure| number::interval(f.low, f.high, f.unit).is_some();
            let half = figure.as_ref().filter(shown).and_then(|f| Some(((f.high? - f.low?) / 2.0, f.unit)));
            half.map_or(String::new(), |(half, unit)| number::value(Some(half), unit))
        };
        let halves: String = row.cells.iter().map(|figure| format!("{:>9}", half(figure))).collect();
        if !halves.trim().is_empty() {
            self.line(&self.toned(&format!("    {:<22}{halves}", "  +/-"), Tone::Quiet));
        }
    }

    fn histograms(&mut self, report: &Report) {
        for ((_, desk), tally) in report.desks().zip(&report.totals.desks) {
            let visits = tally.visits();
            let words = WaitWords {
                title: "time in queue",
                head: "  waited             visits  not served  # served   o not served",
            };
            self.waits(&desk.name, &visits.speed_of_answer, &visits.gave_up_after, &words);
        }
        for ((_, venue), tally) in report.venues().zip(&report.totals.venues) {
            self.room_histograms(&venue.name, tally);
        }
    }

    /// How long waits were, those that ended well and those that were broken off on top of each other.
    fn waits(&mut self, name: &str, ended: &Distribution, broken_off: &Distribution, words: &WaitWords) {
        let cuts = Cuts::of(&ended.clone().merged(broken_off), BINS);
        let bins = cuts.waits(ended, broken_off);
        let all: u64 = bins.iter().map(|bin| bin.all()).sum();
        if all == 0 {
            return;
        }
        let most = bins.iter().map(|bin| bin.all()).max().unwrap_or(1);
        let name = clipped(&number::plain(name), 30);
        self.line(&self.toned(&format!("{name}: {}", words.title), Tone::Heading));
        self.line(words.head);
        for (i, bin) in bins.iter().enumerate().filter(|(_, bin)| bin.all() > 0) {
            let waited = waited(cuts.bounds(i));
            let visits = number::share(bin.all() as f64 / all as f64);
            let not_served = bin.not_served_share().map_or(NONE.to_owned(), number::share);
            self.line(&format!("  {waited:<16}{visits:>9}{not_served:>12}  {}", bar(*bin, most)));
        }
        self.line("");
    }

    fn twin(&mut self, report: &Report) {
        let rows = report.twin_rows();
        let Some(twin) = &report.record.twin else { return };
        self.line(&self.toned("Twin: the very same people in virtual time", Tone::Heading));
        self.line(&format!("  {:<38}{:>12}{:>12}{:>14}", "", "run", "twin", "difference"));
        for row in &rows {
            let label = clipped(&number::plain(&row.figure), 36);
            let (run, twin) = (number::value(row.run, row.unit), number::value(row.twin, row.unit));
            let difference = number::difference(row.difference(), row.unit);
            self.line(&format!("    {label:<36}{run:>12}{twin:>12}{difference:>14}"));
        }
        self.agreement("Ended the same way", &report.agreement());
        self.agreement("Met the same people", &report.same_company());
        for assumed in &twin.comparison.assumed {
            self.paragraph(&format!("The twin takes for granted: {}", number::plain(assumed)), 2);
        }
        self.line("");
    }

    fn agreement(&mut self, title: &str, rows: &[Agreement]) {
        if !rows.is_empty() {
            self.line(&format!("  {title}"));
        }
        for row in rows {
            let share = row.share().map_or(NONE.to_owned(), number::share);
            let of = format!("{} of {}", number::count(row.same), number::count(row.of));
            self.line(&format!("    {:<36}{share:>12}{of:>26}", row.among));
        }
    }
}

fn bar(bin: Waited, most: u64) -> String {
    let columns = |count: u64| (count as f64 / most as f64 * BAR as f64).round() as usize;
    // What is there shows, be it ever so little.
    let all = columns(bin.all()).max(1);
    let not_served = columns(bin.not_served).max(usize::from(bin.not_served > 0)).min(all);
    format!("{}{}", "#".repeat(all - not_served), "o".repeat(not_served))
}

/// As many whole words of a text as fit, and the others.
fn broken(text: &str, width: usize) -> (&str, &str) {
    let end = text.char_indices().nth(width).map_or(text.len(), |(end, _)| end);
    if end == text.len() {
        return (text, "");
    }
    // A word too long for the line is broken where the line ends.
    let space = text[..end].rfind(' ').filter(|space| *space > 0);
    (&text[..space.unwrap_or(end)], text[space.unwrap_or(end)..].trim_start())
}

/// As much of a text as fits.
pub(super) fn clipped(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width - 3).collect();
    format!("{kept}...")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::words::Ending;
    use crate::record::Record;
    use crate::report::sample;

    fn text(record: &Record, look: Look) -> String {
        let mut out = Vec::new();
        let files = Path::new("reports/peak support/2026-03-07T10-00-00");
        write(&Report::of(record), Some(files), look, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_run_reads_so() {
        insta::assert_snapshot!(text(&sample::run(), Look::default()));
    }

    #[test]
    fn a_simulation_reads_so() {
        insta::assert_snapshot!(text(&sample::simulation(20), Look::default()));
    }

    #[test]
    fn rooms_read_so() {
        insta::assert_snapshot!(text(&crate::record::sample::record(100), Look::default()));
    }

    #[test]
    fn a_gate_that_is_long_goes_on_in_the_next_line() {
        assert_eq!(broken("support.x < 5%", 53), ("support.x < 5%", ""));
        assert_eq!(broken("support.x < 5% in every 30m", 20), ("support.x < 5% in", "every 30m"));
        assert_eq!(broken("unbroken", 4), ("unbr", "oken"));
    }

    #[test]
    fn it_is_ascii_and_80_columns_wide() {
        let rooms = crate::record::sample::record(100);
        for record in [sample::run(), sample::simulation(1), sample::simulation(20), rooms] {
            for line in text(&record, Look::default()).lines() {
                assert!(line.is_ascii() && line.len() <= WIDTH, "{line:?}");
            }
        }
    }

    #[test]
    fn colour_changes_nothing_but_the_colour() {
        let record = sample::run();
        let coloured = text(&record, Look { colour: true });
        let stripped: String = coloured
            .split('\u{1b}')
            .enumerate()
            .map(|(i, part)| if i == 0 { part } else { part.split_once('m').unwrap().1 })
            .collect();
        let trimmed = |text: &str| text.lines().map(|l| l.trim_end().to_owned()).collect::<Vec<_>>();
        assert_eq!(trimmed(&stripped), trimmed(&text(&record, Look::default())));
    }

    #[test]
    fn what_is_wrong_is_said_and_escape_sequences_are_not() {
        let mut record = sample::run();
        record.header.scenario = "evil\u{1b}[2J".to_owned();
        record.trailer.as_mut().unwrap().invalid = vec!["The generator fell behind.".to_owned()];
        let said = text(&record, Look::default());
        assert!(said.contains("INVALID\n  The generator fell behind.\n"), "{said}");
        assert!(!said.contains('\u{1b}'));
        record.trailer = None;
        assert!(text(&record, Look::default()).contains("INCOMPLETE"));
    }

    #[test]
    fn that_most_were_cut_off_is_said_of_what_is_valid_too() {
        let mut record = sample::simulation(1);
        let unfinished = Ending::ALL.iter().position(|ending| *ending == Ending::Unfinished).unwrap();
        for tally in record.body.sections.iter_mut().flat_map(|s| &mut s.desks).flat_map(|d| &mut d.topics) {
            tally.endings = Default::default();
            tally.endings[unfinished] = tally.offered;
        }
        let said = text(&record, Look::default());
        assert!(said.contains("VALID, with a reservation\n  Of "), "{said}");
        assert!(said.contains(" had not come to an end"), "{said}");
    }

    #[test]
    fn what_was_stopped_before_anything_was_over_says_so() {
        let mut record = sample::simulation(1);
        record.body = crate::record::Body::default();
        record.trailer.as_mut().unwrap().interrupted = true;
        let said = text(&record, Look::default());
        let sentence = "  It was stopped before the first replication was over: nothing is counted.\n";
        assert!(said.contains(sentence), "{said}");
        assert!(said.contains("Counted: 0 visits to support, 0 calls, meant"), "{said}");
        assert!(said.contains("0 of 1 replications"), "{said}");
    }
}
