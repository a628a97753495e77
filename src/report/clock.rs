//! Instants of scenario time as people read them: as a clock shows them where the scenario says when it starts, else as hours
//! and minutes from its start.

use super::number;
use crate::record::Header;

/// When the scenario starts by its own calendar, where it says so.
pub(super) fn start(header: &Header) -> Option<jiff::Zoned> {
    header.start.as_deref()?.parse().ok()
}

/// An instant of scenario time, short; `step` tells how exactly.
pub(super) fn clock(secs: u64, start: Option<&jiff::Zoned>, step: u64) -> String {
    let span = jiff::Span::new().try_seconds(i64::try_from(secs).unwrap_or(i64::MAX));
    let there = start.and_then(|start| start.checked_add(span.ok()?).ok());
    match there {
        Some(there) if step >= 86_400 => there.strftime("%d %b").to_string(),
        Some(there) if step < 60 => there.strftime("%H:%M:%S").to_string(),
        Some(there) => there.strftime("%H:%M").to_string(),
        None if step < 60 => format!("{}:{:02}:{:02}", secs / 3600, secs / 60 % 60, secs % 60),
        None if secs >= 172_800 && step >= 3_600 => number::bound(secs as f64),
        None => format!("{}:{:02}", secs / 3600, secs / 60 % 60),
    }
}

/// A single instant on an axis that is `to` seconds long, to be read without its neighbours: with the date where
/// there are several.
pub(super) fn instant(secs: u64, start: Option<&jiff::Zoned>, to: u64) -> String {
    let step = match secs % 60 {
        0 if to >= 172_800 => 3_600,
        0 => 60,
        _ => 1,
    };
    let time = clock(secs, start, step);
    if start.is_some() && to >= 86_400 { format!("{} {time}", clock(secs, start, 86_400)) } else { time }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_as_on_the_axis() {
        let start: jiff::Zoned = "2026-03-07T09:50:00+01:00[Europe/Berlin]".parse().unwrap();
        let told =
            [(300, 3_600), (330, 3_600), (7_200, 720_000)].map(|(at, to)| instant(at, Some(&start), to));
        assert_eq!(told, ["09:55", "09:55:30", "07 Mar 11:50"]);
        assert_eq!([instant(300, None, 3_600), instant(720_000, None, 720_000)], ["0:05", "8d 08h"]);
    }
}
