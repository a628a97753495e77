//! What a run and the process that plays its site's visitors tell each other, a line each. Both are of one program: there are no
//! versions.

use serde::{Deserialize, Serialize};

use crate::base::id::PageId;
use crate::base::time::RealSpan;
use crate::base::words::site::Fetch;

/// What the process is told. That nothing more comes means that it is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The visitors are to begin.
    Begin,
}

/// What it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// Everybody is there, and the site answers.
    Ready,
    /// Nobody answers where the site is to be, or not as a site; in words why.
    Unreachable(String),
    /// The visitors cannot be played, or no longer; in words why.
    Failed(String),
    /// Somebody asked for a page: its number, when (nanoseconds since 1970), how long it took (nanoseconds), whether it came.
    Fetched(u16, u64, u64, bool),
    /// That was all.
    Over {
        /// Requests that were not answered yet.
        unanswered: u64,
        /// Processor time that the visitors took, in nanoseconds; none where nobody tells.
        cpu_nanos: Option<u64>,
    },
}

impl Said {
    /// From a line; `None` where it is something else: Goose may have things to say too.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }

    /// As a line, with its line feed.
    #[must_use]
    pub fn line(&self) -> String {
        // A number or a text is always JSON.
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    /// The request that it says there was, if it is about one.
    #[must_use]
    pub fn fetch(&self) -> Option<Fetch> {
        let Self::Fetched(page, asked_unix_nanos, took_nanos, good) = *self else { return None };
        Some(Fetch { page: PageId(page), asked_unix_nanos, took: RealSpan::from_nanos(took_nanos), good })
    }
}

impl From<Fetch> for Said {
    fn from(Fetch { page, asked_unix_nanos, took, good }: Fetch) -> Self {
        Self::Fetched(page.0, asked_unix_nanos, took.nanos(), good)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_the_same_after_a_line() {
        let fetch = Fetch {
            page: PageId(3),
            asked_unix_nanos: 1_795_765_000_123_456_789,
            took: RealSpan::from_nanos(1_234_567),
            good: true,
        };
        let line = Said::from(fetch).line();
        assert_eq!(line, "{\"fetched\":[3,1795765000123456789,1234567,true]}\n");
        assert_eq!(Said::read(line.trim_end()).and_then(|said| said.fetch()), Some(fetch));
    }

    #[test]
    fn what_somebody_else_says_is_nothing() {
        assert_eq!(Said::read("8 users launched."), None);
        assert_eq!(Said::read(""), None);
    }
}
