//! The date, for the name of a folder and the head of a record. Nothing that is computed depends on it.

use std::time::SystemTime;

/// An instant of the machine's calendar: milliseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp(u64);

impl Stamp {
    /// Now. A calendar before 1970 is taken for 1970.
    #[allow(
        clippy::disallowed_methods,
        reason = "names a folder and dates a record; no figure depends on it"
    )]
    pub(super) fn now() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Self(since.map_or(0, |since| since.as_millis() as u64))
    }

    /// Milliseconds since 1970.
    pub(super) const fn unix_ms(self) -> u64 {
        self.0
    }

    /// `2026-11-22T19-30-00Z`: sorts by time, and is a file name everywhere.
    pub(super) fn folder(self) -> String {
        let at = jiff::Timestamp::from_millisecond(self.0 as i64).unwrap_or_default();
        at.strftime("%Y-%m-%dT%H-%M-%SZ").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_by_the_second_in_utc() {
        assert_eq!(Stamp(1_000_000_000_999).folder(), "2001-09-09T01-46-40Z");
    }
}
