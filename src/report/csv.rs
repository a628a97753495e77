//! `outcomes.csv` (a row a visit), `intervals.csv` (a row an interval and desk) and the tables of rooms, as RFC 4180 says: commas,
//! CRLF, quotes doubled. Times are seconds of scenario time.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula: text that does is led by
//! an apostrophe, which spreadsheets do not show (OWASP, "CSV Injection").

mod generator;
mod rooms;

use std::borrow::Cow;
use std::io::{self, Write};

use crate::base::time::{Moment, NANOS};
use crate::base::words::{Channel, Ending, Outcome, Sale};
use crate::metrics::timeline::Interval;
use crate::record::setting::DeskSetting;

use super::Report;
pub use generator::write_generator;
pub use rooms::{write_guests, write_occupancy, write_room_intervals, write_rooms};

/// The columns of `outcomes.csv`.
const OF_OUTCOMES: &str = "population,index,attempt,desk,topic,channel,start_s,counted,delayed,assigned_s,\
                           callback_from_s,ended_s,ending,queue_s,responded_s,cannot_call,sale";
/// The columns of `intervals.csv`.
const OF_INTERVALS: &str =
    "desk,from_s,to_s,arrivals,served,abandoned,mean_in_queue,mean_busy_agents,mean_open_chats";

/// Writes a row a visit, in the order in which they were over. `counted`: whether it is in the figures;
/// `queue_s`: until assigned, gone, or on the list of callbacks, empty for a callback asked for outright.
pub fn write_outcomes(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let setting = &report.record.header.setting;
    let window = setting.window();
    write!(out, "{OF_OUTCOMES}\r\n")?;
    for outcome in &report.record.body.outcomes {
        let desk = setting.desks.get(outcome.desk.index());
        let name = |desk: Option<&DeskSetting>| text(desk.map_or("", |desk| &desk.name)).into_owned();
        let topic = desk.and_then(|desk| desk.topics.get(outcome.topic.index())).and_then(Option::as_deref);
        let counted = outcome.start >= window.warm_up && outcome.start < window.length;
        write!(
            out,
            "{},{},{},{},{},{},{},{counted},{},{},{},{},{},{},{},{},{}\r\n",
            text(setting.population(outcome.visit.population)),
            outcome.visit.index,
            outcome.visit.attempt,
            name(desk),
            text(topic.unwrap_or("")),
            channel(outcome.channel),
            secs(outcome.start),
            outcome.delayed,
            outcome.assigned.map_or(String::new(), secs),
            outcome.callback_from.map_or(String::new(), secs),
            secs(outcome.ended),
            outcome.ending.name(),
            queued(outcome).map_or(String::new(), secs),
            outcome.responded.map_or(String::new(), secs),
            outcome.cannot_call,
            sale(outcome.sale),
        )?;
    }
    Ok(())
}

/// Writes a row an interval and desk; means over the interval and, in a simulation, over replications.
pub fn write_intervals(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let timeline = &report.record.body.timeline;
    write!(out, "{OF_INTERVALS}\r\n")?;
    for ((_, desk), intervals) in report.desks().zip(timeline.desks()) {
        write_line(
            report,
            &desk.name,
            intervals,
            &[|i| i.queue_nanos, |i| i.busy_nanos, |i| i.open_nanos],
            out,
        )?;
    }
    Ok(())
}

/// An interval after the other, of one desk or room: counts, and the means of these times.
fn write_line(
    report: &Report,
    name: &str,
    intervals: &[Interval],
    means: &[fn(&Interval) -> u128],
    out: &mut dyn Write,
) -> io::Result<()> {
    let width = report.record.body.timeline.width_secs();
    let replications = report.replications() as f64;
    let name = text(name);
    for (interval, from) in intervals.iter().zip((0u64..).step_by(width as usize)) {
        let count = |count: u64| count as f64 / replications;
        let (arrivals, served) = (count(interval.arrivals), count(interval.served));
        write!(out, "{name},{from},{},{arrivals},{served},{}", from + width, count(interval.abandoned))?;
        for mean in means {
            let mean = mean(interval) as f64 / NANOS as f64 / width as f64 / replications;
            write!(out, ",{mean:.6}")?;
        }
        write!(out, "\r\n")?;
    }
    Ok(())
}

/// How long it took until assigned, gone or on the list of callbacks, as an instant from 0; `None` of who was never in the
/// queue.
fn queued(outcome: &Outcome) -> Option<Moment> {
    if outcome.ending == Ending::Balked {
        return None;
    }
    let until = match (outcome.callback_from, outcome.assigned) {
        (Some(from), _) if from == outcome.start => return None,
        (Some(from), _) => from,
        (None, Some(assigned)) => assigned,
        (None, None) => outcome.ended,
    };
    Some(Moment::ZERO + until.since(outcome.start))
}

/// What was sold to those who came to buy and were served; empty of others.
fn sale(sale: Sale) -> &'static str {
    match sale {
        Sale::NoIntent => "",
        Sale::Missed => "missed",
        Sale::Bought => "bought",
        Sale::Upsold => "upsold",
    }
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Chat => "chat",
        Channel::Call => "call",
        Channel::Callback { .. } => "callback",
    }
}

/// To the microsecond, without floating point.
fn secs(at: Moment) -> String {
    format!("{}.{:06}", at.nanos() / NANOS, at.nanos() % NANOS / 1_000)
}

/// A text as one cell.
pub(super) fn text(cell: &str) -> Cow<'_, str> {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = formula || cell.contains(['"', ',', '\r', '\n']);
    if !quoted {
        return Cow::Borrowed(cell);
    }
    let apostrophe = if formula { "'" } else { "" };
    Cow::Owned(format!("\"{apostrophe}{}\"", cell.replace('"', "\"\"")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn rows(write: fn(&Report, &mut dyn Write) -> io::Result<()>, report: &Report) -> Vec<Vec<String>> {
        let mut out = Vec::new();
        write(report, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.ends_with("\r\n"));
        text.trim_end().split("\r\n").map(|row| row.split(',').map(str::to_owned).collect()).collect()
    }

    #[test]
    fn cells_are_quoted_and_formulas_defused() {
        assert_eq!(text("plain text"), "plain text");
        assert_eq!(text("a,\"b\""), "\"a,\"\"b\"\"\"");
        for formula in ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"] {
            assert_eq!(text(formula), format!("\"'{formula}\""));
        }
    }

    #[test]
    fn every_visit_is_a_row_as_long_as_the_header() {
        let record = sample::run();
        let rows = rows(write_outcomes, &Report::of(&record));
        assert_eq!(rows.len(), record.body.outcomes.len() + 1);
        assert!(rows.iter().all(|row| row.len() == rows[0].len()));
        let column = |name: &str| rows[0].iter().position(|column| column == name).unwrap();
        let counted =
            rows.iter().filter(|row| row[column("counted")] == "true" && row[column("desk")] == "support");
        let offered = Report::of(&record).figures["support.offered"].value.unwrap();
        assert_eq!(counted.count() as f64, offered);
        let gone = rows.iter().find(|row| row[column("ending")] == "abandoned.queue").unwrap();
        assert_eq!(gone[column("assigned_s")], "");
        let secs = |name: &str| gone[column(name)].parse::<f64>().unwrap();
        assert!((secs("queue_s") - (secs("ended_s") - secs("start_s"))).abs() < 2e-6);
    }

    #[test]
    fn guests_and_occupancy_are_rows_of_all_visits_and_all_time() {
        let record = crate::record::sample::record(40);
        let report = Report::of(&record);
        let guests = rows(write_guests, &report);
        assert_eq!(guests.len(), record.body.guests.len() + 1);
        assert!(guests.iter().all(|row| row.len() == guests[0].len()));
        let shares = rows(write_occupancy, &report);
        let of = |venue: &str| -> f64 {
            let those = shares[1..].iter().filter(|row| row[0] == venue);
            those.map(|row| row[3].parse::<f64>().unwrap()).sum()
        };
        assert!((of("fans") - 1.0).abs() < 1e-6 && (of("town") - 1.0).abs() < 1e-6);
        let intervals = rows(write_room_intervals, &report);
        let visits: f64 = intervals[1..].iter().map(|row| row[3].parse::<f64>().unwrap()).sum();
        assert_eq!(visits, record.body.guests.len() as f64);
        let each = rows(write_rooms, &report);
        let of = |venue: &str| each[1..].iter().filter(|row| row[0] == venue).count();
        assert_eq!((of("fans"), of("town")), (1, 3));
        assert_eq!(each[1][2..], ["40", "30", "0.750000", "true"]);
    }

    #[test]
    fn what_the_generator_did_is_a_row_an_interval() {
        let record = sample::run();
        let rows = rows(write_generator, &Report::of(&record));
        assert!(rows.iter().all(|row| row.len() == rows[0].len()) && rows.len() > 40);
        let delivered: u64 = rows[1..].iter().map(|row| row[2].parse::<u64>().unwrap()).sum();
        assert_eq!(delivered, record.body.timeline.traffic().iter().map(|i| i.delivered).sum::<u64>());
        assert!(rows.iter().skip(1).all(|row| row[6].parse::<f64>().is_ok_and(|cores| cores > 0.6)));
        assert!(rows[1][7].parse::<u64>().unwrap() > 50_000_000 && rows.iter().any(|row| row[8] == "3.0000"));
        assert!(rows.iter().any(|row| row[4] == "0.1667") && rows[1][5].parse::<u64>().unwrap() > 20_000_000);
    }

    #[test]
    fn intervals_add_up_to_the_visits() {
        let record = sample::simulation(4);
        let rows = rows(write_intervals, &Report::of(&record));
        let arrivals: f64 = rows[1..].iter().map(|row| row[3].parse::<f64>().unwrap()).sum();
        let all: u64 = record.body.timeline.desks().flatten().map(|i| i.arrivals).sum();
        assert!((arrivals * 4.0 - all as f64).abs() < 1e-6);
    }
}
