//! `sweep.csv`: a row a combination and figure, as RFC 4180 says. Shares are fractions from 0 to 1, times seconds.
//!
//! Each varied key is a column of its own, empty for the scenario as it stands where that is no combination.

use std::io::{self, Write};

use crate::report::csv::text;
use crate::study::sweep::{Cell, Sweep, Value};

use super::verdict;

/// The columns after those of the keys.
const COLUMNS: &str = "base,figure,unit,value,low,high,n,difference,difference_low,difference_high,pairs,\
                       independent_half_width,gates";

/// Writes the rows, combination after combination.
pub fn write(sweep: &Sweep, out: &mut dyn Write) -> io::Result<()> {
    for axis in sweep.grid.axes() {
        write!(out, "{},", text(&axis.key))?;
    }
    write!(out, "{COLUMNS}\r\n")?;
    for cell in &sweep.cells {
        for (chosen, value) in sweep.chosen.iter().zip(&cell.values) {
            for typed in values(sweep, cell) {
                write!(out, "{},", text(typed))?;
            }
            let (name, unit) = (text(&chosen.name), chosen.unit);
            write!(out, "{},{name},{unit},", cell.is_base)?;
            row(value.as_ref(), out)?;
            write!(out, ",{}\r\n", verdict(cell).unwrap_or_default().to_lowercase())?;
        }
    }
    Ok(())
}

/// The values of the keys.
fn values<'a>(sweep: &'a Sweep, cell: &Cell) -> Vec<&'a str> {
    match cell.cell {
        Some(number) => sweep.grid.values(number).map(|(_, value)| value).collect(),
        None => vec![""; sweep.grid.axes().len()],
    }
}

fn row(value: Option<&Value>, out: &mut dyn Write) -> io::Result<()> {
    let cell = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    let figure = value.map(|value| value.figure);
    let difference = value.and_then(|value| value.difference);
    write!(
        out,
        "{},{},{},{},{},{},{},{},{}",
        cell(figure.and_then(|figure| figure.value)),
        cell(figure.and_then(|figure| figure.low)),
        cell(figure.and_then(|figure| figure.high)),
        figure.map_or(0, |figure| figure.n),
        cell(difference.map(|difference| difference.value)),
        cell(difference.and_then(|difference| difference.low)),
        cell(difference.and_then(|difference| difference.high)),
        difference.map_or(String::new(), |difference| difference.pairs.to_string()),
        cell(difference.and_then(|difference| difference.independent_half_width)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sweep::sample;

    fn rows(sweep: &Sweep) -> Vec<Vec<String>> {
        let mut out = Vec::new();
        write(sweep, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.trim_end().split("\r\n").map(|row| row.split(',').map(str::to_owned).collect()).collect()
    }

    #[test]
    fn every_combination_has_a_row_a_figure_as_long_as_the_header() {
        let sweep = sample::sweep(&["support.agents.count=8..10", "support.agents.concurrency=1..4"]);
        let rows = rows(&sweep);
        assert_eq!(rows.len(), 1 + sweep.cells.len() * sweep.chosen.len());
        assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{rows:#?}");
        let column = |name: &str| rows[0].iter().position(|column| column == name).unwrap();
        for row in &rows[1..] {
            let base = row[column("base")] == "true";
            assert_eq!(row[column("difference")].is_empty(), base, "{row:?}");
        }
    }

    #[test]
    fn values_that_a_spreadsheet_would_run_are_defused() {
        let sweep = sample::sweep(&["support.name==1+1,@x"]);
        assert!(rows(&sweep).iter().skip(1).all(|row| row[0].is_empty() || row[0].starts_with("\"'")));
    }
}
