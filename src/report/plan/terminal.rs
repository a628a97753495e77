//! A plan on standard output: at most 80 columns, ASCII but for what the scenario says, and complete without colour.

use std::io::{self, Write};
use std::path::Path;

use crate::report::number;
use crate::report::terminal::{Look, Page, Tone, WIDTH, clipped};
use crate::study::plan::{Outlook, Planning};

use super::outline::{Section, sections, title};
use super::wanted;

/// Writes the plan. `files` is where the other formats are.
pub fn write(planning: &Planning, files: &Path, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { text: String::new(), look };
    headline(&mut page, planning);
    planning.venues.iter().for_each(|outlook| venue(&mut page, planning, outlook));
    page.line(&format!("Files: {}", number::plain(&files.display().to_string())));
    out.write_all(page.text.as_bytes())
}

fn headline(page: &mut Page, planning: &Planning) {
    let header = &planning.header;
    let title = clipped(&number::plain(&format!("plan of {}", header.scenario)), WIDTH);
    let title = page.toned(&title, Tone::Heading);
    page.line(&title);
    page.paragraph(&format!("{} Seed {}.", wanted(planning).join(" "), header.seed), 0);
    if planning.interrupted {
        page.line("");
        let word = page.toned("INTERRUPTED", Tone::Doubtful);
        page.line(&word);
        page.paragraph("It was stopped before its end; what is not done is left out.", 2);
    }
    page.line("");
}

fn venue(page: &mut Page, planning: &Planning, outlook: &Outlook) {
    let heading = page.toned(&clipped(&title(outlook), WIDTH), Tone::Heading);
    page.line(&heading);
    for Section { title, said, heads, rows, .. } in
        sections(outlook, planning.wanted, planning.header.setting.money.as_deref())
    {
        page.line("");
        let heading = page.toned(title, Tone::Heading);
        page.line(&format!("  {heading}"));
        said.iter().for_each(|sentence| page.paragraph(sentence, 2));
        if !rows.is_empty() {
            page.table(&heads, &rows);
        }
    }
    page.line("");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::plan::sample;

    fn text(planning: &Planning) -> String {
        let mut out = Vec::new();
        write(planning, Path::new("reports/x"), Look::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_reads_so() {
        insta::assert_snapshot!(text(&sample::planning()));
    }

    #[test]
    fn it_is_ascii_and_80_columns_wide_whatever_is_said() {
        let mut planning = sample::planning();
        planning.header.scenario = "a name\u{1b}[31m ".repeat(20);
        planning.header.setting.money = Some("\u{1b}[31mEUR".repeat(20));
        planning.venues.iter_mut().for_each(|outlook| outlook.name = "fans\u{1b}[31m".repeat(20));
        let text = text(&planning);
        assert!(text.is_ascii() && !text.contains('\u{1b}'), "{text}");
        let wide = text.lines().find(|line| line.len() > WIDTH);
        assert_eq!(wide, None, "{text}");
    }

    #[test]
    fn what_was_stopped_says_so() {
        let mut planning = sample::planning();
        planning.interrupted = true;
        planning.venues.truncate(1);
        let text = text(&planning);
        assert!(text.contains("INTERRUPTED") && !text.contains("exchange"), "{text}");
    }
}
