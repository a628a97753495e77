//! Forecasts in CSV: the start of an interval and the volume expected in it, one interval a line. An interval ends where
//! the next begins; the last is as long as the one before it.

use jiff::civil::DateTime;

use super::Findings;
use super::calendar::{Calendar, time_of_day};
use super::section::Field;
use crate::base::hash::fingerprint;
use crate::base::time::{Moment, Span};
use crate::scenario::input;
use crate::scenario::plan::RatePiece;
use crate::scenario::problem::{Place, Problem, quoted};
use crate::scenario::quantity::{Misfit, duration, number, plain};

/// How many problems of one file are told before the rest is left.
const TOLD: usize = 5;
const DAY_SECS: f64 = 86_400.0;
/// The most visitors that an interval can have.
const LARGEST_VOLUME: f64 = 1e9;

/// An interval as typed: seconds from the scenario's start (negative before it), visitors, line.
struct Row {
    from_secs: f64,
    volume: f64,
    line: u32,
}

/// The rates that the file in `field` foresees, from the scenario's start to its end; leaves a row.
pub(super) fn forecast(
    findings: &mut Findings<'_>,
    field: &Field,
    calendar: &Calendar,
) -> Option<Vec<RatePiece>> {
    let name = findings.string_within(field)?;
    let path = findings.source.directory.join(&name);
    let text = match input::read_text(&path, "a CSV file of interval start and volume") {
        Ok(text) => text,
        Err(misfit) => {
            findings.misfit(field, misfit);
            return None;
        }
    };
    let mut problems = Vec::new();
    let rows = rows(&text, calendar, &mut |line, source, misfit: Misfit| {
        problems.push(Problem {
            file: name.clone(),
            place: Place { line, column: 1 },
            source: Some(source.to_owned()),
            path: field.path.clone(),
            found: misfit.found.unwrap_or_else(|| quoted(source)),
            expected: misfit.expected,
            hint: misfit.hint,
        });
    });
    if !problems.is_empty() {
        findings.problems.extend(problems.into_iter().take(TOLD));
        return None;
    }
    if rows.len() < 2 {
        let found = Some(format!("a file with {} intervals", rows.len()));
        findings
            .misfit(field, Misfit { found, ..Misfit::new("at least two: their distance is their length") });
        return None;
    }
    if rows[0].from_secs > 0.0 {
        let found = Some(format!(
            "a forecast that begins {}s after the scenario (line {})",
            plain(rows[0].from_secs),
            rows[0].line
        ));
        findings.misfit(field, Misfit { found, ..Misfit::new("one that begins with it, or before") });
        return None;
    }
    let total: f64 = rows.iter().map(|row| row.volume).sum();
    let hash = fingerprint(&text);
    let value = format!("forecast, {} intervals, {} visitors, {hash}", rows.len(), plain(total));
    findings.row(&field.path, value, field.origin);
    let pieces = pieces(&rows, calendar.length);
    let end = pieces.last().map_or(Moment::ZERO, |piece| piece.to);
    if end < Moment::ZERO + calendar.length {
        findings
            .warnings
            .push(format!("{}: the forecast ends before the scenario; after it nobody comes", field.path));
    }
    Some(pieces)
}

fn rows(text: &str, calendar: &Calendar, problem: &mut dyn FnMut(u32, &str, Misfit)) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut header_may_come = true;
    for (i, source) in text.lines().enumerate() {
        if source.trim().is_empty() || source.starts_with('#') {
            continue;
        }
        let line = i as u32 + 1;
        let fields: Vec<&str> =
            source.split([',', ';', '\t']).map(|field| field.trim().trim_matches('"')).collect();
        let is_header = std::mem::take(&mut header_may_come)
            && fields.get(1).is_some_and(|volume| volume.starts_with(|c: char| c.is_alphabetic()));
        if is_header {
            continue;
        }
        match row(&fields, line, calendar, rows.last()) {
            Ok(row) => rows.push(row),
            Err(misfit) => problem(line, source, misfit),
        }
    }
    rows
}

fn row(fields: &[&str], line: u32, calendar: &Calendar, before: Option<&Row>) -> Result<Row, Misfit> {
    let [start, volume] = fields else {
        let found = Some(format!("{} fields", fields.len()));
        return Err(Misfit { found, ..Misfit::new("two: interval start, volume") });
    };
    let volume =
        number(volume).filter(|volume| (0.0..=LARGEST_VOLUME).contains(volume)).ok_or_else(|| Misfit {
            found: Some(quoted(volume)),
            ..Misfit::new("a volume: a plain number that is not negative")
        })?;
    let earliest = before.map_or(f64::NEG_INFINITY, |row| row.from_secs);
    let from_secs = start_secs(start, calendar, earliest)?;
    if from_secs <= earliest {
        return Err(Misfit {
            found: Some(quoted(start)),
            ..Misfit::new("a start after that of the line before")
        });
    }
    Ok(Row { from_secs, volume, line })
}

/// A day and time, a time of day (that of the next day where it would go back by half a day or more), or a distance from
/// the scenario's start.
fn start_secs(text: &str, calendar: &Calendar, earliest: f64) -> Result<f64, Misfit> {
    let misfit = || Misfit {
        found: Some(quoted(text)),
        ..Misfit::new("an interval start: 2026-11-28 09:00, 09:00, or 45m after the scenario's start")
    };
    let needs_start = || misfit().hint("times of day need `start:` at the top of the scenario");
    if let Some(time) = time_of_day(text) {
        let day = calendar.day().ok_or_else(needs_start)?;
        let first = calendar.at(day.to_datetime(time)).ok_or_else(misfit)?;
        let days = if first > earliest { 0 } else { ((earliest - first) / DAY_SECS).round() as i64 };
        let date = day.checked_add(jiff::Span::new().days(days)).map_err(|_| misfit())?;
        return calendar.at(date.to_datetime(time)).ok_or_else(misfit);
    }
    if let Ok(when) = text.replacen(' ', "T", 1).parse::<DateTime>() {
        return calendar.at(when).ok_or_else(needs_start);
    }
    duration(text).map(|span| span.secs()).map_err(|_| misfit())
}

fn pieces(rows: &[Row], length: Span) -> Vec<RatePiece> {
    let mut pieces = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let long = match rows.get(i + 1) {
            Some(next) => next.from_secs - row.from_secs,
            None => row.from_secs - rows[i - 1].from_secs,
        };
        let per_sec = row.volume / long;
        let clip = |secs: f64| Moment::ZERO + Span::from_secs(secs.clamp(0.0, length.secs()));
        let (from, to) = (clip(row.from_secs), clip(row.from_secs + long));
        if from < to {
            pieces.push(RatePiece { from, to, from_per_sec: per_sec, to_per_sec: per_sec });
        }
    }
    pieces
}
