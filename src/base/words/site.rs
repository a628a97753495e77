//! What the visitors of a site are heard of.

use crate::base::id::PageId;
use crate::base::time::RealSpan;

/// A page that one of them asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// Which.
    pub page: PageId,
    /// When, by the calendar: nanoseconds since 1970, UTC.
    pub asked_unix_nanos: u64,
    /// From asking to the last byte, or to knowing that it does not come.
    pub took: RealSpan,
    /// Whether it came whole, with a status of success.
    pub good: bool,
}
