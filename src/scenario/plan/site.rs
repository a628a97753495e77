//! The site around the chat, which `run` visits: its pages, the widget's script, what is fetched over and over. Its times are real.

use super::target::Trust;
use crate::base::dist::Law;
use crate::base::time::RealSpan;

/// A site, and those who are on it.
#[derive(Clone, Debug, PartialEq)]
pub struct SitePlan {
    /// `http://host:port` or `https://…`, without a path; `None`: the embedded server's own pages.
    pub host: Option<String>,
    /// Whose certificates are good, where it speaks TLS.
    pub trust: Trust,
    /// How many are on it at once, from the beginning of a run to its end.
    pub visitors: u32,
    /// What is on it; at least one page has a weight.
    pub pages: Vec<PagePlan>,
    /// How long they look at a page before they go to the next, in seconds.
    pub wait: Law,
}

/// A page, or whatever else has a path.
#[derive(Clone, Debug, PartialEq)]
pub struct PagePlan {
    /// The second word of its figures.
    pub name: String,
    /// From the host on, with its query: `/shop?page=2`.
    pub path: String,
    /// When it is fetched.
    pub when: Asked,
}

/// When something is fetched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Asked {
    /// When one goes there: as often, against the others, as this weight says.
    Visited(f64),
    /// Right after the first page that one goes to: a script that the browser keeps.
    WithFirst,
    /// Right after every page that one goes to.
    WithEvery,
    /// Over and over by everybody who is there, this far apart.
    Every(RealSpan),
}
