//! `causerie report`.

use crate::report::{Report, csv, files, hlog, html, json, junit, markdown, terminal};

use super::args::{Format, ReportArgs};
use super::exit::{Exit, Failure};
use super::out::{look, print_with, unwritable};
use super::source;

/// Renders a record again, in any format. What the record came to is no failure of this command.
pub(super) fn report(args: &ReportArgs) -> Result<Exit, Failure> {
    let record = source::record(&args.record)?;
    let report = Report::of(&record);
    if let Some(folder) = &args.out {
        files::write_all(folder, &report).map_err(|error| unwritable(folder, &error))?;
    }
    print_with(|out| match args.format {
        Format::Terminal => terminal::write(&report, args.out.as_deref(), look(), out),
        Format::Html => html::write(&report, out),
        Format::Json => json::write(&report, out),
        Format::Markdown => markdown::write(&report, out),
        Format::Junit => junit::write(&report, out),
        Format::Outcomes => csv::write_outcomes(&report, out),
        Format::Intervals => csv::write_intervals(&report, out),
        Format::Hlog => hlog::write(&report, out),
        Format::Generator => csv::write_generator(&report, out),
        Format::Rooms => csv::write_rooms(&report, out),
        Format::RoomIntervals => csv::write_room_intervals(&report, out),
        Format::Guests => csv::write_guests(&report, out),
        Format::Occupancy => csv::write_occupancy(&report, out),
    })?;
    Ok(Exit::Well)
}
