//! The date, for the name of a folder and the head of a record. Nothing that is computed depends on it.

use std::time::SystemTime;

/// Now, by the machine's calendar.
#[allow(clippy::disallowed_methods, reason = "names a folder and dates a record; no figure depends on it")]
pub(super) fn now() -> SystemTime {
    SystemTime::now()
}

/// Milliseconds since 1970; 0 before.
pub(super) fn unix_ms(at: SystemTime) -> u64 {
    at.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

/// `2026-11-22T19-30-00Z`: sorts by time, and is a file name everywhere.
pub(super) fn folder(at: SystemTime) -> String {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let at = jiff::Timestamp::from_second(since.as_secs() as i64).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H-%M-%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_folder_is_named_by_the_second_in_utc() {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        assert_eq!(folder(at), "2001-09-09T01-46-40Z");
        assert_eq!(unix_ms(at), 1_000_000_000_000);
    }
}
