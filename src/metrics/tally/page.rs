//! What is counted of a page of the site.

use serde::{Deserialize, Serialize};

use super::{MOST_COUNTED, MOST_NANOS};
use crate::metrics::histogram::{Distribution, Timing};

/// One page. A request counts when it was made in the window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageTally<T> {
    /// Requests that were answered, or found to be in vain.
    pub requests: u64,
    /// Of these, those that ended without a page.
    pub errors: u64,
    /// Asked for → the last byte, of the others.
    pub times: T,
}

walks! { PageTally {
    add: [requests, errors], nanos: [], each: [], max: [], times: [times], nested: [], lists: []
} }
