//! `sweep.html`: the page of a sweep. A figure of one varied key is a line with the band of its intervals; of two a heat
//! map; of three as many heat maps as the first key has values, on one scale of colour.

mod heat;
mod lines;

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::gates::check::Outcome;
use crate::report::number;
use crate::report::sweep::{
    difference, extent, has_gates, heading, interval, labels, name, reading, shown, value, verdict,
};
use crate::report::xml::escape;
use crate::study::sweep::{Cell, Sweep};

use super::tables::table;

/// Writes the page.
pub fn write(sweep: &Sweep, out: &mut dyn Write) -> io::Result<()> {
    super::begin(&format!("sweep of {}", number::plain(&sweep.header.scenario)), out)?;
    out.write_all(header(sweep).as_bytes())?;
    out.write_all(gates(sweep).as_bytes())?;
    out.write_all(pictures(sweep).as_bytes())?;
    out.write_all(combinations(sweep).as_bytes())?;
    let varied: Vec<(&str, String)> =
        sweep.grid.axes().iter().map(|axis| (axis.key.as_str(), axis.values.join(", "))).collect();
    let facts = super::what_was_run("sweep", &sweep.header, Some(sweep.ended_unix_ms), varied);
    out.write_all(facts.as_bytes())?;
    out.write_all(super::END)
}

fn header(sweep: &Sweep) -> String {
    let header = &sweep.header;
    let mut out = format!(
        "<header><p class=over>causerie sweep</p><h1>{}</h1><p class=terms>",
        escape(&header.scenario)
    );
    let mut terms = vec![
        extent(sweep),
        format!("{} each", number::of(header.setting.replications.into(), "replication")),
        format!("seed {}", header.seed),
    ];
    if header.scale != 1.0 {
        terms.push(format!("{} times the arrivals", number::number(header.scale)));
    }
    for term in terms {
        let _ = write!(out, "<span>{}</span>", escape(&term));
    }
    let _ = write!(out, "</p><p class=lead>{}</p>", escape(&lead(sweep)));
    if sweep.interrupted {
        out.push_str(
            "<div class=\"standing doubtful\" role=status><b>Interrupted.</b> What is not done is left out.</div>",
        );
    }
    out.push_str("<nav aria-label=Sections>");
    if has_gates(sweep) {
        out.push_str("<a href=\"#gates\">gates</a>");
    }
    out.push_str(
        "<a href=\"#figures\">figures</a><a href=\"#combinations\">every combination</a>\
         <a href=\"#provenance\">what was run</a></nav></header>\n",
    );
    out
}

/// What is compared with what, and how sure that is.
fn lead(sweep: &Sweep) -> String {
    let base = match sweep.base().map(|base| base.cell) {
        Some(Some(number)) => format!("The scenario as it stands is {}.", sweep.grid.name(number)),
        Some(None) => {
            "The scenario as it stands is none of the combinations; it was played beside them.".to_owned()
        }
        None => {
            "The scenario as it stands was not played to its end: nothing can be compared with it.".to_owned()
        }
    };
    [vec![base], reading(sweep)].concat().join(" ")
}

/// In how many combinations each gate holds.
fn gates(sweep: &Sweep) -> String {
    if !has_gates(sweep) {
        return String::new();
    }
    // A gate may itself be varied: gates are told apart by their text, in the order in which they come.
    let mut all: Vec<(&str, [u64; 3])> = Vec::new();
    for verdict in sweep.cells.iter().filter(|cell| cell.cell.is_some()).flat_map(|cell| &cell.verdicts) {
        let place = all.iter().position(|(gate, _)| *gate == verdict.gate).unwrap_or_else(|| {
            all.push((&verdict.gate, [0; 3]));
            all.len() - 1
        });
        let outcome = match verdict.outcome {
            Outcome::Passed => 0,
            Outcome::Failed => 1,
            Outcome::NotJudged { .. } | Outcome::TooFewSamples { .. } => 2,
        };
        all[place].1[outcome] += 1;
    }
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|(gate, counts)| {
            [number::plain(gate)]
                .into_iter()
                .chain(counts.iter().map(|count| number::count(*count)))
                .collect()
        })
        .collect();
    let table = table("Combinations in which it", &["gate", "passed", "failed", "was not judged"], &rows);
    format!("<section id=gates><h2>Gates</h2>{table}</section>\n")
}

fn pictures(sweep: &Sweep) -> String {
    let mut out = String::from("<section id=figures><h2>Figures</h2><div class=charts>\n");
    for figure in 0..sweep.chosen.len() {
        out.push_str(&match sweep.grid.axes().len() {
            1 => lines::line(sweep, figure),
            _ => heat::maps(sweep, figure),
        });
    }
    out.push_str("</div></section>\n");
    out
}

/// A table a figure, and of the gates beside it.
fn combinations(sweep: &Sweep) -> String {
    let labels = labels(sweep);
    let mut out = String::from("<section id=combinations><h2>Every combination</h2>\n");
    for (figure, chosen) in sweep.chosen.iter().enumerate() {
        let row = |cell: &Cell| {
            let value = value(Some(cell), figure);
            let by = if cell.is_base { "as it stands".to_owned() } else { plus_minus(&difference(value)) };
            let gates = has_gates(sweep).then(|| verdict(cell).unwrap_or(number::NONE).to_lowercase());
            let cells = [name(sweep, &labels, cell), shown(value), interval(value), by];
            cells.into_iter().chain(gates).collect()
        };
        let rows: Vec<Vec<String>> = sweep.cells.iter().map(row).collect();
        let heads = ["", "value", "95 % interval", "difference, 95 % interval", "gates"];
        let heads = &heads[..if has_gates(sweep) { 5 } else { 4 }];
        let _ = writeln!(
            out,
            "<details><summary>{}</summary>{}</details>",
            escape(&heading(sweep, figure)),
            table(chosen.definition, heads, &rows)
        );
    }
    out.push_str("</section>\n");
    out
}

/// What is typed in ASCII for terminals.
fn plus_minus(text: &str) -> String {
    text.replace("+-", "±")
}

/// All that is known of a figure of a combination, in a line: value, interval, and how it differs from the base.
fn told(name: &str, cell: &Cell, figure: usize) -> String {
    let value = value(Some(cell), figure);
    let mut told = format!("{name}: {}", shown(value));
    let interval = interval(value);
    if !interval.is_empty() {
        let _ = write!(told, " ({interval})");
    }
    let by = plus_minus(&difference(value));
    if !by.is_empty() {
        let _ = write!(told, ", {by}");
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sweep::sample;

    fn page(sweep: &Sweep) -> String {
        let mut out = Vec::new();
        write(sweep, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    const ONE: &[&str] = &["support.agents.count=8..10"];
    const TWO: &[&str] = &["support.agents.count=8..10", "support.agents.concurrency=1..4"];
    const THREE: &[&str] = &["a.x=1..2", "b.y=least busy,most busy", "c.z=0%..40%:20%"];

    #[test]
    fn it_loads_nothing_and_closes_what_it_opens() {
        for axes in [ONE, TWO, THREE] {
            let page = page(&sample::sweep(axes));
            for forbidden in ["http://", "https://", "<script", "src=", "url(", "javascript:"] {
                assert!(!page.contains(forbidden), "{forbidden}");
            }
            for element in
                ["section", "div", "table", "tr", "figure", "svg", "g", "text", "details", "title", "p"]
            {
                let opened = page.matches(&format!("<{element}>")).count()
                    + page.matches(&format!("<{element} ")).count();
                assert_eq!(opened, page.matches(&format!("</{element}>")).count(), "{element}");
            }
        }
    }

    #[test]
    fn a_heat_map_has_a_labelled_cell_a_combination() {
        let sweep = sample::sweep(TWO);
        let page = page(&sweep);
        assert_eq!(page.matches("<g class=tile>").count(), sweep.grid.cells() * sweep.chosen.len());
        assert_eq!(page.matches("class=stands").count(), sweep.chosen.len());
        assert!(page.contains(">60.0 %</text>"));
        assert_eq!(
            self::page(&sample::sweep(THREE)).matches("<svg class=heat").count(),
            2 * sweep.chosen.len()
        );
    }

    #[test]
    fn what_is_hostile_stays_text() {
        let evil = "<script>alert(1)</script>\"'";
        for axes in [vec!["a.b=<b>x</b>,y"], vec!["a.b=<b>x</b>,y", "a.<i>=1..2"]] {
            let mut sweep = sample::sweep(&axes);
            sweep.header.scenario = evil.to_owned();
            sweep.chosen[0].name = evil.to_owned();
            sweep.cells[0].verdicts[0].gate = evil.to_owned();
            let page = page(&sweep);
            assert!(!page.contains("<script") && !page.contains("<b>x") && !page.contains("<i>="), "{page}");
        }
    }

    #[test]
    fn what_was_stopped_is_a_page_too() {
        let mut sweep = sample::sweep(TWO);
        sweep.interrupted = true;
        for left in [5, 0] {
            sweep.cells.truncate(left);
            assert!(page(&sweep).contains("Interrupted."));
        }
    }
}
