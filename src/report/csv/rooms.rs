//! Rooms: `guests.csv` (a row a visit), `rooms.csv` (a row a room of a portal), `room_intervals.csv` (a row an interval and venue) and
//! `occupancy.csv` (a row a venue and number of guests).

use std::io::{self, Write};

use super::{secs, text, write_line};
use crate::base::time::{Moment, NANOS};
use crate::base::words::rooms::Role;
use crate::report::Report;

/// The columns of `guests.csv`.
const OF_GUESTS: &str = "venue,index,attempt,room,role,start_s,counted,entered_s,found_nobody,met_s,asked_s,answered_s,\
                         turned_to_desk,ended_s,ending,frustrated";
/// The columns of `rooms.csv`.
const OF_ROOMS: &str = "venue,room,visits,met,met_share,alive";
/// The columns of `room_intervals.csv`.
const OF_INTERVALS: &str = "venue,from_s,to_s,visits,met,left_alone,mean_without_company,mean_after_company";
/// The columns of `occupancy.csv`.
const OF_OCCUPANCY: &str = "venue,present,time_s,share";

/// Writes a row a visit, in the order in which they were over. `counted`: whether it is in the figures; `room`: its number in a
/// portal, from 0, the most popular first.
pub fn write_guests(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let setting = &report.record.header.setting;
    let window = setting.window();
    write!(out, "{OF_GUESTS}\r\n")?;
    for visit in &report.record.body.guests {
        let name = setting.venues.get(visit.venue.index()).map_or("", |venue| &venue.name);
        let counted = visit.start >= window.warm_up && visit.start < window.length;
        let at = |at: Option<Moment>| at.map_or(String::new(), secs);
        let asked = visit.asked;
        write!(
            out,
            "{},{},{},{},{},{},{counted},{},{},{},{},{},{},{},{},{}\r\n",
            text(name),
            visit.visit.index,
            visit.visit.attempt,
            visit.room.0,
            role(visit.role),
            secs(visit.start),
            at(visit.entered),
            visit.found_nobody,
            at(visit.met),
            at(asked.map(|asked| asked.at)),
            at(asked.and_then(|asked| asked.answered)),
            asked.is_some_and(|asked| asked.turned),
            secs(visit.ended),
            visit.ending.name(),
            visit.frustrated(),
        )?;
    }
    Ok(())
}

/// Writes a row a room: visits and those that met somebody, summed over replications, and whether enough did for it to be alive.
pub fn write_rooms(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{OF_ROOMS}\r\n")?;
    for ((_, venue), tally) in report.venues().zip(&report.totals.venues) {
        for (number, room) in tally.rooms.iter().enumerate() {
            let share = if room.visits > 0 { room.met as f64 / room.visits as f64 } else { 0.0 };
            let alive = room.is_alive(venue.alive);
            let name = text(&venue.name);
            write!(out, "{name},{number},{},{},{share:.6},{alive}\r\n", room.visits, room.met)?;
        }
    }
    Ok(())
}

/// Writes a row an interval and venue; means over the interval and, in a simulation, over replications: of guests who had not
/// met anybody yet, and of guests who had.
pub fn write_room_intervals(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let timeline = &report.record.body.timeline;
    write!(out, "{OF_INTERVALS}\r\n")?;
    for ((_, venue), intervals) in report.venues().zip(timeline.venues()) {
        write_line(report, &venue.name, intervals, &[|i| i.queue_nanos, |i| i.open_nanos], out)?;
    }
    Ok(())
}

/// Writes a row a venue and number of guests in a room: the time that so many were there, summed over its rooms and over
/// replications, and its share of the time open.
pub fn write_occupancy(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{OF_OCCUPANCY}\r\n")?;
    for ((_, venue), tally) in report.venues().zip(&report.totals.venues) {
        let levels = &tally.occupancy;
        for (present, nanos) in levels.nanos().iter().enumerate() {
            let time = *nanos as f64 / NANOS as f64;
            let share = *nanos as f64 / levels.total() as f64;
            write!(out, "{},{present},{time:.6},{share:.9}\r\n", text(&venue.name))?;
        }
    }
    Ok(())
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::Lurker => "lurker",
        Role::Occasional => "occasional",
        Role::Regular => "regular",
    }
}
