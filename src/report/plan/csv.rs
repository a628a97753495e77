//! `plan.csv`: a row a value, as RFC 4180 says. Shares are fractions from 0 to 1.
//!
//! A row says what was varied and to which value (`at`, in `at_unit`), which figure came out, its interval and, where there is
//! one, the value by formula. What is not known is empty.

use std::io::{self, Write};

use crate::report::csv::text;
use crate::scenario::plan::rooms::VenueKind;
use crate::study::plan::{
    Count, Critical, Crossing, Hours, Mass, Moderators, Needed, Outlook, Planning, Point, Share,
};

/// The columns.
const COLUMNS: &str = "venue,kind,part,at,at_unit,figure,unit,value,low,high,n,formula";

/// Writes the rows, venue after venue.
pub fn write(planning: &Planning, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{COLUMNS}\r\n")?;
    for outlook in &planning.venues {
        let mut rows = mass(&outlook.mass);
        if let Some(Ok(of)) = &outlook.hours {
            rows.extend(hours(of));
        }
        if let Ok(of) = &outlook.moderators {
            rows.extend(moderators(of, planning));
        }
        for row in rows {
            row.write(outlook, out)?;
        }
    }
    Ok(())
}

/// A value, and what belongs to it.
#[derive(Clone, Copy, Default)]
struct Row<'a> {
    part: &'a str,
    at: f64,
    at_unit: &'a str,
    figure: &'a str,
    unit: &'a str,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    n: Option<u64>,
    formula: Option<f64>,
}

impl Row<'_> {
    fn write(self, outlook: &Outlook, out: &mut dyn Write) -> io::Result<()> {
        let cell = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let kind = if outlook.kind == VenueKind::Room { "room" } else { "portal" };
        write!(
            out,
            "{},{kind},{},{},{},{},{},{},{},{},{},{}\r\n",
            text(&outlook.name),
            self.part,
            self.at,
            self.at_unit,
            self.figure,
            text(self.unit),
            cell(self.value),
            cell(self.low),
            cell(self.high),
            self.n.map_or(String::new(), |n| n.to_string()),
            cell(self.formula),
        )
    }

    fn share(self, share: Share) -> Self {
        let Share { value, low, high, n } = share;
        Self { unit: "share", value: Some(value), low, high, n: Some(n), ..self }
    }

    /// Where something is reached: nothing where that is outside of what was played.
    fn crossing(self, crossing: Crossing) -> Self {
        match crossing {
            Crossing::At { value, low, high } => Self { value: Some(value), low, high, ..self },
            Crossing::Before(_) | Crossing::Beyond(_) => self,
        }
    }

    fn count(self, count: &Count) -> Self {
        let float = |count: Option<u64>| count.map(|count| count as f64);
        let value = float(Some(count.value));
        Self { unit: "rooms", value, low: float(count.low), high: float(count.high), ..self }
    }
}

const AN_HOUR: f64 = 3600.0;

fn mass(mass: &Mass) -> Vec<Row<'static>> {
    let traffic = Row { part: "traffic", at_unit: "visits/h", figure: "met.share", ..Row::default() };
    let point =
        |point: &Point| Row { at: point.at * AN_HOUR, formula: point.formula, ..traffic }.share(point.met);
    let mut rows: Vec<Row<'static>> = mass.curve.iter().map(point).collect();
    for (figure, critical) in [("critical_rate", &mass.critical), ("alive_rate", &mass.alive)] {
        rows.push(critical_row(figure, critical));
    }
    let kept = &mass.kept;
    let rooms = Row { part: "rooms", at: mass.alive.share, at_unit: "share", ..Row::default() };
    rows.push(Row { figure: "evenly.rooms", ..rooms }.count(&kept.evenly));
    if let Some(portal) = &kept.portal {
        rows.push(Row { figure: "alive.rooms", ..rooms }.count(&portal.alive));
        let simulated = Some(portal.alive_simulated.into());
        rows.push(Row { figure: "alive_simulated.rooms", unit: "rooms", value: simulated, ..rooms });
        rows.push(Row { figure: "most.rooms", ..rooms }.count(&portal.most));
    }
    rows.extend(kept.split.iter().map(|(ways, met)| {
        Row { at: *ways as f64, at_unit: "rooms", figure: "met.share", ..rooms }.share(*met)
    }));
    rows
}

fn critical_row(figure: &'static str, critical: &Critical) -> Row<'static> {
    let at = Row {
        part: "traffic",
        at: critical.share,
        at_unit: "share",
        figure,
        unit: "visits/h",
        ..Row::default()
    };
    let row = at.crossing(critical.simulated);
    let hourly = |per_sec: Option<f64>| per_sec.map(|per_sec| per_sec * AN_HOUR);
    let (value, low, high) = (hourly(row.value), hourly(row.low), hourly(row.high));
    Row { value, low, high, formula: hourly(critical.formula), ..row }
}

fn hours(hours: &Hours) -> Vec<Row<'static>> {
    let at = Row { part: "hours", at_unit: "h/day", figure: "met.share", ..Row::default() };
    let mut rows: Vec<Row<'static>> =
        hours.curve.iter().map(|point| Row { at: point.at, ..at }.share(point.met)).collect();
    let longest = Row { at: hours.share, at_unit: "share", figure: "longest", unit: "h/day", ..at };
    rows.push(longest.crossing(hours.longest));
    rows
}

fn moderators<'a>(plan: &Moderators, planning: &'a Planning) -> Vec<Row<'a>> {
    let at = Row { part: "moderators", at_unit: "moderators", ..Row::default() };
    let money = planning.header.setting.money.as_deref().unwrap_or("money");
    let mut rows = Vec::new();
    for level in &plan.levels {
        let at = Row { at: level.moderators.into(), ..at };
        rows.push(Row { figure: "in_time.share", formula: level.formula, ..at }.share(level.in_time));
        rows.push(Row { figure: "busy.share", unit: "share", value: Some(level.busy), ..at });
        if level.cost_per_message.is_some() {
            rows.push(Row { figure: "cost_per_message", unit: money, value: level.cost_per_message, ..at });
        }
    }
    let value = match plan.needed {
        Needed::Moderators(n) => Some(n.into()),
        Needed::Never | Needed::MoreThan(_) => None,
    };
    let formula = plan.formula.as_ref().ok().copied().flatten().map(f64::from);
    let needed = Row { at: planning.wanted.of, at_unit: "share", figure: "needed", unit: "moderators", ..at };
    rows.push(Row { value, formula, ..needed });
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::plan::sample;

    #[test]
    fn every_row_is_as_long_as_the_header_and_has_a_value_with_its_unit() {
        let mut out = Vec::new();
        write(&sample::planning(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let rows: Vec<Vec<&str>> =
            text.trim_end().split("\r\n").map(|row| row.split(',').collect()).collect();
        assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{rows:#?}");
        let column = |name: &str| rows[0].iter().position(|column| *column == name).unwrap();
        for row in &rows[1..] {
            assert!(!row[column("unit")].is_empty() && !row[column("at_unit")].is_empty(), "{row:?}");
        }
        let critical = rows.iter().find(|row| row.contains(&"critical_rate")).unwrap();
        assert_eq!(critical[column("at")], "0.8");
        assert!((critical[column("value")].parse::<f64>().unwrap() - 17.5).abs() < 0.1, "{critical:?}");
    }
}
