//! Opening hours of a room, by the time of day: the same windows every day, one that ends by an earlier time than it
//! begins on the day after.

use jiff::civil::Time;

use super::Findings;
use super::calendar::{Calendar, time_of_day};
use super::section::{Field, Section};
use crate::base::time::{Moment, Span};
use crate::scenario::keys::MOST_HOURS;
use crate::scenario::plan::rooms::Opening;
use crate::scenario::problem::quoted;
use crate::scenario::quantity::{Misfit, duration_text};

/// A window of every day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Window {
    from: Time,
    to: Time,
}

impl Window {
    /// `18:00-20:00`.
    fn parse(text: &str) -> Result<Self, Misfit> {
        let misfit = || Misfit::new("opening hours such as \"18:00-20:00\"");
        let (from, to) = text.split_once(['-', '–']).ok_or_else(misfit)?;
        let read = |text: &str| {
            let hint = if text.starts_with("24") { "midnight is 00:00" } else { "write times as 09:00" };
            time_of_day(text).ok_or_else(|| misfit().hint(hint))
        };
        let window = Self { from: read(from.trim())?, to: read(to.trim())? };
        if window.from == window.to {
            return Err(Misfit::new("hours that end at another time than they begin")
                .hint("left out, it is always open"));
        }
        Ok(window)
    }

    fn text(self) -> String {
        format!("{}-{}", self.from.strftime("%H:%M"), self.to.strftime("%H:%M"))
    }

    fn is_overnight(self) -> bool {
        self.to < self.from
    }

    fn overlaps(self, other: Self) -> bool {
        match (self.is_overnight(), other.is_overnight()) {
            (true, true) => true,
            (false, false) => self.from < other.to && other.from < self.to,
            (true, false) => other.from < self.to || self.from < other.to,
            (false, true) => other.overlaps(self),
        }
    }

    /// When it is open, `day` days after that of the start: seconds from the start, which may be negative. `None` beyond
    /// what a calendar can say.
    fn on(self, day: i64, calendar: &Calendar) -> Option<(f64, f64)> {
        let from = calendar.seconds(self.from, day)?;
        Some((from, calendar.seconds(self.to, day + i64::from(self.is_overnight()))?))
    }
}

/// When a room is open; `Some(None)`: always. `warm_up` is left out of every figure: it has to be open after it.
pub(super) fn openings(
    findings: &mut Findings<'_>,
    venue: &mut Section,
    calendar: &Calendar,
    warm_up: Span,
) -> Option<Option<Vec<Opening>>> {
    let Some(field) = venue.take(findings, "open") else { return Some(None) };
    let blank = field.clone();
    let windows = windows(findings, field)?;
    if calendar.start.is_none() {
        let misfit = Misfit::new("`start:` at the top of the scenario, for times of day to be of use");
        findings.misfit(&blank, misfit.hint("start: \"2026-11-28 00:00 Europe/Paris\""));
        return None;
    }
    let openings = unfolded(&windows, calendar);
    let misfit = match openings.last() {
        None => Misfit::new("hours within the scenario")
            .hint(format!("it is over {} after its start", duration_text(calendar.length))),
        Some(last) if last.to <= Moment::ZERO + warm_up => {
            Misfit::new("hours after the warm-up").hint(format!(
                "the first {} are left out of every figure: play longer, or shorten warm_up",
                duration_text(warm_up)
            ))
        }
        Some(_) => return Some(Some(openings)),
    };
    let found = Some(format!("{}, when the scenario is not on", listed(&windows)));
    findings.misfit(&blank, Misfit { found, ..misfit });
    None
}

/// The windows of a day, as they come in it.
fn windows(findings: &mut Findings<'_>, field: Field) -> Option<Vec<Window>> {
    let blank = field.clone();
    let items = findings.list(field)?;
    if items.is_empty() || items.len() > MOST_HOURS {
        let misfit = match items.len() {
            0 => Misfit::new("at least one window of the day").hint("left out, it is always open"),
            _ => Misfit::new(&format!("at most {MOST_HOURS} windows of the day")),
        };
        findings.misfit(&blank, Misfit { found: Some(format!("{} of them", items.len())), ..misfit });
        return None;
    }
    let read: Vec<Option<Window>> = items.iter().map(|item| findings.read(item, Window::parse)).collect();
    let mut windows: Vec<Window> = read.into_iter().collect::<Option<_>>()?;
    for (i, (item, window)) in items.iter().zip(&windows).enumerate() {
        if let Some(other) = windows[..i].iter().find(|other| other.overlaps(*window)) {
            let hint = format!("these overlap with {}", quoted(&other.text()));
            findings.misfit(item, Misfit::new("hours that do not overlap").hint(hint));
            return None;
        }
    }
    windows.sort_unstable();
    findings.row(&blank.path, listed(&windows), blank.origin);
    Some(windows)
}

fn listed(windows: &[Window]) -> String {
    let texts: Vec<String> = windows.iter().map(|window| window.text()).collect();
    format!("[{}]", texts.join(", "))
}

/// Every opening that is on within the scenario; `windows` as they come in a day. Windows that touch are one: nobody is sent away in between.
fn unfolded(windows: &[Window], calendar: &Calendar) -> Vec<Opening> {
    let mut openings: Vec<Opening> = Vec::new();
    for day in -1.. {
        for window in windows {
            let Some((from, to)) = window.on(day, calendar) else { return openings };
            if from >= calendar.length.secs() {
                return openings;
            }
            // What began before the scenario is open from its start on; where the clocks change, a window may be none.
            if to <= from.max(0.0) {
                continue;
            }
            let [from, to] = [from, to].map(|secs| Moment::ZERO + Span::from_secs(secs));
            match openings.last_mut() {
                Some(last) if from <= last.to => last.to = last.to.max(to),
                _ => openings.push(Opening { from, to }),
            }
        }
    }
    openings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::resolve::calendar;

    fn window(text: &str) -> Window {
        Window::parse(text).unwrap_or_else(|misfit| panic!("{text}: {misfit:?}"))
    }

    fn hours(start: &str, length: u64, windows: &[&str]) -> Vec<(f64, f64)> {
        let calendar =
            Calendar { start: calendar::start(start).ok(), length: Span::from_whole_secs(3_600 * length) };
        let mut windows: Vec<Window> = windows.iter().map(|text| window(text)).collect();
        windows.sort_unstable();
        let hour = |at: Moment| at.secs() / 3_600.0;
        unfolded(&windows, &calendar).iter().map(|o| (hour(o.from), hour(o.to))).collect()
    }

    #[test]
    fn windows_are_read_and_written_in_one_way() {
        assert_eq!(window(" 9:00 – 17:30").text(), "09:00-17:30");
        for text in ["", "18:00", "18-20", "18:00-24:00", "18:00-18:00", "18:00-20:00-22:00", "a-b"] {
            assert!(Window::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn windows_overlap_across_midnight_too() {
        for (one, other, overlap) in [
            ("18:00-20:00", "19:00-21:00", true),
            ("18:00-20:00", "20:00-21:00", false),
            ("22:00-02:00", "01:00-03:00", true),
            ("22:00-02:00", "02:00-03:00", false),
            ("22:00-02:00", "21:00-22:30", true),
            ("22:00-02:00", "23:00-01:00", true),
            ("22:00-00:00", "00:00-02:00", false),
        ] {
            let (one, other) = (window(one), window(other));
            assert_eq!((one.overlaps(other), other.overlaps(one)), (overlap, overlap), "{one:?} {other:?}");
        }
    }

    #[test]
    fn it_is_open_every_day_and_across_midnight() {
        let start = "2026-11-28 01:00 Europe/Paris";
        assert_eq!(hours(start, 48, &["18:00-20:00"]), [(17.0, 19.0), (41.0, 43.0)]);
        // One that began before the start, and one that is on at the end.
        assert_eq!(hours(start, 22, &["22:00-02:00"]), [(0.0, 1.0), (21.0, 25.0)]);
        // What touches is one.
        assert_eq!(hours(start, 24, &["20:00-22:00", "18:00-20:00", "22:00-00:00"]), [(17.0, 23.0)]);
        assert_eq!(hours(start, 30, &["00:00-12:00", "12:00-00:00"]), [(0.0, 35.0)]);
        assert_eq!(hours("2026-11-28 10:00 UTC", 5, &["18:00-20:00"]), []);
    }

    #[test]
    fn hours_follow_the_clock_through_its_changes() {
        // On 29 March 2026 the clocks of Paris go from 02:00 to 03:00.
        let night = "2026-03-29 00:00 Europe/Paris";
        assert_eq!(hours(night, 24, &["01:00-04:00"]), [(1.0, 3.0)]);
        assert_eq!(hours(night, 24, &["02:00-03:00"]), []);
        assert_eq!(hours(night, 40, &["02:00-03:00"]), [(25.0, 26.0)]);
    }
}
