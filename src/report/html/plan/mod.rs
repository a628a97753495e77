//! `plan.html`: the page of a plan. For each venue the share of visits that meet somebody by their rate and, of a room, by the
//! hours in which they come; and the tables that the terminal has.

mod curve;

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::report::number;
use crate::report::plan::outline::{Section, sections, title};
use crate::report::plan::wanted;
use crate::report::xml::escape;
use crate::scenario::plan::rooms::VenueKind;
use crate::study::plan::{Outlook, Planning};

use super::prose;
use super::tables::table;

/// Writes the page.
pub fn write(planning: &Planning, out: &mut dyn Write) -> io::Result<()> {
    super::begin(&format!("plan of {}", number::plain(&planning.header.scenario)), out)?;
    out.write_all(header(planning).as_bytes())?;
    for (number, outlook) in planning.venues.iter().enumerate() {
        out.write_all(venue(planning, number, outlook).as_bytes())?;
    }
    let facts = super::what_was_run(
        "plan",
        &planning.header,
        Some(planning.ended_unix_ms),
        vec![("wanted", wanted(planning).join(" "))],
    );
    out.write_all(facts.as_bytes())?;
    out.write_all(super::END)
}

fn header(planning: &Planning) -> String {
    let header = &planning.header;
    let mut out = format!(
        "<header><p class=over>causerie plan</p><h1>{}</h1><p class=terms>",
        escape(&header.scenario)
    );
    let portals = planning.venues.iter().filter(|outlook| outlook.kind != VenueKind::Room).count();
    let counts = [(planning.venues.len() - portals, "room"), (portals, "portal")];
    let mut terms: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| number::of(count as u64, what))
        .collect();
    terms.push(format!("seed {}", header.seed));
    if header.scale != 1.0 {
        terms.push(format!("{} times the arrivals", number::number(header.scale)));
    }
    for term in terms {
        let _ = write!(out, "<span>{}</span>", escape(&term));
    }
    let _ = write!(out, "</p><p class=lead>{}</p>", prose(&wanted(planning).join(" ")));
    if planning.interrupted {
        out.push_str(
            "<div class=\"standing doubtful\" role=status><b>Interrupted.</b> What is not done is left out.</div>",
        );
    }
    out.push_str("<nav aria-label=Sections>");
    for (number, outlook) in planning.venues.iter().enumerate() {
        let _ = write!(out, "<a href=\"#venue-{number}\">{}</a>", escape(&outlook.name));
    }
    out.push_str("<a href=\"#provenance\">what was run</a></nav></header>\n");
    out
}

fn venue(planning: &Planning, number: usize, outlook: &Outlook) -> String {
    let mut out =
        format!("<section id=\"venue-{number}\"><h2>{}</h2>\n<div class=charts>", escape(&title(outlook)));
    out.push_str(&curve::traffic(&outlook.mass));
    if let Some(Ok(hours)) = &outlook.hours {
        out.push_str(&curve::hours(hours));
    }
    out.push_str("</div><div class=tables>");
    for Section { title, said, caption, heads, rows } in
        sections(outlook, planning.wanted, planning.header.setting.money.as_deref())
    {
        let _ = write!(out, "<div><h3>{}</h3><p class=lead>{}</p>", escape(title), prose(&said.join(" ")));
        if !rows.is_empty() {
            out.push_str(&rows_of(caption, &heads, rows));
        }
        out.push_str("</div>");
    }
    out.push_str("</div></section>\n");
    out
}

/// A table; a column in which nothing is written is left out.
fn rows_of(caption: &str, heads: &[String], rows: Vec<Vec<String>>) -> String {
    let written: Vec<usize> =
        (0..heads.len()).filter(|column| rows.iter().any(|row| !row[*column].is_empty())).collect();
    let heads: Vec<&str> = written.iter().map(|column| heads[*column].as_str()).collect();
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|row| written.iter().map(|column| row[*column].clone()).collect()).collect();
    table(caption, &heads, &rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::plan::sample;

    fn page(planning: &Planning) -> String {
        let mut out = Vec::new();
        write(planning, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_loads_nothing_and_closes_what_it_opens() {
        let page = page(&sample::planning());
        for forbidden in ["http://", "https://", "<script", "src=", "url(", "javascript:"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        for element in
            ["section", "div", "table", "tr", "figure", "svg", "g", "text", "details", "p", "h3", "caption"]
        {
            let opened =
                page.matches(&format!("<{element}>")).count() + page.matches(&format!("<{element} ")).count();
            assert_eq!(opened, page.matches(&format!("</{element}>")).count(), "{element}");
        }
    }

    #[test]
    fn today_and_the_critical_mass_are_marked_in_every_curve_of_traffic() {
        let page = page(&sample::planning());
        assert_eq!(page.matches(">today</text>").count(), 3, "two of traffic, one of hours");
        assert_eq!(page.matches(">critical</text>").count(), 2);
        assert!(page.contains("class=\"line two\""), "the formula");
    }

    #[test]
    fn what_is_hostile_stays_text() {
        let evil = "<script>alert(1)</script>\"'";
        let mut planning = sample::planning();
        planning.header.scenario = evil.to_owned();
        planning.header.setting.money = Some(evil.to_owned());
        planning.venues[0].name = evil.to_owned();
        assert!(!page(&planning).contains("<script"));
    }

    #[test]
    fn what_was_stopped_is_a_page_too() {
        let mut planning = sample::planning();
        planning.interrupted = true;
        planning.venues.clear();
        assert!(page(&planning).contains("Interrupted."));
    }
}
