//! Times of day → instants of the scenario. The zone's rules apply: where the clocks change, an hour of the day may lie
//! further from the start than it looks.

use jiff::Zoned;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::base::time::{Moment, Span};
use crate::scenario::quantity::{self, Misfit};

/// When the scenario starts and how long it goes on.
pub(super) struct Calendar {
    pub(super) start: Option<Zoned>,
    pub(super) length: Span,
}

/// `2026-11-28 09:00 Europe/Paris`.
pub(super) fn start(text: &str) -> Result<Zoned, Misfit> {
    let misfit = || Misfit::new("a day, a time and a time zone, such as \"2026-11-28 09:00 Europe/Paris\"");
    let mut words = text.split_whitespace();
    let (Some(day), Some(time), zone, None) = (words.next(), words.next(), words.next(), words.next()) else {
        return Err(misfit());
    };
    let day: Date = day.parse().map_err(|_| misfit().hint("write the day as 2026-11-28"))?;
    let time = time_of_day(time).ok_or_else(|| misfit().hint("write the time as 09:00"))?;
    let zone = zone.ok_or_else(|| misfit().hint("add the time zone, such as Europe/Paris or UTC"))?;
    let zone = TimeZone::get(zone).map_err(|_| misfit().hint("the zone is none that this machine knows"))?;
    zone.to_ambiguous_zoned(day.to_datetime(time))
        .unambiguous()
        .map_err(|_| misfit().hint("on that day the clocks change: this time is there twice, or not at all"))
}

/// A start, written back.
pub(super) fn start_text(start: &Zoned) -> String {
    let zone = start.time_zone().iana_name().unwrap_or("UTC");
    format!("{} {zone}", start.strftime("%Y-%m-%d %H:%M"))
}

/// `09:00`.
pub(super) fn time_of_day(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |text: &str, len| text.len() <= len && text.chars().all(|c| c.is_ascii_digit());
    let good = digits(hour, 2) && digits(minute, 2) && minute.len() == 2;
    let (hour, minute) = if good { (hour.parse().ok()?, minute.parse().ok()?) } else { return None };
    Time::new(hour, minute, 0, 0).ok()
}

/// How a time may be typed.
#[derive(Clone, Copy)]
pub(super) enum Timed {
    /// As a time of day.
    OfDay(Time),
    /// As a distance from the start.
    After(Span),
}

/// A time of day (which needs a start) or a distance from the start.
pub(super) fn timed(calendar: &Calendar, text: &str) -> Result<Timed, Misfit> {
    if let Some(time) = time_of_day(text) {
        return match calendar.start {
            Some(_) => Ok(Timed::OfDay(time)),
            None => Err(Misfit::new("a time after the start, such as 45m")
                .hint("times of day need `start:` at the top of the scenario")),
        };
    }
    quantity::duration(text).map(Timed::After).map_err(|misfit| Misfit {
        expected: "a time of day such as \"09:30\", or a time after the start such as 45m".into(),
        ..misfit
    })
}

impl Calendar {
    /// The first instant at or after the start at which it is `time`.
    pub(super) fn first(&self, time: Time) -> Option<Moment> {
        let start = self.start.as_ref()?;
        self.on_day(time, i64::from(time < start.time()))
    }

    /// The instant at which it is `time`, `days` after the day of the start; `None` before the start.
    pub(super) fn on_day(&self, time: Time, days: i64) -> Option<Moment> {
        let secs = self.seconds(time, days)?;
        (secs >= 0.0).then(|| Moment::ZERO + Span::from_secs(secs))
    }

    /// Seconds from the start to `time`, `days` after the day of the start; negative before the start.
    pub(super) fn seconds(&self, time: Time, days: i64) -> Option<f64> {
        let start = self.start.as_ref()?;
        let date = start.date().checked_add(jiff::Span::new().days(days)).ok()?;
        self.at(date.to_datetime(time))
    }

    /// Seconds from the start to this day and time; negative before it.
    pub(super) fn at(&self, when: DateTime) -> Option<f64> {
        let start = self.start.as_ref()?;
        // Where the clocks go forward, a time that is not there is the one an hour later; where they go back, a time
        // that is there twice is the first.
        let then = when.to_zoned(start.time_zone().clone()).ok()?;
        Some(then.duration_since(start).as_secs_f64())
    }

    /// The day and time of the start.
    pub(super) fn day(&self) -> Option<Date> {
        self.start.as_ref().map(Zoned::date)
    }
}
