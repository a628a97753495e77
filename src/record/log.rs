//! The record as a log: JSON lines, each of one kind, appended as things happen.
//!
//! The first line is the header, the last the trailer; between them come sections, timelines and visits, in parts that
//! merge. A log that was cut anywhere, in the middle of a line too, reads as far as it goes and is incomplete. What was
//! written in full and makes no sense is an error that names its line. What a line may hold is bounded, since a log may come from anywhere.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead, Read, Write};

use serde::{Deserialize, Serialize};

use crate::base::words::Outcome;
use crate::base::words::rooms::GuestOutcome;
use crate::metrics::slices::{self, Slices};
use crate::metrics::tally::Section;
use crate::metrics::timeline::Timeline;
use crate::scenario::plan::MOST_REPLICATIONS;

use super::header::{FORMAT, Header, Trailer};
use super::serial::OutcomeRow;
use super::serial::guests::GuestRow;
use super::setting::Setting;
use super::twin::{Comparison, Twin};
use super::{Body, Record};

/// Bytes in a line at the most.
const LONGEST_LINE: u64 = 64 << 20;
/// Replications at the most; a run has fewer batches.
const MOST_SECTIONS: usize = MOST_REPLICATIONS as usize;
/// Lines at the most: a run of a month that writes one a second.
const MOST_LINES: usize = 3_000_000;
/// Visits in a line.
const OUTCOMES_A_LINE: usize = 1_000;

/// A line of the log.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line<'a> {
    Header(Box<Cow<'a, Header>>),
    Section(Cow<'a, Section>),
    Slices(Cow<'a, Slices>),
    Timeline(Cow<'a, Timeline>),
    Outcomes(Vec<OutcomeRow>),
    Guests(Vec<GuestRow>),
    TwinSection(Cow<'a, Section>),
    TwinTimeline(Cow<'a, Timeline>),
    TwinOutcomes(Vec<OutcomeRow>),
    TwinGuests(Vec<GuestRow>),
    Comparison(Cow<'a, Comparison>),
    Trailer(Cow<'a, Trailer>),
}

/// Appends to a log. Every method leaves whole lines behind, and flushes them.
#[derive(Debug)]
pub struct Writer<W: Write> {
    out: W,
}

impl<W: Write> Writer<W> {
    /// Starts a log.
    pub fn new(out: W, header: &Header) -> io::Result<Self> {
        let mut writer = Self { out };
        writer.line(&Line::Header(Box::new(Cow::Borrowed(header))))?;
        writer.out.flush()?;
        Ok(writer)
    }

    /// A part of everything that is recorded.
    pub fn part(&mut self, part: &Body) -> io::Result<()> {
        self.delta(&part.sections, &part.timeline)?;
        self.slices(&part.slices)?;
        self.outcomes(&part.outcomes)?;
        self.guests(&part.guests)
    }

    /// Parts of sections, and of the timeline.
    pub fn delta(&mut self, sections: &[Section], timeline: &Timeline) -> io::Result<()> {
        for section in sections {
            self.line(&Line::Section(Cow::Borrowed(section)))?;
        }
        self.line(&Line::Timeline(Cow::Borrowed(timeline)))?;
        self.out.flush()
    }

    /// Parts of what was recorded by slices.
    pub fn slices(&mut self, parts: &[Slices]) -> io::Result<()> {
        for part in parts {
            self.line(&Line::Slices(Cow::Borrowed(part)))?;
        }
        self.out.flush()
    }

    /// Visits that are over.
    pub fn outcomes(&mut self, outcomes: &[Outcome]) -> io::Result<()> {
        for chunk in outcomes.chunks(OUTCOMES_A_LINE) {
            self.line(&Line::Outcomes(chunk.iter().map(OutcomeRow::from).collect()))?;
        }
        self.out.flush()
    }

    /// Visits to rooms that are over.
    pub fn guests(&mut self, visits: &[GuestOutcome]) -> io::Result<()> {
        for chunk in visits.chunks(OUTCOMES_A_LINE) {
            self.line(&Line::Guests(chunk.iter().map(GuestRow::from).collect()))?;
        }
        self.out.flush()
    }

    /// The twin, all of it.
    pub fn twin(&mut self, twin: &Twin) -> io::Result<()> {
        for section in &twin.body.sections {
            self.line(&Line::TwinSection(Cow::Borrowed(section)))?;
        }
        self.line(&Line::TwinTimeline(Cow::Borrowed(&twin.body.timeline)))?;
        for chunk in twin.body.outcomes.chunks(OUTCOMES_A_LINE) {
            self.line(&Line::TwinOutcomes(chunk.iter().map(OutcomeRow::from).collect()))?;
        }
        for chunk in twin.body.guests.chunks(OUTCOMES_A_LINE) {
            self.line(&Line::TwinGuests(chunk.iter().map(GuestRow::from).collect()))?;
        }
        self.line(&Line::Comparison(Cow::Borrowed(&twin.comparison)))?;
        self.out.flush()
    }

    /// The end.
    pub fn finish(&mut self, trailer: &Trailer) -> io::Result<()> {
        self.line(&Line::Trailer(Cow::Borrowed(trailer)))?;
        self.out.flush()
    }

    fn line(&mut self, line: &Line) -> io::Result<()> {
        // Whole lines at once: a log that is cut is cut between writes wherever the system allows it.
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.out.write_all(&text)
    }
}

/// Writes a whole record.
pub fn write<W: Write>(out: W, record: &Record) -> io::Result<W> {
    let mut writer = Writer::new(out, &record.header)?;
    writer.part(&record.body)?;
    if let Some(twin) = &record.twin {
        writer.twin(twin)?;
    }
    if let Some(trailer) = &record.trailer {
        writer.finish(trailer)?;
    }
    Ok(writer.out)
}

/// Why a log cannot be read.
#[derive(Debug)]
pub enum ReadError {
    /// The file itself.
    Io(io::Error),
    /// There is no header: empty, or cut within it.
    NoHeader,
    /// Written by another version.
    Version {
        /// The version found.
        found: u32,
    },
    /// A line that makes no sense.
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::NoHeader => f.write_str("not a record: its first line is no header, or was cut"),
            Self::Version { found } => {
                write!(f, "a record of format {found}; this version of causerie reads format {FORMAT}")
            }
            Self::Line { line, problem } => write!(f, "line {line}: {problem}"),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads a log, as far as it goes.
pub fn read(mut input: impl BufRead) -> Result<Record, ReadError> {
    let mut text = Vec::new();
    if next_line(&mut input, &mut text, 1)? != Ended::Whole {
        return Err(ReadError::NoHeader);
    }
    let mut reading = Reading::new(header(&text)?);
    for line in 2.. {
        let ended = next_line(&mut input, &mut text, line)?;
        if ended == Ended::AtEnd {
            break;
        }
        if line > MOST_LINES {
            return Err(ReadError::Line { line, problem: format!("more than {MOST_LINES} lines") });
        }
        match serde_json::from_slice(&text) {
            Ok(parsed) => reading.take(parsed).map_err(|problem| ReadError::Line { line, problem })?,
            // A line that is there in full must make sense; a last one without its end was cut.
            Err(_) if ended == Ended::Cut => break,
            Err(error) => return Err(ReadError::Line { line, problem: error.to_string() }),
        }
    }
    Ok(reading.record())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// With its line feed.
    Whole,
    /// By the end of the input.
    Cut,
    /// There is no further line.
    AtEnd,
}

fn next_line(input: &mut impl BufRead, text: &mut Vec<u8>, line: usize) -> Result<Ended, ReadError> {
    text.clear();
    input.take(LONGEST_LINE + 1).read_until(b'\n', text)?;
    if text.len() as u64 > LONGEST_LINE {
        return Err(ReadError::Line { line, problem: "too long for a record".to_owned() });
    }
    Ok(match text.last() {
        None => Ended::AtEnd,
        Some(b'\n') => Ended::Whole,
        Some(_) => Ended::Cut,
    })
}

fn header(text: &[u8]) -> Result<Header, ReadError> {
    /// As much of a header as every version has.
    #[derive(Deserialize)]
    struct Probe {
        header: Format,
    }
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let probe: Probe = serde_json::from_slice(text).map_err(|_| ReadError::NoHeader)?;
    if probe.header.format != FORMAT {
        return Err(ReadError::Version { found: probe.header.format });
    }
    match serde_json::from_slice(text) {
        Ok(Line::Header(header)) => Ok(header.into_owned()),
        Ok(_) => Err(ReadError::NoHeader),
        Err(error) => Err(ReadError::Line { line: 1, problem: error.to_string() }),
    }
}

/// What was read so far.
struct Reading {
    header: Header,
    body: Body,
    twin_body: Body,
    comparison: Option<Comparison>,
    trailer: Option<Trailer>,
}

impl Reading {
    fn new(header: Header) -> Self {
        Self { header, body: Body::default(), twin_body: Body::default(), comparison: None, trailer: None }
    }

    fn take(&mut self, line: Line) -> Result<(), String> {
        if self.trailer.is_some() {
            return Err("something follows the trailer".to_owned());
        }
        let setting = &self.header.setting;
        match line {
            Line::Header(_) => return Err("a second header".to_owned()),
            Line::Section(section) => add_section(&mut self.body, setting, &section)?,
            Line::Slices(slices) => add_slices(&mut self.body, setting, &slices)?,
            Line::TwinSection(section) => add_section(&mut self.twin_body, setting, &section)?,
            Line::Timeline(timeline) => add_timeline(&mut self.body, setting, &timeline)?,
            Line::TwinTimeline(timeline) => add_timeline(&mut self.twin_body, setting, &timeline)?,
            Line::Outcomes(rows) => add_outcomes(&mut self.body, setting, &rows)?,
            Line::TwinOutcomes(rows) => add_outcomes(&mut self.twin_body, setting, &rows)?,
            Line::Guests(rows) => add_guests(&mut self.body, setting, &rows)?,
            Line::TwinGuests(rows) => add_guests(&mut self.twin_body, setting, &rows)?,
            Line::Comparison(comparison) => self.comparison = Some(comparison.into_owned()),
            Line::Trailer(trailer) => self.trailer = Some(trailer.into_owned()),
        }
        Ok(())
    }

    fn record(self) -> Record {
        let Self { header, body, twin_body, comparison, trailer } = self;
        let twin = comparison.map(|comparison| Twin { body: twin_body, comparison });
        Record { header, body, twin, trailer }
    }
}

/// Whether a section is of the header's desks, venues and pages, and no greater than what is counted.
fn fits(setting: &Setting, section: &Section) -> bool {
    section.desks.len() == setting.desks.len()
        && section.desks.iter().zip(&setting.desks).all(|(tally, desk)| {
            tally.topics.len() <= desk.topics.len() && tally.groups.len() <= desk.groups.len()
        })
        && section.venues.len() == setting.venues.len()
        && section
            .venues
            .iter()
            .zip(&setting.venues)
            .all(|(tally, venue)| tally.rooms.len() <= venue.rooms as usize)
        && section.traffic.as_ref().is_none_or(|traffic| traffic.site.len() <= setting.pages().len())
        && section.is_bounded()
}

fn add_slices(body: &mut Body, setting: &Setting, part: &Slices) -> Result<(), String> {
    let asked = setting.slice_widths().iter().any(|width| width.nanos() == part.width_nanos);
    let within = |section: &Section| u64::from(section.index) < slices::MOST;
    if !asked || !part.sections.iter().all(|section| within(section) && fits(setting, section)) {
        return Err("slices that do not fit the header's gates and desks".to_owned());
    }
    body.add_slices(std::slice::from_ref(part));
    Ok(())
}

fn add_section(body: &mut Body, setting: &Setting, section: &Section) -> Result<(), String> {
    if !fits(setting, section) {
        return Err("a section that does not fit the header's desks and rooms".to_owned());
    }
    body.add_section(section);
    if body.sections.len() > MOST_SECTIONS {
        return Err(format!("more than {MOST_SECTIONS} sections"));
    }
    Ok(())
}

fn add_timeline(body: &mut Body, setting: &Setting, timeline: &Timeline) -> Result<(), String> {
    let fits =
        timeline.desks().len() <= setting.desks.len() && timeline.venues().len() <= setting.venues.len();
    if !fits || !timeline.is_bounded() {
        return Err("a timeline that does not fit the header's desks and rooms".to_owned());
    }
    body.timeline.merge(timeline);
    Ok(())
}

fn add_outcomes(body: &mut Body, setting: &Setting, rows: &[OutcomeRow]) -> Result<(), String> {
    let outcomes: Vec<Outcome> = rows.iter().map(Outcome::try_from).collect::<Result<_, _>>()?;
    let known = |outcome: &Outcome| {
        let desk = setting.desks.get(outcome.desk.index());
        outcome.visit.population.index() < setting.desks.len() + setting.venues.len()
            && desk.is_some_and(|desk| outcome.topic.index() < desk.topics.len())
    };
    if !outcomes.iter().all(known) {
        return Err("an outcome at no desk, or about no topic, of the header".to_owned());
    }
    body.add_outcomes(&outcomes);
    Ok(())
}

fn add_guests(body: &mut Body, setting: &Setting, rows: &[GuestRow]) -> Result<(), String> {
    let visits: Vec<GuestOutcome> = rows.iter().map(GuestOutcome::try_from).collect::<Result<_, _>>()?;
    let known = |visit: &GuestOutcome| {
        let venue = setting.venues.get(visit.venue.index());
        visit.visit.population.index() == setting.desks.len() + visit.venue.index()
            && venue.is_some_and(|venue| visit.room.0 < venue.rooms)
    };
    if !visits.iter().all(known) {
        return Err("a visit to no room of the header".to_owned());
    }
    body.add_guests(&visits);
    Ok(())
}

#[cfg(test)]
mod tests;
